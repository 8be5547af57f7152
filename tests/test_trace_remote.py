"""
Clients behind a site-to-site VPN or Direct Connect: at a VPN gateway, and at a transit gateway.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iaclint.network import Gateway, Maybe, Network, Remote, Vpc
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.service import SSH, parse_service
from iaclint.query import overall, paths
from iaclint.resource import Resource
from iaclint.trace.model import Reason, Step
from iaclint.trace.outward import Departure
from iaclint.trace.remote import departing_ways
from iaclint.value import Unknown
from tests.nets import Net, cloudformation, terraform
from tests.parts import HOME, OTHER, SOME, attached, gate, host, line, place, region, table, vpc

HOST = """
resource "aws_vpc" "v" { cidr_block = "10.20.0.0/16" }
resource "aws_subnet" "app" {
  vpc_id = aws_vpc.v.id
  cidr_block = "10.20.1.0/24"
}
resource "aws_route_table" "app" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "app" {
  subnet_id = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port = 22
    to_port = 22
    protocol = "tcp"
    cidr_blocks = ["192.168.0.0/16"]
  }
  egress {
    from_port = 0
    to_port = 0
    protocol = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "app" {
  ami = "ami-1"
  instance_type = "t3.micro"
  key_name = "ops"
  subnet_id = aws_subnet.app.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""
VGW = 'resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }\n'
CUSTOMER = """
resource "aws_customer_gateway" "c" {
  bgp_asn = 65000
  ip_address = "198.51.100.1"
  type = "ipsec.1"
}
"""


def vpn(to: str, static: bool) -> str:
    return f"""
resource "aws_vpn_connection" "o" {{
  {to}
  customer_gateway_id = aws_customer_gateway.c.id
  type                = "ipsec.1"
  static_routes_only  = {str(static).lower()}
}}
"""


BEHIND = """
resource "aws_vpn_connection_route" "o" {
  vpn_connection_id = aws_vpn_connection.o.id
  destination_cidr_block = "192.168.0.0/16"
}
"""
PROPAGATES = """
resource "aws_vpn_gateway_route_propagation" "p" {
  vpn_gateway_id = aws_vpn_gateway.g.id
  route_table_id = aws_route_table.app.id
}
"""
DIRECT = """
resource "aws_dx_gateway" "d" {
  name            = "d"
  amazon_side_asn = "64512"
}
resource "aws_dx_gateway_association" "a" {
  dx_gateway_id         = aws_dx_gateway.d.id
  associated_gateway_id = GATEWAY
}
"""
PRIVATE = """
resource "aws_dx_private_virtual_interface" "p" {
  connection_id  = "dxcon-1"
  name           = "p"
  vlan           = 100
  address_family = "ipv4"
  bgp_asn        = 65000
  vpn_gateway_id = aws_vpn_gateway.g.id
}
"""
HUB = """
resource "aws_ec2_transit_gateway" "t" {
  default_route_table_association = "enable"
  default_route_table_propagation = "enable"
}
resource "aws_ec2_transit_gateway_vpc_attachment" "v" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.v.id
  subnet_ids         = [aws_subnet.app.id]
}
"""
MANUAL = HUB.replace('"enable"', '"disable"')
ROUTE = """
resource "aws_route" "r" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.t.id
}
"""
TABLES = """
resource "aws_ec2_transit_gateway_route_table" "vpcs" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
}
resource "aws_ec2_transit_gateway_route_table" "vpns" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
}
resource "aws_ec2_transit_gateway_route_table_association" "v" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.vpcs.id
}
"""
VPN_TABLE = """
resource "aws_ec2_transit_gateway_route_table_association" "o" {
  transit_gateway_attachment_id  = aws_vpn_connection.o.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.vpns.id
}
"""
TO_VPC = """
resource "aws_ec2_transit_gateway_route_table_propagation" "v" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.vpns.id
}
"""
TO_VPN = """
resource "aws_ec2_transit_gateway_route" "o" {
  destination_cidr_block         = "192.168.0.0/16"
  transit_gateway_attachment_id  = aws_vpn_connection.o.transit_gateway_attachment_id
  transit_gateway_route_table_id = TABLE
}
"""
LOOKED_UP = """
data "aws_ec2_transit_gateway_vpn_attachment" "d" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpn_connection_id  = aws_vpn_connection.o.id
}
"""
AT_VGW, AT_HUB = (
    "vpn_gateway_id = aws_vpn_gateway.g.id",
    "transit_gateway_id = aws_ec2_transit_gateway.t.id",
)
TO_DEFAULT = TO_VPN.replace("TABLE", "aws_ec2_transit_gateway.t.association_default_route_table_id")
TO_OWN = TO_VPN.replace("TABLE", "aws_ec2_transit_gateway_route_table.vpcs.id")
STATIC, BGP = vpn(AT_VGW, True), vpn(AT_VGW, False)
HUB_STATIC, HUB_BGP = vpn(AT_HUB, True), vpn(AT_HUB, False)
DIRECT_VGW = DIRECT.replace("GATEWAY", "aws_vpn_gateway.g.id")
DIRECT_HUB = DIRECT.replace("GATEWAY", "aws_ec2_transit_gateway.t.id")
TABLE = "VPN_NO_ROUTE aws_route_table.app"
SPLIT = (CUSTOMER, MANUAL, HUB_STATIC, ROUTE, TABLES)


def _said(net: Net) -> list[str]:
    """The verdict for the office, and what stops it."""
    found = net.flow("192.168.0.0/16", "pp").trace
    return [found.verdict, *(f"{one.reason.name} {one.node.address}" for one in found.blockers)]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((VGW, CUSTOMER, STATIC, BEHIND), ["blocked", TABLE]),
        ((VGW, CUSTOMER, STATIC, BEHIND, PROPAGATES), ["reachable"]),
        ((VGW, CUSTOMER, STATIC, PROPAGATES), ["blocked", "VPN_NO_ROUTE aws_vpn_connection.o"]),
        ((VGW, CUSTOMER, BGP), ["blocked", TABLE]),
        ((VGW, CUSTOMER, BGP, PROPAGATES), ["undecided"]),
        ((VGW, CUSTOMER, STATIC, PROPAGATES, DIRECT_VGW), ["undecided"]),
        ((VGW, DIRECT_VGW), ["blocked", TABLE]),
        ((VGW, DIRECT_VGW, PROPAGATES), ["undecided"]),
        ((VGW, PRIVATE), ["blocked", TABLE]),
        ((VGW, PRIVATE, PROPAGATES), ["undecided"]),
        ((HUB, DIRECT_HUB), ["blocked", TABLE]),
        ((HUB, DIRECT_HUB, ROUTE), ["undecided"]),
        ((MANUAL, DIRECT_HUB, ROUTE),
         ["blocked", "TRANSIT_ASSOCIATION aws_dx_gateway_association.a",
          "TRANSIT_ASSOCIATION aws_ec2_transit_gateway_vpc_attachment.v"]),
        ((CUSTOMER, HUB, HUB_BGP), ["blocked", TABLE]),
        ((CUSTOMER, HUB, HUB_BGP, ROUTE), ["undecided"]),
        ((CUSTOMER, HUB, HUB_STATIC, ROUTE), ["blocked", "TRANSIT_NO_ROUTE aws_vpn_connection.o"]),
        ((CUSTOMER, HUB, HUB_STATIC, ROUTE, TO_DEFAULT), ["reachable"]),
        ((*SPLIT, VPN_TABLE, TO_VPC, TO_OWN), ["reachable"]),
        ((*SPLIT, TO_VPC, TO_OWN), ["blocked", "TRANSIT_ASSOCIATION aws_vpn_connection.o"]),
        ((*SPLIT, VPN_TABLE, TO_OWN),
         ["blocked", "TRANSIT_NO_ROUTE aws_ec2_transit_gateway_route_table.vpns"]),
        ((*SPLIT, VPN_TABLE, TO_VPC),
         ["blocked", "TRANSIT_NO_ROUTE aws_ec2_transit_gateway_route_table.vpcs"]),
    ],
)  # fmt: skip
def test_the_office_gets_in_where_routes_lead_there_and_back(
    tmp_path: Path, parts: tuple[str, ...], said: list[str]
) -> None:
    net = terraform(tmp_path, HOST, *parts)
    assert _said(net) == said
    assert bool(net.ids) is (said[0] == "blocked")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((VGW, CUSTOMER, STATIC, BEHIND), "blocked"),
        ((VGW, CUSTOMER, STATIC, BEHIND, PROPAGATES), "reachable"),
        ((HUB, DIRECT_HUB, ROUTE), "undecided"),
        ((CUSTOMER, HUB, HUB_BGP, ROUTE), "undecided"),
        ((CUSTOMER, HUB, HUB_STATIC, ROUTE), "blocked"),
        ((CUSTOMER, HUB, HUB_STATIC, TO_DEFAULT), "blocked"),
        ((CUSTOMER, HUB, HUB_STATIC, ROUTE, TO_DEFAULT), "reachable"),
        ((*SPLIT, VPN_TABLE, TO_VPC, TO_OWN), "reachable"),
        ((*SPLIT, TO_VPC, TO_OWN), "blocked"),
        ((*SPLIT, VPN_TABLE, TO_OWN), "blocked"),
        ((*SPLIT, VPN_TABLE, TO_VPC), "blocked"),
    ],
)
def test_a_host_gets_out_to_the_office_by_the_same_routes(
    tmp_path: Path, parts: tuple[str, ...], expected: str
) -> None:
    net = terraform(tmp_path, HOST, *parts)
    found = paths([net.network], "aws_instance.app", "192.168.1.9", parse_service("tcp/443"))
    assert overall(found) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vpn_gateway_id =", "count = var.some\n  vpn_gateway_id ="),
        ("aws_route_table.app.id", "var.some"),
    ],
)
def test_propagation_that_may_be_elsewhere_is_not_decided(
    tmp_path: Path, old: str, new: str
) -> None:
    some = 'variable "some" {}'
    net = terraform(
        tmp_path, some, HOST, VGW, CUSTOMER, STATIC, BEHIND, PROPAGATES.replace(old, new)
    )
    assert _said(net) == ["undecided"]


