"""
From one VPC to another: by a peering connection or a transit gateway, there and back.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import (
    Attachment,
    Gateway,
    Group,
    Interface,
    Network,
    Node,
    Peering,
    Route,
    RouteTable,
    Rule,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import Family, Prefix, addresses, show
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.attachment import delivered, filtered, sent, shares, zone_of
from iaclint.trace.gateway import addressed
from iaclint.trace.inside import Leg, leg_of
from iaclint.trace.lookup import Match, match
from iaclint.trace.model import Blocker, Direction, Reason, Step, Way
from iaclint.trace.route import rated
from iaclint.trace.transit import Hops, transit_paths, transit_steps, turned
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def between_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Every connection between the VPCs of two interfaces; what blocks where there is none."""
    source = flow.client.interface
    if source is None or flow.through is not None:
        return
    ends = (source.vpc, interface.vpc)
    unknown = next((end for end in ends if isinstance(end, Unknown)), None)
    one, other = ends
    if unknown is not None or isinstance(one, Unknown) or isinstance(other, Unknown):
        yield _undecided(interface, flow.family, unknown or Unknown("the VPC is not known"))
        return
    if one is other:
        return
    found = list(_connections(network, flow, source, interface, one, other))
    yield from found or [_disconnected(network, flow, source, interface, one, other)]


def _undecided(interface: Interface, family: Family, why: Unknown) -> Way:
    everyone = addresses((Prefix(family, 0, 0),), family)
    step = Step(
        "request", interface, "VPC ?", why.reason, Region(), everyone, everyone, unknowns=(why,)
    )
    return Way("between", interface, (step,), joint=False)


def _disconnected(
    network: Network, flow: Flow, source: Interface, target: Interface, one: Vpc, other: Vpc
) -> Way:
    peers = leg_of(flow, source, target).there.region
    if _opaque(network, one) and _opaque(network, other):
        why = Unknown(f"how {one.address} and {other.address} are connected is not known")
        return _undecided(target, flow.family, why)
    peered = _peered(network, one, other)
    if peered is not None:
        why = Unknown(f"what {peered.address} carries between the transit gateways", peered.span)
        return _undecided(target, flow.family, why)
    span = target.span or other.span or NOWHERE
    text = f"is in {other.address}, {source.address} in {one.address}, and nothing connects them"
    blocker = Blocker(Reason.DISCONNECTED, target, Label(span, text), about=(one, other))
    step = Step(
        "request", target, "connection", "nothing connects the VPCs", Region(), Region(), peers,
        True, blocker, span=span,
    )  # fmt: skip
    return Way("between", target, (step,), joint=False)


def _peered(network: Network, one: Vpc, other: Vpc) -> Attachment | None:
    """A peering of the transit gateways two VPCs are at, each at its own, or perhaps of them."""
    ends = [
        [a.transit for a in network.attachments if a.vpc is vpc and isinstance(a.transit, Gateway)]
        for vpc in (one, other)
    ]
    for attachment in network.attachments:
        if attachment.other is None:
            continue
        joins = (attachment.transit, attachment.other.transit)
        for near, far in (joins, joins[::-1]):
            if all(
                isinstance(hub, Unknown) or hub in at
                for hub, at in zip((near, far), ends, strict=True)
            ):
                return attachment
    return None


def _opaque(network: Network, vpc: Vpc) -> bool:
    """Whether a VPC is connected to something that is not known."""
    routes = (route for table in network.tables if table.vpc is vpc for route in table.routes)
    return (
        vpc.foreign
        or any(a.vpc is vpc and isinstance(a.transit, Unknown) for a in network.attachments)
        or any(vpc in remote.gateway.vpcs for remote in network.remotes)
        or any(
            isinstance(r.target, Unknown) or (r.target.kind == "network" and not r.target.resource)
            for r in routes
        )
    )


