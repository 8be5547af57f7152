"""
Colour and marks of the screen; nothing else in the reports knows an escape sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

from iaclint.finding import Level

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "dim": "2",
    "gutter": "1;34",
    "good": "32",
    "bad": "1;31",
    "open": "33",
}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints when `color` is set; spells marks in ASCII when `plain` is."""

    color: bool = False
    plain: bool = False

    def paint(self, text: str, kind: str) -> str:
        """The text in the colour of its kind."""
        return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if self.color and text else text

    def level(self, level: Level, text: str) -> str:
        """The text in the colour of a level."""
        return self.paint(text, str(level))

    def mark(self, verdict: str) -> str:
        """The mark of a hop: passed, blocked, or not known."""
        text, kind = _MARKS[verdict][self.plain], _KINDS[verdict]
        return self.paint(text, kind)

    @property
    def arrow(self) -> str:
        """What stands between two hops."""
        return "->" if self.plain else "→"

    @property
    def cut(self) -> str:
        """What stands for text that was left out."""
        return "..." if self.plain else "…"


_MARKS = {"allow": ("✓", "ok"), "block": ("✗", "BLOCKED"), "unknown": ("?", "?")}
_KINDS = {"allow": "good", "block": "bad", "unknown": "open"}
