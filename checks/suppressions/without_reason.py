from iaclint.check import Check, Level


class SuppressionWithoutReason(Check):
    """
    A finding is accepted, and nobody says why.

    Whoever meets the comment later cannot tell whether it still holds. The acceptance counts all
    the same. Add the reason behind two dashes, in Terraform and in YAML:

        # iaclint: ignore[IAC201] -- reached through the VPN only

    and in a JSON template beside the ids:

        "Metadata": {"iaclint": {"ignore": ["IAC201 -- reached through the VPN only"]}}
    """

    id = "IAC901"
    name = "suppression-without-reason"
    level = Level.WARNING
    breaks = (
        """
        # iaclint: ignore[IAC101]
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
              iaclint: {ignore: [IAC201]}
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
