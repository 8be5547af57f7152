"""
What must not change an answer, and which way a change may push it, on random networks.

Half of the networks are asked about in Terraform and half in CloudFormation. All properties that
the engine is held to, and where each is tested:

| property | test |
|---|---|
| one packet after the other gives the same answer | `test_simulator`: `test_engine_and_simulator_agree_on_…`, `test_both_agree_on_…`; `test_simulator_text` |
| a witness of a reachable flow passes, no packet of a boundary does where it is blocked | `test_simulator`: `test_a_witness_passes_and_nothing_at_a_border_of_what_is_blocked` |
| a fix closes its finding and worsens no other | `test_checks`: `test_a_fix_repairs_what_it_was_proposed_for` |
| what is blamed is what blocks, and nothing else | `test_simulator`: `test_what_is_blamed_is_what_blocks` |
| rules, groups, addresses and routes to new places only add; denials only take away; a narrower route may take away | the second part of this file |
| order and numbering of ACL entries | `test_the_same_written_otherwise_…`, `test_swapping_two_overlapping_entries_…` |
| blocks and ports in halves; spelling of protocols; shifted addresses | `test_the_same_written_otherwise_…`, `test_every_spelling_of_terraform_…` |
| a reply needs no outbound rule | `test_outbound_rules_of_the_target_do_not_matter` |
| inline and separate resources are the same | `test_every_spelling_of_terraform_…`; `test_metamorphic` |
| an unknown value turns no answer round | the third part of this file |
| the same again, whatever the order of hashes | `test_answers_do_not_depend_on_hash_order` |
| an unrelated VPC changes nothing | `test_an_unrelated_vpc_changes_nothing` |
"""  # noqa: E501

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path as FilePath
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iaclint.assemble import assemble
from iaclint.resource import World
from tests.simulator.change import (
    Entries,
    Rules,
    cut_entries,
    cut_rules,
    flipped,
    halved_entries,
    halved_routes,
    halved_rules,
    renumbered,
    shuffled,
    with_entries,
    with_instance,
    with_neighbour,
    with_rules,
)
from tests.simulator.cover import Path, covered, doubted, places
from tests.simulator.draft import world
from tests.simulator.generate import OPEN, Dice, Limits, network
from tests.simulator.judge import Case, Question, verdicts
from tests.simulator.model import (
    ALL,
    ANYWHERE4,
    ANYWHERE6,
    Acl,
    Entry,
    Gateway,
    Group,
    Instance,
    Nat,
    Net,
    Route,
    Rule,
    Subnet,
    Table,
    Vpc,
)
from tests.simulator.render import Style, terraform
from tests.simulator.simulate import CLOUDFORMATION, TERRAFORM, Language
from tests.simulator.stack import cloudformation

SEEDS = range(16)
RANK = {"blocked": 0, "undecided": 1, "reachable": 2}
Answers = dict[Question, str]
SIX, HERE6 = IPv6Network("2600:1f16:aaa:bb00::/56"), IPv6Network("2600:1f16:aaa:bb01::/64")
OPEN_ENTRIES = (Entry(100, True, ALL, 0, 0, ANYWHERE4), Entry(101, True, ALL, 0, 0, ANYWHERE6))

some = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
RANDOM = st.randoms(use_true_random=False)


def network_of(random: Random, template: bool = False) -> Net:
    return network(Dice(random, 0.15), Limits(defaults=not template))


TEMPLATE = st.booleans()


def answers_in(world_: World, net: Net, language: Language = TERRAFORM) -> Answers:
    return verdicts(Case(net, assemble(world_), language))


def answers(net: Net, style: Style | None = None) -> Answers:
    return answers_in(world(terraform(net, style)), net)


def asked(net: Net, template: bool) -> Answers:
    """The answers in one of the two languages."""
    if template:
        return answers_in(world(cloudformation(net)), net, CLOUDFORMATION)
    return answers(net)


def worse(before: Answers, after: Answers) -> list[Question]:
    """The questions that got a less open answer."""
    return [q for q in before if RANK[after[q]] < RANK[before[q]]]


# ---- changes that change nothing -------------------------------------------------------------

