"""
Whether an import is from the one template of a scan that exports such a name: several imports agree
on the stack, or the stack is called as the template's file is. One such name alone may be a
coincidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from iaclint.cloudformation.exports import Export, imports_of, stem_of
from iaclint.cloudformation.facts import fingerprint
from iaclint.cloudformation.parameters import Symbol
from iaclint.value import Unknown, Value, text

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator


HOLE = "\0"

Shapes: TypeAlias = Mapping[str, Sequence[str]]
"""The templates that export a name of a shape: with the name of their own stack as a hole in it."""


def shapes_of(exports: Iterable[Export]) -> Shapes:
    """The shapes of all exports that are named by their own stack."""
    found: dict[str, list[str]] = {}
    for export in exports:
        shape = _shape(export.name)
        if stem_of(export) and shape.count(HOLE) == 1:
            found.setdefault(shape, []).append(export.template)
    return found


def agree(export: Export, shapes: Shapes, name: Value | None, importer: Evaluator) -> bool:
    """
    Whether all that a stack imports by the stack that a name is made of is from one template, or
    that is the only one that is called as the stack.
    """
    stack = _stack(_shape(export.name), name) if stem_of(export) else ""
    known, asked = importer.scope.agreed, (importer.top, importer.path, stack, export.template)
    if asked not in known:
        known[asked] = False  # a name may be made of what another import gives
        known[asked] = bool(stack) and _agreed(export, shapes, stack, importer)
    return known[asked]


def _agreed(export: Export, shapes: Shapes, stack: str, importer: Evaluator) -> bool:
    imports = _sources(shapes, stack, importer)
    if not all(export.template in sources for sources in imports):
        return False
    alone = len(imports) > 1 and all(len(sources) == 1 for sources in imports)
    rivals = [each for each in shapes[_shape(export.name)] if _is_called(each, stack)]
    return alone or rivals == [export.template]


def _sources(shapes: Shapes, stack: str, importer: Evaluator) -> list[list[str]]:
    """
    The templates that export each of the names that are made of the name of one stack. A name that
    has that in it may be of another one: `net-app-Group` of `net-app`.
    """
    found: dict[str, list[str]] = {}
    for each in imports_of(importer):
        wanted = text(each)
        if isinstance(wanted, str) and stack not in wanted:
            continue
        sources = [
            template
            for shape in (shapes if isinstance(wanted, str) else (_shape(wanted),))
            for template in shapes.get(shape, ())
            if template != importer.template.name and _stack(shape, each) == stack
        ]
        if not sources and isinstance(wanted, str) and any(_stack(one, each) for one in shapes):
            continue
        if sources or isinstance(wanted, str) or stack in _symbols(wanted):
            found[fingerprint(each)] = sources
    return list(found.values())


NOISE = re.compile(r"stack|name|cloudformation|cfn|template|parameter|param|[^a-z0-9]")
"""What people put around the name of a stack: `VpcStackName`, `cfn-vpc`, `vpc-stack`."""


def _is_called(template: str, stack: str) -> bool:
    """Whether a template's file is called as a stack, or as the parameter that holds its name."""
    name = NOISE.sub("", stack.casefold())
    return bool(name) and NOISE.sub("", Path(template).stem.casefold()) == name


def _stack(shape: str, name: Value | None) -> str:
    """
    What the exporting stack has to be called for an export to have a name: a text, or the
    parameter that holds it. Empty where only another stack can be meant.
    """
    before, hole, after = shape.partition(HOLE)
    wanted = text(name)
    if not hole or HOLE in after:
        return ""
    if isinstance(wanted, str):
        middle = wanted[len(before) : len(wanted) - len(after)]
        return middle if before + middle + after == wanted else ""
    return next(iter(_symbols(wanted)), "") if _shape(wanted) == shape else ""


def _shape(name: Value | None) -> str:
    parts = name.parts if isinstance(name, Unknown) else ()
    return "".join(part if isinstance(part, str) else HOLE for part in parts)


def _symbols(name: Value | None) -> list[str]:
    parts = name.parts if isinstance(name, Unknown) else ()
    return [part.key for part in parts if isinstance(part, Symbol)]
