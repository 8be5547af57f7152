"""
Hops that few networks have: account policies, tables at the gateway, narrow routes, priorities.
"""

from __future__ import annotations

import pytest

from iaclint.query import overall
from tests.asked import answers, codes, spelled
from tests.blocks import (
    ANYONE,
    BOX,
    IGW,
    NAT,
    NOTHING,
    PCX,
    SSH,
    TGW,
    Entry,
    Rule,
    Text,
    acl,
    gateway,
    group,
    host,
    lets,
    made,
    ref,
    subnet,
    table,
    template,
    vpc,
)
from tests.blocks import (
    CARRIER as TO_CARRIER,
)
from tests.connections import (
    CARRIER,
    NAT_GATEWAY,
    TO_OFFICE,
    balancer,
    classic,
    hub_table,
    peering,
    transit,
    vpn,
)
from tests.scenarios import (
    ACROSS,
    BOTH,
    FAR,
    FRONT,
    IN,
    IN_DB,
    LEARNED,
    MANUAL,
    ONE,
    OPEN,
    PEERED_HUBS,
    REPLIES,
    S3,
    SPLIT,
    TEMPLATE,
    TERRAFORM,
    THROUGH_NAT,
    TWO,
    WEB,
    B,
    R,
    Row,
    U,
    joined,
    web,
)

SOME = Text('variable "some" {}\n', "")
ID = ("var.some", "!ImportValue Some")
APPLIANCE = ("vpce-0123456789abcdef0", "vpce-0123456789abcdef0")
HOME, FRONT_ID = ref("aws_vpc", "home"), ref("aws_subnet", "front")
GATE = ref("aws_internet_gateway", "gate")


def refused(mode: str | tuple[str, str] = "block-ingress") -> Text:
    """What the Region refuses."""
    return SOME + made(
        "aws_vpc_block_public_access_options", "all", "EC2::VPCBlockPublicAccessOptions",
        internet_gateway_block_mode=mode,
    )  # fmt: skip


def excluded(
    mode: str | tuple[str, str] = "allow-bidirectional", name: str = "one", **place: tuple[str, str]
) -> Text:
    return made(
        "aws_vpc_block_public_access_exclusion", name, "EC2::VPCBlockPublicAccessExclusion",
        NOTHING, internet_gateway_exclusion_mode=mode, **place,
    )  # fmt: skip


OTHER = vpc("other", "10.1.0.0/16") + subnet("far", "10.1.1.0/24", home="other")
BACK = subnet("back", "10.0.2.0/24")


def edge(*routes: str) -> Text:
    """A table at the internet gateway."""
    inline = "".join(f'route {{\n  cidr_block = "10.0.1.0/24"\n  {route}\n}}\n' for route in routes)
    return SOME + Text(f"""
resource "aws_route_table" "edge" {{
  vpc_id = aws_vpc.home.id
  {inline}
}}
resource "aws_route_table_association" "edge" {{
  gateway_id     = aws_internet_gateway.gate.id
  route_table_id = aws_route_table.edge.id
}}
""", "")  # fmt: skip


def narrow(place: str, block: str, argument: str, to: tuple[str, str]) -> Text:
    """A route of the table of a subnet, beside it."""
    own = ref("aws_route_table", place)
    name = "".join(word.capitalize() for word in argument.split("_"))
    return SOME + Text(f"""
resource "aws_route" "narrow" {{
  route_table_id         = {own[0]}
  destination_cidr_block = "{block}"
  {argument} = {to[0]}
}}
""", "") + template("NarrowRoute", "EC2::Route",
        f"RouteTableId: {own[1]}, DestinationCidrBlock: {block}, {name}: {to[1]}")  # fmt: skip


DB = ref("aws_instance", "db")
BOX_OF = BACK + made("aws_network_interface", "box", "EC2::NetworkInterface",
                     subnet_id=ref("aws_subnet", "back"))  # fmt: skip
QUOTED = ('"vpce-0123456789abcdef0"', "vpce-0123456789abcdef0")
LISTED = Text("""
resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 2
  entry { cidr = "203.0.113.0/24" }
}
""", "")  # fmt: skip
OFFICE = "203.0.113.7/32 -> aws_instance.web ssh"


BESIDE_IT = """
resource "aws_ec2_managed_prefix_list_entry" "office" {
  cidr           = "203.0.113.0/24"
  prefix_list_id = aws_ec2_managed_prefix_list.office.id
}
"""
OTHER_LIST = LISTED.terraform.replace('"office" {', '"other" {')
OF_OTHER = BESIDE_IT.replace("list.office.id", "list.other.id") + OTHER_LIST
LOOKED_UP_LIST = 'data "aws_ec2_managed_prefix_list" "office" { name = "office" }'
LOOKED_UP_HUB = (
    ('resource "aws_ec2_transit_gateway" "hub" {\n}', 'data "aws_ec2_transit_gateway" "hub" {}'),
    ("aws_ec2_transit_gateway.hub", "data.aws_ec2_transit_gateway.hub"),
)


