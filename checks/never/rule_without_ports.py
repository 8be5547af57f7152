from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, aws, text

NEEDS_PORTS = {"tcp", "udp", "icmp", "6", "17", "1"}


class RuleWithoutPorts(Check):
    """
    A rule for TCP, UDP or ICMP names no ports.

    ## On the wire

    Nothing: the rule is refused, and what it was to let in stays out.

    ## Why AWS does that

    Only `-1`, ICMPv6 and other protocol numbers may leave the ports out. For ICMP the two numbers
    are type and code, and `-1` is any.

    ## Repair in Terraform

    Give `from_port` and `to_port`; for ping, `8` and `0`, or `-1` and `-1`.

    ## Repair in CloudFormation

    Give `FromPort` and `ToPort`, in the same way.

    ## What it does not see

    Inline rules of Terraform, where both are required by the provider. A rule whose protocol is not
    known.
    """

    id = "IAC816"
    name = "rule-without-ports"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "web" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        """
        Resources:
          Web:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt DesktopGroup.GroupId
              IpProtocol: udp
              CidrIp: 203.0.113.0/24
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "all" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "-1"
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        """
        Resources:
          All:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt DesktopGroup.GroupId
              IpProtocol: "-1"
              CidrIp: 203.0.113.0/24
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules of groups that need ports and have none, or only one."""
        for declared in network.declared:
            if not isinstance(declared, aws.security_group.SecurityGroupRule):
                continue
            if declared.maybe is not None or (declared.is_terraform and declared.inline):
                continue
            name = text(declared.protocol)
            if not isinstance(name, str) or name.strip().lower() not in NEEDS_PORTS:
                continue
            if declared.first is not None and declared.last is not None:
                continue
            yield self.about(
                declared.resource,
                f"{declared.address}: a rule for {name} needs a first and a last port",
                Label(declared.span, "names no range of ports"),
                "give both ports; for ICMP they are type and code, and -1 is any",
                identity=name,
            )
