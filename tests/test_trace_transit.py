"""
Two VPCs at two transit gateways that are peered, and the ACLs of the subnets of attachments.

Each question is put to the same network in Terraform and in CloudFormation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from iaclint.network import Attachment, Maybe, Network
from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from iaclint.resource import Resource
from iaclint.trace.model import Direction
from iaclint.trace.transit import Hops, transit_paths, transit_steps, turned
from tests.nets import Net, cloudformation, hops, terraform
from tests.parts import (
    HUB,
    SOME,
    attached,
    gate,
    line,
    peered,
    place,
    region,
    table,
    transit_table,
    vpc,
)


def _vpc(one: str, number: int) -> str:
    """A VPC with a subnet for hosts and one for the attachment, and a table for the hosts."""
    return f"""
resource "aws_vpc" "{one}" {{ cidr_block = "10.{number}.0.0/16" }}
resource "aws_subnet" "{one}" {{
  vpc_id            = aws_vpc.{one}.id
  cidr_block        = "10.{number}.1.0/24"
  availability_zone = "eu-west-1a"
}}
resource "aws_subnet" "{one}_hub" {{
  vpc_id            = aws_vpc.{one}.id
  cidr_block        = "10.{number}.9.0/28"
  availability_zone = "eu-west-1a"
}}
resource "aws_route_table" "{one}" {{
  vpc_id = aws_vpc.{one}.id
  route {{
    cidr_block         = "10.{1 - number}.0.0/16"
    transit_gateway_id = aws_ec2_transit_gateway.{one}.id
  }}
}}
resource "aws_route_table_association" "{one}" {{
  subnet_id      = aws_subnet.{one}.id
  route_table_id = aws_route_table.{one}.id
}}
resource "aws_security_group" "{one}" {{
  vpc_id = aws_vpc.{one}.id
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.{1 - number}.0.0/16"]
  }}
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_instance" "{one}" {{
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.{one}.id
  vpc_security_group_ids = [aws_security_group.{one}.id]
}}
resource "aws_ec2_transit_gateway" "{one}" {{
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}}
resource "aws_ec2_transit_gateway_route_table" "{one}" {{
  transit_gateway_id = aws_ec2_transit_gateway.{one}.id
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "{one}" {{
  transit_gateway_id = aws_ec2_transit_gateway.{one}.id
  vpc_id             = aws_vpc.{one}.id
  subnet_ids         = [aws_subnet.{one}_hub.id]
}}
resource "aws_ec2_transit_gateway_route_table_association" "{one}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{one}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{one}.id
}}
resource "aws_ec2_transit_gateway_route_table_propagation" "{one}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{one}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{one}.id
}}
"""


VPCS = _vpc("a", 0) + _vpc("b", 1)
PEERING = """
resource "aws_ec2_transit_gateway_peering_attachment" "p" {
  transit_gateway_id      = aws_ec2_transit_gateway.a.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.b.id
  peer_region             = "us-east-1"
}
"""
ACCEPTER = """
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "q" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.p.id
}
"""
NEAR = "aws_ec2_transit_gateway_peering_attachment.p.id"
FAR = "aws_ec2_transit_gateway_peering_attachment_accepter.q.id"


def association(one: str, end: str) -> str:
    return f"""
resource "aws_ec2_transit_gateway_route_table_association" "peer_{one}" {{
  transit_gateway_attachment_id  = {end}
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{one}.id
}}
"""


def static(one: str, block: str, end: str) -> str:
    return f"""
