"""
What is named through something else: an attribute of an instance, or what a data source finds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.nets import terraform

NET = """
provider "aws" { region = "eu-west-1" }
variable "some" {}
resource "aws_vpc" "v" { cidr_block = "10.50.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.50.1.0/24"
}
"""
TABLE = """
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""


def route(table: str, more: str = "") -> str:
    """The route to the internet, in a table."""
    return f"""
resource "aws_route" "out" {{
  route_table_id         = {table}
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
  {more}
}}
"""


GROUP = """
resource "aws_security_group" "ssh" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def host(group: str = "aws_security_group.ssh.id", public: bool = True, more: str = "") -> str:
    """The instance that somebody wants to get to."""
    groups = f"vpc_security_group_ids = [{group}]" if group else ""
    return f"""
resource "aws_instance" "a" {{
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  key_name                    = "k"
  subnet_id                   = aws_subnet.s.id
  associate_public_ip_address = {str(public).lower()}
  tags                        = {{ Name = "jump" }}
  {groups}
  {more}
}}
"""


ROUTED = NET + TABLE + route("aws_route_table.t.id") + GROUP


def verdict(folder: Path, *texts: str) -> str:
    """Whether SSH from the internet gets to the instance."""
    network = terraform(folder, *texts).network
    return overall(paths([network], "internet", "aws_instance.a", parse_service("ssh")))


def attached(interface: str) -> str:
    """A group that is given to an interface by a resource of its own."""
    return f"""
resource "aws_network_interface_sg_attachment" "ssh" {{
  security_group_id    = aws_security_group.ssh.id
  network_interface_id = {interface}
}}
"""


@pytest.mark.parametrize(
    ("interface", "expected"),
    [
        ("aws_instance.a.primary_network_interface_id", "reachable"),
        ("data.aws_network_interface.any.id", "undecided"),
        ("data.aws_instance.a.network_interface_id", "reachable"),
        ("var.some", "undecided"),
        ("aws_network_interface.other.id", "blocked"),
        ('"eni-0123456789abcdef0"', "blocked"),
    ],
)
def test_a_group_is_attached_to_the_interface_that_is_named(
    tmp_path: Path, interface: str, expected: str
) -> None:
    """By way of its instance too; one that is not known may be any."""
    more = """
