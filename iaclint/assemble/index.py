"""
Finding what a reference means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from iaclint.aws.lookedup import LookedUp
from iaclint.aws.shape import Declared, dig, unknown_rest
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import (
    ListValue,
    MapValue,
    Ref,
    Scalar,
    Unknown,
    Value,
    elements,
    split_parts,
    text,
)

D = TypeVar("D", bound=Declared)

_LAST = re.compile(r'(?<![^./[\]"])[^./[\]"]+(\[(\d+|"([^"\\]|\\.)*")\])?$')


class Index:
    """All declared things of one world, by address and by class."""

    def __init__(self, declared: Iterable[Declared], resources: Iterable[Resource]) -> None:
        self.declared = list(declared)
        self.resources = {resource.address: resource for resource in resources}
        self.images = LookedUp(self.resources.values())
        self._by_address: dict[str, list[Declared]] = {}
        self._by_class: dict[type, list[Declared]] = {}
        for each in self.declared:
            self._by_address.setdefault(each.address, []).append(each)
            for cls in type(each).__mro__:
                self._by_class.setdefault(cls, []).append(each)

    def all(self, cls: type[D], data: bool = False) -> Iterator[D]:
        """Everything of one class; what is only looked up is left out unless asked for."""
        for each in self._by_class.get(cls, ()):
            if isinstance(each, cls) and (data or not each.is_data):
                yield each

    def at(self, address: str, cls: type[D]) -> D | None:
        """The thing of one class at an address."""
        found = self._by_address.get(address, ())
        return next((each for each in found if isinstance(each, cls)), None)

    def find(self, value: Value | None, cls: type[D]) -> D | Unknown | None:
        """
        What a value refers to: the declared thing, an `Unknown` that says why it cannot be told,
        or None where nothing is given.
        """
        if value is None:
            return None
        if isinstance(value, Unknown):
            return self._unknown(value, cls)
        plain = text(value)
        if plain is None or isinstance(plain, Unknown):
            return plain
        return unusable(value, plain, f'"{plain}" is not declared here')

    def named(self, value: Value | None, cls: type[D]) -> D | Unknown | None:
        """
        What a value refers to, also where it is the name of the thing: a name that is written down
        is a plain string, wherever it is used, and what nobody gave yet is the same everywhere. Two
        regions may have the same name.
        """
        called = _name(value)
        if called is not None:
            same = [each for each in self.all(cls) if _name(getattr(each, "name", None)) == called]
            if len(same) == 1:
                return same[0]
        return self.find(value, cls)

    def _unknown(self, value: Unknown, cls: type[D]) -> D | Unknown:
        if value.ref is not None:
            found = self.at(value.ref.address, cls)
            return value if found is None else found
        met = [self.find(choice, cls) for choice in value.choices]
        if met and met[0] is not None and all(each is met[0] for each in met):
            return met[0]
        return value

    def owner(self, ref: Ref) -> Resource | None:
        """The resource an attribute belongs to."""
        return self.resources.get(ref.address)


def _name(value: Value | None) -> tuple[str, ...] | None:
    """A name as its pieces: known ones, and how the user can give those that are not."""
    found = text(value)
    if not isinstance(found, Unknown):
        return None if found is None else (found,)
    pieces = tuple(p if isinstance(p, str) else p.supply for p in found.parts or (found,))
    return pieces if all(pieces) else None


def unusable(value: Value | None, plain: str, why: str) -> Unknown:
    """A text that names nothing; an empty default is there to be filled in."""
    supply = value.supply if isinstance(value, Scalar) else ""
    name = supply.rpartition(" ")[2].partition("=")[0]
    reason = f'"{name}" is empty by default' if supply and not plain.strip() else why
    return Unknown(reason, value.span if value is not None else None, supply)


def direct_ref(value: Value | None) -> Ref | None:
    """The attribute a value is, when it is exactly one."""
    if isinstance(value, ListValue):
        items = elements(value)
        return direct_ref(items[0]) if len(items) == 1 else None
    return value.ref if isinstance(value, Unknown) else None


def flat(value: Value | None) -> Iterator[Value]:
    """The elements of a list, with lists in it opened (`["${var.list}"]` of Terraform 0.11)."""
    for each in elements(value):
        if isinstance(each, ListValue):
            yield from flat(each)
        elif not (isinstance(each, Scalar) and each.value is None):
            yield each


def split(value: Value | None) -> Iterator[Value]:
    """
    The elements of a list that AWS takes as one text with commas: an element that has commas in it
    is several.
    """
    for each in flat(value):
        if isinstance(each, Unknown):
            pieces = split_parts(each, ",", each.span or Span("", 1))
            yield from pieces.items if pieces is not None else (each,)
        elif isinstance(each, Scalar) and isinstance(each.value, str):
            for piece in each.value.split(","):
                yield replace(each, value=piece.strip())
        else:
            yield each


def name_of(tags: Value | None) -> str:
    """The `Name` tag, or nothing."""
    return next((each for each in _tags(tags, "Name") if isinstance(each, str)), "")


def tag_of(resource: Resource, key: str) -> list[str | Unknown]:
    """
    The values of a tag of a resource; an `Unknown` where it may have that tag or not. A plan has
    those that the provider adds (`default_tags`) in `tags_all`.
    """
    names = ("tags", "tags_all", "tag", "Tags")
    return [v for name in names for v in _tags(resource.attributes.get(name), key)]


def _tags(tags: Value | None, key: str) -> Iterator[str | Unknown]:
    if isinstance(tags, MapValue):
        pairs: Iterable[tuple[Value | str | None, Value | None]] = tags.items.items()
    else:
        pairs = [
            (dig(tag, "Key") or dig(tag, "key"), dig(tag, "Value") or dig(tag, "value"))
            for tag in flat(tags)
        ]
    rest = tags.more if isinstance(tags, MapValue) else unknown_rest(tags)
    for name, value in pairs:
        said = text(value)
        if (name if isinstance(name, str) else text(name)) == key and said is not None:
            yield said
            rest = None
    if rest is not None:
        yield rest


def short(address: str) -> str:
    """The last part of an address: `public` of `module.net.aws_route_table.public[0]`."""
    found = _LAST.search(address)
    return found.group() if found else address


def written(value: Value | None, otherwise: Span) -> Span:
    """Where a value is written, else where the resource is."""
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) and span.path else otherwise
