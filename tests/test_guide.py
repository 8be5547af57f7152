"""The guide names checks that exist, and every section of AWS's guide has an answer."""

from __future__ import annotations

import re
from pathlib import Path

from iaclint.registry import load

GUIDE = (Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$", GUIDE, re.MULTILINE)


def test_the_checks_that_the_guide_names_exist() -> None:
    known = {check.id for check in load(plugins=False).checks}
    assert set(re.findall(r"IAC\d{3}", GUIDE)) <= known


def test_every_section_has_a_check_or_a_text() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 38))
    assert [number for number, _, checks, text in ROWS if not (checks + text).strip()] == []


def test_the_texts_that_sections_point_to_are_there() -> None:
    titles = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= titles


def test_every_check_of_keys_and_hosts_is_in_the_guide() -> None:
    ranges = re.findall(r"IAC(\d{3}) to IAC(\d{3})", GUIDE)
    covered = {n for first, last in ranges for n in range(int(first), int(last) + 1)}
    covered |= {int(number) for number in re.findall(r"IAC(\d{3})", GUIDE)}
    mine = {int(c.id[3:]) for c in load(plugins=False).checks if c.id[3] in "67"}
    assert mine <= covered
