"""
Networks behind an instance that forwards: a VPN server, a router, a firewall of one's own.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
"""

from __future__ import annotations

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import Gateway, Interface, Network, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.acl import acl_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY, acl_of
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.outward import Departure
from iaclint.trace.table import table_step
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def forwarders(network: Network, vpc: Vpc, peers: Region) -> list[Gateway]:
    """The instances of a VPC to which its tables send what is for clients: VPN servers, routers."""
    found = [
        route.target
        for table in network.tables
        if table.vpc is vpc
        for route in table.routes
        if isinstance(route.target, Gateway) and route.target.kind == "interface"
        if isinstance(route.to, Prefix) and route.to.length > 1 and route.to.region & peers
    ]
    return list({id(host): host for host in found}.values())


def forwarded(flow: Flow, interface: Interface, host: Gateway) -> Way:
    """Through an instance that forwards, as far as anybody can tell from outside of it."""
    peers, family, service = flow.client.region(flow.family), flow.family, flow.service
    acl = acl_of(interface)
    steps = (
        _forwarding_step(interface, host, peers),
        acl_step(acl, "request", False, family, service, peers, False, NOBODY),
        group_step(interface, Peer(peers), family, service),
        acl_step(acl, "reply", True, family, service, peers, False, NOBODY),
        table_step(interface, peers, family, host, "reply", host, one=False),
    )
    return Way("remote", interface, steps)


def sent_on(departure: Departure, host: Gateway) -> Way:
    """The way out through such an instance, to whatever is behind it."""
    source, peers, family = departure.source, departure.peers, departure.family
    steps = (
        *departure.leaving(),
        table_step(source, peers, family, host, "request", host, one=False),
        _forwarding_step(source, host, peers),
        departure.returning(),
    )
    return Way("remote", source, steps)


def _forwarding_step(interface: Interface, host: Gateway, peers: Region) -> Step:
    if host.checks is True:
        text = "is to forward the packets of clients, and drops what is not for itself"
        at = Label(host.span or interface.span or NOWHERE, text)
        blocker = Blocker(Reason.SOURCE_CHECK, host, at, about=(interface,))
        return Step(
            "request", host, host.address, text, Region(), Region(), peers, blocker=blocker,
            span=at.span,
        )  # fmt: skip
    why = Unknown(f"{host.address} decides what passes", host.span)
    return Step(
        "request", host, host.address, why.reason, Region(), peers, peers, unknowns=(why,),
        span=host.span,
    )  # fmt: skip
