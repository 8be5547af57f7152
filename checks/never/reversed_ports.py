from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, aws, text, whole

RULES = (aws.security_group.SecurityGroupRule, aws.network_acl.NetworkAclEntry)
PORTS = {"tcp", "udp", "6", "17"}


class ReversedPorts(Check):
    """
    The first port of the range is larger than the last one.

    ## On the wire

    Nothing: the rule is refused, and the service stays closed.

    ## Why AWS does that

    A rule is for one range, from the first port to the last one. It is no list of ports.

    ## Repair in Terraform

    `from_port` is the smaller number; two ports are two rules.

    ## Repair in CloudFormation

    The same with `FromPort` and `ToPort`.

    ## What it does not see

    ICMP, where the two numbers are type and code.
    """

    id = "IAC802"
    name = "reversed-ports"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 3389
          to_port   = 22
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              FromPort: 3389
              ToPort: 338
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "range" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          from_port         = 5985
          to_port           = 5986
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              FromPort: 3389
              ToPort: 3389
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules and entries for TCP and UDP."""
        for declared in network.declared:
            if not isinstance(declared, RULES) or declared.maybe is not None:
                continue
            first, last, name = (
                whole(declared.first),
                whole(declared.last),
                text(declared.protocol),
            )
            if not isinstance(first, int) or not isinstance(last, int) or last >= first:
                continue
            if not isinstance(name, str) or name.lower() not in PORTS or last < 0:
                continue
            span = declared.first.span if declared.first else None
            yield self.about(
                declared.resource,
                f"{declared.address}: the range of ports {first}-{last} ends before it begins",
                Label(span or declared.span, f"{first} is larger than {last}"),
                f"write {last}-{first}, or one rule for each port",
                identity=f"{first}-{last}",
            )
