from iaclint.check import PING, Change, Check, Finding, Iterator, Label, Network, changed


class PingSwitchedOff(Check):
    """
    A rule lets ping in, and user data tells the host not to answer.

    ## On the wire

    Echo requests arrive, and nothing comes back.

    ## Why AWS does that

    `net.ipv4.icmp_echo_ignore_all = 1` makes the kernel drop them; so does a rule of iptables.

    ## Repair in Terraform

    Take the setting out of `user_data`, or the rule out of the security group.

    ## Repair in CloudFormation

    The same for `UserData`.

    ## What it does not see

    Settings in the image. The Windows firewall may drop echo requests by itself.
    """

    id = "IAC711"
    name = "ping-switched-off"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sysctl -w net.ipv4.icmp_echo_ignore_all=1
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            iptables -A INPUT -p icmp --icmp-type echo-request -j DROP
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
                  sysctl -w net.ipv4.icmp_echo_ignore_all=1
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=1
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sysctl -w net.ipv4.icmp_echo_ignore_all=0
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
                  sysctl -w net.ipv4.icmp_echo_ignore_all=0
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each place."""
        for instance, fact, wished in changed(network, Change.PING_OFF, PING):
            yield self.about(
                instance,
                f"user data of {instance.address} switches replies to ping off, "
                "and a rule lets it in",
                Label(fact.span, "no reply from here on"),
                "leave replies on, or let no ping in",
                related=(wished.label,),
                level=wished.level(fact.sure),
                targets=(instance.address,),
                services=("icmp",),
            )
