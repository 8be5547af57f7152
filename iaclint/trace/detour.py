"""
Through a VPC in the middle: a transit gateway sends packets to a VPC that inspects them first.

https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.network import Attachment, Gateway, Middlebox, RouteTable, Subnet, TransitTable, Vpc
from iaclint.packet.prefix import Family, show
from iaclint.packet.region import Region
from iaclint.trace.firewall import Question
from iaclint.trace.lookup import Row, match
from iaclint.trace.middlebox import NEVER, Crossing, Via, either
from iaclint.trace.model import Direction, Step
from iaclint.trace.route import rated
from iaclint.trace.table import table_step
from iaclint.value import Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Detour:
    """The VPC in the middle by its attachment, the middlebox in it, and the tables that lead on."""

    middle: Attachment
    box: Middlebox
    tables: tuple[RouteTable, ...]


def detour(
    here: Attachment, there: Attachment, peers: Region, family: Family
) -> Detour | Unknown | None:
    """
    Where the transit gateway sends packets to these addresses first; None where it sends them
    nowhere else, or to a VPC that does not pass them on.
    """
    if not isinstance(here.table, TransitTable):
        return None
    middle = _middle(here.table, here, there, peers, family)
    if middle is None:
        return None
    if not isinstance(middle.vpc, Vpc) or middle.vpc.foreign:
        return Unknown(f"what {middle.address} does with the packets is not known", middle.span)
    return _inspected(middle, peers, family)


def _middle(
    table: TransitTable, here: Attachment, there: Attachment, peers: Region, family: Family
) -> Attachment | None:
    named = [route.attachment for route in table.routes]
    for middle in dict.fromkeys(each for each in named if isinstance(each, Attachment)):
        rows = [
            Row(
                route,
                route.to,
                route.attachment is middle,
                3 if route.propagated else 1,
                route.maybe,
            )
            for route in table.routes
        ]
        if middle not in (here, there) and peers <= match(rows, family, peers, table.rest).sure:
            return middle
    return None


def _inspected(middle: Attachment, peers: Region, family: Family) -> Detour | Unknown | None:
    """The middlebox to which the tables of all subnets of an attachment lead."""
    tables: list[RouteTable] = []
    boxes: list[Middlebox | Unknown | None] = []
    for subnet in middle.subnets:
        table = subnet.table if isinstance(subnet, Subnet) else subnet
        if isinstance(table, Unknown):
            return table
        tables.append(table)
        boxes.append(_box(table, peers, family))
    unknown = next((box for box in boxes if isinstance(box, Unknown)), None)
    if unknown is not None or not boxes:
        return unknown or Unknown(f"the subnets of {middle.address} are not known", middle.span)
    if boxes[0] is None and set(boxes) == {None}:
        return None
    if isinstance(boxes[0], Middlebox) and set(boxes) == {boxes[0]}:
        return Detour(middle, boxes[0], tuple(tables))
    return Unknown(f"each zone of {middle.address} leads elsewhere", middle.span)


def _box(table: RouteTable, peers: Region, family: Family) -> Middlebox | Unknown | None:
    """Where a table sends what comes out of the transit gateway; None where nothing forwards it."""
    if table.rest is not None or table.propagation is not None:
        return table.rest or table.propagation
    for route in table.routes:
        target = route.target
        rows = [rated(other, other.target is target) for other in table.routes]
        met = match(rows, family, peers)
        if isinstance(target, Unknown) and met.possible:
            return target
        if not isinstance(target, Gateway) or not met.possible:
            continue
        if isinstance(target, Middlebox) and peers <= met.sure:
            return target
        if target.kind in ("appliance", "interface", "network", "unknown"):
            return Unknown(f"{target.address} decides what passes", target.span)
    return None


def around(
    first: Detour,
    second: Detour | Unknown | None,
    there: Attachment,
    asked: Question | None,
    peers: Region,
    family: Family,
    direction: Direction,
) -> Iterator[Step]:
    """
    The hops inside of the VPC in the middle: to the middlebox, through it, and out again.
    `second` is what the packets of the other direction meet.
    """
    box, hub = first.box, first.middle.transit
    yield _into(first, peers, family, direction)
    if asked is None or isinstance(second, Unknown):
        why = second if isinstance(second, Unknown) else None
        yield _open(first, why or Unknown(f"{box.address} decides", box.span), peers, direction)
    else:
        everyone = Via(asked.clients, asked.clients)
        other = everyone if second is not None and second.box is box else NEVER
        there_, back = (everyone, other) if direction == "request" else (other, everyone)
        crossing = Crossing(box, asked, there_, back, True, _apart(first))
        yield from crossing.requests() if direction == "request" else crossing.replies()
    if isinstance(hub, Gateway):
        steps = [table_step(door, peers, family, hub, direction, there) for door in box.interfaces]
        yield from either(steps, box)


def _apart(found: Detour) -> Unknown | None:
    """
    Without appliance mode a transit gateway keeps each packet in the zone it comes from, so that
    the two directions of a connection between zones pass different endpoints.
    """
    middle = found.middle
    if len(found.box.interfaces) < 2 or middle.appliance is True:
        return None
    if isinstance(middle.appliance, Unknown):
        return middle.appliance
    why = f"{middle.address} has no appliance mode, so replies may pass another endpoint"
    return Unknown(f"{why} of {found.box.address}", middle.span)


def _into(found: Detour, peers: Region, family: Family, direction: Direction) -> Step:
    table = found.tables[0]
    message = f"{table.address} leads to {show(peers, family)} by {found.box.address}"
    return Step(
        direction, table, table.title, message, peers, peers, peers, True,
        span=table.span,
    )  # fmt: skip


def _open(found: Detour, why: Unknown, peers: Region, direction: Direction) -> Step:
    return Step(
        direction, found.box, f"firewall {found.box.label}", why.reason, Region(), peers, peers,
        True, None, (why,), found.box.span,
    )  # fmt: skip
