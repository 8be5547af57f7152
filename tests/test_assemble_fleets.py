"""
Who is launched: groups and fleets, from templates and specifications.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.value import Unknown
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


ELSEWHERE = """
variable "template" {}
resource "aws_instance" "i" {
  key_name  = "k"
  subnet_id = aws_subnet.one.id
  launch_template { id = var.template }
}
"""
GROUP = """
resource "aws_autoscaling_group" "f" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.one.id]
  launch_template { id = "lt-0123456789abcdef0" }
}
"""


def test_a_template_made_elsewhere_may_give_groups_and_an_address(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, ROUTED, ELSEWHERE)
    (interface,) = net.instance(".i").placements[0]
    assert isinstance(interface.public.has, Unknown)
    assert [type(group) for group in interface.groups] == [Unknown]
    assert net.findings == []
    assert "blocked" not in {judged.trace.verdict for judged in net.judged}


def test_what_the_instance_says_itself_counts_beside_a_template_made_elsewhere(
    tmp_path: Path,
) -> None:
    said = """key_name  = "k"
  associate_public_ip_address = true
  vpc_security_group_ids = [aws_security_group.s.id]"""
    text = ELSEWHERE.replace('key_name  = "k"', said)
    assert terraform(tmp_path, BASE, ROUTED, text).flow("internet", ".i").trace.verdict == (
        "reachable"
    )
    assert set(terraform(tmp_path, BASE, text).errors) == {"IAC203"}


def test_a_group_of_a_template_made_elsewhere_is_a_target_of_which_nothing_is_said(
    tmp_path: Path,
) -> None:
    net = terraform(tmp_path, BASE, GROUP)
    assert [i.address for i in net.network.instances] == ["aws_autoscaling_group.f"]
    assert net.judged == []
    assert net.findings == []


OVERRIDE = """
resource "aws_launch_template" "arm" {
  image_id = "ami-2"
  key_name = "k"
}
"""


def test_an_override_of_a_mixed_policy_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    other = """        launch_template_id = aws_launch_template.t.id
      }
      override {
        launch_template_specification { launch_template_id = aws_launch_template.arm.id }
"""
    text = MIXED.replace("        launch_template_id = aws_launch_template.t.id\n", other)
    net = terraform(tmp_path, BASE, ROUTED, OVERRIDE, text)
    assert len(net.instance(".f").placements) == 4
    assert net.errors == []
    assert net.flow("internet", ".f").trace.verdict == "reachable"
    assert len(net.flow("internet", ".f").trace.partly_blocked) == 2


def test_a_subnet_of_the_template_that_is_none_of_the_group_is_not_decided(tmp_path: Path) -> None:
    base = BASE.replace(
        "associate_public_ip_address = true",
        "associate_public_ip_address = true\n    subnet_id = aws_subnet.two.id",
    )
    both = MIXED.replace("aws_subnet.one.id, aws_subnet.two.id", "aws_subnet.two.id")
    one = MIXED.replace("aws_subnet.one.id, aws_subnet.two.id", "aws_subnet.one.id")
    assert terraform(tmp_path, base, one).errors == []
    assert terraform(tmp_path, base, one).flow("internet", ".f").trace.verdict == "undecided"
    why = terraform(tmp_path, base, one).flow("internet", ".f").trace.unknowns[0]
    assert "in aws_subnet.two, and what is made with it in aws_subnet.one" in why.reason
    assert set(terraform(tmp_path, base, both).errors) == {"IAC203"}


def test_which_subnet_of_a_group_counts_does_not_matter_where_they_are_alike(
    tmp_path: Path,
) -> None:
    """The template names one of them; where another has a table of its own it does matter."""
    base = BASE.replace(
        "associate_public_ip_address = true",
        "associate_public_ip_address = true\n    subnet_id = aws_subnet.two.id",
    )
    bare = """
        resource "aws_route_table" "bare" { vpc_id = aws_vpc.v.id }
        resource "aws_route_table_association" "one" {
          subnet_id      = aws_subnet.one.id
          route_table_id = aws_route_table.bare.id
        }
    """

    def verdict(*more: str) -> str:
        return terraform(tmp_path, base, MIXED, *more).flow("internet", ".f").trace.verdict

    assert (verdict(ROUTED), verdict()) == ("reachable", "blocked")
    places = terraform(tmp_path, base, MIXED, ROUTED, bare).instance(".f").placements
    assert any(isinstance(interface.subnet, Unknown) for (interface,) in places)


def test_a_launch_configuration_is_found_by_its_name(tmp_path: Path) -> None:
    net = terraform(
        tmp_path,
        BASE,
        """
resource "aws_launch_configuration" "c" {
  name                        = "web"
  image_id                    = "ami-1"
  instance_type               = "t3.micro"
  key_name                    = "k"
  security_groups             = [aws_security_group.s.id]
  associate_public_ip_address = true
}
resource "aws_autoscaling_group" "f" {
  min_size             = 1
  max_size             = 2
  vpc_zone_identifier  = [aws_subnet.one.id]
  launch_configuration = "web"
}
""",
    )
    assert net.instance(".f").key == "k"
    assert set(net.errors) == {"IAC203"}


TEMPLATE = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  G: {Type: 'AWS::EC2::InternetGateway'}
  A:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref V, InternetGatewayId: !Ref G}
  S:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  R: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  D:
    Type: AWS::EC2::Route
    DependsOn: A
    Properties: {RouteTableId: !Ref R, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref G}
  C:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref R, SubnetId: !Ref S}
  H:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: hosts
      VpcId: !Ref V
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
"""


def test_the_groups_of_a_spot_fleet_stand_in_objects(tmp_path: Path) -> None:
    fleet = """
  F:
    Type: AWS::EC2::SpotFleet
    Properties:
      SpotFleetRequestConfigData:
        IamFleetRole: arn:aws:iam::123456789012:role/fleet
        TargetCapacity: 1
        LaunchSpecifications:
          - ImageId: ami-1
            InstanceType: t3.micro
            KeyName: k
            SubnetId: !Ref S
            SecurityGroups: [{GroupId: !GetAtt H.GroupId}]
"""
    net = cloudformation(tmp_path, TEMPLATE, fleet)
    assert net.flow("internet", "F").trace.verdict == "reachable"
    closed = TEMPLATE.replace("FromPort: 22", "FromPort: 443").replace("ToPort: 22", "ToPort: 443")
    assert cloudformation(tmp_path, closed, fleet).errors == ["IAC401"]


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("{LaunchTemplateId: !Ref T, Version: !GetAtt T.LatestVersionNumber}", True),
        ("{LaunchTemplateName: hosts, Version: '1'}", True),
        ("{LaunchTemplateName: others, Version: '1'}", False),
    ],
    ids=["by id", "by name", "elsewhere"],
)
def test_a_template_of_cloudformation_is_found_by_id_or_name(
    tmp_path: Path, named: str, known: bool
) -> None:
    text = f"""
  T:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: hosts
      LaunchTemplateData:
        ImageId: ami-1
        KeyName: k
        NetworkInterfaces: [{{DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: [!Ref H]}}]
  F:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '1'
      MaxSize: '1'
      VPCZoneIdentifier: [!Ref S]
      LaunchTemplate: {named}
"""
    net = cloudformation(tmp_path, TEMPLATE, text)
    (interface,) = net.instance("F").placements[0]
    assert isinstance(interface.public.has, Unknown) is not known
    assert net.errors == (["IAC101"] if known else [])


