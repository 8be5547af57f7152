"""
How instances call AWS: NAT gateways and where they stand, VPC endpoints and what they are for.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.interfaces import find_subnet, groups_of
from iaclint.assemble.tables import find_table
from iaclint.assemble.vpcs import find_vpc
from iaclint.aws import gateway as shapes
from iaclint.network import Interface, Maybe, PublicAddress, RouteTable, ServiceEndpoint
from iaclint.value import Unknown, Value, text, truth

INSIDE = PublicAddress(has=False, why="it is an interface of an endpoint")


def place_nats(build: Build) -> None:
    """Of which kind and in which subnet each NAT gateway is."""
    for nat in build.index.all(shapes.NatGateway):
        kind = text(nat.connectivity)
        build.gateways[nat.address].private = (
            kind if isinstance(kind, Unknown) else kind == "private"
        )
        if nat.subnet is not None:
            build.gateways[nat.address].subnet = find_subnet(build, nat.subnet, nat.resource)


def build_endpoints(build: Build) -> None:
    """All endpoints."""
    for declared in build.index.all(shapes.Endpoint):
        build.network.service_endpoints.append(_endpoint(build, declared))


def _endpoint(build: Build, declared: shapes.Endpoint) -> ServiceEndpoint:
    kind = text(declared.kind)
    return ServiceEndpoint(
        **place(declared),
        vpc=declared.maybe or find_vpc(build, declared.vpc),
        service=_service(build, declared.service),
        is_interface=kind if isinstance(kind, Unknown) else kind == "Interface",
        private_dns=truth(declared.private_dns) or False,
        interfaces=tuple(_interfaces(build, declared)),
        tables=tuple(_tables(build, declared)),
    )


def _tables(build: Build, declared: shapes.Endpoint) -> Iterator[Maybe[RouteTable]]:
    """
    Tables that get the route to a gateway endpoint's prefix list.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    for value in flat(declared.tables):
        yield _table(build, declared, value)
    for one in build.index.all(shapes.EndpointAssociation):
        if build.index.find(one.endpoint, shapes.Endpoint) is declared:
            yield one.maybe or _table(build, declared, one.table)


def _table(build: Build, declared: shapes.Endpoint, value: Value | None) -> Maybe[RouteTable]:
    unknown = Unknown("a route table of the endpoint is not known", declared.span)
    return find_table(build, value) or unknown


def _interfaces(build: Build, declared: shapes.Endpoint) -> Iterator[Interface]:
    for value in flat(declared.subnets):
        subnet = find_subnet(build, value, declared.resource)
        yield Interface(
            **place(declared),
            subnet=subnet,
            groups=groups_of(build, flat(declared.groups), subnet),
            groups_span=written(declared.groups, declared.span) if declared.groups else None,
            public=INSIDE,
        )


def _service(build: Build, value: Value | None) -> Maybe[str]:
    """`ssm` of `com.amazonaws.eu-west-1.ssm`, also where the Region is not known."""
    plain = text(value)
    if isinstance(plain, str):
        return plain.rpartition(".")[2]
    if plain is None:
        return Unknown("the endpoint names no service")
    last = plain.parts[-1] if plain.parts else None
    if isinstance(last, str) and "." in last:
        return last.rpartition(".")[2]
    source = build.index.owner(plain.ref) if plain.ref else None
    short = text(source.attributes.get("service")) if source is not None else None
    return short if isinstance(short, str) else plain
