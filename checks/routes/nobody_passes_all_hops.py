from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NobodyPassesAllHops(Check):
    """
    Every hop lets some clients through, and no client passes all of them.

    ## On the wire

    The rule of the group lets in one range, and the route for the replies, or an entry of the
    network ACL, serves another. Each looks right by itself; together they let nobody in.

    ## Why AWS does that

    Every hop is asked on its own, there and back. A packet has to pass them all.

    ## Repair in Terraform

    Write the range once, in a local value, and use it in the rule, the ACL entries and the
    `aws_route`.

    ## Repair in CloudFormation

    The same with a parameter that the rule, the entries and the route refer to.

    ## What it does not see

    Clients that change their address on the way: the range must be the one that AWS sees.
    """

    id = "IAC209"
    name = "nobody-passes-all-hops"
    causes = (Reason.NARROW,)
    reference = "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html"
    breaks = (
        """
        resource "aws_route" "ipv4" {
          destination_cidr_block = "198.51.100.0/24"
        }

        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = "198.51.100.0/24"
        }

        resource "aws_network_acl_rule" "deny" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 90
          protocol       = "tcp"
          rule_action    = "deny"
          cidr_block     = "198.51.100.0/24"
          from_port      = 22
          to_port        = 22
        }
        """,
        """
        Resources:
          RouteIpv4:
            Properties:
              DestinationCidrBlock: 198.51.100.0/24
          Rdp:
            Properties:
              CidrIp: 198.51.100.0/24
          Deny:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 90
              Protocol: 6
              RuleAction: deny
              CidrBlock: 198.51.100.0/24
              PortRange: {From: 22, To: 22}
        """,
    )
    quiet = (
        """
        resource "aws_route" "ipv4" {
          destination_cidr_block = "203.0.113.0/24"
        }

        resource "aws_vpc_security_group_ingress_rule" "ssh" {
          cidr_ipv4 = "203.0.113.0/25"
        }
        """,
        """
        Resources:
          RouteIpv4:
            Properties:
              DestinationCidrBlock: 203.0.0.0/16
          Ssh:
            Properties:
              CidrIp: 203.0.113.0/24
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each pair of hops that share no client."""
        other = cause.blocker.about[0].address if cause.blocker.about else "the other hops"
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} and {other} let different clients through",
            f"let {node} and {other} agree on the clients",
        )
