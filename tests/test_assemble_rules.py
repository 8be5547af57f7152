"""
What groups and their rules are made of resources, also where a reference is not known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iaclint.network import Group, Network, Rule
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import Unknown
from tests.facts import MAYBE, UNSURE, bare, fact, stack
from tests.parts import assembled, named, thing

GROUP = """
resource "aws_security_group" "%s" {
  vpc_id = aws_vpc.v.id
  %s
}
"""
INLINE = """
ingress {
  protocol  = "tcp"
  from_port = 22
  to_port   = 22
  %s
}
"""
RULE = """
resource "aws_security_group_rule" "r" {
  security_group_id = %s
  type              = "%s"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
  %s
}
"""
G, H = "aws_security_group.g.id", "aws_security_group.h.id"


def group(network: Network, end: str = ".g") -> Group:
    """The only group whose address ends like that."""
    (found,) = (each for each in network.groups if each.address.endswith(end))
    return found


def rule(folder: Path, said: str, *more: str) -> Rule:
    """A rule with that in it."""
    (found,) = group(bare(folder, GROUP % ("g", INLINE % said), *more)).ingress
    return found


# ---- groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["id = var.some", "vpc_id = aws_vpc.v.id\nname = var.some"])
def test_of_a_group_that_is_looked_up_nothing_is_known(tmp_path: Path, asked: str) -> None:
    network = bare(tmp_path, f'data "aws_security_group" "g" {{\n{asked}\n}}\n')
    found = group(network)
    assert fact((found.vpc, found.rest)) == ["?", "?"]
    assert [vpc.address for vpc in network.vpcs] == ["aws_vpc.v", "aws_vpc.w"]


ALSO = """
resource "aws_vpc_security_group_vpc_association" "%s" {
  security_group_id = %s
  vpc_id            = %s
}
"""


def test_a_group_may_be_used_in_further_vpcs(tmp_path: Path) -> None:
    text = ALSO % ("a", G, "aws_vpc.w.id") + ALSO % ("b", G, "var.some")
    elsewhere = ALSO % ("c", "var.some", "aws_vpc.w.id")
    network = bare(tmp_path, GROUP % ("g", ""), GROUP % ("h", ""), text, elsewhere)
    assert [fact(group(network, end).also) for end in (".g", ".h")] == [["aws_vpc.w", "?"], []]


ADOPTED = 'resource "aws_default_security_group" "g" {\nvpc_id = %s\n%s\n}\n'
DYNAMIC = 'dynamic "ingress" {\nfor_each = var.some\ncontent { protocol = "-1" }\n}\n'


@pytest.mark.parametrize(
    ("vpc", "body", "open_"),
    [
        ("aws_vpc.v.id", "", False),
        ("aws_vpc.v.id", MAYBE, True),
        ("aws_vpc.v.id", DYNAMIC, True),
        ("aws_vpc.v.id", "lifecycle { ignore_changes = [ingress] }", True),
        ("aws_vpc.v.id", "lifecycle { ignore_changes = [tags] }", False),
        ("var.some", "", False),
    ],
)
def test_a_default_group_under_management_has_the_rules_that_are_written(
    tmp_path: Path, vpc: str, body: str, open_: bool
) -> None:
    network = bare(tmp_path, ADOPTED % (vpc, body))
    (found,) = (each for each in network.groups if "aws_default" in each.address)
    assert (found.ingress, found.egress) == ([], [])
    assert (found.rest is not None) is open_


NAMED = """
resource "aws_instance" "h" { %s }
resource "aws_security_group" "g" { name = "web" }
"""


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ('["default", "web"]', ["default security group of default VPC", "aws_security_group.g"]),
        ('["web"]', ["aws_security_group.g"]),
        ('["other", "web"]', ["?", "aws_security_group.g"]),
        ('["default"]', ["default security group of default VPC"]),
    ],
)
def test_a_group_may_be_named_by_its_name(tmp_path: Path, names: str, found: list[str]) -> None:
    """`default` is the name of the default group."""
    ((first,),) = bare(tmp_path, NAMED % f"security_groups = {names}").instances[0].placements
    assert fact(first.groups) == found


# ---- rules -------------------------------------------------------------------------------------

SOME = "cidr_blocks = [var.some]"
LISTS = """
data "aws_ec2_managed_prefix_list" "a" { name = "com.amazonaws.eu-west-1.s3" }
data "aws_ec2_managed_prefix_list" "b" { name = "com.amazonaws.eu-west-1.dynamodb" }
resource "aws_ec2_managed_prefix_list" "l" {
  address_family = "IPv4"
  max_entries    = 1
  entry { cidr = "192.168.0.0/16" }
}
"""
A, B, L = (
    f"{name}.id"
    for name in (
        "data.aws_ec2_managed_prefix_list.a",
        "data.aws_ec2_managed_prefix_list.b",
        "aws_ec2_managed_prefix_list.l",
    )
)


@pytest.mark.parametrize(
    ("said", "blocks", "of_ipv6", "managed"),
    [
        ('cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]', ["10.0.0.0/8", "0.0.0.0/0"], 0, 0),
        ('ipv6_cidr_blocks = ["::/0"]', ["::/0"], 0, 0),
        (SOME, ["?"], 0, 0),
        ("ipv6_cidr_blocks = [var.some]", ["?"], 1, 0),
        ('ipv6_cidr_blocks = [var.some, "::/0", "${var.some}/64"]', ["?", "::/0", "?"], 2, 0),
        (f"{SOME}\nipv6_cidr_blocks = [var.some]", ["?", "?"], 1, 0),
        (f"prefix_list_ids = [{L}]", ["192.168.0.0/16"], 0, 0),
        (f'cidr_blocks = ["10.0.0.0/8"]\nprefix_list_ids = [{L}]',
         ["10.0.0.0/8", "192.168.0.0/16"], 0, 0),
        (f"prefix_list_ids = [{A}, {B}]", [], 0, 2),
    ],
)  # fmt: skip
def test_a_rule_is_for_all_that_it_lists(
    tmp_path: Path, said: str, blocks: list[str], of_ipv6: int, managed: int
) -> None:
    """A block that is not known is of either family, unless it stands where only one may stand."""
    found = rule(tmp_path, said, LISTS)
    assert fact(found.prefixes) == blocks
    assert (fact(found.of_ipv6), len(found.managed)) == (["?"] * of_ipv6, managed)
    assert len(found.texts) == sum(block != "?" for block in blocks if block != "192.168.0.0/16")
    of_ipv4 = [each for each in found.prefixes if isinstance(each, Unknown)]
    assert len(found.unknown("ipv4")) == len(of_ipv4) - of_ipv6
    assert len(found.unknown("ipv6")) == len(of_ipv4)


def test_a_protocol_that_groups_do_not_know_is_no_rule(tmp_path: Path) -> None:
    body = (INLINE % 'cidr_blocks = ["0.0.0.0/0"]').replace('"tcp"', '"ftp"')
    (wrong,) = group(bare(tmp_path, GROUP % ("g", body))).ingress
    assert wrong.invalid == '"ftp" is not a protocol security groups know'
    assert rule(tmp_path, 'cidr_blocks = ["0.0.0.0/0"]').invalid == ""


IN_A_STACK = """
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: some
      SecurityGroupIngress: [{%s CidrIp: 0.0.0.0/0}]
