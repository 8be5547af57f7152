"""
The scenarios of `tests/scenarios.py`: verdicts, codes and hops, the same in both languages.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iaclint.query import overall
from tests.asked import answers, codes, spelled
from tests.scenarios import ROWS, Row
from tests.twins import LANGUAGES, common


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_each_scenario_has_its_verdict_and_codes(row: Row, language: str) -> None:
    """The verdict over all families, and every code in the order of the hops."""
    found = answers(row, language)
    assert (overall(found), codes(found)) == (row.verdict, row.codes)


def test_every_scenario_of_the_checklist_is_told() -> None:
    """All forty; where a network can be told in one language only, its neighbour has the other."""
    assert {row.number for row in ROWS} == set(range(1, 41))
    for row in ROWS:
        assert row.languages == LANGUAGES or row.number in (21, 34, 39)


# ---- the hops --------------------------------------------------------------------------------

MARKS = {"allow": "✓", "block": "✗", "unknown": "?"}


def hops(row: Row, language: str) -> list[str]:
    """The answer in words that are the same for both languages."""
    lines = []
    for one in answers(row, language):
        head = f"{one.source} -> {one.target} {one.service} {one.family}: {one.verdict}"
        lines.append(f"    {common(head, {})}")
        for hop in one.hops:
            code = f" {hop.code}" if hop.code else ""
            at = common(hop.resource, {})
            lines.append(f"      {hop.direction:7} {at} {MARKS[hop.verdict]}{code}")
    return lines


SAME = [row for row in ROWS if row.languages == LANGUAGES and row.number != 21]
"""In a template, whether a peering of transit gateways is accepted is one hop more."""


@pytest.mark.parametrize("row", SAME)
def test_both_languages_have_the_same_hops(row: Row) -> None:
    """The same things in the same order, with the same verdicts."""
    assert hops(row, "terraform") == hops(row, "cloudformation")


def test_the_hops_of_all_scenarios(golden: Callable[[str, str], None]) -> None:
    """The list to read: what each scenario says, and where its packet goes."""
    lines = []
    for row in ROWS:
        lines += [f"{row.number}. {row.says}", *hops(row, row.languages[0]), ""]
    golden("scenarios.txt", "\n".join(lines))
