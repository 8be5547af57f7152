"""
`count` and `for_each`: which instances there are, also when that is not known.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from iaclint.terraform import convert, cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate import EvalFailure, Scope, evaluate
from iaclint.terraform.session import Session
from iaclint.value import Unknown

Tallies = dict[Hashable, object]
MAXIMUM_INSTANCES = 1_000
"""More instances of one block than this are not looked at."""


@dataclass(frozen=True, slots=True)
class Member:
    """One instance: its address, and what `each` and `count` are in it."""

    address: str
    block: tree.Block
    names: Mapping[str, CtyValue] = field(default_factory=dict)
    maybe: Unknown | None = None
    tally: object = None
    """What decides how many there are, where that is not known; others may have it in common."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """All instances of a block, and how a reference to the block sees them."""

    kind: Literal["single", "count", "for_each", "symbolic"]
    members: tuple[tuple[str, Member], ...]
    """By key; empty text for a single one."""
    doubtful: Unknown | None = None

    def value(self, each: Callable[[Member], CtyValue]) -> CtyValue:
        """The value of a reference to the block as a whole."""
        if self.kind == "single":
            return each(self.members[0][1])
        values = [each(member) for _, member in self.members]
        if self.kind == "symbolic" and self.doubtful is not None:
            return doubt.many(self.doubtful, values, self.members[0][1].tally)
        if self.kind == "count":
            return cty.tuple_(values)
        keys = (key for key, _ in self.members)
        return cty.object_(dict(zip(keys, values, strict=True)))


def expand(
    block: tree.Block, address: str, scope: Scope, session: Session, tallies: Tallies
) -> Expansion:
    """
    The instances of a block; `tallies` are those of its module, by what is written. Raises
    `EvalFailure` for what Terraform refuses.
    """
    count, each = block.body.value("count"), block.body.value("for_each")
    if count is not None:
        return _tallied(_count(block, address, count, scope, session), count, scope, tallies)
    if each is not None:
        return _tallied(_for_each(block, address, each, scope), each, scope, tallies)
    return Expansion("single", (("", Member(address, block)),))


def _tallied(found: Expansion, node: tree.Expression, scope: Scope, tallies: Tallies) -> Expansion:
    """
    With what decides how many instances there are, where that is not known: the block all of whose
    instances are counted, else what is written, which means the same anywhere in a module.
    """
    if found.kind != "symbolic":
        return found
    if isinstance(node, tree.Call) and node.name == "length" and len(node.arguments) == 1:
        node = node.arguments[0]
    whole = cty.unmark(evaluate(node, scope))[0]
    tally = whole.tally if isinstance(whole, doubt.Many) else None
    tally = tally or tallies.setdefault(tree.shape(node), object())
    members = ((key, replace(member, tally=tally)) for key, member in found.members)
    return replace(found, members=tuple(members))


def _count(
    block: tree.Block, address: str, node: tree.Expression, scope: Scope, session: Session
) -> Expansion:
    value = cty.unmark(evaluate(node, scope))[0]
    if isinstance(value, Unknown):
        return _count_unknown(block, address, value)
    try:
        number = convert.convert(value, cty.NUMBER)
    except TerraformError as error:
        raise EvalFailure(f"Invalid count argument: {error}.", node.start, node.end) from None
    if cty.is_null(number) or number.denominator != 1 or number < 0:
        message = "Invalid count argument: a whole number that is not negative is required."
        raise EvalFailure(message, node.start, node.end)
    total = int(number)
    if total > MAXIMUM_INSTANCES:
        span = session.files.span(node.start, node.end)
        session.report(f"count is {total}: only {MAXIMUM_INSTANCES} instances are looked at", span)
        total = MAXIMUM_INSTANCES
    members = tuple(
        (str(i), Member(f"{address}[{i}]", block, {"count": cty.object_({"index": i})}))
        for i in range(total)
    )
    return Expansion("count", members)


def _count_unknown(block: tree.Block, address: str, value: Unknown) -> Expansion:
    zero_or_one = isinstance(value, doubt.Choice) and set(map(str, value.options)) <= {"0", "1"}
    index: CtyValue = 0 if zero_or_one else cty.unknown(value, cty.NUMBER)
    names = {"count": cty.object_({"index": index})}
    shown = f"{address}[0]" if zero_or_one else f"{address}[*]"
    member = Member(shown, block, names, _doubt(value, address))
    return Expansion("symbolic", (("*", member),), value)


def _doubt(value: Unknown, address: str) -> Unknown:
    return Unknown(value.reason, value.span, value.supply)


def _for_each(block: tree.Block, address: str, node: tree.Expression, scope: Scope) -> Expansion:
    value = cty.unmark(evaluate(node, scope))[0]
    if isinstance(value, doubt.Instance):
        message = (
            "Invalid for_each argument: a single resource instance is neither a map nor a set."
        )
        raise EvalFailure(message, node.start, node.end)
    waiting = value if isinstance(value, Unknown) else None
    if isinstance(value, cty.Set):
        waiting = cty.first_unknown(value)
    if waiting is not None:
        return _for_each_unknown(block, address, value, waiting)
    if cty.is_null(value) or not (cty.is_mapping(value) or isinstance(value, cty.Set)):
        what = "null" if cty.is_null(value) else cty.kind_name(value)
        message = (
            'Invalid for_each argument: the "for_each" argument must be a map, or set of strings, '
            f"and you have provided a value of type {what}."
        )
        raise EvalFailure(message, node.start, node.end)
    pairs = list(cty.iterate(value))[:MAXIMUM_INSTANCES]
    members = tuple((cty.text(key), _member(block, address, key, item)) for key, item in pairs)
    return Expansion("for_each", members)


def _member(block: tree.Block, address: str, key: CtyValue, item: CtyValue) -> Member:
    name = cty.text(key)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    names = {"each": cty.object_({"key": name, "value": item})}
    return Member(f'{address}["{quoted}"]', block, names)


def _for_each_unknown(
    block: tree.Block, address: str, value: CtyValue, waiting: Unknown
) -> Expansion:
    samples = doubt.elements(value)
    sample: CtyValue = cty.unknown(waiting)
    if len(samples) == 1:
        sample = samples[0]
    elif samples:
        sample = doubt.choice(waiting, samples)
    key = sample if isinstance(value, cty.Set) else cty.unknown(waiting, cty.STRING)
    names = {"each": cty.object_({"key": key, "value": sample})}
    member = Member(f"{address}[*]", block, names, _doubt(waiting, address))
    return Expansion("symbolic", (("*", member),), waiting)
