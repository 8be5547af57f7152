"""A hop by itself, the hops of a way together, and the ways to all placements of a target."""

from __future__ import annotations

from typing import Any

import pytest

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Flow
from iaclint.network import Instance, Network, Node
from iaclint.packet.region import Region
from iaclint.packet.service import SSH
from iaclint.trace import engine
from iaclint.trace.model import Blocker, Reason, Step, Trace, Way
from iaclint.value import Unknown
from tests.parts import OTHER, SOME, host, line, region

NOBODY, ALL = Region(), region("10.1.0.0/24")
LOW, HIGH = region("10.1.0.0/25"), region("10.1.0.128/25")
FEW, MIDDLE = region("10.1.0.0/26"), region("10.1.0.64/26") | region("10.1.0.128/26")
BEYOND = region("10.9.0.0/24")


def node(name: str) -> Node:
    return Node(address=name, label=name, span=line(5))


def closed(name: str = "hop", reason: Reason = Reason.GROUP_PORT) -> Blocker:
    return Blocker(reason, node(name), Label(line(6)))


def hop(sure: Region, possible: Region | None = None, name: str = "hop", **more: Any) -> Step:
    """A hop that lets some of the clients through for certain, and some perhaps."""
    rest = {"peers": ALL, **more}
    possible = sure if possible is None else possible
    return Step("request", node(name), name, "", sure, possible, **rest)


def way(*steps: Step, joint: bool = True) -> Way:
    return Way("internet", host(), steps, joint)


OPEN, SHUT, PERHAPS = hop(ALL), hop(NOBODY, blocker=closed()), hop(NOBODY, ALL, unknowns=(SOME,))


# ---- a hop -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sure", "possible", "any_of_them", "the_one"),
    [
        (ALL, ALL, "allow", "allow"),
        (LOW, ALL, "allow", "unknown"),
        (LOW, LOW, "allow", "unknown"),
        (NOBODY, LOW, "unknown", "unknown"),
        (BEYOND, ALL, "unknown", "unknown"),
        (NOBODY, NOBODY, "block", "block"),
        (BEYOND, BEYOND, "block", "block"),
        (ALL | BEYOND, ALL | BEYOND, "allow", "allow"),
    ],
    ids=["all of them", "some, and perhaps the rest", "some", "perhaps some",
         "perhaps all, and others", "nobody", "others", "all of them and others"],
)  # fmt: skip
def test_a_hop_lets_one_of_many_clients_through_or_the_one_that_may_be_any_of_them(
    sure: Region, possible: Region, any_of_them: str, the_one: str
) -> None:
    assert hop(sure, possible).verdict == any_of_them
    assert hop(sure, possible, one=True).verdict == the_one


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (SHUT, "ENI_SG_RULES_MISMATCH"),
        (hop(NOBODY), ""),
        (hop(ALL, blocker=closed()), ""),
        (hop(NOBODY, ALL, blocker=closed()), ""),
        (OPEN, ""),
    ],
)
def test_a_hop_has_a_code_where_it_blocks(step: Step, code: str) -> None:
    assert step.hop.code == code


# ---- a way -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "together", "apart"),
    [
        ([OPEN], "reachable", "reachable"),
        ([OPEN, OPEN], "reachable", "reachable"),
        ([SHUT], "blocked", "blocked"),
        ([OPEN, SHUT, OPEN], "blocked", "blocked"),
        ([SHUT, PERHAPS], "blocked", "blocked"),
        ([OPEN, PERHAPS], "undecided", "undecided"),
        ([PERHAPS], "undecided", "undecided"),
        ([hop(LOW), hop(FEW)], "reachable", "reachable"),
        ([hop(LOW), hop(HIGH)], "blocked", "reachable"),
        ([OPEN, hop(LOW), hop(HIGH)], "blocked", "reachable"),
        ([hop(LOW, ALL), hop(HIGH)], "undecided", "reachable"),
        ([hop(LOW), hop(HIGH, ALL)], "undecided", "reachable"),
        ([hop(LOW, one=True), hop(HIGH, one=True)], "blocked", "undecided"),
        ([hop(ALL, peers=LOW), hop(ALL, peers=HIGH)], "blocked", "reachable"),
        ([hop(LOW | BEYOND), hop(HIGH | BEYOND)], "blocked", "reachable"),
        ([hop(LOW | BEYOND, ALL), hop(HIGH | BEYOND, ALL)], "undecided", "reachable"),
    ],
    ids=["one open hop", "two", "one that is shut", "one of three", "one, and one that may be",
         "one that may be open", "that one alone", "one narrower than the other",
         "hops that are open to different clients", "two of three",
         "or perhaps to the same, by the first", "by the second", "neither to all",
         "different clients who ask", "the same who do not ask", "who do not ask, and perhaps all"],
)  # fmt: skip
def test_a_way_is_open_to_the_clients_that_pass_all_hops(
    steps: list[Step], together: str, apart: str
) -> None:
    """As far as the hops judge the same clients; behind a balancer they judge others."""
    assert way(*steps).verdict == together
    assert way(*steps, joint=False).verdict == apart


