"""Roots of one scan that are one network."""

from pathlib import Path

import pytest

from iaclint.finding import Level, Report
from iaclint.registry import load
from iaclint.scan import Request, check
from iaclint.source import Sources

NETWORK = """
terraform {
  backend "s3" {
    bucket = "state"
    key    = "net"
  }
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "shared" }
}
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
  tags                    = { Name = "shared-public" }
}
resource "aws_ssm_parameter" "vpc" {
  name  = "/net/vpc"
  type  = "String"
  value = aws_vpc.v.id
}
resource "aws_ssm_parameter" "subnet" {
  name  = "/net/subnet"
  type  = "String"
  value = aws_subnet.s.id
}
resource "aws_route_table" "r" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.r.id
}
output "subnet" { value = aws_subnet.s.id }
output "vpc" { value = aws_vpc.v.id }
"""

ROUTE = 'route {\n cidr_block = "0.0.0.0/0"\n gateway_id = aws_internet_gateway.g.id\n }'

STATE = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "state"
    key    = "%s"
  }
}
locals {
  vpc    = data.terraform_remote_state.net.outputs.vpc
  subnet = data.terraform_remote_state.net.outputs.subnet
}
"""

TAGS = """
data "aws_vpc" "net" {
  tags = { Name = "shared" }
}
data "aws_subnets" "net" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.net.id]
  }
  filter {
    name   = "tag:Name"
    values = ["*-public"]
  }
}
locals {
  vpc    = data.aws_vpc.net.id
  subnet = data.aws_subnets.net.ids[0]
}
"""

LOGICAL_IDS = """
data "aws_vpc" "net" {
  filter {
    name   = "tag:aws:cloudformation:logical-id"
    values = ["Vpc"]
  }
}
data "aws_subnet" "net" {
  tags = { "aws:cloudformation:logical-id" = "Subnet" }
}
locals {
  vpc    = data.aws_vpc.net.id
  subnet = data.aws_subnet.net.id
}
"""

PARAMETERS = """
data "aws_ssm_parameter" "vpc" {
  name = "/net/vpc"
}
data "aws_ssm_parameter" "subnet" {
  name = "/net/subnet"
}
locals {
  vpc    = data.aws_ssm_parameter.vpc.value
  subnet = data.aws_ssm_parameter.subnet.value
}
"""

EXPORTS = """
data "aws_cloudformation_export" "vpc" {
  name = "net-vpc"
}
data "aws_cloudformation_export" "subnet" {
  name = "net-subnet"
}
locals {
  vpc    = data.aws_cloudformation_export.vpc.value
  subnet = data.aws_cloudformation_export.subnet.value
}
"""

HOST = """
resource "aws_security_group" "w" {
  vpc_id = local.vpc
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "jump" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = local.subnet
  vpc_security_group_ids = [aws_security_group.w.id]
}
"""


NET_STACK = """
Outputs:
  VpcId: {Value: !Ref Vpc, Export: {Name: net-vpc}}
  SubnetId: {Value: !Ref Subnet, Export: {Name: net-subnet}}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: shared}]}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.1.0/24
      MapPublicIpOnLaunch: true
      Tags: [{Key: Name, Value: shared-public}]
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  VpcParameter:
    Type: AWS::SSM::Parameter
    Properties: {Name: /net/vpc, Type: String, Value: !Ref Vpc}
  SubnetParameter:
    Type: AWS::SSM::Parameter
    Properties: {Name: /net/subnet, Type: String, Value: !Ref Subnet}
"""

NET_STACK_ROUTE = """
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
"""

HOST_STACK = """
Parameters:
  Subnet: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>", Default: /net/subnet}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: SSH
      VpcId: "{{resolve:ssm:/net/vpc:1}}"
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  Jump:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      KeyName: k
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
"""


def scanned(tmp_path: Path, files: dict[str, str]) -> Report:
    """The report on some files."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return check(Request((tmp_path,), load(plugins=False)), Sources(base=tmp_path))


