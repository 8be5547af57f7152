from collections.abc import Iterator

from iaclint.check import Check, Declared, Finding, Label, Level, Network, Value, aws, text

RULES = aws.security_group.SecurityGroupRule
ENTRIES = aws.network_acl.NetworkAclEntry


class InvalidProtocol(Check):
    """
    The protocol is not one that the rule can have.

    ## On the wire

    Nothing: the rule is refused. Only `rdp` in a network ACL is taken, and lets in another
    protocol than the one that is meant.

    ## Why AWS does that

    A security group knows four names, `tcp`, `udp`, `icmp` and `icmpv6`, beside `-1` and numbers. A
    network ACL wants numbers; Terraform translates names of its own list for it, where `rdp` is
    number 27 (Reliable Data Protocol), ICMPv6 is `ipv6-icmp`, and `ssh` is nothing. A rule without
    a protocol, such as `{}`, is refused, too; what it lets through is not decided then.

    ## Repair in Terraform

    `protocol = "tcp"` with the port; in an ACL `ipv6-icmp` for ICMPv6.

    ## Repair in CloudFormation

    `IpProtocol: tcp`; in an ACL `Protocol: 6` (ICMP 1, ICMPv6 58, all -1).

    ## What it does not see

    Numbers that are valid and mean another protocol than the author had in mind.
    """

    id = "IAC801"
    name = "invalid-protocol"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "ssh_by_name" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "ssh"
          from_port         = 22
          to_port           = 22
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        """
        resource "aws_network_acl_rule" "rdp" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 200
          protocol       = "rdp"
          rule_action    = "allow"
          cidr_block     = "0.0.0.0/0"
        }
        """,
        """
        Resources:
          ByName:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 200
              Protocol: tcp
              RuleAction: allow
              CidrBlock: 0.0.0.0/0
              PortRange: {From: 22, To: 22}
        """,
        """
        Resources:
          Nothing:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: nothing
              VpcId: !Ref Vpc
              SecurityGroupEgress: [{}]
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "esp" {
          network_acl_id = aws_network_acl.public.id
          rule_number    = 200
          protocol       = "esp"
          rule_action    = "allow"
          cidr_block     = "0.0.0.0/0"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              IpProtocol: "6"
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules and entries."""
        for declared in network.declared:
            if isinstance(declared, RULES):
                names = aws.protocol.GROUP_NAMES
            elif isinstance(declared, ENTRIES):
                names = aws.protocol.ACL_NAMES
            else:
                continue
            if declared.maybe is not None:
                continue
            if declared.protocol is None:
                yield from self._missing(declared)
                continue
            why, level = _wrong(declared, declared.protocol, names)
            if why:
                yield self.about(
                    declared.resource,
                    f"{declared.address}: {why}",
                    Label(declared.protocol.span or declared.span, why),
                    "name the protocol by its number, or tcp, udp, icmp",
                    level=level,
                    identity=why,
                )

    def _missing(self, declared: Declared) -> Iterator[Finding]:
        """
        Terraform itself refuses a rule that names no protocol. One that says nothing at all stands
        in templates that were deployed.
        """
        if isinstance(declared, RULES) and not declared.is_terraform:
            yield self.about(
                declared.resource,
                f"{declared.address}: a rule needs IpProtocol",
                Label(declared.span, "names no protocol"),
                "say what the rule lets through, or remove it",
                level=Level.WARNING if declared.first is None and declared.last is None else None,
                identity="",
            )


def _wrong(
    declared: Declared, value: Value, names: dict[str, int | None]
) -> tuple[str, Level | None]:
    plain = text(value)
    if not isinstance(plain, str):
        return "", None
    try:
        aws.protocol.protocol(value, names)
    except aws.protocol.NotAProtocol:
        return f'"{plain}" is not a protocol', None
    if isinstance(declared, ENTRIES):
        if plain == "rdp":
            return '"rdp" is protocol 27, not Remote Desktop', Level.WARNING
        if not declared.is_terraform and not plain.lstrip("-").isdigit():
            return f'"{plain}" is not a number', None
    return "", None
