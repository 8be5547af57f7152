"""
Functions of collections of any kind: `length`, `coalesce`, `contains`, …
"""

from __future__ import annotations

from iaclint.terraform import cty, number, types
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    List,
    Map,
    Null,
    Object,
    Set,
    TerraformError,
    Tuple,
    Type,
    equals,
    first_unknown,
    friendly,
    is_null,
    is_sequence,
    remark,
    type_of,
    unknown,
    unmark,
)
from iaclint.terraform.functions.core import (
    MAXIMUM_ELEMENTS,
    ArgumentError,
    Family,
)
from iaclint.terraform.functions.grapheme import graphemes
from iaclint.value import Unknown

COLLECTION = Family()


def _null_of(kind: Type) -> CtyValue:
    """A null of the type."""
    return None if kind == DYNAMIC else Null(kind)


def bounded(count: int) -> None:
    """Raise `TerraformError` for a collection too large to build."""
    if count > MAXIMUM_ELEMENTS:
        raise TerraformError(f"the result would have {count} elements, which is too many")


@COLLECTION.add("length", "value:any!~*", returns="number", whole=False)
def _length(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    kind = type_of(plain)
    if kind == STRING:
        if isinstance(plain, Unknown):
            return remark(unknown(plain, NUMBER), hidden)
        return remark(number.count(len(graphemes(plain))), hidden)
    if kind in (NUMBER, BOOL):
        raise TerraformError("argument must be a string, a collection type, or a structural type")
    return cty.length(value)


@COLLECTION.add("alltrue", "list:list(bool)", returns="bool", whole=False)
def _alltrue(values: List) -> CtyValue:
    for value in values.items:
        if isinstance(value, Unknown):
            return unknown(value, BOOL)
        if value is not True:
            return False
    return True


@COLLECTION.add("anytrue", "list:list(bool)", returns="bool", whole=False)
def _anytrue(values: List) -> CtyValue:
    if any(value is True for value in values.items):
        return True
    waiting = first_unknown(values)
    return unknown(waiting, BOOL) if waiting else False


@COLLECTION.add("coalesce", "...vals:any?!*", whole=False)
def _coalesce(*values: CtyValue) -> CtyValue:
    unified = types.unify([type_of(value) for value in values])
    if unified is None:
        raise TerraformError("all arguments must have the same type")
    kind = unified[0]
    for value in values:
        converted = types.convert(value, kind)
        if isinstance(converted, Unknown):
            same = type_of(value) in (kind, DYNAMIC)
            return converted if same else unknown(converted, kind)
        if not is_null(converted) and not (kind == STRING and converted == ""):
            return converted
    raise TerraformError("no non-null, non-empty-string arguments")


@COLLECTION.add("contains", "list:any#", "value:any", returns="bool", whole=False)
def _contains(values: CtyValue, value: CtyValue) -> CtyValue:
    if not is_sequence(values):
        raise TerraformError("argument must be list, tuple, or set")
    waiting: Unknown | None = None
    for item in values.items:
        same = equals(value, item)
        if same is True:
            return True
        if isinstance(same, Unknown):
            waiting = waiting or same
    return unknown(waiting, BOOL) if waiting else False


@COLLECTION.add("one", "list:any#", whole=False)
def _one(values: CtyValue) -> CtyValue:
    refusal = "must be a list, set, or tuple value with either zero or one elements"
    if not is_sequence(values):
        raise ArgumentError(0, refusal)
    waiting = first_unknown(values) if isinstance(values, Set) else None
    if waiting is not None and len(values.items) > 1:
        return unknown(waiting, values.element)
    if len(values.items) > 1:
        raise ArgumentError(0, refusal)
    if values.items:
        return values.items[0]
    return None if isinstance(values, Tuple) else _null_of(values.element)


@COLLECTION.add("sum", "list:any#", returns="number")
def _sum(values: CtyValue) -> CtyValue:
    if not isinstance(values, Tuple | List | Set | Object | Map):
        raise ArgumentError(0, "cannot sum noniterable")
    if not values.items:
        raise ArgumentError(0, "cannot sum an empty list")
    if not is_sequence(values):
        raise ArgumentError(
            0, f"argument must be list, set, or tuple. Received {friendly(type_of(values))}"
        )
    addends = [_addend(item) for item in values.items]
    total = addends[0]
    for addend in addends[1:]:
        total = number.add(total, addend)
    return total


def _addend(value: CtyValue) -> number.Number:
    refusal = "argument must be list, set, or tuple of number values"
    if is_null(value):
        raise ArgumentError(0, refusal)
    try:
        found: number.Number = types.convert(value, NUMBER)
    except TerraformError:
        raise ArgumentError(0, refusal) from None
    return found
