"""
Session Manager: the agent calls out, so what counts is the instance's way to AWS.

https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.network import Interface, Network, ServiceEndpoint, Vpc
from iaclint.packet.prefix import INTERNET, Family, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import TCP, Service
from iaclint.source import Span
from iaclint.trace.group import Peer
from iaclint.trace.inside import Leg, crossing, region_of
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.outward import Departure
from iaclint.value import Unknown

HTTPS = Service("tcp/443", "HTTPS", TCP, 443)
NEEDED = ("ssm", "ssmmessages")
"""Newer agents need no `ec2messages`."""
FAMILY: Family = "ipv4"
AWS = INTERNET[FAMILY]
"""Where the service is, as far as a route table or a rule can tell."""
IPV6 = INTERNET["ipv6"] | parse_prefix("64:ff9b::/96").region
"""Its dual-stack endpoints, and IPv4 as DNS64 translates it."""


def manager_ways(network: Network, interface: Interface) -> Iterator[Way]:
    """By interface endpoints in the VPC, and by a route out."""
    vpc = interface.vpc
    if isinstance(vpc, Vpc):
        endpoints = [_endpoint(network, vpc, name) for name in NEEDED]
        found = [each for each in endpoints if each is not None]
        if len(found) == len(NEEDED):
            steps = [step for each in found for step in _by_endpoint(interface, each)]
            yield Way("session manager", interface, tuple(steps), joint=False)
        elif vpc.served is not None:
            yield Way("session manager", interface, (_served(interface, vpc, vpc.served),))
    out = Departure(interface, AWS, FAMILY, HTTPS)
    yield Way("session manager", interface, tuple(out.steps()))
    if interface.ipv6 is not False:
        by_ipv6 = Departure(interface, IPV6, "ipv6", HTTPS).steps()
        yield Way("session manager", interface, (_dual_stack(interface), *by_ipv6))


def _served(interface: Interface, vpc: Vpc, why: Unknown) -> Step:
    peers = region_of(interface, FAMILY)
    return Step(
        "request", vpc, "endpoints", why.reason, Region(), peers, peers, unknowns=(why,),
        span=why.span,
    )  # fmt: skip


def _dual_stack(interface: Interface) -> Step:
    """
    The agent asks the endpoints that speak IPv6 only where it is told to; DNS64 does that for it.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    why = Unknown("whether the agent calls by IPv6 is decided inside the instance", interface.span)
    return Step(
        "request", interface, "agent", why.reason, Region(), IPV6, IPV6, unknowns=(why,)
    )  # fmt: skip


def _endpoint(network: Network, vpc: Vpc, name: str) -> ServiceEndpoint | None:
    """
    The endpoint of a VPC for a service; else one that is not known, which may be for any. One that
    may not be there, or of which the VPC is not known, is the last to count on.
    """
    here = [endpoint for endpoint in network.service_endpoints if endpoint.vpc is vpc]
    perhaps = [one for one in network.service_endpoints if isinstance(one.vpc, Unknown)]
    for some in (here, perhaps):
        own = (e for e in some if e.service == name and e.is_interface is not False)
        found = next(own, None) or next((e for e in some if isinstance(e.service, Unknown)), None)
        if found is not None:
            return found
    return None


def _by_endpoint(interface: Interface, endpoint: ServiceEndpoint) -> Iterator[Step]:
    """To the interfaces of an endpoint; its name leads there only with private DNS."""
    peers = region_of(interface, FAMILY)
    said = (endpoint.vpc, endpoint.service, endpoint.private_dns)
    unknowns = tuple(u for u in said if isinstance(u, Unknown))
    private = endpoint.private_dns is not False
    at = Label(endpoint.span or Span("", 1), "has no private DNS, so nobody finds it by its name")
    blocker = None if private else Blocker(Reason.ENDPOINT_DNS, endpoint, at)
    possible = peers if private else Region()
    yield Step(
        "request", endpoint, f"endpoint {endpoint.label}", f"{endpoint.address} answers",
        Region() if unknowns else possible, possible, peers, blocker=blocker, unknowns=unknowns,
        span=endpoint.span,
    )  # fmt: skip
    for door in endpoint.interfaces[:1]:
        here = Peer(region_of(interface, FAMILY), True, interface, interface.address)
        there = Peer(region_of(door, FAMILY), True, door, endpoint.address)
        crosses = crossing(interface, door)
        leg = Leg(interface, door, here, there, FAMILY, HTTPS, crosses)
        yield from (*leg.leaving(), *leg.entering(), *leg.answering(), *leg.returning())
