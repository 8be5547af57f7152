"""
Through a transit gateway: in by one attachment, by its table, out by another.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from iaclint.finding import Label
from iaclint.network import (
    Attachment,
    Gateway,
    Interface,
    Network,
    Subnet,
    TransitRoute,
    TransitTable,
)
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.detour import Detour, around, beyond, detour, leading, leads_out
from iaclint.trace.firewall import Question
from iaclint.trace.lookup import Match, match
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.trace.table import blamed, told
from iaclint.value import Unknown

NOWHERE = Span("", 1)

Hops: TypeAlias = tuple[tuple[Attachment, Attachment], ...]
"""Each transit gateway on the way: the attachment by which a packet comes in, and goes out."""

MOST = 4
"""Transit gateways in a row."""


def transit_paths(network: Network, here: Attachment, there: Attachment) -> list[Hops]:
    """Every way between two attachments: over one gateway, or over some that are peered."""
    return list(_walk(network, here, there, ()))


def _walk(
    network: Network, here: Attachment, there: Attachment, seen: tuple[Gateway, ...]
) -> Iterator[Hops]:
    gateway = here.transit
    if isinstance(gateway, Unknown):
        return
    if gateway is there.transit:
        yield ((here, there),)
        return
    seen = (*seen, gateway)
    for end in network.attachments:
        if end.transit is not gateway or end.other is None or len(seen) == MOST:
            continue
        if end.other.transit not in seen:
            for rest in _walk(network, end.other, there, seen):
                yield ((here, end), *rest)


def turned(hops: Hops) -> Hops:
    """The same way in the other direction."""
    return tuple((out, into) for into, out in reversed(hops))


def transit_steps(
    hops: Hops,
    peers: Region,
    source: Interface | None,
    family: Family,
    direction: Direction,
    one: bool = True,
    asked: Question | None = None,
) -> Iterator[Step]:
    """
    The hops from one attachment to another, for packets to these addresses. `source` is where they
    start, if that is inside of AWS; `asked` is what a firewall on the way is asked about.
    """
    here, there = hops[0][0], hops[-1][1]
    if family == "ipv6":
        yield from _ipv6((here, there), peers, direction)
    zone = _zone(here, source, peers, direction) if source is not None else None
    if zone is not None:
        yield zone
    for into, out in hops:
        if direction == "request" and into.active is not True:
            yield _pending(into, peers)
        yield from _over(into, out, peers, family, direction, one, asked)


def _over(
    into: Attachment,
    out: Attachment,
    peers: Region,
    family: Family,
    direction: Direction,
    one: bool,
    asked: Question | None,
) -> Iterator[Step]:
    """Over one transit gateway, by the table of the attachment and perhaps a VPC in the middle."""
    between = detour(into, out, peers, family)
    if between is None:
        yield _table(into, out, peers, family, direction, one)
    elif isinstance(between, Unknown):
        yield _open(into, between, peers, direction)
    else:
        middle = between.middle
        others = Region()
        if asked is not None:
            others = asked.clients if direction == "request" else asked.servers
        back = detour(out, into, others, family)
        if family == "ipv6":
            yield from _ipv6((middle,), peers, direction)
        yield _table(into, middle, peers, family, direction, one)
        yield from around(between, back, out, asked, peers, family, direction)
        yield _table(middle, out, peers, family, direction, one)


def _pending(end: Attachment, peers: Region) -> Step:
    """A peering of transit gateways that nobody accepts, or perhaps nobody does."""
    assert end.other is not None
    if isinstance(end.active, Unknown):
        return _open(end, end.active, peers, "request")
    text = "is requested, and nobody accepts it"
    blocker = Blocker(
        Reason.PEERING_PENDING,
        end.other,
        Label(end.other.span or NOWHERE, text),
        help="add an `aws_ec2_transit_gateway_peering_attachment_accepter` for it",
    )
    return _blocked(end.other, "stays pending", peers, "request", blocker)


def _ipv6(ends: Iterable[Attachment], peers: Region, direction: Direction) -> Iterator[Step]:
    for attachment in ends:
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
        direction, attachment, f"transit {attachment.label}", why.reason, Region(), peers, peers,
        unknowns=(why,), span=attachment.span,
    )  # fmt: skip


def _blocked(
    attachment: Attachment, message: str, peers: Region, direction: Direction, blocker: Blocker
) -> Step:
    return Step(
        direction, attachment, f"transit {attachment.label}", f"{attachment.address} {message}",
        Region(), Region(), peers, blocker=blocker, span=blocker.at.span,
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
    table = here.table or here.unnamed
    if table is None:
        text = "is associated with no route table of the transit gateway"
        at = Label(here.span or NOWHERE, text)
        blocker = Blocker(Reason.TRANSIT_ASSOCIATION, here, at, about=(there,))
        return _blocked(here, text, peers, direction, blocker)
    if isinstance(table, Unknown):
        return _open(here, table, peers, direction)
    rows = leading(table, lambda route: _leads(route, here, there, peers, family))
    found = match(rows, family, peers, table.rest)
    step = Step(direction, table, "", "", found.sure, found.possible, peers, one)
    if step.verdict == "block" and there.unnamed is not None:
        return _open(there, there.unnamed, peers, direction)
    blocker_ = None
    if step.verdict == "block":
        blocker_ = _no_route(table, there, peers, family, found)
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
    return Step(
        direction, table, f"transit table {table.label}",
        f"{table.address} {verb} to {told(peers, family, there)} by {there.address}", found.sure,
        found.possible, peers, one, blocker_, found.unknowns,
        blocker_.at.span if blocker_ else table.span,
    )  # fmt: skip


def _leads(
    route: TransitRoute, here: Attachment, there: Attachment, peers: Region, family: Family
) -> bool | Unknown:
    attachment = route.attachment
    if attachment is None or isinstance(attachment, Unknown):
        return attachment or False
    if attachment.elsewhere is not there.elsewhere:
        why = f"whether {attachment.address} is {there.address} is not known"
        return Unknown(why, attachment.span)
    if attachment is there or attachment is here:
        return attachment is there
    return _indirectly(route, attachment, there, peers, family)


def _indirectly(
    route: TransitRoute, middle: Attachment, there: Attachment, peers: Region, family: Family
) -> bool | Unknown:
    """Whether what is behind another attachment may pass packets on."""
    if isinstance(route.to, Prefix):
        peers &= route.to.region
    if not peers or leads_out(route):
        return False
    found = beyond(middle, there, peers, family)
    if isinstance(found, Detour):
        return Unknown(f"{found.box.address} decides what passes", found.box.span)
    return found or False


def _no_route(
    table: TransitTable,
    there: Attachment,
    peers: Region,
    family: Family,
    found: Match[TransitRoute],
) -> Blocker:
    span = table.span or there.span or NOWHERE
    node = table if table.span is not None else there
    wrong = blamed(found, peers, family)
    instead = f"add a route to {there.address} that is more specific, or change {_name(wrong)}"
    if wrong is not None and wrong.attachment is None:
        at = Label(wrong.span or span, f"drops {wrong.label}")
        return Blocker(Reason.TRANSIT_BLACKHOLE, wrong, at, (), (table, there), instead)
    if wrong is not None and isinstance(wrong.attachment, Attachment):
        text = f"sends {wrong.label} to {wrong.attachment.address}, not to {there.address}"
        at = Label(wrong.span or span, text)
        return Blocker(Reason.TRANSIT_ELSEWHERE, wrong, at, (), (table, there), instead)
    text = f"has no route for {told(peers, family, there)} to {there.address}"
    if table.span is None:
        text = f"is not announced to the {table.address}"
    help_ = ""
    if there.other is not None:
        help_ = f"add a static route for {told(peers, family, there)} to {there.address}"
        if table.span is None:
            text = f"the {table.address} has no static route for {told(peers, family, there)} to it"
    return Blocker(
        Reason.TRANSIT_NO_ROUTE, node, Label(span, text), (), (table, there), help_, there.address
    )


def _name(route: TransitRoute | None) -> str:
    """A route as its author knows it: one that is propagated is no resource."""
    return route.address if route is not None and not route.propagated else "this one"
