"""
The stacks of a scope: how to find one, and how to go through all that are nested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iaclint.cloudformation.evaluator import Evaluator, Scope
from iaclint.cloudformation.node import NESTED, fields, string
from iaclint.value import Unknown


def locate(scope: Scope, top: str, stacks: Sequence[str]) -> Evaluator | None:
    """The evaluator of a stack; None where its template is not known."""
    evaluator = scope.top(scope.project.templates[top])
    for stack in stacks:
        if stack not in evaluator.resources:
            return None
        child = evaluator.child(stack)
        if isinstance(child, Unknown):
            return None
        evaluator = child
    return evaluator


def stacks_of(
    evaluator: Evaluator, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Evaluator]]:
    """A stack and all that are nested in it, with the logical ids that lead there."""
    yield path, evaluator
    for name, (_, node) in evaluator.resources.items():
        if string(fields(node).get("Type")) not in NESTED:
            continue
        if evaluator.exists(node) is False:
            continue
        child = evaluator.child(name)
        if not isinstance(child, Unknown):
            yield from stacks_of(child, (*path, name))