resource "aws_ec2_transit_gateway_route" "{one}" {{
  destination_cidr_block         = "{block}"
  transit_gateway_attachment_id  = {end}
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{one}.id
}}
"""


HERE, THERE = association("a", NEAR), association("b", FAR)
TO, BACK = static("a", "10.1.0.0/16", NEAR), static("b", "10.0.0.0/16", FAR)
WHOLE = (VPCS, PEERING, ACCEPTER, HERE, THERE, TO, BACK)


def _without(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in WHOLE if part not in parts)


def _reasons(net: Net) -> list[tuple[str, str]]:
    found = net.flow("a", "b").trace.blockers
    return [(one.reason.name, one.node.address) for one in found]


def test_a_packet_crosses_two_transit_gateways_there_and_back(tmp_path: Path) -> None:
    net = terraform(tmp_path, *WHOLE)
    assert net.errors == []
    assert hops(net.flow("instance.a", "instance.b").trace.ways[0]) == [
        "request sg a allow",
        "request acl (default) allow",
        "request route table a allow",
        "request transit table a allow",
        "request transit table b allow",
        "request acl (default) allow",
        "request sg b allow",
        "reply acl (default) allow",
        "reply route table b allow",
        "reply transit table b allow",
        "reply transit table a allow",
        "reply acl (default) allow",
    ]


@pytest.mark.parametrize(
    ("missing", "reasons"),
    [
        ((TO,), [("TRANSIT_NO_ROUTE", "aws_ec2_transit_gateway_route_table.a")]),
        ((BACK,), [("TRANSIT_NO_ROUTE", "aws_ec2_transit_gateway_route_table.b")]),
        ((HERE,), [("TRANSIT_ASSOCIATION", NEAR.removesuffix(".id"))]),
        ((THERE,), [("TRANSIT_ASSOCIATION", FAR.removesuffix(".id"))]),
    ],
    ids=["no route there", "no route back", "no association here", "no association there"],
)
def test_what_is_missing_on_either_side_is_named(
    tmp_path: Path, missing: tuple[str, ...], reasons: list[tuple[str, str]]
) -> None:
    net = terraform(tmp_path, *_without(*missing))
    assert _reasons(net) == reasons
    assert net.errors


def test_a_peering_that_nobody_accepts_stays_pending(tmp_path: Path) -> None:
    parts = [part.replace(FAR, NEAR) for part in _without(ACCEPTER)]
    net = terraform(tmp_path, *parts)
    assert _reasons(net) == [("PEERING_PENDING", NEAR.removesuffix(".id"))]
    assert net.errors == ["IAC503"]


def test_both_sides_may_be_named_by_the_peering_itself(tmp_path: Path) -> None:
    """It has one id on both sides: the table says which side is meant."""
    net = terraform(tmp_path, *[part.replace(FAR, NEAR) for part in WHOLE])
    assert net.flow("a", "b").trace.verdict == "reachable"


def test_a_peering_with_another_account_may_be_accepted_there(tmp_path: Path) -> None:
    account = PEERING.replace("peer_region ", 'peer_account_id = "123456789012"\n  peer_region ')
    parts = [p.replace(PEERING, account).replace(FAR, NEAR) for p in _without(ACCEPTER)]
    net = terraform(tmp_path, *parts)
    assert net.ids == []
    assert net.flow("a", "b").trace.verdict == "undecided"


def test_default_association_holds_for_a_peering_and_default_propagation_does_not(
    tmp_path: Path,
) -> None:
    default = VPCS.replace('= "disable"', '= "enable"')
    for one in "ab":
        for kind in ("association", "propagation"):
            start = default.index(f'resource "aws_ec2_transit_gateway_route_table_{kind}" "{one}"')
            default = default[:start] + default[default.index("}\n", start) + 2 :]
    routes = (TO + BACK).replace(
        "aws_ec2_transit_gateway_route_table.a.id",
        "aws_ec2_transit_gateway.a.association_default_route_table_id",
    ).replace(
        "aws_ec2_transit_gateway_route_table.b.id",
        "aws_ec2_transit_gateway.b.association_default_route_table_id",
    )  # fmt: skip
    assert terraform(tmp_path, default, PEERING, ACCEPTER, routes).errors == []
    net = terraform(tmp_path, default, PEERING, ACCEPTER)
    names = [address for _, address in _reasons(net)]
    assert names == [NEAR.removesuffix(".id"), FAR.removesuffix(".id")]


def test_groups_cannot_be_named_over_a_peering_of_gateways(tmp_path: Path) -> None:
    named = VPCS.replace(
        'cidr_blocks = ["10.0.0.0/16"]', "security_groups = [aws_security_group.a.id]"
    ).replace('association = "disable"', 'association = "disable"\n  '
        'security_group_referencing_support = "enable"')  # fmt: skip
    net = terraform(tmp_path, named, *WHOLE[1:])
    assert [name for name, _ in _reasons(net)] == ["GROUP_ELSEWHERE"]


def test_the_private_address_of_a_host_counts_over_a_peering_of_gateways(tmp_path: Path) -> None:
    named = VPCS.replace('"10.0.0.0/16"]', '"${aws_instance.a.private_ip}/32"]')
    net = terraform(tmp_path, named, *WHOLE[1:])
    assert net.errors == []
    assert net.flow("a", "b").trace.verdict == "reachable"


def test_a_third_gateway_in_between_needs_routes_too(tmp_path: Path) -> None:
    middle = """
