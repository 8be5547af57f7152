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


def at(world: World, path: Path) -> Value:
    """The value at a place."""
    resource = world.resources[path[0]]
    value: Value = MapValue(resource.attributes, resource.span)
    for step in path[1:]:
        if isinstance(value, MapValue):
            value = value.items[str(step)]
        else:
            assert isinstance(value, ListValue)
            value = value.items[int(step)]
    return value


def doubted(world: World, path: Path) -> Unknown | None:
    """A reference as one of two: itself, or another resource of its kind; None if it is none."""
    value = at(world, path)
    if not isinstance(value, Unknown) or value.ref is None:
        return None
    kinds = {resource.address: resource.kind for resource in world.resources}
    kind = kinds.get(value.ref.address)
    others = [a for a, each in kinds.items() if each == kind and a != value.ref.address]
    if not others:
        return None
    other = replace(value, ref=replace(value.ref, address=others[0]))
    return Unknown("one of two", choices=(value, other))


def covered(world: World, path: Path, cover: Value = COVER) -> World:
    """The world with one value of which nothing is known, or what the `cover` says."""
    number, *rest = path
    resources = tuple(
        _covered_resource(resource, rest, cover) if index == number else resource
        for index, resource in enumerate(world.resources)
    )
    return replace(world, resources=resources)


def _covered_resource(resource: Resource, path: list[int | str], cover: Value) -> Resource:
    value = _covered(MapValue(resource.attributes, resource.span), path, cover)
    assert isinstance(value, MapValue)
    return replace(resource, attributes=value.items)


def _covered(value: Value, path: list[int | str], cover: Value) -> Value:
    if not path:
        return cover
    step, *rest = path
    match value, step:
        case MapValue(items=items), str():
            return replace(value, items={**items, step: _covered(items[step], rest, cover)})
        case ListValue(items=elements), int():
            new = _covered(elements[step], rest, cover)
            return replace(value, items=(*elements[:step], new, *elements[step + 1 :]))
    raise AssertionError(f"no such place: {path}")
