"""
Texts with interpolations and directives.
"""

from __future__ import annotations

from iaclint.terraform import cty, number, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.collections import bound, iterable
from iaclint.terraform.evaluate.conditionals import conditional
from iaclint.terraform.evaluate.core import MAXIMUM_TEXT, EvalFailure, Scope, evaluate, rule
from iaclint.value import Unknown


@rule(tree.Number)
def _number(node: tree.Number, scope: Scope) -> CtyValue:
    return number.parse(node.text)


@rule(tree.Wrapped)
def _wrapped(node: tree.Wrapped, scope: Scope) -> CtyValue:
    return evaluate(node.value, scope)


@rule(tree.Template)
def _template(node: tree.Template, scope: Scope) -> CtyValue:
    parts: list[str | Unknown] = []
    hidden = False
    length = 0
    for part in node.parts:
        value, marked = cty.unmark(evaluate(part, scope))
        hidden = hidden or marked
        for piece in _pieces(value, part):
            length += len(piece) if type(piece) is str else 0
            if type(piece) is str and parts and type(parts[-1]) is str:
                parts[-1] += piece
            else:
                parts.append(piece)
        if length > MAXIMUM_TEXT:
            raise TerraformError(f"the text is longer than {MAXIMUM_TEXT:,} characters")
    return cty.remark(_joined(parts), hidden)


def _joined(parts: list[str | Unknown]) -> CtyValue:
    doubts = [part for part in parts if not isinstance(part, str)]
    if not doubts:
        return cty.string("".join(part for part in parts if isinstance(part, str)))
    first = doubts[0]
    return Unknown(first.reason, first.span, first.supply, parts=tuple(parts), type="string")


def _pieces(value: CtyValue, part: tree.Expression) -> tuple[str | Unknown, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Unknown):
        return value.parts or (value,)
    if cty.is_null(value):
        message = (
            "Invalid template interpolation value: The expression result is null. "
            "Cannot include a null value in a string template."
        )
        raise EvalFailure(message, part.start, part.end)
    if isinstance(value, bool) or cty.is_number(value):
        return (cty.text(value),)
    message = (
        "Invalid template interpolation value: Cannot include the given value in a string "
        f"template: string required, but have {cty.kind_name(value)}."
    )
    raise EvalFailure(message, part.start, part.end)


@rule(tree.TemplateIf)
def _template_if(node: tree.TemplateIf, scope: Scope) -> CtyValue:
    return conditional(tree.Conditional(*node), scope)


@rule(tree.TemplateFor)
def _template_for(node: tree.TemplateFor, scope: Scope) -> CtyValue:
    source, hidden = cty.unmark(evaluate(node.source, scope))
    if isinstance(source, Unknown):
        iterable(source, node.source)
        return cty.remark(cty.unknown(source, cty.STRING), hidden)
    parts: list[str | Unknown] = []
    length = 0
    for key, item in cty.iterate(source):
        value = evaluate(node.body, scope.within(bound(node.key, node.value, key, item)))
        plain, marked = cty.unmark(value)
        hidden = hidden or marked
        parts.extend(_pieces(plain, node.body))
        length += len(plain) if isinstance(plain, str) else 0
        if length > MAXIMUM_TEXT:
            raise TerraformError(f"the text is longer than {MAXIMUM_TEXT:,} characters")
    return cty.remark(_joined(parts), hidden)


@rule(tree.Parens)
def _parens(node: tree.Parens, scope: Scope) -> CtyValue:
    return evaluate(node.value, scope)
