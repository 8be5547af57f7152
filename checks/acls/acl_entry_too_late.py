from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclEntryTooLate(Check):
    """
    An entry of the network ACL that would allow it comes after one that denies it.

    ## On the wire

    The packet is dropped at the border of the subnet, as if the entry that allows it were not
    there. The client sees a time-out.

    ## Why AWS does that

    Entries are tried in the order of their numbers, and the first that matches decides. The order
    in the file means nothing.

    ## Repair in Terraform

    Give the `aws_network_acl_rule` (or the inline block) that allows a lower `rule_number`
    (`rule_no`) than the one that denies.

    ## Repair in CloudFormation

    The same with `RuleNumber`.

    ## What it does not see

    Whether the denial is the part that is meant. If it is, delete the entry that never acts.
    """

    id = "IAC305"
    name = "acl-entry-too-late"
    causes = (Reason.ACL_ORDER,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
    breaks = (
        """
        resource "aws_network_acl_rule" "deny" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 90
          protocol       = "tcp"
          rule_action    = "deny"
          cidr_block     = "0.0.0.0/0"
          from_port      = 22
          to_port        = 22
        }
        """,
        """
        Resources:
          Deny:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 105
              Protocol: -1
              RuleAction: deny
              Ipv6CidrBlock: ::/0
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "deny" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 300
          protocol       = "-1"
          rule_action    = "deny"
          cidr_block     = "0.0.0.0/0"
        }
        """,
        """
        Resources:
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

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each entry that denies."""
        deny, allow = (entry.label for entry in cause.blocker.about[:2])
        acl = cause.blocker.about[2].address
        yield self.blocked(
            cause,
            f"entry {deny} of {acl} denies it before entry {allow} can allow it",
            f"give entry {allow} of {acl} a lower number than {deny}",
        )
