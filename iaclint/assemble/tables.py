"""
Route tables, their routes, and which is the main one.
"""

from __future__ import annotations

from dataclasses import replace

from iaclint.assemble.build import Build, place
from iaclint.assemble.gateways import BY_ID, find_target
from iaclint.assemble.index import short, written
from iaclint.assemble.meant import looked_up, meant
from iaclint.assemble.prefix_lists import list_blocks
from iaclint.assemble.vpcs import find_vpc, main_table, prefix_of, vpc_of_attribute
from iaclint.aws import routing as shapes
from iaclint.aws.gateway import Gateway as GatewayShape
from iaclint.aws.shape import dig, unknown_rest
from iaclint.network import Gateway, GatewayKind, Maybe, Route, RouteTable
from iaclint.packet.prefix import Family, Prefix
from iaclint.source import Span
from iaclint.value import Scalar, Unknown, Value, elements

MAIN = ("main_route_table_id", "default_route_table_id")

ARGUMENTS: tuple[tuple[str, str, tuple[GatewayKind, str]], ...] = (
    ("gateway_id", "GatewayId", ("unknown", "gateway")),
    ("nat_gateway_id", "NatGatewayId", ("never", "NAT gateway")),
    ("egress_only_gateway_id", "EgressOnlyInternetGatewayId", BY_ID["eigw-"]),
    ("transit_gateway_id", "TransitGatewayId", BY_ID["tgw-"]),
    ("vpc_peering_connection_id", "VpcPeeringConnectionId", BY_ID["pcx-"]),
    ("network_interface_id", "NetworkInterfaceId", BY_ID["eni-"]),
    ("instance_id", "InstanceId", BY_ID["i-"]),
    ("vpc_endpoint_id", "VpcEndpointId", BY_ID["vpce-"]),
    ("carrier_gateway_id", "CarrierGatewayId", BY_ID["cagw-"]),
    ("local_gateway_id", "LocalGatewayId", BY_ID["lgw-"]),
    ("core_network_arn", "CoreNetworkArn", BY_ID["arn:aws:networkmanager"]),
    ("odb_network_arn", "OdbNetworkArn", ("network", "ODB network")),
)
"""Each argument that names a target, and what it stands for when the value is not known."""


def build_tables(build: Build) -> None:
    """All tables and routes."""
    for declared in build.index.all(shapes.RouteTable, data=True):
        if not declared.is_default:
            _table(build, declared)
    for association in build.index.all(shapes.MainAssociation):
        _make_main(build, association)
    for declared in build.index.all(shapes.RouteTable):
        if declared.is_default:
            _adopt(build, declared)
    for route in build.index.all(shapes.Route):
        _add(build, route)
    for propagation in build.index.all(shapes.Propagation):
        _propagate(build, propagation)
    for edge in build.index.all(shapes.EdgeAssociation):
        _edge(build, edge)
    for association_ in build.index.all(shapes.RouteTableAssociation):
        _edge(build, association_)


def _table(build: Build, declared: shapes.RouteTable) -> RouteTable:
    table = RouteTable(
        address=declared.address,
        label=short(declared.resource.label or declared.address),
        span=declared.span,
        resource=declared.resource,
        vpc=find_vpc(build, declared.vpc),
        rest=_rest(declared),
        as_written="route" in declared.resource.ignored and not unknown_rest(declared.routes),
    )
    _learn(table, declared)
    build.tables[declared.address] = table
    build.network.tables.append(table)
    return table


def _learn(table: RouteTable, declared: shapes.RouteTable) -> None:
    """What the arguments of a table say about VPN gateways that write routes into it."""
    if some := elements(declared.propagating):
        table.propagation = _propagated(table, declared.span)
        table.propagates = any(not isinstance(each, Unknown) or each.ref for each in some)


def _rest(declared: shapes.RouteTable) -> Unknown | None:
    if declared.is_data:
        return Unknown(f"{declared.address} is made elsewhere", declared.span)
    if "route" in declared.resource.ignored:
        return Unknown(f"changes to the routes of {declared.address} are ignored", declared.span)
    return unknown_rest(declared.routes)


def _make_main(build: Build, association: shapes.MainAssociation) -> None:
    vpc = find_vpc(build, association.vpc)
    found = build.index.find(association.table, shapes.RouteTable)
    table = build.tables.get(found.address) if isinstance(found, shapes.RouteTable) else None
    why = vpc if isinstance(vpc, Unknown) else found
    if isinstance(why, Unknown):
        for each in build.network.vpcs if isinstance(vpc, Unknown) else (vpc,):
            main = main_table(build, each)
            main.rest = main.rest or why
    elif table is not None:
        table.main = True
        table.rest = association.maybe or table.rest
        build.main[id(vpc)] = table


def _adopt(build: Build, declared: shapes.RouteTable) -> None:
    """The main table under management: the same table, with the inline routes only."""
    vpc = vpc_of_attribute(build, declared.adopts, *MAIN)
    if vpc is None:
        _table(build, declared)
        return
    table = main_table(build, vpc)
    table.address, table.label = declared.address, short(declared.address)
    table.span, table.resource = declared.span, declared.resource
    table.rest = _rest(declared) or declared.maybe
    table.routes.clear()
    _learn(table, declared)
    build.tables[declared.address] = table


