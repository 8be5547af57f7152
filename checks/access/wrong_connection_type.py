from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
)


class WrongConnectionType(Check):
    """
    The connection speaks a protocol that the operating system does not serve.

    ## On the wire

    Nothing listens: Terraform runs into its timeout.

    ## Why AWS does that

    Images of Linux serve SSH, images of Windows Server serve WinRM and Remote Desktop. WinRM
    has never been part of Linux; OpenSSH can be installed on Windows, which user data has to
    do.

    ## Repair in Terraform

    `type = "ssh"` for Linux, `type = "winrm"` for Windows.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    Images of your own that come with OpenSSH for Windows.
    """

    id = "IAC616"
    name = "wrong-connection-type"
    reference = (
        "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection"
    )
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "winrm" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5985
          cidr_ipv4         = "0.0.0.0/0"
        }
        resource "aws_instance" "bastion" {
          connection {
            type     = "winrm"
            host     = self.public_ip
            user     = "Administrator"
            password = "from a safe place"
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
        resource "aws_vpc_security_group_ingress_rule" "winrm" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5986
          cidr_ipv4         = "0.0.0.0/0"
        }
        resource "aws_instance" "bastion" {
          connection {
            type     = "winrm"
            https    = true
            host     = self.public_ip
            user     = "Administrator"
            password = "from a safe place"
          }
          provisioner "file" {
            source      = "setup"
            destination = "/tmp/setup"
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
        resource "aws_vpc_security_group_ingress_rule" "winrm" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5985
          cidr_ipv4         = "0.0.0.0/0"
        }
        resource "aws_instance" "desktop" {
          connection {
            type     = "winrm"
            host     = self.public_ip
            user     = "Administrator"
            password = "not-a-real-one"
          }
          provisioner "remote-exec" {
            inline = ["hostname"]
          }
          depends_on = [aws_route.ipv4, aws_route_table_association.desktops]
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each connection."""
        for instance in network.instances:
            for login in instance.logins:
                if login.kind == "connection":
                    yield from self._connection(instance, login)

    def _connection(self, instance: Instance, login: Login) -> Iterator[Finding]:
        family = instance.image_family
        if family is None or login.connection is None:
            return
        linux = family.platform == "linux"
        if linux == (login.protocol == "ssh") or (not linux and _serves_ssh(instance)):
            return
        yield self.about(
            instance,
            f"the connection to {instance.address} speaks "
            f"{'WinRM' if linux else 'SSH'}, and the image is {family}",
            Label(login.connection.span, f"{family} does not serve it"),
            'type = "ssh"' if linux else 'type = "winrm"',
            level=Level.ERROR if linux else Level.WARNING,
            targets=(instance.address,),
            services=("ssh" if not linux else "winrm",),
        )


def _serves_ssh(instance: Instance) -> bool:
    return "ssh" in instance.setup.installs or (instance.setup.opaque and not instance.setup.facts)
