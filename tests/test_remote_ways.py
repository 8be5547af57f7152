"""
Clients with private addresses outside of the VPC, asked directly: what connects them, hop by hop,
and the way out to them.
"""

from __future__ import annotations

from typing import Any, Literal

import pytest

from iaclint.flow import Client, Flow, client_of
from iaclint.network import (
    Acl,
    Attachment,
    Gateway,
    Group,
    Instance,
    Interface,
    Maybe,
    Network,
    Remote,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import SSH
from iaclint.resource import Resource
from iaclint.trace.model import Reason, Way
from iaclint.trace.outward import Departure
from iaclint.trace.remote import departing_ways, is_private, remote_ways
from iaclint.value import Unknown
from tests.parts import (
    HOME,
    OTHER,
    SOME,
    attached,
    gate,
    host,
    line,
    peered,
    place,
    region,
    table,
    transit_table,
    vpc,
)
from tests.test_trace_forwarding import acl, entry, lets

OFFICE, HALF, OWN = "10.8.0.0/16", "10.8.0.0/17", "192.168.0.0/16"
CLEAR = Acl(address="clear", label="clear", vpc=HOME, allows_all=True)
NETWORK: dict[str, Any] = {"kind": "network", "title": "VPN gateway"}
VGW = gate("vgw", HOME, **NETWORK)
AWAY = gate("away", **NETWORK)
HOSTS = vpc("hosts", "10.1.0.0/16")
Routes = tuple[tuple[str | Unknown, Maybe[Gateway]], ...]


def app(
    *routes: tuple[str | Unknown, Maybe[Gateway]], acl: Maybe[Acl] = CLEAR, **more: Any
) -> Interface:
    """A host whose subnet has these routes."""
    prefix = parse_prefix("192.168.1.0/24")
    subnet = place(prefix=prefix, table=table(*routes, **more), acl=acl)
    return host(subnet=subnet, groups=(lets(OFFICE),))


def flow(block: str = OFFICE, **more: Any) -> Flow:
    target = Instance(address="i", label="i", placements=())
    given = {"client": client_of((parse_prefix(block),)), "service": SSH, "family": "ipv4", **more}
    return Flow(**{"target": target, **given})


def ways(interface: Interface, *gateways: Gateway, block: str = OFFICE, **more: Any) -> list[Way]:
    network = Network(gateways=[*gateways], **more)
    return list(remote_ways(network, flow(block), interface))


def out(interface: Interface, *gateways: Gateway, block: str = OFFICE, **more: Any) -> list[Way]:
    departure = Departure(interface, region(block), "ipv4", SSH)
    return list(departing_ways(Network(gateways=[*gateways], **more), departure))


def told(way: Way) -> list[str]:
    return [f"{step.direction} {step.name} {step.verdict}" for step in way.steps]


def reasons(found: list[Way]) -> list[Reason]:
    return [blocker.reason for way in found for blocker in way.blockers]


def behind(gateway: Gateway, *blocks: str | Unknown, name: str = "vpn") -> Remote:
    prefixes = tuple(b if isinstance(b, Unknown) else parse_prefix(b) for b in blocks)
    return Remote(address=name, label=name, span=line(60), gateway=gateway, prefixes=prefixes)


# ---- whose flows these are ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, 1),
        ({"client": client_of((parse_prefix("52.0.0.0/8"),))}, 0),
        ({"family": "ipv6"}, 0),
        ({"through": VGW}, 0),
        ({"client": Client("host", {"ipv4": region(OFFICE)}, interface=host())}, 0),
    ],
)
def test_only_private_clients_outside_who_ask_for_the_host_itself_come_this_way(
    more: dict[str, Any], found: int
) -> None:
    network = Network(gateways=[VGW])
    assert len(list(remote_ways(network, flow(**more), app((OFFICE, VGW))))) == found


def test_clients_without_an_address_of_the_family_are_not_private() -> None:
    assert is_private(flow())
    assert not is_private(flow(family="ipv6"))


# ---- hop by hop --------------------------------------------------------------------------------