def by_list(argument: str, to: str, entry: str = "") -> Text:
    """A route for the prefix list; `entry` stands in for the entry within the list."""
    inline = '  entry { cidr = "203.0.113.0/24" }\n'
    listed = LISTED.terraform.replace(inline, "") + entry if entry else LISTED.terraform
    return Text(listed + f"""
resource "aws_route" "listed" {{
  route_table_id             = aws_route_table.front.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.office.id
  {argument} = {to}
}}
""", "")  # fmt: skip


HOST = FRONT + WEB + group("web", SSH)
INWARD, OUTWARD = ("gateway_id", GATE[0]), ("nat_gateway_id", "aws_nat_gateway.nat.id")
BY_BLOCK = OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.1.0/24")))
BY_VPC = OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.0.0/16")))
BY_OTHER = OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.9.0.0/16")))


def hidden(text: Text, *cidrs: str) -> Text:
    """A network some of whose blocks are given on apply."""
    for cidr in cidrs:
        text = Text(text.terraform.replace(f'cidr_block = "{cidr}"', "cidr_block = var.some"), "")
    return SOME + text


MAIN = Text("""
resource "aws_main_route_table_association" "own" {
  vpc_id         = aws_vpc.home.id
  route_table_id = aws_route_table.spare.id
  %s
}
resource "aws_route_table" "spare" {
  vpc_id = aws_vpc.home.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gate.id
  }
}
""", "")  # fmt: skip


def main(more: str = "") -> Text:
    """Another table as the main one."""
    return SOME + Text(MAIN.terraform % more, "")


def beside(place: str) -> Text:
    """The route out, of the table at that place."""
    return SOME + Text(f"""
resource "aws_route" "out" {{
  route_table_id         = {place}
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.gate.id
}}
""", "")  # fmt: skip


IGNORED = "  lifecycle { ignore_changes = [route] }\n"
START = 'resource "aws_route_table" "front" {\n'
BARE = HOST + table("front")
EITHER = 'var.some == "x" ? aws_route_table.%s.id : aws_route_table.%s.id'
SPARE = Text("""
resource "aws_route_table" "a" { vpc_id = aws_vpc.home.id }
resource "aws_route_table" "b" { vpc_id = aws_vpc.home.id }
""", "")  # fmt: skip

ANSWERS = Entry("ingress", 100, "allow", 6, 1024, 65535)
DB_OUT, WEB_OUT = "aws_instance.db -> internet tcp/443", "aws_instance.web -> internet tcp/443"
TO_S3 = "aws_instance.db -> aws_vpc_endpoint.s3 tcp/443"
BY_LINK = "vpc_peering_connection_id = aws_vpc_peering_connection.link.id"
LATER = """
resource "aws_ec2_transit_gateway_default_route_table_%s" "later" {
  transit_gateway_id             = aws_ec2_transit_gateway.hub.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.hub.id
}
"""
EITHER_GATE = (
    'gateway_id = var.some == "x" ? aws_internet_gateway.%s.id : aws_internet_gateway.%s.id'
)
FROM_OFFICE = "192.168.1.0/24 -> aws_instance.db ssh"
OUT_OF_FRONT = "gateway_id = aws_internet_gateway.gate.id"


def in_terraform(text: Text, *swaps: tuple[str, str]) -> Text:
    """The configuration with pieces in place of others, which have to be there."""
    found = text.terraform
    for old, new in swaps:
        assert old in found, old
        found = found.replace(old, new)
    return Text(found if SOME.terraform in found else SOME.terraform + found, "")


LOOSE = "GroupId: !ImportValue Some, IpProtocol: tcp, FromPort: 443, ToPort: 443, " + (
    "CidrIp: 10.0.0.0/16"
)
EVERYTHING_OUT = (
    ", SecurityGroupEgress: [{IpProtocol: '-1', FromPort: 0, ToPort: 0, CidrIp: 0.0.0.0/0}]"
)
ALLOWED_OUT = Text("", web(SSH).cloudformation.replace(EVERYTHING_OUT, ""))
DEFAULT_SUBNETS = """
data "aws_vpc" "home" { default = true }
data "aws_subnets" "all" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.home.id]
  }
}
resource "aws_security_group" "web" {
  vpc_id = data.aws_vpc.home.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  subnet_id              = data.aws_subnets.all.ids[0]
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""


def announced(name: str) -> Text:
    """What a VPC announces to a table that is not known."""
    return Text(f"""
