"""Rules, ACLs and routes that name an IPv6 block which is assigned on apply are decided."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from iaclint.assemble.assigned import with_stand_ins
from iaclint.flow import Flow
from iaclint.packet.service import SSH
from iaclint.query import Path as Answer
from iaclint.query import paths
from iaclint.query.ends import clients_of
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.trace.engine import trace
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value
from tests.nets import Net, cloudformation, terraform

NET = """
resource "aws_vpc" "v" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_subnet" "one" {
  vpc_id          = aws_vpc.v.id
  cidr_block      = "10.0.1.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)
}
resource "aws_subnet" "two" {
  vpc_id          = aws_vpc.v.id
  cidr_block      = "10.0.2.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 2)
}
resource "aws_subnet" "three" {
  vpc_id          = aws_vpc.v.id
  cidr_block      = "10.0.3.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 3)
}
resource "aws_security_group" "host" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    ipv6_cidr_blocks = [BLOCK]
  }
}
resource "aws_security_group" "out" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}
resource "aws_instance" "host" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.three.id
  ipv6_address_count     = 1
  vpc_security_group_ids = [aws_security_group.host.id]
}
"""
CLIENT = """
resource "aws_instance" "{0}" {{
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.{0}.id
  ipv6_address_count     = 1
  vpc_security_group_ids = [aws_security_group.out.id]
}}
"""
CLIENTS = CLIENT.format("one") + CLIENT.format("two")


def _verdicts(net: Net) -> dict[str, str]:
    """What happens over IPv6 to the clients, by the name of their subnet."""
    found = [one for name in ("one", "two") for one in _answers(net, name)]
    return {one.source.lower().removeprefix("aws_instance."): one.verdict for one in found}


def _answers(net: Net, source: str) -> list[Answer]:
    names = [i.address for i in net.network.instances if i.address.lower().endswith(source)]
    return [
        one
        for name in names
        for one in paths([net.network], name, "*ost", SSH)
        if one.family == "ipv6"
    ]


VPC6 = "!Select [0, !GetAtt Vpc.Ipv6CidrBlocks]"
ONE6 = "!Select [0, !GetAtt SubnetOne.Ipv6CidrBlocks]"
IN, OUT = "reachable", "blocked"
CASES = [
    ("aws_vpc.v.ipv6_cidr_block", VPC6, IN, IN),
    ("aws_subnet.one.ipv6_cidr_block", ONE6, IN, OUT),
    ("cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 2)", f"!Select [2, !Cidr [{VPC6}, 9, 64]]", OUT, IN),
    ("cidrsubnet(aws_vpc.v.ipv6_cidr_block, 7, 0)", f"!Select [0, !Cidr [{VPC6}, 2, 65]]", IN, OUT),
]


@pytest.mark.parametrize(("written", "_template", "one", "two"), CASES)
def test_a_client_in_the_block_gets_in_and_no_other(
    tmp_path: Path, written: str, _template: str, one: str, two: str
) -> None:
    net = terraform(tmp_path, NET.replace("BLOCK", written), CLIENTS)
    assert _verdicts(net) == {"one": one, "two": two}


TEMPLATE = """
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Assigned:
    Type: AWS::EC2::VPCCidrBlock
    Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}
  HostGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: hosts
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: BLOCK}
"""
PLACE = """
  Subnet{0}:
    Type: AWS::EC2::Subnet
    DependsOn: Assigned
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.{1}.0/24
      Ipv6CidrBlock: !Select [{1}, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 9, 64]]
  {2}:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      InstanceType: t3.micro
      SubnetId: !Ref Subnet{0}
      Ipv6AddressCount: 1
      SecurityGroupIds: [!Ref HostGroup]
