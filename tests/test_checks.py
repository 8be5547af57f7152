"""Every check, by the examples on its page: one change to a network that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iaclint import catalogue, example, fix
from iaclint.check import Check
from iaclint.finding import Level, Report
from iaclint.registry import Registry, load
from iaclint.source import Sources

REGISTRY = load(plugins=False)
CHECKS = REGISTRY.checks
TOP = Path(__file__).parents[1]

HEADINGS = (
    "On the wire",
    "Why AWS does that",
    "Repair in Terraform",
    "Repair in CloudFormation",
    "What it does not see",
)
PAGED = tuple(check for check in CHECKS if check.id[3] in "12345678")
NETWORKS = tuple(check for check in PAGED if check.id[3] in "123458")
"""What both languages can express; connections and key files are of Terraform alone."""


TARGETS = {"base": 3, "balanced": 3, "peered": 4, "transit": 4}
"""How many instances each base network has."""


def cases(kind: str) -> list[object]:
    """The examples of one kind, named after their check."""
    return [
        pytest.param(check, change, id=f"{check.id}-{number}")
        for check in CHECKS
        for number, change in enumerate(getattr(check, kind))
    ]


def reported(change: str, base: str = "base") -> Report:
    """What all checks together say about a base network with a change."""
    report, _ = example.report(example.files(change, base), REGISTRY)
    return report


@pytest.mark.parametrize("base", catalogue.NETWORKS)
@pytest.mark.parametrize("change", ["", "Resources: {}"], ids=["terraform", "cloudformation"])
def test_a_base_network_works(change: str, base: str) -> None:
    """There is nothing to say about it, and every flow that is asked for reaches its target."""
    report = reported(change, base)
    assert not report.findings
    assert not report.undecided
    assert {flow.verdict for flow in report.flows} == {"reachable"}
    assert {flow.service for flow in report.flows} == {"ssh", "rdp", "icmp"}
    assert {flow.family for flow in report.flows} == {"ipv4", "ipv6"}
    assert len({flow.target for flow in report.flows}) == TARGETS[base]


def test_a_network_is_named_only_where_examples_change_it() -> None:
    """Each is described and used, and has what is added to the base in both languages."""
    assert {check.base for check in CHECKS} == set(catalogue.NETWORKS)
    added = {f"{name}.{kind}" for name in catalogue.NETWORKS for kind in ("tf", "yaml")}
    assert {path.name for path in example.ADDED.iterdir()} == added - {"base.tf", "base.yaml"}


@pytest.mark.parametrize(("check", "change"), cases("breaks"))
def test_an_example_that_breaks_is_reported_by_its_check_alone(check: Check, change: str) -> None:
    """Its own check says what is wrong, and no other check says anything."""
    findings = reported(change, check.base).findings
    assert {finding.check for finding in findings} == {check.id}, [f.message for f in findings]
    for finding in findings:
        assert finding.name == check.name
        assert finding.level <= check.level
        assert finding.message
        assert not finding.message.endswith(".") or check not in PAGED
        assert finding.primary.span.path, finding.message
        assert finding.help or check not in PAGED, finding.message


@pytest.mark.parametrize(("check", "change"), cases("quiet"))
def test_an_example_that_is_fine_is_not_reported(check: Check, change: str) -> None:
    """No check says anything."""
    findings = reported(change, check.base).findings
    assert not findings, [f"{f.check} {f.message}" for f in findings]


@pytest.mark.parametrize("check", PAGED, ids=lambda check: check.id)
def test_a_page_has_its_headings_and_examples(check: Check) -> None:
    """Two examples of each kind at least, and the five headings in their order."""
    page = catalogue.page(check)
    assert page.summary.endswith("."), page.summary
    assert tuple(re.findall("^## (.*)$", page.text, re.MULTILINE)) == HEADINGS
    assert len(page.breaks) >= 2
    assert len(page.quiet) >= 2
    assert page.reference.startswith("https://")
    assert page.reference.startswith("https://docs.aws.amazon.com/") or check.id[3] in "67"
    assert len(set(page.breaks + page.quiet)) == len(page.breaks + page.quiet)


def test_most_checks_show_both_languages() -> None:
    """An example for each, unless only one of them can express the mistake."""
    single = [
        check.id
        for check in NETWORKS
        if len({example.is_template(catalogue.example_text(one)) for one in check.breaks}) < 2
    ]
    assert len(single) <= len(NETWORKS) // 4, single


FIXING = ("IAC201", "IAC203", "IAC205", "IAC401")
"""The checks that propose a change."""


def repaired(change: str) -> Report | None:
    """The report after the fix of an example; None where none is proposed."""
    report, sources = example.report(example.files(change), REGISTRY)
    planned = fix.plan(report.findings, sources, unsafe=True)
    if not planned.applied:
        return None
    after, _ = example.report({**sources.texts, **planned.texts}, REGISTRY)
    return after


@pytest.mark.parametrize("key", FIXING)
def test_a_fix_repairs_what_it_was_proposed_for(key: str) -> None:
    """In both languages: the finding is gone, nothing else breaks, and every flow works."""
    languages = set()
    for change in REGISTRY.find(key).breaks:
        after = repaired(change)
        if after is not None:
            languages.add(example.is_template(change))
            assert not [f for f in after.findings if f.level is Level.ERROR or f.check == key]
            assert all(flow.verdict == "reachable" for flow in after.flows if flow.expected)
    assert languages == {False, True}


def test_what_was_accepted_until_yesterday_is_reported_again() -> None:
    """The finding is back, and the acceptance that ended is said beside it."""
    change = (
        "Resources:\n  RouteIpv4: null\n  PublicTable:\n    Metadata:\n"
        '      iaclint: {ignore: ["IAC201 until=2021-03-01 -- reached through the VPN"]}\n'
    )
    assert [f.check for f in reported(change).findings] == ["IAC201", "IAC903"]
    assert not reported(change.replace("2021", "2999")).findings


def test_an_example_keeps_its_lines() -> None:
    """Blocks that change the base and new ones go to two files, each at its own line."""
    texts = example.files('resource "aws_route" "ipv4" {\n  count = 0\n}\n\nlocals {\n  a = 1\n}\n')
    assert texts["example_override.tf"].startswith('resource "aws_route" "ipv4" {')
    assert texts["example.tf"].splitlines()[4] == "locals {"
    assert set(texts) == {"main.tf", "example.tf", "example_override.tf"}


def test_an_example_in_cloudformation_is_merged() -> None:
    """Mappings are merged, plain values replaced, and null takes away."""
    text = example.files(
        "Resources:\n  RouteIpv4: null\n  Vpc: {Properties: {CidrBlock: 10.1.0.0/16}}\n"
    )["template.yaml"]
    assert "RouteIpv4" not in text
    assert "CidrBlock: 10.1.0.0/16" in text
    assert "EnableDnsHostnames: true" in text
    assert "!Ref 'Vpc'" in text


def test_the_output_of_an_example_can_be_shown() -> None:
    """The page of a check prints what the tool really says."""
    check = REGISTRY.find("IAC201")
    text = example.shown(check, check.breaks[0])
    assert "error[IAC201] no-internet-route" in text
    assert "main.tf:" in text
    assert "/tmp" not in text


def test_levels_of_the_checks() -> None:
    """What is certain is an error; a warning or a note says so in its class."""
    notes = {check.id for check in CHECKS if check.level is Level.NOTE}
    assert len(notes) < len(CHECKS) // 5


def test_the_catalogue_is_current() -> None:
    """`python -m iaclint.catalogue` has been run after the last change."""
    text = (TOP / "checks" / "README.md").read_text("utf-8")
    assert text == catalogue.document(REGISTRY)


def test_only_sources_that_were_read_are_shown() -> None:
    """A report knows the texts of the files it points to."""
    report, sources = example.report(example.files("Resources: {RouteIpv4: null}"), REGISTRY)
    assert isinstance(sources, Sources)
    assert {finding.primary.span.path for finding in report.findings} <= set(sources.texts)
    assert Registry(()).checks == ()
