"""
Transit gateways: attachments, tables, and the routes in them.

What is associated and propagated by default:
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref, flat
from iaclint.assemble.interfaces import find_subnet
from iaclint.assemble.prefix_lists import list_blocks
from iaclint.assemble.vpcs import find_vpc, prefix_of
from iaclint.aws import transit as shapes
from iaclint.aws.vpn import VpnConnection, VpnRoute
from iaclint.network import Attachment, Gateway, Maybe, TransitRoute, TransitTable, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, Value, truth

DEFAULT_TABLE = (
    "association_default_route_table_id",
    "propagation_default_route_table_id",
)


@dataclass(slots=True)
class _Hub:
    """What is known while the transit gateways are put together."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    tables: dict[str, TransitTable] = field(default_factory=dict)
    defaults: dict[int, TransitTable] = field(default_factory=dict)
    learned: dict[int, list[Maybe[Prefix]]] = field(default_factory=dict)
    """What a VPN attachment announces."""


def build_transit(build: Build) -> None:
    """All attachments, and the tables that say where their packets go."""
    hub = _Hub()
    for declared in build.index.all(shapes.TransitRouteTable, data=True):
        _table(build, hub, declared)
    for attachment in build.index.all(shapes.VpcAttachment, data=True):
        _attach(build, hub, attachment)
    for other in build.index.all(shapes.OtherAttachment, data=True):
        met = _outside(build, hub, other, other.transit, "what is behind it is not known")
        met.peer = None if other.peer is None else _transit(build, other.peer)
    for vpn in build.index.all(VpnConnection):
        if vpn.transit is not None:
            _vpn(build, hub, vpn)
    for accepter in build.index.all(shapes.AttachmentAccepter):
        if (one := _attachment(hub, accepter.attachment)) is not None:
            hub.attachments[accepter.address] = one
    _associate(build, hub)
    _propagate(build, hub)
    for route in build.index.all(shapes.TransitRoute):
        _route(build, hub, route)


def _transit(build: Build, value: Value | None) -> Maybe[Gateway]:
    found = build.index.find(value, shapes.TransitGateway)
    if isinstance(found, shapes.TransitGateway):
        return build.gateways[found.address]
    return found or Unknown("no transit gateway is given")


def _table(build: Build, hub: _Hub, declared: shapes.TransitRouteTable) -> None:
    table = TransitTable(**place(declared), transit=_transit(build, declared.transit))
    if declared.is_data:
        table.rest = Unknown(f"{declared.address} is made elsewhere", declared.span)
    hub.tables[declared.address] = table
    build.network.transit_tables.append(table)


def _attach(build: Build, hub: _Hub, declared: shapes.VpcAttachment) -> None:
    transit = _transit(build, declared.transit)
    vpc = declared.maybe or find_vpc(build, declared.vpc)
    if declared.is_data:
        vpc = Unknown(f"{declared.address} is made elsewhere", declared.span)
    attachment = Attachment(
        **place(declared),
        transit=transit,
        vpc=vpc,
        subnets=tuple(
            find_subnet(build, each, declared.resource) for each in flat(declared.subnets)
        ),
        ipv6=shapes.enabled(declared.ipv6, False),
        references=_references(build, declared),
    )
    _register(build, hub, attachment)
    if isinstance(transit, Gateway):
        transit.vpcs += (vpc,)


def _references(build: Build, declared: shapes.VpcAttachment) -> Maybe[bool]:
    """Off at the gateway unless asked for, on at an attachment unless refused."""
    found = build.index.find(declared.transit, shapes.TransitGateway)
    if not isinstance(found, shapes.TransitGateway):
        return found or Unknown("no transit gateway is given")
    if found.is_data:
        return Unknown(f"{found.address} is made elsewhere", found.span)
    at_gateway = shapes.enabled(found.references, False)
    here = shapes.enabled(declared.references, True)
    if at_gateway is False or here is False:
        return False
    return at_gateway if isinstance(at_gateway, Unknown) else here


def _register(build: Build, hub: _Hub, attachment: Attachment) -> None:
    hub.attachments[attachment.address] = attachment
    build.network.attachments.append(attachment)


def _outside(
    build: Build, hub: _Hub, declared: shapes.OtherAttachment | VpnConnection,
    transit: Value | None, why: str,
) -> Attachment:  # fmt: skip
    attachment = Attachment(
        **place(declared),
        transit=_transit(build, transit),
        vpc=Unknown(f"{declared.address}: {why}", declared.span),
    )
    _register(build, hub, attachment)
    return attachment


def _vpn(build: Build, hub: _Hub, declared: VpnConnection) -> None:
    attachment = _outside(build, hub, declared, declared.transit, "its networks are not known")
    blocks: list[Maybe[Prefix]] = [
        prefix_of(route.to) or Unknown("the VPN route has no block")
        for route in build.index.all(VpnRoute)
        if build.index.find(route.connection, VpnConnection) is declared
    ]
    if truth(declared.static) is not True:
        blocks.append(Unknown(f"{declared.address} learns its routes by BGP", declared.span))
    hub.learned[id(attachment)] = blocks


