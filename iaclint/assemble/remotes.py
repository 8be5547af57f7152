"""
Networks outside of AWS that are connected, as far as their blocks are written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.assemble.attachments import behind
from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.interfaces import find_subnet, groups_of
from iaclint.assemble.meant import meant
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
from iaclint.value import Unknown, Value

AUTHORIZES = re.compile(r"authori[sz]", re.IGNORECASE)
INSIDE = PublicAddress(has=False, why="it is an interface of a Client VPN")


def build_remotes(build: Build) -> None:
    """Every VPN and Direct Connect, with the routes it writes into tables that take them."""
    remotes, perhaps = build.network.remotes, list[tuple[list[Gateway], Unknown]]()
    for declared, at, prefixes in _connections(build):
        gateway = _gateway(build, at)
        if gateway is None:
            why = Unknown(f"it is not known where {declared.address} ends", declared.span)
            perhaps.append((meant(build, at, build.gateways), why))
        elif declared.maybe is not None:
            perhaps.append(([gateway], declared.maybe))
        else:
            remotes.append(Remote(**place(declared), gateway=gateway, prefixes=prefixes))
    for remote in remotes:
        remote.prefixes += tuple(why for gateways, why in perhaps if remote.gateway in gateways)
    _propagate(build)
    for endpoint in build.index.all(shapes.ClientVpn):
        build.network.client_vpns.append(_client_vpn(build, endpoint))


def _connections(
    build: Build,
) -> Iterator[tuple[Declared, Value | None, tuple[Maybe[Prefix], ...]]]:
    """Each connection, the gateway it names, and the blocks behind it."""
    for vpn in build.index.all(shapes.VpnConnection):
        yield vpn, vpn.gateway or vpn.transit, tuple(_behind(build, vpn))
    for direct in build.index.all(shapes.DirectConnectAssociation):
        yield direct, direct.gateway, (_learns(direct),)
    for interface in build.index.all(shapes.PrivateVirtualInterface):
        yield interface, interface.gateway, (_learns(interface),)


def _learns(declared: Declared) -> Unknown:
    return Unknown(f"{declared.address} learns its routes by BGP", declared.span)


def _gateway(build: Build, value: Value | None) -> Gateway | None:
    found = build.index.find(value, GatewayShape)
    return build.gateways[found.address] if isinstance(found, GatewayShape) else None


def _behind(build: Build, vpn: shapes.VpnConnection) -> Iterator[Maybe[Prefix]]:
    yield from behind(build, vpn)
    for table in build.network.transit_tables:
        for way in table.routes:
            attachment = way.attachment
            if isinstance(attachment, Attachment) and attachment.address == vpn.address:
                yield from () if way.propagated else (way.to,)


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
    allowed = tuple(_blocks(build, declared, shapes.ClientVpnAuthorization))
    routes = tuple(_blocks(build, declared, shapes.ClientVpnRoute))
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


def _blocks(
    build: Build,
    declared: shapes.ClientVpn,
    cls: type[shapes.ClientVpnAuthorization | shapes.ClientVpnRoute],
) -> Iterator[Maybe[Prefix]]:
    """
    The blocks of what names a Client VPN, or may.

    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html
    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
    """
    for each in build.index.all(cls):
        found = build.index.find(each.endpoint, shapes.ClientVpn)
        if found is declared:
            yield each.maybe or prefix_of(each.block) or Unknown(f"{each.address} has no block")
        elif isinstance(found, Unknown):
            yield found
