"""The networks under `fixtures`: the same network has the same answer in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint import scan
from iaclint.finding import Report
from iaclint.registry import load
from iaclint.source import Sources

FIXTURES = Path(__file__).parents[1] / "fixtures"
REGISTRY = load(plugins=False)

Flow = tuple[str, str, str, str]
"""Source, target, service, verdict; a target by its short name."""

HOST = "host"
SSH: Flow = ("203.0.113.0/24", HOST, "ssh", "reachable")
BLOCKED: Flow = ("203.0.113.0/24", HOST, "ssh", "blocked")

EXPECTED: dict[str, tuple[set[str], set[Flow]]] = {
    "reachable": (set(), {SSH}),
    "no-route": ({"IAC201"}, {BLOCKED}),
    "no-association": ({"IAC203"}, {BLOCKED}),
    "no-public-address": ({"IAC101"}, {BLOCKED}),
    "elastic-ip": (set(), {SSH}),
    "acl-reply-to-port-22": ({"IAC302"}, {BLOCKED}),
    "acl-reply-ports": (set(), {SSH}),
    "private-source": ({"IAC404"}, {("internet", HOST, "ssh", "blocked")}),
    "route-to-the-office-only": (set(), {SSH}),
    "port-zero": ({"IAC402"}, {("internet", HOST, "ssh", "blocked")}),
    "main-table": (set(), {SSH}),
    "bastion": (set(), {SSH, (HOST, "inner", "ssh", "reachable")}),
    "bastion-that-lets-nothing-out": ({"IAC411"}, {SSH, (HOST, "inner", "ssh", "blocked")}),
    "icmp-type-left-out": ({"IAC304"}, {SSH, ("203.0.113.0/24", HOST, "icmp", "blocked")}),
    "unknown-source": (set(), {("internet", HOST, "ssh", "undecided")}),
}
"""For each twin the checks that report, and every flow with its verdict."""

FILES = ("main.tf", "template.yaml")


def report(path: Path) -> Report:
    """What the tool says about a file or directory, with every check."""
    return scan.check(scan.Request((path,), REGISTRY), Sources())


def short(name: str) -> str:
    """An address without what is the spelling of a language."""
    return name.removeprefix("aws_instance.").lower()


def flows(found: Report) -> set[Flow]:
    """The flows of a report, by short names."""
    return {(short(f.source), short(f.target), f.service, f.verdict) for f in found.flows}


def test_every_twin_has_an_expected_answer() -> None:
    """The table and the directory agree."""
    twins = {path.parent.name for path in (FIXTURES / "twins").glob("*/template.yaml")}
    assert twins == set(EXPECTED)
    assert len(EXPECTED) >= 10


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("file", FILES)
def test_a_twin_has_its_answer(name: str, file: str, tmp_path: Path) -> None:
    """In each language, whatever the file is called and wherever it lies."""
    text = (FIXTURES / "twins" / name / file).read_text("utf-8")
    (tmp_path / file).write_text(text, "utf-8")
    found = report(tmp_path)
    checks, verdicts = EXPECTED[name]
    assert {f.check for f in found.findings} == checks, [f.message for f in found.findings]
    assert flows(found) == verdicts


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_twins_say_the_same(name: str) -> None:
    """Checks, levels, reasons and services agree; only names and places differ."""
    said = [
        [
            (f.check, f.level, f.reason_codes, f.services, f.families, short(f.source))
            for f in r.findings
        ]
        for r in (report(FIXTURES / "twins" / name / file) for file in FILES)
    ]
    assert sorted(said[0]) == sorted(said[1])


def test_the_example_of_the_readme_is_broken_in_one_way() -> None:
    """One finding, with its path and its repair."""
    found = report(FIXTURES / "example")
    (finding,) = found.findings
    assert finding.check == "IAC201"
    assert finding.trace
    assert finding.help
    assert finding.fix is not None


@pytest.mark.parametrize("path", ["base/terraform", "base/cloudformation"])
def test_the_base_has_no_finding(path: str) -> None:
    """The network that the examples of the checks change."""
    assert not report(FIXTURES / path).findings