def _attachment(hub: _Hub, value: Value | None) -> Attachment | None:
    ref = direct_ref(value)
    return hub.attachments.get(ref.address) if ref is not None else None


def _find_table(build: Build, hub: _Hub, value: Value | None) -> TransitTable | None:
    ref = direct_ref(value)
    if ref is None:
        return None
    if ref.address in hub.tables:
        return hub.tables[ref.address]
    gateway = build.gateways.get(ref.address)
    if gateway is not None and ref.attribute in DEFAULT_TABLE:
        return _default_table(build, hub, gateway)
    return None


def _default_table(build: Build, hub: _Hub, gateway: Gateway) -> TransitTable:
    if id(gateway) not in hub.defaults:
        table = TransitTable(
            address=f"default route table of {gateway.address}",
            label=f"default table of {gateway.label}",
            transit=gateway,
        )
        hub.defaults[id(gateway)] = table
        build.network.transit_tables.append(table)
    return hub.defaults[id(gateway)]


# ---- who is associated with what, and who announces where ------------------------------------


def _associate(build: Build, hub: _Hub) -> None:
    for declared in build.index.all(shapes.TransitAssociation):
        attachment = _attachment(hub, declared.attachment)
        if attachment is None:
            _perhaps(hub, declared.attachment, declared.address)
            continue
        table = _find_table(build, hub, declared.table)
        attachment.table = declared.maybe or table or Unknown(
            f"the table of {attachment.address} is not known", declared.span
        )  # fmt: skip
    for attachment in build.network.attachments:
        if attachment.table is None:
            attachment.table = _default(build, hub, attachment, "association")


def _perhaps(hub: _Hub, value: Value | None, address: str) -> None:
    """An association whose attachment is not certain may be that of any."""
    if isinstance(value, Unknown) and value.ref is None:
        why = Unknown(f"it is not known which attachment {address} means", value.span)
        for attachment in hub.attachments.values():
            attachment.table = attachment.table or why


def _default(
    build: Build, hub: _Hub, attachment: Attachment, what: str
) -> Maybe[TransitTable] | None:
    """The default table, if the gateway and the attachment use it."""
    transit = attachment.transit
    if isinstance(transit, Unknown):
        return transit
    gateway = build.index.at(transit.address, shapes.TransitGateway)
    if gateway is None or gateway.is_data:
        return Unknown(f"{transit.address} is made elsewhere", transit.span)
    declared = build.index.at(attachment.address, shapes.VpcAttachment)
    own: Value | None = getattr(declared, what) if declared else None
    switches = (shapes.enabled(getattr(gateway, what), True), shapes.enabled(own, True))
    if False in switches:
        return None
    unknown = next((s for s in switches if isinstance(s, Unknown)), None)
    return unknown or _default_table(build, hub, transit)


def _propagate(build: Build, hub: _Hub) -> None:
    for declared in build.index.all(shapes.TransitPropagation):
        table = _find_table(build, hub, declared.table)
        attachment = _attachment(hub, declared.attachment)
        if table is None:
            continue
        if attachment is None:
            table.rest = Unknown(
                f"it is not known what {declared.address} announces", declared.span
            )
        else:
            _learn(hub, table, attachment, declared.maybe)
    for attachment in build.network.attachments:
        default = _default(build, hub, attachment, "propagation")
        if isinstance(default, TransitTable):
            _learn(hub, default, attachment, None)
        elif default is not None:
            for table in hub.defaults.values():
                table.rest = table.rest or default


def _learn(hub: _Hub, table: TransitTable, attachment: Attachment, maybe: Unknown | None) -> None:
    for to in _announced(hub, attachment):
        table.routes.append(
            TransitRoute(
                address=table.address,
                label=str(to) if isinstance(to, Prefix) else "?",
                span=attachment.span,
                to=to,
                attachment=attachment,
                propagated=True,
                maybe=maybe,
            )
        )


def _announced(hub: _Hub, attachment: Attachment) -> list[Maybe[Prefix]]:
    if isinstance(attachment.vpc, Vpc):
        return list(attachment.vpc.prefixes)
    return hub.learned.get(id(attachment), [attachment.vpc])


def _route(build: Build, hub: _Hub, declared: shapes.TransitRoute) -> None:
    table = _find_table(build, hub, declared.table)
    if table is None:
        return
    drops = truth(declared.blackhole)
    attachment: Maybe[Attachment] | None = _attachment(hub, declared.attachment)
    if isinstance(drops, Unknown):
        attachment = drops
    elif drops is not True and attachment is None:
        attachment = Unknown(f"where {declared.address} leads is not known", declared.span)
    for to in _blocks(build, declared):
        table.routes.append(
            TransitRoute(
                **{**place(declared), "label": str(to) if isinstance(to, Prefix) else "?"},
                to=to,
                attachment=None if drops is True else attachment,
                maybe=declared.maybe,
            )
        )


def _blocks(build: Build, declared: shapes.TransitRoute) -> list[Maybe[Prefix]]:
    if declared.prefix_list is not None:
        return list_blocks(build, declared.prefix_list)
    return [prefix_of(declared.to) or Unknown("the route has no destination", declared.span)]
