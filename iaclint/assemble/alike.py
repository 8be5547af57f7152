"""
One of several subnets, where nobody knows which: packets to and from it fare the same in each, or
the answer hangs on which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from iaclint.assemble.build import Build
from iaclint.aws.subnet import Subnet as SubnetShape
from iaclint.network import Acl, Gateway, Maybe, RouteTable, Subnet
from iaclint.value import Unknown


def one_of(build: Build, value: Unknown) -> Maybe[Subnet]:
    """The subnet that is one of the choices of a value; the value where they are not known."""
    if not value.choices:
        return value
    found = [build.index.find(choice, SubnetShape) for choice in value.choices]
    subnets = [build.subnets[each.address] for each in found if isinstance(each, SubnetShape)]
    if len(subnets) < len(found):
        return value
    for one, other in combinations(subnets, 2):
        what = differ(one, other)
        if what:
            return value if value.supply else _undecided(value, subnets, what)
    key = tuple(each.address for each in subnets)
    return build.among.setdefault(key, _merged(subnets))


def _undecided(value: Unknown, subnets: Sequence[Subnet], what: str) -> Unknown:
    names = " or ".join(each.address for each in subnets[:3])
    more = f" or one of {len(subnets) - 3} more" if len(subnets) > 3 else ""
    return replace(value, reason=f"it may be in {names}{more}, and their {what} differ")


def _merged(subnets: Sequence[Subnet]) -> Subnet:
    """Its address is one of those of any of them."""
    first = subnets[0]
    several = Unknown("which of several subnets it is is decided on apply", first.span)
    zones = {each.zone for each in subnets}
    return replace(
        first,
        address=" or ".join(each.address for each in subnets),
        label=" or ".join(each.label for each in subnets),
        prefix=several,
        ipv6=None if first.ipv6 is None else several,
        zone=first.zone if len(zones) == 1 else "",
        among=tuple(subnets),
    )


def differ(one: Subnet, other: Subnet) -> str:
    """In what the way of a packet may differ between two subnets; empty if in nothing."""
    compared = (
        ("VPCs", one.vpc is other.vpc),
        ("route tables", _same_tables(one.table, other.table)),
        ("network ACLs", _same_acls(one.acl, other.acl)),
        ("public addresses", _same(one.maps_public, other.maps_public)),
        ("IPv6 addresses", _same_ipv6(one, other)),
        ("kinds of zones", _same_zones(one.zone, other.zone)),
    )
    return next((what for what, same in compared if not same), "")


def _same(one: object, other: object) -> bool:
    """Two values that are not known are the same only if it is the same that is not known."""
    if isinstance(one, Unknown):
        return one is other or (one == other and bool(one.supply or one.ref))
    return one == other


def _same_ipv6(one: Subnet, other: Subnet) -> bool:
    blocks = (one.ipv6 is None) == (other.ipv6 is None)
    flags = ((one.assigns_ipv6, other.assigns_ipv6), (one.only_ipv6, other.only_ipv6))
    return blocks and all(_same(*pair) for pair in flags)


def _same_zones(one: str, other: str) -> bool:
    """Names of Local and Wavelength Zones have more parts than those of Availability Zones."""
    return not (one and other) or one.count("-") == other.count("-")


def _same_acls(one: Maybe[Acl], other: Maybe[Acl]) -> bool:
    if not (isinstance(one, Acl) and isinstance(other, Acl)) or one is other:
        return _same(one, other)
    if one.rest or other.rest or one.allows_all is not other.allows_all:
        return False
    return _entries(one) == _entries(other)


def _entries(acl: Acl) -> set[object]:
    return {
        (each.number, each.egress, each.allow, each.traffic, each.prefix, each.maybe)
        for each in acl.entries
    }


def _same_tables(one: Maybe[RouteTable], other: Maybe[RouteTable]) -> bool:
    if not (isinstance(one, RouteTable) and isinstance(other, RouteTable)) or one is other:
        return _same(one, other)
    closed = not any(table.rest or table.propagation for table in (one, other))
    return closed and _routes(one) == _routes(other)


def _routes(table: RouteTable) -> set[object]:
    return {(each.to, each.family, each.maybe, _leads(each.target)) for each in table.routes}


def _leads(target: Maybe[Gateway]) -> object:
    """Where a route leads: each zone has its own NAT gateway, and one is as good as the other."""
    if isinstance(target, Unknown):
        return target
    nat = target.subnet
    if not isinstance(nat, Subnet) or not isinstance(nat.table, RouteTable):
        return id(target)
    out = frozenset((each.to, id(each.target)) for each in nat.table.routes)
    return (target.title, target.private, id(nat.vpc), id(nat.acl), out)
