from iaclint.check import Check, Level


class SuppressionUnused(Check):
    """
    A comment accepts findings that are not there.

    Either what it accepted was repaired, or the comment stands in the wrong place: it speaks for
    its own line, or, on a line of its own, for the block, list or module call below it. A comment
    that accepts nothing today hides something tomorrow; `--fix` deletes it.

    Only checks that ran count: with `--select` other comments are left alone.
    """

    id = "IAC902"
    name = "suppression-unused"
    level = Level.WARNING
    breaks = (
        """
        # iaclint: ignore[IAC201] -- reached through the VPN only
        resource "aws_security_group" "spare" {
          vpc_id = aws_vpc.main.id
        }
        """,
        """
        Resources:
          PublicTable:
            Metadata:
              iaclint: {ignore: ["IAC201 -- reached through the VPN only"]}
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
