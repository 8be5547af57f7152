"""
Local Zones, Wavelength Zones and Outposts: whose addresses are not reached from the internet.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.aws.subnet import border_group, region_of
from iaclint.packet.service import parse_service
from iaclint.query import paths
from tests.nets import Net, cloudformation, terraform

BASE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-west-2-wl1-las-wlz-1"
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
resource "aws_security_group" "h" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "h" {
  ami                    = "ami-1"
  instance_type          = "m5.large"
  key_name               = "k"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.h.id]
}
"""
CARRIER = """
resource "aws_ec2_carrier_gateway" "c" { vpc_id = aws_vpc.v.id }
resource "aws_route" "out" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  carrier_gateway_id     = aws_ec2_carrier_gateway.c.id
}
"""
LOCAL = """
resource "aws_route" "out" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  local_gateway_id       = "lgw-0123456789abcdef0"
}
"""


def verdict(net: Net, source: str) -> str:
    (host,) = net.network.instances
    (answer,) = paths([net.network], source, host.address, parse_service("ssh"))
    return answer.verdict


@pytest.mark.parametrize(
    ("zone", "region", "border"),
    [
        ("us-west-2a", "us-west-2", "us-west-2"),
        ("us-gov-west-1b", "us-gov-west-1", "us-gov-west-1"),
        ("us-west-2-lax-1b", "us-west-2", "us-west-2-lax-1"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1", "us-east-1-wl1-bos-wlz-1"),
        ("usw2-az1", "", ""),
        ("", "", ""),
    ],
)
def test_each_kind_of_zone_has_its_border_group(zone: str, region: str, border: str) -> None:
    assert (region_of(zone), border_group(zone)) == (region, border)


def test_an_address_of_the_carrier_is_not_reached_from_the_internet(tmp_path: Path) -> None:
    address = """
resource "aws_eip" "h" {
  instance             = aws_instance.h.id
  network_border_group = "us-west-2-wl1-las-wlz-1"
}
"""
    net = terraform(tmp_path, BASE, CARRIER, address)
    assert verdict(net, "internet") == "blocked"
    assert net.findings == []


def test_a_public_address_behind_a_carrier_gateway_is_a_contradiction(tmp_path: Path) -> None:
    asked = BASE.replace("key_name ", "associate_public_ip_address = true\n  key_name ")
    assert "IAC202" in terraform(tmp_path, asked, CARRIER).errors


@pytest.mark.parametrize("by", ["instance", "association"])
def test_an_address_of_ones_own_pool_is_reached_from_the_premises(tmp_path: Path, by: str) -> None:
    own = 'customer_owned_ipv4_pool = "ipv4pool-coip-0123456789abcdef0"'
    whose = "instance = aws_instance.h.id" if by == "instance" else ""
    address = f'resource "aws_eip" "h" {{\n  {own}\n  {whose}\n}}\n'
    association = """
resource "aws_eip_association" "h" {
  allocation_id = aws_eip.h.allocation_id
  instance_id   = aws_instance.h.id
}
"""
    outpost = BASE.replace(
        '"us-west-2-wl1-las-wlz-1"',
        '"us-west-2a"\n  outpost_arn = "arn:aws:outposts:us-west-2:1:outpost/op-1"',
    )
    net = terraform(tmp_path, outpost, LOCAL, address, association if not whose else "")
    assert net.findings == []
    assert verdict(net, "192.168.1.0/24") == "undecided"
    assert verdict(terraform(tmp_path, outpost), "192.168.1.0/24") == "blocked"


def test_a_route_to_a_gateway_of_ones_own_may_lead_to_the_premises(tmp_path: Path) -> None:
    unknown = LOCAL.replace("local_gateway_id ", "gateway_id ").replace(
        '"lgw-0123456789abcdef0"', "var.gateway"
    )
    for route in (LOCAL, LOCAL.replace("local_gateway_id ", "gateway_id ").replace("lgw-", "vgw-")):
        assert verdict(terraform(tmp_path, BASE, route), "192.168.1.0/24") == "undecided"
    net = terraform(tmp_path, BASE, unknown, 'variable "gateway" {}')
    assert verdict(net, "192.168.1.0/24") == "undecided"


TEMPLATE = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  S:
    Type: AWS::EC2::Subnet
    Properties:
      {VpcId: !Ref V, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-west-2-wl1-las-wlz-1}
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  A:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref T, SubnetId: !Ref S}
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: hosts
      VpcId: !Ref V
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  H:
    Type: AWS::EC2::Instance
    Properties:
      {ImageId: ami-1, KeyName: k, SubnetId: !Ref S, SecurityGroupIds: [!GetAtt G.GroupId]}
"""


def test_the_same_in_cloudformation(tmp_path: Path) -> None:
    carrier = """
  C: {Type: 'AWS::EC2::CarrierGateway', Properties: {VpcId: !Ref V}}
  R:
    Type: AWS::EC2::Route
    Properties:
      {RouteTableId: !Ref T, DestinationCidrBlock: 0.0.0.0/0, CarrierGatewayId: !Ref C}
  E:
    Type: AWS::EC2::EIP
    Properties: {InstanceId: !Ref H, NetworkBorderGroup: us-west-2-wl1-las-wlz-1}
"""
    net = cloudformation(tmp_path, TEMPLATE, carrier)
    assert verdict(net, "internet") == "blocked"
    assert net.findings == []
    local = """
  R:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref T
      DestinationCidrBlock: 0.0.0.0/0
      LocalGatewayId: lgw-0123456789abcdef0
"""
    assert verdict(cloudformation(tmp_path, TEMPLATE, local), "192.168.1.0/24") == "undecided"
    assert verdict(cloudformation(tmp_path, TEMPLATE), "192.168.1.0/24") == "blocked"
