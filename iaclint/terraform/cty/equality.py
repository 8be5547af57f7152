"""
Which values are equal, and which types conform.
"""

from __future__ import annotations

from fractions import Fraction

from iaclint.terraform.cty.inspect import not_null, prefix, type_of
from iaclint.terraform.cty.kinds import (
    BOOL,
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    has_dynamic,
)
from iaclint.terraform.cty.order import identity
from iaclint.terraform.cty.values import (
    CtyValue,
    Map,
    Object,
    Set,
    first_unknown,
    is_null,
    remark,
    unknown,
    unmark_deep,
)
from iaclint.value import Unknown


def equals(left: CtyValue, right: CtyValue) -> CtyValue:
    """
    `left == right`: True, False, or an `Unknown` truth value; marked when an operand is. Values
    of different types are never equal, all nulls are.
    """
    plain_left, hidden_left = unmark_deep(left)
    plain_right, hidden_right = unmark_deep(right)
    return remark(_equals(plain_left, plain_right), hidden_left or hidden_right)


def _equals(left: CtyValue, right: CtyValue) -> bool | Unknown:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equals_unknown(left, right)
    if is_null(left) or is_null(right):
        return is_null(left) and is_null(right)
    if isinstance(left, str | int | Fraction) or isinstance(right, str | int | Fraction):
        return type_of(left) == type_of(right) and bool(left == right)
    left_type, right_type = type_of(left), type_of(right)
    if has_dynamic(left_type) or has_dynamic(right_type):
        waiting = first_unknown(left) or first_unknown(right)
        if not (conforms(left_type, right_type) or conforms(right_type, left_type)):
            return False
        if waiting is not None:
            return unknown(waiting, BOOL)
    elif left_type != right_type:
        return False
    return _equal_members(left, right)


def _equals_unknown(left: CtyValue, right: CtyValue) -> bool | Unknown:
    doubt, other = (left, right) if isinstance(left, Unknown) else (right, left)
    answer = unknown(doubt, BOOL)
    if isinstance(other, Unknown):
        return answer
    if is_null(other):
        return False if not_null(doubt) else answer
    if isinstance(other, str) and not other.startswith(prefix(doubt)):
        return False
    doubt_type = type_of(doubt)
    if has_dynamic(doubt_type) or doubt_type == type_of(other):
        return answer
    return False


def _equal_members(left: CtyValue, right: CtyValue) -> bool | Unknown:
    if isinstance(left, Set):
        waiting = first_unknown(left) or first_unknown(right)
        if waiting is not None:
            return unknown(waiting, BOOL)
        return bool(identity(left) == identity(right))
    if len(left.items) != len(right.items):
        return False
    if isinstance(left, Object | Map):
        if left.items.keys() != right.items.keys():
            return False
        pairs = [(item, right.items[key]) for key, item in left.items.items()]
    else:
        pairs = list(zip(left.items, right.items, strict=True))
    for mine, other in pairs:
        same = _equals(mine, other)
        if same is not True:
            return same
    return True


def conforms(kind: Type, wanted: Type) -> bool:
    """Whether a type is the wanted one where that is known."""
    if wanted in (DYNAMIC, kind):
        return True
    match kind, wanted:
        case TupleType(elements=mine), TupleType(elements=other):
            return len(mine) == len(other) and all(map(conforms, mine, other))
        case ObjectType(attributes=mine), ObjectType(attributes=other):
            names = [name for name, _ in mine] == [name for name, _ in other]
            return names and all(conforms(a[1], b[1]) for a, b in zip(mine, other, strict=True))
        case (ListType(), ListType()) | (SetType(), SetType()) | (MapType(), MapType()):
            return conforms(kind.element, wanted.element)  # type: ignore[union-attr]
    return False
