"""Functions of time: `formatdate`, `timeadd`, `timecmp`, and those that ask the clock."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from iaclint.terraform import number
from iaclint.terraform.cty import CtyValue, TerraformError, quoted
from iaclint.terraform.functions.core import ArgumentError, Family
from iaclint.value import Unknown

DATES = Family()

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII
)


def parse_timestamp(text: str) -> datetime:
    """
    A point in time from its RFC 3339 text.

    Raises `TerraformError` when it is none.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise TerraformError(f"not a valid RFC3339 timestamp: cannot use {quoted(text)}")
    zone: timezone = UTC
    if match[8] != "Z":
        hours, minutes = int(match[8][1:3]), int(match[8][4:])
        if hours > 23 or minutes > 59:
            raise TerraformError("not a valid RFC3339 timestamp: UTC offset out of range")
        offset = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-offset if match[8][0] == "-" else offset)
    try:
        fields = [int(match[place]) for place in range(1, 7)]
        return datetime(*fields, int((match[7] or "0")[:6].ljust(6, "0")), tzinfo=zone)  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise TerraformError(f"not a valid RFC3339 timestamp: {error}") from error


def _offset(moment: datetime, colon: str) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{colon}{abs(minutes) % 60:02d}"


def shown(moment: datetime) -> str:
    """A point in time as RFC 3339 text without fractions of a second."""
    zone = _offset(moment, ":")
    return (
        f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T{moment.hour:02d}:"
        f"{moment.minute:02d}:{moment.second:02d}{'Z' if zone == '+00:00' else zone}"
    )


@DATES.add("timestamp", returns="string")
def _timestamp() -> CtyValue:
    return Unknown("timestamp() gives the time of the run", type="string")


@DATES.add("plantimestamp", returns="string")
def _plantimestamp() -> CtyValue:
    return Unknown("plantimestamp() gives the time of the run", type="string")


@DATES.add("timecmp", "timestamp_a:string", "timestamp_b:string", returns="number")
def _timecmp(left: str, right: str) -> CtyValue:
    moments = []
    for place, text in enumerate((left, right)):
        try:
            moments.append(parse_timestamp(text))
        except TerraformError as error:
            raise ArgumentError(place, error.message) from error
    return number.count((moments[0] > moments[1]) - (moments[0] < moments[1]))


_UNITS = {
    "ns": Fraction(1, 10**9), "us": Fraction(1, 10**6), "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60),
    "h": Fraction(3600),
}  # fmt: skip
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)


def _seconds(text: str) -> Fraction:
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") else ("+", text)
    total = Fraction(0)
    place = 0
    while match := _DURATION.match(rest, place):
        total += Fraction(match[1]) * _UNITS[match[2]]
        place = match.end()
    if place != len(rest) or (not rest):
        raise TerraformError(f"time: invalid duration {quoted(text)}")
    return -total if sign == "-" else total


@DATES.add("timeadd", "timestamp:string", "duration:string", returns="string")
def _timeadd(timestamp: str, duration: str) -> CtyValue:
    moment = parse_timestamp(timestamp)
    seconds = Fraction(0) if duration in ("0", "+0", "-0") else _seconds(duration)
    try:
        return shown(moment + timedelta(microseconds=int(seconds * 10**6)))
    except OverflowError as error:
        raise TerraformError("the result is outside the years 1 to 9999") from error


_TOKEN = re.compile(r"''|'(?:[^']|'')*'|'.*|([A-Za-z])\1*|[^A-Za-z']+", re.DOTALL)


@DATES.add("formatdate", "format:string", "time:string", returns="string")
def _formatdate(text: str, timestamp: str) -> CtyValue:
    try:
        moment = parse_timestamp(timestamp)
    except TerraformError as error:
        raise ArgumentError(1, error.message) from error
    pieces: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "''":
            pieces.append("'")
        elif token.startswith("'"):
            if len(token) < 2 or not token.endswith("'"):
                raise ArgumentError(0, "unterminated literal '")
            pieces.append(token[1:-1].replace("''", "'"))
        elif token[0].isalpha():
            pieces.append(_field(token, moment))
        else:
            pieces.append(token)
    return "".join(pieces)


def _field(token: str, moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    zone = _offset(moment, "")
    known = {
        "YY": f"{moment.year % 100:02d}", "YYYY": f"{moment.year:04d}",
        "M": str(moment.month), "MM": f"{moment.month:02d}",
        "MMM": calendar.month_name[moment.month][:3], "MMMM": calendar.month_name[moment.month],
        "D": str(moment.day), "DD": f"{moment.day:02d}",
        "EEE": calendar.day_name[moment.weekday()][:3],
        "EEEE": calendar.day_name[moment.weekday()],
        "h": str(moment.hour), "hh": f"{moment.hour:02d}", "H": str(hour), "HH": f"{hour:02d}",
        "AA": "AM" if moment.hour < 12 else "PM", "aa": "am" if moment.hour < 12 else "pm",
        "m": str(moment.minute), "mm": f"{moment.minute:02d}",
        "s": str(moment.second), "ss": f"{moment.second:02d}",
        "Z": "Z" if zone == "+0000" else _offset(moment, ":"),
        "ZZZ": "UTC" if zone == "+0000" else zone, "ZZZZ": zone, "ZZZZZ": _offset(moment, ":"),
    }  # fmt: skip
    if token not in known:
        raise ArgumentError(0, f"invalid date format verb {quoted(token)}")
    return known[token]