@pytest.mark.parametrize(
    ("gateways", "said"),
    [
        ("[aws_vpn_gateway.g.id]", ["reachable"]),
        ("var.some", ["undecided"]),
        ("[]", ["blocked", TABLE]),
    ],
)
def test_a_table_says_itself_from_which_gateways_it_takes_routes(
    tmp_path: Path, gateways: str, said: list[str]
) -> None:
    bare = '"app" { vpc_id = aws_vpc.v.id }'
    assert bare in HOST
    taking = HOST.replace(
        bare, f'"app" {{\n  vpc_id = aws_vpc.v.id\n  propagating_vgws = {gateways}\n}}'
    )
    net = terraform(tmp_path, 'variable "some" {}', taking, VGW, CUSTOMER, STATIC, BEHIND)
    assert _said(net) == said


def test_the_attachment_of_a_vpn_may_be_looked_up(tmp_path: Path) -> None:
    own = "aws_vpn_connection.o.transit_gateway_attachment_id"
    found = "data.aws_ec2_transit_gateway_vpn_attachment.d.id"
    parts = (part.replace(own, found) for part in (*SPLIT, VPN_TABLE, TO_VPC, TO_OWN))
    assert _said(terraform(tmp_path, HOST, LOOKED_UP, *parts)) == ["reachable"]


