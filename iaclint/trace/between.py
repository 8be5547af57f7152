"""
From one VPC to another: by a peering connection or a transit gateway, there and back.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, product

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import (
    Attachment,
    ClientVpn,
    Gateway,
    Group,
    Interface,
    Maybe,
    Network,
    Peering,
    Route,
    RouteTable,
    Rule,
    Vpc,
)
from iaclint.packet.prefix import Family, Prefix, addresses
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.attachment import delivered, filtered, sent, shares, zone_of
from iaclint.trace.clientvpn import passed
from iaclint.trace.firewall import Question
from iaclint.trace.gateway import addressed
from iaclint.trace.group import group_step
from iaclint.trace.inside import Leg, leg_of
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.table import table_step
from iaclint.trace.transit import Hops, transit_paths, transit_steps, turned
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def between_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Every connection between the VPCs of two interfaces; what blocks where there is none."""
    source = flow.client.interface
    if source is None or flow.through is not None:
        return
    one, other = source.vpc, interface.vpc
    if isinstance(one, Unknown):
        yield _unsure(flow, source, interface, one)
        return
    if isinstance(other, Unknown):
        yield _unsure(flow, source, interface, other)
        return
    if one is other:
        return
    found = list(_connections(network, flow, source, interface, one, other))
    for way in found or [_disconnected(network, flow, source, interface, one, other)]:
        yield _from_vpn(way, flow, source)


def _from_vpn(way: Way, flow: Flow, source: Interface) -> Way:
    """The way of somebody who comes by a Client VPN."""
    if not isinstance(flow.client.node, ClientVpn):
        return way
    before = passed(flow.client.node, source, way.interface, flow.family)
    return replace(way, steps=(*before, *way.steps))


def _unsure(flow: Flow, source: Interface, interface: Interface, why: Unknown) -> Way:
    unsure = _undecided(interface, flow.family, why)
    return replace(unsure, steps=(*unsure.steps, *_whatever(flow, source, interface)))


def _whatever(flow: Flow, source: Interface, target: Interface) -> Iterator[Step]:
    """What the groups of two hosts say, which every way between them has to pass."""
    leg = leg_of(flow, source, target)
    if flow.client.instance is None:
        return
    if source.groups:
        yield group_step(source, leg.there, flow.family, flow.service, egress=True)
    if target.groups:
        yield group_step(target, leg.here, flow.family, flow.service)


def _undecided(interface: Interface, family: Family, why: Unknown) -> Way:
    everyone = addresses((Prefix(family, 0, 0),), family)
    step = Step(
        "request", interface, "VPC", why.reason, Region(), everyone, everyone, unknowns=(why,)
    )
    return Way("between", interface, (step,), joint=False)


def _disconnected(
    network: Network, flow: Flow, source: Interface, target: Interface, one: Vpc, other: Vpc
) -> Way:
    peers = leg_of(flow, source, target).there.region
    if _opaque(network, one) and _opaque(network, other):
        why = Unknown(f"how {one.address} and {other.address} are connected is not known")
        return _undecided(target, flow.family, why)
    unknown = _unknown_hub(network, one, other)
    if unknown is not None:
        return _undecided(target, flow.family, unknown)
    peered = _peered(network, one, other)
    if peered is not None:
        why = Unknown(f"what {peered.address} carries between the transit gateways", peered.span)
        return _undecided(target, flow.family, why)
    blocker = _apart(network, source, target, one, other)
    step = Step(
        "request", target, "connection", "nothing connects the VPCs", Region(), Region(), peers,
        True, blocker, span=blocker.at.span,
    )  # fmt: skip
    return Way("between", target, (step,), joint=False)


