"""
Peering connections: their two ends, and whether the other side accepted.
"""

from __future__ import annotations

from iaclint.assemble.build import Build, place
from iaclint.assemble.meant import meant
from iaclint.assemble.vpcs import find_vpc
from iaclint.aws import peering as shapes
from iaclint.network import Maybe, Node, Peering, Vpc
from iaclint.value import Unknown, Value, text, truth


def build_peerings(build: Build) -> None:
    """All peering connections, each also under the names of its accepters."""
    accepters = list(build.index.all(shapes.PeeringAccepter))
    for declared in build.index.all(shapes.PeeringConnection, data=True):
        peering = _peering(build, declared, accepters)
        build.gateways[declared.address] = peering
        build.network.gateways.append(peering)
    for accepter in accepters:
        found = build.index.find(accepter.peering, shapes.PeeringConnection)
        if isinstance(found, shapes.PeeringConnection):
            build.gateways.setdefault(accepter.address, build.gateways[found.address])


def _peering(
    build: Build,
    declared: shapes.PeeringConnection,
    accepters: list[shapes.PeeringAccepter],
) -> Peering:
    ends = (_end(build, declared, declared.vpc), _end(build, declared, declared.peer))
    return Peering(
        **place(declared),
        kind="network",
        title="peering connection",
        vpcs=ends,
        ends=ends,
        active=_active(build, declared, ends, accepters),
        same_region=_same_region(ends, declared),
    )


def _end(build: Build, declared: shapes.PeeringConnection, value: Value | None) -> Maybe[Vpc]:
    if declared.is_data:
        return Unknown(f"{declared.address} is made elsewhere", declared.span)
    return declared.maybe or find_vpc(build, value)


def _active(
    build: Build,
    declared: shapes.PeeringConnection,
    ends: tuple[Maybe[Vpc], Maybe[Vpc]],
    accepters: list[shapes.PeeringAccepter],
) -> Maybe[bool]:
    """Accepted by itself or by a resource of its own; unknown where the other side is elsewhere."""
    if declared.is_data:
        return True
    accepted = declared.accepted
    if accepted is not False:
        return accepted
    unknown: Unknown | None = None
    for accepter in accepters:
        found = build.index.find(accepter.peering, shapes.PeeringConnection)
        consent = truth(accepter.auto_accept) or False
        if found is declared:
            return accepter.maybe or consent if consent else consent
        if consent is not False:
            unknown = unknown or _perhaps(build, declared, accepter, found)
    if unknown is not None:
        return unknown
    elsewhere = any(isinstance(end, Unknown) or end.foreign for end in ends)
    if elsewhere or not (text(declared.owner) is None or declared.is_own_account):
        return Unknown(
            f"whether {declared.address} is accepted is decided elsewhere", declared.span
        )
    return False


def _perhaps(
    build: Build,
    declared: shapes.PeeringConnection,
    accepter: shapes.PeeringAccepter,
    found: shapes.PeeringConnection | Unknown | None,
) -> Unknown | None:
    """Why an accepter that does not name a connection may mean it: what it looks up may be it."""
    if isinstance(found, Unknown) and found.ref is None:
        return found
    if not meant(build, accepter.peering, {declared.address: Node(**place(declared))}):
        return None
    return Unknown(f"which connection {accepter.address} accepts is not known", accepter.span)


def _same_region(
    ends: tuple[Maybe[Vpc], Maybe[Vpc]], declared: shapes.PeeringConnection
) -> Maybe[bool]:
    """Groups may be named across a peering connection within one Region only."""
    region = text(declared.region)
    if isinstance(region, str):
        own = declared.resource.region
        return (
            own == region if own else Unknown(f"whether {region} is another Region", declared.span)
        )
    regions = {end.resource.region for end in ends if isinstance(end, Vpc) and end.resource}
    if len(regions) > 1:
        return Unknown("the VPCs belong to different providers", declared.span)
    return region if isinstance(region, Unknown) else True
