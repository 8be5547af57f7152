from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, Rule


class WrongIcmpType(Check):
    """
    The ICMP rule has another type or code than ping uses.

    ## On the wire

    The echo request matches no rule and is dropped; ping shows nothing but losses.

    ## Why AWS does that

    For ICMP the first port is the type and the last one the code. Ping is type 8 code 0, over IPv6
    (protocol `icmpv6`) type 128 code 0. `0` to `0` is the echo *reply*; `8` to `8` is a code that
    no ping has; `0` to `8` is neither.

    ## Repair in Terraform

    `from_port = 8` and `to_port = 0`, or `-1` and `-1` for every type.

    ## Repair in CloudFormation

    `FromPort: 8` and `ToPort: 0`, or `-1` and `-1`.

    ## What it does not see

    The firewall of Windows, which drops pings until it is told not to.
    """

    id = "IAC408"
    name = "wrong-icmp-type"
    causes = (Reason.GROUP_ICMP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "ping" {
          from_port = 8
          to_port   = 8
        }
        """,
        """
        resource "aws_vpc_security_group_ingress_rule" "ping_ipv6" {
          from_port = 8
        }
        """,
        """
        Resources:
          Ping:
            Properties:
              FromPort: 0
              ToPort: 0
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "ping" {
          from_port = -1
          to_port   = -1
        }
        """,
        """
        Resources:
          Ping: null
          PingIpv6: null
          PathMtu:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt BastionGroup.GroupId
              IpProtocol: icmp
              FromPort: 3
              ToPort: 4
              CidrIp: 0.0.0.0/0
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        rule = cause.blocker.about[0]
        found = f"{rule.traffic}" if isinstance(rule, Rule) else "other ICMP"
        yield self.blocked(
            cause,
            f"the rule lets {found} in, and ping sends {cause.asked}",
            "use type 8 and code 0 (IPv6: 128 and 0), or -1 and -1",
        )
