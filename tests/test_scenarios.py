"""
Forty scenarios that any model of a VPC has to get right, each as a small configuration.

A row is a question (who, to whom, which service) with the verdict and the explanation codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from iaclint.intent.outward import gets_out
from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.nets import terraform

ANY = 'from_port = 0\nto_port = 0\nprotocol = "-1"\ncidr_blocks = ["0.0.0.0/0"]'
SSH = 'from_port = 22\nto_port = 22\nprotocol = "tcp"\ncidr_blocks = ["0.0.0.0/0"]'


def rule(first: int, last: int, protocol: str, source: str = 'cidr_blocks = ["0.0.0.0/0"]') -> str:
    return f'from_port = {first}\nto_port = {last}\nprotocol = "{protocol}"\n{source}'


def group(name: str, *ingress: str, vpc: str = "v", egress: str = ANY) -> str:
    inbound = "".join(f"ingress {{\n{one}\n}}\n" for one in ingress)
    outbound = f"egress {{\n{egress}\n}}" if egress else ""
    return f"""
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.{vpc}.id
  {inbound}{outbound}
}}
"""


def vpc(name: str, block: str) -> str:
    return f'resource "aws_vpc" "{name}" {{ cidr_block = "{block}" }}\n'


def subnet(name: str, block: str, vpc: str = "v", public: bool = False, more: str = "") -> str:
    return f"""
resource "aws_subnet" "{name}" {{
  vpc_id                  = aws_vpc.{vpc}.id
  cidr_block              = "{block}"
  map_public_ip_on_launch = {str(public).lower()}
  {more}
}}
"""


def table(name: str, *routes: str, vpc: str = "v") -> str:
    """A table of the subnet of the same name; a route is `BLOCK ARGUMENT VALUE`."""
    lines = ""
    for route in routes:
        block, argument, value = route.split()
        lines += f'  route {{\n    cidr_block = "{block}"\n    {argument} = {value}\n  }}\n'
    return f"""
resource "aws_route_table" "{name}" {{
  vpc_id = aws_vpc.{vpc}.id
{lines}}}
resource "aws_route_table_association" "{name}" {{
  subnet_id      = aws_subnet.{name}.id
  route_table_id = aws_route_table.{name}.id
}}
"""


def host(name: str, place: str, groups: str = "") -> str:
    carried = f"vpc_security_group_ids = [{groups}]" if groups else ""
    return f"""
resource "aws_instance" "{name}" {{
  ami           = "ami-1"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.{place}.id
  {carried}
}}
"""


def acl(place: str, *entries: str, vpc: str = "v") -> str:
    """`SIDE NUMBER ACTION PROTOCOL FIRST LAST BLOCK`, each an entry."""
    lines = ""
    for entry in entries:
        side, number, action, protocol, first, last, block = entry.split()
        lines += f"""
  {side} {{
    rule_no    = {number}
    action     = "{action}"
    protocol   = "{protocol}"
    from_port  = {first}
    to_port    = {last}
    cidr_block = "{block}"
  }}
"""
    return f"""
resource "aws_network_acl" "{place}" {{
  vpc_id     = aws_vpc.{vpc}.id
  subnet_ids = [aws_subnet.{place}.id]
{lines}}}
"""


IGW = "aws_internet_gateway.g.id"
WEB, DB = "aws_security_group.web.id", "aws_security_group.db.id"
TO_IGW = f"0.0.0.0/0 gateway_id {IGW}"
GATEWAY = 'resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }\n'
CORE = vpc("v", "10.0.0.0/16") + GATEWAY
FRONT = CORE + subnet("front", "10.0.1.0/24", public=True)
PUBLIC = FRONT + table("front", TO_IGW)
ONE = PUBLIC + host("web", "front", WEB)
BACK = subnet("back", "10.0.2.0/24")
TWO = ONE + group("web", SSH) + BACK + host("db", "back", DB)
OPEN = TWO + group("db", SSH)
LET = "100 allow -1 0 0 0.0.0.0/0"
NAT = """
resource "aws_eip" "n" { domain = "vpc" }
resource "aws_nat_gateway" "n" {
  allocation_id = aws_eip.n.id
  subnet_id     = aws_subnet.front.id
}
"""
THROUGH_NAT = OPEN + NAT + table("back", "0.0.0.0/0 nat_gateway_id aws_nat_gateway.n.id")

OTHER = (
    ONE
    + group("web", SSH)
    + vpc("w", "10.1.0.0/16")
    + subnet("far", "10.1.1.0/24", vpc="w")
    + host("db", "far", DB)
)
PEERING = """
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  auto_accept = %s
}
"""
PCX = "vpc_peering_connection_id aws_vpc_peering_connection.p.id"
TGW = "transit_gateway_id aws_ec2_transit_gateway.t.id"


def joined(there: str = "10.1.0.0/16", back: str = "10.0.0.0/16", way: str = PCX) -> str:
    """The tables of both VPCs."""
    near = ("front", TO_IGW, f"{there} {way}") if there else ("front", TO_IGW)
    rest = OTHER.replace(table("front", TO_IGW), table(*near))
    return rest + table("far", *((f"{back} {way}",) if back else ()), vpc="w")


def transit(options: str = "", zone: str = "") -> str:
    return f"""
