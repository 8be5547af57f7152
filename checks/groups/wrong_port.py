from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, Rule, Traffic


class WrongPort(Check):
    """
    A rule that looks meant for the service names another port.

    ## On the wire

    The packet to the port of the service matches no rule and is dropped. The client sees a
    time-out.

    ## Why AWS does that

    `0` to `0` with tcp is port 0, and not every port: that is so only with protocol `-1`. A range
    is first port to last port, so `0` to `21` ends before SSH.

    ## Repair in Terraform

    `from_port = 22` and `to_port = 22` (Windows: 3389).

    ## Repair in CloudFormation

    `FromPort: 22` and `ToPort: 22`.

    ## What it does not see

    A daemon that listens on another port: a `connection` block with that `port` says so.
    """

    id = "IAC402"
    name = "wrong-port"
    causes = (Reason.GROUP_PORT,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 0
          to_port   = 0
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              FromPort: 0
              ToPort: 1024
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 0
          to_port   = 65535
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              IpProtocol: "-1"
              FromPort: 0
              ToPort: 0
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule; reversed ports are the matter of IAC802."""
        rule = cause.blocker.about[0]
        found = rule.traffic if isinstance(rule, Rule) else None
        if not isinstance(found, Traffic) or found.ports[0] <= found.ports[1]:
            help = cause.blocker.help or f"let {cause.asked} in with this rule"
            yield self.blocked(cause, f"the rule lets {found} in", help)
