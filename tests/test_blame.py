"""Where several things could be changed: which one a finding names, and when it stays silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from iaclint.network import Group, Interface, PublicAddress, Rule
from iaclint.packet.prefix import INTERNET, everything
from iaclint.packet.service import PING, TCP, Traffic
from iaclint.source import Span
from iaclint.trace.group import Peer, group_step
from iaclint.trace.model import Reason
from iaclint.value import Unknown
from tests.blocks import IGW, gateway, group, host, subnet, table, vpc
from tests.blocks import Rule as Allowed
from tests.nets import Net, cloudformation, terraform, written

HOST = """
resource "aws_vpc" "v" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                          = aws_vpc.v.id
  cidr_block                      = "10.0.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
}
resource "aws_security_group" "ssh" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    ipv6_cidr_blocks = ["::/0"]
  }
}
resource "aws_instance" "host" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.ssh.id]
}
"""
V4 = 'cidr_block = "0.0.0.0/0"'
V6 = 'ipv6_cidr_block = "::/0"'


def main_table(*blocks: str) -> str:
    routes = "".join(
        f"route {{\n    {block}\n    gateway_id = aws_internet_gateway.g.id\n  }}\n  "
        for block in blocks
    )
    return f"""
resource "aws_default_route_table" "main" {{
  default_route_table_id = aws_vpc.v.default_route_table_id
  {routes}
}}
"""


def named(net: Net) -> list[tuple[str, str]]:
    return [(finding.check, finding.resource) for finding in net.findings]


# ---- the main route table ----------------------------------------------------------------------


def test_an_adopted_main_table_that_lacks_one_family_is_what_has_to_change(tmp_path: Path) -> None:
    net = terraform(tmp_path, HOST, main_table(V4))
    assert named(net) == [("IAC201", "aws_default_route_table.main")]
    assert named(terraform(tmp_path, HOST, main_table(V4, V6))) == []


def test_a_table_with_the_route_that_nobody_uses_wants_its_association(tmp_path: Path) -> None:
    table = """
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.v.id
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.g.id
  }
}
"""
    net = terraform(tmp_path, HOST, main_table(), table)
    assert named(net) == [("IAC203", "aws_subnet.s")]


def test_a_route_in_a_main_table_that_is_written_nowhere_is_the_place(tmp_path: Path) -> None:
    route = """
resource "aws_route" "out" {
  route_table_id         = aws_vpc.v.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}
"""
    net = terraform(tmp_path, HOST, route)
    assert named(net) == [("IAC201", "aws_route.out")]
    assert "beside aws_route.out" in net.findings[0].help


def test_a_main_table_that_leads_to_a_nat_gateway_is_left_to_the_private_subnets(
    tmp_path: Path,
) -> None:
    main = """
resource "aws_egress_only_internet_gateway" "e" { vpc_id = aws_vpc.v.id }
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.e.id
  }
}
"""
    public = """
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.v.id
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.g.id
  }
}
"""
    assert named(terraform(tmp_path, HOST, main, public)) == [("IAC203", "aws_subnet.s")]
    assert named(terraform(tmp_path, HOST, main)) == [("IAC202", "aws_default_route_table.main")]


# ---- a group on nothing --------------------------------------------------------------------------


def test_a_group_with_the_rule_that_no_instance_carries_is_shown(tmp_path: Path) -> None:
    web = """
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port        = 80
    to_port          = 80
    protocol         = "tcp"
    ipv6_cidr_blocks = ["::/0"]
  }
}
"""
    other = HOST.replace("[aws_security_group.ssh.id]", "[aws_security_group.web.id]")
    (finding,) = terraform(tmp_path, other, web, main_table(V4, V6)).findings
    assert finding.resource == "aws_security_group.web"
    assert finding.help.endswith("or put aws_security_group.ssh on aws_instance.host")
    assert "is on no instance" in finding.related[0].text
    alone = other.replace("from_port        = 22", "from_port        = 23")
    (finding,) = terraform(tmp_path, alone, web, main_table(V4, V6)).findings
    assert "aws_security_group.ssh" not in finding.help


# ---- ICMP of the other family --------------------------------------------------------------------


def ping(protocol: str) -> str:
    return f"""
