"""
Through a load balancer: the client to its node, the node to the target, and back.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import (
    Balancer,
    Group,
    Interface,
    Listener,
    Network,
    PublicAddress,
    Subnet,
    Target,
    TargetGroup,
)
from iaclint.packet.region import Region
from iaclint.packet.service import TCP, Service
from iaclint.source import Span
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import Leg, region_of
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.ways import front_steps, local_steps
from iaclint.value import Unknown

NODE = PublicAddress(has=True, why="it is a node of a load balancer")
TCP_LISTENERS = ("TCP", "TCP_UDP", "")


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A listener that sends what it takes to an instance, on a port of the instance."""

    balancer: Balancer
    listener: Listener
    group: TargetGroup
    target: Target

    @property
    def port(self) -> int | Unknown:
        """The port of the instance."""
        port = self.target.port if self.target.port is not None else self.group.port
        return Unknown("the target group has no port", self.group.span) if port is None else port


def doors(network: Network) -> Iterator[Door]:
    """Every way through a load balancer to an instance."""
    for balancer in network.balancers:
        for listener in balancer.listeners:
            for group in listener.groups:
                if isinstance(group, TargetGroup):
                    for target in group.targets:
                        yield Door(balancer, listener, group, target)


def leads_to(door: Door, service: Service) -> bool:
    """Whether a door is for a service: by the port of the instance, or that of the listener."""
    return service.protocol == TCP and service.port in (door.port, door.listener.port)


def balancer_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """
    Through every internet-facing load balancer that has the target behind it; from inside only
    where somebody connects to the load balancer.
    """
    if flow.is_internal and flow.through is None:
        return
    for door in doors(network):
        if flow.through is not None and flow.through is not door.balancer:
            continue
        if door.target.instance is not flow.target or not leads_to(door, flow.service):
            continue
        inside = flow.is_internal or door.balancer.internal is not True
        if inside and is_target(door, flow, interface):
            yield from door_ways(network, flow, interface, door)


def is_target(door: Door, flow: Flow, interface: Interface) -> bool:
    """A target that is an instance stands for the first interface of it."""
    if door.target.interface is not None:
        return door.target.interface is interface
    return any(placement and placement[0] is interface for placement in flow.target.placements)


def door_ways(network: Network, flow: Flow, interface: Interface, door: Door) -> Iterator[Way]:
    """Through a door, by the node in each subnet of the load balancer."""
    for subnet in door.balancer.subnets or (Unknown("the subnets are not known"),):
        node = Interface(
            address=door.balancer.address,
            label=door.balancer.label,
            span=door.balancer.span,
            resource=door.balancer.resource,
            subnet=subnet,
            groups=door.balancer.groups,
            groups_span=door.balancer.groups_span,
            public=NODE,
        )
        yield Way("balancer", interface, tuple(_steps(network, flow, interface, door, node)), False)


def _steps(
    network: Network, flow: Flow, interface: Interface, door: Door, node: Interface
) -> Iterator[Step]:
    peers = _seen(flow)
    listening = at_port(flow.service, door.listener.port)
    if flow.client.interface is None:
        request, reply = front_steps(network, flow.client, node, flow.family, listening)
    else:
        request, reply = _front_inside(flow, flow.client.interface, door, node, listening)
    back = _back(flow, interface, door, node)
    yield from request
    yield _listener_step(door, flow, peers)
    zone = _zone_step(door, node, interface, peers)
    if zone is not None:
        yield zone
    yield from back.leaving()
    yield from (_port_explained(step, door, flow, back) for step in back.entering())
    yield from back.answering()
    yield from back.returning()
    yield from reply


def _seen(flow: Flow) -> Region:
    """The addresses a client comes from."""
    source = flow.client.interface
    return flow.client.region(flow.family) if source is None else region_of(source, flow.family)


def _front_inside(
    flow: Flow, source: Interface, door: Door, node: Interface, listening: Service
) -> tuple[list[Step], list[Step]]:
    """From inside of the VPC to a node of an internal load balancer, and the way back."""
    here = Peer(_seen(flow), True, source, source.address)
    why = _elsewhere(source, door, node)
    if why is not None:
        step = Step(
            "request", door.balancer, f"{door.balancer.label} ?", why.reason, Region(),
            here.region, here.region, True, unknowns=(why,), span=door.balancer.span,
        )  # fmt: skip
        return [step], []
    there = Peer(region_of(node, flow.family), True, node, door.balancer.address)
    crosses = source.subnet is not node.subnet
    leg = Leg(source, node, here, there, flow.family, listening, crosses)
    steps = list(local_steps(leg))
    request = [step for step in steps if step.direction == "request"]
    return request, steps[len(request) :]


def _elsewhere(source: Interface, door: Door, node: Interface) -> Unknown | None:
    """Why the way from an interface to a load balancer is not followed."""
    balancer = door.balancer
    if isinstance(balancer.internal, Unknown):
        return balancer.internal
    if balancer.internal is not True:
        why = f"{balancer.address} has public addresses, which are not known before it is made"
        return Unknown(why, balancer.span)
    if source.vpc is not node.vpc:
        return Unknown(f"{balancer.address} is in another VPC than {source.address}", balancer.span)
    return None


