"""
Longest prefix match over routes of which some are not certain: of a subnet, or a transit gateway.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from iaclint.network import Maybe, Node
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.region import Region
from iaclint.value import Unknown

R = TypeVar("R", bound=Node)


@dataclass(frozen=True, slots=True, eq=False)
class Row(Generic[R]):
    """
    A route as one question sees it: `good` says whether it leads where the packet should go,
    `rank` decides between routes for the same block (lower wins). `family` is that of a block
    which is not known, None where it may be of either. `only` are the destinations that a good
    target takes on, where these are not all.
    """

    route: R
    to: Maybe[Prefix]
    good: bool | Unknown
    rank: int = 1
    maybe: Unknown | None = None
    family: Family | None = None
    only: Region | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Match(Generic[R]):
    """
    The destinations that end at a good target: `sure` in every case, `possible` in some. `wrong`
    are the routes that lead others of them elsewhere, most specific first.
    """

    sure: Region
    possible: Region
    unknowns: tuple[Unknown, ...]
    wrong: tuple[R, ...]


def match(
    rows: Iterable[Row[R]], family: Family, peers: Region, rest: Unknown | None = None
) -> Match[R]:
    """Where the rows send these destinations. `rest` says why there may be more rows."""
    sure, possible, tainted, left = Region(), Region(), Region(), peers
    unknowns: list[Unknown] = [rest] if rest else []
    wrong: list[R] = []
    for row in sorted((r for r in rows if _speaks_of(r, family)), key=_specificity):
        hit = left & (row.to.region if isinstance(row.to, Prefix) else peers)
        if not hit:
            continue
        certain = isinstance(row.to, Prefix) and row.maybe is None
        unknowns += [u for u in (row.to, row.maybe, row.good) if isinstance(u, Unknown)]
        taken = hit if row.only is None else hit & row.only
        if row.good is not False:
            possible |= taken
        if row.good is True and certain:
            sure |= taken - tainted
        tainted |= hit - taken if row.good is True else hit
        if row.good is False or not taken:
            wrong.append(row.route)
        if certain:
            left -= hit
    if rest is not None:
        sure, possible = Region(), peers
    return Match(sure, possible, tuple(unknowns), tuple(wrong))


def _speaks_of(row: Row[R], family: Family) -> bool:
    named = row.family if isinstance(row.to, Unknown) else row.to.family
    return named in (None, family)


def _specificity(row: Row[R]) -> tuple[int, int]:
    """Unknown destinations first: they may be more specific than any."""
    length = 999 if isinstance(row.to, Unknown) else row.to.length
    return (-length, row.rank)
