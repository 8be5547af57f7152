"""
What a path can lead to, and how: instances, and whatever else can be asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.flow import Client, Flow
from iaclint.intent.entrances import block_of
from iaclint.intent.insiders import somebody_in
from iaclint.network import (
    Balancer,
    Gateway,
    Instance,
    Interface,
    Maybe,
    Network,
    Node,
    PublicAddress,
    ServiceEndpoint,
    Subnet,
    Vpc,
)
from iaclint.packet import prefix as packets
from iaclint.packet.prefix import FAMILIES, PRIVATE, Family, Prefix, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.query.ends import INTERNET, block, called, families_of, named
from iaclint.query.holders import holders, reserved, takers
from iaclint.source import Span
from iaclint.trace.balancer import doors, leads_to, nodes
from iaclint.trace.endpoint import endpoint_way
from iaclint.trace.engine import trace
from iaclint.trace.model import Blocker, Reason, Step, Trace, Way
from iaclint.trace.outward import Departure
from iaclint.trace.remote import departing_ways
from iaclint.value import Unknown

Ask = Callable[[Client, Service], Iterator[Trace]]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Something a path leads to. `ask` gives the answers for one client, one for each family."""

    name: str
    ask: Ask


def targets_of(network: Network, text: str) -> list[Target]:
    """Whatever in a network a text means as the end of a path; instances before everything else."""
    if text.lower() == INTERNET:
        return [_outside(network, INTERNET, packets.INTERNET)]
    prefix = block(text)
    if prefix is not None:
        return list(_addressed(network, text, prefix))
    instances = [_instance(network, one) for one in network.instances if named(one, text)]
    return instances or [
        *(_subnet(network, one) for one in network.subnets if called(one.address, text)),
        *(_balancer(network, one) for one in network.balancers if called(one.address, text)),
        *(_service(network, one) for one in network.service_endpoints if _is(one, text)),
        *(_nat(one) for one in network.gateways if _is_nat(one) and called(one.address, text)),
    ]


def _is(endpoint: ServiceEndpoint, text: str) -> bool:
    return called(endpoint.address, text) or endpoint.service == text


def _is_nat(gateway: Gateway) -> bool:
    return gateway.title == "NAT gateway" and gateway.declared


# ---- inside ----------------------------------------------------------------------------------


def _instance(network: Network, instance: Instance) -> Target:
    def ask(client: Client, service: Service) -> Iterator[Trace]:
        for family in _families(network, client, instance, service):
            yield trace(network, Flow(client, instance, service, family))

    return Target(instance.address, ask)


def _families(
    network: Network, client: Client, instance: Instance, service: Service
) -> list[Family]:
    """Those of both ends, and IPv6 where a load balancer takes it for an instance without."""
    found = families_of(client, instance)
    if "ipv6" in found or client.interface is not None or not client.region("ipv6"):
        return found
    taken = any(
        door.target.instance is instance and leads_to(door, service)
        for door in doors(network)
        if door.balancer.ipv6 is not False and door.balancer.internal is not True
    )
    return [*found, "ipv6"] if taken else found


def _stand_in(name: str, *interfaces: Interface) -> Instance:
    """What the engine takes for the target, where that is no instance."""
    return Instance(address=name, label=name, placements=tuple((one,) for one in interfaces))


def _subnet(network: Network, subnet: Subnet) -> Target:
    """Whoever is in a subnet, in the subnet's own terms: nobody's groups are asked."""
    return _instance(network, _stand_in(subnet.address, _somebody(subnet)))


def _somebody(subnet: Subnet) -> Interface:
    found = somebody_in(subnet).interface
    assert found is not None
    why = "the subnet gives one" if subnet.maps_public else "the subnet gives none"
    public = PublicAddress(has=subnet.maps_public, why=why, span=subnet.maps_public_span)
    return replace(found, public=public, ipv6=subnet.ipv6 is not None)


# ---- an address or a range -------------------------------------------------------------------


