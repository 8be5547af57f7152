"""
Security groups: whom they let in, and which rule is blamed when they let nobody in.

Most groups are built directly: how rules are written has tests of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from iaclint.network import Group, Interface, Perhaps, PublicAddress, Rule
from iaclint.packet.prefix import INTERNET, Family, addresses, parse_prefix
from iaclint.packet.service import (
    ICMP,
    ICMPV6,
    PING,
    RDP,
    SSH,
    TCP,
    UDP,
    Service,
    Traffic,
    icmp,
)
from iaclint.source import Span
from iaclint.trace.group import Peer, group_step
from iaclint.trace.model import Reason, Step
from iaclint.value import Unknown
from tests import blocks
from tests.nets import written
from tests.scenarios import TWO
from tests.twins import LANGUAGES

OPEN, SIX, OFFICE = "0.0.0.0/0", "::/0", "52.0.0.0/8"
RULE, AT_BLOCK, AT_ADDRESS = Span("main.tf", 10), Span("main.tf", 11), Span("main.tf", 12)
TCP_22, WEB = Traffic(TCP, (22, 22)), Traffic(TCP, (80, 80))
ECHO, REPLY = Traffic(ICMP, icmp(8, 0)), Traffic(ICMP, icmp(0, 0))
REPLY_SIX = Traffic(ICMPV6, icmp(129, 0))
SOME, OTHER, THIRD = Unknown("some"), Unknown("other"), Unknown("third")
LIST = "com.amazonaws.eu-west-1.ec2-instance-connect"


def rule(
    traffic: Traffic | Unknown, *blocks: str | Unknown, name: str = "", **more: object
) -> Rule:
    """A rule for these blocks; one with a name is a resource of its own."""
    prefixes = tuple(b if isinstance(b, Unknown) else parse_prefix(b) for b in blocks)
    given = {"address": name or "group", "label": name, "span": RULE, "prefixes": prefixes}
    return Rule(traffic=traffic, **{**given, **more})  # type: ignore[arg-type]


def group(*rules: Rule, name: str = "group", **more: object) -> Group:
    given = {"address": name, "label": name, "span": Span("main.tf", 1), "ingress": [*rules]}
    return Group(vpc=None, **{**given, **more})  # type: ignore[arg-type]


def host(*groups: Group | Unknown, name: str = "host", **more: object) -> Interface:
    given = {"address": name, "label": name, "span": Span("main.tf", 2), "groups": groups}
    given |= {"groups_span": Span("main.tf", 3), "subnet": Unknown("it is not asked")}
    public = PublicAddress(has=False, why="")
    return Interface(public=public, **{**given, **more})  # type: ignore[arg-type]


def outside(*blocks: str, family: Family = "ipv4") -> Peer:
    """Clients outside: all of the internet, or those blocks."""
    some = addresses((parse_prefix(block) for block in blocks), family)
    return Peer(some if blocks else INTERNET[family])


def neighbour(*groups: Group | Unknown, **more: object) -> Peer:
    """A client in the network, one that is not on any list."""
    return replace(
        Peer(parse_prefix("10.0.1.0/24").region, True, host(*groups, name="eni"), "bastion"),
        **more,  # type: ignore[arg-type]
    )


def maybe(*groups: Group) -> Perhaps:
    """Some of these groups, it is not known which."""
    return Perhaps("either", groups=groups)


EITHER = maybe()
OPEN_PERHAPS = rule(TCP_22, OPEN, maybe=SOME)
MEMBERS, STRANGERS = group(name="members"), group(name="strangers")
MADE = group(name="made", span=Span("a/main.tf", 1))
OPS = group(name="ops", span=Span("b/main.tf", 1), may_be=(MADE,))
DEV = group(name="dev", span=Span("b/main.tf", 9), may_be=(MADE,))
BASTION = Unknown("the public address of bastion")
NAMED = rule(TCP_22, BASTION, public_of=(("bastion", BASTION),))
TO_MEMBERS, TO_SOME = group(rule(TCP_22, groups=(MEMBERS,))), group(rule(TCP_22, groups=(SOME,)))


# ---- who is let in -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A sentence, the groups, who comes, the verdict, and what is not known."""

    says: str
    groups: tuple[Group | Unknown, ...]
    verdict: str
    unknowns: tuple[Unknown, ...] = ()
    peer: Peer = field(default_factory=outside)
    out: bool = False


