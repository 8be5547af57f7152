from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class WrongFamily(Check):
    """
    The rule lets in addresses of the other family.

    ## On the wire

    The client comes over IPv4 and only IPv6 is let in, or the other way round. The packet matches
    no rule and is dropped.

    ## Why AWS does that

    `0.0.0.0/0` is every IPv4 address and contains no IPv6 one; `::/0` contains no IPv4 one.

    ## Repair in Terraform

    A further rule with `cidr_ipv4` or `cidr_ipv6` (`cidr_blocks`, `ipv6_cidr_blocks`).

    ## Repair in CloudFormation

    A further rule with `CidrIp` or `CidrIpv6`.

    ## What it does not see

    Which family the clients have. An instance that works in the family of its rule is fine.
    """

    id = "IAC405"
    name = "wrong-family"
    causes = (Reason.GROUP_FAMILY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          associate_public_ip_address = false
        }

        resource "aws_vpc_security_group_ingress_rule" "ssh_ipv6" {
          count = 0
        }

        resource "aws_vpc_security_group_ingress_rule" "ping_ipv6" {
          count = 0
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: null
              CidrIpv6: ::/0
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "ssh_ipv6" {
          count = 0
        }
        """,
        """
        Resources:
          SshIpv6: null
          PingIpv6: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        yield self.blocked(
            cause,
            "the rules let in addresses of the other family only",
            f"add a rule for {cause.asked} with a block such as {cause.destination}",
        )
