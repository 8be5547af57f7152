"""
The intrinsic functions, each from its arguments to a value.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
A function of something unknown is unknown, with as much of it kept as can be said.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from iaclint.cloudformation.choices import (
    MAXIMUM_CHOICES,
    alternatives,
    each,
    possible,
    which,
    wrong,
)
from iaclint.cloudformation.facts import Invalid
from iaclint.cloudformation.logic import Open, decide, named
from iaclint.cloudformation.networks import cidr, get_azs
from iaclint.cloudformation.node import Call, Node, fields, items_of, string
from iaclint.cloudformation.substitution import joined, sub
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value, split_parts, text, whole

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

Function = Callable[["Evaluator", Call], Value | None]
MAXIMUM_ELEMENTS = 10_000


def _ref(evaluator: Evaluator, call: Call) -> Value | None:
    name = string(call.argument)
    if name is None:
        found = text(evaluator.value(call.argument))
        if isinstance(found, Unknown):
            return found
        if found is None:
            return wrong(evaluator, call, "needs a name")
        name = found
    return evaluator.ref(name, call.span)


def _get_att(evaluator: Evaluator, call: Call) -> Value | None:
    whole_name = string(call.argument)
    if whole_name is not None:
        name, _, attribute = whole_name.partition(".")
        return evaluator.attribute(name, attribute, call.span)
    pieces = []
    for item in items_of(call.argument) or ():
        piece = text(evaluator.value(item))
        if isinstance(piece, Unknown):
            return piece
        pieces.append(piece or "")
    if len(pieces) < 2:
        return wrong(evaluator, call, "needs a logical id and an attribute")
    return evaluator.attribute(pieces[0], ".".join(pieces[1:]), call.span)


def _if(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) != 3:
        return wrong(evaluator, call, "needs a condition and two values")
    found = named(evaluator, arguments[0])
    if not isinstance(found, Open):
        return evaluator.value(arguments[1 if found else 2])
    if isinstance(found.why, Invalid):
        return found.why
    results = [evaluator.guarded(evaluator.value, each) for each in arguments[1:]]
    name = string(arguments[0]) or "?"
    reason = f'condition "{name}" is not decided: {found.why.reason}'
    return alternatives(results, Unknown(reason, call.span, found.why.supply))


def _find_in_map(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) not in (3, 4):
        return wrong(evaluator, call, "needs a mapping and two keys")
    default: Node | None = None
    if len(arguments) == 4:
        default = fields(arguments[3]).get("DefaultValue")
    name, first, second = (evaluator.value(argument) for argument in arguments[:3])
    return each(evaluator, name, lambda n: _in_map(evaluator, call, n, first, second, default))


def _in_map(
    evaluator: Evaluator,
    call: Call,
    name: Value | None,
    first: Value | None,
    second: Value | None,
    default: Node | None,
) -> Value | None:
    plain = text(name)
    if not isinstance(plain, str):
        return which(plain, call)
    mapping = evaluator.section("Mappings").get(plain)
    if mapping is None:
        if default is not None:
            return evaluator.value(default)
        if evaluator.unexpanded("Mappings") or evaluator.template.opaque:
            return Unknown(f'the mapping "{plain}" may come from a transform', call.span)
        return evaluator.fail("IAC002", f'there is no mapping "{plain}"', call.span)

    def inner(node: Node) -> Value | None:
        return _looked_up(evaluator, call, node, second, default, evaluator.value)

    return _looked_up(evaluator, call, mapping[1], first, default, inner)


def _looked_up(
    evaluator: Evaluator,
    call: Call,
    node: Node,
    key: Value | None,
    default: Node | None,
    then: Callable[[Node], Value | None],
) -> Value | None:
    """One level of a mapping. Of a key that is not known every value is possible."""
    entries = fields(node)

    def at(chosen: Value | None) -> Value | None:
        plain = text(chosen)
        if not isinstance(plain, str):
            found = possible(evaluator, entries.values(), then, which(plain, call))
            if default is None:
                return found
            results = [*(found.choices if isinstance(found, Unknown) else (found,))]
            return alternatives([*results, evaluator.value(default)], which(plain, call))
        if plain in entries:
            return then(entries[plain])
        if default is not None:
            return evaluator.value(default)
        return evaluator.misses(f'Fn::FindInMap: there is no key "{plain}"', call.span)

    if isinstance(key, Unknown) and key.choices:
        fitting = [choice for choice in key.choices if text(choice) in entries]
        if fitting and default is None:
            return possible(evaluator, fitting, at, key)
    return each(evaluator, key, at)


def _join(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) != 2:
        return wrong(evaluator, call, "needs a delimiter and a list")
    delimiter = text(evaluator.value(arguments[0]))
    if not isinstance(delimiter, str):
        if isinstance(delimiter, Unknown):
            return delimiter
        return wrong(evaluator, call, "needs a delimiter")
    return each(
        evaluator,
        evaluator.value(arguments[1]),
        lambda found: _joined(evaluator, call, delimiter, found),
    )


def _joined(evaluator: Evaluator, call: Call, delimiter: str, found: Value | None) -> Value | None:
    if isinstance(found, Unknown):
        return Unknown(found.reason, call.span, found.supply, type="string")
    if not isinstance(found, ListValue):
        return wrong(evaluator, call, "joins the elements of a list")
    pieces: list[Value | str] = []
    for index, item in enumerate(found.items):
        if index and delimiter:
            pieces.append(delimiter)
        pieces.append(item)
    if found.more is not None:
        pieces.append(Unknown(found.more.reason, call.span, found.more.supply, type="string"))
    return joined(evaluator, call.span, pieces)


def _split(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) != 2:
        return wrong(evaluator, call, "needs a delimiter and a text")
    delimiter = text(evaluator.value(arguments[0]))
    if not isinstance(delimiter, str) or not delimiter:
        return wrong(evaluator, call, "needs a delimiter")
    return each(
        evaluator,
        evaluator.value(arguments[1]),
        lambda found: _pieces(evaluator, call, delimiter, found),
    )


def _pieces(evaluator: Evaluator, call: Call, delimiter: str, found: Value | None) -> Value | None:
    plain = text(found)
    if isinstance(plain, Unknown):
        exact = split_parts(plain, delimiter, call.span)
        if exact is not None:
            return exact
        return _known_pieces(call.span, delimiter, plain)
    if plain is None:
        return wrong(evaluator, call, "splits a text")
    hidden = isinstance(found, Scalar) and found.sensitive
    pieces = plain.split(delimiter, MAXIMUM_ELEMENTS)
    return ListValue(tuple(Scalar(p, call.span, sensitive=hidden) for p in pieces), call.span)


def _known_pieces(span: Span, delimiter: str, unknown: Unknown) -> Value:
    """The elements before the first unknown part are certain; how many follow is not."""
    lead = ""
    for part in unknown.parts:
        if not isinstance(part, str) or "{{resolve:" in part:
            break
        lead += part
    pieces = lead.split(delimiter)[:-1]
    rest = Unknown(unknown.reason, span, unknown.supply, type="string")
    if not pieces:
        return Unknown(unknown.reason, span, unknown.supply, type="list(string)")
    return ListValue(tuple(Scalar(piece, span) for piece in pieces), span, rest)


def _select(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) != 2:
        return wrong(evaluator, call, "needs an index and a list")
    found = evaluator.value(arguments[1])

    def at(index: Value | None) -> Value | None:
        return each(evaluator, found, lambda chosen: _selected(evaluator, call, index, chosen))

    return each(evaluator, evaluator.value(arguments[0]), at)


def _selected(
    evaluator: Evaluator, call: Call, index: Value | None, found: Value | None
) -> Value | None:
    number = whole(index)
    if isinstance(number, Unknown):
        if isinstance(index, Scalar):
            return wrong(evaluator, call, f"has an index that is no number: {number.reason}")
        if isinstance(found, ListValue) and found.items and found.more is None:
            return alternatives(list(found.items), number)
        return number
    if number is None:
        return wrong(evaluator, call, "needs an index")
    if isinstance(found, Unknown):
        reason = f"element {number} of a list that is not known: {found.reason}"
        ref = Ref(found.ref.address, f"{found.ref.attribute}[{number}]") if found.ref else None
        return Unknown(reason, call.span, found.supply, ref, type="string")
    if not isinstance(found, ListValue):
        return wrong(evaluator, call, "selects from a list")
    if 0 <= number < len(found.items):
        return found.items[number]
    if found.more is not None:
        return Unknown(found.more.reason, call.span, found.more.supply, type="string")
    count = len(found.items)
    message = f"Fn::Select: there is no element {number} in a list of {count}"
    return evaluator.misses(message, call.span)


def _base64(evaluator: Evaluator, call: Call) -> Value | None:
    return each(evaluator, evaluator.value(call.argument), lambda found: _encoded(call, found))


def _encoded(call: Call, found: Value | None) -> Value | None:
    """
    What is only partly known cannot be encoded: it has the type `base64` then, and its parts are
    those of the text before encoding.
    """
    plain = text(found)
    if isinstance(plain, str):
        data = base64.b64encode(plain.encode()).decode()
        origin = found.span if found is not None else None
        hidden = isinstance(found, Scalar) and found.sensitive
        return Scalar(data, call.span, origin, hidden)
    if plain is None:
        return None
    return Unknown(plain.reason, call.span, plain.supply, parts=plain.parts, type="base64")


def _import_value(evaluator: Evaluator, call: Call) -> Value | None:
    project = evaluator.scope.project
    name = evaluator.value(call.argument)
    names = project.importable(evaluator, name)

    def imported(chosen: Value | None) -> Value | None:
        return project.imported(evaluator, chosen, call.span, supply)

    supply = evaluator.supply_of(call.argument)
    if not isinstance(name, Unknown) or len(names) > MAXIMUM_CHOICES:
        return imported(name)
    return imported(names[0]) if len(names) == 1 else possible(evaluator, names, imported, name)


def _length(evaluator: Evaluator, call: Call) -> Value | None:
    found = evaluator.value(call.argument)
    if isinstance(found, ListValue) and found.more is None:
        return Scalar(len(found.items), call.span)
    if isinstance(found, ListValue):
        return found.more
    if isinstance(found, Unknown):
        return Unknown(found.reason, call.span, found.supply, type="number")
    return wrong(evaluator, call, "counts the elements of a list")


def _to_json_string(evaluator: Evaluator, call: Call) -> Value | None:
    found = evaluator.value(call.argument)
    if found is None:
        return None
    if isinstance(found, Scalar):
        return wrong(evaluator, call, "takes a list or a mapping")
    unknowns: list[Unknown] = []
    plain = _as_json(found, unknowns)
    if unknowns:
        first = unknowns[0]
        return Unknown(first.reason, call.span, first.supply, type="string")
    return Scalar(json.dumps(plain, separators=(",", ":"), ensure_ascii=False), call.span)


def _as_json(value: Value, unknowns: list[Unknown]) -> object:
    match value:
        case Scalar(value=Fraction() as number):
            return float(number)
        case Scalar(value=plain):
            return plain
        case ListValue(items=items, more=more):
            unknowns.extend([more] if more else [])
            return [_as_json(item, unknowns) for item in items]
        case MapValue(items=entries, more=more):
            unknowns.extend([more] if more else [])
            return {key: _as_json(item, unknowns) for key, item in entries.items()}
    unknowns.append(value)
    return None


def _transform(evaluator: Evaluator, call: Call) -> Value | None:
    name = string(fields(call.argument).get("Name"))
    if name != "AWS::Include":
        return Unknown(f"the macro {name or '?'} runs only on deployment", call.span)
    node = evaluator.scope.project.included(evaluator, call.argument, call.span)
    return node if isinstance(node, Unknown) else evaluator.value(node)


def _truth(evaluator: Evaluator, call: Call) -> Value | None:
    found = decide(evaluator, call)
    if isinstance(found, Open):
        return Unknown(found.why.reason, call.span, found.why.supply, type="bool")
    return Scalar(found, call.span)


FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Condition": _truth,
    "Fn::And": _truth,
    "Fn::Base64": _base64,
    "Fn::Cidr": cidr,
    "Fn::Equals": _truth,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Not": _truth,
    "Fn::Or": _truth,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _transform,
}
