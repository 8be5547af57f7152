"""
Through the wrong VPC: a transit gateway sends packets to a VPC that is not their home, and what is
in it decides whether they are lost. In both languages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iaclint.network import (
    Attachment,
    Gateway,
    Maybe,
    Middlebox,
    RouteTable,
    Subnet,
    TransitRoute,
    TransitTable,
    Vpc,
)
from iaclint.packet.prefix import parse_prefix
from iaclint.trace.detour import Detour, around, beyond, detour, leading, leads_out
from iaclint.trace.model import Trace
from iaclint.value import Unknown
from tests.blocks import (
    BOX,
    NAT,
    PCX,
    SSH,
    TGW,
    Text,
    To,
    Value,
    group,
    host,
    made,
    ref,
    subnet,
    table,
    vpc,
)
from tests.connections import VPC_ATTACHMENT, associated, attached, hub, hub_table, learned
from tests.nets import Net, both, terraform, written
from tests.parts import SOME as UNKNOWN
from tests.parts import gate, place, region
from tests.parts import host as interface
from tests.parts import table as routes_of
from tests.parts import vpc as network

SOME = ("var.some", "!Ref Some")
PARAMETER = "Parameters: {Some: {Type: String}}\n"
HOME, OTHER, MIDDLE = "10.0.0.0/16", "10.1.0.0/16", "10.9.0.0/16"
ALL = ("10.0.0.0/8", TGW)
NET = (
    vpc("home", HOME) + subnet("front", "10.0.1.0/24") + table("front", ALL)
    + group("app") + host("app", "front", "app")
    + vpc("other", OTHER) + subnet("far", "10.1.1.0/24", "other")
    + table("far", ALL, home="other")
    + group("db", SSH._replace(peer="10.0.1.0/24"), home="other") + host("db", "far", "db")
    + vpc("middle", MIDDLE) + subnet("door", "10.9.1.0/24", "middle")
    + subnet("inner", "10.9.2.0/24", "middle")
    + hub(automatic=False) + attached("home", "front") + attached("other", "far")
    + attached("middle", "door")
)  # fmt: skip


def _second(*members: str) -> Text:
    """A second table of the transit gateway, for what comes from these VPCs."""
    found = made(
        "aws_ec2_transit_gateway_route_table", "second", "EC2::TransitGatewayRouteTable",
        transit_gateway_id=ref("aws_ec2_transit_gateway", "hub"),
    )  # fmt: skip
    for member in members:
        found += associated(member, ref(VPC_ATTACHMENT, member), "second")
    return found


def _door(*routes: tuple[str, To | Text]) -> Text:
    return table("door", *routes, home="middle")


def _inner(*routes: tuple[str, To | Text]) -> Text:
    return table("inner", *routes, home="middle")


ONE_TABLE = hub_table("home", "other", "middle")
WRONG = learned("there", OTHER, "middle") + learned("back", HOME, "home")
WRONG_BACK = learned("there", OTHER, "other") + learned("back", HOME, "middle")
TWO_TABLES = hub_table("home", "other") + _second("middle") + WRONG
ON = learned("on", OTHER, "other", at="second")
BY_NAT = made(
    "aws_nat_gateway", "nat", "EC2::NatGateway", subnet_id=ref("aws_subnet", "inner"),
    connectivity_type="private",
)  # fmt: skip
LINK = made(
    "aws_vpc_peering_connection", "link", "EC2::VPCPeeringConnection",
    Text("auto_accept = true\n", ""), vpc_id=ref("aws_vpc", "middle"),
    peer_vpc_id=ref("aws_vpc", "other"),
)  # fmt: skip
ENDPOINT = made(
    "aws_vpc_endpoint", "wall", "EC2::VPCEndpoint", vpc_id=ref("aws_vpc", "middle"),
    service_name="com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
    vpc_endpoint_type="GatewayLoadBalancer", subnet_ids=[ref("aws_subnet", "inner")],
)  # fmt: skip
TO_ENDPOINT = To("vpc_endpoint_id", "aws_vpc_endpoint", "wall")


def _box(checks: bool) -> Text:
    return made(
        "aws_network_interface", "box", "EC2::NetworkInterface", source_dest_check=checks,
        subnet_id=ref("aws_subnet", "inner"),
    ) + _door((OTHER, BOX))  # fmt: skip


LOST = {
    "it comes back and goes round": ONE_TABLE + WRONG + _door(ALL),
    "it has nowhere to go": ONE_TABLE + WRONG + _door(),
    "it comes back and meets no table": hub_table("home", "other") + WRONG + _door(ALL),
    "it comes back and meets no route": TWO_TABLES + _door(ALL),
    "it comes back and is sent to where it started":
        TWO_TABLES + learned("on", OTHER, "home", at="second") + _door(ALL),
    "a narrower route is the wrong one":
        ONE_TABLE + learned("there", OTHER, "other") + learned("narrow", "10.1.1.0/24", "middle")
        + learned("back", HOME, "home") + _door(ALL),
    "a peering carries nothing for others": TWO_TABLES + LINK + _door((OTHER, PCX)),
    "an instance drops what is not for it": TWO_TABLES + ON + _box(True),
    "a NAT gateway has no way on": TWO_TABLES + ON + BY_NAT + _door((OTHER, NAT)) + _inner(),
    "a NAT gateway leads to itself":
        TWO_TABLES + ON + BY_NAT + _door((OTHER, NAT)) + _inner((OTHER, NAT)),
}  # fmt: skip


def _name(language: str, kind: str, name: str) -> str:
    terraform, template = ref(kind, name, attribute="")
    return (terraform if language == "terraform" else template.removeprefix("!Ref ")).rstrip(".")


def _ssh(net: Net, language: str) -> Trace:
    """From the host of one VPC to that of another."""
    ends = (_name(language, "aws_instance", "app"), _name(language, "aws_instance", "db"))
    return net.flow(*ends).trace


def _blockers(net: Net, language: str) -> list[tuple[str, str]]:
    return [(one.reason.name, one.node.address) for one in _ssh(net, language).blockers]


def _culprit(language: str, route: str) -> list[tuple[str, str]]:
    return [("TRANSIT_ELSEWHERE", _name(language, "aws_ec2_transit_gateway_route", route))]


@both
@pytest.mark.parametrize("name", LOST)
def test_a_static_route_into_the_wrong_vpc_loses_the_request(
    tmp_path: Path, language: str, name: str
) -> None:
    net = written(tmp_path, (NET + LOST[name]).files(language))
    assert _blockers(net, language) == _culprit(language, "narrow" if "narrow" in name else "there")
    assert net.errors == ["IAC507"]


@both
@pytest.mark.parametrize("routes", [(ALL,), ()])
def test_a_static_route_into_the_wrong_vpc_loses_the_reply(
    tmp_path: Path, language: str, routes: tuple[tuple[str, To], ...]
) -> None:
    net = written(tmp_path, (NET + ONE_TABLE + WRONG_BACK + _door(*routes)).files(language))
    assert _blockers(net, language) == _culprit(language, "back")
    assert net.errors == ["IAC507"]


def _to_some(name: str, block: Value, at: str = "hub", end: Value = None) -> Text:
    """A static route of which the block or the end is not known."""
    return made(
        "aws_ec2_transit_gateway_route", name, "EC2::TransitGatewayRoute",
        transit_gateway_route_table_id=ref("aws_ec2_transit_gateway_route_table", at),
        destination_cidr_block=block,
        transit_gateway_attachment_id=end or ref(VPC_ATTACHMENT, "middle"),
    )  # fmt: skip


WALL = ENDPOINT + _door((OTHER, TO_ENDPOINT)) + _inner(ALL)
BACK = learned("back", HOME, "home")
NO_TABLE = hub_table("home", "other") + WRONG + made(
    "aws_ec2_transit_gateway_route_table_association", "middle",
    "EC2::TransitGatewayRouteTableAssociation", transit_gateway_route_table_id=SOME,
    transit_gateway_attachment_id=ref(VPC_ATTACHMENT, "middle"),
)  # fmt: skip
TAKEN = {
    "it comes back, and the table for the middle leads on": TWO_TABLES + ON + _door(ALL),
    "it comes back, and which table it meets is not known": NO_TABLE + _door(ALL),
    "it comes back, and where the table leads is not known":
        TWO_TABLES + _to_some("on", OTHER, "second", SOME) + _door(ALL),
    "an instance forwards": TWO_TABLES + ON + _box(False),
    "an endpoint of appliances is there": TWO_TABLES + ON + WALL,
    "a NAT gateway leads on": TWO_TABLES + ON + BY_NAT + _door((OTHER, NAT)) + _inner(ALL),
    "what its table leads to is not known":
        ONE_TABLE + WRONG + _door((OTHER, Text("gateway_id = var.some", "GatewayId: !Ref Some"))),
    "for which block a route leads to appliances is not known":
        TWO_TABLES.swap(learned("there", OTHER, "middle"), _to_some("there", SOME)) + ON + WALL,
}  # fmt: skip


@both
@pytest.mark.parametrize("name", TAKEN)
def test_what_may_take_a_packet_on_decides_nothing(
    tmp_path: Path, language: str, name: str
) -> None:
    files = (NET + TAKEN[name]).files(language)
    first = {"terraform": 'variable "some" {}\n', "cloudformation": PARAMETER}[language]
    net = written(tmp_path, {file: first + text for file, text in files.items()})
    assert _ssh(net, language).verdict == "undecided"
    assert net.ids == []


@both
def test_a_wider_route_into_another_vpc_takes_nothing_from_a_narrower_one(
    tmp_path: Path, language: str
) -> None:
    wide = learned("wide", "10.0.0.0/8", "middle") + learned("there", OTHER, "other")
    net = written(tmp_path, (NET + ONE_TABLE + wide + BACK + _door(ALL)).files(language))
    assert _ssh(net, language).verdict == "reachable"


def test_a_route_that_may_not_be_there_may_lead_to_appliances(tmp_path: Path) -> None:
    text = (NET + TWO_TABLES + ON + WALL).terraform + 'variable "some" {}\n'
    route = 'resource "aws_ec2_transit_gateway_route" "there" {\n'
    assert route in text
    net = terraform(tmp_path, text.replace(route, f"{route}  count = var.some ? 1 : 0\n"))
    assert _ssh(net, "terraform").verdict == "undecided"


def test_what_a_vpn_announces_keeps_nothing_from_the_vpc_in_the_middle(tmp_path: Path) -> None:
    """Its blocks are not known, and none of them lies in a VPC of ours."""
    office = """
