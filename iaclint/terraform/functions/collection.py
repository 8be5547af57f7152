"""Functions that read or build collections of any kind: `length`, `lookup`, `merge`, …"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iaclint.terraform import cty, number, types
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    List,
    ListType,
    Map,
    MapType,
    Null,
    Object,
    ObjectType,
    Set,
    SetType,
    TerraformError,
    Tuple,
    TupleType,
    Type,
    equals,
    first_unknown,
    friendly,
    is_null,
    is_sequence,
    list_,
    map_,
    object_,
    quoted,
    remark,
    tuple_,
    type_of,
    unknown,
    unmark,
)
from iaclint.terraform.functions.core import (
    MAXIMUM_ELEMENTS,
    ArgumentError,
    Family,
    whole_number,
)
from iaclint.terraform.functions.grapheme import graphemes
from iaclint.value import Unknown

COLLECTION = Family()


def null_of(kind: Type) -> CtyValue:
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


@COLLECTION.add("coalescelist", "...vals:any?!*", whole=False)
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


@COLLECTION.add("compact", "list:list(string)", returns="list(string)")
def _compact(values: List) -> CtyValue:
    return list_(STRING, [value for value in values.items if not is_null(value) and value != ""])


@COLLECTION.add("concat", "...seqs:any~#", whole=False)
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


@COLLECTION.add("distinct", "list:list(any)")
def _distinct(values: List) -> CtyValue:
    found = {cty.identity(item): item for item in reversed(values.items)}
    order = dict.fromkeys(map(cty.identity, values.items))
    return list_(values.element, [found[key] for key in order])


@COLLECTION.add("chunklist", "list:list(any)~", "size:number~", whole=False)
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


@COLLECTION.add("element", "list:any~#", "index:number", whole=False)
def _element(values: CtyValue, index: number.Number) -> CtyValue:
    plain, hidden = unmark(values)
    if not isinstance(plain, List | Tuple):
        raise TerraformError(f"cannot read elements from {friendly(type_of(plain))}")
    place = whole_number(index, 1)
    if not plain.items:
        raise TerraformError("cannot use element function with an empty list")
    return remark(plain.items[place % len(plain.items)], hidden)


@COLLECTION.add("flatten", "list:any~#", whole=False)
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


@COLLECTION.add("index", "list:any#", "value:any", returns="number", whole=False)
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


@COLLECTION.add("keys", "inputMap:any!~", whole=False)
def _keys(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    kind = type_of(plain)
    if isinstance(kind, ObjectType):
        return remark(tuple_(name for name, _ in kind.attributes), hidden)
    if not isinstance(kind, MapType):
        raise ArgumentError(0, "must have map or object type")
    if isinstance(plain, Unknown):
        return remark(unknown(plain, ListType(STRING)), hidden)
    return remark(list_(STRING, plain.items), hidden)


@COLLECTION.add("values", "mapping:any~#", whole=False)
def _values(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    if isinstance(plain, Object):
        return remark(tuple_(plain.items.values()), hidden)
    if isinstance(plain, Map):
        return remark(list_(plain.element, plain.items.values()), hidden)
    raise TerraformError("values() requires a map as the first argument")


@COLLECTION.add("lookup", "inputMap:any!~", "key:string!~", "...default:any?!~*", whole=False)
def _lookup(mapping: CtyValue, key: CtyValue, *default: CtyValue) -> CtyValue:
    if len(default) > 1:
        raise TerraformError(f"lookup() takes two or three arguments, got {len(default) + 2}")
    plain, hidden = unmark(mapping)
    name, hidden_key = unmark(key)
    kind = type_of(plain)
    if not isinstance(kind, MapType | ObjectType):
        raise ArgumentError(0, "lookup() requires a map as the first argument")
    result = kind.element if isinstance(kind, MapType) else DYNAMIC
    fallback = default[0] if default else None
    if default and isinstance(kind, MapType):
        fallback = _default(fallback, kind.element)
    waiting = next((value for value in (name, plain) if isinstance(value, Unknown)), None)
    if waiting is not None:
        if isinstance(name, str) and isinstance(kind, ObjectType):
            _attribute_type(kind, name, bool(default))
        return remark(unknown(waiting, result), hidden or hidden_key)
    if name in plain.items:
        return remark(plain.items[name], hidden or hidden_key)
    if default:
        return remark(*_joined(fallback, hidden or hidden_key))
    if isinstance(kind, ObjectType):
        raise ArgumentError(0, f"the given object has no attribute {quoted(name)}")
    shown = "(sensitive value)" if hidden_key else quoted(name)
    raise TerraformError(f"lookup failed to find key {shown}")


def _joined(value: CtyValue, hidden: bool) -> tuple[CtyValue, bool]:
    plain, marked = unmark(value)
    return plain, marked or hidden


def _default(value: CtyValue, element: Type) -> CtyValue:
    try:
        return types.convert(value, element)
    except TerraformError:
        raise ArgumentError(
            2, "the default value must have the same type as the map elements"
        ) from None


def _attribute_type(kind: ObjectType, name: str, default: bool) -> None:
    if name not in dict(kind.attributes) and not default:
        raise ArgumentError(0, f"the given object has no attribute {quoted(name)}")


@COLLECTION.add("matchkeys", "values:list(any)", "keys:list(any)", "searchset:list(any)")
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


@COLLECTION.add("merge", "...maps:any?~*#", whole=False)
def _merge(*values: CtyValue) -> CtyValue:
    plain = [unmark(value) for value in values]
    hidden = any(marked for value, marked in plain if not is_null(value))
    kinds: list[Type] = []
    for value, _ in plain:
        kind = type_of(value)
        if kind == DYNAMIC:
            return _merged_untyped(plain)
        if not isinstance(kind, MapType | ObjectType):
            raise TerraformError(f"arguments must be maps or objects, got {quoted(friendly(kind))}")
        kinds.append(ObjectType(()) if is_null(value) and isinstance(kind, ObjectType) else kind)
    items: dict[str, CtyValue] = {}
    for value, _ in plain:
        if not is_null(value):
            items.update(value.items)
    if kinds and isinstance(kinds[0], MapType) and all(kind == kinds[0] for kind in kinds):
        return remark(map_(kinds[0].element, items), hidden)
    return remark(object_(items), hidden)


def _merged_untyped(plain: Sequence[tuple[CtyValue, bool]]) -> CtyValue:
    """A literal null among the maps leaves the type open, but not the result."""
    items: dict[str, CtyValue] = {}
    hidden = False
    for value, marked in plain:
        if is_null(value):
            continue
        if not cty.is_mapping(value):
            continue
        items.update(value.items)
        hidden = hidden or marked
    return remark(object_(items), hidden)


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
    return None if isinstance(values, Tuple) else null_of(values.element)


@COLLECTION.add("range", "...params:number", returns="list(number)")
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


@COLLECTION.add("reverse", "list:any~#", whole=False)
def _reverse(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    if isinstance(plain, Tuple):
        return remark(tuple_(reversed(plain.items)), hidden)
    if isinstance(plain, List | Set):
        return remark(list_(plain.element, reversed(plain.items)), hidden)
    raise ArgumentError(0, f"can only reverse list or tuple values, not {friendly(type_of(plain))}")


@COLLECTION.add("slice", "list:any~#", "start_index:number", "end_index:number", whole=False)
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


@COLLECTION.add("sort", "list:list(string)", returns="list(string)", whole=False)
def _sort(values: List) -> CtyValue:
    waiting = first_unknown(values)
    if waiting is not None:
        return list_(STRING, [unknown(waiting, STRING)] * len(values.items))
    if any(is_null(item) for item in values.items):
        raise ArgumentError(0, "given list element is null; a null string cannot be sorted")
    return list_(STRING, sorted(values.items))


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


@COLLECTION.add("transpose", "values:map(list(string))", returns="map(list(string))")
def _transpose(values: Map) -> CtyValue:
    found: dict[str, list[str]] = {}
    for key, items in values.items.items():
        if is_null(items):
            raise TerraformError("input must not contain null list")
        for item in items.items:
            if is_null(item):
                raise TerraformError("input list must not contain null string")
            found.setdefault(item, []).append(key)
    return map_(
        ListType(STRING), {key: list_(STRING, sorted(names)) for key, names in found.items()}
    )


@COLLECTION.add("zipmap", "keys:list(string)~", "values:any~", whole=False)
def _zipmap(keys: CtyValue, values: CtyValue) -> CtyValue:
    names, hidden = unmark(keys)
    plain, hidden_values = unmark(values)
    if not isinstance(plain, List | Tuple):
        raise TerraformError("values argument must be a list or tuple value")
    hidden = hidden or hidden_values or any(unmark(name)[1] for name in names.items)
    waiting = first_unknown(names)
    if waiting is not None:
        kind = MapType(plain.element) if isinstance(plain, List) else DYNAMIC
        return remark(unknown(waiting, kind), hidden)
    if len(names.items) != len(plain.items):
        raise TerraformError(
            f"number of keys ({len(names.items)}) does not match number of values "
            f"({len(plain.items)})"
        )
    pairs: dict[str, Any] = {}
    for place, name in enumerate(names.items):
        if is_null(name):
            raise TerraformError(f"keys list has null value at index {place}")
        pairs[unmark(name)[0]] = plain.items[place]
    if isinstance(plain, List):
        return remark(map_(plain.element, pairs), hidden)
    return remark(object_(pairs), hidden)
