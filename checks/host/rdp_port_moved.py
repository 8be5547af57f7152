from iaclint.check import (
    RDP,
    Change,
    Check,
    Finding,
    Iterator,
    Label,
    Network,
    changed,
    lets_in,
    rule_for,
)


class RdpPortMoved(Check):
    """
    User data moves Remote Desktop to another port, and the security groups let only 3389 in.

    ## On the wire

    Nothing listens on 3389 after the next start of the service; the new port is dropped.

    ## Why AWS does that

    `PortNumber` under `RDP-Tcp` in the registry decides where Remote Desktop listens. The
    Windows firewall has to let the new port in as well.

    ## Repair in Terraform

    A rule for the new port in the security group.

    ## Repair in CloudFormation

    The new port in `SecurityGroupIngress`.

    ## What it does not see

    Ports that are set in the image.
    """

    id = "IAC713"
    name = "rdp-port-moved"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "troubleshoot-connect-windows-instance.html"
    )
    breaks = (
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <powershell>
            Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp' -Name PortNumber -Value 3390
            </powershell>
          EOT
        }
        """,  # noqa: E501
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <script>
            reg add "HKLM\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp" /v PortNumber /t REG_DWORD /d 50000 /f
            </script>
          EOT
        }
        """,  # noqa: E501
        """
        Resources:
          Desktop:
            Properties:
              UserData:
                Fn::Base64: |
                  <powershell>
                  Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp' -Name PortNumber -Value 3390
                  </powershell>
        """,  # noqa: E501
    )
    quiet = (
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <powershell>
            Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp' -Name PortNumber -Value 3389
            </powershell>
          EOT
        }
        """,  # noqa: E501
        """
        resource "aws_instance" "desktop" {
          user_data = <<-EOT
            <powershell>
            Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp' -Name PortNumber -Value 3390
            </powershell>
          EOT
        }
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 3390
          to_port   = 3390
        }
        """,  # noqa: E501
        """
        Resources:
          Desktop:
            Properties:
              UserData:
                Fn::Base64: |
                  <powershell>
                  Set-ItemProperty -Path 'HKLM:\\System\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp' -Name PortNumber -Value 3390
                  </powershell>
          Rdp:
            Properties:
              FromPort: 3390
              ToPort: 3390
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance, fact, wished in changed(network, Change.RDP_PORT, RDP):
            rule = rule_for(instance, RDP)
            if fact.number == RDP.port or lets_in(instance, fact.number) or rule is None:
                continue
            yield self.about(
                instance,
                f"Remote Desktop on {instance.address} listens on port {fact.number}, and only "
                "3389 is let in",
                Label(fact.span, f"moves it to port {fact.number}"),
                f"let port {fact.number} in",
                related=(wished.label,),
                level=wished.level(fact.sure),
                targets=(instance.address,),
                services=("rdp",),
            )
