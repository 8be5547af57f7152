"""
`Fn::ForEach`: a fragment repeated for each element of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from iaclint.cloudformation.node import (
    LOOP,
    NOWHERE,
    Call,
    ListNode,
    Node,
    Section,
    fields,
    items_of,
    place_of,
    size,
    string,
)
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Scalar, Unknown, text

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

MAXIMUM_UNROLLED = 200_000
"""Nodes that all loops of one template may produce together."""
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")

Entries = Mapping[str, tuple[Span, Node]]


def expand(evaluator: Evaluator, node: Node) -> tuple[Entries, Unknown | None]:
    """
    The entries of a mapping with all loops unrolled. A loop whose collection is not known stays
    as it is, and the second part of the answer says why.
    """
    entries: dict[str, tuple[Span, Node]] = {}
    more: Unknown | None = None
    for key, item in fields(node).items():
        if not key.startswith(LOOP):
            entries[key] = (place_of(node, key), item)
            continue
        unrolled = _unroll(evaluator, key, item, place_of(node, key))
        if isinstance(unrolled, Unknown):
            more = unrolled
            entries[key] = (place_of(node, key), item)
        else:
            entries.update(unrolled)
    return entries, more


def _unroll(evaluator: Evaluator, key: str, node: Node, span: Span) -> Entries | Unknown:
    arguments = items_of(node) or ()
    if len(arguments) != 3 or not fields(arguments[2]):
        return evaluator.fail("IAC001", f"{key} needs a name, a list and a fragment", span)
    name = string(arguments[0])
    if name is None:
        return evaluator.fail("IAC001", f"the first element of {key} must be a name", span)
    elements = _elements(evaluator, arguments[1], span)
    if isinstance(elements, Unknown):
        return elements
    entries: dict[str, tuple[Span, Node]] = {}
    weight = size(arguments[2])
    for element in elements:
        if not evaluator.scope.project.spend(evaluator.template, weight):
            message = f"its loops produce more than {MAXIMUM_UNROLLED} nodes"
            return evaluator.fail("IAC004", message, span)
        body = substituted(arguments[2], name, element)
        entries.update(expand(evaluator, body)[0])
    return entries


def _elements(evaluator: Evaluator, node: Node, span: Span) -> tuple[str, ...] | Unknown:
    value = evaluator.value(node)
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, ListValue) or value.more is not None:
        return evaluator.fail("IAC001", "a loop goes over a list", span)
    texts = []
    for item in value.items:
        plain = text(item)
        if not isinstance(plain, str):
            return item if isinstance(item, Unknown) else Unknown("an element is not a text", span)
        texts.append(plain)
    return tuple(dict.fromkeys(texts))


def substituted(node: Node, name: str, element: str) -> Node:
    """The fragment for one element: `${Name}`, `&{Name}` and `Ref: Name` replaced."""
    return _Substitution(name, element).apply(node)


class _Substitution:
    """`&{Name}` leaves out what a logical id must not contain."""

    def __init__(self, name: str, element: str) -> None:
        self.name = name
        self.element = element
        self.plain = f"${{{name}}}"
        self.cleaned = f"&{{{name}}}"
        self.clean = _NOT_ALPHANUMERIC.sub("", element)

    def text(self, string: str) -> str:
        if self.name not in string:
            return string
        return string.replace(self.plain, self.element).replace(self.cleaned, self.clean)

    def apply(self, node: Node) -> Node:
        match node:
            case Scalar(value=str() as plain):
                replaced = self.text(plain)
                return node if replaced == plain else Scalar(replaced, node.span)
            case Call(name="Ref", argument=Scalar(value=called)) if called == self.name:
                return Scalar(self.element, node.span)
            case Call():
                return Call(node.name, self.apply(node.argument), node.span)
            case ListNode():
                return ListNode(tuple(map(self.apply, node.items)), node.span)
            case ListValue():
                items = tuple(map(self.apply, node.items))
                return ListValue(items, node.span)  # type: ignore[arg-type]
            case Section():
                return self._section(node)
            case MapValue():
                entries = {self.text(key): self.apply(item) for key, item in node.items.items()}
                return MapValue(entries, node.span)  # type: ignore[arg-type]
            case Unknown(parts=parts) if parts:
                pieces = tuple(p if isinstance(p, Unknown) else self.text(p) for p in parts)
                return Unknown(self.text(node.reason), node.span, parts=pieces, type="string")
        return node

    def _section(self, node: Section) -> Section:
        items: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        for key, item in node.items.items():
            replaced = self.text(key)
            if key.startswith(LOOP) and self._shadowed(item):
                items[key] = item
            else:
                items[replaced] = self.apply(item)
            keys[replaced] = node.keys.get(key, NOWHERE)
        return Section(items, keys, node.span)

    def _shadowed(self, loop: Node) -> bool:
        """An inner loop over the same name has its own elements."""
        arguments = items_of(loop) or ()
        return bool(arguments) and string(arguments[0]) == self.name
