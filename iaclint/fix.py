"""
Applies the changes that findings propose: all of a fix or nothing of it, each file in one step.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from iaclint.finding import Edit, Finding
from iaclint.source import Sources

_BOM = b"\xef\xbb\xbf"


class FixError(Exception):
    """A file cannot be changed; the argument says which and why, in words for the user."""


@dataclass(frozen=True, slots=True)
class Patch:
    """
    The new texts of files by shown name, the findings whose fix is in them, and those whose fix
    was left out, with the reason.
    """

    texts: Mapping[str, str]
    applied: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()


def plan(findings: Iterable[Finding], sources: Sources, unsafe: bool = False) -> Patch:
    """
    The texts after all fixes that go together. A fix is taken whole or not at all: one that
    touches what an earlier one changes is refused, and a second run can apply it.
    """
    taken: dict[str, list[Edit]] = {}
    applied, refused = [], []
    for finding in findings:
        if finding.fix is None or not (finding.fix.safe or unsafe) or not finding.fix.edits:
            continue
        why = _objection(finding.fix.edits, taken, sources)
        if why:
            refused.append((finding, why))
            continue
        applied.append(finding)
        for edit in finding.fix.edits:
            edits = taken.setdefault(edit.span.path, [])
            if edit not in edits:
                edits.append(edit)
    texts = {path: edited(sources.texts[path], edits) for path, edits in sorted(taken.items())}
    return Patch(texts, tuple(applied), tuple(refused))


def _objection(edits: Sequence[Edit], taken: Mapping[str, list[Edit]], sources: Sources) -> str:
    """Why a fix cannot be taken; empty when it can."""
    for edit in edits:
        path = edit.span.path
        if path not in sources.texts:
            return f"{path} was not read"
        if ".terraform" in Path(path).parts:
            return f"{path} belongs to an installed module"
        if _offsets(edit, sources.texts[path]) is None:
            return f"{edit.span} is not a place in the file"
        others = [one for one in (*taken.get(path, ()), *edits) if one != edit]
        if any(_conflict(edit, other) for other in others if other.span.path == path):
            return "it changes the same place as another fix; run again to apply it"
    return ""


def _conflict(one: Edit, other: Edit) -> bool:
    """Whether two changes touch. Two insertions at one place do: their order would be chance."""
    a, b = _ends(one), _ends(other)
    if a[0] == a[1] or b[0] == b[1]:
        return a[0] <= b[1] and b[0] <= a[1] and not (a[1] == b[0] != b[1] or b[1] == a[0] != a[1])
    return a[0] < b[1] and b[0] < a[1]


def _ends(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made. They must not overlap."""
    placed = []
    for edit in edits:
        offsets = _offsets(edit, text)
        if offsets is not None:
            placed.append((*offsets, edit.text))
    for start, end, new in sorted(placed, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _offsets(edit: Edit, text: str) -> tuple[int, int] | None:
    lines = text.split("\n")
    ends: list[int] = []
    for line, column in _ends(edit):
        if line == len(lines) + 1 and column == 1 and ends:
            ends.append(len(text))
        elif not 1 <= line <= len(lines) or not 1 <= column <= len(lines[line - 1]) + 1:
            return None
        else:
            ends.append(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1)
    return (ends[0], ends[1]) if ends[0] <= ends[1] else None


def unified(patch: Patch, sources: Sources) -> str:
    """The patch as `git apply` and `patch -p1` take it."""
    return "".join(
        _one_diff(path, sources.texts[path], text)
        for path, text in patch.texts.items()
        if text != sources.texts[path]
    )


def _one_diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def write(patch: Patch, sources: Sources) -> tuple[Path, ...]:
    """
    Writes the new texts, each under a temporary name first; a file is replaced only after all were
    written. Mode, line ends and byte order mark stay. Raises `FixError`, before anything changed,
    when a file is not any more what was read or cannot be written.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for name, text in patch.texts.items():
            target = (sources.base / name).resolve()
            ready.append((_written(target, _encoded(target, sources.texts[name], text)), target))
        for temporary, target in ready:
            temporary.replace(target)
    except OSError as error:
        raise FixError(f"{error.filename}: {error.strerror}") from error
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
    return tuple(target for _, target in ready)


def _encoded(target: Path, before: str, after: str) -> bytes:
    raw = target.read_bytes()
    mark = _BOM if raw.startswith(_BOM) else b""
    body = raw.removeprefix(_BOM)
    if body.replace(b"\r\n", b"\n") != before.encode():
        raise FixError(f"{target} has changed since it was read; nothing was changed")
    windows = b"\r\n" in body
    if windows and body.count(b"\r\n") != body.count(b"\n"):
        raise FixError(f"{target} has line ends of two kinds; nothing was changed")
    return mark + (after.replace("\n", "\r\n") if windows else after).encode()


def _written(target: Path, content: bytes) -> Path:
    """A new file beside the target, with its mode."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o7777)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary
