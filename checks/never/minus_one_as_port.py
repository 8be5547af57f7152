from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Level, Network, aws, text, whole


class MinusOneAsPort(Check):
    """
    A rule for TCP or UDP has -1 as a port.

    ## On the wire

    It is not defined which ports are open, or whether the rule is taken at all.

    ## Why AWS does that

    `-1` is "all" for a protocol and for an ICMP type. Ports are 0 to 65535.

    ## Repair in Terraform

    `from_port = 0` and `to_port = 65535`, or the ports that are meant.

    ## Repair in CloudFormation

    `FromPort: 0` and `ToPort: 65535`, or the ports that are meant.

    ## What it does not see

    Which of the two was meant.
    """

    id = "IAC815"
    name = "minus-one-as-port"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = -1
          to_port   = -1
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              FromPort: -1
              ToPort: -1
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
          Ping:
            Properties:
              FromPort: -1
              ToPort: -1
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules for protocols that have ports."""
        for declared in network.declared:
            if not isinstance(declared, aws.security_group.SecurityGroupRule) or declared.maybe:
                continue
            name = text(declared.protocol)
            if not isinstance(name, str) or name.lower() not in ("tcp", "udp", "6", "17"):
                continue
            if -1 in (whole(declared.first), whole(declared.last)):
                yield self.about(
                    declared.resource,
                    f"{declared.address}: -1 is no port of {name}",
                    Label(declared.first.span or declared.span, "no port")
                    if declared.first
                    else Label(declared.span, "no port"),
                    "write 0 and 65535, or the ports that are meant",
                    identity=name,
                )
