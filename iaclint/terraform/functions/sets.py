"""Functions of sets: union, intersection, difference and the Cartesian product."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

from iaclint.terraform import types
from iaclint.terraform.cty import (
    DYNAMIC,
    CtyValue,
    ListType,
    Set,
    SetType,
    TerraformError,
    TupleType,
    Type,
    first_unknown,
    identity,
    list_,
    remark,
    set_,
    tuple_,
    type_of,
    unknown,
    unmark,
)
from iaclint.terraform.functions.collection import bounded
from iaclint.terraform.functions.core import ArgumentError, Family
from iaclint.value import Unknown

SETS = Family()


def _same_type(values: Iterable[Set]) -> list[Set]:
    given = list(values)
    kinds = [value.element for value in given if value.items or value.element != DYNAMIC]
    unified = types.unify(kinds) if kinds else (DYNAMIC, [])
    if unified is None:
        raise TerraformError("given sets must all have compatible element types")
    return [types.convert(value, SetType(unified[0])) for value in given]


def _combined(
    values: tuple[Set, ...], keep: Callable[[set[object], set[object]], set[object]]
) -> CtyValue:
    sets = _same_type(values)
    members = {identity(item): item for value in sets for item in value.items}
    kept = set(map(identity, sets[0].items))
    for value in sets[1:]:
        kept = keep(kept, set(map(identity, value.items)))
    return set_(sets[0].element, [item for key, item in members.items() if key in kept])


@SETS.add("setunion", "first_set:set(any)*", "...other_sets:set(any)*", whole=False)
def _union(*values: Set) -> CtyValue:
    sets = _same_type(values)
    return set_(sets[0].element, [item for value in sets for item in value.items])


@SETS.add("setintersection", "first_set:set(any)*", "...other_sets:set(any)*")
def _intersection(*values: Set) -> CtyValue:
    return _combined(values, set.intersection)


@SETS.add("setsubtract", "a:set(any)*", "b:set(any)*")
def _subtract(*values: Set) -> CtyValue:
    return _combined(values, set.difference)


@SETS.add("setproduct", "...sets:any!~#", whole=False)
def _product(*values: CtyValue) -> CtyValue:
    if len(values) < 2:
        raise TerraformError("at least two arguments are required")
    plain = [unmark(value) for value in values]
    hidden = any(marked for _, marked in plain)
    kinds = [type_of(value) for value, _ in plain]
    elements = [_element(kind, place) for place, kind in enumerate(kinds)]
    row = TupleType(tuple(elements))
    ordered = not any(isinstance(kind, SetType) for kind in kinds)
    waiting = next(filter(None, (_open(value) for value, _ in plain)), None)
    if waiting is not None:
        kind: Type = ListType(row) if ordered else SetType(row)
        return remark(unknown(waiting, kind), hidden)
    bounded(math.prod(len(value.items) for value, _ in plain))
    columns = [
        [types.convert(item, element) for item in value.items]
        for (value, _), element in zip(plain, elements, strict=True)
    ]
    rows = [tuple_(items) for items in itertools.product(*columns)]
    return remark(list_(row, rows) if ordered else set_(row, rows), hidden)


def _element(kind: Type, place: int) -> Type:
    match kind:
        case ListType(element=element) | SetType(element=element):
            return element
        case TupleType(elements=()):
            return DYNAMIC
        case TupleType(elements=elements):
            unified = types.unify(elements)
            if unified is None:
                raise ArgumentError(place, "all elements must be of the same type")
            return unified[0]
    raise ArgumentError(place, "a set or a list is required")


def _open(value: CtyValue) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    return first_unknown(value) if isinstance(value, Set) and len(value.items) > 1 else None
