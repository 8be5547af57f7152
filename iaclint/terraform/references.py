"""
Which resources an expression refers to, directly or through variables, locals and outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from iaclint.terraform import tree
from iaclint.terraform.cty import TerraformError
from iaclint.terraform.evaluate import Scope

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

_DEEPEST = 40


def chains(node: Any) -> Iterator[tuple[str, ...]]:
    """The names of every traversal in a tree (`("var", "cidr")`)."""
    stack = [node]
    while stack:
        one = stack.pop()
        if type(one) is tree.GetAttr:
            names, rest = _names(one)
            if names:
                yield names
            else:
                stack.append(rest)
        elif isinstance(one, tuple):
            stack.extend(field for field in one if isinstance(field, tuple))


def _names(node: tree.Expression) -> tuple[tuple[str, ...], tree.Expression]:
    found: list[str] = []
    while type(node) is tree.GetAttr:
        found.append(node.name)
        node = node.object
    if type(node) is tree.Variable:
        return (node.name, *reversed(found)), node
    return (), node


def addresses(node: Any, module: Module, depth: int = 0) -> frozenset[str]:
    """The addresses of all instances of the resources a tree refers to."""
    found: set[str] = set()
    for chain in chains(node):
        found |= _of(chain, module, depth)
    return frozenset(found)


def _of(chain: tuple[str, ...], module: Module, depth: int) -> frozenset[str]:
    head, *rest = chain
    if depth > _DEEPEST or not rest:
        return frozenset()
    key = ("references", *chain[:3])
    known = module.memory.get(key)
    if known is None:
        module.memory[key] = frozenset()
        known = module.memory[key] = _resolve(head, rest, module, depth + 1)
    return known


def _resolve(head: str, rest: list[str], module: Module, depth: int) -> frozenset[str]:
    if head == "local":
        attribute = module.configuration.locals.get(rest[0])
        return addresses(attribute.value, module, depth) if attribute else frozenset()
    if head == "var":
        return _variable(rest[0], module, depth)
    if head == "module":
        return _output(rest, module, depth)
    key = (head, *rest[:2]) if head in ("data", "ephemeral") else ("resource", head, rest[0])
    if key not in module.configuration.resources:
        return frozenset()
    try:
        members = module.expansion((key[0], key[1], key[2])).members
    except TerraformError:
        return frozenset()
    return frozenset(member.address for _, member in members)


def _variable(name: str, module: Module, depth: int) -> frozenset[str]:
    written = module.written_variable(name)
    if written is None:
        return frozenset()
    return addresses(written.node, owner(written.scope, module), depth)


def owner(scope: Scope, otherwise: Module) -> Module:
    """The module an expression belongs to."""
    names: Any = scope.names
    return names if isinstance(names, type(otherwise)) else otherwise


def _output(rest: list[str], module: Module, depth: int) -> frozenset[str]:
    if rest[0] not in module.configuration.modules:
        return frozenset()
    try:
        members = module.calls(rest[0]).members
    except TerraformError:
        return frozenset()
    found: set[str] = set()
    for _, member in members:
        child = module.child(rest[0], member)
        if child is None:
            continue
        outputs = child.configuration.outputs
        wanted = [outputs[rest[1]]] if len(rest) > 1 and rest[1] in outputs else outputs.values()
        for block in wanted:
            found |= addresses(block.body, child, depth)
    return frozenset(found)
