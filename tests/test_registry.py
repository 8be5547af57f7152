"""Which checks there are, how they are named, and their pages."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from iaclint import catalogue, registry
from iaclint.check import Check
from iaclint.finding import Level
from iaclint.registry import Registry, RegistryError, UnknownCheck, load

GOOD = '''
from iaclint.check import Check, Level


class Shared(Check):
    """What several checks share is none itself."""


class Custom(Shared):
    """
    Something of ours is wrong.

    A longer text with `code`.
    """

    id = "ACME001"
    name = "acme-check"
    level = Level.WARNING
    reference = "https://example.org/"
    breaks = (
        """
        resource "a" "b" {
        }
        """,
    )
'''


@pytest.fixture(scope="module")
def known() -> Registry:
    """The built-in checks."""
    return load(plugins=False)


def directory(tmp_path: Path, text: str) -> Path:
    """A directory with one module."""
    (tmp_path / "acme.py").write_text(text, "utf-8")
    return tmp_path


def test_ids_names_and_pages_of_the_built_in_checks(known: Registry) -> None:
    """Ids have the prefix, names read after "ignore", pages start with one sentence."""
    for check in known.checks:
        page = catalogue.page(check)
        assert check.id.startswith("IAC") and len(check.id) == 6
        assert page.summary.endswith(".") and "\n" not in page.summary
        assert page.text, f"{check.id} has no page"
        assert page.family != "Others"


def test_checks_are_in_the_order_of_their_ids(known: Registry) -> None:
    """Whatever the names of their files are."""
    ids = [check.id for check in known.checks]
    assert ids == sorted(ids) and len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("IAC201", {"IAC201"}),
        ("iac201", {"IAC201"}),
        ("no-internet-route", {"IAC201"}),
        ("IAC90", {"IAC901", "IAC902", "IAC903", "IAC904"}),
    ],
)
def test_selectors_are_ids_names_and_prefixes(
    selector: str, expected: set[str], known: Registry
) -> None:
    """All accepted everywhere."""
    assert known.resolve(selector) >= expected
    assert all(one.startswith("IAC") for one in known.resolve(selector))


def test_all_is_everything(known: Registry) -> None:
    """`ALL` and the common prefix; nothing selected is everything too."""
    everything = set(known.by_id)
    assert known.resolve("ALL") == known.resolve("IAC") == known.select((), ()) == everything
    assert known.select(("IAC2",), ("IAC201",)) == known.resolve("IAC2") - {"IAC201"}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("no-internet-ruote", 'did you mean "no-internet-route"'),
        ("IAC2O1", "did you mean"),
        ("", "`iaclint rule` lists them"),
        ("*", "`iaclint rule` lists them"),
        ("IAC999", "no check is called"),
    ],
)
def test_a_selector_that_means_nothing_is_an_error(
    selector: str, hint: str, known: Registry
) -> None:
    """A misspelt `--ignore` must not pass silently."""
    with pytest.raises(UnknownCheck, match=hint):
        known.resolve(selector)


def test_a_directory_adds_checks(tmp_path: Path) -> None:
    """Base classes without an id are none."""
    found = load([directory(tmp_path, GOOD)], plugins=False)
    page = catalogue.page(found.find("acme-check"))
    assert (page.id, page.level, page.family) == ("ACME001", Level.WARNING, "Others")
    assert page.summary == "Something of ours is wrong."
    assert page.breaks == ('resource "a" "b" {\n}',)
    assert '```terraform\nresource "a" "b" {\n}\n```' in page.markdown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no check in the directory"),
        ("raise ValueError('x')", "cannot be loaded: ValueError: x"),
        ("def (", "cannot be loaded: SyntaxError"),
        (GOOD.replace("ACME001", "IAC201"), 'two checks have the id "IAC201"'),
        (GOOD.replace("acme-check", "no-internet-route"), "two checks have the name"),
        (GOOD.replace("ACME001", "acme1"), "`id` is 'acme1', which is not valid"),
        (GOOD.replace("acme-check", "Acme check"), "`name` is 'Acme check'"),
        (GOOD.replace("Level.WARNING", "'warning'"), "`level` is not a Level"),
    ],
)
def test_checks_that_cannot_be_used_are_refused(text: str, words: str, tmp_path: Path) -> None:
    """With the place and the reason, before anything is checked."""
    with pytest.raises(RegistryError) as caught:
        load([directory(tmp_path, text)], plugins=False)
    assert words in str(caught.value)


def test_installed_packages_add_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point group `iaclint.checks`, a module or a package."""
    package = tmp_path / "acme_pack"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "inner.py").write_text(GOOD, "utf-8")
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[iaclint.checks]\nacme = acme_pack\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    assert load().find("ACME001").name == "acme-check"
    for name in [name for name in sys.modules if name.startswith("acme_pack")]:
        del sys.modules[name]


def test_no_checks_at_all_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A linter that checks nothing must not look like one that found nothing."""
    monkeypatch.setattr(registry, "_checks_in", lambda _: iter(()))
    with pytest.raises(RegistryError, match="the installation is damaged"):
        load(plugins=False)


class Fenced(Check):
    """
    A page with a fence in its example.
    """

    id = "ACME002"
    name = "fenced"
    breaks = ("a: |\n  ```\n  x\n  ```",)
    quiet = ('{"Resources": {}}',)


def test_examples_keep_their_fences() -> None:
    """A longer fence around them; the language is recognised; real output stands below."""
    page = catalogue.page(Fenced(), lambda check, _: f"error[{check.id}]\n")
    assert "````yaml\na: |\n  ```\n  x\n  ```\n````" in page.markdown
    assert "```text\nerror[ACME002]\n```" in page.markdown
    assert '```json\n{"Resources": {}}\n```' in page.markdown
