from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclDeniesRequest(Check):
    """
    The network ACL of the subnet does not let the request in.

    ## On the wire

    The packet is dropped at the border of the subnet, before any security group is asked. The
    client sees a time-out.

    ## Why AWS does that

    The ACL is asked for every packet that enters the subnet. Entries are tried in the order of
    their numbers, and what none of them allows is denied. IPv4 entries never match IPv6.

    ## Repair in Terraform

    An `aws_network_acl_rule` that allows the port from the clients, with a `rule_number` below any
    that denies it; `protocol = "tcp"`, and the name `rdp` is another protocol altogether.

    ## Repair in CloudFormation

    An `AWS::EC2::NetworkAclEntry` with `Protocol: 6` and a `PortRange` that holds the port.

    ## What it does not see

    Entries that are added by hand or by a firewall service.
    """

    id = "IAC301"
    name = "acl-denies-request"
    causes = (Reason.ACL_REQUEST,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
    breaks = (
        """
        resource "aws_network_acl_rule" "tcp_in" {
          from_port = 1024
        }
        """,
        """
        resource "aws_network_acl_rule" "tcp_in_ipv6" {
          count = 0
        }
        """,
        """
        Resources:
          TcpIn:
            Properties:
              PortRange: {From: 443, To: 65535}
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "tcp_in" {
          protocol  = "-1"
          from_port = 0
          to_port   = 0
        }
        """,
        """
        Resources:
          AclAssociation: null
          TcpIn: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each ACL or entry."""
        acl, outward = cause.blocker.node.address, _is_outward(cause)
        way = "out" if outward else "in"
        yield self.blocked(
            cause,
            f"{acl} does not let the request {way}",
            f"let {acl} allow {cause.asked} {way}bound, before any entry that denies it",
        )


def _is_outward(cause: Cause) -> bool:
    """The ACL of the client's subnet stops it on its way out."""
    inner = cause.judged[0].flow.client.interface
    return inner is not None and "outbound" in cause.blocker.at.text
