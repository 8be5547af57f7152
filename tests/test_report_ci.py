"""What CI systems read: JUnit, GitHub, GitLab, markdown, HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from iaclint.finding import Level, Report
from iaclint.report import FORMATS, write
from iaclint.report.markdown import LARGEST
from iaclint.report.mermaid import picture
from tests.sample_report import FINDING, HOPS, REPORT, accepted, context, hostile, many

Golden = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("junit", "junit.xml"),
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("markdown", "summary.md"),
        ("html", "report.html"),
    ],
)
def test_the_format_is_as_agreed(name: str, file: str, golden: Golden) -> None:
    """The whole output, to the letter."""
    golden(file, write(name, accepted(), context()))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_write_an_empty_report(name: str) -> None:
    """Nothing found is a report too."""
    text = write(name, Report(), context())
    assert text == "" or text.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    """Nothing depends on time, hash seeds or the machine."""
    assert write(name, accepted(), context()) == write(name, accepted(), context())


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_are_not_unicode_can_be_written(name: str) -> None:
    """A lone surrogate (a file name that is not UTF-8) does not break the writer."""
    write(name, Report((hostile("bad\udcff"),)), context()).encode("utf-8")


def test_junit_is_xml_whatever_the_names() -> None:
    """Markup and characters XML cannot carry do no harm; counts agree with the cases."""
    report = Report((hostile("<&\"'\x0b\ufffe]]>"), FINDING), roots=("infra",))
    suite = ElementTree.fromstring(write("junit", report, context())).find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "2" == str(len(suite.findall("testcase/failure")))
    assert suite.get("tests") == str(len(suite.findall("testcase")))


def test_junit_without_findings_has_a_case_that_passes() -> None:
    """An empty report would count as an error in several systems."""
    suites = ElementTree.fromstring(write("junit", Report(roots=("infra",)), context()))
    assert len(suites.findall("testsuite/testcase")) == 1
    assert not suites.findall("testsuite/testcase/failure")


def test_github_commands_are_escaped() -> None:
    """A message cannot end its command or start another."""
    text = write("github", Report((hostile("x\n::error::50%,a:b"),)), context())
    assert len(text.splitlines()) == 1
    assert "50%25" in text and "file=infra/x %3A%3Aerror%3A%3A50%25%2Ca%3Ab.tf" in text


@pytest.mark.parametrize(("count", "shown", "said"), [(10, 10, False), (14, 10, True)])
def test_github_gets_ten_of_a_kind(count: int, shown: int, said: bool) -> None:
    """The tenth annotation says how many more there are."""
    lines = write("github", many(count), context()).splitlines()
    assert len(lines) == shown
    assert ("+4 more" in lines[-1]) is said


def test_github_levels_have_their_commands() -> None:
    """error, warning, notice."""
    levels = tuple(replace(FINDING, level=level) for level in Level)
    lines = write("github", Report(levels), context()).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_gitlab_fingerprints_are_unique() -> None:
    """The same cause in two roots is two entries."""
    issues = json.loads(write("gitlab", Report((FINDING, FINDING)), context()))
    assert len({issue["fingerprint"] for issue in issues}) == 2


def test_gitlab_issues_have_the_required_fields() -> None:
    """description, check_name, fingerprint, severity, location.path, location.lines.begin."""
    for issue in json.loads(write("gitlab", accepted(), context())):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1


def test_markdown_shows_markup_of_the_input_as_text() -> None:
    """Neither a table cell nor a link nor HTML can come from a name."""
    text = write("markdown", Report((hostile("a|b <img src=x> [l](u) `c` @team"),)), context())
    outside = re.sub(r"(?<!\\)`[^`\n]*`", "", text)
    assert "<img" not in outside
    assert "] [l](u)" not in outside and r"\[l\]" in outside
    rows = [line for line in text.splitlines() if line.startswith("| ❌")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)


def test_markdown_stays_below_the_limit_of_github() -> None:
    """A summary that is too long would be refused as a whole."""
    long = replace(FINDING, message="x" * 50_000)
    text = write("markdown", Report((long,) * 60), context())
    assert len(text.encode()) < LARGEST + 1000 and "left out" in text


def test_the_picture_marks_the_blocked_hop() -> None:
    """Only the blocked hop is of the class that is drawn in red."""
    drawn = picture(FINDING)
    stopped = [line for line in drawn.splitlines() if ":::stop" in line]
    assert len(stopped) == 1 and "route table public" in stopped[0]
    assert "--x c" in drawn


def test_the_picture_quotes_what_mermaid_would_read() -> None:
    """A name cannot add nodes or markup."""
    named = tuple(replace(hop, name='x"]; a --> b <script>') for hop in HOPS)
    drawn = picture(replace(FINDING, trace=named))
    assert "<script>" not in drawn and 'x"]' not in drawn


def test_there_is_no_picture_without_a_trace_or_of_a_huge_one() -> None:
    """A picture of more than 40 hops helps nobody."""
    assert picture(replace(FINDING, trace=())) == ""
    assert picture(replace(FINDING, trace=HOPS * 10)) == ""


class _Tags(HTMLParser):
    """Collects the elements and what they load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for key, value in attrs if key in ("src", "href", "onload")]


def test_html_needs_nothing_else_and_runs_nothing() -> None:
    """No script, nothing to load, and the input cannot add any."""
    page = _Tags()
    page.feed(write("html", Report((hostile('"><script src=x>'), FINDING)), context()))
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert page.loads == []


def test_reports_do_not_know_the_machine() -> None:
    """No absolute path in any output."""
    for name in FORMATS:
        assert "/repo" not in write(name, REPORT, context())
