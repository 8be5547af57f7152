"""
Runs a pattern in time proportional to its length and that of the text, as RE2 does: each step of
the program is tried once at each place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from iaclint.terraform.cty import TerraformError
from iaclint.terraform.functions.regexsyntax import (
    Choice,
    Group,
    Node,
    One,
    Repeat,
    Sequence,
    Zero,
)

MAXIMUM_STEPS = 20_000
MAXIMUM_STATES = 5_000_000

Step: TypeAlias = tuple[str, int | re.Pattern[str], int]
Spans: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """Steps: `one`, `zero` (a pattern), `split` (first, second), `jump`, `save` (slot), `match`."""

    steps: tuple[Step, ...]
    slots: int

    def search(self, text: str, start: int) -> Spans | None:
        """Starts and ends of the match and its groups (-1 for none), the leftmost match."""
        if len(self.steps) * (len(text) + 1) > MAXIMUM_STATES:
            raise TerraformError("the pattern is too complex for a text this long")
        tried: set[tuple[int, int]] = set()
        for begin in range(start, len(text) + 1):
            found = self._attempt(text, begin, tried)
            if found is not None:
                return found
        return None

    def _attempt(self, text: str, begin: int, tried: set[tuple[int, int]]) -> Spans | None:
        stack: list[tuple[int, int, Spans]] = [(0, begin, (-1,) * self.slots)]
        while stack:
            step, place, spans = stack.pop()
            if (step, place) in tried:
                continue
            tried.add((step, place))
            kind, first, second = self.steps[step]
            if kind == "match":
                return (begin, place, *spans[2:])
            if isinstance(first, re.Pattern):
                found = first.match(text, place)
                if found is not None:
                    stack.append((step + 1, found.end(), spans))
            elif kind == "save":
                stack.append((step + 1, place, (*spans[:first], place, *spans[first + 1 :])))
            else:
                if kind == "split":
                    stack.append((second, place, spans))
                stack.append((first, place, spans))
        return None


def program(node: Node, groups: int) -> Program:
    """
    The program of a tree.

    Raises `TerraformError` when counted repetition makes it too long.
    """
    steps: list[Step] = []
    _compile(node, steps)
    steps.append(("match", 0, 0))
    return Program(tuple(steps), 2 * groups + 2)


def _compile(node: Node, steps: list[Step]) -> None:
    if len(steps) > MAXIMUM_STEPS:
        raise TerraformError("invalid regexp pattern: expression too large")
    match node:
        case One(written=text):
            steps.append(("one", re.compile(text), 0))
        case Zero(written=text):
            steps.append(("zero", re.compile(text), 0))
        case Sequence(items=items):
            for item in items:
                _compile(item, steps)
        case Group(number=number, body=body):
            if number:
                steps.append(("save", 2 * number, 0))
            _compile(body, steps)
            if number:
                steps.append(("save", 2 * number + 1, 0))
        case Choice(options=options):
            _choice(options, steps)
        case Repeat():
            _repeat(node, steps)


def _choice(options: tuple[Node, ...], steps: list[Step]) -> None:
    jumps: list[int] = []
    for option in options[:-1]:
        split = len(steps)
        steps.append(("split", 0, 0))
        _compile(option, steps)
        jumps.append(len(steps))
        steps.append(("jump", 0, 0))
        steps[split] = ("split", split + 1, len(steps))
    _compile(options[-1], steps)
    for jump in jumps:
        steps[jump] = ("jump", len(steps), 0)


def _repeat(node: Repeat, steps: list[Step]) -> None:
    for _ in range(node.low):
        _compile(node.body, steps)
    if node.high is None:
        split = _optional(node, steps, back=True)
        _close(split, node, steps)
        return
    splits = [_optional(node, steps, back=False) for _ in range(node.high - node.low)]
    for split in splits:
        _close(split, node, steps)


def _optional(node: Repeat, steps: list[Step], *, back: bool) -> int:
    split = len(steps)
    steps.append(("split", 0, 0))
    _compile(node.body, steps)
    if back:
        steps.append(("jump", split, 0))
    return split


def _close(split: int, node: Repeat, steps: list[Step]) -> None:
    inside, behind = split + 1, len(steps)
    steps[split] = ("split", behind, inside) if node.lazy else ("split", inside, behind)
