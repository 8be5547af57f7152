"""
Calls of functions; `try` and `can` see the failures of their arguments.
"""

from __future__ import annotations

from iaclint.terraform import cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.core import EvalFailure, Scope, evaluate, rule
from iaclint.value import Unknown


@rule(tree.Call)
def _call(node: tree.Call, scope: Scope) -> CtyValue:
    name = node.name.removeprefix("core::")
    if name in ("try", "can") and not node.expand:
        return _try(node, scope) if name == "try" else _can(node, scope)
    written = tree.Literal | tree.Template | tree.Wrapped
    if name == "templatestring" and node.arguments and isinstance(node.arguments[0], written):
        raise TerraformError(
            'Invalid function argument: Invalid value for "template" parameter: a template '
            "must be a reference to a text from elsewhere, not written in place."
        )
    arguments = [doubt.whole(evaluate(argument, scope)) for argument in node.arguments]
    if node.expand:
        spread = _expanded(arguments, node)
        if isinstance(spread, Unknown):
            return doubt.through(name, arguments, spread)
        arguments = spread
    result = _called(name, arguments, node, scope)
    return doubt.through(name, arguments, result)


def _called(name: str, arguments: list[CtyValue], node: tree.Call, scope: Scope) -> CtyValue:
    try:
        return scope.budget.weigh(scope.names.call(name, arguments))
    except EvalFailure:
        raise
    except RecursionError:
        message = f'Call to function "{name}" failed: its argument is nested too deeply.'
        raise EvalFailure(message, node.start, node.end) from None


def _expanded(arguments: list[CtyValue], node: tree.Call) -> list[CtyValue] | Unknown:
    last: CtyValue = None
    last, hidden = cty.unmark(arguments[-1]) if arguments else (None, False)
    if isinstance(last, Unknown):
        return cty.unknown(last)
    if not cty.is_sequence(last):
        message = (
            "Invalid expanding argument value: The expanding argument (indicated by ...) must be "
            "of a tuple, list, or set type."
        )
        raise EvalFailure(message, node.start, node.end)
    return [*arguments[:-1], *(cty.remark(item, hidden) for item in last.items)]


def _try(node: tree.Call, scope: Scope) -> CtyValue:
    failures: list[str] = []
    for argument in node.arguments:
        try:
            return evaluate(argument, scope)
        except EvalFailure as error:
            if error.static:
                raise
            failures.append(str(error))
    raise TerraformError(
        'Error in function call: Call to function "try" failed: no expression succeeded: '
        + "; ".join(failures)
    )


def _can(node: tree.Call, scope: Scope) -> CtyValue:
    if len(node.arguments) != 1:
        raise TerraformError('Function "can" expects exactly one argument.')
    try:
        waiting = cty.first_unknown(evaluate(node.arguments[0], scope))
    except EvalFailure as error:
        if error.static:
            raise
        return False
    return True if waiting is None else cty.unknown(waiting, cty.BOOL)
