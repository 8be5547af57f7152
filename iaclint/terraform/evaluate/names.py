"""
Names, attributes, indexes and splats.
"""

from __future__ import annotations

from collections.abc import Sequence

from iaclint.terraform import cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.core import EvalFailure, Scope, Undeclared, evaluate, rule
from iaclint.value import Unknown


def _chain(node: tree.Expression) -> tuple[tuple[str, ...], list[tree.GetAttr]]:
    """The names of `a.b.c`, as far as they are names from the root; and the nodes after `a`."""
    nodes: list[tree.GetAttr] = []
    while type(node) is tree.GetAttr:
        nodes.append(node)
        node = node.object
    if type(node) is not tree.Variable:
        return (), []
    nodes.reverse()
    return (node.name, *(one.name for one in nodes)), nodes


@rule(tree.Variable)
def _variable(node: tree.Variable, scope: Scope) -> CtyValue:
    if node.name in scope.local:
        return scope.local[node.name]
    found = scope.names.lookup((node.name,))
    if found is None:
        raise Undeclared(
            f'Invalid reference: "{node.name}" is neither a local name nor a resource type '
            "followed by a name."
        )
    return found[1]


@rule(tree.GetAttr)
def _get_attr(node: tree.GetAttr, scope: Scope) -> CtyValue:
    names, nodes = _chain(node)
    if not names:
        return doubt.attribute(evaluate(node.object, scope), node.name)
    if names[0] in scope.local:
        value, used = scope.local[names[0]], 1
    else:
        found = scope.names.lookup(names)
        if found is None:
            raise Undeclared(f"Invalid reference: {'.'.join(names)} is not declared.")
        used, value = found
    for step in nodes[used - 1 :]:
        try:
            value = doubt.attribute(value, step.name)
        except EvalFailure:
            raise
        except TerraformError as error:
            raise EvalFailure(str(error), node.start, step.end, error) from None
    return value


@rule(tree.Index)
def _index(node: tree.Index, scope: Scope) -> CtyValue:
    return doubt.index(evaluate(node.object, scope), evaluate(node.key, scope))


@rule(tree.Splat)
def _splat(node: tree.Splat, scope: Scope) -> CtyValue:
    chain = [node]
    while type(chain[0].source) is tree.Splat and chain[0].source.full:
        chain.insert(0, chain[0].source)
    source, hidden = cty.unmark(evaluate(chain[0].source, scope))
    return cty.remark(_splat_of(source, chain, scope), hidden)


def _splat_of(source: CtyValue, chain: Sequence[tree.Splat], scope: Scope) -> CtyValue:
    """A full splat behind another one applies to each element of it, as all that follows does."""
    if isinstance(source, doubt.Choice):
        options = [_splat_of(option, chain, scope) for option in source.options]
        return doubt.choice(source, options)
    if isinstance(source, doubt.Many):
        samples = [_steps(item, chain, scope) for item in source.samples]
        return doubt.many(source, samples, source.tally)
    if isinstance(source, Unknown) and not isinstance(source, doubt.Instance):
        return _splat_unknown(source, chain, scope)
    if cty.is_null(source):
        if isinstance(source, cty.Null) and not isinstance(
            source.type, cty.Primitive | cty.ObjectType | cty.MapType
        ):
            raise TerraformError(
                "Splat of null value: Splat expressions need a list, set or tuple."
            )
        return cty.EMPTY_TUPLE
    items = source.items if cty.is_sequence(source) else (source,)
    return scope.budget.weigh(cty.tuple_([_steps(item, chain, scope) for item in items]))


def _splat_unknown(source: Unknown, chain: Sequence[tree.Splat], scope: Scope) -> CtyValue:
    kind = cty.type_of(source)
    if kind == cty.DYNAMIC and source.ref is not None:
        if not any(node.steps for node in chain):
            return source
        return doubt.many(source, [_steps(doubt.deeper(source, "[*]"), chain, scope)])
    if isinstance(kind, cty.ListType | cty.SetType | cty.TupleType) or kind == cty.DYNAMIC:
        return cty.unknown(source)
    found = cty.tuple_([_steps(source, chain, scope)])
    return found if cty.not_null(source) else cty.unknown(source)


def _steps(value: CtyValue, chain: Sequence[tree.Splat], scope: Scope) -> CtyValue:
    for step in chain[0].steps:
        if isinstance(step, str):
            value = doubt.attribute(value, step)
        else:
            value = doubt.index(value, evaluate(step, scope))
    if len(chain) == 1:
        return value
    plain, hidden = cty.unmark(value)
    return cty.remark(_splat_of(plain, chain[1:], scope), hidden)
