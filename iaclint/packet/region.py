"""
Sets of points in a space of whole numbers, kept as disjoint boxes.

One dimension is a set of addresses; two are addresses × ports, which is what a stateless access
list decides about. All operations are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
"""First and last number, both inclusive."""

Box: TypeAlias = tuple[Interval, ...]
"""One interval a dimension."""


@dataclass(frozen=True, slots=True)
class Region:
    """A set of points. Build it with `Region.of`, which makes any boxes disjoint."""

    boxes: tuple[Box, ...] = ()

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> Region:
        """The union of boxes that may overlap."""
        result = cls()
        for box in boxes:
            result = result | cls((box,))
        return result

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes)

    def __contains__(self, point: tuple[int, ...]) -> bool:
        return any(
            all(first <= n <= last for n, (first, last) in zip(point, box, strict=True))
            for box in self.boxes
        )

    def __and__(self, other: Region) -> Region:
        if self.boxes == other.boxes:
            return self
        met = (_meet(mine, theirs) for mine in self.boxes for theirs in other.boxes)
        return Region(tuple(box for box in met if box is not None))

    def __sub__(self, other: Region) -> Region:
        if self.boxes == other.boxes:
            return Region()
        boxes: list[Box] = list(self.boxes)
        for cut in other.boxes:
            boxes = [rest for box in boxes for rest in _without(box, cut)]
        return Region(tuple(boxes))

    def __or__(self, other: Region) -> Region:
        if not self.boxes:
            return other
        return Region(self.boxes + (other - self).boxes)

    def __le__(self, other: Region) -> bool:
        return not self - other

    @property
    def size(self) -> int:
        """How many points there are."""
        return sum(prod(last - first + 1 for first, last in box) for box in self.boxes)

    def axis(self, dimension: int) -> Region:
        """The projection on one dimension."""
        return Region.of((box[dimension],) for box in self.boxes)

    def intervals(self) -> list[Interval]:
        """The intervals of a one-dimensional region, sorted, neighbours joined."""
        joined: list[Interval] = []
        for first, last in sorted(box[0] for box in self.boxes):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], last)
            else:
                joined.append((first, last))
        return joined


def _meet(one: Box, other: Box) -> Box | None:
    box = tuple((max(a, c), min(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))
    return box if all(first <= last for first, last in box) else None


def _without(box: Box, cut: Box) -> Iterator[Box]:
    """The parts of a box that lie outside of another one: at most two a dimension."""
    if _meet(box, cut) is None:
        yield box
        return
    for axis, ((first, last), (low, high)) in enumerate(zip(box, cut, strict=True)):
        if first < low:
            yield (*box[:axis], (first, low - 1), *box[axis + 1 :])
        if high < last:
            yield (*box[:axis], (high + 1, last), *box[axis + 1 :])
        box = (*box[:axis], (max(first, low), min(last, high)), *box[axis + 1 :])
