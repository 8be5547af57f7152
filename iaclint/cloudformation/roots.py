"""
The templates of a run as roots: which are deployed by themselves, and which belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from iaclint.cloudformation.build import build
from iaclint.cloudformation.evaluator import Scope
from iaclint.cloudformation.exports import imports_of, matching, possible_names
from iaclint.cloudformation.node import NESTED, fields, string
from iaclint.cloudformation.project import Project, open_project
from iaclint.cloudformation.stacks import stacks_of
from iaclint.cloudformation.template import Template
from iaclint.cloudformation.worlds import Group
from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.value import Unknown


def load_roots(paths: Sequence[Path], sources: Sources, inputs: Inputs) -> list[Root]:
    """One root for each template that no other nests; what imports from another is joined to it."""
    project = open_project(paths, sources, inputs)
    scanned = dict(project.templates)
    nests = _nests(project, scanned)
    project.deployed = tuple(_deployed(scanned, nests))
    roots = [build(group) for group in _groups(project)]
    roots += [
        Root(name, "cloudformation", (), (name,), problems)
        for name, problems in project.broken.items()
    ]
    if project.given.problems and roots:
        roots[0] = _with_problems(roots[0], project)
    return roots


def _with_problems(root: Root, project: Project) -> Root:
    return Root(
        root.name,
        root.language,
        root.worlds,
        root.files,
        root.problems + project.given.problems,
        root.notes,
    )


def _nests(project: Project, scanned: dict[str, Template]) -> dict[str, set[str]]:
    """The templates that each template nests."""
    return {name: set(_nested_in(project, template)) for name, template in scanned.items()}


def _deployed(scanned: dict[str, Template], nests: dict[str, set[str]]) -> list[Template]:
    """Templates that no other nests; of a circle, the first."""
    nested = {inner for outer, inners in nests.items() for inner in inners if inner != outer}
    tops = [name for name in scanned if name not in nested]
    covered = _reached(tops, nests)
    for name in scanned:
        if name not in covered:
            tops.append(name)
            covered |= _reached([name], nests)
    return [scanned[name] for name in scanned if name in tops]


def _reached(start: list[str], nests: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(nests.get(name, ()))
    return found


def _nested_in(project: Project, template: Template) -> Iterator[str]:
    if not any(
        string(fields(node).get("Type")) in NESTED or name.startswith("Fn::")
        for name, node in template.entries("Resources").items()
    ):
        return
    evaluator = Scope(project, quiet=True).top(template)
    for name, (_, node) in evaluator.resources.items():
        if string(fields(node).get("Type")) in NESTED:
            child = project.nested(evaluator, name)
            if not isinstance(child, Unknown):
                yield child.name


def _groups(project: Project) -> list[Group]:
    """Templates joined by what one exports and another imports."""
    tops = project.deployed
    leader = {top.name: top.name for top in tops}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for top in tops:
        for exporter in _imports_from(project, top):
            leader[find(top.name)] = find(exporter)
    members: dict[str, list[Template]] = {}
    for top in tops:
        members.setdefault(find(top.name), []).append(top)
    return [Group(project, tuple(group), _prefixes(group)) for group in members.values()]


def _imports_from(project: Project, top: Template) -> Iterator[str]:
    """The top templates that a stack, or one nested in it with what it is given, imports from."""
    exports = project.all_exports()
    for _, stack in stacks_of(Scope(project, quiet=True).top(top)):
        for imported in imports_of(stack):
            for name in possible_names(exports, imported, stack):
                found = matching(exports, name, stack)
                if len(found) == 1:
                    yield found[0].top


def _prefixes(group: list[Template]) -> tuple[tuple[str, str], ...]:
    """Where two templates of a group use the same logical id, addresses name the template, too."""
    if len(group) == 1:
        return ()
    count: dict[str, int] = {}
    for template in group:
        for name in template.entries("Resources"):
            count[name] = count.get(name, 0) + 1
    prefixes: dict[str, str] = {}
    for template in group:
        if any(count[name] > 1 for name in template.entries("Resources")):
            stem = PurePosixPath(template.name).stem
            taken = f"{stem}/" in prefixes.values()
            prefixes[template.name] = f"{template.name}/" if taken else f"{stem}/"
    return tuple(prefixes.items())
