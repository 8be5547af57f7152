"""Groups that an interface has only under a condition."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.nets import terraform
from tests.test_alike_subnets import ONE, STACK, VPC, between, stack_table
from tests.test_join import scanned

WEB = """
resource "aws_security_group" "NAME" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = PORT
    to_port     = PORT
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
HOST = """
variable "more" {}
provider "aws" { region = "eu-west-1" }
resource "aws_instance" "h" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = GROUPS
}
"""


def group(name: str, port: int) -> str:
    """A group that lets everybody in at a port."""
    return WEB.replace("NAME", name).replace("PORT", str(port))


A, B = "aws_security_group.web.id", "aws_security_group.other.id"
SSH, SAME = "aws_security_group.ssh.id", "aws_security_group.too.id"
MADE = group("web", 80) + group("other", 2222) + group("ssh", 22) + group("too", 22)

CLOSED = [
    f"[{A}]",
    f"var.more ? [{A}] : [{B}]",
    f"[var.more ? {A} : {B}]",
    f"concat([{A}], var.more ? [{B}] : [])",
    f'compact([{A}, var.more ? {B} : ""])',
    f"flatten([{A}, var.more ? [{B}] : []])",
    f"var.more ? [{A}] : []",
    f"var.more ? [{A}] : null",
    f"[for g in [{A}, {B}] : g if var.more]",
]
OPEN = [
    f"[{SSH}]",
    f"var.more ? [{SSH}] : [{SAME}]",
    f"var.more ? [{SSH}] : [{A}]",
    f"[var.more ? {A} : {SSH}]",
    f"concat([{A}], var.more ? [{SSH}] : [])",
    f"concat([{A}], var.more)",
    f"setunion([{A}], var.more)",
    f"flatten([[{A}], var.more])",
    f'[{A}, var.more ? "sg-0123456789abcdef0" : {B}]',
]


@pytest.mark.parametrize(
    ("groups", "errors"),
    [(each, ["IAC401"]) for each in CLOSED] + [(each, []) for each in OPEN],
)
def test_only_what_no_group_that_it_may_have_lets_in_is_blocked(
    tmp_path: Path, groups: str, errors: list[str]
) -> None:
    """Whatever the condition turns out to be; without any group it has the default one."""
    net = terraform(tmp_path, VPC, ONE, MADE, HOST.replace("GROUPS", groups))

    assert [each.check for each in net.findings if each.level is Level.ERROR] == errors


FROM_GROUP = """
resource "aws_security_group" "inner" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.web.id]
  }
}
resource "aws_instance" "inner" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.b.id
  vpc_security_group_ids = [aws_security_group.inner.id]
}
"""
OUTWARD = """
resource "aws_vpc_security_group_egress_rule" "GROUP" {
  security_group_id = aws_security_group.GROUP.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""


@pytest.mark.parametrize(
    ("groups", "expected"), [(f"[{A}]", "reachable"), (f"var.more ? [{A}] : [{B}]", "undecided")]
)
def test_who_may_have_a_group_may_be_let_in_by_it(
    tmp_path: Path, groups: str, expected: str
) -> None:
    """A rule that names the group is about those that have it."""
    out = OUTWARD.replace("GROUP", "web") + OUTWARD.replace("GROUP", "other")
    net = terraform(tmp_path, VPC, ONE, MADE, HOST.replace("GROUPS", groups), FROM_GROUP, out)

    assert between(net) == expected


IN_A_TEMPLATE = STACK.replace("!Select [!Ref Which, [!Ref A, !Ref B]]", "!Ref A").replace(
    "[!Ref Group]", "[!If [First, !Ref Group, !Ref Other]]"
)
OTHER = """
  Other:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: other
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: PORT, ToPort: PORT, CidrIp: 0.0.0.0/0}]
Parameters: {Which: {Type: String}}
Conditions: {First: !Equals [!Ref Which, first]}
"""


@pytest.mark.parametrize(
    ("first", "second", "levels"),
    [(22, 22, []), (80, 80, [Level.ERROR]), (22, 80, [Level.WARNING])],
)
def test_a_condition_of_a_template_makes_an_error_only_if_nothing_else_comes_of_it(
    tmp_path: Path, first: int, second: int, levels: list[Level]
) -> None:
    made = IN_A_TEMPLATE.replace("Port: 22", f"Port: {first}") + stack_table("T", "A", True)
    other = OTHER.replace("PORT", str(second))
    found = scanned(tmp_path, {"host.yaml": f"Resources:\n{made}{other}"})

    assert {each.level for each in found.findings if each.level > Level.NOTE} == set(levels)
