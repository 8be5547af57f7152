"""
Flows through a load balancer or an accelerator that somebody put in front of a login port.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Client, Evidence, Flow
from iaclint.intent.evidence import SPECIFIC
from iaclint.network import Instance, Network
from iaclint.packet.service import RDP, SSH, Service
from iaclint.source import Span
from iaclint.trace.accelerator import Passage, passages
from iaclint.trace.balancer import Door, doors, leads_to, misses


def through_balancers(
    network: Network, instance: Instance, client: Client | None
) -> Iterator[Flow]:
    """One flow for each internet-facing load balancer that forwards a login to the instance."""
    seen: set[tuple[int, str]] = set()
    for door in doors(network):
        if door.target.instance is not instance or door.balancer.internal is not False:
            continue
        for service in (SSH, RDP):
            key = (id(door.balancer), service.key)
            if is_for(door, service) and key not in seen:
                seen.add(key)
                evidence = (_evidence(door, service),)
                source = client or INTERNET_CLIENT
                yield Flow(source, instance, service, "ipv4", evidence, door.balancer)


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
