"""
CloudFormation: recognise templates, read and evaluate them, and deliver their resources.

Importing this package is cheap; cfn-lint and PyYAML are imported with the first template.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.cloudformation.recognise import is_template
from iaclint.resource import Inputs, Root
from iaclint.source import Sources

if TYPE_CHECKING:
    from iaclint.cloudformation.places import Session

__all__ = ["evaluate", "is_template", "load", "session"]


def load(paths: Sequence[Path], sources: Sources, inputs: Inputs) -> list[Root]:
    """
    The templates as roots, one for each that no other nests. Never raises for what is in a file:
    that comes back as the roots' problems.
    """
    if not paths:
        return []
    from iaclint.cloudformation.roots import load_roots

    return load_roots(paths, sources, inputs)


def session(
    template: Path, sources: Sources, inputs: Inputs, others: Sequence[Path] = ()
) -> Session:
    """
    One template opened for many questions: `session(…).evaluate(place)`. `others` are the further
    templates of the tree, for nested stacks and imports.
    """
    from iaclint.cloudformation.places import Session

    return Session(template, sources, inputs, others)


def evaluate(template: Path, place: str, sources: Sources, inputs: Inputs) -> dict[str, object]:
    """
    The value of a place of a template (`Resources.Web.Properties.SubnetId`) as the JSON contract of
    `iaclint eval` has it: `{"value": …}` or `{"error": …}`.
    """
    return session(template, sources, inputs).evaluate(place)
