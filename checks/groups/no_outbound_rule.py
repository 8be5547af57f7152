from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoOutboundRule(Check):
    """
    The security group of the client lets nothing out to the target.

    ## On the wire

    The client, an instance of the same network, sends its request, and its own group drops it.
    The target never sees a packet.

    ## Why AWS does that

    Whoever starts a connection needs an outbound rule; replies need none. Terraform takes the
    allow-all rule away that a new group has, so that a group without `egress` lets nothing out.
    CloudFormation leaves it as long as no outbound rule is written.

    ## Repair in Terraform

    An `aws_vpc_security_group_egress_rule` (or an `egress` block) on the group of the client.

    ## Repair in CloudFormation

    An entry in `SecurityGroupEgress` of the group of the client, beside those that are there.

    ## What it does not see

    Clients outside of the files.
    """

    id = "IAC411"
    name = "no-outbound-rule"
    causes = (Reason.EGRESS_RULE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_egress_rule" "bastion" {
          count = 0
        }
        """,
        """
        Resources:
          BastionGroup:
            Properties:
              SecurityGroupEgress:
                - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_egress_rule" "bastion" {
          cidr_ipv4                    = null
          ip_protocol                  = "tcp"
          from_port                    = 22
          to_port                      = 22
          referenced_security_group_id = aws_security_group.inner.id
        }
        """,
        """
        Resources:
          BastionGroup:
            Properties:
              SecurityGroupEgress:
                - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.2.0/24}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each group."""
        group = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{group}, the group of the client, does not let {cause.them} out",
            f"add an outbound rule for {cause.asked} to {cause.targets[0]} to {group}",
        )
