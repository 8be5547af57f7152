"""
Evaluating an expression: the rule of its kind, and what all rules may spend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from iaclint.terraform import cty, number, tree
from iaclint.terraform.cty import CtyValue, TerraformError

MAXIMUM_DEPTH = 300
MAXIMUM_TEXT = 4_000_000
MAXIMUM_SIZE = 2_000_000
MAXIMUM_STEPS = 2_000_000
"""What one root may cost, in expressions: some seconds."""


class EvalFailure(TerraformError):
    """What Terraform would refuse, with its place."""

    def __init__(self, message: str, start: int, end: int, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.start, self.end = start, end
        self.passing = isinstance(cause, Cycle)
        self.static = isinstance(cause, Undeclared)


class Cycle(TerraformError):
    """A value needs itself. That may be due to where the evaluation began: it is not kept."""


class Undeclared(TerraformError):
    """A name that is not declared: Terraform refuses it before it evaluates, `try` or not."""


class Names(Protocol):
    """What names mean where an expression stands. Both raise `TerraformError`."""

    def lookup(self, steps: tuple[str, ...]) -> tuple[int, CtyValue] | None:
        """How many of the leading names were used, and their value; None: no such name."""

    def call(self, name: str, arguments: list[CtyValue]) -> CtyValue:
        """A function other than `try` and `can`."""


@dataclass(slots=True)
class Budget:
    """What one session may still spend: hostile input ends in a message, not in a hang."""

    depth: int = 0
    steps: int = MAXIMUM_STEPS
    sizes: dict[int, tuple[int, Any]] = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        """Count what was done. Raises `TerraformError` when it was too much."""
        self.steps -= steps
        if self.steps < 0:
            raise TerraformError("evaluating this takes too long")

    def weigh(self, value: CtyValue) -> CtyValue:
        """The value, when it is not larger than `MAXIMUM_SIZE` elements all in all."""
        inner = value.value if isinstance(value, cty.Sensitive) else value
        size = 1
        for child in cty.children(inner):
            if type(child) is str or type(child) is int:
                size += 1
                continue
            child = child.value if isinstance(child, cty.Sensitive) else child
            size += self.sizes[id(child)][0] if id(child) in self.sizes else 1
        if size > MAXIMUM_SIZE:
            raise TerraformError(f"the value has more than {MAXIMUM_SIZE:,} elements")
        if size > 1:
            self.sizes[id(inner)] = (size, inner)
        return value


class Scope:
    """Where an expression is evaluated: names, the variables of `for`, and what may be spent."""

    __slots__ = ("budget", "local", "names")

    def __init__(self, names: Names, budget: Budget, local: Mapping[str, CtyValue]) -> None:
        self.names, self.budget, self.local = names, budget, local

    def within(self, extra: Mapping[str, CtyValue]) -> Scope:
        """The same scope with more local names."""
        return Scope(self.names, self.budget, {**self.local, **extra})


_Rule = Callable[[Any, Scope], CtyValue]
_RULES: dict[type, _Rule] = {}


def rule(kind: type) -> Callable[[_Rule], _Rule]:
    """Makes a function the rule for the nodes of one kind."""

    def add(function: _Rule) -> _Rule:
        _RULES[kind] = function
        return function

    return add


def evaluate(node: tree.Expression, scope: Scope) -> CtyValue:
    """
    The value of an expression.

    Raises `EvalFailure` for what Terraform refuses, and for what costs too much.
    """
    kind = type(node)
    if kind is tree.Literal:
        value = node.value  # type: ignore[union-attr]
        return cty.string(value) if type(value) is str else value
    budget = scope.budget
    budget.depth += 1
    budget.steps -= 1
    try:
        if budget.depth > MAXIMUM_DEPTH:
            raise TerraformError(f"this is nested deeper than {MAXIMUM_DEPTH} expressions")
        if budget.steps < 0:
            raise TerraformError("evaluating this takes too long")
        return _RULES[kind](node, scope)
    except EvalFailure:
        raise
    except (TerraformError, number.NumberError) as error:
        raise EvalFailure(str(error), node.start, node.end, error) from None
    finally:
        budget.depth -= 1
