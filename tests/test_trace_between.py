"""
Between VPCs: peering connections and transit gateways, each hop there and back.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.flow import Client, Flow
from iaclint.packet.service import SSH
from iaclint.trace.engine import trace
from iaclint.trace.model import Reason
from tests.nets import cloudformation, hops, terraform, unjudged

VPCS = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "b" { cidr_block = "10.1.0.0/16" }
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.a.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.1.1.0/24"
}
resource "aws_route_table" "a" { vpc_id = aws_vpc.a.id }
resource "aws_route_table" "b" { vpc_id = aws_vpc.b.id }
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.b.id
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.a.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.a.id
}
resource "aws_security_group" "bastion" {
  vpc_id = aws_vpc.a.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
}
resource "aws_instance" "app" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.b.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""
BY_BLOCK = """
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.b.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.a.cidr_block]
  }
}
"""
BY_GROUP = """
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.b.id
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [aws_security_group.bastion.id]
  }
}
"""
PEERING = """
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}
"""
PENDING = PEERING.replace("auto_accept = true", "auto_accept = false")
ACCEPTER = """
resource "aws_vpc_peering_connection_accepter" "p" {
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
  auto_accept               = true
}
"""


def route(table: str, to: str, target: str) -> str:
    return f"""
resource "aws_route" "{table}_{to}" {{
  route_table_id         = aws_route_table.{table}.id
  destination_cidr_block = aws_vpc.{to}.cidr_block
  {target}
}}
"""


BY_PEERING = "vpc_peering_connection_id = aws_vpc_peering_connection.p.id"
BOTH = route("a", "b", BY_PEERING) + route("b", "a", BY_PEERING)


def test_peering_with_routes_on_both_sides_is_reachable_hop_by_hop(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, BOTH)
    assert net.errors == []
    flow = net.flow("bastion", "app")
    assert flow.trace.verdict == "reachable"
    assert hops(flow.trace.ways[0]) == [
        "request sg bastion allow",
        "request acl (default) allow",
        "request route table a allow",
        "request peering p allow",
        "request acl (default) allow",
        "request sg app allow",
        "reply acl (default) allow",
        "reply route table b allow",
        "reply acl (default) allow",
    ]


def test_a_route_on_one_side_only_loses_the_replies(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, route("a", "b", BY_PEERING))
    assert net.errors == ["IAC501"]
    (blocker,) = net.flow("bastion", "app").trace.blockers
    assert blocker.node.address == "aws_route_table.b"


def test_no_route_on_either_side_names_both_tables(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING)
    assert net.errors == ["IAC501", "IAC501"]


def test_nobody_accepts_the_peering_connection(tmp_path: Path) -> None:
    assert terraform(tmp_path, VPCS, BY_BLOCK, PENDING, BOTH).errors == ["IAC503"]


def test_an_accepter_that_accepts_makes_it_active(tmp_path: Path) -> None:
    assert terraform(tmp_path, VPCS, BY_BLOCK, PENDING, ACCEPTER, BOTH).errors == []


def test_an_accepter_that_does_not_accept_leaves_it_pending(tmp_path: Path) -> None:
    idle = ACCEPTER.replace("auto_accept               = true", "")
    assert terraform(tmp_path, VPCS, BY_BLOCK, PENDING, idle, BOTH).errors == ["IAC503"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vpc_peering_connection_id =", "count = var.some\n  vpc_peering_connection_id ="),
        ("aws_vpc_peering_connection.p.id", "var.some"),
    ],
)
def test_an_accepter_that_may_be_of_another_connection_is_not_decided(
    tmp_path: Path, old: str, new: str
) -> None:
    accepter = 'variable "some" {}' + ACCEPTER.replace(old, new)
    net = terraform(tmp_path, VPCS, BY_BLOCK, PENDING, BOTH, accepter)
    assert net.flow("bastion", "app").trace.verdict == "undecided"


def test_a_group_can_be_named_over_peering_in_one_region(tmp_path: Path) -> None:
    assert terraform(tmp_path, VPCS, BY_GROUP, PEERING, BOTH).errors == []


def test_a_group_of_a_vpc_that_nothing_connects_is_no_source(tmp_path: Path) -> None:
    assert terraform(tmp_path, VPCS, BY_GROUP).errors == ["IAC505"]


def test_overlapping_blocks_cannot_be_peered(tmp_path: Path) -> None:
    same = VPCS.replace("10.1.0.0/16", "10.0.0.0/16").replace("10.1.1.0/24", "10.0.2.0/24")
    net = terraform(tmp_path, same, BY_GROUP, PEERING, BOTH)
    assert "IAC504" in net.errors


def test_a_peering_of_overlapping_blocks_is_refused_whoever_is_to_use_it(tmp_path: Path) -> None:
    same = VPCS.replace("10.1.0.0/16", "10.0.0.0/16").replace("10.1.1.0/24", "10.0.2.0/24")
    assert terraform(tmp_path, same, BY_BLOCK, PEERING, BOTH).errors == ["IAC504"]


@pytest.mark.parametrize(("block", "errors"), [("10.0.128.0/17", ["IAC504"]), ("10.1.0.0/16", [])])
def test_a_template_cannot_peer_overlapping_blocks(
    tmp_path: Path, block: str, errors: list[str]
) -> None:
    net = cloudformation(
        tmp_path,
        f"""
  One: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Other: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {block}}}}}
  Peering:
    Type: AWS::EC2::VPCPeeringConnection
    Properties: {{VpcId: !Ref One, PeerVpcId: !Ref Other}}