IN = acl(entry(False, 22, 22, OFFICE), entry(True, 1024, 65535, OFFICE))
OUT = acl(entry(True, 22, 22, OFFICE), entry(False, 1024, 65535, OFFICE))


def test_the_hops_from_a_network_behind_a_vpn_gateway() -> None:
    (way,) = ways(app((OFFICE, VGW), acl=IN), VGW)
    assert way.verdict == "reachable"
    assert told(way) == [
        "request vgw allow",
        "request acl acl allow",
        "request sg group allow",
        "reply acl acl allow",
        "reply route table table allow",
    ]


def test_the_hops_out_to_a_network_behind_a_vpn_gateway() -> None:
    (way,) = out(app((OFFICE, VGW), acl=OUT), VGW)
    assert way.verdict == "reachable"
    assert told(way) == [
        "request sg group allow",
        "request acl acl allow",
        "request route table table allow",
        "request vgw allow",
        "reply acl acl allow",
    ]


MINE = "192.168.1.0/24"
DOOR_IN = acl(entry(True, 22, 22, MINE), entry(False, 1024, 65535, MINE))
DOOR_OUT = acl(entry(False, 22, 22, MINE), entry(True, 1024, 65535, MINE))
TGW = gate("hub", HOME, kind="network", title="transit gateway")


def hub(door: Subnet, *further: Attachment, gateway: Gateway = TGW) -> dict[str, Any]:
    """A transit gateway to which the office comes by a VPN, and the VPC in a subnet of its own."""
    office = attached("office", transit=gateway)
    own = attached("own", HOME, transit=gateway, subnets=(door,))
    own.table = transit_table((OFFICE, office), label="own", transit=gateway)
    office.table = transit_table((OWN, own), label="office", transit=gateway)
    return {"attachments": [own, office, *further]}


def test_the_hops_in_over_a_transit_gateway() -> None:
    (way,) = ways(app((OFFICE, TGW), acl=IN), TGW, **hub(place("door", acl=DOOR_IN)))
    assert way.verdict == "reachable"
    assert told(way) == [
        "request hub allow",
        "request transit table office allow",
        "request acl acl of own allow",
        "request acl acl allow",
        "request sg group allow",
        "reply acl acl allow",
        "reply route table table allow",
        "reply acl acl of own allow",
        "reply transit table own allow",
    ]


def test_the_hops_out_over_a_transit_gateway() -> None:
    (way,) = out(app((OFFICE, TGW), acl=OUT), TGW, **hub(place("door", acl=DOOR_OUT)))
    assert way.verdict == "reachable"
    assert told(way) == [
        "request sg group allow",
        "request acl acl allow",
        "request route table table allow",
        "request hub allow",
        "request acl acl of own allow",
        "request transit table own allow",
        "reply transit table office allow",
        "reply acl acl of own allow",
        "reply acl acl allow",
    ]


@pytest.mark.parametrize("routed", [True, False])
def test_clients_for_whom_the_hub_does_not_ask_are_said_to_get_nowhere(routed: bool) -> None:
    """A hop that asks about the host answers for all of the clients."""
    given = hub(place("door", acl=DOOR_IN))
    own, office = given["attachments"]
    office.table = transit_table(*[(OWN, own)] * routed)
    (way,) = ways(app((OFFICE, TGW), acl=IN), TGW, **given)
    step = way.steps[1]
    everyone = region(OFFICE)
    assert (step.sure, step.possible) == ((everyone,) * 2 if routed else (Region(),) * 2)
    assert (step.peers, step.one) == (everyone, False)


def test_part_of_the_clients_is_enough_on_the_way_back() -> None:
    (way,) = ways(app((HALF, VGW), acl=IN), VGW)
    assert way.verdict == "reachable"
    given = hub(place("door", acl=DOOR_IN))
    own, office = given["attachments"]
    own.table = transit_table((HALF, office))
    (way,) = ways(app((OFFICE, TGW), acl=IN), TGW, **given)
    assert way.verdict == "reachable"