def _addressed(network: Network, text: str, prefix: Prefix) -> Iterator[Target]:
    """Whoever has it; else somebody in the subnets it is in; else nobody, or a place outside."""
    vpcs = [v for v in network.vpcs if any(_within(prefix, known) for known in v.prefixes)]
    for vpc in vpcs:
        found = holders(network, vpc, prefix)
        subnets = [s for s in network.subnets_of(vpc) if _meets(s, prefix)]
        if found:
            yield from (_home(_instance(network, one), vpc, vpcs) for one in found)
        elif not subnets:
            yield _home(_nobody(text, vpc, f"no subnet of {vpc.address} holds {text}"), vpc, vpcs)
        elif prefix.first == prefix.last:
            yield _home(_unused(network, text, prefix, subnets[0]), vpc, vpcs)
        else:
            yield from (_home(_subnet(network, one), vpc, vpcs) for one in subnets)
    if not vpcs:
        yield _outside(network, text, {prefix.family: prefix.region})


def _within(prefix: Prefix, known: object) -> bool:
    return isinstance(known, Prefix) and prefix in known


def _meets(subnet: Subnet, prefix: Prefix) -> bool:
    known = block_of(subnet, prefix.family)
    return isinstance(known, Prefix) and (prefix in known or known in prefix)


def _home(target: Target, vpc: Vpc, vpcs: list[Vpc]) -> Target:
    """Where several VPCs have an address, a client of one of them means its own."""

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        own = client.interface.vpc if client.interface is not None else None
        if own is vpc or own not in vpcs:
            yield from target.ask(client, service)

    return Target(target.name, ask)


def _unused(network: Network, text: str, prefix: Prefix, subnet: Subnet) -> Target:
    """An address in a subnet that nothing is known to have."""
    base = _instance(network, _stand_in(text, _somebody(subnet)))
    last = _last_step(network, text, prefix, subnet)

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        for found in base.ask(client, service):
            ways = (replace(way, steps=_arriving(way.steps, last)) for way in found.ways)
            yield replace(found, ways=tuple(ways))

    return Target(text, ask)


def _arriving(steps: tuple[Step, ...], last: Step) -> tuple[Step, ...]:
    """The last hop of the request comes before the reply."""
    there = tuple(step for step in steps if step.direction == "request")
    return (*there, last, *(step for step in steps if step.direction == "reply"))


def _last_step(network: Network, text: str, prefix: Prefix, subnet: Subnet) -> Step:
    """
    Whether anything may get the address.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    """
    if reserved(subnet, prefix):
        return _dead_end(subnet, f"AWS keeps {text} of each subnet for itself", prefix.region)
    some = takers(network, subnet, prefix)
    if not some:
        return _dead_end(subnet, f"nothing in {subnet.address} has {text}", prefix.region)
    why = Unknown(f"{some[0].address} may get {text} on apply", some[0].span)
    everyone = packets.everything(prefix.family).region
    return Step("request", subnet, text, why.reason, Region(), everyone, everyone, unknowns=(why,))


def _nobody(text: str, node: Node, why: str) -> Target:
    return _shut(text, node, Reason.NOBODY_THERE, why)


def _dead_end(node: Node, why: str, peers: Region, reason: Reason = Reason.NOBODY_THERE) -> Step:
    blocker = Blocker(reason, node, Label(node.span or Span("", 1), why))
    return Step(
        "request", node, node.label, why, Region(), Region(), peers, blocker=blocker,
        span=node.span,
    )  # fmt: skip


def _shut(name: str, node: Node, reason: Reason, why: str) -> Target:
    """A target at which every connection ends."""

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        yield from _answered(name, client, service, "ipv4", _dead_end_way(node, why, reason))

    return Target(name, ask)


def _dead_end_way(node: Node, why: str, reason: Reason) -> Way:
    step = _dead_end(node, why, packets.everything("ipv4").region, reason)
    here = Interface(
        address=node.address, label=node.label, span=node.span,
        subnet=Unknown("it is in none"), public=PublicAddress(has=False, why="it is none"),
    )  # fmt: skip
    return Way("none", here, (step,))


