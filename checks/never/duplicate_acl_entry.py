from collections.abc import Iterator

from iaclint.check import AclEntry, Check, Finding, Label, Network


class DuplicateAclEntry(Check):
    """
    Two entries of a network ACL have the same number and direction.

    ## On the wire

    Nothing for the second entry: AWS refuses it, or Terraform writes one over the other.

    ## Why AWS does that

    The number is the name of an entry. The same number may be there once inbound and once
    outbound.

    ## Repair in Terraform

    Another `rule_number` (inline: `rule_no`); leave gaps, so that entries fit in between.

    ## Repair in CloudFormation

    Another `RuleNumber`, or `Egress: true` where the entry is meant to be an outbound one: without
    it an entry is inbound.

    ## What it does not see

    Entries that are added to the default ACL beside 100 and 101, which AWS makes.
    """

    id = "IAC805"
    name = "duplicate-acl-entry"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html"
    )
    breaks = (
        """
        resource "aws_network_acl_rule" "again" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 100
          protocol       = "udp"
          rule_action    = "allow"
          cidr_block     = "0.0.0.0/0"
          from_port      = 3389
          to_port        = 3389
        }
        """,
        """
        Resources:
          Again:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 130
              Egress: true
              Protocol: 17
              RuleAction: allow
              CidrBlock: 0.0.0.0/0
              PortRange: {From: 53, To: 53}
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "more" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 101
          protocol       = "udp"
          rule_action    = "allow"
          cidr_block     = "0.0.0.0/0"
          from_port      = 3389
          to_port        = 3389
        }
        """,
        """
        Resources:
          More:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 131
              Egress: true
              Protocol: 17
              RuleAction: allow
              CidrBlock: 0.0.0.0/0
              PortRange: {From: 53, To: 53}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Entries of one ACL with a number that is taken."""
        for acl in network.acls:
            seen: dict[tuple[int, bool], AclEntry] = {}
            for entry in acl.entries:
                if not isinstance(entry.number, int) or not isinstance(entry.egress, bool):
                    continue
                first = seen.setdefault((entry.number, entry.egress), entry)
                if first is entry or entry.maybe or first.maybe or not entry.span:
                    continue
                way = "outbound" if entry.egress else "inbound"
                there = (Label(first.span, "has the number already"),) if first.span else ()
                yield self.about(
                    entry,
                    f"{acl.address} has two {way} entries with the number {entry.number}",
                    Label(entry.span, f"{way} entry {entry.number} again"),
                    "give one of them another number",
                    related=there,
                    identity=f"{entry.number} {way}",
                )
