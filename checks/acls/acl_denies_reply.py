from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclDeniesReply(Check):
    """
    The network ACL of the subnet does not let the reply out.

    ## On the wire

    The request arrives and the instance answers. The answer is dropped at the border of the
    subnet, and the client sees a time-out.

    ## Why AWS does that

    An ACL keeps no state: the reply is a packet of its own and needs an entry in the other
    direction. It goes to the port the client chose, one of 1024-65535, and never to port 22 or
    3389.

    ## Repair in Terraform

    An `aws_network_acl_rule` with `egress = true`, `protocol = "tcp"`, `from_port = 1024`,
    `to_port = 65535` to the clients; for ping one with `icmp_type = 0` (IPv6: 129).

    ## Repair in CloudFormation

    An `AWS::EC2::NetworkAclEntry` with `Egress: true`, `Protocol: 6` and
    `PortRange: {From: 1024, To: 65535}`. Without `Egress` it is one more inbound entry.

    ## What it does not see

    Which ports the clients really use: the whole range is asked for, and a part of it is a finding
    of its own (IAC306).
    """

    id = "IAC302"
    name = "acl-denies-reply"
    causes = (Reason.ACL_REPLY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
    breaks = (
        """
        resource "aws_network_acl_rule" "tcp_out" {
          to_port = 22
        }
        """,
        """
        resource "aws_network_acl_rule" "tcp_out_ipv6" {
          count = 0
        }
        """,
        """
        Resources:
          TcpOut:
            Properties:
              PortRange: {From: 22, To: 443}
        """,
        """
        Resources:
          TcpOutIpv6:
            Properties:
              Egress: null
              RuleNumber: 140
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "tcp_out" {
          protocol  = "-1"
          from_port = 0
          to_port   = 0
        }
        """,
        """
        Resources:
          AclAssociation: null
          TcpOut: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each ACL or entry."""
        acl = cause.blocker.node.address
        way = "in" if "inbound" in cause.blocker.at.text else "out"
        yield self.blocked(
            cause,
            f"{acl} does not let the reply {way}",
            f"let {acl} allow {cause.answered} {way}bound, to the ports that clients choose"
            if "tcp" in cause.answered
            else f"let {acl} allow {cause.answered} {way}bound",
        )
