"""
Transit gateways: their tables, who uses which one, and the routes in them.

What is associated and propagated by default:
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from iaclint.assemble.attachments import NEVER, Attachments, build_attachments, find_transit
from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref
from iaclint.assemble.meant import meant
from iaclint.assemble.prefix_lists import list_blocks
from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import transit as shapes
from iaclint.network import Attachment, Gateway, Maybe, TransitRoute, TransitTable, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, Value, truth

Use = Literal["association", "propagation"]
DEFAULT_TABLE = (
    "association_default_route_table_id",
    "propagation_default_route_table_id",
)


@dataclass(slots=True)
class _Hub:
    """What is known while the transit gateways are put together."""

    attachments: Attachments
    tables: dict[str, TransitTable] = field(default_factory=dict)
    defaults: dict[int, TransitTable] = field(default_factory=dict)


def build_transit(build: Build) -> None:
    """All attachments, and the tables that say where their packets go."""
    hub = _Hub(build_attachments(build))
    for declared in build.index.all(shapes.TransitRouteTable, data=True):
        _table(build, hub, declared)
    _associate(build, hub)
    _propagate(build, hub)
    for route in build.index.all(shapes.TransitRoute):
        _route(build, hub, route)


def _table(build: Build, hub: _Hub, declared: shapes.TransitRouteTable) -> None:
    table = TransitTable(**place(declared), transit=find_transit(build, declared.transit))
    if declared.is_data:
        table.rest = Unknown(f"{declared.address} is made elsewhere", declared.span)
    hub.tables[declared.address] = table
    build.network.transit_tables.append(table)


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


def _tables(
    build: Build, hub: _Hub, value: Value | None
) -> list[tuple[TransitTable, Unknown | None]]:
    """
    The table a value names; where that is not certain, every one it may be, and why. A table that
    is looked up may be any of them by another name.
    """
    table = _find_table(build, hub, value)
    if table is not None and not (table.resource and table.resource.mode == "data"):
        return [(table, None)]
    why = value if isinstance(value, Unknown) else None
    if table is not None:
        why = Unknown(f"which table {table.address} is is not known", table.span)
    found: list[tuple[TransitTable, Unknown | None]] = [] if table is None else [(table, None)]
    return found + [(each, why) for each in dict.fromkeys(meant(build, value, _every(build, hub)))]


def _every(build: Build, hub: _Hub) -> dict[str, TransitTable]:
    """All tables by their address, the default ones also by that of their gateway."""
    found = {table.address: table for table in build.network.transit_tables}
    for table in hub.defaults.values():
        if isinstance(table.transit, Gateway):
            found[table.transit.address] = table
    return found


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
    loose: Unknown | None = None
    for declared in build.index.all(shapes.TransitAssociation):
        table = _find_table(build, hub, declared.table)
        ends = hub.attachments.ends(declared.attachment)
        if not ends or ends[0].elsewhere:
            why = f"it is not known which attachment {declared.address} means"
            loose = Unknown(why, declared.span)
        for end in ends:
            if len(ends) == 1 or table is None or end.transit is table.transit:
                end.table = declared.maybe or table or Unknown(
                    f"the table of {end.address} is not known", declared.span
                )  # fmt: skip
    for attachment in build.network.attachments:
        if attachment.table is None:
            attachment.table = _default(build, hub, attachment, "association") or loose


def _default(
    build: Build, hub: _Hub, attachment: Attachment, use: Use
) -> Maybe[TransitTable] | None:
    """The default table, if the gateway and the attachment use it."""
    transit = attachment.transit
    if isinstance(transit, Unknown):
        return transit
    gateway = build.index.at(transit.address, shapes.TransitGateway)
    if gateway is None or gateway.is_data or attachment.elsewhere:
        return Unknown(f"{transit.address} is made elsewhere", transit.span)
    own = getattr(_consent(build, hub, attachment), use, None)
    switches = (shapes.enabled(getattr(gateway, use), True), shapes.enabled(own, True))
    if False in switches:
        return None
    unknown = next((s for s in switches if isinstance(s, Unknown)), None)
    return unknown or _replaced(build, gateway, use) or _default_table(build, hub, transit)


def _consent(
    build: Build, hub: _Hub, attachment: Attachment
) -> shapes.AttachmentAccepter | shapes.VpcAttachment | None:
    """Where it is said whether an attachment uses the default tables."""
    accepter = hub.attachments.accepters.get(id(attachment))
    return accepter or build.index.at(attachment.address, shapes.VpcAttachment)


def _replaced(build: Build, gateway: shapes.TransitGateway, use: Use) -> Unknown | None:
    """A table that stands in for the one AWS makes; for which attachments depends on the order."""
    if getattr(gateway, f"{use}_table") is not None:
        return Unknown(f"{gateway.address} names a default table of its own", gateway.span)
    for default in build.index.all(shapes.TransitDefault):
        if build.index.find(default.transit, shapes.TransitGateway) is gateway:
            return Unknown(f"{default.address} changes the default table", default.span)
    return None


def _propagate(build: Build, hub: _Hub) -> None:
    for declared in build.index.all(shapes.TransitPropagation):
        for table, unsure in _tables(build, hub, declared.table):
            attachment = hub.attachments.end(declared.attachment, table)
            if isinstance(attachment, Attachment):
                _learn(hub, table, attachment, declared.maybe or unsure)
            else:
                why = f"it is not known what {declared.address} announces"
                table.rest = Unknown(why, declared.span)
    for attachment in build.network.attachments:
        default = _default(build, hub, attachment, "propagation")
        if isinstance(default, TransitTable):
            _learn(hub, default, attachment, None)
        elif attachment.other is None:
            for table in _perhaps_default(build, hub):
                if isinstance(attachment.transit, Unknown) or table.transit is attachment.transit:
                    table.rest = table.rest or default


def _perhaps_default(build: Build, hub: _Hub) -> Iterator[TransitTable]:
    """The tables that AWS makes, and those that others are made the default by."""
    yield from hub.defaults.values()
    for replaced in build.index.all(shapes.TransitDefault):
        yield from (table for table, _ in _tables(build, hub, replaced.table))


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
    if attachment.other is not None:
        return NEVER
    if isinstance(attachment.vpc, Vpc):
        return list(attachment.vpc.prefixes)
    return hub.attachments.learned.get(id(attachment), [attachment.vpc])


def _route(build: Build, hub: _Hub, declared: shapes.TransitRoute) -> None:
    for table, unsure in _tables(build, hub, declared.table):
        attachment = _next(hub, declared, table)
        for to in _blocks(build, declared):
            table.routes.append(
                TransitRoute(
                    **{**place(declared), "label": str(to) if isinstance(to, Prefix) else "?"},
                    to=to,
                    attachment=attachment,
                    maybe=declared.maybe or unsure,
                )
            )


def _next(
    hub: _Hub, declared: shapes.TransitRoute, table: TransitTable
) -> Maybe[Attachment] | None:
    """Where a route leads; None drops what it matches."""
    drops = truth(declared.blackhole)
    if drops is True or isinstance(drops, Unknown):
        return None if drops is True else drops
    found = hub.attachments.end(declared.attachment, table)
    return found or Unknown(f"where {declared.address} leads is not known", declared.span)


def _blocks(build: Build, declared: shapes.TransitRoute) -> list[Maybe[Prefix]]:
    if declared.prefix_list is not None:
        return list_blocks(build, declared.prefix_list)
    return [prefix_of(declared.to) or Unknown("the route has no destination", declared.span)]
