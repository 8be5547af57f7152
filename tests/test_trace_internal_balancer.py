"""
Internal load balancers: a way to a host for whoever is inside, or connected; in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.flow import Client, Flow, client_of
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.service import SSH
from iaclint.query import paths
from iaclint.trace.balancer import balancer_ways
from iaclint.trace.model import Way
from tests.nets import Net, cloudformation, hops, terraform, unjudged
from tests.test_trace_balancer import BASE, GROUP, LISTENER, SERVED, sg
from tests.test_trace_between import BOTH, PEERING, VPCS

ATTACHMENT = SERVED[-1]
INTERNAL = """
resource "aws_lb" "nlb" {
  load_balancer_type = "network"
  internal           = true
  subnets            = [aws_subnet.front.id]
}
"""
BASTION = """
resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.front.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
}
"""
INSIDE = 'cidr_blocks = ["10.0.0.0/16"]'
SUBNET = ('["0.0.0.0/0"]', '["10.0.1.0/24"]')
BY_BASTION = "security_groups = [aws_security_group.bastion.id]"
OUT = sg(INSIDE, "bastion", egress=True)
PARTS = (BASE, INTERNAL, LISTENER, GROUP, ATTACHMENT, BASTION)


def ways(net: Net, client: Client | None = None) -> list[Way]:
    """The ways through the load balancer, asked for by name."""
    app = net.instance("app")
    bastion = next((i for i in net.network.instances if i.address.endswith("bastion")), None)
    if client is None:
        assert bastion is not None
        client = Client(bastion.address, {}, bastion, bastion.placements[0][0])
    flow = Flow(client, app, SSH, "ipv4", (), net.network.balancers[0])
    return list(balancer_ways(net.network, flow, app.placements[0][0]))


def test_an_instance_beside_it_gets_through_hop_by_hop(tmp_path: Path) -> None:
    net = terraform(tmp_path, *PARTS, sg(INSIDE), OUT)
    (way,) = ways(net)
    assert way.verdict == "reachable"
    assert hops(way) == [
        "request sg bastion allow",
        "request listener 22 allow",
        "request acl (default) allow",
        "request acl (default) allow",
        "request sg app allow",
        "reply acl (default) allow",
        "reply acl (default) allow",
    ]


def test_the_client_has_to_let_it_out_to_the_load_balancer(tmp_path: Path) -> None:
    out = OUT.replace(*SUBNET)
    closed = OUT.replace('["0.0.0.0/0"]', '["10.0.2.0/24"]')
    assert ways(terraform(tmp_path, *PARTS, sg(INSIDE), out))[0].verdict == "reachable"
    (way,) = ways(terraform(tmp_path, *PARTS, sg(INSIDE), closed))
    assert [blocker.reason.name for blocker in way.blockers] == ["EGRESS_RULE"]


def test_the_target_sees_the_client_or_the_load_balancer(tmp_path: Path) -> None:
    out = OUT
    hidden = GROUP.replace("port     = 22", "port     = 22\n  preserve_client_ip = false")
    only = {"client": 'cidr_blocks = ["10.0.1.0/24"]', "elsewhere": 'cidr_blocks = ["10.0.9.0/24"]'}
    for group in (GROUP, hidden):
        parts = (BASE, INTERNAL, LISTENER, group, ATTACHMENT, BASTION, out)
        assert ways(terraform(tmp_path, *parts, sg(only["client"])))[0].verdict == "reachable"
        assert ways(terraform(tmp_path, *parts, sg(only["elsewhere"])))[0].verdict == "blocked"


def test_a_rule_for_the_group_of_the_client_is_not_decided(tmp_path: Path) -> None:
    net = terraform(tmp_path, *PARTS, sg(BY_BASTION), OUT)
    assert ways(net)[0].verdict == "undecided"
    assert net.errors == []


def test_a_group_of_the_load_balancer_filters_who_comes(tmp_path: Path) -> None:
    guarded = INTERNAL.replace(
        "subnets  ", "security_groups = [aws_security_group.nlb.id]\n  subnets  "
    )
    parts = (BASE, guarded, LISTENER, GROUP, ATTACHMENT, BASTION)
    named = sg("security_groups = [aws_security_group.nlb.id]")
    out = OUT
    open_ = terraform(tmp_path, *parts, named, out, sg(BY_BASTION, "nlb", egress=True))
    assert ways(open_)[0].verdict == "reachable"
    shut = sg('cidr_blocks = ["10.0.9.0/24"]', "nlb", egress=True)
    net = terraform(tmp_path, *parts, named, out, shut)
    assert ways(net)[0].verdict == "blocked"
    (answer,) = paths([net.network], "aws_lb.nlb", "aws_instance.app", SSH)
    assert answer.verdict == "reachable"


def test_another_port_of_the_listener_is_a_way_too(tmp_path: Path) -> None:
    """A bastion whose own rules lead to the load balancer only reaches the host by it."""
    moved = LISTENER.replace("port              = 22", "port              = 2222")
    out = OUT.replace(*SUBNET)
    parts = (BASE, INTERNAL, moved, GROUP, ATTACHMENT, BASTION, sg(BY_BASTION + "\n    " + INSIDE))
    net = terraform(tmp_path, *parts, out)
    assert net.flow("bastion", "app").trace.verdict == "reachable"
    assert net.errors == []
    alone = terraform(tmp_path, BASE, BASTION, sg(BY_BASTION), out)
    assert alone.errors == ["IAC411"]


def test_what_is_asked_through_a_load_balancer_is_not_answered_by_a_way_around_it(
    tmp_path: Path,
) -> None:
    """Over a peering its host is reached directly, and not on the port it sends to."""
    parts = (
        INTERNAL.replace("aws_subnet.front", "aws_subnet.b"),
        LISTENER,
        GROUP.replace("aws_vpc.v", "aws_vpc.b").replace("= 22", "= 2222"),
        ATTACHMENT,
        sg('cidr_blocks = ["10.0.0.0/8"]').replace("aws_vpc.v", "aws_vpc.b"),
    )
    network = unjudged(tmp_path, {"main.tf": VPCS + PEERING + BOTH + "".join(parts)})
    for target, verdict in (("aws_lb.nlb", "blocked"), ("aws_instance.app", "reachable")):
        (answer,) = paths([network], "aws_instance.bastion", target, SSH)
        assert answer.verdict == verdict


ACL = """
resource "aws_network_acl" "PLACE" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.PLACE.id]
  SIDE {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"""


@pytest.mark.parametrize(
    ("place", "side", "reason"),
    [("back", "egress", "ACL_REQUEST"), ("front", "egress", "ACL_REPLY"),
     ("third", "ingress", "ACL_REQUEST"), ("third", "egress", "ACL_REPLY")],
)  # fmt: skip
def test_every_subnet_on_the_way_has_its_acl(
    tmp_path: Path, place: str, side: str, reason: str
) -> None:
    """That of the host, even for a rule that names the client; of the client; of the node."""
    third = """
resource "aws_subnet" "third" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.3.0/24"
}
"""
    parts = (BASE, third, INTERNAL.replace("front", "third"), *PARTS[2:], sg(BY_BASTION), OUT)
    net = terraform(tmp_path, *parts, ACL.replace("PLACE", place).replace("SIDE", side))
    (way,) = ways(net)
    assert reason in {blocker.reason.name for blocker in way.blockers}
    assert way.verdict == "blocked"


def test_a_way_through_it_that_does_not_work_is_no_way_to_the_host(tmp_path: Path) -> None:
    """It is a way only where somebody asks for it."""
    network = unjudged(tmp_path, {"main.tf": "".join((*PARTS, sg("cidr_blocks = []"), OUT))})
    app, bastion = network.instances
    client = Client(bastion.address, {}, bastion, bastion.placements[0][0])
    interface = app.placements[0][0]
    flow = Flow(client, app, SSH, "ipv4")
    assert list(balancer_ways(network, flow, interface)) == []
    asked = Flow(client, app, SSH, "ipv4", (), network.balancers[0])
    assert [way.verdict for way in balancer_ways(network, asked, interface)] == ["blocked"]


@pytest.mark.parametrize(
    ("block", "verdict"), [("10.0.2.0/24", "reachable"), ("10.9.0.0/16", "blocked")]
)
def test_from_the_load_balancer_itself_everybody_in_its_vpc_may_come(
    tmp_path: Path, block: str, verdict: str
) -> None:
    rule = sg(f'cidr_blocks = ["{block}"]')
    network = unjudged(tmp_path, {"main.tf": "".join((*PARTS, rule, OUT))})
    (answer,) = paths([network], "aws_lb.nlb", "aws_instance.app", SSH)
    assert answer.verdict == verdict


@pytest.mark.parametrize(
    ("said", "unknown"),
    [("internal = var.some", '"some"'), ("", "has public addresses, which are not known")],
)
def test_from_inside_nothing_is_known_of_a_public_load_balancer(
    tmp_path: Path, said: str, unknown: str
) -> None:
    balancer = INTERNAL.replace("internal           = true", said)
    parts = ('variable "some" {}\n', BASE, balancer, *PARTS[2:], sg(INSIDE), OUT)
    network = unjudged(tmp_path, {"main.tf": "".join(parts)})
    (answer,) = paths([network], "aws_instance.bastion", "aws_lb.nlb", SSH)
    assert answer.verdict == "undecided"
    assert [unknown in why for why, _ in answer.unknown] == [True]
    assert [hop.direction for hop in answer.hops] == ["request"]


def test_from_a_peered_network_and_over_a_vpn(tmp_path: Path) -> None:
    balancer = (
        INTERNAL.replace("aws_subnet.front", "aws_subnet.b"),
        LISTENER,
        GROUP.replace("aws_vpc.v", "aws_vpc.b"),
        ATTACHMENT,
    )
    app = sg('cidr_blocks = ["10.0.0.0/8"]').replace("aws_vpc.v", "aws_vpc.b")
    net = terraform(tmp_path, VPCS, app, PEERING, BOTH, *balancer)
    (way,) = ways(net)
    assert (way.verdict, hops(way)[2:6]) == (
        "reachable",
        [
            "request route table a allow",
            "request peering p allow",
            "request acl (default) allow",
            "request listener 22 allow",
        ],
    )
    assert [w.verdict for w in ways(terraform(tmp_path, VPCS, app, PEERING, *balancer))] == [
        "blocked"
    ]
    staff = client_of((parse_prefix("10.8.0.0/16"),))
    vpn = """
