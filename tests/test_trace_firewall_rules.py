"""What the rules of a firewall do with connections, one rule after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from iaclint.network import FirewallAction, FirewallPolicy, FirewallRule, Maybe, Stage, Verdicts
from iaclint.packet.region import Region
from iaclint.packet.service import PING, RDP, SSH, TCP, UDP, Service, parse_service
from iaclint.packet.side import ALL_PORTS, Side
from iaclint.trace.firewall import ACTIONS, Connection, Question, connection, dropper, follow
from iaclint.trace.model import Direction
from tests.parts import OTHER, SOME, region

CLIENTS, SERVERS = region("10.1.1.0/24"), region("10.2.1.0/24")
LOW, HIGH = region("10.1.1.0/25"), region("10.1.1.128/25")
DNS, ODD = parse_service("udp/53"), parse_service("tcp/2222")


def asked(service: Service = SSH, clients: Region = CLIENTS) -> Question:
    return Question("ipv4", service, clients, SERVERS)


def port(first: int, last: int | None = None) -> Region:
    return Region((((first, last or first),),))


def rule(
    action: Maybe[FirewallAction],
    source: Region | None = None,
    destination: Region | None = None,
    ports: Region = ALL_PORTS,
    from_ports: Region = ALL_PORTS,
    **more: Any,
) -> FirewallRule:
    """A rule for everything, as far as nothing narrower is given."""
    anywhere = Side().ipv4
    return FirewallRule(
        address="rule", label="rule", action=action,
        source=Side(ipv4=source or anywhere, ports=from_ports),
        destination=Side(ipv4=destination or anywhere, ports=ports), **more,
    )  # fmt: skip


def same(one: Region, other: Region) -> bool:
    return one <= other and other <= one


# ---- one rule after the other ------------------------------------------------------------------

NOBODY = Region()
ALL, LOW_ALL, HIGH_ALL = asked().space, asked(clients=LOW).space, asked(clients=HIGH).space
EVERY = dict.fromkeys(ACTIONS, ALL)
PINGS = Region(tuple((box[0], (0, 0)) for box in CLIENTS))
DOUBT: dict[str, Any] = {"doubts": (SOME,)}


@dataclass(frozen=True)
class Case:
    """
    A sentence and the rules; what happens to which connections for certain, and what may; what is
    not known, and who asks.
    """

    says: str
    rules: tuple[FirewallRule, ...]
    sure: Mapping[FirewallAction, Region]
    possible: Mapping[FirewallAction, Region] | None = None
    unknowns: tuple[str, ...] = ()
    otherwise: Maybe[FirewallAction] = "pass"
    service: Service = SSH
    direction: Direction = "request"
    stage: Stage = "any"


CASES = (
    Case("where no rule matches the default decides", (), {"pass": ALL}),
    Case("which may not be known", (), {}, EVERY, ("other",), OTHER),
    Case("where a rule decides it does not matter", (rule("drop"),), {"drop": ALL},
         otherwise=OTHER),
    Case("the first that matches decides", (rule("drop"), rule("pass")), {"drop": ALL}),
    Case("for whom it matches", (rule("drop", LOW),), {"drop": LOW_ALL, "pass": HIGH_ALL}),
    Case("the next one for the rest", (rule("drop", LOW), rule("inspect"), rule("pass")),
         {"drop": LOW_ALL, "inspect": HIGH_ALL}),
    Case("two for one half each", (rule("drop", LOW), rule("drop", HIGH)), {"drop": ALL}),
    Case("one that may match", (rule("drop", **DOUBT),), {}, {"drop": ALL, "pass": ALL}, ("some",)),
    Case("for one half", (rule("drop", LOW, **DOUBT),), {"pass": HIGH_ALL},
         {"drop": LOW_ALL, "pass": ALL}, ("some",)),
    Case("two of them", (rule("drop", LOW, **DOUBT), rule("drop", HIGH, doubts=(OTHER,))), {},
         {"drop": ALL, "pass": ALL}, ("some", "other")),
    Case("whether or not it does", (rule("drop", LOW, **DOUBT), rule("drop")), {"drop": ALL}, None,
         ("some",)),
    Case("an action that is not known", (rule(SOME, LOW), rule(OTHER, HIGH)), {}, EVERY,
         ("some", "other")),
    Case("a rule for another protocol", (rule("drop", protocols=(UDP,)),), {"pass": ALL}),
    Case("for its own", (rule("drop", protocols=(UDP, TCP)),), {"drop": ALL}),
    Case("for other servers", (rule("drop", destination=CLIENTS),), {"pass": ALL}),
    Case("for some of the servers", (rule("drop", destination=region("10.2.1.0/25")),), {},
         {"drop": ALL, "pass": ALL}),
    Case("for another port", (rule("drop", ports=port(80)),), {"pass": ALL}),
    Case("for the port", (rule("drop", ports=port(22)),), {"drop": ALL}),
    Case("for the port of the client", (rule("drop", from_ports=port(22)),), {"pass": ALL}),
    Case("for all that a client can have", (rule("drop", from_ports=port(1024, 65535)),),
         {"drop": ALL}),
    # the direction
    Case("for who answers", (rule("drop", SERVERS, CLIENTS),), {"pass": ALL}),
    Case("when it answers", (rule("drop", SERVERS, CLIENTS),), {"drop": ALL}, direction="reply"),
    Case("from its port", (rule("drop", SERVERS, CLIENTS, from_ports=port(22)),), {"drop": ALL},
         direction="reply"),
    Case("for both directions", (rule("drop", SERVERS, CLIENTS, both=True),), {"drop": ALL}),
    Case("as it is written", (rule("drop", CLIENTS, SERVERS, both=True),), {"drop": ALL}),
    # the stage
    Case("for what comes once a connection stands", (rule("drop", stage="established"),),
         {"pass": ALL}, stage="opening"),
    Case("then", (rule("drop", stage="established"),), {"drop": ALL}, stage="established"),
    Case("for any time", (rule("drop"),), {"drop": ALL}, stage="opening"),
    Case("where nobody knows which it is", (rule("drop", stage="established"),), {},
         {"drop": ALL, "pass": ALL}, ("the rule is about one stage of connections",)),
    # what is recognised
    Case("for SSH, as soon as it is recognised", (rule("drop", application="ssh"),), {"drop": ALL}),
    Case("which a rule that passes it has to wait for", (rule("pass", application="ssh"),), {},
         {"pass": ALL, "drop": ALL}, ("the rule waits until SSH is recognised",), "drop"),
    Case("on another port it may be SSH", (rule("drop", application="ssh"),), {},
         {"drop": ALL, "pass": ALL}, ("whether tcp/2222 counts as ssh is not known",),
         service=ODD),
    Case("or TLS", (rule("drop", application="tls"),), {}, {"drop": ALL, "pass": ALL},
         ("whether SSH counts as tls is not known",)),
    Case("no login is taken for HTTP", (rule("drop", application="http"),), {"pass": ALL}),
    Case("nor RDP", (rule("drop", application="http"),), {"pass": ALL}, service=RDP),
    Case("nor for what asks for the time", (rule("drop", application="ntp"),), {"pass": ALL}),
    Case("what has no name may be", (rule("drop", application="http"),), {},
         {"drop": ALL, "pass": ALL}, ("whether tcp/2222 counts as http is not known",),
         service=ODD),
    Case("nothing is recognised while it opens", (rule("drop", application="ssh"),), {"pass": ALL},
         stage="opening"),
    Case("ping is nothing of the kind", (rule("drop", application="ssh"),), {"pass": PINGS},
         service=PING),
    # other protocols
    Case("UDP has ports", (rule("drop", ports=port(53)),), {"drop": ALL}, service=DNS),
    Case("of which another is not meant", (rule("drop", ports=port(54)),), {"pass": ALL},
         service=DNS),
    Case("ping has none", (rule("drop"),), {"drop": PINGS}, service=PING),
    Case("a rule that names some may be about it", (rule("drop", ports=port(22)),), {},
         {"drop": PINGS, "pass": PINGS}, ("the rule names ports, which ping does not have",),
         service=PING),
    Case("at either end", (rule("drop", from_ports=port(22)),), {},
         {"drop": PINGS, "pass": PINGS}, ("the rule names ports, which ping does not have",),
         service=PING),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_rules_decide_one_after_the_other(case: Case) -> None:
    """In every case, and in some."""
    question = asked(case.service)
    fate = follow(case.rules, case.otherwise, question, case.direction, case.stage)
    possible = case.sure if case.possible is None else case.possible
    for action in ACTIONS:
        assert same(fate.sure[action] & question.space, case.sure.get(action, NOBODY)), action
        assert same(fate.possible[action] & question.space, possible.get(action, NOBODY)), action
    assert tuple(each.reason for each in fate.unknowns) == case.unknowns


def test_what_rules_decide_is_told_from_the_default() -> None:
    fate = follow((rule("pass", LOW),), "drop", asked(), "request")
    assert same(fate.by_rule["pass"], LOW_ALL) and not fate.by_rule["drop"]


# ---- the rule that drops -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "which"),
    [
        ((), None),
        ((rule("pass"), rule("drop")), None),
        ((rule("pass", LOW), rule("drop")), 1),
        ((rule("drop", LOW), rule("drop")), 0),
        ((rule("drop", **DOUBT),), None),
        ((rule("drop", **DOUBT), rule("drop")), 1),
        ((rule("drop", protocols=(UDP,)), rule("drop")), 1),
    ],
    ids=["none", "one that comes too late", "one for the rest", "the first of two",
         "one that may match", "one that surely does", "of its protocol"],
)  # fmt: skip
def test_the_rule_that_drops_connections(
    rules: tuple[FirewallRule, ...], which: int | None
) -> None:
    found = dropper(rules, asked(), "request")
    assert found is (None if which is None else rules[which])


# ---- connections -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """A sentence, the stateful rules and their defaults; who gets through, is refused, or cut."""

    says: str
    rules: tuple[FirewallRule, ...] = ()
    opening: Maybe[FirewallAction] = "pass"
    established: Maybe[FirewallAction] = "pass"
    through: Region = NOBODY
    refused: Region = NOBODY
    cut: Region = NOBODY
    unknowns: tuple[str, ...] = ()
    service: Service = SSH


REPLIES = "the rule fits the replies, not the requests"
WHOLE = (
    Whole("a policy without rules", through=ALL),
    Whole("that drops everything", (), "drop", "drop", refused=ALL, cut=ALL),
    Whole("that drops what is established", (), "pass", "drop", cut=ALL),
    Whole("or what opens", (), "drop", "pass", refused=ALL),
    Whole("or nobody knows what", (), SOME, OTHER, unknowns=("some", "other")),
    Whole("a rule that passes the opening passes the rest",
          (rule("pass", LOW, stage="opening"),), "drop", "drop", refused=HIGH_ALL, cut=HIGH_ALL),
    Whole("one that passes all", (rule("pass", LOW),), "drop", "drop", LOW_ALL, HIGH_ALL, HIGH_ALL),
    Whole("one for replies alone may match", (rule("drop", SERVERS, CLIENTS, from_ports=port(22)),),
          unknowns=(REPLIES, REPLIES)),
    Whole("with the doubt that it has",
          (rule("drop", SERVERS, CLIENTS, from_ports=port(22), **DOUBT),),
          unknowns=("some", REPLIES, "some", REPLIES)),
    Whole("unless it is about requests", (rule("drop", SERVERS, CLIENTS, requests=True),),
          through=ALL),
    Whole("one that fits neither", (rule("drop", SERVERS, SERVERS),), through=ALL),
    Whole("one for both directions", (rule("drop", SERVERS, CLIENTS, both=True),), refused=ALL,
          cut=ALL),
    Whole("which may match", (rule("drop", SERVERS, LOW, both=True, **DOUBT),), through=HIGH_ALL,
          unknowns=("some", "some")),
    Whole("one that fits requests too has no such doubt", (rule("drop", **DOUBT),),
          unknowns=("some", "some")),
    Whole("ping that is passed", through=PINGS, service=PING),
    Whole("ping that is dropped", (rule("drop"),), refused=PINGS, service=PING),
    Whole("what is established is not known of ping", (), "pass", "drop",
          unknowns=("what counts as established is not known without TCP",), service=PING),
    Whole("nor does it matter where both are the same", (), "drop", "drop", refused=PINGS,
          service=PING),
)  # fmt: skip


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.says)
def test_connections_need_their_handshake_and_what_comes_after_it(case: Whole) -> None:
    verdicts = Verdicts(stateless="inspect", opening=case.opening, established=case.established)
    policy = FirewallPolicy(
        address="policy", label="policy", stateless=(), stateful=case.rules, otherwise=verdicts
    )
    found: Connection = connection(policy, asked(case.service))
    assert same(found.through, case.through)
    assert same(found.refused, case.refused)
    assert same(found.cut, case.cut)
    assert tuple(each.reason for each in found.unknowns) == case.unknowns