CASES = (
    Case("a group that is not known may let it in", (SOME,), "unknown", (SOME,)),
    Case("a known one beside it is enough", (SOME, group(rule(TCP_22, OPEN))), "allow", (SOME,)),
    Case("a group may have further rules", (group(rest=SOME),), "unknown", (SOME,)),
    Case("further rules out let nobody in", (group(rest_out=SOME),), "block"),
    Case("further rules out let it out", (group(rest_out=SOME),), "unknown", (SOME,), out=True),
    Case("a rule may not be there", (group(OPEN_PERHAPS),), "unknown", (SOME,)),
    Case("its ports may be others", (group(rule(SOME, OPEN)),), "unknown", (SOME,)),
    Case(
        "all is named that is not known of a rule",
        (group(rule(SOME, OTHER, maybe=THIRD)),),
        "unknown",
        (THIRD, SOME, OTHER),
    ),
    Case(
        "and of every rule",
        (group(rule(SOME, OPEN), rule(TCP_22, OTHER)),),
        "unknown",
        (SOME, OTHER),
    ),
    Case("a rule that AWS refuses lets nobody in", (group(rule(TCP_22, OPEN, invalid="x")),),
         "block"),
    Case("some of all clients are enough", (group(rule(TCP_22, OFFICE)),), "allow"),
    Case("a rule lets in members", (TO_MEMBERS,), "allow",
         peer=neighbour(MEMBERS)),
    Case("others not", (TO_MEMBERS,), "block", peer=neighbour(STRANGERS)),
    Case("nobody who is no member from there", (TO_MEMBERS,), "block",
         peer=neighbour(MEMBERS, grouped=False)),
    Case("of which group may not be known", (TO_SOME,), "unknown", (SOME,),
         neighbour(MEMBERS)),
    Case("nor which groups a client has", (TO_SOME,), "unknown",
         (SOME, OTHER), neighbour(OTHER)),
    Case("nor a block beside it", (group(rule(TCP_22, OTHER, groups=(SOME,))),), "unknown",
         (OTHER, SOME), neighbour(MEMBERS)),
    Case("that matters to no rule for a block", (group(rule(TCP_22, OFFICE)),), "block", (),
         neighbour(OTHER)),
    Case("a rule for the private address of an instance",
         (group(rule(TCP_22, holders=("bastion",))),), "allow", peer=neighbour()),
    Case("for that of its interface", (group(rule(TCP_22, holders=("eni",))),), "allow",
         peer=neighbour(grouped=False)),
    Case("for that of another", (group(rule(TCP_22, holders=("db",))),), "block", peer=neighbour()),
    Case("one who comes with a private address has no public one", (group(NAMED),), "block",
         peer=neighbour(inner=True)),
    Case("who dials a public address may come with one", (group(NAMED),), "unknown", (BASTION,),
         neighbour()),
    Case("so may somebody outside", (group(NAMED),), "unknown", (BASTION,)),
    Case("beside it another block may be that of the client",
         (group(rule(TCP_22, BASTION, SOME, public_of=(("bastion", BASTION),))),), "unknown",
         (SOME,), neighbour(inner=True)),
    Case("Instance Connect comes from addresses of AWS", (group(rule(TCP_22, managed=(LIST,))),),
         "unknown", (Unknown(f"{LIST} holds the addresses of a service", RULE),)),
    Case("a rule for a part of them", (group(rule(TCP_22, "10.0.1.0/25")),), "unknown", (),
         neighbour()),
    Case("two for both halves",
         (group(rule(TCP_22, "10.0.1.0/25"), rule(TCP_22, "10.0.1.128/25")),), "allow", (),
         neighbour()),
    Case("a rule may be in it", (group(perhaps=[(OPEN_PERHAPS, False)]),), "unknown", (SOME,)),
    Case("a rule out is none in", (group(perhaps=[(OPEN_PERHAPS, True)]),), "block"),
    Case("and one in none out", (group(perhaps=[(OPEN_PERHAPS, False)]),), "block", out=True),
    # of several groups it has some
    Case("of which one lets it in", (maybe(group(), group(rule(TCP_22, OPEN))),), "unknown",
         (EITHER,)),
    Case("of which none lets it in", (maybe(group(), group(rule(WEB, OPEN))),), "block",
         (EITHER,)),
    Case("none of which has to", (group(rule(TCP_22, OPEN)), maybe(group())), "allow", (EITHER,)),
    Case("nor ends it there", (maybe(group()), group(rule(TCP_22, OPEN))), "allow", (EITHER,)),
    Case("one may have further rules", (maybe(group(), group(rest=SOME)),), "unknown", (EITHER,)),
    Case("for what goes out, too", (maybe(group(rest=SOME)),), "unknown", (EITHER,), out=True),
    Case("one may have further rules out", (maybe(group(rest_out=SOME)),), "unknown", (EITHER,),
         out=True),
    Case("which are not for what comes in", (maybe(group(rest_out=SOME)),), "block",
         (EITHER,)),
    Case("the rules of one are for the way out", (maybe(group(egress=[rule(TCP_22, OPEN)])),),
         "unknown", (EITHER,), out=True),
    Case("not in", (maybe(group(egress=[rule(TCP_22, OPEN)])),), "block",
         (EITHER,)),
    Case("one may have a rule", (maybe(group(perhaps=[(rule(TCP_22, OPEN), False)])),), "unknown",
         (EITHER,)),
    Case("for the other direction", (maybe(group(perhaps=[(rule(TCP_22, OPEN), True)])),), "block",
         (EITHER,)),
    # a group that is looked up, and may be another
    Case("who is in a group that a look-up may find", (group(rule(TCP_22, groups=(OPS,))),),
         "unknown", (Unknown("whether ops is made is not known", OPS.span),), neighbour(MADE)),
    Case("or is in what is looked up", (group(rule(TCP_22, groups=(MADE,))),), "unknown",
         (Unknown("whether made is ops is not known", MADE.span),), neighbour(OPS)),
    Case("who is in one that it does not find", (group(rule(TCP_22, groups=(OPS,))),), "block", (),
         neighbour(MEMBERS)),
    Case("who may be in any group", (group(rule(TCP_22, groups=(MADE,))),), "unknown", (SOME,),
         neighbour(SOME)),
    Case("two that are looked up are two", (group(rule(TCP_22, groups=(OPS,))),), "block", (),
         neighbour(DEV)),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_whom_the_groups_of_a_host_let_in(case: Case) -> None:
    """And by what it is undecided."""
    step = group_step(host(*case.groups), case.peer, "ipv4", SSH, case.out)
    assert (step.verdict, step.unknowns) == (case.verdict, case.unknowns)
    assert (step.blocker is None) is (case.verdict != "block")


@pytest.mark.parametrize(
    ("blocks", "of_ipv6", "verdicts"),
    [
        ((SOME,), (), ["unknown", "unknown"]),
        ((SOME,), (SOME,), ["block", "unknown"]),
        ((SOME, Unknown("some")), (SOME,), ["unknown", "unknown"]),
        ((SOME, OTHER), (SOME, OTHER), ["block", "unknown"]),
    ],
    ids=["of either family", "of IPv6", "and another of either", "two of IPv6"],
)
def test_a_block_that_is_not_known_may_be_of_a_family(
    blocks: tuple[Unknown, ...], of_ipv6: tuple[Unknown, ...], verdicts: list[str]
) -> None:
    """Two of which nothing is known are still two."""
    one = host(group(rule(TCP_22, *blocks, of_ipv6=of_ipv6)))
    found = [
        group_step(one, outside(family=family), family, SSH).verdict for family in ("ipv4", "ipv6")
    ]
    assert found == verdicts


def test_the_hop_names_the_groups() -> None:
    """Those that are known; the first is the place to look at."""
    web, ops = group(rule(TCP_22, OPEN), name="web"), group(name="ops", span=None)
    step = group_step(host(SOME, web, ops), outside(), "ipv4", SSH)
    assert (step.direction, step.node, step.name) == ("request", web, "sg web, ops")
    assert step.span == web.span
    alone = host(SOME)
    step = group_step(alone, outside(), "ipv4", SSH)
    assert (step.node, step.name, step.span) == (alone, "sg ?", alone.span)


# ---- what is blamed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blame:
    """A sentence, the rules, the reason, the words about it, and who asks for what."""

    says: str
    rules: tuple[Rule, ...]
    reason: Reason
    text: str = ""
    peer: Peer = field(default_factory=outside)
    service: Service = SSH
    family: Family = "ipv4"


OF_OTHERS, OF_EVERY = rule(ECHO, OFFICE), rule(REPLY, OPEN, SIX)
IPV6 = outside(family="ipv6")
HERE = outside("203.0.113.0/24")
BLAMES = (
    # whose address never arrives
    Blame("a private block, from the internet", (rule(TCP_22, "10.0.0.0/8"),),
          Reason.GROUP_PRIVATE_SOURCE, "10.0.0.0/8 is private"),
    Blame("after rules for other services", (rule(WEB, OPEN), rule(TCP_22, "10.0.0.0/8")),
          Reason.GROUP_PRIVATE_SOURCE),
    Blame("of another service", (rule(WEB, "10.0.0.0/8"),), Reason.GROUP_NO_RULE),
    Blame("of the office, that somebody else has", (rule(TCP_22, "10.0.0.0/8"),),
          Reason.GROUP_SOURCE, "from 10.0.0.0/8 only", outside("192.168.0.0/16")),
    Blame("of a neighbour", (rule(TCP_22, "10.9.0.0/16"),), Reason.GROUP_SOURCE, peer=neighbour()),
    Blame("one of both kinds", (rule(TCP_22, "10.0.0.0/8", OFFICE),), Reason.GROUP_SOURCE,
          "from 10.0.0.0/8 and 52.0.0.0/8 only", HERE),
    Blame("in a rule that AWS refuses", (rule(TCP_22, "10.0.0.0/8", invalid="x"),),
          Reason.GROUP_NO_RULE),
    # who is named
    Blame("members, from the internet", (rule(TCP_22, groups=(MEMBERS,)), rule(TCP_22)),
          Reason.GROUP_SOURCE, "nobody from outside"),
    Blame("an instance, from the internet", (rule(TCP_22, holders=("db",)), rule(TCP_22)),
          Reason.GROUP_SOURCE, "nobody from outside"),
    Blame("members and a block", (rule(TCP_22, OFFICE, groups=(MEMBERS,)),), Reason.GROUP_SOURCE,
          "from 52.0.0.0/8 only", HERE),
    Blame("members, who are others", (rule(TCP_22, groups=(MEMBERS, STRANGERS)),),
          Reason.GROUP_SOURCE, "from members of members and strangers only", neighbour()),
    Blame("members of a group that counts for nothing there", (rule(TCP_22, groups=(SOME,)),),
          Reason.GROUP_SOURCE, "from members of a group only", neighbour(grouped=False)),
    Blame("one of them is not known", (rule(TCP_22, groups=(MEMBERS, SOME)),),
          Reason.GROUP_SOURCE, "from members of a group only", neighbour(grouped=False)),
    Blame("instances, which are others", (rule(TCP_22, holders=("db", "app")),),
          Reason.GROUP_SOURCE, "from db and app only", neighbour()),
    Blame("members and an instance", (rule(TCP_22, groups=(MEMBERS,), holders=("db",)),),
          Reason.GROUP_SOURCE, "from members of members only", neighbour()),
    Blame("the public address of the client", (NAMED,), Reason.GROUP_SOURCE,
          "from the public address of bastion only", neighbour(inner=True)),
    Blame("a service of AWS", (rule(TCP_22, managed=(LIST,)),), Reason.GROUP_SOURCE,
          f"from {LIST} only", neighbour()),
    Blame("one for the service before one for everything",
          (rule(Traffic(None), groups=(MEMBERS,)), rule(TCP_22, OFFICE)), Reason.GROUP_SOURCE,
          "from 52.0.0.0/8 only", HERE),
    Blame("one for nobody knows what before it", (rule(SOME, "10.0.0.0/8"), rule(TCP_22, OFFICE)),
          Reason.GROUP_SOURCE, "from 52.0.0.0/8 only", HERE),
    Blame("nobody", (rule(TCP_22),), Reason.GROUP_NO_SOURCE, "names no source"),
    Blame("nobody, of another service", (rule(WEB),), Reason.GROUP_NO_RULE),
    # the other family
    Blame("IPv6, for who comes by IPv4", (rule(TCP_22, SIX),), Reason.GROUP_FAMILY,
          "from IPv6 addresses only"),
    Blame("IPv4, for who comes by IPv6", (rule(TCP_22, OPEN),), Reason.GROUP_FAMILY,
          "from IPv4 addresses only", IPV6, family="ipv6"),
    Blame("and a block of the own", (rule(TCP_22, OFFICE, SIX),), Reason.GROUP_SOURCE,
          "from 52.0.0.0/8 only", HERE),
    Blame("and one that may be of the own",
          (rule(TCP_22, SIX, BASTION, public_of=(("bastion", BASTION),)),), Reason.GROUP_SOURCE,
          peer=neighbour(inner=True)),
    Blame("and one that cannot", (rule(TCP_22, SIX, SOME, of_ipv6=(SOME,)),), Reason.GROUP_FAMILY),
    Blame("of another service too", (rule(WEB, SIX),), Reason.GROUP_NO_RULE),
    Blame("ICMP of IPv4 for IPv6", (rule(ECHO, SIX),), Reason.GROUP_FAMILY, service=PING),
    Blame("ICMPv6 for IPv6", (rule(Traffic(ICMPV6), SIX),), Reason.GROUP_FAMILY,
          "lets ping in from IPv6 addresses only", service=PING),
    # ping
    Blame("the reply instead of the request", (OF_OTHERS, rule(REPLY, OPEN)), Reason.GROUP_ICMP,
          "lets icmp type 0 code 0 in; ping sends icmp type 8 code 0", HERE, PING),
    Blame("the request, from somebody else", (OF_OTHERS,), Reason.GROUP_SOURCE,
          "lets ping in from 52.0.0.0/8 only", HERE, PING),
    Blame("all of ICMP, from somebody else", (rule(Traffic(ICMP), "10.9.0.0/16"),),
          Reason.GROUP_SOURCE, "lets ping in from 10.9.0.0/16 only", neighbour(), PING),
    Blame("in both families", (OF_OTHERS, OF_EVERY), Reason.GROUP_ICMP, "", HERE, PING),
    Blame("for the other family", (OF_OTHERS, rule(REPLY, SIX)), Reason.GROUP_SOURCE, "", HERE,
          PING),
    Blame("for the size of packets is nothing about ping",
          (rule(Traffic(ICMP, icmp(3, 4)), OPEN), OF_OTHERS), Reason.GROUP_SOURCE, "", HERE, PING),
    Blame("of IPv6", (rule(REPLY_SIX, SIX),), Reason.GROUP_ICMP, "icmpv6 type 129", IPV6, PING,
          "ipv6"),
    Blame("from blocks that are not known", (rule(REPLY, SOME),), Reason.GROUP_ICMP, service=PING),
    Blame("is nothing about SSH", (rule(REPLY, OPEN),), Reason.GROUP_NO_RULE),
    Blame("ICMPv6 for IPv4", (rule(Traffic(ICMPV6), OPEN),), Reason.GROUP_PROTOCOL,
          "lets all icmpv6 in; ping over IPv4 is icmp type 8", service=PING),
    Blame("for both", (rule(Traffic(ICMPV6), OPEN, SIX),), Reason.GROUP_PROTOCOL, service=PING),
    Blame("ICMP for IPv6", (rule(ECHO, SIX),), Reason.GROUP_PROTOCOL, "ping over IPv6 is icmpv6",
          IPV6, PING, "ipv6"),
    Blame("that is nothing about SSH either", (rule(Traffic(ICMPV6), OPEN),), Reason.GROUP_NO_RULE),
    Blame("traffic that is not known, from somebody else", (rule(SOME, "10.0.0.0/8"),),
          Reason.GROUP_NO_RULE, service=PING),
    Blame("a rule for TCP is called so", (rule(WEB, OPEN), rule(WEB, OPEN, says="for ping")),
          Reason.GROUP_PROTOCOL, "lets tcp 80 in; ping is icmp", service=PING),
    Blame("a port that has the number of its type", (rule(Traffic(TCP, icmp(8, 0)), OPEN),),
          Reason.GROUP_NO_RULE, service=PING),
    Blame("one for SSH", (rule(TCP_22, OPEN),), Reason.GROUP_NO_RULE, service=PING),
    # the port
    Blame("UDP instead of TCP", (rule(Traffic(UDP, (22, 22)), OPEN),), Reason.GROUP_PROTOCOL,
          "lets udp 22 in; SSH is tcp 22"),
    Blame("UDP on other ports", (rule(Traffic(UDP, (53, 53)), OPEN),), Reason.GROUP_NO_RULE),
    Blame("port 0 of UDP", (rule(Traffic(UDP, (0, 0)), OPEN),), Reason.GROUP_NO_RULE),
    Blame("port 0", (rule(Traffic(TCP, (0, 0)), OPEN),), Reason.GROUP_PORT, "lets tcp 0 in"),
    Blame("ports the other way round", (rule(Traffic(TCP, (65535, 0)), OPEN),), Reason.GROUP_PORT),
    Blame("all ports but the last", (rule(Traffic(TCP, (1, 21)), OPEN),), Reason.GROUP_PORT),
    Blame("some ports before it", (rule(Traffic(TCP, (2, 21)), OPEN),), Reason.GROUP_NO_RULE),
    Blame("the digits in another order", (rule(Traffic(TCP, (3398, 3398)), OPEN),),
          Reason.GROUP_PORT, "lets tcp 3398 in; RDP is tcp 3389", service=RDP),
    Blame("a range that begins with them", (rule(Traffic(TCP, (3398, 3400)), OPEN),),
          Reason.GROUP_NO_RULE, service=RDP),
    Blame("another port", (rule(WEB, OPEN),), Reason.GROUP_NO_RULE),
    Blame("after one that is not known, for somebody else",
          (rule(SOME, "10.0.0.0/8"), rule(Traffic(TCP, (0, 0)), OPEN)), Reason.GROUP_PORT),
    Blame("nothing", (), Reason.GROUP_EMPTY, "has no inbound rule"),
)  # fmt: skip


def asked(case: Blame) -> Step:
    return group_step(host(group(*case.rules)), case.peer, case.family, case.service)


@pytest.mark.parametrize("case", BLAMES, ids=lambda case: case.says)
def test_which_rule_is_blamed_and_why(case: Blame) -> None:
    """The rule that was meant for it, if any, and what is wrong with it."""
    step = asked(case)
    assert step.blocker is not None
    assert (step.verdict, step.blocker.reason) == ("block", case.reason)
    assert case.text in step.blocker.at.text


def test_a_rule_of_its_own_is_what_has_to_change_and_else_its_group() -> None:
    own, inline = rule(TCP_22, "10.0.0.0/8", name="rule"), rule(TCP_22, "10.0.0.0/8")
    for one in (own, inline):
        ours = group(one)
        found = group_step(host(ours), outside(), "ipv4", SSH).blocker
        assert found is not None and found.node is (own if one is own else ours)


def test_the_line_is_that_of_the_block() -> None:
    """Or where the public address is named; a rule for groups has only its own."""
    block = parse_prefix("10.0.0.0/8")
    bastion = replace(BASTION, span=AT_ADDRESS)
    lines = {
        AT_BLOCK: (rule(TCP_22, "10.0.0.0/8", texts=((block, AT_BLOCK),)), outside()),
        AT_ADDRESS: (
            rule(TCP_22, bastion, public_of=(("spare", SOME), ("bastion", bastion))),
            neighbour(inner=True),
        ),
        RULE: (rule(TCP_22, groups=(MEMBERS,)), neighbour()),
    }
    for line, (one, peer) in lines.items():
        step = group_step(host(group(one)), peer, "ipv4", SSH)
        assert step.blocker is not None and step.blocker.at.span == step.span == line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "peer", "check"),
    [(8, "10.0.1.0/24", None), (8, "10.0.7.0/24", "IAC410"), (0, "10.0.1.0/24", "IAC408")],
    ids=["nothing is wrong", "the source is", "the type is"],
)
def test_a_rule_for_ping_is_wrong_in_its_source_or_its_type(
    tmp_path: Path, language: str, kind: int, peer: str, check: str | None
) -> None:
    rules = (blocks.SSH._replace(peer="10.0.1.0/24"), blocks.Rule(kind, 0, "icmp", peer))
    text = TWO + blocks.group("db", *rules)
    found = written(tmp_path, text.files(language)).findings
    assert [f.check for f in found if "icmp" in f.services] == ([check] if check else [])