resource "aws_ec2_transit_gateway" "t" {{
  {options}
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "v" {{
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.v.id
  subnet_ids         = [aws_subnet.front.id]
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "w" {{
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.w.id
  subnet_ids         = [aws_subnet.{zone or "far"}.id]
}}
"""


OWN = "default_route_table_association = {}\n  default_route_table_propagation = {}"
TABLE = """
resource "aws_ec2_transit_gateway_route_table" "t" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
}
resource "aws_ec2_transit_gateway_route_table_association" "v" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v.id
}
resource "aws_ec2_transit_gateway_route_table_association" "w" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.w.id
}
"""
OFF = OWN.format('"disable"', '"disable"')


def learned(name: str, block: str) -> str:
    return f"""
resource "aws_ec2_transit_gateway_route" "{name}" {{
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
  destination_cidr_block         = "{block}"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{name}.id
}}
"""


DROPS = """
resource "aws_ec2_transit_gateway_route" "drop" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
  destination_cidr_block         = "10.1.1.0/24"
  blackhole                      = true
}
"""
VPN = """
resource "aws_vpn_gateway" "o" { vpc_id = aws_vpc.v.id }
resource "aws_customer_gateway" "o" {
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "o" {
  vpn_gateway_id      = aws_vpn_gateway.o.id
  customer_gateway_id = aws_customer_gateway.o.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "o" {
  vpn_connection_id      = aws_vpn_connection.o.id
  destination_cidr_block = "192.168.0.0/16"
}
"""
BACK_TO_VPN = table("back", "192.168.0.0/16 gateway_id aws_vpn_gateway.o.id")


def balancer(port: int) -> str:
    return f"""
resource "aws_lb" "l" {{
  load_balancer_type = "network"
  subnets            = [aws_subnet.front.id]
}}
resource "aws_lb_target_group" "l" {{
  port     = {port}
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}}
resource "aws_lb_target_group_attachment" "l" {{
  target_group_arn = aws_lb_target_group.l.arn
  target_id        = aws_instance.db.id
}}
resource "aws_lb_listener" "l" {{
  load_balancer_arn = aws_lb.l.arn
  port              = 22
  protocol          = "TCP"
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.l.arn
  }}
}}
"""


def forwarder(checks: bool) -> str:
    """A host to which a route for a part of the VPC leads."""
    return f"""
resource "aws_network_interface" "box" {{
  subnet_id         = aws_subnet.front.id
  source_dest_check = {str(checks).lower()}
}}
""" + table("back", "10.0.1.0/24 network_interface_id aws_network_interface.box.id")


def web(*ingress: str) -> str:
    return ONE + group("web", *ingress)


def listed(*entries: str) -> str:
    return ONE + group("web", SSH) + acl("front", *entries)


MAPPED = group("web", rule(22, 22, "tcp", f"security_groups = [{DB}]"))
EPHEMERAL = "egress 100 allow tcp 1024 65535 0.0.0.0/0"


FIREWALL = """
resource "aws_networkfirewall_firewall" "f" {
  name                = "f"
  firewall_policy_arn = "arn:aws:network-firewall:eu-west-1:123456789012:firewall-policy/p"
  vpc_id              = aws_vpc.v.id
  subnet_mapping { subnet_id = aws_subnet.back.id }
}
"""
INSPECTED = (
    "0.0.0.0/0 vpc_endpoint_id "
    "tolist(aws_networkfirewall_firewall.f.firewall_status[0].sync_states)[0].attachment[0]"
    ".endpoint_id"
)
CARRIER = 'resource "aws_ec2_carrier_gateway" "c" { vpc_id = aws_vpc.v.id }\n'
TO_CARRIER = "0.0.0.0/0 carrier_gateway_id aws_ec2_carrier_gateway.c.id"
TWO_HUBS = """
resource "aws_ec2_transit_gateway" "t" {}
resource "aws_ec2_transit_gateway" "u" {}
resource "aws_ec2_transit_gateway_peering_attachment" "tu" {
  transit_gateway_id      = aws_ec2_transit_gateway.t.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.u.id
  peer_region             = "us-east-1"
}
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "tu" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.tu.id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "v" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.v.id
  subnet_ids         = [aws_subnet.front.id]
}
resource "aws_ec2_transit_gateway_vpc_attachment" "w" {
  transit_gateway_id = aws_ec2_transit_gateway.u.id
  vpc_id             = aws_vpc.w.id
  subnet_ids         = [aws_subnet.far.id]
}
"""
ACCEPTED = """
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "tu" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.tu.id
}
"""
HUBS = joined(way=TGW).replace(
    f'10.0.0.0/16"\n    {TGW.replace(" ", " = ")}',
    '10.0.0.0/16"\n    transit_gateway_id = aws_ec2_transit_gateway.u.id',
)


def across(hub: str, block: str) -> str:
    """A static route of the default table of a transit gateway to the peering."""
    return f"""