""",
    )
    assert net.errors == errors


def test_a_more_specific_route_elsewhere_wins_over_the_peering(tmp_path: Path) -> None:
    diverted = """
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.a.id }
resource "aws_route" "narrow" {
  route_table_id         = aws_route_table.a.id
  destination_cidr_block = "10.1.1.0/24"
  nat_gateway_id         = aws_nat_gateway.n.id
}
"""
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, BOTH, diverted)
    assert net.errors == ["IAC502"]


def test_peering_is_not_transitive(tmp_path: Path) -> None:
    third = """
resource "aws_vpc" "c" { cidr_block = "10.2.0.0/16" }
resource "aws_vpc_peering_connection" "q" {
  vpc_id      = aws_vpc.c.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}
"""
    over_c = PEERING.replace("peer_vpc_id = aws_vpc.b.id", "peer_vpc_id = aws_vpc.c.id")
    net = terraform(tmp_path, VPCS, BY_GROUP, over_c, third)
    assert net.errors == ["IAC505"]


def test_an_acl_between_the_vpcs_blocks_like_any_other(tmp_path: Path) -> None:
    acl = """
resource "aws_network_acl" "b" {
  vpc_id     = aws_vpc.b.id
  subnet_ids = [aws_subnet.b.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "10.0.0.0/16"
  }
}
"""
    net = terraform(tmp_path, VPCS, BY_BLOCK, PEERING, BOTH, acl)
    assert [j for j in net.errors if j.startswith("IAC3")] == net.errors != []


# ---- transit gateways ------------------------------------------------------------------------

HUB = """
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_ec2_transit_gateway_vpc_attachment" "a" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.a.id
  subnet_ids         = [aws_subnet.a.id]
}
resource "aws_ec2_transit_gateway_vpc_attachment" "b" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.b.id
  subnet_ids         = [aws_subnet.b.id]
}
"""
MANUAL = HUB.replace(
    '"hub" {}',
    '"hub" {\n  default_route_table_association = "disable"\n'
    '  default_route_table_propagation = "disable"\n}',
)
TABLE = """
resource "aws_ec2_transit_gateway_route_table" "t" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
"""
BY_HUB = "transit_gateway_id = aws_ec2_transit_gateway.hub.id"
OVER_HUB = route("a", "b", BY_HUB) + route("b", "a", BY_HUB)


def association(name: str) -> str:
    return f"""