# ---- what is not known of the place ------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "verdict"),
    [((), "undecided"), ((lets(OFFICE),), "undecided"), ((lets(),), "blocked")],
)
def test_in_a_vpc_that_is_not_known_the_groups_decide(
    groups: tuple[Group, ...], verdict: str
) -> None:
    (way,) = ways(host(subnet=SOME, groups=groups), VGW)
    assert way.verdict == verdict
    assert len(way.steps) == 1 + len(groups)


def test_out_of_a_vpc_that_is_not_known_there_may_be_a_way() -> None:
    for subnet in (SOME, place(vpc=SOME, table=table((OFFICE, VGW)), acl=OUT)):
        (way,) = out(host(subnet=subnet), VGW)
        assert (way.verdict, way.unknowns) == ("undecided", (SOME,))


@pytest.mark.parametrize(
    ("subnet", "verdict"),
    [
        (place(table=SOME, acl=IN), "undecided"),
        (place(table=table(), acl=IN), "blocked"),
        (place(table=table((OFFICE, SOME)), acl=IN), "undecided"),
        (place(table=table((OFFICE, gate("igw"))), acl=IN), "blocked"),
        (place(table=table(rest=SOME), acl=IN), "undecided"),
    ],
)
def test_where_nothing_connects_only_an_open_table_may(subnet: Subnet, verdict: str) -> None:
    """In either direction."""
    interface = host(subnet=subnet, groups=(lets(OFFICE),))
    for (way,) in (ways(interface), out(interface)):
        assert told(way) == [
            "request connection " + {"blocked": "block", "undecided": "unknown"}[verdict]
        ]
        assert reasons([way]) == [Reason.DISCONNECTED] * (verdict == "blocked")


def test_a_host_that_forwards_may_be_the_way() -> None:
    """Then nobody says that nothing connects."""
    interface = app((OFFICE, gate("router", kind="interface", checks=False)))
    assert isinstance(interface.subnet, Subnet) and isinstance(interface.subnet.table, RouteTable)
    (way,) = ways(interface, tables=[interface.subnet.table])
    assert (way.verdict, way.steps[0].node.address) == ("undecided", "router")


def test_a_network_may_be_at_a_gateway_while_the_table_is_not_known() -> None:
    for subnet, why in ((place(table=SOME, acl=IN), SOME), (place(vpc=HOME, table=OTHER), OTHER)):
        (way,) = ways(host(subnet=subnet, groups=(lets(OFFICE),)), VGW)
        assert (way.verdict, why in way.unknowns) == ("undecided", True)


# ---- what connects -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "first"),
    [
        (gate("vgw-1", SOME, **NETWORK, span=None), "vgw-1"),
        (gate("igw-1", HOME), "connection"),
        (gate("vgw-2", HOSTS, **NETWORK), "connection"),
    ],
)
def test_a_gateway_known_by_its_id_alone_may_lead_there(target: Gateway, first: str) -> None:
    (way,) = ways(app((OFFICE, target)))
    assert way.steps[0].name == first


def test_a_gateway_that_is_declared_counts_once() -> None:
    assert len(ways(app((OFFICE, VGW), (HALF, VGW), (OWN, SOME)), VGW)) == 1
    assert len(ways(app((OFFICE, gate("x", HOME, **NETWORK)), (HALF, SOME)))) == 1
    twice = gate("x", HOME, **NETWORK)
    assert len(ways(app((OFFICE, twice), (HALF, twice)))) == 1


LOOKED_UP = vpc("looked up", foreign=True)
WITH_BLOCK = vpc("with block", OFFICE, foreign=True)
WITH_OTHER = vpc("with other", "10.9.0.0/16", foreign=True)
OPEN_BLOCK = vpc("open block", foreign=True, prefixes=(SOME,))


