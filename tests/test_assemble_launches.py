"""
What interfaces, instances and fleets are made of resources, and whom an Elastic IP serves.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from iaclint.assemble.interfaces import has_ipv6
from iaclint.network import Interface, Network
from iaclint.resource import Resource
from iaclint.value import ListValue, Scalar, Unknown
from tests.facts import MAYBE, UNSURE, bare, fact, stack
from tests.parts import SOME, line, place

GROUPS = """
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
resource "aws_security_group" "h" { vpc_id = aws_vpc.v.id }
"""
CARD = """
resource "aws_network_interface" "i" {
  subnet_id = aws_subnet.s.id
  %s
}
"""
HOST = """
resource "aws_instance" "h" {
  %s
}
"""
HERE, G = "subnet_id = aws_subnet.s.id", "aws_security_group.g.id"
G2 = G.replace(".g.", ".h.")


def first(network: Network) -> Interface:
    """The first interface of the only instance."""
    (instance,) = network.instances
    return instance.placements[0][0]


# ---- interfaces --------------------------------------------------------------------------------

MEMBER = """
resource "aws_network_interface_sg_attachment" "a" {
  security_group_id    = %s
  network_interface_id = %s
  %s
}
"""
CARD_ID = "aws_network_interface.i.id"


@pytest.mark.parametrize(
    ("group", "to", "when", "groups"),
    [
        ("aws_security_group.h.id", CARD_ID, "", ["aws_security_group.g", "aws_security_group.h"]),
        ("aws_security_group.h.id", CARD_ID, MAYBE, ["aws_security_group.g", "?"]),
        ("aws_security_group.h.id", "var.some", "", ["aws_security_group.g", "?"]),
        ("var.some", CARD_ID, "", ["aws_security_group.g", "?"]),
        ("null", CARD_ID, "", ["aws_security_group.g"]),
        ("aws_security_group.h.id", "module_made.x.id", "", ["aws_security_group.g"]),
    ],
)
def test_a_group_that_is_attached_comes_beside_those_that_are_written(
    tmp_path: Path, group: str, to: str, when: str, groups: list[str]
) -> None:
    text = CARD % f"security_groups = [{G}]" + MEMBER % (group, to, when)
    (card,) = bare(tmp_path, GROUPS, text, "resource module_made x {}").interfaces
    assert fact(card.groups) == groups


@pytest.mark.parametrize(
    ("said", "private", "ipv6"),
    [
        ("PrivateIpAddress: 10.0.1.9", ["10.0.1.9/32"], []),
        ("PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.9, Primary: true}]", ["10.0.1.9/32"], []),
        ("Ipv6Addresses: [{Ipv6Address: 'fd00::5'}]", [], ["fd00::5/128"]),
    ],
)
def test_an_address_stands_in_a_text_or_in_an_object(
    tmp_path: Path, said: str, private: list[str], ipv6: list[str]
) -> None:
    text = "  I: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: subnet-1, %s}}\n"
    (card,) = stack(tmp_path, text % said).interfaces
    assert (fact(card.private), fact(card.ipv6_addresses)) == (private, ipv6)


MAPS = 'resource "aws_subnet" "m" {\nvpc_id = aws_vpc.v.id\nmap_public_ip_on_launch = %s\n}\n'


@pytest.mark.parametrize(
    ("maps", "has", "supply"),
    [("false", False, ""), ("true", "?", ""), ("var.some", "?", "--var some=…")],
)
def test_what_would_tell_whether_a_subnet_maps_an_address_is_named(
    tmp_path: Path, maps: str, has: object, supply: str
) -> None:
    card = (CARD % "").replace("aws_subnet.s", "aws_subnet.m")
    (found,) = bare(tmp_path, MAPS % maps, card).interfaces
    assert fact(found.public.has) == has
    assert isinstance(found.public.has, bool) or found.public.has.supply == supply


ADDRESS = Scalar("fd00::5", line(1))


@pytest.mark.parametrize(
    ("listed", "has"),
    [
        (ListValue((), line(1)), False),
        (ListValue((ADDRESS,), line(1)), True),
        (ListValue((), line(1), more=SOME), "?"),
        (ListValue((ADDRESS,), line(1), more=SOME), True),
        (SOME, "?"),
        (None, False),
    ],
)
def test_one_address_that_is_listed_is_enough(
    listed: ListValue | Unknown | None, has: object
) -> None:
    assert fact(has_ipv6(listed, None, place())) == has


TEMPLATE = """
resource "aws_launch_template" "t" {
  %s
}
"""
BY_TEMPLATE = "launch_template { id = aws_launch_template.t.id }"
NIC = "network_interfaces {\n%s\n}\n"


@pytest.mark.parametrize(
    ("nic", "own", "groups", "blamed"),
    [
        (f"security_groups = [{G}]", "", ["aws_security_group.g"], "security_groups"),
        ("", f"vpc_security_group_ids = [{G}]", ["aws_security_group.g"], "vpc_security"),
        ("", "", ["default security group of aws_vpc.v"], ""),
    ],
)
def test_an_interface_of_a_template_has_its_groups_else_those_of_the_instance(
    tmp_path: Path, nic: str, own: str, groups: list[str], blamed: str
) -> None:
    text = TEMPLATE % (NIC % f"{HERE}\n{nic}") + HOST % f"{BY_TEMPLATE}\n{own}"
    found = first(bare(tmp_path, GROUPS, text))
    assert fact(found.groups) == groups
    assert (found.groups_span is not None) is bool(blamed)
    if found.groups_span is not None:
        lines = (tmp_path / "main.tf").read_text().split("\n")
        assert lines[found.groups_span.line - 1].startswith(blamed)


@pytest.mark.parametrize(
    ("said", "blamed"),
    [
        (f"vpc_security_group_ids = [{G}]", True), ('security_groups = ["default"]', False),
        ("", False),
    ],
)  # fmt: skip
def test_the_groups_of_an_instance_are_blamed_where_it_gives_some(
    tmp_path: Path, said: str, blamed: bool
) -> None:
    found = first(bare(tmp_path, GROUPS, HOST % f"{HERE}\n{said}"))
    assert (found.groups_span is not None) is blamed


def test_an_interface_that_is_not_known_has_groups_that_are_not_known(tmp_path: Path) -> None:
    """What the instance gives is for interfaces that are made with it."""
    body = "primary_network_interface { network_interface_id = var.some }\n"
    found = first(bare(tmp_path, GROUPS, HOST % f"{body}vpc_security_group_ids = [{G}]"))
    assert fact(found.groups) == ["?"]


def test_of_an_interface_that_is_looked_up_nothing_is_known(tmp_path: Path) -> None:
    look = 'data "aws_network_interface" "i" { tags = { Name = var.some } }\n'
    body = "primary_network_interface { network_interface_id = data.aws_network_interface.i.id }"
    found = first(bare(tmp_path, look, HOST % body))
    assert fact((found.subnet, found.public.has, found.groups)) == ["?", "?", ["?"]]


DEFAULT = "default security group of aws_vpc.v"


@pytest.mark.parametrize(
    ("groups", "candidates"),
    [
        (f"[{G}]", ["aws_security_group.g"]),
        (UNSURE % (f"[{G}]", "[]"), ["aws_security_group.g", DEFAULT]),
        (f"[{G}, {UNSURE % (G2, 'null')}]", ["aws_security_group.g", "aws_security_group.h"]),
        (f"[{G}, {UNSURE % (G2, 'var.some')}]", ["aws_security_group.g", "?"]),
        ("[var.some]", ["?"]),
        ("var.some", ["?"]),
    ],
)  # fmt: skip
def test_without_a_group_for_certain_an_interface_may_have_the_default_one(
    tmp_path: Path, groups: str, candidates: list[str]
) -> None:
    text = HOST % f"{HERE}\nvpc_security_group_ids = {groups}"
    assert fact(first(bare(tmp_path, GROUPS, text)).candidates) == candidates


# ---- subnets of what is launched -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "outer", "subnet"),
    [
        ("aws_subnet.s.id", "", "aws_subnet.s"),
        ("aws_subnet.s.id", "aws_subnet.s.id", "aws_subnet.s"),
        ("aws_subnet.s.id", "aws_subnet.z.id", "?"),
        ('"subnet-1"', "aws_subnet.s.id", "?"),
        ("aws_subnet.s.id", '"subnet-1"', "?"),
        ("var.some", '"subnet-1"', "?"),
    ],
)
def test_a_template_and_its_instance_name_one_subnet(
    tmp_path: Path, inner: str, outer: str, subnet: str
) -> None:
    other = 'resource "aws_subnet" "z" {\nvpc_id = aws_vpc.v.id\ncidr_block = "10.0.9.0/24"\n}\n'
    own = f"subnet_id = {outer}" if outer else ""
    text = TEMPLATE % (NIC % f"subnet_id = {inner}") + HOST % f"{BY_TEMPLATE}\n{own}"
    assert fact(first(bare(tmp_path, other, text)).subnet) == subnet


@pytest.mark.parametrize("text", ['"subnet-1"', '"subnet-2"'])
def test_a_subnet_that_is_written_out_is_one_of_elsewhere(tmp_path: Path, text: str) -> None:
    body = TEMPLATE % (NIC % 'subnet_id = "subnet-1"') + HOST % f"{BY_TEMPLATE}\nsubnet_id = {text}"
    found = first(bare(tmp_path, body)).subnet
    assert isinstance(found, Unknown)
    assert ("is to be in" in found.reason) is (text == '"subnet-2"')


SCALED = """
resource "aws_autoscaling_group" "f" {
  max_size            = 2
  vpc_zone_identifier = [%s]
  launch_template { id = %s }
}
"""
T = "aws_launch_template.t.id"


@pytest.mark.parametrize("inner", ["module_made.x.id", "aws_subnet.s.id"])
def test_subnets_that_something_else_makes_may_differ(tmp_path: Path, inner: str) -> None:
    text = TEMPLATE % (NIC % f"subnet_id = {inner}")
    group = SCALED % ("module_made.x.id, aws_subnet.s.id", T)
    (found,) = bare(tmp_path, text, group, "resource module_made x {}").instances
    same = "aws_subnet.s" if "subnet" in inner else "?"
    assert [fact(placement[0].subnet) for placement in found.placements] == ["?", same]


# ---- templates that are not known ----------------------------------------------------------------

DYNAMIC = 'dynamic "network_interfaces" {\nfor_each = var.some\ncontent { %s }\n}\n'


@pytest.mark.parametrize(("own", "subnet", "has"), [("", "?", "?"), (HERE, "aws_subnet.s", False)])
def test_a_template_with_interfaces_that_are_not_known_may_have_any(
    tmp_path: Path, own: str, subnet: str, has: object
) -> None:
    """Unless the instance names a subnet: then it has an interface of its own."""
    text = TEMPLATE % (DYNAMIC % "device_index = 0") + HOST % f"{BY_TEMPLATE}\n{own}"
    found = first(bare(tmp_path, text))
    assert fact((found.subnet, found.public.has)) == [subnet, has]


@pytest.mark.parametrize(
    ("template", "known"),
    [(T, True), ("data.aws_launch_template.d.id", False), ("var.some", False), ('"lt-1"', False)],
)
def test_nothing_is_known_of_a_template_that_is_made_elsewhere(
    tmp_path: Path, template: str, known: bool
) -> None:
    look = 'data "aws_launch_template" "d" { name = var.some }\n'
    body = TEMPLATE % 'image_id = "ami-1"'
    (made,) = bare(tmp_path, body, look, SCALED % ("aws_subnet.s.id", template)).instances
    card = made.placements[0][0]
    assert fact(card.subnet) == "aws_subnet.s"
    assert card.public.has is False if known else isinstance(card.public.has, Unknown)
    assert made.elsewhere is None if known else isinstance(made.elsewhere, Unknown)
    assert [each.address for each in made.launches] == ["aws_launch_template.t"] * known


@pytest.mark.parametrize(
    ("template", "elsewhere"),
    [("", False), (BY_TEMPLATE, False), ("launch_template { id = var.some }", True)],
)
def test_an_instance_may_be_made_from_a_template_of_elsewhere(
    tmp_path: Path, template: str, elsewhere: bool
) -> None:
    text = TEMPLATE % 'image_id = "ami-1"' + HOST % f"{HERE}\n{template}"
    (made,) = bare(tmp_path, text).instances
    assert (made.elsewhere is not None) is elsewhere


@pytest.mark.parametrize(
    ("said", "subnet", "groups"),
    [
        ("NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref S}]", "S", ["?"]),
        (
            "NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref S, GroupSet: [!Ref G]}]",
            "S",
            ["G"],
        ),
        ("SubnetId: !Ref S", "S", ["?"]),
        ("SecurityGroupIds: [!Ref G]", "?", ["G"]),
    ],
)
def test_what_an_instance_says_counts_whatever_the_template_it_is_made_from_says(
    tmp_path: Path, said: str, subnet: str, groups: list[str]
) -> None:
    text = """
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24}}
  G: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: vpc-1, GroupDescription: hosts}}
  H:
    Type: AWS::EC2::Instance
    Properties: {LaunchTemplate: {LaunchTemplateId: lt-1, Version: '1'}, %s}
