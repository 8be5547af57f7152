"""
From judged flows to findings: one for each cause, with all it blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from iaclint.check import Cause, Check
from iaclint.finding import Finding
from iaclint.intent import Judged
from iaclint.network import Network
from iaclint.trace.model import Blocker, Reason, Way

IMPLIED: dict[Reason, tuple[Reason, ...]] = {
    Reason.NO_GATEWAY: (Reason.NO_ROUTE, Reason.MAIN_TABLE, Reason.CANNOT_ROUTE),
    Reason.GATEWAY_NOT_ATTACHED: (Reason.BLACKHOLE,),
    Reason.GATEWAY_ELSEWHERE: (Reason.BLACKHOLE,),
}
"""What a cause brings with it: repairing the first repairs, or shows, the others."""

Key = tuple[Reason, str, object]


def causes(network: Network, judged: Iterable[Judged]) -> list[Cause]:
    """Everything that blocks an expected flow, each with all flows it blocks."""
    found: dict[Key, list[tuple[Blocker, Judged, Way]]] = {}
    for each in judged:
        if each.level is None:
            continue
        ways = each.trace.ways if each.trace.verdict == "blocked" else each.trace.partly_blocked
        for way in ways:
            for blocker in _leading(way.blockers):
                key = (blocker.reason, _block(blocker.node.address), blocker.at.span)
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
    """All findings of one network. What a flow shows already is not said a second time."""
    found: list[Finding] = []
    every = causes(network, judged)
    for check in checks:
        explained = [
            finding
            for cause in every
            if cause.blocker.reason in check.causes
            for finding in check.explain(cause)
        ]
        places = {finding.primary.span for finding in explained}
        found += explained
        found += (each for each in check.look(network) if each.primary.span not in places)
    return found
