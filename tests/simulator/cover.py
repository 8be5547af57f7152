"""
Covers up parts of a configuration: values that the files do not decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from iaclint.resource import Resource, World
from iaclint.value import ListValue, MapValue, Unknown, Value

Path: TypeAlias = tuple[int, *tuple[int | str, ...]]
"""Which resource, then the keys and indexes that lead to a value."""

COVER = Unknown("somebody else decides it")


def places(world: World) -> list[Path]:
    """Every value in the world, the whole lists and blocks among them."""
    return [
        (number, *path)
        for number, resource in enumerate(world.resources)
        for path in _places(MapValue(resource.attributes, resource.span))
        if path
    ]


def _places(value: Value) -> Iterator[tuple[int | str, ...]]:
    yield ()
    match value:
        case MapValue(items=items):
            for key, each in items.items():
                yield from ((key, *rest) for rest in _places(each))
        case ListValue(items=elements):
            for index, each in enumerate(elements):
                yield from ((index, *rest) for rest in _places(each))


def covered(world: World, path: Path) -> World:
    """The world with one value of which nothing is known."""
    number, *rest = path
    resources = tuple(
        _covered_resource(resource, rest) if index == number else resource
        for index, resource in enumerate(world.resources)
    )
    return replace(world, resources=resources)


def _covered_resource(resource: Resource, path: list[int | str]) -> Resource:
    value = _covered(MapValue(resource.attributes, resource.span), path)
    assert isinstance(value, MapValue)
    return replace(resource, attributes=value.items)


def _covered(value: Value, path: list[int | str]) -> Value:
    if not path:
        return COVER
    step, *rest = path
    match value, step:
        case MapValue(items=items), str():
            return replace(value, items={**items, step: _covered(items[step], rest)})
        case ListValue(items=elements), int():
            new = _covered(elements[step], rest)
            return replace(value, items=(*elements[:step], new, *elements[step + 1 :]))
    raise AssertionError(f"no such place: {path}")