def _port_explained(step: Step, door: Door, flow: Flow, back: Leg) -> Step:
    """Where the target lets the service in, but not on the port the target group names."""
    if step.blocker is None or door.port == flow.service.port:
        return step
    meant = group_step(back.target, back.here, flow.family, flow.service)
    if not isinstance(step.node, Group | Interface) or meant.verdict == "block":
        return step
    text = f"sends to port {door.port}; {flow.service} is let in on port {flow.service.port}"
    span = door.group.span or door.listener.span or Span("", 1)
    blocker = Blocker(Reason.BALANCER_PORT, door.group, Label(span, text), about=(door.balancer,))
    return replace(step, blocker=blocker, span=span)


def at_port(service: Service, port: int | Unknown) -> Service:
    """The service where it is reached at another port than its own."""
    if isinstance(port, Unknown) or port == service.port:
        return service
    return Service(f"tcp/{port}", service.title, TCP, port)


def _back(flow: Flow, interface: Interface, door: Door, node: Interface) -> Leg:
    """From the node to the target, which sees the client's address or the node's."""
    client = _seen(flow)
    kept = door.group.preserves
    own = region_of(node, flow.family)
    here = Peer(own, True, node, door.balancer.address)
    if kept is True:
        here = Peer(client, False, node, door.balancer.address)
    elif isinstance(kept, Unknown):
        here = Peer(own | client, False, node, door.balancer.address)
    there = Peer(region_of(interface, flow.family), True, interface, flow.target.address)
    crosses = node.subnet is not interface.subnet or door.balancer.kind == "classic"
    service = at_port(flow.service, door.port)
    return Leg(node, interface, here, there, flow.family, service, crosses)


def _listener_step(door: Door, flow: Flow, peers: Region) -> Step:
    """The listener takes TCP as it is, and the target is a port where the service listens."""
    listener, group = door.listener, door.group
    name = f"listener {listener.port if isinstance(listener.port, int) else '?'}"
    blocker = _listener_blocker(door, flow)
    if blocker is not None:
        return Step(
            "request", listener, name, blocker.at.text, Region(), Region(), peers,
            blocker=blocker, span=blocker.at.span,
        )  # fmt: skip
    open_ = (listener.port, listener.protocol, door.port, group.proxy)
    unknowns = tuple(value for value in open_ if isinstance(value, Unknown))
    message = f"{listener.address} forwards to {flow.target.address}, port {door.port}"
    return Step(
        "request", listener, name, unknowns[0].reason if unknowns else message,
        Region() if unknowns else peers, peers, peers, unknowns=unknowns, span=listener.span,
    )  # fmt: skip


def _listener_blocker(door: Door, flow: Flow) -> Blocker | None:
    listener, group, balancer = door.listener, door.group, door.balancer
    span = listener.span or balancer.span or Span("", 1)
    if balancer.kind == "application":
        text = f"is an application load balancer: it speaks HTTP, and never forwards {flow.service}"
        at = Label(balancer.span or span, text)
        return Blocker(Reason.BALANCER_PROTOCOL, balancer, at, about=(listener, group))
    if isinstance(listener.protocol, str) and listener.protocol not in TCP_LISTENERS:
        text = f"{listener.protocol} ends here, and {flow.service} is not what it carries"
        at = Label(span, text)
        return Blocker(Reason.BALANCER_PROTOCOL, listener, at, about=(balancer, group))
    if group.proxy is True:
        text = f"puts a proxy protocol header before the data, which no {flow.service} server reads"
        at = Label(group.span or span, text)
        return Blocker(Reason.BALANCER_PROXY, group, at, about=(balancer, listener))
    return None


def _zone_step(door: Door, node: Interface, target: Interface, peers: Region) -> Step | None:
    """Without cross-zone load balancing a node sends to targets in its own zone only."""
    balancer = door.balancer
    zones = [s.zone for s in balancer.subnets if isinstance(s, Subnet)]
    subnet = target.subnet
    if not isinstance(subnet, Subnet) or not subnet.zone or not all(zones) or not zones:
        return None
    if len(zones) < len(balancer.subnets) or subnet.zone in zones:
        return _other_zone(door, node, subnet, peers)
    text = f"is in none of its subnets' zones ({', '.join(sorted(set(zones)))})"
    at = Label(balancer.span or Span("", 1), f"{subnet.zone}, where {subnet.address} is, {text}")
    blocker = Blocker(Reason.BALANCER_ZONE, balancer, at, about=(subnet,))
    return Step(
        "request", balancer, f"zone {subnet.zone}", at.text, Region(), Region(), peers,
        blocker=blocker, span=at.span,
    )  # fmt: skip


def _other_zone(door: Door, node: Interface, subnet: Subnet, peers: Region) -> Step | None:
    """This node is not the one that serves the zone: another way does."""
    own = node.subnet
    if door.balancer.cross_zone is not False or not isinstance(own, Subnet) or not own.zone:
        return None
    if own.zone == subnet.zone:
        return None
    at = Label(door.balancer.span or Span("", 1), f"sends from {own.zone} to no other zone")
    blocker = Blocker(Reason.BALANCER_ZONE, door.balancer, at, about=(subnet,))
    return Step(
        "request", door.balancer, f"zone {own.zone}", at.text, Region(), Region(), peers,
        blocker=blocker, span=at.span,
    )  # fmt: skip
