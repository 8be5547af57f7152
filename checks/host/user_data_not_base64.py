from iaclint.check import Check, Finding, Iterator, Label, Level, Network


class UserDataNotBase64(Check):
    """
    User data is not in the encoding that EC2 takes.

    ## On the wire

    EC2 refuses the launch (`Invalid BASE64 encoding of user data`), or the host gets a text
    that it cannot run.

    ## Why AWS does that

    The API takes base64. `user_data` of `aws_instance` is encoded by the provider; `user_data`
    of `aws_launch_template`, `user_data_base64`, and `UserData` in CloudFormation are passed on
    as they are.

    ## Repair in Terraform

    `base64encode(…)` around it, once.

    ## Repair in CloudFormation

    `Fn::Base64:` around it, once.

    ## What it does not see

    What data sources and other modules give.
    """

    id = "IAC709"
    name = "user-data-not-base64"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"
    breaks = (
        """
        resource "aws_launch_template" "worker" {
          image_id  = data.aws_ami.linux.id
          user_data = "#!/bin/bash\\nyum install -y htop\\n"
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data_base64 = "#!/bin/bash\\nyum install -y htop\\n"
        }
        """,
        """
        resource "aws_launch_template" "worker" {
          image_id  = data.aws_ami.linux.id
          user_data = base64encode(base64encode("#!/bin/bash\\nyum install -y htop\\n"))
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData: |
                #!/bin/bash
                yum install -y htop
        """,
    )
    quiet = (
        """
        resource "aws_launch_template" "worker" {
          image_id  = data.aws_ami.linux.id
          user_data = base64encode("#!/bin/bash\\nyum install -y htop\\n")
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = base64encode("#!/bin/bash\\nyum install -y htop\\n")
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData: IyEvYmluL2Jhc2gKeXVtIGluc3RhbGwgLXkgaHRvcAo=
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each place."""
        for found in network.misencoded:
            assert found.span is not None
            yield self.about(
                found,
                f"user data of {found.address} {found.words}",
                Label(found.span, "the encoding is wrong"),
                "encode it once"
                if not found.refused
                else "encode it with Fn::Base64"
                if found.resource is not None and found.resource.language == "cloudformation"
                else "encode it with base64encode",
                level=Level.ERROR if found.refused else Level.WARNING,
            )
