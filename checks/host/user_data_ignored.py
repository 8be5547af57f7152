from iaclint.check import Change, Check, Finding, Iterator, Label, Level, Network


class UserDataIgnored(Check):
    """
    User data does not begin as a script or as cloud-config, and is not run.

    ## On the wire

    What the script was to set up is missing: users, keys, agents, rules of the firewall.

    ## Why AWS does that

    cloud-init tells what it has got by the first characters: `#!` or `#cloud-config`. A space
    or an empty line before `#!` makes the kernel refuse the script (`Exec format error`); text
    without either is left alone.

    ## Repair in Terraform

    `<<-EOT` instead of `<<EOT` takes the indentation away; begin right after the opening line.

    ## Repair in CloudFormation

    `Fn::Base64: |` with the script as the first line of the block.

    ## What it does not see

    Images whose first-boot program is not cloud-init.
    """

    id = "IAC708"
    name = "user-data-ignored"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<EOT
            #!/bin/bash
            yum install -y htop
        EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = "yum update -y\\nyum install -y htop\\n"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  yum update -y
                  yum install -y htop
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            yum install -y htop
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            packages:
              - htop
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
                  yum install -y htop
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance in network.instances:
            for fact in instance.setup.of(Change.IGNORED):
                yield self.about(
                    instance,
                    f"user data of {instance.address} is not run: it {fact.words}",
                    Label(fact.span, "not run"),
                    "begin user data with #! or #cloud-config, without anything before it",
                    targets=(instance.address,),
                )
