"""
Through Global Accelerator: from AWS's edge to an instance or a load balancer, and back.

https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Flow
from iaclint.network import (
    Accelerator,
    Balancer,
    Entrance,
    Group,
    Instance,
    Interface,
    Maybe,
    Network,
)
from iaclint.packet.prefix import PRIVATE, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import TCP, UDP, Service
from iaclint.source import Span
from iaclint.trace.acl import acl_step
from iaclint.trace.balancer import at_port, door_ways, doors, is_first, is_target
from iaclint.trace.gateway import address_step, gateway_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY, acl_of
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.policy import policy_step
from iaclint.trace.ways import front_steps
from iaclint.value import Unknown

PROTOCOLS = {TCP: "TCP", UDP: "UDP"}
CERTAIN = (
    *(Reason.BALANCER_PROTOCOL, Reason.BALANCER_PORT, Reason.BALANCER_PROXY),
    *(Reason.BALANCER_ZONE, Reason.PUBLIC_ACCESS_BLOCKED),
)
"""What stops a packet whatever address it comes from."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A port at which an accelerator takes connections, and the port of the endpoint they go to."""

    accelerator: Accelerator
    entrance: Entrance
    into: Maybe[int]
    out: Maybe[int]


def passages(network: Network, service: Service) -> Iterator[Passage]:
    """Every passage that is for a service: by the port of the listener, or of the endpoint."""
    for accelerator in network.accelerators:
        for entrance in accelerator.entrances:
            for into, out in _ports(entrance, service.port):
                yield Passage(accelerator, entrance, into, out)


def _ports(entrance: Entrance, port: int) -> Iterator[tuple[Maybe[int], Maybe[int]]]:
    unknown = [u for pair in entrance.moved for u in pair if isinstance(u, Unknown)]
    moved = {into: out for into, out in entrance.moved if isinstance(into, int)}
    for ports in entrance.ports:
        if isinstance(ports, Unknown):
            yield ports, port
            continue
        if port in ports:
            out = unknown[0] if unknown else moved.get(port, port)
            yield port, port if out is None else out
        for into, target in moved.items():
            if target == port and into != port and into in ports:
                yield into, port


