"""Blocks, clients, ICMP on one scale, and what services ask for: example by example."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from iaclint.packet.prefix import (
    INTERNET,
    Family,
    NotAPrefix,
    addresses,
    blocks,
    everything,
    has_host_bits,
    parse_prefix,
    show,
)
from iaclint.packet.region import Region
from iaclint.packet.service import (
    ICMP,
    ICMPV6,
    PING,
    RDP,
    SSH,
    TCP,
    NotAService,
    Traffic,
    icmp,
    parse_service,
)


def test_intervals_are_sorted_and_neighbours_joined() -> None:
    region = Region.of([((7, 9),), ((1, 2),), ((3, 4),), ((2, 3),)])
    assert region.intervals() == [(1, 4), (7, 9)]
    assert Region.of([((1, 2),), ((4, 5),)]).intervals() == [(1, 2), (4, 5)]
    assert Region.of([((1, 8),), ((2, 3),)]).intervals() == [(1, 8)]
    assert Region.of([((1, 2),), ((5, 6),), ((7, 8),)]).intervals() == [(1, 2), (5, 8)]


@pytest.mark.parametrize("text", ["10.0.0.0/8", "203.0.113.7/32", "0.0.0.0/0", "2001:db8::/33"])
def test_a_block_is_what_the_standard_library_says(text: str) -> None:
    prefix, known = parse_prefix(text), ip_network(text)
    assert (prefix.first, prefix.last) == (
        int(known.network_address),
        int(known.broadcast_address),
    )
    assert str(prefix) == text


def test_host_bits_are_cleared_and_noticed() -> None:
    assert str(parse_prefix("100.68.0.18/18")) == "100.68.0.0/18"
    assert has_host_bits("100.68.0.18/18")
    assert not has_host_bits("100.68.0.0/18")
    assert str(parse_prefix(" 10.0.0.1 ")) == "10.0.0.1/32"


@pytest.mark.parametrize("text", ["", "sg-12", "10.0.0.0/33", "10.0.0", "300.0.0.0/8"])
def test_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(NotAPrefix):
        parse_prefix(text)


def test_a_block_contains_its_parts_and_nothing_else() -> None:
    whole = parse_prefix("10.0.0.0/8")
    for text in ("10.0.0.0/8", "10.0.0.0/9", "10.255.255.255/32"):
        assert parse_prefix(text) in whole
    for text in (
        "11.0.0.0/9",
        "9.255.255.255/32",
        "10.0.0.0/7",
        "0.0.0.0/0",
        "a00::/16",
        "::a00:0/104",
    ):
        assert parse_prefix(text) not in whole


@pytest.mark.parametrize(
    ("block", "length", "number", "part"),
    [
        ("2600:1f14:a:100::/56", 64, 0, "2600:1f14:a:100::/64"),
        ("2600:1f14:a:100::/56", 64, 255, "2600:1f14:a:1ff::/64"),
        ("2600:1f14:a:100::/56", 64, 256, None),
        ("2600:1f14:a:100::/56", 64, -1, None),
        ("2600:1f14:a:100::/56", 56, 0, "2600:1f14:a:100::/56"),
        ("2600:1f14:a:100::/56", 55, 0, None),
        ("2600:1f14:a:100::/56", 128, 1, "2600:1f14:a:100::1/128"),
        ("2600:1f14:a:100::/56", 129, 0, None),
        ("10.0.0.0/16", 32, 3, "10.0.0.3/32"),
        ("10.0.0.0/16", 33, 0, None),
    ],
)
def test_a_part_of_a_block_is_within_it_or_none(
    block: str, length: int, number: int, part: str | None
) -> None:
    found = parse_prefix(block).part(length, number)
    assert (None if found is None else str(found)) == part


def test_a_set_of_addresses_is_the_fewest_blocks() -> None:
    texts = ["10.0.0.0/9", "10.128.0.0/9", "192.0.2.4/32", "192.0.2.5/32", "192.0.2.6/32"]
    region = addresses([parse_prefix(text) for text in (*texts, "2001:db8::/32")], "ipv4")
    assert [str(b) for b in blocks(region, "ipv4")] == [
        "10.0.0.0/8",
        "192.0.2.4/31",
        "192.0.2.6/32",
    ]
    odd = [str(block) for block in blocks(Region((((1, 6),),)), "ipv4")]
    assert odd == ["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/31", "0.0.0.6/32"]
    for family in ("ipv4", "ipv6"):
        assert blocks(everything(family).region, family) == [everything(family)]


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("8.8.8.8/32", True),
        ("203.0.113.0/24", True),
        ("172.15.255.255/32", True),
        ("172.32.0.0/32", True),
        ("100.128.0.0/32", True),
        ("223.255.255.255/32", True),
        ("2001:db8::/32", True),
        ("10.0.0.0/32", False),
        ("172.16.0.0/32", False),
        ("172.31.255.255/32", False),
        ("192.168.255.255/32", False),
        ("100.64.0.0/32", False),
        ("100.127.255.255/32", False),
        ("127.0.0.1/32", False),
        ("169.254.1.1/32", False),
        ("224.0.0.1/32", False),
        ("255.255.255.255/32", False),
        ("0.0.0.1/32", False),
        ("fd00::1/128", False),
        ("fe80::1/128", False),
        ("::1/128", False),
    ],
)
def test_who_can_be_a_client_on_the_internet(text: str, public: bool) -> None:
    prefix = parse_prefix(text)
    assert (prefix.region <= INTERNET[prefix.family]) == public
    assert bool(prefix.region & INTERNET[prefix.family]) == public


def test_a_set_of_addresses_in_words() -> None:
    assert show(everything("ipv4").region, "ipv4") == "the internet"
    assert show(Region(), "ipv4") == "no address"
    some = addresses([parse_prefix(f"{n}.0.0.0/8") for n in (20, 30, 40, 50)], "ipv4")
    assert show(some, "ipv4") == "20.0.0.0/8, 30.0.0.0/8, 40.0.0.0/8 and 1 more"
    assert show(some, "ipv4", 4) == "20.0.0.0/8, 30.0.0.0/8, 40.0.0.0/8 and 50.0.0.0/8"


@pytest.mark.parametrize(
    ("kind", "code", "type_and_code", "matched"),
    [
        (-1, -1, (8, 0), True),
        (8, -1, (8, 0), True),
        (8, -1, (8, 255), True),
        (8, -1, (9, 0), False),
        (8, -1, (7, 255), False),
        (8, 0, (8, 0), True),
        (8, 0, (8, 1), False),
        (8, 8, (8, 0), False),
        (0, 0, (0, 0), True),
        (0, -1, (8, 0), False),
        (255, -1, (255, 255), True),
    ],
)
def test_icmp_type_and_code_on_one_scale(
    kind: int, code: int, type_and_code: tuple[int, int], matched: bool
) -> None:
    assert Traffic(ICMP, icmp(kind, code)).covers(ICMP, icmp(*type_and_code)) == matched


def test_a_rule_covers_what_lies_within_it() -> None:
    assert Traffic(TCP, (20, 25)).covers(TCP, (22, 22))
    assert Traffic(TCP, (22, 22)).covers(TCP, (22, 22))
    assert not Traffic(TCP, (23, 25)).covers(TCP, (22, 22))
    assert not Traffic(TCP, (20, 21)).covers(TCP, (22, 22))
    assert not Traffic(TCP, (22, 25)).covers(TCP, (20, 25))
    assert not Traffic(TCP, (20, 25)).covers(TCP, (22, 30))
    assert not Traffic(17, (0, 65535)).covers(TCP, (22, 22))
    assert Traffic(None).covers(TCP, (22, 22))
    assert Traffic(None).meets(47)
    assert not Traffic(TCP).meets(ICMP)


PACKETS: list[tuple[str, Family, Traffic, Traffic]] = [
    ("ssh", "ipv4", Traffic(TCP, (22, 22)), Traffic(TCP, (1024, 65535))),
    ("rdp", "ipv6", Traffic(TCP, (3389, 3389)), Traffic(TCP, (1024, 65535))),
    ("icmp", "ipv4", Traffic(ICMP, icmp(8, 0)), Traffic(ICMP, icmp(0, 0))),
    ("icmp", "ipv6", Traffic(ICMPV6, icmp(128, 0)), Traffic(ICMPV6, icmp(129, 0))),
    ("winrm", "ipv4", Traffic(TCP, (5985, 5985)), Traffic(TCP, (1024, 65535))),
    ("udp/53", "ipv4", Traffic(17, (53, 53)), Traffic(17, (1024, 65535))),
    ("ip/50", "ipv4", Traffic(50), Traffic(50)),
    ("ip/255", "ipv6", Traffic(255), Traffic(255)),
]


@pytest.mark.parametrize(("key", "family", "request_", "reply"), PACKETS)
def test_what_a_service_sends_and_gets(
    key: str, family: Family, request_: Traffic, reply: Traffic
) -> None:
    service = parse_service(key)
    assert service.key == key
    assert (service.request(family), service.reply(family)) == (request_, reply)


def test_services_by_name() -> None:
    assert (parse_service(" SSH "), parse_service("ping"), parse_service("rdp")) == (SSH, PING, RDP)
    assert (PING.is_ping, SSH.is_ping) == (True, False)
    assert parse_service("tcp/1").port == 1
    assert parse_service("tcp/65535").port == 65535
    assert (parse_service("ip/1"), parse_service("ip/58")) == (PING, PING)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "telnet",
        "tcp",
        "tcp/0",
        "tcp/65536",
        "tcp/x",
        "sctp/5",
        "ip/6",
        "ip/17",
        "ip/256",
        "ip/x",
    ],
)
def test_what_is_no_service_is_refused(key: str) -> None:
    with pytest.raises(NotAService):
        parse_service(key)


@pytest.mark.parametrize(
    ("traffic", "words"),
    [
        (Traffic(None), "all traffic"),
        (Traffic(TCP), "all tcp"),
        (Traffic(47, (1, 2)), "all protocol 47"),
        (Traffic(TCP, (22, 22)), "tcp 22"),
        (Traffic(TCP, (22, 23)), "tcp 22-23"),
        (Traffic(ICMP, icmp(8, 0)), "icmp type 8 code 0"),
        (Traffic(ICMP, icmp(8, -1)), "icmp type 8"),
    ],
)
def test_traffic_in_words(traffic: Traffic, words: str) -> None:
    assert str(traffic) == words
