"""
Through a transit gateway: in by one attachment, by its table, out by another.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.network import Attachment, Interface, Subnet, TransitRoute, TransitTable
from iaclint.packet.prefix import Family, show
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.lookup import Match, Row, match
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def transit_steps(
    here: Attachment,
    there: Attachment,
    peers: Region,
    source: Interface,
    family: Family,
    direction: Direction,
    one: bool = True,
) -> Iterator[Step]:
    """The hops from one attachment to another, for packets to these addresses."""
    if family == "ipv6":
        yield from _ipv6(here, there, peers, direction)
    zone = _zone(here, source, peers, direction)
    if zone is not None:
        yield zone
    yield _table(here, there, peers, family, direction, one)


def _ipv6(
    here: Attachment, there: Attachment, peers: Region, direction: Direction
) -> Iterator[Step]:
    for attachment in (here, there):
        if attachment.ipv6 is True:
            continue
        if isinstance(attachment.ipv6, Unknown):
            yield _open(attachment, attachment.ipv6, peers, direction)
            continue
        at = Label(attachment.span or NOWHERE, "carries no IPv6, which is off by default")
        blocker = Blocker(Reason.TRANSIT_IPV6, attachment, at)
        yield _blocked(attachment, "carries no IPv6", peers, direction, blocker)


def _open(attachment: Attachment, why: Unknown, peers: Region, direction: Direction) -> Step:
    return Step(
        direction, attachment, f"transit {attachment.label} ?", why.reason, Region(), peers, peers,
        True, None, (why,), attachment.span,
    )  # fmt: skip


def _blocked(
    attachment: Attachment, message: str, peers: Region, direction: Direction, blocker: Blocker
) -> Step:
    return Step(
        direction, attachment, f"transit {attachment.label}", f"{attachment.address} {message}",
        Region(), Region(), peers, True, blocker, span=blocker.at.span,
    )  # fmt: skip


def _zone(here: Attachment, source: Interface, peers: Region, direction: Direction) -> Step | None:
    """Resources in a zone without an attachment subnet do not reach the transit gateway."""
    subnet = source.subnet
    zones = {s.zone for s in here.subnets if isinstance(s, Subnet)}
    unsure = any(isinstance(s, Unknown) or not s.zone for s in here.subnets) or not zones
    if not isinstance(subnet, Subnet) or not subnet.zone or unsure or subnet.zone in zones:
        return None
    text = f"has no subnet in {subnet.zone}, where {subnet.address} is"
    blocker = Blocker(Reason.TRANSIT_ZONE, here, Label(here.span or NOWHERE, text), about=(subnet,))
    return _blocked(here, text, peers, direction, blocker)


def _table(
    here: Attachment,
    there: Attachment,
    peers: Region,
    family: Family,
    direction: Direction,
    one: bool,
) -> Step:
    table = here.table
    if table is None:
        text = "is associated with no route table of the transit gateway"
        at = Label(here.span or NOWHERE, text)
        blocker = Blocker(Reason.TRANSIT_ASSOCIATION, here, at, about=(there,))
        return _blocked(here, text, peers, direction, blocker)
    if isinstance(table, Unknown):
        return _open(here, table, peers, direction)
    found = match([_row(route, there) for route in table.routes], family, peers, table.rest)
    step = Step(direction, table, "", "", found.sure, found.possible, peers, one)
    blocker_ = None
    if step.verdict == "block":
        blocker_ = _no_route(table, there, peers, family, found)
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    return Step(
        direction, table, f"transit table {table.label}",
        f"{table.address} {verb} to {show(peers, family)} by {there.address}", found.sure,
        found.possible, peers, one, blocker_, found.unknowns,
        blocker_.at.span if blocker_ else table.span,
    )  # fmt: skip


def _row(route: TransitRoute, there: Attachment) -> Row[TransitRoute]:
    attachment = route.attachment
    good = attachment if isinstance(attachment, Unknown) else attachment is there
    return Row(route, route.to, good, 3 if route.propagated else 1, route.maybe)


def _no_route(
    table: TransitTable,
    there: Attachment,
    peers: Region,
    family: Family,
    found: Match[TransitRoute],
) -> Blocker:
    span = table.span or there.span or NOWHERE
    node = table if table.span is not None else there
    wrong = found.wrong[0] if found.wrong else None
    if wrong is not None and wrong.attachment is None:
        at = Label(wrong.span or span, f"drops {wrong.label}")
        return Blocker(Reason.TRANSIT_BLACKHOLE, wrong, at, about=(table, there))
    if wrong is not None and isinstance(wrong.attachment, Attachment):
        text = f"sends {wrong.label} to {wrong.attachment.address}, not to {there.address}"
        at = Label(wrong.span or span, text)
        return Blocker(Reason.TRANSIT_ELSEWHERE, wrong, at, about=(table, there))
    text = f"has no route for {show(peers, family)} to {there.address}"
    if table.span is None:
        text = f"is not announced to the {table.address}"
    return Blocker(Reason.TRANSIT_NO_ROUTE, node, Label(span, text), about=(table, there))