def _apart(network: Network, source: Interface, target: Interface, one: Vpc, other: Vpc) -> Blocker:
    wrong = next(chain(detours(network, one, other), detours(network, other, one)), None)
    if wrong is not None:
        table, route, peering = wrong
        text = f"leads to {peering.address}, which carries nothing from one VPC through another"
        at = Label(route.span or table.span or NOWHERE, text)
        return Blocker(Reason.DISCONNECTED, table, at, about=(one, other))
    span = target.span or other.span or NOWHERE
    text = f"is in {other.address}, and {source.address} in {one.address}"
    return Blocker(Reason.DISCONNECTED, target, Label(span, text), about=(one, other))


def detours(network: Network, one: Vpc, other: Vpc) -> Iterator[tuple[RouteTable, Route, Peering]]:
    """Routes of one VPC to blocks of another that lead to a peering which surely joins others."""
    blocks = [p for p in other.prefixes if isinstance(p, Prefix)]
    for table in network.tables:
        for route in table.routes if table.vpc is one else ():
            peering, to = route.target, route.to
            if (
                isinstance(peering, Peering)
                and isinstance(to, Prefix)
                and any(to in block for block in blocks)
                and peering.joins(one, other) is False
            ):
                yield table, route, peering


def _unknown_hub(network: Network, one: Vpc, other: Vpc) -> Unknown | None:
    """Why two VPCs, each at a transit gateway, may be at the same one."""
    hubs = [[a.transit for a in network.attachments if a.vpc is vpc] for vpc in (one, other)]
    unknown = (why for some in hubs for hub in some if (why := _unseen(hub)) is not None)
    return next(unknown, None) if all(hubs) else None


def _unseen(hub: Maybe[Gateway]) -> Unknown | None:
    """Why a transit gateway may be the same as another."""
    if isinstance(hub, Unknown):
        return hub
    why = f"which transit gateway {hub.address} is is not known"
    return Unknown(why, hub.span) if hub.elsewhere else None


def _peered(network: Network, one: Vpc, other: Vpc) -> Attachment | None:
    """A peering of the transit gateways two VPCs are at, each at its own, or perhaps of them."""
    ends = [[a.transit for a in network.attachments if a.vpc is vpc] for vpc in (one, other)]
    for attachment in network.attachments:
        if attachment.other is None:
            continue
        joins = (attachment.transit, attachment.other.transit)
        for near, far in (joins, joins[::-1]):
            if all(
                _unseen(hub) is not None or hub in at
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
    overlap = overlapping(peering)
    if overlap:
        blocker = Blocker(Reason.OVERLAP, peering, Label(span, overlap))
        return Step(
            "request", peering, name, overlap, Region(), Region(), peers, True, blocker, span=span
        )
    if unknown is not None:
        return Step(
            "request", peering, name, unknown.reason, Region(), peers, peers, True, None,
            (unknown,), span,
        )  # fmt: skip
    message = f"{peering.address} connects the VPCs"
    return Step("request", peering, name, message, peers, peers, peers, True, span=span)


def overlapping(peering: Peering) -> str:
    """Which blocks of its two VPCs overlap, so that EC2 refuses it; empty if none is known to."""
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
    asked = Question(family, service, leg.here.region, leg.there.region)
    steps = (
        *addressed(flow, leg),
        *leg.leaving(),
        table_step(source, leg.there.region, family, here.transit, "request", target),
        *sent(network, here, source, "request", family, service),
        *transit_steps(to, leg.there.region, source, family, "request", asked=asked),
        *delivered(network, there, target, near, "request", family, service),
        *(
            _explained(step, source, here.transit)
            for step in filtered(leg.entering(), shares(there, target, near))
        ),
        *leg.answering(),
        table_step(target, leg.here.region, family, there.transit, "reply", source),
        *sent(network, there, target, "reply", family, service),
        *transit_steps(back, leg.here.region, target, family, "reply", asked=asked),
        *delivered(network, here, source, far, "reply", family, service),
        *filtered(leg.returning(), shares(here, source, far)),
    )
    return Way("transit", target, steps, joint=False)
