from iaclint.check import Check, Finding, Iterator, Label, Level, Network, Unknown, truth


class WinrmPort(Check):
    """
    WinRM is dialled with HTTPS on the port for HTTP, or the other way round.

    ## On the wire

    The listener on that port does not understand the first packet, and the connection fails.

    ## Why AWS does that

    WinRM listens on 5985 for HTTP and on 5986 for HTTPS. Terraform uses HTTP unless `https =
    true`.

    ## Repair in Terraform

    `https = true` with `port = 5986`, or neither.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    Listeners that user data puts on other ports.
    """

    id = "IAC617"
    name = "winrm-port"
    level = Level.WARNING
    reference = (
        "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection"
    )
    breaks = tuple(
        f"""
        resource "aws_vpc_security_group_ingress_rule" "winrm" {{
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5986
          cidr_ipv4         = "0.0.0.0/0"
        }}
        resource "aws_instance" "desktop" {{
          connection {{
            type     = "winrm"
            host     = self.public_ip
            user     = "Administrator"
            password = "not-a-real-one"
            port     = {port}
            https    = {https}
          }}
          provisioner "remote-exec" {{
            inline = ["hostname"]
          }}
          depends_on = [aws_route.ipv4, aws_route_table_association.desktops]
        }}
        """
        for port, https in ((5985, "true"), (5986, "false"))
    )
    quiet = tuple(
        f"""
        resource "aws_vpc_security_group_ingress_rule" "winrm" {{
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5986
          cidr_ipv4         = "0.0.0.0/0"
        }}
        resource "aws_instance" "desktop" {{
          connection {{
            type     = "winrm"
            host     = self.public_ip
            user     = "Administrator"
            password = "not-a-real-one"
            port     = {port}
            https    = {https}
          }}
          provisioner "remote-exec" {{
            inline = ["hostname"]
          }}
          depends_on = [aws_route.ipv4, aws_route_table_association.desktops]
        }}
        """
        for port, https in ((5986, "true"), (5985, "false"))
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each connection."""
        for instance in network.instances:
            for login in instance.logins:
                if login.protocol != "winrm" or login.connection is None:
                    continue
                given = truth(login.connection.arguments.get("https"))
                if isinstance(given, Unknown):
                    continue
                https = given is True
                if login.port != (5985 if https else 5986):
                    continue
                yield self.about(
                    instance,
                    f"the connection to {instance.address} speaks "
                    f"{'HTTPS' if https else 'HTTP'} on port {login.port}, where WinRM expects "
                    f"{'HTTP' if https else 'HTTPS'}",
                    Label(login.connection.span, "port and https do not fit"),
                    "port = 5986" if https else "https = true",
                    targets=(instance.address,),
                    services=("winrm",),
                )