def accelerator_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Through every accelerator that has the target behind it."""
    peers = flow.client.region(flow.family)
    if flow.is_internal or (bool(peers) and peers <= addresses(PRIVATE, flow.family)):
        return
    for passage in passages(network, flow.service):
        accelerator, to = passage.accelerator, passage.entrance.to
        if flow.through not in (None, accelerator):
            continue
        if flow.family == "ipv6" and accelerator.ipv6 is False:
            continue
        if isinstance(to, Balancer):
            yield from _by_balancer(network, flow, interface, passage, to)
        elif isinstance(to, Instance) and is_first(to, interface):
            yield _to_instance(network, flow, interface, passage)


# ---- the edge --------------------------------------------------------------------------------


def _taken(passage: Passage, flow: Flow) -> Step:
    """Whether the accelerator takes the connection and sends it to this endpoint."""
    accelerator, entrance = passage.accelerator, passage.entrance
    peers = flow.client.region(flow.family)
    name = f"listener {passage.into if isinstance(passage.into, int) else '?'}"
    blocker = _refused(passage, flow.service)
    if blocker is not None:
        return Step(
            "request", blocker.node, name, f"{blocker.node.address} {blocker.at.text}", Region(),
            Region(), peers, blocker=blocker, span=blocker.at.span,
        )  # fmt: skip
    dual = accelerator.ipv6 if flow.family == "ipv6" else True
    said = (
        accelerator.enabled,
        entrance.protocol,
        passage.into,
        passage.out,
        entrance.weight,
        dual,
    )
    unknowns = tuple(each for each in said if isinstance(each, Unknown))
    message = f"{accelerator.address} sends it to {flow.target.address}, port {passage.out}"
    return Step(
        "request", entrance.listener, name, unknowns[0].reason if unknowns else message,
        Region() if unknowns else peers, peers, peers, unknowns=unknowns,
        span=entrance.listener.span,
    )  # fmt: skip


def _refused(passage: Passage, service: Service) -> Blocker | None:
    accelerator, entrance = passage.accelerator, passage.entrance
    about = (accelerator, entrance)
    if accelerator.enabled is False:
        at = Label(accelerator.span or Span("", 1), "is not enabled")
        return Blocker(Reason.ACCELERATOR, accelerator, at, about=about)
    wanted = PROTOCOLS.get(service.protocol, "")
    if isinstance(entrance.protocol, str) and entrance.protocol.upper() != wanted:
        span = entrance.listener.span or Span("", 1)
        at = Label(span, f"takes {entrance.protocol}, and no {wanted}")
        return Blocker(Reason.ACCELERATOR, entrance.listener, at, about=about)
    if entrance.weight == 0:
        text = "sends nothing to an endpoint whose weight is 0"
        at = Label(entrance.span or Span("", 1), text)
        return Blocker(Reason.ACCELERATOR, entrance, at, about=about)
    return None


# ---- to an instance --------------------------------------------------------------------------


def _to_instance(network: Network, flow: Flow, interface: Interface, passage: Passage) -> Way:
    service = at_port(flow.service, passage.out)
    if passage.entrance.address_only:
        steps = _by_address(network, flow, interface, service)
        return Way("accelerator", interface, (_taken(passage, flow), *steps), joint=False)
    steps = _preserved(network, flow, interface, service)
    explained = (_port_explained(step, passage, flow, interface) for step in steps)
    return Way("accelerator", interface, (_taken(passage, flow), *explained))


def _port_explained(step: Step, passage: Passage, flow: Flow, interface: Interface) -> Step:
    """Where the target lets the service in, but not on the port an override names."""
    own, entrance = Peer(flow.client.region(flow.family)), passage.entrance
    if step.blocker is None or passage.out == flow.service.port:
        return step
    meant = group_step(interface, own, flow.family, flow.service)
    if not isinstance(step.node, Group | Interface) or meant.verdict == "block":
        return step
    text = f"sends to port {passage.out}; {flow.service} is let in on port {flow.service.port}"
    at = Label(entrance.span or Span("", 1), text)
    blocker = Blocker(Reason.BALANCER_PORT, entrance, at, about=(passage.accelerator,))
    return replace(step, blocker=blocker, span=at.span)


def _preserved(
    network: Network, flow: Flow, interface: Interface, service: Service
) -> Iterator[Step]:
    """
    An instance sees the client's address. Its VPC needs an internet gateway, and neither it a
    public address nor its subnet a route. What ACLs do with the request AWS says in two ways.

    https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html
    https://docs.aws.amazon.com/global-accelerator/latest/dg/best-practices-aga.html
    """
    family, peers = flow.family, flow.client.region(flow.family)
    acl = acl_of(interface)
    yield gateway_step(interface, interface.vpc, family, peers, network)
    yield from policy_step(network, interface, peers)
    why = Unknown("whether an ACL counts for what comes in from Global Accelerator")
    inbound = acl_step(acl, "request", False, family, service, peers, False, NOBODY)
    yield _perhaps(inbound, why, inbound.sure)
    yield group_step(interface, Peer(flow.client.region(family)), family, service)
    yield acl_step(acl, "reply", True, family, service, peers, False, NOBODY)


def _by_address(
    network: Network, flow: Flow, interface: Interface, service: Service
) -> Iterator[Step]:
    """At an Elastic IP the packets come from some address of the edge, as from the internet."""
    request, reply = front_steps(network, INTERNET_CLIENT, interface, flow.family, service)
    peers = INTERNET_CLIENT.region(flow.family)
    steps = (*request, address_step(interface, flow.family, peers, network), *reply)
    yield from (replace(step, one=True) for step in steps)


def _perhaps(step: Step, why: Unknown, sure: Region) -> Step:
    """A hop that may let more through than it says, and surely no more than `sure`."""
    if step.peers <= step.sure:
        return step
    unknowns = (*step.unknowns, why)
    return replace(step, sure=sure, possible=step.peers, blocker=None, unknowns=unknowns)


# ---- to a load balancer ----------------------------------------------------------------------


def _by_balancer(
    network: Network, flow: Flow, interface: Interface, passage: Passage, balancer: Balancer
) -> Iterator[Way]:
    """Whose address a load balancer sees depends on settings that the files need not show."""
    why = Unknown(f"whose address {balancer.address} sees behind Global Accelerator")
    for door in doors(network):
        if door.balancer is not balancer or door.target.instance is not flow.target:
            continue
        known = isinstance(passage.out, int) and isinstance(door.listener.port, int)
        if (known and passage.out != door.listener.port) or not is_target(door, flow, interface):
            continue
        for way in door_ways(network, flow, interface, door):
            steps = (
                step
                if step.blocker and step.blocker.reason in CERTAIN
                else _perhaps(step, why, Region())
                for step in way.steps
            )
            yield Way("accelerator", interface, (_taken(passage, flow), *steps), joint=False)
