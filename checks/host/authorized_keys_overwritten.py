from iaclint.check import Change, Check, Finding, Iterator, Label, Level, Network, changed


class AuthorizedKeysOverwritten(Check):
    """
    User data overwrites the file into which EC2 has put the public key.

    ## On the wire

    The private key of the key pair opens nothing any more: `Permission denied (publickey)`.

    ## Why AWS does that

    cloud-init writes the public key of the launch into `authorized_keys` of the image's user.
    `>` replaces what is there, `>>` adds to it.

    ## Repair in Terraform

    `>>` instead of `>`, or `ssh_authorized_keys` in cloud-config.

    ## Repair in CloudFormation

    The same in `UserData`.

    ## What it does not see

    Whether the new file holds the same key. It is a warning for that reason, and silent for
    users that user data creates.
    """

    id = "IAC704"
    name = "authorized-keys-overwritten"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            curl -s https://keys.example.com/team > /home/ec2-user/.ssh/authorized_keys
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            echo "$TEAM" | tee /home/ec2-user/.ssh/authorized_keys
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: !Sub |
                  #!/bin/bash
                  aws s3 cp s3://keys-${AWS::AccountId}/team - > /home/ec2-user/.ssh/authorized_keys
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            curl -s https://keys.example.com/team >> /home/ec2-user/.ssh/authorized_keys
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            useradd -m deploy
            mkdir -p /home/deploy/.ssh
            curl -s https://keys.example.com/team > /home/deploy/.ssh/authorized_keys
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: !Sub |
                  #!/bin/bash
                  aws s3 cp s3://keys-${AWS::AccountId}/team - >> /home/ec2-user/.ssh/authorized_keys
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance with a key pair."""
        for instance, fact, wished in changed(network, Change.KEYS_OVERWRITTEN):
            if instance.key is None:
                continue
            yield self.about(
                instance,
                f"user data of {instance.address} overwrites the key that EC2 put there for "
                f"{fact.name}",
                Label(fact.span, "replaces authorized_keys"),
                "add to the file with >>",
                related=(wished.label,),
                targets=(instance.address,),
                services=("ssh",),
            )