resource "aws_ec2_transit_gateway" "m" {
  default_route_table_association = "disable"
}
resource "aws_ec2_transit_gateway_route_table" "m" {
  transit_gateway_id = aws_ec2_transit_gateway.m.id
}
"""
    first = PEERING.replace("gateway.b.id", "gateway.m.id")
    second = PEERING.replace('"p"', '"r"').replace("gateway.a.id", "gateway.m.id")
    accepters = ACCEPTER + ACCEPTER.replace('"q"', '"s"').replace("attachment.p", "attachment.r")
    one, two = FAR, NEAR.replace(".p.", ".r.")
    through = (
        association("m", one)
        + association("m", two).replace('"peer_m"', '"out"')
        + static("m", "10.1.0.0/16", two)
        + static("m", "10.0.0.0/16", one).replace('"m"', '"home"')
    )
    last = (THERE + BACK).replace("accepter.q", "accepter.s")
    parts = (VPCS, middle, first, second, accepters, through, HERE, TO, last)
    net = terraform(tmp_path, *parts)
    assert net.flow("a", "b").trace.verdict == "reachable"
    lost = through.replace('"10.0.0.0/16"', '"10.7.0.0/16"')
    net = terraform(tmp_path, *(lost if part is through else part for part in parts))
    assert _reasons(net) == [("TRANSIT_NO_ROUTE", "aws_ec2_transit_gateway_route_table.m")]


def _asked(net: Net) -> str:
    """The answer to a question that nobody meant."""
    return overall(paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh")))


@pytest.mark.parametrize(
    ("looked_up", "verdict"),
    [("", "blocked"), ("a", "undecided"), ("b", "undecided"), ("ab", "undecided")],
)
def test_a_gateway_that_is_looked_up_may_be_the_one_of_the_other_vpc(
    tmp_path: Path, looked_up: str, verdict: str
) -> None:
    """Modules that each look up the shared gateway mean the same one."""
    parts = VPCS
    for one in looked_up:
        start = parts.index(f'resource "aws_ec2_transit_gateway" "{one}"')
        block = parts[start : parts.index("}\n", start) + 2]
        lookup = f'data "aws_ec2_transit_gateway" "{one}" {{ tags = {{ Name = "hub" }} }}\n'
        parts = parts.replace(block, lookup)
        parts = parts.replace(
            f"aws_ec2_transit_gateway.{one}.id", f"data.aws_ec2_transit_gateway.{one}.id"
        )
    assert _asked(terraform(tmp_path, parts)) == verdict


@pytest.mark.parametrize(
    ("far", "verdict"),
    [("data.aws_ec2_transit_gateway.x", "undecided"), ("aws_ec2_transit_gateway.y", "blocked"),
     ("aws_ec2_transit_gateway.b", "undecided")],
)  # fmt: skip
def test_a_gateway_that_is_peered_may_be_the_one_of_the_other_vpc(
    tmp_path: Path, far: str, verdict: str
) -> None:
    others = """