resource "aws_vpn_connection" "office" {
  customer_gateway_id = "cgw-0123456789abcdef0"
  type                = "ipsec.1"
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "office" {
  transit_gateway_attachment_id  = aws_vpn_connection.office.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
}
"""
    lost = terraform(tmp_path, (NET + ONE_TABLE + WRONG + _door(ALL)).terraform + office)
    assert _blockers(lost, "terraform") == _culprit("terraform", "there")
    taken = terraform(tmp_path, (NET + TWO_TABLES + ON + WALL).terraform + office)
    assert _ssh(taken, "terraform").verdict == "undecided"


# ---- asked directly ------------------------------------------------------------------------------

AT_HUB, BLOCK = gate("hub", kind="network"), region(OTHER)
THERE, BACK_HOME = (
    Attachment(address=name, label=name, transit=AT_HUB, vpc=network(name))
    for name in ("there", "home")
)
MIDDLE_VPC, OVERLAPS = network("middle", MIDDLE), network("overlaps", "10.0.0.0/15")
FIREWALL = Middlebox(
    address="firewall", label="firewall", kind="appliance", title="firewall", policy=UNKNOWN,
    interfaces=(interface("door", subnet=place("door", table=routes_of((OTHER, AT_HUB)))),),
)  # fmt: skip
WIDE, ANY = "10.0.0.0/8", "0.0.0.0/0"


def middle(*tables: Maybe[RouteTable], vpc: Maybe[Vpc] = MIDDLE_VPC, **more: Any) -> Attachment:
    """The attachment of a VPC by subnets with these tables."""
    subnets = tuple(place(str(n), vpc=vpc, table=each) for n, each in enumerate(tables))
    given = {"address": "middle", "label": "middle", "transit": AT_HUB, "vpc": vpc}
    return Attachment(**{**given, "subnets": subnets, **more})


def hub_routes(
    *routes: tuple[str | Unknown, Maybe[Attachment] | None],
    learnt: bool = False,
    rest: Unknown | None = None,
) -> TransitTable:
    found = [
        TransitRoute(
            address="route", label="route", attachment=end, propagated=learnt,
            to=to if isinstance(to, Unknown) else parse_prefix(to),
        )
        for to, end in routes
    ]  # fmt: skip
    return TransitTable(address="rtb", label="rtb", transit=AT_HUB, routes=found, rest=rest)


def nat(subnet: Maybe[Subnet] | None) -> Gateway:
    return gate("nat", kind="never", title="NAT gateway", subnet=subnet)


TO_BOX, TO_HUB, TO_NOTHING = routes_of((WIDE, FIREWALL)), routes_of((WIDE, AT_HUB)), routes_of()
LOST_VPC = Attachment(address="lost", label="lost", transit=AT_HUB, vpc=UNKNOWN)
BY_ITSELF = place("nat", vpc=MIDDLE_VPC, table=TO_NOTHING)
FOUND: list[tuple[str, Attachment, str | None]] = [
    ("a firewall", middle(TO_BOX), "firewall"),
    ("one in each zone", middle(TO_BOX, TO_BOX), "firewall"),
    ("in one zone only", middle(TO_BOX, TO_NOTHING), "each zone of middle leads elsewhere"),
    ("in the other one only", middle(TO_NOTHING, TO_BOX), "each zone of middle leads elsewhere"),
    ("perhaps, in one zone", middle(TO_BOX, UNKNOWN), "some"),
    ("nothing in any zone", middle(TO_NOTHING, TO_NOTHING), None),
    ("a VPC that is not known", middle(TO_BOX, vpc=UNKNOWN),
     "what middle does with the packets is not known"),
    ("subnets that are not known", middle(), "the subnets of middle are not known"),
    ("routes that are not known", middle(routes_of(rest=UNKNOWN)), "some"),
    ("or announced", middle(routes_of(propagation=UNKNOWN)), "some"),
    # to its own block leads the local route
    ("a firewall, for what is not its own", middle(routes_of((ANY, FIREWALL)), vpc=OVERLAPS), None),
    ("an appliance, for what is not its own",
     middle(routes_of((ANY, gate("a", kind="appliance"))), vpc=OVERLAPS), None),
    ("a firewall, for a part of its own", middle(routes_of((OTHER, FIREWALL)), vpc=OVERLAPS),
     "firewall"),
    # what takes it on
    ("an internet gateway", middle(routes_of((ANY, gate("igw", MIDDLE_VPC)))), None),
    ("something", middle(routes_of((ANY, gate("x", kind="unknown")))), "x decides what passes"),
    ("a peering", middle(routes_of((ANY, gate("pcx", kind="network", title="peering connection")))),
     None),
    ("another network", middle(routes_of((ANY, gate("vgw", kind="network")))),
     "vgw decides what passes"),
    ("a host that checks", middle(routes_of((ANY, gate("eni", kind="interface", checks=True)))),
     None),
    ("a host that forwards", middle(routes_of((ANY, gate("eni", kind="interface")))),
     "eni decides what passes"),
    # back at the transit gateway
    ("no table there", middle(TO_HUB), None),
    ("a table that cannot be named", middle(TO_HUB, unnamed=UNKNOWN), "some"),
    ("a table that is not known", middle(TO_HUB, table=UNKNOWN), "some"),
    ("a table that may have more", middle(TO_HUB, table=hub_routes(rest=UNKNOWN)), "some"),
    ("a table without a route", middle(TO_HUB, table=hub_routes()), None),
    ("a route to where it is at home", middle(TO_HUB, table=hub_routes((OTHER, THERE))),
     "rtb may lead on what middle gives back"),
    ("a route to something", middle(TO_HUB, table=hub_routes((OTHER, UNKNOWN))),
     "where rtb leads is not known"),
    ("a route that drops", middle(TO_HUB, table=hub_routes((OTHER, None))), None),
    ("a route to a network that is no VPC", middle(TO_HUB, table=hub_routes((OTHER, LOST_VPC))),
     "rtb may lead on what middle gives back"),
    ("a route of such a network for its own", middle(TO_HUB, table=hub_routes((UNKNOWN, LOST_VPC))),
     None),
    ("a route to a VPC that loses it",
     middle(TO_HUB, table=hub_routes((OTHER, middle(TO_NOTHING, address="next")))), None),
    ("a route to a VPC that inspects it",
     middle(TO_HUB, table=hub_routes((OTHER, middle(TO_BOX, address="next")))),
     "rtb may lead on what middle gives back"),
    # a NAT gateway
    ("one that leads nowhere", middle(routes_of((ANY, nat(BY_ITSELF)))), None),
    ("one in a subnet that is not known", middle(routes_of((ANY, nat(UNKNOWN)))),
     "nat may lead the packets on, from an address of its own"),
    ("one in none", middle(routes_of((ANY, nat(None)))),
     "nat may lead the packets on, from an address of its own"),
    ("one whose table is not known", middle(routes_of((ANY, nat(place(table=UNKNOWN))))),
     "nat may lead the packets on, from an address of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("end", "expected"), [c[1:] for c in FOUND], ids=[c[0] for c in FOUND])
def test_what_takes_packets_on_in_a_vpc_that_is_not_their_home(
    end: Attachment, expected: str | None
) -> None:
    """The firewall, or why something may; nothing where they are lost."""
    found = beyond(end, THERE, BLOCK, "ipv4")
    if isinstance(found, Unknown):
        assert found.reason == expected
    else:
        assert (found and found.box.address) == expected


def test_what_comes_back_to_where_it_started_passes_no_vpc_in_the_middle() -> None:
    for name, expected in (("home", None), ("middle", FIREWALL)):
        end = middle(TO_BOX, address=name)
        here = end if name == "home" else BACK_HOME
        here.table = hub_routes((OTHER, end))
        found = detour(here, THERE, BLOCK, "ipv4")
        assert (found.box if isinstance(found, Detour) else found) is expected


def test_blocks_that_others_announce_are_left_out_of_a_table() -> None:
    """Those that are not known, of who is not asked about."""
    ends: list[tuple[str | Unknown, Maybe[Attachment] | None]]
    ends = [(to, end) for to in (OTHER, UNKNOWN) for end in (THERE, LOST_VPC, UNKNOWN)]

    def good(route: TransitRoute) -> bool | Unknown:
        end = route.attachment
        return end if isinstance(end, Unknown) else end is THERE

    for learnt in (False, True):
        rows = leading(hub_routes(*ends, learnt=learnt), good)
        left = [(to, end) for to, end in ends if not (learnt and (to, end) == (UNKNOWN, LOST_VPC))]
        assert [row.route.attachment for row in rows] == [end for _, end in left]
    found = [leads_out(route) for route in hub_routes(*ends, (UNKNOWN, None)).routes]
    assert found == [(to, end) == (UNKNOWN, LOST_VPC) for to, end in [*ends, (UNKNOWN, None)]]


@pytest.mark.parametrize("hub_", [AT_HUB, UNKNOWN], ids=["a gateway", "one that is not known"])
def test_out_of_the_vpc_in_the_middle_leads_the_table_of_the_firewall(
    hub_: Maybe[Gateway],
) -> None:
    first = Detour(middle(TO_BOX), FIREWALL, (TO_BOX,))
    there = Attachment(address="there", label="", transit=hub_, vpc=network("there"))
    steps = list(around(first, None, there, None, BLOCK, "ipv4", "request"))
    names = [f"{step.node.address} {step.verdict}" for step in steps]
    assert names == ["table allow", "firewall unknown", "table allow"][: 3 if hub_ is AT_HUB else 2]
