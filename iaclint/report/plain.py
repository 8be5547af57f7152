"""
Text that is safe to show: control characters made visible, widths counted, places made relative.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from iaclint.source import Sources, Span

# C0 and C1 controls, and the characters that reorder or break lines in a terminal or a browser.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SECRET = re.compile(
    r"""(?ix) \b [\w-]* (?: password | passwd | secret | token | private_key ) \w* ["']?
        \s* [=:] \s*
        (?P<value> "(?: [^"\\$] | \\. | \$(?!\{) )+" | '[^']+' )"""
)
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*|^\s*[A-Za-z0-9+/=]{60,76}$")
_PAINT = re.compile("\x1b\\[[0-9;]*m")
TAB = "    "


def clean(text: str) -> str:
    """The text with every control character shown as an escape, so that it cannot act."""
    return _HOSTILE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    """The text cleaned and on one line: line ends and tabs become spaces."""
    return clean(re.sub(r"[\s\n]*\n[\s\n]*|\t", " ", text).strip())


def source_line(text: str) -> str:
    """A line of a source file as it may be shown: no tabs, no controls, no secrets."""
    return clean(hide_secrets(text).replace("\t", TAB))


def hide_secrets(text: str) -> str:
    """The line with literal passwords and key material replaced by as many asterisks."""
    hidden = _SECRET.sub(_stars, text)
    return _KEY.sub(lambda match: "*" * len(match[0]), hidden)


def _stars(match: re.Match[str]) -> str:
    value = match["value"]
    return match[0][: -len(value)] + value[0] + "*" * (len(value) - 2) + value[-1]


def width(text: str) -> int:
    """The columns a text takes on a terminal: two for wide characters, none for combining ones."""
    text = _PAINT.sub("", text)
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(pieces: list[str], room: int, joint: str = " ") -> Iterator[str]:
    """Pieces joined into lines of at most `room` columns; 0 means one line, however long."""
    line = ""
    for piece in pieces:
        candidate = f"{line}{joint}{piece}" if line else piece
        if line and room and width(candidate) > room:
            yield line + joint.rstrip() if joint.strip() else line
            candidate = piece
        line = candidate
    if line:
        yield line


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def repository_path(path: str, sources: Sources, top: Path | None) -> str | None:
    """A path relative to the root of the repository, with `/`; None if it is not inside."""
    try:
        absolute = (sources.base / path).resolve()
        return absolute.relative_to((top or sources.base).resolve()).as_posix()
    except ValueError:
        return None


def one_line_span(span: Span, sources: Sources) -> Span:
    """
    The first line of a span. GitHub shows an alert on a pull request only where all lines of the
    alert were changed, so a region never covers more than the line that matters.
    """
    lines = sources.lines(span.path)
    length = len(lines[span.line - 1]) if span.line <= len(lines) else 0
    end = span.end_column if span.end_line == span.line else length + 1
    return Span(span.path, span.line, span.column, span.line, max(end, span.column + 1))