data "aws_ec2_transit_gateway" "x" { tags = { Name = "hub" } }
resource "aws_ec2_transit_gateway" "y" {}
"""
    account = 'peer_account_id = "123456789012"\n  peer_region '
    link = PEERING.replace("aws_ec2_transit_gateway.b", far).replace("peer_region ", account)
    parts = (VPCS, HERE, THERE.replace(FAR, NEAR), TO, BACK.replace(FAR, NEAR))
    assert _asked(terraform(tmp_path, others, link, *parts)) == verdict


@pytest.mark.parametrize(("routes", "attachment"), [("data.", ""), ("", "data.")])
def test_a_route_to_a_gateway_that_is_looked_up_may_lead_to_the_declared_one(
    tmp_path: Path, routes: str, attachment: str
) -> None:
    own = "transit_gateway_id = aws_ec2_transit_gateway.a.id"
    assert VPCS.count(own) == 3
    by_route = f"  {own}\n  }}"
    parts = VPCS.replace(by_route, by_route.replace("aws_", routes + "aws_"))
    parts = parts.replace(
        f"{own}\n  vpc_id", f"{own}\n  vpc_id".replace("aws_", attachment + "aws_", 1)
    )
    lookup = 'data "aws_ec2_transit_gateway" "a" { tags = { Name = "hub" } }\n'
    net = terraform(tmp_path, lookup, parts, *WHOLE[1:])
    assert _asked(net) == "undecided"
    assert net.ids == []


# ---- the same in a template ------------------------------------------------------------------


def _stack(one: str, number: int) -> str:
    other = 1 - number
    return f"""
  Vpc{one}:
    Type: AWS::EC2::VPC
    Properties: {{CidrBlock: 10.{number}.0.0/16}}
  Subnet{one}:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc{one}
      CidrBlock: 10.{number}.1.0/24
      AvailabilityZone: eu-west-1a
  Door{one}:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc{one}
      CidrBlock: 10.{number}.9.0/28
      AvailabilityZone: eu-west-1a
  Table{one}:
    Type: AWS::EC2::RouteTable
    Properties: {{VpcId: !Ref Vpc{one}}}
  Association{one}:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {{SubnetId: !Ref Subnet{one}, RouteTableId: !Ref Table{one}}}
  Route{one}:
    Type: AWS::EC2::Route
    DependsOn: Attachment{one}
    Properties:
      RouteTableId: !Ref Table{one}
      DestinationCidrBlock: 10.{other}.0.0/16
      TransitGatewayId: !Ref Hub{one}
  Group{one}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: hosts
      VpcId: !Ref Vpc{one}
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.{other}.0.0/16}}
  Host{one}:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      InstanceType: t3.micro
      SubnetId: !Ref Subnet{one}
      SecurityGroupIds: [!Ref Group{one}]
  Hub{one}:
    Type: AWS::EC2::TransitGateway
    Properties: {{DefaultRouteTableAssociation: disable, DefaultRouteTablePropagation: disable}}
  HubTable{one}:
    Type: AWS::EC2::TransitGatewayRouteTable
    Properties: {{TransitGatewayId: !Ref Hub{one}}}
  Attachment{one}:
    Type: AWS::EC2::TransitGatewayVpcAttachment
    Properties:
      TransitGatewayId: !Ref Hub{one}
      VpcId: !Ref Vpc{one}
      SubnetIds: [!Ref Door{one}]
  Associated{one}:
    Type: AWS::EC2::TransitGatewayRouteTableAssociation
    Properties:
      TransitGatewayAttachmentId: !Ref Attachment{one}
      TransitGatewayRouteTableId: !Ref HubTable{one}
  Propagated{one}:
    Type: AWS::EC2::TransitGatewayRouteTablePropagation
    Properties:
      TransitGatewayAttachmentId: !Ref Attachment{one}
      TransitGatewayRouteTableId: !Ref HubTable{one}
