"""
Conditions: true, false, or open, and then on what they hang.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from iaclint.cloudformation.facts import fingerprint, known
from iaclint.cloudformation.node import NOWHERE, Call, Node, fields, items_of, string
from iaclint.cloudformation.parameters import Symbol
from iaclint.value import Scalar, Unknown, Value, text, truth

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator


@dataclass(frozen=True, slots=True)
class Open:
    """
    Not decided. `why` says so to people; `key` is what to assume: that the symbol has the value
    `text`, or (without one) that the comparison of this name holds.
    """

    why: Unknown
    key: str
    text: str | None = None


Truth: TypeAlias = bool | Open


def decide(evaluator: Evaluator, node: Node) -> Truth:
    """The truth of a condition's definition, or of what stands in its place."""
    if isinstance(node, Call):
        return _call(evaluator, node)
    only = fields(node)
    if len(only) == 1 and "Condition" in only:
        return named(evaluator, only["Condition"])
    if isinstance(node, Scalar):
        plain = truth(node)
        if isinstance(plain, bool):
            return plain
    return _invalid(evaluator, node, "a condition must be a condition function")


def _call(evaluator: Evaluator, call: Call) -> Truth:
    arguments = items_of(call.argument) or ()
    match call.name:
        case "Condition":
            return named(evaluator, call.argument)
        case "Fn::Equals" if len(arguments) == 2:
            return _equals(evaluator, *arguments)
        case "Fn::And" if arguments:
            return _all(evaluator, arguments)
        case "Fn::Or" if arguments:
            return _any(evaluator, arguments)
        case "Fn::Not":
            inner = arguments[0] if len(arguments) == 1 else call.argument
            found = decide(evaluator, inner)
            return found if isinstance(found, Open) else not found
    return _value(evaluator, call)


def _value(evaluator: Evaluator, call: Call) -> Truth:
    """Something that gives "true" or "false": a lookup in a mapping, a parameter."""
    if call.name in ("Fn::Equals", "Fn::And", "Fn::Or"):
        return _invalid(evaluator, call, f"{call.name} has the wrong number of conditions")
    value = evaluator.value(call)
    if isinstance(value, Unknown):
        return evaluator.atom(f"{fingerprint(value)} is true", value)
    plain = truth(value)
    if isinstance(plain, bool):
        return plain
    return _invalid(evaluator, call, f"{call.name} does not give true or false")


def _all(evaluator: Evaluator, arguments: tuple[Node, ...]) -> Truth:
    still: Open | None = None
    for argument in arguments:
        found = _after(evaluator, still, argument)
        if found is False:
            return False
        if isinstance(found, Open):
            still = still or found
    return still or True


def _any(evaluator: Evaluator, arguments: tuple[Node, ...]) -> Truth:
    still: Open | None = None
    for argument in arguments:
        found = _after(evaluator, still, argument)
        if found is True:
            return True
        if isinstance(found, Open):
            still = still or found
    return still or False


def _after(evaluator: Evaluator, guard: Open | None, node: Node) -> Truth:
    """A condition after others; with an open one before it, that may guard against its mistakes."""
    if guard is None:
        return decide(evaluator, node)
    return evaluator.guarded(lambda each: decide(evaluator, each), node)


def named(evaluator: Evaluator, node: Node) -> Truth:
    """The condition of that name."""
    name = string(node)
    if name is None and ((isinstance(node, Call) and node.name != "Ref") or fields(node)):
        return decide(evaluator, node)
    if name is None:
        value = evaluator.value(node)
        plain = text(value)
        if not isinstance(plain, str):
            return _invalid(evaluator, node, "the name of a condition must be a text")
        name = plain
    return evaluator.condition(name, node.span or NOWHERE)


def _equals(evaluator: Evaluator, left_node: Node, right_node: Node) -> Truth:
    left, right = evaluator.value(left_node), evaluator.value(right_node)
    if known(left) and known(right):
        return fingerprint(left) == fingerprint(right)
    if fingerprint(left) == fingerprint(right):
        return True
    if isinstance(right, Symbol):
        left, right = right, left
    if isinstance(left, Symbol):
        plain = text(right)
        if isinstance(plain, str):
            if not evaluator.possible(left, plain):
                return False
            return Open(left, left.key, plain)
    return _compared(evaluator, left, right)


def _compared(evaluator: Evaluator, left: Value | None, right: Value | None) -> Truth:
    ours, theirs = _options(left), _options(right)
    if ours and theirs and not ours & theirs:
        return False
    if _never(left, right) or _never(right, left):
        return False
    symbol = _with_choices(left) or _with_choices(right)
    if symbol is not None:
        first = text(symbol.choices[0])
        return Open(symbol, symbol.key, first if isinstance(first, str) else None)
    why = left if isinstance(left, Unknown) else right
    if not isinstance(why, Unknown):
        why = Unknown("a part of what is compared is not known")
    pair = sorted((fingerprint(left), fingerprint(right)))
    return evaluator.atom(" == ".join(pair), why)


def _with_choices(value: Value | None) -> Symbol | None:
    """A parameter in the value that can only be one of several texts: each can be tried."""
    if isinstance(value, Symbol) and value.choices:
        return value
    if isinstance(value, Unknown):
        for part in value.parts:
            found = _with_choices(part) if isinstance(part, Unknown) else None
            if found is not None:
                return found
    return None


def _options(value: Value | None) -> frozenset[str]:
    """The texts a value can be; empty when they cannot be listed."""
    if isinstance(value, Unknown):
        options = [_options(choice) for choice in value.choices]
        return frozenset().union(*options) if options and all(options) else frozenset()
    plain = text(value)
    return frozenset((plain,)) if isinstance(plain, str) else frozenset()


def _never(unknown: Value | None, other: Value | None) -> bool:
    """A text that begins or ends differently, or is an id, can never be the other one."""
    if not isinstance(unknown, Unknown) or not isinstance(other, Scalar):
        return False
    plain = text(other)
    if not isinstance(plain, str):
        return False
    if unknown.ref is not None:
        return plain == ""
    if not unknown.parts:
        return False
    first, last = unknown.parts[0], unknown.parts[-1]
    if isinstance(first, str) and first.startswith("{{resolve:"):
        return False
    if isinstance(first, str) and not plain.startswith(first):
        return True
    ends = isinstance(last, str) and "{{resolve:" not in last
    return ends and isinstance(last, str) and not plain.endswith(last)


def _invalid(evaluator: Evaluator, node: Node, message: str) -> Truth:
    why = evaluator.fail("IAC001", message, node.span or NOWHERE)
    return evaluator.atom(f"{message} at {node.span}", why)