resource "aws_vpc_security_group_ingress_rule" "ping4" {{
  security_group_id = aws_security_group.ssh.id
  ip_protocol       = "icmp"
  from_port         = 8
  to_port           = -1
  cidr_ipv4         = "0.0.0.0/0"
}}
resource "aws_vpc_security_group_ingress_rule" "ping6" {{
  description       = "ping"
  security_group_id = aws_security_group.ssh.id
  ip_protocol       = "{protocol}"
  from_port         = -1
  to_port           = -1
  cidr_ipv6         = "::/0"
}}
"""


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("allow ping", Reason.GROUP_PROTOCOL),
        ("ICMP", Reason.GROUP_PROTOCOL),
        ("shipping", Reason.GROUP_NO_RULE),
    ],
)
def test_a_rule_that_is_called_ping_and_is_for_tcp_has_the_wrong_protocol(
    says: str, reason: Reason
) -> None:
    at = Span("main.tf", 1)
    rule = Rule(
        address="rule", label="rule", span=at, traffic=Traffic(TCP, (8, 8)),
        prefixes=(everything("ipv4"),), says=says,
    )  # fmt: skip
    group = Group(address="group", label="group", span=at, vpc=None, ingress=[rule])
    host = Interface(
        address="host", label="host", span=at, subnet=Unknown("it is not asked"),
        groups=(group,), public=PublicAddress(has=True, why="asked for"),
    )  # fmt: skip
    blocker = group_step(host, Peer(INTERNET["ipv4"]), "ipv4", PING).blocker
    assert blocker is not None and blocker.reason is reason


def test_icmp_for_an_ipv6_block_is_the_wrong_protocol(tmp_path: Path) -> None:
    public = HOST.replace('10.0.1.0/24"', '10.0.1.0/24"\n  map_public_ip_on_launch = true')
    net = terraform(tmp_path, public, main_table(V4, V6), ping("icmp"))
    assert named(net) == [("IAC403", "aws_vpc_security_group_ingress_rule.ping6")]
    assert named(terraform(tmp_path, public, main_table(V4, V6), ping("icmpv6"))) == []


# ---- a chain of peerings -------------------------------------------------------------------------

CHAIN = """
resource "aws_vpc" "a" { cidr_block = "10.1.0.0/16" }
resource "aws_vpc" "b" { cidr_block = "10.2.0.0/16" }
resource "aws_vpc" "c" { cidr_block = "10.3.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.1.1.0/24"
}
resource "aws_subnet" "c" {
  vpc_id     = aws_vpc.c.id
  cidr_block = "10.3.1.0/24"
}
resource "aws_vpc_peering_connection" "ab" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}
resource "aws_vpc_peering_connection" "bc" {
  vpc_id      = aws_vpc.b.id
  peer_vpc_id = aws_vpc.c.id
  auto_accept = true
}
resource "aws_security_group" "a" {
  vpc_id = aws_vpc.a.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "c" {
  vpc_id = aws_vpc.c.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16"]
  }
}
resource "aws_instance" "a" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.a.id]
}
resource "aws_instance" "c" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.c.id
  vpc_security_group_ids = [aws_security_group.c.id]
}
"""
THROUGH = """
resource "aws_route" "a_to_c" {
  route_table_id            = aws_vpc.a.main_route_table_id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.%s.id
}
"""


def test_a_route_over_a_peering_that_ends_elsewhere_is_named(tmp_path: Path) -> None:
    net = terraform(tmp_path, CHAIN, THROUGH % "ab")
    assert [finding.check for finding in net.findings] == ["IAC505"]
    assert net.findings[0].primary.text.startswith("leads to aws_vpc_peering_connection.ab")
    assert net.findings[0].message.endswith("nothing connects aws_vpc.a and aws_vpc.c")


def test_peerings_in_a_row_without_such_a_route_ask_for_nothing(tmp_path: Path) -> None:
    assert named(terraform(tmp_path, CHAIN)) == []


def test_a_peering_whose_other_end_is_made_elsewhere_may_be_the_right_one(tmp_path: Path) -> None:
    foreign = """
