"""
From judged flows to findings: one for each cause, with all it blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from iaclint.aws.network_acl import NetworkAclEntry
from iaclint.aws.security_group import SecurityGroupRule
from iaclint.check import Cause, Check
from iaclint.finding import Finding, Level
from iaclint.intent import Judged
from iaclint.network import Acl, Group, Interface, Network, Node
from iaclint.packet.service import Service, Traffic
from iaclint.source import Span
from iaclint.trace.model import Blocker, Reason, Way
from iaclint.value import whole

IMPLIED: dict[Reason, tuple[Reason, ...]] = {
    Reason.NO_GATEWAY: (Reason.NO_ROUTE, Reason.MAIN_TABLE, Reason.CANNOT_ROUTE),
    Reason.GATEWAY_NOT_ATTACHED: (Reason.BLACKHOLE,),
    Reason.GATEWAY_ELSEWHERE: (Reason.BLACKHOLE,),
    Reason.FIREWALL_REQUEST: (Reason.FIREWALL_REPLY,),
}
"""What a cause brings with it: repairing the first repairs, or shows, the others."""

Key = tuple[Reason, tuple[str, str], object]


def causes(network: Network, judged: Iterable[Judged]) -> list[Cause]:
    """Everything that blocks an expected flow, each with all flows it blocks."""
    found: dict[Key, list[tuple[Blocker, Judged, Way]]] = {}
    for each in judged:
        if each.level is None:
            continue
        ways = each.trace.ways if each.trace.verdict == "blocked" else each.trace.partly_blocked
        for way in ways:
            for blocker in _leading(way.blockers):
                what = (_block(blocker.node.address), _block(blocker.toward))
                key = (blocker.reason, what, blocker.at.span)
                found.setdefault(key, []).append((blocker, each, way))
    return [
        Cause(rows[0][0], tuple(r[1] for r in rows), tuple(r[2] for r in rows), network)
        for rows in found.values()
    ]


def _block(address: str) -> str:
    """The address without `count` and `for_each` keys: what is written once is repaired once."""
    return re.sub(r"\[[^\]]*\]", "", address)


def _leading(blockers: Sequence[Blocker]) -> Iterator[Blocker]:
    implied = {reason for b in blockers for reason in IMPLIED.get(b.reason, ())}
    yield from (b for b in blockers if b.reason not in implied)


def findings(network: Network, judged: Sequence[Judged], checks: Iterable[Check]) -> list[Finding]:
    """All findings of one network, in order. What one of them says already no other repeats."""
    looked: list[Finding] = []
    explained: list[tuple[Cause, Finding]] = []
    every = causes(network, judged)
    for check in checks:
        own = [
            (cause, finding)
            for cause in every
            if cause.blocker.reason in check.causes
            for finding in check.explain(cause)
        ]
        places = {finding.primary.span for _, finding in own}
        explained += own
        looked += (each for each in check.look(network) if each.primary.span not in places)
    looked = _once(looked)
    kept: list[Finding] = []
    for cause, finding in explained:
        told = next((n for n, one in enumerate(looked) if _tells(one, cause, network)), None)
        if told is None:
            kept.append(finding)
        else:
            looked[told] = _with(looked[told], finding)
    return sorted(kept + looked, key=lambda finding: finding.order)


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One line that `count` or `for_each` multiplies is said once, about all that come of it."""
    kept: dict[tuple[object, ...], Finding] = {}
    for each in found:
        said = tuple(re.sub(r"\[[^\]]*\]", "", text) for text in (each.message, each.help))
        key = (each.check, each.level, each.primary.span, said)
        first = kept.setdefault(key, each)
        targets = tuple(dict.fromkeys((*first.targets, *each.targets)))
        kept[key] = replace(first, targets=targets)
    return list(kept.values())


# ---- what is refused, and so blocks ------------------------------------------------------------

DROPPED = {
    Reason.GROUP_EMPTY: Service.request,
    Reason.GROUP_NO_RULE: Service.request,
    Reason.EGRESS_RULE: Service.request,
    Reason.ACL_EMPTY: Service.request,
    Reason.ACL_REQUEST: Service.request,
    Reason.ACL_REPLY: Service.reply,
}
"""Blockers by which something is missing, and the packets that it would have let through."""


BY_GROUPS = frozenset(reason for reason in Reason if reason.name.startswith("GROUP_")) | {
    Reason.EGRESS_RULE
}
"""Blockers that other groups on the interface would not be."""


def _tells(refused: Finding, cause: Cause, network: Network) -> bool:
    """Whether what AWS refuses is what the cause misses: a rule, or the groups of an interface."""
    if refused.level is not Level.ERROR:
        return False
    return _misses_rule(refused, cause, network) or _misses_groups(refused, cause)


def _misses_rule(refused: Finding, cause: Cause, network: Network) -> bool:
    """
    Whether a rule or entry is refused that belongs to the group or ACL, and whose ports, in
    whatever order, hold those of each service.
    """
    asked = DROPPED.get(cause.blocker.reason)
    if asked is None or refused.resource not in _parts(cause.blocker.node):
        return False
    packets = [asked(each.flow.service, each.flow.family) for each in cause.judged]
    return "icmp" not in cause.services and any(
        declared.address == refused.resource and _between(declared, packets)
        for declared in network.declared
        if isinstance(declared, SecurityGroupRule | NetworkAclEntry)
        and refused.primary.span in _spans(declared)
    )


def _misses_groups(refused: Finding, cause: Cause) -> bool:
    """Whether groups are refused where those are named that alone block an interface's flows."""
    places = {label.span for label in (refused.primary, *refused.related)}
    return cause.blocker.reason in BY_GROUPS and all(
        any(end.address == refused.resource and end.groups_span in places for end in _ends(each))
        for each in cause.judged
    )


def _ends(judged: Judged) -> Iterator[Interface]:
    """The interfaces of both ends of a flow."""
    client = judged.flow.client
    for instance in (judged.flow.target, client.instance):
        yield from instance.interfaces() if instance is not None else ()
    if client.interface is not None:
        yield client.interface


def _spans(declared: SecurityGroupRule | NetworkAclEntry) -> set[Span | None]:
    values = (declared.protocol, declared.first, declared.last)
    return {declared.span, *(value.span for value in values if value is not None)}


def _parts(node: Node) -> set[str]:
    """The addresses of a group or ACL and of what makes it up."""
    inside: Sequence[Node] = ()
    if isinstance(node, Group):
        inside = (*node.ingress, *node.egress)
    elif isinstance(node, Acl):
        inside = node.entries
    return {node.address, *(one.address for one in inside)}


def _between(declared: SecurityGroupRule | NetworkAclEntry, packets: Sequence[Traffic]) -> bool:
    first, last = whole(declared.first), whole(declared.last)
    if not isinstance(first, int) or not isinstance(last, int):
        return False
    low, high = min(first, last), max(first, last)
    return all(low <= packet.ports[1] and packet.ports[0] <= high for packet in packets)


def _with(refused: Finding, finding: Finding) -> Finding:
    """The refused rule, with the flows that it blocks."""
    return replace(
        refused,
        targets=tuple(dict.fromkeys((*refused.targets, *finding.targets))),
        families=tuple(dict.fromkeys((*refused.families, *finding.families))),
        trace=refused.trace or finding.trace,
        notes=(*refused.notes, finding.message),
    )
