from iaclint.check import Change, Check, Finding, Iterator, Label, Level, Network


class InvalidCloudConfig(Check):
    """
    The cloud-config is not valid YAML, and cloud-init drops all of it.

    ## On the wire

    No user, no key and no command of it takes effect.

    ## Why AWS does that

    YAML does not allow tabs for indentation. One mistake spoils the whole document.

    ## Repair in Terraform

    Spaces instead of tabs; `yamlencode({…})` writes valid YAML.

    ## Repair in CloudFormation

    Spaces instead of tabs.

    ## What it does not see

    Other mistakes: `cloud-init schema --config-file` finds them.
    """

    id = "IAC710"
    name = "invalid-cloud-config"
    level = Level.WARNING
    reference = "https://cloudinit.readthedocs.io/en/latest/explanation/format.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = "#cloud-config\\npackages:\\n\\t- htop\\n"
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = "#cloud-config\\nusers:\\n\\t- default\\n"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: "#cloud-config\\npackages:\\n\\t- htop\\n"
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = "#cloud-config\\npackages:\\n  - htop\\n"
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = "#!/bin/bash\\n\\tyum install -y htop\\n"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: "#cloud-config\\npackages:\\n  - htop\\n"
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance in network.instances:
            for fact in instance.setup.of(Change.INVALID):
                yield self.about(
                    instance,
                    f"cloud-config of {instance.address} is not valid YAML: a line {fact.words}",
                    Label(fact.span, "a tab"),
                    "indent with spaces",
                    targets=(instance.address,),
                )
