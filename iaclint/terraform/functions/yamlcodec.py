"""`yamlencode` and `yamldecode`: YAML as Terraform writes and reads it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from iaclint.terraform import number
from iaclint.terraform.cty import (
    STRING,
    CtyValue,
    Map,
    Object,
    TerraformError,
    first_unknown,
    is_mapping,
    is_null,
    is_sequence,
    object_,
    quoted,
    string,
    text,
    tuple_,
    unknown,
)
from iaclint.terraform.functions.core import Family

YAML = Family()

WIDTH = 80
INDENT = 2
MAXIMUM_NODES = 200_000
MAXIMUM_DEPTH = 200


@YAML.add("yamlencode", "value:any?!*", returns="string", whole=False)
def _yamlencode(value: CtyValue) -> CtyValue:
    waiting = first_unknown(value)
    if waiting is not None:
        return unknown(waiting, STRING)
    emitter = _Emitter()
    emitter.node(value, -1, mapping=False)
    written = "".join(emitter.pieces) + ("" if emitter.ended() else "\n")
    plain = not isinstance(value, str) and not is_mapping(value) and not is_sequence(value)
    return written + ("...\n" if plain else "")


class _Emitter:
    """Writes block style: texts in double quotes, or as a literal block when they have lines."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.column = 0

    def ended(self) -> bool:
        return bool(self.pieces) and self.pieces[-1].endswith("\n")

    def write(self, piece: str) -> None:
        self.pieces.append(piece)
        line = piece.rpartition("\n")
        self.column = len(line[2]) if line[1] else self.column + len(piece)

    def line(self, indent: int) -> None:
        """Begin a line, unless nothing but indentation has been written on the current one."""
        if self.pieces and not self.ended():
            self.write("\n")
        self.write(" " * max(indent, 0))

    def node(self, value: CtyValue, indent: int, *, mapping: bool) -> None:
        if is_null(value):
            self.scalar("null", indent)
        elif is_mapping(value):
            self.mapping(value, indent + INDENT if indent >= 0 else 0, inline=not mapping)
        elif is_sequence(value):
            inner = indent if mapping else (indent + INDENT if indent >= 0 else 0)
            self.sequence(value, inner, inline=not mapping)
        elif isinstance(value, str):
            self.text(value, indent + INDENT if indent >= 0 else INDENT)
        else:
            self.scalar(text(value), indent)

    def scalar(self, plain: str, _indent: int) -> None:
        self.write(self._space() + plain)

    def _space(self) -> str:
        return " " if self.pieces and self.pieces[-1][-1:] in (":", "-", "?") else ""

    def sequence(self, value: CtyValue, indent: int, *, inline: bool) -> None:
        if not value.items:
            self.write(self._space() + "[]")
            return
        for place, item in enumerate(value.items):
            if place or not (inline and self._space()):
                self.line(indent)
            else:
                self.write(" ")
            self.write("-")
            self.node(item, indent, mapping=False)

    def mapping(self, value: Object | Map, indent: int, *, inline: bool) -> None:
        if not value.items:
            self.write(self._space() + "{}")
            return
        for place, (key, item) in enumerate(value.items.items()):
            if place or not (inline and self._space()):
                self.line(indent)
            else:
                self.write(" ")
            if "\n" in key or len(key.encode()) > 128:
                self.write("?")
                self.text(key, indent + INDENT)
                self.line(indent)
            else:
                self.write(_double_quoted(key))
            self.write(":")
            self.node(item, indent, mapping=True)

    def text(self, value: str, indent: int) -> None:
        self.write(self._space())
        if "\n" in value and _block_allowed(value):
            self.write(_literal(value, indent))
        else:
            self.write(_double_quoted(value, self.column, indent))


def _block_allowed(value: str) -> bool:
    return not value.endswith(" ") and " \n" not in value and all(map(_printable, value))


def _printable(char: str) -> bool:
    code = ord(char)
    return (
        code == 0x0A
        or 0x20 <= code <= 0x7E
        or (0xA0 <= code <= 0xFFFD and not 0xD800 <= code <= 0xDFFF and code != 0xFEFF)
    )