"""


STACKS = _stack("A", 0) + _stack("B", 1)
PEERED = """
  Peering:
    Type: AWS::EC2::TransitGatewayPeeringAttachment
    Properties:
      TransitGatewayId: !Ref HubA
      PeerTransitGatewayId: !Ref HubB
      PeerAccountId: !Ref AWS::AccountId
      PeerRegion: us-east-1
"""


def _joined(one: str) -> str:
    return f"""
  Joined{one}:
    Type: AWS::EC2::TransitGatewayRouteTableAssociation
    Properties:
      TransitGatewayAttachmentId: !GetAtt Peering.TransitGatewayAttachmentId
      TransitGatewayRouteTableId: !Ref HubTable{one}
"""


def _fixed(one: str, block: str) -> str:
    return f"""
  Fixed{one}:
    Type: AWS::EC2::TransitGatewayRoute
    Properties:
      DestinationCidrBlock: {block}
      TransitGatewayAttachmentId: !GetAtt Peering.TransitGatewayAttachmentId
      TransitGatewayRouteTableId: !Ref HubTable{one}
"""


ALL = (
    STACKS, PEERED, _joined("A"), _joined("B"), _fixed("A", "10.1.0.0/16"),
    _fixed("B", "10.0.0.0/16"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "errors"),
    [
        ('CidrIp: !Sub "${HostA.PrivateIp}/32"', []),
        ("SourceSecurityGroupId: !Ref GroupA", ["IAC510"]),
    ],
)
def test_a_template_may_name_the_address_of_a_host_and_not_its_group(
    tmp_path: Path, source: str, errors: list[str]
) -> None:
    named = STACKS.replace("CidrIp: 10.0.0.0/16", source)
    assert cloudformation(tmp_path, named, *ALL[1:]).errors == errors


def test_a_template_cannot_accept_a_peering_of_gateways(tmp_path: Path) -> None:
    net = cloudformation(tmp_path, *ALL)
    assert net.ids == []
    flow = net.flow("HostA", "HostB")
    assert flow.trace.verdict == "undecided"
    assert [one.reason for one in flow.trace.unknowns] == [
        "whether Peering is accepted is decided elsewhere"
    ]


@pytest.mark.parametrize(
    ("missing", "reason", "culprit"),
    [
        (2, "TRANSIT_ASSOCIATION", "Peering"),
        (3, "TRANSIT_ASSOCIATION", "Peering"),
        (4, "TRANSIT_NO_ROUTE", "HubTableA"),
        (5, "TRANSIT_NO_ROUTE", "HubTableB"),
    ],
)
def test_what_is_missing_in_a_template_is_named(
    tmp_path: Path, missing: int, reason: str, culprit: str
) -> None:
    net = cloudformation(tmp_path, *ALL[:missing], *ALL[missing + 1 :])
    found = net.flow("HostA", "HostB").trace.blockers
    assert [(one.reason.name, one.node.address) for one in found] == [(reason, culprit)]


# ---- the ACLs of the subnets of attachments --------------------------------------------------

IN_A, IN_B = "10.0.1.0/24", "10.1.1.0/24"
SSH = "22 22"
REPLY = "1024 65535"


def acl(subnet: str, *entries: str) -> str:
    """An ACL of a subnet; an entry is `ingress|egress BLOCK FIRST LAST`."""
    lines = ""
    for entry in entries:
        side, block, first, last = entry.split()
        lines += f"""
  {side} {{
    rule_no    = {100 + len(lines)}
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "{block}"
    from_port  = {first}
    to_port    = {last}
  }}"""
    return f"""
