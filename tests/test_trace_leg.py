"""A connection between two interfaces: who they are to each other, and the hops at both ends."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from iaclint.flow import Client, Flow
from iaclint.network import Acl, AclEntry, Group, Instance, Interface, Maybe, Platform, Subnet
from iaclint.packet.prefix import Family, everything, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import PING, SSH, TCP, Service, Traffic
from iaclint.trace.inside import Leg, crossing, leg_of, only_family, region_of, vpc_region
from iaclint.trace.model import Step
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, host, line, place, region, vpc

BLOCK, SIX = parse_prefix("192.168.1.0/24"), parse_prefix("2600:1f14:0:1::/64")
ANY_IPV4, ANY_IPV6 = everything("ipv4").region, everything("ipv6").region


def same(one: Region, other: Region) -> bool:
    return one <= other and other <= one


# ---- the addresses of an end -------------------------------------------------------------------

FULL = place(prefix=BLOCK, ipv6=SIX)
NEXT = place(prefix=parse_prefix("192.168.0.0/24"), ipv6=SIX)
ADDRESS, SIXTH = parse_prefix("192.168.1.9/32"), parse_prefix("2600:1f14:0:1::9/128")


@pytest.mark.parametrize(
    ("one", "ipv4", "ipv6"),
    [
        (host(subnet=FULL, private=(ADDRESS,), ipv6_addresses=(SIXTH,)), ADDRESS.region,
         SIXTH.region),
        (host(subnet=FULL, private=(SOME,), ipv6_addresses=(SOME,)), BLOCK.region, SIX.region),
        (host(subnet=FULL, private=(SIXTH,)), BLOCK.region, SIX.region),
        (host(subnet=FULL), BLOCK.region, SIX.region),
        (host(subnet=place(prefix=SOME, ipv6=SOME)), region("192.168.0.0/16"),
         region("2600:1f14::/56")),
        (host(subnet=place(prefix=SOME, vpc=vpc("old", "10.0.0.0/8"))), region("10.0.0.0/8"),
         ANY_IPV6),
        (host(subnet=place(prefix=SOME, vpc=vpc("new", prefixes=(SOME,)))), ANY_IPV4, ANY_IPV6),
        (host(subnet=place(prefix=SOME, vpc=SOME)), ANY_IPV4, ANY_IPV6),
        (host(subnet=SOME), ANY_IPV4, ANY_IPV6),
        (host(subnet=place(among=(FULL, NEXT))), region("192.168.0.0/23"), SIX.region),
        (host(subnet=place(among=(FULL, place(prefix=SOME)))), region("192.168.0.0/16"),
         region("2600:1f14::/56")),
    ],
    ids=["its own", "those are not known", "one of the other family", "of its subnet", "of its VPC",
         "which has none of IPv6", "or of which nothing is known", "nor which VPC it is",
         "nor which subnet",
         "of one of two subnets", "or of their VPC where one is not known"],
)  # fmt: skip
def test_an_interface_has_an_address_of_the_narrowest_block_that_is_known(
    one: Interface, ipv4: Region, ipv6: Region
) -> None:
    assert same(region_of(one, "ipv4"), ipv4)
    assert same(region_of(one, "ipv6"), ipv6)


def test_all_blocks_of_a_vpc_are_its_addresses() -> None:
    two = vpc("two", "10.0.0.0/16", "10.1.0.0/16", "2600:1f14::/56")
    assert same(vpc_region(host(subnet=place(vpc=two)), "ipv4"), region("10.0.0.0/15"))
    assert same(vpc_region(host(subnet=place(vpc=two)), "ipv6"), region("2600:1f14::/56"))


@pytest.mark.parametrize(
    ("ends", "family"),
    [
        ([place(), place()], "ipv4"),
        ([place(only_ipv6=True), place()], "ipv6"),
        ([place(), place(only_ipv6=True)], "ipv6"),
        ([place(only_ipv6=SOME), SOME], "ipv4"),
    ],
)
def test_one_end_without_ipv4_is_enough_to_talk_in_ipv6(
    ends: list[Maybe[Subnet]], family: Family
) -> None:
    assert only_family(*(host(subnet=each) for each in ends)) == family


# ---- who the ends are to each other ------------------------------------------------------------

FRONT, BACK = place("front", prefix=BLOCK), place("back", prefix=parse_prefix("192.168.2.0/24"))


def flow(
    platform: Platform | None = None,
    service: Service = SSH,
    family: Family = "ipv4",
    named: bool = True,
) -> Flow:
    client = Instance(address="web", label="web", placements=(), platform=platform)
    target = Instance(address="db", label="db", placements=())
    start = Client("web", instance=client if named else None, interface=host("eni"))
    return Flow(start, target, service, family)


def between(asked: Flow, source: Interface | None = None, target: Interface | None = None) -> Leg:
    return leg_of(asked, source or host("eni", subnet=FRONT), target or host("db", subnet=BACK))


def test_each_end_is_one_address_of_its_subnet() -> None:
    leg = between(flow())
    assert (leg.here.one, leg.there.one, leg.crosses) == (True, True, True)
    assert same(leg.here.region, BLOCK.region) and same(leg.there.region, region("192.168.2.0/24"))
    assert (leg.here.owner, leg.there.owner) == ("web", "db")
    assert (leg.here.grouped, leg.there.grouped) == (True, True)
    assert between(flow(named=False)).here.owner == ""
    assert not between(flow(), target=host("db", subnet=FRONT)).crosses


@pytest.mark.parametrize(
    ("family", "public", "inner"),
    [("ipv4", False, True), ("ipv4", True, False), ("ipv4", SOME, False), ("ipv6", False, False)],
)
def test_a_client_surely_comes_with_a_private_address_where_no_public_one_is_to_be_dialled(
    family: Family, public: Maybe[bool], inner: bool
) -> None:
    target = host("db", subnet=BACK)
    target.public.has = public
    leg = between(flow(family=family), target=target)
    assert (leg.here.inner, leg.there.inner) == (inner, False)


@pytest.mark.parametrize(
    ("platform", "service", "ports"),
    [
        ("linux", SSH, (32768, 60999)),
        ("windows", SSH, (49152, 65535)),
        (None, SSH, None),
        ("linux", PING, None),
    ],
)
def test_a_client_connects_from_the_ports_of_its_system(
    platform: Platform | None, service: Service, ports: tuple[int, int] | None
) -> None:
    assert between(flow(platform, service)).ports == (Region(((ports,),)) if ports else None)
    assert between(flow("linux", named=False)).ports is None


# ---- the reply ---------------------------------------------------------------------------------


def entry(
    number: int, egress: bool, first: int, last: int = 65535, maybe: Unknown | None = None
) -> AclEntry:
    return AclEntry(
        address="entry", label="entry", span=line(30), number=number, egress=egress, allow=True,
        traffic=Traffic(TCP, (first, last)), prefix=everything("ipv4"), maybe=maybe,
    )  # fmt: skip


def acl(*entries: AclEntry) -> Acl:
    return Acl(address="acl", label="acl", span=line(31), vpc=HOME, entries=[*entries])


def answered(
    source: Maybe[Acl], target: Maybe[Acl], platform: Platform | None = None, crosses: bool = True
) -> tuple[list[Step], list[Step]]:
    """The hops of the reply: out of the target, and back into the client."""
    front, back = place("front", prefix=BLOCK, acl=source), place("back", prefix=BLOCK, acl=target)
    there = back if crosses else front
    leg = between(flow(platform), host("eni", subnet=front), host("db", subnet=there))
    return list(leg.answering()), list(leg.returning())


LINUX = acl(entry(1, True, 32768, 60999), entry(2, False, 32768, 60999))
HIGH = entry(1, True, 49152)
PERHAPS = entry(2, True, 1024, maybe=SOME)


@pytest.mark.parametrize(
    ("source", "target", "out", "back"),
    [
        (acl(entry(1, False, 1024)), acl(entry(1, True, 1024)), "allow", "allow"),
        (acl(entry(1, True, 1024)), acl(entry(1, False, 1024)), "block", "block"),
        (acl(entry(1, False, 1024, 49151)), acl(HIGH), "allow", "block"),
        (acl(entry(1, False, 49152)), acl(HIGH, PERHAPS), "allow", "allow"),
        (acl(entry(1, False, 1024, 49151)), acl(HIGH, PERHAPS), "allow", "unknown"),
        (acl(entry(1, False, 1024)), acl(PERHAPS), "unknown", "unknown"),
        (acl(entry(1, False, 1024)), acl(), "block", "allow"),
        (acl(), SOME, "unknown", "block"),
        (acl(entry(1, False, 1024)), SOME, "unknown", "allow"),
        (SOME, acl(HIGH), "allow", "unknown"),
    ],
    ids=["both let all ports through", "each lets requests through", "one lets through what the "
         "other does not", "both let some through", "the other perhaps", "perhaps none",
         "none leaves", "none comes back, wherever it comes from", "all do",
         "what comes back is not known"],
)  # fmt: skip
def test_a_reply_goes_to_a_port_that_both_acls_let_through(
    source: Maybe[Acl], target: Maybe[Acl], out: str, back: str
) -> None:
    away, home = answered(source, target)
    assert [step.verdict for step in (*away, *home)] == [out, back]
    assert {step.direction for step in (*away, *home)} == {"reply"}


def test_the_ports_of_a_system_are_enough_for_it() -> None:
    """Where the client is Windows, some of its ports are not among those of Linux."""
    away, home = answered(LINUX, LINUX, "linux")
    assert [step.verdict for step in (*away, *home)] == ["allow", "allow"]
    early = acl(entry(1, True, 1024, 32767), entry(2, False, 1024, 32767))
    away, home = answered(early, early, "linux")
    assert [step.verdict for step in (*away, *home)] == ["block", "block"]


def test_what_is_not_known_about_the_ports_is_said_at_both_ends() -> None:
    maybe = entry(3, False, 1024, maybe=OTHER)
    (back,) = answered(acl(maybe), acl(HIGH, PERHAPS))[1]
    assert set(back.unknowns) == {SOME, OTHER}


def test_within_a_subnet_no_acl_is_asked() -> None:
    assert answered(acl(), acl(), crosses=False) == ([], [])


@pytest.mark.parametrize(
    ("one", "other", "crosses"),
    [
        (FRONT, BACK, True),
        (FRONT, FRONT, False),
        (place(among=(FRONT, BACK)), FRONT, None),
        (SOME, FRONT, None),
        (SOME, OTHER, None),
        (SOME, SOME, False),
    ],
    ids=["another subnet", "the same one", "it may be the same", "it may be any", "both may be",
         "whichever it is"],
)  # fmt: skip
def test_packets_leave_a_subnet_unless_it_is_the_same(
    one: Maybe[Subnet], other: Maybe[Subnet], crosses: bool | None
) -> None:
    """None where it is not known."""
    for first, second in permutations((host(subnet=one), host(subnet=other))):
        found = crossing(first, second)
        assert (None if isinstance(found, Unknown) else found) is crosses


@pytest.mark.parametrize(
    ("acl", "crosses", "verdict", "unknowns"),
    [
        (acl(), True, "block", ()),
        (acl(), SOME, "unknown", (SOME,)),
        (acl(entry(1, True, 22)), SOME, "allow", ()),
        (acl(entry(1, True, 22, maybe=OTHER)), SOME, "unknown", (OTHER,)),
    ],
    ids=["out of it", "perhaps out of it", "whether it is out of it or not", "what is not known"],
)
def test_no_acl_blocks_what_may_stay_in_its_subnet(
    acl: Acl, crosses: Maybe[bool], verdict: str, unknowns: tuple[Unknown, ...]
) -> None:
    start = host("eni", subnet=place("front", acl=acl))
    (step,) = replace(between(flow(), start), crosses=crosses).leaving()
    assert (step.verdict, step.unknowns) == (verdict, unknowns)
    assert (step.blocker is None) is (verdict != "block")


def test_only_groups_that_there_are_filter() -> None:
    """A load balancer without groups, or what is no interface of a host, lets everything pass."""
    group = Group(address="g", label="g", span=line(40), vpc=None)
    bare = between(flow(), host("eni", subnet=FRONT), host("db", subnet=FRONT))
    assert [*bare.leaving(), *bare.entering()] == []
    full = between(
        flow(),
        host("eni", subnet=FRONT, groups=(group,)),
        host("db", subnet=FRONT, groups=(group,)),
    )
    assert [step.verdict for step in (*full.leaving(), *full.entering())] == ["block", "block"]
