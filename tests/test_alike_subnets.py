"""An instance in one of several subnets, nobody knows which: it matters only where they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from iaclint.value import Unknown
from tests.nets import Net, cloudformation, terraform
from tests.test_join import scanned

VPC = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "net" }
}
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
  tags                    = { Tier = "public" }
}
resource "aws_subnet" "b" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
  tags                    = { Tier = "public" }
}
variable "which" {}
"""


def table(name: str, subnets: str, route: bool) -> str:
    """A route table for some subnets, with a route to the internet or without."""
    out = 'route {\n cidr_block = "0.0.0.0/0"\n gateway_id = aws_internet_gateway.g.id\n}'
    joined = "".join(
        f'resource "aws_route_table_association" "{each}" {{\n'
        f"  subnet_id      = aws_subnet.{each}.id\n"
        f"  route_table_id = aws_route_table.{name}.id\n}}\n"
        for each in subnets
    )
    body = f"  vpc_id = aws_vpc.v.id\n  {out if route else ''}\n"
    return f'resource "aws_route_table" "{name}" {{\n{body}}}\n{joined}'


GROUP = """
resource "aws_security_group" "ssh" {
  vpc_id = VPC
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
HOST = """
resource "aws_instance" "h" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = SUBNET
  vpc_security_group_ids = [aws_security_group.ssh.id]
}
"""
SORTED = "sort([aws_subnet.a.id, aws_subnet.b.id])[0]"


def host(subnet: str, vpc: str = "aws_vpc.v.id") -> str:
    """A host in a subnet, with its group."""
    return GROUP.replace("VPC", vpc) + HOST.replace("SUBNET", subnet)


def verdict(net: Net) -> str:
    """The verdict from the internet, whether or not anybody means it."""
    return next(
        each.trace.verdict
        for each in net.judged
        if each.flow.client.name == "internet" and each.flow.service.key == "ssh"
    )


def why(net: Net) -> list[str]:
    """Why it is undecided."""
    return [each.reason for judged in net.judged for each in judged.trace.unknowns]


ONE, BOTH = table("t", "ab", route=True), table("t", "ab", route=False)
EACH = table("t", "a", route=True) + table("u", "b", route=True)
NEITHER = table("t", "a", route=False) + table("u", "b", route=False)
MIXED = table("t", "a", route=True) + table("u", "b", route=False)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (ONE, "reachable"),
        (BOTH, "blocked"),
        (EACH, "reachable"),
        (NEITHER, "blocked"),
        (MIXED, "undecided"),
    ],
)
@pytest.mark.parametrize(
    "subnet",
    [
        SORTED,
        "element(sort([aws_subnet.a.id, aws_subnet.b.id]), 1)",
        "tolist(toset([aws_subnet.a.id, aws_subnet.b.id]))[0]",
        "random_shuffle.s.result[0]",
        "var.which == 1 ? aws_subnet.a.id : aws_subnet.b.id",
        "[aws_subnet.a.id, aws_subnet.b.id][var.which]",
    ],
)
def test_which_of_alike_subnets_it_is_does_not_matter(
    tmp_path: Path, tables: str, expected: str, subnet: str
) -> None:
    shuffle = 'resource "random_shuffle" "s" {\n  input = [aws_subnet.a.id, aws_subnet.b.id]\n}\n'
    net = terraform(tmp_path, VPC, shuffle, tables, host(subnet))

    assert verdict(net) == expected


def test_what_differs_is_the_reason(tmp_path: Path) -> None:
    net = terraform(tmp_path, VPC, MIXED, host(SORTED))

    assert why(net)[0] == "it may be in aws_subnet.a or aws_subnet.b, and their route tables differ"


def test_a_variable_that_decides_is_named(tmp_path: Path) -> None:
    chosen = "var.which == 1 ? aws_subnet.a.id : aws_subnet.b.id"
    net = terraform(tmp_path, VPC, MIXED, host(chosen))
    (interface,) = net.instance("h").placements[0]

    assert isinstance(interface.subnet, Unknown)
    assert interface.subnet.supply == "--var which=…"


def acl(name: str, subnets: str, port: int) -> str:
    """An ACL that lets in a port, and every reply out."""
    named = ", ".join(f"aws_subnet.{each}.id" for each in subnets)
    return f"""
