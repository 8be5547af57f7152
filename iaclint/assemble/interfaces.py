"""
Interfaces: where they are, which groups they carry, and whether anybody outside can address them.

How a public IPv4 address comes about:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iaclint.assemble.alike import one_of
from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref, flat, written
from iaclint.assemble.meant import meant
from iaclint.assemble.rules import find_group
from iaclint.assemble.vpcs import default_group, default_subnet, default_vpc, prefix_of
from iaclint.aws import interface as shapes
from iaclint.aws.security_group import GroupAttachment
from iaclint.aws.shape import Declared
from iaclint.aws.subnet import Subnet as SubnetShape
from iaclint.network import Group, Interface, Maybe, Perhaps, PublicAddress, Subnet, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Unknown, Value, elements, text, truth, whole


def build_interfaces(build: Build) -> None:
    """All interfaces that are declared on their own, or looked up."""
    for declared in build.index.all(shapes.NetworkInterface, data=True):
        subnet = _place(build, declared)
        interface = Interface(
            **place(declared),
            subnet=subnet,
            public=_existing(subnet),
            groups=groups_of(build, flat(declared.groups), subnet),
            groups_span=written(declared.groups, declared.span) if declared.groups else None,
            ipv6=has_ipv6(declared.ipv6, declared.ipv6_count, subnet),
            private=addresses_of(declared.private),
            ipv6_addresses=addresses_of(declared.ipv6),
            checks=_checks(declared.checks),
        )
        build.interfaces[declared.address] = interface
        build.network.interfaces.append(interface)


def attach_groups(build: Build) -> None:
    """
    Groups that are given to an interface by a resource of their own: to one that is written down,
    or to the primary one of an instance.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_interface_sg_attachment
    """
    for attachment in build.index.all(GroupAttachment):
        group = attachment.maybe or find_group(build, attachment.group)
        for each in interfaces_at(build, attachment.interface):
            each.groups += () if group is None else (group,)
        for each in interfaces_meant(build, attachment.interface):
            why = f"it is not known which interface {attachment.address} means"
            each.groups += (Unknown(why, attachment.span),)


def interfaces_at(build: Build, value: Value | None) -> list[Interface]:
    """What a value names: an interface, or the primary one of an instance."""
    ref = direct_ref(value)
    if ref is None:
        return []
    if ref.address in build.interfaces:
        return [build.interfaces[ref.address]]
    owners = [i for i in build.network.instances if i.address == ref.address]
    return [placement[0] for owner in owners for placement in owner.placements]


def interfaces_meant(build: Build, value: Value | None) -> list[Interface]:
    """The interfaces that a value may mean which does not say so."""
    owners = {i.address: i for i in build.network.instances}
    of = [each for owner in meant(build, value, owners) for each in owner.interfaces()]
    return of + meant(build, value, build.interfaces)


def addresses_of(value: Value | None) -> tuple[Maybe[Prefix], ...]:
    """
    The addresses that are asked for: texts, or in CloudFormation objects that hold one.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-instance-instanceipv6address.html
    """
    texts = (
        each.get("Ipv6Address") or each.get("PrivateIpAddress")
        if isinstance(each, MapValue)
        else each
        for each in flat(value)
    )
    return tuple(prefix for each in texts if (prefix := prefix_of(each)))


def _place(build: Build, declared: shapes.NetworkInterface) -> Maybe[Subnet]:
    if declared.is_data:
        return Unknown(f"{declared.address} is made elsewhere", declared.span)
    return find_subnet(build, declared.subnet, declared.resource)


def _checks(value: Value | None) -> Maybe[bool]:
    checks = truth(value)
    return True if checks is None else checks


def find_subnet(build: Build, value: Value | None, resource: Resource) -> Maybe[Subnet]:
    """The subnet a value names; nothing given means one of the default VPC."""
    found = build.index.find(value, SubnetShape)
    if isinstance(found, SubnetShape):
        return build.subnets[found.address]
    if isinstance(found, Unknown):
        return _looked_up(build, found) or one_of(build, found)
    return default_subnet(build, default_vpc(build, resource))


def _looked_up(build: Build, value: Unknown) -> Subnet | None:
    """`data.aws_subnets` with the default VPC as its filter yields default subnets."""
    if value.ref is None or (source := build.index.owner(value.ref)) is None:
        return None
    if source.kind not in ("aws_subnets", "aws_subnet_ids"):
        return None
    for vpc in build.network.vpcs:
        if vpc.assumed and any(name in source.depends for name in _names(build, vpc)):
            return default_subnet(build, vpc)
    return None


def _names(build: Build, vpc: Vpc) -> Iterable[str]:
    return (address for address, each in build.vpcs.items() if each is vpc)


def groups_of(
    build: Build, values: Iterable[Value], subnet: Maybe[Subnet]
) -> tuple[Maybe[Group], ...]:
    """
    The groups that are given, else the default group of the subnet's VPC: `default` is its name.
    """
    named = [*values]
    if named and all(text(value) == "default" for value in named):
        named = []
    found = tuple(g for value in named if (g := find_group(build, value)) is not None)
    vpc = subnet if isinstance(subnet, Unknown) else subnet.vpc
    default = vpc if isinstance(vpc, Unknown) else default_group(build, vpc)
    if not any(isinstance(group, Unknown) for group in found):
        return found or (default,)
    alone = not any(isinstance(group, Group) for group in found)
    return tuple(
        _perhaps(build, group, [default] if alone else []) if isinstance(group, Unknown) else group
        for group in found
    )


def _perhaps(build: Build, value: Unknown, others: Iterable[Maybe[Group]]) -> Unknown:
    """Which groups it can be that a condition decides; the `others` if it is none."""
    options = [*_options(build, value), *others]
    groups = tuple(each for each in options if isinstance(each, Group))
    if len(groups) < len(options):
        return value
    return Perhaps(value.reason, value.span, value.supply, groups=groups)


def _options(build: Build, value: Value) -> Iterator[Maybe[Group]]:
    if isinstance(value, ListValue) or (isinstance(value, Unknown) and value.choices):
        for each in value.choices if isinstance(value, Unknown) else elements(value):
            yield from _options(build, each)
    elif text(value):
        found = find_group(build, value)
        yield found if found is not None else Unknown("it names no group", value.span)


def has_ipv6(listed: Value | None, count: Value | None, subnet: Maybe[Subnet]) -> Maybe[bool]:
    """Whether an interface gets an IPv6 address: by name, by number, or from its subnet."""
    if isinstance(listed, Unknown):
        return listed
    if isinstance(listed, ListValue) and not listed.items and listed.more is not None:
        return listed.more
    if elements(listed):
        return True
    number = whole(count)
    if isinstance(number, Unknown):
        return number
    if number is not None:
        return number > 0
    return subnet if isinstance(subnet, Unknown) else subnet.assigns_ipv6


def _existing(subnet: Maybe[Subnet]) -> PublicAddress:
    """An interface of its own has no public address, except perhaps in a subnet that maps one."""
    if isinstance(subnet, Unknown):
        return PublicAddress(has=subnet, why="its subnet is not known")
    if subnet.maps_public is False:
        return PublicAddress(has=False, why="no Elastic IP is associated with it")
    maps = subnet.maps_public
    unsure = (
        maps
        if isinstance(maps, Unknown)
        else Unknown(
            f"{subnet.address} maps public addresses, which depends on how the interface is used"
        )
    )
    return PublicAddress(has=unsure, why="its subnet maps public addresses", how="existing")


def public_address(
    explicit: Value | None, subnet: Maybe[Subnet], count: int, owner: Declared
) -> PublicAddress:
    """The automatic public address of a new primary interface."""
    asked = truth(explicit)
    span = written(explicit, owner.span)
    if isinstance(asked, Unknown):
        return PublicAddress(has=asked, why=asked.reason, span=span)
    if asked is not None and not _ignored(owner, subnet):
        return _explicit(asked, span, count)
    if isinstance(subnet, Unknown):
        return PublicAddress(has=subnet, why=f"its subnet is not known: {subnet.reason}")
    return _from_subnet(subnet, count)


def _ignored(owner: Declared, subnet: Maybe[Subnet]) -> bool:
    """Terraform sends the flag only together with a subnet."""
    assumed = isinstance(subnet, Subnet) and subnet.assumed
    return assumed and owner.resource.kind in ("aws_instance", "aws_spot_instance_request")


def _explicit(asked: bool, span: Span, count: int) -> PublicAddress:
    if not asked:
        why = "a public address is refused"
        return PublicAddress(has=False, why=why, span=span, refused=True)
    if count > 1:
        return PublicAddress(
            has=False,
            why="with several interfaces AWS gives no automatic public address",
            span=span,
            asked=span,
            obstacle="X_SEVERAL_INTERFACES",
        )
    return PublicAddress(has=True, why="asked for", span=span, how="requested", asked=span)


def _from_subnet(subnet: Subnet, count: int) -> PublicAddress:
    maps = subnet.maps_public
    if isinstance(maps, Unknown):
        return PublicAddress(has=maps, why=maps.reason, span=subnet.maps_public_span)
    if not maps:
        return PublicAddress(
            has=False,
            why=f"{subnet.address} maps no public addresses",
            span=subnet.maps_public_span or subnet.span,
        )
    if count > 1:
        return PublicAddress(
            has=False,
            why="with several interfaces AWS gives no automatic public address",
            span=subnet.maps_public_span,
            asked=subnet.maps_public_span,
            obstacle="X_SEVERAL_INTERFACES",
        )
    return PublicAddress(
        has=True,
        why="its subnet maps public addresses",
        span=subnet.maps_public_span,
        how="subnet",
        asked=subnet.maps_public_span,
    )
