"""
Network ACLs: ordered, stateless, one a subnet.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, read, shape, unknown_rest
from iaclint.value import Unknown, Value, text, truth, whole


@shape("aws_network_acl", "aws_default_network_acl", cfn="AWS::EC2::NetworkAcl")
class NetworkAcl(Declared):
    """
    A custom ACL denies everything its entries do not allow. `aws_default_network_acl` adopts the
    default one and removes its allow-all entries.
    """

    vpc: Value | None = attr("vpc_id")
    adopts: Value | None = attr("default_network_acl_id", cfn=())
    subnets: Value | None = attr("subnet_ids", cfn=())
    ingress: Value | None = attr("ingress", cfn=())
    egress: Value | None = attr("egress", cfn=())
    tags: Value | None = attr("tags")

    @property
    def is_default(self) -> bool:
        """Whether it is the default ACL of its VPC by adoption."""
        return self.resource.kind == "aws_default_network_acl"

    def expand(self) -> Iterator[Declared]:
        """The inline entries."""
        for egress, entries in ((False, self.ingress), (True, self.egress)):
            for block in blocks(entries):
                yield read(NetworkAclEntry, self.resource, block, inline=egress)

    def rest(self, egress: bool) -> Unknown | None:
        """Why there may be further inline entries than those that are known."""
        return unknown_rest(self.egress if egress else self.ingress)


@shape("aws_network_acl_rule", cfn="AWS::EC2::NetworkAclEntry")
class NetworkAclEntry(Declared):
    """One entry. Terraform's ICMP type and code default to 0: that is echo *reply* only."""

    acl: Value | None = attr("network_acl_id")
    number: Value | None = attr("rule_number", "rule_no")
    action: Value | None = attr("rule_action", "action")
    outbound: Value | None = attr("egress")
    protocol: Value | None = attr("protocol")
    ipv4: Value | None = attr("cidr_block")
    ipv6: Value | None = attr("ipv6_cidr_block")
    first: Value | None = attr("from_port", cfn="PortRange.From")
    last: Value | None = attr("to_port", cfn="PortRange.To")
    icmp_type: Value | None = attr("icmp_type", cfn="Icmp.Type")
    icmp_code: Value | None = attr("icmp_code", cfn="Icmp.Code")
    inline: bool | None = None

    @property
    def egress(self) -> bool | Unknown:
        """Whether it speaks about what leaves the subnet; inbound unless it says so."""
        if self.inline is not None:
            return self.inline
        return truth(self.outbound) or False

    @property
    def allow(self) -> bool | Unknown:
        """Whether it allows what it matches."""
        plain = text(self.action)
        return plain if isinstance(plain, Unknown) else (plain or "").lower() == "allow"

    @property
    def icmp(self) -> tuple[int | Unknown, int | Unknown]:
        """ICMP type and code, with the default of the language where they are not written."""
        default = 0 if self.is_terraform else -1
        kind, code = whole(self.icmp_type), whole(self.icmp_code)
        return (default if kind is None else kind, default if code is None else code)


@shape("aws_network_acl_association", cfn="AWS::EC2::SubnetNetworkAclAssociation")
class AclAssociation(Declared):
    """Gives a subnet its ACL."""

    acl: Value | None = attr("network_acl_id")
    subnet: Value | None = attr("subnet_id")