"""
PLACES = (
    PLACE.format("One", 1, "One") + PLACE.format("Two", 2, "Two") + PLACE.format("Three", 3, "Host")
)


@pytest.mark.parametrize(("_written", "template", "one", "two"), CASES)
def test_in_a_template_too(
    tmp_path: Path, _written: str, template: str, one: str, two: str
) -> None:
    text = TEMPLATE.replace("CidrIpv6: BLOCK", f'CidrIpv6: {template}').replace(
        "- {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: ",
        "- IpProtocol: tcp\n          FromPort: 22\n          ToPort: 22\n          CidrIpv6: ",
    ).replace("]}\n", "]\n")  # fmt: skip
    net = cloudformation(tmp_path, text, PLACES)
    assert _verdicts(net) == {"one": one, "two": two}


def test_clients_on_the_internet_are_not_in_the_block(tmp_path: Path) -> None:
    """Nor does the rule say that somebody means them."""
    net = terraform(tmp_path, NET.replace("BLOCK", "aws_vpc.v.ipv6_cidr_block"))
    answers = paths([net.network], "internet", "host", SSH)
    (group,) = [
        hop for one in answers if one.family == "ipv6" for hop in one.hops if hop.name == "sg host"
    ]
    assert group.verdict == "block"
    assert net.ids == []


def test_no_stand_in_is_ever_shown(tmp_path: Path) -> None:
    net = terraform(tmp_path, NET.replace("BLOCK", "aws_subnet.one.ipv6_cidr_block"), CLIENTS)
    (client,) = clients_of(net.network, "two")[:1]
    found = trace(net.network, Flow(client, net.instance("host"), SSH, "ipv6"))
    assert [one.at.text for one in found.blockers] == [
        "lets SSH in from an assigned IPv6 block only"
    ]
    assert "100:" not in repr([_answers(net, "two"), [one.at for one in found.blockers]])


MORE = """
resource "aws_vpc_ipv6_cidr_block_association" "more" { vpc_id = aws_vpc.v.id }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("assign_generated_ipv6_cidr_block = true", "assign_generated_ipv6_cidr_block = var.six"),
        ('resource "aws_subnet" "one" {', MORE + 'resource "aws_subnet" "one" {'),
    ],
    ids=["perhaps none", "two"],
)  # fmt: skip
def test_what_is_not_certain_stays_undecided(tmp_path: Path, old: str, new: str) -> None:
    text = 'variable "six" { type = bool }\n' + NET.replace("BLOCK", "aws_vpc.v.ipv6_cidr_block")
    net = terraform(tmp_path, text.replace(old, new), CLIENTS)
    assert set(_verdicts(net).values()) == {"undecided"}


def test_the_time_grows_with_the_resources_and_not_with_their_square(tmp_path: Path) -> None:
    many = """
        resource "aws_vpc" "v" {
          cidr_block                       = "10.0.0.0/16"
          assign_generated_ipv6_cidr_block = true
        }
        resource "aws_eip" "some" {
          count = 1000
        }
        resource "aws_eip" "others" {
          count = 1000
        }
    """
    start = time.process_time()
    net = terraform(tmp_path, many)
    assert len(net.network.resources) == 2001
    assert time.process_time() - start < 10


@pytest.mark.parametrize("newbits", ["72", "73", "-8", "-80"])
def test_more_or_fewer_bits_than_a_block_has_room_for_are_no_part_of_it(
    tmp_path: Path, newbits: str
) -> None:
    """A VPC's block is a /56, and 128 bits are the most."""
    written = f"cidrsubnet(aws_vpc.v.ipv6_cidr_block, {newbits}, 0)"
    net = terraform(tmp_path, NET.replace("BLOCK", written), CLIENTS)
    assert set(_verdicts(net).values()) <= {"undecided", OUT}


# ---- what is filled in -----------------------------------------------------------------------

HERE = Span("main.tf", 1)


def block_of(address: str, attribute: str = "ipv6_cidr_block") -> Unknown:
    """What the files say where they name the block of something."""
    return Unknown("it is known after apply", HERE, ref=Ref(address, attribute))


def has(kind: str, address: str, **attributes: object) -> Resource:
    """A resource; what is no value yet becomes one."""
    kinds = (Scalar, ListValue, MapValue, Unknown)
    found = {n: v if isinstance(v, kinds) else Scalar(v, HERE) for n, v in attributes.items()}  # type: ignore[arg-type]
    language = "cloudformation" if "::" in kind else "terraform"
    return Resource(kind, address, found, HERE, language)  # type: ignore[arg-type]


def filled(value: Value, *resources: Resource) -> Value:
    """The value that another resource has, when the blocks of these are filled in."""
    *_, last = with_stand_ins((*resources, has("aws_thing", "aws_thing.x", block=value)))
    return last.attributes["block"]


def length(value: Value) -> int | None:
    """The length of a block, as far as it is known."""
    return int(str(value.value).partition("/")[2]) if isinstance(value, Scalar) else None


ASKS = {"assign_generated_ipv6_cidr_block": True}
ASSOCIATED = "aws_vpc_ipv6_cidr_block_association"
OF_V, SOME = Unknown("v", HERE, ref=Ref("aws_vpc.v", "id")), Unknown("some", HERE)


@pytest.mark.parametrize(
    ("size", "found"),
    [(None, 56), (40, None), (44, 44), (52, 52), (60, 60), (64, None), (SOME, None)],
)
def test_a_block_from_a_pool_is_as_long_as_was_asked_for(size: object, found: int | None) -> None:
    """From /44 to /60."""
    more = {} if size is None else {"ipv6_netmask_length": size}
    vpc = has("aws_vpc", "aws_vpc.v", ipv6_ipam_pool_id=SOME, **more)
    assert length(filled(block_of("aws_vpc.v"), vpc)) == found

    more = {} if size is None else {"Ipv6NetmaskLength": size}
    own = Unknown("v", HERE, ref=Ref("V", "Ref"))
    asks = has("AWS::EC2::VPCCidrBlock", "B", VpcId=own, Ipv6IpamPoolId=SOME, **more)
    block = block_of("V", "Ipv6CidrBlocks[0]")
    assert length(filled(block, has("AWS::EC2::VPC", "V"), asks)) == found