"""


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("IpProtocol: tcp, FromPort: 22, ToPort: 22,", True), ("IpProtocol: '-1',", True),
        ("FromPort: 22, ToPort: 22,", False),
    ],
)  # fmt: skip
def test_a_rule_of_a_template_without_a_protocol_lets_nobody_knows_what_through(
    tmp_path: Path, said: str, known: bool
) -> None:
    (found,) = group(stack(tmp_path, IN_A_STACK % said), "G").ingress
    assert isinstance(found.traffic, Unknown) is not known


# ---- whose a rule is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "own", "perhaps", "default"),
    [
        (G, 1, 0, 0),
        ("var.some", 0, 1, 1),
        (UNSURE % (G, H), 0, 1, 0),
        ("data.aws_security_group.x.id", 0, 1, 1),
        ("data.aws_security_group.y.id", 0, 0, 0),
        ('"sg-0123456789abcdef0"', 0, 0, 0),
        ("var.to_fill_in", 0, 1, 1),
        ("module_made.x.id", 0, 0, 0),
    ],
)
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_of_a_group_that_is_not_known_may_be_one_of_each_it_can_mean(
    tmp_path: Path, of: str, own: int, perhaps: int, default: int, direction: str
) -> None:
    """The default group of a VPC is one of them. A group that is written out is made elsewhere."""
    looked_up = 'data "aws_security_group" "x" { vpc_id = aws_vpc.v.id }\n'
    looked_up += 'data "aws_security_group" "y" { tags = { a = "b" } }\n'
    looked_up += 'variable "to_fill_in" { default = "" }\n'
    default_too = 'resource "aws_instance" "i" { subnet_id = aws_subnet.s.id }\n'
    made = GROUP % ("g", "") + GROUP % ("h", "") + RULE % (of, direction, "")
    network = bare(tmp_path, made, looked_up, default_too, "resource module_made x {}")
    found, other = group(network), group(network, "group of aws_vpc.v")
    assert len(found.ingress if direction == "ingress" else found.egress) == own
    assert [out for _, out in found.perhaps] == [direction == "egress"] * perhaps
    assert [out for _, out in other.perhaps] == [direction == "egress"] * default
    assert all(each.maybe is not None for each, _ in (*found.perhaps, *other.perhaps))


TAGGED = """
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  tags   = %s
}
data "aws_security_group" "x" { tags = { Name = "x" } }
"""


@pytest.mark.parametrize(
    ("tags", "own", "perhaps"),
    [
        ('{ Name = "x" }', 1, 0), ('{ Name = "y" }', 0, 0), ("var.some", 0, 1),
        ('merge(var.some, { Name = "x" })', 0, 1), ('merge({ a = "b" }, { Name = "x" })', 1, 0),
        ('merge({ a = "b" }, { Name = "y" })', 0, 0), ("{ Name = var.some }", 0, 1),
    ],
)  # fmt: skip
def test_a_group_may_be_the_one_that_is_looked_up_by_tags_that_are_not_known(
    tmp_path: Path, tags: str, own: int, perhaps: int
) -> None:
    text = TAGGED % tags + RULE % ("data.aws_security_group.x.id", "ingress", "")
    found = group(bare(tmp_path, text), "aws_security_group.g")
    assert (len(found.ingress), len(found.perhaps)) == (own, perhaps)


def placed(one: Resource, folder: str) -> Resource:
    return replace(one, span=Span(f"{folder}/main.tf", 1))


@pytest.mark.parametrize(
    ("where", "asked", "may_be"),
    [
        ("app", {"tags": {"Name": "ops"}}, ["aws_security_group.ops"]),
        ("app", {}, ["aws_security_group.ops"]),
        ("app", {"tags": {"Name": "dev"}}, []),
        ("app", {"name": "dev"}, []),
        ("net", {"tags": {"Name": "ops"}}, []),
    ],
)
def test_a_group_that_is_looked_up_may_be_one_that_another_root_makes(
    where: str, asked: dict[str, object], may_be: list[str]
) -> None:
    """What its own root makes would have been found; what is looked up twice is no third thing."""
    home = thing("aws_vpc.v", cidr_block="10.0.0.0/16")
    given = {"name": "ops", "tags": {"Name": "ops"}, "vpc_id": named("aws_vpc.v")}
    made = placed(thing("aws_security_group.ops", **given), "net")
    twin = placed(thing("aws_security_group.twin"), where)
    other = placed(thing("data.aws_security_group.y"), "third")
    source = placed(thing("data.aws_security_group.x", **asked), where)
    network = assembled(other, twin, made, source, home)
    assert [each.address for each in group(network, source.address).may_be] == may_be
    assert not any(group(network, f"aws_security_group.{name}").may_be for name in ("ops", "twin"))


TO_FILL_IN = """
  G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: some}}
  R:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Some, IpProtocol: '-1', CidrIp: 0.0.0.0/0}
