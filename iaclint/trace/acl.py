"""
Network ACLs: the first entry that matches decides, separately there and back.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-rules
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iaclint.finding import Label
from iaclint.network import Acl, AclEntry, Maybe, Node
from iaclint.packet.prefix import INTERNET, Family, addresses, everything, show, show_after
from iaclint.packet.region import Interval, Region
from iaclint.packet.service import (
    ANY_PORT,
    ICMP,
    ICMPV6,
    RDP,
    SSH,
    USUAL_CLIENT,
    Service,
    Traffic,
    icmp,
)
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.value import Unknown

ALLOW_ALL = 100
"""The number of the entry with which the default ACL allows everything."""


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What an ACL does with packets of one protocol: regions of address × port. `sure` is allowed in
    every case, `possible` in some.
    """

    sure: Region
    possible: Region
    unknowns: tuple[Unknown, ...] = ()


def decide(
    acl: Acl,
    egress: bool,
    family: Family,
    traffic: Traffic,
    peers: Region,
    ports: Region | None = None,
) -> Decision:
    """
    Walks the entries in order; whatever no entry matches is denied. `ports` are those of the
    traffic that are asked for, all unless given.
    """
    asked = _space(peers, traffic)
    if ports is not None:
        asked = Region(tuple((box[0], some[0]) for box in peers for some in ports))
    if acl.allows_all and not acl.entries:
        return Decision(asked, asked)
    reach, allowed, denied = asked, Region(), Region()
    unknowns: list[Unknown] = [acl.rest] if acl.rest else []
    for entry in relevant(acl, egress, family):
        if acl.allows_all and isinstance(entry.number, int) and entry.number >= ALLOW_ALL:
            break
        certain, perhaps, why = _match(entry, family, traffic)
        unknowns += why
        hit = reach & perhaps
        if entry.allow is not False:
            allowed |= hit
        if entry.allow is not True:
            denied |= hit
        reach -= certain
    if acl.allows_all:
        allowed, reach = allowed | reach, Region()
    denied = asked if acl.rest else denied | reach
    possible = asked if acl.rest else allowed
    return Decision(asked - denied, possible, tuple(unknowns))


def relevant(acl: Acl, egress: bool, family: Family) -> Iterable[AclEntry]:
    """The entries of one direction that can speak about a family."""
    for entry in acl.entries:
        if entry.egress is (not egress):
            continue
        if isinstance(entry.prefix, Unknown) or entry.prefix.family == family:
            yield entry


def _space(peers: Region, traffic: Traffic) -> Region:
    return Region(tuple((box[0], traffic.ports) for box in peers))


def _match(entry: AclEntry, family: Family, asked: Traffic) -> tuple[Region, Region, list[Unknown]]:
    """What the entry matches for certain, what it may match, and what is not known about it."""
    why = [v for v in _open(entry) if isinstance(v, Unknown)]
    block = entry.prefix if not isinstance(entry.prefix, Unknown) else everything(family)
    ports = asked.ports
    if isinstance(entry.traffic, Traffic):
        if asked.protocol is None or not entry.traffic.meets(asked.protocol):
            return Region(), Region(), []
        ports = entry.traffic.ports if entry.traffic.protocol is not None else ANY_PORT
    matched = Region((((block.first, block.last), ports),))
    return (Region() if why else matched), matched, why


def _open(entry: AclEntry) -> tuple[object, ...]:
    return (entry.number, entry.egress, entry.traffic, entry.prefix, entry.maybe)


def acl_step(
    acl: Maybe[Acl],
    direction: Direction,
    egress: bool,
    family: Family,
    service: Service,
    peers: Region,
    one: bool,
    fallback: Acl,
    ports: Region | None = None,
) -> Step:
    """
    The hop through the ACL of a subnet, in the direction in which the packet crosses it. `ports`
    are those that hops before it leave.
    """
    if isinstance(acl, Unknown):
        return Step(
            direction, fallback, "acl (?)", acl.reason, Region(), peers, peers, one, None, (acl,)
        )
    traffic = service.request(family) if direction == "request" else service.reply(family)
    decision = decide(acl, egress, family, traffic, peers, ports)
    step = Step(
        direction,
        acl,
        f"acl {'(default)' if not acl.declared else acl.label}",
        "",
        decision.sure.axis(0),
        decision.possible.axis(0),
        peers,
        one,
        unknowns=decision.unknowns,
        span=acl.span,
    )
    blocker = None
    if step.verdict == "block":
        blocker = _blocker(acl, direction, egress, family, service, peers)
    message = _message(acl, direction, egress, step.verdict, service.reply(family), traffic)
    return Step(
        direction, acl, step.name, message, step.sure, step.possible, peers, one, blocker,
        decision.unknowns, blocker.at.span if blocker else acl.span,
    )  # fmt: skip


def _message(
    acl: Acl, direction: Direction, egress: bool, verdict: str, reply: Traffic, traffic: Traffic
) -> str:
    way = "outbound" if egress else "inbound"
    what = f"{traffic}" if direction == "request" else f"the reply ({traffic})"
    if verdict == "allow":
        return f"{acl.address} allows {what} {way}"
    if verdict == "unknown":
        return f"{acl.address} may allow {what} {way}"
    return f"{acl.address} denies {what} {way}"


