"""
The body of a resource instance: its arguments, and its nested blocks with `dynamic` expanded.

https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.terraform import cty, doubt, tree
from iaclint.terraform.evaluate import EvalFailure, Scope, evaluate
from iaclint.value import Unknown

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle"})
MODULE_META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "dynamic"})
MAXIMUM_BLOCKS = 5_000


@dataclass(frozen=True, slots=True)
class Nested:
    """One nested block after expansion; `doubtful` when it is not certain how many there are."""

    block: tree.Block
    scope: Scope
    doubtful: Unknown | None = None


def nested(body: tree.Body, scope: Scope) -> Iterator[tuple[str, Nested]]:
    """The nested blocks by type. Raises `EvalFailure` for a `dynamic` that Terraform refuses."""
    for block in body.blocks:
        if block.type == "dynamic":
            if block.labels:
                yield from ((block.labels[0], one) for one in _dynamic(block, scope))
        elif block.type not in META_BLOCKS:
            yield block.type, Nested(block, scope)


def idle(body: tree.Body, scope: Scope) -> Iterator[tuple[str, Nested]]:
    """The blocks that a `dynamic` would make if its collection were not empty."""
    for block in body.blocks:
        content = next(iter(block.body.named("content")), None)
        node = block.body.value("for_each")
        if block.type != "dynamic" or not block.labels or content is None or node is None:
            continue
        value = cty.unmark(evaluate(node, scope))[0]
        empty = cty.is_sequence(value) or cty.is_mapping(value)
        if not isinstance(value, Unknown) and empty and not any(True for _ in cty.iterate(value)):
            why = Unknown("the collection is empty")
            iterator = cty.object_({"key": cty.unknown(why), "value": cty.unknown(why)})
            shown = block._replace(body=content.body)
            yield block.labels[0], Nested(shown, scope.within({_iterator(block): iterator}), why)


def _dynamic(block: tree.Block, scope: Scope) -> Iterator[Nested]:
    content = next(iter(block.body.named("content")), None)
    node = block.body.value("for_each")
    if content is None or node is None:
        message = 'a "dynamic" block needs "for_each" and a "content" block'
        raise EvalFailure(message, block.start, block.header_end)
    name = _iterator(block)
    value = cty.unmark(evaluate(node, scope))[0]
    shown = block._replace(body=content.body)
    if isinstance(value, Unknown):
        yield from _unknown(shown, value, name, scope)
        return
    if cty.is_null(value) or not (cty.is_sequence(value) or cty.is_mapping(value)):
        what = "null" if cty.is_null(value) else cty.kind_name(value)
        message = (
            f"Invalid dynamic for_each value: Cannot use a {what} value in for_each. "
            "An iterable collection is required."
        )
        raise EvalFailure(message, node.start, node.end)
    for count, (key, item) in enumerate(cty.iterate(value)):
        if count >= MAXIMUM_BLOCKS:
            raise EvalFailure(f"more than {MAXIMUM_BLOCKS} blocks", node.start, node.end)
        iterator = cty.object_({"key": key, "value": item})
        yield Nested(shown, scope.within({name: iterator}))


def _iterator(block: tree.Block) -> str:
    node = block.body.value("iterator")
    if isinstance(node, tree.Variable):
        return node.name
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return node.value
    return block.labels[0]


def _unknown(block: tree.Block, value: Unknown, name: str, scope: Scope) -> Iterator[Nested]:
    if isinstance(value, doubt.Choice):
        samples = [item for option in value.options for item in doubt.elements(option)]
        if not samples and not any(isinstance(option, Unknown) for option in value.options):
            return
    else:
        samples = doubt.elements(value)
    for sample in samples or [cty.unknown(value)]:
        iterator = cty.object_({"key": cty.unknown(value), "value": sample})
        yield Nested(block, scope.within({name: iterator}), value)
