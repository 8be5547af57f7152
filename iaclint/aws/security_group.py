"""
Security groups and the five ways to write their rules.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from iaclint.aws.shape import Declared, attr, blocks, read, shape, unknown_rest
from iaclint.value import ListValue, MapValue, Unknown, Value, elements, text

Direction = Literal["ingress", "egress"]


@shape("aws_security_group", "aws_default_security_group", cfn="AWS::EC2::SecurityGroup")
class SecurityGroup(Declared):
    """
    `aws_default_security_group` adopts the VPC's default group and removes every rule that is not
    inline. Terraform revokes the allow-all egress a new group gets; CloudFormation leaves it.
    """

    vpc: Value | None = attr("vpc_id")
    name: Value | None = attr("name", "name_prefix", cfn="GroupName")
    description: Value | None = attr("description", cfn="GroupDescription")
    ingress: Value | None = attr("ingress", cfn="SecurityGroupIngress")
    egress: Value | None = attr("egress", cfn="SecurityGroupEgress")
    tags: Value | None = attr("tags")

    @property
    def is_default(self) -> bool:
        """Whether it is the default group of its VPC by adoption."""
        return self.resource.kind == "aws_default_security_group"

    def expand(self) -> Iterator[Declared]:
        """The inline rules."""
        directions: tuple[tuple[Direction, Value | None], ...] = (
            ("ingress", self.ingress),
            ("egress", self.egress),
        )
        for direction, rules in directions:
            for block in blocks(rules):
                yield read(SecurityGroupRule, self.resource, block, inline=direction, block=block)

    def rest(self, direction: Direction) -> Unknown | None:
        """Why the group may have further inline rules than those that are known."""
        rules = self.ingress if direction == "ingress" else self.egress
        return unknown_rest(rules) or self._listed(rules)

    def _listed(self, rules: Value | None) -> Unknown | None:
        """
        A list among the rules, as `Fn::If` makes one: AWS says no more than that the elements are
        rules, and people say that it works.
        """
        for each in elements(rules):
            if isinstance(each, ListValue) and elements(each):
                return Unknown(f"a list stands among the rules of {self.address}", each.span)
        return None


@shape(
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
    cfn=("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"),
)
class SecurityGroupRule(Declared):
    """One rule, in any spelling; several sources in one rule are a union."""

    group: Value | None = attr("security_group_id", cfn=("GroupId", "GroupName"))
    type: Value | None = attr("type", cfn=())
    protocol: Value | None = attr("protocol", "ip_protocol", cfn="IpProtocol")
    first: Value | None = attr("from_port")
    last: Value | None = attr("to_port")
    cidrs: Value | None = attr("cidr_blocks", "cidr_ipv4", cfn="CidrIp")
    ipv6_cidrs: Value | None = attr("ipv6_cidr_blocks", "cidr_ipv6", cfn="CidrIpv6")
    prefix_lists: Value | None = attr(
        "prefix_list_ids",
        "prefix_list_id",
        cfn=("SourcePrefixListId", "DestinationPrefixListId"),
    )
    peers: Value | None = attr(
        "security_groups",
        "source_security_group_id",
        "referenced_security_group_id",
        cfn=(
            "SourceSecurityGroupId",
            "DestinationSecurityGroupId",
            "SourceSecurityGroupName",
        ),
    )
    self_: Value | None = attr("self", cfn=())
    description: Value | None = attr("description")
    inline: Direction | None = None
    block: MapValue | None = None
    """The inline block it is written in."""

    @property
    def direction(self) -> Direction | Unknown:
        """Whether it lets in or out."""
        if self.inline:
            return self.inline
        kind = self.resource.kind
        if kind != "aws_security_group_rule":
            return "egress" if "egress" in kind.lower() else "ingress"
        plain = text(self.type)
        if isinstance(plain, Unknown):
            return plain
        return "egress" if plain == "egress" else "ingress"


@shape("aws_vpc_security_group_rules_exclusive")
class ExclusiveRules(Declared):
    """Every rule of the group that is not listed here is revoked."""

    group: Value | None = attr("security_group_id")
    ingress: Value | None = attr("ingress_rule_ids")
    egress: Value | None = attr("egress_rule_ids")


@shape("aws_network_interface_sg_attachment")
class GroupAttachment(Declared):
    """Puts a group on an interface that exists already."""

    group: Value | None = attr("security_group_id")
    interface: Value | None = attr("network_interface_id")


@shape("aws_vpc_security_group_vpc_association", cfn="AWS::EC2::SecurityGroupVpcAssociation")
class GroupVpcAssociation(Declared):
    """Lets a group be used in a further VPC."""

    group: Value | None = attr("security_group_id", cfn="GroupId")
    vpc: Value | None = attr("vpc_id")


@shape("aws_ec2_managed_prefix_list", "aws_prefix_list", cfn="AWS::EC2::PrefixList")
class PrefixList(Declared):
    """
    Blocks under one name; a data source names a list that AWS manages.

    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """

    name: Value | None = attr("name", cfn="PrefixListName")
    family: Value | None = attr("address_family")
    entries: Value | None = attr("entry", cfn="Entries")


@shape("aws_ec2_managed_prefix_list_entry")
class PrefixListEntry(Declared):
    """An entry written outside of its list."""

    prefix_list: Value | None = attr("prefix_list_id")
    cidr: Value | None = attr("cidr")