data "aws_network_interface" "any" { id = var.some }
data "aws_instance" "a" { instance_tags = { Name = "jump" } }
resource "aws_network_interface" "other" { subnet_id = aws_subnet.s.id }
"""

    assert verdict(tmp_path, ROUTED, host(""), attached(interface), more) == expected


def table(*asked: str) -> str:
    """A table that is looked up."""
    return 'data "aws_route_table" "found" {\n' + "\n".join(asked) + "\n}\n"


def asks(name: str, value: str) -> str:
    """A filter of a data source."""
    return f'filter {{\n  name   = "{name}"\n  values = [{value}]\n}}'


IN_V = "vpc_id = aws_vpc.v.id"
TWO = """
resource "aws_vpc" "w" { cidr_block = "10.51.0.0/16" }
resource "aws_subnet" "w" {
  vpc_id     = aws_vpc.w.id
  cidr_block = "10.51.1.0/24"
}
"""
BY_SUBNET = [
    (TABLE, "subnet_id = aws_subnet.s.id", "reachable"),
    (TABLE, asks("association.subnet-id", "aws_subnet.s.id"), "reachable"),
    ("", "subnet_id = aws_subnet.s.id", "reachable"),
    (TABLE, "subnet_id = aws_subnet.w.id", "blocked"),
    (TABLE, "subnet_id = var.some", "undecided"),
    (TABLE.replace("aws_subnet.s.id", "var.some"), "subnet_id = aws_subnet.s.id", "undecided"),
]


@pytest.mark.parametrize(("tables", "asked", "expected"), BY_SUBNET)
def test_a_table_is_found_by_the_subnet_that_has_it(
    tmp_path: Path, tables: str, asked: str, expected: str
) -> None:
    """The table that is associated, else the main one of the VPC."""
    more = TWO + table(asked) + route("data.aws_route_table.found.id")

    assert verdict(tmp_path, NET, tables, GROUP, host(), more) == expected


MAIN = asks("association.main", '"true"')
ADOPTED = """
resource "aws_default_route_table" "d" {
  default_route_table_id = aws_vpc.v.default_route_table_id
}
"""
OTHER = 'resource "aws_route_table" "other" { vpc_id = aws_vpc.v.id }\n'
BY_VPC = [
    ("", (IN_V, MAIN), "reachable"),
    ("", (asks("vpc-id", "aws_vpc.v.id"), MAIN), "reachable"),
    (ADOPTED, (IN_V, MAIN), "reachable"),
    (OTHER, (IN_V, MAIN), "reachable"),
    (TABLE, (IN_V, MAIN), "blocked"),
    ("", (IN_V,), "reachable"),
    (ADOPTED, (IN_V,), "reachable"),
    (OTHER, (IN_V,), "undecided"),
    ("", ("vpc_id = aws_vpc.w.id", MAIN), "blocked"),
    ("", (MAIN,), "undecided"),
    ("", (IN_V, 'tags = { Name = "private" }'), "blocked"),
    ("", ("vpc_id = var.some",), "undecided"),
    ("", ('route_table_id = "rtb-0123456789abcdef0"',), "blocked"),
]


@pytest.mark.parametrize(("tables", "asked", "expected"), BY_VPC)
def test_the_main_table_is_found_by_its_vpc(
    tmp_path: Path, tables: str, asked: tuple[str, ...], expected: str
) -> None:
    """Every VPC has one; a table that may be another one leaves the question open."""
    more = TWO + table(*asked) + route("data.aws_route_table.found.id")

    assert verdict(tmp_path, NET, tables, GROUP, host(), more) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ('{ Tier = "web" }', "blocked"),
        ('merge(var.some, { Tier = "web" })', "undecided"),
        ('{ Name = "public[1]" }', "undecided"),
    ],
)
def test_a_table_of_which_not_all_tags_are_known_may_be_the_one_that_is_found(
    tmp_path: Path, tags: str, expected: str
) -> None:
    tables = TABLE.replace(
        "{ vpc_id = aws_vpc.v.id }", f"{{\nvpc_id = aws_vpc.v.id\ntags = {tags}\n}}"
    )
    found = table(IN_V, 'tags = { Name = "public[1]" }') + route("data.aws_route_table.found.id")
    assert verdict(tmp_path, NET, tables, GROUP, host(), found) == expected


def test_a_subnet_may_be_given_the_main_table_that_is_looked_up(tmp_path: Path) -> None:
    """The association names what the subnet uses anyway."""
    more = table(IN_V, MAIN) + route("aws_vpc.v.main_route_table_id")
    given = TABLE.replace("aws_route_table.t.id", "data.aws_route_table.found.id")

    assert verdict(tmp_path, NET, given, GROUP, host(), more) == "reachable"


ALL = [
    ("", IN_V, "reachable"),
    (ADOPTED, IN_V, "reachable"),
    (TABLE, IN_V, "reachable"),
    ("", asks("vpc-id", "aws_vpc.v.id"), "reachable"),
    ("", "vpc_id = aws_vpc.w.id", "blocked"),
    ("", "vpc_id = var.some", "undecided"),
    (TABLE, asks("association.main", '"true"') + "\n" + IN_V, "blocked"),
]


@pytest.mark.parametrize(("tables", "asked", "expected"), ALL)
def test_all_tables_of_a_vpc_are_found_with_the_main_one(
    tmp_path: Path, tables: str, asked: str, expected: str
) -> None:
    """What the VPC brings is in the list too."""
    more = TWO + f'data "aws_route_tables" "all" {{\n{asked}\n}}\n'
    count = "count = length(data.aws_route_tables.all.ids)"
    each = "for_each = toset(data.aws_route_tables.all.ids)"
    by_number = route("data.aws_route_tables.all.ids[count.index]", count)

    assert verdict(tmp_path, NET, tables, GROUP, host(), more, by_number) == expected
    unsure = {"reachable": "undecided"}.get(expected, expected)
    assert verdict(tmp_path, NET, tables, GROUP, host(), more, route("each.value", each)) == unsure


def test_an_entry_may_be_in_the_default_acl_that_is_looked_up(tmp_path: Path) -> None:
    """It denies what that ACL allows from the start."""
    more = """
