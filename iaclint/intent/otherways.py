"""
Other ways in than the one that is blocked: whoever has one does not need it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypeGuard

from iaclint.flow import INTERNET_CLIENT, Flow, client_of
from iaclint.intent.access import session_manager
from iaclint.intent.behind import is_for
from iaclint.intent.entrances import endpoints
from iaclint.intent.evidence import ingress, speaks_of
from iaclint.intent.outward import gets_out
from iaclint.intent.signs import leads_elsewhere
from iaclint.network import Instance, Network, Node, Vpc
from iaclint.packet.prefix import PRIVATE, Prefix, addresses
from iaclint.packet.service import Service
from iaclint.resource import Resource
from iaclint.trace.accelerator import accelerator_ways
from iaclint.trace.balancer import balancer_ways, doors
from iaclint.trace.engine import trace
from iaclint.value import Unknown, Value, elements, refs, text


def other_way(
    network: Network, target: Instance, service: Service, beside: Node | None = None
) -> str:
    """
    A way in that works, or may, beside the internet, bastions and the load balancer `beside`; empty
    if there is none. Who can log in does not get an answer to a ping by that.
    """
    return next(_ways(network, target, service, beside), "")


def _ways(
    network: Network, target: Instance, service: Service, beside: Node | None
) -> Iterator[str]:
    yield from entered(network, target, service)
    yield from _balancers(network, target, service, beside)
    yield from _accelerators(network, target, service)
    if not service.is_ping:
        yield from made_elsewhere(network, target)


def entered(network: Network, target: Instance, service: Service) -> Iterator[str]:
    """The ways by which people log in to an instance that is not on the internet."""
    manager = "" if service.is_ping else session_manager(network, target)
    if manager and any(gets_out(network, each) for each in target.interfaces()):
        yield manager
    for client in endpoints(network):
        if trace(network, Flow(client, target, service, "ipv4")).verdict != "blocked":
            yield client.name
    yield from _remote(network, target, service)


def _balancers(
    network: Network, target: Instance, service: Service, beside: Node | None
) -> Iterator[str]:
    for door in doors(network):
        if door.target.instance is not target or not is_for(door, service):
            continue
        if door.balancer is beside:
            continue
        if door.balancer.internal is not False and door.balancer.kind != "application":
            yield door.balancer.address
            continue
        flow = Flow(INTERNET_CLIENT, target, service, "ipv4", through=door.balancer)
        for interface in target.interfaces():
            if any(w.verdict != "blocked" for w in balancer_ways(network, flow, interface)):
                yield door.balancer.address


def _accelerators(network: Network, target: Instance, service: Service) -> Iterator[str]:
    for accelerator in network.accelerators:
        flow = Flow(INTERNET_CLIENT, target, service, "ipv4", through=accelerator)
        ways = (w for i in target.interfaces() for w in accelerator_ways(network, flow, i))
        hidden = accelerator.rest or any(isinstance(e.to, Unknown) for e in accelerator.entrances)
        if hidden or any(way.verdict != "blocked" for way in ways):
            yield accelerator.address


ATTACHMENTS = (
    "aws_autoscaling_attachment",
    "aws_lb_target_group_attachment",
    "aws_alb_target_group_attachment",
    "aws_elb_attachment",
    "module",
)
"""What puts a target behind a load balancer; a module that is not there may do so too."""


def made_elsewhere(network: Network, target: Instance) -> Iterator[str]:
    """A load balancer that the files name and do not show: it may let people in."""
    here = {resource.address for resource in network.resources if resource.mode == "managed"}
    names = list(_names(network))  # an unknown name cannot always be hashed
    for resource in network.resources:
        values = _fronts(resource, target)
        if resource.kind == "module" and values:
            yield resource.address
        elif any(_is_elsewhere(value, here) and text(value) not in names for value in values):
            yield "a load balancer made elsewhere"


def _names(network: Network) -> Iterator[str | Unknown | None]:
    for balancer in network.balancers:
        if balancer.resource is not None:
            for key in ("name", "LoadBalancerName"):
                yield text(balancer.resource.attributes.get(key))


def _fronts(resource: Resource, target: Instance) -> list[Value]:
    """The load balancers and target groups that a resource puts in front of an instance."""
    if resource.address == target.address:
        named = (resource.attributes.get(name) for name in FRONTS)
        return [each for value in named for each in elements(value)]
    if resource.kind not in ATTACHMENTS:
        return []
    every = [each for value in resource.attributes.values() for each in elements(value)]
    means = any(ref.address == target.address for value in every for ref in refs(value))
    return [each for each in every if isinstance(each, Unknown)] if means else []


FRONTS = (
    *("load_balancers", "target_group_arns", "traffic_source"),
    *("LoadBalancerNames", "TargetGroupARNs", "TrafficSources"),
)


def _is_elsewhere(value: Value, here: Container[str]) -> bool:
    return not any(ref.address in here for ref in refs(value))


def _remote(network: Network, target: Instance, service: Service) -> Iterator[str]:
    """Private blocks outside of the VPC that a rule lets in, and that a connection leads to."""
    for interface in target.interfaces():
        for _, rule in ingress(interface):
            if speaks_of(rule, service, "ipv4"):
                for prefix in rule.prefixes:
                    if _is_private(prefix) and _comes_in(network, target, service, prefix):
                        yield f"the network {prefix}"


def from_network(network: Network, target: Instance, service: Service) -> str:
    """
    Who is in a network that is connected and that the files do not show, and gets in by a rule for
    everybody; empty if nobody.
    """
    homes = {id(each.vpc): each.vpc for each in target.interfaces() if isinstance(each.vpc, Vpc)}
    if not any(leads_elsewhere(network, vpc) for vpc in homes.values()):
        return ""
    flow = Flow(client_of(PRIVATE), target, service, "ipv4")
    return "" if trace(network, flow).verdict == "blocked" else "a connected network"


def _is_private(prefix: Prefix | Unknown) -> TypeGuard[Prefix]:
    if isinstance(prefix, Unknown) or prefix.family != "ipv4":
        return False
    return prefix.region <= addresses(PRIVATE, "ipv4")


def _comes_in(network: Network, target: Instance, service: Service, prefix: Prefix) -> bool:
    flow = Flow(client_of((prefix,)), target, service, "ipv4")
    return trace(network, flow).verdict != "blocked"
