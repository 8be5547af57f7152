from iaclint.check import Change, Check, Finding, Iterator, Label, Level, Network, changed


class ShutsDown(Check):
    """
    User data shuts the instance down at the end of its first boot.

    ## On the wire

    The instance is stopped, or gone if it terminates on shutdown; nobody can log in.

    ## Why AWS does that

    `shutdown`, `poweroff` and `power_state` in cloud-config end the operating system. EC2 then
    stops or terminates the instance.

    ## Repair in Terraform

    Take the line out, or the rule for logins if the instance does one job and ends.

    ## Repair in CloudFormation

    The same in `UserData`.

    ## What it does not see

    Shutdowns that are planned by cron or by a program.
    """

    id = "IAC712"
    name = "shuts-down"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            yum update -y
            shutdown -h now
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            power_state:
              mode: poweroff
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
                  yum update -y
                  shutdown -h now
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            yum update -y
            shutdown -r now
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            power_state:
              mode: reboot
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
                  yum update -y
                  shutdown -r now
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance that people are let in to."""
        for instance, fact, wished in changed(network, Change.POWER_OFF):
            if not wished.strong or not fact.sure:
                continue
            yield self.about(
                instance,
                f"user data shuts {instance.address} down when it has run",
                Label(fact.span, "shuts down"),
                "leave the instance on",
                related=(wished.label,),
                targets=(instance.address,),
            )