data "aws_network_acls" "all" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl_rule" "no" {
  network_acl_id = data.aws_network_acls.all.ids[0]
  rule_number    = 50
  protocol       = "-1"
  rule_action    = "deny"
  cidr_block     = "0.0.0.0/0"
}
"""

    assert verdict(tmp_path, ROUTED, host(), more) == "blocked"
    unsure = more.replace("aws_vpc.v.id", "var.some")
    assert verdict(tmp_path, ROUTED, host(), unsure) == "undecided"


def rule(group: str) -> str:
    """The rule for SSH, in a group."""
    return f"""
resource "aws_security_group_rule" "in" {{
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = {group}
}}
"""


OWN = 'resource "aws_default_security_group" "own" { vpc_id = aws_vpc.v.id }\n'
PRESET = 'name = "default"'
GROUPS = [
    ("", "", (IN_V, PRESET), "reachable"),
    ("", "", (IN_V, asks("group-name", '"default"')), "reachable"),
    (OWN, "", (IN_V, PRESET), "reachable"),
    ("", "data.aws_security_group.found.id", (IN_V, PRESET), "reachable"),
    ("", "aws_security_group.shut.id", (IN_V, PRESET), "blocked"),
    ("", "aws_security_group.shut.id", ('tags = { Name = "shut" }',), "reachable"),
    ("", "aws_security_group.shut.id", ("vpc_id = var.some",), "undecided"),
    ("", "aws_security_group.shut.id", ('tags = { Name = "another" }',), "blocked"),
    ("", "", ("vpc_id = aws_vpc.w.id", PRESET), "blocked"),
]


@pytest.mark.parametrize(("more", "group", "asked", "expected"), GROUPS)
def test_a_rule_is_for_the_group_that_is_found(
    tmp_path: Path, more: str, group: str, asked: tuple[str, ...], expected: str
) -> None:
    """Every VPC has one that is called default; where several may be meant it is not decided."""
    lookup = 'data "aws_security_group" "found" {\n' + "\n".join(asked) + "\n}\n"
    shut = 'resource "aws_security_group" "shut" {\nvpc_id = aws_vpc.v.id\n'
    shut += 'tags = { Name = "shut" }\n}\n'
    found = (more, TWO, shut, lookup, rule("data.aws_security_group.found.id"))

    assert verdict(tmp_path, ROUTED, host(group), *found) == expected


def test_an_instance_that_has_the_default_group_only_is_shut_in(tmp_path: Path) -> None:
    """Also where that group is looked up."""
    lookup = f'data "aws_security_group" "found" {{\n{IN_V}\n{PRESET}\n}}\n'
    shut = host("data.aws_security_group.found.id")

    assert terraform(tmp_path, ROUTED, shut, lookup).errors == ["IAC401"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('tags = { Name = "found" }', "blocked"),
        (f'{IN_V}\ntags = {{ Name = "private" }}', "reachable"),
        ("id = var.some", "undecided"),
        ("vpc_id = aws_vpc.w.id", "reachable"),
    ],
)
def test_a_subnet_that_is_looked_up_may_be_one_of_these(
    tmp_path: Path, asked: str, expected: str
) -> None:
    """Whose table another association gives it is uncertain, unless the lookup says otherwise."""
    more = f'data "aws_subnet" "found" {{\n{asked}\n}}\n'
    more += 'resource "aws_route_table" "bare" { vpc_id = aws_vpc.v.id }\n'
    more += 'resource "aws_route_table_association" "found" {\n'
    more += (
        "  subnet_id = data.aws_subnet.found.id\n  route_table_id = aws_route_table.bare.id\n}\n"
    )
    tagged = NET.replace('"10.50.1.0/24"', '"10.50.1.0/24"\n  tags = { Name = "found" }')
    main = table(IN_V, MAIN) + route("data.aws_route_table.found.id")

    assert verdict(tmp_path, tagged, GROUP, TWO, host(), more, main) == expected


def address(owner: str) -> str:
    """An Elastic IP for an instance or interface."""
    return f'resource "aws_eip" "e" {{\n  domain = "vpc"\n  {owner}\n}}\n'


JUMP = 'data "aws_instance" "a" { instance_tags = { Name = "jump" } }\n'
JUMPS = JUMP.replace("aws_instance", "aws_instances")
CARD = 'data "aws_network_interface" "c" {\n%s\n}\n'
LATER = """
resource "aws_network_interface" "later" { subnet_id = aws_subnet.s.id }
resource "aws_network_interface_attachment" "later" {
  instance_id          = aws_instance.a.id
  network_interface_id = aws_network_interface.later.id
  device_index         = 1
}
"""
OF_A = asks("attachment.instance-id", "aws_instance.a.id")
FIRST = asks("attachment.device-index", '"0"')
SCALED = """
resource "aws_autoscaling_group" "many" {
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.s.id]
}
"""
OWNERS = [
    (JUMP, "instance = data.aws_instance.a.id", "reachable"),
    (JUMPS, "instance = data.aws_instances.a.ids[0]", "reachable"),
    (JUMPS + SCALED, "instance = data.aws_instances.a.ids[0]", "undecided"),
    (
        'data "aws_instance" "a" { instance_id = aws_instance.a.id }',
        "instance = data.aws_instance.a.id",
        "reachable",
    ),
    (JUMP.replace("jump", "other"), "instance = data.aws_instance.a.id", "blocked"),
    (JUMP.replace('"jump"', "var.some"), "instance = data.aws_instance.a.id", "undecided"),
    (CARD % OF_A, "network_interface = data.aws_network_interface.c.id", "reachable"),
    (
        LATER + CARD % (OF_A + "\n" + FIRST),
        "network_interface = data.aws_network_interface.c.id",
        "reachable",
    ),
    (LATER + CARD % OF_A, "network_interface = data.aws_network_interface.c.id", "undecided"),
]


@pytest.mark.parametrize(("lookup", "owner", "expected"), OWNERS)
def test_an_address_serves_the_instance_that_is_found(
    tmp_path: Path, lookup: str, owner: str, expected: str
) -> None:
    """By tag, id or interface; it may be any where nothing speaks against that."""
    assert verdict(tmp_path, ROUTED, host(public=False), lookup, address(owner)) == expected


@pytest.mark.parametrize(
    ("tables", "given", "expected"),
    [
        ("", "aws_subnet.s.id", "undecided"),
        ("", "[aws_subnet.s.id, aws_subnet.w.id]", "undecided"),
        ("", "aws_subnet.w.id", "blocked"),
        (TABLE, "aws_subnet.s.id", "blocked"),
        (TABLE, "aws_route_table.t.id", "undecided"),
    ],
)
def test_a_module_that_is_not_there_may_give_a_subnet_a_table(
    tmp_path: Path, tables: str, given: str, expected: str
) -> None:
    """Unless the subnet has one from these files, as it can have only one."""
    call = f'module "m" {{\n  source = "git::https://git.example/m.git"\n  given = {given}\n}}\n'

    assert verdict(tmp_path, NET, tables, GROUP, TWO, host(), call) == expected


LISTS = [
    ('split(",", join(",", aws_subnet.*.id))'.replace("aws_subnet.*", "aws_subnet.many.*"), 1),
    ('split(",", "${aws_subnet.many[0].id},${aws_subnet.many[1].id}")', 1),
    ('split(" ", "none ${aws_subnet.many[1].id}")', 1),
]


@pytest.mark.parametrize(("written", "place"), LISTS)
def test_ids_that_are_joined_and_split_again_are_the_ids(
    tmp_path: Path, written: str, place: int
) -> None:
    """No id holds the separator."""
    many = 'resource "aws_subnet" "many" {\n  count  = 2\n  vpc_id = aws_vpc.v.id\n}\n'
    given = TABLE.replace("aws_subnet.s.id", f"element({written}, {place})")
    home = host().replace("aws_subnet.s.id", "aws_subnet.many[%s].id")

    def at(number: int) -> str:
        texts = (NET, many, given, route("aws_route_table.t.id"), GROUP, home % number)
        return verdict(tmp_path, *texts)

    assert (at(0), at(1)) == ("blocked", "reachable")


@pytest.mark.parametrize("written", ['split(",", var.some)', 'split("-", aws_subnet.s.id)'])
def test_a_text_that_may_hold_the_separator_is_not_taken_apart(
    tmp_path: Path, written: str
) -> None:
    """How many pieces there are is not known either."""
    given = TABLE.replace("aws_subnet.s.id", f"element({written}, 0)")
    texts = (NET, given, route("aws_route_table.t.id"), GROUP, host())

    assert verdict(tmp_path, *texts) == "undecided"
