"""
Between the internet gateway and a subnet: middleboxes to which an edge table, or the table of the
subnet, sends the packets first.

https://docs.aws.amazon.com/vpc/latest/userguide/gwlb-route.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.network import (
    Gateway,
    Interface,
    Maybe,
    Middlebox,
    Network,
    Route,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import Family, Prefix, everything
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.trace.acl import acl_step
from iaclint.trace.firewall import Question
from iaclint.trace.inside import NOBODY, acl_of, region_of
from iaclint.trace.local import local_step
from iaclint.trace.lookup import match
from iaclint.trace.middlebox import NEVER, NOWHERE, Crossing, Via, apart, either
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.trace.route import local_routes, outside, rated, routed
from iaclint.value import Unknown


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a gateway sends what comes in for an interface: a middlebox, or who knows where."""

    table: RouteTable
    box: Middlebox | Unknown


def ingress(
    network: Network, interface: Interface, family: Family, service: Service, peers: Region
) -> tuple[list[Step], list[Step]]:
    """
    What the requests pass between the internet gateway and the subnet, and what the replies pass
    between the subnet and the gateway.
    """
    subnet = interface.subnet
    if not isinstance(subnet, Subnet) or not isinstance(vpc := subnet.vpc, Vpc):
        return [], []
    edge = _edge(network, vpc, interface, family)
    first: Middlebox | None = None
    request: list[Step] = []
    if edge is not None:
        if isinstance(edge.box, Unknown):
            return [_undecided(edge.table, edge.box, peers)], []
        first = edge.box
        request.append(_sent(edge.table, first, peers))
    asked = Question(family, service, peers, region_of(interface, family))
    back = _replies(subnet, vpc, family, peers)
    boxes = [*([first] if first is not None else []), *(box for box in back if box is not first)]
    crossings = [
        Crossing(
            box, asked, Via(peers, peers) if box is first else NEVER, back.get(box, NEVER),
            apart=apart(box),
        )
        for box in boxes
    ]  # fmt: skip
    reply: list[Step] = []
    for crossing in crossings:
        request += crossing.requests()
        reply += crossing.replies()
        if crossing.box is first:
            request += _inward(crossing.box, interface, family, service, peers)
        if crossing.back.possible:
            reply += _outward(network, crossing, vpc)
    return request, reply


# ---- there -----------------------------------------------------------------------------------


def _edge(network: Network, vpc: Vpc, interface: Interface, family: Family) -> Edge | None:
    """The middlebox to which a table at the gateway sends what is for the interface."""
    region = region_of(interface, family)
    for gateway in network.internet_gateways(vpc):
        table = network.edges.get(id(gateway))
        if table is None:
            continue
        met = [route for route in table.routes if _diverts(route, region, family)]
        if table.rest is not None:
            return Edge(table, table.rest)
        if not met:
            continue
        return Edge(table, _led_to(table, met[0].target, vpc, region, family))
    return None


def _led_to(
    table: RouteTable, target: Maybe[Gateway], vpc: Vpc, region: Region, family: Family
) -> Middlebox | Unknown:
    if isinstance(target, Unknown):
        return Unknown("a target that is not known decides what passes", table.span)
    if isinstance(target, Middlebox):
        rows = [rated(route, route.target is target) for route in table.routes]
        rows += [rated(route, False) for route in local_routes(table, vpc)]
        if region <= match(rows, family, region).sure:
            return target
    return Unknown(f"{target.address} decides what passes", table.span)


def _diverts(route: Route, region: Region, family: Family) -> bool:
    if not isinstance(route.target, Unknown) and route.target.kind == "local":
        return False
    if isinstance(route.to, Prefix):
        return route.to.family == family and bool(route.to.region & region)
    return route.family in (None, family)


def _undecided(table: RouteTable, why: Unknown, peers: Region) -> Step:
    return Step(
        "request", table, f"edge table {table.label}", why.reason, Region(), peers, peers,
        unknowns=(why,), span=table.span,
    )  # fmt: skip


def _sent(table: RouteTable, box: Middlebox, peers: Region) -> Step:
    return Step(
        "request", table, f"edge table {table.label}", f"{table.address} leads to {box.address}",
        peers, peers, peers, span=table.span,
    )  # fmt: skip


