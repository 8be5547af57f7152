"""
Evaluates expressions as Terraform does; what it cannot know becomes an unknown with a reason.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, §Expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from iaclint.terraform import convert, cty, doubt, number, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.value import Unknown

MAXIMUM_DEPTH = 300
MAXIMUM_TEXT = 4_000_000
MAXIMUM_SIZE = 2_000_000
MAXIMUM_STEPS = 2_000_000
"""What one root may cost, in expressions: some seconds."""


class EvalFailure(TerraformError):
    """What Terraform would refuse, with its place."""

    def __init__(self, message: str, start: int, end: int, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.start, self.end = start, end
        self.passing = isinstance(cause, Cycle)
        self.static = isinstance(cause, Undeclared)


class Cycle(TerraformError):
    """A value needs itself. That may be due to where the evaluation began: it is not kept."""


class Undeclared(TerraformError):
    """A name that is not declared: Terraform refuses it before it evaluates, `try` or not."""


class Names(Protocol):
    """What names mean where an expression stands. Both raise `TerraformError`."""

    def lookup(self, steps: tuple[str, ...]) -> tuple[int, CtyValue] | None:
        """How many of the leading names were used, and their value; None: no such name."""

    def call(self, name: str, arguments: list[CtyValue]) -> CtyValue:
        """A function other than `try` and `can`."""


@dataclass(slots=True)
class Budget:
    """What one session may still spend: hostile input ends in a message, not in a hang."""

    depth: int = 0
    steps: int = MAXIMUM_STEPS
    sizes: dict[int, tuple[int, Any]] = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        """Count what was done. Raises `TerraformError` when it was too much."""
        self.steps -= steps
        if self.steps < 0:
            raise TerraformError("evaluating this takes too long")

    def weigh(self, value: CtyValue) -> CtyValue:
        """The value, when it is not larger than `MAXIMUM_SIZE` elements all in all."""
        inner = value.value if isinstance(value, cty.Sensitive) else value
        size = 1
        for child in cty.children(inner):
            if type(child) is str or type(child) is int:
                size += 1
                continue
            child = child.value if isinstance(child, cty.Sensitive) else child
            size += self.sizes[id(child)][0] if id(child) in self.sizes else 1
        if size > MAXIMUM_SIZE:
            raise TerraformError(f"the value has more than {MAXIMUM_SIZE:,} elements")
        if size > 1:
            self.sizes[id(inner)] = (size, inner)
        return value


class Scope:
    """Where an expression is evaluated: names, the variables of `for`, and what may be spent."""

    __slots__ = ("budget", "local", "names")

    def __init__(self, names: Names, budget: Budget, local: Mapping[str, CtyValue]) -> None:
        self.names, self.budget, self.local = names, budget, local

    def within(self, extra: Mapping[str, CtyValue]) -> Scope:
        """The same scope with more local names."""
        return Scope(self.names, self.budget, {**self.local, **extra})


def evaluate(node: tree.Expression, scope: Scope) -> CtyValue:
    """
    The value of an expression.

    Raises `EvalFailure` for what Terraform refuses, and for what costs too much.
    """
    kind = type(node)
    if kind is tree.Literal:
        value = node.value  # type: ignore[union-attr]
        return cty.string(value) if type(value) is str else value
    budget = scope.budget
    budget.depth += 1
    budget.steps -= 1
    try:
        if budget.depth > MAXIMUM_DEPTH:
            raise TerraformError(f"this is nested deeper than {MAXIMUM_DEPTH} expressions")
        if budget.steps < 0:
            raise TerraformError("evaluating this takes too long")
        return _RULES[kind](node, scope)
    except EvalFailure:
        raise
    except (TerraformError, number.NumberError) as error:
        raise EvalFailure(str(error), node.start, node.end, error) from None
    finally:
        budget.depth -= 1


# --- literals and templates ----------------------------------------------------------------------


def _number(node: tree.Number, scope: Scope) -> CtyValue:
    return number.parse(node.text)


def _wrapped(node: tree.Wrapped, scope: Scope) -> CtyValue:
    return evaluate(node.value, scope)


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


def _template_if(node: tree.TemplateIf, scope: Scope) -> CtyValue:
    return _conditional(tree.Conditional(*node), scope)


def _template_for(node: tree.TemplateFor, scope: Scope) -> CtyValue:
    source, hidden = cty.unmark(evaluate(node.source, scope))
    if isinstance(source, Unknown):
        _iterable(source, node.source)
        return cty.remark(cty.unknown(source, cty.STRING), hidden)
    parts: list[str | Unknown] = []
    length = 0
    for key, item in cty.iterate(source):
        value = evaluate(node.body, scope.within(_bound(node.key, node.value, key, item)))
        plain, marked = cty.unmark(value)
        hidden = hidden or marked
        parts.extend(_pieces(plain, node.body))
        length += len(plain) if isinstance(plain, str) else 0
        if length > MAXIMUM_TEXT:
            raise TerraformError(f"the text is longer than {MAXIMUM_TEXT:,} characters")
    return cty.remark(_joined(parts), hidden)


def _bound(key_name: str, value_name: str, key: CtyValue, value: CtyValue) -> dict[str, CtyValue]:
    return {key_name: key, value_name: value} if key_name else {value_name: value}


# --- names and traversals ------------------------------------------------------------------------


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


def _index(node: tree.Index, scope: Scope) -> CtyValue:
    return doubt.index(evaluate(node.object, scope), evaluate(node.key, scope))


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
        return doubt.many(source, [_steps(item, chain, scope) for item in source.samples])
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


# --- operators -----------------------------------------------------------------------------------

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


def _conditional(node: tree.Conditional, scope: Scope) -> CtyValue:
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


# --- collections ---------------------------------------------------------------------------------


def _tuple(node: tree.Tuple, scope: Scope) -> CtyValue:
    return scope.budget.weigh(cty.tuple_([evaluate(item, scope) for item in node.items]))


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
        _iterable(source, node.source)
        return cty.unknown(source)
    if cty.is_null(source):
        message = (
            "Iteration over null value: A null value cannot be used as the collection in a "
            "'for' expression."
        )
        raise EvalFailure(message, node.source.start, node.source.end)
    _iterable(source, node.source)
    return _loop(list(cty.iterate(source)), node, scope)


def _iterable(source: CtyValue, node: tree.Expression) -> None:
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
        inner = scope.within(_bound(node.key, node.value, key, value))
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
        inner = scope.within(_bound(node.key, node.value, key, value))
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


def _parens(node: tree.Parens, scope: Scope) -> CtyValue:
    return evaluate(node.value, scope)


# --- functions -----------------------------------------------------------------------------------


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


_RULES: Mapping[type, Callable[[Any, Scope], CtyValue]] = {
    tree.Number: _number,
    tree.Template: _template,
    tree.Wrapped: _wrapped,
    tree.TemplateIf: _template_if,
    tree.TemplateFor: _template_for,
    tree.Variable: _variable,
    tree.GetAttr: _get_attr,
    tree.Index: _index,
    tree.Splat: _splat,
    tree.Call: _call,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Conditional: _conditional,
    tree.Tuple: _tuple,
    tree.Object: _object,
    tree.For: _for,
    tree.Parens: _parens,
}