@pytest.mark.parametrize(
    ("end", "connects"),
    [
        (SOME, True),
        (LOOKED_UP, True),
        (WITH_BLOCK, True),
        (WITH_OTHER, False),
        (OPEN_BLOCK, True),
        (vpc("ours", OFFICE), False),
        (vpc("ours", "10.9.0.0/16"), False),
    ],
)
def test_clients_can_be_in_a_peered_vpc_that_is_made_elsewhere(
    end: Maybe[Vpc], connects: bool
) -> None:
    """Those in a VPC of ours are hosts that are asked about by themselves."""
    link = gate("link", HOME, end, kind="network", title="peering connection")
    (way,) = ways(app((OFFICE, link)), link)
    assert reasons([way]) == [Reason.DISCONNECTED] * (not connects)


def test_the_host_is_not_its_own_client() -> None:
    """Its VPC may be one that is looked up."""
    mine = vpc("mine", foreign=True)
    ours = vpc("ours", "10.9.0.0/16")
    interface = host(subnet=place(vpc=mine, table=table(), acl=CLEAR), groups=(lets(OFFICE),))
    link = gate("link", mine, ours, kind="network", title="peering connection")
    assert reasons(ways(interface, link)) == [Reason.DISCONNECTED]
    both = gate("link", SOME, ours, kind="network", title="peering connection")
    assert Reason.DISCONNECTED not in reasons(ways(interface, both))


@pytest.mark.parametrize(
    ("remotes", "connects"),
    [
        ((), True),
        ((behind(VGW, OFFICE),), True),
        ((behind(VGW, HALF),), True),
        ((behind(VGW),), True),
        ((behind(VGW, SOME),), True),
        ((behind(VGW, "10.9.0.0/16", SOME),), True),
        ((behind(VGW, "10.9.0.0/16"),), False),
        ((behind(VGW, "10.9.0.0/16"), behind(VGW, OFFICE)), True),
        ((behind(VGW, "10.9.0.0/16"), behind(AWAY, OFFICE)), False),
        ((behind(AWAY, "10.9.0.0/16"),), True),
    ],
)
def test_clients_are_behind_a_vpn_gateway_unless_its_networks_are_others(
    remotes: tuple[Remote, ...], connects: bool
) -> None:
    (way,) = ways(app((OFFICE, VGW)), VGW, remotes=[*remotes])
    assert reasons([way]) == [Reason.DISCONNECTED] * (not connects)


# ---- over a transit gateway --------------------------------------------------------------------

BEYOND = gate("beyond", kind="network", title="transit gateway")
OURS = attached("ours", HOSTS, transit=TGW)
NEAR, FAR = peered("link", TGW, BEYOND)
LOST, NOBODYS = peered("lost", TGW, BEYOND)
NOBODYS.transit = SOME


@pytest.mark.parametrize(
    ("further", "first"),
    [
        ((), "hub"),
        ((OURS,), "connection"),
        ((attached("theirs", LOOKED_UP, transit=TGW),), "hub"),
        ((attached("theirs", SOME, transit=TGW),), "hub"),
        ((attached("theirs", SOME, transit=BEYOND),), "hub"),
        ((OURS, attached("theirs", SOME, transit=BEYOND)), "connection"),
        ((OURS, attached("theirs", SOME, transit=BEYOND), NEAR, FAR), "hub"),
        ((NEAR, FAR), "connection"),
        ((LOST, NOBODYS), "hub"),
    ],
)
def test_clients_are_somewhere_at_a_transit_gateway_unless_all_there_is_ours(
    further: tuple[Attachment, ...], first: str
) -> None:
    """A gateway at which only the host's own VPC is declared has others from elsewhere."""
    own = attached("own", HOME, transit=TGW)
    found = ways(app((OFFICE, TGW)), TGW, attachments=[own, *further])
    assert {way.steps[0].name for way in found} == {first}


@pytest.mark.parametrize(("mode", "first"), [("data", "hub"), ("managed", "connection")])
def test_others_are_attached_to_a_transit_gateway_that_is_made_elsewhere(
    mode: Literal["data", "managed"], first: str
) -> None:
    """However many VPCs of ours are there: nobody sees the rest in these files."""
    found = Resource("aws_ec2_transit_gateway", "hub", {}, line(7), "terraform", mode)
    shared = gate("hub", HOME, kind="network", title="transit gateway", resource=found)
    ends = [attached("own", HOME, transit=shared), attached("ours", HOSTS, transit=shared)]
    for (way,) in (
        ways(app((OFFICE, shared)), shared, attachments=ends),
        out(app((OFFICE, shared)), shared, attachments=ends),
    ):
        assert first in [step.name for step in way.steps]
        assert way.verdict == ("reachable" if first == "hub" else "blocked")


