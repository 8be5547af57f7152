"""
The internet gateway and the public address: what lets a packet into the VPC at all.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import Gateway, Interface, Maybe, Network, Subnet, Vpc
from iaclint.packet.prefix import PRIVATE, Family, addresses
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.inside import Leg
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown


def gateway_step(
    interface: Interface, vpc: Maybe[Vpc], family: Family, peers: Region, network: Network
) -> Step:
    """Whether an internet gateway serves the VPC; it never carries private addresses."""
    public = peers - addresses(PRIVATE, family)
    if isinstance(vpc, Unknown) or vpc.foreign:
        why = vpc if isinstance(vpc, Unknown) else Unknown(f"{vpc.address} is made elsewhere")
        return Step(
            "request", interface, "internet gateway", why.reason, Region(), public, peers,
            unknowns=(why,),
        )  # fmt: skip
    gateways = network.internet_gateways(vpc)
    sure = [g for g in gateways if g.attached_to(vpc) is True]
    if gateways:
        gateway = (sure or gateways)[0]
        unknowns = tuple(u for u in (gateway.attached_to(vpc),) if isinstance(u, Unknown))
        message = f"{gateway.address} is attached to {vpc.address}"
        return Step(
            "request", gateway, gateway.address, message, public if sure else Region(), public,
            peers, unknowns=unknowns, span=gateway.span,
        )  # fmt: skip
    blocker = _no_gateway(interface, vpc, network)
    return Step(
        "request", blocker.node, "internet gateway", f"{vpc.address} has no internet gateway",
        Region(), Region(), peers, blocker=blocker, span=blocker.at.span,
    )  # fmt: skip


def _no_gateway(interface: Interface, vpc: Vpc, network: Network) -> Blocker:
    loose = [g for g in network.gateways if g.kind == "internet"]
    routed = _routed_to(vpc, network)
    candidates = [g for g in loose if g in routed] or loose
    for gateway in candidates:
        if gateway.span is None:
            continue
        if not gateway.vpcs:
            text = "is attached to no VPC"
            return Blocker(
                Reason.GATEWAY_NOT_ATTACHED, gateway, Label(gateway.span, text), about=(vpc,)
            )
        if gateway in routed:
            other = next(v for v in gateway.vpcs if isinstance(v, Vpc))
            at = gateway.attachments[0] if gateway.attachments else gateway.span
            text = f"is attached to {other.address}, not to {vpc.address}"
            return Blocker(Reason.GATEWAY_ELSEWHERE, gateway, Label(at, text), about=(vpc, other))
    span = vpc.span or interface.span or Span("", 1)
    text = "has no internet gateway"
    return Blocker(Reason.NO_GATEWAY, vpc, Label(span, text), about=(vpc,))


def _routed_to(vpc: Vpc, network: Network) -> list[Gateway]:
    """The gateways that routes of the VPC lead to."""
    return [
        route.target
        for table in network.tables
        if table.vpc is vpc
        for route in table.routes
        if isinstance(route.target, Gateway)
    ]


def address_step(interface: Interface, family: Family, peers: Region, network: Network) -> Step:
    """Whether the interface can be addressed from outside."""
    if family == "ipv6":
        return _ipv6_step(interface, peers)
    public = interface.public
    if public.has is True:
        return Step(
            "request", interface, "public address", f"a public address: {public.why}", peers,
            peers, peers, span=public.span,
        )  # fmt: skip
    if isinstance(public.has, Unknown):
        return Step(
            "request", interface, "public address", public.why, Region(), peers, peers,
            unknowns=(public.has,), span=public.span,
        )  # fmt: skip
    blocker = _no_address(interface, network)
    return Step(
        "request", interface, "public address", f"no public IPv4 address: {public.why}", Region(),
        Region(), peers, blocker=blocker, span=blocker.at.span,
    )  # fmt: skip


def _no_address(interface: Interface, network: Network) -> Blocker:
    public = interface.public
    span = interface.span or Span("", 1)
    if public.obstacle:
        at = Label(public.span or span, public.why)
        return Blocker(Reason.SEVERAL_INTERFACES, interface, at)
    near = (Label(public.span, public.why),) if public.span and public.span != span else ()
    if network.spare_addresses:
        spare = network.spare_addresses[0]
        node = Interface(
            address=spare.address,
            label=spare.address,
            span=spare.span,
            resource=spare,
            subnet=interface.subnet,
            public=public,
        )
        at = Label(spare.span, "is associated with nothing")
        return Blocker(Reason.UNASSOCIATED_ADDRESS, node, at, near, (interface,))
    return Blocker(
        Reason.NO_PUBLIC_ADDRESS, interface, Label(span, "has no public IPv4 address"), near
    )


def _ipv6_step(interface: Interface, peers: Region) -> Step:
    has = _has_ipv6(interface)
    if has is True:
        return Step("request", interface, "IPv6 address", "an IPv6 address", peers, peers, peers)
    if isinstance(has, Unknown):
        return Step(
            "request", interface, "IPv6 address", has.reason, Region(), peers, peers,
            unknowns=(has,),
        )  # fmt: skip
    subnet = interface.subnet
    span = interface.span or Span("", 1)
    text, near, about = "has no IPv6 address", [], []
    if isinstance(subnet, Subnet) and subnet.span is not None:
        without = subnet.ipv6 is None
        what = "has no IPv6 block" if without else "assigns no IPv6 addresses"
        near.append(Label(subnet.span, what))
        about.append(subnet)
    blocker = Blocker(
        Reason.NO_IPV6_ADDRESS, interface, Label(span, text), tuple(near), tuple(about)
    )
    return Step(
        "request", interface, "IPv6 address", text, Region(), Region(), peers, blocker=blocker,
        span=span,
    )  # fmt: skip


def addressed(flow: Flow, leg: Leg) -> Iterator[Step]:
    """Both ends of a connection inside, where it may lack them, have IPv6 addresses."""
    if flow.family == "ipv4":
        return
    ends = [leg.target, *((leg.source,) if flow.client.instance is not None else ())]
    for end in ends:
        step = _ipv6_step(end, leg.there.region)
        if step.verdict != "allow":
            yield step


def _has_ipv6(interface: Interface) -> Maybe[bool]:
    subnet = interface.subnet
    if interface.ipv6 is not True or isinstance(subnet, Unknown):
        return interface.ipv6
    return subnet.ipv6 is not None
