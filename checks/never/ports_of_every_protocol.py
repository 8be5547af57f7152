from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, aws, text, whole


class PortsOfEveryProtocol(Check):
    """
    A rule for every protocol names ports.

    ## On the wire

    Nothing: Terraform refuses the rule before anything is made.

    ## Why AWS does that

    With protocol `-1` there are no ports, because not every protocol has any. In an inline rule
    both numbers have to be 0, so that nobody believes in a limit that is not there.

    ## Repair in Terraform

    `from_port = 0` and `to_port = 0`, or `protocol = "tcp"` with the ports that are meant.

    ## Repair in CloudFormation

    Not needed: ports beside `-1` are ignored there, and the rule is for everything.

    ## What it does not see

    Which of the two was meant.
    """

    id = "IAC804"
    name = "ports-of-every-protocol"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"
    breaks = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 65535
            cidr_blocks = ["203.0.113.0/24"]
          }
        }
        """,
        """
        resource "aws_network_acl" "inner" {
          vpc_id = aws_vpc.main.id

          egress {
            rule_no    = 100
            action     = "allow"
            protocol   = "all"
            from_port  = 22
            to_port    = 22
            cidr_block = "0.0.0.0/0"
          }
        }
        """,
    )
    quiet = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 0
            cidr_blocks = ["203.0.113.0/24"]
          }
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              IpProtocol: "-1"
              FromPort: 0
              ToPort: 65535
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Inline rules and entries of Terraform."""
        for declared in network.declared:
            if not isinstance(
                declared, (aws.security_group.SecurityGroupRule, aws.network_acl.NetworkAclEntry)
            ):
                continue
            if not declared.is_terraform or declared.inline is None or declared.maybe is not None:
                continue
            name = text(declared.protocol)
            ports = [whole(declared.first), whole(declared.last)]
            if name not in ("-1", "all") or not any(isinstance(p, int) and p for p in ports):
                continue
            yield self.about(
                declared.resource,
                f"a rule of {declared.address} for every protocol names ports",
                Label(declared.span, "every protocol, and ports"),
                "set both ports to 0, or name the protocol",
                identity=str(ports),
            )
