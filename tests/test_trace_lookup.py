"""Longest prefix match, where some routes are not known, or may not be there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from iaclint.network import Gateway, Route
from iaclint.packet.prefix import Family, parse_prefix
from iaclint.packet.region import Region
from iaclint.trace.lookup import Row, match
from iaclint.value import Unknown

SOME, OTHER, THIRD = Unknown("some"), Unknown("other"), Unknown("third")
TARGET = Gateway(address="gate", label="gate", kind="internet", title="gateway")
NONE = Region()


def region(text: str) -> Region:
    return parse_prefix(text).region


ALL, LOW, HIGH = (region(text) for text in ("10.0.0.0/24", "10.0.0.0/25", "10.0.0.128/25"))


def row(
    to: str | Unknown,
    good: bool | Unknown,
    rank: int = 1,
    maybe: Unknown | None = None,
    only: Region | None = None,
    family: Family | None = None,
) -> Row[Route]:
    block = to if isinstance(to, Unknown) else parse_prefix(to)
    name = to.reason if isinstance(to, Unknown) else to
    route = Route(address=name, label=name, to=block, target=TARGET)
    return Row(route, block, good, rank, maybe, family, only)


@dataclass(frozen=True)
class Case:
    """
    A sentence and the routes; which of 10.0.0.0/24 arrive for certain, and perhaps; the routes
    that are wrong, and what is not known.
    """

    says: str
    rows: tuple[Row[Route], ...]
    sure: Region = ALL
    possible: Region = ALL
    wrong: tuple[str, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    rest: Unknown | None = None


WIDE, WIDE_BAD = row("10.0.0.0/8", True), row("10.0.0.0/8", False)
CASES = (
    Case("no route", (), NONE, NONE),
    Case("a route for more", (WIDE,)),
    Case("one that leads elsewhere", (WIDE_BAD,), NONE, NONE, ("10.0.0.0/8",)),
    Case("for others", (row("10.0.1.0/24", False), WIDE)),
    Case("the narrowest wins", (WIDE_BAD, row("10.0.0.0/24", True))),
    Case("where it leads elsewhere", (WIDE, row("10.0.0.0/25", False)), HIGH, HIGH,
         ("10.0.0.0/25",)),
    Case("for the rest the next one", (WIDE_BAD, row("10.0.0.0/25", True)), LOW, LOW,
         ("10.0.0.0/8",)),
    Case("both may be right", (WIDE, row("10.0.0.0/25", True))),
    Case("of the same length the one that goes before",
         (row("10.0.0.0/24", True, 3), row("10.0.0.0/24", False)), NONE, NONE, ("10.0.0.0/24",)),
    Case("in whatever order", (row("10.0.0.0/24", False), row("10.0.0.0/24", True, 0))),
    Case("a route that may not be there", (WIDE_BAD, row("10.0.0.0/24", True, maybe=SOME)), NONE,
         ALL, ("10.0.0.0/8",), (SOME,)),
    Case("whether or not it is", (WIDE, row("10.0.0.0/24", True, maybe=SOME)), unknowns=(SOME,)),
    Case("it may lead elsewhere if it is", (WIDE, row("10.0.0.0/25", False, maybe=SOME)), HIGH, ALL,
         ("10.0.0.0/25",), (SOME,)),
    Case("two such", (WIDE, row("10.0.0.0/25", False, maybe=SOME),
                      row("10.0.0.128/25", False, maybe=OTHER)), NONE, ALL,
         ("10.0.0.0/25", "10.0.0.128/25"), (SOME, OTHER)),
    Case("where it leads may not be known", (WIDE, row("10.0.0.0/25", SOME)), HIGH, ALL, (),
         (SOME,)),
    Case("nor whether it is there", (WIDE, row("10.0.0.0/25", SOME, maybe=OTHER)), HIGH, ALL, (),
         (OTHER, SOME)),
    Case("nor for whom", (row(SOME, OTHER, maybe=THIRD), WIDE), NONE, ALL, (),
         (SOME, THIRD, OTHER)),
    Case("for whomever it is, it leads elsewhere", (WIDE, row(SOME, False)), NONE, ALL, ("some",),
         (SOME,)),
    Case("or to the same place", (WIDE, row(SOME, True)), unknowns=(SOME,)),
    Case("or may be the one that is missing", (WIDE_BAD, row(SOME, True)), NONE, ALL,
         ("10.0.0.0/8",), (SOME,)),
    Case("routes of the other family", (row("10.0.0.0/25", True), row("::/0", False)), LOW, LOW),
    Case("for a block of it that is not known", (row(SOME, False, family="ipv6"), WIDE)),
    Case("for one of its own", (row(SOME, False, family="ipv4"), WIDE), NONE, ALL, ("some",),
         (SOME,)),
    Case("a target that takes a part", (row("10.0.0.0/8", True, only=LOW),), LOW, LOW),
    Case("or more than all", (row("10.0.0.0/8", True, only=region("10.0.0.0/8")),)),
    Case("or nothing of it", (row("10.0.0.0/8", True, only=region("10.0.1.0/24")),), NONE, NONE,
         ("10.0.0.0/8",)),
    Case("what it does not take is lost, if it is there",
         (row("10.0.0.0/24", True, maybe=SOME, only=LOW), WIDE), LOW, ALL, (), (SOME,)),
    Case("there may be further routes", (WIDE_BAD,), NONE, ALL, ("10.0.0.0/8",), (SOME,), SOME),
    Case("which may be narrower", (WIDE,), NONE, ALL, (), (SOME,), SOME),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_where_routes_send_packets(case: Case) -> None:
    """For every completion of what is not known, and for some."""
    found = match(case.rows, "ipv4", ALL, case.rest)
    assert found.sure <= case.sure and case.sure <= found.sure
    assert found.possible <= case.possible and case.possible <= found.possible
    assert tuple(route.address for route in found.wrong) == case.wrong
    assert found.unknowns == case.unknowns