def test_clients_that_pass_are_those_of_every_hop_who_ask() -> None:
    found = way(hop(ALL | BEYOND), hop(LOW, ALL | BEYOND), hop(MIDDLE, MIDDLE | BEYOND))
    assert found.sure.intervals() == (LOW & MIDDLE).intervals()
    assert found.possible.intervals() == MIDDLE.intervals()
    alone = way(hop(LOW | BEYOND, ALL | BEYOND))
    assert (alone.sure.intervals(), alone.possible.intervals()) == (
        LOW.intervals(),
        ALL.intervals(),
    )


def reasons(found: Way) -> list[tuple[Reason, str, list[str]]]:
    return [(b.reason, b.node.address, [node.address for node in b.about]) for b in found.blockers]


def test_every_hop_that_is_shut_is_blamed_in_their_order() -> None:
    """And not what others say besides, nor hops that fit none of the clients of another."""
    last = hop(NOBODY, blocker=closed("last", Reason.NO_ROUTE))
    silent = hop(ALL, blocker=closed("silent"))
    steps = (hop(LOW, span=line(1)), SHUT, silent, hop(HIGH, span=line(2)), last)
    expected: list[tuple[Reason, str, list[str]]] = [
        (Reason.GROUP_PORT, "hop", []),
        (Reason.NO_ROUTE, "last", []),
    ]
    assert reasons(way(*steps)) == expected
    assert reasons(way(hop(NOBODY), SHUT)) == expected[:1]


LEFT, RIGHT = hop(LOW, name="left", span=line(11)), hop(HIGH, name="right", span=line(12))
WRITTEN = hop(ALL, name="all", span=line(10))


@pytest.mark.parametrize(
    ("steps", "blamed"),
    [
        ([LEFT, RIGHT], ("right", 12, "left", [11])),
        ([RIGHT, LEFT], ("left", 11, "right", [12])),
        ([WRITTEN, LEFT, WRITTEN, RIGHT], ("right", 12, "left", [11])),
        ([hop(MIDDLE, name="both", span=line(13)), LEFT, RIGHT], ("right", 12, "left", [11])),
        ([LEFT, hop(HIGH, name="unwritten")], ("unwritten", 11, "left", [11])),
        ([hop(LOW, name="unwritten"), RIGHT], ("right", 12, None, [])),
        ([hop(ALL, peers=LOW), RIGHT], ("right", 12, None, [])),
        ([hop(LOW, name="unwritten"), hop(MIDDLE, name="both", span=line(13)),
          hop(FEW, name="few")], ("few", 13, "both", [13])),
        ([WRITTEN, hop(LOW | MIDDLE, name="low", span=line(14)), hop(FEW | HIGH, name="few"),
          hop(region("10.1.0.64/26") | region("10.1.0.192/26"), name="odd", span=line(15)),
          hop(LOW, name="end", span=line(16))], ("odd", 15, "low", [14])),
    ],
)  # fmt: skip
def test_where_hops_share_no_client_the_last_is_blamed_and_another_shown(
    steps: list[Step], blamed: tuple[str, int, str | None, list[int]]
) -> None:
    """One that shares none with it, or else one that is narrower than the clients."""
    found = way(*steps)
    (blocker,) = found.blockers
    name, at, other, near = blamed
    assert (blocker.reason, blocker.node.address) == (Reason.NARROW, name)
    assert blocker.at.span == line(at)
    assert [about.address for about in blocker.about] == ([other] if other else [])
    assert [label.span for label in blocker.near] == [line(number) for number in near]


@pytest.mark.parametrize(
    "steps",
    [[OPEN], [WRITTEN, LEFT], [LEFT, hop(HIGH, ALL, span=line(12))], [hop(LOW), hop(HIGH)]],
    ids=["open", "to some", "perhaps", "which nobody wrote"],
)
def test_nothing_is_blamed_on_a_way_that_is_open_or_that_nobody_wrote(steps: list[Step]) -> None:
    assert way(*steps).blockers == ()


