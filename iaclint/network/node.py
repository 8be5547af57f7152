"""
What all nouns of the network have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import Unknown

T = TypeVar("T")
Maybe: TypeAlias = T | Unknown


@dataclass(slots=True, eq=False, kw_only=True)
class Node:
    """
    A noun of the network. `span` is None for what AWS makes by itself (the main table, the
    default VPC); `label` is the short name for a path line.
    """

    address: str
    label: str
    span: Span | None = None
    resource: Resource | None = None

    @property
    def declared(self) -> bool:
        """Whether somebody wrote it."""
        return self.span is not None
