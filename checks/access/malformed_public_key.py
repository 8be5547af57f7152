from iaclint.check import Check, Fault, Finding, Iterator, KeyPair, Label, Level, Network


class MalformedPublicKey(Check):
    """
    What is given as the public key is none that EC2 can import.

    ## On the wire

    The key pair cannot be created, and with it the instances that use it.

    ## Why AWS does that

    EC2 takes the one line that OpenSSH writes (`ssh-ed25519 AAAA…`), and RSA keys as RFC 4716
    or base64 DER. Usual mistakes: the private key, the name of the file instead of what is in
    it, a PEM file, a key that was broken over several lines in copying, several keys in one
    text.

    ## Repair in Terraform

    `public_key = file("operations.pub")`, or `tls_private_key.operations.public_key_openssh`.

    ## Repair in CloudFormation

    The line of the `.pub` file as `PublicKeyMaterial`.

    ## What it does not see

    Files outside of the scanned tree. It never prints the key.
    """

    id = "IAC605"
    name = "malformed-public-key"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html"
    breaks = (
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = "~/.ssh/id_rsa.pub"
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.private_key_pem
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              PublicKeyMaterial: ~/.ssh/id_rsa.pub
        """,
    )
    quiet = (
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA me"
        }
        """,  # noqa: E501
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = file("~/.ssh/id_rsa.pub")
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              PublicKeyMaterial: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each key pair."""
        for pair in network.key_pairs:
            fault = _fault(pair)
            span = pair.material.span if pair.material is not None else pair.span
            if fault is None or span is None:
                continue
            yield self.about(
                pair,
                f"the public key of {pair.address} {fault.words}",
                Label(span, "not a public key that EC2 can import"),
                "give the one line of the .pub file",
                level=_level(fault, network.library),
                identity=fault.kind,
            )


def _level(fault: Fault, library: bool) -> Level:
    """A placeholder is to be filled in; whether EC2 takes PEM is not documented."""
    if fault.kind == "placeholder":
        return Level.NOTE
    return Level.WARNING if fault.kind == "pem" or library else Level.ERROR


def _fault(pair: KeyPair) -> Fault | None:
    if isinstance(pair.public, Fault):
        return pair.public
    if pair.attribute.startswith("private_key"):
        return Fault("private", "is a private key")
    if pair.attribute == "public_key_pem":
        return Fault("pem", "is in PEM format, not the one line that OpenSSH writes")
    if pair.attribute.startswith("public_key_fingerprint"):
        return Fault("broken", "is only its fingerprint")
    return None
