"""
`regex`, `regexall` and the patterns of `replace`.

Patterns are written anew for Python's `re`, which finds the same matches. Those that could take
long there, because repetition is nested or plentiful, run in `regexrun` on longer texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
from iaclint.terraform.functions.regexrun import program
from iaclint.terraform.functions.regexsyntax import Reader, unbounded, written

REGEX = Family()

MAXIMUM_PATTERN = 10_000
SHORT = 16
"""On texts up to this length any pattern is run by `re`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match: start and end of all of it, then of each group, -1 for one that took no part."""

    text: str
    spans: tuple[int, ...]

    def group(self, number: int) -> str | None:
        """The text of a group, 0 for all."""
        start, end = self.spans[2 * number], self.spans[2 * number + 1]
        return None if start < 0 or end < 0 else self.text[start:end]


class Pattern:
    """A compiled pattern, with the name of each capture group (empty for one without)."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAXIMUM_PATTERN:
            raise TerraformError("invalid regexp pattern: expression is too long")
        reader = Reader(pattern)
        self.tree = reader.read()
        self.names = reader.names
        try:
            self.compiled = re.compile(written(self.tree))
        except (re.error, RecursionError, OverflowError) as error:
            raise TerraformError(f"invalid regexp pattern: {error}") from error
        count, depth = unbounded(self.tree)
        self.risky = depth > 1
        self._program = program(self.tree, len(self.names)) if depth > 1 or count > 2 else None

    def search(self, text: str, start: int) -> Found | None:
        """The leftmost match from a place on."""
        limit = SHORT if self.risky else 1000
        if self._program is not None and len(text) > limit:
            spans = self._program.search(text, start)
            return None if spans is None else Found(text, spans)
        match = self.compiled.search(text, start)
        if match is None:
            return None
        return Found(text, tuple(place for span in match.regs for place in span))

    def matches(self, text: str) -> Iterator[Found]:
        """All matches that do not overlap; an empty one never directly behind another."""
        position, previous = 0, -1
        while position <= len(text):
            found = self.search(text, position)
            if found is None:
                return
            start, end = found.spans[:2]
            accepted = end != position or start != previous
            position = position + 1 if end == position else end
            previous = end
            if accepted:
                yield found


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


def _result(pattern: Pattern, match: Found) -> CtyValue:
    if not pattern.names:
        return string(match.group(0) or "")
    taken = [match.group(number) for number in range(1, len(pattern.names) + 1)]
    groups = [Null(STRING) if group is None else string(group) for group in taken]
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
        pieces.append(text[position : match.spans[0]])
        pieces.append(_expanded(pattern, match, replacement))
        position = match.spans[1]
        length += len(pieces[-1])
        if length > MAXIMUM_TEXT:
            raise TerraformError("the result would be too long")
    return "".join([*pieces, text[position:]])


def _expanded(pattern: Pattern, match: Found, replacement: str) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdigit():
            return (match.group(int(name)) or "") if int(name) <= len(pattern.names) else ""
        places = [place for place, other in enumerate(pattern.names, 1) if other == name]
        taken = (match.group(place) for place in places)
        return next((text for text in taken if text is not None), "")

    return _REFERENCE.sub(group, replacement)
