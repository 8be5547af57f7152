"""`format` and `formatlist`: verbs as Terraform has them, numbers printed as Go prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from iaclint.terraform import cty, number, types
from iaclint.terraform.cty import (
    BOOL,
    NUMBER,
    STRING,
    CtyValue,
    ListType,
    SetType,
    TerraformError,
    TupleType,
    first_unknown,
    is_null,
    is_number,
    is_sequence,
    list_,
    quoted,
    to_json,
    type_of,
    unknown,
)
from iaclint.terraform.functions.core import MAXIMUM_TEXT, ArgumentError, Family
from iaclint.terraform.functions.grapheme import graphemes
from iaclint.terraform.functions.text import joined
from iaclint.value import Unknown

FORMAT = Family()

_VERB = re.compile(
    r"%(?P<flags>[ #+\-0]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<index>[1-9][0-9]*)\])?(?P<mode>[a-zA-Z%])"
)
MAXIMUM_WIDTH = 100_000


@dataclass(frozen=True, slots=True)
class Verb:
    """One `%…` sequence."""

    raw: str
    offset: int
    mode: str
    flags: str
    width: int
    precision: int | None

    def refuse(self, message: str) -> TerraformError:
        """The error for a value that this verb cannot print."""
        return TerraformError(
            f"unsupported value for {quoted(self.raw)} at {self.offset}: {message}"
        )


@FORMAT.add("format", "format:string", "...args:any?!", returns="string", whole=False)
def _format(text: str, *args: CtyValue) -> CtyValue:
    return formatted(text, args)


@FORMAT.add("formatlist", "format:string", "...args:any?!", returns="list(string)", whole=False)
def _formatlist(text: str, *args: CtyValue) -> CtyValue:
    if not args:
        return list_(STRING, [formatted(text, ())])
    waiting: Unknown | None = None
    length: tuple[int, int] | None = None
    for place, value in enumerate(args):
        if not isinstance(type_of(value), ListType | SetType | TupleType) or is_null(value):
            continue
        count = cty.length(value)
        if isinstance(value, Unknown) or isinstance(count, Unknown):
            waiting = waiting or first_unknown(value)
        if isinstance(count, Unknown):
            continue
        if length is None:
            length = (place, count)
        elif count != length[1]:
            raise ArgumentError(
                place + 1,
                f"argument {place + 1} has length {count}, which is inconsistent with argument "
                f"{length[0] + 1} of length {length[1]}",
            )
    if waiting is not None:
        return unknown(waiting, ListType(STRING))
    rows = 1 if length is None else length[1]
    return list_(STRING, [formatted(text, _row(args, row)) for row in range(rows)])


def _row(args: Sequence[CtyValue], row: int) -> list[CtyValue]:
    return [value.items[row] if is_sequence(value) else value for value in args]


def formatted(text: str, args: Sequence[CtyValue]) -> CtyValue:
    """
    The text with its verbs replaced; unknown when an argument is, with the known parts kept.

    Raises `TerraformError` with Terraform's message for a wrong verb, value or number of values.
    """
    pieces: list[str | Unknown] = []
    position = 0
    following, highest, length = 1, 0, 0
    doubt = next(filter(None, map(first_unknown, args)), None)
    while (start := text.find("%", position)) >= 0:
        pieces.append(text[position:start])
        verb, index = _verb(text, start)
        position = start + len(verb.raw)
        if verb.mode == "%":
            pieces.append("%")
            continue
        index = index or following
        following = index + 1
        highest = max(highest, index)
        if index > len(args):
            raise TerraformError(
                f"not enough arguments for {quoted(verb.raw)} at {start}: need index {index} but "
                f"have {len(args)} total"
            )
        pieces.append(_piece(verb, args[index - 1], doubt))
        length += len(pieces[-1]) if isinstance(pieces[-1], str) else 0
        if length > MAXIMUM_TEXT:
            raise TerraformError("the result would be too long")
    pieces.append(text[position:])
    if highest < len(args):
        raise TerraformError(
            "too many arguments; "
            + (f"only {highest} used by format string" if highest else "no verbs in format string")
        )
    return joined([piece for piece in pieces if piece != ""] or [""])


def _verb(text: str, start: int) -> tuple[Verb, int]:
    match = _VERB.match(text, start)
    if match is None:
        if start + 1 >= len(text):
            raise TerraformError(f"invalid format string starting at offset {start}")
        raise TerraformError(
            f"unrecognized format character {text[start + 1]!r} at offset {start + 1}"
        )
    width = int(match["width"] or -1)
    precision = None if match["precision"] is None else int(match["precision"] or 0)
    if max(width, precision or 0) > MAXIMUM_WIDTH:
        raise TerraformError(f"the width in {quoted(match[0])} is too large")
    verb = Verb(match[0], start, match["mode"], match["flags"], width, precision)
    return verb, int(match["index"] or 0)


def _piece(verb: Verb, value: CtyValue, doubt: Unknown | None) -> str | Unknown:
    waiting = first_unknown(value)
    if waiting is not None:
        return waiting
    if doubt is not None:
        # The whole is unknown anyway: what cannot be printed is only found out later.
        try:
            return _printed(verb, value)
        except TerraformError:
            return doubt
    return _printed(verb, value)


def _printed(verb: Verb, value: CtyValue) -> str:
    if verb.mode not in "vtbdoxXeEfgGsq":
        raise TerraformError(
            f"unsupported format verb {verb.mode!r} in {quoted(verb.raw)} at offset {verb.offset}"
        )
    if verb.mode == "v":
        return _default(verb, value)
    if is_null(value):
        raise verb.refuse("null value cannot be formatted")
    wanted = {"t": BOOL, "s": STRING, "q": STRING}.get(verb.mode, NUMBER)
    try:
        converted = types.convert(value, wanted)
    except TerraformError as error:
        raise verb.refuse(error.message) from error
    if verb.mode == "t":
        return "true" if converted else "false"
    if verb.mode in "sq":
        return _string(verb, converted)
    return _number(verb, converted)


def _default(verb: Verb, value: CtyValue) -> str:
    if "#" not in verb.flags:
        if isinstance(value, str):
            return _padded(verb, value)
        if is_number(value):
            return _padded(verb, general(value, None))
    return _padded(verb, to_json(value))


def _string(verb: Verb, text: str) -> str:
    if verb.precision:
        text = "".join(graphemes(text)[: verb.precision])
    return _padded(verb, to_json(text) if verb.mode == "q" else text)


def _padded(verb: Verb, text: str) -> str:
    missing = verb.width - len(graphemes(text)) if verb.width > 0 else 0
    if missing <= 0:
        return text
    pad = ("0" if "0" in verb.flags else " ") * missing
    return text + pad if "-" in verb.flags else pad + text


def _number(verb: Verb, value: number.Number) -> str:
    negative = value < 0 or number.text(value) == "-0"
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if verb.mode in "bdoxX":
        if value.denominator != 1:
            raise verb.refuse("an integer is required")
        sign = "" if negative and not value else sign
        return _aligned(verb, sign, *_integer(verb, abs(int(value))))
    return _aligned(verb, sign, "", _float(verb, value), zeros="0" in verb.flags)


def _integer(verb: Verb, value: int) -> tuple[str, str]:
    prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb.mode, "")
    digits = format(value, verb.mode)
    if verb.precision is not None:
        digits = "" if not verb.precision and not value else digits.zfill(verb.precision)
    return prefix if "#" in verb.flags else "", digits


def _aligned(verb: Verb, sign: str, prefix: str, digits: str, zeros: bool | None = None) -> str:
    whole = sign + prefix + digits
    missing = verb.width - len(whole)
    if missing <= 0:
        return whole
    if zeros is None:
        zeros = "0" in verb.flags and verb.precision is None and "-" not in verb.flags
    if zeros:
        return sign + prefix + "0" * missing + digits
    return whole + " " * missing if "-" in verb.flags else " " * missing + whole


def _float(verb: Verb, value: number.Number) -> str:
    exact = abs(Fraction(value))
    if verb.mode == "f":
        return fixed(exact, 6 if verb.precision is None else verb.precision)
    if verb.mode in "eE":
        printed = exponential(exact, 6 if verb.precision is None else verb.precision)
    else:
        printed = general(exact, verb.precision, number.precision(value))
    return printed.upper() if verb.mode in "EG" else printed


def fixed(value: Fraction, places: int) -> str:
    """A number of zero or more with so many digits behind the point."""
    scaled = str(round(value * 10**places)).rjust(places + 1, "0")
    return f"{scaled[:-places]}.{scaled[-places:]}" if places else scaled


def exponential(value: Fraction, places: int) -> str:
    """A number of zero or more as `d.ddde±dd`."""
    if not value:
        return f"0{'.' if places else ''}{'0' * places}e+00"
    digits, point = _significant(value, places + 1)
    return _with_exponent(digits.ljust(places + 1, "0"), point)


def _with_exponent(digits: str, point: int) -> str:
    exponent = point - 1
    head = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{head}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _significant(value: Fraction, count: int) -> tuple[str, int]:
    """So many leading digits, correctly rounded, and the place of the point."""
    estimate = len(str(value.numerator)) - len(str(value.denominator))
    for point in (estimate, estimate + 1):
        scaled = round(value * Fraction(10) ** (count - point))
        if len(str(scaled)) == count:
            return str(scaled), point
        if scaled == 10**count:
            return str(scaled // 10), point + 1
    return str(scaled), point


def general(value: number.Number, precision: int | None, bits: int | None = None) -> str:
    """A number as `%g` prints it: the shortest digits, or so many significant ones."""
    sign = "-" if value < 0 or (not value and number.text(value) == "-0") else ""
    exact = abs(Fraction(value))
    if not exact:
        return sign + "0"
    if precision is None:
        digits, point = number.shortest(exact, bits or number.precision(value))
        limit = 6
    else:
        digits, point = _significant(exact, precision or 1)
        digits = digits.rstrip("0")
        limit = precision or 1
        if limit > len(digits) >= point:
            limit = len(digits)
    if not -4 <= point - 1 < limit:
        return sign + _with_exponent(digits, point)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"