def _literal(value: str, indent: int) -> str:
    hint = str(INDENT) if value[0] in " \n" else ""
    if not value.endswith("\n"):
        hint += "-"
    elif value == "\n" or value.endswith("\n\n"):
        hint += "+"
    lines = value.removesuffix("\n").split("\n")
    body = "\n".join(" " * indent + line if line else "" for line in lines)
    return f"|{hint}\n{body}" + ("\n" if value.endswith("\n") else "")


_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r",
    "\x1b": "e", '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def _double_quoted(value: str, column: int | None = None, indent: int = 0) -> str:
    """In double quotes; with a column, broken at spaces once the line is longer than 80."""
    pieces = ['"']
    width = (column or 0) + 1
    spaces = False
    for place, char in enumerate(value):
        if char == " ":
            inside = 0 < place < len(value) - 1
            if column is not None and not spaces and width > WIDTH and inside:
                follows = value[place + 1] == " "
                pieces.append("\n" + " " * indent + ("\\" if follows else ""))
                width = indent + follows
            else:
                pieces.append(" ")
                width += 1
            spaces = True
            continue
        written = _escaped(char)
        pieces.append(written)
        width += len(written)
        spaces = False
    return "".join([*pieces, '"'])


def _escaped(char: str) -> str:
    code = ord(char)
    if char in '"\\' or char in "\n\r\x85\u2028\u2029" or not _printable(char):
        if char in _ESCAPES:
            return "\\" + _ESCAPES[char]
        if code <= 0xFF:
            return f"\\x{code:02X}"
        return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
    return char


# --- reading -------------------------------------------------------------------------------------

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:([Tt])(\d\d?):(\d\d?):(\d\d?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)"
    r"| (\d\d?):(\d\d?):(\d\d?)(?:\.\d+)?)?",
    re.ASCII,
)
_CONSTANTS: dict[str, bool | None] = {
    word: value
    for value, words in (
        (True, "y Y yes Yes YES true True TRUE on On ON"),
        (False, "n N no No NO false False FALSE off Off OFF"),
        (None, "~ null Null NULL"),
    )
    for word in words.split()
} | {"": None}


@YAML.add("yamldecode", "src:string")
def _yamldecode(source: str) -> CtyValue:
    # Only a configuration that reads YAML pays for the import.
    import yaml

    try:
        return _Reader(yaml, source).document()
    except yaml.YAMLError as error:
        first = str(error).split("\n", 1)[0]
        raise TerraformError(f"invalid YAML: {first}") from error
    except RecursionError:
        raise TerraformError("the YAML text is nested too deeply") from None


