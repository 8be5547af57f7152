"""
One template: its sections, read once, with the problems that stand in the way of reading it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iaclint.cloudformation.decode import decode
from iaclint.cloudformation.node import (
    LOOP,
    Call,
    Node,
    Section,
    fields,
    items_of,
    place_of,
    string,
)
from iaclint.source import Problem, Sources, Span, Unreadable
from iaclint.value import MapValue, Scalar

EXPANDABLE = frozenset({"AWS::Include", "AWS::LanguageExtensions"})
"""Transforms that are carried out here; others leave things unknown."""


MODULES = frozenset({"Modules", "Packages", "Rain"})
"""Sections of tools that put a template together before it is deployed."""


@dataclass(frozen=True, slots=True)
class Template:
    """A decoded template. `name` is its shown path, `root` the document."""

    path: Path
    name: str
    root: Section
    problems: tuple[Problem, ...] = ()
    transforms: tuple[str, ...] = ()
    opaque: bool = False
    """A macro, SAM or a module may add what is not written here: no name is missing for sure."""

    def section(self, name: str) -> Node | None:
        return self.root.items.get(name)

    def entries(self, name: str) -> Mapping[str, Node]:
        return fields(self.root.items.get(name))

    def place(self, section: str, key: str) -> Span:
        """The line of a logical id, as findings name it."""
        node = self.root.items.get(section)
        return place_of(node, key) if node is not None else Span(self.name, 1)


@dataclass(frozen=True, slots=True)
class Missing:
    """A template that cannot be used, and why."""

    problems: tuple[Problem, ...]


def read(path: Path, sources: Sources) -> Template | Missing:
    """Read and decode a template file."""
    name = sources.name(path)
    try:
        text = sources.read(path)
    except Unreadable as error:
        return Missing((Problem("IAC003", f"{name} {error}", Span(name, 1)),))
    decoded = decode(text, name)
    if decoded.root is None:
        return Missing(decoded.problems)
    root = decoded.root
    problems = decoded.problems + tuple(_shape_problems(root, name))
    transforms = transforms_of(root)
    return Template(path, name, root, problems, transforms, _opaque(root, transforms))


def _shape_problems(root: Section, name: str) -> list[Problem]:
    problems = []
    for section in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        node = root.items.get(section)
        if node is None or isinstance(node, (Section, MapValue, Call)):
            continue
        if isinstance(node, Scalar) and node.value is None:
            continue
        message = f"the section {section} must be a mapping"
        problems.append(Problem("IAC001", message, node.span or Span(name, 1)))
    for logical_id, node in fields(root.items.get("Resources")).items():
        if logical_id.startswith((LOOP, "Fn::")):
            continue
        if fields(node).get("Type") is not None:
            continue
        message = f'the resource "{logical_id}" has no Type'
        problems.append(Problem("IAC001", message, place_of(root.items["Resources"], logical_id)))
    return problems


def _opaque(root: Section, transforms: tuple[str, ...]) -> bool:
    if any(name not in EXPANDABLE for name in transforms) or MODULES & root.items.keys():
        return True
    for node in fields(root.items.get("Resources")).values():
        kind = fields(node).get("Type")
        if kind is not None and (string(kind) or "::MODULE").endswith("::MODULE"):
            return True
    return False


def transforms_of(root: Section) -> tuple[str, ...]:
    """The names in the section Transform, which may be one, a list, or objects with a Name."""
    node = root.items.get("Transform")
    if node is None:
        return ()
    found = []
    for item in items_of(node) or (node,):
        name = string(item) or string(fields(item).get("Name"))
        if name:
            found.append(name)
    return tuple(found)
