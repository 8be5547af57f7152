"""
Through a VPC in the middle: a transit gateway sends packets to a VPC that inspects them first, or
to one that only loses them.

https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from iaclint.network import (
    Attachment,
    Gateway,
    Middlebox,
    Node,
    RouteTable,
    Subnet,
    TransitRoute,
    TransitTable,
    Vpc,
)
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.region import Region
from iaclint.trace.firewall import Question
from iaclint.trace.lookup import Match, Row, match
from iaclint.trace.middlebox import NEVER, Crossing, Via, either
from iaclint.trace.model import Direction, Step
from iaclint.trace.route import local_routes, outside, rated
from iaclint.trace.table import table_step, told
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
    search = _Search(there, peers, family, set())
    for middle in _named(here.table):
        if middle not in (here, there) and peers <= search.met(here.table, middle).sure:
            return search.beyond(middle)
    return None


def beyond(
    middle: Attachment, there: Attachment, peers: Region, family: Family
) -> Detour | Unknown | None:
    """
    What takes packets on that come out of a transit gateway where they are not at home: a
    middlebox, perhaps something, or nothing, so that they are lost or go round in circles.
    """
    return _Search(there, peers, family, set()).beyond(middle)


def leading(
    table: TransitTable, good: Callable[[TransitRoute], bool | Unknown]
) -> list[Row[TransitRoute]]:
    """
    The routes of a transit gateway's table, rated. Blocks that a network outside announces are
    left out: none of them lies in a VPC of ours.
    """
    rows = [
        Row(route, route.to, good(route), 3 if route.propagated else 1, route.maybe)
        for route in table.routes
    ]
    return [
        row
        for row in rows
        if row.good is not False or not row.route.propagated or isinstance(row.to, Prefix)
    ]


def leads_out(route: TransitRoute) -> bool:
    """Whether a route is for a block that is not known, of a network that is no VPC of ours."""
    end = route.attachment
    return (
        isinstance(route.to, Unknown)
        and isinstance(end, Attachment)
        and isinstance(end.vpc, Unknown)
    )


def _hidden(route: TransitRoute) -> bool | Unknown:
    return route.attachment if isinstance(route.attachment, Unknown) else False


def _named(table: TransitTable) -> Iterable[Attachment]:
    ends = (route.attachment for route in table.routes)
    return dict.fromkeys(end for end in ends if isinstance(end, Attachment))


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """
    Where packets for these addresses, which are at home at `there`, can get to. `seen` are the
    places they have been at.
    """

    there: Attachment
    peers: Region
    family: Family
    seen: set[Node]

    def met(self, table: TransitTable, end: Attachment) -> Match[TransitRoute]:
        """Which of the packets a table of the transit gateway sends to an attachment."""
        rows = leading(
            table,
            lambda route: route.attachment is end and (end is self.there or not leads_out(route)),
        )
        return match(rows, self.family, self.peers, table.rest)

    def beyond(self, middle: Attachment) -> Detour | Unknown | None:
        """The middlebox to which the tables of all subnets of an attachment lead."""
        self.seen.add(middle)
        if not isinstance(middle.vpc, Vpc):
            why = f"what {middle.address} does with the packets is not known"
            return Unknown(why, middle.span)
        tables: list[RouteTable] = []
        boxes: list[Middlebox | Unknown | None] = []
        for subnet in middle.subnets:
            table = subnet.table if isinstance(subnet, Subnet) else subnet
            if isinstance(table, Unknown):
                return table
            tables.append(table)
            boxes.append(self._box(table, middle))
        unknown = next((box for box in boxes if isinstance(box, Unknown)), None)
        if unknown is not None or not boxes:
            return unknown or Unknown(f"the subnets of {middle.address} are not known", middle.span)
        first = boxes[0]
        if set(boxes) != {first}:
            return Unknown(f"each zone of {middle.address} leads elsewhere", middle.span)
        return Detour(middle, first, tuple(tables)) if isinstance(first, Middlebox) else None

    def _box(self, table: RouteTable, middle: Attachment) -> Middlebox | Unknown | None:
        """Where a table sends what comes out of the transit gateway; None where it is lost."""
        if table.rest is not None or table.propagation is not None:
            return table.rest or table.propagation
        assert isinstance(middle.vpc, Vpc)
        peers = outside(middle.vpc, self.family, self.peers) or self.peers
        for route in table.routes:
            target = route.target
            rows = [rated(other, other.target is target) for other in table.routes]
            rows += [rated(local, False) for local in local_routes(table, middle.vpc)]
            met = match(rows, self.family, peers)
            if not met.possible:
                continue
            if isinstance(target, Unknown):
                return target
            if isinstance(target, Middlebox) and peers <= met.sure:
                return target
            if (why := self._taken(target, middle)) is not None:
                return why
        return None

    def _taken(self, target: Gateway, middle: Attachment) -> Unknown | None:
        """
        Why the target of a route may take packets on that its VPC neither sends nor gets. A
        peering does not, nor does an instance that checks whom they are for.

        https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
        """
        if target is middle.transit:
            return self._returned(middle)
        if target.title == "NAT gateway":
            return self._translated(target, middle)
        drops = target.checks is True or target.title == "peering connection"
        if drops or target.kind not in ("appliance", "interface", "network", "unknown"):
            return None
        return Unknown(f"{target.address} decides what passes", target.span)

    def _returned(self, middle: Attachment) -> Unknown | None:
        """Back at the transit gateway, the table of the VPC in the middle says where to."""
        table = middle.table or middle.unnamed
        if not isinstance(table, TransitTable):
            return table
        if table.rest is not None:
            return table.rest
        hidden = leading(table, _hidden)
        if match(hidden, self.family, self.peers).possible:
            return Unknown(f"where {table.address} leads is not known", table.span)
        for end in _named(table):
            if end in self.seen or not self.met(table, end).possible:
                continue
            if end is self.there or self.beyond(end) is not None:
                why = f"{table.address} may lead on what {middle.address} gives back"
                return Unknown(why, middle.span)
        return None

    def _translated(self, nat: Gateway, middle: Attachment) -> Unknown | None:
        """
        A NAT gateway leads between networks too, under an address of its own.

        https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-egress-to-internet.html
        """
        if nat in self.seen:
            return None
        self.seen.add(nat)
        table = nat.subnet.table if isinstance(nat.subnet, Subnet) else nat.subnet
        if isinstance(table, RouteTable) and self._box(table, middle) is None:
            return None
        why = f"{nat.address} may lead the packets on, from an address of its own"
        return Unknown(why, nat.span)


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
    box, hub = first.box, there.transit
    yield _into(first, there, peers, family, direction)
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


def _into(
    found: Detour, there: Attachment, peers: Region, family: Family, direction: Direction
) -> Step:
    table = found.tables[0]
    message = f"{table.address} leads to {told(peers, family, there)} by {found.box.address}"
    return Step(
        direction, table, table.title, message, peers, peers, peers, True,
        span=table.span,
    )  # fmt: skip


def _open(found: Detour, why: Unknown, peers: Region, direction: Direction) -> Step:
    return Step(
        direction, found.box, f"firewall {found.box.label}", why.reason, Region(), peers, peers,
        True, None, (why,), found.box.span,
    )  # fmt: skip
