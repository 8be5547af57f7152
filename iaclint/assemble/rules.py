"""
Security groups: five spellings of a rule become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref, flat, written
from iaclint.assemble.meant import looked_up, may_find, meant
from iaclint.assemble.prefix_lists import list_blocks, managed_name
from iaclint.assemble.vpcs import default_group, find_vpc, prefix_of, vpc_of_attribute
from iaclint.aws import security_group as shapes
from iaclint.aws.protocol import NotAProtocol, group_traffic
from iaclint.aws.shape import decode, dig
from iaclint.network import Group, Maybe, Rule, Vpc
from iaclint.packet.prefix import Prefix, everything
from iaclint.packet.service import Traffic
from iaclint.resource import Resource
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, text, truth

DEFAULT_GROUP = ("default_security_group_id", "DefaultSecurityGroup")
PRIVATE_ADDRESS = ("private_ip", "PrivateIp", "PrimaryPrivateIpAddress", "private_ips")
PUBLIC_ADDRESS = ("public_ip", "PublicIp", "Ref")
"""The `Ref` of nothing but an Elastic IP can stand in a block."""


def build_groups(build: Build) -> None:
    """All groups with all their rules."""
    for declared in build.index.all(shapes.SecurityGroup, data=True):
        if declared.is_default:
            _adopt(build, declared)
        else:
            _group(build, declared)
    for association in build.index.all(shapes.GroupVpcAssociation):
        group = find_group(build, association.group)
        if isinstance(group, Group):
            group.also += (find_vpc(build, association.vpc),)
    for rule in build.index.all(shapes.SecurityGroupRule):
        _add(build, rule)
    for declared in build.index.all(shapes.SecurityGroup):
        _default_egress(build, declared)
    for exclusive in build.index.all(shapes.ExclusiveRules):
        _exclusive(build, exclusive)
    for declared in build.index.all(shapes.SecurityGroup, data=True):
        if declared.is_data:
            group = build.groups[declared.address]
            group.may_be = tuple(_found_elsewhere(build, declared.resource))


def _found_elsewhere(build: Build, source: Resource) -> Iterator[Group]:
    """The groups of other roots that a data source may find: those of its own are known to it."""
    for declared in build.index.all(shapes.SecurityGroup):
        group = build.groups[declared.address]
        elsewhere = _folder(declared.resource) != _folder(source)
        if elsewhere and may_find(build, source, group):
            yield group


def _folder(resource: Resource) -> str:
    return str(PurePath(resource.span.path).parent)


def build_dormant(build: Build, dormant: Iterable[Resource]) -> None:
    """The inbound rules that a group would have with a switch on that is off."""
    for declared in decode(dormant):
        if not isinstance(declared, shapes.SecurityGroupRule) or declared.direction != "ingress":
            continue
        group: Maybe[Group] | None = build.groups.get(declared.address)
        if not declared.inline:
            group = find_group(build, declared.group)
        if isinstance(group, Group) and all(r.span != declared.span for r in group.ingress):
            group.off.append(_rule(build, declared, group))


def _group(build: Build, declared: shapes.SecurityGroup) -> None:
    if declared.is_data:
        vpc: Maybe[Vpc] = Unknown(f"{declared.address} is made elsewhere", declared.span)
    else:
        vpc = find_vpc(build, declared.vpc, declared.resource)
    rest_out = declared.rest("egress")
    group = Group(**place(declared), vpc=vpc, rest=_rest(declared), rest_out=rest_out)
    build.groups[declared.address] = group
    build.network.groups.append(group)


def _adopt(build: Build, declared: shapes.SecurityGroup) -> None:
    """The default group under management keeps only its inline rules."""
    vpc = find_vpc(build, declared.vpc, declared.resource)
    if isinstance(vpc, Unknown):
        _group(build, declared)
        return
    group = default_group(build, vpc)
    group.ingress.clear()
    group.egress.clear()
    group.address, group.label = declared.address, declared.address.rsplit(".", 1)[-1]
    group.span, group.resource = declared.span, declared.resource
    group.rest = declared.maybe or _rest(declared)
    group.rest_out = declared.rest("egress")
    build.groups[declared.address] = group


def _rest(declared: shapes.SecurityGroup) -> Unknown | None:
    if declared.is_data:
        return Unknown(f"the rules of {declared.address} are made elsewhere", declared.span)
    if declared.resource.ignored & {"ingress", "egress"}:
        return Unknown(f"changes to the rules of {declared.address} are ignored", declared.span)
    return declared.rest("ingress")


def find_group(build: Build, value: Value | None) -> Maybe[Group] | None:
    """
    The group a value names: by id, by name, or as the default group of a VPC. In the specification
    of a spot fleet the id stands in an object.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-spotfleet-groupidentifier.html
    """
    if isinstance(value, MapValue):
        value = value.get("GroupId")
    vpc = vpc_of_attribute(build, value, *DEFAULT_GROUP)
    if vpc is not None:
        return default_group(build, vpc)
    found = build.index.find(value, shapes.SecurityGroup)
    if isinstance(found, shapes.SecurityGroup):
        return build.groups[found.address]
    if isinstance(value, Scalar):
        return _by_name(build, str(value.value)) or found
    return found


def _by_name(build: Build, name: str) -> Group | None:
    named = [d for d in build.index.all(shapes.SecurityGroup) if text(d.name) == name]
    if len(named) == 1:
        return build.groups[named[0].address]
    if name == "default" and len(build.defaults) == 1:
        return default_group(build, next(iter(build.defaults.values())))
    return None


def _add(build: Build, declared: shapes.SecurityGroupRule) -> None:
    if declared.inline:
        group: Maybe[Group] | None = build.groups.get(declared.address)
    else:
        group = find_group(build, declared.group)
    direction = declared.direction
    if not declared.inline:
        for each, why in _meant(build, declared.group, group):
            rule = _rule(build, declared, each)
            rule.maybe = rule.maybe or why
            each.perhaps += [(rule, out) for out in (False, True) if _may_be(direction, out)]
    if not isinstance(group, Group):
        return
    rule = _rule(build, declared, group)
    if isinstance(direction, Unknown):
        rule.maybe = direction
        group.perhaps.append((rule, True))
        direction = "ingress"
    (group.ingress if direction == "ingress" else group.egress).append(rule)


def _may_be(direction: shapes.Direction | Unknown, out: bool) -> bool:
    return isinstance(direction, Unknown) or (direction == "egress") is out


def _meant(
    build: Build, value: Value | None, found: Maybe[Group] | None
) -> list[tuple[Group, Unknown]]:
    """
    The groups that a value may name: those it is made of, or that a data source may find. An id
    that is written out names a group made elsewhere, unless it is a default to be filled in.
    """
    why = value if isinstance(value, Unknown) else found
    if not isinstance(why, Unknown) or (_said(value) and not why.supply):
        return []
    if why.ref is None or looked_up(build, why):
        for vpc in build.network.vpcs:
            default_group(build, vpc)
    every = {group.address: group for group in build.network.groups}
    return [(each, why) for each in meant(build, why, every) if each is not found]


def _rule(build: Build, declared: shapes.SecurityGroupRule, group: Group) -> Rule:
    rule = Rule(
        **place(declared),
        traffic=Traffic(255),
        maybe=declared.maybe,
        says=f"{_said(declared.description)} {'' if declared.inline else declared.address}",
    )
    incomplete = _incomplete(declared)
    try:
        rule.traffic = incomplete or group_traffic(declared.protocol, declared.first, declared.last)
    except NotAProtocol as error:
        rule.invalid = f'"{error}" is not a protocol security groups know'
    _blocks(rule, declared)
    _lists(build, rule, declared)
    _peers(build, rule, declared, group)
    if not (rule.prefixes or rule.groups or rule.holders or rule.managed):
        left_open = incomplete or _left_open(declared)
        rule.prefixes = () if left_open is None else (left_open,)
    return rule


def _incomplete(declared: shapes.SecurityGroupRule) -> Unknown | None:
    """
    CloudFormation refuses a rule that names no protocol; what such a rule is to let through is not
    written, and nobody knows how a stack that has one was made.
    """
    if declared.protocol is not None or declared.is_terraform:
        return None
    return Unknown(f"a rule of {declared.address} has no IpProtocol", declared.span)


def _said(value: Value | None) -> str:
    plain = text(value)
    return plain if isinstance(plain, str) else ""


def _blocks(rule: Rule, declared: shapes.SecurityGroupRule) -> None:
    over_ipv6 = tuple(flat(declared.ipv6_cidrs))
    for value in (*flat(declared.cidrs), *over_ipv6):
        holder = _holder(value, PRIVATE_ADDRESS)
        if holder:
            rule.holders += (holder,)
            continue
        prefix = prefix_of(value)
        if prefix is None:
            continue
        rule.prefixes += (prefix,)
        if isinstance(prefix, Unknown) and any(value is each for each in over_ipv6):
            rule.of_ipv6 += (prefix,)
        holder = _holder(value, PUBLIC_ADDRESS)
        if holder and isinstance(prefix, Unknown):
            rule.public_of += ((holder, prefix),)
        if isinstance(prefix, Prefix):
            rule.texts += ((prefix, written(value, declared.span)),)


def _holder(value: Value, attributes: tuple[str, ...]) -> str:
    """The resource whose address a block is (`${…private_ip}/32`), by one of these attributes."""
    if not isinstance(value, Unknown) or value.choices:
        return ""
    found = list(value.refs())
    if len(found) == 1 and found[0].attribute.split("[")[0] in attributes:
        return found[0].address
    return ""


def _left_open(declared: shapes.SecurityGroupRule) -> Unknown | None:
    """
    A list of sources that is empty where it comes from: the default of a variable that somebody
    is to fill in.
    """
    for name in ("cidr_blocks", "ipv6_cidr_blocks"):
        value = dig(declared.block, name) or declared.resource.attributes.get(name)
        if isinstance(value, ListValue) and not value.items and value.origin is not None:
            return Unknown("the list of sources is empty where it comes from", value.origin)
    return None


def _lists(build: Build, rule: Rule, declared: shapes.SecurityGroupRule) -> None:
    for value in flat(declared.prefix_lists):
        name = managed_name(build, value)
        if name:
            rule.managed += (name,)
        else:
            rule.prefixes += tuple(list_blocks(build, value))


def _peers(build: Build, rule: Rule, declared: shapes.SecurityGroupRule, group: Group) -> None:
    for value in flat(declared.peers):
        found = find_group(build, value)
        if found is not None:
            rule.groups += (found,)
    own = truth(declared.self_)
    if own is True:
        rule.groups += (group,)
    elif isinstance(own, Unknown):
        rule.groups += (own,)


def _default_egress(build: Build, declared: shapes.SecurityGroup) -> None:
    """CloudFormation leaves the allow-all egress of a new group unless a rule is given."""
    group = build.groups[declared.address]
    certain = any(rule.maybe == declared.maybe for rule in group.egress)
    if declared.is_terraform or certain or group.rest_out:
        return
    others = [*group.egress, *(rule for rule, outbound in group.perhaps if outbound)]
    group.egress.append(
        Rule(
            address=declared.address,
            label="default egress",
            maybe=others[0].maybe if others else None,
            traffic=Traffic(None),
            prefixes=(everything("ipv4"), everything("ipv6")),
        )
    )


def _exclusive(build: Build, declared: shapes.ExclusiveRules) -> None:
    group = find_group(build, declared.group)
    if not isinstance(group, Group):
        return
    group.ingress = _kept(group.ingress, declared.ingress, declared.maybe)
    group.egress = _kept(group.egress, declared.egress, declared.maybe)


def _kept(rules: list[Rule], listed: Value | None, maybe: Unknown | None) -> list[Rule]:
    names = {ref.address for value in flat(listed) if (ref := direct_ref(value))}
    if any(isinstance(value, Unknown) and value.ref is None for value in flat(listed)):
        return rules
    if maybe is None:
        return [rule for rule in rules if rule.address in names]
    for rule in rules:
        rule.maybe = rule.maybe if rule.address in names else rule.maybe or maybe
    return rules
