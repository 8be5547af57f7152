from iaclint.check import Check, Finding, Iterator, KeyPair, Label, Level, Network


class KeyTypeRefused(Check):
    """
    The key is of a type that EC2 does not accept.

    ## On the wire

    Importing the key fails, or the imported key is of no use; nobody can log in.

    ## Why AWS does that

    EC2 takes RSA and ED25519 keys. DSA keys are refused, ECDSA keys and keys on security tokens
    (`sk-…`) are not among the types that its documentation lists. A `tls_private_key` on the
    curve P224, which is the default of `ecdsa_curve`, has no OpenSSH form at all: the text is
    empty.

    ## Repair in Terraform

    `algorithm = "ED25519"` (Linux only) or `algorithm = "RSA"` in the `tls_private_key`, or the
    public key of such a pair in the `aws_key_pair`.

    ## Repair in CloudFormation

    Give the public key of an RSA or ED25519 pair as `PublicKeyMaterial`.

    ## What it does not see

    Keys that are read from files outside of the scanned tree.
    """

    id = "IAC602"
    name = "key-type-refused"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html"
    breaks = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "ECDSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA=="
        }
        """,  # noqa: E501
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              PublicKeyMaterial: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==
        """,  # noqa: E501
    )
    quiet = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "ED25519"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        resource "tls_private_key" "certificate" {
          algorithm = "ECDSA"
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              KeyType: ed25519
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each key pair."""
        for pair in network.key_pairs:
            if pair.kind in ("dsa", "ecdsa", "sk"):
                title = {"dsa": "DSA", "ecdsa": "ECDSA", "sk": "security token"}[pair.kind]
                sure = pair.kind == "dsa" or _is_empty(pair)
                span = pair.material.span if pair.material is not None else pair.span
                assert span is not None
                yield self.about(
                    pair,
                    f"{pair.address} imports {'an' if title == 'ECDSA' else 'a'} {title} key, "
                    "which EC2 does not accept",
                    Label(span, _words(pair)),
                    "use an ED25519 or RSA key",
                    level=Level.ERROR if sure else Level.WARNING,
                )


def _is_empty(pair: KeyPair) -> bool:
    """P224 is the default curve, and OpenSSH has no form for it."""
    if pair.generated is None or pair.attribute != "public_key_openssh":
        return False
    curve = pair.generated.attributes.get("ecdsa_curve")
    return curve is None or getattr(curve, "value", "") == "P224"


def _words(pair: KeyPair) -> str:
    return "empty: OpenSSH has no form for the curve P224" if _is_empty(pair) else "this key"
