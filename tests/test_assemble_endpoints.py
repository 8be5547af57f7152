"""
Endpoints, NAT gateways and Block Public Access: what is known of each, and what is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Interface, Middlebox, ServiceEndpoint
from tests.facts import MAYBE, fact, made
from tests.nets import unjudged

# ---- what AWS places in a subnet -----------------------------------------------------------------

PLACED = """
resource "aws_ec2_instance_connect_endpoint" "door" { subnet_id = aws_subnet.s.id }
resource "aws_vpc_endpoint" "ssm" {
  vpc_id            = aws_vpc.v.id
  service_name      = "com.amazonaws.eu-west-1.ssm"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.s.id]
}
resource "aws_networkfirewall_firewall" "wall" {
  name                = "wall"
  vpc_id              = aws_vpc.v.id
  firewall_policy_arn = var.some
  subnet_mapping { subnet_id = aws_subnet.s.id }
}
resource "aws_ec2_client_vpn_endpoint" "staff" {
  client_cidr_block      = "10.200.0.0/22"
  server_certificate_arn = var.some
}
resource "aws_ec2_client_vpn_network_association" "staff" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  subnet_id              = aws_subnet.s.id
}
"""


def test_what_a_service_places_in_a_public_subnet_gets_no_public_address(tmp_path: Path) -> None:
    """Only instances are launched, so only they get one from their subnet."""
    network = made(tmp_path, PLACED, "map_public_ip_on_launch = true")
    (door,), (ssm,) = network.connect_endpoints, network.service_endpoints
    (staff,) = network.client_vpns
    (wall,) = (
        box
        for box in network.gateways
        if isinstance(box, Middlebox) and box.address.endswith("wall")
    )
    placed = [door.interface, *ssm.interfaces, *wall.interfaces, *staff.interfaces]
    assert [each.public.has for each in placed] == [False] * 4


# ---- VPC endpoints ---------------------------------------------------------------------------

ENDPOINT = """
resource "aws_vpc_endpoint" "e" {
  vpc_id       = aws_vpc.v.id
  service_name = "com.amazonaws.eu-west-1.ssm"
  %s
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
"""


def endpoint(folder: Path, said: str, more: str = "") -> ServiceEndpoint:
    """The first endpoint of the network."""
    return made(folder, ENDPOINT % said + more).service_endpoints[0]


@pytest.mark.parametrize(
    ("said", "vpc", "interface", "private"),
    [
        ("", "aws_vpc.v", False, False),
        ('vpc_endpoint_type = "Gateway"', "aws_vpc.v", False, False),
        ('vpc_endpoint_type = "Interface"\nprivate_dns_enabled = true', "aws_vpc.v", True, True),
        ("vpc_endpoint_type = var.some\nprivate_dns_enabled = var.some", "aws_vpc.v", "?", "?"),
        (MAYBE, "?", False, False),
    ],
)
def test_an_endpoint_is_of_the_kind_that_is_said_and_a_gateway_otherwise(
    tmp_path: Path, said: str, vpc: str, interface: object, private: object
) -> None:
    found = endpoint(tmp_path, said)
    assert fact((found.vpc, found.is_interface, found.private_dns)) == [vpc, interface, private]


NAMED = """
resource "aws_vpc_endpoint" "e" {
  vpc_id       = aws_vpc.v.id
  service_name = %s
}
data "aws_vpc_endpoint_service" "s" { service = "s3" }
data "aws_vpc_endpoint_service" "some" { service = var.some }
data "aws_vpc_endpoint_service" "none" { tags = { Name = "x" } }
"""


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ('"com.amazonaws.eu-west-1.ssm"', "ssm"),
        ('"com.amazonaws.${var.some}.ssm"', "ssm"),
        ('"com.amazonaws.${var.some}.s3express.ssm"', "ssm"),
        ('"com.amazonaws.eu-west-1.${var.some}"', "?"),
        ('"${var.some}ssm"', "?"),
        ("var.some", "?"),
        ("null", "?"),
        ("data.aws_vpc_endpoint_service.s.service_name", "s3"),
        ("data.aws_vpc_endpoint_service.some.service_name", "?"),
        ("data.aws_vpc_endpoint_service.none.service_name", "?"),
    ],
)
def test_a_service_is_known_by_the_end_of_its_name(tmp_path: Path, name: str, service: str) -> None:
    (found,) = made(tmp_path, NAMED % name).service_endpoints
    assert fact(found.service) == service


ASSOCIATED = """
resource "aws_vpc_endpoint_route_table_association" "a" {
  vpc_endpoint_id = aws_vpc_endpoint.%s.id
  route_table_id  = %s
  %s
}
resource "aws_vpc_endpoint" "other" { vpc_id = aws_vpc.v.id }
"""
T = "aws_route_table.t.id"


@pytest.mark.parametrize(
    ("own", "more", "tables"),
    [
        ("", "", []),
        (f"route_table_ids = [{T}]", "", ["aws_route_table.t"]),
        ("route_table_ids = [var.some]", "", ["?"]),
        ("", ASSOCIATED % ("e", T, ""), ["aws_route_table.t"]),
        ("", ASSOCIATED % ("e", T, MAYBE), ["?"]),
        ("", ASSOCIATED % ("e", "var.some", ""), ["?"]),
        ("", ASSOCIATED % ("other", T, ""), []),
    ],
)
def test_an_endpoint_is_in_the_tables_that_it_or_an_association_names(
    tmp_path: Path, own: str, more: str, tables: list[str]
) -> None:
    assert fact(endpoint(tmp_path, own, more).tables) == tables


# ---- the interfaces of endpoints -------------------------------------------------------------

SUBNETS = 'vpc_endpoint_type = "Interface"\nsubnet_ids = [aws_subnet.s.id]\n'
CONNECT = """
resource "aws_ec2_instance_connect_endpoint" "c" {
  subnet_id = aws_subnet.s.id
  %s
}
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
"""


@pytest.mark.parametrize(
    ("groups", "found", "line"),
    [
        ("", ["default security group of aws_vpc.v"], ""),
        ("security_group_ids = [aws_security_group.g.id]", ["aws_security_group.g"],
         "  security_group_ids = [aws_security_group.g.id]"),
    ],
)  # fmt: skip
def test_who_gives_an_endpoint_no_group_gives_it_the_default_one(
    tmp_path: Path, groups: str, found: list[str], line: str
) -> None:
    """Where the groups are given is where they can be changed."""
    by_service = endpoint(tmp_path, SUBNETS + "  " + groups).interfaces
    lines = (tmp_path / "main.tf").read_text().split("\n")
    assert [_groups(each, lines) for each in by_service] == [(found, line)]

    (door,) = made(tmp_path, CONNECT % groups).connect_endpoints
    lines = (tmp_path / "main.tf").read_text().split("\n")
    assert _groups(door.interface, lines) == (found, line)
    assert fact((by_service[0].subnet, door.interface.subnet)) == ["aws_subnet.s", "aws_subnet.s"]


def _groups(interface: Interface, lines: list[str]) -> tuple[object, str]:
    """The groups of an interface, and the line on which they are given."""
    span = interface.groups_span
    return fact(interface.groups), lines[span.line - 1] if span is not None else ""


# ---- NAT gateways ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "private", "subnet"),
    [
        ("subnet_id = aws_subnet.s.id", False, "aws_subnet.s"),
        ('subnet_id = aws_subnet.s.id\nconnectivity_type = "private"', True, "aws_subnet.s"),
        ("subnet_id = aws_subnet.s.id\nconnectivity_type = var.some", "?", "aws_subnet.s"),
        ("subnet_id = var.some", False, "?"),
        ('vpc_id = aws_vpc.v.id\navailability_mode = "regional"', False, None),
    ],
)
def test_a_nat_gateway_stands_in_the_subnet_it_names(
    tmp_path: Path, said: str, private: object, subnet: str | None
) -> None:
    network = made(tmp_path, f'resource "aws_nat_gateway" "n" {{\n{said}\n}}')
    (nat,) = [each for each in network.gateways if each.title == "NAT gateway"]
    assert fact((nat.private, nat.subnet)) == [private, subnet]


# ---- VPC Block Public Access -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ('internet_gateway_block_mode = "off"', "off"),
        ('internet_gateway_block_mode = "block-ingress"', "block-ingress"),
        ("internet_gateway_block_mode = var.some", "?"),
        (f'internet_gateway_block_mode = "block-ingress"\n{MAYBE}', "?"),
        ("", ""),
    ],
)
def test_public_access_is_blocked_as_is_said_and_not_otherwise(
    tmp_path: Path, said: str, mode: str
) -> None:
    policy = f'resource "aws_vpc_block_public_access_options" "p" {{\n{said}\n}}'
    assert [fact(each.mode) for each in made(tmp_path, policy).policies] == [mode]
    assert made(tmp_path, "").policies == []


@pytest.mark.parametrize(
    ("said", "where", "mode"),
    [
        ("vpc_id = aws_vpc.v.id", "aws_vpc.v", "allow-egress"),
        ("subnet_id = aws_subnet.s.id", "aws_subnet.s", "allow-egress"),
        (f"vpc_id = aws_vpc.v.id\n{MAYBE}", "aws_vpc.v", "?"),
    ],
)
def test_what_is_left_alone_is_a_vpc_or_a_subnet(
    tmp_path: Path, said: str, where: str, mode: str
) -> None:
    text = (
        'resource "aws_vpc_block_public_access_exclusion" "x" {\n'
        f'internet_gateway_exclusion_mode = "allow-egress"\n{said}\n}}'
    )
    (found,) = made(tmp_path, text).exclusions
    assert fact((found.place, found.mode)) == [where, mode]
    (found,) = made(tmp_path, text.replace('"allow-egress"', "null")).exclusions
    assert fact(found.mode) == "?"


def test_in_templates_too(tmp_path: Path) -> None:
    text = """Resources:
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  E: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcId: !Ref V, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.ssm', VpcEndpointType: Interface, PrivateDnsEnabled: true}}
  P: {Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: {InternetGatewayBlockMode: block-bidirectional}}
"""  # noqa: E501
    network = unjudged(tmp_path, {"template.yaml": text})
    (found,) = network.service_endpoints
    assert fact((found.vpc, found.service, found.is_interface, found.private_dns)) == [
        "V", "ssm", True, True
    ]  # fmt: skip
    assert [each.mode for each in network.policies] == ["block-bidirectional"]
