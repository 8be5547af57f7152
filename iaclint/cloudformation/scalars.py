"""
Plain scalars as YAML 1.1 reads them, which is how CloudFormation does: `no` is false, `0777` is
511, `22:22` is 1342.

https://yaml.org/type/
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from iaclint.value import Primitive

_TAG = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "yes", "on"})


def primitive(tag: str, text: str) -> Primitive:
    """A plain YAML 1.1 scalar of the given tag; dates and what cannot be read stay text."""
    read = _SCALARS.get(tag.removeprefix(_TAG))
    if read is None:
        return text
    try:
        return read(text)
    except (ValueError, OverflowError, ZeroDivisionError):
        return text


def _whole(text: str) -> int:
    """Binary, octal (`0777`), hexadecimal, sexagesimal (`22:22`), with `_` anywhere."""
    digits = text.replace("_", "")
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    if ":" in digits:
        number = 0
        for part in digits.split(":"):
            number = number * 60 + int(part)
        return sign * number
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    if len(digits) > 1 and digits[0] == "0":
        return sign * int(digits, 8)
    return sign * int(digits)


def _number(text: str) -> Primitive:
    digits = text.replace("_", "").lower()
    if "inf" in digits or "nan" in digits:
        return text
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    if len(digits) > 40:
        return text
    number = Fraction(0)
    for part in digits.split(":"):
        _, _, exponent = part.partition("e")
        if exponent and abs(int(exponent)) > 400:
            return text
        number = number * 60 + Fraction(part)
    return sign * number


_SCALARS: dict[str, Callable[[str], Primitive]] = {
    "int": _whole,
    "float": _number,
    "bool": lambda text: text.lower() in _TRUE,
    "null": lambda text: None,
}


def as_text(value: Primitive) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
