"""
The engine: every way to every placement of a target, and the best of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from iaclint.flow import Flow
from iaclint.network import Interface, Network
from iaclint.trace.accelerator import accelerator_ways
from iaclint.trace.balancer import balancer_ways
from iaclint.trace.between import between_ways
from iaclint.trace.model import Trace, Way
from iaclint.trace.remote import remote_ways
from iaclint.trace.ways import internet_way, vpc_way

Finder = Callable[[Network, Flow, Interface], Iterator[Way]]
FINDERS: tuple[Finder, ...] = (
    internet_way,
    vpc_way,
    between_ways,
    balancer_ways,
    accelerator_ways,
    remote_ways,
)
"""Each yields the ways of one kind that exist between the client and an interface."""

RANK = {"reachable": 0, "undecided": 1, "blocked": 2}


def trace(network: Network, flow: Flow) -> Trace:
    """The best way for each placement: one that works, else one that may, else the nearest."""
    found: list[Way] = []
    for number, placement in enumerate(flow.target.placements):
        ways = [
            way for interface in placement for find in FINDERS
            for way in find(network, flow, interface)
        ]  # fmt: skip
        if ways:
            found.append(replace(min(ways, key=_order), placement=number))
    return Trace(flow, tuple(found))


def _order(way: Way) -> tuple[int, bool, int]:
    """An interface that the groups open is meant before one that has fewer other obstacles."""
    closed = any(b.reason.name.startswith("GROUP_") for b in way.blockers)
    return (RANK[way.verdict], closed, len(way.blockers))
