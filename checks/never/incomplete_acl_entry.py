from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, aws, text


class IncompleteAclEntry(Check):
    """
    An entry for TCP or UDP names no ports, or one for ICMP no type.

    ## On the wire

    Nothing: the stack fails when it makes the entry.

    ## Why AWS does that

    An entry for protocol 6 or 17 needs its ports and one for protocol 1 its type and code, even
    where all of them are meant.

    ## Repair in Terraform

    Not needed: ports that are left out are 0 there, and so is the ICMP type.

    ## Repair in CloudFormation

    `PortRange: {From: 0, To: 65535}`, or `Icmp: {Type: -1, Code: -1}`.

    ## What it does not see

    Protocols whose number is a parameter without a default.
    """

    id = "IAC806"
    name = "incomplete-acl-entry"
    reference = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-ec2-networkaclentry.html"
    )
    breaks = (
        """
        Resources:
          Open:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 200
              Protocol: 6
              RuleAction: allow
              CidrBlock: 203.0.113.0/24
        """,
        """
        Resources:
          Open:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 200
              Protocol: "1"
              RuleAction: allow
              CidrBlock: 203.0.113.0/24
        """,
    )
    quiet = (
        """
        Resources:
          Open:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 200
              Protocol: -1
              RuleAction: allow
              CidrBlock: 203.0.113.0/24
        """,
        """
        Resources:
          Esp:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 200
              Protocol: 50
              RuleAction: allow
              CidrBlock: 203.0.113.0/24
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Entries of templates."""
        for declared in network.declared:
            if not isinstance(declared, aws.network_acl.NetworkAclEntry) or declared.is_terraform:
                continue
            needed = _needed(text(declared.protocol), declared.resource.attributes)
            if needed and declared.maybe is None:
                yield self.about(
                    declared.resource,
                    f"{declared.address} names a protocol and no `{needed}`",
                    Label(declared.span, f"has no `{needed}`"),
                    f"add `{needed}`",
                )


def _needed(protocol: object, attributes: object) -> str:
    names = {"6": "PortRange", "17": "PortRange", "1": "Icmp"}
    needed = names.get(protocol, "") if isinstance(protocol, str) else ""
    present = isinstance(attributes, dict) and needed in attributes
    return "" if present else needed