resource "aws_ec2_transit_gateway_route_table_association" "{name}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{name}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
}}
"""


def propagation(name: str) -> str:
    return association(name).replace("table_association", "table_propagation")


ASSOCIATED = association("a") + association("b")


def test_default_association_and_propagation_connect_two_vpcs(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, HUB, OVER_HUB)
    assert net.errors == []
    flow = net.flow("bastion", "app")
    assert flow.trace.verdict == "reachable"
    assert hops(flow.trace.ways[0]) == [
        "request sg bastion allow",
        "request acl (default) allow",
        "request route table a allow",
        "request transit table default table of hub allow",
        "request sg app allow",
        "reply acl (default) allow",
        "reply route table b allow",
        "reply transit table default table of hub allow",
    ]


def test_without_association_nothing_leaves_an_attachment(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, MANUAL, OVER_HUB)
    assert net.errors == ["IAC506", "IAC506"]


def test_association_and_propagation_by_hand_work(tmp_path: Path) -> None:
    parts = (VPCS, BY_BLOCK, MANUAL, OVER_HUB, TABLE, ASSOCIATED)
    net = terraform(tmp_path, *parts, propagation("a"), propagation("b"))
    assert net.errors == []
    assert net.flow("bastion", "app").trace.verdict == "reachable"


def test_a_missing_propagation_leaves_no_route_back(tmp_path: Path) -> None:
    parts = (VPCS, BY_BLOCK, MANUAL, OVER_HUB, TABLE, ASSOCIATED)
    net = terraform(tmp_path, *parts, propagation("b"))
    assert net.errors == ["IAC507"]
    (blocker,) = net.flow("bastion", "app").trace.blockers
    assert blocker.reason.code == "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"


def test_a_static_route_stands_in_for_propagation(tmp_path: Path) -> None:
    parts = (VPCS, BY_BLOCK, MANUAL, OVER_HUB, TABLE, ASSOCIATED, propagation("b"))
    static = """
resource "aws_ec2_transit_gateway_route" "a" {
  destination_cidr_block         = "10.0.0.0/16"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
}
"""
    assert terraform(tmp_path, *parts, static).errors == []


def test_a_blackhole_for_the_same_block_wins_over_propagation(tmp_path: Path) -> None:
    parts = (VPCS, BY_BLOCK, MANUAL, OVER_HUB, TABLE, ASSOCIATED)
    hole = """
resource "aws_ec2_transit_gateway_route" "hole" {
  destination_cidr_block         = "10.1.0.0/16"
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
}
"""
    net = terraform(tmp_path, *parts, propagation("a"), propagation("b"), hole)
    assert net.errors == ["IAC507"]
    (blocker,) = net.flow("bastion", "app").trace.blockers
    assert blocker.reason.code == "TGW_RTB_BAD_STATE_ROUTE"


def test_a_subnet_without_route_to_the_transit_gateway_is_not_reached(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPCS, BY_BLOCK, HUB, route("a", "b", BY_HUB))
    assert net.errors == ["IAC501"]


def test_groups_are_not_known_across_a_transit_gateway_by_default(tmp_path: Path) -> None:
    assert terraform(tmp_path, VPCS, BY_GROUP, HUB, OVER_HUB).errors == ["IAC510"]


def test_groups_are_known_where_gateway_and_attachment_support_it(tmp_path: Path) -> None:
    on = HUB.replace('"hub" {}', '"hub" {\n security_group_referencing_support = "enable"\n}')
    assert terraform(tmp_path, VPCS, BY_GROUP, on, OVER_HUB).errors == []


def test_an_attachment_without_a_subnet_in_the_zone_does_not_reach_it(tmp_path: Path) -> None:
    zones = VPCS.replace(
        'cidr_block              = "10.0.1.0/24"',
        'cidr_block = "10.0.1.0/24"\n  availability_zone = "eu-west-1a"',
    )
    other = """
