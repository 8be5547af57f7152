"""
Functions of lists: `concat`, `element`, `flatten`, `range`, `slice`, …
"""

from __future__ import annotations

from iaclint.terraform import cty, number, types
from iaclint.terraform.cty import (
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    List,
    ListType,
    Set,
    SetType,
    TerraformError,
    Tuple,
    TupleType,
    equals,
    first_unknown,
    friendly,
    is_null,
    is_sequence,
    list_,
    remark,
    tuple_,
    type_of,
    unknown,
    unmark,
)
from iaclint.terraform.functions.collection import bounded
from iaclint.terraform.functions.core import (
    ArgumentError,
    Family,
    whole_number,
)
from iaclint.value import Unknown

SEQUENCE = Family()


@SEQUENCE.add("coalescelist", "...vals:any?!*", whole=False)
def _coalescelist(*values: CtyValue) -> CtyValue:
    if not values:
        raise TerraformError("at least one argument is required")
    for value in values:
        if isinstance(value, Unknown):
            break
        if not isinstance(type_of(value), ListType | TupleType):
            raise TerraformError("coalescelist arguments must be lists or tuples")
    for value in values:
        if isinstance(value, Unknown):
            return unknown(value)
        if not is_null(value) and value.items:
            return value
    raise TerraformError("no non-null arguments")


@SEQUENCE.add("compact", "list:list(string)", returns="list(string)")
def _compact(values: List) -> CtyValue:
    return list_(STRING, [value for value in values.items if not is_null(value) and value != ""])


@SEQUENCE.add("concat", "...seqs:any~#", whole=False)
def _concat(*values: CtyValue) -> CtyValue:
    if not values:
        raise TerraformError("at least one argument is required")
    plain = [unmark(value) for value in values]
    hidden = any(marked for _, marked in plain)
    bounded(sum(len(value.items) for value, _ in plain if hasattr(value, "items")))
    if all(isinstance(value, List) for value, _ in plain):
        unified = types.unify([type_of(value) for value, _ in plain])
        if unified is not None and isinstance(unified[0], ListType):
            lists = [types.convert(value, unified[0]) for value, _ in plain]
            items = [item for value in lists for item in value.items]
            return remark(list_(unified[0].element, items), hidden)
    for place, (value, _) in enumerate(plain):
        if not isinstance(value, List | Tuple):
            raise ArgumentError(
                place, f"all arguments must be lists or tuples; got {friendly(type_of(value))}"
            )
    return remark(tuple_(item for value, _ in plain for item in value.items), hidden)


@SEQUENCE.add("distinct", "list:list(any)")
def _distinct(values: List) -> CtyValue:
    found = {cty.identity(item): item for item in reversed(values.items)}
    order = dict.fromkeys(map(cty.identity, values.items))
    return list_(values.element, [found[key] for key in order])


@SEQUENCE.add("chunklist", "list:list(any)~", "size:number~", whole=False)
def _chunklist(values: CtyValue, size: CtyValue) -> CtyValue:
    plain, hidden = unmark(values)
    chunk, hidden_size = unmark(size)
    step = whole_number(chunk, 1)
    if step < 0:
        raise TerraformError("the size argument must be positive")
    step = step or max(len(plain.items), 1)
    chunks = [
        list_(plain.element, plain.items[start : start + step])
        for start in range(0, len(plain.items), step)
    ]
    return remark(list_(ListType(plain.element), chunks), hidden or hidden_size)


@SEQUENCE.add("element", "list:any~#", "index:number", whole=False)
def _element(values: CtyValue, index: number.Number) -> CtyValue:
    plain, hidden = unmark(values)
    if not isinstance(plain, List | Tuple):
        raise TerraformError(f"cannot read elements from {friendly(type_of(plain))}")
    place = whole_number(index, 1)
    if not plain.items:
        raise TerraformError("cannot use element function with an empty list")
    return remark(plain.items[place % len(plain.items)], hidden)