def report(tmp_path: Path, route: str, key: str = "net") -> Report:
    """The report on a network in one root and an instance in another."""
    return scanned(tmp_path, {"net/main.tf": NETWORK % route, "app/main.tf": STATE % key + HOST})


def test_what_one_root_lacks_blocks_the_instance_of_the_other(tmp_path: Path) -> None:
    """The finding is about the network's file, and the remark says why the roots are one."""
    found = report(tmp_path, "")

    assert [(f.check, f.primary.span.path) for f in found.findings] == [("IAC201", "net/main.tf")]
    assert any("one network" in remark for remark in found.remarks)


def test_joined_roots_that_work_are_silent(tmp_path: Path) -> None:
    """The route of one root serves the instance of the other."""
    found = report(tmp_path, ROUTE)

    assert found.findings == ()
    assert found.summary.reachable == 1


def test_another_state_is_another_network(tmp_path: Path) -> None:
    """A key nobody in the scan has is not known, so nothing is decided."""
    found = report(tmp_path, "", key="other")

    assert found.findings == ()
    assert found.summary.undecided == 1


@pytest.mark.parametrize("first", ["a", "z"])
def test_the_order_of_the_roots_does_not_matter(tmp_path: Path, first: str) -> None:
    """Names of directories decide the order in which roots are found, and nothing else."""
    files = {f"{first}/main.tf": NETWORK % "", "m/main.tf": STATE % "net" + HOST}

    found = scanned(tmp_path, files)

    assert [f.check for f in found.findings] == ["IAC201"]


BY = {
    "remote state": ({"net/main.tf": NETWORK}, {"app/main.tf": STATE % "net" + HOST}),
    "tags": ({"net/main.tf": NETWORK}, {"app/main.tf": TAGS + HOST}),
    "tags of a stack": ({"net.yaml": NET_STACK + "%s"}, {"app/main.tf": TAGS + HOST}),
    "logical ids": ({"net.yaml": NET_STACK + "%s"}, {"app/main.tf": LOGICAL_IDS + HOST}),
    "parameters": ({"net/main.tf": NETWORK}, {"app/main.tf": PARAMETERS + HOST}),
    "parameters of stacks": ({"net.yaml": NET_STACK + "%s"}, {"app.yaml": HOST_STACK}),
    "parameters of a stack": ({"net.yaml": NET_STACK + "%s"}, {"app/main.tf": PARAMETERS + HOST}),
    "exports of a stack": ({"net.yaml": NET_STACK + "%s"}, {"app/main.tf": EXPORTS + HOST}),
    "parameters for a stack": ({"net/main.tf": NETWORK}, {"app.yaml": HOST_STACK}),
}
"""How the instance of one root finds the network of the other."""

EVIDENCE = {
    "remote state": ["app reads the state of net"],
    "tags": [
        "app looks up aws_vpc.v of net by tag Name",
        "app looks up aws_subnet.s of net by tag Name, vpc_id",
    ],
    "tags of a stack": [
        "app looks up Vpc of net.yaml by tag Name",
        "app looks up Subnet of net.yaml by tag Name, vpc_id",
    ],
    "logical ids": [
        "app looks up Vpc of net.yaml by tag aws:cloudformation:logical-id",
        "app looks up Subnet of net.yaml by tag aws:cloudformation:logical-id",
    ],
    "parameters": [
        "app looks up aws_ssm_parameter.vpc of net by name",
        "app looks up aws_ssm_parameter.subnet of net by name",
    ],
    "parameters of stacks": [
        "app.yaml reads the parameter /net/vpc that net.yaml writes",
        "app.yaml reads the parameter /net/subnet that net.yaml writes",
    ],
    "parameters of a stack": [
        "app reads the parameter /net/vpc that net.yaml writes",
        "app reads the parameter /net/subnet that net.yaml writes",
    ],
    "exports of a stack": [
        "app reads the export net-vpc that net.yaml writes",
        "app reads the export net-subnet that net.yaml writes",
    ],
    "parameters for a stack": [
        "app.yaml reads the parameter /net/vpc that net writes",
        "app.yaml reads the parameter /net/subnet that net writes",
    ],
}