resource "aws_network_acl" "{subnet}" {{
  vpc_id     = aws_vpc.{subnet[0]}.id
  subnet_ids = [aws_subnet.{subnet}.id]{lines}
}}
"""


SENDS = (f"ingress {IN_A} {SSH}", f"egress {IN_A} {REPLY}")
GETS = (f"egress {IN_B} {SSH}", f"ingress {IN_B} {REPLY}")


def test_what_crosses_the_subnets_of_attachments_is_enough(tmp_path: Path) -> None:
    """Each is asked about its own side: what hosts of its VPC send in, and get out."""
    net = terraform(tmp_path, *WHOLE, acl("a_hub", *SENDS), acl("b_hub", *GETS))
    assert hops(net.flow("instance.a", "instance.b").trace.ways[0]) == [
        "request sg a allow",
        "request acl (default) allow",
        "request route table a allow",
        "request acl a_hub of a allow",
        "request transit table a allow",
        "request transit table b allow",
        "request acl b_hub of b allow",
        "request acl (default) allow",
        "request sg b allow",
        "reply acl (default) allow",
        "reply route table b allow",
        "reply acl b_hub of b allow",
        "reply transit table b allow",
        "reply transit table a allow",
        "reply acl a_hub of a allow",
        "reply acl (default) allow",
    ]


@pytest.mark.parametrize(
    ("acls", "reason", "subnet"),
    [
        (acl("a_hub", SENDS[1]), "ACL_REQUEST", "a_hub"),
        (acl("b_hub", GETS[1]), "ACL_REQUEST", "b_hub"),
        (acl("b_hub", GETS[0]), "ACL_REPLY", "b_hub"),
        (acl("a_hub", SENDS[0]), "ACL_REPLY", "a_hub"),
        (acl("b_hub", f"ingress {IN_A} {SSH}", f"egress {IN_A} {REPLY}", GETS[1]),
         "ACL_REQUEST", "b_hub"),
    ],
    ids=["request in", "request out", "reply in", "reply out", "as for a host"],
)  # fmt: skip
def test_the_acl_of_an_attachment_can_stop_either_direction(
    tmp_path: Path, acls: str, reason: str, subnet: str
) -> None:
    net = terraform(tmp_path, *WHOLE, acls)
    assert _reasons(net) == [(reason, f"aws_network_acl.{subnet}")]
    assert {one[:4] for one in net.errors} == {"IAC3"}


def _together(*parts: str) -> list[str]:
    """The attachment of B is in the subnet of its host."""
    return [part.replace("[aws_subnet.b_hub.id]", "[aws_subnet.b.id]") for part in parts]


def test_in_the_subnet_of_the_attachment_nothing_inbound_is_asked(tmp_path: Path) -> None:
    """What comes from the gateway stays in the subnet; what goes there leaves it."""
    out = acl("b", f"egress {IN_A} {REPLY}", f"ingress {IN_B} {REPLY}")
    net = terraform(tmp_path, *_together(*WHOLE), out)
    assert net.flow("instance.a", "instance.b").trace.verdict == "reachable"
    shut = acl("b", f"ingress {IN_A} {SSH}", f"ingress {IN_B} {REPLY}")
    net = terraform(tmp_path, *_together(*WHOLE), shut)
    assert _reasons(net) == [("ACL_REPLY", "aws_network_acl.b")]


def test_inbound_rules_for_what_a_neighbour_of_the_attachment_sends_decide_nothing(
    tmp_path: Path,
) -> None:
    net = terraform(tmp_path, *_together(*WHOLE), acl("b", f"egress {IN_A} {REPLY}"))
    assert net.flow("instance.a", "instance.b").trace.verdict == "undecided"


def _two_zones(*parts: str) -> list[str]:
    """The attachment of B has a second subnet, in another zone."""
    second = """
