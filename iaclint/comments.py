"""
The comments of Terraform and YAML files, found without parsing them, so that a file with a syntax
error, or one whose parser drops comments, has them too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from iaclint.source import Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's text without its marks, and whether nothing but space stands before it."""

    text: str
    span: Span
    own_line: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """
    The comments of a file, and which lines belong together: `blocks` maps the first line of a
    block, list or mapping to its last.
    """

    comments: tuple[Comment, ...] = ()
    blocks: Mapping[int, int] = field(default_factory=dict)


def scan(path: str, text: str) -> Scan:
    """The comments of a file, by the kind its name says; none for formats that have none."""
    name = path.lower()
    lines = _Lines(path, text)
    if name.endswith((".tf.json", ".tofu.json")):
        return _json(lines)
    if name.endswith((".tf", ".tofu", ".tfvars", ".hcl")):
        return _hcl(lines)
    return Scan() if name.endswith(".json") else _yaml(lines)


class _Lines:
    """A text with the offsets of its lines, to make places of offsets."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.count = len(self.starts)

    def index(self, offset: int) -> int:
        """The index, from 0, of the line that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def end(self, index: int) -> int:
        """The offset of a line's end."""
        return self.starts[index + 1] - 1 if index + 1 < self.count else len(self.text)

    def line(self, index: int) -> str:
        """A line by its index."""
        return self.text[self.starts[index] : self.end(index)]

    def comment(self, start: int, end: int, content: str) -> Comment:
        """The comment between two offsets."""
        first, last = self.index(start), self.index(max(start, end - 1))
        own = not self.text[self.starts[first] : start].strip()
        end_column = end - self.starts[last] + 1
        span = Span(self.path, first + 1, start - self.starts[first] + 1, last + 1, end_column)
        return Comment(content.strip(), span, own)


# One alternative per thing that may start at a position; what is between them is skipped.
_HCL_TOKEN = re.compile(
    r"""
      (?P<line> (?:\#|//) [^\n]* )
    | (?P<block> /\* .*? (?:\*/|\Z) )
    | (?P<heredoc> <<-? [ \t]* (?P<mark>[^\W\d][\w-]*) [^\S\n]* \n )
    | (?P<open> [\{\[\(] )
    | (?P<close> [\}\]\)] )
    | (?P<quote> " )
    """,
    re.VERBOSE | re.DOTALL,
)
_HCL_STRING = re.compile(r'\\. | \$\$\{ | %%\{ | (?P<template>[$%]\{) | (?P<end>"|\n)', re.X | re.S)
_IN_STRING = -1


def _hcl(lines: _Lines) -> Scan:
    """Comments of native syntax: not in strings or heredocs, but within their `${ }`."""
    text, found = lines.text, []
    blocks: dict[int, int] = {}
    open_at: list[int] = []
    position = 0
    while (token := _HCL_TOKEN.search(text, position)) is not None:
        position = token.end()
        match token.lastgroup:
            case "line":
                found.append(lines.comment(token.start(), position, token[0].lstrip("#/")))
            case "block":
                inner = token[0][2:].removesuffix("*/").strip("* \t\n")
                found.append(lines.comment(token.start(), position, inner))
            case "heredoc":
                position = _after_heredoc(text, position, token["mark"])
            case "open":
                open_at.append(lines.index(token.start()))
            case "quote":
                position = _string(text, position, open_at)
            case _ if open_at:
                first = open_at.pop()
                if first == _IN_STRING:
                    position = _string(text, position, open_at)
                else:
                    blocks[first + 1] = lines.index(token.start()) + 1
    return Scan(tuple(found), blocks)


def _string(text: str, position: int, open_at: list[int]) -> int:
    """Where the string, or the template in it, that goes on at the position leads."""
    while (found := _HCL_STRING.search(text, position)) is not None:
        position = found.end()
        if found["template"]:
            open_at.append(_IN_STRING)
            return position
        if found["end"]:
            return position
    return len(text)


def _after_heredoc(text: str, position: int, mark: str) -> int:
    end = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*$", re.MULTILINE).search(text, position)
    return end.end() if end else len(text)


def _json(lines: _Lines) -> Scan:
    """
    Terraform's JSON has comments as a property called `//`; it speaks for the object it is in.
    https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties
    """
    inner = _hcl(lines).blocks
    found, blocks = [], {}
    for match in re.finditer(r'"//"\s*:\s*"((?:[^"\\\n]|\\.)*)"', lines.text):
        comment = lines.comment(match.start(), match.end(), match[1])
        number = comment.span.line
        around = [(first, last) for first, last in inner.items() if first <= number <= last]
        first, last = max(around, default=(number, number))
        found.append(replace(comment, span=replace(comment.span, line=first), own_line=False))
        blocks[first] = last
    return Scan(tuple(found), blocks)


_YAML_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_YAML_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*\'""", re.DOTALL)
_YAML_BLOCK = re.compile(r"(?:^|[\s:\-?])(?:!\S{0,80}\s+|&\S{1,80}\s+){0,2}[|>][-+0-9]{0,2}$")
_YAML_START = re.compile(
    r"""(?:^|[\[{,]|(?<=[:\-?])\s)\s*(?:![^\s"']{0,80}\s+|&\S{1,80}\s+){0,2}(["'])""",
    re.MULTILINE,
)


def _yaml(lines: _Lines) -> Scan:
    """Comments of YAML: not in quoted texts and not in block scalars."""
    found = []
    index, position = 0, 0
    while index < lines.count:
        begin, end = max(position, lines.starts[index]), lines.end(index)
        mark, position = _yaml_line(lines.text, begin, end)
        if mark is not None:
            found.append(lines.comment(mark, end, lines.text[mark + 1 : end]))
        if position > end:
            index = lines.index(position)
            continue
        code = lines.text[begin : end if mark is None else mark].rstrip()
        index = _after_scalar(lines, index) if _YAML_BLOCK.search(code) else index + 1
    return Scan(tuple(found), _yaml_blocks(lines))


def _yaml_line(text: str, begin: int, end: int) -> tuple[int | None, int]:
    """Where a comment starts in the line, if one does, and where the text after it goes on."""
    position = begin
    while position < end:
        quote = _YAML_START.search(text, position, end)
        comment = _YAML_COMMENT.search(text, position, quote.start(1) if quote else end)
        if quote is None or comment:
            return (comment.start() if comment else None), end
        closed = _YAML_QUOTED.match(text, quote.start(1))
        if closed is None:
            return None, end
        position = closed.end()
    return None, max(position, end)


def _after_scalar(lines: _Lines, header: int) -> int:
    """The index of the line after the block scalar that a header line opens."""
    indent = _indent(lines.line(header))
    index = header + 1
    while index < lines.count:
        line = lines.line(index)
        if line.strip() and _indent(line) <= indent:
            break
        index += 1
    return index


def _yaml_blocks(lines: _Lines) -> dict[int, int]:
    """Each line with the lines that are indented under it; a list may stand right below its key."""
    blocks: dict[int, int] = {}
    above: list[tuple[int, int]] = []
    last = 0
    for index in range(lines.count):
        line = lines.line(index)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = 2 * _indent(line) + line.lstrip().startswith("- ")
        while above and above[-1][0] >= indent:
            blocks[above.pop()[1] + 1] = last + 1
        above.append((indent, index))
        last = index
    blocks.update({index + 1: last + 1 for _, index in above})
    return blocks


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
