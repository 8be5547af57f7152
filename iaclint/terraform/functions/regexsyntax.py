"""
Go's regular expressions (RE2) as a tree, and written for Python's `re`.

https://pkg.go.dev/regexp/syntax. What RE2 refuses (look-around, back-references, possessive
repetition) is refused here as well.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from iaclint.terraform.cty import TerraformError

MAXIMUM_REPEAT = 1000
MAXIMUM_DEPTH = 100


@dataclass(frozen=True, slots=True)
class One:
    """One character, as a Python pattern."""

    written: str


@dataclass(frozen=True, slots=True)
class Zero:
    """A condition that takes no character, as a Python pattern."""

    written: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `number` counts from 1, 0 captures nothing."""

    number: int
    body: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """`body` from `low` to `high` times; without limit when `high` is None."""

    body: Node
    low: int
    high: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of these that lets the rest match."""

    options: tuple[Node, ...]


Node: TypeAlias = One | Zero | Group | Repeat | Sequence | Choice

_QUANTIFIER = re.compile(r"[*+?]|\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_ESCAPES = {
    "d": "[0-9]", "D": "[^0-9]", "s": r"[\t\n\f\r ]", "S": r"[^\t\n\f\r ]",
    "w": "[0-9A-Za-z_]", "W": "[^0-9A-Za-z_]",
    "a": r"\x07", "f": r"\x0c", "t": r"\t", "n": r"\n", "r": r"\r", "v": r"\x0b",
}  # fmt: skip
_ASSERTIONS = {"A": r"\A", "z": r"\Z", "b": r"(?a:\b)", "B": r"(?a:\B)"}
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\x0b\x0c\r ", "upper": "A-Z",
    "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_SCRIPTS = {
    "Latin": "LATIN", "Greek": "GREEK", "Cyrillic": "CYRILLIC", "Han": "CJK UNIFIED",
    "Hiragana": "HIRAGANA", "Katakana": "KATAKANA", "Arabic": "ARABIC", "Hebrew": "HEBREW",
    "Hangul": "HANGUL", "Thai": "THAI", "Devanagari": "DEVANAGARI", "Armenian": "ARMENIAN",
}  # fmt: skip


@lru_cache(maxsize=64)
def _unicode_class(name: str) -> str:
    """The ranges, as they are written inside `[…]`, of a general category or script."""
    if name in _SCRIPTS:
        start = _SCRIPTS[name]
        codes = (c for c in range(0x2FFFF) if unicodedata.name(chr(c), "").startswith(start))
    elif name == "Any":
        return r"\x00-\U0010ffff"
    else:
        categories = {unicodedata.category(chr(c)) for c in range(0x3000)} | {"Cs", "Co", "Cn"}
        if not any(category.startswith(name) for category in categories):
            raise _invalid("invalid character class range", f"\\p{{{name}}}")
        codes = (
            c for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)).startswith(name)
        )
    return "".join(f"{_code(first)}-{_code(last)}" for first, last in _ranges(codes))


def _ranges(codes: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for code in codes:
        if code != last + 1:
            if last >= 0:
                yield first, last
            first = code
        last = code
    if last >= 0:
        yield first, last


def _code(code: int) -> str:
    return f"\\U{code:08x}"


def _invalid(what: str, where: str) -> TerraformError:
    return TerraformError(f"invalid regexp pattern: {what} in {where}")


class Reader:
    """One pass over a pattern; the flags in force are kept while groups open and close."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.names: list[str] = []

    def read(self) -> Node:
        """The tree of the whole pattern. Raises `TerraformError` for what Go refuses."""
        body = self._alternatives("", 0)
        if self.place < len(self.pattern):
            raise _invalid("unexpected )", self.pattern)
        return body

    def _alternatives(self, flags: str, depth: int) -> Node:
        if depth > MAXIMUM_DEPTH:
            raise _invalid("expression nests too deeply", self.pattern[:20])
        options: list[list[Node]] = [[]]
        while self.place < len(self.pattern) and self.pattern[self.place] != ")":
            if self.pattern[self.place] == "|":
                self.place += 1
                options.append([])
                continue
            atoms, flags = self._atoms(flags, depth)
            if atoms:
                *before, last = atoms
                options[-1] += [*before, self._repeated(last, "U" in flags)]
        found = tuple(Sequence(tuple(option)) for option in options)
        return found[0] if len(found) == 1 else Choice(found)

    def _quoted(self, flags: str) -> list[Node]:
        end = self.pattern.find(r"\E", self.place)
        text = self.pattern[self.place + 2 : end if end >= 0 else None]
        self.place = len(self.pattern) if end < 0 else end + 2
        return [One(self._literal(char, flags)) for char in text]

    def _literal(self, char: str, flags: str) -> str:
        written = re.escape(char)
        return f"(?i:{written})" if "i" in flags else written

    def _atoms(self, flags: str, depth: int) -> tuple[list[Node], str]:
        char = self.pattern[self.place]
        if char == "(":
            return self._group(flags, depth)
        if self.pattern.startswith(r"\Q", self.place):
            return self._quoted(flags), flags
        return [self._atom(char, flags)], flags

    def _atom(self, char: str, flags: str) -> Node:
        if char == "[":
            return One(self._class(flags))
        self.place += 1
        if char == ".":
            return One("(?s:.)" if "s" in flags else r"[^\n]")
        if char == "^":
            return Zero("(?m:^)" if "m" in flags else r"\A")
        if char == "$":
            return Zero(r"(?=\n|\Z)" if "m" in flags else r"\Z")
        if char in "*+?":
            raise _invalid("missing argument to repetition operator", char)
        if char == "\\":
            return self._escape(flags)
        return One(self._literal(char, flags))

    def _group(self, flags: str, depth: int) -> tuple[list[Node], str]:
        rest = self.pattern[self.place :]
        named = re.match(r"\(\?P?<([^>]*)>", rest)
        if named and not rest.startswith(("(?<=", "(?<!")):
            if not re.fullmatch(r"\w+", named[1], re.ASCII):
                raise _invalid("invalid named capture", named[0])
            return self._captured(len(named[0]), named[1], flags, depth)
        flagged = re.match(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])", rest)
        if flagged and (flagged[1] or flagged[2] or flagged[3] == ":"):
            inner = "".join(sorted((set(flags) | set(flagged[1])) - set(flagged[2] or "")))
            if flagged[3] == ")":
                self.place += len(flagged[0])
                return [], inner
            return [Group(0, self._closed(len(flagged[0]), inner, depth))], flags
        if rest.startswith("(?"):
            raise _invalid("invalid or unsupported Perl syntax", rest[:4])
        return self._captured(1, "", flags, depth)

    def _captured(self, skip: int, name: str, flags: str, depth: int) -> tuple[list[Node], str]:
        self.names.append(name)
        number = len(self.names)
        return [Group(number, self._closed(skip, flags, depth))], flags

    def _closed(self, skip: int, flags: str, depth: int) -> Node:
        self.place += skip
        body = self._alternatives(flags, depth + 1)
        if self.place >= len(self.pattern):
            raise _invalid("missing closing )", self.pattern)
        self.place += 1
        return body

    def _repeated(self, atom: Node, ungreedy: bool) -> Node:
        match = _QUANTIFIER.match(self.pattern, self.place)
        if match is None:
            return atom
        self._check_counts(match)
        self.place = match.end()
        lazy = self.pattern.startswith("?", self.place)
        self.place += lazy
        again = _QUANTIFIER.match(self.pattern, self.place)
        if again:
            raise _invalid("invalid nested repetition operator", match[0] + again[0])
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(match[0]) or (
            int(match[1]),
            (int(match[3]) if match[3] else None) if match[2] else int(match[1]),
        )
        return Repeat(atom, low, high, lazy != ungreedy)

    def _check_counts(self, match: re.Match[str]) -> None:
        if match[1] is None:
            return
        low, high = int(match[1]), int(match[3] or match[1])
        if max(low, high) > MAXIMUM_REPEAT or high < low:
            raise _invalid("invalid repeat count", match[0])

    def _escape(self, flags: str) -> Node:
        if self.place >= len(self.pattern):
            raise _invalid("trailing backslash at end of expression", "")
        char = self.pattern[self.place]
        if char in _ASSERTIONS:
            self.place += 1
            return Zero(_ASSERTIONS[char])
        if char in "pP":
            return One(f"[{self._property()}]" if char == "p" else f"[^{self._property()}]")
        if char in "dDsSwW":
            self.place += 1
            return One(_ESCAPES[char])
        return One(self._literal(self._escaped_char(), flags))

    def _property(self) -> str:
        """The ranges of `p{Name}`, `p{^Name}` or `pN`; whether `P` negates is the caller's."""
        match = re.compile(r"[pP](?:\{(\^?)(\w+)\}|(\w))").match(self.pattern, self.place)
        if match is None:
            raise _invalid("invalid character class range", self.pattern[self.place - 1 :])
        self.place = match.end()
        ranges = _unicode_class(match[2] or match[3])
        return _complement(ranges) if match[1] else ranges

    def _escaped_char(self) -> str:
        """The single character an escape stands for."""
        match = re.compile(
            r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\}|([1-7][0-7]{1,2}|0[0-7]{0,2})"
        ).match(self.pattern, self.place)
        if match is not None:
            self.place = match.end()
            code = int(match[1] or match[2] or match[3], 8 if match[3] else 16)
            if code > sys.maxunicode:
                raise _invalid("invalid escape sequence", f"\\{match[0]}")
            return chr(code)
        char = self.pattern[self.place : self.place + 1]
        self.place += 1
        if char in ("a", "f", "t", "n", "r", "v"):
            return {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}[char]
        if char.isascii() and char and not char.isalnum():
            return char
        raise _invalid("invalid escape sequence", f"\\{char}")

    def _class(self, flags: str) -> str:
        start = self.place
        self.place += 1
        negated = self.pattern.startswith("^", self.place)
        self.place += negated
        items: list[str] = []
        first = True
        while first or not self.pattern.startswith("]", self.place):
            if self.place >= len(self.pattern):
                raise _invalid("missing closing ]", self.pattern[start:])
            items.append(self._class_item())
            first = False
        self.place += 1
        written = f"[{'^' if negated else ''}{''.join(items)}]"
        return f"(?i:{written})" if "i" in flags else written

    def _class_item(self) -> str:
        posix = re.compile(r"\[:(\^?)(\w+):\]").match(self.pattern, self.place)
        if posix:
            if posix[2] not in _POSIX:
                raise _invalid("invalid character class range", posix[0])
            self.place = posix.end()
            ranges = _POSIX[posix[2]]
            return _complement(ranges) if posix[1] else ranges
        if self.pattern.startswith("\\", self.place):
            char = self.pattern[self.place + 1 : self.place + 2]
            if char and char in "dDsSwW":
                self.place += 2
                return _class_of(char)
            if char and char in "pP":
                self.place += 1
                ranges = self._property()
                return ranges if char == "p" else _complement(ranges)
        low = self._class_char()
        if self.pattern.startswith("-", self.place) and not self.pattern.startswith(
            "-]", self.place
        ):
            self.place += 1
            high = self._class_char()
            if high < low:
                raise _invalid("invalid character class range", f"{low}-{high}")
            return f"{_code(ord(low))}-{_code(ord(high))}"
        return _code(ord(low))

    def _class_char(self) -> str:
        if self.place >= len(self.pattern):
            raise _invalid("missing closing ]", self.pattern)
        char = self.pattern[self.place]
        self.place += 1
        return self._escaped_char() if char == "\\" else char


