"""
Which of several types is the most general: the one that values of all of them become.
"""

from __future__ import annotations

from iaclint.terraform.cty import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)


def most_general_first(kinds: list[Type]) -> list[Type]:
    """The types, each after all that are more general than it."""
    count = len(kinds)
    above: list[list[int]] = [[] for _ in kinds]
    waiting = [0] * count
    for one in range(count):
        for other in range(one + 1, count):
            order = _preference(kinds[one], kinds[other])
            first, second = (one, other) if order < 0 else (other, one)
            if order:
                above[first].append(second)
                waiting[second] += 1
    queue = [place for place in range(count) if not waiting[place]]
    for place in queue:
        for later in above[place]:
            waiting[later] -= 1
            if not waiting[later]:
                queue.append(later)
    return [kinds[place] for place in queue]


def _preference(one: Type, other: Type) -> int:
    """Below zero when the first type is the more general one, above when the second is."""
    if DYNAMIC in (one, other):
        return (one == DYNAMIC) - (other == DYNAMIC)
    if isinstance(one, Primitive) and isinstance(other, Primitive):
        return (other == STRING) - (one == STRING)
    match one, other:
        case (ListType(), ListType()) | (SetType(), SetType()) | (MapType(), MapType()):
            return _preference(one.element, other.element)  # type: ignore[union-attr]
        case ObjectType(), ObjectType():
            return _member_preference(dict(one.attributes), dict(other.attributes))
        case TupleType(), TupleType():
            return _member_preference(
                dict(enumerate(one.elements)), dict(enumerate(other.elements))
            )
    ranks = {SetType: 3, ListType: 2, TupleType: 1}
    for scale in (ranks, {MapType: 2, ObjectType: 1}):
        mine, its = scale.get(type(one)), scale.get(type(other))
        if mine and its:
            # An ordered sequence is preferred to a set, a collection to a structure.
            if 3 in (mine, its):
                return 1 if mine == 3 else -1
            return int(its - mine)
    return 0


def _member_preference(
    one: dict[object, Type] | dict[str, Type] | dict[int, Type], other: object
) -> int:
    others: dict[object, Type] = dict(other)  # type: ignore[call-overload]
    if one.keys() != others.keys():
        return 0
    orders = {_preference(kind, others[name]) for name, kind in one.items()} - {0}
    signs = {order > 0 for order in orders}
    return 0 if len(signs) != 1 else (1 if True in signs else -1)
