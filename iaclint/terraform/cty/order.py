"""
Building collections, and the order and identity of their elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from iaclint.terraform import number
from iaclint.terraform.cty.kinds import STRING, Type
from iaclint.terraform.cty.values import (
    CtyValue,
    List,
    Map,
    Null,
    Object,
    Sensitive,
    Set,
    Tuple,
    contains_unknown,
    is_null,
    is_number,
    remark,
    unmark_deep,
)
from iaclint.value import Unknown


def tuple_(items: Iterable[CtyValue]) -> Tuple:
    """A tuple of the elements."""
    return Tuple(tuple(items))


def list_(element: Type, items: Iterable[CtyValue]) -> List:
    """A list of elements that already are of the type."""
    return List(element, tuple(items))


def object_(items: Mapping[str, CtyValue] | Iterable[tuple[str, CtyValue]]) -> Object:
    """An object with its attributes in key order."""
    return Object(_sorted(items))


def map_(element: Type, items: Mapping[str, CtyValue] | Iterable[tuple[str, CtyValue]]) -> Map:
    """A map, in key order, of elements that already are of the type."""
    return Map(element, _sorted(items))


def _sorted(items: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    plain = dict(items)
    return MappingProxyType({key: plain[key] for key in sorted(plain)})


def set_(element: Type, items: Iterable[CtyValue]) -> CtyValue:
    """
    A set of elements that already are of the type: duplicates dropped, in Terraform's order. A
    sensitive element makes the whole set sensitive.
    """
    marked = False
    seen: dict[Any, CtyValue] = {}
    for item in items:
        plain, hidden = unmark_deep(item)
        marked = marked or hidden
        key = object() if contains_unknown(plain) else identity(plain)
        seen.setdefault(key, plain)
    return remark(Set(element, tuple(_ordered(list(seen.values()), element))), marked)


def _ordered(items: list[CtyValue], element: Type) -> list[CtyValue]:
    known = [item for item in items if not is_null(item) and not isinstance(item, Unknown)]
    rest = [item for item in items if isinstance(item, Unknown)]
    nulls = [item for item in items if is_null(item)]
    if element == STRING and all(isinstance(item, str) for item in known):
        known.sort(key=lambda text: text.encode("utf-8", "surrogatepass"))
    elif all(map(is_number, known)) or all(isinstance(item, bool) for item in known):
        known.sort()
    else:
        known.sort(key=order_key)
    return known + rest + nulls


def identity(value: CtyValue) -> Any:
    """A hashable key that is the same for equal known values of one type, and only for those."""
    match value:
        case bool() | str():
            return (type(value).__name__, value)
        case int() | Fraction():
            return ("number", Fraction(value))
        case None | Null():
            return ("null",)
        case Unknown():
            return ("unknown", id(value))
        case Sensitive(value=inner):
            return identity(inner)
        case Set(items=items):
            return ("set", frozenset(map(identity, items)))
        case Tuple(items=items) | List(items=items):
            return (type(value).__name__, tuple(map(identity, items)))
    return (type(value).__name__, tuple((k, identity(v)) for k, v in value.items.items()))


def order_key(value: CtyValue) -> bytes:
    """What orders the elements of a set that are neither texts, numbers nor truth values."""
    return _order_text(value).encode("utf-8", "surrogatepass")


def _order_text(value: CtyValue) -> str:
    match value:
        case Sensitive(value=inner):
            return _order_text(inner)
        case Unknown():
            return "?"
        case None | Null():
            return "~"
        case bool():
            return "T" if value else "F"
        case str():
            return quoted(value)
        case int() | Fraction():
            return number.scientific(value)
        case Map(items=items):
            inner = "".join(f"{quoted(k)}:{_order_text(v)};" for k, v in items.items())
            return f"{{{inner}}}"
        case List(items=items) | Set(items=items):
            return f"[{''.join(_order_text(item) + ';' for item in items)}]"
        case Tuple(items=items):
            return f"<{''.join(_order_text(item) + ';' for item in items)}>"
    return f"<{''.join(_order_text(item) + ';' for item in value.items.values())}>"


_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def quoted(text: str) -> str:
    """The text in double quotes as Go's `%q` writes it; messages of Terraform use it too."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