def _explained(step: Step, source: Interface, gateway: Gateway) -> Step:
    """A rule that names the group of the other end counts only where groups can be named."""
    blocker = step.blocker
    carried = [group for group in source.groups if isinstance(group, Group)]
    if blocker is None or not isinstance(step.node, Group):
        return step
    for rule in (r for r in blocker.about if isinstance(r, Rule)):
        if any(group in carried for group in rule.groups):
            text = f"names a group of another VPC, which counts for nothing over {gateway.address}"
            at = Label(rule.span or blocker.at.span, text)
            found = Blocker(Reason.GROUP_ELSEWHERE, blocker.node, at, about=(rule, gateway))
            return replace(step, blocker=found, span=at.span)
    return step


def _connections(
    network: Network, flow: Flow, source: Interface, target: Interface, one: Vpc, other: Vpc
) -> Iterator[Way]:
    for peering in network.peerings:
        joins = peering.joins(one, other)
        if joins is not False:
            yield _peering_way(flow, source, target, peering, joins)
    for here in network.attachments:
        for there in network.attachments:
            if here.vpc is one and there.vpc is other:
                paths = transit_paths(network, here, there)
                for there_, back in product(paths, paths):
                    yield _transit_way(network, flow, source, target, there_, turned(back))


def _peering_way(
    flow: Flow, source: Interface, target: Interface, peering: Peering, joins: bool | Unknown
) -> Way:
    near = peering.same_region is not False
    leg = leg_of(flow, source, target, near, near)
    steps = (
        *addressed(flow, leg),
        *leg.leaving(),
        table_step(source, leg.there.region, flow.family, peering, "request", target),
        _accepted(peering, leg, joins),
        *(_explained(step, source, peering) for step in leg.entering()),
        *leg.answering(),
        table_step(target, leg.here.region, flow.family, peering, "reply", source),
        *leg.returning(),
    )
    return Way("peering", target, steps, joint=False)


def _accepted(peering: Peering, leg: Leg, joins: bool | Unknown) -> Step:
    """Whether the connection is active, and the blocks of its ends are apart."""
    peers = leg.there.region
    name = f"peering {peering.label}"
    span = peering.span or NOWHERE
    unknown = next((u for u in (peering.active, joins) if isinstance(u, Unknown)), None)
    if peering.active is False:
        text = "is requested, and nobody accepts it"
        blocker = Blocker(Reason.PEERING_PENDING, peering, Label(span, text))
        return Step(
            "request", peering, name, f"{peering.address} stays pending", Region(), Region(),
            peers, True, blocker, span=span,
        )  # fmt: skip
    overlap = _overlap(peering)
    if overlap:
        blocker = Blocker(Reason.OVERLAP, peering, Label(span, overlap))
        return Step(
            "request", peering, name, overlap, Region(), Region(), peers, True, blocker, span=span
        )
    if unknown is not None:
        return Step(
            "request", peering, f"{name} ?", unknown.reason, Region(), peers, peers, True, None,
            (unknown,), span,
        )  # fmt: skip
    message = f"{peering.address} connects the VPCs"
    return Step("request", peering, name, message, peers, peers, peers, True, span=span)


def _overlap(peering: Peering) -> str:
    one, other = peering.ends
    if not isinstance(one, Vpc) or not isinstance(other, Vpc):
        return ""
    mine = [p for p in one.prefixes if isinstance(p, Prefix)]
    theirs = [p for p in other.prefixes if isinstance(p, Prefix)]
    for first, second in product(mine, theirs):
        if first in second or second in first:
            return f"{first} of {one.address} and {second} of {other.address} overlap"
    return ""


def _transit_way(
    network: Network, flow: Flow, source: Interface, target: Interface, to: Hops, back: Hops
) -> Way:
    here, there = to[0][0], to[-1][1]
    assert isinstance(here.transit, Gateway) and isinstance(there.transit, Gateway)
    named = len(to) == 1 and here.references is not False and there.references is not False
    leg = leg_of(flow, source, target, named, False)
    family, service = flow.family, flow.service
    near, far = zone_of(source), zone_of(target)
    steps = (
        *addressed(flow, leg),
        *leg.leaving(),
        table_step(source, leg.there.region, family, here.transit, "request", target),
        *sent(network, here, source, "request", family, service),
        *transit_steps(to, leg.there.region, source, family, "request"),
        *delivered(network, there, target, near, "request", family, service),
        *(
            _explained(step, source, here.transit)
            for step in filtered(leg.entering(), shares(there, target, near))
        ),
        *leg.answering(),
        table_step(target, leg.here.region, family, there.transit, "reply", source),
        *sent(network, there, target, "reply", family, service),
        *transit_steps(back, leg.here.region, target, family, "reply"),
        *delivered(network, here, source, far, "reply", family, service),
        *filtered(leg.returning(), shares(here, source, far)),
    )
    return Way("transit", target, steps, joint=False)


