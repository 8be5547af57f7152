"""
Elastic IPs: whom each one serves.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
"""

from __future__ import annotations

from iaclint.assemble.build import Build
from iaclint.assemble.index import direct_ref
from iaclint.assemble.interfaces import interfaces_at, interfaces_meant
from iaclint.aws import interface as shapes
from iaclint.network import PublicAddress
from iaclint.source import Span
from iaclint.value import Unknown, Value, refs


def build_addresses(build: Build) -> None:
    """Gives every associated Elastic IP to its interface."""
    for address in build.index.all(shapes.ElasticIp):
        _give(build, address, address)
    for association in build.index.all(shapes.ElasticIpAssociation):
        found = build.index.find(association.allocation or association.address_, shapes.ElasticIp)
        _give(build, association, found if isinstance(found, shapes.ElasticIp) else None)


def _give(
    build: Build,
    given: shapes.ElasticIp | shapes.ElasticIpAssociation,
    address: shapes.ElasticIp | None,
) -> None:
    ref = direct_ref(given.interface)
    early = ref is not None and ref.address in build.interfaces
    for each in interfaces_at(build, given.interface or given.instance):
        if each.public.has is True and (given.maybe or each.public.how == "elastic"):
            continue
        each.public = _public(given, address, early)
    _perhaps(build, given.instance or given.interface, given.span)


def _public(
    given: shapes.ElasticIp | shapes.ElasticIpAssociation,
    address: shapes.ElasticIp | None,
    early: bool,
) -> PublicAddress:
    if address is not None and address.reached_from:
        why = f"its Elastic IP is reached from {address.reached_from} only"
        return PublicAddress(has=False, why=why, span=given.span)
    return PublicAddress(
        has=given.maybe or True,
        why="an Elastic IP",
        span=given.span,
        how="elastic",
        asked=given.span,
        early=early,
        elastic=address.resource if address is not None else None,
    )


def _perhaps(build: Build, value: Value | None, span: Span) -> None:
    """An address whose owner is not certain may serve any instance it could mean."""
    for interface in interfaces_meant(build, value):
        if interface.public.has is False:
            why = Unknown("it is not known whom an Elastic IP serves", span)
            interface.public = PublicAddress(has=why, why=why.reason, span=span, asked=span)


def unassociated(build: Build) -> list[shapes.ElasticIp]:
    """Elastic IPs that nothing uses."""
    used = {
        ref.address
        for resource in build.index.resources.values()
        if resource.kind not in ("aws_eip", "AWS::EC2::EIP")
        for value in resource.attributes.values()
        for ref in refs(value)
    }
    return [
        each
        for each in build.index.all(shapes.ElasticIp)
        if each.instance is None and each.interface is None and each.address not in used
    ]
