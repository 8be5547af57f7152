"""
A template as it is written, intrinsic functions not yet evaluated.

Whatever needs no evaluation is a `Value` already, so that literal parts of a template cost nothing
and are shared between all worlds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
"""Resources that are stacks themselves, and the property that leads to their template."""

LOOP = "Fn::ForEach::"
"""The key of a loop starts with this; the rest is the loop's name."""


@dataclass(frozen=True, slots=True)
class Call:
    """An intrinsic function: `Ref`, or `Fn::` and a name, whichever way it is written."""

    name: str
    argument: Node
    span: Span


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list in which something is to be evaluated."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """
    A mapping in which something is to be evaluated, or whose keys' places matter (logical ids).
    """

    items: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span


Node: TypeAlias = Value | Call | ListNode | Section


def literal(node: Node) -> bool:
    """True when the node is a value already."""
    return not isinstance(node, (Call, ListNode, Section))


def fields(node: Node | None) -> Mapping[str, Node]:
    """The entries of a mapping, evaluated or not; nothing for anything else."""
    if isinstance(node, (Section, MapValue)):
        return node.items
    return {}


def place_of(node: Node, key: str) -> Span:
    """Where a key of a mapping is written, or else its value."""
    if isinstance(node, Section) and key in node.keys:
        return node.keys[key]
    child = fields(node).get(key)
    return (child.span if child is not None else None) or node.span or NOWHERE


NOWHERE = Span("", 1)
"""For values that are written nowhere."""


def string(node: Node | None) -> str | None:
    """The text of a literal string; None for everything else."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    return None


def items_of(node: Node | None) -> tuple[Node, ...] | None:
    """The elements of a list that is written out; None when it is something else."""
    if isinstance(node, (ListNode, ListValue)):
        return node.items
    return None


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it that is not literal, parents first."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Call):
            stack.append(node.argument)
        elif isinstance(node, ListNode):
            stack.extend(node.items)
        elif isinstance(node, Section):
            stack.extend(node.items.values())


def size(node: Node) -> int:
    """How many nodes there are, values included; what a loop multiplies."""
    match node:
        case Call(argument=argument):
            return 1 + size(argument)
        case ListNode(items=items) | ListValue(items=items):
            return 1 + sum(size(item) for item in items)
        case Section(items=entries) | MapValue(items=entries):
            return 1 + sum(size(item) for item in entries.values())
    return 1


def relocated(value: Value, span: Span) -> Value:
    """The same value as used somewhere else: `span` is the use, `origin` where it is written."""
    match value:
        case Scalar():
            return replace(value, span=span, origin=value.origin or value.span)
        case Unknown():
            return replace(value, span=span)
    return value