def made(by: str, route: bool) -> dict[str, str]:
    """Both roots; the network has a route to its gateway or none."""
    network, host = BY[by]
    written = {".tf": ROUTE, "aml": NET_STACK_ROUTE}
    return {
        name: text % (written[name[-3:]] if route else "") for name, text in network.items()
    } | host


@pytest.mark.parametrize("by", BY)
def test_an_instance_is_blocked_by_the_network_it_looks_up(tmp_path: Path, by: str) -> None:
    """However it looks it up, the finding is about the network's file, and the report says why."""
    found = scanned(tmp_path, made(by, route=False))

    assert [f.check for f in found.findings if f.level >= Level.WARNING] == ["IAC201"]
    assert found.findings[0].primary.span.path.startswith("net")
    assert set(EVIDENCE[by]) <= set(found.remarks)
    assert any(remark.endswith("are one network") for remark in found.remarks)


@pytest.mark.parametrize("by", BY)
def test_an_instance_is_reached_in_the_network_it_looks_up(tmp_path: Path, by: str) -> None:
    """The same with the route: nothing to say."""
    found = scanned(tmp_path, made(by, route=True))

    assert found.findings == ()
    assert found.summary.reachable == 1


@pytest.mark.parametrize("by", ["remote state", "tags", "parameters", "parameters for a stack"])
def test_what_several_roots_create_is_not_known(tmp_path: Path, by: str) -> None:
    """Of two environments with the same names nobody knows which one is meant."""
    text = NETWORK % ""
    second = {"other/main.tf": text if by == "remote state" else text.replace('"net"', '"other"')}

    found = scanned(tmp_path, made(by, route=False) | second)

    assert found.findings == ()
    assert found.summary.undecided == 1


def test_what_is_looked_up_in_another_region_is_another_thing(tmp_path: Path) -> None:
    """Names are those of a region: a VPC of eu-west-1 is not found in us-east-1."""
    files = made("tags", route=False)
    files["net/main.tf"] += 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    files["app/main.tf"] += 'provider "aws" {\n  region = "us-east-1"\n}\n'

    found = scanned(tmp_path, files)

    assert found.findings == ()
    assert found.summary.undecided == 1


def test_what_nobody_creates_is_not_known(tmp_path: Path) -> None:
    """Another tag, and nothing is decided."""
    files = made("tags", route=False)
    files["net/main.tf"] = files["net/main.tf"].replace("shared", "private")

    found = scanned(tmp_path, files)

    assert found.findings == ()
    assert found.summary.undecided == 1


STACK = {"net.yaml": NET_STACK + NET_STACK_ROUTE}
GROUP_STACK = """
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: login
      GroupDescription: login
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: PORT, ToPort: PORT, CidrIp: 0.0.0.0/0}]
"""
GROUP_BY_NAME = """
data "aws_security_group" "login" {
  vpc_id = data.aws_vpc.net.id
  name   = "login"
}
resource "aws_instance" "jump" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = local.subnet
  vpc_security_group_ids = [data.aws_security_group.login.id]
}
"""


@pytest.mark.parametrize(("port", "expected"), [(22, []), (2222, ["IAC401"])])
def test_the_group_of_a_stack_is_found_by_its_name(
    tmp_path: Path, port: int, expected: list[str]
) -> None:
    """Its rules are known then, as those of a group of the same root."""
    net = STACK["net.yaml"] + GROUP_STACK.replace("PORT", str(port))

    found = scanned(tmp_path, {"net.yaml": net, "app/main.tf": TAGS + GROUP_BY_NAME})

    assert [f.check for f in found.findings] == expected
    assert found.summary.undecided == 0