resource "aws_ec2_transit_gateway_route" "{hub}" {{
  transit_gateway_route_table_id = aws_ec2_transit_gateway.{hub}.association_default_route_table_id
  destination_cidr_block         = "{block}"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.tu.id
}}
"""


ACROSS = HUBS + TWO_HUBS + group("db", SSH, vpc="w")
THERE, BACK_AGAIN = across("t", "10.1.0.0/16"), across("u", "10.0.0.0/16")


@dataclass(frozen=True)
class Row:
    """A scenario by its number: a configuration, a question, and the answer."""

    number: int
    text: str
    source: str
    target: str
    verdict: str
    codes: tuple[str, ...] = ()
    service: str = "ssh"


B = "blocked"
R = "reachable"
U = "undecided"
NO_RULE = ("ENI_SG_RULES_MISMATCH",)
NO_ADDRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
NO_ROUTE = ("NO_ROUTE_TO_DESTINATION",)
DENIED = ("SUBNET_ACL_RESTRICTION",)
ROWS = (
    Row(1, PUBLIC + host("web", "front"), "internet", "web", B, NO_RULE),
    Row(1, ONE + group("web", SSH), "internet", "web", R),
    Row(3, OPEN, "internet", "db", B, (NO_ADDRESS, *NO_ROUTE)),
    Row(5, OPEN + table("back", TO_IGW), "internet", "db", B, (NO_ADDRESS,)),
    Row(6, OPEN.replace(host("db", "back", DB), host("db", "front", DB)), "web", "db", R),
    Row(6, OPEN.replace(host("db", "back", DB), host("db", "front", DB)) + acl("front"),
        "web", "db", R),
    Row(6, OPEN.replace(ANY, rule(443, 443, "tcp"), 1), "web", "db", B, NO_RULE),
    Row(7, OPEN, "web", "db", R),
    Row(7, OPEN + acl("back", f"egress {LET}"), "web", "db", B, DENIED),
    Row(7, OPEN + acl("front", f"ingress {LET}"), "web", "db", B, DENIED),
    Row(7, OPEN + acl("back", f"ingress {LET}"), "web", "db", B, DENIED),
    Row(10, OPEN + VPN, "192.168.1.0/24", "db", B, NO_ROUTE),
    Row(10, OPEN + VPN + BACK_TO_VPN, "192.168.1.0/24", "db", R),
    Row(13, THROUGH_NAT, "internet", "db", B, (NO_ADDRESS, "NGW_SOURCE_ADDRESS_REASSIGN")),
    Row(16, joined() + PEERING % "true" + group("db", SSH, vpc="w"), "web", "db", R),
    Row(16, joined() + PEERING % "true" + group("db", vpc="w"), "web", "db", B,
        ("SG_HAS_NO_RULES",)),
    Row(17, joined("10.1.9.0/24") + PEERING % "true" + group("db", SSH, vpc="w"), "web", "db", B,
        NO_ROUTE),
    Row(17, joined(back="") + PEERING % "true" + group("db", SSH, vpc="w"), "web", "db", B,
        NO_ROUTE),
    Row(19, joined(way=TGW) + transit() + group("db", SSH, vpc="w"), "web", "db", R),
    Row(19, joined("", way=TGW) + transit() + group("db", SSH, vpc="w"), "web", "db", B, NO_ROUTE),
    Row(20, joined(way=TGW) + transit(OFF) + group("db", SSH, vpc="w"), "web", "db", B,
        ("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",)),
    Row(20, joined(way=TGW) + transit(OFF) + TABLE + group("db", SSH, vpc="w"), "web", "db", B,
        ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(20, joined(way=TGW) + transit(OFF) + TABLE + learned("v", "10.0.0.0/16")
        + learned("w", "10.1.0.0/16") + group("db", SSH, vpc="w"), "web", "db", R),
    Row(20, joined(way=TGW) + transit(OFF) + TABLE + learned("v", "10.0.0.0/16")
        + learned("w", "10.1.0.0/16") + DROPS + group("db", SSH, vpc="w"), "web", "db", B,
        ("TGW_RTB_BAD_STATE_ROUTE",)),
    Row(20, joined(way=TGW) + transit(OFF) + TABLE + learned("v", "10.0.0.0/16")
        + learned("w", "10.0.0.0/8") + group("db", SSH, vpc="w"), "web", "db", R),
    Row(22, joined(way=TGW).replace(subnet("far", "10.1.1.0/24", vpc="w"),
        subnet("far", "10.1.1.0/24", vpc="w", more='availability_zone = "eu-west-1a"')
        + subnet("else", "10.1.2.0/24", vpc="w", more='availability_zone = "eu-west-1b"'))
        + transit(zone="else") + group("db", SSH, vpc="w"), "web", "db", B,
        ("TGW_ROUTE_AZ_RESTRICTION",)),
    Row(23, OPEN + BACK_TO_VPN.replace("aws_vpn_gateway.o.id", IGW), "192.168.1.0/24", "db", B,
        ("DISCONNECTED_VPCS",)),
    Row(26, OPEN + balancer(22), "internet", "db", R),
    Row(26, OPEN + balancer(2222), "internet", "db", B, ("TARGET_PORT_RESTRICTION",)),
    Row(26, TWO + group("db") + balancer(22), "internet", "db", B, ("SG_HAS_NO_RULES",)),
    Row(27, web(rule(0, 22, "tcp")), "internet", "web", R),
    Row(27, web(rule(0, 21, "tcp")), "internet", "web", B, NO_RULE),
    Row(27, web(rule(23, 65535, "tcp")), "internet", "web", B, NO_RULE),
    Row(27, web(rule(65530, 65535, "tcp")), "internet", "web", R, service="tcp/65535"),
    Row(27, web(rule(65530, 65535, "tcp")), "internet", "web", B, NO_RULE, "tcp/65529"),
    Row(27, web(rule(0, 65535, "tcp")), "internet", "web", R),
    Row(28, web(ANY), "internet", "web", R),
    Row(28, web(ANY), "internet", "web", R, service="ping"),
    Row(28, web(rule(22, 22, "udp")), "internet", "web", B, NO_RULE),
    Row(29, web(rule(-1, -1, "icmp")), "internet", "web", R, service="ping"),
    Row(29, web(rule(8, -1, "icmp")), "internet", "web", R, service="ping"),
    Row(29, web(rule(8, 0, "icmp")), "internet", "web", R, service="ping"),
    Row(29, web(rule(0, 0, "icmp")), "internet", "web", B, NO_RULE, "ping"),
    Row(30, web(rule(-1, -1, "icmpv6")), "internet", "web", B, NO_RULE, "ping"),
    Row(31, OPEN.replace(group("db", SSH),
        group("db", rule(22, 22, "tcp", f"security_groups = [{WEB}]"))), "web", "db", R),
    Row(31, OPEN.replace(group("db", SSH), group("db", rule(22, 22, "tcp", "self = true"))),
        "web", "db", B, NO_RULE),
    Row(31, OPEN.replace(host("web", "front", WEB), host("web", "front", f"{WEB}, {DB}")).replace(
        group("db", SSH), group("db", rule(22, 22, "tcp", "self = true"))), "web", "db", R),
    Row(32, ONE + group("web", SSH, egress=""), "internet", "web", R),
    Row(33, listed(f"ingress {LET}", EPHEMERAL), "internet", "web", R),
    Row(33, listed("ingress 90 deny tcp 22 22 0.0.0.0/0", f"ingress {LET}", EPHEMERAL),
        "internet", "web", B, DENIED),
    Row(33, listed(f"ingress {LET}", "ingress 110 deny tcp 22 22 0.0.0.0/0", EPHEMERAL),
        "internet", "web", R),
    Row(33, listed(f"ingress {LET}", "egress 100 allow tcp 22 22 0.0.0.0/0"), "internet", "web", B,
        DENIED),
    Row(33, listed(), "internet", "web", B, DENIED),
    Row(34, FRONT + host("web", "front", WEB) + group("web", SSH), "internet", "web", B, NO_ROUTE),
    Row(34, FRONT + host("web", "front", WEB) + group("web", SSH) + """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
