from iaclint.check import RDP, SSH, Change, Check, Finding, Iterator, Label, Network, changed


class HostFirewall(Check):
    """
    User data starts a firewall inside the host that keeps the login out.

    ## On the wire

    The packets pass every security group and are dropped by the host itself.

    ## Why AWS does that

    `ufw enable` denies what no rule allows; `iptables -P INPUT DROP` does the same; the Windows
    firewall obeys a block rule whatever other rules say.

    ## Repair in Terraform

    Allow the login before the firewall starts: `ufw allow OpenSSH`, `iptables -A INPUT -p tcp
    --dport 22 -j ACCEPT`.

    ## Repair in CloudFormation

    The same, in `UserData` or `AWS::CloudFormation::Init`.

    ## What it does not see

    Firewalls that are set up in the image, or by tools that user data calls. Rules with
    variables count as letting the login in.
    """

    id = "IAC702"
    name = "host-firewall"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            ufw allow 80/tcp
            ufw --force enable
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            iptables -P INPUT DROP
            iptables -A INPUT -p tcp --dport 443 -j ACCEPT
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
                  ufw allow 80/tcp
                  ufw --force enable
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            ufw allow OpenSSH
            ufw --force enable
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
            iptables -A INPUT -p tcp --dport 22 -j ACCEPT
            iptables -A INPUT -j DROP
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
                  ufw allow 22/tcp
                  ufw --force enable
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each firewall."""
        for service in (SSH, RDP):
            for instance, fact, wished in changed(network, Change.FIREWALL, service):
                if (fact.name == "Windows Firewall") != (service is RDP):
                    continue
                yield self.about(
                    instance,
                    f"{fact.name} inside of {instance.address} does not let {service} in",
                    Label(fact.span, f"starts {fact.name}" if service is SSH else "blocks it"),
                    f"allow {service} in {fact.name}",
                    related=(wished.label,),
                    level=wished.level(fact.sure),
                    targets=(instance.address,),
                    services=(service.key,),
                    identity=fact.name,
                )