Parameters:
  Some: {Type: String, Default: '%s'}
"""


@pytest.mark.parametrize("default", ["", "PLACE IT HERE"])
def test_a_default_that_is_to_be_filled_in_may_be_any_group(tmp_path: Path, default: str) -> None:
    found = group(stack(tmp_path, TO_FILL_IN % default), "G")
    assert (found.ingress, len(found.perhaps)) == ([], 1)


# ---- rules that are left out by choice -----------------------------------------------------------

SWITCH = 'variable "on" { default = false }\n'
OFF = "count = var.on ? 1 : 0"
OFF_INLINE = """
dynamic "ingress" {
  for_each = var.on ? [1] : []
  content {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


@pytest.mark.parametrize(
    ("text", "off"),
    [
        (GROUP % ("g", "") + RULE % (G, "ingress", OFF), 1),
        (GROUP % ("g", "") + RULE % (G, "egress", OFF), 0),
        (GROUP % ("g", "") + RULE % ("var.some", "ingress", OFF), 0),
        (GROUP % ("g", "") + RULE % (G, "ingress", ""), 0),
        (GROUP % ("g", OFF_INLINE), 1),
        (GROUP % ("g", OFF_INLINE + INLINE % SOME), 1),
        (GROUP % ("g", INLINE % SOME), 0),
    ],
)
def test_an_inbound_rule_that_a_switch_leaves_out_is_none(
    tmp_path: Path, text: str, off: int
) -> None:
    found = group(bare(tmp_path, SWITCH, text))
    assert len(found.off) == off
    assert all(out is not each for out in found.off for each in found.ingress)


BY_CONDITION = """
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: some
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - !If
          - Wanted
          - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
          - !Ref AWS::NoValue
Parameters:
  Switch: {Type: String, Default: '%s'}
Conditions:
  Wanted: !Equals [!Ref Switch, 'yes']
"""


@pytest.mark.parametrize(("switch", "made", "off"), [("no", [443], [22]), ("yes", [443, 22], [])])
def test_what_a_group_of_a_stack_has_in_any_case_is_not_left_out(
    tmp_path: Path, switch: str, made: list[int], off: list[int]
) -> None:
    found = group(stack(tmp_path, BY_CONDITION % switch), "G")
    for rules, ports in ((found.ingress, made), (found.off, off)):
        assert [str(each.traffic) for each in rules] == [f"tcp {port}" for port in ports]


# ---- a list of all rules -------------------------------------------------------------------------

EXCLUSIVE = """
resource "aws_vpc_security_group_ingress_rule" "%s" {
  security_group_id = aws_security_group.g.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  %s
}
"""
ONLY = """
resource "aws_vpc_security_group_rules_exclusive" "o" {
  security_group_id = aws_security_group.g.id
  ingress_rule_ids  = [aws_vpc_security_group_ingress_rule.a.id]
  egress_rule_ids   = []
  %s
}
"""


OTHERWISE = MAYBE.replace("some", "more")


@pytest.mark.parametrize(
    ("when", "other", "found"),
    [
        ("", "", {"a": ""}),
        (MAYBE, "", {"a": "", "b": "some"}),
        (MAYBE, OTHERWISE, {"a": "", "b[0]": "more"}),
    ],
)
def test_a_rule_that_is_not_listed_goes_when_the_list_is_there(
    tmp_path: Path, when: str, other: str, found: dict[str, str]
) -> None:
    """What is there only perhaps is so for a reason of its own first."""
    text = EXCLUSIVE % ("a", "") + EXCLUSIVE % ("b", other) + ONLY % when
    rules = group(bare(tmp_path, 'variable "more" {}', GROUP % ("g", ""), text)).ingress
    why = {each.label: each.maybe.reason if each.maybe else "" for each in rules}
    assert why.keys() == found.keys()
    assert all(
        f'"{name}"' in why[label] if name else not why[label] for label, name in found.items()
    )
