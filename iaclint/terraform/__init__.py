"""
Terraform and OpenTofu: from configuration files to the resources they create.

Importing this package is cheap; the parser is imported with the first file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from iaclint.resource import Inputs, Root
from iaclint.source import Sources

__all__ = ["load"]


def load(directories: Sequence[Path], sources: Sources, inputs: Inputs) -> list[Root]:
    """
    The roots among the directories: those that no other one calls as a module. Never raises for
    what is in a file: that comes back as the roots' problems.
    """
    if not directories:
        return []
    from iaclint.terraform.roots import load_roots

    return load_roots(directories, sources, inputs)