def _inward(
    box: Middlebox, interface: Interface, family: Family, service: Service, peers: Region
) -> Iterator[Step]:
    """From the endpoint to the interface: by the local route, unless a narrower one leads away."""
    region = region_of(interface, family)
    steps = (
        step
        for door in box.interfaces
        for step in local_step(door, interface, region, family, "request", True)
    )
    away = next((step for step in steps if step.verdict != "allow"), None)
    if away is not None:
        why = Unknown(f"where {away.node.address} sends {box.address}'s packets", away.span)
        yield replace(
            away, sure=Region(), possible=peers, peers=peers, blocker=None, unknowns=(why,)
        )
    yield from _filtered(box, family, service, peers, "request")


def _filtered(
    box: Middlebox, family: Family, service: Service, peers: Region, direction: Direction
) -> Iterator[Step]:
    """An ACL around the endpoint may stop packets as well; AWS does not say so for certain."""
    for acl in dict.fromkeys(acl_of(door) for door in box.interfaces):
        for egress in (False, True):
            step = acl_step(acl, direction, egress, family, service, peers, False, NOBODY)
            if peers <= step.sure:
                continue
            why = Unknown(f"whether {step.node.address} stops it is not known", step.span)
            yield replace(step, possible=peers, blocker=None, unknowns=(why,))
            if step.verdict != "allow":
                return


# ---- and back --------------------------------------------------------------------------------


def _replies(subnet: Subnet, vpc: Vpc, family: Family, peers: Region) -> dict[Middlebox, Via]:
    """The middleboxes to which the table of a subnet leads, and for which clients."""
    table = subnet.table
    if isinstance(table, Unknown):
        return {}
    found: dict[Middlebox, Via] = {}
    for box in dict.fromkeys(r.target for r in table.routes if isinstance(r.target, Middlebox)):
        rows = (
            rated(r, r.target if isinstance(r.target, Unknown) else r.target is box)
            for r in table.routes
        )
        met = match(rows, family, outside(vpc, family, peers), table.rest)
        if met.possible:
            found[box] = Via(met.sure, met.possible)
    return found


def _outward(network: Network, crossing: Crossing, vpc: Vpc) -> Iterator[Step]:
    """From the endpoint on to the internet gateway, by the table of the endpoint's subnet."""
    box, via, asked = crossing.box, crossing.back, crossing.asked
    for step in either([_route_on(network, door, vpc, crossing) for door in box.interfaces], box):
        sure = step.sure | (asked.clients - via.possible)
        yield replace(step, sure=sure, possible=step.possible | (asked.clients - via.sure))
    yield from _filtered(box, asked.family, asked.service, asked.clients, "reply")


def _route_on(network: Network, door: Interface, vpc: Vpc, crossing: Crossing) -> Step:
    box, asked = crossing.box, crossing.asked
    peers, subnet = asked.clients, door.subnet
    if isinstance(subnet, Unknown):
        return _unseen(door, peers, subnet)
    table = subnet.table
    if isinstance(table, Unknown):
        return _unseen(door, peers, table)
    if subnet.vpc is not vpc:
        return _unseen(door, peers, Unknown(f"{box.address} is in another VPC", box.span))
    found = routed(table, vpc, asked.family, peers, network)
    sure, unknowns = found.sure, found.unknowns
    if _replies(subnet, vpc, asked.family, peers):
        sure = Region()
        unknowns += (Unknown(f"{box.address} is followed by another middlebox", box.span),)
    step = Step(
        "reply", table, table.title, "", sure, found.possible, peers,
        unknowns=unknowns, span=table.span,
    )  # fmt: skip
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    message = f"{table.address} {verb} from {box.address} to the internet gateway"
    step = replace(step, message=message)
    if step.verdict != "block":
        return step
    blocker = _no_way_on(subnet, table, box, asked.family)
    return replace(step, blocker=blocker, span=blocker.at.span)


def _unseen(door: Interface, peers: Region, why: Unknown) -> Step:
    return Step("reply", door, "route table", why.reason, Region(), peers, peers, unknowns=(why,))


def _no_way_on(subnet: Subnet, table: RouteTable, box: Middlebox, family: Family) -> Blocker:
    span = table.span or subnet.span or box.span or NOWHERE
    node = table if table.span is not None else subnet
    text = f"no route for {everything(family)} to the internet gateway here"
    near = (Label(subnet.span, f"the subnet of {box.address}"),) if subnet.span else ()
    return Blocker(Reason.FIREWALL_ROUTE, node, Label(span, text), near, (box, subnet))