"""
    found = first(stack(tmp_path, text % said))
    assert (fact(found.subnet), fact(found.groups)) == (subnet, groups)


@pytest.mark.parametrize("template", ["!ImportValue Some", "lt-1", "{Version: '1'}"])
def test_a_template_that_a_stack_does_not_name_is_made_elsewhere(
    tmp_path: Path, template: str
) -> None:
    text = f"""
  F:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {{MaxSize: '1', VPCZoneIdentifier: [subnet-1], LaunchTemplate: {template}}}
"""
    (made,) = stack(tmp_path, text).instances
    assert made.elsewhere is not None


FLEET = """
resource "aws_ec2_fleet" "f" {
  %s
}
"""
CONFIG = """
launch_template_config {
  launch_template_specification { launch_template_id = %s }
  %s
}
"""
ONE, TWO = "override { subnet_id = aws_subnet.s.id }\n", "override { subnet_id = var.some }\n"


@pytest.mark.parametrize(
    ("configs", "subnets"),
    [
        ([(T, ONE)], ["aws_subnet.s"]),
        ([(T, "")], ["default subnet"]),
        ([(T, ONE + TWO), (T, ONE)], ["aws_subnet.s", "?", "aws_subnet.s"]),
    ],
)
def test_a_fleet_launches_each_of_its_templates(
    tmp_path: Path, configs: list[tuple[str, str]], subnets: list[str]
) -> None:
    text = FLEET % "".join(CONFIG % each for each in configs)
    (made,) = bare(tmp_path, TEMPLATE % 'image_id = "ami-1"', text).instances
    assert [fact(placement[0].subnet) for placement in made.placements] == subnets


def test_a_fleet_that_names_no_template_launches_nothing(tmp_path: Path) -> None:
    config = f"launch_template_config {{\n{ONE}}}\n"
    assert bare(tmp_path, FLEET % config).instances == []


def test_the_subnet_of_a_template_in_a_stack_counts_where_a_fleet_names_none(
    tmp_path: Path,
) -> None:
    text = """
  T:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {NetworkInterfaces: [{SubnetId: !Ref S}]}}
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24}}
  F:
    Type: AWS::EC2::EC2Fleet
    Properties:
      LaunchTemplateConfigs: [{LaunchTemplateSpecification: {LaunchTemplateId: !Ref T}}]
