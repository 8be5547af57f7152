from iaclint.check import Change, Check, Finding, Iterator, Label, Network, changed


class RefusedPermissions(Check):
    """
    User data gives the home or `.ssh` a mode or an owner with which sshd refuses the key.

    ## On the wire

    sshd writes `bad ownership or modes` to its log, and the user sees `Permission denied
    (publickey)`.

    ## Why AWS does that

    With `StrictModes`, which is on, sshd trusts no `authorized_keys` that somebody else could
    have written: neither the home, nor `.ssh`, nor the file may be writable by group or others,
    nor belong to another user. On Debian and Ubuntu a group that holds the user alone may write.

    ## Repair in Terraform

    700 for the home, 700 for `.ssh`, 600 for `authorized_keys`, all owned by the user.

    ## Repair in CloudFormation

    The same in `UserData`.

    ## What it does not see

    Modes that come from variables. It looks at the users that images bring only.
    """

    id = "IAC705"
    name = "refused-permissions"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            chmod -R 777 /home/ec2-user
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            chown -R root:root /home/ec2-user/.ssh
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #!/bin/bash
                  chmod -R 777 /home/ec2-user
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            chmod 777 /home/ec2-user/app
            chmod 755 /home/ec2-user
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            chmod 777 /home/ec2-user
            chmod 700 /home/ec2-user
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #!/bin/bash
                  chmod 777 /home/ec2-user
                  chmod 700 /home/ec2-user
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each place."""
        for instance, fact, wished in changed(network, Change.BAD_MODE):
            yield self.about(
                instance,
                f"user data of {instance.address} makes sshd refuse the keys of {fact.name}",
                Label(fact.span, "sshd refuses this mode or owner"),
                f"700 for the home and .ssh, 600 for authorized_keys, owned by {fact.name}",
                related=(wished.label,),
                level=wished.level(fact.sure),
                targets=(instance.address,),
                services=("ssh",),
            )
