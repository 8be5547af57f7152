"""
What is given to something that cannot be read may be changed by it, and nothing else is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Network
from iaclint.value import Unknown
from tests.nets import unjudged

TEMPLATE = """Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Group: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: g, VpcId: !Ref Vpc}}
  Acl: {Type: 'AWS::EC2::NetworkAcl', Properties: {VpcId: !Ref Vpc}}
  Table: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref Vpc}}
  Loose: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Bound: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  Binds:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Bound, RouteTableId: !Ref Table}
"""
STACK, PROGRAM, OTHER_PROGRAM = "CloudFormation::Stack", "Custom::Any", "CustomResource"
MAIN = "main route table of Vpc"


def call(kind: str, given: str, name: str = "Call") -> str:
    """Something that is given a thing of the template."""
    properties = {
        STACK: "TemplateURL: 'https://example.com/x.yaml', Parameters: {X: %s}",
        "AWS::SNS::Topic": "DisplayName: %s",
    }.get(kind, "ServiceToken: x, X: [%s]") % given
    kind = {STACK: f"AWS::{STACK}", OTHER_PROGRAM: "AWS::CloudFormation::CustomResource"}.get(
        kind, kind
    )
    return f"  {name}: {{Type: '{kind}', Properties: {{{properties}}}}}\n"


def opened(network: Network) -> list[str]:
    """The addresses of what may be other than the files say."""
    found = [one.address for one in network.groups if one.rest is not None]
    found += [one.address for one in network.tables if one.rest is not None]
    found += [one.address for one in network.acls if one.rest is not None]
    return found + [one.address for one in network.subnets if isinstance(one.table, Unknown)]


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        (STACK, "!Ref Group", ["Group"]),
        (STACK, "!GetAtt Group.GroupId", ["Group"]),
        (STACK, "!Ref Table", ["Table"]),
        (STACK, "!Ref Acl", ["Acl"]),
        (STACK, "!Ref Loose", ["Loose"]),
        (STACK, "!Ref Bound", []),
        (STACK, "!Ref Vpc", []),
        (STACK, "!GetAtt Vpc.DefaultSecurityGroup", ["default security group of Vpc"]),
        (STACK, "!GetAtt Vpc.DefaultNetworkAcl", ["default network ACL of Vpc"]),
        (STACK, "!GetAtt Vpc.CidrBlockAssociations", []),
        (STACK, "x", []),
        (PROGRAM, "!Ref Group, !Ref Acl", ["Group", "Acl"]),
        (PROGRAM, "!Ref Vpc", [MAIN]),
        (PROGRAM, "!GetAtt Vpc.VpcId", [MAIN]),
        (PROGRAM, "!GetAtt Vpc.CidrBlock", []),
        (PROGRAM, "!GetAtt Vpc.CidrBlockAssociations", []),
        (OTHER_PROGRAM, "!Ref Table", ["Table"]),
        ("AWS::SNS::Topic", "!Ref Group", []),
    ],
)
def test_a_stack_that_is_elsewhere_and_a_program_may_change_what_they_are_given(
    tmp_path: Path, kind: str, given: str, found: list[str]
) -> None:
    network = unjudged(tmp_path, {"template.yaml": TEMPLATE + call(kind, given)})
    assert opened(network) == found
    more = [one.only_more for one in network.tables if one.rest is not None]
    assert more == ([True] if found == ["Table"] else [False] if found == [MAIN] else [])


@pytest.mark.parametrize(
    ("kind", "given", "found"), [(PROGRAM, "!Ref Vpc", MAIN), (STACK, "!Ref Loose", "Loose")]
)
def test_the_first_who_may_change_something_is_named(
    tmp_path: Path, kind: str, given: str, found: str
) -> None:
    text = TEMPLATE + call(kind, given, "First") + call(kind, given, "Second")
    network = unjudged(tmp_path, {"template.yaml": text})
    assert opened(network) == [found]
    why = [*(one.rest for one in network.tables), *(one.table for one in network.subnets)]
    assert [one.reason.split()[0] for one in why if isinstance(one, Unknown)] == ["First"]


def test_a_stack_that_is_read_changes_what_its_template_says(tmp_path: Path) -> None:
    def nested(file: str, given: str) -> str:
        said = f"TemplateURL: {file}, Parameters: {{G: {given}}}"
        return f"{{Type: 'AWS::CloudFormation::Stack', Properties: {{{said}}}}}"

    asked = "Parameters: {G: {Type: String}}\nResources:\n"
    topic = "  Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref G}}\n"
    files = {
        "a.yaml": TEMPLATE + f"  Call: {nested('./b.yaml', '!Ref Group')}\n",
        "b.yaml": asked + f"  Inner: {nested('./c.yaml', '!Ref G')}\n",
        "c.yaml": asked + topic,
    }
    network = unjudged(tmp_path, files)
    assert [one.address for one in network.resources][-1] == "Call/Inner/Topic"
    assert opened(network) == []


# ---- Terraform -------------------------------------------------------------------------------

CONFIGURATION = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "null_resource" "n" {
  %s
}
"""


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ('provisioner "local-exec" { command = "open ${aws_security_group.g.id}" }',
         ["aws_security_group.g"]),
        ('provisioner "local-exec" { command = "open" }', []),
        ('provisioner "remote-exec" { inline = ["echo ${aws_security_group.g.id}"] }', []),
        ("triggers = { group = aws_security_group.g.id }", []),
    ],
)  # fmt: skip
def test_a_command_on_the_client_may_change_what_it_is_given(
    tmp_path: Path, inside: str, found: list[str]
) -> None:
    assert opened(unjudged(tmp_path, {"main.tf": CONFIGURATION % inside})) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("aws_security_group.g.id", ["aws_security_group.g"]),
        ("aws_subnet.s.id", ["aws_subnet.s"]),
        ("aws_vpc.v.main_route_table_id", ["main route table of aws_vpc.v"]),
        ("aws_vpc.v.default_network_acl_id", ["default network ACL of aws_vpc.v"]),
        ("aws_vpc.v.default_security_group_id", ["default security group of aws_vpc.v"]),
        ("aws_vpc.v.id", []),
    ],
)
def test_a_module_that_is_not_installed_may_change_what_it_is_given(
    tmp_path: Path, given: str, found: list[str]
) -> None:
    text = f'module "m" {{\n  source = "example/m/aws"\n  given  = {given}\n}}\n'
    network = unjudged(tmp_path, {"main.tf": CONFIGURATION % "" + text})
    assert opened(network) == found
    unknown = [one.table for one in network.subnets if isinstance(one.table, Unknown)]
    assert [one.supply for one in unknown] == (["terraform get"] if unknown else [])


