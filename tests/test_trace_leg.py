"""A connection between two interfaces: who they are to each other, and the hops at both ends."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.network import (
    Acl,
    AclEntry,
    Balancer,
    ConnectEndpoint,
    FirewallAction,
    FirewallPolicy,
    FirewallRule,
    Group,
    Instance,
    Interface,
    Maybe,
    Middlebox,
    Network,
    Platform,
    Rule,
    Subnet,
    Verdicts,
)
from iaclint.packet.prefix import Family, everything, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import PING, SSH, TCP, Service, Traffic
from iaclint.packet.side import Side
from iaclint.trace.between import between_ways
from iaclint.trace.inside import Leg, crossing, leg_of, only_family, region_of, vpc_region
from iaclint.trace.model import Step
from iaclint.trace.ways import internet_way, local_steps, vpc_way
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, table, vpc

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


# ---- inside of a VPC: past a firewall to which narrower routes lead ----------------------------

NAT, EVERYTHING = gate("nat", kind="never"), Acl(address="acl", label="acl", vpc=HOME)
EVERYTHING.allows_all = True
THERE, RETURN = "192.168.2.0/24", "192.168.1.0/24"


def firewall(
    *doors: Maybe[Subnet], stateless: FirewallAction = "pass", drops: str = ""
) -> Middlebox:
    """With endpoints in these subnets, and a rule that drops what comes from a block."""
    rules = (
        [FirewallRule(address="rule", label="rule", action="drop", source=Side(ipv4=region(drops)))]
        if drops
        else []
    )
    policy = FirewallPolicy(
        address="policy", label="policy", stateless=tuple(rules), stateful=(),
        otherwise=Verdicts(stateless=stateless),
    )  # fmt: skip
    return Middlebox(
        address="box", label="box", kind="appliance", title="firewall", policy=policy,
        interfaces=tuple(host(f"door {n}", subnet=each) for n, each in enumerate(doors)),
    )  # fmt: skip


def past(box: Middlebox, *ways: str) -> list[Step]:
    """The hops between two subnets, of which routes lead to a firewall."""
    there = table(*((THERE, box) for way in ways if way == "request"), address="front")
    back = table(*((RETURN, box) for way in ways if way == "reply"), address="back")
    front = place("front", prefix=BLOCK, acl=EVERYTHING, table=there)
    far = place("back", prefix=parse_prefix(THERE), acl=EVERYTHING, table=back)
    leg = between(flow(), host("eni", subnet=front), host("db", subnet=far))
    return [step for step in local_steps(leg) if step.node is not EVERYTHING]


INNER = place("inner", acl=EVERYTHING, table=table(address="inner"))
LOST = place("lost", acl=EVERYTHING, table=table((THERE, NAT), address="lost"))
LOST_BACK = place("lost", acl=EVERYTHING, table=table((RETURN, NAT), address="lost"))
BOTH = ("request", "reply")


@pytest.mark.parametrize(
    ("box", "ways", "hops"),
    [
        (firewall(INNER), (), []),
        (firewall(INNER), BOTH, ["request front allow", "request box allow", "reply back allow",
                                 "reply box allow"]),
        (firewall(INNER), ("request",), ["request front allow", "request box allow"]),
        (firewall(INNER), ("reply",), ["reply back allow", "reply box allow"]),
        (firewall(INNER, stateless="inspect"), ("request",),
         ["request front allow", "request box unknown"]),
        (firewall(INNER, stateless="inspect"), ("reply",),
         ["reply back allow", "reply box unknown"]),
        (firewall(INNER, drops="192.168.1.0/24"), BOTH,
         ["request front allow", "request box block", "reply back allow", "reply box allow"]),
        (firewall(INNER, drops="192.168.2.0/24"), BOTH,
         ["request front allow", "request box allow", "reply back allow", "reply box block"]),
        (firewall(INNER, drops="192.168.1.0/25"), ("request",),
         ["request front allow", "request box unknown"]),
        (firewall(LOST), BOTH, ["request front allow", "request box allow", "request lost block",
                                "reply back allow", "reply box allow", "reply lost allow"]),
        (firewall(LOST_BACK), BOTH,
         ["request front allow", "request box allow", "request lost allow", "reply back allow",
          "reply box allow", "reply lost block"]),
        (firewall(LOST, LOST), ("request",),
         ["request front allow", "request box allow", "request lost block"]),
        (firewall(LOST, INNER), ("request",),
         ["request front allow", "request box allow", "request lost unknown"]),
        (firewall(INNER, LOST), ("request",),
         ["request front allow", "request box allow", "request lost unknown"]),
    ],
    ids=["no route leads there", "both ways", "requests", "replies", "requests that it inspects",
         "replies that it inspects", "it drops requests", "it drops replies",
         "it drops those of some hosts", "requests are lost behind it", "replies are",
         "behind each endpoint", "behind one of two", "behind the other"],
)  # fmt: skip
def test_a_firewall_between_two_subnets(
    box: Middlebox, ways: tuple[str, ...], hops: list[str]
) -> None:
    """The table that leads to it, what it does, and the table that leads on."""
    steps = past(box, *ways)
    assert [f"{step.direction} {step.node.address} {step.verdict}" for step in steps] == hops


def test_behind_one_of_two_endpoints_it_is_told_what_is_not_known() -> None:
    """Which endpoint it is, and where the table of that one leads."""
    lost = place("lost", acl=EVERYTHING, table=table((THERE, SOME), address="lost"))
    behind = past(firewall(lost, INNER), "request")[-1]
    which = "which endpoint of box each route names is not known"
    assert [each.reason for each in behind.unknowns] == ["some", which]


# ---- inside of a VPC: by an Instance Connect Endpoint -------------------------------------------


def lets(*blocks: str | Unknown) -> Group:
    prefixes = tuple(b if isinstance(b, Unknown) else parse_prefix(b) for b in blocks)
    rule = Rule(address="rule", label="rule", traffic=Traffic(TCP, (22, 22)), prefixes=prefixes)
    return Group(address="group", label="group", span=line(40), vpc=None, ingress=[rule])


def lets_out() -> Group:
    rule = Rule(address="rule", label="rule", traffic=Traffic(None), prefixes=(everything("ipv4"),))
    return Group(address="out", label="out", span=line(41), vpc=None, egress=[rule])


OWN_HALF, USER = "192.168.1.0/25", "198.51.100.0/24"


@pytest.mark.parametrize(
    ("blocks", "shown", "hidden", "either"),
    [
        ([RETURN], "blocked", "reachable", "undecided"),
        ([USER], "reachable", "blocked", "undecided"),
        ([RETURN, USER], "reachable", "reachable", "reachable"),
        ([], "blocked", "blocked", "blocked"),
        ([RETURN, OTHER], "undecided", "reachable", "undecided"),
        ([USER, OWN_HALF], "reachable", "undecided", "undecided"),
        ([OWN_HALF], "blocked", "undecided", "undecided"),
    ],
    ids=["the endpoint", "its users", "both", "nobody", "perhaps its users",
         "perhaps the endpoint", "perhaps the endpoint, no user"],
)  # fmt: skip
def test_an_instance_connect_endpoint_shows_itself_or_its_users(
    blocks: list[str | Unknown], shown: str, hidden: str, either: str
) -> None:
    """Or it is not known which."""
    eni = host("eni", subnet=place("front", prefix=BLOCK, acl=EVERYTHING, table=table()))
    back = place("back", prefix=parse_prefix(THERE), acl=EVERYTHING, table=table())
    target = host("db", subnet=back, groups=(lets(*blocks),))
    instance = Instance(address="db", label="db", placements=())
    for preserves, expected in ((True, shown), (False, hidden), (SOME, either)):
        node = ConnectEndpoint(address="eice", label="", interface=eni, preserves=preserves)
        client = Client("eice", interface=eni, node=node)
        (way,) = vpc_way(Network(), Flow(client, instance, SSH, "ipv4"), target)
        assert way.verdict == expected
        unknown = [each for step in way.steps for each in step.unknowns if each is SOME]
        blocked = preserves is SOME and "blocked" in (shown, hidden) and shown != hidden
        assert len(unknown) == (1 if blocked else 0)


def test_two_hosts_of_which_neither_vpc_is_known_are_in_no_vpc_together() -> None:
    """Though the same value decides it, whatever it is: there is nothing to be asked."""
    instance = Instance(address="db", label="db", placements=())
    asked = Flow(Client("web", interface=host("eni")), instance, SSH, "ipv4")
    assert list(vpc_way(Network(), asked, host("db"))) == []


@pytest.mark.parametrize(("has", "verdict"), [(False, "blocked"), (True, "reachable")])
def test_over_ipv6_a_host_needs_an_address_of_it(has: bool, verdict: str) -> None:
    here, there = (place(n, ipv6=SIX, acl=EVERYTHING, table=table()) for n in ("front", "back"))
    source = host("eni", subnet=here, ipv6=True)
    asked = replace(flow(family="ipv6"), client=Client("web", interface=source))
    (way,) = vpc_way(Network(), asked, host("db", subnet=there, ipv6=has))
    assert way.verdict == verdict


def test_who_asks_for_a_load_balancer_does_not_come_by_another_way() -> None:
    instance = Instance(address="db", label="db", placements=())
    balancer = Balancer(address="lb", label="lb", kind="network", internal=False)
    subnet = place("front", acl=EVERYTHING, table=table())
    for through, expected in ((None, 1), (balancer, 0)):
        outside = Flow(INTERNET_CLIENT, instance, SSH, "ipv4", through=through)
        assert len(list(internet_way(Network(), outside, host(subnet=subnet)))) == expected
        near = Flow(Client("web", interface=host("eni", subnet=subnet)), instance, SSH, "ipv4",
                    through=through)  # fmt: skip
        assert len(list(vpc_way(Network(), near, host(subnet=subnet)))) == expected
        far = host(subnet=place("far", vpc=AWAY))
        assert len(list(between_ways(Network(vpcs=[HOME, AWAY]), near, far))) == expected


# ---- between VPCs of which one is not known ----------------------------------------------------

AWAY = vpc("away", "10.0.0.0/16")
OUT, IN, SHUT = lets_out(), lets(RETURN), lets()


@pytest.mark.parametrize(
    ("groups", "named", "hops", "verdict"),
    [
        (((), ()), True, [], "undecided"),
        (((OUT,), (IN,)), True, ["out allow", "group unknown"], "undecided"),
        (((SHUT,), (IN,)), True, ["group block", "group unknown"], "blocked"),
        (((OUT,), (SHUT,)), True, ["out allow", "group block"], "blocked"),
        (((), (SHUT,)), True, ["group block"], "blocked"),
        (((SHUT,), ()), True, ["group block"], "blocked"),
        (((SHUT,), (SHUT,)), False, [], "undecided"),
    ],
    ids=["without groups", "they may let it through", "the one lets nothing out",
         "the other lets nobody in", "and only that one filters", "and only the first",
         "what is no host"],
)  # fmt: skip
@pytest.mark.parametrize("lost", ["source", "target"])
def test_what_the_groups_of_two_hosts_say_counts_whichever_vpc_they_are_in(
    groups: tuple[tuple[Group, ...], ...], named: bool, hops: list[str], verdict: str, lost: str
) -> None:
    known = place("front", acl=EVERYTHING, table=table())
    here, there = groups
    source = host("eni", subnet=SOME if lost == "source" else known, groups=here)
    target = host("db", subnet=SOME if lost == "target" else known, groups=there)
    client = Client("web", instance=flow().client.instance if named else None, interface=source)
    asked = replace(flow(), client=client)
    (way,) = between_ways(Network(), asked, target)
    found = [f"{step.node.address} {step.verdict}" for step in way.steps]
    assert (found, way.verdict) == (["db unknown", *hops], verdict)
    assert way.steps[0].unknowns == (SOME,)
