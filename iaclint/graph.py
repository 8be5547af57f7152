"""
Who gets to whom in several hops: chains of bastions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

OUTSIDE = "outside"
"""Everybody who is not in the network: where every chain starts."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection that works: from `OUTSIDE` or an address to an address."""

    start: str
    end: str


class Web:
    """
    Connections that work, and what follows from them over several hops. networkx is imported with
    the first web: most runs have no chain of hosts to look at.
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        import networkx as nx

        self._nx = nx
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        self._graph.add_node(OUTSIDE)
        self._graph.add_edges_from((edge.start, edge.end) for edge in edges)

    @property
    def reached(self) -> frozenset[str]:
        """Everything that can be reached from outside, in however many hops."""
        return frozenset(self._nx.descendants(self._graph, OUTSIDE))

    def chain(self, target: str) -> tuple[str, ...]:
        """The shortest way from outside, the target last; empty if there is none."""
        if target not in self._graph or not self._nx.has_path(self._graph, OUTSIDE, target):
            return ()
        return tuple(self._nx.shortest_path(self._graph, OUTSIDE, target)[1:])

    def sources(self, target: str) -> frozenset[str]:
        """Everything from which a target can be reached, in however many hops."""
        return (
            frozenset(self._nx.ancestors(self._graph, target))
            if target in self._graph
            else frozenset()
        )
