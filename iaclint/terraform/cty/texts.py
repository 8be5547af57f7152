"""
Values as texts and as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from iaclint.terraform import number
from iaclint.terraform.cty.error import TerraformError
from iaclint.terraform.cty.inspect import kind_name
from iaclint.terraform.cty.order import object_, tuple_
from iaclint.terraform.cty.values import (
    CtyValue,
    List,
    Map,
    Null,
    Object,
    Sensitive,
    Set,
    Tuple,
    string,
)
from iaclint.value import Unknown


def text(value: CtyValue) -> str:
    """The text of a known text, number or truth value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | Fraction):
        return number.text(value)
    raise TerraformError(f"string required, but have {kind_name(value)}")


_JSON_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
}  # fmt: skip


_JSON_TABLE = str.maketrans(
    {code: f"\\u{code:04x}" for code in range(32)} | {ord(c): e for c, e in _JSON_ESCAPES.items()}
)


def json_text(text: str) -> str:
    """The text as a JSON string, escaped as Terraform does (also `<`, `>` and `&`)."""
    return f'"{text.translate(_JSON_TABLE)}"'


def to_json(value: CtyValue, doubt: Callable[[Unknown], str] | None = None) -> str:
    """
    The value as `jsonencode` writes it. Marks are passed over. `doubt` writes what stands for an
    unknown.

    Raises `TerraformError` for an unknown when there is no `doubt`.
    """
    match value:
        case None | Null():
            return "null"
        case bool() | int() | Fraction():
            return text(value)
        case str():
            return json_text(value)
        case Sensitive(value=inner):
            return to_json(inner, doubt)
        case Unknown():
            if doubt is None:
                raise TerraformError(f"value is not known: {value.reason}")
            return doubt(value)
        case Tuple(items=items) | List(items=items) | Set(items=items):
            return f"[{','.join(to_json(item, doubt) for item in items)}]"
        case Object(items=mapping) | Map(items=mapping):
            pairs = (f"{json_text(key)}:{to_json(item, doubt)}" for key, item in mapping.items())
            return f"{{{','.join(pairs)}}}"
    raise TypeError(f"not a Terraform value: {value!r}")


def from_plain(value: Any) -> CtyValue:
    """
    The value of plain Python data (from JSON): dicts become objects, lists tuples, floats exact
    decimals of their shortest text.
    """
    match value:
        case None | bool() | int() | Fraction():
            return value
        case str():
            return string(value)
        case float():
            return number.parse(repr(value))
        case dict():
            return object_({string(str(key)): from_plain(item) for key, item in value.items()})
        case list() | tuple():
            return tuple_(map(from_plain, value))
    raise TypeError(f"no Terraform value for {type(value).__name__}")