def test_a_vpc_at_two_transit_gateways_is_asked_about_each() -> None:
    second = gate("second", HOME, kind="network", title="transit gateway")
    given = hub(place("door", acl=CLEAR))
    own = attached("own too", HOME, transit=second, table=SOME)
    given["attachments"].append(own)
    found = ways(app((OFFICE, TGW), acl=IN), TGW, second, **given)
    assert [way.verdict for way in found] == ["reachable", "blocked"]
    assert [len(way.steps) for way in found] == [7, 5]


def test_a_vpc_that_is_looked_up_is_no_place_for_the_clients_of_its_own_hosts() -> None:
    mine = vpc("mine", foreign=True)
    hub = gate("hub", mine, kind="network", title="transit gateway")
    own = attached("own", mine, transit=hub)
    at = place(vpc=mine, table=table((OFFICE, hub), vpc=mine), acl=CLEAR)
    (way,) = ways(host(subnet=at, groups=(lets(OFFICE),)), hub, attachments=[own])
    assert [step.name for step in way.steps] == [
        "hub", "acl (default)", "sg group", "acl (default)", "route table table",
    ]  # fmt: skip


# ---- routes that a VPN writes ------------------------------------------------------------------

LEARNS: dict[str, Any] = {"propagation": SOME, "propagates": True}


@pytest.mark.parametrize(
    ("interface", "remotes", "verdict", "blamed"),
    [
        (app(), (), "block", "table"),
        (app(**LEARNS), (), "unknown", None),
        (app(**LEARNS), (behind(VGW),), "block", "vpn"),
        (app(), (behind(VGW),), "block", "table"),
        (app(**LEARNS), (behind(AWAY),), "unknown", None),
        (app(**LEARNS), (behind(VGW), behind(VGW, OFFICE)), "unknown", None),
        (app((HALF, VGW), **LEARNS), (), "allow", None),
        (app((OFFICE, VGW), **LEARNS), (behind(VGW),), "allow", None),
    ],
)
def test_a_table_that_takes_routes_may_have_them_unless_nothing_writes_any(
    interface: Interface, remotes: tuple[Remote, ...], verdict: str, blamed: str | None
) -> None:
    """A VPN with static routes only, and none of them, writes nothing."""
    (way,) = ways(interface, VGW, remotes=[*remotes])
    step = way.steps[-1]
    assert (step.direction, step.verdict) == ("reply", verdict)
    assert (step.blocker.node.address if step.blocker else None) == blamed
    assert len(step.unknowns) == (verdict == "unknown")
    (way,) = out(interface, VGW, remotes=[*remotes])
    assert (way.steps[2].direction, way.steps[2].verdict) == ("request", verdict)


def test_a_transit_gateway_writes_no_routes() -> None:
    own = attached("own", HOME, transit=TGW)
    (way,) = ways(app(**LEARNS), TGW, attachments=[own])
    assert reasons([way]) == [Reason.VPN_NO_ROUTE]
    assert way.blockers[0].help == ""


@pytest.mark.parametrize(
    ("routes", "reason", "help_"),
    [
        ((), Reason.VPN_NO_ROUTE,
         "propagate the routes of vgw into the table, or add one to it"),
        (((OFFICE, gate("nat", kind="never", title="NAT gateway")),),
         Reason.PEER_ROUTE_ELSEWHERE, ""),
    ],
)  # fmt: skip
def test_a_route_that_leads_elsewhere_is_what_is_wrong(
    routes: Routes, reason: Reason, help_: str
) -> None:
    (way,) = ways(app(*routes), VGW)
    assert reasons([way]) == [reason]
    assert way.blockers[0].help == help_