# ---- the table of a subnet -------------------------------------------------------------------


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
    subnet = interface.subnet
    table = subnet if isinstance(subnet, Unknown) else subnet.table
    if isinstance(table, Unknown) or isinstance(subnet, Unknown):
        why = table if isinstance(table, Unknown) else Unknown("the subnet is not known")
        return Step(
            direction, interface, "route table ?", why.reason, Region(), peers, peers, one, None,
            (why,),
        )  # fmt: skip
    found = led(table, subnet, family, peers, gateway)
    step = Step(direction, table, "", "", found.sure, found.possible, peers, one)
    blocker = None
    if step.verdict == "block":
        blocker = _no_way(subnet, table, family, peers, gateway, found, to)
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    return Step(
        direction, table, f"route table {table.label}",
        f"{table.address} {verb} to {show(peers, family)} by {gateway.address}", found.sure,
        found.possible, peers, one, blocker, found.unknowns,
        blocker.at.span if blocker else table.span,
    )  # fmt: skip


def led(
    table: RouteTable, subnet: Subnet, family: Family, peers: Region, gateway: Gateway
) -> Match[Route]:
    """Which destinations a table sends to a gateway, its VPC's local routes included."""
    rows = [rated(route, _leads_to(route, gateway)) for route in table.routes]
    rows += [rated(route, False) for route in local_routes(table, subnet.vpc)]
    return match(rows, family, peers, table.rest)


def _leads_to(route: Route, gateway: Gateway) -> bool | Unknown:
    target = route.target
    if isinstance(target, Unknown):
        return target
    if target is gateway:
        return True
    if target.kind == "interface" and target.checks is True:
        return False
    if target.kind in ("appliance", "interface"):
        return Unknown(f"{target.address} decides what passes", target.span)
    if target.kind == gateway.kind and any(isinstance(v, Unknown) for v in target.vpcs):
        known = any(isinstance(v, Vpc) for v in target.vpcs)
        if not known and target.resource is None and target.title == gateway.title:
            why = f"whether {target.address} is {gateway.address} is not known"
            return Unknown(why, target.span)
    return False


def local_routes(table: RouteTable, vpc: Vpc | Unknown) -> Iterator[Route]:
    """The routes AWS puts into every table, unless one for the same block replaces them."""
    if isinstance(vpc, Unknown):
        return
    written = {route.to for route in table.routes if isinstance(route.to, Prefix)}
    local = Gateway(address="local", label="local", kind="local", title="local")
    for prefix in vpc.prefixes:
        if isinstance(prefix, Prefix) and prefix not in written:
            yield Route(
                address=table.address, label=str(prefix), to=prefix, target=local, origin="local"
            )


def _no_way(
    subnet: Subnet,
    table: RouteTable,
    family: Family,
    peers: Region,
    gateway: Gateway,
    found: Match[Route],
    to: Node,
) -> Blocker:
    span = table.span or subnet.span or NOWHERE
    node: Node = table if table.span is not None else subnet
    destination = show(peers, family)
    wrong = found.wrong[0] if found.wrong else None
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
    near = (
        (Label(subnet.span, "uses this table"),)
        if subnet.span and subnet.span != span and table.span
        else ()
    )
    return Blocker(Reason.NO_PEER_ROUTE, node, Label(span, text), near, (gateway, subnet, to))


def _is_default(route: Route) -> bool:
    """A route for everything is nobody's answer to where one network is."""
    return isinstance(route.to, Prefix) and route.to.length <= 1
