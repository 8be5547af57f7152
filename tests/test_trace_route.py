"""The reply to the internet by the table of a subnet: which routes do, and what has to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iaclint.flow import INTERNET_CLIENT, Flow
from iaclint.network import (
    Acl,
    AclEntry,
    Gateway,
    Group,
    Instance,
    Maybe,
    Middlebox,
    Network,
    RouteTable,
    Subnet,
)
from iaclint.packet.prefix import INTERNET, Family, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import SSH, Traffic
from iaclint.trace.model import Reason, Step
from iaclint.trace.route import intended_table, internet_route_step, local_routes, outside
from iaclint.trace.ways import internet_way
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, table, vpc

Route = tuple[str | Unknown, Maybe[Gateway]]
IGW, AWAY = gate("gate", HOME), vpc("away", "10.1.0.0/16")
ELSEWHERE = gate("elsewhere", AWAY)
NAT = gate("nat", kind="never", title="NAT gateway")
LINK = gate("link", HOME, kind="network", title="peering connection")
ROUTER = gate("router", kind="interface", checks=False)
APPLIANCE = gate("appliance", kind="appliance")
BOX = Middlebox(address="box", label="box", kind="appliance", title="firewall", policy=SOME)
EVERYONE, OUT, ANY = INTERNET["ipv4"], ("0.0.0.0/0", IGW), "0.0.0.0/0"
GIVEN: dict[str, Any] = {"association": line(5)}


def step(subnet: Subnet, peers: Region = EVERYONE, family: Family = "ipv4", **more: Any) -> Step:
    """The hop of the reply; further tables and subnets may be there."""
    tables = [subnet.table] if isinstance(subnet.table, RouteTable) else []
    network = Network(**{"gateways": [IGW], "subnets": [subnet], **more})
    network.tables += [each for each in tables if each not in network.tables]
    return internet_route_step(subnet, HOME, family, peers, network)


# ---- which routes do ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "verdict", "unknowns"),
    [
        ([OUT], "allow", []),
        ([], "block", []),
        ([(ANY, ELSEWHERE)], "block", []),
        ([(ANY, gate("perhaps", SOME))], "unknown", ["some"]),
        ([(ANY, SOME)], "unknown", ["some"]),
        ([(ANY, NAT)], "block", []),
        ([(ANY, LINK)], "block", []),
        ([(ANY, BOX)], "allow", []),
        ([(ANY, APPLIANCE)], "unknown", ["appliance decides what passes"]),
        ([(ANY, ROUTER)], "block", []),
        ([(ANY, gate("x", kind="unknown"))], "unknown", ["the gateway is not known"]),
        ([("0.0.0.0/1", IGW)], "allow", []),
        ([OUT, ("52.0.0.0/8", NAT)], "allow", []),
        ([("::/0", IGW)], "block", []),
        ([OUT, (SOME, LINK)], "allow", []),
        ([OUT, (SOME, NAT)], "unknown", ["some"]),
        ([("52.0.0.0/8", IGW), (SOME, LINK)], "unknown", ["some"]),
        ([("52.0.0.0/8", IGW), ("0.0.0.0/1", IGW), ("128.0.0.0/1", IGW), (SOME, LINK)], "allow",
         []),
        ([("0.0.0.0/2", IGW), ("64.0.0.0/3", IGW), (SOME, LINK)], "unknown", ["some"]),
        ([(SOME, LINK)], "block", ["some"]),
    ],
    ids=["to the gateway", "nowhere", "to one of another VPC", "to one that may be",
         "to what is not known", "to a NAT gateway", "to a peer", "to a firewall",
         "to an appliance", "to an instance", "to a gateway of an unknown kind", "half of them",
         "most of them", "IPv6", "a peer whose block is not known is a part of the rest",
         "a NAT gateway is not", "nor is it the rest where that is small",
         "the rest may be in halves", "it is more than a half", "and nothing else"],
)  # fmt: skip
def test_a_table_sends_replies_to_the_internet(
    routes: list[Route], verdict: str, unknowns: list[str]
) -> None:
    found = step(place(table=table(*routes)))
    assert (found.verdict, found.direction, found.one) == (verdict, "reply", False)
    assert [each.reason for each in found.unknowns] == unknowns
    verb = {"allow": "has a route", "unknown": "may have a route", "block": "has no route"}
    assert found.message == f"table {verb[verdict]} to the internet by a gateway"
    assert (found.blocker is None) is (verdict != "block")


def test_an_instance_that_sees_what_comes_in_may_send_the_reply() -> None:
    """A table at the gateway leads there; one at the gateway of another VPC says nothing."""
    subnet = place(table=table((ANY, ROUTER)))
    assert step(subnet, edges={id(IGW): table()}).verdict == "unknown"
    assert step(subnet, edges={id(ELSEWHERE): table()}).verdict == "block"
    assert step(subnet, gateways=[]).verdict == "block"


@pytest.mark.parametrize(
    ("routes", "more", "verdict"),
    [
        ([OUT], {"rest": SOME}, "unknown"),
        ([OUT], {"rest": SOME, "only_more": True}, "allow"),
        ([("52.0.0.0/8", IGW)], {"rest": SOME, "only_more": True}, "unknown"),
        ([], {"rest": SOME, "only_more": True}, "unknown"),
    ],
    ids=["routes may be replaced", "or come to those that are known", "which are few", "or none"],
)
def test_routes_may_not_be_known(routes: list[Route], more: dict[str, Any], verdict: str) -> None:
    found = step(place(table=table(*routes, **more)))
    assert found.verdict == verdict
    assert found.unknowns == ((SOME,) if verdict == "unknown" else ())


@pytest.mark.parametrize(
    ("routes", "verdict", "unknowns"),
    [
        ([OUT], "unknown", ["some vpc"]),
        ([(ANY, gate("loose"))], "block", []),
        ([(ANY, ROUTER)], "unknown", ["router decides what passes"]),
        ([(ANY, NAT)], "block", []),
        ([], "block", []),
    ],
    ids=["a gateway of some VPC", "one that is attached to none", "an instance", "a NAT gateway",
         "nothing"],
)  # fmt: skip
def test_a_table_counts_where_the_vpc_is_not_known(
    routes: list[Route], verdict: str, unknowns: list[str]
) -> None:
    subnet, lost = place(table=table(*routes)), Unknown("some vpc")
    found = internet_route_step(subnet, lost, "ipv4", EVERYONE, Network())
    assert (found.verdict, [each.reason for each in found.unknowns]) == (verdict, unknowns)


OPEN_ACL = Acl(address="acl", label="acl", vpc=HOME, allows_all=True)
LETS_IN = AclEntry(
    address="entry", label="entry", span=line(31), number=1, egress=False, allow=True,
    traffic=Traffic(None), prefix=parse_prefix(ANY),
)  # fmt: skip
ONE_WAY = Acl(address="acl", label="acl", vpc=HOME, span=line(30), entries=[LETS_IN])
HOPS = ["request gate allow", "request host allow", "request acl allow", "request group block",
        "reply acl allow", "reply table allow"]  # fmt: skip


@pytest.mark.parametrize(
    ("subnet", "gateways", "hops"),
    [
        (place(table=table(OUT), acl=OPEN_ACL), [IGW], HOPS),
        (place(table=table(), acl=OPEN_ACL), [IGW], [*HOPS[:5], "reply table block"]),
        (place(table=table(OUT), acl=ONE_WAY), [IGW], [*HOPS[:4], "reply acl block", HOPS[5]]),
        (place(table=table(OUT), acl=OPEN_ACL), [], ["request home block", *HOPS[1:]]),
        (SOME, [IGW], ["request host unknown", "request host allow", "request network ACL unknown",
                       "request group block", "reply network ACL unknown", "reply host unknown"]),
    ],
    ids=["there and back", "no route back", "an ACL that lets nothing out", "no gateway",
         "a subnet that is not known"],
)  # fmt: skip
def test_a_way_from_the_internet_hop_by_hop(
    subnet: Maybe[Subnet], gateways: list[Gateway], hops: list[str]
) -> None:
    group = Group(address="group", label="group", vpc=HOME, span=line(40))
    target = host(subnet=subnet, groups=(group,))
    instance = Instance(address="i", label="i", placements=())
    network = Network(vpcs=[HOME], gateways=gateways)
    (way,) = internet_way(network, Flow(INTERNET_CLIENT, instance, SSH, "ipv4"), target)
    assert (way.kind, way.interface, way.joint) == ("internet", target, True)
    assert [f"{s.direction} {s.node.address} {s.verdict}" for s in way.steps] == hops


def test_for_the_clients_of_one_block_the_route_of_a_peer_may_be_theirs() -> None:
    subnet = place(table=table(OUT, (SOME, LINK)))
    for peers in (region("52.0.0.0/8"), EVERYONE - region("52.0.0.0/8")):
        assert step(subnet, peers).verdict == "unknown"


def test_the_clients_of_a_block_that_leads_elsewhere_get_no_reply() -> None:
    found = step(place(table=table(OUT, ("52.0.0.0/8", LINK))))
    assert found.verdict == "allow" and not found.possible & region("52.0.0.0/8")


def test_a_table_that_is_not_known_is_said() -> None:
    found = step(place())
    assert (found.verdict, found.unknowns, found.direction) == ("unknown", (SOME,), "reply")
    assert not found.one


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("static", "propagated", "allow"),
        ("propagated", "static", "block"),
        ("prefix list", "propagated", "allow"),
        ("propagated", "prefix list", "block"),
        ("static", "prefix list", "allow"),
        ("prefix list", "static", "block"),
        ("local", "static", "allow"),
    ],
)
def test_of_two_routes_for_one_block_the_written_one_wins(
    first: Any, second: Any, verdict: str
) -> None:
    """Then that of a prefix list, then what a VPN announces."""
    both = table((ANY, NAT), OUT)
    both.routes = [replace(both.routes[0], origin=second), replace(both.routes[1], origin=first)]
    assert step(place(table=both)).verdict == verdict


def test_to_the_own_blocks_leads_the_local_route() -> None:
    """Those of its family that are known, unless a route for the same block replaces it."""
    two = vpc("two", prefixes=(*HOME.prefixes, SOME))
    some = region("192.168.0.0/15")
    assert outside(two, "ipv4", some) <= region("192.169.0.0/16")
    assert region("192.169.0.0/16") <= outside(two, "ipv4", some)
    assert [route.label for route in local_routes(table(), two)] == [
        "192.168.0.0/16",
        "2600:1f14::/56",
    ]
    replaced = table(("192.168.0.0/16", BOX), ("2600:1f14::/48", BOX), (SOME, BOX))
    assert [route.label for route in local_routes(replaced, two)] == ["2600:1f14::/56"]
    assert list(local_routes(table(), OTHER)) == []


# ---- what has to change ------------------------------------------------------------------------

MEANT = table(OUT, address="meant", span=line(30))
UNWRITTEN: dict[str, Any] = {"span": None, "main": True}


@pytest.mark.parametrize(
    ("subnet", "tables", "expected", "near", "about"),
    [
        (place(table=table(), **GIVEN), [], (Reason.NO_ROUTE, "table", 20), [], ["subnet"]),
        (place(table=table(), **GIVEN), [MEANT], (Reason.NO_ROUTE, "table", 20), [],
         ["subnet", "meant"]),
        (place(table=table(("::/0", IGW)), **GIVEN), [], (Reason.NO_ROUTE, "table", 20),
         ["covers only ::/0"], ["subnet"]),
        (place(table=table(**UNWRITTEN), **GIVEN), [], (Reason.NO_ROUTE, "table", 4), [],
         ["subnet"]),
        (place(table=table(("::/1", IGW), ("8000::/1", IGW))), [MEANT],
         (Reason.NO_ROUTE, "table", 20), ["covers only ::/1"], ["subnet"]),
        (place(table=table(("52.0.0.0/8", IGW)), **GIVEN), [MEANT],
         (Reason.CANNOT_ROUTE, "table", 21), ["the table of subnet"], ["subnet"]),
        (place(table=table()), [], (Reason.NO_ROUTE, "table", 20), [], ["subnet"]),
        (place(table=table()), [MEANT], (Reason.MAIN_TABLE, "subnet", 4),
         ["has the route to the internet gateway"], ["table", "meant"]),
        (place(table=table(**UNWRITTEN)), [], (Reason.MAIN_TABLE, "subnet", 4), [], ["table"]),
        (place(table=table(**UNWRITTEN)), [MEANT], (Reason.MAIN_TABLE, "subnet", 4),
         ["has the route to the internet gateway"], ["table", "meant"]),
        (place(table=table()), [table(OUT, address="meant", span=None)],
         (Reason.MAIN_TABLE, "subnet", 4), [], ["table"]),
        (place(table=table(("52.0.0.0/8", IGW), **UNWRITTEN)), [],
         (Reason.NO_ROUTE, "to 52.0.0.0/8", 21), [], ["subnet"]),
        (place(table=table((ANY, NAT))), [], (Reason.OUTBOUND_ONLY, "table", 21), [],
         ["nat", "subnet"]),
        (place(table=table((ANY, NAT))), [MEANT], (Reason.MAIN_TABLE, "subnet", 4),
         ["has the route to the internet gateway"], ["table", "meant"]),
        (place(table=table((ANY, NAT)), **GIVEN), [], (Reason.OUTBOUND_ONLY, "table", 21), [],
         ["nat", "subnet"]),
        (place(table=table((ANY, NAT)), **GIVEN), [MEANT], (Reason.OUTBOUND_ONLY, "table", 21),
         ["gives table to subnet"], ["nat", "subnet", "meant"]),
        (place(table=table((ANY, NAT), ("52.0.0.0/8", IGW)), **GIVEN), [],
         (Reason.OUTBOUND_ONLY, "table", 21), [], ["nat", "subnet"]),
        (place(table=table((ANY, LINK))), [MEANT], (Reason.DIVERTED, "table", 21), [],
         ["link", "subnet"]),
        (place(table=table((ANY, ELSEWHERE))), [MEANT], (Reason.BLACKHOLE, "table", 21), [],
         ["elsewhere", "subnet"]),
    ],
    ids=["nothing in the table of the subnet", "while another table has it",
         "for the other family", "in a table that nobody wrote",
         "for the other family in the main table", "for other clients",
         "nothing in the main table", "while a table for it is not used",
         "nobody wrote the main table", "and a table for it is not used", "nor that one",
         "a route of such a table is for others", "the main table leads to a NAT gateway",
         "while a table for it is not used, it is for private subnets",
         "the table of the subnet does", "while another table has the way out",
         "while it has a way out itself, for others",
         "to a peer", "to the gateway of another VPC"],
)  # fmt: skip
def test_where_the_route_to_the_internet_is_missing(
    subnet: Subnet,
    tables: list[RouteTable],
    expected: tuple[Reason, str, int],
    near: list[str],
    about: list[str],
) -> None:
    """What has to change, the line, what is shown with it, and what takes part."""
    peers = region("203.0.113.0/24")
    found = step(subnet, peers, tables=[*tables])
    assert found.verdict == "block" and found.blocker is not None
    assert found.span == found.blocker.at.span
    assert (found.blocker.reason, found.blocker.node.address, found.blocker.at.span.line) == (
        expected
    )
    assert [label.text for label in found.blocker.near] == near
    assert [node.address for node in found.blocker.about] == about


def test_a_route_that_aws_made_is_no_place_to_change() -> None:
    """As in the main table of the default VPC, which has one for IPv4."""
    default = table(OUT, **UNWRITTEN)
    default.routes[0].span = None
    found = step(place(table=default), INTERNET["ipv6"], "ipv6").blocker
    assert found is not None and found.reason is Reason.MAIN_TABLE


def test_a_route_for_a_block_of_the_other_family_that_is_not_known_is_shown() -> None:
    one = table((SOME, IGW))
    one.routes[0].family = "ipv6"
    found = step(place(table=one, **GIVEN)).blocker
    assert found is not None and found.reason is Reason.NO_ROUTE
    assert [label.text for label in found.near] == ["covers only some"]


def test_the_words_say_where_a_wrong_route_leads() -> None:
    for target, text in (
        (NAT, "leads to a NAT gateway, which lets nobody in"),
        (LINK, "leads to a peering connection, not to the internet gateway"),
        (ELSEWHERE, "leads to elsewhere, which is not attached to home"),
    ):
        found = step(place(table=table((ANY, target)))).blocker
        assert found is not None and found.at.text == text


@pytest.mark.parametrize(
    ("tables", "used", "family", "meant"),
    [
        ([MEANT], (), "ipv4", "meant"),
        ([MEANT], (), "ipv6", None),
        ([MEANT, table(OUT, address="free")], (MEANT,), "ipv4", "free"),
        ([MEANT], (MEANT,), "ipv4", "meant"),
        ([table(OUT, vpc=AWAY)], (), "ipv4", None),
        ([table((ANY, NAT))], (), "ipv4", None),
        ([table((ANY, SOME), (SOME, IGW))], (), "ipv4", None),
    ],
    ids=["one with the route", "of the family", "one that is free comes first", "else one that "
         "is used", "one of another VPC", "one for private subnets", "one that is not known"],
)  # fmt: skip
def test_the_table_that_was_meant_is_one_that_leads_out(
    tables: list[RouteTable], used: tuple[RouteTable, ...], family: Family, meant: str | None
) -> None:
    subnets = [place(str(n), table=each, **GIVEN) for n, each in enumerate(used)]
    subnets.append(place("main", table=tables[-1]))
    found = intended_table(HOME, family, Network(tables=tables, subnets=subnets))
    assert (found.address if found else None) == meant