@SEQUENCE.add("flatten", "list:any~#", whole=False)
def _flatten(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    if not is_sequence(plain):
        raise TerraformError("can only flatten lists, sets and tuples")
    found: list[CtyValue] = []
    marked, waiting = _flattened(plain, found)
    if waiting is not None:
        return remark(unknown(waiting), hidden or marked)
    return remark(tuple_(found), hidden or marked)


def _flattened(value: CtyValue, found: list[CtyValue]) -> tuple[bool, Unknown | None]:
    """Collect what is not a sequence; whether a sequence was marked, and what keeps it open."""
    if isinstance(value, Set) and len(value.items) > 1 and first_unknown(value):
        return False, first_unknown(value)
    hidden = False
    waiting: Unknown | None = None
    for item in value.items:
        plain, marked = unmark(item)
        if is_sequence(plain):
            inner = _flattened(plain, found)
            hidden = hidden or marked or inner[0]
            waiting = waiting or inner[1]
        elif isinstance(plain, Unknown) and _may_be_sequence(plain):
            hidden = hidden or marked
            waiting = waiting or plain
        else:
            found.append(item)
            bounded(len(found))
    return hidden, waiting


def _may_be_sequence(value: Unknown) -> bool:
    kind = type_of(value)
    return kind == DYNAMIC or isinstance(kind, ListType | SetType | TupleType)


@SEQUENCE.add("index", "list:any#", "value:any", returns="number", whole=False)
def _index(values: CtyValue, value: CtyValue) -> CtyValue:
    if not isinstance(values, List | Tuple):
        raise TerraformError("argument must be a list or tuple")
    if not values.items:
        raise TerraformError("cannot search an empty list")
    for place, item in enumerate(values.items):
        same = equals(item, value)
        if isinstance(same, Unknown):
            return unknown(same, NUMBER)
        if same is True:
            return number.count(place)
    raise TerraformError("item not found")


@SEQUENCE.add("matchkeys", "values:list(any)", "keys:list(any)", "searchset:list(any)")
def _matchkeys(values: List, keys: List, searchset: List) -> CtyValue:
    unified = types.unify([type_of(keys), type_of(searchset)])
    if unified is None:
        raise TerraformError("keys and searchset must be of the same type")
    if len(values.items) != len(keys.items):
        raise TerraformError("length of keys and values should be equal")
    wanted = {cty.identity(item) for item in types.convert(searchset, unified[0]).items}
    given = types.convert(keys, unified[0]).items
    kept = [
        value for value, key in zip(values.items, given, strict=True) if cty.identity(key) in wanted
    ]
    return list_(values.element, kept)


@SEQUENCE.add("range", "...params:number", returns="list(number)")
def _range(*values: number.Number) -> CtyValue:
    if not 1 <= len(values) <= 3:
        raise TerraformError("must have one, two, or three arguments")
    start, end = (0, values[0]) if len(values) == 1 else values[:2]
    step = values[2] if len(values) == 3 else (-1 if end < start else 1)
    if not step:
        raise ArgumentError(2, "step must not be zero")
    if (end > start) if step < 0 else (end < start):
        relation, sign = ("less", "negative") if step < 0 else ("greater", "positive")
        raise ArgumentError(1, f"end must be {relation} than start when step is {sign}")
    found: list[CtyValue] = []
    current = start
    while (current > end) if step < 0 else (current < end):
        if len(found) >= 1024:
            raise TerraformError(
                "more than 1024 values were generated; either decrease the difference between "
                "start and end or use a smaller step"
            )
        found.append(current)
        current = number.add(current, step)
    return list_(NUMBER, found)


@SEQUENCE.add("reverse", "list:any~#", whole=False)
def _reverse(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    if isinstance(plain, Tuple):
        return remark(tuple_(reversed(plain.items)), hidden)
    if isinstance(plain, List | Set):
        return remark(list_(plain.element, reversed(plain.items)), hidden)
    raise ArgumentError(0, f"can only reverse list or tuple values, not {friendly(type_of(plain))}")


@SEQUENCE.add("slice", "list:any~#", "start_index:number", "end_index:number", whole=False)
def _slice(value: CtyValue, start: number.Number, end: number.Number) -> CtyValue:
    plain, hidden = unmark(value)
    if isinstance(plain, Set):
        raise ArgumentError(
            0,
            "cannot slice a set, because its elements do not have indices; explicitly convert to "
            "a list if the ordering of the result is not important",
        )
    if not isinstance(plain, List | Tuple):
        raise ArgumentError(0, "must be a list or tuple value")
    first = _bound(start, 1, "start", len(plain.items))
    last = _bound(end, 2, "end", len(plain.items))
    if first > last:
        raise ArgumentError(1, "start index must not be greater than end index")
    kept = plain.items[first:last]
    return remark(tuple_(kept) if isinstance(plain, Tuple) else list_(plain.element, kept), hidden)


def _bound(value: number.Number, place: int, name: str, length: int) -> int:
    bound = whole_number(value, place, f"invalid {name} index: a whole number is required")
    if bound < 0:
        raise ArgumentError(place, f"{name} index must not be less than zero")
    if bound > length:
        raise ArgumentError(place, f"{name} index must not be greater than the length of the list")
    return bound


@SEQUENCE.add("sort", "list:list(string)", returns="list(string)", whole=False)
def _sort(values: List) -> CtyValue:
    waiting = first_unknown(values)
    if waiting is not None:
        return list_(STRING, [unknown(waiting, STRING)] * len(values.items))
    if any(is_null(item) for item in values.items):
        raise ArgumentError(0, "given list element is null; a null string cannot be sorted")
    return list_(STRING, sorted(values.items))
