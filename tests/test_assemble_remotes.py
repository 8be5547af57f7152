"""
What is behind a connection to a network outside of AWS, and what the users of a Client VPN get.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from iaclint.assemble import assemble
from iaclint.network import ClientVpn, Maybe, Network, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.packet.service import SSH
from iaclint.query import overall, paths
from iaclint.resource import Output, Resource, World
from iaclint.value import Unknown
from tests.parts import SOME, assembled, line, named, thing, value


def told(prefixes: tuple[Maybe[Prefix], ...]) -> list[str]:
    """Blocks to compare with: why, for those that are not known."""
    return [each.reason if isinstance(each, Unknown) else str(each) for each in prefixes]


def maybe(resource: Resource) -> Resource:
    """The same, where it is not certain that it is made."""
    return replace(resource, maybe=SOME)


HOME = thing("aws_vpc.home", cidr_block="10.0.0.0/16")
AWAY = thing("aws_vpc.away", cidr_block="10.1.0.0/16")
OFFICE = thing("aws_vpn_gateway.office", vpc_id=named("aws_vpc.home"))
OTHER = thing("aws_vpn_gateway.other", vpc_id=named("aws_vpc.away"))
AT_OFFICE = named("aws_vpn_gateway.office")


def vpn(name: str = "main", at: object = AT_OFFICE, static: bool = True) -> Resource:
    """A VPN connection, with static routes only."""
    given = {"vpn_gateway_id": at, "static_routes_only": str(static).lower()}
    return thing(f"aws_vpn_connection.{name}", **given)


def route(to: object, of: object = named("aws_vpn_connection.main")) -> Resource:
    """A static route of a VPN connection."""
    return thing("aws_vpn_connection_route.r", destination_cidr_block=to, vpn_connection_id=of)


def direct(kind: str, **given: object) -> Resource:
    """Direct Connect."""
    return thing(f"{kind}.dx", **given)


ASSOCIATION = direct("aws_dx_gateway_association", associated_gateway_id=AT_OFFICE)
INTERFACE = direct("aws_dx_private_virtual_interface", vpn_gateway_id=AT_OFFICE)
BGP = "aws_vpn_connection.main learns its routes by BGP"


def behind(*resources: Resource) -> dict[str, list[str]]:
    """What is behind each connection."""
    network = assembled(HOME, AWAY, OFFICE, OTHER, *resources)
    assert all(each.gateway.address == "aws_vpn_gateway.office" for each in network.remotes)
    return {each.address: told(each.prefixes) for each in network.remotes}


@pytest.mark.parametrize(
    ("connection", "routes", "found"),
    [
        (vpn(), [route("192.168.0.0/16")], ["192.168.0.0/16"]),
        (vpn(), [], []),
        (vpn(static=False), [], [BGP]),
        (vpn(static=False), [route("192.168.0.0/16")], ["192.168.0.0/16", BGP]),
        # which block it is, or whether there is a route
        (vpn(), [route(SOME)], ["some"]),
        (vpn(), [maybe(route("192.168.0.0/16"))], ["some"]),
        (vpn(), [route(None)], ["the VPN route has no block"]),
        # whose route it is
        (vpn(), [route("192.168.0.0/16", named("aws_vpn_connection.second"))], []),
        (vpn(), [route("192.168.0.0/16", SOME)], ["some"]),
    ],
)
def test_behind_a_vpn_is_what_its_static_routes_are_for(
    connection: Resource, routes: list[Resource], found: list[str]
) -> None:
    second = vpn("second", named("aws_vpn_gateway.nowhere"))
    assert behind(connection, second, *routes) == {"aws_vpn_connection.main": found}


@pytest.mark.parametrize("connection", [ASSOCIATION, INTERFACE])
def test_direct_connect_learns_its_routes(connection: Resource) -> None:
    assert behind(connection) == {
        connection.address: [f"{connection.address} learns its routes by BGP"]
    }


LEADS_ELSEWHERE = named("aws_vpc.home")


@pytest.mark.parametrize(
    "connection",
    [
        maybe(vpn()),
        maybe(ASSOCIATION),
        maybe(INTERFACE),
        vpn(at=SOME),
        vpn(at=LEADS_ELSEWHERE),
        vpn(at=None),
        vpn(at="vgw-0123456789abcdef0"),
        direct("aws_dx_gateway_association", associated_gateway_id=SOME),
        direct("aws_dx_gateway_association", associated_gateway_id=LEADS_ELSEWHERE),
        direct("aws_dx_private_virtual_interface", vpn_gateway_id=SOME),
        direct("aws_dx_private_virtual_interface", vpn_gateway_id=LEADS_ELSEWHERE),
    ],
)
def test_a_connection_that_may_not_be_there_is_none(connection: Resource) -> None:
    assert behind(connection) == {}


@pytest.mark.parametrize(
    ("second", "more"),
    [
        (maybe(vpn("second")), ["some"]),
        (maybe(ASSOCIATION), ["some"]),
        (vpn("second", SOME), ["it is not known where aws_vpn_connection.second ends"]),
        (vpn("second", "vgw-0123456789abcdef0"), []),
        (vpn("second", None), []),
        (maybe(vpn("second", named("aws_vpn_gateway.other"))), []),
    ],
)
def test_behind_a_gateway_is_also_what_may_be_connected_to_it(
    second: Resource, more: list[str]
) -> None:
    """A block that is not behind the one VPN may be behind the other."""
    known = (vpn(), route("192.168.0.0/16"))
    expected = {"aws_vpn_connection.main": ["192.168.0.0/16", *more]}
    assert behind(*known, second) == behind(second, *known) == expected


HOST = (
    thing("aws_subnet.s", vpc_id=named("aws_vpc.home"), cidr_block="10.0.1.0/24"),
    thing(
        "aws_security_group.g",
        vpc_id=named("aws_vpc.home"),
        ingress=[{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}],
    ),
    thing(
        "aws_instance.host",
        subnet_id=named("aws_subnet.s"),
        vpc_security_group_ids=[named("aws_security_group.g")],
    ),
)


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        ((), "blocked"),
        ((vpn("second", named("aws_vpn_gateway.other")),), "blocked"),
        ((maybe(vpn("second")),), "undecided"),
        ((vpn("second", SOME),), "undecided"),
    ],
)
def test_who_may_be_behind_a_second_vpn_is_not_shut_out_for_certain(
    second: tuple[Resource, ...], verdict: str
) -> None:
    learns = thing(
        "aws_vpn_gateway_route_propagation.p",
        vpn_gateway_id=AT_OFFICE,
        route_table_id=named("aws_vpc.home", "main_route_table_id"),
    )
    known = (HOME, AWAY, OFFICE, OTHER, *HOST, learns, vpn(), route("192.168.0.0/16"))
    network = assembled(*known, *second)

    def asked(client: str) -> str:
        return overall(paths([network], client, "aws_instance.host", SSH))

    assert (asked("192.168.0.0/16"), asked("172.16.0.0/16")) == ("reachable", verdict)


# ---- over a transit gateway --------------------------------------------------------------------

HUB = (
    thing("aws_ec2_transit_gateway.hub"),
    thing(
        "aws_vpn_connection.main",
        transit_gateway_id=named("aws_ec2_transit_gateway.hub"),
        static_routes_only="true",
    ),
    thing(
        "aws_ec2_transit_gateway_vpc_attachment.home",
        transit_gateway_id=named("aws_ec2_transit_gateway.hub"),
        vpc_id=named("aws_vpc.home"),
    ),
    thing(
        "aws_ec2_transit_gateway_route_table.t",
        transit_gateway_id=named("aws_ec2_transit_gateway.hub"),
    ),
)
TO_VPN = named("aws_vpn_connection.main", "transit_gateway_attachment_id")
TO_HOME = named("aws_ec2_transit_gateway_vpc_attachment.home")


@pytest.mark.parametrize(
    ("to", "by", "found"),
    [
        ("192.168.0.0/16", TO_VPN, ["192.168.0.0/16"]),
        (SOME, TO_VPN, ["some"]),
        ("10.0.0.0/16", TO_HOME, []),
        ("10.0.0.0/16", SOME, []),
    ],
)
def test_behind_a_vpn_is_what_a_transit_gateway_sends_there(
    to: object, by: object, found: list[str]
) -> None:
    way = thing(
        "aws_ec2_transit_gateway_route.r",
        destination_cidr_block=to,
        transit_gateway_attachment_id=by,
        transit_gateway_route_table_id=named("aws_ec2_transit_gateway_route_table.t"),
    )
    (remote,) = assembled(HOME, *HUB, way).remotes
    assert told(remote.prefixes) == found


def test_what_a_transit_gateway_learns_of_a_vpn_is_known_of_the_vpn_already() -> None:
    propagation = thing(
        "aws_ec2_transit_gateway_route_table_propagation.p",
        transit_gateway_attachment_id=TO_VPN,
        transit_gateway_route_table_id=named("aws_ec2_transit_gateway_route_table.t"),
    )
    network = assembled(HOME, *HUB, propagation, route("192.168.0.0/16"))
    (remote,) = network.remotes
    assert told(remote.prefixes) == ["192.168.0.0/16"]
    assert any(way.propagated for table in network.transit_tables for way in table.routes)


# ---- what is learned by tables -----------------------------------------------------------------


def learned(network: Network) -> dict[str, list[str]]:
    """What each table that is written down has learned."""
    return {
        table.address: [str(each.to) for each in table.routes if each.origin == "propagated"]
        for table in network.tables
        if table.resource is not None
    }


def a_table(name: str, home: str, *learns: object) -> Resource:
    """A table, and the gateways that write their routes into it."""
    given = {"propagating_vgws": list(learns)} if learns else {}
    return thing(f"aws_route_table.{name}", vpc_id=named(f"aws_vpc.{home}"), **given)


def test_a_table_that_learns_has_a_route_for_each_known_block_behind_the_gateways_of_its_vpc() -> (
    None
):
    resources = (
        HOME, AWAY, OFFICE, OTHER, vpn(static=False), route("192.168.0.0/16"),
        a_table("first", "home"),
        a_table("second", "home", named("aws_vpn_gateway.office")),
        a_table("third", "away", named("aws_vpn_gateway.other")),
    )  # fmt: skip
    assert learned(assembled(*resources)) == {
        "aws_route_table.first": [],
        "aws_route_table.second": ["192.168.0.0/16"],
        "aws_route_table.third": [],
    }


# ---- Client VPN --------------------------------------------------------------------------------

STAFF = named("aws_ec2_client_vpn_endpoint.staff")
GUESTS = named("aws_ec2_client_vpn_endpoint.guests")
SUBNET = thing("aws_subnet.s", vpc_id=named("aws_vpc.home"), cidr_block="10.0.1.0/24")
GROUP = thing("aws_security_group.g", vpc_id=named("aws_vpc.home"))


def door(name: str = "staff", /, **given: object) -> Resource:
    """A Client VPN."""
    return thing(f"aws_ec2_client_vpn_endpoint.{name}", client_cidr_block="10.200.0.0/22", **given)


def at(endpoint: object, number: int) -> Resource:
    """Where a Client VPN is."""
    found = thing(
        f"aws_ec2_client_vpn_network_association.a{number}",
        client_vpn_endpoint_id=endpoint,
        subnet_id=named("aws_subnet.s"),
    )
    return replace(found, span=line(number))


def allowed(to: object, of: object = STAFF) -> Resource:
    """A rule that lets users go there."""
    return thing(
        "aws_ec2_client_vpn_authorization_rule.r", client_vpn_endpoint_id=of, target_network_cidr=to
    )


def routed(to: object, of: object = STAFF) -> Resource:
    """A route of the table of a Client VPN."""
    return thing("aws_ec2_client_vpn_route.r", client_vpn_endpoint_id=of, destination_cidr_block=to)


def staff(*resources: Resource, outputs: tuple[Output, ...] = ()) -> ClientVpn:
    """What is made of a Client VPN, beside another one."""
    world = World((HOME, SUBNET, GROUP, door(), door("guests"), *resources), outputs)
    return next(one for one in assemble(world).client_vpns if one.address.endswith("staff"))


def test_a_client_vpn_has_an_interface_in_each_subnet_it_is_associated_with() -> None:
    found = staff(at(GUESTS, 1), at(STAFF, 2), at(SOME, 3), at(STAFF, 4))
    assert [each.span for each in found.interfaces] == [line(2), line(4)]
    assert all(isinstance(each.vpc, Vpc) for each in found.interfaces)


@pytest.mark.parametrize(
    ("groups", "address", "written"),
    [
        ([named("aws_security_group.g")], "aws_security_group.g", True),
        (None, "default security group of aws_vpc.home", False),
    ],
)
def test_the_interfaces_of_a_client_vpn_have_its_groups(
    groups: list[object] | None, address: str, written: bool
) -> None:
    given = {} if groups is None else {"security_group_ids": groups}
    world = World((HOME, SUBNET, GROUP, door(**given), at(STAFF, 2)))
    ((interface,),) = (one.interfaces for one in assemble(world).client_vpns)
    assert [getattr(each, "address", "?") for each in interface.groups] == [address]
    assert (interface.groups_span is not None) is written


@pytest.mark.parametrize(
    ("block", "of", "sure", "found"),
    [
        ("10.0.0.0/16", STAFF, True, ["10.0.0.0/16"]),
        ("10.0.0.0/16", GUESTS, True, []),
        ("10.0.0.0/16", SOME, True, ["some"]),
        (SOME, STAFF, True, ["some"]),
        ("10.0.0.0/16", STAFF, False, ["some"]),
        ("10.0.0.0/16", GUESTS, False, []),
        (None, STAFF, True, ["has no block"]),
    ],
)
def test_users_are_authorized_and_routed_by_what_names_their_client_vpn(
    block: object, of: object, sure: bool, found: list[str]
) -> None:
    """What names one that is not known may be for them."""
    given = (allowed(block, of), routed(block, of))
    vpn = staff(*(given if sure else map(maybe, given)))
    for blocks in (vpn.allowed, vpn.routes):
        assert [each[-12:] for each in told(blocks)] == found


def output(name: str, description: str = "", says: str = "") -> Output:
    """An output of the root."""
    return Output(name, value(says), line(60), description)


BY_HAND = "users are authorized by hand, as an output says"


@pytest.mark.parametrize(
    ("said", "by_hand"),
    [
        (output("authorize_command"), True),
        (output("next", "Authorise the users"), True),
        (output("next", "", "aws ec2 authorize-client-vpn-ingress --region eu-west-1"), True),
        (output("endpoint", "Address to dial", "vpn.example"), False),
    ],
)
def test_users_may_be_authorized_by_hand_where_an_output_says_so(
    said: Output, by_hand: bool
) -> None:
    first = output("first")
    vpn = staff(outputs=(first, said))
    assert told(vpn.allowed) == told(vpn.routes) == ([BY_HAND] if by_hand else [])
    assert not by_hand or [each.span for each in vpn.allowed if isinstance(each, Unknown)] == [
        line(60)
    ]


def test_an_output_counts_only_where_no_rule_is_in_the_files() -> None:
    said = (output("authorize_command"),)
    vpn = staff(allowed("10.0.0.0/16"), outputs=said)
    assert (told(vpn.allowed), told(vpn.routes)) == (["10.0.0.0/16"], [])
    vpn = staff(routed("10.1.0.0/16"), outputs=said)
    assert (told(vpn.allowed), told(vpn.routes)) == ([BY_HAND], ["10.1.0.0/16"])
