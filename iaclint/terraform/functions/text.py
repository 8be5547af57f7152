"""Functions of texts: case, trimming, splitting, joining, replacing, substrings."""

from __future__ import annotations

import itertools
import re

from iaclint.terraform import number
from iaclint.terraform.cty import (
    BOOL,
    STRING,
    CtyValue,
    List,
    ListType,
    TerraformError,
    is_null,
    list_,
    prefix,
    string,
    unknown,
)
from iaclint.terraform.functions.core import (
    MAXIMUM_TEXT,
    ArgumentError,
    Family,
    whole_number,
)
from iaclint.terraform.functions.grapheme import graphemes
from iaclint.terraform.functions.regex import compile_pattern, replace_all
from iaclint.value import Ref, Unknown

TEXT = Family()

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def joined(pieces: list[str | Unknown]) -> CtyValue:
    """A text of pieces; unknown, with the known pieces kept, when some piece is."""
    waiting = next((piece for piece in pieces if isinstance(piece, Unknown)), None)
    if waiting is None:
        return string("".join(piece for piece in pieces if isinstance(piece, str)))
    parts: list[str | Unknown] = []
    for known, group in itertools.groupby(pieces, lambda piece: isinstance(piece, str)):
        if known:
            parts.append("".join(piece for piece in group if isinstance(piece, str)))
        else:
            parts.extend(group)
    return Unknown(waiting.reason, waiting.span, waiting.supply, parts=tuple(parts), type="string")


def _mapped(text: str, method: str) -> str:
    """Change each character on its own: no character becomes several."""
    changed = (getattr(char, method)() for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, changed, strict=True))


@TEXT.add("upper", "str:string*", returns="string")
def _upper(text: str) -> CtyValue:
    return string(_mapped(text, "upper"))


@TEXT.add("lower", "str:string*", returns="string")
def _lower(text: str) -> CtyValue:
    return string(_mapped(text, "lower"))


@TEXT.add("title", "str:string", returns="string")
def _title(text: str) -> CtyValue:
    previous = " "
    found = []
    for char in text:
        found.append(_mapped(char, "title") if _separates(previous) else char)
        previous = char
    return string("".join(found))


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return not (char.isalpha() or char.isdecimal()) and char in SPACE


@TEXT.add("chomp", "str:string", returns="string")
def _chomp(text: str) -> CtyValue:
    return text.rstrip("\r\n")


@TEXT.add("indent", "spaces:number", "str:string", returns="string")
def _indent(spaces: number.Number, text: str) -> CtyValue:
    width = whole_number(spaces, 0)
    if width < 0:
        raise TerraformError("the number of spaces must not be negative")
    if width * text.count("\n") > MAXIMUM_TEXT:
        raise TerraformError("the result would be too long")
    return text.replace("\n", "\n" + " " * width)


@TEXT.add("trim", "str:string", "cutset:string", returns="string")
def _trim(text: str, cutset: str) -> CtyValue:
    return text.strip(cutset) if cutset else text


@TEXT.add("trimprefix", "str:string", "prefix:string", returns="string")
def _trimprefix(text: str, start: str) -> CtyValue:
    return text.removeprefix(start)


@TEXT.add("trimsuffix", "str:string", "suffix:string", returns="string")
def _trimsuffix(text: str, end: str) -> CtyValue:
    return text.removesuffix(end)


@TEXT.add("trimspace", "str:string", returns="string")
def _trimspace(text: str) -> CtyValue:
    return text.strip(SPACE)


@TEXT.add("startswith", "str:string!", "prefix:string", returns="bool", whole=False)
def _startswith(text: CtyValue, start: str) -> CtyValue:
    if not isinstance(text, Unknown):
        return text.startswith(start)
    known = prefix(text)
    if known.startswith(start):
        return True
    if known and len(known) >= len(start):
        return False
    return unknown(text, BOOL)


@TEXT.add("endswith", "str:string", "suffix:string", returns="bool")
def _endswith(text: str, end: str) -> CtyValue:
    return text.endswith(end)


@TEXT.add("strcontains", "str:string", "substr:string", returns="bool")
def _strcontains(text: str, inner: str) -> CtyValue:
    return inner in text


@TEXT.add("strrev", "str:string*", returns="string")
def _strrev(text: str) -> CtyValue:
    return string("".join(reversed(graphemes(text))))


@TEXT.add("substr", "str:string*", "offset:number*", "length:number*", returns="string")
def _substr(text: str, offset: number.Number, length: number.Number) -> CtyValue:
    start = whole_number(offset, 1)
    count = whole_number(length, 2)
    if start >= 0 and count == 0:
        return ""
    clusters = graphemes(text)
    first = max(start + len(clusters), 0) if start < 0 else start
    # A length of zero behind a negative offset means all the rest, as Terraform has it.
    rest = clusters[first:]
    return string("".join(rest if count <= 0 else rest[:count]))


@TEXT.add("split", "separator:string", "str:string!", returns="list(string)")
def _split(separator: str, text: str | Unknown) -> CtyValue:
    if isinstance(text, Unknown):
        pieces = _pieces(separator, text)
        return unknown(text, ListType(STRING)) if pieces is None else list_(STRING, pieces)
    return list_(STRING, map(string, text.split(separator) if separator else list(text)))


_IDENTIFIER = re.compile(r"(^|[._])(id|ip|zone)$")
_OF_AWS = re.compile(r"(^|[./])aws_")
_BETWEEN = frozenset(",;|") | {" "}
"""What neither an id nor an address nor the name of a zone holds."""


def _is_identifier(ref: Ref) -> bool:
    return bool(_IDENTIFIER.search(ref.attribute) and _OF_AWS.search(ref.address))


def _pieces(separator: str, text: Unknown) -> list[CtyValue] | None:
    """What a text is split into of which only some parts are known; None if that is open."""
    found: list[list[str | Unknown]] = [[]]
    for part in text.parts or (text,):
        if isinstance(part, str):
            first, *more = part.split(separator) if separator else [part]
            found[-1] += [first] if first else []
            found += [[each] if each else [] for each in more]
        elif part.ref is not None and _is_identifier(part.ref):
            found[-1].append(part)
        else:
            return None
    if not separator or not set(separator) <= _BETWEEN:
        return None
    return [each[0] if len(each) == 1 else joined(each) for each in found]


@TEXT.add("join", "separator:string", "...lists:list(string)", returns="string", whole=False)
def _join(separator: str, *lists: List) -> CtyValue:
    if not lists:
        raise TerraformError("at least one list is required")
    pieces: list[str | Unknown] = []
    for place, values in enumerate(lists):
        for position, item in enumerate(values.items):
            if is_null(item):
                raise ArgumentError(
                    place + 1, f"element {position} is null; cannot concatenate null values"
                )
            if pieces:
                pieces.append(separator)
            pieces.append(item)
    return joined(pieces)


@TEXT.add("replace", "str:string", "substr:string", "replace:string", returns="string")
def _replace(text: str, old: str, new: str) -> CtyValue:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return string(replace_all(compile_pattern(old[1:-1]), text, new))
    if (text.count(old) + 1) * len(new) > MAXIMUM_TEXT:
        raise TerraformError("the result would be too long")
    return string(text.replace(old, new))