resource "aws_vpc_peering_connection" "away" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = "vpc-0123456789abcdef0"
}
"""
    assert terraform(tmp_path, CHAIN, foreign, THROUGH % "away").errors == []


def test_the_same_chain_in_a_template(tmp_path: Path) -> None:
    chain = """
  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
  C: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.3.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, CidrBlock: 10.1.1.0/24}}
  SubnetC: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref C, CidrBlock: 10.3.1.0/24}}
  AB: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref A, PeerVpcId: !Ref B}}
  BC: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref B, PeerVpcId: !Ref C}}
  TableA: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref A}}
  UseA:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref SubnetA, RouteTableId: !Ref TableA}
  GroupA:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: a, VpcId: !Ref A}
  GroupC:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: c
      VpcId: !Ref C
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.1.0.0/16}
  HostA:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref SubnetA, SecurityGroupIds: [!Ref GroupA]}
  HostC:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref SubnetC, SecurityGroupIds: [!Ref GroupC]}
"""
    through = """
  AToC:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref TableA
      DestinationCidrBlock: 10.3.0.0/16
      VpcPeeringConnectionId: !Ref AB
"""
    assert cloudformation(tmp_path, chain, through).errors == ["IAC505"]
    assert cloudformation(tmp_path, chain).errors == []


# ---- how it is said ------------------------------------------------------------------------------


def test_several_services_are_blocked_and_one_is(tmp_path: Path) -> None:
    rules = """
resource "aws_security_group_rule" "ping" {
  security_group_id = aws_security_group.ssh.id
  type              = "ingress"
  protocol          = "icmpv6"
  from_port         = -1
  to_port           = -1
  ipv6_cidr_blocks  = ["::/0"]
}
"""
    one = terraform(tmp_path, HOST, main_table()).findings[0].message
    assert one.startswith("SSH to aws_instance.host over IPv6 is blocked: ")
    two = terraform(tmp_path, HOST, main_table(), rules).findings[0].message
    assert two.startswith("SSH and ping to aws_instance.host over IPv6 are blocked: ")


# ---- one group for all, and one for the service --------------------------------------------------

PLACE = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
)
INNER = group("inner", Allowed(0, 0, "-1", "10.10.0.0/24"))


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Allowed(0, 8, "icmp"), ["IAC408"]),
        (Allowed(8, 0, "icmp", "10.0.0.0/16"), []),
        (Allowed(8, 0, "icmp"), []),
    ],
)
def test_a_rule_for_ping_is_to_blame_before_one_for_everything(
    tmp_path: Path, language: str, rule: Allowed, expected: list[str]
) -> None:
    text = PLACE + INNER + group("ping", rule, Allowed(22, 22, "tcp"))
    text += host("web", "front", "inner", "ping", key="ops")
    found = written(tmp_path, text.files(language)).findings
    assert [each.check for each in found if each.level is Level.ERROR] == expected


# ---- a default group under management ------------------------------------------------------------

MANAGED = """
resource "aws_default_security_group" "d" {{
  vpc_id = aws_vpc.home.id
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    {source}
  }}
}}
"""


@pytest.mark.parametrize(
    ("port", "source", "expected"),
    [
        (22, 'cidr_blocks = ["10.10.0.0/24"]', ["IAC404"]),
        (22, 'cidr_blocks = ["0.0.0.0/0"]', []),
        (443, 'cidr_blocks = ["0.0.0.0/0"]', ["IAC401"]),
    ],
)
def test_a_default_group_with_rules_is_judged_by_its_rules(
    tmp_path: Path, port: int, source: str, expected: list[str]
) -> None:
    text = (PLACE + host("web", "front", key="ops")).terraform
    net = terraform(tmp_path, text, MANAGED.format(port=port, source=source))
    assert [each.check for each in net.findings if each.level is Level.ERROR] == expected


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_who_cannot_get_in_are_those_inside_and_those_outside(
    tmp_path: Path, language: str
) -> None:
    text = (
        PLACE + subnet("back", "10.0.2.0/24") + table("back") + group("all", Allowed(0, 0, "icmp"))
    )
    text += host("web", "front", "all", key="ops") + host("db", "back", "all", key="ops")
    found = written(tmp_path, text.files(language)).findings
    (message,) = [each.message for each in found if each.check == "IAC408"]
    web = "aws_instance.web" if language == "terraform" else "Web"
    assert f"from internet and {web} is blocked" in message
