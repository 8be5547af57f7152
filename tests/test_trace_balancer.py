"""
Load balancers in front of SSH and RDP, in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import SSH
from iaclint.query import paths
from tests.nets import cloudformation, hops, terraform

BASE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "front" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "back" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table" "front" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_instance" "app" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.back.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""
ASSOCIATION = """
resource "aws_route_table_association" "front" {
  subnet_id      = aws_subnet.front.id
  route_table_id = aws_route_table.front.id
}
"""
LB = """
resource "aws_lb" "nlb" {
  load_balancer_type = "network"
  subnets            = [aws_subnet.front.id]
}
"""
LISTENER = """
resource "aws_lb_listener" "ssh" {
  load_balancer_arn = aws_lb.nlb.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ssh.arn
  }
}
"""
GROUP = """
resource "aws_lb_target_group" "ssh" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
"""
ATTACHMENT = """
resource "aws_lb_target_group_attachment" "ssh" {
  target_group_arn = aws_lb_target_group.ssh.arn
  target_id        = aws_instance.app.id
}
"""
SERVED = (BASE, ASSOCIATION, LB, LISTENER, GROUP, ATTACHMENT)


def sg(source: str, name: str = "app", egress: bool = False) -> str:
    out = """
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
"""
    return f"""
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.v.id
  ingress {{
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    {source}
  }}
  {out if egress else ""}
}}
"""


ANYBODY = 'cidr_blocks = ["0.0.0.0/0"]'
INSIDE = 'cidr_blocks = ["10.0.0.0/16"]'
NOBODY = 'cidr_blocks = ["10.9.0.0/16"]'


def test_a_network_load_balancer_reaches_a_private_instance(tmp_path: Path) -> None:
    net = terraform(tmp_path, *SERVED, sg(ANYBODY))
    assert net.ids == []
    flow = next(j for j in net.judged if j.flow.through is not None)
    assert flow.trace.verdict == "reachable"
    assert hops(flow.trace.ways[0]) == [
        "request aws_internet_gateway.g allow",
        "request acl (default) allow",
        "request listener 22 allow",
        "request acl (default) allow",
        "request acl (default) allow",
        "request sg app allow",
        "reply acl (default) allow",
        "reply acl (default) allow",
        "reply acl (default) allow",
        "reply route table front allow",
    ]


def test_targets_by_instance_see_the_client_and_not_the_load_balancer(tmp_path: Path) -> None:
    assert terraform(tmp_path, *SERVED, sg(INSIDE)).errors == ["IAC410"]


def test_without_client_addresses_the_block_of_the_vpc_is_enough(tmp_path: Path) -> None:
    group = GROUP.replace("port     = 22", "port     = 22\n  preserve_client_ip = false")
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, group, ATTACHMENT, sg(INSIDE))
    assert net.ids == []


def test_the_group_of_the_load_balancer_is_a_source_in_either_case(tmp_path: Path) -> None:
    balancer = LB.replace("subnets ", "security_groups = [aws_security_group.nlb.id]\n  subnets ")
    named = sg("security_groups = [aws_security_group.nlb.id]")
    parts = (BASE, ASSOCIATION, balancer, LISTENER, GROUP, ATTACHMENT, named)
    assert terraform(tmp_path, *parts, sg(ANYBODY, "nlb", egress=True)).ids == []
    assert terraform(tmp_path, *parts, sg(ANYBODY, "nlb")).errors == ["IAC411"]


def test_the_subnets_of_the_load_balancer_need_the_route_out(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, LB, LISTENER, GROUP, ATTACHMENT, sg(ANYBODY))
    assert net.errors == ["IAC203"]


def test_an_internal_load_balancer_is_for_others(tmp_path: Path) -> None:
    internal = LB.replace('"network"', '"network"\n  internal = true')
    assert terraform(tmp_path, BASE, internal, LISTENER, GROUP, ATTACHMENT, sg(INSIDE)).ids == []


def test_a_tls_listener_ends_what_ssh_needs_as_it_is(tmp_path: Path) -> None:
    tls = LISTENER.replace('"TCP"', '"TLS"')
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, tls, GROUP, ATTACHMENT, sg(ANYBODY))
    assert net.errors == ["IAC515"]


def test_an_application_load_balancer_never_carries_ssh(tmp_path: Path) -> None:
    alb = LB.replace('load_balancer_type = "network"', "")
    http = LISTENER.replace('"TCP"', '"HTTP"').replace("= 22", "= 80")
    net = terraform(tmp_path, BASE, ASSOCIATION, alb, http, GROUP, ATTACHMENT, sg(ANYBODY))
    assert "IAC515" in net.errors


def test_an_application_load_balancer_for_the_web_is_quiet(tmp_path: Path) -> None:
    alb = LB.replace('load_balancer_type = "network"', "")
    http = LISTENER.replace('"TCP"', '"HTTP"').replace("= 22", "= 80")
    web = GROUP.replace("port     = 22", "port     = 80").replace('"TCP"', '"HTTP"')
    assert terraform(tmp_path, BASE, ASSOCIATION, alb, http, web, ATTACHMENT, sg(ANYBODY)).ids == []


def test_a_target_port_that_is_not_open_is_named(tmp_path: Path) -> None:
    group = GROUP.replace("port     = 22", "port     = 2222")
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, group, ATTACHMENT, sg(ANYBODY))
    assert net.errors == ["IAC516"]


def test_the_port_of_the_attachment_overrides_that_of_the_group(tmp_path: Path) -> None:
    group = GROUP.replace("port     = 22", "port     = 2222")
    own = ATTACHMENT.replace("target_id ", "port = 22\n  target_id ")
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, group, own, sg(ANYBODY))
    assert net.ids == []


def test_a_proxy_protocol_header_breaks_ssh(tmp_path: Path) -> None:
    group = GROUP.replace("port     = 22", "port     = 22\n  proxy_protocol_v2 = true")
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, group, ATTACHMENT, sg(ANYBODY))
    assert net.errors == ["IAC517"]


def test_an_auto_scaling_group_is_a_target(tmp_path: Path) -> None:
    scaling = """
