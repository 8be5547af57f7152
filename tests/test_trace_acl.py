"""
Network ACLs against counting: each packet through the entries one by one, for every completion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iaclint.network import Acl, AclEntry
from iaclint.packet.prefix import INTERNET, addresses, everything, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import ICMP, ICMPV6, PING, RDP, SSH, TCP, UDP, Service, Traffic, icmp
from iaclint.source import Span
from iaclint.trace.acl import Decision, acl_step, decide, loses_too_big, reply_gaps
from iaclint.trace.model import Direction, Reason, Step
from iaclint.value import Unknown

ASKED = Traffic(TCP, (10, 13))
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
BLOCKS = [parse_prefix(text) for text in ("0.0.0.0/0", *HALVES, "::/0")]
PACKETS = [(parse_prefix(text).first, port) for text in HALVES for port in range(10, 14)]
SPEAKS: list[Traffic] = [
    Traffic(None),
    Traffic(TCP),
    Traffic(TCP, (10, 11)),
    Traffic(TCP, (11, 20)),
    Traffic(None, (11, 11)),
    Traffic(UDP),
]
"""Of what all protocols are, no ports are asked, whatever is written beside it."""
OPEN = Unknown("it is given on apply")
NUMBERS = (20, 60, 95, 150)


def entry(number: int, egress: bool, allow: bool, traffic: Traffic, block: int) -> AclEntry:
    return AclEntry(
        address="acl", label=str(number), number=number, egress=egress, allow=allow,
        traffic=traffic, prefix=BLOCKS[block],
    )  # fmt: skip


Drawn = tuple[bool, bool, Traffic, int]
ENTRY: st.SearchStrategy[Drawn] = st.tuples(
    st.booleans(), st.booleans(), st.sampled_from(SPEAKS), st.integers(0, len(BLOCKS) - 1)
)
ENTRIES = st.lists(ENTRY, max_size=3).map(
    lambda some: [entry(45 * n, *one) for n, one in enumerate(some, 1)]
)


def acl_of(entries: list[AclEntry], allows_all: bool = False) -> Acl:
    numbers = [(each.number if isinstance(each.number, int) else 0, each) for each in entries]
    ordered = [each for _, each in sorted(numbers, key=lambda pair: pair[0])]
    return Acl(address="acl", label="acl", vpc=None, entries=ordered, allows_all=allows_all)


def passes(entries: list[AclEntry], packet: tuple[int, int], default: bool = False) -> bool:
    """
    The first entry that matches, by its number. `default`: in the default ACL, whose entry 100
    allows everything.
    """
    address, port = packet
    numbered = [(one.number, one) for one in entries if isinstance(one.number, int)]
    for number, each in sorted(numbered, key=lambda pair: pair[0]):
        if default and number >= 100:
            break
        block, traffic = each.prefix, each.traffic
        assert not isinstance(block, Unknown) and isinstance(traffic, Traffic)
        speaks = traffic.protocol is None or (
            traffic.protocol == TCP and traffic.ports[0] <= port <= traffic.ports[1]
        )
        within = block.family == "ipv4" and block.first <= address <= block.last
        if not each.egress and speaks and within:
            return each.allow is True
    return default


def answers(decision: Decision) -> list[tuple[bool, bool]]:
    """Of each packet: whether it surely passes, and whether it may."""
    return [(packet in decision.sure, packet in decision.possible) for packet in PACKETS]


def decided(acl: Acl, ports: Region | None = None) -> list[tuple[bool, bool]]:
    return answers(decide(acl, False, "ipv4", ASKED, everything("ipv4").region, ports))


@given(ENTRIES)
def test_the_first_entry_that_matches_decides(entries: list[AclEntry]) -> None:
    expected = [passes(entries, packet) for packet in PACKETS]
    assert decided(acl_of(entries)) == [(one, one) for one in expected]


def but(one: AclEntry, field: str, value: object) -> AclEntry:
    """The entry with another value in one field."""
    other = replace(one)
    setattr(other, field, value)
    return other


def completions(one: AclEntry, field: str) -> Iterator[list[AclEntry]]:
    """What an entry is, for each value of the one that is not known."""
    if field == "maybe":
        yield from ([], [one])
        return
    values: dict[str, Iterable[object]] = {
        "number": NUMBERS,
        "egress": (True, False),
        "allow": (True, False),
        "traffic": (Traffic(UDP), *(Traffic(TCP, (port, port)) for port in range(10, 14))),
        "prefix": [parse_prefix(text) for text in ("::/0", *HALVES)],
    }
    for value in values[field]:
        yield [but(one, field, value)]


FIELDS = ("number", "egress", "allow", "traffic", "prefix", "maybe")


@given(ENTRIES, ENTRY, st.sampled_from(FIELDS), st.sampled_from(NUMBERS), st.booleans())
def test_what_is_not_known_of_an_entry_is_counted_both_ways(
    entries: list[AclEntry], drawn: Drawn, field: str, number: int, default: bool
) -> None:
    """
    Possible is what passes in some completion, sure what passes in every one; where the number is
    not known, perhaps less.
    """
    one = entry(number, *drawn)
    acl = acl_of([*entries, but(one, field, OPEN)], default)
    ways = [entries + some for some in completions(one, field)]
    passed = [[passes(way, packet, default) for way in ways] for packet in PACKETS]
    found = decided(acl)
    assert [possible for _, possible in found] == [any(some) for some in passed]
    for (sure, _), some in zip(found, passed, strict=True):
        assert sure == all(some) or (field == "number" and not sure)


@given(ENTRIES)
def test_where_more_entries_may_be_nothing_is_sure(entries: list[AclEntry]) -> None:
    acl = acl_of(entries)
    acl.rest = OPEN
    assert decided(acl) == [(False, True)] * len(PACKETS)


@given(ENTRIES, st.sampled_from([99, 100, 200]))
def test_the_default_acl_allows_what_no_entry_before_its_own_denies(
    entries: list[AclEntry], last: int
) -> None:
    """Its own entry has the number 100: what comes after it never counts."""
    denies = entry(last, False, False, Traffic(None), 0)
    expected = [passes([*entries, denies], packet, default=True) for packet in PACKETS]
    found = decided(acl_of([*entries, denies], allows_all=True))
    assert found == [(one, one) for one in expected]


@given(ENTRIES, st.integers(10, 13), st.integers(10, 13))
def test_only_the_ports_that_are_asked_for_are_judged(
    entries: list[AclEntry], one: int, other: int
) -> None:
    asked = Region.of([((one, one),), ((other, other),)])
    expected = [
        packet[1] in (one, other) and passes(entries, packet) for packet in PACKETS
    ]  # fmt: skip
    assert decided(acl_of(entries), asked) == [(each, each) for each in expected]


def test_what_several_entries_may_deny_is_sure_to_pass_nowhere() -> None:
    """Nor does one of them hide what is not known of the other."""
    low, high = Unknown("the first"), Unknown("the second")
    acl = acl_of(
        [
            but(entry(10, False, False, Traffic(TCP, (10, 11)), 0), "maybe", low),
            but(entry(20, False, False, Traffic(TCP, (12, 13)), 0), "maybe", high),
            entry(30, False, True, Traffic(None), 0),
        ]
    )
    assert decided(acl) == [(False, True)] * len(PACKETS)
    assert decide(acl, False, "ipv4", ASKED, everything("ipv4").region).unknowns == (low, high)


def test_what_has_no_number_yet_may_come_before_the_entry_of_the_default_acl() -> None:
    deny = but(entry(0, False, False, Traffic(None), 0), "number", OPEN)
    assert decided(acl_of([deny], allows_all=True)) == [(False, True)] * len(PACKETS)


def test_the_default_acl_of_a_vpc_that_others_made_is_taken_as_aws_makes_it() -> None:
    """Where nobody here says anything about it."""
    acl = acl_of([], allows_all=True)
    acl.rest = OPEN
    assert decided(acl) == [(True, True)] * len(PACKETS)


# ---- what is blamed ---------------------------------------------------------------------------

ALL = Traffic(None)
IN, HTTPS, DNS = Traffic(TCP, (22, 22)), Traffic(TCP, (443, 443)), Traffic(UDP, (53, 53))
REPLIES = Traffic(TCP, (1024, 65535))
ANSWER, ECHO = Traffic(ICMP, icmp(0, 0)), Traffic(ICMP, icmp(8, 0))
ANYONE, OFFICE, INSIDE = "0.0.0.0/0", "198.51.100.0/24", "10.0.0.0/8"


def line(
    number: int,
    action: str,
    traffic: Traffic | Unknown,
    block: str | Unknown = ANYONE,
    egress: bool = False,
    inline: bool = False,
) -> AclEntry:
    """An entry of an ACL that is written in the line of its number."""
    return AclEntry(
        address="acl" if inline else f"entry {number}", label=str(number), number=number,
        egress=egress, allow=action == "allow", traffic=traffic, span=Span("main.tf", number),
        prefix=block if isinstance(block, Unknown) else parse_prefix(block),
    )  # fmt: skip


def asked(
    *entries: AclEntry,
    service: Service = SSH,
    out: bool = False,
    clients: Region = INTERNET["ipv4"],
) -> Step:
    """The hop of a request in, or of its reply out."""
    acl = acl_of(list(entries))
    acl.span = Span("main.tf", 1)
    direction: Direction = "reply" if out else "request"
    return acl_step(acl, direction, out, "ipv4", service, clients, False, acl)


@pytest.mark.parametrize(
    ("entries", "service", "out", "reason", "blamed", "beside"),
    [
        ((), SSH, False, Reason.ACL_EMPTY, "acl:1", []),
        ((line(10, "deny", ALL),), SSH, False, Reason.ACL_REQUEST, "entry 10:10", []),
        ((line(10, "deny", ALL, inline=True),), SSH, False, Reason.ACL_REQUEST, "acl:10", []),
        # one that comes later would allow it, or something else
        ((line(10, "deny", ALL), line(20, "allow", IN)),
         SSH, False, Reason.ACL_ORDER, "entry 10:10", [20]),
        ((line(10, "deny", ALL), line(20, "allow", HTTPS), line(30, "allow", IN)),
         SSH, False, Reason.ACL_ORDER, "entry 10:10", [30]),
        ((line(10, "deny", ALL), line(20, "allow", HTTPS), line(30, "allow", IN, INSIDE)),
         SSH, False, Reason.ACL_REQUEST, "entry 10:10", []),
        ((line(10, "deny", ALL, "0.0.0.0/1"), line(20, "deny", ALL, "128.0.0.0/1"),
          line(30, "allow", ALL)), SSH, False, Reason.ACL_ORDER, "entry 10:10", [30]),
        ((line(10, "deny", ALL, "0.0.0.0/1"), line(20, "allow", ALL, INSIDE)),
         SSH, False, Reason.ACL_REQUEST, "acl:1", [20]),
        # a deny of other clients, of something else or the other way round is not to blame
        ((line(10, "deny", ALL, OFFICE),), SSH, False, Reason.ACL_REQUEST, "acl:1", []),
        ((line(10, "deny", DNS),), SSH, False, Reason.ACL_REQUEST, "acl:1", []),
        ((line(10, "deny", ALL, egress=True),), SSH, False, Reason.ACL_REQUEST, "acl:1", []),
        # replies
        ((line(10, "deny", REPLIES, egress=True),),
         SSH, True, Reason.ACL_REPLY, "entry 10:10", []),
        ((line(10, "deny", IN, egress=True),), SSH, True, Reason.ACL_REPLY, "acl:1", []),
        # ping: the wrong type, of the right side
        ((line(5, "deny", ECHO, OFFICE), line(7, "allow", DNS), line(10, "allow", ANSWER)),
         PING, False, Reason.ACL_ICMP, "entry 10:10", []),
        ((line(10, "allow", ANSWER, egress=True),), PING, False, Reason.ACL_REQUEST, "acl:1", []),
        ((line(10, "allow", OPEN, INSIDE), line(20, "allow", ALL, INSIDE)),
         PING, False, Reason.ACL_REQUEST, "acl:1", [20]),
        ((line(10, "allow", ANSWER),), SSH, False, Reason.ACL_REQUEST, "acl:1", [10]),
    ],
)  # fmt: skip
def test_the_entry_that_denies_is_blamed_and_else_the_acl(
    entries: tuple[AclEntry, ...],
    service: Service,
    out: bool,
    reason: Reason,
    blamed: str,
    beside: list[int],
) -> None:
    """So it is for an entry inside of it; `beside` are the lines of what is shown with it."""
    blocker = asked(*entries, service=service, out=out).blocker
    assert blocker is not None
    assert blocker.reason is reason
    assert f"{blocker.node.address}:{blocker.at.span.line}" == blamed
    assert isinstance(blocker.node, Acl) == blamed.startswith("acl")
    assert [label.span.line for label in blocker.near] == beside


def test_whom_the_first_of_two_entries_stops_is_said() -> None:
    """Where each denies a part of the clients, and one that comes later would let them in."""
    others = "203.0.113.0/24"
    blocker = asked(
        line(10, "deny", ALL, OFFICE), line(20, "deny", ALL, others), line(30, "allow", ALL),
        clients=addresses((parse_prefix(OFFICE), parse_prefix(others)), "ipv4"),
    ).blocker  # fmt: skip
    assert blocker is not None
    assert blocker.at.text == "entry 10 denies tcp 22 from 198.51.100.0/24"


@pytest.mark.parametrize(
    ("entries", "number"),
    [
        ((line(10, "deny", ALL, OFFICE), line(20, "deny", ALL, INSIDE)), 20),
        ((line(10, "deny", DNS), line(20, "deny", IN), line(30, "deny", ALL)), 20),
        ((line(10, "allow", IN, OFFICE), line(20, "deny", ALL, INSIDE)), 20),
    ],
    ids=["of others", "of something else", "allowed to others"],
)
def test_what_denies_nothing_that_is_asked_is_not_to_blame(
    entries: tuple[AclEntry, ...], number: int
) -> None:
    found = asked(*entries, line(40, "allow", ALL), clients=parse_prefix("10.0.1.0/24").region)
    assert found.blocker is not None
    assert found.blocker.at.text == f"entry {number} denies tcp 22 from 10.0.1.0/24"


def test_an_entry_that_allows_replies_to_other_ports_is_not_to_blame() -> None:
    acl = acl_of([
        line(10, "allow", Traffic(TCP, (1024, 20000)), egress=True),
        line(20, "deny", REPLIES, egress=True),
    ])  # fmt: skip
    acl.span = Span("main.tf", 1)
    linux = Region((((32768, 60999),),))
    step = acl_step(acl, "reply", True, "ipv4", SSH, INTERNET["ipv4"], False, acl, linux)
    assert step.blocker is not None and step.verdict == "block"
    assert step.blocker.at.span.line == 20


def test_where_no_entry_allows_it_three_are_shown_that_allow_something_else() -> None:
    """First of all what is for others, and nothing of what nobody knows."""
    blocker = asked(
        line(10, "allow", OPEN, INSIDE),
        line(11, "allow", DNS, OPEN),
        line(12, "deny", DNS),
        line(13, "allow", IN, egress=True),
        line(20, "allow", HTTPS),
        line(21, "allow", IN, "::/0"),
        line(22, "allow", IN, INSIDE),
        line(23, "allow", DNS),
    ).blocker
    assert blocker is not None
    assert blocker.at.text == "no inbound entry allows tcp 22 for the internet"
    assert [label.text for label in blocker.near] == [
        "allows tcp 22 for 10.0.0.0/8 only",
        "allows only tcp 443 inbound",
        "allows only tcp 22 of ipv6 inbound",
    ]


@pytest.mark.parametrize(
    ("entries", "out", "message"),
    [
        ([line(10, "allow", IN)], False, "acl allows tcp 22 inbound"),
        ([line(10, "allow", IN, OPEN)], False, "acl may allow tcp 22 inbound"),
        ([line(10, "allow", HTTPS)], False, "acl denies tcp 22 inbound"),
        ([line(10, "allow", ALL, egress=True)], True,
         "acl allows the reply (tcp 1024-65535) outbound"),
        ([line(10, "allow", IN)], True, "acl denies the reply (tcp 1024-65535) outbound"),
    ],
)  # fmt: skip
def test_a_hop_says_what_is_allowed_and_which_way(
    entries: list[AclEntry], out: bool, message: str
) -> None:
    assert asked(*entries, out=out).message == message


def test_that_it_is_the_reply_is_said_where_nothing_allows_it() -> None:
    blocker = asked(line(10, "allow", IN), out=True).blocker
    assert blocker is not None
    assert blocker.at.text == "no outbound entry allows tcp 1024-65535 (the reply)"


# ---- packets that are too big -----------------------------------------------------------------

TOO_BIG, TOO_BIG_6 = Traffic(ICMP, icmp(3, 4)), Traffic(ICMPV6, icmp(2, 0))
DESKTOP = RDP.request("ipv4")


@pytest.mark.parametrize(
    ("entries", "loses"),
    [
        ([line(10, "allow", IN)], True),
        ([line(10, "allow", DESKTOP)], True),
        ([line(10, "allow", HTTPS)], False),
        ([line(10, "allow", IN, egress=True)], False),
        ([line(10, "allow", IN), line(20, "allow", TOO_BIG)], False),
        ([line(10, "allow", IN), line(20, "allow", TOO_BIG_6)], True),
        ([line(10, "allow", IN), line(20, "allow", TOO_BIG, OPEN)], False),
        ([line(10, "allow", IN), line(20, "allow", TOO_BIG, egress=True)], True),
    ],
)
def test_who_logs_in_has_to_hear_that_a_packet_was_too_big(
    entries: list[AclEntry], loses: bool
) -> None:
    assert loses_too_big(acl_of(entries), "ipv4") == loses


def test_over_ipv6_that_is_a_message_of_its_own() -> None:
    ssh, anyone = line(10, "allow", IN, "::/0"), "::/0"
    assert loses_too_big(acl_of([ssh, line(20, "allow", TOO_BIG, anyone)]), "ipv6")
    assert not loses_too_big(acl_of([ssh, line(20, "allow", TOO_BIG_6, anyone)]), "ipv6")


# ---- client ports that replies do not reach --------------------------------------------------


def replies(*ranges: tuple[int, int], asked: int = 22, until: int = 22) -> Acl:
    """An ACL that lets requests in and replies out to these ports."""
    out = [
        entry(number, True, True, Traffic(TCP, ports), 0)
        for number, ports in enumerate(ranges, 1)
    ]  # fmt: skip
    acl = acl_of([entry(90, False, True, Traffic(TCP, (asked, until)), 0), *out])
    acl.span = Span("main.tf", 1)
    return acl


@pytest.mark.parametrize(
    ("ranges", "gaps"),
    [
        ([(1024, 65535)], []),
        ([(32768, 65535)], []),
        ([(1024, 32767), (33768, 65535)], [(32768, 33767)]),
        ([(1024, 32767), (33767, 65535)], []),
        ([(1024, 49151)], [(49152, 65535)]),
        ([(49152, 65535)], [(32768, 49151)]),
        ([(1024, 40000), (45000, 60000)], [(40001, 44999), (60001, 65535)]),
        ([(1024, 32767)], [(32768, 65535)]),
    ],
)
def test_a_thousand_ports_of_usual_clients_are_a_gap(
    ranges: list[tuple[int, int]], gaps: list[tuple[int, int]]
) -> None:
    """Linux takes 32768 to 60999, Windows and macOS take 49152 to 65535."""
    assert reply_gaps(replies(*ranges), "ipv4") == gaps


def test_where_no_reply_or_no_request_passes_there_is_no_gap() -> None:
    """That is an ACL that blocks, and other checks speak of it."""
    assert reply_gaps(replies(), "ipv4") == []
    assert reply_gaps(replies((1024, 40000), asked=443, until=443), "ipv4") == []


def test_a_gap_of_both_services_is_named_once() -> None:
    """Of Remote Desktop alone too."""
    for first in (22, 3389):
        acl = replies((1024, 40000), asked=first, until=3389)
        assert reply_gaps(acl, "ipv4") == [(40001, 65535)]


def test_who_sends_no_request_gets_no_reply() -> None:
    """A gap is one of the clients that are let in."""
    some, ssh = Traffic(TCP, (1024, 40000)), Traffic(TCP, (22, 22))
    out = [entry(10, True, True, some, 0), entry(20, True, True, Traffic(TCP), 2)]
    assert reply_gaps(acl_of([entry(10, False, True, ssh, 2), *out]), "ipv4") == []
    assert reply_gaps(acl_of([entry(10, False, True, ssh, 0), *out]), "ipv4") != []


def test_every_packet_is_in_the_half_its_address_says() -> None:
    """The packets that are counted are those that are asked about."""
    space = set(product((0, 1 << 31), range(10, 14)))
    assert set(PACKETS) == space
