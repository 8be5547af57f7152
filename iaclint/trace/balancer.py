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
    Instance,
    Interface,
    Listener,
    Network,
    PublicAddress,
    Rule,
    Subnet,
    Target,
    TargetGroup,
)
from iaclint.packet.prefix import Family, everything
from iaclint.packet.region import Region
from iaclint.packet.service import TCP, Service, Traffic
from iaclint.source import Span
from iaclint.trace.between import between_ways
from iaclint.trace.gateway import address_step, addressed
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import Leg, crossing, region_of, vpc_region
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.remote import is_private, remote_ways
from iaclint.trace.ways import front_steps, vpc_way
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


def misses(door: Door, interface: Interface, service: Service) -> bool:
    """
    Whether a door is meant for a service and names another port: the instance lets nobody in by
    that port, and lets the service in.
    """
    if door.balancer.kind not in ("network", "classic") or not isinstance(door.port, int):
        return False
    if door.listener.protocol not in TCP_LISTENERS:
        return False
    groups = [group for group in interface.groups if isinstance(group, Group) and not group.rest]
    if len(groups) < len(interface.groups):
        return False
    rules = [rule.traffic for group in groups for rule in group.ingress]
    known = [traffic for traffic in rules if isinstance(traffic, Traffic)]
    if len(known) < len(rules):
        return False

    def let_in(port: int) -> list[Traffic]:
        return [each for each in known if each.covers(TCP, (port, port))]

    named = any(each.protocol == TCP for each in let_in(service.port))
    return service.protocol == TCP and named and not let_in(door.port)


def balancer_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """
    Through every load balancer that has the target behind it: an internal one from inside and from
    connected networks, any other from the internet.
    """
    inside = flow.is_internal or is_private(flow)
    for door in doors(network):
        if flow.through is not None and flow.through is not door.balancer:
            continue
        if door.target.instance is not flow.target:
            continue
        if flow.family == "ipv6" and door.balancer.ipv6 is False:
            continue
        if not leads_to(door, flow.service) and not misses(door, interface, flow.service):
            continue
        if not is_target(door, flow, interface):
            continue
        if flow.client.node is door.balancer:
            yield from _from_itself(flow, interface, door)
        elif inside:
            yield from _inside_ways(network, flow, interface, door)
        elif door.balancer.internal is not True:
            yield from door_ways(network, flow, interface, door)


def is_target(door: Door, flow: Flow, interface: Interface) -> bool:
    """A target that is an instance stands for the first interface of it."""
    if door.target.interface is not None:
        return door.target.interface is interface
    return is_first(flow.target, interface)


def is_first(instance: Instance, interface: Interface) -> bool:
    """Whether it is the first interface of an instance, wherever that is placed."""
    return any(placement[:1] == (interface,) for placement in instance.placements)


def door_ways(network: Network, flow: Flow, interface: Interface, door: Door) -> Iterator[Way]:
    """Through a door, by the node in each subnet of the load balancer."""
    for node in nodes(door.balancer):
        yield Way("balancer", interface, tuple(_steps(network, flow, interface, door, node)), False)


def _inside_ways(network: Network, flow: Flow, interface: Interface, door: Door) -> Iterator[Way]:
    """
    To a node as to an instance of the VPC, and on from there. Where the load balancer is not asked
    for, a way through it that does not work says nothing about the flow.
    """
    balancer = door.balancer
    if balancer.internal is not True:
        yield from [_by_public_address(flow, interface, balancer)] if flow.through else []
        return
    outer = replace(flow, service=at_port(flow.service, door.listener.port), through=None)
    for node in nodes(door.balancer):
        inner = tuple(_onward(flow, interface, door, node))
        for find in (vpc_way, between_ways, remote_ways):
            for way in find(network, outer, node):
                there = [step for step in way.steps if step.direction == "request"]
                back = [step for step in way.steps if step.direction == "reply"]
                found = Way("balancer", interface, (*there, *inner, *back), joint=False)
                if flow.through is not None or found.verdict != "blocked":
                    yield found