# ---- which group -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "given", "reason", "node"),
    [
        (("default",), False, Reason.GROUP_DEFAULT, "host"),
        (("default",), True, Reason.GROUP_EMPTY, "host"),
        (("default", "web"), False, Reason.GROUP_EMPTY, "web"),
        (("web", "db"), True, Reason.GROUP_EMPTY, "web"),
    ],
    ids=["nobody named it", "it was named", "another one was added", "the first of two"],
)
def test_a_group_that_is_written_is_to_be_changed(
    groups: tuple[str, ...], given: bool, reason: Reason, node: str
) -> None:
    """The default group is written nowhere: what is to change is the host that has nothing else."""
    span = Span("main.tf", 1)
    carried = (group(name=n, default=n == "default", span=None if n == "default" else span)
               for n in groups)  # fmt: skip
    one = host(*carried, groups_span=span if given else None)
    found = group_step(one, outside(), "ipv4", SSH).blocker
    assert found is not None
    assert (found.reason, found.node.address) == (reason, node)


@pytest.mark.parametrize("egress", [False, True])
def test_a_group_that_a_host_may_have_is_the_one_to_be_changed(egress: bool) -> None:
    shut = group(name="shut")
    found = group_step(host(maybe(shut)), outside(), "ipv4", SSH, egress).blocker
    assert found is not None
    reason = Reason.EGRESS_RULE if egress else Reason.GROUP_EMPTY
    assert (found.reason, found.node) == (reason, shut)


@pytest.mark.parametrize(
    ("rules", "text"),
    [((), "has no outbound rule"), ((rule(WEB, OPEN),), "no outbound rule lets tcp 22 out")],
)
def test_a_client_that_lets_nothing_out_has_a_group_to_be_changed(
    rules: tuple[Rule, ...], text: str
) -> None:
    """The one that is written."""
    default, web = group(name="default", span=None), group(name="web", egress=[*rules])
    found = group_step(host(default, web), outside(), "ipv4", SSH, egress=True).blocker
    assert found is not None
    assert (found.reason, found.node, found.at.text) == (Reason.EGRESS_RULE, web, text)
