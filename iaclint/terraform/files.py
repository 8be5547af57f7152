"""
One space of positions for all files of a session, and the way back to lines and columns.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from iaclint.source import Span


@dataclass(slots=True)
class Files:
    """Every text that was parsed: a position in it is the file's base plus the offset."""

    _bases: list[int] = field(default_factory=lambda: [0])
    _names: list[str] = field(default_factory=lambda: [""])
    _lines: list[list[int]] = field(default_factory=lambda: [[0]])
    _instead: list[Span | None] = field(default_factory=lambda: [None])
    _next: int = 1

    def add(self, name: str, text: str, instead: Span | None = None) -> int:
        """
        Make room for a text; the answer is its base. `instead` is the one place to show for all of
        a text that is not the user's.
        """
        base = self._next
        starts = [0]
        place = text.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = text.find("\n", place + 1)
        self._bases.append(base)
        self._names.append(name)
        self._lines.append(starts)
        self._instead.append(instead)
        self._next = base + len(text) + 2
        return base

    def name(self, position: int) -> str:
        """The file a position lies in."""
        return self._names[bisect_right(self._bases, position) - 1]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        index = bisect_right(self._bases, position) - 1
        offset = position - self._bases[index]
        starts = self._lines[index]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span between two positions of one file."""
        instead = self._instead[bisect_right(self._bases, start) - 1]
        if instead is not None:
            return instead
        line, column = self.place(start)
        end_line, end_column = self.place(max(end, start))
        return Span(self.name(start), line, column, end_line, end_column)