resource "aws_subnet" "b_more" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.1.10.0/28"
  availability_zone = "eu-west-1b"
}
"""
    both = "[aws_subnet.b_hub.id, aws_subnet.b_more.id]"
    return [second, *(part.replace("[aws_subnet.b_hub.id]", both) for part in parts)]


def test_packets_stay_in_their_zone(tmp_path: Path) -> None:
    """An ACL of another zone stops nothing, unless appliance mode picks the zone."""
    net = terraform(tmp_path, *_two_zones(*WHOLE), acl("b_more"))
    assert net.flow("instance.a", "instance.b").trace.verdict == "reachable"
    net = terraform(tmp_path, *_two_zones(*WHOLE), acl("b_hub"))
    assert net.flow("instance.a", "instance.b").trace.verdict == "blocked"
    mode = [
        part.replace("subnet_ids ", 'appliance_mode_support = "enable"\n  subnet_ids ')
        for part in _two_zones(*WHOLE)
    ]
    net = terraform(tmp_path, *mode, acl("b_more"))
    assert net.flow("instance.a", "instance.b").trace.verdict == "undecided"


ENTRY = """
  Entry{number}:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref DoorAcl
      RuleNumber: {number}
      Protocol: 6
      RuleAction: allow
      Egress: {egress}
      CidrBlock: 10.1.1.0/24
      PortRange: {{From: {first}, To: {last}}}
"""
DOOR = """
  DoorAcl:
    Type: AWS::EC2::NetworkAcl
    Properties: {VpcId: !Ref VpcB}
  DoorAclUse:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref DoorB, NetworkAclId: !Ref DoorAcl}
"""
ENTRIES = (
    ENTRY.format(number=100, egress="true", first=22, last=22),
    ENTRY.format(number=110, egress="false", first=1024, last=65535),
)


def test_the_acl_of_an_attachment_in_a_template(tmp_path: Path) -> None:
    net = cloudformation(tmp_path, *ALL, DOOR, *ENTRIES)
    assert net.flow("HostA", "HostB").trace.verdict == "undecided"
    net = cloudformation(tmp_path, *ALL, DOOR, ENTRIES[0])
    found = net.flow("HostA", "HostB").trace.blockers
    assert [(one.reason.name, one.node.address) for one in found] == [("ACL_REPLY", "DoorAcl")]


# ---- over gateways, without files ----------------------------------------------------------------

PEERS = region("10.9.0.0/16")


def test_two_vpcs_at_gateways_that_are_not_known_are_at_none_together() -> None:
    a, b = attached("a"), attached("b")
    assert transit_paths(Network(), a, b) == [((a, b),)]
    lost = [attached(name, transit=SOME) for name in "ab"]
    assert transit_paths(Network(), *lost) == []


@pytest.mark.parametrize("active", [False, SOME], ids=["nobody accepts", "perhaps somebody"])
def test_it_is_said_once_that_a_peering_of_gateways_waits(active: Maybe[bool]) -> None:
    """Of the two directions, by the request."""
    near, far = peered("peering", HUB, gate("other hub", kind="network"), active=active)
    hops = ((attached("a"), near), (far, attached("b", transit=far.transit)))
    ways: list[tuple[Direction, Hops]] = [("request", hops), ("reply", turned(hops))]
    found = {
        direction: [
            step.verdict
            for step in transit_steps(way, PEERS, None, "ipv4", direction)
            if step.node in (near, far) and "associated" not in step.message
        ]
        for direction, way in ways
    }
    assert found == {"request": ["unknown" if active else "block"], "reply": []}


@pytest.mark.parametrize(
    ("looked_up", "asked", "verdict"),
    [
        (False, False, "block"),
        (True, False, "unknown"),
        (False, True, "unknown"),
        (True, True, "block"),
    ],
    ids=["both are declared", "the one a route names is looked up", "the other is", "both are"],
)
def test_an_attachment_that_is_looked_up_may_be_one_that_is_declared(
    looked_up: bool, asked: bool, verdict: str
) -> None:
    def end(name: str, data: bool) -> Attachment:
        mode: Literal["data", "managed"] = "data" if data else "managed"
        home = vpc(name, "10.1.0.0/16")
        given = Resource("aws_thing", name, {}, line(80), "terraform", mode)
        inner = place(name, vpc=home, table=table())
        return attached(name, home, resource=given, subnets=(inner,))

    there = end("there", asked)
    here = attached("here", table=transit_table(("10.9.0.0/16", end("named", looked_up))))
    steps = list(transit_steps(((here, there),), PEERS, None, "ipv4", "request"))
    assert [step.verdict for step in steps] == [verdict]
