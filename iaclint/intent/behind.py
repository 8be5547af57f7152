"""
Flows through a load balancer or an accelerator that somebody put in front of a login port.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Client, Evidence, Flow
from iaclint.intent.evidence import SPECIFIC, ingress, inside, outside, speaks_of
from iaclint.network import Instance, Network, Rule
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import RDP, SSH, Service
from iaclint.source import Span
from iaclint.trace.accelerator import Passage, passages
from iaclint.trace.balancer import Door, at_port, doors, leads_to, misses, nodes
from iaclint.value import Unknown


def through_balancers(
    network: Network, instance: Instance, client: Client | None
) -> Iterator[Flow]:
    """
    A flow for each internet-facing load balancer that forwards a login to the instance, in the
    families that it takes and its rules name.
    """
    seen: set[tuple[int, str]] = set()
    for door in doors(network):
        if door.target.instance is not instance or door.balancer.internal is not False:
            continue
        for service in (SSH, RDP):
            key = (id(door.balancer), service.key)
            if is_for(door, service) and key not in seen:
                seen.add(key)
                source, said = client or INTERNET_CLIENT, _evidence(door, service)
                for family, more in _families(network, door, service).items():
                    evidence = (said, *more)
                    yield Flow(source, instance, service, family, evidence, door.balancer)


def _families(
    network: Network, door: Door, service: Service
) -> Mapping[Family, tuple[Evidence, ...]]:
    """
    The families to ask about, with the rules that ask for IPv6: of the load balancer, or of the
    instance where that filters nothing. What names none of them is for IPv4.
    """
    balancer = door.balancer
    if balancer.ipv6 is False:
        return {"ipv4": ()}
    ends = [*nodes(balancer)][:1] if balancer.groups else [*door.target.instance.interfaces()]
    asked = at_port(service, door.listener.port if balancer.groups else door.port)
    rules = [rule for end in ends for _, rule in ingress(end)]
    found = [each for rule in rules for each in outside(rule, asked, inside(network))]
    said = tuple(evidence for family, evidence in found if family == "ipv6" and evidence.strong)
    open_ = any(isinstance(g, Unknown) or g.rest is not None for end in ends for g in end.groups)
    rules = [r for r in rules if isinstance(r.traffic, Unknown) or speaks_of(r, asked, "ipv4")]
    if said and not open_ and all(map(_is_for_ipv6, rules)):
        return {"ipv6": said}
    return {"ipv4": (), "ipv6": said} if said else {"ipv4": ()}


def _is_for_ipv6(rule: Rule) -> bool:
    """Whether nobody comes in by a rule who has no IPv6 address."""
    blocks = [p for p in rule.prefixes if isinstance(p, Prefix) and p.family == "ipv6"]
    return bool(blocks) and len(blocks) == len(rule.prefixes) and not rule.groups


def through_accelerators(
    network: Network, instance: Instance, client: Client | None
) -> Iterator[Flow]:
    """One flow for each accelerator that sends a port of a login to the instance itself."""
    for service in (SSH, RDP):
        seen: set[int] = set()
        for passage in passages(network, service):
            accelerator = passage.accelerator
            if passage.entrance.to is instance and id(accelerator) not in seen and _named(passage):
                seen.add(id(accelerator))
                said = Label(_place(passage), f"{service} is sent to it here")
                source = client or INTERNET_CLIENT
                evidence = (Evidence("rule", said),)
                yield Flow(source, instance, service, "ipv4", evidence, accelerator)


def _named(passage: Passage) -> bool:
    """Whether the port is named, and not one of many in a range."""
    return isinstance(passage.into, int) and any(
        isinstance(ports, range) and passage.into in ports and len(ports) < SPECIFIC
        for ports in passage.entrance.ports
    )


def _place(passage: Passage) -> Span:
    span = passage.entrance.listener.span
    assert span is not None
    return span


def is_for(door: Door, service: Service) -> bool:
    """Whether a listener is meant for a service; an HTTP listener never is, by its own port."""
    if door.balancer.kind == "application":
        return door.port == service.port
    return leads_to(door, service) or any(
        misses(door, interface, service) for interface in door.target.instance.interfaces()
    )


def _evidence(door: Door, service: Service) -> Evidence:
    span = door.listener.span or door.group.span
    assert span is not None
    return Evidence("rule", Label(span, f"{service} is forwarded to it here"))
