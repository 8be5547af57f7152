"""
The line fingerprint by which GitHub recognises an alert after lines moved.

GitHub hashes, from the start of the line on, the first 100 UTF-16 units that are neither space nor
tab, with line ends as a line feed and 65535 for the end of the file; equal hashes in one file are
counted. https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

BLOCK = 100
FACTOR = 37
MASK = (1 << 64) - 1
END = 65535
_SKIPPED = (0x20, 0x09)
_LINE_FEED = 0x0A


def line_hashes(text: str) -> dict[int, str]:
    """The value of `primaryLocationLineHash` for each line of a text with `\\n` line ends."""
    units, starts = _units(text)
    prefix = [0]
    for unit in (*units, *([0] * BLOCK)):
        prefix.append((prefix[-1] * FACTOR + unit) & MASK)
    power = pow(FACTOR, BLOCK, 1 << 64)
    seen: Counter[str] = Counter()
    hashes = {}
    for line, start in enumerate(starts, 1):
        value = f"{(prefix[start + BLOCK] - prefix[start] * power) & MASK:x}"
        seen[value] += 1
        hashes[line] = f"{value}:{seen[value]}"
    return hashes


def _units(text: str) -> tuple[list[int], list[int]]:
    """The units that count, and at which of them each line starts."""
    units: list[int] = []
    starts: list[int] = []
    fresh = True
    for unit in (*_utf16(text), END):
        if unit in _SKIPPED:
            continue
        if fresh:
            starts.append(len(units))
        fresh = unit == _LINE_FEED
        units.append(unit)
    return units, starts


def _utf16(text: str) -> Iterable[int]:
    if text.isascii():
        return text.encode()
    order = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
    return memoryview(text.encode(order, "surrogatepass")).cast("H")
