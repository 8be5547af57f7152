"""
Other ways in than the one that is blocked: whoever has one does not need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from iaclint.flow import INTERNET_CLIENT, Client, Flow, client_of
from iaclint.intent.access import session_manager
from iaclint.intent.behind import is_for
from iaclint.intent.evidence import ingress, speaks_of
from iaclint.intent.outward import gets_out
from iaclint.network import Instance, Network
from iaclint.packet.prefix import PRIVATE, Prefix, addresses
from iaclint.packet.service import Service
from iaclint.trace.balancer import balancer_ways, doors
from iaclint.trace.engine import trace
from iaclint.value import Unknown


def other_way(network: Network, target: Instance, service: Service) -> str:
    """A way in that works, or may, beside the internet and bastions; empty if there is none."""
    return next(_ways(network, target, service), "")


def _ways(network: Network, target: Instance, service: Service) -> Iterator[str]:
    manager = session_manager(network, target)
    if manager and any(gets_out(network, each) for each in target.interfaces()):
        yield manager
    for client in endpoints(network):
        if trace(network, Flow(client, target, service, "ipv4")).verdict != "blocked":
            yield client.name
    yield from _balancers(network, target, service)
    yield from _remote(network, target, service)


def endpoints(network: Network) -> Iterator[Client]:
    """Everything inside of the network that people log in through, beside instances."""
    for endpoint in network.connect_endpoints:
        yield Client(endpoint.address, {}, None, endpoint.interface, endpoint)
    for vpn in network.client_vpns:
        for interface in vpn.interfaces:
            yield Client(vpn.address, {}, None, interface, vpn)


def _balancers(network: Network, target: Instance, service: Service) -> Iterator[str]:
    for door in doors(network):
        if door.target.instance is not target or not is_for(door, service):
            continue
        if door.balancer.internal is not False and door.balancer.kind != "application":
            yield door.balancer.address
            continue
        flow = Flow(INTERNET_CLIENT, target, service, "ipv4", through=door.balancer)
        for interface in target.interfaces():
            if any(w.verdict != "blocked" for w in balancer_ways(network, flow, interface)):
                yield door.balancer.address


def _remote(network: Network, target: Instance, service: Service) -> Iterator[str]:
    """Private blocks outside of the VPC that a rule lets in, and that a connection leads to."""
    for interface in target.interfaces():
        for _, rule in ingress(interface):
            if speaks_of(rule, service, "ipv4"):
                for prefix in rule.prefixes:
                    if _is_private(prefix) and _comes_in(network, target, service, prefix):
                        yield f"the network {prefix}"


def _is_private(prefix: Prefix | Unknown) -> TypeGuard[Prefix]:
    if isinstance(prefix, Unknown) or prefix.family != "ipv4":
        return False
    return prefix.region <= addresses(PRIVATE, "ipv4")


def _comes_in(network: Network, target: Instance, service: Service, prefix: Prefix) -> bool:
    flow = Flow(client_of((prefix,)), target, service, "ipv4")
    return trace(network, flow).verdict != "blocked"
