"""
Regular expressions: Go's syntax (RE2) translated to Python's, so that the same texts match.

https://pkg.go.dev/regexp/syntax has the syntax. Matching is leftmost-first in both, so only what
is written differently has to change; what RE2 refuses (look-around, back-references, possessive
repetition) is refused here as well.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from iaclint.terraform.cty import (
    STRING,
    CtyValue,
    List,
    Null,
    ObjectType,
    TerraformError,
    TupleType,
    Type,
    list_,
    object_,
    string,
    tuple_,
)
from iaclint.terraform.functions.core import MAXIMUM_TEXT, Family

REGEX = Family()

MAXIMUM_PATTERN = 10_000
MAXIMUM_REPEAT = 1000
RISKY_LENGTH = 256
"""Nested repetition is only tried on texts up to this length: it may take exponential time."""

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


class _Translator:
    """One pass over the pattern; the flags in force are kept while groups open and close."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.names: list[str] = []
        self.risky = False

    def translate(self) -> str:
        body, _ = self._alternatives("", depth=0)
        if self.place < len(self.pattern):
            raise _invalid("unexpected )", self.pattern)
        return body

    def _alternatives(self, flags: str, depth: int) -> tuple[str, bool]:
        if depth > 100:
            raise _invalid("expression nests too deeply", self.pattern[:20])
        found: list[str] = []
        repeats = False
        while self.place < len(self.pattern) and self.pattern[self.place] != ")":
            if self.pattern[self.place] == "|":
                self.place += 1
                found.append("|")
                continue
            if self.pattern.startswith(r"\Q", self.place):
                found.append(self._quoted(flags))
                quantifier, unbounded = self._quantifier("U" in flags)
                repeats = repeats or unbounded
                found.append(quantifier)
                continue
            atom, flags, inner = self._atom(flags, depth)
            if atom is None:
                continue
            quantifier, unbounded = self._quantifier("U" in flags)
            self.risky = self.risky or (inner and unbounded)
            repeats = repeats or inner or unbounded
            found.append(f"(?:{atom}){quantifier}" if quantifier else atom)
        return "".join(found), repeats

    def _quoted(self, flags: str) -> str:
        end = self.pattern.find(r"\E", self.place)
        text = self.pattern[self.place + 2 : end if end >= 0 else None]
        self.place = len(self.pattern) if end < 0 else end + 2
        return "".join(f"(?:{self._literal(char, flags)})" for char in text)

    def _literal(self, char: str, flags: str) -> str:
        written = re.escape(char)
        return f"(?i:{written})" if "i" in flags else written

    def _atom(self, flags: str, depth: int) -> tuple[str | None, str, bool]:
        char = self.pattern[self.place]
        if char == "(":
            return self._group(flags, depth)
        self.place += 1
        if char == "[":
            self.place -= 1
            return self._class(flags), flags, False
        if char == ".":
            return ("(?s:.)" if "s" in flags else r"[^\n]"), flags, False
        if char == "^":
            return ("(?m:^)" if "m" in flags else r"\A"), flags, False
        if char == "$":
            return (r"(?=\n|\Z)" if "m" in flags else r"\Z"), flags, False
        if char in "*+?":
            raise _invalid("missing argument to repetition operator", char)
        if char == "\\":
            return self._escape(flags), flags, False
        return self._literal(char, flags), flags, False

    def _group(self, flags: str, depth: int) -> tuple[str | None, str, bool]:
        rest = self.pattern[self.place :]
        named = re.match(r"\(\?P?<([^>]*)>", rest)
        if named and not rest.startswith(("(?<=", "(?<!")):
            if not re.fullmatch(r"\w+", named[1], re.ASCII):
                raise _invalid("invalid named capture", named[0])
            self.names.append(named[1])
            return self._closed(len(named[0]), "(", flags, flags, depth)
        flagged = re.match(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])", rest)
        if flagged and (flagged[1] or flagged[2] or flagged[3] == ":"):
            inner = "".join(sorted((set(flags) | set(flagged[1])) - set(flagged[2] or "")))
            if flagged[3] == ")":
                self.place += len(flagged[0])
                return None, inner, False
            return self._closed(len(flagged[0]), "(?:", inner, flags, depth)
        if rest.startswith("(?"):
            raise _invalid("invalid or unsupported Perl syntax", rest[:4])
        self.names.append("")
        return self._closed(1, "(", flags, flags, depth)

    def _closed(
        self, skip: int, opening: str, inner: str, outer: str, depth: int
    ) -> tuple[str, str, bool]:
        self.place += skip
        body, repeats = self._alternatives(inner, depth + 1)
        if self.place >= len(self.pattern):
            raise _invalid("missing closing )", self.pattern)
        self.place += 1
        return f"{opening}{body})", outer, repeats

    def _quantifier(self, ungreedy: bool) -> tuple[str, bool]:
        match = re.compile(r"[*+?]|\{(\d+)(?:(,)(\d*))?\}").match(self.pattern, self.place)
        if match is None:
            return "", False
        self._check_counts(match)
        self.place = match.end()
        lazy = self.pattern.startswith("?", self.place)
        self.place += lazy
        again = re.compile(r"[*+?]|\{\d+(,\d*)?\}").match(self.pattern, self.place)
        if again:
            raise _invalid("invalid nested repetition operator", match[0] + again[0])
        unbounded = match[0] in ("*", "+") or bool(match[2] and not match[3])
        return match[0] + ("?" if lazy != ungreedy else ""), unbounded

    def _check_counts(self, match: re.Match[str]) -> None:
        if match[1] is None:
            return
        low, high = int(match[1]), int(match[3] or match[1])
        if max(low, high) > MAXIMUM_REPEAT or high < low:
            raise _invalid("invalid repeat count", match[0])

    def _escape(self, flags: str) -> str:
        if self.place >= len(self.pattern):
            raise _invalid("trailing backslash at end of expression", "")
        char = self.pattern[self.place]
        if char in _ASSERTIONS:
            self.place += 1
            return _ASSERTIONS[char]
        if char in "pP":
            return f"[{self._property()}]" if char == "p" else f"[^{self._property()}]"
        if char in "dDsSwW":
            self.place += 1
            return _ESCAPES[char]
        return self._literal(self._escaped_char(), flags)

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


