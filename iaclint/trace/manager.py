"""
Session Manager: the agent calls out, so what counts is the instance's way to AWS.

https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.network import (
    Gateway,
    Interface,
    Network,
    Route,
    RouteTable,
    ServiceEndpoint,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import INTERNET, Family
from iaclint.packet.region import Region
from iaclint.packet.service import TCP, Service
from iaclint.source import Span
from iaclint.trace.acl import acl_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY, Leg, acl_of, region_of
from iaclint.trace.lookup import match
from iaclint.trace.model import Blocker, Direction, Reason, Step, Way
from iaclint.trace.route import rated
from iaclint.value import Unknown

HTTPS = Service("tcp/443", "HTTPS", TCP, 443)
NEEDED = ("ssm", "ssmmessages")
"""Newer agents need no `ec2messages`."""
FAMILY: Family = "ipv4"
AWS = INTERNET[FAMILY]
"""Where the service is, as far as a route table or a rule can tell."""


def manager_ways(network: Network, interface: Interface) -> Iterator[Way]:
    """By interface endpoints in the VPC, and by a route out."""
    vpc = interface.vpc
    if isinstance(vpc, Vpc):
        endpoints = [_endpoint(network, vpc, name) for name in NEEDED]
        if None not in endpoints:
            found = [each for each in endpoints if each is not None]
            steps = [step for each in found for step in _by_endpoint(interface, each)]
            yield Way("session manager", interface, tuple(steps), joint=False)
    yield Way("session manager", interface, tuple(_outward(interface)), joint=False)


def _endpoint(network: Network, vpc: Vpc, name: str) -> ServiceEndpoint | None:
    """The endpoint of a VPC for a service; one that is not known may be for any."""
    for endpoint in network.service_endpoints:
        if endpoint.vpc is vpc and (isinstance(endpoint.service, Unknown) or (
            endpoint.service == name and endpoint.is_interface is not False
        )):  # fmt: skip
            return endpoint
    return None


def _by_endpoint(interface: Interface, endpoint: ServiceEndpoint) -> Iterator[Step]:
    """To the interfaces of an endpoint; its name leads there only with private DNS."""
    peers = region_of(interface, FAMILY)
    unknowns = tuple(u for u in (endpoint.service, endpoint.private_dns) if isinstance(u, Unknown))
    private = endpoint.private_dns is not False
    at = Label(endpoint.span or Span("", 1), "has no private DNS, so nobody finds it by its name")
    blocker = None if private else Blocker(Reason.ENDPOINT_DNS, endpoint, at)
    yield Step(
        "request", endpoint, f"endpoint {endpoint.label}", f"{endpoint.address} answers",
        Region() if unknowns or not private else peers, peers if private else Region(), peers,
        True, blocker, unknowns, endpoint.span,
    )  # fmt: skip
    for door in endpoint.interfaces[:1]:
        here = Peer(region_of(interface, FAMILY), True, interface, interface.address)
        there = Peer(region_of(door, FAMILY), True, door, endpoint.address)
        crosses = interface.subnet is not door.subnet
        leg = Leg(interface, door, here, there, FAMILY, HTTPS, crosses)
        yield from (*leg.leaving(), *leg.entering(), *leg.answering(), *leg.returning())


def _outward(interface: Interface) -> Iterator[Step]:
    """Out through the group, the ACL and the table of the subnet."""
    acl = acl_of(interface)
    yield group_step(interface, Peer(AWS), FAMILY, HTTPS, egress=True)
    yield acl_step(acl, "request", True, FAMILY, HTTPS, AWS, False, NOBODY)
    yield _route_step(interface)
    yield acl_step(acl, "reply", False, FAMILY, HTTPS, AWS, False, NOBODY)


def _route_step(interface: Interface) -> Step:
    subnet = interface.subnet
    table = subnet if isinstance(subnet, Unknown) else subnet.table
    if isinstance(subnet, Unknown) or isinstance(table, Unknown):
        why = table if isinstance(table, Unknown) else Unknown("the subnet is not known")
        return Step(
            "request", interface, "route table ?", why.reason, Region(), AWS, AWS, unknowns=(why,)
        )
    rows = [rated(route, leads_out(route, interface)) for route in table.routes]
    found = match(rows, FAMILY, AWS, table.rest)
    step = Step("request", table, "", "", found.sure, found.possible, AWS)
    blocker = _no_way_out(subnet, table, found.wrong) if step.verdict == "block" else None
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    return Step(
        "request", table, f"route table {table.label}", f"{table.address} {verb} out", found.sure,
        found.possible, AWS, False, blocker, found.unknowns,
        blocker.at.span if blocker else table.span,
    )  # fmt: skip


def leads_out(route: Route, interface: Interface) -> bool | Unknown:
    """Whether a route takes an instance's own connections to the internet."""
    target = route.target
    if isinstance(target, Unknown):
        return target
    if target.kind == "internet":
        vpc = interface.vpc
        attached = vpc if isinstance(vpc, Unknown) else target.attached_to(vpc)
        return interface.public.has if attached is True else attached
    if target.title == "NAT gateway":
        return _nat(target, interface)
    if target.kind in ("network", "appliance", "interface", "unknown"):
        return Unknown(f"what is behind {target.address} is not known", target.span)
    return False


def _nat(gateway: Gateway, interface: Interface) -> bool | Unknown:
    """A NAT gateway needs a route to an internet gateway itself."""
    subnet = gateway.subnet
    if not isinstance(subnet, Subnet) or isinstance(subnet.table, Unknown):
        return subnet if isinstance(subnet, Unknown) else True
    if subnet.table.rest is not None:
        return subnet.table.rest
    targets = [r.target for r in subnet.table.routes]
    unknown = next((t for t in targets if isinstance(t, Unknown)), None)
    if any(isinstance(t, Gateway) and t.kind == "internet" for t in targets):
        return _past_acl(subnet, interface)
    inspected = any(isinstance(t, Gateway) and t.kind != "never" for t in targets)
    if unknown is not None or inspected:
        return unknown or Unknown(f"where {subnet.address} leads is not known", subnet.span)
    return False


def _past_acl(subnet: Subnet, interface: Interface) -> bool | Unknown:
    """What the ACL of a NAT gateway's subnet says about both of its sides, there and back."""
    inside = region_of(interface, FAMILY)
    sides: list[tuple[Direction, bool, Region, bool]] = [
        ("request", True, AWS, False),
        ("reply", False, AWS, False),
    ]
    if interface.subnet is not subnet:
        sides += [("request", False, inside, True), ("reply", True, inside, True)]
    steps = [
        acl_step(subnet.acl, direction, egress, FAMILY, HTTPS, peers, one, NOBODY)
        for direction, egress, peers, one in sides
    ]
    if any(step.verdict == "block" for step in steps):
        return False
    why = (u for step in steps if step.verdict == "unknown" for u in step.unknowns)
    return next(why, True)


def _no_way_out(subnet: Subnet, table: RouteTable, wrong: tuple[Route, ...]) -> Blocker:
    span = table.span or subnet.span or Span("", 1)
    node = table if table.span else subnet
    if wrong and isinstance(wrong[0].target, Gateway):
        target = wrong[0].target
        text = f"leads to {target.address}, which does not take it on"
        return Blocker(
            Reason.NO_WAY_OUT, node, Label(wrong[0].span or span, text), about=(subnet, target)
        )
    return Blocker(Reason.NO_WAY_OUT, node, Label(span, "has no route out"), about=(subnet,))
