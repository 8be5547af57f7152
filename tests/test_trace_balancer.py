"""
Load balancers in front of SSH and RDP, in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.flow import INTERNET_CLIENT, Flow
from iaclint.intent.behind import is_for
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.query import Path as Answer
from iaclint.query import overall, paths
from iaclint.trace.balancer import balancer_ways, doors, misses
from iaclint.trace.model import Reason
from tests.nets import cloudformation, hops, terraform, unjudged

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


@pytest.mark.parametrize(
    ("which", "blamed"),
    [
        ("aws_instance.two.id", True),
        ('var.some == "x" ? aws_instance.app.id : aws_instance.two.id', False),
    ],
)
def test_of_two_hosts_that_may_be_the_target_none_is_blamed(
    tmp_path: Path, which: str, blamed: bool
) -> None:
    two = BASE[BASE.index('resource "aws_instance"') :].replace('"app"', '"two"')
    two = two.replace("aws_security_group.app", "aws_security_group.two") + sg(INSIDE, "two")
    either = ATTACHMENT.replace("aws_instance.app.id", which)
    net = terraform(tmp_path, SOME, *SERVED[:-1], either, two, sg(ANYBODY))
    assert ("IAC410" in net.errors) is blamed


CLOSED = """
resource "aws_network_acl" "back" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.back.id]
}
"""


def test_an_acl_in_front_of_the_target_counts(tmp_path: Path) -> None:
    net = terraform(tmp_path, *SERVED, sg(ANYBODY), CLOSED)
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


def test_a_classic_load_balancer_that_sends_a_header_first_is_named(tmp_path: Path) -> None:
    for port, errors in (("22", ["IAC517"]), ("443", [])):
        inner = f"PolicyName: p, PolicyType: ProxyProtocolPolicyType, InstancePorts: ['{port}']"
        headers = f"{CLASSIC}      Policies: [{{{inner}}}]\n"
        assert cloudformation(tmp_path, CFN, headers).errors == errors


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


# ---- what is not known, which door, which zone ------------------------------------------------

SOME = 'variable "some" {}\n'
TEXT = "".join((SOME, *SERVED, sg(ANYBODY)))
PORT, LISTENS = "port     = 22", "port              = 22"
ZONE_A, ZONE_B = ('10.0.1.0/24"', "eu-west-1a"), ('10.0.2.0/24"', "eu-west-1b")
ZONES_OF = "[aws_subnet.front.id]"
THIRD = """
resource "aws_subnet" "third" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.3.0/24"
}
"""
Change = tuple[str, str]


def zone(block: str, name: str) -> Change:
    """Says in which zone the subnet with a block is."""
    return block, f'{block}\n  availability_zone = "{name}"'


def changed(*changes: Change, text: str = TEXT) -> str:
    """The text with each piece in place of another, which has to be there."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def ask(
    folder: Path, text: str, source: str = "internet", target: str = "aws_lb.nlb"
) -> list[Answer]:
    return paths([unjudged(folder, {"main.tf": text})], source, target, SSH)


A, B = zone(*ZONE_A), zone(*ZONE_B)
IN_BOTH = (ZONES_OF, "[aws_subnet.front.id, aws_subnet.third.id]")
OR_SOME = (ZONES_OF, "[aws_subnet.front.id, var.some]")
NO_SUBNETS = ("  subnets            = [aws_subnet.front.id]\n", "")
CROSSES = ("subnets  ", "enable_cross_zone_load_balancing = true\n  subnets  ")


