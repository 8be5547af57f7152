from iaclint.check import (
    SSH,
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


class SshPortMoved(Check):
    """
    User data moves sshd to another port, and the security groups let only port 22 in.

    ## On the wire

    Nothing listens on 22 any more, so that the connection is refused; on the new port the
    packets are dropped, so that it times out.

    ## Why AWS does that

    Security groups know nothing of the host. `Port` in `sshd_config` decides where sshd
    listens.

    ## Repair in Terraform

    A rule for the new port in the security group of the instance, and `port` in the
    `connection` blocks.

    ## Repair in CloudFormation

    The new port in `SecurityGroupIngress`.

    ## What it does not see

    Ports that are set in the image, or by tools that user data calls. Where the groups let the
    new port in, that is the port which is checked.
    """

    id = "IAC701"
    name = "ssh-port-moved"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            write_files:
              - path: /etc/ssh/sshd_config.d/port.conf
                content: |
                  Port 2222
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
                  sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config
                  systemctl restart sshd
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            echo 'Port 22' >> /etc/ssh/sshd_config
            echo 'Port 2222' >> /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        resource "aws_vpc_security_group_ingress_rule" "ssh" {
          from_port = 2222
          to_port   = 2222
        }
        resource "aws_vpc_security_group_ingress_rule" "ssh_ipv6" {
          from_port = 2222
          to_port   = 2222
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #!/bin/bash
                  sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config
                  systemctl restart sshd
          Ssh:
            Properties:
              FromPort: 2222
              ToPort: 2222
          SshIpv6:
            Properties:
              FromPort: 2222
              ToPort: 2222
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance, fact, wished in changed(network, Change.SSH_PORT):
            if 22 in instance.setup.ports or lets_in(instance, fact.number):
                continue
            rule = rule_for(instance, SSH)
            if rule is None or rule.span is None:
                continue
            when = "" if fact.sure else ", from the next restart of sshd on"
            yield self.about(
                instance,
                f"sshd on {instance.address} listens on port {fact.number}{when}, and only "
                "port 22 is let in",
                Label(fact.span, f"moves sshd to port {fact.number}"),
                f"let port {fact.number} in",
                related=(Label(rule.span, "port 22 is let in here"), wished.label),
                level=wished.level(fact.sure),
                targets=(instance.address,),
                services=("ssh",),
            )
