import re
from dataclasses import replace

from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    KeyFile,
    Label,
    Level,
    Login,
    Network,
    PrivateKey,
    Unknown,
    private_key,
    refs,
    text,
)

PATH = re.compile(r"^\S*[/\\~]\S*$|^[\w.-]+\.\w{1,4}$|^id_[a-z0-9]+$")
"""What looks like a file's name; a placeholder (`REPLACE_ME`) is somebody else's to fill in."""


class UnusablePrivateKey(Check):
    """
    The private key is in a form that the program which is to use it cannot read.

    ## On the wire

    ssh says `invalid format` or `error in libcrypto`, Terraform that there is no key in the
    text; neither gets as far as the instance.

    ## Why AWS does that

    A `.ppk` file is for PuTTY only, as a `.pem` file is for everything but PuTTY. OpenSSH does
    not read ED25519 keys in the PEM form that `private_key_pem` has. Terraform wants the
    content of the key, not its file name, and cannot ask for a passphrase.

    ## Repair in Terraform

    `private_key = file("operations.pem")`; write `private_key_openssh` into files for ssh.

    ## Repair in CloudFormation

    `KeyFormat: pem` where the key is used with `ssh -i`.

    ## What it does not see

    Files outside of the scanned tree, line ends lost on the way through other programs.
    PuTTYgen converts between the forms: load the key, then save the *private* key.
    """

    id = "IAC608"
    name = "unusable-private-key"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = "~/.ssh/operations.pem"
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
        resource "tls_private_key" "operations" {
          algorithm = "ED25519"
        }
        resource "local_sensitive_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.operations.private_key_pem
        }
        output "login" {
          value = "ssh -i operations.pem ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        output "login" {
          value = "ssh -i operations.ppk ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              KeyFormat: ppk
          Bastion:
            Properties:
              KeyName: !Ref OperationsKey
        Outputs:
          Login:
            Value: !Sub ssh -i team.pem ec2-user@${Bastion.PublicIp}
        """,
    )
    quiet = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "ED25519"
        }
        resource "local_sensitive_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.operations.private_key_openssh
        }
        output "login" {
          value = "ssh -i operations.pem ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "local_sensitive_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.operations.private_key_pem
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              KeyFormat: pem
          Bastion:
            Properties:
              KeyName: !Ref OperationsKey
        Outputs:
          Login:
            Value: !Sub ssh -i team.pem ec2-user@${Bastion.PublicIp}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each key that cannot be read."""
        together: dict[object, Finding] = {}
        for instance in network.instances:
            for login in instance.logins:
                for found in self._login(instance, login):
                    first = together.setdefault((found.primary.span, found.identity), found)
                    if instance.address not in first.targets:
                        targets = (*first.targets, instance.address)
                        together[first.primary.span, first.identity] = replace(
                            first, targets=targets
                        )
        yield from together.values()
        for file in network.key_files:
            yield from self._file(network, file)

    def _login(self, instance: Instance, login: Login) -> Iterator[Finding]:
        found = _given(login) if login.is_provisioner else _named(instance, login)
        if found is None or login.protocol != "ssh":
            return
        words, level = found
        span = login.key.span if login.key is not None and login.key.span else login.span
        yield self.about(
            instance,
            f"the private key for the login to {instance.address} {words}",
            Label(span, "cannot be used"),
            "give a private key in OpenSSH or PEM form",
            level=level,
            targets=(instance.address,),
            services=("ssh",),
            identity=words,
        )

    def _file(self, network: Network, file: KeyFile) -> Iterator[Finding]:
        made = file.generated
        kind = text(made.attributes.get("algorithm")) if made is not None else None
        if file.attribute not in ("private_key_pem", "private_key_pem_pkcs8") or kind != "ED25519":
            return
        used = _used(network, file)
        assert file.span is not None
        yield self.about(
            file,
            f"{file.address} holds an ED25519 key in PEM form, which ssh cannot read",
            Label(file.span, "written for ssh"),
            "write private_key_openssh instead",
            level=Level.ERROR if used else Level.WARNING,
            targets=used,
            services=("ssh",),
        )


def _given(login: Login) -> tuple[str, Level] | None:
    """What is wrong with the private key of a connection block."""
    if any(ref.attribute.startswith("public_key") for ref in refs(login.key)):
        return "is the public half of it", Level.ERROR
    written = text(login.key)
    if isinstance(written, Unknown):
        return _by_name(written.path)
    if written is None or not written.strip():
        return None
    key = private_key(written)
    if key is not None:
        return _form(key)
    if re.match(r"(ssh-(rsa|ed25519|dss)|ecdsa-\S+) ", written):
        return "is the public half of it", Level.ERROR
    if len(written) < 300 and PATH.search(written):
        return "is the name of a file, not what is in it", Level.ERROR
    return None


def _by_name(path: str) -> tuple[str, Level] | None:
    """What the name of a file that cannot be read tells."""
    if path.lower().endswith(".ppk"):
        return "is in the form of PuTTY (.ppk)", Level.ERROR
    if path.endswith(".pub"):
        return "is the public half of it", Level.ERROR
    return None


def _form(key: PrivateKey) -> tuple[str, Level] | None:
    if key.format == "ppk":
        return "is in the form of PuTTY (.ppk)", Level.ERROR
    if key.encrypted:
        return "needs a passphrase, which Terraform cannot ask for", Level.ERROR
    return ("is a DSA key", Level.ERROR) if key.kind == "dsa" else None


def _named(instance: Instance, login: Login) -> tuple[str, Level] | None:
    """What is wrong with the key file that a command names."""
    if login.key_file.endswith(".ppk"):
        return "is in the form of PuTTY (.ppk), and the command is ssh", Level.WARNING
    if login.key_file.endswith(".pub"):
        return "is the public half of it", Level.WARNING
    if instance.pair is not None and instance.pair.format == "ppk":
        return "is made in the form of PuTTY (.ppk), and the command is ssh", Level.WARNING
    return None


def _used(network: Network, file: KeyFile) -> tuple[str, ...]:
    """The instances to which somebody logs in with the file."""
    if not isinstance(file.path, str):
        return ()
    name = file.path.rsplit("/", 1)[-1]
    return tuple(
        instance.address
        for instance in network.instances
        if any(login.key_file.rsplit("/", 1)[-1] == name for login in instance.logins)
    )
