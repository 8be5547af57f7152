"""
Tuples, objects, and the `for` that makes them.
"""

from __future__ import annotations

from iaclint.terraform import convert, cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate.core import EvalFailure, Scope, evaluate, rule
from iaclint.value import Unknown


def bound(key_name: str, value_name: str, key: CtyValue, value: CtyValue) -> dict[str, CtyValue]:
    """What the names of a `for` stand for in one round."""
    return {key_name: key, value_name: value} if key_name else {value_name: value}


@rule(tree.Tuple)
def _tuple(node: tree.Tuple, scope: Scope) -> CtyValue:
    return scope.budget.weigh(cty.tuple_([evaluate(item, scope) for item in node.items]))


@rule(tree.Object)
def _object(node: tree.Object, scope: Scope) -> CtyValue:
    found: dict[str, CtyValue] = {}
    doubtful: Unknown | None = None
    hidden = False
    for key_node, value_node in node.items:
        key, marked = cty.unmark(evaluate(key_node, scope))
        hidden = hidden or marked
        value = evaluate(value_node, scope)
        if isinstance(key, Unknown):
            doubtful = key
            found[f"\0{len(found)}"] = value
            continue
        found[_key(key, key_node)] = value
    if doubtful is not None:
        return cty.remark(doubt.many(doubtful, list(found.values())), hidden)
    return cty.remark(scope.budget.weigh(cty.object_(found)), hidden)


def _key(key: CtyValue, node: tree.Expression) -> str:
    if cty.is_null(key):
        message = "Null value as key: Can't use a null value as a key."
        raise EvalFailure(message, node.start, node.end)
    if not (isinstance(key, str | bool) or cty.is_number(key)):
        message = (
            "Incorrect key type: Can't use this value as a key: string required, but have "
            f"{cty.kind_name(key)}."
        )
        raise EvalFailure(message, node.start, node.end)
    return cty.text(key)


@rule(tree.For)
def _for(node: tree.For, scope: Scope) -> CtyValue:
    source, hidden = cty.unmark(doubt.whole(evaluate(node.source, scope)))
    return cty.remark(_for_over(source, node, scope), hidden)


def _for_over(source: CtyValue, node: tree.For, scope: Scope) -> CtyValue:
    if isinstance(source, doubt.Choice):
        return doubt.choice(source, [_for_over(option, node, scope) for option in source.options])
    if isinstance(source, doubt.Many):
        pairs = [(cty.unknown(source, cty.STRING), sample) for sample in source.samples]
        return _possible(source, pairs, node, scope)
    if isinstance(source, Unknown):
        iterable(source, node.source)
        return cty.unknown(source)
    if cty.is_null(source):
        message = (
            "Iteration over null value: A null value cannot be used as the collection in a "
            "'for' expression."
        )
        raise EvalFailure(message, node.source.start, node.source.end)
    iterable(source, node.source)
    return _loop(list(cty.iterate(source)), node, scope)


def iterable(source: CtyValue, node: tree.Expression) -> None:
    """Raises `EvalFailure` for what `for` cannot go through."""
    if cty.type_of(source) in (cty.STRING, cty.NUMBER, cty.BOOL):
        message = (
            "Iteration over non-iterable value: A value of type "
            f"{cty.kind_name(source)} cannot be used as the collection in a 'for' expression."
        )
        raise EvalFailure(message, node.start, node.end)


def _possible(
    like: Unknown, pairs: list[tuple[CtyValue, CtyValue]], node: tree.For, scope: Scope
) -> CtyValue:
    results: list[CtyValue] = []
    for key, value in pairs:
        inner = scope.within(bound(node.key, node.value, key, value))
        if node.condition is not None and _selected(node.condition, inner)[0] is False:
            continue
        results.append(evaluate(node.result, inner))
    return doubt.many(like, results)


def _selected(condition: tree.Expression, scope: Scope) -> tuple[CtyValue, bool]:
    value, hidden = cty.unmark(evaluate(condition, scope))
    if cty.is_null(value):
        message = "Condition is null: The value of the 'if' clause must not be null."
        raise EvalFailure(message, condition.start, condition.end)
    try:
        return convert.convert(value, cty.BOOL), hidden
    except TerraformError as error:
        message = f"Invalid 'for' condition: The 'if' clause value is invalid: {error}."
        raise EvalFailure(message, condition.start, condition.end) from None


def _loop(pairs: list[tuple[CtyValue, CtyValue]], node: tree.For, scope: Scope) -> CtyValue:
    items: list[CtyValue] = []
    grouped: dict[str, list[CtyValue]] = {}
    hidden = False
    doubtful: Unknown | None = None
    for key, value in pairs:
        inner = scope.within(bound(node.key, node.value, key, value))
        if node.condition is not None:
            selected, marked = _selected(node.condition, inner)
            hidden = hidden or marked
            if isinstance(selected, Unknown):
                doubtful = selected
            elif not selected:
                continue
        result = evaluate(node.result, inner)
        if node.result_key is None:
            items.append(result)
            continue
        name, marked = cty.unmark(evaluate(node.result_key, inner))
        hidden = hidden or marked
        if isinstance(name, Unknown):
            doubtful = name
            items.append(result)
            continue
        _group(grouped, _key(name, node.result_key), result, node)
    if doubtful is not None:
        samples = items + [item for found in grouped.values() for item in found]
        return cty.remark(doubt.many(doubtful, samples), hidden)
    if node.result_key is None:
        return cty.remark(scope.budget.weigh(cty.tuple_(items)), hidden)
    return cty.remark(scope.budget.weigh(_object_of(grouped, node.group)), hidden)


def _group(grouped: dict[str, list[CtyValue]], name: str, result: CtyValue, node: tree.For) -> None:
    if name in grouped and not node.group:
        message = (
            f'Duplicate object key: Two different items produced the key "{name}" in this '
            "'for' expression. If duplicates are expected, use the ellipsis (...) after the "
            "value expression to enable grouping by key."
        )
        assert node.result_key is not None
        raise EvalFailure(message, node.result_key.start, node.result_key.end)
    grouped.setdefault(name, []).append(result)


def _object_of(grouped: dict[str, list[CtyValue]], group: bool) -> CtyValue:
    if group:
        return cty.object_({name: cty.tuple_(found) for name, found in grouped.items()})
    return cty.object_({name: found[0] for name, found in grouped.items()})
