import re

from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Network,
    Unknown,
)

WRONG = {
    "key_pair_id": "the id",
    "KeyPairId": "the id",
    "arn": "the ARN",
    "fingerprint": "the fingerprint",
    "KeyFingerprint": "the fingerprint",
    "public_key": "the public key",
}


class KeyNameMisuse(Check):
    """
    What is given as the name of the key pair is something else.

    ## On the wire

    EC2 finds no key pair of this name, and the launch fails with `InvalidKeyPair.NotFound`.

    ## Why AWS does that

    An instance names its key pair by name. The name of a file, the public key, the id
    (`key-0…`), the ARN and the fingerprint name none.

    ## Repair in Terraform

    `key_name = aws_key_pair.operations.key_name`.

    ## Repair in CloudFormation

    `KeyName: !Ref OperationsKey`; `GetAtt … .KeyPairId` is the id.

    ## What it does not see

    Whether a key pair of a literal name exists in the account.
    """

    id = "IAC606"
    name = "key-name-misuse"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"
    breaks = (
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = file("~/.ssh/id_rsa.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_pair_id
        }
        """,
        """
        resource "aws_instance" "bastion" {
          key_name = "~/.ssh/operations.pem"
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
          Bastion:
            Properties:
              KeyName: !GetAtt OperationsKey.KeyPairId
        """,
    )
    quiet = (
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = file("~/.ssh/id_rsa.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.id
        }
        """,
        """
        resource "aws_instance" "bastion" {
          key_name = "operations-2027/eu"
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
          Bastion:
            Properties:
              KeyName: !Ref OperationsKey
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each place where a name is given."""
        names = {pair.name for pair in network.key_pairs if isinstance(pair.name, str)}
        for instance in network.instances:
            found = _wrong(instance)
            if found is None or instance.key in names or instance.key_span is None:
                continue
            what, level = found
            yield self.about(
                instance,
                f"the key pair of {instance.address} is named by {what}",
                Label(instance.key_span, f"{what}, where the name of a key pair is needed"),
                "give the name of the key pair",
                level=level,
                targets=(instance.address,),
            )


def _wrong(instance: Instance) -> tuple[str, Level] | None:
    key = instance.key
    if isinstance(key, Unknown):
        attribute = key.ref.attribute if key.ref is not None else ""
        is_pair = key.ref is not None and re.search(r"key_pair\.", key.ref.address) is not None
        if attribute in WRONG and (is_pair or attribute[0].isupper()):
            return WRONG[attribute], Level.ERROR
        return None
    if not key:
        return None
    if re.match(r"(ssh-(rsa|ed25519|dss)|ecdsa-\S+) ", key) or "-----BEGIN" in key:
        return "a key itself", Level.ERROR
    if re.match(r"arn:aws[\w-]*:", key):
        return "an ARN", Level.ERROR
    if re.fullmatch(r"key-[0-9a-f]{17}", key):
        return "an id", Level.ERROR
    if re.search(r"\.(pem|pub|ppk)$", key) or key.startswith(("~/", "./", "../", "/")):
        return "the name of a file", Level.WARNING
    return None
