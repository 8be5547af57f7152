from iaclint.check import Check, Level


class SuppressionNotUnderstood(Check):
    """
    A comment wants to accept findings, and cannot be understood.

    It accepts nothing until it is repaired. It has to name checks, by id, name or prefix, that
    exist; then may follow a last day, and a reason:

        # iaclint: ignore[IAC201, no-key-pair] until=2027-03-01 -- reason
        # iaclint: ignore-file[IAC3] -- reason
    """

    id = "IAC904"
    name = "suppression-not-understood"
    level = Level.WARNING
    breaks = (
        """
        # iaclint: ignore[no-internet-rout] -- reached through the VPN only
        resource "aws_security_group" "spare" {
          vpc_id = aws_vpc.main.id
        }
        """,
        """
        Resources:
          PublicTable:
            Metadata:
              iaclint: {ignore: ["no-internet-rout -- reached through the VPN only"]}
        """,
    )
    quiet = (
        """
        # iaclint: ignore[IAC101] until=2099-03-01 -- waits for its address
        resource "aws_instance" "extra" {
          ami                    = data.aws_ami.windows.id
          instance_type          = "t3.large"
          key_name               = "operations"
          subnet_id              = aws_subnet.desktops.id
          vpc_security_group_ids = [aws_security_group.desktop.id]
        }
        """,
        """
        Resources:
          RouteIpv4: null
          PublicTable:
            Metadata:
              iaclint: {ignore: ["IAC201 until=2099-03-01 -- reached through the VPN only"]}
        """,
    )