def test_the_acl_of_the_subnet_of_the_attachment_counts_for_the_office_too(tmp_path: Path) -> None:
    apart = """
resource "aws_subnet" "hub" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.20.9.0/28"
}
resource "aws_network_acl" "hub" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [SUBNET]
}
"""
    hub = HUB.replace("[aws_subnet.app.id]", "[aws_subnet.hub.id]")
    parts = (HOST, CUSTOMER, hub, HUB_STATIC, ROUTE, TO_DEFAULT)
    net = terraform(tmp_path, *parts, apart.replace("SUBNET", "aws_subnet.hub.id"))
    assert _said(net) == ["blocked", *["ACL_EMPTY aws_network_acl.hub"] * 2]
    assert _said(terraform(tmp_path, *parts, apart.replace("SUBNET", ""))) == ["reachable"]


def test_a_transit_gateway_writes_no_routes_into_the_tables_of_subnets(tmp_path: Path) -> None:
    """A table that takes the routes of a VPN gateway lacks those to a transit gateway."""
    parts = (CUSTOMER, HUB, HUB_STATIC, TO_DEFAULT, VGW, PROPAGATES)
    spare = VGW.replace("vpc_id = aws_vpc.v.id", 'tags = { Name = "spare" }')
    net = terraform(tmp_path, HOST, *(spare if part is VGW else part for part in parts))
    assert _said(net) == ["blocked", TABLE]
    assert [f.help for f in net.findings if f.check == "IAC513"] == [
        "add a route for 192.168.0.0/16 to aws_ec2_transit_gateway.t"
    ]


# ---- templates -------------------------------------------------------------------------------

PLACE = """
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.20.0.0/16}
  AppSubnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.20.1.0/24}
  AppTable:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  AppTableUse:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref AppSubnet, RouteTableId: !Ref AppTable}
  AppGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: app
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 192.168.0.0/16}
  App:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      InstanceType: t3.micro
      KeyName: ops
      SubnetId: !Ref AppSubnet
      SecurityGroupIds: [!Ref AppGroup]
  Customer:
    Type: AWS::EC2::CustomerGateway
    Properties: {BgpAsn: 65000, IpAddress: 198.51.100.1, Type: ipsec.1}
"""
GATE = """
  Vgw:
    Type: AWS::EC2::VPNGateway
    Properties: {Type: ipsec.1}
  VgwAttachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref Vgw}
"""