def kept(said: str) -> Change:
    return PORT, f"{PORT}\n  preserve_client_ip = {said}"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        # what is not known is never an error
        ([(LISTENS, LISTENS.replace("22", "var.some"))], "undecided"),
        ([('protocol          = "TCP"', "protocol = var.some")], "undecided"),
        ([(PORT, "port = var.some")], "undecided"),
        ([("  port     = 22\n", "")], "undecided"),
        ([(ZONES_OF, "[var.some]")], "undecided"),
        ([NO_SUBNETS], "undecided"),
        ([('"network"', '"network"\n  internal = var.some')], "undecided"),
        ([("= aws_subnet.back.id", "= var.some")], "undecided"),
        # the ACL of the target counts unless the node is in the same subnet
        ([(GROUP, GROUP + CLOSED)], "blocked"),
        ([(GROUP, GROUP + CLOSED), (ZONES_OF, "[var.some]")], "undecided"),
        # whose address the target sees
        ([kept("var.some")], "reachable"),
        ([kept("var.some"), (ANYBODY, INSIDE)], "undecided"),
        ([kept("var.some"), (ANYBODY, NOBODY)], "blocked"),
        ([(ANYBODY, 'cidr_blocks = ["198.51.100.0/24"]')], "reachable"),
        ([kept("false"), (ANYBODY, 'cidr_blocks = ["10.0.1.0/25"]')], "undecided"),
        # zones: of the target, of the nodes, and whether a node sends to another one
        ([A], "reachable"),
        ([B], "reachable"),
        ([A, B], "blocked"),
        ([A, B, CROSSES], "blocked"),
        ([A, B, IN_BOTH], "reachable"),
        ([A, B, OR_SOME], "undecided"),
        ([A, B, OR_SOME, CROSSES], "reachable"),
        ([B, NO_SUBNETS], "undecided"),
        ([A, ("= aws_subnet.back.id", "= var.some")], "undecided"),
    ],
)
def test_a_load_balancer_is_judged_by_what_is_known_of_it(
    tmp_path: Path, changes: list[Change], verdict: str
) -> None:
    assert overall(ask(tmp_path, changed(*changes) + THIRD)) == verdict


def test_that_the_address_of_the_client_may_be_kept_is_what_is_not_known(tmp_path: Path) -> None:
    (answer,) = ask(tmp_path, changed(kept("var.some"), (ANYBODY, INSIDE)))
    assert [why for why, _ in answer.unknown if "some" in why] != []


@pytest.mark.parametrize(
    ("changes", "hop", "blamed"),
    [
        ([('"TCP"\n  default', '"TLS"\n  default')], "listener 22", "aws_lb_listener.ssh"),
        ([('load_balancer_type = "network"', "")], "listener 22", "aws_lb.nlb"),
        ([A, B], "zone eu-west-1b", "aws_lb.nlb"),
        ([A, B, (ZONES_OF, "[aws_subnet.front.id, aws_subnet.third.id]"),
          zone('10.0.3.0/24"', "eu-west-1b")], "zone eu-west-1a", "aws_lb.nlb"),
    ],
)  # fmt: skip
def test_a_hop_that_blocks_says_what_is_to_blame(
    tmp_path: Path, changes: list[Change], hop: str, blamed: str
) -> None:
    text = changed(*changes, text=TEXT + THIRD)
    ways = next(j for j in terraform(tmp_path, text).judged if j.flow.through).trace.ways
    found = [
        (s.direction, s.name, s.blocker.node.address) for w in ways for s in w.steps if s.blocker
    ]
    assert ("request", hop, blamed) in found


WEB = LISTENER.replace('"ssh"', '"http"').replace("22", "80").replace(".ssh.", ".http.")
WEB += GROUP.replace('"ssh"', '"http"').replace("22", "80")
WEB += ATTACHMENT.replace('"ssh"', '"http"').replace(".ssh.", ".http.")


def test_a_listener_for_something_else_does_not_hide_the_one_for_ssh(tmp_path: Path) -> None:
    """Nor does one to targets that are not known."""
    unknown = LISTENER.replace('"ssh"', '"any"').replace("aws_lb_target_group.ssh.arn", "var.some")
    both = (RULE, RULE.replace("to_port   = 22", "to_port   = 80"))
    text = changed((LB, WEB + unknown.replace("22", "81") + LB), both)
    assert overall(ask(tmp_path, text)) == "reachable"


def test_each_load_balancer_is_asked_for_itself(tmp_path: Path) -> None:
    parts = LB + LISTENER + GROUP + ATTACHMENT
    other = changed(('"ssh"', '"other"'), (".ssh.", ".other."), ("nlb", "other"), text=parts)
    text = other.replace("port     = 22", "port     = 2222") + TEXT
    assert overall(ask(tmp_path, text)) == "reachable"
    assert overall(ask(tmp_path, text, target="aws_lb.other")) == "blocked"
    assert overall(ask(tmp_path, text, target="aws_instance.app")) == "reachable"