class Pattern:
    """A compiled pattern, with the name of each capture group (empty for one without)."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAXIMUM_PATTERN:
            raise TerraformError("invalid regexp pattern: expression is too long")
        translator = _Translator(pattern)
        translated = translator.translate()
        try:
            self.compiled = re.compile(translated)
        except (re.error, RecursionError, OverflowError) as error:
            raise TerraformError(f"invalid regexp pattern: {error}") from error
        self.names = translator.names
        self.risky = translator.risky

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """All matches that do not overlap; an empty one never directly behind another."""
        if self.risky and len(text) > RISKY_LENGTH:
            raise TerraformError(
                "the pattern repeats a repetition, which is not tried on a text this long"
            )
        position, previous = 0, -1
        while position <= len(text):
            match = self.compiled.search(text, position)
            if match is None:
                return
            accepted = True
            if match.end() == position:
                accepted = match.start() != previous
                position += 1
            else:
                position = match.end()
            previous = match.end()
            if accepted:
                yield match


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern:
    """
    The pattern, ready to match.

    Raises `TerraformError` for one that Terraform refuses.
    """
    return Pattern(pattern)


def _type(pattern: Pattern) -> Type:
    named = [name for name in pattern.names if name]
    if named and len(named) < len(pattern.names):
        raise TerraformError(
            "invalid regexp pattern: cannot mix both named and unnamed capture groups"
        )
    if named:
        return ObjectType(tuple((name, STRING) for name in sorted(named)))
    return TupleType((STRING,) * len(pattern.names)) if pattern.names else STRING


def _result(pattern: Pattern, match: re.Match[str]) -> CtyValue:
    if not pattern.names:
        return string(match[0])
    groups = [Null(STRING) if group is None else string(group) for group in match.groups()]
    if pattern.names[0]:
        return object_(zip(pattern.names, groups, strict=True))
    return tuple_(groups)


@REGEX.add("regex", "pattern:string", "string:string")
def _regex(pattern: str, text: str) -> CtyValue:
    compiled = compile_pattern(pattern)
    _type(compiled)
    for match in compiled.matches(text):
        return _result(compiled, match)
    raise TerraformError("pattern did not match any part of the given string")


@REGEX.add("regexall", "pattern:string", "string:string", returns="list(any)")
def _regexall(pattern: str, text: str) -> List:
    compiled = compile_pattern(pattern)
    return list_(_type(compiled), [_result(compiled, match) for match in compiled.matches(text)])


_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)


def replace_all(pattern: Pattern, text: str, replacement: str) -> str:
    """The text with every match replaced; `$1`, `${name}` stand for groups, `$$` for `$`."""
    pieces: list[str] = []
    position = length = 0
    for match in pattern.matches(text):
        pieces.append(text[position : match.start()])
        pieces.append(_expanded(pattern, match, replacement))
        position = match.end()
        length += len(pieces[-1])
        if length > MAXIMUM_TEXT:
            raise TerraformError("the result would be too long")
    return "".join([*pieces, text[position:]])


def _expanded(pattern: Pattern, match: re.Match[str], replacement: str) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdigit():
            return (match[int(name)] or "") if int(name) <= len(pattern.names) else ""
        places = [place for place, other in enumerate(pattern.names, 1) if other == name]
        return next((match[place] for place in places if match[place] is not None), "")

    return _REFERENCE.sub(group, replacement)
