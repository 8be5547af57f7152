"""
What Terraform reads without evaluating it: literals, references, type constraints.
"""

from __future__ import annotations

from typing import Any

from iaclint.terraform import config, evaluate, tree
from iaclint.terraform.evaluate import Scope


def constant_truth(node: tree.Expression | None) -> bool | None:
    """The truth value of a literal; None for anything else."""
    if isinstance(node, tree.Wrapped | tree.Parens):
        return constant_truth(node.value)
    if isinstance(node, tree.Literal):
        return {True: True, "true": True, False: False, "false": False}.get(node.value)
    return None


def traversal(node: tree.Expression) -> str:
    """A reference that is not evaluated (`aws.west`), also in the quotes old versions wanted."""
    match node:
        case tree.Literal(value=str() as text):
            return text
        case tree.Variable(name=name):
            return name
        case tree.GetAttr(object=inner, name=name):
            return f"{traversal(inner)}.{name}"
        case tree.Index(object=inner):
            return traversal(inner)
        case tree.Wrapped(value=inner) | tree.Parens(value=inner):
            return traversal(inner)
    return ""


def constraint(node: tree.Expression, scope: Scope) -> Any:
    """A type constraint in the form `types.build` reads."""
    match node:
        case tree.Literal(value=str() as text):
            return ("text", text)
        case tree.Literal(value=None):
            return ("keyword", "null")
        case tree.Variable(name=name):
            return ("keyword", name)
        case tree.Wrapped(value=inner) | tree.Parens(value=inner):
            return constraint(inner, scope)
        case tree.Call(name="optional", arguments=(first, second)):
            default = evaluate.evaluate(second, scope)
            return ("call", "optional", [constraint(first, scope), ("value", default)])
        case tree.Call(name=name, arguments=arguments):
            return ("call", name, [constraint(argument, scope) for argument in arguments])
        case tree.Object(items=items):
            pairs = [(config.literal(key), constraint(value, scope)) for key, value in items]
            return ("object", pairs)
        case tree.Tuple(items=nodes):
            return ("tuple", [constraint(item, scope) for item in nodes])
    return ("keyword", "?")
