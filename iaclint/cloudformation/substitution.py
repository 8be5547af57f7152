"""
`Fn::Sub`, and texts that are put together from known and unknown pieces.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from iaclint.cloudformation.decode import dynamic
from iaclint.cloudformation.node import Call, Node, fields, items_of, string
from iaclint.source import Span
from iaclint.value import Scalar, Unknown, Value, text

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

MAXIMUM_TEXT = 1_000_000
"""Longer texts are not put together: CloudFormation's whole template has 1 MB at most."""
MAXIMUM_PARTS = 5_000
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


def sub(evaluator: Evaluator, call: Call) -> Value | None:
    """Both forms; `${!Literal}` gives `${Literal}`."""
    argument, variables = call.argument, dict[str, Node]()
    pair = items_of(argument)
    if pair is not None:
        if len(pair) not in (1, 2):
            return evaluator.fail("IAC001", "Fn::Sub needs a text and a mapping", call.span)
        argument = pair[0]
        variables = dict(fields(pair[1])) if len(pair) == 2 else {}
    template = _template(argument)
    if template is None:
        computed = evaluator.value(argument)
        if isinstance(computed, Unknown):
            return computed
        return evaluator.fail("IAC001", "Fn::Sub needs a text that is written out", call.span)
    if "${" not in template:
        return joined(evaluator, call.span, (template,))
    pieces: list[Value | str] = []
    for literal, name in segments(template):
        if literal:
            pieces.append(literal)
        if name:
            found = _variable(evaluator, name, variables, call.span)
            if found is not None:
                pieces.append(found)
    return joined(evaluator, call.span, pieces)


def _template(node: Node) -> str | None:
    """The text, also where dynamic references in it were recognised already."""
    if isinstance(node, Scalar):
        plain = text(node)
        return plain if isinstance(plain, str) else None
    if isinstance(node, Unknown) and node.parts:
        known = [part for part in node.parts if isinstance(part, str)]
        return "".join(known) if len(known) == len(node.parts) else None
    return string(node)


def names_in(node: Node) -> list[str]:
    """The names that a `Ref` or `Fn::Sub` itself mentions."""
    if not isinstance(node, Call):
        return []
    if node.name == "Ref":
        return [string(node.argument) or ""]
    template = _template((items_of(node.argument) or (node.argument,))[0])
    if node.name != "Fn::Sub" or template is None:
        return []
    return [name for _, name in segments(template)]


@lru_cache(maxsize=4096)
def segments(template: str) -> tuple[tuple[str, str], ...]:
    """Pairs of literal text and the variable behind it (empty at the end)."""
    found: list[tuple[str, str]] = []
    literal, position = "", 0
    for match in _VARIABLE.finditer(template):
        literal += template[position : match.start()]
        position = match.end()
        name = match.group(1).strip()
        if name.startswith("!"):
            literal += f"${{{name[1:]}}}"
        elif not name:
            literal += match.group()
        else:
            found.append((literal, name))
            literal = ""
    found.append((literal + template[position:], ""))
    return tuple(found)


def _variable(
    evaluator: Evaluator, name: str, variables: Mapping[str, Node], span: Span
) -> Value | None:
    if name in variables:
        return evaluator.value(variables[name])
    if "." in name and not name.startswith("AWS::"):
        resource, _, attribute = name.partition(".")
        return evaluator.attribute(resource, attribute, span)
    return evaluator.ref(name, span)


def joined(evaluator: Evaluator, span: Span, pieces: Sequence[Value | str]) -> Value:
    """One text from pieces, as much of it known as there is."""
    parts: list[str | Unknown] = []
    hidden = False
    origin: Span | None = None
    for piece in pieces:
        if isinstance(piece, Scalar):
            hidden = hidden or piece.sensitive
            origin = origin or piece.origin
        plain = piece if isinstance(piece, str) else text(piece)
        if isinstance(plain, Unknown) or plain:
            _extend(parts, plain)
    length = sum(len(part) for part in parts if isinstance(part, str))
    if length > MAXIMUM_TEXT or len(parts) > MAXIMUM_PARTS:
        return evaluator.fail("IAC004", "the text that results is too long", span)
    if not parts:
        return Scalar("", span, origin, hidden)
    if len(parts) == 1:
        return _single(parts[0], span, hidden, origin)
    return _mixed(parts, span, hidden)


def _extend(parts: list[str | Unknown], piece: str | Unknown) -> None:
    nested: Sequence[str | Unknown] = (piece,)
    if isinstance(piece, Unknown) and piece.parts and piece.ref is None:
        nested = piece.parts
    for part in nested:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)


def _single(part: str | Unknown, span: Span, hidden: bool, origin: Span | None) -> Value:
    if isinstance(part, Unknown):
        return part
    if "{{resolve:" in part:
        return dynamic(part, span)
    return Scalar(part, span, origin, hidden)


def _mixed(parts: list[str | Unknown], span: Span, hidden: bool) -> Unknown:
    unknowns = [part for part in parts if isinstance(part, Unknown)]
    if not unknowns:
        return dynamic("".join(part for part in parts if isinstance(part, str)), span)
    first = unknowns[0]
    hidden = hidden or any(unknown.sensitive for unknown in unknowns)
    choices: tuple[Value, ...] = ()
    if len(unknowns) == 1 and first.choices:
        choices = _spelled(parts, first, span, hidden)
    return Unknown(
        first.reason,
        span,
        first.supply,
        parts=tuple(parts),
        choices=choices,
        type="string",
        sensitive=hidden,
    )


def _spelled(
    parts: list[str | Unknown], unknown: Unknown, span: Span, hidden: bool
) -> tuple[Value, ...]:
    """The text for each choice of its only unknown part; none unless all can be written out."""
    found: list[Value] = []
    for choice in unknown.choices:
        plain = text(choice)
        if isinstance(plain, Unknown):
            return ()
        whole = "".join(part if isinstance(part, str) else plain or "" for part in parts)
        found.append(Scalar(whole, span, sensitive=hidden))
    return tuple(found)