resource "aws_subnet" "far" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.9.0/24"
  availability_zone = "eu-west-1b"
}
"""
    hub = HUB.replace("[aws_subnet.a.id]", "[aws_subnet.far.id]")
    assert terraform(tmp_path, zones, BY_BLOCK, hub, OVER_HUB, other).errors == ["IAC509"]


# ---- quiet -----------------------------------------------------------------------------------


def test_a_rule_for_a_wide_private_range_is_for_the_peer_where_nobody_else_gets_in(
    tmp_path: Path,
) -> None:
    wide = BY_BLOCK.replace("[aws_vpc.a.cidr_block]", '["10.0.0.0/8"]')
    assert terraform(tmp_path, VPCS, wide, PEERING).errors == ["IAC501", "IAC501"]
    assert terraform(tmp_path, VPCS, wide, PEERING, BOTH).ids == []
    assert terraform(tmp_path, VPCS, wide).ids == []


def test_spokes_that_are_apart_on_purpose_are_quiet(tmp_path: Path) -> None:
    other = BY_BLOCK.replace("[aws_vpc.a.cidr_block]", '["10.200.0.0/16"]')
    assert terraform(tmp_path, VPCS, other, HUB, OVER_HUB).ids == []


def test_peering_made_elsewhere_is_undecided(tmp_path: Path) -> None:
    literal = 'vpc_peering_connection_id = "pcx-0123"'
    routes = route("a", "b", literal) + route("b", "a", literal)
    net = terraform(tmp_path, VPCS, BY_GROUP, routes)
    assert net.errors == []
    assert net.flow("bastion", "app").trace.verdict == "undecided"


# ---- both families ---------------------------------------------------------------------------


def _dual(*texts: str) -> list[str]:
    """Both ends get an IPv6 address of blocks that Amazon assigns."""
    six = "ipv6_cidr_block = cidrsubnet(aws_vpc.{}.ipv6_cidr_block, 8, 1)"
    changed = []
    for text in texts:
        text = text.replace(
            '= ["0.0.0.0/0"]\n  }\n}', '= ["0.0.0.0/0"]\n    ipv6_cidr_blocks = ["::/0"]\n  }\n}'
        )
        for one, block in (("a", "10.0.0.0/16"), ("b", "10.1.0.0/16")):
            text = text.replace(
                f'"{one}" {{ cidr_block = "{block}" }}',
                f'"{one}" {{\n  cidr_block = "{block}"\n'
                "  assign_generated_ipv6_cidr_block = true\n}",
            ).replace(
                f'"aws_subnet" "{one}" {{',
                f'"aws_subnet" "{one}" {{\n  assign_ipv6_address_on_creation = true\n'
                f"  {six.format(one)}",
            )  # fmt: skip
        changed.append(text)
    return changed


IPV6_ROUTES = BOTH.replace("destination_cidr_block", "destination_ipv6_cidr_block").replace(
    ".cidr_block", ".ipv6_cidr_block"
)


def test_a_group_that_is_named_may_be_reached_by_ipv6_alone(tmp_path: Path) -> None:
    net = terraform(tmp_path, *_dual(VPCS, BY_GROUP, PEERING, IPV6_ROUTES))
    flow = net.flow("bastion", "app")
    assert (flow.trace.verdict, flow.flow.family, net.errors) == ("reachable", "ipv6", [])


def test_where_neither_family_works_ipv4_is_what_is_said(tmp_path: Path) -> None:
    net = terraform(tmp_path, *_dual(VPCS, BY_GROUP, PEERING))
    flow = net.flow("bastion", "app")
    assert (flow.trace.verdict, flow.flow.family) == ("blocked", "ipv4")
    assert net.errors == ["IAC501", "IAC501"]


def test_with_ipv4_ends_routes_for_ipv6_help_nobody(tmp_path: Path) -> None:
    text = IPV6_ROUTES.replace("aws_vpc.a.ipv6_cidr_block", '"2600:1f14:a::/56"')
    text = text.replace("aws_vpc.b.ipv6_cidr_block", '"2600:1f14:b::/56"')
    assert terraform(tmp_path, VPCS, BY_GROUP, PEERING, text).errors == ["IAC501", "IAC501"]


def test_a_ping_rule_of_ipv6_that_names_a_group_is_asked_about(tmp_path: Path) -> None:
    ping = BY_GROUP.replace("= 22", "= -1").replace('"tcp"', '"icmpv6"')
    net = terraform(tmp_path, *_dual(VPCS, ping, PEERING, IPV6_ROUTES))
    assert net.flow("bastion", "app", "icmp").trace.verdict == "reachable"
    net = terraform(tmp_path, *_dual(VPCS, ping, PEERING))
    assert net.errors == ["IAC501", "IAC501"]


@pytest.mark.parametrize(
    "way", [PEERING + IPV6_ROUTES, HUB + IPV6_ROUTES.replace(BY_PEERING, BY_HUB)]
)
def test_who_has_no_ipv6_address_is_not_reached_by_ipv6(tmp_path: Path, way: str) -> None:
    """Whatever the way is."""
    (text,) = _dual(VPCS + BY_GROUP)
    six = "  assign_ipv6_address_on_creation = true\n"
    without = six.join(text.split(six)[:2]) + text.split(six)[2]
    for given, missing in ((text, False), (without, True)):
        network = unjudged(tmp_path, {"main.tf": given + way})
        bastion, app = network.instances
        client = Client(bastion.address, {}, bastion, bastion.placements[0][0])
        (found,) = trace(network, Flow(client, app, SSH, "ipv6")).ways
        assert (Reason.NO_IPV6_ADDRESS in {b.reason for b in found.blockers}) == missing
