"""
`condition ? yes : no`: both sides have one type, and one of them is the value.
"""

from __future__ import annotations

from iaclint.terraform import convert, cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.core import EvalFailure, Scope, evaluate, rule
from iaclint.value import Unknown


@rule(tree.Conditional)
def conditional(node: tree.Conditional, scope: Scope) -> CtyValue:
    """The side that the condition takes; a choice between both when it is not known."""
    yes, no = _attempt(node.yes, scope), _attempt(node.no, scope)
    condition, hidden = cty.unmark(evaluate(node.condition, scope))
    if cty.is_null(condition):
        message = (
            "Null condition: The condition value is null. Conditions must either be true or false."
        )
        raise EvalFailure(message, node.condition.start, node.condition.end)
    try:
        condition = convert.convert(condition, cty.BOOL)
    except TerraformError:
        message = (
            "Incorrect condition type: The condition expression must be of type bool, "
            f"not {cty.kind_name(condition)}."
        )
        raise EvalFailure(message, node.condition.start, node.condition.end) from None
    if isinstance(condition, Unknown):
        options = [value for value in (yes, no) if not isinstance(value, EvalFailure)]
        if not options:
            raise yes
        kind, values = _unified(options)
        if len(values) == 2 and _same(*values):
            return cty.remark(values[0], hidden)
        return cty.remark(doubt.choice(condition, values, cty.type_text(kind)), hidden)
    taken, other = (yes, no) if condition else (no, yes)
    if isinstance(taken, EvalFailure):
        raise taken
    if isinstance(other, EvalFailure):
        return cty.remark(taken, hidden)
    return cty.remark(_unified([taken, other])[1][0], hidden)


def _same(one: CtyValue, other: CtyValue) -> bool:
    simple = isinstance(one, str | int) and isinstance(other, str | int)
    return simple and cty.equals(one, other) is True


def _unified(values: list[CtyValue]) -> tuple[cty.Type, list[CtyValue]]:
    kinds = [cty.type_of(value) for value in values]
    first = kinds[0]
    if all(kind == first for kind in kinds):
        return first, values
    if any(value is None for value in values):
        typed = [kind for kind, value in zip(kinds, values, strict=True) if value is not None]
        kind = typed[0] if typed else cty.DYNAMIC
        null = cty.Null(kind) if kind != cty.DYNAMIC else None
        return kind, [null if value is None else value for value in values]
    if any(kind == cty.DYNAMIC for kind in kinds):
        return cty.DYNAMIC, values
    unified = convert.unify(kinds)
    if unified is None:
        raise TerraformError(
            "Inconsistent conditional result types: The true and false result expressions must "
            f"have consistent types. The values are {cty.friendly(kinds[0])} and "
            f"{cty.friendly(kinds[-1])}, respectively."
        )
    kind, steps = unified
    return kind, [step(v) if step else v for step, v in zip(steps, values, strict=True)]


def _attempt(node: tree.Expression, scope: Scope) -> CtyValue | EvalFailure:
    try:
        return evaluate(node, scope)
    except EvalFailure as error:
        if error.static:
            raise
        return error
