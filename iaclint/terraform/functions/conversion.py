"""Functions that convert or mark values: `tostring` and its kin, `sensitive` and its kin."""

from __future__ import annotations

from iaclint.terraform import types
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    ListType,
    MapType,
    Sensitive,
    SetType,
    TerraformError,
    Type,
    friendly,
    friendly_constraint,
    map_,
    quoted,
    sensitive,
    tuple_,
    type_of,
    unknown,
    unmark,
    unmark_deep,
)
from iaclint.terraform.functions.core import ArgumentError, Family
from iaclint.value import Unknown

CONVERSION = Family()

TARGETS: dict[str, Type] = {
    "tostring": STRING,
    "tonumber": NUMBER,
    "tobool": BOOL,
    "tolist": ListType(DYNAMIC),
    "toset": SetType(DYNAMIC),
    "tomap": MapType(DYNAMIC),
}


def _to(target: Type, value: CtyValue) -> CtyValue:
    try:
        return types.convert(value, target)
    except TerraformError:
        raise ArgumentError(0, _refusal(target, value)) from None


def _refusal(target: Type, value: CtyValue) -> str:
    plain, hidden = unmark_deep(value)
    source = type_of(plain)
    if hidden:
        return f"cannot convert this sensitive {friendly(source)} to {friendly_constraint(target)}"
    if isinstance(plain, str) and target == BOOL:
        return (
            f"cannot convert {quoted(plain)} to bool; only the strings "
            '"true" or "false" are allowed'
        )
    if isinstance(plain, str) and target == NUMBER:
        return (
            f"cannot convert {quoted(plain)} to number; given string must be a decimal "
            "representation of a number"
        )
    return f"cannot convert {friendly(source)} to {friendly_constraint(target)}"


def _register(name: str, target: Type) -> None:
    CONVERSION.add(name, "v:any?!~*", whole=False)(lambda value: _to(target, value))


for _name, _target in TARGETS.items():
    _register(_name, _target)


@CONVERSION.add("list", "...vals:any?!~*", whole=False)
def _list(*values: CtyValue) -> CtyValue:
    return _to(ListType(DYNAMIC), tuple_(values))


@CONVERSION.add("map", "...vals:any?!~*", whole=False)
def _map(*values: CtyValue) -> CtyValue:
    if len(values) % 2:
        raise TerraformError("an even number of arguments is required")
    keys = [types.convert(unmark(key)[0], STRING) for key in values[::2]]
    for key in keys:
        if isinstance(key, Unknown):
            return unknown(key, MapType(DYNAMIC))
    if not keys:
        return map_(STRING, {})
    element, items = types.common_type(values[1::2])
    return map_(element, zip(keys, items, strict=True))


@CONVERSION.add("sensitive", "value:any?!~*", whole=False)
def _sensitive(value: CtyValue) -> CtyValue:
    return sensitive(value)


@CONVERSION.add("nonsensitive", "value:any?!~*", whole=False)
def _nonsensitive(value: CtyValue) -> CtyValue:
    return unmark(value)[0]


@CONVERSION.add("issensitive", "value:any?!~*", returns="bool", whole=False)
def _issensitive(value: CtyValue) -> CtyValue:
    if isinstance(value, Sensitive):
        return True
    return unknown(value, BOOL) if isinstance(value, Unknown) else False


@CONVERSION.add("ephemeralasnull", "value:any?!~*", whole=False)
def _ephemeralasnull(value: CtyValue) -> CtyValue:
    return value