resource "aws_launch_template" "t" {
  image_id               = "ami-1"
  key_name               = "k"
  vpc_security_group_ids = [aws_security_group.app.id]
}
resource "aws_autoscaling_group" "fleet" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.back.id]
  target_group_arns   = [aws_lb_target_group.ssh.arn]
  launch_template { id = aws_launch_template.t.id }
}
"""
    source = """traffic_source {
    identifier = aws_lb_target_group.ssh.arn
    type       = "elbv2"
  }
"""
    newer = scaling.replace("target_group_arns   = [aws_lb_target_group.ssh.arn]", source)
    assert terraform(tmp_path, BASE, LB, LISTENER, GROUP, newer, sg(ANYBODY)).errors == ["IAC203"]
    net = terraform(tmp_path, BASE, LB, LISTENER, GROUP, scaling, sg(ANYBODY))
    assert net.errors == ["IAC203"]
    assert {j.flow.target.address for j in net.judged if j.flow.through} == {
        "aws_autoscaling_group.fleet"
    }


def test_a_zone_without_a_node_gets_nothing_without_cross_zone(tmp_path: Path) -> None:
    zoned = BASE.replace('"10.0.1.0/24"', '"10.0.1.0/24"\n  availability_zone = "eu-west-1a"')
    zoned = zoned.replace('"10.0.2.0/24"', '"10.0.2.0/24"\n  availability_zone = "eu-west-1b"')
    parts = (zoned, ASSOCIATION, LISTENER, GROUP, ATTACHMENT, sg(ANYBODY))
    assert terraform(tmp_path, *parts, LB).errors == ["IAC518"]


def test_a_node_sends_to_other_zones_only_with_cross_zone(tmp_path: Path) -> None:
    """The node in the zone of the target has no route back to the internet."""
    zoned = BASE.replace('"10.0.1.0/24"', '"10.0.1.0/24"\n  availability_zone = "eu-west-1a"')
    zoned = zoned.replace('"10.0.2.0/24"', '"10.0.2.0/24"\n  availability_zone = "eu-west-1b"')
    both = LB.replace("[aws_subnet.front.id]", "[aws_subnet.front.id, aws_subnet.back.id]")
    crossing = both.replace("subnets ", "enable_cross_zone_load_balancing = true\n  subnets ")
    parts = (zoned, ASSOCIATION, LISTENER, GROUP, ATTACHMENT, sg(ANYBODY))
    for balancer, verdict in ((both, "blocked"), (crossing, "reachable")):
        net = terraform(tmp_path, *parts, balancer)
        flow = next(j for j in net.judged if j.flow.through is not None)
        assert flow.trace.verdict == verdict


def test_a_target_that_is_an_address_is_the_interface_that_has_it(tmp_path: Path) -> None:
    """The second one of an instance, with a group of its own."""
    second = """