def _by_public_address(flow: Flow, interface: Interface, balancer: Balancer) -> Way:
    """Who is inside connects to a public address, of which nothing is known."""
    said = f"{balancer.address} has public addresses, which are not known before it is made"
    unknown = balancer.internal if isinstance(balancer.internal, Unknown) else None
    why = unknown or Unknown(said, balancer.span)
    peers = everything(flow.family).region
    step = Step(
        "request", balancer, balancer.label, why.reason, Region(), peers, peers, True,
        unknowns=(why,), span=balancer.span,
    )  # fmt: skip
    return Way("balancer", interface, (step,), joint=False)


def _from_itself(flow: Flow, interface: Interface, door: Door) -> Iterator[Way]:
    for node in nodes(door.balancer):
        yield Way("balancer", interface, tuple(_onward(flow, interface, door, node)), joint=False)


def nodes(balancer: Balancer) -> Iterator[Interface]:
    """The interface of a load balancer in each of its subnets."""
    for subnet in balancer.subnets or (Unknown("the subnets are not known"),):
        yield Interface(
            address=balancer.address,
            label=balancer.label,
            span=balancer.span,
            resource=balancer.resource,
            subnet=subnet,
            groups=balancer.groups,
            groups_span=balancer.groups_span,
            public=NODE,
            ipv6=balancer.ipv6,
        )


def _steps(
    network: Network, flow: Flow, interface: Interface, door: Door, node: Interface
) -> Iterator[Step]:
    listening = at_port(flow.service, door.listener.port)
    request, reply = front_steps(network, flow.client, node, flow.family, listening)
    if flow.family == "ipv6":
        yield address_step(node, flow.family, flow.client.region(flow.family), network)
    for step in request:
        yield _listener_explained(step, node, flow, listening)
    yield from _onward(flow, interface, door, node)
    yield from reply


def _onward(flow: Flow, interface: Interface, door: Door, node: Interface) -> Iterator[Step]:
    """From a node to the target, and back to the node."""
    peers = _clients(flow, node)
    yield _listener_step(door, flow, peers)
    zone = _zone_step(door, node, interface, peers)
    if zone is not None:
        yield zone
    kept = door.group.preserves
    family: Family = "ipv6" if door.group.ipv6 is True else "ipv4"
    if isinstance(door.group.ipv6, Unknown):
        steps = _behind(flow, door, _back(flow, interface, door, node, family, False))
        yield from (_perhaps(step, door.group.ipv6) for step in steps)
        return
    if family != flow.family:
        kept = False
    if not isinstance(kept, Unknown):
        yield from _behind(flow, door, _back(flow, interface, door, node, family, kept))
        return
    both = (
        _behind(flow, door, _back(flow, interface, door, node, family, one))
        for one in (True, False)
    )
    for step, other in zip(*both, strict=True):
        yield step if step.verdict == other.verdict else _perhaps(step, kept)


def _perhaps(step: Step, why: Unknown) -> Step:
    """A hop of which it is not known what it gets to see."""
    unknowns = (*step.unknowns, why)
    return replace(step, sure=Region(), possible=step.peers, blocker=None, unknowns=unknowns)


def _behind(flow: Flow, door: Door, back: Leg) -> Iterator[Step]:
    yield from addressed(replace(flow, family=back.family), back)
    yield from back.leaving()
    for step in back.entering():
        explained = _source_explained(_port_explained(step, door, flow, back), door, back)
        yield _named_client(explained, flow, back)
    yield from back.answering()
    yield from back.returning()


def _clients(flow: Flow, node: Interface) -> Region:
    """Whose packets a load balancer gets: from itself, as it were, everybody's in its VPC."""
    source = flow.client.interface
    if source is None:
        return flow.client.region(flow.family)
    return vpc_region(node, flow.family) if flow.client.node else region_of(source, flow.family)


