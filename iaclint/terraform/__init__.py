"""
Terraform and OpenTofu: from configuration files to the resources they create.

Importing this package is cheap; the parser is imported with the first file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.value import Value

if TYPE_CHECKING:
    from iaclint.terraform.console import Console

__all__ = ["evaluate_text", "load", "load_plan", "open_console"]


def load(
    directories: Sequence[Path], sources: Sources, inputs: Inputs, stacks: Sequence[Root] = ()
) -> list[Root]:
    """
    The roots among the directories: those that no other one calls as a module. Their data sources
    may find what `stacks` create, which is given in the words of Terraform. Never raises for what
    is in a file: that comes back as the roots' problems.
    """
    if not directories:
        return []
    from iaclint.terraform.roots import load_roots

    return load_roots(directories, sources, inputs, stacks)


def load_plan(path: Path, sources: Sources, inputs: Inputs) -> Root:
    """
    The root that a plan in JSON (`terraform show -json`) describes, with positions from the
    configuration beside it. Raises `Unreadable` when the file is not such a plan.
    """
    from iaclint.terraform.plan import load_plan as read

    return read(path, sources, inputs)


def open_console(root: Path, sources: Sources, inputs: Inputs) -> Console:
    """A root in which any number of expressions can be evaluated."""
    from iaclint.terraform.console import Console

    return Console(root, sources, inputs)


def evaluate_text(root: Path, expression: str, sources: Sources, inputs: Inputs) -> Value:
    """
    The value of one expression in a root. Raises `console.EvalError` (message, span) when it has
    none.
    """
    return open_console(root, sources, inputs).value(expression)
