"""
Terraform's numbers: exact ones, and binary floating point with the precision each result has.

Terraform computes with arbitrary-precision binary floats: 512 bits for what is written in the
configuration, 64 for counts and indexes that functions return, 53 for `log` and `pow`. A plain
`int` or `Fraction` here has 512 bits; `Integer` and `Real` carry another precision, which shows in
how a quotient is rounded and how a value is printed.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TypeAlias

PRECISION = 512
COUNT = 64
DOUBLE = 53
MAXIMUM_EXPONENT = 5000


class Integer(int):
    """A whole number with its own precision in bits; `negative` for the zero written `-0`."""

    precision: int = PRECISION
    negative: bool = False


class Real(Fraction):
    """A fractional number with its own precision in bits."""

    __slots__ = ("precision",)
    precision: int


Number: TypeAlias = int | Fraction

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class NumberError(ValueError):
    """A text that is no number, a number too large to handle, or a division by zero."""


def precision(number: Number) -> int:
    """The bits of mantissa a number has."""
    return getattr(number, "precision", PRECISION)


def rounded(number: Number, bits: int = PRECISION) -> Number:
    """The nearest number with a mantissa of that many bits, ties to even."""
    top, bottom = number.numerator, number.denominator
    if bottom == 1 and abs(top).bit_length() <= bits:
        return _carry(top, bits)
    shift = abs(top).bit_length() - bottom.bit_length() - bits
    while True:
        scaled = Fraction(top, bottom << shift) if shift >= 0 else Fraction(top << -shift, bottom)
        mantissa = round(scaled)
        length = abs(mantissa).bit_length()
        if (
            length == bits
            or mantissa == 0
            or (length == bits + 1 and mantissa & (mantissa - 1) == 0)
        ):
            break
        shift += 1 if length > bits else -1
    exact = Fraction(mantissa << shift) if shift >= 0 else Fraction(mantissa, 1 << -shift)
    return _carry(exact, bits)


def _carry(exact: Number, bits: int) -> Number:
    whole = exact.denominator == 1
    if bits == PRECISION:
        return int(exact) if whole else Fraction(exact)
    if whole:
        integer = Integer(exact)
        integer.precision = bits
        return integer
    real = Real(exact)
    real.precision = bits
    return real


def count(number: int) -> int:
    """A whole number as functions return counts and indexes: with 64 bits."""
    integer = Integer(number)
    integer.precision = COUNT
    return integer


def double(value: float) -> Number:
    """
    A number from double-precision arithmetic.

    Raises `NumberError` for what is not a finite number.
    """
    if math.isnan(value):
        raise NumberError("the result is not a number")
    if math.isinf(value):
        raise NumberError("the result is infinite")
    number = rounded(Fraction(value), DOUBLE)
    if not value and math.copysign(1, value) < 0:
        return _negative_zero(DOUBLE)
    return number


def _negative_zero(bits: int) -> int:
    zero = Integer(0)
    zero.precision = bits
    zero.negative = True
    return zero


def parse(text: str) -> Number:
    """
    The number a decimal text stands for, rounded to 512 bits as Terraform does.

    Raises `NumberError` for a text that is not a decimal number or whose exponent is out of reach.
    """
    if not _DECIMAL.fullmatch(text):
        raise NumberError("a number is required")
    digits, _, exponent = text.lower().partition("e")
    if len(exponent) > 6 or abs(int(exponent or 0)) > MAXIMUM_EXPONENT or len(digits) > 10_000:
        raise NumberError("the number is too large or too small")
    number = rounded(Fraction(text))
    if not number and text.startswith("-"):
        return _negative_zero(PRECISION)
    return number


def add(left: Number, right: Number) -> Number:
    """The sum, with the larger precision of the two."""
    bits = max(precision(left), precision(right))
    return rounded(_exact(left) + _exact(right), bits)


def subtract(left: Number, right: Number) -> Number:
    """The difference, with the larger precision of the two."""
    bits = max(precision(left), precision(right))
    return rounded(_exact(left) - _exact(right), bits)


def multiply(left: Number, right: Number) -> Number:
    """The product: as many bits as it needs, at least the larger precision, at most 512."""
    exact = rounded(_exact(left) * _exact(right))
    bits = max(precision(left), precision(right), _needed(exact))
    product = rounded(exact, bits)
    if not product and _signed(left) != _signed(right):
        return _negative_zero(bits)
    return product


def divide(left: Number, right: Number) -> Number:
    """The quotient, with the larger precision. Raises `NumberError` for a division by zero."""
    if not right:
        raise NumberError("division by zero")
    bits = max(precision(left), precision(right))
    return rounded(Fraction(left) / Fraction(right), bits)


def modulo(left: Number, right: Number) -> Number:
    """The remainder with the sign of the dividend. Raises `NumberError` for a zero divisor."""
    if not right:
        raise NumberError("division by zero")
    quotient = _exact(divide(left, right))
    whole = abs(quotient.numerator) // quotient.denominator * (1 if quotient > 0 else -1)
    bits = max(precision(left), abs(whole).bit_length(), COUNT)
    product = rounded(whole * _exact(right), bits)
    return rounded(_exact(left) - _exact(product), max(bits, precision(left)))


def negate(number: Number) -> Number:
    """The number with the other sign; zero becomes the `-0` Terraform prints."""
    if not number and not _signed(number):
        return _negative_zero(precision(number))
    return _carry(-_exact(number), precision(number))


def _signed(number: Number) -> bool:
    return number < 0 or (isinstance(number, Integer) and number.negative)


def _exact(number: Number) -> Number:
    return int(number) if isinstance(number, int) else Fraction(number)


def _needed(number: Number) -> int:
    top = abs(number.numerator)
    return (top >> ((top & -top).bit_length() - 1)).bit_length() if top else 0


def text(number: Number) -> str:
    """The shortest decimal that reads back as the same number at its precision, never with `e`."""
    if isinstance(number, Integer) and number.negative and not number:
        return "-0"
    bits = precision(number)
    if number.denominator == 1 and abs(number.numerator).bit_length() <= min(bits, 62):
        return str(int(number))
    sign = "-" if number < 0 else ""
    digits, point = shortest(abs(Fraction(number)), bits)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def shortest(number: Number, bits: int) -> tuple[str, int]:
    """Shortest digits and the place of the decimal point, for a number above zero."""
    top, bottom = number.numerator, number.denominator
    shift = top.bit_length() - bits - (bottom.bit_length() - 1)
    half = Fraction(1 << shift) / 2 if shift >= 0 else Fraction(1, 1 << (1 - shift))
    inclusive = (Fraction(number) / (half * 2)).numerator % 2 == 0
    digits, point = decimal(number)
    lower, _ = decimal(number - half)
    upper, _ = decimal(number + half)
    for place, digit in enumerate(digits):
        low = lower[place] if place < len(lower) else "0"
        high = upper[place] if place < len(upper) else "0"
        down = low != digit or (inclusive and place + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or place + 1 < len(upper))
        if down or up:
            return _cut(digits, point, place + 1, None if down and up else up)
    return digits, point


def decimal(number: Number) -> tuple[str, int]:
    """All digits of a number above zero whose denominator is a power of two, and the point."""
    places = number.denominator.bit_length() - 1
    digits = str(number.numerator * 5**places)
    point = len(digits) - places
    return digits.rstrip("0"), point


def _cut(digits: str, point: int, length: int, up: bool | None) -> tuple[str, int]:
    kept, rest = digits[:length], digits[length:]
    if up is None:
        odd = int(kept[-1]) % 2 == 1
        up = rest[:1] > "5" or (rest[:1] == "5" and (len(rest) > 1 or odd))
    if not up:
        return kept.rstrip("0"), point
    raised = str(int(kept) + 1)
    return raised.rstrip("0"), point + (len(raised) - len(kept))


def scientific(number: Number, digits: int = 10) -> str:
    """The number with so many significant digits, as `%g`-like text that orders sets of objects."""
    if not number:
        return "0"
    sign = "-" if number < 0 else ""
    all_digits, point = decimal(abs(Fraction(number)))
    if len(all_digits) > digits:
        all_digits, point = _cut(all_digits, point, digits, None)
    exponent = point - 1
    if exponent < -4 or exponent >= digits:
        head = all_digits[0] + ("." + all_digits[1:] if len(all_digits) > 1 else "")
        return f"{sign}{head}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{all_digits}"
    if len(all_digits) <= point:
        return sign + all_digits + "0" * (point - len(all_digits))
    return f"{sign}{all_digits[:point]}.{all_digits[point:]}"
