"""
Gateways and what they are attached to.
"""

from __future__ import annotations

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import short
from iaclint.assemble.vpcs import find_vpc
from iaclint.aws import gateway as shapes
from iaclint.aws.instance import Launch
from iaclint.aws.interface import NetworkInterface
from iaclint.network import Gateway, GatewayKind, Maybe, Middlebox, Vpc
from iaclint.resource import Resource
from iaclint.value import Scalar, Unknown, Value, refs, text, truth

BY_ID: dict[str, tuple[GatewayKind, str]] = {
    "igw-": ("internet", "internet gateway"),
    "nat-": ("never", "NAT gateway"),
    "eigw-": ("never", "egress-only internet gateway"),
    "cagw-": ("never", "carrier gateway"),
    "vgw-": ("network", "VPN gateway"),
    "tgw-": ("network", "transit gateway"),
    "pcx-": ("network", "peering connection"),
    "eni-": ("interface", "network interface"),
    "i-": ("interface", "instance"),
    "vpce-": ("appliance", "VPC endpoint"),
    "lgw-": ("network", "local gateway"),
    "arn:aws:networkmanager": ("network", "core network"),
}
"""What an id that is written out stands for."""


def build_gateways(build: Build) -> None:
    """All gateways, with the VPCs they serve."""
    for declared in build.index.all(shapes.Gateway, data=True):
        gateway = _gateway(build, declared)
        build.gateways[declared.address] = gateway
        build.network.gateways.append(gateway)
    for attachment in build.index.all(shapes.GatewayAttachment):
        _attach(build, attachment)
    for attachment in build.index.all(shapes.GatewayAttachment):
        _attach_some(build, attachment)


def _gateway(build: Build, declared: shapes.Gateway) -> Gateway:
    vpcs = _vpcs(build, declared)
    if declared.inbound != "appliance":
        return Gateway(**place(declared), kind=declared.inbound, title=declared.title, vpcs=vpcs)
    why = Unknown(f"{declared.address} decides what passes", declared.span)
    return Middlebox(
        **place(declared), kind=declared.inbound, title=declared.title, vpcs=vpcs, policy=why
    )


def _vpcs(build: Build, declared: shapes.Gateway) -> tuple[Maybe[Vpc], ...]:
    if declared.is_data:
        return (Unknown(f"{declared.address} is made elsewhere", declared.span),)
    if declared.maybe:
        return (declared.maybe,)
    return () if declared.vpc is None else (find_vpc(build, declared.vpc),)


def _attach(build: Build, attachment: shapes.GatewayAttachment) -> None:
    vpc = attachment.maybe or find_vpc(build, attachment.vpc)
    for value in (attachment.internet, attachment.vpn):
        found = build.index.find(value, shapes.Gateway)
        if isinstance(found, shapes.Gateway):
            gateway = build.gateways[found.address]
            gateway.vpcs += (vpc,)
            gateway.attachments += (attachment.span,)
        elif isinstance(found, Unknown) and isinstance(vpc, Vpc) and value is attachment.internet:
            _foreign(build, found, vpc)


def _attach_some(build: Build, attachment: shapes.GatewayAttachment) -> None:
    """An attachment of a gateway that is not known may be that of any still without a VPC."""
    found = build.index.find(attachment.internet, shapes.Gateway)
    if isinstance(found, Unknown):
        for gateway in build.network.gateways:
            if gateway.kind == "internet" and not gateway.vpcs:
                gateway.vpcs = (found,)


def _foreign(build: Build, why: Unknown, vpc: Vpc) -> None:
    gateway = Gateway(
        address="an internet gateway made elsewhere",
        label="igw",
        kind="internet",
        title="internet gateway",
        vpcs=(vpc,),
        span=why.span,
    )
    build.network.gateways.append(gateway)


def find_target(
    build: Build, value: Value, kind: tuple[GatewayKind, str], near: frozenset[str] = frozenset()
) -> Maybe[Gateway]:
    """
    What a route leads to; `kind` is what the argument it is written in stands for, `near` are the
    resources that the route refers to.
    """
    if isinstance(value, Scalar):
        return _by_text(value)
    if not isinstance(value, Unknown):
        return Unknown("the target is a collection", value.span)
    if value.ref is not None:
        found = build.gateways.get(value.ref.address)
        return found if found is not None else _forwarder(build, value, kind)
    if value.choices:
        met = [find_target(build, choice, kind, near) for choice in value.choices]
        if all(each is met[0] for each in met):
            return met[0]
        return value
    return _computed(build, value, kind, near) or _of_kind(value, kind)


def _computed(
    build: Build, value: Unknown, kind: tuple[GatewayKind, str], near: frozenset[str]
) -> Gateway | None:
    """
    The id of a firewall's endpoint is picked from a list that AWS fills in: it is that of the one
    firewall which the route refers to.
    """
    named = [build.gateways.get(address) for address in near]
    boxes = [box for box in named if isinstance(box, Middlebox) and box.title != "VPC endpoint"]
    return boxes[0] if kind == BY_ID["vpce-"] and len(boxes) == 1 and not value.supply else None


def _forwarder(build: Build, value: Unknown, kind: tuple[GatewayKind, str]) -> Maybe[Gateway]:
    """A route to an instance or interface; else something we know only by its argument."""
    assert value.ref is not None
    address = value.ref.address
    for cls in (Launch, NetworkInterface):
        box = build.index.at(address, cls)
        if isinstance(box, (Launch, NetworkInterface)):
            gateway = Gateway(
                address=address,
                label=short(address),
                span=box.span,
                resource=box.resource,
                kind="interface",
                title="network interface",
                checks=_checks(build, box),
            )
            return build.gateways.setdefault(address, gateway)
    return _of_kind(value, kind)


def _checks(build: Build, box: Launch | NetworkInterface) -> Maybe[bool]:
    """An instance sets the check of the interface it is launched with, where it says something."""
    given = box.checks
    for launch in build.index.all(Launch) if isinstance(box, NetworkInterface) else ():
        if launch.checks is not None and _names(launch.resource, box.address):
            given = launch.checks
    checks = truth(given)
    return True if checks is None else checks


def _names(resource: Resource, address: str) -> bool:
    """Whether any attribute of a resource refers to another one."""
    return any(
        ref.address == address for value in resource.attributes.values() for ref in refs(value)
    )


def _of_kind(value: Unknown, kind: tuple[GatewayKind, str]) -> Maybe[Gateway]:
    if kind[0] == "unknown":
        return value
    return Gateway(
        address=str(value.ref) if value.ref else kind[1],
        label=kind[1],
        span=value.span,
        kind=kind[0],
        title=kind[1],
        vpcs=(value,),
    )


def _by_text(value: Scalar) -> Maybe[Gateway]:
    plain = text(value)
    if not isinstance(plain, str):
        return Unknown("the route has no target", value.span)
    if plain == "local":
        return Gateway(address="local", label="local", kind="local", title="local", span=value.span)
    for start, (kind, title) in BY_ID.items():
        if plain.startswith(start):
            why = Unknown(f'"{plain}" is not declared here', value.span)
            return Gateway(
                address=plain, label=plain, span=value.span, kind=kind, title=title, vpcs=(why,)
            )
    return Unknown(f'"{plain}" is not declared here', value.span)
