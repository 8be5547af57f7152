import re

from iaclint.check import Check, Finding, Iterator, Label, Level, Login, Network, Scalar

EXPRESSION = re.compile(
    r"\s*(\$?\$?\{)?\s*(self|aws_\w+\.\w+|module\.\w+|data\.aws_\w+\.\w+|each\.value|var|local)"
    r"(\[[^\]]*\])?\.\w+[\w.\[\]*\"]*\s*\}?\s*"
)
OURS = ("aws_", "null_resource", "terraform_data")


class NoConnectionHost(Check):
    """
    The connection does not say which host to dial.

    ## On the wire

    Terraform stops: since version 0.12 it does not guess the host. A reference in quotes is a
    name, `"self.public_ip"`, and no name server knows it.

    ## Why AWS does that

    `host` is a required argument. Only `${…}` in quotes is an expression.

    ## Repair in Terraform

    `host = self.public_ip` inside of the instance, `host = aws_instance.bastion.public_ip` or
    the address of the Elastic IP elsewhere.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    A host that comes from a variable. Terraform before 0.12 guessed the host of an instance;
    whether that version is meant cannot be told, so that there it is a warning.
    """

    id = "IAC612"
    name = "no-connection-host"
    reference = (
        "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = "self.public_ip"
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
        """
        resource "aws_instance" "bastion" {
          provisioner "local-exec" {
            command = "echo done"
          }
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each connection."""
        logins = [login for instance in network.instances for login in instance.logins]
        for login in (*logins, *network.lost_logins):
            words = _wrong(login) if login.kind == "connection" else ""
            resource = login.resource
            if not words or resource is None or login.connection is None:
                continue
            if not resource.kind.startswith(OURS):
                continue
            host = login.host
            span = host.span if isinstance(host, Scalar) else login.connection.span
            yield self.about(
                resource,
                f"the connection of {resource.address} {words}",
                Label(span, "no host to dial"),
                "host = self.public_ip"
                if resource.kind.startswith("aws_")
                else "name the address of the instance",
                level=_level(login),
                targets=(resource.address,),
                services=("ssh",),
            )


def _level(login: Login) -> Level:
    """Terraform before 0.12 took the address of the instance where no host was named."""
    guessed = login.host is None and login.resource is not None
    own = guessed and login.resource is not None and login.resource.kind.startswith("aws_")
    return Level.WARNING if own else Level.ERROR


def _wrong(login: Login) -> str:
    if login.host is None:
        return "names no host"
    if isinstance(login.host, Scalar) and isinstance(login.host.value, str):
        if not login.host.value.strip():
            return "has an empty host"
        if EXPRESSION.fullmatch(login.host.value):
            return "dials the name of an expression, not its value"
    return ""