resource "aws_ec2_transit_gateway_route_table_propagation" "{name}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{name}.id
  transit_gateway_route_table_id = var.some
}}
""", "")  # fmt: skip


OF_GROUP = 'port = 22\n  protocol = "TCP"\n  vpc_id'
BESIDE_IPV4 = """
  }
  route {
    cidr_block             = ""
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = "eigw-0123456789abcdef0"
"""
PROXIED = """
resource "aws_proxy_protocol_policy" "classic" {
  load_balancer  = aws_elb.classic.name
  instance_ports = ["%s"]
}
"""
CONSENT = """
resource "aws_ec2_transit_gateway_vpc_attachment_accepter" "other" {
  transit_gateway_attachment_id                   = aws_ec2_transit_gateway_vpc_attachment.other.id
  transit_gateway_default_route_table_association = %s
}
"""


def in_table(more: str) -> Text:
    """A gateway endpoint that a resource of its own puts into the table."""
    inline = "  route_table_ids = [aws_route_table.back.id]\n"
    return Text(S3.terraform.replace(inline, "") + f"""
resource "aws_vpc_endpoint_route_table_association" "back" {{
  {more}
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  route_table_id  = aws_route_table.back.id
}}
""", "")  # fmt: skip


def attached_group(more: str) -> Text:
    """A group that a resource of its own gives to an instance that has another one."""
    return ONE + group("web") + group("more", SSH) + Text(f"""
resource "aws_network_interface_sg_attachment" "more" {{
  {more}
  security_group_id    = aws_security_group.more.id
  network_interface_id = aws_instance.web.primary_network_interface_id
}}
""", "")  # fmt: skip


ROWS = (
    Row(1, "The Region refuses what comes in from the internet.", web(SSH) + refused(), IN, B),
    Row(1, "Both ways.", web(SSH) + refused("block-bidirectional"), IN, B),
    Row(1, "Nothing, when it is switched off.", web(SSH) + refused("off"), IN, R),
    Row(1, "What it refuses may not be known.", web(SSH) + refused(ID), IN, U),
    Row(1, "It has no say inside.", OPEN + refused(), ACROSS, R),
    Row(2, "The VPC is excluded.", web(SSH) + refused() + excluded(vpc_id=HOME), IN, R),
    Row(2, "Another VPC is.", web(SSH) + OTHER + refused()
        + excluded(vpc_id=ref("aws_vpc", "other")), IN, B),
    Row(2, "The subnet is.", web(SSH) + refused() + excluded(subnet_id=FRONT_ID), IN, R),
    Row(2, "Another subnet is.", web(SSH) + BACK + refused()
        + excluded(subnet_id=ref("aws_subnet", "back")), IN, B),
    Row(2, "Something is that is not known.", web(SSH) + refused() + excluded(vpc_id=ID), IN, U),
    Row(2, "One of two exclusions is enough.", web(SSH) + OTHER + refused()
        + excluded("allow-egress", vpc_id=ref("aws_vpc", "other")) + excluded(
            vpc_id=HOME, name="two"), IN, R),
    Row(2, "What it is excluded from is not known.",
        web(SSH) + refused() + excluded(ID, vpc_id=HOME), IN, U),
    Row(2, "For connections that go out.",
        web(SSH) + refused() + excluded("allow-egress", vpc_id=HOME), IN, B),
    Row(3, "A table at the gateway without a route for the subnet.", web(SSH) + edge(), IN, R,
        languages=TERRAFORM),
    Row(3, "With the local route written down.", web(SSH) + edge('gateway_id = "local"'), IN, R,
        languages=TERRAFORM),
    Row(3, "With a route to an appliance, which decides.",
        web(SSH) + edge(f'vpc_endpoint_id = "{APPLIANCE[0]}"'), IN, U, languages=TERRAFORM),
    Row(3, "With a route to something that is not known.", web(SSH) + edge("gateway_id = var.some"),
        IN, U, languages=TERRAFORM),
    Row(4, "A route for a part of the VPC leads into an appliance, which decides.",
        OPEN + narrow("front", "10.0.2.0/24", "vpc_endpoint_id", QUOTED), ACROSS, U),
    Row(4, "Out of the VPC.", OPEN + narrow("front", "10.0.2.0/24", "gateway_id", GATE), ACROSS, B),
    Row(4, "To a target that is not known.",
        OPEN + narrow("front", "10.0.2.0/24", "gateway_id", ID), ACROSS, U),
    Row(4, "To the very instance.", OPEN + narrow("front", "10.0.2.0/24", "instance_id", DB),
        ACROSS, R),
    Row(4, "For a part that does not hold the target.",
        OPEN + narrow("front", "10.0.7.0/24", "gateway_id", GATE), ACROSS, R),
    Row(4, "For half of the target's subnet: it may be in the other.",
        OPEN + narrow("front", "10.0.2.0/25", "gateway_id", GATE), ACROSS, U),
    Row(4, "For more than the VPC: its own route is narrower.",
        OPEN + narrow("front", "10.0.0.0/8", "gateway_id", GATE), ACROSS, R),
    Row(4, "Inside of a subnet no table is asked.", OPEN.swap(
        host("db", "back", "db"), host("db", "front", "db"))
        + narrow("front", "10.0.1.0/24", "gateway_id", GATE), ACROSS, R),
    Row(4, "The local route may be written down.",
        OPEN + narrow("front", "10.0.0.0/16", "gateway_id", ('"local"', "local")), ACROSS, R,
        languages=TERRAFORM),
    Row(4, "A route out by somebody's interface lets nobody in.",
        FRONT + WEB + group("web", SSH) + BOX_OF + table("front", (ANYONE, BOX)), IN, B),
    Row(4, "Unless a table at the gateway leads there, and the interface decides.",
        FRONT + WEB + group("web", SSH) + BOX_OF + table("front", (ANYONE, BOX))
        + edge("network_interface_id = aws_network_interface.box.id"), IN, U, languages=TERRAFORM),
    Row(5, "A rule for the block of the client's subnet.", BY_BLOCK, ACROSS, R),
    Row(5, "The subnet's block is not known: that of the VPC holds it.",
        hidden(BY_VPC, "10.0.1.0/24"), ACROSS, R, languages=TERRAFORM),
    Row(5, "A rule for a part of it.", hidden(BY_BLOCK, "10.0.1.0/24"), ACROSS, U,
        languages=TERRAFORM),
    Row(5, "A rule for another network.", hidden(BY_OTHER, "10.0.1.0/24"), ACROSS, B,
        languages=TERRAFORM),
    Row(5, "Nor is that of the VPC: it may be anywhere.",
        hidden(BY_OTHER, "10.0.1.0/24", "10.0.0.0/16"), ACROSS, U, languages=TERRAFORM),
    Row(6, "A prefix list is a destination.", HOST + table("front") + by_list(*INWARD), OFFICE, R,
        languages=TERRAFORM),
    Row(6, "For those on it.", HOST + table("front") + by_list(*INWARD),
        "198.51.100.7/32 -> aws_instance.web ssh", B, languages=TERRAFORM),
    Row(6, "A route for the same block wins over it.", HOST + NAT_GATEWAY
        + table("front", ("203.0.113.0/24", NAT)) + by_list(*INWARD), OFFICE, B,
        languages=TERRAFORM),
    Row(6, "Whichever way it leads.", HOST + NAT_GATEWAY
        + table("front", ("203.0.113.0/24", IGW)) + by_list(*OUTWARD), OFFICE, R,
        languages=TERRAFORM),
    Row(6, "A narrower one wins over a wider route.", HOST + NAT_GATEWAY
        + table("front", (ANYONE, IGW)) + by_list(*OUTWARD), OFFICE, B, languages=TERRAFORM),
    Row(7, "Another table can be the main one.", HOST + main(), IN, R, languages=TERRAFORM),
    Row(7, "Perhaps.", HOST + main('count = var.some == "x" ? 1 : 0'), IN, U, languages=TERRAFORM),
    Row(7, "A subnet with a table of its own does not ask it.", BARE + main(), IN, B,
        languages=TERRAFORM),
    Row(7, "The main table can be named by its VPC.",
        HOST + beside("aws_vpc.home.main_route_table_id"), IN, R, languages=TERRAFORM),
    Row(8, "A route of a table that is not known may be one of any.", BARE + beside("var.some"),
        IN, U, languages=TERRAFORM),
    Row(8, "Of one of two, of which this is one.",
        BARE + SPARE + beside(EITHER % ("front", "a")), IN, U, languages=TERRAFORM),
    Row(8, "Of one of two others.", BARE + SPARE + beside(EITHER % ("a", "b")), IN, B,
        languages=TERRAFORM),
    Row(8, "Somebody else may add routes that Terraform ignores.",
        Text(BARE.terraform.replace(START, START + IGNORED), ""), IN, U, languages=TERRAFORM),
    Row(8, "Those that are written are there.",
        in_terraform(web(SSH), (START, START + IGNORED)), IN, R, languages=TERRAFORM),
    Row(8, "For a single client, too.", in_terraform(web(SSH), (START, START + IGNORED)),
        "203.0.113.7 -> aws_instance.web ssh", R, languages=TERRAFORM),
    Row(8, "A VPC that is looked up may have a gateway.", Text(web(SSH).terraform.replace(
        gateway("gate", "home").terraform, "").replace(
        'resource "aws_vpc" "home" {\n  cidr_block = "10.0.0.0/16"', 'data "aws_vpc" "home" {')
        .replace("aws_vpc.home", "data.aws_vpc.home").replace(
        "aws_internet_gateway.gate.id", "var.some"), "") + SOME, IN, U, languages=TERRAFORM),
    Row(8, "Who passes one hop for certain and the other perhaps may get in.",
        ONE + group("web", Rule(22, 22, "tcp", "198.51.100.0/24"))
        + acl("front", Entry("ingress", 100, "allow", 6, 22, 22, "203.0.113.0/24"), REPLIES)
        + SOME + Text("""
resource "aws_security_group_rule" "more" {
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = [var.some]
  security_group_id = aws_security_group.web.id
}
""", ""), IN, U, languages=TERRAFORM),
    Row(8, "Who passes one hop never passes the other.",
        ONE + group("web", Rule(22, 22, "tcp", "198.51.100.0/24"))
        + acl("front", Entry("ingress", 100, "allow", 6, 22, 22, "203.0.113.0/24"), REPLIES),
        IN, B),
    Row(9, "A gateway that is attached perhaps.", web(SSH).swap(
        gateway("gate", "home"), gateway("gate", "")) + SOME + Text("""
resource "aws_internet_gateway_attachment" "late" {
  count               = var.some == "x" ? 1 : 0
  vpc_id              = aws_vpc.home.id
  internet_gateway_id = aws_internet_gateway.gate.id
}
""", ""), IN, U, languages=TERRAFORM),
    Row(9, "Attached by a resource of its own.", web(SSH).swap(
        gateway("gate", "home"), gateway("gate", "")) + template(
            "LateAttachment", "EC2::VPCGatewayAttachment",
            f"VpcId: {HOME[1]}, InternetGatewayId: {GATE[1]}") + Text("""
resource "aws_internet_gateway_attachment" "late" {
  vpc_id              = aws_vpc.home.id
  internet_gateway_id = aws_internet_gateway.gate.id
}
""", ""), IN, R),
    Row(9, "Attached to nothing.", web(SSH).swap(
        gateway("gate", "home"), gateway("gate", "")), IN, B),
    Row(10, "Out through a NAT gateway in a subnet whose table is not known.",
        in_terraform(THROUGH_NAT, ("aws_route_table.front.id", "var.some")), DB_OUT, U,
        languages=TERRAFORM),
    Row(10, "In a subnet that is not known.", in_terraform(THROUGH_NAT, (
        'nat" {\n  subnet_id = aws_subnet.front.id', 'nat" {\n  subnet_id = var.some')), DB_OUT, U,
        languages=TERRAFORM),
    Row(10, "One that may be private.", in_terraform(THROUGH_NAT, (
        'nat" {\n  subnet_id', 'nat" {\n  connectivity_type = var.some\n  subnet_id')), DB_OUT, U,
        languages=TERRAFORM),
    Row(10, "Somebody else may change the routes behind it.",
        in_terraform(THROUGH_NAT, (START, START + IGNORED)), DB_OUT, U, languages=TERRAFORM),
    Row(10, "The route behind it leads to something that is not known.",
        in_terraform(THROUGH_NAT, (OUT_OF_FRONT, "gateway_id = var.some")), DB_OUT, U,
        languages=TERRAFORM),
    Row(10, "To an appliance, which decides.",
        in_terraform(THROUGH_NAT, (OUT_OF_FRONT, f'vpc_endpoint_id = "{APPLIANCE[0]}"')), DB_OUT, U,
        languages=TERRAFORM),
    Row(10, "To a gateway of another VPC.", THROUGH_NAT.swap(
        gateway("gate", "home"), gateway("gate", "other") + OTHER), DB_OUT, B),
    Row(11, "Out of a subnet that is not known.", in_terraform(web(SSH), (
        "subnet_id = aws_subnet.front.id\n  instance_type",
        "subnet_id = var.some\n  instance_type")), WEB_OUT, U, languages=TERRAFORM),
    Row(11, "By a table that is not known.",
        in_terraform(web(SSH), ("aws_route_table.front.id", "var.some")), WEB_OUT, U,
        languages=TERRAFORM),
    Row(11, "By a route to something that is not known.",
        in_terraform(web(SSH), (OUT_OF_FRONT, "gateway_id = var.some")), WEB_OUT, U,
        languages=TERRAFORM),
    Row(11, "Through an interface that forwards nothing.",
        HOST + BOX_OF + table("front", (ANYONE, BOX)), WEB_OUT, B),
    Row(11, "Through one that may forward it.", in_terraform(
        HOST + BOX_OF + table("front", (ANYONE, BOX)), (
            'box" {\n', 'box" {\n  source_dest_check = false\n')), WEB_OUT, U,
        languages=TERRAFORM),
    Row(11, "To the network of a carrier, which is another one than the internet.",
        HOST + CARRIER + table("front", (ANYONE, TO_CARRIER)), WEB_OUT, B),
    Row(12, "From an office to an instance in a VPC that is not known.", in_terraform(OPEN, (
        "subnet_id = aws_subnet.back.id\n  instance_type",
        "subnet_id = var.some\n  instance_type")), FROM_OFFICE, U, languages=TERRAFORM),
    Row(12, "And from there to the office.", in_terraform(OPEN, (
        "subnet_id = aws_subnet.back.id\n  instance_type",
        "subnet_id = var.some\n  instance_type")), "aws_instance.db -> 192.168.1.9 ssh", U,
        languages=TERRAFORM),
    Row(12, "By a table that is not known.", in_terraform(OPEN + table("back"), (
        "route_table_id = aws_route_table.back.id", "route_table_id = var.some")), FROM_OFFICE, U,
        languages=TERRAFORM),
    Row(13, "To a transit gateway that is not known, which may be the one of the other VPC.",
        in_terraform(joined(TGW) + transit(), (
            'attachment" "home" {\n  transit_gateway_id = aws_ec2_transit_gateway.hub.id',
            'attachment" "home" {\n  transit_gateway_id = var.some')), ACROSS, U,
        languages=TERRAFORM),
    Row(13, "In subnets that are not known, where no ACL of the VPC filters.",
        in_terraform(joined(TGW) + transit(), ("[aws_subnet.far.id]", "[var.some]")), ACROSS, R,
        languages=TERRAFORM),
    Row(13, "Where one does.", in_terraform(
        joined(TGW) + transit() + subnet("else", "10.1.2.0/24", home="other")
        + acl("else", home="other"), ("[aws_subnet.far.id]", "[var.some]")), ACROSS, U,
        languages=TERRAFORM),
    Row(13, "The table of a subnet leads to a transit gateway known by its id alone.",
        in_terraform(joined(TGW) + transit(), (
            "transit_gateway_id = aws_ec2_transit_gateway.hub.id\n  }",
            'transit_gateway_id = "tgw-0123456789abcdef0"\n  }')), ACROSS, U,
        languages=TERRAFORM),
    Row(13, "Two VPCs with one block never talk: the local route wins.",
        joined(TGW, "10.0.0.0/8", "10.0.0.0/8").swap(
            vpc("other", "10.1.0.0/16"), vpc("other", "10.0.0.0/16")
        ).swap(FAR, subnet("far", "10.0.7.0/24", home="other")) + transit(), ACROSS, B,
        ("VPC_LOCAL_ROUTE_CIDR_RESTRICTION", "TGW_RTB_MORE_SPECIFIC_ROUTE")),
    Row(13, "What a gateway is peered with is not known.", in_terraform(
        PEERED_HUBS, ("peer_transit_gateway_id = aws_ec2_transit_gateway.exchange.id",
        "peer_transit_gateway_id = var.some")), ACROSS, U, languages=TERRAFORM),
    Row(14, "The route to a peering connection may lead elsewhere.", in_terraform(
        joined(PCX) + peering(), (BY_LINK, "vpc_peering_connection_id = var.some")), ACROSS, U,
        languages=TERRAFORM),
    Row(14, "To one known by its id alone.", in_terraform(joined(PCX) + peering(), (
        BY_LINK, 'vpc_peering_connection_id = "pcx-0123456789abcdef0"')), ACROSS, U,
        languages=TERRAFORM),
    Row(14, "Routes to something that is not known may connect two VPCs.",
        in_terraform(joined(PCX) + peering(), (BY_LINK, "vpc_peering_connection_id = var.some"),
                     (peering().terraform, "")), ACROSS, U, languages=TERRAFORM),
    Row(15, "From a table that is not known to a gateway endpoint.", in_terraform(S3, (
        "route_table_id = aws_route_table.back.id", "route_table_id = var.some")), TO_S3, U,
        languages=TERRAFORM),
    Row(15, "To an endpoint in tables that are not known.", in_terraform(S3, (
        "route_table_ids = [aws_route_table.back.id]", "route_table_ids = [var.some]")), TO_S3, U,
        languages=TERRAFORM),
    Row(15, "In this table for certain, and in others perhaps.", in_terraform(S3, (
        "route_table_ids = [aws_route_table.back.id]",
        "route_table_ids = [var.some, aws_route_table.back.id]")), TO_S3, R, languages=TERRAFORM),
    Row(16, "Who goes out asks for port 443, and is answered at one of its own.",
        ONE + group("web") + acl("front", Entry("egress", 100, "allow", 6, 443, 443), ANSWERS),
        WEB_OUT, R),
    Row(16, "It does not ask at a port of its own.", ONE + group("web") + acl("front", REPLIES,
        ANSWERS), WEB_OUT, B, ("SUBNET_ACL_RESTRICTION",)),
    Row(16, "Nor is it answered at 443.", ONE + group("web") + acl("front", lets("egress"),
        Entry("ingress", 100, "allow", 6, 443, 443)), WEB_OUT, B, ("SUBNET_ACL_RESTRICTION",)),
    Row(17, "A load balancer for TCP carries no UDP.",
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "udp"))) + balancer(22),
        "internet -> aws_instance.db udp/22", B),
    Row(17, "What an ACL denies is not the fault of the target port.",
        OPEN + balancer(2222) + acl("back"), IN_DB, B,
        ("SUBNET_ACL_RESTRICTION", "TARGET_PORT_RESTRICTION")),
    Row(17, "Nor is what no port would let in.", TWO + group("db") + balancer(2222), IN_DB, B,
        ("SG_HAS_NO_RULES",)),
    Row(17, "Whether the target sees the client's address or the node's is not known.",
        in_terraform(OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.0.0/16")))
        + balancer(22), ("port = 22\n  protocol = \"TCP\"\n  vpc_id",
        "port = 22\n  preserve_client_ip = var.some\n  protocol = \"TCP\"\n  vpc_id")), IN_DB, U,
        languages=TERRAFORM),
    Row(6, "An entry may be a resource of its own.",
        HOST + table("front") + by_list(*INWARD, entry=BESIDE_IT), OFFICE, R, languages=TERRAFORM),
    Row(6, "Of this list.", HOST + table("front") + by_list(*INWARD, entry=OF_OTHER), OFFICE, B,
        languages=TERRAFORM),
    Row(6, "Perhaps.", SOME + HOST + table("front") + by_list(
        *INWARD, entry=BESIDE_IT.replace("cidr ", "count = var.some\n  cidr ")), OFFICE, U,
        languages=TERRAFORM),
    Row(6, "Of a list that is not known, which may be this one.",
        SOME + HOST + table("front") + by_list(*INWARD, entry=BESIDE_IT.replace(
            "aws_ec2_managed_prefix_list.office.id", "var.some")), OFFICE, U, languages=TERRAFORM),
    Row(6, "A list that is looked up holds nobody knows what.", in_terraform(
        HOST + table("front") + by_list(*INWARD), (LISTED.terraform, LOOKED_UP_LIST),
        ("id = aws_ec2_managed_prefix_list", "id = data.aws_ec2_managed_prefix_list")), OFFICE, U,
        languages=TERRAFORM),
    Row(12, "A router that is for others is none for the office.", OPEN + BOX_OF.swap(BACK, NOTHING)
        + table("back", ("172.16.0.0/12", BOX)), FROM_OFFICE, B, ("DISCONNECTED_VPCS",)),
    Row(12, "The office asks for port 22, and is answered at ports of its own.",
        OPEN + vpn("192.168.0.0/16") + TO_OFFICE
        + acl("back", Entry("ingress", 100, "allow", 6, 22, 22), REPLIES), FROM_OFFICE, R),
    Row(12, "Not at port 22.", OPEN + vpn("192.168.0.0/16") + TO_OFFICE
        + acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, 22, 22)), FROM_OFFICE, B,
        ("SUBNET_ACL_RESTRICTION",)),
    Row(13, "A transit gateway that is looked up has tables of its own.", in_terraform(
        joined(TGW) + transit(), *LOOKED_UP_HUB), ACROSS, U, languages=TERRAFORM),
    Row(13, "Another table may be the one for attachments that come later.",
        joined(TGW) + transit() + hub_table() + Text(LATER % "association", ""), ACROSS, U,
        languages=TERRAFORM),
    Row(13, "Or the one they announce to.",
        joined(TGW) + transit() + hub_table() + Text(LATER % "propagation", ""), ACROSS, U,
        languages=TERRAFORM),
    Row(15, "What the service answers has to come back into the subnet.",
        S3 + acl("back", lets("egress")), TO_S3, B, ("SUBNET_ACL_RESTRICTION",)),
    Row(18, "Whichever of two routes it is, it leads to the same gateway.", in_terraform(
        web(SSH), (OUT_OF_FRONT, EITHER_GATE % ("gate", "gate"))), IN, R, languages=TERRAFORM),
    Row(18, "To one of two, of which one is not attached.", in_terraform(
        web(SSH) + gateway("loose", ""), (OUT_OF_FRONT, EITHER_GATE % ("gate", "loose"))), IN, U,
        languages=TERRAFORM),
    Row(18, "Whichever NAT gateway it is, nobody comes in by it.", in_terraform(
        web(SSH), (OUT_OF_FRONT, "nat_gateway_id = var.some")), IN, B,
        ("NGW_SOURCE_ADDRESS_REASSIGN",), TERRAFORM),
    Row(7, "Which table is the main one may not be known.", in_terraform(HOST + main(), (
        "route_table_id = aws_route_table.spare.id", "route_table_id = var.some")), IN, U,
        languages=TERRAFORM),
    Row(7, "Nor of which VPC.", in_terraform(HOST + main(), (
        "vpc_id         = aws_vpc.home.id", "vpc_id         = var.some")), IN, U,
        languages=TERRAFORM),
    Row(3, "A table that the gateway perhaps has.", in_terraform(
        web(SSH) + edge(f'vpc_endpoint_id = "{APPLIANCE[0]}"'),
        ('association" "edge" {', 'association" "edge" {\n  count = var.some')), IN, U,
        languages=TERRAFORM),
    Row(3, "A table of a gateway that is not known.", in_terraform(
        web(SSH) + edge(f'vpc_endpoint_id = "{APPLIANCE[0]}"'), (
            "gateway_id     = aws_internet_gateway.gate.id", "gateway_id     = var.some")), IN, U,
        languages=TERRAFORM),
    Row(3, "A table that is not known.", in_terraform(
        web(SSH) + edge(f'vpc_endpoint_id = "{APPLIANCE[0]}"'), (
            "route_table_id = aws_route_table.edge.id", "route_table_id = var.some")), IN, U,
        languages=TERRAFORM),
    Row(15, "A table that an endpoint perhaps has.", SOME + in_table("count = var.some"), TO_S3, U,
        languages=TERRAFORM),
    Row(15, "One that it has for certain.", in_table(""), TO_S3, R, languages=TERRAFORM),
    Row(19, "A group that an interface perhaps has.", SOME + attached_group("count = var.some"),
        IN, U, languages=TERRAFORM),
    Row(19, "One that it has for certain.", attached_group(""), IN, R, languages=TERRAFORM),
    Row(13, "Both at a gateway that is known by its id alone.", in_terraform(
        joined(TGW) + transit(), ("aws_ec2_transit_gateway.hub.id", '"tgw-0123456789abcdef0"')),
        ACROSS, U, languages=TERRAFORM),
    Row(13, "What they announce goes into a table that is not known.",
        SOME + joined(TGW) + MANUAL + BOTH + announced("home") + announced("other"), ACROSS, U,
        languages=TERRAFORM),
    Row(13, "So do static routes.", in_terraform(joined(TGW) + MANUAL + BOTH + LEARNED, (
        'route_table_id = aws_ec2_transit_gateway_route_table.hub.id\n  destination',
        'route_table_id = var.some\n  destination')), ACROSS, U, languages=TERRAFORM),
    Row(18, "An argument that is empty is none.", in_terraform(web(SSH), (
        OUT_OF_FRONT, f'{OUT_OF_FRONT}\n    ipv6_cidr_block = ""\n    nat_gateway_id = ""')), IN, R,
        languages=TERRAFORM),
    Row(18, "Nor is an empty block one that is not known.", in_terraform(web(SSH), (
        OUT_OF_FRONT, OUT_OF_FRONT + BESIDE_IPV4)), IN, R, languages=TERRAFORM),
    Row(20, "A rule in, of a group that is not known, says nothing about the way out.",
        ALLOWED_OUT + template("Loose", "EC2::SecurityGroupIngress", LOOSE), WEB_OUT, R,
        languages=TEMPLATE),
    Row(20, "A rule out does.",
        ALLOWED_OUT + template("Loose", "EC2::SecurityGroupEgress", LOOSE), WEB_OUT, U,
        languages=TEMPLATE),
    Row(21, "The subnets of the default VPC are those that AWS made, with a route out.",
        Text(DEFAULT_SUBNETS, ""), IN, R, languages=TERRAFORM),
    Row(21, "Those of another VPC that is looked up are not.",
        Text(DEFAULT_SUBNETS.replace("default = true", 'id = "vpc-0123456789abcdef0"'), ""), IN, U,
        languages=TERRAFORM),
    Row(17, "Nor is it where nobody knows what kind of targets there are.", in_terraform(
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.0.0/16"))) + balancer(22),
        (OF_GROUP, OF_GROUP.replace("port =", "target_type = var.some\n  port ="))), IN_DB, U,
        languages=TERRAFORM),
    Row(17, "Addresses see the node, unless it is asked to keep the client's.", in_terraform(
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.0.0/16"))) + balancer(22),
        (OF_GROUP, OF_GROUP.replace("port =", 'target_type = "ip"\n  port ='))), IN_DB, R,
        languages=TERRAFORM),
    Row(17, "A classic load balancer for TCP.", OPEN + classic(22, 22), IN_DB, R),
    Row(17, "With a header before the data that no SSH server reads.",
        OPEN + classic(22, 22) + Text(PROXIED % 22, ""), IN_DB, B, ("X_PROXY_PROTOCOL",),
        TERRAFORM),
    Row(17, "On another port.", OPEN + classic(22, 22) + Text(PROXIED % 80, ""), IN_DB, R,
        languages=TERRAFORM),
    Row(13, "Who accepts an attachment may keep it out of the default table.",
        joined(TGW) + transit() + Text(CONSENT % "false", ""), ACROSS, B,
        ("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",), TERRAFORM),
    Row(13, "Or leave it in.", joined(TGW) + transit() + Text(CONSENT % "true", ""), ACROSS, R,
        languages=TERRAFORM),
    Row(22, "A zone is missing only where all subnets of an attachment are known.", in_terraform(
        joined(TGW).swap(FAR, SPLIT) + transit("else"),
        ("[aws_subnet.else.id]", "[aws_subnet.else.id, var.some]")), ACROSS, R,
        languages=TERRAFORM),
)  # fmt: skip


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_rare_hops_decide_as_aws_says(row: Row, language: str) -> None:
    """Each row says it in a sentence."""
    found = answers(row, language)
    assert overall(found) == row.verdict
    assert not row.codes or codes(found) == row.codes


def test_what_is_not_known_about_a_rule_is_said() -> None:
    """With the flag that decides it."""
    row = Row(1, "", in_terraform(web(SSH), ("from_port = 22", "from_port = var.some")), IN, U)
    (answer,) = answers(row, "terraform")
    assert answer.verdict == U
    assert answer.unknown == (('variable "some" has no default', "--var some=…"),)