def connection(to: str, static: bool) -> str:
    return f"""
  Vpn:
    Type: AWS::EC2::VPNConnection
    Properties:
      Type: ipsec.1
      CustomerGatewayId: !Ref Customer
      StaticRoutesOnly: {str(static).lower()}
      {to}
"""


OFFICE = """
  VpnRoute:
    Type: AWS::EC2::VPNConnectionRoute
    Properties: {DestinationCidrBlock: 192.168.0.0/16, VpnConnectionId: !Ref Vpn}
"""
TAKES = """
  Prop:
    Type: AWS::EC2::VPNGatewayRoutePropagation
    DependsOn: VgwAttachment
    Properties: {RouteTableIds: [!Ref AppTable], VpnGatewayId: !Ref Vgw}
"""
DX = """
  Dx:
    Type: AWS::DirectConnect::DirectConnectGatewayAssociation
    Properties: {DirectConnectGatewayId: abc, AssociatedGatewayId: !Ref GATEWAY}
"""
VIF = """
  Vif:
    Type: AWS::DirectConnect::PrivateVirtualInterface
    Properties:
      ConnectionId: dxcon-1
      VirtualInterfaceName: vif
      Vlan: 100
      VirtualGatewayId: !Ref Vgw
"""
TGW = """
  Tgw:
    Type: AWS::EC2::TransitGateway
    Properties: {DefaultRouteTableAssociation: enable, DefaultRouteTablePropagation: enable}
  TgwAttachment:
    Type: AWS::EC2::TransitGatewayAttachment
    Properties: {TransitGatewayId: !Ref Tgw, VpcId: !Ref Vpc, SubnetIds: [!Ref AppSubnet]}
"""
TO_OFFICE = """
  ToOffice:
    Type: AWS::EC2::Route
    DependsOn: TgwAttachment
    Properties:
      RouteTableId: !Ref AppTable
      DestinationCidrBlock: 192.168.0.0/16
      TransitGatewayId: !Ref Tgw
"""
ON_VGW, ON_TGW = "VpnGatewayId: !Ref Vgw", "TransitGatewayId: !Ref Tgw"
UNSET = TGW.replace("enable", "disable")
LACKS = ["blocked", "VPN_NO_ROUTE AppTable"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((GATE, connection(ON_VGW, True), OFFICE), LACKS),
        ((GATE, connection(ON_VGW, True), OFFICE, TAKES), ["reachable"]),
        ((GATE, connection(ON_VGW, True), TAKES), ["blocked", "VPN_NO_ROUTE Vpn"]),
        ((GATE, connection(ON_VGW, False), TAKES), ["undecided"]),
        ((GATE, DX.replace("GATEWAY", "Vgw")), LACKS),
        ((GATE, VIF), LACKS),
        ((GATE, VIF, TAKES), ["undecided"]),
        ((TGW, DX.replace("GATEWAY", "Tgw")), LACKS),
        ((TGW, DX.replace("GATEWAY", "Tgw"), TO_OFFICE), ["undecided"]),
        ((TGW, connection(ON_TGW, False), TO_OFFICE), ["undecided"]),
        ((TGW, connection(ON_TGW, True), TO_OFFICE), ["undecided"]),
        ((UNSET, connection(ON_TGW, False), TO_OFFICE),
         ["blocked", "TRANSIT_ASSOCIATION TgwAttachment"]),
    ],
)  # fmt: skip
def test_templates_say_less_about_attachments(
    tmp_path: Path, parts: tuple[str, ...], said: list[str]
) -> None:
    """They cannot name that of a VPN, so that its association and routes are made elsewhere."""
    net = cloudformation(tmp_path, PLACE, *parts)
    assert _said(net) == said
    assert bool(net.ids) is (said[0] == "blocked")


# ---- one connection or another, without files --------------------------------------------------

OFFICE, FAR = "10.8.0.0/16", vpc("far", "10.8.0.0/16")
FOUND = Resource("aws_thing", "found", {}, line(80), "terraform", "data")
GATEWAY = gate("gateway", HOME, kind="network", title="VPN gateway")


def transit(name: str, **more: Any) -> Gateway:
    return gate(name, HOME, FAR, kind="network", title="transit gateway", **more)


