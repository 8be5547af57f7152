"""Functions of numbers: rounding, logarithms and powers, extremes, reading in any base."""

from __future__ import annotations

import math

from iaclint.terraform import number
from iaclint.terraform.cty import CtyValue, TerraformError, quoted
from iaclint.terraform.functions.core import ArgumentError, Family, whole_number

NUMERIC = Family()


@NUMERIC.add("abs", "num:number*", returns="number")
def _abs(value: number.Number) -> CtyValue:
    if not value:
        return 0
    return number.negate(value) if value < 0 else value


@NUMERIC.add("ceil", "num:number", returns="number")
def _ceil(value: number.Number) -> CtyValue:
    return _with_precision(math.ceil(value), value)


@NUMERIC.add("floor", "num:number", returns="number")
def _floor(value: number.Number) -> CtyValue:
    return _with_precision(math.floor(value), value)


def _with_precision(whole: int, like: number.Number) -> CtyValue:
    return like if whole == like else number.rounded(whole, number.precision(like))


@NUMERIC.add("max", "...numbers:number*", returns="number")
def _max(*values: number.Number) -> CtyValue:
    if not values:
        raise TerraformError("must pass at least one number")
    return max(values)


@NUMERIC.add("min", "...numbers:number*", returns="number")
def _min(*values: number.Number) -> CtyValue:
    if not values:
        raise TerraformError("must pass at least one number")
    return min(values)


@NUMERIC.add("log", "num:number", "base:number", returns="number")
def _log(value: number.Number, base: number.Number) -> CtyValue:
    return _double(_divided(_logarithm(float(value)), _logarithm(float(base))))


def _logarithm(value: float) -> float:
    if value < 0:
        return math.nan
    return math.log(value) if value else -math.inf


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    return math.nan if not left or math.isnan(left) else math.copysign(math.inf, left)


def _double(value: float) -> CtyValue:
    try:
        return number.double(value)
    except number.NumberError as error:
        raise TerraformError(str(error)) from error


@NUMERIC.add("pow", "num:number", "power:number", returns="number")
def _pow(value: number.Number, power: number.Number) -> CtyValue:
    try:
        return _double(math.pow(float(value), float(power)))
    except OverflowError:
        return _double(math.inf)
    except ValueError:
        return _double(math.nan if value else math.inf)


@NUMERIC.add("signum", "num:number", returns="number")
def _signum(value: number.Number) -> CtyValue:
    whole = whole_number(value, 0)
    return number.count((whole > 0) - (whole < 0))


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@NUMERIC.add("parseint", "number:any", "base:number", returns="number")
def _parseint(text: CtyValue, base: number.Number) -> CtyValue:
    if not isinstance(text, str):
        raise ArgumentError(0, "first argument must be a string")
    radix = whole_number(base, 1)
    if not 2 <= radix <= 62:
        raise ArgumentError(1, "base must be a whole number between 2 and 62 inclusive")
    sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    value = _digits(digits if radix > 36 else digits.lower(), radix)
    if value is None or len(digits) > 10_000:
        raise ArgumentError(0, f"cannot parse {quoted(text)} as a base {radix} integer")
    return _integer(-value if sign == "-" else value)


def _digits(text: str, radix: int) -> int | None:
    allowed = DIGITS[:radix]
    value = 0
    for char in text:
        place = allowed.find(char)
        if place < 0:
            return None
        value = value * radix + place
    return value if text else None


def _integer(value: int) -> int:
    """Parsed integers have as many bits as they need, and 64 at least."""
    integer = number.Integer(value)
    integer.precision = max(number.COUNT, value.bit_length())
    return integer