def _answered(
    name: str, client: Client, service: Service, family: Family, *ways: Way
) -> Iterator[Trace]:
    yield Trace(Flow(client, _stand_in(name), service, family), ways)


# ---- outside ---------------------------------------------------------------------------------


def _outside(network: Network, name: str, regions: Mapping[Family, Region]) -> Target:
    """The internet, a part of it, or a network that is connected."""

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        if client.interface is None:
            yield from _nobody_outside(network, name, client, service)
            return
        for family in FAMILIES:
            if regions.get(family) and (family == "ipv4" or client.interface.ipv6 is not False):
                departure = Departure(client.interface, regions[family], family, service)
                ways = tuple(_departing(network, departure))
                yield from _answered(name, client, service, family, *ways)

    return Target(name, ask)


def _departing(network: Network, departure: Departure) -> Iterator[Way]:
    if departure.peers <= addresses(PRIVATE, departure.family):
        yield from departing_ways(network, departure)
    else:
        yield Way("outward", departure.source, tuple(departure.steps()))


def _nobody_outside(
    network: Network, name: str, client: Client, service: Service
) -> Iterator[Trace]:
    """From outside to an address outside: it may be one that is given on apply."""
    if name == INTERNET or not network.vpcs:
        return
    public = [
        each
        for instance in network.instances
        for each in instance.interfaces()
        if each.public.has is not False
    ]
    way = _dead_end_way(network.vpcs[0], f"nothing here has {name}", Reason.NOBODY_THERE)
    if public:
        why = Unknown(f"{public[0].address} gets its public address on apply", public[0].span)
        step = replace(way.steps[0], possible=way.steps[0].peers, blocker=None, unknowns=(why,))
        way = replace(way, steps=(replace(step, message=why.reason),))
    yield from _answered(name, client, service, "ipv4", way)


# ---- load balancers, endpoints, NAT gateways -------------------------------------------------


def _balancer(network: Network, balancer: Balancer) -> Target:
    """One instance behind it that is reached is enough."""

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        behind = [
            door.target.instance
            for door in doors(network)
            if door.balancer is balancer and _may_be(door.listener.port, service)
        ]
        if not behind:
            why = f"{balancer.address} has no listener with targets on port {service.port}"
            way = _dead_end_way(balancer, why, Reason.NO_LISTENER)
            yield from _answered(balancer.address, client, service, "ipv4", way)
        for instance in dict.fromkeys(behind):
            for family in families_of(client, _stand_in(balancer.address, *nodes(balancer))):
                found = trace(network, Flow(client, instance, service, family, (), balancer))
                flow = replace(found.flow, target=_stand_in(balancer.address))
                yield replace(found, flow=flow)

    return Target(balancer.address, ask)


def _may_be(port: Maybe[int], service: Service) -> bool:
    return isinstance(port, Unknown) or (service.has_ports and port == service.port)


def _service(network: Network, endpoint: ServiceEndpoint) -> Target:
    """A service of AWS by an endpoint: its interfaces, or the route to it."""
    if endpoint.interfaces:
        return _instance(network, _stand_in(endpoint.address, *endpoint.interfaces))

    def ask(client: Client, service: Service) -> Iterator[Trace]:
        name = endpoint.address
        if client.interface is None:
            why = f"{name} serves its VPC only"
            way = _dead_end_way(endpoint, why, Reason.NOBODY_THERE)
            yield from _answered(name, client, service, "ipv4", way)
            return
        departure = Departure(client.interface, packets.INTERNET["ipv4"], "ipv4", service)
        yield from _answered(name, client, service, "ipv4", endpoint_way(departure, endpoint))

    return Target(endpoint.address, ask)


def _nat(gateway: Gateway) -> Target:
    why = f"{gateway.address} carries connections out, and takes none"
    return _shut(gateway.address, gateway, Reason.OUTBOUND_ONLY, why)
