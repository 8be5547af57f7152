"""
Chains of hops: who gets where, and what every way passes.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from iaclint.graph import OUTSIDE, Edge, Web
from iaclint.intent.chains import Chains
from iaclint.packet.service import SSH
from tests.nets import terraform
from tests.test_trace_between import BOTH, BY_BLOCK, PEERING, VPCS, route

NAMES = st.sampled_from("abcde")
EDGES = st.lists(st.tuples(st.sampled_from([OUTSIDE, *"abcde"]), NAMES), max_size=14)


def _reached(edges: list[tuple[str, str]], without: str = "") -> set[str]:
    found = {OUTSIDE}
    while True:
        more = {end for start, end in edges if start in found and end != without} - found
        if not more:
            return found - {OUTSIDE}
        found |= more


@given(EDGES)
def test_reached_is_what_walking_every_edge_finds(edges: list[tuple[str, str]]) -> None:
    web = Web(Edge(start, end) for start, end in edges)
    assert web.reached == _reached(edges)
    for name in "abcde":
        assert bool(web.chain(name)) == (name in web.reached)


def test_a_chain_lists_its_hops_outermost_first() -> None:
    web = Web([Edge(OUTSIDE, "a"), Edge("a", "b"), Edge("b", "c")])
    assert web.chain("c") == ("a", "b", "c")
    assert web.sources("c") == {OUTSIDE, "a", "b"}
    assert web.chain("nowhere") == ()


def test_a_host_behind_a_peered_bastion_is_reached_through_it(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, BOTH)
    chains = Chains(net.network)
    assert chains.through(net.instance("app"), SSH) == ("aws_instance.bastion",)


def test_no_chain_where_a_hop_is_blocked(tmp_path: Path) -> None:
    one_way = route("a", "b", "vpc_peering_connection_id = aws_vpc_peering_connection.p.id")
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, one_way)
    assert Chains(net.network).through(net.instance("app"), SSH) == ()