def _class_of(char: str) -> str:
    ranges = _ESCAPES[char.lower()][1:-1]
    return _complement(ranges) if char.isupper() else ranges


def _complement(ranges: str) -> str:
    """The characters that are not in the ranges, as ranges."""
    inside = re.compile(f"[{ranges}]")
    codes = (c for c in range(sys.maxunicode + 1) if not inside.match(chr(c)))
    return "".join(f"{_code(first)}-{_code(last)}" for first, last in _ranges(codes))


def written(node: Node) -> str:
    """The tree as a Python pattern."""
    match node:
        case One(written=text) | Zero(written=text):
            return text
        case Group(number=number, body=body):
            return f"({'' if number else '?:'}{written(body)})"
        case Sequence(items=items):
            return "".join(map(written, items))
        case Choice(options=options):
            return f"(?:{'|'.join(map(written, options))})"
        case Repeat(body=body, low=low, high=high, lazy=lazy):
            count = f"{{{low},{'' if high is None else high}}}"
            return f"(?:{written(body)}){count}{'?' if lazy else ''}"


def unbounded(node: Node) -> tuple[int, int]:
    """How many repetitions have no limit, and how deep such are nested."""
    match node:
        case Group(body=body):
            return unbounded(body)
        case Sequence(items=parts) | Choice(options=parts):
            found = [unbounded(part) for part in parts]
            return sum(one for one, _ in found), max((deep for _, deep in found), default=0)
        case Repeat(body=body, high=high):
            count, depth = unbounded(body)
            many = high is None or high > 10
            return count + many, depth + many
    return 0, 0
