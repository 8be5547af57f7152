"""
Functions of maps and objects: `keys`, `lookup`, `merge`, `zipmap`, …
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iaclint.terraform import cty, types
from iaclint.terraform.cty import (
    DYNAMIC,
    STRING,
    CtyValue,
    List,
    ListType,
    Map,
    MapType,
    Object,
    ObjectType,
    TerraformError,
    Tuple,
    Type,
    first_unknown,
    friendly,
    is_null,
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
    ArgumentError,
    Family,
)
from iaclint.value import Unknown

MAPPING = Family()


@MAPPING.add("keys", "inputMap:any!~", whole=False)
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


@MAPPING.add("values", "mapping:any~#", whole=False)
def _values(value: CtyValue) -> CtyValue:
    plain, hidden = unmark(value)
    if isinstance(plain, Object):
        return remark(tuple_(plain.items.values()), hidden)
    if isinstance(plain, Map):
        return remark(list_(plain.element, plain.items.values()), hidden)
    raise TerraformError("values() requires a map as the first argument")


@MAPPING.add("lookup", "inputMap:any!~", "key:string!~", "...default:any?!~*", whole=False)
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


@MAPPING.add("merge", "...maps:any?~*#", whole=False)
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


@MAPPING.add("transpose", "values:map(list(string))", returns="map(list(string))")
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


@MAPPING.add("zipmap", "keys:list(string)~", "values:any~", whole=False)
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
