"""
Defaults that mean nothing by themselves: an empty list or map, a text without anything in it. They
are there to be overridden, so what is wrong with them is not wrong with the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.source import Unreadable
from iaclint.terraform import cty, tree
from iaclint.terraform.cty import TerraformError
from iaclint.terraform.evaluate import EvalFailure
from iaclint.value import ListValue, Scalar, Unknown, Value

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

_VARIABLE = re.compile(r"\bvar\.([A-Za-z_][\w-]*)")
_LACKS = re.compile(r"(Invalid index|Unsupported attribute|Missing map element)\b")
_FILES = 50
BLOCKS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
"""Arguments in which an empty text is never meant."""


def placeholder(error: TerraformError, module: Module) -> Unknown | None:
    """
    The variable whose default is to be overridden, if that is why an expression cannot be
    evaluated: what it lacks is looked for in it, or it is empty.
    """
    if not isinstance(error, EvalFailure):
        return None
    for name in _VARIABLE.findall(_written(error, module)):
        owner, known = _outermost(module, name)
        if not _by_default(owner, known):
            continue
        if _LACKS.match(str(error)) or _is_empty(owner, known):
            return _unknown(owner, known)
    return None


def _written(error: EvalFailure, module: Module) -> str:
    """The expression that an error is about."""
    span = module.session.files.span(error.start, error.end)
    lines = module.session.sources.lines(span.path)[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def without_placeholders(name: str, value: Value, module: Module) -> Value:
    """The value of an argument, with what is empty by the default of a variable not known."""
    if name not in BLOCKS:
        return value
    if isinstance(value, ListValue):
        items = tuple(without_placeholders(name, item, module) for item in value.items)
        return ListValue(items, value.span, value.more, value.origin)
    if not isinstance(value, Scalar) or value.value != "" or value.origin is None:
        return value
    while module.parent is not None:
        module = module.parent
    for variable, block in module.configuration.variables.items():
        default = block.body.value("default")
        if default is not None and _by_default(module, variable):
            span = module.session.files.span(default.start, default.end)
            origin = value.origin
            if span.path == origin.path and span.line <= origin.line <= span.end_line:
                return _unknown(module, variable)
    return value


def _outermost(module: Module, name: str) -> tuple[Module, str]:
    """The variable of the root that a module is given under a name, else the module's own."""
    while module.parent is not None and (argument := module.arguments.get(name)) is not None:
        node = argument.node
        if not (isinstance(node, tree.GetAttr) and isinstance(node.object, tree.Variable)):
            break
        if node.object.name != "var":
            break
        module, name = module.parent, node.name
    return module, name


def _by_default(module: Module, name: str) -> bool:
    """Whether a variable of a root has the value of its default."""
    block = module.configuration.variables.get(name)
    given = module.parent is not None or name in module.given
    return block is not None and not given and block.body.value("default") is not None


def _is_empty(module: Module, name: str) -> bool:
    try:
        value = cty.unmark(module.variable(name))[0]
    except TerraformError:
        return False
    if isinstance(value, Unknown):
        return False
    return value is None or value == "" or cty.is_null(value) or _holds_nothing(value)


def _holds_nothing(value: cty.CtyValue) -> bool:
    return (cty.is_sequence(value) or cty.is_mapping(value)) and not list(cty.children(value))


def _unknown(module: Module, name: str) -> Unknown:
    block = module.configuration.variables[name]
    span = module.session.files.span(block.start, block.header_end)
    file = next(_values(module, name), "")
    supply = f"--var-file {file}" if file else f"--var {name}=…"
    return Unknown(f'variable "{name}" has a default that is to be overridden', span, supply)


def _values(module: Module, name: str) -> Iterator[str]:
    """Files of values near the root that have one for a variable."""
    sources = module.session.sources
    sets = re.compile(rf"^\s*\"?{re.escape(name)}\"?\s*=", re.MULTILINE)
    for path in islice(_near(module.directory), _FILES):
        try:
            if sets.search(sources.read(path)):
                yield sources.name(path)
        except Unreadable:
            continue


def _near(directory: Path) -> Iterator[Path]:
    try:
        yield from sorted(directory.glob("*.tfvars"))
        yield from sorted(directory.glob("*/*.tfvars"))
    except OSError:
        return