def _named_client(step: Step, flow: Flow, back: Leg) -> Step:
    """
    A rule that names the group of the client: whether it counts behind a load balancer that keeps
    the client's address is not said anywhere.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    source = flow.client.interface
    if step.blocker is None or source is None or not isinstance(step.node, Group | Interface):
        return step
    own = Peer(back.here.region, True, source, flow.client.name)
    if group_step(back.target, own, back.family, back.service).verdict == "block":
        return step
    why = Unknown(f"whether a rule for {flow.client.name} counts behind {back.source.address}")
    return replace(step, possible=step.peers, blocker=None, unknowns=(why,))


def _port_explained(step: Step, door: Door, flow: Flow, back: Leg) -> Step:
    """Where the target lets the service in, but not on the port the target group names."""
    if step.blocker is None or door.port == flow.service.port:
        return step
    meant = group_step(back.target, back.here, back.family, flow.service)
    if not isinstance(step.node, Group | Interface) or meant.verdict == "block":
        return step
    text = f"sends to port {door.port}; {flow.service} is let in on port {flow.service.port}"
    span = door.group.span or door.listener.span or Span("", 1)
    blocker = Blocker(Reason.BALANCER_PORT, door.group, Label(span, text), about=(door.balancer,))
    return replace(step, blocker=blocker, span=span)


def _source_explained(step: Step, door: Door, back: Leg) -> Step:
    """Where the target does not see its clients, a rule for them lets nobody in."""
    blocker, balancer = step.blocker, door.balancer.address
    if blocker is None or not back.here.one:
        return step
    if blocker.reason not in (Reason.GROUP_SOURCE, Reason.GROUP_FAMILY):
        return step
    asked = back.service.request(back.family)
    at = replace(blocker.at, text=f"{blocker.at.text}, and all that comes here is from {balancer}")
    help = f"let {asked} in from the subnets of {balancer}"
    found = replace(blocker, reason=Reason.GROUP_SOURCE, at=at, help=help)
    return replace(step, blocker=found)


def _listener_explained(step: Step, node: Interface, flow: Flow, listening: Service) -> Step:
    """
    What a group of the load balancer has to let in is the port of the listener, whatever the port
    of the target is: a rule for that one is a rule with another port.
    """
    blocker = step.blocker
    if blocker is None or blocker.reason is not Reason.GROUP_NO_RULE:
        return step
    if listening.port == flow.service.port:
        return step
    asked = listening.request(flow.family)
    help = f"let {asked} in, the port of the listener, from {flow.client.name}"
    for group, rule in _rules(node):
        if rule.traffic == flow.service.request(flow.family):
            span = rule.span or blocker.at.span
            text = f"lets {rule.traffic} in; the listener is {asked}"
            culprit = group if rule.address == group.address else rule
            about = (rule, group)
            found = Blocker(Reason.GROUP_PORT, culprit, Label(span, text), about=about, help=help)
            return replace(step, blocker=found, span=span)
    return replace(step, blocker=replace(blocker, help=help))


def _rules(node: Interface) -> Iterator[tuple[Group, Rule]]:
    """The inbound rules of a load balancer."""
    for group in node.groups:
        if isinstance(group, Group):
            yield from ((group, rule) for rule in group.ingress)


def at_port(service: Service, port: int | Unknown) -> Service:
    """The service where it is reached at another port than its own."""
    if isinstance(port, Unknown) or port == service.port:
        return service
    return Service(f"tcp/{port}", service.title, TCP, port)


def _back(
    flow: Flow, interface: Interface, door: Door, node: Interface, family: Family, kept: bool
) -> Leg:
    """
    From the node to the target, which sees the client's address if it is `kept`; it never is where
    the load balancer takes the client by one family and has the target by the other. A classic one
    passes ACLs even in the subnet of the target.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    seen = _clients(flow, node) if kept else region_of(node, family)
    here = Peer(seen, not kept, node, door.balancer.address)
    there = Peer(region_of(interface, family), True, interface, flow.target.address)
    crosses = door.balancer.kind == "classic" or crossing(node, interface)
    service = at_port(flow.service, door.port)
    return Leg(node, interface, here, there, family, service, crosses)


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
    open_ = (listener.port, listener.protocol, door.port, group.proxy, door.balancer.internal)
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
    if door.balancer.cross_zone is not False or not isinstance(own, Subnet):
        return None
    if own.zone == subnet.zone:
        return None
    at = Label(door.balancer.span or Span("", 1), f"sends from {own.zone} to no other zone")
    blocker = Blocker(Reason.BALANCER_ZONE, door.balancer, at, about=(subnet,))
    return Step(
        "request", door.balancer, f"zone {own.zone}", at.text, Region(), Region(), peers,
        blocker=blocker, span=at.span,
    )  # fmt: skip
