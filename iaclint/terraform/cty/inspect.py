"""
What is known of a value: its type, whether it is null, how its text begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from iaclint.terraform import number
from iaclint.terraform.cty.error import TerraformError
from iaclint.terraform.cty.kinds import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly,
)
from iaclint.terraform.cty.values import (
    CtyValue,
    List,
    Map,
    Null,
    Object,
    Sensitive,
    Set,
    Tuple,
    is_null,
)
from iaclint.value import Unknown


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Type:
    from iaclint.terraform import types

    try:
        return types.parse(text)
    except TerraformError:
        return DYNAMIC


_PRIMITIVES: Mapping[type, Primitive] = {
    type(None): DYNAMIC,
    bool: BOOL,
    str: STRING,
    int: NUMBER,
    Fraction: NUMBER,
    number.Integer: NUMBER,
    number.Real: NUMBER,
}


def type_of(value: CtyValue) -> Type:
    """The type of a value, as the function `type` of Terraform's console shows it."""
    primitive = _PRIMITIVES.get(type(value))
    if primitive is not None:
        return primitive
    match value:
        case Null(type=kind):
            return kind
        case Sensitive(value=inner):
            return type_of(inner)
        case Unknown(type=text):
            return DYNAMIC if text == "any" else _parsed(text)
        case Tuple(items=items):
            return TupleType(tuple(map(type_of, items)))
        case Object(items=mapping):
            return ObjectType(tuple((name, type_of(item)) for name, item in mapping.items()))
        case List(element=element, items=items):
            return ListType(_element_type(element, items))
        case Set(element=element, items=items):
            return SetType(_element_type(element, items))
        case Map(element=element, items=mapping):
            return MapType(_element_type(element, tuple(mapping.values())))
    raise TypeError(f"not a Terraform value: {value!r}")


def _element_type(element: Type, items: tuple[CtyValue, ...]) -> Type:
    return type_of(items[0]) if items and element == DYNAMIC else element


def kind_name(value: CtyValue) -> str:
    """The type of a value as messages name it."""
    return friendly(type_of(value))


def not_null(value: CtyValue) -> bool:
    """Whether a value that may be unknown is certainly not null (a text with a known part is)."""
    if isinstance(value, Sensitive):
        return not_null(value.value)
    return bool(value.parts) if isinstance(value, Unknown) else not is_null(value)


def prefix(value: Unknown) -> str:
    """The text an unknown string certainly starts with."""
    known = ""
    for part in value.parts:
        if not isinstance(part, str):
            break
        known += part
    return known
