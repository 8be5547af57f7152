"""
The table of a subnet: whether it leads to the other end of a connection by a gateway.

https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from iaclint.finding import Label
from iaclint.network import (
    Attachment,
    Gateway,
    Interface,
    Maybe,
    Node,
    Route,
    RouteTable,
    Subnet,
    TransitRoute,
    Vpc,
)
from iaclint.packet.prefix import PRIVATE, Family, Prefix, addresses, everything, show
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.lookup import Match, Row, match
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.trace.route import local_routes, rated
from iaclint.value import Unknown

NOWHERE = Span("", 1)
R = TypeVar("R", Route, TransitRoute)

MOST = 8
"""Of a network that is not known all private addresses may be but those of our VPC: a few."""


def table_step(
    interface: Interface,
    peers: Region,
    family: Family,
    gateway: Gateway,
    direction: Direction,
    to: Node,
    one: bool = True,
) -> Step:
    """Whether the table of an interface's subnet leads to the other end by a gateway."""
    subnet, table = interface.subnet, table_of(interface)
    if isinstance(table, Unknown):
        return Step(
            direction, interface, "route table", table.reason, Region(), peers, peers, one, None,
            (table,),
        )  # fmt: skip
    assert isinstance(subnet, Subnet)
    found = led(table, subnet.vpc, family, peers, gateway, direction)
    step = Step(direction, table, "", "", found.sure, found.possible, peers, one)
    blocker = None
    if step.verdict == "block":
        blocker = _no_way(subnet, table, family, peers, gateway, found, to)
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    return Step(
        direction, table, table.title,
        f"{table.address} {verb} to {told(peers, family, to)} by {gateway.address}", found.sure,
        found.possible, peers, one, blocker, found.unknowns,
        blocker.at.span if blocker else table.span,
    )  # fmt: skip


def table_of(interface: Interface) -> Maybe[RouteTable]:
    """The table of the subnet an interface is in."""
    subnet = interface.subnet
    return subnet if isinstance(subnet, Unknown) else subnet.table


def led(
    table: RouteTable,
    vpc: Maybe[Vpc],
    family: Family,
    peers: Region,
    gateway: Gateway,
    direction: Direction,
) -> Match[Route]:
    """Which destinations a table sends to a gateway, its VPC's local routes included."""
    rows = [rated(route, _leads_to(route, gateway)) for route in table.routes]
    if direction == "request":
        rows = [replace(row, good=_past(row, gateway, family, peers)) for row in rows]
    rows += [rated(route, False) for route in local_routes(table, vpc)]
    return match(rows, family, peers, table.rest)


def _past(row: Row[Route], gateway: Gateway, family: Family, peers: Region) -> bool | Unknown:
    """
    A NAT gateway takes requests to other networks too, under an address of its own, where the
    table of its subnet leads there.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
    """
    nat = row.route.target
    if isinstance(nat, Unknown) or nat.title != "NAT gateway":
        return row.good
    subnet = nat.subnet
    table = subnet.table if isinstance(subnet, Subnet) else subnet
    if isinstance(subnet, Subnet) and isinstance(table, RouteTable):
        found = led(table, subnet.vpc, family, peers, gateway, "reply")
        if not found.possible:
            return False
    return Unknown(f"{nat.address} may lead the packets on, from an address of its own", nat.span)


def _leads_to(route: Route, gateway: Gateway) -> bool | Unknown:
    target = route.target
    if isinstance(target, Unknown):
        return target
    if target is gateway:
        return True
    if target.checks is True:
        return False
    if target.kind in ("appliance", "interface"):
        return Unknown(f"{target.address} decides what passes", target.span)
    alike = (target.kind, target.title) == (gateway.kind, gateway.title)
    unseen = bool(target.vpcs) and all(isinstance(v, Unknown) for v in target.vpcs)
    named = unseen and target.resource is None
    if alike and (named or target.elsewhere or gateway.elsewhere):
        why = f"whether {target.address} is {gateway.address} is not known"
        return Unknown(why, target.span)
    return False


def _no_way(
    subnet: Subnet,
    table: RouteTable,
    family: Family,
    peers: Region,
    gateway: Gateway,
    found: Match[Route],
    to: Node,
) -> Blocker:
    node = _written(table, subnet)
    span = node.span or NOWHERE
    destination = told(peers, family, to)
    wrong = blamed(found, peers, family)
    if wrong is not None and wrong.origin == "local":
        text = f"{wrong.label} is the VPC's own block, so that {destination} never leaves it"
        return Blocker(Reason.OVERLAP, node, Label(span, text), about=(gateway, subnet, to))
    if wrong is not None and not _is_default(wrong) and isinstance(wrong.target, Gateway):
        text = f"sends {wrong.label} to {wrong.target.address}, not to {gateway.address}"
        at = Label(wrong.span or span, text)
        return Blocker(
            Reason.PEER_ROUTE_ELSEWHERE, node, at, about=(gateway, subnet, to, wrong.target)
        )
    text = f"no route for {destination} to {gateway.address} here"
    if isinstance(node, Vpc):
        text = f"its main route table has no route for {destination} to {gateway.address}"
    uses = f"uses the {table.address}" if table.span is None else "uses this table"
    near = (Label(subnet.span, uses),) if subnet.span and node is not subnet else ()
    toward = f"{gateway.address} {_place(to).address}"
    about = (gateway, subnet, to)
    return Blocker(Reason.NO_PEER_ROUTE, node, Label(span, text), near, about, toward=toward)


def _written(table: RouteTable, subnet: Subnet) -> Node:
    """What stands for a table in the files: of a main table that is no resource, its VPC."""
    if table.span is not None:
        return table
    vpc = subnet.vpc
    return vpc if isinstance(vpc, Vpc) and vpc.span is not None else subnet


def told(peers: Region, family: Family, to: Node) -> str:
    """Addresses in words: whose they are, where nothing else is known of them."""
    private = addresses(PRIVATE, family)
    if (private - peers).size * MOST >= private.size:
        return show(peers, family)
    place = _place(to)
    return f"the block of {place.address}" if isinstance(place, Vpc) else "a connected network"


def blamed(found: Match[R], peers: Region, family: Family) -> R | None:
    """The route that surely leads these addresses elsewhere, if they are known."""
    known = not everything(family).region <= peers
    return next((r for r in found.wrong if known and isinstance(r.to, Prefix)), None)


def _place(to: Node) -> Node:
    """Whose blocks a route has to name: the VPC of an interface, or at a transit gateway."""
    vpc = to.vpc if isinstance(to, Interface | Attachment) else to
    return to if isinstance(vpc, Unknown) else vpc


def _is_default(route: Route) -> bool:
    """A route for everything is nobody's answer to where one network is."""
    return isinstance(route.to, Prefix) and route.to.length <= 1