SAME: dict[str, Callable[[Net], Net]] = {
    "other ACL numbers in the same order": lambda net: with_entries(net, renumbered),
    "ACL entries halved by address": lambda net: with_entries(net, halved_entries),
    "ACL entries halved by port": lambda net: with_entries(net, cut_entries),
    "group rules halved by address": lambda net: with_rules(net, halved_rules),
    "group rules halved by port": lambda net: with_rules(net, cut_rules),
    "routes halved": halved_routes,
    "everything in another order": lambda net: shuffled(net, Random(7)),
    "some bits of every address flipped": flipped,
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_written_otherwise_has_the_same_answers(name: str) -> None:
    for seed in SEEDS:
        template = seed % 2 == 1
        net = network_of(Random(seed), template)
        assert (seed, asked(SAME[name](net), template)) == (seed, asked(net, template))


STYLES = {
    "aws_security_group_rule": Style(rules="rule"),
    "aws_vpc_security_group_*_rule": Style(rules="vpc_rule"),
    "aws_route": Style(routes="separate"),
    "aws_network_acl_rule": Style(entries="separate"),
    "associations of their own": Style(links="separate"),
    "protocols by number": Style(protocols="number"),
    "protocols by number in quotes": Style(protocols="text"),
    "aws_default_route_table": Style(adoption="default"),
}


@pytest.mark.parametrize("name", STYLES)
def test_every_spelling_of_terraform_has_the_same_answers(name: str) -> None:
    for seed in SEEDS:
        net = network_of(Random(seed))
        assert (seed, answers(net, STYLES[name])) == (seed, answers(net))


@given(RANDOM, TEMPLATE)
@some
def test_an_unrelated_vpc_changes_nothing(random: Random, template: bool) -> None:
    net = network_of(random, template)
    after, now = asked(with_neighbour(net), template), asked(net, template)
    assert {q: after[q] for q in now} == now


@given(RANDOM.map(lambda r: network(Dice(r, 0.15), Limits(defaults=False, egress=True))))
@some
def test_both_languages_have_the_same_answers(net: Net) -> None:
    template = answers_in(world(cloudformation(net)), net, CLOUDFORMATION)
    assert template == answers(net)


@given(RANDOM.map(lambda r: network(Dice(r, 0.15), Limits(defaults=False))))
@some
def test_a_group_without_egress_lets_everything_out_in_cloudformation_only(net: Net) -> None:
    def written(egress: Rules) -> Net:
        groups = (g if g.egress is not None else replace(g, egress=egress) for g in net.groups)
        return replace(net, groups=tuple(groups))

    template = answers_in(world(cloudformation(net)), net, CLOUDFORMATION)
    assert template == answers(written(OPEN))
    assert answers(net) == answers(written(()))


# ---- changes that push one way ---------------------------------------------------------------


@given(RANDOM, TEMPLATE)
@some
def test_more_rules_and_groups_take_nothing_away(random: Random, template: bool) -> None:
    """A rule or a group on an interface more: nobody loses; the other way round: nobody wins."""
    net = network_of(random, template)
    rich = with_rules(net, lambda rules: (*rules, *_some_rules(random, net)))
    rich = replace(
        rich,
        instances=tuple(
            replace(i, groups=tuple(sorted({*i.groups, random.choice(net.groups).name})))
            if i.groups
            else i
            for i in rich.instances
        ),
    )
    assert worse(asked(net, template), asked(rich, template)) == []


def _some_rules(random: Random, net: Net) -> Rules:
    other = network_of(random)
    rules = [rule for group in other.groups for rule in group.ingress]
    return tuple(rule for rule in rules if not isinstance(rule.peer, str))[:2]


@given(RANDOM, TEMPLATE)
@some
def test_a_public_address_takes_nothing_away(random: Random, template: bool) -> None:
    net = network_of(random, template)
    instance = random.choice(net.instances)
    rich = with_instance(net, replace(instance, elastic=True))
    assert worse(asked(net, template), asked(rich, template)) == []


NEW_PLACE = IPv4Network("198.18.0.0/15")
"""Nobody has a route, a rule or an entry for it alone; only those for everything hold it."""


@given(RANDOM, TEMPLATE)
@some
def test_a_route_to_a_new_place_takes_nothing_away(random: Random, template: bool) -> None:
    """Where no route led before: through the internet gateway."""
    net = network_of(random, template)
    tables = tuple(_also_to(table, NEW_PLACE) for table in net.tables)
    rich = replace(net, tables=tables)
    assert worse(asked(net, template), asked(rich, template)) == []


def _also_to(table: Table, block: IPv4Network) -> Table:
    known = any(r.destination.version == 4 and r.destination.overlaps(block) for r in table.routes)
    return table if known else replace(table, routes=(*table.routes, Route(block, "igw", "gate")))


@pytest.mark.parametrize("template", [False, True])
def test_a_narrower_route_elsewhere_takes_its_clients_away(template: bool) -> None:
    """Routes are not like rules: the longest prefix wins, wherever it leads."""
    office = IPv4Network("203.0.113.0/24")
    groups = tuple(replace(g, ingress=(Rule(6, 22, 22, office),)) for g in RICH.groups)
    net = replace(RICH, groups=groups, nats=(Nat("nat", "there"),))
    route = Route(office, "nat", "nat")
    led = replace(net, tables=tuple(_with_route(table, route) for table in net.tables))
    question: Question = ("internet", "host0", "ssh", "ipv4")
    assert asked(net, template)[question] == "reachable"
    assert asked(led, template)[question] == "blocked"


def _with_route(table: Table, route: Route) -> Table:
    return replace(table, routes=(*table.routes, route))


def _first(allow: bool) -> Callable[[Entries], Entries]:
    entry = (Entry(1, allow, ALL, 0, 0, ANYWHERE4), Entry(2, allow, ALL, 0, 0, ANYWHERE6))
    return lambda entries: (*entries, *entry)


def _without(allow: bool) -> Callable[[Entries], Entries]:
    return lambda entries: tuple(e for e in entries if e.allow is not allow)


@given(RANDOM, TEMPLATE)
@some
def test_acl_entries_push_one_way(random: Random, template: bool) -> None:
    """Allowing first, or no longer denying, takes nothing away; the opposite adds nothing."""
    net = network_of(random, template)

    def changed(change: Callable[[Entries], Entries]) -> Answers:
        return asked(with_entries(net, change), template)

    now = asked(net, template)
    assert worse(now, changed(_first(True))) == []
    assert worse(now, changed(_without(False))) == []
    assert worse(changed(_first(False)), now) == []
    assert worse(changed(_without(True)), now) == []


NOWHERE = (Rule(ALL, 0, 0, IPv4Network("127.0.0.1/32")),)
"""Outbound rules for nobody: in a template a group without any lets everything out."""


@given(RANDOM, TEMPLATE)
@some
def test_outbound_rules_of_the_target_do_not_matter(random: Random, template: bool) -> None:
    """Groups are stateful: the answer to what was let in may leave."""
    net = network_of(random, template)
    now = asked(net, template)
    for end in net.instances:
        shut = tuple(
            replace(group, egress=NOWHERE) if group.name in end.groups else group
            for group in net.groups
        )
        then = asked(replace(net, groups=shut), template)
        for question in now:
            start = question[0]
            alike = start != "internet" and set(net.instance(start).groups) & set(end.groups)
            if question[1] == end.name and not alike:
                assert now[question] == then[question]


def test_swapping_two_overlapping_entries_changes_the_overlap_only() -> None:
    for seed in SEEDS:
        net = network_of(Random(seed))
        ssh = Entry(5, True, 6, 22, 22, ANYWHERE4)
        deny = replace(ssh, number=6, allow=False, first=20, last=30)

        def with_both(first: Entry, then: Entry) -> Callable[[Entries], Entries]:
            pair = (replace(first, number=5), replace(then, number=6))
            return lambda entries: (*entries, *pair)

        one = answers(with_entries(net, with_both(ssh, deny)))
        other = answers(with_entries(net, with_both(deny, ssh)))
        changed = {q for q in one if one[q] != other[q]}
        assert all(q[2] == "ssh" and q[3] == "ipv4" for q in changed)
        assert worse(other, one) == []


# ---- what is not known -----------------------------------------------------------------------


@given(RANDOM, st.booleans())
@settings(some, max_examples=40)
def test_covering_a_value_never_turns_an_answer_round(random: Random, template: bool) -> None:
    """Unknown instead of known: the answer stays, or becomes undecided."""
    net = network(Dice(random, 0.15), Limits(defaults=not template))
    whole = world(cloudformation(net) if template else terraform(net))
    language = CLOUDFORMATION if template else TERRAFORM
    now = answers_in(whole, net, language)
    for path in random.sample(coverable(whole), 5):
        then = answers_in(covered(whole, path), net, language)
        assert (path, turned(now, then)) == (path, {})


def turned(now: Answers, then: Answers) -> dict[Question, tuple[str, str]]:
    """The questions whose answer is another one, and not undecided."""
    return {q: (now[q], then[q]) for q in now if then[q] not in (now[q], "undecided")}


def coverable(whole: World) -> list[Path]:
    """
    Every value except the IPv6 block of a VPC: without it, it cannot be told that a rule for that
    very block lets in nobody from outside.
    """
    names = ("ipv6_cidr_block", "Ipv6CidrBlock")
    return [
        path
        for path in places(whole)
        if not (path[-1] in names and "subnet" not in whole.resources[path[0]].kind.lower())
    ]


RICH = Net(
    vpcs=(Vpc("main", (IPv4Network("10.20.0.0/16"),), SIX),),
    subnets=(
        Subnet("here", "main", IPv4Network("10.20.1.0/24"), HERE6, True, True, "out", "acl"),
        Subnet("there", "main", IPv4Network("10.20.2.0/24"), None, True, table="out"),
        Subnet("away", "main", IPv4Network("10.20.3.0/24"), None, False, acl="shut"),
    ),
    tables=(
        Table("out", "main", (Route(ANYWHERE4, "igw", "gate"), Route(ANYWHERE6, "igw", "gate"))),
    ),
    gateways=(Gateway("gate", "igw", "main"),),
    acls=(
        Acl("acl", "main", OPEN_ENTRIES, OPEN_ENTRIES),
        Acl("shut", "main", (replace(OPEN_ENTRIES[0], allow=False), OPEN_ENTRIES[1]), ()),
    ),
    groups=(
        Group("ssh", "main", (Rule(6, 22, 22, ANYWHERE4), Rule(6, 22, 22, ANYWHERE6)), OPEN),
        Group("friends", "main", (Rule(ALL, 0, 0, "ssh"),), (Rule(6, 22, 22, "friends"),)),
    ),
    instances=(
        Instance("host0", "here", IPv4Address("10.20.1.10"), ("ssh",)),
        Instance("host1", "there", IPv4Address("10.20.2.10"), ("friends",), public=True),
        Instance("host2", "away", IPv4Address("10.20.3.10"), ("ssh", "friends"), elastic=True),
    ),
)


def rich(language: str) -> tuple[World, Language]:
    separate = Style("vpc_rule", "separate", "separate", "separate")
    if language == "template":
        return world(cloudformation(RICH)), CLOUDFORMATION
    return world(terraform(RICH, separate if language == "separate" else Style())), TERRAFORM


@pytest.mark.parametrize("language", ["inline", "separate", "template"])
def test_a_reference_that_is_one_of_two_turns_no_answer_round(language: str) -> None:
    whole, meaning = rich(language)
    now = answers_in(whole, RICH, meaning)
    asked = 0
    for path in coverable(whole):
        doubt = doubted(whole, path)
        if doubt is not None:
            asked += 1
            then = answers_in(covered(whole, path, doubt), RICH, meaning)
            where = (whole.resources[path[0]].kind, *path[1:])
            assert (where, turned(now, then)) == (where, {})
    assert asked > 10


@pytest.mark.parametrize("language", ["inline", "separate", "template"])
def test_no_value_covered_turns_an_answer_round(language: str) -> None:
    """Every single value of a network that has a bit of everything."""
    whole, meaning = rich(language)
    now = answers_in(whole, RICH, meaning)
    assert {*now.values()} == {"reachable", "blocked"}
    for path in coverable(whole):
        then = answers_in(covered(whole, path), RICH, meaning)
        where = (whole.resources[path[0]].kind, *path[1:])
        assert (where, turned(now, then)) == (where, {})


# ---- the same again --------------------------------------------------------------------------

SCRIPT = """
from random import Random
from tests.simulator.generate import Dice, network
from tests.simulator.judge import Case, questions
from tests.simulator.render import terraform
from tests.simulator.draft import world
from tests.simulator.simulate import TERRAFORM
from iaclint.assemble import assemble
for seed in range(4):
    net = network(Dice(Random(seed), 0.2))
    case = Case(net, assemble(world(terraform(net))), TERRAFORM)
    for question in questions(net):
        trace = case.trace(question)
        print(question, trace.verdict, [(b.reason.name, b.at, b.near) for b in trace.blockers])
        print([(s.name, s.message, s.sure.boxes) for w in trace.ways for s in w.steps])
"""


def test_answers_do_not_depend_on_hash_order() -> None:
    root = FilePath(__file__).parent.parent
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert "reachable" in outputs.pop()
