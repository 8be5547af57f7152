"""
Who is launched: groups and fleets, from templates and specifications.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import cloudformation, terraform

BASE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "two" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_security_group" "s" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_launch_template" "t" {
  image_id      = "ami-1"
  key_name      = "k"
  network_interfaces {
    associate_public_ip_address = true
    security_groups             = [aws_security_group.s.id]
  }
}
"""
ROUTED = """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
"""
SPOT = """
resource "aws_spot_fleet_request" "f" {
  iam_fleet_role  = "arn:aws:iam::123456789012:role/fleet"
  target_capacity = 2
  launch_specification {
    ami                         = "ami-1"
    instance_type               = "t3.micro"
    key_name                    = "k"
    subnet_id                   = aws_subnet.one.id
    vpc_security_group_ids      = [aws_security_group.s.id]
    associate_public_ip_address = true
  }
}
"""
FLEET = """
resource "aws_ec2_fleet" "f" {
  launch_template_config {
    launch_template_specification {
      launch_template_id = aws_launch_template.t.id
      version            = "$Latest"
    }
    override { subnet_id = aws_subnet.one.id }
    override { subnet_id = aws_subnet.two.id }
  }
  target_capacity_specification {
    default_target_capacity_type = "spot"
    total_target_capacity        = 2
  }
}
"""
MIXED = """
resource "aws_autoscaling_group" "f" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.one.id, aws_subnet.two.id]
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.t.id
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("text", "placements"), [(SPOT, 1), (FLEET, 2), (MIXED, 2)], ids=["spot", "fleet", "mixed"]
)
def test_a_fleet_is_one_target_with_a_placement_for_each_subnet(
    tmp_path: Path, text: str, placements: int
) -> None:
    net = terraform(tmp_path, BASE, ROUTED, text)
    (instance,) = net.network.instances
    assert len(instance.placements) == placements
    assert net.ids == []
    assert net.flow("internet", ".f").trace.verdict == "reachable"


@pytest.mark.parametrize("text", [SPOT, FLEET, MIXED], ids=["spot", "fleet", "mixed"])
def test_a_fleet_without_a_route_out_is_reported(tmp_path: Path, text: str) -> None:
    assert set(terraform(tmp_path, BASE, text).errors) == {"IAC203"}


def test_a_cloudformation_fleet_is_read_too(tmp_path: Path) -> None:
    net = cloudformation(
        tmp_path,
        """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  S: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  T:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: ami-1, KeyName: k}}
  F:
    Type: AWS::EC2::EC2Fleet
    Properties:
      TargetCapacitySpecification: {TotalTargetCapacity: 1}
      LaunchTemplateConfigs:
        - LaunchTemplateSpecification: {LaunchTemplateId: !Ref T, Version: '1'}
          Overrides: [{SubnetId: !Ref S}]
""",
    )
    (instance,) = net.network.instances
    assert (instance.address, len(instance.placements), instance.key) == ("F", 1, "k")