def peering(*ends: Maybe[Vpc]) -> Gateway:
    return gate("peering", *ends, kind="network", title="peering connection")


def leaving(
    network: Network, *routes: tuple[str | Unknown, Maybe[Gateway]], rest: Unknown | None = None
) -> list[Step]:
    """The hops to the office by every connection."""
    start = host(subnet=place(table=table(*routes, rest=rest)))
    ways = departing_ways(network, Departure(start, region(OFFICE), "ipv4", SSH))
    return [step for way in ways for step in way.steps]


@pytest.mark.parametrize(
    ("routes", "rest", "why"),
    [
        ([], None, None),
        ([("0.0.0.0/0", gate("igw", HOME))], None, None),
        ([(OFFICE, SOME)], None, SOME),
        ([("0.0.0.0/0", gate("igw", HOME)), (OFFICE, SOME)], None, SOME),
        ([], OTHER, OTHER),
    ],
    ids=["no route", "a route to the internet", "a route to something",
         "one of two leads to something", "routes that are not known"],
)  # fmt: skip
def test_without_a_connection_only_a_route_to_something_may_lead_to_the_office(
    routes: list[tuple[str | Unknown, Maybe[Gateway]]], rest: Unknown | None, why: Unknown | None
) -> None:
    (step,) = leaving(Network(), *routes, rest=rest)
    assert step.unknowns == ((why,) if why else ())
    assert step.verdict == ("unknown" if why else "block")
    if not why:
        assert step.blocker is not None and step.blocker.reason is Reason.DISCONNECTED


NEAR_HUB, FAR_HUB = transit("near hub"), transit("far hub")


@pytest.mark.parametrize(
    ("gateways", "attachments", "met"),
    [
        ([peering(HOME, SOME)], [], ["peering"]),
        ([peering(SOME, FAR)], [], ["peering"]),
        ([peering(HOME, FAR)], [], []),
        ([NEAR_HUB], [("far", NEAR_HUB, FAR)], []),
        ([transit("found hub", resource=FOUND)], [("far", None, FAR)], ["found hub"]),
        ([NEAR_HUB, FAR_HUB],
         [("home", NEAR_HUB, HOME), ("far", NEAR_HUB, FAR), ("too", FAR_HUB, HOME),
          ("office", FAR_HUB, SOME)], ["far hub"]),
    ],
    ids=["a peering with something", "one end may be ours, or the office", "one with a VPC of ours",
         "a transit gateway where only VPCs of ours are", "one that is looked up",
         "only one of two"],
)  # fmt: skip
def test_the_office_is_where_something_is_that_these_files_do_not_make(
    gateways: list[Gateway],
    attachments: list[tuple[str, Gateway | None, Maybe[Vpc]]],
    met: list[str],
) -> None:
    ends = [attached(name, home, transit=at or gateways[0]) for name, at, home in attachments]
    steps = leaving(Network(gateways=gateways, attachments=ends))
    assert [step.node.address for step in steps if step.node in gateways] == met
    assert (Reason.DISCONNECTED in [s.blocker.reason for s in steps if s.blocker]) is (not met)


@pytest.mark.parametrize(
    ("behind", "met"),
    [
        ([], True),
        ([OFFICE], True),
        (["10.9.0.0/16"], False),
        (["10.9.0.0/16", OFFICE], True),
    ],
    ids=["by one of which nothing is known", "by its own", "by none", "by one of two"],
)
def test_a_vpn_leads_to_the_office_if_its_blocks_do(behind: list[str], met: bool) -> None:
    remotes = [
        Remote(address=block, label=block, gateway=GATEWAY, prefixes=(parse_prefix(block),))
        for block in behind
    ]
    steps = leaving(Network(gateways=[GATEWAY], remotes=remotes))
    assert (GATEWAY in [step.node for step in steps]) is met


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        ([], Reason.VPN_NO_ROUTE),
        ([("0.0.0.0/0", gate("igw", HOME))], Reason.VPN_NO_ROUTE),
        ([(OFFICE, gate("igw", HOME))], Reason.PEER_ROUTE_ELSEWHERE),
    ],
    ids=["there is none", "for everything else", "there is another for the office"],
)
def test_a_route_that_leads_the_office_elsewhere_is_blamed_and_not_a_missing_one(
    routes: list[tuple[str | Unknown, Maybe[Gateway]]], reason: Reason
) -> None:
    steps = leaving(Network(gateways=[GATEWAY]), *routes)
    assert reason in [step.blocker.reason for step in steps if step.blocker]
