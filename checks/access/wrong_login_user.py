from iaclint.check import (
    Check,
    Edit,
    Finding,
    Fix,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Scalar,
    Unknown,
    listed,
)

HOLE = "\ufffc"
FORGIVEN = ("Ubuntu", "Debian")
"""Families for which older pages of AWS list root as a user."""


class WrongLoginUser(Check):
    """
    The login uses a user name that the image does not have.

    ## On the wire

    `Permission denied (publickey)`, or `Please login as the user "ubuntu"`.

    ## Why AWS does that

    Each family of images brings one user, and EC2 gives the key to it alone: `ec2-user` on
    Amazon Linux and Red Hat, `ubuntu` on Ubuntu, `admin` on Debian, `rocky`, `fedora`,
    `bitnami`, `centos`, `core` on theirs. A `connection` block without `user` logs in as root,
    which these images refuse.

    ## Repair in Terraform

    `user = "ubuntu"` in the `connection` block, the user of the image in scripts and outputs.

    ## Repair in CloudFormation

    The user of the image in the command that `Outputs` shows.

    ## What it does not see

    Images of your own, and of vendors in the marketplace. Users that user data creates are
    accepted.
    """

    id = "IAC611"
    name = "wrong-login-user"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ubuntu"
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
            host        = self.public_ip
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
        output "login" {
          value = "ssh -i operations.pem centos@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Outputs:
          Login:
            Value: !Sub ssh -i operations.pem ubuntu@${Bastion.PublicIp}
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            useradd -m deploy
          EOT
        }
        output "login" {
          value = "ssh deploy@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        data "aws_ami" "own" {
          owners = ["self"]
        }
        resource "aws_instance" "bastion" {
          ami = data.aws_ami.own.id
          connection {
            host        = self.public_ip
            user        = "operator"
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
        Outputs:
          Login:
            Value: !Sub ssh -i operations.pem ec2-user@${Bastion.PublicIp}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each login."""
        for instance in network.instances:
            for login in instance.logins:
                if login.protocol == "ssh" and _is_wrong(instance, login):
                    yield self._finding(instance, login)

    def _finding(self, instance: Instance, login: Login) -> Finding:
        family = instance.image_family
        assert family is not None
        name = login.user if isinstance(login.user, str) else "root"
        given = f'logs in as "{name}"' if login.user is not None else "names no user, so it is root"
        return self.about(
            instance,
            f"the login to {instance.address} {given}, and {family} knows "
            f"{listed([f'{user}' for user in family.users])}",
            Label(login.span, f"not a user of {family}"),
            f"log in as {family.users[0]}",
            level=_level(instance, login),
            targets=(instance.address,),
            services=("ssh",),
            fix=_fix(login, family.users[0]),
            identity=f"{login.kind} {name}",
        )


def _is_wrong(instance: Instance, login: Login) -> bool:
    family = instance.image_family
    if family is None or family.platform == "windows" or isinstance(login.user, Unknown):
        return False
    name = login.user or "root"
    if name in family.users or name in instance.setup.users or HOLE in instance.setup.users:
        return False
    given = login.connection.arguments.items if login.connection is not None else {}
    return "password" not in given


def _level(instance: Instance, login: Login) -> Level:
    """A warning where user data may create the user, or where the table is not AWS's."""
    family = instance.image_family
    assert family is not None
    if instance.setup.opaque or not family.sure or instance.setup.installs:
        return Level.WARNING
    return Level.WARNING if login.user == "root" and family.title in FORGIVEN else Level.ERROR


def _fix(login: Login, user: str) -> Fix | None:
    """Where the name is a literal in a connection block, it can be replaced."""
    if login.connection is None or login.kind != "connection":
        return None
    given = login.connection.arguments.get("user")
    if not isinstance(given, Scalar) or given.origin is not None:
        return None
    return Fix(f'log in as "{user}"', (Edit(given.span, f'"{user}"'),), safe=True)