def _add(build: Build, route: shapes.Route) -> None:
    if (table := table_of(build, route)) is not None:
        table.routes.extend(_routes(build, route))
    if not route.inline and isinstance(route.table, Unknown):
        _add_somewhere(build, route, route.table)


def _add_somewhere(build: Build, declared: shapes.Route, why: Unknown) -> None:
    """A route of a table that is not known may be in each of those the value can mean."""
    for table in _meant(build, why):
        for route in _routes(build, declared):
            route.maybe = route.maybe or why
            table.routes.append(route)


def _meant(build: Build, why: Unknown) -> list[RouteTable]:
    """The tables that a value may mean, the main ones that nobody wrote too."""
    if why.ref is None or looked_up(build, why):
        for vpc in build.network.vpcs:
            main_table(build, vpc)
    return meant(build, why, {table.address: table for table in build.network.tables})


def table_of(build: Build, route: shapes.Route) -> RouteTable | None:
    """The table a route is in."""
    if route.inline:
        return build.tables.get(route.address)
    return find_table(build, route.table)


def find_table(build: Build, value: Value | None) -> RouteTable | None:
    """The table a value names, by its own resource or as the main table of a VPC."""
    vpc = vpc_of_attribute(build, value, *MAIN)
    if vpc is not None:
        return main_table(build, vpc)
    found = build.index.find(value, shapes.RouteTable)
    return build.tables.get(found.address) if isinstance(found, shapes.RouteTable) else None


def _routes(build: Build, declared: shapes.Route) -> list[Route]:
    target = _target(build, declared)
    made: list[Route] = []
    families: tuple[tuple[Value | None, Family], ...] = (
        (declared.ipv4, "ipv4"),
        (declared.ipv6, "ipv6"),
    )
    for value, family in families:
        to = prefix_of(value)
        if to is not None and not is_empty(value):
            made.append(route := _route(declared, to, target, value))
            route.family = family
    if declared.prefix_list is not None and not is_empty(declared.prefix_list):
        for block in list_blocks(build, declared.prefix_list):
            route = _route(declared, block, target, declared.prefix_list)
            route.origin = "prefix list"
            made.append(route)
    return made


def _route(
    declared: shapes.Route, to: Maybe[Prefix], target: Maybe[Gateway], value: Value | None
) -> Route:
    return Route(
        address=declared.address,
        label=str(to) if isinstance(to, Prefix) else "?",
        span=written(value, declared.span) if declared.inline else declared.span,
        resource=declared.resource,
        to=to,
        target=target,
        maybe=declared.maybe,
    )


def _target(build: Build, declared: shapes.Route) -> Maybe[Gateway]:
    for terraform, cloudformation, kind in ARGUMENTS:
        name = terraform if declared.is_terraform else cloudformation
        value = _argument(declared, name)
        if value is not None and not is_empty(value):
            return find_target(build, value, kind, declared.resource.depends)
    return Unknown("the route has no target", declared.span)


def is_empty(value: Value | None) -> bool:
    """Whether nothing is given: in Terraform's list of routes every argument is written."""
    return isinstance(value, Scalar) and value.value in ("", None)


def _argument(declared: shapes.Route, name: str) -> Value | None:
    return dig(declared.block, name) if declared.block else declared.resource.attributes.get(name)


def _propagate(build: Build, propagation: shapes.Propagation) -> None:
    for value in elements(propagation.tables):
        table = find_table(build, value)
        if table is not None:
            table.propagation = _propagated(table, propagation.span)
            table.propagates = table.propagates or propagation.maybe is None
        elif isinstance(value, Unknown):
            for each in _meant(build, value):
                each.propagation = each.propagation or value


def _propagated(table: RouteTable, span: Span) -> Unknown:
    return Unknown(f"a VPN gateway propagates routes into {table.address}", span)


def _edge(build: Build, declared: shapes.EdgeAssociation | shapes.RouteTableAssociation) -> None:
    """The table of a gateway; where one of the two is not known, it may be the one of any other."""
    found = build.index.find(declared.gateway, GatewayShape)
    if found is None:
        return
    routes = find_table(build, declared.table)
    if routes is None:
        named = build.index.find(declared.table, shapes.RouteTable)
        unknown = named if isinstance(named, Unknown) else Unknown("no table is given")
        routes = RouteTable(**place(declared), vpc=None, rest=unknown)
    if isinstance(found, GatewayShape):
        build.network.edges[id(build.gateways[found.address])] = _open(routes, declared.maybe)
    elif found.ref is None:
        routes = _open(routes, declared.maybe or found)
        for each in build.network.gateways:
            build.network.edges.setdefault(id(each), routes)


def _open(table: RouteTable, why: Unknown | None) -> RouteTable:
    """A table that is perhaps not the one that counts."""
    return replace(table, rest=table.rest or why) if why is not None else table
