"""Every section of AWS's guide has a check or a page, and each of them is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from iaclint import cli, guide
from iaclint.registry import Registry, load

TOPICS = guide.topics()
SECTIONS = guide.sections()


@pytest.fixture(scope="module")
def known() -> Registry:
    """The built-in checks."""
    return load(plugins=False)


def test_every_section_has_a_check_or_a_page() -> None:
    """The 37 of the guide, and what was added to it since."""
    assert [one.number for one in SECTIONS] == list(range(1, len(SECTIONS) + 1))
    assert len(SECTIONS) >= 37
    assert [one.number for one in SECTIONS if not one.checks + one.pages] == []


def test_what_the_sections_name_exists(known: Registry) -> None:
    """Checks by id, pages by name."""
    assert {check for one in SECTIONS for check in one.checks} <= set(known.by_id)
    assert {page for one in SECTIONS for page in one.pages} <= set(TOPICS)


def test_no_page_has_the_name_of_a_check(known: Registry) -> None:
    """`iaclint rule NAME` is unambiguous."""
    assert not set(TOPICS) & set(known.names)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_a_page_says_something(topic: guide.Topic, known: Registry) -> None:
    """A sentence, a text, and only checks and pages that exist, each with its own id."""
    assert topic.summary.endswith(".") and not topic.summary.startswith("#")
    assert len(topic.text) > 150
    for name, key in re.findall(r"`([a-z-]+)` \((IAC\d{3})\)", topic.text):
        assert known.by_id[key].name == name
    assert set(re.findall(r"IAC\d{3}", topic.text)) <= set(known.by_id)
    assert set(re.findall(r"iaclint rule ([a-z-]+)", topic.text)) <= set(TOPICS)


def test_a_page_is_printed_and_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name, with its prefix, in the list, and among all pages."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["iaclint", "rule", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        return capsys.readouterr().out

    page = run("known-hosts")
    assert page.startswith("known-hosts\n") and "ssh-keygen -R" in page
    assert run("guide-known-hosts") == page
    assert "known-hosts" in run()
    assert '"known-hosts"' in run("--all", "-o", "json")
    assert "# known-hosts" in run("--all", "-o", "markdown")


def test_the_guide_is_written_once() -> None:
    """The table of the list of checks is made of the sections."""
    text = (Path(__file__).parents[1] / "checks" / "README.md").read_text(encoding="utf-8")
    assert guide.table() in text
