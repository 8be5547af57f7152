"""
Lines of source with the place underlined, as they are shown under a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.finding import Label
from iaclint.report.plain import TAB, clean, one_line, source_line, width
from iaclint.report.style import Style
from iaclint.source import Sources, Span

LONGEST = 160
"""Source lines longer than this are cut around the place, also where nothing is wrapped."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One source line, ready to print, and where its underline starts and how long it is."""

    line: str
    start: int
    length: int


def excerpt(sources: Sources, span: Span, room: int, cut: str = "…") -> Excerpt | None:
    """The line of a span, cut to `room` columns; None when the file's text is not at hand."""
    lines = sources.lines(span.path)
    if span.path not in sources.texts or not 0 < span.line <= len(lines):
        return None
    text = lines[span.line - 1]
    ends_here = span.end_line == span.line
    last = min(span.end_column - 1 if ends_here else len(text.rstrip()), len(text))
    first = min(span.column - 1, len(text))
    shown = source_line(text)
    start = width(_shown(text[:first]))
    length = max(1, width(_shown(text[first:last])))
    return _fit(Excerpt(shown.rstrip(), start, length), room or LONGEST, cut)


def _shown(part: str) -> str:
    return clean(part.replace("\t", TAB))


def _fit(whole: Excerpt, room: int, cut: str) -> Excerpt:
    """The part of the line around the underlined place, with a mark where text is missing."""
    room = max(room, 30)
    if width(whole.line) <= room:
        return whole
    begin = max(0, whole.start - room // 3)
    if width(whole.line) - begin <= room:
        begin = width(whole.line) - room
    head = cut if begin else ""
    skipped, rest = split(whole.line, begin + width(head))
    taken, left = split(rest, room - width(head) - width(cut))
    start = whole.start - width(skipped) + width(head)
    length = max(1, min(whole.length, width(head + taken) - start))
    return Excerpt(head + taken + (cut if left else ""), start, length)


def split(text: str, columns: int) -> tuple[str, str]:
    """The text in two, the first part not wider than that many columns."""
    used = 0
    for index, character in enumerate(text):
        used += width(character)
        if used > columns:
            return text[:index], text[index:]
    return text, ""


def gutter(labels: tuple[Label, ...]) -> int:
    """The width of the line numbers of a finding."""
    return max(len(str(label.span.line)) for label in labels)


def primary(
    label: Label, sources: Sources, pad: int, style: Style, room: int, kind: str
) -> Iterator[str]:
    """`-->` the place, its line, and carets under it."""
    margin = " " * pad
    bar = style.paint("|", "gutter")
    yield f"{margin}{style.paint('-->', 'gutter')} {_place(label.span)}"
    found = excerpt(sources, label.span, _room(room, pad), style.cut)
    if found is not None:
        yield f"{margin} {bar}"
    yield from _body(found, label, pad, style, room, "^", kind)


def related(label: Label, sources: Sources, pad: int, style: Style, room: int) -> Iterator[str]:
    """`:::` another place, its line, and dashes under it."""
    yield f"{' ' * pad}{style.paint(':::', 'gutter')} {_place(label.span)}"
    found = excerpt(sources, label.span, _room(room, pad), style.cut)
    yield from _body(found, label, pad, style, room, "-", "gutter")


def _body(
    found: Excerpt | None,
    label: Label,
    pad: int,
    style: Style,
    room: int,
    underline: str,
    kind: str,
) -> Iterator[str]:
    said = one_line(label.text)
    margin, bar = " " * pad, style.paint("|", "gutter")
    if found is None:
        if said:
            yield f"{margin} = {said}"
        return
    number = style.paint(f"{label.span.line:>{pad}}", "gutter")
    yield f"{number} {bar} {found.line}".rstrip()
    marks = style.paint(underline * found.length, kind)
    before = " " * found.start
    if not said or not room or pad + 4 + found.start + found.length + width(said) <= room:
        yield f"{margin} {bar} {before}{marks} {style.paint(said, kind)}".rstrip()
        return
    yield f"{margin} {bar} {before}{marks}"
    before = before[: max(0, room - pad - 4 - width(said))]
    yield f"{margin} {bar} {before}{style.paint(said, kind)}"


def _room(room: int, pad: int) -> int:
    return room - pad - 3 if room else 0


def _place(span: Span) -> str:
    return clean(f"{span.path}:{span.line}:{span.column}")
