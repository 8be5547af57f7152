from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclIcmpType(Check):
    """
    The ICMP entry of the network ACL allows another type than ping uses.

    ## On the wire

    The echo request (or the reply to it) is dropped at the border of the subnet. TCP works, ping
    shows nothing but losses.

    ## Why AWS does that

    Ping is type 8 in and type 0 out; over IPv6 it is 128 in and 129 out. In Terraform a type that
    is not written is 0: echo replies only. `-1` is every type, and needs code `-1` too.

    ## Repair in Terraform

    `icmp_type = 8` inbound, `icmp_type = 0` outbound, or `icmp_type = -1` and `icmp_code = -1`.

    ## Repair in CloudFormation

    `Icmp: {Type: 8, Code: -1}` inbound, `Icmp: {Type: 0, Code: -1}` with `Egress: true`.

    ## What it does not see

    Firewalls of the operating system: Windows answers no ping until it is told to.
    """

    id = "IAC304"
    name = "acl-icmp-type"
    causes = (Reason.ACL_ICMP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
    breaks = (
        """
        resource "aws_network_acl_rule" "ping_in" {
          icmp_type = null
          icmp_code = null
        }
        """,
        """
        resource "aws_network_acl_rule" "ping_out_ipv6" {
          icmp_type = 128
        }
        """,
        """
        Resources:
          PingIn:
            Properties:
              Icmp: {Type: 0, Code: -1}
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "ping_in" {
          icmp_type = 8
        }

        resource "aws_network_acl_rule" "ping_out" {
          icmp_type = null
          icmp_code = null
        }
        """,
        """
        Resources:
          PingIn:
            Properties:
              Icmp: {Type: 8, Code: 0}
          PingOutIpv6:
            Properties:
              Icmp: {Type: 129, Code: 0}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each entry."""
        entry = cause.blocker.about[0]
        yield self.blocked(
            cause,
            f"entry {entry.label} of {cause.blocker.node.address} has another ICMP type than ping",
            "allow type 8 inbound and type 0 outbound (IPv6: 128 and 129), or -1 with code -1",
        )
