from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, Rule


class WrongProtocol(Check):
    """
    A rule names the port of the service with another protocol.

    ## On the wire

    The first packet of the service matches no rule and is dropped. The client sees a time-out.

    ## Why AWS does that

    A rule is a protocol and its ports. SSH is TCP, and RDP needs TCP before it uses UDP; ping is
    ICMP and has no ports.

    ## Repair in Terraform

    `protocol = "tcp"` (`ip_protocol` in an `aws_vpc_security_group_ingress_rule`).

    ## Repair in CloudFormation

    `IpProtocol: tcp`.

    ## What it does not see

    Services that really use UDP on that port, such as a VPN on udp 22.
    """

    id = "IAC403"
    name = "wrong-protocol"
    causes = (Reason.GROUP_PROTOCOL,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          ip_protocol = "udp"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              IpProtocol: udp
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "udp" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "udp"
          from_port         = 3389
          to_port           = 3389
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              IpProtocol: 6
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        rule = cause.blocker.about[0]
        found = rule.traffic if isinstance(rule, Rule) else "another protocol"
        yield self.blocked(cause, f"the rule lets {found} in", f"let {cause.asked} in")
