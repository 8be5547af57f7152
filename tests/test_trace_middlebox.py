"""What a firewall on the way does with requests and replies, of which it may see some only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from iaclint.network import FirewallAction, FirewallPolicy, FirewallRule, Maybe, Middlebox, Verdicts
from iaclint.packet.region import Region
from iaclint.packet.service import SSH
from iaclint.packet.side import ANYWHERE, Side
from iaclint.trace.firewall import Question
from iaclint.trace.middlebox import NEVER, Crossing, Via, apart, either
from iaclint.trace.model import Reason, Step
from iaclint.value import Unknown
from tests.parts import OTHER, SOME, host, line, region

ALL, SERVERS = region("10.1.1.0/24"), region("10.2.1.0/24")
LOW, HIGH, NOBODY = region("10.1.1.0/25"), region("10.1.1.128/25"), Region()
ASKED = Question("ipv4", SSH, ALL, SERVERS)
EVERY, HALF, PERHAPS = Via(ALL, ALL), Via(LOW, LOW), Via(NOBODY, ALL)


def rule(
    action: FirewallAction, source: Region = ANYWHERE.ipv4, name: str = "rule", **more: Any
) -> FirewallRule:
    given = {"address": name, "label": name, "span": line(30), **more}
    return FirewallRule(action=action, source=Side(ipv4=source), **given)


def policy(
    otherwise: Maybe[FirewallAction],
    stateless: Iterable[FirewallRule] = (),
    stateful: Iterable[FirewallRule] = (),
    **more: Any,
) -> FirewallPolicy:
    """What it does without a rule, and the rules of both engines."""
    lines = {"stateless_span": line(41), "stateful_span": line(42)}
    verdicts = Verdicts(**{"stateless": otherwise, **lines, **more})
    return FirewallPolicy(
        address="policy", label="policy", span=line(40), stateless=tuple(stateless),
        stateful=tuple(stateful), otherwise=verdicts,
    )  # fmt: skip


def box(rules: Maybe[FirewallPolicy], endpoints: int = 1) -> Middlebox:
    doors = tuple(host(f"door {number}") for number in range(endpoints))
    return Middlebox(
        address="box", label="box", span=line(8), kind="appliance", title="firewall",
        policy=rules, interfaces=doors,
    )  # fmt: skip


ONE_SIDE = "box sees one direction only, which AWS does not support"
Let = tuple[Region, Region, list[str]] | None
"""Who gets through for certain, who may, and what is not known; none where there is no hop."""
OPEN: Let = (ALL, ALL, [])
SHUT: Let = (NOBODY, NOBODY, [])


@dataclass(frozen=True)
class Case:
    """A sentence, the policy; who gets through there and back, and who passes the firewall."""

    says: str
    policy: Maybe[FirewallPolicy]
    request: Let
    reply: Let
    there: Via = EVERY
    back: Via = EVERY
    apart: Unknown | None = None


DROPS_LOW, DOUBT = rule("drop", LOW), rule("drop", doubts=(SOME,))
CASES = (
    Case("it passes all", policy("pass"), OPEN, OPEN),
    Case("it inspects all", policy("inspect"), OPEN, OPEN),
    Case("it drops all", policy("drop"), SHUT, SHUT),
    Case("it drops some requests, of which no reply is missed", policy("pass", [DROPS_LOW]),
         (HIGH, HIGH, []), OPEN),
    Case("it drops all requests", policy("pass", [rule("drop", ALL)]), SHUT, OPEN),
    Case("it drops them, and perhaps their replies", policy(SOME, [rule("drop", ALL)]), SHUT,
         (NOBODY, ALL, ["some"])),
    Case("it drops replies", policy("pass", [rule("drop", SERVERS)]), OPEN, SHUT),
    Case("it refuses some connections", policy("inspect", (), [DROPS_LOW]), (HIGH, HIGH, []), OPEN),
    Case("it refuses all, of which no reply is missed",
         policy("inspect", [rule("pass", SERVERS)], opening="drop"), SHUT, OPEN),
    Case("it cuts them", policy("inspect", established="drop"), SHUT, OPEN),
    Case("it may refuse them", policy("inspect", (), [DOUBT]), (NOBODY, ALL, ["some"]), OPEN),
    Case("it may drop or refuse them", policy("inspect", [DOUBT], opening=OTHER),
         (NOBODY, ALL, ["some", "other"]), (NOBODY, ALL, ["some"])),
    Case("what it does not inspect it cannot refuse", policy("pass", opening=OTHER), OPEN, OPEN),
    # one direction
    Case("it passes requests, and sees no replies", policy("pass"), OPEN, None, back=NEVER),
    Case("it inspects requests alone", policy("inspect"), (NOBODY, ALL, [ONE_SIDE]), None,
         back=NEVER),
    Case("it would cut connections, whose replies it does not see",
         policy("inspect", established="drop"), (NOBODY, ALL, [ONE_SIDE]), None, back=NEVER),
    Case("it inspects replies alone", policy("inspect"), None, (NOBODY, ALL, [ONE_SIDE]),
         there=NEVER),
    Case("it passes replies, which it should inspect", policy("inspect", [rule("pass", SERVERS)]),
         OPEN, (NOBODY, ALL, [ONE_SIDE])),
    Case("it passes the requests", policy("inspect", [rule("pass", ALL)]), OPEN,
         (NOBODY, ALL, [ONE_SIDE])),
    Case("replies may pass another endpoint", policy("inspect"), OPEN, (NOBODY, ALL, ["other"]),
         apart=OTHER),
    Case("which does not matter without inspection", policy("pass"), OPEN, OPEN, apart=OTHER),
    Case("nor where they pass none", policy("inspect"), (NOBODY, ALL, [ONE_SIDE]), None,
         back=NEVER, apart=OTHER),
    # some of the clients
    Case("it drops those who pass it", policy("drop"), (HIGH, HIGH, []), (HIGH, HIGH, []),
         HALF, HALF),
    Case("it inspects them", policy("inspect"), OPEN, OPEN, HALF, HALF),
    Case("it would drop those who may pass it", policy("drop"), (NOBODY, ALL, []), None,
         PERHAPS, NEVER),
    Case("it would let them through", policy("pass"), OPEN, OPEN, PERHAPS, PERHAPS),
    Case("it would inspect others", policy("inspect", [rule("pass", LOW, both=True)],
                                           opening=OTHER), OPEN, OPEN, HALF, HALF),
    Case("what it does is not known", SOME, (HIGH, ALL, ["some"]), (NOBODY, ALL, ["some"]), HALF),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_who_gets_through_a_firewall(case: Case) -> None:
    crossing = Crossing(box(case.policy), ASKED, case.there, case.back, apart=case.apart)
    for direction, steps, expected in (
        ("request", crossing.requests(), case.request),
        ("reply", crossing.replies(), case.reply),
    ):
        found = list(steps)
        assert len(found) == (expected is not None), direction
        for step, let in zip(found, [expected] if expected else [], strict=True):
            assert step.direction == direction
            assert step.sure.intervals() == let[0].intervals(), direction
            assert (step.possible & ALL).intervals() == let[1].intervals(), direction
            assert [each.reason for each in step.unknowns] == let[2], direction
            assert (step.blocker is not None) is (step.verdict == "block")


@pytest.mark.parametrize(
    ("rules", "request_", "reply"),
    [
        (policy("pass"), "lets", "lets"),
        (policy("drop"), "does not let", "does not let"),
        (policy(SOME), "may let", "may let"),
    ],
)
def test_a_firewall_says_what_it_lets_through(
    rules: FirewallPolicy, request_: str, reply: str
) -> None:
    crossing = Crossing(box(rules), ASKED, EVERY, EVERY)
    (there,), (back,) = crossing.requests(), crossing.replies()
    assert there.message == f"box {request_} the request through"
    assert back.message == f"box {reply} the reply through"


def test_one_client_that_may_be_any_of_them_needs_all() -> None:
    rules = policy("pass", [DROPS_LOW])
    for one, verdict in ((False, "allow"), (True, "unknown")):
        (step,) = Crossing(box(rules), ASKED, EVERY, EVERY, one).requests()
        assert step.verdict == verdict


FIRST, LATER = (rule("drop", name=stage, stage=stage) for stage in ("opening", "established"))
REQUEST, REPLY = Reason.FIREWALL_REQUEST, Reason.FIREWALL_REPLY
FROM, TO = "tcp 22 from 10.1.1.0/24", "tcp 1024-65535 to 10.1.1.0/24"


@pytest.mark.parametrize(
    ("rules", "direction", "expected"),
    [
        (policy("pass", [rule("drop")]), "request", (REQUEST, "rule", 30, f"rule drops {FROM}")),
        (policy("pass", [rule("drop")]), "reply", (REPLY, "rule", 30, f"rule drops {TO}")),
        (policy("pass", [rule("drop", span=None)]), "request",
         (REQUEST, "rule", 40, f"rule drops {FROM}")),
        (policy("drop"), "request",
         (REQUEST, "policy", 41, f"drops {FROM}: no stateless rule lets it through")),
        (policy("drop"), "reply",
         (REPLY, "policy", 41, f"drops {TO}: no stateless rule lets it through")),
        (policy("drop", stateless_span=None), "request",
         (REQUEST, "policy", 40, f"drops {FROM}: no stateless rule lets it through")),
        (policy("inspect", (), [FIRST, LATER]), "request",
         (REQUEST, "opening", 30, f"opening drops {FROM}")),
        (policy("inspect", (), [LATER, FIRST]), "request",
         (REQUEST, "opening", 30, f"opening drops {FROM}")),
        (policy("inspect", (), [LATER]), "request",
         (REQUEST, "established", 30, f"established drops {FROM}")),
        (policy("inspect", opening="drop"), "request",
         (REQUEST, "policy", 42, f"drops {FROM}: no stateful rule lets it through")),
    ],
    ids=["a rule", "of the reply", "that nobody wrote", "no rule", "for the reply",
         "where nobody wrote the default", "a rule of the engine that inspects", "whichever first",
         "one that cuts", "no rule of it"],
)  # fmt: skip
def test_what_has_to_change_at_a_firewall(
    rules: FirewallPolicy, direction: str, expected: tuple[Reason, str, int, str]
) -> None:
    """The rule that drops packets; or the policy, which has none that lets them through."""
    crossing = Crossing(box(rules), ASKED, EVERY, EVERY)
    (step,) = crossing.requests() if direction == "request" else crossing.replies()
    found = step.blocker
    assert found is not None and step.span == found.at.span
    assert (found.reason, found.node.address, found.at.span.line, found.at.text) == expected
    about = [] if found.node is rules else [rules.address]
    assert [node.address for node in found.about] == [*about, "box"]


# ---- endpoints ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("endpoints", "known"), [(0, True), (1, True), (2, False), (3, False)])
def test_of_several_endpoints_a_route_names_any(endpoints: int, known: bool) -> None:
    why = apart(box(SOME, endpoints))
    says = None if known else "which endpoint of box each route names is not known"
    assert (why and why.reason) == says


def behind(sure: Region, possible: Region, *unknowns: Unknown) -> Step:
    (step,) = Crossing(box(policy("pass")), ASKED, EVERY, EVERY).requests()
    return replace(step, sure=sure, possible=possible, unknowns=unknowns)


WHICH = "which endpoint of box packets pass"
YES, NO, MAYBE = behind(ALL, ALL), behind(NOBODY, NOBODY), behind(NOBODY, ALL, SOME)


@pytest.mark.parametrize(
    ("steps", "verdict", "sure", "possible", "unknowns"),
    [
        ([YES], "allow", ALL, ALL, []),
        ([MAYBE], "unknown", NOBODY, ALL, ["some"]),
        ([NO], "block", NOBODY, NOBODY, []),
        ([YES, YES], "allow", ALL, ALL, [WHICH]),
        ([NO, NO], "block", NOBODY, NOBODY, [WHICH]),
        ([YES, NO], "unknown", NOBODY, ALL, [WHICH]),
        ([YES, MAYBE], "unknown", NOBODY, ALL, ["some", WHICH]),
        ([YES, behind(LOW, LOW)], "allow", LOW, ALL, [WHICH]),
        ([behind(LOW, LOW), behind(HIGH, HIGH)], "unknown", NOBODY, ALL, [WHICH]),
    ],
)
def test_behind_several_endpoints_what_all_let_through_is_certain(
    steps: list[Step], verdict: str, sure: Region, possible: Region, unknowns: list[str]
) -> None:
    for order in (steps, steps[::-1]):
        (found,) = either(order, box(SOME))
        assert found.verdict == verdict
        assert found.sure.intervals() == sure.intervals()
        assert found.possible.intervals() == possible.intervals()
        assert [each.reason for each in found.unknowns] == unknowns


def test_without_an_endpoint_there_is_no_hop_behind_it() -> None:
    assert list(either([], box(SOME))) == []
