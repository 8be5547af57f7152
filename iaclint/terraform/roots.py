"""
Which directories are roots, and what each of them creates.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from iaclint.resource import Inputs, Root, World
from iaclint.source import Problem, Sources
from iaclint.terraform import config, deliver, evaluate, remote
from iaclint.terraform import inputs as supplied
from iaclint.terraform.config import Configuration
from iaclint.terraform.module import Module
from iaclint.terraform.session import Session, installed, resolved

_RECURSION = 12_000


@contextmanager
def deep() -> Iterator[None]:
    """Room for deeply nested expressions; what is deeper is refused by the evaluator itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def load_roots(
    directories: Sequence[Path], sources: Sources, inputs: Inputs, stacks: Sequence[Root]
) -> list[Root]:
    """Every root among the directories; they may look up what the stacks create."""
    with deep():
        roots, guessed = _loaded(directories, Session(sources, inputs, stacks=stacks))
        if not guessed:
            return roots
        sure, _ = _loaded(directories, Session(sources, inputs, stacks=stacks, certain=True))
    return [_beside(root, certain) for root, certain in zip(roots, sure, strict=True)]


def _loaded(directories: Sequence[Path], session: Session) -> tuple[list[Root], bool]:
    """Every root, and whether something in them is only probably so."""
    found = root_directories(directories, session)
    modules = [open_root(directory, session) for directory in found]
    session.roots, session.remote = modules, remote.finder(modules)
    roots = [load_root(module) for module in modules]
    return roots, any(module.guesses for module in modules)


def _beside(root: Root, certain: Root) -> Root:
    """A root whose world knows what it is without guesses, where that is something else."""
    world, sure = root.worlds[0], certain.worlds[0]
    if (world.resources, world.outputs) == (sure.resources, sure.outputs):
        return root
    return replace(root, worlds=(replace(world, certain=sure),))


def root_directories(directories: Sequence[Path], session: Session) -> list[Path]:
    """The directories with configuration files that no other one of them calls as a module."""
    scanned: dict[Path, Path] = {}
    for directory in directories:
        if config.configuration_files(directory):
            scanned.setdefault(resolved(directory), directory)
    calls = {path: _called(path, session) & scanned.keys() for path in scanned}
    called = {callee for path, callees in calls.items() for callee in callees if callee != path}
    roots = [path for path in scanned if path not in called]
    reached = _reached(roots, calls)
    for path in scanned:
        if path not in reached:
            roots.append(path)
            reached |= _reached([path], calls)
    return [scanned[path] for path in roots]


def _reached(roots: list[Path], calls: dict[Path, set[Path]]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(calls[path])
    return found


def _called(directory: Path, session: Session) -> set[Path]:
    configuration = session.configuration(directory)
    found: set[Path] = set()
    for block in configuration.modules.values():
        source = config.literal(block.body.value("source"))
        if source.startswith("."):
            found.add(resolved(directory / source))
    return found


def open_root(directory: Path, session: Session) -> Module:
    """The root module of a directory, with its inputs; nothing is evaluated yet."""
    configuration = session.configuration(directory)
    problems: list[Problem] = []
    given = supplied.given(directory, session.inputs, session.sources, session.files, problems)
    configuration.problems.extend(p for p in problems if p not in configuration.problems)
    return Module(
        session,
        configuration,
        directory,
        given=given,
        installed=installed(directory, session.sources),
    )


def load_root(module: Module) -> Root:
    """Everything a root creates."""
    session = module.session
    session.problems.clear()
    session.budget.steps = evaluate.MAXIMUM_STEPS
    tree = list(islice(deliver.modules(module), deliver.MAXIMUM_RESOURCES))
    found = (resource for one in tree for resource in deliver.resources(one))
    resources = tuple(islice(found, deliver.MAXIMUM_RESOURCES))
    if max(len(resources), len(tree)) >= deliver.MAXIMUM_RESOURCES:
        limit = deliver.MAXIMUM_RESOURCES
        message = f"only the first {limit:,} modules and resources are looked at"
        session.report(message, module.configuration.span)
    outputs = tuple(deliver.output(name, module) for name in module.configuration.outputs)
    dormant = tuple(resource for one in tree for resource in deliver.dormant(one))
    configurations = list({id(one.configuration): one.configuration for one in tree}.values())
    return Root(
        name=session.sources.name(module.root),
        language="terraform",
        worlds=(World(resources, outputs, "", dormant, tuple(module.guesses)),),
        files=tuple(dict.fromkeys(name for one in configurations for name in one.files)),
        problems=_problems(configurations, session),
        notes=tuple(module.notes),
        backend=remote.backend(module),
        library=_is_library(module),
    )


def _problems(configurations: list[Configuration], session: Session) -> tuple[Problem, ...]:
    static = [problem for one in configurations for problem in one.problems]
    return tuple(dict.fromkeys((*static, *session.problems.values())))


def _is_library(module: Module) -> bool:
    configuration = module.configuration
    if configuration.providers or config.backend(configuration.settings) is not None:
        return False
    return any(
        block.body.attribute("default") is None and name not in module.given
        for name, block in configuration.variables.items()
    )