""", "internet", "web", R),
    Row(35, ONE + group("web", SSH) + vpc("w", "10.0.0.0/16")
        + subnet("far", "10.0.1.0/24", vpc="w") + acl("far", vpc="w"), "internet", "web", R),
    Row(36, OPEN + forwarder(True), "web", "db", B, ("ENI_SOURCE_DEST_CHECK_RESTRICTION",)),
    Row(36, OPEN + forwarder(False), "web", "db", U),
    Row(36, FRONT + table("front", "0.0.0.0/0 vpc_endpoint_id \"vpce-0123456789abcdef0\"")
        + host("web", "front", WEB) + group("web", SSH), "internet", "web", U),
    Row(36, FRONT + BACK + FIREWALL + table("front", INSPECTED) + host("web", "front", WEB)
        + group("web", SSH), "internet", "web", U),
    Row(36, FRONT + CARRIER + table("front", TO_CARRIER) + host("web", "front", WEB)
        + group("web", SSH), "internet", "web", B, ("NGW_SOURCE_ADDRESS_REASSIGN",)),
    Row(21, ACROSS + THERE + BACK_AGAIN, "web", "db", R),
    Row(21, ACROSS + BACK_AGAIN, "web", "db", B, ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(21, ACROSS + THERE, "web", "db", B, ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(21, ACROSS.replace(ACCEPTED, "\n") + THERE + BACK_AGAIN, "web", "db", B,
        ("BAD_STATE_ATTACHMENT",)),
    Row(21, ACROSS.replace("= aws_ec2_transit_gateway.u.id\n  peer",
        "= aws_ec2_transit_gateway.t.id\n  peer"), "web", "db", B, ("DISCONNECTED_VPCS",)),
    Row(38, OPEN + forwarder(True), "web", "db", B, ("ENI_SOURCE_DEST_CHECK_RESTRICTION",)),
    Row(39, joined() + PEERING % "false" + group("db", SSH, vpc="w"), "web", "db", B,
        ("BAD_STATE_ATTACHMENT",)),
    Row(40, FRONT + NAT + table("front", TO_IGW, "198.0.0.0/8 nat_gateway_id aws_nat_gateway.n.id")
        + host("web", "front", WEB) + group("web", SSH), "198.51.100.7/32", "web", B,
        ("NGW_SOURCE_ADDRESS_REASSIGN",)),
    Row(40, FRONT + NAT + table("front", TO_IGW, "198.0.0.0/8 nat_gateway_id aws_nat_gateway.n.id")
        + host("web", "front", WEB) + group("web", SSH), "203.0.113.7/32", "web", R),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{one.number}-{i}" for i, one in enumerate(ROWS)])
def test_each_scenario_has_its_verdict_and_codes(tmp_path: Path, row: Row) -> None:
    """The verdict over all families, and every code in the order of the hops."""
    net = terraform(tmp_path, row.text)
    answers = paths([net.network], row.source, row.target, parse_service(row.service))
    codes = tuple(dict.fromkeys(code for one in answers for code in one.reason_codes))
    assert (overall(answers), codes) == (row.verdict, row.codes)


@pytest.mark.parametrize(
    ("text", "name", "out"),
    [
        (ONE + group("web", SSH), "web", True),
        (OPEN + table("back", TO_IGW), "db", False),
        (THROUGH_NAT, "db", True),
        (THROUGH_NAT + acl("front", f"ingress {LET}"), "db", False),
        (THROUGH_NAT + acl("front", f"ingress {LET}", f"egress {LET}"), "db", True),
        (OPEN, "db", False),
    ],
    ids=["4", "5", "11", "15 shut", "15 open", "no way"],
)
def test_an_instance_gets_out_where_the_scenario_says_so(
    tmp_path: Path, text: str, name: str, out: bool
) -> None:
    """Out by its own public address, or by the NAT gateway; a route alone is not enough."""
    net = terraform(tmp_path, text)
    (interface,) = net.instance(name).interfaces()
    assert gets_out(net.network, interface) is out
