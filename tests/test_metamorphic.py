"""
Findings do not depend on spelling: names, order, files, modules, stacks, and where a value stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from iaclint import example
from tests import respell, spellings
from tests.respell import Files, Spelled
from tests.twins import REGISTRY, Answer, Twin, common, phrased, twins

STEP = 9
"""Each spelling is tried on every ninth twin, each on others."""

ALL = tuple(twins())
Spelling = Callable[[Files], Spelled]


def chosen(spellings: tuple[Spelling, ...], step: int = STEP) -> list[object]:
    """Pairs of a spelling and a twin."""
    return [
        pytest.param(spelling, twin, id=f"{spelling.__name__}-{twin.id}")
        for offset, spelling in enumerate(spellings)
        for twin in ALL[offset % step :: step]
    ]


def told(spelled: Spelled) -> Answer:
    """What is said about files, in the words of before they were spelled in another way."""
    report, _ = example.report(spelled.files, REGISTRY)
    return phrased(report, spelled.old)


@pytest.mark.parametrize(("spelling", "twin"), chosen(respell.TERRAFORM))
def test_terraform_in_another_spelling_has_the_same_answer(spelling: Spelling, twin: Twin) -> None:
    """The same flows, verdicts and findings, up to names."""
    files = twin.files("terraform")
    assert told(spelling(files)) == told(Spelled(files))


@pytest.mark.parametrize(("spelling", "twin"), chosen(respell.CLOUDFORMATION))
def test_a_template_in_another_spelling_has_the_same_answer(spelling: Spelling, twin: Twin) -> None:
    """The same flows, verdicts and findings, up to names."""
    files = twin.files("cloudformation")
    assert told(spelling(files)) == told(Spelled(files))


# ---- rules, routes and entries: inline, or resources of their own ----------------------------


def causes(files: Files) -> set[str]:
    """Level, id, reason, and what it blocks; not the resource, which depends on the spelling."""
    report, _ = example.report(files, REGISTRY)
    lines = phrased(report, lambda name: common(name, {})).findings
    return {re.sub(r"^(\w+ \w+ \w+) .* -> ", r"\1 -> ", line) for line in lines}


@pytest.mark.parametrize("case", spellings.RULES_SAY)
@pytest.mark.parametrize("name", spellings.RULES)
def test_a_rule_says_the_same_inline_and_beside_its_group(name: str, case: str) -> None:
    """Blocks, lists, dynamic blocks, both kinds of rule resources, and templates."""
    values, expected = spellings.RULES_SAY[case]
    assert causes(spellings.rules(name, values)) == expected


@pytest.mark.parametrize("case", spellings.ROUTES_SAY)
@pytest.mark.parametrize("name", spellings.ROUTES)
def test_a_route_says_the_same_inline_and_beside_its_table(name: str, case: str) -> None:
    """Blocks, lists, route resources, the adopted and the chosen main table, and templates."""
    values, expected = spellings.ROUTES_SAY[case]
    assert causes(spellings.routes(name, values)) == expected


@pytest.mark.parametrize("case", spellings.ENTRIES_SAY)
@pytest.mark.parametrize("name", spellings.ENTRIES)
def test_an_entry_says_the_same_inline_and_beside_its_acl(name: str, case: str) -> None:
    """Blocks, lists, rule resources, the adopted default ACL, and templates."""
    values, expected = spellings.ENTRIES_SAY[case]
    assert causes(spellings.entries(name, values)) == expected