def _blocker(
    acl: Acl, direction: Direction, egress: bool, family: Family, service: Service, peers: Region
) -> Blocker:
    way = "outbound" if egress else "inbound"
    entries = [e for e in acl.entries if e.egress is egress]
    traffic = service.request(family) if direction == "request" else service.reply(family)
    span = acl.span or next((e.span for e in entries if e.allow is False and e.span), None)
    if span is None:
        raise AssertionError("the default ACL that nobody edits allows everything")
    at = Label(span, f"denies {traffic} {way}")
    if not acl.entries:
        return Blocker(Reason.ACL_EMPTY, acl, Label(at.span, "has no entries: denies everything"))
    deny = _first_denier(acl, egress, family, traffic, peers)
    if deny is not None and deny.span is not None:
        late = _allower(acl, egress, family, traffic, peers)
        if late is not None and late.span is not None:
            met = peers & _match(deny, family, traffic)[1].axis(0)
            text = f"entry {deny.number} denies {traffic}{show_after('from', met, family)}"
            near = (Label(late.span, f"entry {late.number} would allow it, and comes later"),)
            return Blocker(
                Reason.ACL_ORDER,
                _culprit(acl, deny),
                Label(deny.span, text),
                near,
                (deny, late, acl),
            )
        text = f"entry {deny.number} denies {traffic} {way}"
        reason = Reason.ACL_REQUEST if direction == "request" else Reason.ACL_REPLY
        return Blocker(reason, _culprit(acl, deny), Label(deny.span, text), (), (deny, acl))
    if service.is_ping:
        wrong = _wrong_icmp(entries, traffic)
        if wrong is not None and wrong.span is not None:
            text = f"entry {wrong.number} allows {wrong.traffic}, not {traffic}"
            return Blocker(
                Reason.ACL_ICMP, _culprit(acl, wrong), Label(wrong.span, text), (), (wrong, acl)
            )
    return _missing(acl, direction, egress, family, traffic, peers, at)


def _culprit(acl: Acl, entry: AclEntry) -> Node:
    """What has to change: the entry where it is a resource of its own, else its ACL."""
    return acl if entry.address == acl.address else entry


def _missing(
    acl: Acl,
    direction: Direction,
    egress: bool,
    family: Family,
    traffic: Traffic,
    peers: Region,
    at: Label,
) -> Blocker:
    """No entry allows it: say what there is instead, first of all what is for somebody else."""
    way = "outbound" if egress else "inbound"
    others: list[Label] = []
    instead: list[Label] = []
    for entry in acl.entries:
        if entry.egress is not egress or entry.span is None or entry.allow is not True:
            continue
        if not isinstance(entry.traffic, Traffic) or isinstance(entry.prefix, Unknown):
            continue
        same = entry.prefix.family == family
        if same and traffic.protocol and entry.traffic.covers(traffic.protocol, traffic.ports):
            others.append(Label(entry.span, f"allows {entry.traffic} for {entry.prefix} only"))
        else:
            other = "" if same else f" of {entry.prefix.family}"
            instead.append(Label(entry.span, f"allows only {entry.traffic}{other} {way}"))
    reason = Reason.ACL_REQUEST if direction == "request" else Reason.ACL_REPLY
    text = f"no {way} entry allows {traffic}"
    text += f" for {show(peers, family)}" if others else ""
    text += " (the reply)" if direction == "reply" else ""
    return Blocker(reason, acl, Label(at.span, text), (*others, *instead)[:3])


def _first_denier(
    acl: Acl, egress: bool, family: Family, traffic: Traffic, peers: Region
) -> AclEntry | None:
    """The deny entry that is met first, if none of the packets simply falls off the end."""
    left, first = _space(peers, traffic), None
    for entry in relevant(acl, egress, family):
        _, perhaps, _ = _match(entry, family, traffic)
        if entry.allow is False and left & perhaps:
            first, left = first or entry, left - perhaps
    return None if left else first


def _allower(
    acl: Acl, egress: bool, family: Family, traffic: Traffic, peers: Region
) -> AclEntry | None:
    space = _space(peers, traffic)
    for entry in relevant(acl, egress, family):
        _, perhaps, _ = _match(entry, family, traffic)
        if entry.allow is True and space & perhaps:
            return entry
    return None


def _wrong_icmp(entries: list[AclEntry], traffic: Traffic) -> AclEntry | None:
    for entry in entries:
        if entry.allow is not True or not isinstance(entry.traffic, Traffic):
            continue
        if entry.traffic.protocol == traffic.protocol:
            return entry
    return None


SMALL = 1000
"""Holes of fewer ports than this are made on purpose, as AWS's own examples do."""


TOO_BIG = {"ipv4": Traffic(ICMP, icmp(3, 4)), "ipv6": Traffic(ICMPV6, icmp(2, 0))}
"""What a router on the way answers to a packet that its next link cannot carry.

https://docs.aws.amazon.com/vpc/latest/userguide/network_mtu.html#path_mtu_discovery
"""


def loses_too_big(acl: Acl, family: Family) -> bool:
    """
    Whether SSH or RDP comes in while what says that a packet was too big certainly does not: a
    connection is made, and hangs at the first full packet where a link on the way is narrow.
    """
    everybody = addresses((everything(family),), family)
    come_in = (decide(acl, False, family, s.request(family), everybody).sure for s in (SSH, RDP))
    return any(come_in) and not decide(acl, False, family, TOO_BIG[family], everybody).possible


def reply_gaps(acl: Acl, family: Family) -> list[Interval]:
    """
    The ports of usual clients that the replies to SSH and RDP do not reach, where they reach
    some: a client that happens to choose one of them hangs.
    """
    usual = Region(((USUAL_CLIENT,),))
    gaps: list[Interval] = []
    for service in (SSH, RDP):
        request, reply = service.request(family), service.reply(family)
        peers = decide(acl, False, family, request, INTERNET[family]).sure.axis(0)
        out = decide(acl, True, family, reply, peers)
        if out.possible:
            ports = (_space(peers, reply) - out.possible).axis(1) & usual
            gaps += (g for g in ports.intervals() if g[1] - g[0] + 1 >= SMALL and g not in gaps)
    return gaps