"""
    assert fact(first(stack(tmp_path, text)).subnet) == "S"


REFUSES = "associate_public_ip_address = false"


def test_a_launch_configuration_refuses_an_address_without_a_subnet_too(tmp_path: Path) -> None:
    """Only for an instance Terraform forgets what it asks for when it names no subnet."""
    configuration = f'resource "aws_launch_configuration" "c" {{\n{REFUSES}\n}}\n'
    group = """
resource "aws_autoscaling_group" "f" {
  max_size             = 1
  launch_configuration = aws_launch_configuration.c.name
}
"""
    scaled, single = bare(tmp_path, configuration, group), bare(tmp_path, HOST % REFUSES)
    assert [first(each).public.has for each in (scaled, single)] == [False, True]


# ---- what an instance is -------------------------------------------------------------------------

WINDOWS = "<powershell>\nGet-Date\n</powershell>\n"
ECS = "#!/bin/sh\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("said", "platform", "managed"),
    [
        (f"user_data = {WINDOWS!r}".replace("'", '"'), "windows", ""),
        (f'user_data_base64 = "{encoded(WINDOWS)}"', "windows", ""),
        (f"user_data = {ECS!r}".replace("'", '"'), "linux", "ECS"),
        (f'user_data_base64 = "{encoded(ECS)}"', "linux", "ECS"),
        ('user_data = "${var.some}\\n<powershell>\\nGet-Date\\n</powershell>"', "windows", ""),
        (
            'user_data = var.some == "x" ? "<script>a" : "<script>b"',
            "windows",
            "",
        ),
        ("", None, ""),
    ],
)
def test_user_data_tells_what_an_instance_is(
    tmp_path: Path, said: str, platform: str | None, managed: str
) -> None:
    (made,) = bare(tmp_path, HOST % f"{HERE}\n{said}").instances
    assert (made.platform, made.managed) == (platform, managed)
    assert (made.user_data is not None) is bool(said)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("aws_key_pair.k.key_name", "aws_key_pair.k"), ('"ops"', "aws_key_pair.k"),
        ('"other"', "?"), ("var.some", "?"),
    ],
)  # fmt: skip
def test_the_key_pair_of_an_instance_is_found_by_its_name(
    tmp_path: Path, name: str, found: str
) -> None:
    pair = 'resource "aws_key_pair" "k" {\nkey_name = "ops"\npublic_key = var.some\n}\n'
    (made,) = bare(tmp_path, pair, HOST % f"{HERE}\nkey_name = {name}").instances
    assert fact(made.key_pair) == found
    assert isinstance(made.key_pair, Resource) is (found != "?")


# ---- what is attached later ----------------------------------------------------------------------

H = "aws_instance.h.id"
LATE = """
resource "aws_network_interface_attachment" "a" {
  device_index         = 1
  network_interface_id = %s
  instance_id          = %s
}
"""


@pytest.mark.parametrize(
    ("owner", "card", "subnets"),
    [
        ("aws_instance.h.id", CARD_ID, ["aws_subnet.s", "aws_subnet.s"]),
        ("aws_instance.h.id", "var.some", ["aws_subnet.s", "?"]),
        ("var.some", CARD_ID, ["aws_subnet.s", "?"]),
        ("module_made.x.id", CARD_ID, ["aws_subnet.s"]),
    ],
)
def test_a_further_interface_is_attached_to_whom_it_says(
    tmp_path: Path, owner: str, card: str, subnets: list[str]
) -> None:
    text = CARD % "" + HOST % HERE + LATE % (card, owner)
    (made,) = bare(tmp_path, text, "resource module_made x {}").instances
    assert [fact(each.subnet) for each in made.placements[0]] == subnets


@pytest.mark.parametrize(
    ("when", "card", "why"),
    [(MAYBE, CARD_ID, '"some"'), ("", "var.some", "aws_network_interface_attachment.a means")],
)
def test_why_it_is_not_known_what_is_attached_is_said(
    tmp_path: Path, when: str, card: str, why: str
) -> None:
    late = LATE.replace("device_index ", f"{when}\n  device_index ") % (card, H)
    (made,) = bare(tmp_path, CARD % "" + HOST % HERE + late).instances
    further = made.placements[0][1].subnet
    assert isinstance(further, Unknown)
    assert why in further.reason


# ---- Elastic IPs ---------------------------------------------------------------------------------

EIP = 'resource "aws_eip" "%s" {\n%s\n}\n'


@pytest.mark.parametrize(
    ("said", "public", "has", "early"),
    [
        (f"instance = {H}", False, True, False),
        ("network_interface = aws_instance.h.primary_network_interface_id", False, True, False),
        ("instance = var.some", False, "?", False),
        ("instance = var.some", True, True, False),
        ("", True, True, False),
        ("", False, False, False),
    ],
)
def test_an_address_of_somebody_makes_none_unsure_who_has_one(
    tmp_path: Path, said: str, public: bool, has: object, early: bool
) -> None:
    asked = f"associate_public_ip_address = {str(public).lower()}"
    found = first(bare(tmp_path, HOST % f"{HERE}\n{asked}", EIP % ("a", said)))
    assert (fact(found.public.has), found.public.early) == (has, early)


@pytest.mark.parametrize(
    ("text", "spare"),
    [
        (EIP % ("a", ""), 1),
        (EIP % ("a", "") + 'resource "aws_nat_gateway" "n" { allocation_id = aws_eip.a.id }\n', 0),
        (EIP % ("a", "") + EIP % ("b", "tags = { Name = aws_eip.a.id }"), 2),
    ],
)
def test_an_elastic_ip_is_spare_while_nothing_uses_it(
    tmp_path: Path, text: str, spare: int
) -> None:
    assert len(bare(tmp_path, text).spare_addresses) == spare


def test_another_address_is_no_use_of_an_elastic_ip_in_a_stack_either(tmp_path: Path) -> None:
    text = "  A: {Type: AWS::EC2::EIP}\n"
    tagged = "  B: {Type: AWS::EC2::EIP, Properties: {Tags: [{Key: Name, Value: !Ref A}]}}\n"
    assert len(stack(tmp_path, text + tagged).spare_addresses) == 2