SCALED = """
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.0.2.0/24}}
  Configuration:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {ImageId: ami-1, KeyName: ops}
  Scaling:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchConfigurationName: !Ref Configuration
      VPCZoneIdentifier: SUBNETS
"""


@pytest.mark.parametrize(
    "subnets",
    [
        "[!Ref One, !Ref Two]",
        "[!Join [',', [!Ref One, !Ref Two]]]",
        "[!Sub '${One}, ${Two}']",
        "[[!Ref One], !Ref Two]",
    ],
)
def test_subnets_in_one_text_are_as_many_as_in_a_list(tmp_path: Path, subnets: str) -> None:
    net = cloudformation(tmp_path, SCALED.replace("SUBNETS", subnets))
    found = [placement[0].subnet for placement in net.instance("Scaling").placements]
    assert [subnet.address for subnet in found if not isinstance(subnet, Unknown)] == ["One", "Two"]


def test_ids_in_one_text_are_subnets_of_elsewhere(tmp_path: Path) -> None:
    net = cloudformation(tmp_path, SCALED.replace("SUBNETS", "['subnet-1,subnet-2']"))
    found = [placement[0].subnet for placement in net.instance("Scaling").placements]
    assert [subnet.reason for subnet in found if isinstance(subnet, Unknown)] == [
        '"subnet-1" is not declared here',
        '"subnet-2" is not declared here',
    ]


BY_DEFAULT = """
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, KeyName: ops, SubnetId: !Ref Where, SecurityGroupIds: [!Ref Group]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: login
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref From}]
Parameters:
  Where: {Type: String, Default: 'WHERE'}
  From: {Type: String, Default: 'FROM'}
"""


@pytest.mark.parametrize(
    ("text", "subnet", "block"),
    [
        ("", '"Where" is empty by default', '"From" is empty by default'),
        ("PLACE IT HERE", '"PLACE IT HERE" is not declared here', "not a CIDR block"),
    ],
)
def test_a_default_that_is_to_be_filled_in_names_the_parameter(
    tmp_path: Path, text: str, subnet: str, block: str
) -> None:
    net = cloudformation(tmp_path, BY_DEFAULT.replace("WHERE", text).replace("FROM", text))
    interface = net.instance("Host").placements[0][0]
    (rule,) = next(group for group in net.network.groups if group.address == "Group").ingress
    (prefix,) = rule.prefixes
    assert isinstance(interface.subnet, Unknown)
    assert isinstance(prefix, Unknown)
    assert (interface.subnet.reason, interface.subnet.supply) == (subnet, "--parameter Where=…")
    assert block in prefix.reason
    assert prefix.supply == "--parameter From=…"
