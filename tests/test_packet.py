"""
The arithmetic of packets against counting: regions, prefixes, traffic, longest prefix match.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iaclint.network import Node
from iaclint.packet.prefix import (
    BITS,
    INTERNET,
    PRIVATE,
    Family,
    NotAPrefix,
    Prefix,
    addresses,
    blocks,
    everything,
    parse_prefix,
    show,
)
from iaclint.packet.region import Box, Region
from iaclint.packet.service import (
    EPHEMERAL,
    ICMP,
    PING,
    RDP,
    SSH,
    TCP,
    UDP,
    Traffic,
    icmp,
    parse_service,
)
from iaclint.packet.side import Side
from iaclint.trace.lookup import Row, match
from iaclint.value import Unknown

SIZE = 8
EDGE = st.integers(0, SIZE - 1)
INTERVAL = st.tuples(EDGE, EDGE).map(lambda pair: (min(pair), max(pair)))
BOX = st.tuples(INTERVAL, INTERVAL)
BOXES = st.lists(BOX, max_size=5)
Points = frozenset[tuple[int, int]]


def points(boxes: list[Box]) -> Points:
    """All points of boxes, counted."""
    return frozenset(
        (x, y)
        for (low, high), (bottom, top) in boxes
        for x in range(low, high + 1)
        for y in range(bottom, top + 1)
    )


def inside(region: Region) -> Points:
    """All points a region says it has."""
    return frozenset((x, y) for x in range(SIZE) for y in range(SIZE) if (x, y) in region)


@given(BOXES)
def test_a_region_holds_what_its_boxes_hold(boxes: list[Box]) -> None:
    assert inside(Region.of(boxes)) == points(boxes)


@given(BOXES)
def test_its_boxes_are_disjoint(boxes: list[Box]) -> None:
    region = Region.of(boxes)
    assert sum(len(points([box])) for box in region) == region.size == len(points(boxes))


@given(BOXES, BOXES)
def test_union_meet_and_rest_are_those_of_sets(one: list[Box], other: list[Box]) -> None:
    left, right = Region.of(one), Region.of(other)
    assert inside(left | right) == points(one) | points(other)
    assert inside(left & right) == points(one) & points(other)
    assert inside(left - right) == points(one) - points(other)
    assert (left <= right) == (points(one) <= points(other))
    assert bool(left) == bool(points(one))


@given(BOXES)
def test_an_axis_is_the_shadow(boxes: list[Box]) -> None:
    shadow = {x for x, _ in points(boxes)}
    assert {x for x in range(SIZE) if (x,) in Region.of(boxes).axis(0)} == shadow


PREFIX = st.builds(
    lambda first, length: Prefix("ipv4", first >> (32 - length) << (32 - length), length),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@given(PREFIX, PREFIX)
def test_prefixes_are_nested_or_apart(one: Prefix, other: Prefix) -> None:
    assert (one in other) == (one.region <= other.region)
    assert bool(one.region & other.region) == (one in other or other in one)


@given(st.lists(PREFIX, max_size=4))
def test_blocks_make_up_the_same_addresses_again(prefixes: list[Prefix]) -> None:
    region = addresses(prefixes, "ipv4")
    found = blocks(region, "ipv4")
    again = addresses(found, "ipv4")
    assert region <= again <= region
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("10.0.0.0", "10.0.0.7", "10.0.0.0/29"),
        ("10.0.0.1", "10.0.0.6", "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32"),
        ("0.0.0.0", "0.0.0.4", "0.0.0.0/30 0.0.0.4/32"),
        ("255.255.255.254", "255.255.255.255", "255.255.255.254/31"),
        ("2001:db8::1", "2001:db8::3", "2001:db8::1/128 2001:db8::2/127"),
    ],
)
def test_addresses_are_told_in_the_fewest_blocks(first: str, last: str, written: str) -> None:
    one, other = parse_prefix(first), parse_prefix(last)
    found = blocks(Region((((one.first, other.first),),)), one.family)
    assert " ".join(str(block) for block in found) == written


@given(PREFIX)
def test_a_prefix_is_read_as_it_is_written(prefix: Prefix) -> None:
    assert parse_prefix(str(prefix)) == prefix


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("10.0.0.5/16", "10.0.0.0/16"),
        (" 10.0.0.5 ", "10.0.0.5/32"),
        ("2001:db8::5/32", "2001:db8::/32"),
        ("2001:db8::5", "2001:db8::5/128"),
    ],
)
def test_bits_behind_the_mask_are_cleared_as_ec2_does(text: str, block: str) -> None:
    """An address by itself is a block of its own."""
    assert str(parse_prefix(text)) == block


def test_what_is_no_block_is_said_to_be_none() -> None:
    with pytest.raises(NotAPrefix, match="is not a CIDR block"):
        parse_prefix("10.0.0.0/33")


def test_no_block_holds_one_of_the_other_family() -> None:
    """Also where the numbers of its addresses lie inside."""
    assert parse_prefix("10.0.0.0/8") not in everything("ipv6")
    assert parse_prefix("::a00:0/104") not in everything("ipv4")


@given(PREFIX)
def test_a_block_is_the_union_of_its_halves(prefix: Prefix) -> None:
    if prefix.length == BITS["ipv4"]:
        return
    lower = Prefix("ipv4", prefix.first, prefix.length + 1)
    upper = Prefix("ipv4", lower.last + 1, prefix.length + 1)
    both = addresses((lower, upper), "ipv4")
    assert both <= prefix.region <= both


def test_nobody_on_the_internet_has_a_private_address() -> None:
    for family in BITS:
        assert not INTERNET[family] & addresses(PRIVATE, family)
    halves = addresses((parse_prefix("0.0.0.0/1"), parse_prefix("128.0.0.0/1")), "ipv4")
    assert everything("ipv4").region <= halves
    assert show(halves, "ipv4") == "the internet"


# ---- traffic ---------------------------------------------------------------------------------


def test_what_a_rule_covers_is_what_the_truth_table_says() -> None:
    """Three probes against rules as people write them."""
    table = (
        (Traffic(None), "sri"),
        (Traffic(TCP), "sr"),
        (Traffic(TCP, (22, 22)), "s"),
        (Traffic(TCP, (20, 25)), "s"),
        (Traffic(TCP, (0, 1024)), "s"),
        (Traffic(TCP, (3389, 3389)), "r"),
        (Traffic(17, (3389, 3389)), ""),
        (Traffic(TCP, (0, 0)), ""),
        (Traffic(ICMP, icmp(-1, -1)), "i"),
        (Traffic(ICMP, icmp(8, -1)), "i"),
        (Traffic(ICMP, icmp(8, 0)), "i"),
        (Traffic(ICMP, icmp(0, 0)), ""),
        (Traffic(ICMP, icmp(0, -1)), ""),
        (Traffic(ICMP, icmp(8, 8)), ""),
        (Traffic(ICMP, icmp(3, 4)), ""),
        (Traffic(58, icmp(-1, -1)), ""),
    )
    for traffic, letters in table:
        for service, letter in ((SSH, "s"), (RDP, "r"), (PING, "i")):
            asked = service.request("ipv4")
            assert asked.protocol is not None
            assert traffic.covers(asked.protocol, asked.ports) == (letter in letters), traffic


def test_any_port_can_be_asked_about() -> None:
    service = parse_service("tcp/5432")
    assert service.request("ipv4") == Traffic(TCP, (5432, 5432))


@pytest.mark.parametrize("family", BITS)
def test_replies_of_udp_go_to_a_port_of_the_client_too(family: Family) -> None:
    """What has no ports is asked about as a whole."""
    dns, esp = parse_service("udp/53"), parse_service("ip/50")
    assert dns.request(family) == Traffic(UDP, (53, 53))
    assert dns.reply(family) == Traffic(UDP, EPHEMERAL)
    assert esp.request(family) == esp.reply(family) == Traffic(50)
    assert esp.port == PING.port == 0


@pytest.mark.parametrize("family", BITS)
def test_a_side_that_names_nothing_is_about_everybody(family: Family) -> None:
    assert Side().addresses(family) == everything(family).region


def test_a_side_has_addresses_of_each_family() -> None:
    """A rule that names IPv4 blocks only is about no address of IPv6."""
    side = Side(ipv4=parse_prefix("10.0.0.0/8").region, ipv6=Region())
    assert side.addresses("ipv4") == parse_prefix("10.0.0.0/8").region
    assert not side.addresses("ipv6")


# ---- longest prefix match --------------------------------------------------------------------

SMALL = st.builds(
    lambda first, length: Prefix("ipv4", first >> (32 - length) << (32 - length), length),
    st.integers(0, 15).map(lambda n: n << 28),
    st.integers(0, 4),
)
GOOD = st.sampled_from([True, False, Unknown("?")])


def rows(drawn: list[tuple[Prefix, bool | Unknown, bool]]) -> list[Row[Node]]:
    """Rows of distinct routes."""
    return [
        Row(Node(address=str(n), label=""), to, good, 1, Unknown("maybe") if maybe else None)
        for n, (to, good, maybe) in enumerate(drawn)
    ]


@given(st.lists(st.tuples(SMALL, GOOD, st.booleans()), max_size=4, unique_by=lambda row: row[0]))
def test_a_destination_is_sure_or_possible_if_it_is_in_all_or_some_completions(
    drawn: list[tuple[Prefix, bool | Unknown, bool]],
) -> None:
    """Every completion of the unknowns, walked one by one, for one address of each sixteenth."""
    found = match(rows(drawn), "ipv4", everything("ipv4").region)
    for number in range(16):
        address = number << 28
        outcomes = {_walk(choice, address) for choice in _completions(drawn)}
        assert ((address,) in found.sure) == (outcomes == {True})
        assert ((address,) in found.possible) == (True in outcomes)


def _completions(
    drawn: list[tuple[Prefix, bool | Unknown, bool]],
) -> list[list[tuple[Prefix, bool]]]:
    made: list[list[tuple[Prefix, bool]]] = [[]]
    for to, good, maybe in drawn:
        answers = [True, False] if isinstance(good, Unknown) else [good]
        made = [
            [*before, *extra]
            for before in made
            for extra in [[(to, answer)] for answer in answers] + ([[]] if maybe else [])
        ]
    return made


def _walk(table: list[tuple[Prefix, bool]], address: int) -> bool:
    fitting = [(to.length, good) for to, good in table if to.first <= address <= to.last]
    return max(fitting)[1] if fitting else False
