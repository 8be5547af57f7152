"""
Names of properties, by the schemas of resource types that come with cfn-lint.

CloudFormation refuses a property that a type does not have (`Encountered unsupported property`).
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from iaclint.cloudformation.node import NOWHERE, Node, fields, items_of, place_of
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Unknown, Value

REGION = "us-east-1"
"""The one that has every type."""
ALIKE = 0.85
"""How much of a name must be right; others are taken to be newer than the schema."""

Schema = Mapping[str, Any]


def misspelt(kind: str, properties: Node) -> Iterator[tuple[Span, str]]:
    """Where a property stands that the type does not have, and what is meant."""
    yield from _misspelt(_schema(kind), _schema(kind), properties)


def respelt(kind: str, properties: Mapping[str, Value]) -> Mapping[str, Value]:
    """The properties, of which those that are meant by misspelt ones are not known."""
    whole = _schema(kind)
    found = _respelt(whole, whole, MapValue(properties, NOWHERE))
    return found.items if isinstance(found, MapValue) else properties


def _misspelt(whole: Schema, part: Schema, node: Node) -> Iterator[tuple[Span, str]]:
    known = _properties(whole, part)
    meant = _meant(known, fields(node))
    for name, inner in fields(node).items():
        if name in meant:
            yield place_of(node, name), f'"{name}" is not a property here, "{meant[name]}" is'
        elif name in known:
            yield from _misspelt(whole, known[name], inner)
    for item in items_of(node) or ():
        yield from _misspelt(whole, _items(whole, part), item)


def _respelt(whole: Schema, part: Schema, value: Value) -> Value:
    if isinstance(value, ListValue):
        inner = _items(whole, part)
        items = tuple(_respelt(whole, inner, item) for item in value.items)
        return ListValue(items, value.span, value.more, value.origin)
    if not isinstance(value, MapValue):
        return value
    known = _properties(whole, part)
    entries = {
        name: _respelt(whole, known.get(name, {}), item) for name, item in value.items.items()
    }
    for name, instead in _meant(known, value.items).items():
        entries[instead] = Unknown(f'"{instead}" is misspelt as "{name}"', value.items[name].span)
    return MapValue(entries, value.span, value.more)


def _meant(known: Mapping[str, Schema], names: Mapping[str, object]) -> dict[str, str]:
    """The properties that names stand for which no property has."""
    found = {}
    for name in names if known else ():
        if name in known or name.startswith("Fn::"):
            continue
        near = get_close_matches(name, [each for each in known if each not in names], 1, ALIKE)
        if near:
            found[name] = near[0]
    return found


@cache
def _schema(kind: str) -> Schema:
    """The schema of a type; an empty one for a type that is not known."""
    from cfnlint.schema import ResourceNotFoundError
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    try:
        found: Schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    except ResourceNotFoundError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _resolved(whole: Schema, part: Schema) -> Schema:
    steps = str(part.get("$ref", "")).removeprefix("#/").split("/")
    found: Any = whole if part.get("$ref") else part
    for step in steps if part.get("$ref") else ():
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _properties(whole: Schema, part: Schema) -> Mapping[str, Schema]:
    """The properties of an object that has no others."""
    found = _resolved(whole, part)
    closed = found.get("additionalProperties") is False
    names = found.get("properties")
    return names if closed and isinstance(names, Mapping) else {}


def _items(whole: Schema, part: Schema) -> Schema:
    found = _resolved(whole, part).get("items")
    return found if isinstance(found, Mapping) else {}