@pytest.mark.parametrize("first", ["app", "two"])
def test_each_target_is_sent_to_on_its_own_port(tmp_path: Path, first: str) -> None:
    """Whichever of the two is registered first, and has the port that is open."""
    app = BASE[BASE.index('resource "aws_instance"') :]
    two = ATTACHMENT.replace('"ssh"', '"two"').replace("aws_instance.app", "aws_instance.two")
    moved = "port = 2222\n  target_id "
    text = TEXT + app.replace('"app"', '"two"', 1)
    text += two if first == "app" else two.replace("target_id ", moved)
    if first == "app":
        text = text.replace(ATTACHMENT, ATTACHMENT.replace("target_id ", moved))
    verdicts = {
        name: overall(ask(tmp_path, text, target=f"aws_instance.{name}")) for name in ("app", "two")
    }
    assert verdicts.pop(first) == "blocked"
    assert set(verdicts.values()) == {"reachable"}


def test_a_load_balancer_for_ipv4_hides_none_that_takes_ipv6(tmp_path: Path) -> None:
    parts = LB + LISTENER + GROUP + ATTACHMENT
    other = changed(('"ssh"', '"other"'), (".ssh.", ".other."), ("nlb", "other"), text=parts)
    dual = changed(('"network"', '"network"\n  ip_address_type = "dualstack"'), text=other)
    for number, text in enumerate((TEXT + dual, dual + TEXT, TEXT)):
        (folder := tmp_path / str(number)).mkdir()
        network = unjudged(folder, {"main.tf": text})
        (target,) = network.instances
        (interface,) = target.interfaces()
        flow = Flow(INTERNET_CLIENT, target, SSH, "ipv6")
        ways = list(balancer_ways(network, flow, interface))
        assert len(ways) == (0 if text == TEXT else 1)


BY_IPV6 = 'ipv6_cidr_blocks = ["::/0"]'


@pytest.mark.parametrize(
    ("sees", "source", "reason"),
    [
        ("true", NOBODY, Reason.GROUP_SOURCE),
        ("false", NOBODY, Reason.GROUP_SOURCE),
        ("true", BY_IPV6, Reason.GROUP_FAMILY),
        ("false", BY_IPV6, Reason.GROUP_SOURCE),
    ],
)
def test_that_the_load_balancer_is_all_a_target_sees_is_said_where_it_is_so(
    tmp_path: Path, sees: str, source: str, reason: Reason
) -> None:
    net = terraform(tmp_path, changed(kept(sees), (ANYBODY, source)))
    (blocker,) = next(j for j in net.judged if j.flow.through).trace.blockers
    assert blocker.reason is reason
    assert ("all that comes here is from aws_lb.nlb" in blocker.at.text) is (sees == "false")


def test_an_internal_load_balancer_is_not_reached_from_the_internet(tmp_path: Path) -> None:
    """Whatever its subnet and the rules of its targets allow."""
    internal = ('"network"', '"network"\n  internal = true')
    assert overall(ask(tmp_path, changed(internal))) == "blocked"


IN_FRONT = ("= aws_subnet.back.id", "= aws_subnet.front.id")
NOT_WITHIN = """
resource "aws_network_acl" "front" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.front.id]
  ingress {
    rule_no    = 10
    action     = "deny"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "10.0.1.0/24"
  }
  ingress {
    rule_no    = 20
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 20
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"""
CLASSIC_ONE = """
resource "aws_elb" "nlb" {
  subnets         = [aws_subnet.front.id]
  instances       = [aws_instance.app.id]
  security_groups = [aws_security_group.app.id]
  listener {
    instance_port     = 22
    instance_protocol = "tcp"
    lb_port           = 22
    lb_protocol       = "tcp"
  }
}
"""


def test_only_a_classic_load_balancer_passes_the_acl_of_a_subnet_it_shares(tmp_path: Path) -> None:
    text = changed(kept("false"), IN_FRONT) + NOT_WITHIN
    assert overall(ask(tmp_path, text)) == "reachable"
    group = sg(ANYBODY, egress=True)
    classic = "".join((SOME, BASE, ASSOCIATION, CLASSIC_ONE, group, NOT_WITHIN))
    assert overall(ask(tmp_path, changed(IN_FRONT, text=classic), target="aws_elb.nlb")) == (
        "blocked"
    )
    away = changed(('10.0.1.0/24"\n  }', '10.9.1.0/24"\n  }'), IN_FRONT, text=classic)
    assert overall(ask(tmp_path, away, target="aws_elb.nlb")) == "reachable"