resource "aws_network_interface" "second" {
  subnet_id       = aws_subnet.back.id
  private_ips     = ["10.0.2.50"]
  security_groups = [aws_security_group.second.id]
  attachment {
    instance     = aws_instance.app.id
    device_index = 1
  }
}
"""
    by_address = ATTACHMENT.replace("aws_instance.app.id", '"10.0.2.50"')
    group = GROUP.replace("port     = 22", 'port     = 22\n  target_type = "ip"')
    for own, other, verdict in ((INSIDE, NOBODY, "blocked"), (NOBODY, INSIDE, "reachable")):
        parts = (BASE, ASSOCIATION, LB, LISTENER, group, by_address, second)
        net = terraform(tmp_path, *parts, sg(own), sg(other, "second"))
        (answer,) = paths([net.network], "internet", "aws_lb.nlb", SSH)
        assert answer.verdict == verdict


def test_an_acl_in_front_of_the_target_counts(tmp_path: Path) -> None:
    acl = """
resource "aws_network_acl" "back" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.back.id]
}
"""
    net = terraform(tmp_path, *SERVED, sg(ANYBODY), acl)
    assert net.errors == ["IAC303"]


CFN = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  G: {Type: 'AWS::EC2::InternetGateway'}
  GA:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref V, InternetGatewayId: !Ref G}
  Front: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  Back: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.2.0/24}}
  RT: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  Out:
    Type: AWS::EC2::Route
    DependsOn: GA
    Properties: {RouteTableId: !Ref RT, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref G}
  Assoc:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref RT, SubnetId: !Ref Front}
  Sg:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: app
      VpcId: !Ref V
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          SourceSecurityGroupId: !GetAtt LbSg.GroupId
  LbSg:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: balancer
      VpcId: !Ref V
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  App:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, KeyName: k, SubnetId: !Ref Back, SecurityGroupIds: [!Ref Sg]}
"""
CLASSIC = """
  Elb:
    Type: AWS::ElasticLoadBalancing::LoadBalancer
    Properties:
      Subnets: [!Ref Front]
      SecurityGroups: [!GetAtt LbSg.GroupId]
      Instances: [!Ref App]
      Listeners: [{LoadBalancerPort: '22', InstancePort: '22', Protocol: TCP}]
"""
NETWORK = """
  Nlb:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Subnets: [!Ref Front], SecurityGroups: [!GetAtt LbSg.GroupId]}
  Tg:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 22, Protocol: TCP, VpcId: !Ref V, Targets: [{Id: !Ref App}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Nlb
      Port: 22
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Tg}]
"""


@pytest.mark.parametrize("balancer", [CLASSIC, NETWORK], ids=["classic", "network"])
def test_cloudformation_balancers_work_and_need_the_route(tmp_path: Path, balancer: str) -> None:
    net = cloudformation(tmp_path, CFN, balancer)
    assert net.errors == []
    assert [j.trace.verdict for j in net.judged if j.flow.through] == ["reachable"]
    broken = CFN.replace("SubnetId: !Ref Front", "SubnetId: !Ref Back")
    assert cloudformation(tmp_path, broken, balancer).errors != []


def test_a_classic_listener_on_another_instance_port_is_named(tmp_path: Path) -> None:
    wrong = CLASSIC.replace("InstancePort: '22'", "InstancePort: '2022'")
    assert cloudformation(tmp_path, CFN, wrong).errors == ["IAC516"]


def test_a_listener_without_any_target_is_a_warning(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, GROUP, sg(INSIDE))
    assert net.ids == ["IAC519"]


def test_a_target_group_that_a_service_fills_is_quiet(tmp_path: Path) -> None:
    service = """
resource "aws_ecs_service" "git" {
  name = "git"
  load_balancer {
    target_group_arn = aws_lb_target_group.ssh.arn
    container_name   = "git"
    container_port   = 22
  }
}
"""
    net = terraform(tmp_path, BASE, ASSOCIATION, LB, LISTENER, GROUP, sg(INSIDE), service)
    assert net.ids == []
