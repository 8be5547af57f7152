"""
The ways to a target: from the internet, and from another instance of the same VPC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iaclint.flow import Client, Flow
from iaclint.network import (
    ClientVpn,
    ConnectEndpoint,
    Interface,
    Maybe,
    Middlebox,
    Network,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import INTERNET, PRIVATE, Family, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.trace.acl import acl_step
from iaclint.trace.clientvpn import passed
from iaclint.trace.firewall import Question
from iaclint.trace.gateway import address_step, addressed, gateway_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.ingress import ingress
from iaclint.trace.inside import NOBODY, Leg, acl_of, leg_of
from iaclint.trace.local import inspected, local_step
from iaclint.trace.middlebox import NEVER, Crossing, Via, apart, either
from iaclint.trace.model import Direction, Step, Way
from iaclint.trace.policy import policy_step
from iaclint.trace.route import internet_route_step
from iaclint.value import Unknown


def internet_way(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Through the internet gateway of the target's VPC, there and back."""
    peers = flow.client.region(flow.family)
    private = bool(peers) and peers <= addresses(PRIVATE, flow.family)
    if flow.is_internal or flow.through is not None or private:
        return
    yield Way("internet", interface, tuple(_internet_steps(network, flow, interface)))


def _internet_steps(network: Network, flow: Flow, interface: Interface) -> Iterator[Step]:
    family = flow.family
    request, reply = front_steps(network, flow.client, interface, family, flow.service)
    yield request[0]
    yield address_step(interface, family, flow.client.region(family), network)
    yield from request[1:]
    yield from reply


def front_steps(
    network: Network, client: Client, interface: Interface, family: Family, service: Service
) -> tuple[list[Step], list[Step]]:
    """
    What clients on the internet pass on their way to an interface, the gateway first, and what the
    reply passes. An interface without groups is one that nothing filters.
    """
    peers = client.region(family)
    vpc, subnet = interface.vpc, interface.subnet
    acl = acl_of(interface)
    inward, outward = ingress(network, interface, family, service, peers)
    request = [gateway_step(interface, vpc, family, peers, network)]
    request += [*policy_step(network, interface, peers), *inward]
    request.append(acl_step(acl, "request", False, family, service, peers, False, NOBODY))
    if interface.groups:
        request.append(group_step(interface, Peer(client.region(family)), family, service))
    reply = [
        acl_step(acl, "reply", True, family, service, peers, False, NOBODY),
        _reply_route(interface, vpc, subnet, family, peers, network),
        *outward,
    ]
    return request, reply


def _reply_route(
    interface: Interface,
    vpc: Maybe[Vpc],
    subnet: Maybe[Subnet],
    family: Family,
    peers: Region,
    network: Network,
) -> Step:
    if isinstance(subnet, Subnet):
        return internet_route_step(subnet, vpc, family, peers, network)
    return Step(
        "reply", interface, "route table", subnet.reason, Region(), peers, peers,
        unknowns=(subnet,),
    )  # fmt: skip


def vpc_way(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Inside of one VPC: groups and ACLs decide, and routes that are narrower than the VPC."""
    source = flow.client.interface
    if source is None or flow.through is not None:
        return
    if isinstance(source.vpc, Unknown) or source.vpc is not interface.vpc:
        return
    leg = leg_of(flow, source, interface)
    node = flow.client.node
    if not isinstance(node, ConnectEndpoint):
        yield _inside(flow, leg)
        return
    here = Peer(INTERNET[flow.family], False, leg.source, node.address)
    shown, hidden = _inside(flow, replace(leg, here=here)), _inside(flow, leg)
    if isinstance(node.preserves, Unknown):
        yield _one_of(shown, hidden, node.preserves)
    else:
        yield shown if node.preserves else hidden


def _inside(flow: Flow, leg: Leg) -> Way:
    steps = (*addressed(flow, leg), *local_steps(leg))
    if isinstance(flow.client.node, ClientVpn):
        steps = (*passed(flow.client.node, leg.source, leg.target, flow.family), *steps)
    return Way("vpc", leg.target, steps, joint=False)


def _one_of(one: Way, other: Way, why: Unknown) -> Way:
    """An endpoint shows the instance its own address, or those of its users."""
    worse = one if one.verdict == "blocked" else other
    if one.verdict == other.verdict or worse.verdict == "reachable":
        return one
    steps = (
        replace(step, possible=step.peers, blocker=None, unknowns=(*step.unknowns, why))
        if step.verdict == "block"
        else step
        for step in worse.steps
    )
    return replace(worse, steps=tuple(steps))


def local_steps(leg: Leg) -> Iterator[Step]:
    """All hops of a leg that stays in its VPC."""
    crosses = leg.crosses is not False
    there = inspected(leg.source, leg.there.region, leg.family, crosses)
    back = inspected(leg.target, leg.here.region, leg.family, crosses)
    yield from leg.leaving()
    yield from local_step(
        leg.source, leg.target, leg.there.region, leg.family, "request", crosses, there
    )
    yield from _through(leg, there, back, "request")
    yield from leg.entering()
    yield from leg.answering()
    yield from local_step(
        leg.target, leg.source, leg.here.region, leg.family, "reply", crosses, back
    )
    yield from _through(leg, there, back, "reply")
    yield from leg.returning()


def _through(
    leg: Leg, there: Middlebox | None, back: Middlebox | None, direction: Direction
) -> Iterator[Step]:
    """Through the middlebox to which narrower routes lead, and out of it by the local route."""
    box = there if direction == "request" else back
    if box is None:
        return
    asked = Question(leg.family, leg.service, leg.here.region, leg.there.region)
    everyone = Via(asked.clients, asked.clients)
    crossing = Crossing(
        box, asked, everyone if box is there else NEVER, everyone if box is back else NEVER, True,
        apart(box),
    )  # fmt: skip
    yield from crossing.requests() if direction == "request" else crossing.replies()
    end, peers = (
        (leg.target, leg.there.region) if direction == "request" else (leg.source, leg.here.region)
    )
    steps = [
        step
        for door in box.interfaces
        for step in local_step(door, end, peers, leg.family, direction, True)
    ]
    free = apart(box) if len(steps) < len(box.interfaces) else None
    for step in either(steps, box):
        if free is not None:
            step = replace(step, possible=peers, blocker=None, unknowns=(*step.unknowns, free))
        yield step
