"""
Names of properties, by the schemas of resource types that come with cfn-lint.

CloudFormation refuses a property that a type does not have (`Encountered unsupported property`).
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any

from iaclint.cloudformation.node import NOWHERE, Node, fields, items_of, place_of
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Unknown, Value

REGION = "us-east-1"
"""The one that has every type."""
ALIKE = 0.85
"""How much of a name must be right; others are taken to be newer than the schema."""

Schema = Mapping[str, Any]
NOTHING: Schema = MappingProxyType({})
NESTED = (MapValue, ListValue)


class _Type:
    """The schema of a resource type; what its parts have is worked out once for each."""

    def __init__(self, whole: Schema) -> None:
        self.whole = whole
        self._properties: dict[int, Mapping[str, Schema]] = {}
        self._items: dict[int, Schema] = {}

    def properties(self, part: Schema) -> Mapping[str, Schema]:
        """The properties of an object that has no others."""
        found = self._properties.get(id(part))
        if found is None:
            object_ = self._resolved(part)
            names = object_.get("properties")
            closed = object_.get("additionalProperties") is False
            found = names if closed and isinstance(names, Mapping) else NOTHING
            self._properties[id(part)] = found
        return found

    def items(self, part: Schema) -> Schema:
        """What the elements of a list are."""
        found = self._items.get(id(part))
        if found is None:
            inner = self._resolved(part).get("items")
            found = inner if isinstance(inner, Mapping) else NOTHING
            self._items[id(part)] = found
        return found

    def _resolved(self, part: Schema) -> Schema:
        steps = str(part.get("$ref", "")).removeprefix("#/").split("/")
        found: Any = self.whole if part.get("$ref") else part
        for step in steps if part.get("$ref") else ():
            found = found.get(step) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else NOTHING


def misspelt(kind: str, properties: Node) -> Iterator[tuple[Span, str]]:
    """Where a property stands that the type does not have, and what is meant."""
    type_ = _type(kind)
    yield from _misspelt(type_, type_.whole, properties)


def respelt(kind: str, properties: Mapping[str, Value]) -> Mapping[str, Value]:
    """The properties, of which those that are meant by misspelt ones are not known."""
    type_ = _type(kind)
    found = _respelt(type_, type_.whole, MapValue(properties, NOWHERE))
    return found.items if isinstance(found, MapValue) else properties


def _misspelt(type_: _Type, part: Schema, node: Node) -> Iterator[tuple[Span, str]]:
    known = type_.properties(part)
    given = fields(node)
    meant = _meant(known, given)
    for name, inner in given.items():
        if name in meant:
            yield place_of(node, name), f'"{name}" is not a property here, "{meant[name]}" is'
        elif name in known:
            yield from _misspelt(type_, known[name], inner)
    for item in items_of(node) or ():
        yield from _misspelt(type_, type_.items(part), item)


def _respelt(type_: _Type, part: Schema, value: Value) -> Value:
    """The value itself where nothing in it is misspelt."""
    if isinstance(value, ListValue):
        inner = type_.items(part)
        items = tuple(
            _respelt(type_, inner, item) if isinstance(item, NESTED) else item
            for item in value.items
        )
        same = all(one is other for one, other in zip(items, value.items, strict=True))
        return value if same else ListValue(items, value.span, value.more, value.origin)
    if not isinstance(value, MapValue):
        return value
    known = type_.properties(part)
    changed: dict[str, Value] = {}
    for name, item in value.items.items():
        if isinstance(item, NESTED):
            inside = _respelt(type_, known.get(name, NOTHING), item)
            if inside is not item:
                changed[name] = inside
    for name, instead in _meant(known, value.items).items():
        changed[instead] = Unknown(f'"{instead}" is misspelt as "{name}"', value.items[name].span)
    return MapValue({**value.items, **changed}, value.span, value.more) if changed else value


def _meant(known: Mapping[str, Schema], names: Mapping[str, object]) -> dict[str, str]:
    """The properties that names stand for which no property has."""
    found = {}
    for name in names if known and not names.keys() <= known.keys() else ():
        if name in known or name.startswith("Fn::"):
            continue
        near = get_close_matches(name, [each for each in known if each not in names], 1, ALIKE)
        if near:
            found[name] = near[0]
    return found


@cache
def _type(kind: str) -> _Type:
    """The schema of a type; an empty one for a type that is not known."""
    from cfnlint.schema import ResourceNotFoundError
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    try:
        found: Schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    except ResourceNotFoundError:
        return _Type(NOTHING)
    return _Type(found if isinstance(found, Mapping) else NOTHING)