ROUTE_BESIDE = """
data "aws_internet_gateway" "net" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.net.id]
  }
}
data "aws_route_table" "net" {
  tags = { "aws:cloudformation:logical-id" = "Table" }
}
resource "aws_route" "out" {
  route_table_id         = data.aws_route_table.net.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = data.aws_internet_gateway.net.id
}
"""


def test_a_route_of_terraform_serves_the_table_of_a_stack(tmp_path: Path) -> None:
    """The gateway is found by the VPC that it is attached to."""
    found = scanned(tmp_path, {"net.yaml": NET_STACK, "app/main.tf": TAGS + HOST + ROUTE_BESIDE})

    assert found.findings == ()
    assert found.summary.reachable == 1


@pytest.mark.parametrize(
    "more",
    [
        {"other.yaml": NET_STACK.replace("net-", "other-")},
        {"net/main.tf": NETWORK % ROUTE},
    ],
)
def test_what_two_stacks_or_a_root_and_a_stack_create_is_not_known(
    tmp_path: Path, more: dict[str, str]
) -> None:
    """Both have the tags that are looked up."""
    found = scanned(tmp_path, {"net.yaml": NET_STACK, "app/main.tf": TAGS + HOST} | more)

    assert found.findings == ()
    assert found.summary.undecided == 1


@pytest.mark.parametrize("tags", ["!Sub '${AWS::StackName}-net'", "other"])
def test_a_stack_whose_tag_is_another_or_not_known_is_not_found(tmp_path: Path, tags: str) -> None:
    """Nobody knows how a stack will be called."""
    net = NET_STACK.replace("Value: shared}", f"Value: {tags}}}")

    found = scanned(tmp_path, {"net.yaml": net, "app/main.tf": TAGS + HOST})

    assert found.findings == ()
    assert found.summary.undecided == 1


# ---- three roots: the third looks up what the second makes in the network of the first ----------

PEOPLE = """
resource "aws_security_group" "%s" {
  vpc_id = local.vpc
  tags   = { Name = "%s" }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
JUMP = """
resource "aws_instance" "jump" {
  ami                    = "ami-1"
  key_name               = "k"
  subnet_id              = local.subnet
  vpc_security_group_ids = [aws_security_group.people.id]
}
"""
BEHIND = """
data "aws_security_group" "people" {
  vpc_id = data.aws_vpc.net.id
  tags   = { Name = NAME }
}
variable "name" {}
resource "aws_security_group" "inner" {
  vpc_id = local.vpc
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [data.aws_security_group.people.id]
  }
}
resource "aws_subnet" "inner" {
  vpc_id     = local.vpc
  cidr_block = "10.0.9.0/24"
}
resource "aws_instance" "inner" {
  ami                    = "ami-1"
  key_name               = "k"
  subnet_id              = aws_subnet.inner.id
  vpc_security_group_ids = [aws_security_group.inner.id]
}
"""


@pytest.mark.parametrize(
    ("name", "joined", "errors"),
    [
        ('"people"', True, []),
        ('"nobody"', False, []),
        ("var.name", False, []),
        ('"others"', True, ["IAC410"]),
    ],
)
def test_a_group_made_in_a_network_that_was_looked_up_is_found_by_a_third_root(
    tmp_path: Path, name: str, joined: bool, errors: list[str]
) -> None:
    """A group that is looked up and not found may be any that another root makes."""
    groups = PEOPLE % ("people", "people") + PEOPLE % ("others", "others")
    found = scanned(
        tmp_path,
        {
            "net/main.tf": NETWORK % ROUTE,
            "access/main.tf": TAGS + groups + JUMP,
            "app/main.tf": TAGS + BEHIND.replace("NAME", name),
        },
    )
    assert [f.check for f in found.findings if f.level is Level.ERROR] == errors
    assert any("looks up aws_security_group" in each for each in found.remarks) is joined
