"""
Whether several imports agree on the stack that they are from: each is named by the same stack, and
exactly one template of the scan exports each of the names. One such name may be a coincidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from iaclint.cloudformation.exports import Export, imports_of, stem_of
from iaclint.cloudformation.facts import fingerprint
from iaclint.cloudformation.parameters import Symbol
from iaclint.value import Unknown, Value, text

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator


def agree(exports: Sequence[Export], name: Value | None, importer: Evaluator) -> bool:
    """Whether all that a stack imports by the stack that a name is made of is from one template."""
    others = [export for export in exports if export.template != importer.template.name]
    stack = next((found for export in others if (found := _stack(export, name))), "")
    known, asked = importer.scope.agreed, (importer.top, importer.path, stack)
    if asked not in known:
        known[asked] = False  # a name may be made of what another import gives
        known[asked] = _agreed(others, stack, importer)
    return known[asked]


def _agreed(others: Sequence[Export], stack: str, importer: Evaluator) -> bool:
    found: dict[str, list[str]] = {}
    for each in imports_of(importer) if stack else ():
        sources = [export.template for export in others if _stack(export, each) == stack]
        if sources or _is_made_of(each, stack):
            found[fingerprint(each)] = sources
    every = list(found.values())
    return len(every) > 1 and all(len(one) == 1 and one == every[0] for one in every)


def _stack(export: Export, name: Value | None) -> str:
    """
    What the exporting stack has to be called for an export to have a name: a text, or the
    parameter that holds it. Empty where only another stack can be meant.
    """
    pieces = export.name.parts if isinstance(export.name, Unknown) and stem_of(export) else ()
    holes = [index for index, piece in enumerate(pieces) if isinstance(piece, Unknown)]
    if len(holes) != 1:
        return ""
    before = "".join(p for p in pieces[: holes[0]] if isinstance(p, str))
    after = "".join(p for p in pieces[holes[0] + 1 :] if isinstance(p, str))
    wanted = text(name)
    if isinstance(wanted, str):
        middle = wanted[len(before) : len(wanted) - len(after)]
        return middle if before + middle + after == wanted else ""
    parts = wanted.parts if wanted is not None else ()
    symbols = [part for part in parts if isinstance(part, Symbol)]
    shape = "".join(part if isinstance(part, str) else HOLE for part in parts)
    return symbols[0].key if symbols and shape == before + HOLE + after else ""


HOLE = "\0"


def _is_made_of(name: Value | None, stack: str) -> bool:
    wanted = text(name)
    if isinstance(wanted, str):
        return stack in wanted
    parts = wanted.parts if wanted is not None else ()
    return any(isinstance(part, Symbol) and part.key == stack for part in parts)