resource "aws_network_acl" "{name}" {{
  vpc_id     = aws_vpc.v.id
  subnet_ids = [{named}]
  ingress {{
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = {port}
    to_port    = {port}
    cidr_block = "0.0.0.0/0"
  }}
  egress {{
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 65535
    cidr_block = "0.0.0.0/0"
  }}
}}
"""


@pytest.mark.parametrize(
    ("acls", "expected"),
    [
        (acl("n", "ab", 22), "reachable"),
        (acl("n", "ab", 80), "blocked"),
        (acl("n", "a", 22) + acl("o", "b", 22), "reachable"),
        (acl("n", "a", 80) + acl("o", "b", 80), "blocked"),
        (acl("n", "a", 22) + acl("o", "b", 80), "undecided"),
    ],
)
def test_acls_are_alike_if_their_entries_are(tmp_path: Path, acls: str, expected: str) -> None:
    net = terraform(tmp_path, VPC, ONE, acls, host(SORTED))

    assert verdict(net) == expected


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"10.0.2.0/24"\n  map_public_ip_on_launch = true', '"10.0.2.0/24"', "public addresses"),
        ('"10.0.2.0/24"', '"10.0.2.0/24"\n  availability_zone = "us-west-2-lax-1a"', "kinds of"),
        ('"10.0.2.0/24"', '"10.0.2.0/24"\n  assign_ipv6_address_on_creation = true', "IPv6"),
    ],
)
def test_other_differences_count_as_well(tmp_path: Path, old: str, new: str, what: str) -> None:
    zone = '"10.0.1.0/24"\n  availability_zone = "us-west-2a"'
    first = VPC.replace('"10.0.1.0/24"', zone)
    net = terraform(tmp_path, first.replace(old, new), ONE, host(SORTED))

    assert verdict(net) == "undecided"
    assert what in why(net)[0]


INNER = """
resource "aws_security_group" "inner" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [BLOCKS]
  }
}
resource "aws_subnet" "c" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.3.0/24"
}
resource "aws_instance" "inner" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = WHERE
  vpc_security_group_ids = [aws_security_group.inner.id]
}
"""


def inner(blocks: str, where: str = "aws_subnet.c.id") -> str:
    """A host behind the first one."""
    return INNER.replace("BLOCKS", blocks).replace("WHERE", where)


def between(net: Net) -> str:
    """The verdict from one instance to the other."""

    found = paths([net.network], "aws_instance.h", "aws_instance.inner", parse_service("ssh"))
    return overall(found)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ('"10.0.1.0/24", "10.0.2.0/24"', "reachable"),
        ('"10.0.0.0/16"', "reachable"),
        ('"10.0.1.0/24"', "undecided"),
        ('"10.0.9.0/24"', "blocked"),
    ],
)
def test_its_address_is_one_of_those_of_either(tmp_path: Path, blocks: str, expected: str) -> None:
    net = terraform(tmp_path, VPC, ONE, host(SORTED), inner(blocks))

    assert between(net) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [("aws_subnet.a.id", "undecided"), (SORTED, "undecided"), ("aws_subnet.c.id", "blocked")],
)
def test_an_acl_counts_for_certain_only_between_subnets(
    tmp_path: Path, where: str, expected: str
) -> None:
    """Two hosts that may be in one subnet may talk whatever its ACL says."""
    closed = acl("n", "ab", 80)
    net = terraform(tmp_path, VPC, ONE, closed, host(SORTED), inner('"10.0.0.0/16"', where))

    assert between(net) == expected


NATS = """
resource "aws_subnet" "p" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1${count.index}.0/24"
}
resource "aws_eip" "n" { count = 2 }
resource "aws_nat_gateway" "n" {
  count         = 2
  subnet_id     = [aws_subnet.a.id, aws_subnet.b.id][count.index]
  allocation_id = aws_eip.n[count.index].id
}
resource "aws_route_table" "p" {
  count  = 2
  vpc_id = aws_vpc.v.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.n[count.index].id
  }
}
resource "aws_route_table_association" "p" {
  count          = 2
  subnet_id      = aws_subnet.p[count.index].id
  route_table_id = aws_route_table.p[count.index].id
}
"""


@pytest.mark.parametrize(("tables", "expected"), [(EACH, "blocked"), (MIXED, "undecided")])
def test_a_nat_gateway_in_each_zone_is_one_kind_of_way_out(
    tmp_path: Path, tables: str, expected: str
) -> None:
    """Unless one of them stands in a subnet without a way out itself."""
    there = host("sort(aws_subnet.p[*].id)[0]").replace(
        "subnet_id ", "associate_public_ip_address = true\n  subnet_id "
    )
    net = terraform(tmp_path, VPC, tables, NATS, there)

    assert verdict(net) == expected


# ---- what another root makes ------------------------------------------------------------------

FOUND = """
data "aws_vpc" "v" { tags = { Name = "net" } }
data "aws_subnets" "found" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.v.id]
  }
  tags = { Tier = "public" }
}
data "aws_subnet" "each" {
  for_each = toset(data.aws_subnets.found.ids)
  id       = each.value
}
"""
WAYS = [
    "data.aws_subnets.found.ids[0]",
    "sort(data.aws_subnets.found.ids)[1]",
    "tolist(data.aws_subnets.found.ids)[0]",
    "element(data.aws_subnets.found.ids, 0)",
    "slice(data.aws_subnets.found.ids, 0, 1)[0]",
    "values(data.aws_subnet.each)[0].id",
    "one(slice(sort(data.aws_subnets.found.ids), 1, 2))",
]


@pytest.mark.parametrize(
    ("tables", "reachable", "blocked", "undecided"),
    [(EACH, 1, 0, 0), (NEITHER, 0, 1, 0), (MIXED, 0, 0, 1)],
)
@pytest.mark.parametrize("subnet", WAYS)
def test_subnets_that_are_looked_up_come_in_no_order(
    tmp_path: Path, subnet: str, tables: str, reachable: int, blocked: int, undecided: int
) -> None:
    net = (VPC + tables).replace('variable "which" {}', "")
    app = FOUND + host(subnet, "data.aws_vpc.v.id")
    found = scanned(tmp_path, {"net/main.tf": net, "app/main.tf": app}).summary

    assert (found.reachable, found.blocked, found.undecided) == (reachable, blocked, undecided)


@pytest.mark.parametrize(
    ("tables", "checks"), [(EACH, set()), (NEITHER, {"IAC201"}), (MIXED, set())]
)
@pytest.mark.parametrize(
    "several",
    [
        "for_each  = toset(data.aws_subnets.found.ids)\n  subnet_id = each.value",
        "for_each  = data.aws_subnet.each\n  subnet_id = each.value.id",
        "count     = 2\n  subnet_id = sort(data.aws_subnets.found.ids)[count.index]",
        "count     = 2\n  subnet_id = element(data.aws_subnets.found.ids, count.index)",
    ],
)
def test_an_instance_for_each_subnet_is_in_one_of_them(
    tmp_path: Path, several: str, tables: str, checks: set[str]
) -> None:
    net = (VPC + tables).replace('variable "which" {}', "")
    app = FOUND + host("", "data.aws_vpc.v.id").replace("subnet_id              = ", several)
    found = scanned(tmp_path, {"net/main.tf": net, "app/main.tf": app})

    assert {each.check for each in found.findings} == checks


# ---- templates --------------------------------------------------------------------------------

STACK = """
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  A:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  B:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, MapPublicIpOnLaunch: true}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      KeyName: k
      SubnetId: !Select [!Ref Which, [!Ref A, !Ref B]]
      SecurityGroupIds: [!Ref Group]
"""


def stack_table(name: str, subnets: str, route: bool) -> str:
    """The same in a template."""
    made = [f"  {name}: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref Vpc}}}}"]
    made += [
        f"  {each}In{name}:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n"
        f"    Properties: {{SubnetId: !Ref {each}, RouteTableId: !Ref {name}}}"
        for each in subnets
    ]
    if route:
        made.append(
            f"  {name}Out:\n    Type: AWS::EC2::Route\n    DependsOn: Attachment\n"
            f"    Properties: {{RouteTableId: !Ref {name}, DestinationCidrBlock: 0.0.0.0/0, "
            "GatewayId: !Ref Gateway}"
        )
    return "\n".join(made) + "\n"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(True, True, "reachable"), (False, False, "blocked"), (True, False, "undecided")],
)
def test_a_template_selects_one_of_alike_subnets(
    tmp_path: Path, first: bool, second: bool, expected: str
) -> None:
    tables = stack_table("T", "A", first) + stack_table("U", "B", second)
    which = "Parameters:\n  Which: {Type: String, AllowedValues: ['0', '1']}\n"
    net = cloudformation(tmp_path, STACK, tables, which)

    assert verdict(net) == expected
