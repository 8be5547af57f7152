"""
Functions of values that may be one of several, and of values that are wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from iaclint.cloudformation.facts import Invalid, fingerprint
from iaclint.cloudformation.node import NOWHERE, Call
from iaclint.value import Scalar, Unknown, Value

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

_T = TypeVar("_T")
MAXIMUM_CHOICES = 32


def each(
    evaluator: Evaluator,
    value: Value | None,
    compute: Callable[[Value | None], Value | None],
) -> Value | None:
    """
    A function of one of several possible values: one of several possible results. A value with
    which it cannot be computed is not taken to be possible.
    """
    if not isinstance(value, Unknown) or not 0 < len(value.choices) <= MAXIMUM_CHOICES:
        return compute(value)
    return possible(evaluator, value.choices, compute, value)


def possible(
    evaluator: Evaluator,
    values: Iterable[_T],
    compute: Callable[[_T], Value | None],
    why: Unknown,
) -> Value | None:
    """One of the results that can be computed; unknown when none can."""
    results = []
    for value in values:
        found = evaluator.hushed(compute, value)
        if not isinstance(found, Invalid):
            results.append(found)
    return alternatives(results, why) if results else replace(why, choices=())


def alternatives(results: list[Value | None], why: Unknown) -> Value | None:
    """One of these, nobody knows which."""
    distinct = {fingerprint(result): result for result in results}
    if len(distinct) == 1:
        return results[0]
    options = tuple(
        Scalar(None, why.span or NOWHERE) if result is None else result
        for result in distinct.values()
    )
    return Unknown(
        why.reason, why.span, why.supply, choices=options[:MAXIMUM_CHOICES], type=why.type
    )


def wrong(evaluator: Evaluator, call: Call, what: str) -> Unknown:
    return evaluator.fail("IAC001", f"{call.name} {what}", call.span)


def which(value: Unknown | None, call: Call) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("a key is missing", call.span)
