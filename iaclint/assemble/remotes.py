"""
Networks outside of AWS that are connected, as far as their blocks are written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.interfaces import find_subnet, groups_of
from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import vpn as shapes
from iaclint.aws.gateway import Gateway as GatewayShape
from iaclint.aws.platform import texts
from iaclint.aws.shape import Declared
from iaclint.network import (
    Attachment,
    ClientVpn,
    Gateway,
    Interface,
    Maybe,
    PublicAddress,
    Remote,
    Route,
    RouteTable,
)
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, truth

AUTHORIZES = re.compile(r"authori[sz]", re.IGNORECASE)
INSIDE = PublicAddress(has=False, why="it is an interface of a Client VPN")


def build_remotes(build: Build) -> None:
    """Every VPN and Direct Connect, with the routes it writes into tables that take them."""
    for vpn in build.index.all(shapes.VpnConnection):
        gateway = build.index.find(vpn.gateway or vpn.transit, GatewayShape)
        if isinstance(gateway, GatewayShape) and not vpn.maybe:
            _remote(build, vpn, build.gateways[gateway.address], tuple(_behind(build, vpn)))
    for direct in build.index.all(shapes.DirectConnectAssociation):
        gateway = build.index.find(direct.gateway, GatewayShape)
        if isinstance(gateway, GatewayShape) and not direct.maybe:
            why = Unknown(f"{direct.address} learns its routes by BGP", direct.span)
            _remote(build, direct, build.gateways[gateway.address], (why,))
    for interface in build.index.all(shapes.PrivateVirtualInterface):
        gateway = build.index.find(interface.gateway, GatewayShape)
        if isinstance(gateway, GatewayShape) and not interface.maybe:
            why = Unknown(f"{interface.address} learns its routes by BGP", interface.span)
            _remote(build, interface, build.gateways[gateway.address], (why,))
    _propagate(build)
    for endpoint in build.index.all(shapes.ClientVpn):
        build.network.client_vpns.append(_client_vpn(build, endpoint))


def _remote(
    build: Build,
    declared: Declared,
    gateway: Gateway,
    prefixes: tuple[Maybe[Prefix], ...],
) -> None:
    build.network.remotes.append(Remote(**place(declared), gateway=gateway, prefixes=prefixes))


def _behind(build: Build, vpn: shapes.VpnConnection) -> Iterator[Maybe[Prefix]]:
    for route in build.index.all(shapes.VpnRoute):
        found = build.index.find(route.connection, shapes.VpnConnection)
        if isinstance(found, Unknown):
            yield found
        elif found is vpn:
            yield route.maybe or prefix_of(route.to) or Unknown("the VPN route has no block")
    for table in build.network.transit_tables:
        for way in table.routes:
            attachment = way.attachment
            if isinstance(attachment, Attachment) and attachment.address == vpn.address:
                yield from () if way.propagated else (way.to,)
    if truth(vpn.static) is not True:
        yield Unknown(f"{vpn.address} learns its routes by BGP", vpn.span)


def _propagate(build: Build) -> None:
    """A table with propagation holds a route for every block behind the VPC's VPN gateways."""
    for table in build.network.tables:
        if not table.propagates:
            continue
        for remote in build.network.remotes:
            if remote.gateway.title == "VPN gateway" and table.vpc in remote.gateway.vpcs:
                known = (to for to in remote.prefixes if isinstance(to, Prefix))
                table.routes += [_learned(table, remote, to) for to in known]


def _learned(table: RouteTable, remote: Remote, to: Prefix) -> Route:
    return Route(
        address=table.address,
        label=str(to),
        span=table.propagation.span if table.propagation else table.span,
        to=to,
        target=remote.gateway,
        origin="propagated",
    )


def _client_vpn(build: Build, declared: shapes.ClientVpn) -> ClientVpn:
    interfaces = []
    for association in build.index.all(shapes.ClientVpnAssociation):
        if build.index.find(association.endpoint, shapes.ClientVpn) is not declared:
            continue
        subnet = find_subnet(build, association.subnet, association.resource)
        interfaces.append(
            Interface(
                **{**place(declared), "span": association.span},
                subnet=subnet,
                groups=groups_of(build, flat(declared.groups), subnet),
                groups_span=written(declared.groups, declared.span) if declared.groups else None,
                public=INSIDE,
            )
        )
    allowed, routes = tuple(_allowed(build, declared)), tuple(_routed(build, declared))
    by_hand = _by_hand(build) if not allowed else ()
    return ClientVpn(
        **place(declared),
        interfaces=tuple(interfaces),
        allowed=allowed or by_hand,
        routes=routes or by_hand,
        clients=prefix_of(declared.clients),
    )


def _by_hand(build: Build) -> tuple[Unknown, ...]:
    """Why users may be authorized in another way than by the files: an output speaks of it."""
    for output in build.network.outputs:
        words = " ".join((output.name, output.description, *texts(output.value)))
        if AUTHORIZES.search(words):
            return (Unknown("users are authorized by hand, as an output says", output.span),)
    return ()


def _routed(build: Build, declared: shapes.ClientVpn) -> Iterator[Maybe[Prefix]]:
    """https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html"""
    for route in build.index.all(shapes.ClientVpnRoute):
        found = build.index.find(route.endpoint, shapes.ClientVpn)
        if found is declared:
            yield route.maybe or prefix_of(route.block) or Unknown("the route has no block")
        elif isinstance(found, Unknown):
            yield found


def _allowed(build: Build, declared: shapes.ClientVpn) -> Iterator[Maybe[Prefix]]:
    for rule in build.index.all(shapes.ClientVpnAuthorization):
        if build.index.find(rule.endpoint, shapes.ClientVpn) is declared:
            yield rule.maybe or prefix_of(rule.block) or Unknown("the rule has no block")
