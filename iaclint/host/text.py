"""
User data as the instance gets it: decoded, with a mark where a piece is not known.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from iaclint.source import Span
from iaclint.value import Scalar, Unknown, Value

HOLE = "\ufffc"
"""Stands for a piece of the text that is not known."""

MAXIMUM = 200_000
"""Characters that are looked at; EC2 takes 16 KB."""

_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}\s*")
_TEMPLATE = re.compile(r"(?<!\$)\$\{[^}\n]*\}|(?<!%)%\{[^}\n]*\}")


@dataclass(frozen=True, slots=True)
class Document:
    """
    A text with its place. `first` is its first line within the value, counted from 0;
    `content_type` is that of a part of a multipart document; `encoded` says that it was base64.
    """

    text: str
    span: Span
    first: int = 0
    content_type: str = ""
    encoded: bool = False
    whole: int = 0
    """Lines of the value the text is a part of; 0 where that is the text itself."""

    @property
    def complete(self) -> bool:
        """Whether every piece is known."""
        return HOLE not in self.text

    def at(self, line: int) -> Span:
        """
        The place of a line of the text, counted from 0. The span of a heredoc or block scalar
        has one or two lines more than the text; of anything else only the whole is known.
        """
        lines = self.whole or self.text.rstrip("\n").count("\n") + 1
        extra = self.span.end_line - self.span.line + 1 - lines
        if lines > 1 and 0 <= extra <= 2:
            number = self.span.line + self.first + line + (1 if extra else 0)
            return Span(self.span.path, number)
        return self.span


def document(value: Value | None, templated: bool = False) -> Document | None:
    """
    The text of a value; None when nothing of it is known. `templated` says that `${…}` in it is
    filled in later (the `template` of a `template_file`).
    """
    match value:
        case Scalar(value=str() as plain, span=span, origin=origin):
            decoded = from_base64(plain)
            text = plain if decoded is None else decoded
            text = _TEMPLATE.sub(HOLE, text) if templated else text
            return Document(text[:MAXIMUM], origin or span, encoded=decoded is not None)
        case Unknown(parts=parts, span=span, type=kind) if parts and span is not None:
            text = "".join(part if isinstance(part, str) else HOLE for part in parts)
            return Document(text[:MAXIMUM], span, encoded=kind == "base64")
    return None


def from_base64(text: str) -> str | None:
    """The text that is encoded; None when it is no base64 of a text."""
    plain = text.strip()
    if len(plain) % 4 or not _BASE64.fullmatch(plain):
        compact = "".join(plain.split())
        if len(compact) % 4 or not _BASE64.fullmatch(compact):
            return None
        plain = compact
    try:
        return base64.b64decode(plain).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def is_base64(text: str) -> bool:
    """Whether a text is base64 of anything, compressed data too."""
    plain = "".join(text.split())
    if not plain or len(plain) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", plain):
        return False
    try:
        base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_BOUNDARY = re.compile(r"""boundary=["']?([^"'\s;]+)""", re.IGNORECASE)
_TYPE = re.compile(r"^content-type:\s*([\w/.+-]+)", re.IGNORECASE | re.MULTILINE)
_ENCODED = re.compile(r"^content-transfer-encoding:\s*base64", re.IGNORECASE | re.MULTILINE)


def is_multipart(text: str) -> bool:
    """Whether a text is a MIME multipart document."""
    head = text.lstrip()[:2000].lower()
    return head.startswith(("content-type: multipart", "mime-version:"))


def parts(whole: Document) -> Iterator[Document]:
    """The documents in a multipart document; any other document is its own only part."""
    boundary = _BOUNDARY.search(whole.text) if is_multipart(whole.text) else None
    if boundary is None:
        yield whole
        return
    lines = whole.text.split("\n")
    total = whole.text.rstrip("\n").count("\n") + 1
    marks = [n for n, line in enumerate(lines) if line.strip().startswith("--" + boundary.group(1))]
    for start, end in pairwise(marks):
        yield from _part(whole, lines, start + 1, end, total)


def _part(
    whole: Document, lines: list[str], start: int, end: int, total: int
) -> Iterator[Document]:
    body = next((n for n in range(start, end) if not lines[n].strip()), end)
    while body < end and not lines[body].strip():
        body += 1
    headers = "\n".join(line.strip() for line in lines[start:body])
    text = "\n".join(lines[body:end])
    if _ENCODED.search(headers):
        text = from_base64(text) or ""
    kind = _TYPE.search(headers)
    if text.strip():
        yield replace(
            whole,
            text=text,
            first=whole.first + body,
            content_type=kind.group(1).lower() if kind else "",
            whole=total,
        )