SECOND = """
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
BY_ADDRESS = ATTACHMENT.replace('"ssh"', '"ip"').replace("aws_instance.app.id", '"10.0.2.50"')


@pytest.mark.parametrize(
    ("own", "second", "more", "verdict"),
    [
        (ANYBODY, NOBODY, "", "reachable"),
        (NOBODY, ANYBODY, "", "blocked"),
        (ANYBODY, NOBODY, BY_ADDRESS, "reachable"),
        (NOBODY, ANYBODY, BY_ADDRESS, "reachable"),
    ],
)
def test_a_target_that_is_an_instance_is_its_first_interface(
    tmp_path: Path, own: str, second: str, more: str, verdict: str
) -> None:
    text = changed((ATTACHMENT, more + ATTACHMENT), (ANYBODY, own)) + SECOND + sg(second, "second")
    assert overall(ask(tmp_path, text)) == verdict


def test_a_fleet_in_two_subnets_is_a_target_in_each(tmp_path: Path) -> None:
    fleet = """
resource "aws_launch_template" "t" {
  image_id               = "ami-1"
  vpc_security_group_ids = [aws_security_group.app.id]
}
resource "aws_autoscaling_group" "fleet" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.back.id, aws_subnet.third.id]
  target_group_arns   = [aws_lb_target_group.ssh.arn]
  launch_template { id = aws_launch_template.t.id }
}
"""
    answers = ask(tmp_path, changed((ATTACHMENT, fleet + THIRD)))
    assert overall(answers) == "reachable"


# ---- a door that is meant for SSH and names another port --------------------------------------

MISSED = changed((LISTENS, LISTENS.replace("22", "2200")), (PORT, PORT.replace("22", "2200")))
GROUPS = ("[aws_security_group.app.id]", "[aws_security_group.app.id, var.some]")
RULE = "from_port = 22\n    to_port   = 22"


@pytest.mark.parametrize(
    ("changes", "service", "meant"),
    [
        ([], SSH, True),
        ([], RDP, False),
        ([(RULE, "from_port = 22\n    to_port   = 2200")], SSH, False),
        ([('protocol  = "tcp"', 'protocol  = "-1"')], SSH, False),
        # ports of something else than TCP are not compared
        ([(RULE, "from_port = 0\n    to_port   = 100")], PING, False),
        ([('"TCP"\n  default', '"TLS"\n  default')], SSH, False),
        ([('"TCP"\n  default', '"UDP"\n  default')], SSH, False),
        # packets that a gateway load balancer hands to an appliance have other ports
        ([('"network"', '"gateway"'), ('protocol          = "TCP"', ""),
          ("2200\n  protocol = \"TCP\"", '6081\n  protocol = "GENEVE"')], SSH, False),
        ([('load_balancer_type = "network"', ""), ('"TCP"\n  default', '"HTTP"\n  default')],
         SSH, False),
        # what is not known may let the port in
        ([("port     = 2200", "port     = var.some")], SSH, False),
        ([GROUPS], SSH, False),
        ([("ingress {", "dynamic \"ingress\" {\n    for_each = var.some\n    content {}\n  }"
           "\n  ingress {")], SSH, False),
        ([("ingress {", "ingress {\n    from_port = var.some\n    to_port = var.some\n"
           "    protocol = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n  ingress {")],
         SSH, False),
    ],
)  # fmt: skip
def test_a_door_on_another_port_is_meant_where_the_host_lets_in_ssh_and_not_that_port(
    tmp_path: Path, changes: list[Change], service: Service, meant: bool
) -> None:
    network = unjudged(tmp_path, {"main.tf": changed(*changes, text=MISSED)})
    (door,) = doors(network)
    assert is_for(door, service) == meant
    (interface,) = door.target.instance.interfaces()
    assert misses(door, interface, service) == meant


def test_such_a_door_is_an_error_of_the_target_port(tmp_path: Path) -> None:
    assert terraform(tmp_path, MISSED).errors == ["IAC516"]
    classic = CLASSIC.replace("Port: '22'", "Port: '2222'")
    base = CFN.replace("ToPort: 22, CidrIp", "ToPort: 2222, CidrIp")
    assert cloudformation(tmp_path, base, classic).errors == ["IAC516"]