@pytest.mark.parametrize(("cut", "found"), [("64,3", 64), ("+8,3", 64), ("48,0", None)])
def test_a_part_has_the_length_that_is_given_or_what_is_added_to_that_of_the_block(
    cut: str, found: int | None
) -> None:
    part = block_of("aws_vpc.v", f"ipv6_cidr_block|{cut}")
    assert length(filled(part, has("aws_vpc", "aws_vpc.v", **ASKS))) == found


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ([], True),
        ([has("aws_vpc_ipv4_cidr_block_association", "b", vpc_id=OF_V, cidr_block="10.1.0.0/16")],
         True),
        ([has("aws_vpc", "aws_vpc.w")], True),
        ([has(ASSOCIATED, "b", vpc_id=OF_V, **ASKS)], False),
        ([has(ASSOCIATED, "b", vpc_id=SOME, **ASKS)], False),
        ([has(ASSOCIATED, "b", vpc_id="vpc-1", **ASKS)], False),
    ],
)  # fmt: skip
def test_a_vpc_has_the_one_block_it_asks_for_unless_another_may_be_there(
    more: list[Resource], known: bool
) -> None:
    found = filled(block_of("aws_vpc.v"), has("aws_vpc", "aws_vpc.v", **ASKS), *more)
    assert isinstance(found, Scalar) is known


@pytest.mark.parametrize(
    ("asks", "known"),
    [
        (has(ASSOCIATED, "b", vpc_id=OF_V, **ASKS), True),
        (has(ASSOCIATED, "b", vpc_id=OF_V, ipv6_cidr_block=None, **ASKS), True),
        (has(ASSOCIATED, "b", vpc_id=OF_V, ipv6_cidr_block="2600:1f14::/56"), False),
        (replace(has(ASSOCIATED, "b", vpc_id=OF_V, **ASKS), maybe=SOME), False),
    ],
)
def test_a_block_that_is_given_or_may_not_be_there_is_none_that_is_assigned(
    asks: Resource, known: bool
) -> None:
    found = filled(block_of("aws_vpc.v"), has("aws_vpc", "aws_vpc.v"), asks)
    assert isinstance(found, Scalar) is known


def test_a_vpc_that_is_only_looked_up_may_have_other_blocks() -> None:
    looked_up = replace(has("aws_vpc", "aws_vpc.v"), mode="data")
    asks = has(ASSOCIATED, "b", vpc_id=OF_V, **ASKS)
    found = filled(block_of("aws_vpc.v"), looked_up, asks)
    assert isinstance(found, Unknown)


def test_a_block_is_filled_in_wherever_it_stands() -> None:
    vpc, other = has("aws_vpc", "aws_vpc.v", **ASKS), Scalar("2600:1f14::/56", HERE)
    own = filled(block_of("aws_vpc.v"), vpc)
    listed = filled(ListValue((other, block_of("aws_vpc.v")), HERE), vpc)
    inside = filled(MapValue({"a": other, "b": block_of("aws_vpc.v")}, HERE), vpc)
    assert listed == ListValue((other, own), HERE)
    assert inside == MapValue({"a": other, "b": own}, HERE)


@pytest.mark.parametrize(
    ("block", "known"),
    [(block_of("V", "Ipv6CidrBlocks[0]|64,1"), True), (SOME, False), ("2600:1f14::/64", True)],
)
def test_the_block_of_a_subnet_is_what_it_is_given(block: object, known: bool) -> None:
    asks = has("AWS::EC2::VPCCidrBlock", "B", AmazonProvidedIpv6CidrBlock=True,
               VpcId=Unknown("v", HERE, ref=Ref("V", "Ref")))  # fmt: skip
    subnet = has("AWS::EC2::Subnet", "S", Ipv6CidrBlock=block)
    others = has("AWS::EC2::VPC", "V"), asks
    found = filled(block_of("S", "Ipv6CidrBlocks[0]"), subnet, *others)
    assert isinstance(found, Scalar) is known


@pytest.mark.parametrize(("block", "found"), [("2600:1f14::/64", "2600:1f14::/64"), (SOME, None)])
def test_the_block_that_is_written_down_is_known_where_no_vpc_asks_for_one(
    block: object, found: str | None
) -> None:
    subnet = has("AWS::EC2::Subnet", "S", Ipv6CidrBlock=block)
    value = filled(block_of("S", "Ipv6CidrBlocks[0]"), subnet)
    assert getattr(value, "value", None) == found
