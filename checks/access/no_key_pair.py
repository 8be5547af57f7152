from iaclint.check import (
    DEFAULT_USERS,
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Scalar,
    Span,
    Unknown,
    client_commands,
    session_manager,
    text,
)

PUSHED = "send-ssh-public-key"
"""A key for one minute, by EC2 Instance Connect."""


class NoKeyPair(Check):
    """
    Somebody logs in with SSH, and the instance is launched without a key pair.

    ## On the wire

    sshd on AWS images accepts keys only. Without a key pair nothing is put into
    `authorized_keys`, and every attempt ends with `Permission denied (publickey)`.

    ## Why AWS does that

    EC2 installs a public key only where the launch names a key pair, and only on the first
    boot.

    ## Repair in Terraform

    Set `key_name` on the instance or in its launch template: `key_name =
    aws_key_pair.operations.key_name`.

    ## Repair in CloudFormation

    Set `KeyName: !Ref OperationsKey`.

    ## What it does not see

    Users that are baked into a private image. It is silent where user data brings keys or
    passwords, and where Session Manager works.
    """

    id = "IAC601"
    name = "no-key-pair"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          key_name = null
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/id_rsa")
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
          key_name = null
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              KeyName: null
        Outputs:
          Login:
            Value: !Sub ssh ec2-user@${Bastion.PublicIp}
        """,
        """
        resource "aws_instance" "bastion" {
          ami      = "ami-3fc8d75b"
          key_name = null
          connection {
            host        = self.public_ip
            user        = "ubuntu"
            private_key = file("~/.ssh/id_rsa")
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
          key_name = null
          connection {
            host = self.public_ip
            user = "ec2-user"
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
          key_name = null
        }
        """,
        """
        variable "golden_image" {
          type = string
        }
        resource "aws_instance" "bastion" {
          ami      = var.golden_image
          key_name = null
          connection {
            host        = self.public_ip
            user        = "ubuntu"
            private_key = file("~/.ssh/id_rsa")
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
          key_name  = null
          user_data = <<-EOT
            #cloud-config
            ssh_authorized_keys:
              - ${file("operations.pub")}
          EOT
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              KeyName: null
              UserData:
                Fn::Base64: |
                  #cloud-config
                  ssh_authorized_keys:
                    - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
        Outputs:
          Login:
            Value: !Sub ssh ec2-user@${Bastion.PublicIp}
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance in network.instances:
            if _has_key(instance) or _other_login(network, instance):
                continue
            login = next((each for each in instance.logins if _needs_key(each)), None)
            sure = login is not None and _is_sure(network, instance, login)
            if login is not None and (sure or _is_likely(network, instance, login)):
                yield self._finding(instance, login, Level.ERROR if sure else Level.WARNING)
            elif instance.password:
                yield self._password(instance)

    def _finding(self, instance: Instance, login: Login, level: Level) -> Finding:
        return self.about(
            instance,
            f"{instance.address} is launched without a key pair, and SSH is meant to be used",
            Label(_place(instance, login), "no key pair here"),
            "name a key pair on the instance",
            related=(Label(login.span, "somebody logs in here"),),
            level=level,
            targets=(instance.address,),
            services=("ssh",),
        )

    def _password(self, instance: Instance) -> Finding:
        return self.about(
            instance,
            f"the password of {instance.address} is asked for, and no key pair can encrypt it",
            Label(_place(instance, None), "no key pair here"),
            "name an RSA key pair on the instance",
            level=Level.ERROR,
            targets=(instance.address,),
            services=("rdp",),
        )


def _place(instance: Instance, login: Login | None) -> Span:
    span = instance.span or (login.span if login is not None else None)
    assert span is not None
    return span


def _has_key(instance: Instance) -> bool:
    """Whether it has a key pair, or may: a launch template that is not part of the files."""
    if instance.key is not None or not instance.launches or instance.managed:
        return True
    return instance.elsewhere is not None


def _needs_key(login: Login) -> bool:
    """Whether the login is by key."""
    if login.protocol != "ssh" or login.kind == "script":
        return False
    given = login.connection.arguments.items if login.connection is not None else {}
    return "password" not in given and "certificate" not in given


def _other_login(network: Network, instance: Instance) -> bool:
    setup = instance.setup
    if setup.adds_keys or setup.passwords or (setup.opaque and not setup.facts):
        return True
    if any(PUSHED in command for command in client_commands(network)):
        return True
    return bool(session_manager(network, instance))


def _is_likely(network: Network, instance: Instance, login: Login) -> bool:
    """
    Whether the image is one of a vendor, or may be: its id is written down, and Terraform logs in
    with a key as the user that such images bring with them; or another instance has a key pair for
    the same login to the same image.
    """
    if instance.image_family is not None:
        return True
    if any(_is_keyed_twin(each, instance, login) for each in network.instances):
        return True
    image, user = instance.image, login.user
    plain = isinstance(image, Scalar) and not image.supply
    return plain and login.key is not None and isinstance(user, str) and user in DEFAULT_USERS


def _is_keyed_twin(other: Instance, instance: Instance, login: Login) -> bool:
    """Whether another instance has a key pair, and is the same for who logs in."""
    if other.key is None or instance.image is None or isinstance(login.user, Unknown):
        return False
    return _image(other) == _image(instance) and any(
        each.kind == login.kind and each.user == login.user and _needs_key(each)
        for each in other.logins
    )


def _image(instance: Instance) -> object:
    """The id of the image; what would say it, where that is not known."""
    found = text(instance.image)
    return (found.reason, found.supply, found.ref) if isinstance(found, Unknown) else found


def _is_sure(network: Network, instance: Instance, login: Login) -> bool:
    """
    Whether a key is named for the login, or Terraform asks an agent for one, and nothing can have
    put it there: user data is all known (for an agent: none is given), and the image is AWS's or
    its vendor's, or the key belongs to a key pair: one that was made and nobody uses, or that a
    variable names.
    """
    vendors = instance.image_family is not None and instance.image_family.sure
    if instance.setup.opaque:
        return False
    if login.key is None and not login.key_file:
        return vendors and login.is_provisioner and instance.user_data is None
    if login.of_a_pair:
        return True
    used = {id(each.pair) for each in network.instances if each.pair is not None}
    spare = any(id(pair) not in used for pair in network.key_pairs)
    return spare or vendors