resource "aws_vpn_gateway" "o" { vpc_id = aws_vpc.b.id }
resource "aws_route" "office" {
  route_table_id         = aws_route_table.b.id
  destination_cidr_block = "10.8.0.0/16"
  gateway_id             = aws_vpn_gateway.o.id
}
"""
    (way,) = ways(terraform(tmp_path, VPCS, app, *balancer, vpn), staff)
    assert way.verdict == "reachable"
    assert ways(terraform(tmp_path, VPCS, app, *balancer), staff)[0].verdict == "blocked"


CFN = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  S: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: hosts
      VpcId: !Ref V
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}]
  app:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref S, SecurityGroupIds: [!GetAtt G.GroupId]}
  bastion:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref S, SecurityGroupIds: [!GetAtt G.GroupId]}
"""
NETWORK = """
  L:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Scheme: internal, Subnets: [!Ref S]}
  T:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 22, Protocol: TCP, VpcId: !Ref V, Targets: [{Id: !Ref app}]}
  P:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref L
      Port: 22
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref T}]
"""
CLASSIC = """
  L:
    Type: AWS::ElasticLoadBalancing::LoadBalancer
    Properties:
      Scheme: internal
      Subnets: [!Ref S]
      SecurityGroups: [!GetAtt G.GroupId]
      Instances: [!Ref app]
      Listeners: [{LoadBalancerPort: '22', InstancePort: '22', Protocol: TCP}]
"""


@pytest.mark.parametrize("balancer", [NETWORK, CLASSIC], ids=["network", "classic"])
def test_the_same_in_cloudformation(tmp_path: Path, balancer: str) -> None:
    assert ways(cloudformation(tmp_path, CFN, balancer))[0].verdict == "reachable"
    closed = CFN.replace("10.0.0.0/16}]", "10.9.0.0/16}]")
    (way,) = ways(cloudformation(tmp_path, closed, balancer))
    assert {blocker.reason.name for blocker in way.blockers} == {"GROUP_SOURCE"}
