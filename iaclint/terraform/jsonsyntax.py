"""
Terraform's JSON syntax: a JSON decoder that keeps positions, and the blocks that its objects mean.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from iaclint.terraform import syntax, tree
from iaclint.terraform.syntax import SyntaxProblem

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DEEPEST = 150

_LABELS: Mapping[str, int] = {
    "terraform": 0,
    "provider": 1,
    "variable": 1,
    "locals": 0,
    "output": 1,
    "module": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "moved": 0,
    "removed": 0,
    "import": 0,
    "check": 1,
}
_NESTED: Mapping[str, Mapping[str, int]] = {
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0},
    "resource": {"lifecycle": 0, "provisioner": 1, "connection": 0, "dynamic": 1},
    "data": {"lifecycle": 0, "dynamic": 1},
    "provisioner": {"connection": 0},
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "variable": {"validation": 0},
    "module": {},
}


class Text(NamedTuple):
    """A string; `raw` is what stands between the quotes."""

    start: int
    end: int
    value: str
    raw: str


class Member(NamedTuple):
    """A key of an object and its value."""

    key: Text
    value: Json


class Mapped(NamedTuple):
    """An object."""

    start: int
    end: int
    members: tuple[Member, ...]


class Listed(NamedTuple):
    """An array."""

    start: int
    end: int
    items: tuple[Json, ...]


Json: TypeAlias = Text | Mapped | Listed | tree.Literal | tree.Number


class _Decoder:
    def __init__(self, text: str, base: int) -> None:
        self.text, self.base, self.depth = text, base, 0

    def fail(self, place: int, message: str) -> SyntaxProblem:
        return SyntaxProblem(message, self.base + place)

    def skip(self, place: int) -> int:
        found = _SPACE.match(self.text, place)
        return found.end() if found else place

    def document(self) -> Json:
        value, place = self.value(self.skip(0))
        place = self.skip(place)
        if place != len(self.text):
            raise self.fail(place, "unexpected text after the end of the JSON document")
        return value

    def value(self, place: int) -> tuple[Json, int]:
        first = self.text[place : place + 1]
        if first == '"':
            return self.string(place)
        if first == "{":
            return self.nested(place, self.object)
        if first == "[":
            return self.nested(place, self.array)
        found = _NUMBER.match(self.text, place)
        if found:
            end = found.end()
            return tree.Number(self.base + place, self.base + end, found[0]), end
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, place):
                end = place + len(word)
                return tree.Literal(self.base + place, self.base + end, meaning), end
        raise self.fail(place, "a JSON value is expected here")

    def nested(self, place: int, read: object) -> tuple[Json, int]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fail(place, f"JSON is nested deeper than {_DEEPEST}")
        assert callable(read)
        result: tuple[Json, int] = read(place)
        self.depth -= 1
        return result

    def string(self, place: int) -> tuple[Text, int]:
        found = _STRING.match(self.text, place)
        if not found:
            raise self.fail(place, "this string does not end")
        raw = found[0]
        try:
            value = json.loads(raw) if "\\" in raw else raw[1:-1]
        except ValueError:
            raise self.fail(place, "this string has an invalid escape") from None
        end = found.end()
        return Text(self.base + place, self.base + end, value, raw[1:-1]), end

    def object(self, place: int) -> tuple[Json, int]:
        members: list[Member] = []
        at = self.skip(place + 1)
        if self.text[at : at + 1] == "}":
            return Mapped(self.base + place, self.base + at + 1, ()), at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.fail(at, "a property name in quotes is expected here")
            key, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.fail(at, "`:` is expected here")
            value, at = self.value(self.skip(at + 1))
            members.append(Member(key, value))
            at = self.skip(at)
            last = self.text[at : at + 1]
            if last == "}":
                return Mapped(self.base + place, self.base + at + 1, tuple(members)), at + 1
            if last != ",":
                raise self.fail(at, "`,` or `}` is expected here")
            at = self.skip(at + 1)

    def array(self, place: int) -> tuple[Json, int]:
        items: list[Json] = []
        at = self.skip(place + 1)
        if self.text[at : at + 1] == "]":
            return Listed(self.base + place, self.base + at + 1, ()), at + 1
        while True:
            value, at = self.value(at)
            items.append(value)
            at = self.skip(at)
            last = self.text[at : at + 1]
            if last == "]":
                return Listed(self.base + place, self.base + at + 1, tuple(items)), at + 1
            if last != ",":
                raise self.fail(at, "`,` or `]` is expected here")
            at = self.skip(at + 1)


def decode(text: str, base: int) -> Json:
    """A JSON document with positions. Raises `SyntaxProblem`."""
    return _Decoder(text, base).document()


def body(text: str, base: int) -> tree.Body:
    """A configuration file, or a variables file, in JSON. Raises `SyntaxProblem`."""
    attributes: list[tree.Attribute] = []
    blocks: list[tree.Block] = []
    document = decode(text, base)
    for whole in _objects(document):
        for member in whole.members:
            labels = _LABELS.get(member.key.value)
            if labels is None or not _is_block(member.value):
                if member.key.value != "//":
                    attributes.append(_attribute(member))
            else:
                kind = member.key.value
                blocks.extend(_blocks(kind, member.key, member.value, labels, (), kind))
    return tree.Body(base, base + len(text), tuple(attributes), tuple(blocks))


def variables(text: str, base: int) -> tree.Body:
    """A `.tfvars.json` file: attributes only. Raises `SyntaxProblem`."""
    document = decode(text, base)
    members = [member for whole in _objects(document) for member in whole.members]
    attributes = tuple(
        tree.Attribute(m.key.start, m.value.end, m.key.value, m.key.end, constant(m.value))
        for m in members
    )
    return tree.Body(base, base + len(text), attributes, ())


def _is_block(value: Json) -> bool:
    return isinstance(value, Mapped | Listed)


def _objects(value: Json) -> Iterator[Mapped]:
    if isinstance(value, Mapped):
        yield value
    elif isinstance(value, Listed):
        for item in value.items:
            yield from _objects(item)
    else:
        raise SyntaxProblem("a JSON object is expected here", value.start)


def _attribute(member: Member) -> tree.Attribute:
    key = member.key
    return tree.Attribute(key.start, member.value.end, key.value, key.end, _value(member.value))


def _blocks(
    kind: str, key: Text, value: Json, labels: int, found: tuple[str, ...], schema: str
) -> Iterator[tree.Block]:
    for whole in _objects(value):
        if labels:
            for member in whole.members:
                if member.key.value != "//":
                    deeper = (*found, member.key.value)
                    yield from _blocks(kind, member.key, member.value, labels - 1, deeper, schema)
            continue
        inner = _body(whole, schema)
        yield tree.Block(key.start, whole.end, kind, found, key.end, inner)


def _body(whole: Mapped, schema: str) -> tree.Body:
    attributes: list[tree.Attribute] = []
    blocks: list[tree.Block] = []
    nested = _NESTED.get(schema, {})
    for member in whole.members:
        name = member.key.value
        if name == "//":
            continue
        if name in nested and _is_block(member.value):
            blocks.extend(_blocks(name, member.key, member.value, nested[name], (), name))
        else:
            attributes.append(_attribute(member))
    return tree.Body(whole.start, whole.end, tuple(attributes), tuple(blocks))


def _value(value: Json) -> tree.Expression:
    match value:
        case Text():
            return _text(value)
        case Listed():
            return tree.Tuple(value.start, value.end, tuple(_value(item) for item in value.items))
        case Mapped():
            pairs = tuple((_text(m.key), _value(m.value)) for m in value.members)
            return tree.Object(value.start, value.end, pairs)
    if isinstance(value, tree.Number) and value.text.startswith("-"):
        number = tree.Number(value.start + 1, value.end, value.text[1:])
        return tree.Unary(value.start, value.end, "-", number)
    return value


def constant(value: Json) -> tree.Expression:
    """The value with its strings taken literally, as variables files have it."""
    match value:
        case Text():
            return tree.Literal(value.start, value.end, value.value)
        case Listed():
            return tree.Tuple(value.start, value.end, tuple(constant(i) for i in value.items))
        case Mapped():
            pairs = tuple(
                (tree.Literal(m.key.start, m.key.end, m.key.value), constant(m.value))
                for m in value.members
            )
            return tree.Object(value.start, value.end, pairs)
    return _value(value)


def _text(value: Text) -> tree.Expression:
    if "${" not in value.value and "%{" not in value.value:
        return tree.Literal(value.start, value.end, value.value)
    try:
        parsed = syntax.template(value.value, value.start + 1)
    except SyntaxProblem as error:
        raise SyntaxProblem(error.message, min(error.position, value.end - 1)) from None
    return parsed._replace(start=value.start, end=value.end)
