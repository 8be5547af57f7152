"""Fixes are applied whole or not at all, and leave everything else as it was."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from iaclint.finding import Edit, Finding, Fix, Label, Level
from iaclint.fix import FixError, edited, plan, unified, write
from iaclint.source import Sources, Span


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    """An edit of main.tf."""
    return Edit(Span("main.tf", line, column, end_line, end_column), text)


def finding(*edits: Edit, safe: bool = True, resource: str = "a") -> Finding:
    """A finding with a fix."""
    label = Label(Span("main.tf", 1))
    fix = Fix("repair", edits, safe)
    return Finding("IAC201", "x", Level.ERROR, "m", resource, label, fix=fix)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """A file that was read."""
    (tmp_path / "main.tf").write_bytes(b"one\ntwo\nthree\n")
    found = Sources(tmp_path)
    found.read(tmp_path / "main.tf")
    return found


INSERT = edit(2, 1, 2, 1, "new\n")
REPLACE = edit(2, 1, 2, 4, "TWO")
APPEND = edit(4, 1, 4, 1, "four\n")


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((INSERT,), "one\nnew\ntwo\nthree\n"),
        ((REPLACE,), "one\nTWO\nthree\n"),
        ((APPEND, REPLACE), "one\nTWO\nthree\nfour\n"),
        ((edit(1, 1, 2, 1, ""),), "two\nthree\n"),
        ((edit(1, 4, 3, 1, " "),), "one three\n"),
    ],
)
def test_edits_replace_what_is_between_their_ends(edits: tuple[Edit, ...], expected: str) -> None:
    """Insertions, replacements, deletions, over lines, at the end of the file."""
    assert edited("one\ntwo\nthree\n", edits) == expected


def test_safe_fixes_are_applied_and_unsafe_ones_only_when_asked_for(sources: Sources) -> None:
    """Who runs `--fix` must not open anything by it."""
    unsafe = finding(REPLACE, safe=False)
    assert plan([unsafe], sources).applied == ()
    assert plan([unsafe], sources, unsafe=True).texts["main.tf"] == "one\nTWO\nthree\n"


@pytest.mark.parametrize(
    "other",
    [
        edit(2, 1, 2, 4, "else"),
        edit(2, 2, 3, 1, ""),
        edit(1, 1, 4, 1, ""),
        edit(2, 2, 2, 2, "x"),
    ],
)
def test_a_fix_that_touches_another_is_refused_whole(other: Edit, sources: Sources) -> None:
    """The first stays, and no part of the second is applied."""
    patch = plan([finding(REPLACE), finding(APPEND, other, resource="b")], sources)
    assert patch.texts["main.tf"] == "one\nTWO\nthree\n"
    assert [why for _, why in patch.refused] == [
        "it changes the same place as another fix; run again to apply it"
    ]


def test_two_different_insertions_at_one_place_are_a_conflict(sources: Sources) -> None:
    """Their order would be chance; the same one twice is one."""
    other = replace(INSERT, text="other\n")
    assert len(plan([finding(INSERT), finding(other, resource="b")], sources).refused) == 1
    same = plan([finding(INSERT), finding(INSERT, resource="b")], sources)
    assert same.texts["main.tf"] == "one\nnew\ntwo\nthree\n" and len(same.applied) == 2


def test_neighbours_are_no_conflict(sources: Sources) -> None:
    """An insertion before a replacement's start, and two lines next to each other."""
    pair = [finding(edit(1, 1, 1, 4, "ONE")), finding(REPLACE, resource="b")]
    assert plan(pair, sources).texts["main.tf"] == "ONE\nTWO\nthree\n"


@pytest.mark.parametrize(
    ("path", "line"), [("gone.tf", 1), (".terraform/modules/x/main.tf", 1), ("main.tf", 99)]
)
def test_places_that_cannot_be_changed_are_refused(path: str, line: int, sources: Sources) -> None:
    """Files that were not read, installed modules, lines that are not there."""
    sources.texts[".terraform/modules/x/main.tf"] = "a\n"
    patch = plan([finding(Edit(Span(path, line, 1, line, 1), "x"))], sources)
    assert not patch.texts and len(patch.refused) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\r\ntwo\r\n", b"one\r\nTWO\r\n"),
        (b"\xef\xbb\xbfone\ntwo\n", b"\xef\xbb\xbfone\nTWO\n"),
        (b"one\ntwo", b"one\nTWO"),
        ("ö\ntwo\n".encode(), "ö\nTWO\n".encode()),
    ],
)
def test_line_ends_and_marks_stay(before: bytes, after: bytes, tmp_path: Path) -> None:
    """Only what the fix changes is changed."""
    path = tmp_path / "main.tf"
    path.write_bytes(before)
    path.chmod(0o640)
    found = Sources(tmp_path)
    found.read(path)
    assert write(plan([finding(REPLACE)], found), found) == (path.resolve(),)
    assert path.read_bytes() == after
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["main.tf"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points to is changed."""
    (tmp_path / "real.tf").write_text("one\ntwo\n", "utf-8")
    (tmp_path / "main.tf").symlink_to("real.tf")
    found = Sources(tmp_path)
    found.read(tmp_path / "main.tf")
    write(plan([finding(REPLACE)], found), found)
    assert (tmp_path / "main.tf").is_symlink()
    assert (tmp_path / "real.tf").read_text("utf-8") == "one\nTWO\n"


@pytest.mark.parametrize("content", [b"changed\n", b"one\r\ntwo\nthree\n"])
def test_a_file_that_is_not_what_was_read_is_left_alone(
    content: bytes, sources: Sources, tmp_path: Path
) -> None:
    """Changed since, or with line ends of two kinds; then no other file changes either."""
    (tmp_path / "a.tf").write_text("two\n", "utf-8")
    sources.read(tmp_path / "a.tf")
    both = finding(Edit(Span("a.tf", 1, 1, 1, 4), "TWO"), REPLACE)
    patch = plan([both], sources)
    (tmp_path / "main.tf").write_bytes(content)
    with pytest.raises(FixError):
        write(patch, sources)
    assert (tmp_path / "a.tf").read_text("utf-8") == "two\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tf", "main.tf"]


@pytest.mark.parametrize("text", ["one\ntwo\nthree\n", "one\ntwo"])
def test_the_patch_is_one_that_git_applies(text: str, tmp_path: Path) -> None:
    """Applied, it gives the same as `--fix`."""
    path = tmp_path / "main.tf"
    path.write_text(text, "utf-8")
    found = Sources(tmp_path)
    found.read(path)
    patch = plan([finding(REPLACE, edit(1, 1, 1, 1, "zero\n"))], found)
    command = ["git", "apply", "-"]
    subprocess.run(command, input=unified(patch, found).encode(), cwd=tmp_path, check=True)
    assert path.read_text("utf-8") == patch.texts["main.tf"]
