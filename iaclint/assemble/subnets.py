"""
Subnets, each with the table and the ACL that count for it.
"""

from __future__ import annotations

from iaclint.assemble.acls import find_acl
from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.meant import meant
from iaclint.assemble.tables import find_table
from iaclint.assemble.vpcs import default_acl, default_vpc, find_vpc, main_table, prefix_of
from iaclint.aws import network_acl, routing
from iaclint.aws import subnet as shapes
from iaclint.network import Acl, Maybe, RouteTable, Subnet, Vpc
from iaclint.source import Span
from iaclint.value import Unknown, text, truth

Given = tuple[Maybe[RouteTable], Span]


def build_subnets(build: Build) -> None:
    """All subnets that are written down."""
    for declared in build.index.all(shapes.Subnet, data=True):
        build.subnets[declared.address] = subnet = _subnet(build, declared)
        build.network.subnets.append(subnet)
    for address, given in _associations(build).items():
        build.subnets[address].table, build.subnets[address].association = given
    for address, acl in _acls(build).items():
        build.subnets[address].acl = acl
    for block in build.index.all(shapes.SubnetBlock):
        found = build.index.find(block.subnet, shapes.Subnet)
        if isinstance(found, shapes.Subnet):
            further = block.maybe or prefix_of(block.ipv6, "ipv6")
            build.subnets[found.address].ipv6 = further


def _subnet(build: Build, declared: shapes.Subnet) -> Subnet:
    vpc = _vpc(build, declared)
    made = f"{declared.address} is made elsewhere"
    foreign = Unknown(made, declared.span) if declared.is_data else None
    public = truth(declared.maps_public)
    implicit = _implicit(build, vpc, foreign)
    return Subnet(
        **place(declared),
        vpc=vpc,
        prefix=foreign or prefix_of(declared.cidr, "ipv4"),
        ipv6=foreign or prefix_of(declared.ipv6, "ipv6"),
        table=implicit[0],
        acl=implicit[1],
        maps_public=foreign or (declared.is_default if public is None else public),
        maps_public_span=written(declared.maps_public, declared.span)
        if declared.maps_public
        else None,
        assigns_ipv6=foreign or truth(declared.assigns_ipv6) or False,
        only_ipv6=truth(declared.ipv6_native) or False,
        zone=_zone(declared),
    )


def _implicit(
    build: Build, vpc: Maybe[Vpc], foreign: Unknown | None
) -> tuple[Maybe[RouteTable], Maybe[Acl]]:
    """The main table and the default ACL: what counts where nothing else was given."""
    if isinstance(vpc, Unknown):
        return vpc, vpc
    if foreign is not None:
        return foreign, foreign
    return main_table(build, vpc), default_acl(build, vpc)


def _zone(declared: shapes.Subnet) -> str:
    zone = text(declared.zone)
    return zone if isinstance(zone, str) else ""


def _vpc(build: Build, declared: shapes.Subnet) -> Maybe[Vpc]:
    if declared.is_default:
        return default_vpc(build, declared.resource)
    return find_vpc(build, declared.vpc)


def _associations(build: Build) -> dict[str, Given]:
    """
    The table given to each subnet, by the address of the subnet. That it may be given the one that
    it has without that is no doubt.
    """
    given: dict[str, Given] = {}
    for declared in build.index.all(routing.RouteTableAssociation):
        for value in flat(declared.subnet):
            found = build.index.find(value, shapes.Subnet)
            if isinstance(found, shapes.Subnet):
                table = find_table(build, declared.table) or _unknown_table(build, declared)
                maybe = declared.maybe_beside(found)
                if maybe is None or table is not build.subnets[found.address].table:
                    given[found.address] = (maybe or table, declared.span)
    for subnet, unknown in _uncertain(build).items():
        given.setdefault(subnet, unknown)
    return given


def _unknown_table(build: Build, declared: routing.RouteTableAssociation) -> Unknown:
    found = build.index.find(declared.table, routing.RouteTable)
    if isinstance(found, Unknown):
        return found
    return Unknown("the association names no table", declared.span)


def _uncertain(build: Build) -> dict[str, Given]:
    """Subnets that an association may mean whose subnet is one of several."""
    found: dict[str, Given] = {}
    for declared in build.index.all(routing.RouteTableAssociation):
        table = find_table(build, declared.table)
        for value in flat(declared.subnet):
            why = Unknown(f"it is not known which subnet {declared.address} means", declared.span)
            for subnet in meant(build, value, build.subnets):
                if subnet.table is not table:
                    found[subnet.address] = (why, declared.span)
    return found


def _acls(build: Build) -> dict[str, Maybe[Acl]]:
    """The ACL given to each subnet, by the address of the subnet; no doubt as with tables."""
    given: dict[str, Maybe[Acl]] = {}
    for declared in build.index.all(network_acl.NetworkAcl):
        for value in flat(declared.subnets):
            found = build.index.find(value, shapes.Subnet)
            if isinstance(found, shapes.Subnet):
                acl = build.acls[declared.address]
                maybe = declared.maybe_beside(found)
                if maybe is None or acl is not build.subnets[found.address].acl:
                    given[found.address] = maybe or acl
    for association in build.index.all(network_acl.AclAssociation):
        found = build.index.find(association.subnet, shapes.Subnet)
        one = find_acl(build, association.acl)
        if isinstance(found, shapes.Subnet):
            unknown = Unknown("the association names no ACL known here", association.span)
            maybe = association.maybe_beside(found)
            if maybe is None or one is not build.subnets[found.address].acl:
                given[found.address] = maybe or one or unknown
    for address, why in _uncertain_acls(build).items():
        given.setdefault(address, why)
    return given


def _uncertain_acls(build: Build) -> dict[str, Unknown]:
    """Subnets that an ACL may be given to, where it is not known which ones are."""
    found: dict[str, Unknown] = {}
    lists = [(each, each.subnets) for each in build.index.all(network_acl.NetworkAcl)]
    singles = [(each, each.subnet) for each in build.index.all(network_acl.AclAssociation)]
    for declared, given in (*lists, *singles):
        for value in flat(given):
            span = written(value, declared.span)
            why = Unknown(f"it is not known which subnet {declared.address} means", span)
            for subnet in meant(build, value, build.subnets):
                found[subnet.address] = why
    return found