class _Reader:
    """Builds values from parser events; an alias is the value of its anchor."""

    def __init__(self, yaml: Any, source: str) -> None:
        self.yaml = yaml
        self.events: Iterator[Any] = iter(yaml.parse(source, Loader=yaml.SafeLoader))
        self.anchors: dict[str, CtyValue] = {}
        self.sizes: dict[str, int] = {}
        self.nodes = 0

    def document(self) -> CtyValue:
        next(self.events)
        event = next(self.events)
        if isinstance(event, self.yaml.StreamEndEvent):
            raise TerraformError("on line 1, column 1: unexpected end of file")
        value = self.node(next(self.events), 0)
        next(self.events)
        if not isinstance(next(self.events), self.yaml.StreamEndEvent):
            raise TerraformError("unexpected extra content after value")
        return value

    def node(self, event: Any, depth: int) -> CtyValue:
        self.nodes += 1
        if self.nodes > MAXIMUM_NODES or depth > MAXIMUM_DEPTH:
            raise TerraformError("the YAML text is too large or nested too deeply")
        if isinstance(event, self.yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise TerraformError(f"reference to undefined anchor {quoted(event.anchor)}")
            self.nodes += self.sizes[event.anchor]
            return self.anchors[event.anchor]
        before = self.nodes
        if isinstance(event, self.yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, self.yaml.SequenceStartEvent):
            _check_tag(event, "seq")
            value = tuple_(self.children(self.yaml.SequenceEndEvent, depth))
        else:
            _check_tag(event, "map")
            value = self.mapping(depth)
        if event.anchor:
            self.anchors[event.anchor] = value
            self.sizes[event.anchor] = self.nodes - before + 1
        return value

    def children(self, end: Any, depth: int) -> Iterator[CtyValue]:
        while not isinstance(event := next(self.events), end):
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> CtyValue:
        items: dict[str, CtyValue] = {}
        while not isinstance(event := next(self.events), self.yaml.MappingEndEvent):
            if _is_merge(event):
                self.merge(items, depth)
                continue
            key = self.node(event, depth + 1)
            if not isinstance(key, str | int | bool) and not number_like(key):
                raise TerraformError("only strings, numbers and truth values can be mapping keys")
            items[text(key)] = self.node(next(self.events), depth + 1)
        return object_(items)

    def merge(self, items: dict[str, CtyValue], depth: int) -> None:
        value = self.node(next(self.events), depth + 1)
        sources = value.items if is_sequence(value) else (value,)
        for source in sources:
            if not is_mapping(source):
                raise TerraformError("a merge key needs a mapping")
            items.update(source.items)


def _is_merge(event: Any) -> bool:
    return getattr(event, "value", None) == "<<" and event.tag in (None, f"{_TAG}merge")


def number_like(value: CtyValue) -> bool:
    """Whether a key is a fraction, which has a text as other numbers do."""
    return hasattr(value, "denominator")


def _check_tag(event: Any, wanted: str) -> None:
    if event.tag not in (None, "!", f"{_TAG}{wanted}"):
        raise TerraformError(f"unsupported tag {quoted(event.tag)}")


def _scalar(event: Any) -> CtyValue:
    tag, source = event.tag, event.value
    if tag in (None, "!"):
        if event.style in ("'", '"', "|", ">"):
            return string(source)
        return _plain(source)
    name = tag.removeprefix(_TAG)
    if name == "str":
        return string(source)
    if name == "binary":
        return _binary(source)
    if name == "null":
        return None
    if name not in ("bool", "int", "float", "timestamp"):
        raise TerraformError(f"unsupported tag {quoted(tag)}")
    if event.style in ("'", '"'):
        return string(source)
    return _tagged(name, source)


def _tagged(name: str, source: str) -> CtyValue:
    value = _plain(source)
    fits = {
        "bool": isinstance(value, bool),
        "timestamp": bool(_DATE.fullmatch(source)),
    }.get(name, number_like(value) and not isinstance(value, bool))
    if not fits:
        raise TerraformError(f"cannot parse {quoted(source)} as {_TAG}{name}")
    return value


def _binary(source: str) -> str:
    try:
        base64.b64decode("".join(source.split()), validate=True)
    except (binascii.Error, ValueError):
        raise TerraformError(f"cannot parse {quoted(source)}: not valid base64") from None
    return source


def _plain(source: str) -> CtyValue:
    if source in _CONSTANTS:
        return _CONSTANTS[source]
    lowered = source.lower()
    if lowered in (".nan", ".inf", "+.inf", "-.inf") and source in (
        lowered, lowered.upper(), ".NaN", lowered.replace("inf", "Inf")
    ):  # fmt: skip
        raise TerraformError("numbers that are infinite or not a number are not supported")
    date = _DATE.fullmatch(source)
    if date:
        return _timestamp(source, date)
    if _INTEGER.fullmatch(source) or (_FLOAT.fullmatch(source) and source[:1] in "+-.0123456789"):
        return _number(source)
    return string(source)


def _number(source: str) -> CtyValue:
    for prefix, base in (("0x", 16), ("0o", 8)):
        if source.startswith(prefix):
            return number.count(int(source, base))
    return number.parse(source)


def _timestamp(source: str, date: re.Match[str]) -> CtyValue:
    month, day = int(date[2]), int(date[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return string(source)
    hour, minute, second = (
        (date[place] or date[place + 4] or "0" for place in (5, 6, 7))
        if (date[5] or date[9])
        else ("0", "0", "0")
    )
    zone = date[8] or "Z"
    return (
        f"{date[1]}-{month:02d}-{day:02d}T{int(hour):02d}:{int(minute):02d}:{int(second):02d}"
        f"{'Z' if zone == '+00:00' else zone}"
    )
