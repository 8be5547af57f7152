from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    KeyFile,
    KeyPair,
    Label,
    Login,
    Network,
    PublicKey,
    private_key,
    refs,
    text,
)


class KeyMismatch(Check):
    """
    The login uses a private key that is not the half of the instance's key pair.

    ## On the wire

    sshd does not find the key in `authorized_keys`: `Permission denied (publickey)`.

    ## Why AWS does that

    EC2 installs the public key of the key pair that the launch names, and no other.

    ## Repair in Terraform

    Take both halves from one `tls_private_key`, or from two files that `ssh-keygen` wrote
    together.

    ## Repair in CloudFormation

    Show the command with the file of the key pair in `KeyName`.

    ## What it does not see

    Files outside of the scanned tree, and keys that user data adds.
    """

    id = "IAC607"
    name = "key-mismatch"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "tls_private_key" "old" {
          algorithm = "RSA"
        }
        resource "tls_private_key" "new" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.new.public_key_openssh
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = tls_private_key.old.private_key_pem
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
        resource "tls_private_key" "old" {
          algorithm = "RSA"
        }
        resource "tls_private_key" "new" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.new.public_key_openssh
        }
        resource "local_sensitive_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.old.private_key_openssh
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
        }
        output "login" {
          value = "ssh -i operations.pem ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
    )
    quiet = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = tls_private_key.operations.private_key_pem
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
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
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
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each login."""
        for instance in network.instances:
            pair = instance.pair
            if pair is None or instance.setup.adds_keys or instance.setup.users:
                continue
            for login in instance.logins:
                if login.protocol == "ssh" and _differs(network, pair, login):
                    yield self._finding(instance, pair, login)

    def _finding(self, instance: Instance, pair: KeyPair, login: Login) -> Finding:
        assert pair.span is not None
        span = login.key.span if login.key is not None and login.key.span else login.span
        return self.about(
            instance,
            f"the login to {instance.address} uses a private key that does not belong to "
            f"{pair.address}",
            Label(span, "another key than that of the instance"),
            f"use the private key of {pair.address}",
            related=(Label(pair.span, "the key pair of the instance"),),
            targets=(instance.address,),
            services=("ssh",),
            identity=login.kind,
        )


def _differs(network: Network, pair: KeyPair, login: Login) -> bool:
    """Whether both halves are known well enough to say that they are not of one key."""
    generated = _generated(login)
    if generated and pair.generated is not None:
        return generated != pair.generated.address
    written = text(login.key)
    own = private_key(written) if isinstance(written, str) else None
    if own is not None and own.digest and isinstance(pair.public, PublicKey):
        return own.digest != pair.public.digest
    file = _file(network, login)
    if file is None:
        return False
    if file.generated is not None and pair.generated is not None:
        return file.generated is not pair.generated
    return False


def _generated(login: Login) -> str:
    found = {r.address for r in refs(login.key) if "tls_private_key." in r.address}
    return found.pop() if len(found) == 1 else ""


def _file(network: Network, login: Login) -> KeyFile | None:
    """The file that a command names, when Terraform writes it."""
    for file in network.key_files:
        path = file.path if isinstance(file.path, str) else ""
        if path and login.key_file and _base(path) == _base(login.key_file):
            return file
    return None


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
