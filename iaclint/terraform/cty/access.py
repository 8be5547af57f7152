"""
Length, iteration, attributes and indexes.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from iaclint.terraform import number
from iaclint.terraform.cty.error import TerraformError
from iaclint.terraform.cty.inspect import kind_name, type_of
from iaclint.terraform.cty.kinds import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    friendly,
)
from iaclint.terraform.cty.order import quoted
from iaclint.terraform.cty.texts import text
from iaclint.terraform.cty.values import (
    CtyValue,
    List,
    Map,
    Object,
    Set,
    Tuple,
    first_unknown,
    is_null,
    is_number,
    is_sequence,
    remark,
    unknown,
    unmark,
)
from iaclint.value import Unknown


def length(value: CtyValue) -> CtyValue:
    """
    The number of elements or attributes of a tuple, list, set, object or map; unknown when the
    value is, or is a set with an unknown element.

    Raises `TerraformError` for anything else.
    """
    plain, hidden = unmark(value)
    if isinstance(plain, Unknown):
        kind = type_of(plain)
        if isinstance(kind, TupleType):
            return remark(number.count(len(kind.elements)), hidden)
        if isinstance(kind, ObjectType):
            return remark(number.count(len(kind.attributes)), hidden)
        return remark(unknown(plain, NUMBER), hidden)
    if isinstance(plain, Set) and len(plain.items) > 1:
        waiting = first_unknown(plain)
        if waiting is not None:
            return remark(unknown(waiting, NUMBER), hidden)
    if isinstance(plain, Tuple | List | Set | Object | Map):
        return remark(number.count(len(plain.items)), hidden)
    raise TerraformError("a collection is required")


def iterate(value: CtyValue) -> Iterator[tuple[CtyValue, CtyValue]]:
    """
    Key and element of each element, as `for` binds them: indexes for tuples and lists, the element
    itself for sets, names in key order for objects and maps. Neither unknown nor marked values.

    Raises `TerraformError` for what has no elements.
    """
    match value:
        case Tuple(items=items) | List(items=items):
            yield from enumerate(items)
        case Set(items=items):
            yield from ((item, item) for item in items)
        case Object(items=mapping) | Map(items=mapping):
            yield from mapping.items()
        case _:
            raise TerraformError(
                "A value of this type has no elements to iterate: it is "
                f"{'null' if is_null(value) else kind_name(value)}."
            )


def get_attribute(value: CtyValue, name: str) -> CtyValue:
    """
    `value.name`.

    Raises `TerraformError` with Terraform's message when there is no such attribute.
    """
    plain, hidden = unmark(value)
    if is_null(plain):
        raise TerraformError(
            f"Attempt to get attribute from null value: This value is null, so it does not have "
            f"any attributes (.{name})."
        )
    if isinstance(plain, Object):
        if name not in plain.items:
            raise TerraformError(
                "Unsupported attribute: This object does not have an attribute named "
                f"{quoted(name)}."
            )
        return remark(plain.items[name], hidden)
    if isinstance(plain, Map):
        if name not in plain.items:
            raise TerraformError(
                "Missing map element: This map does not have an element with the key "
                f"{quoted(name)}."
            )
        return remark(plain.items[name], hidden)
    if isinstance(plain, Unknown):
        return remark(_unknown_attribute(plain, name), hidden)
    raise TerraformError(f"Unsupported attribute: {_no_attributes(plain, name)}")


def _no_attributes(plain: CtyValue, name: str) -> str:
    if is_sequence(plain):
        return (
            f"This value is {_article(kind_name(plain))}, which has no attribute {quoted(name)}; "
            "did you mean to access it for an element?"
        )
    return f"Can't access attributes on a primitive-typed value ({kind_name(plain)})."


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _unknown_attribute(value: Unknown, name: str) -> Unknown:
    kind = type_of(value)
    if isinstance(kind, ObjectType):
        inner = dict(kind.attributes).get(name)
        if inner is None:
            raise TerraformError(
                "Unsupported attribute: This object does not have an attribute named "
                f"{quoted(name)}."
            )
        return unknown(value, inner)
    if isinstance(kind, MapType):
        return unknown(value, kind.element)
    if kind == DYNAMIC:
        return unknown(value)
    raise TerraformError(
        f"Unsupported attribute: This value does not have any attributes ({friendly(kind)})."
    )


def index(value: CtyValue, key: CtyValue) -> CtyValue:
    """
    `value[key]`; the key is converted as Terraform does (`"0"` in a list, `1` in a map).

    Raises `TerraformError` with Terraform's message when the key does not fit or is not there.
    """
    plain, hidden = unmark(value)
    plain_key, hidden_key = unmark(key)
    found = _index(plain, plain_key)
    return remark(found, hidden or hidden_key)


def _index(value: CtyValue, key: CtyValue) -> CtyValue:
    if is_null(value):
        raise TerraformError(
            "Attempt to index null value: This value is null, so it does not have any indices."
        )
    if is_null(key):
        raise TerraformError("Invalid index: Can't use a null value as an indexing key.")
    kind = type_of(value)
    if kind == DYNAMIC:
        return unknown(value)
    match kind:
        case ListType() | TupleType():
            return _index_sequence(value, kind, key)
        case MapType() | ObjectType():
            return _index_mapping(value, kind, key)
        case SetType():
            raise TerraformError(
                "Invalid index: Elements of a set are identified only by their value and don't "
                "have any separate index or key to select with, so it's only possible to perform "
                "operations across all elements of the set."
            )
    raise TerraformError("Invalid index: This value does not have any indices.")


def _index_sequence(value: CtyValue, kind: ListType | TupleType, key: CtyValue) -> CtyValue:
    if isinstance(key, Unknown):
        if type_of(key) not in (NUMBER, STRING, DYNAMIC):
            raise TerraformError("Invalid index: a number is required.")
        return unknown(key, kind.element if isinstance(kind, ListType) else DYNAMIC)
    position = _whole(key)
    if isinstance(value, Unknown):
        if isinstance(kind, ListType):
            return unknown(value, kind.element)
        if 0 <= position < len(kind.elements):
            return unknown(value, kind.elements[position])
    elif 0 <= position < len(value.items):
        return value.items[position]
    if position < 0:
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "a negative number is not a valid index for a sequence."
        )
    raise TerraformError(
        "Invalid index: The given key does not identify an element in this collection value: "
        + (
            "the given index is greater than or equal to the length of the collection."
            if getattr(value, "items", True)
            else "the collection has no elements."
        )
    )


def _whole(key: CtyValue) -> int:
    if isinstance(key, str):
        try:
            key = number.parse(key)
        except number.NumberError:
            raise TerraformError(
                "Invalid index: The given key does not identify an element in this collection "
                "value: a number is required."
            ) from None
    if not is_number(key):
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "a number is required."
        )
    if key.denominator != 1:
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "indexing a sequence requires a whole number, but the given index has a fractional "
            "part."
        )
    return int(key)


def _index_mapping(value: CtyValue, kind: MapType | ObjectType, key: CtyValue) -> CtyValue:
    inner = kind.element if isinstance(kind, MapType) else DYNAMIC
    if isinstance(key, Unknown):
        if isinstance(type_of(key), Primitive):
            return unknown(key, inner)
    elif isinstance(key, str | int | Fraction):
        name = text(key)
        if isinstance(value, Unknown):
            return _unknown_attribute(value, name)
        if name in value.items:
            return value.items[name]
        if isinstance(kind, ObjectType):
            raise TerraformError(
                "Invalid index: The given key does not identify an element in this collection "
                f"value: this object has no attribute {quoted(name)}."
            )
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value."
        )
    raise TerraformError(
        "Invalid index: The given key does not identify an element in this collection value: "
        "string required."
    )
