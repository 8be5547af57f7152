"""
The values, the marks on them, and what a value is made of.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

from iaclint.terraform.cty.kinds import DYNAMIC, Type, type_text
from iaclint.value import Unknown


@dataclass(frozen=True, slots=True)
class Null:
    """A null whose type is known."""

    type: Type


@dataclass(frozen=True, slots=True)
class Tuple:
    """What `[a, b]` gives."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A list; the elements have been converted to `element`."""

    element: Type
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """A set in Terraform's order, without duplicates. Build it with `set_`."""

    element: Type
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """What `{a = b}` gives, in key order."""

    items: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Map:
    """A map in key order; the elements have been converted to `element`."""

    element: Type
    items: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that must not be shown. Never wraps another `Sensitive`."""

    value: Any


CtyValue: TypeAlias = Any
"""None, Null, bool, str, int, Fraction, Tuple, List, Set, Object, Map, Unknown or Sensitive."""
EMPTY_TUPLE = Tuple(())
EMPTY_OBJECT = Object(MappingProxyType({}))


def string(text: str) -> str:
    """A text as Terraform holds it: in Unicode normalisation form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_number(value: CtyValue) -> bool:
    """Whether the value is a known number (a truth value is none)."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_null(value: CtyValue) -> bool:
    """Whether the value is null, sensitive or not."""
    return (
        value is None
        or isinstance(value, Null)
        or (isinstance(value, Sensitive) and is_null(value.value))
    )


def is_sequence(value: CtyValue) -> bool:
    """Whether the value is a known tuple, list or set."""
    return isinstance(value, Tuple | List | Set)


def is_mapping(value: CtyValue) -> bool:
    """Whether the value is a known object or map."""
    return isinstance(value, Object | Map)


def unknown(like: Unknown, kind: Type = DYNAMIC) -> Unknown:
    """An unknown for the same reason, of the type given: the result of an operation on `like`."""
    return Unknown(like.reason, like.span, like.supply, type=type_text(kind))


def sensitive(value: CtyValue) -> CtyValue:
    """The value, marked."""
    return value if isinstance(value, Sensitive) else Sensitive(value)


def unmark(value: CtyValue) -> tuple[CtyValue, bool]:
    """The value without its own mark, and whether it had one. Marks inside it stay."""
    if isinstance(value, Sensitive):
        return value.value, True
    return value, False


def remark(value: CtyValue, marked: bool) -> CtyValue:
    """The value, marked if `marked`: the counterpart of `unmark`."""
    return sensitive(value) if marked else value


def unmark_deep(value: CtyValue) -> tuple[CtyValue, bool]:
    """The value without any mark at any depth, and whether there was one."""
    if isinstance(value, Sensitive):
        return unmark_deep(value.value)[0], True
    if not isinstance(value, Tuple | List | Object | Map) or not contains_sensitive(value):
        return value, False
    if isinstance(value, Object | Map):
        items = MappingProxyType({k: unmark_deep(v)[0] for k, v in value.items.items()})
        return replace(value, items=items), True
    return replace(value, items=tuple(unmark_deep(item)[0] for item in value.items)), True


def children(value: CtyValue) -> Iterable[CtyValue]:
    """The direct elements of a known collection; none of anything else."""
    if isinstance(value, Tuple | List | Set):
        return value.items
    return value.items.values() if isinstance(value, Object | Map) else ()


def contains_sensitive(value: CtyValue) -> bool:
    """Whether the value or anything in it is marked."""
    return isinstance(value, Sensitive) or any(map(contains_sensitive, children(value)))


def first_unknown(value: CtyValue) -> Unknown | None:
    """The first unknown in the value at any depth; None when all of it is known."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Sensitive):
        return first_unknown(value.value)
    for child in children(value):
        if isinstance(child, str | int):
            continue
        found = first_unknown(child)
        if found is not None:
            return found
    return None


def contains_unknown(value: CtyValue) -> bool:
    """Whether the value or anything in it is unknown."""
    return first_unknown(value) is not None