BINDS = """
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_vpc.v.main_route_table_id
}
"""


@pytest.mark.parametrize(("more", "found"), [("", ["aws_subnet.s"]), (BINDS, [])])
def test_a_subnet_to_which_the_main_table_is_given_can_have_no_other(
    tmp_path: Path, more: str, found: list[str]
) -> None:
    """As a second association is refused."""
    text = 'module "m" {\n  source = "example/m/aws"\n  given  = aws_subnet.s.id\n}\n'
    network = unjudged(tmp_path, {"main.tf": CONFIGURATION % "" + more + text})
    assert opened(network) == found


def test_a_program_may_have_a_vpc_that_nothing_else_is_in(tmp_path: Path) -> None:
    empty = "  Empty: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.9.0.0/16}}\n"
    network = unjudged(tmp_path, {"template.yaml": TEMPLATE + empty + call(PROGRAM, "!Ref Empty")})
    assert [vpc.served is not None for vpc in network.vpcs] == [False, True]
    assert opened(network) == []


@pytest.mark.parametrize(
    ("kind", "given", "served"),
    [
        (STACK, "!Ref Vpc", True),
        (STACK, "!GetAtt Vpc.CidrBlock", False),
        (STACK, "!Ref Loose", False),
        (PROGRAM, "!Ref Vpc", True),
        ("AWS::SNS::Topic", "!Ref Vpc", False),
    ],
)
def test_who_is_given_a_vpc_may_put_endpoints_of_services_into_it(
    tmp_path: Path, kind: str, given: str, served: bool
) -> None:
    network = unjudged(tmp_path, {"template.yaml": TEMPLATE + call(kind, given)})
    assert [vpc.served is not None for vpc in network.vpcs] == [served]
