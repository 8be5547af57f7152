"""
The types of values, and how they are written and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `bool`, or `dynamic`, which is written `any`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """`set(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    """`map(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple([…])`."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """
    `object({…})`, attributes in key order. `optional` are the names that may be absent, `defaults`
    the second arguments of `optional(…)`; only type constraints have them.
    """

    attributes: tuple[tuple[str, Type], ...]
    optional: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), compare=False)


Type: TypeAlias = Primitive | ListType | SetType | MapType | TupleType | ObjectType


CollectionType = ListType | SetType | MapType


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")


def type_text(kind: Type) -> str:
    """The type as it is written in a configuration; `dynamic` is `any`."""
    match kind:
        case Primitive(name="dynamic"):
            return "any"
        case Primitive(name=name):
            return name
        case ListType(element=element):
            return f"list({type_text(element)})"
        case SetType(element=element):
            return f"set({type_text(element)})"
        case MapType(element=element):
            return f"map({type_text(element)})"
        case TupleType(elements=elements):
            return f"tuple([{', '.join(map(type_text, elements))}])"
        case ObjectType(attributes=attributes):
            inner = ", ".join(f"{name}={type_text(inner)}" for name, inner in attributes)
            return f"object({{{inner}}})"


def friendly(kind: Type) -> str:
    """The type as Terraform's messages name it (`list of string`, `tuple`)."""
    match kind:
        case Primitive(name=name):
            return name
        case ListType(element=element):
            return f"list of {friendly(element)}"
        case SetType(element=element):
            return f"set of {friendly(element)}"
        case MapType(element=element):
            return f"map of {friendly(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"


def friendly_constraint(kind: Type) -> str:
    """Like `friendly`, for what is wanted: `any type`, `list of any single type`."""
    match kind:
        case Primitive(name="dynamic"):
            return "any type"
        case ListType(element=Primitive(name="dynamic")):
            return "list of any single type"
        case SetType(element=Primitive(name="dynamic")):
            return "set of any single type"
        case MapType(element=Primitive(name="dynamic")):
            return "map of any single type"
    return friendly(kind)


def has_dynamic(kind: Type) -> bool:
    """Whether any part of the type is not known."""
    match kind:
        case Primitive():
            return kind == DYNAMIC
        case TupleType(elements=elements):
            return any(map(has_dynamic, elements))
        case ObjectType(attributes=attributes):
            return any(has_dynamic(inner) for _, inner in attributes)
        case ListType(element=element) | SetType(element=element) | MapType(element=element):
            return has_dynamic(element)
    return False
