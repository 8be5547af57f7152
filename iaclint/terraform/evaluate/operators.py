"""
Arithmetic, comparison and logic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from iaclint.terraform import convert, cty, number, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.core import EvalFailure, Scope, evaluate, rule
from iaclint.value import Unknown

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "/": number.divide,
    "%": number.modulo,
}
_COMPARISON: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    "<=": lambda a, b: bool(a <= b),
    ">=": lambda a, b: bool(a >= b),
}


@rule(tree.Unary)
def _unary(node: tree.Unary, scope: Scope) -> CtyValue:
    kind = cty.NUMBER if node.operator == "-" else cty.BOOL
    value, hidden = _operand(evaluate(node.operand, scope), kind, node.operand, "unary")
    if isinstance(value, Unknown):
        return cty.remark(cty.unknown(value, kind), hidden)
    result = number.negate(value) if node.operator == "-" else not value
    return cty.remark(result, hidden)


def _operand(
    value: CtyValue, kind: cty.Type, node: tree.Expression, where: str
) -> tuple[CtyValue, bool]:
    try:
        plain, hidden = cty.unmark(convert.convert(value, kind))
    except TerraformError as error:
        message = f"Invalid operand: Unsuitable value for {where} operand: {error}."
        raise EvalFailure(message, node.start, node.end) from None
    if cty.is_null(plain):
        message = (
            f"Invalid operand: Unsuitable value for {where} operand: argument must not be null."
        )
        raise EvalFailure(message, node.start, node.end)
    return plain, hidden


@rule(tree.Binary)
def _binary(node: tree.Binary, scope: Scope) -> CtyValue:
    spine: list[tree.Binary] = []
    left: tree.Expression = node
    while type(left) is tree.Binary:
        spine.append(left)
        left = left.left
    value = evaluate(left, scope)
    for step in reversed(spine):
        try:
            value = _operation(step, value, evaluate(step.right, scope))
        except EvalFailure:
            raise
        except (TerraformError, number.NumberError) as error:
            raise EvalFailure(str(error), step.start, step.end) from None
    return value


def _operation(node: tree.Binary, left: CtyValue, right: CtyValue) -> CtyValue:
    operator = node.operator
    if operator in ("==", "!="):
        same = cty.equals(left, right)
        if operator == "==":
            return same
        plain, hidden = cty.unmark(same)
        return cty.remark(plain if isinstance(plain, Unknown) else not plain, hidden)
    if operator in ("&&", "||"):
        return _logic(node, left, right)
    a, hidden_a = _operand(left, cty.NUMBER, node.left, "left")
    b, hidden_b = _operand(right, cty.NUMBER, node.right, "right")
    hidden = hidden_a or hidden_b
    arithmetic = _ARITHMETIC.get(operator)
    kind = cty.NUMBER if arithmetic else cty.BOOL
    doubtful = a if isinstance(a, Unknown) else b if isinstance(b, Unknown) else None
    if doubtful is not None:
        return cty.remark(cty.unknown(doubtful, kind), hidden)
    if arithmetic is None:
        return cty.remark(_COMPARISON[operator](a, b), hidden)
    if not b and operator == "%":
        return cty.remark(a, hidden)
    if not b and operator == "/":
        raise TerraformError("Division by zero: Dividing by zero is not possible.")
    return cty.remark(arithmetic(a, b), hidden)


def _logic(node: tree.Binary, left: CtyValue, right: CtyValue) -> CtyValue:
    a, hidden_a = _operand(left, cty.BOOL, node.left, "left")
    b, hidden_b = _operand(right, cty.BOOL, node.right, "right")
    hidden = hidden_a or hidden_b
    decisive = node.operator == "||"
    if a is decisive or b is decisive:
        return cty.remark(decisive, hidden)
    doubtful = a if isinstance(a, Unknown) else b
    if isinstance(doubtful, Unknown):
        return cty.remark(cty.unknown(doubtful, cty.BOOL), hidden)
    return cty.remark(not decisive, hidden)
