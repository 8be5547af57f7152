"""
Exports and imports between stacks.

The name of an export is often made from the exporting stack's name, which nobody knows before
deployment: `${AWS::StackName}-VPC` here and `${NetworkStack}-VPC` there are taken to be the same
when no other template exports such a name. Where both names are made from the name of the very
same stack, no other stack can be meant.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.cloudformation.facts import fingerprint
from iaclint.cloudformation.node import Call, fields, walk
from iaclint.cloudformation.parameters import Symbol
from iaclint.cloudformation.urls import nearness
from iaclint.value import Scalar, Unknown, Value, text

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator


@dataclass(frozen=True, slots=True)
class Export:
    """
    One export: the stack (its template, the top template, the nested stacks down to it), its
    output, and the name as far as it is known.
    """

    template: str
    output: str
    name: Value
    top: str
    path: tuple[str, ...] = ()


def exports_of(evaluator: Evaluator) -> list[Export]:
    """The exports of a template."""
    found = []
    for output, (_, body) in evaluator.section("Outputs").items():
        node = fields(fields(body).get("Export")).get("Name")
        name = evaluator.value(node) if node is not None else None
        if name is not None and evaluator.exists(body) is not False:
            template = evaluator.template.name
            found.append(Export(template, output, name, evaluator.top, evaluator.path))
    return found


def imports_of(stack: Evaluator) -> list[Value | None]:
    """The names of what a stack imports."""
    if "ImportValue" not in stack.scope.project.sources.read(stack.template.path):
        return []
    nodes = (node for node in walk(stack.template.root) if isinstance(node, Call))
    return [stack.value(node.argument) for node in nodes if node.name == "Fn::ImportValue"]


def matching(exports: Sequence[Export], name: Value | None, importer: Evaluator) -> list[Export]:
    """
    The exports that a name imported by a stack can mean; exact names go before patterns, and what
    is deployed together with the stack goes before what is not.
    """
    others = [export for export in exports if export.template != importer.template.name]
    return _nearest(_named(others, name), importer)


def is_certain(
    export: Export, exports: Sequence[Export], name: Value | None, importer: Evaluator
) -> bool:
    """
    Whether the names tell that it is this export: both are the same whatever is not known of them,
    and no other is, or the two files lie in one folder or are deployed together.
    """
    own = importer.template.name
    same = [one for one in exports if one.template != own and _is_named(one, name)]
    beside = export.top == importer.top or Path(export.template).parent == Path(own).parent
    return export in same and (beside or len(same) == 1)


def _is_named(export: Export, name: Value | None) -> bool:
    wanted = text(name)
    if isinstance(wanted, str):
        return text(export.name) == wanted
    return wanted is not None and isinstance(export.name, Unknown) and _same(export.name, wanted)


def _called(export: Export, wanted: str) -> bool:
    """
    Has the export this name when its stack is called as its file is? That is how people call them:
    `--stack-name east --template-body file://east.yaml`.
    """
    stem = stem_of(export)
    parts = export.name.parts if isinstance(export.name, Unknown) else ()
    whole = "".join(part if isinstance(part, str) else stem for part in parts)
    return bool(stem) and whole.casefold() == wanted.casefold()


def stem_of(export: Export) -> str:
    """The file's name, where all that is not known of an export is the name of that stack."""
    parts = export.name.parts if isinstance(export.name, Unknown) else ()
    unknown = [part for part in parts if isinstance(part, Unknown)]
    own = f"{export.template}:AWS::StackName"
    if not unknown or not all(isinstance(part, Symbol) and part.key == own for part in unknown):
        return ""
    return Path(export.template).stem


def shown(name: Value | None) -> str:
    """A name in quotes, as far as it is known: `"…-Subnet"`."""
    plain = text(name)
    if isinstance(plain, str):
        return f'"{plain}"'
    shape = _shape(plain) if plain is not None else ()
    return f'"{"…".join(_around(shape))}"' if any(shape) else "a name that is not known"


def _around(shape: tuple[str, ...]) -> list[str]:
    """The known pieces, of which each has something unknown beside it."""
    pieces = [""]
    for piece in shape:
        if piece:
            pieces[-1] += piece
        else:
            pieces.append("")
    return pieces


def possible_names(
    exports: Sequence[Export], name: Value | None, importer: Evaluator
) -> tuple[Value | None, ...]:
    """The name that is imported; of several that it may be, those that somebody exports."""
    if not isinstance(name, Unknown) or not name.choices:
        return (name,)
    exported = [choice for choice in name.choices if matching(exports, choice, importer)]
    return tuple(exported or name.choices)


def _named(exports: Sequence[Export], name: Value | None) -> list[Export]:
    """The exports that have such a name, as far as both names are known."""
    wanted = text(name)
    if isinstance(wanted, str):
        exact = [export for export in exports if text(export.name) == wanted]
        fitting = [export for export in exports if _fits(export.name, wanted)]
        return exact or [e for e in fitting if _called(e, wanted)] or fitting
    if wanted is None:
        return []
    shape = _shape(wanted)
    if not any(shape):
        return []
    alike = [
        export
        for export in exports
        if isinstance(export.name, Unknown) and _shape(export.name) == shape
    ]
    same = [export for export in alike if _same(export.name, wanted)]
    return same or alike or [export for export in exports if _can_become(wanted, export.name)]


def _nearest(found: list[Export], importer: Evaluator) -> list[Export]:
    """
    Of several exports with such a name, those of the stacks that are deployed together, else those
    whose files are nearest: such a name is unique in an account, so the others are copies.
    """
    scores = [_rank(export, importer) for export in found]
    best = max(scores, default=None)
    return [export for export, score in zip(found, scores, strict=True) if score == best]


def _rank(export: Export, importer: Evaluator) -> tuple[bool, tuple[bool, int], tuple[bool, int]]:
    own, top = Path(importer.template.name), Path(importer.top)
    return (
        export.top == importer.top,
        nearness(Path(export.template), own),
        nearness(Path(export.top), top),
    )


def _can_become(wanted: Unknown, name: Value) -> bool:
    """
    Can the unknown parts of the wanted name be such that it is this one, as when only the exporter
    has a default? What is known of it must be more than punctuation.
    """
    plain = text(name)
    telling = any(letter.isalnum() for piece in _shape(wanted) for letter in piece)
    return isinstance(plain, str) and telling and _fits(wanted, plain)


def _same(export: Value, wanted: Unknown) -> bool:
    """Are both made of the same parameters, so that they are equal whatever those are?"""
    unknown = [part for part in wanted.parts if isinstance(part, Unknown)]
    return all(isinstance(part, Symbol) for part in unknown) and (
        fingerprint(export) == fingerprint(wanted)
    )


def _shape(name: Unknown) -> tuple[str, ...]:
    """The known pieces of a name, an empty text for each unknown one."""
    return tuple(part if isinstance(part, str) else "" for part in name.parts)


def _fits(pattern: Value, name: str) -> bool:
    """Could the pattern's unknown parts be filled so that it becomes the name?"""
    if not isinstance(pattern, Unknown):
        return False
    if pattern.choices and all(isinstance(choice, Scalar) for choice in pattern.choices):
        return any(text(choice) == name for choice in pattern.choices)
    shape = _shape(pattern)
    if not any(shape):
        return False
    if shape[0] and not name.startswith(shape[0]):
        return False
    if shape[-1] and not name.endswith(shape[-1]):
        return False
    position = 0
    for piece in shape:
        position = name.find(piece, position)
        if position < 0:
            return False
        position += len(piece) or 1
    return position <= len(name)