def test_nothing_is_blamed_where_hops_judge_different_clients() -> None:
    assert way(LEFT, RIGHT, joint=False).blockers == ()


def test_what_is_not_known_is_that_of_the_hops_that_it_leaves_open() -> None:
    """Where none is left open by itself, that of all."""
    aside = hop(ALL, unknowns=(OTHER,))
    assert way(aside, PERHAPS, OPEN).unknowns == (SOME,)
    low, high = hop(LOW, ALL, unknowns=(SOME,)), hop(HIGH, ALL, unknowns=(OTHER,))
    assert way(low, high).unknowns == (SOME, OTHER)


# ---- all placements ----------------------------------------------------------------------------

TARGET = Instance(address="web", label="web", placements=())
FLOW = Flow(INTERNET_CLIENT, TARGET, SSH, "ipv4")
BOTH_SHUT = way(SHUT, hop(NOBODY, blocker=closed("acl", Reason.ACL_REQUEST)))
YES, NO, MAYBE = way(OPEN), way(SHUT), way(PERHAPS)


@pytest.mark.parametrize(
    ("ways", "verdict", "partly", "blamed", "unknowns"),
    [
        ((), "blocked", 0, 0, []),
        ((YES,), "reachable", 0, 0, []),
        ((NO,), "blocked", 0, 1, []),
        ((NO, NO), "blocked", 0, 2, []),
        ((YES, NO), "reachable", 1, 1, []),
        ((YES, NO, NO), "reachable", 2, 2, []),
        ((YES, MAYBE), "undecided", 0, 0, [SOME]),
        ((NO, MAYBE), "undecided", 1, 1, [SOME]),
        ((NO, MAYBE, way(hop(ALL, unknowns=(OTHER,)))), "undecided", 1, 1, [SOME]),
        ((way(hop(NOBODY, ALL, unknowns=(OTHER,)), SHUT),), "blocked", 0, 1, []),
        ((YES, BOTH_SHUT), "reachable", 1, 2, []),
        ((YES, way(hop(ALL, blocker=closed()))), "reachable", 0, 0, []),
    ],
)
def test_a_target_is_reached_where_one_of_its_placements_is(
    ways: tuple[Way, ...], verdict: str, partly: int, blamed: int, unknowns: list[Unknown]
) -> None:
    """What is blamed is of the placements that are blocked, as what is not known of the open."""
    found = Trace(FLOW, ways)
    assert found.verdict == verdict
    assert found.partly_blocked == (
        tuple(each for each in ways if each.verdict == "blocked") if partly else ()
    )
    assert len(found.partly_blocked) == partly
    assert len(found.blockers) == blamed
    assert list(found.unknowns) == unknowns


CLOSED_BY_A_GROUP = way(SHUT)
FAR = way(*(hop(NOBODY, blocker=closed(n, Reason.NO_ROUTE)) for n in "abc"))
NEAR = way(*(hop(NOBODY, blocker=closed(n, Reason.NO_ROUTE)) for n in "ab"))


@pytest.mark.parametrize(
    ("ways", "best"),
    [
        ([NO, MAYBE, YES], YES),
        ([NO, MAYBE], MAYBE),
        ([CLOSED_BY_A_GROUP, FAR], FAR),
        ([BOTH_SHUT, FAR], FAR),
        ([FAR, NEAR], NEAR),
        ([BOTH_SHUT, CLOSED_BY_A_GROUP], CLOSED_BY_A_GROUP),
    ],
    ids=["one that works", "one that may", "one that the groups open", "among what closes it",
         "the nearest", "of those that groups close"],
)  # fmt: skip
def test_the_best_way_to_a_placement_is_the_one_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, ways: list[Way], best: Way
) -> None:
    for order in (ways, ways[::-1]):
        monkeypatch.setattr(engine, "FINDERS", (lambda *_, order=order: iter(order),))
        target = Instance(address="web", label="web", placements=((host(),),))
        (found,) = engine.trace(Network(), Flow(INTERNET_CLIENT, target, SSH, "ipv4")).ways
        assert found.steps is best.steps


def test_a_placement_to_which_there_is_no_way_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others keep their number."""
    second = host("second")
    monkeypatch.setattr(engine, "FINDERS", (lambda *asked: [YES] if asked[2] is second else [],))
    target = Instance(address="web", label="web", placements=((host(),), (second,)))
    (found,) = engine.trace(Network(), Flow(INTERNET_CLIENT, target, SSH, "ipv4")).ways
    assert found.placement == 1
