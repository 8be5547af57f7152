from iaclint.check import Check, Finding, Iterator, Label, Level, Network

SIZES = (1024, 2048, 4096)


class RsaKeySize(Check):
    """
    An RSA key of a size that EC2 does not list.

    ## On the wire

    EC2 may refuse to import the key.

    ## Why AWS does that

    The documentation gives the lengths 1024, 2048 and 4096 bits for keys that are imported.
    Keys of 3072 bits, which OpenSSH makes by itself, have been seen to work: they give a note
    only.

    ## Repair in Terraform

    `rsa_bits = 4096`, or `ssh-keygen -t rsa -b 4096`.

    ## Repair in CloudFormation

    A public key of 2048 or 4096 bits as `PublicKeyMaterial`.

    ## What it does not see

    Keys in files outside of the scanned tree.
    """

    id = "IAC604"
    name = "rsa-key-size"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html"
    breaks = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
          rsa_bits  = 8192
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
          rsa_bits  = 512
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              PublicKeyMaterial: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQC9pZ2EPcbqvThciNkra4QpyFIQsWfRvLKfpM257W7PvVyhvTVpeP+B47yiLFSZoSckU1YucHMgmNCR/XoE3FQ1
        """,  # noqa: E501
    )
    quiet = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
          rsa_bits  = 4096
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        """,
        """
        Resources:
          OperationsKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: team
              PublicKeyMaterial: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDo3XytGi+3mGO35sbMMtlKI+EjaN+qsVS+r5XMtiDZoBiUk0z7bnfty0bQP2NuIsVea2S/t0m97s6a9Fy4ySpnztc4S/TqwQ9dq35eg0wPJXHzbsIZth1EhRBv3N7UuWHK6aZz1FQ03lK+RopjsYqT2ZGnK3vGlOsE5ffPzAuScQ==
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each key pair."""
        for pair in network.key_pairs:
            if pair.kind != "rsa" or pair.bits is None or pair.bits in SIZES:
                continue
            span = pair.material.span if pair.material is not None else pair.span
            assert span is not None
            usual = SIZES[0] < pair.bits < SIZES[-1]
            yield self.about(
                pair,
                f"{pair.address} is an RSA key of {pair.bits} bits; EC2 lists 1024, 2048 and 4096",
                Label(span, f"{pair.bits} bits"),
                "use a key of 4096 bits",
                level=Level.NOTE if usual else Level.WARNING,
            )
