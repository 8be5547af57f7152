"""
Inside of one VPC: the local route leads everywhere, unless a narrower one leads elsewhere.

https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html#subnet-route-tables
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.network import Gateway, Interface, Middlebox, Route, RouteTable, Subnet, Vpc
from iaclint.packet.prefix import Family, Prefix, everything, show
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.lookup import Row, match
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.trace.route import rated
from iaclint.value import Unknown


def local_step(
    interface: Interface,
    other: Interface,
    peers: Region,
    family: Family,
    direction: Direction,
    crosses: bool,
    through: Middlebox | None = None,
) -> Iterator[Step]:
    """
    The table of a subnet, where it has a say about the `other` end in the same VPC. What a
    middlebox that the packets go `through` does with them is asked elsewhere.
    """
    subnet = interface.subnet
    if not crosses or isinstance(subnet, Unknown) or isinstance(subnet.vpc, Unknown):
        return
    table = subnet.table
    if isinstance(table, Unknown) or not _narrower(table, subnet.vpc, family):
        return
    routes = _narrower(table, subnet.vpc, family)
    rows = [rated(route, _passes(route, other, through)) for route in routes]
    rows.append(_everywhere(table, family))
    found = match(rows, family, peers)
    step = Step(direction, table, "", "", found.sure, found.possible, peers, True)
    blocker = None
    if step.verdict == "block":
        blocker = _blocker(subnet, table, found.wrong[0])
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    yield Step(
        direction, table, table.title,
        f"{table.address} {verb} to {show(peers, family)}", found.sure, found.possible, peers,
        True, blocker, found.unknowns, blocker.at.span if blocker else table.span,
    )  # fmt: skip


def inspected(
    interface: Interface, peers: Region, family: Family, crosses: bool
) -> Middlebox | None:
    """The middlebox to which a table sends all packets for these addresses of its own VPC."""
    subnet = interface.subnet
    if not crosses or isinstance(subnet, Unknown) or isinstance(subnet.vpc, Unknown):
        return None
    if isinstance(subnet.table, Unknown):
        return None
    routes = _narrower(subnet.table, subnet.vpc, family)
    for box in dict.fromkeys(r.target for r in routes if isinstance(r.target, Middlebox)):
        rows = [rated(route, route.target is box) for route in routes]
        if peers <= match(rows, family, peers, subnet.table.rest).sure:
            return box
    return None


def _narrower(table: RouteTable, vpc: Vpc, family: Family) -> list[Route]:
    """Routes for the VPC's own addresses that are not its local route."""
    own = [p for p in vpc.prefixes if isinstance(p, Prefix)]
    return [
        route
        for route in table.routes
        if isinstance(route.to, Prefix)
        and route.to.family == family
        and any(route.to in block for block in own)
        and not (isinstance(route.target, Gateway) and route.target.kind == "local")
    ]


def _everywhere(table: RouteTable, family: Family) -> Row[Route]:
    local = Gateway(address="local", label="local", kind="local", title="local")
    to = everything(family)
    route = Route(address=table.address, label="local", to=to, target=local, origin="local")
    return rated(route, True)


def _passes(route: Route, other: Interface, through: Middlebox | None) -> bool | Unknown:
    """
    An interface takes what is for itself, and an appliance may forward what is not; nothing else
    brings it back into the VPC.
    """
    target = route.target
    if isinstance(target, Unknown):
        return target
    if target is through or (target.resource and target.resource is other.resource):
        return True
    if target.checks is True:
        return False
    if target.kind in ("appliance", "interface"):
        return Unknown(f"{target.address} decides what passes", target.span)
    return False


def _blocker(subnet: Subnet, table: RouteTable, route: Route) -> Blocker:
    span = route.span or table.span or subnet.span or Span("", 1)
    target = route.target
    assert isinstance(target, Gateway)
    if target.kind == "interface":
        text = f"{target.address} gets {route.label}, and drops what is not for itself"
        return Blocker(Reason.SOURCE_CHECK, target, Label(span, text), about=(table, subnet))
    text = f"sends {route.label}, a part of the VPC, to {target.address}"
    return Blocker(Reason.LOCAL_ELSEWHERE, table, Label(span, text), about=(target, subnet))
