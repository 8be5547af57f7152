from iaclint.check import RDP, SSH, Change, Check, Finding, Iterator, Label, Network, changed


class LoginServiceOff(Check):
    """
    User data switches the service off that people log in to.

    ## On the wire

    Nothing listens any more: the connection is refused.

    ## Why AWS does that

    sshd and Remote Desktop are services like others; stopped, disabled, masked or removed they
    serve nobody. `fDenyTSConnections = 1` refuses Remote Desktop.

    ## Repair in Terraform

    Take the line out of `user_data`, or the rule out of the security group.

    ## Repair in CloudFormation

    The same for `UserData`, and `enabled: true` under `services` of
    `AWS::CloudFormation::Init`.

    ## What it does not see

    Services that the image does not start.
    """

    id = "IAC703"
    name = "login-service-off"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            systemctl disable --now sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <powershell>
            Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server' -Name fDenyTSConnections -Value 1
            </powershell>
          EOT
        }
        """,  # noqa: E501
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: !Sub |
                  #!/bin/bash
                  systemctl mask --now sshd
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            systemctl stop sshd
            sed -i 's/#MaxAuthTries 6/MaxAuthTries 3/' /etc/ssh/sshd_config
            systemctl start sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <powershell>
            Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server' -Name fDenyTSConnections -Value 0
            </powershell>
          EOT
        }
        """,  # noqa: E501
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: !Sub |
                  #!/bin/bash
                  systemctl disable sshd
                  systemctl enable --now sshd
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each place."""
        for change, service in ((Change.SERVER_OFF, SSH), (Change.RDP_OFF, RDP)):
            for instance, fact, wished in changed(network, change, service):
                yield self.about(
                    instance,
                    f"user data of {instance.address} switches {service} off",
                    Label(fact.span, f"{service} is switched off here"),
                    "leave the service on, or let nobody in by the security group",
                    related=(wished.label,),
                    level=wished.level(fact.sure),
                    targets=(instance.address,),
                    services=(service.key,),
                )
