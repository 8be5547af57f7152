from iaclint.check import Check, Finding, Iterator, Label, Network


class Ed25519OnWindows(Check):
    """
    An ED25519 key pair on a Windows instance.

    ## On the wire

    EC2 encrypts the password of the administrator with the key pair. That works with RSA only,
    so that there is no password to log in with; the launch is refused.

    ## Why AWS does that

    ED25519 keys can sign and cannot encrypt.

    ## Repair in Terraform

    `algorithm = "RSA"` in the `tls_private_key`, or an RSA public key.

    ## Repair in CloudFormation

    `KeyType: rsa` (which is the default) in the `AWS::EC2::KeyPair`.

    ## What it does not see

    Windows on an image of your own that nothing in the files calls Windows.
    """

    id = "IAC603"
    name = "ed25519-on-windows"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html"
    breaks = (
        """
        resource "tls_private_key" "desktop" {
          algorithm = "ED25519"
        }
        resource "aws_key_pair" "desktop" {
          key_name   = "desktop"
          public_key = tls_private_key.desktop.public_key_openssh
        }
        resource "aws_instance" "desktop" {
          key_name = aws_key_pair.desktop.key_name
        }
        """,
        """
        resource "aws_key_pair" "desktop" {
          key_name   = "desktop"
          public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA"
        }
        resource "aws_instance" "desktop" {
          key_name = aws_key_pair.desktop.id
        }
        """,  # noqa: E501
        """
        Resources:
          DesktopKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: desktop
              KeyType: ed25519
          Desktop:
            Properties:
              KeyName: !Ref DesktopKey
        """,
    )
    quiet = (
        """
        resource "tls_private_key" "desktop" {
          algorithm = "RSA"
        }
        resource "aws_key_pair" "desktop" {
          key_name   = "desktop"
          public_key = tls_private_key.desktop.public_key_openssh
        }
        resource "aws_instance" "desktop" {
          key_name = aws_key_pair.desktop.key_name
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "ED25519"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.operations.public_key_openssh
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
        }
        """,
        """
        Resources:
          DesktopKey:
            Type: AWS::EC2::KeyPair
            Properties:
              KeyName: desktop
              KeyType: rsa
          Desktop:
            Properties:
              KeyName: !Ref DesktopKey
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance in network.instances:
            pair = instance.pair
            if instance.platform != "windows" or pair is None or pair.kind != "ed25519":
                continue
            span = instance.key_span or instance.span
            assert span is not None and pair.span is not None
            yield self.about(
                instance,
                f"{instance.address} runs Windows, and {pair.address} is an ED25519 key pair",
                Label(span, "an ED25519 key pair"),
                "use an RSA key pair",
                related=(Label(pair.span, "made here"),),
                targets=(instance.address,),
                services=("rdp",),
            )
