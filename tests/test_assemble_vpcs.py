"""
What VPCs, subnets and ACLs are made of resources, and what AWS puts into a VPC by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from iaclint import run
from iaclint.assemble import assemble
from iaclint.network import Acl, Group, Network, RouteTable, Subnet, Vpc
from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.value import Unknown
from tests.facts import MAYBE, UNSURE, bare, fact, made, stack
from tests.parts import SOME, assembled, thing


@pytest.mark.parametrize(
    ("text", "address", "ipv6", "hostnames"),
    [
        ("resource aws_vpc x {}", "aws_vpc.x", False, False),
        ("resource aws_vpc x { assign_generated_ipv6_cidr_block = true }", "aws_vpc.x", True,
         False),
        ("resource aws_vpc x { assign_generated_ipv6_cidr_block = var.some }", "aws_vpc.x", "?",
         False),
        ("resource aws_vpc x { ipv6_ipam_pool_id = var.some }", "aws_vpc.x", True, False),
        ("resource aws_vpc x { ipv6_cidr_block = var.some }", "aws_vpc.x", "?", False),
        ('resource aws_vpc x { ipv6_cidr_block = "fd00::/56" }', "aws_vpc.x", True, False),
        ("resource aws_vpc x { enable_dns_hostnames = true }", "aws_vpc.x", False, True),
        ("data aws_vpc x { tags = { Name = var.some } }", "data.aws_vpc.x", "?", False),
        ("data aws_vpc x { default = false }", "data.aws_vpc.x", "?", False),
        ("data aws_vpc x { default = true }", "default VPC", False, True),
        ("resource aws_default_vpc x {}", "aws_default_vpc.x", False, True),
    ],
)  # fmt: skip
def test_a_vpc_has_what_is_asked_for(
    tmp_path: Path, text: str, address: str, ipv6: object, hostnames: bool
) -> None:
    vpc = made(tmp_path, text).vpcs[-1]
    assert (vpc.address, fact(vpc.ipv6), vpc.dns_hostnames) == (address, ipv6, hostnames)
    assert vpc.assumed is ("default VPC" in address or "default_vpc" in address)


def test_the_default_vpc_is_one_whatever_it_is_called(tmp_path: Path) -> None:
    text = "resource aws_default_vpc x {}\ndata aws_vpc y { default = true }"
    vpcs = made(tmp_path, text).vpcs
    assert [vpc.address for vpc in vpcs] == ["aws_vpc.v", "aws_vpc.w", "aws_default_vpc.x"]


@pytest.mark.parametrize(
    ("block", "found"), [('"10.2.0.0/16"', "10.2.0.0/16"), ('"fd00::/56"', "?"), ("var.some", "?")]
)
def test_a_block_of_the_wrong_family_is_none_that_is_known(
    tmp_path: Path, block: str, found: str
) -> None:
    vpc = made(tmp_path, f"resource aws_vpc x {{ cidr_block = {block} }}").vpcs[-1]
    assert fact(vpc.prefixes) == [found]


@pytest.mark.parametrize(
    ("said", "public", "assigns", "only"),
    [
        ("", False, False, False),
        ("map_public_ip_on_launch = true", True, False, False),
        ("map_public_ip_on_launch = var.some", "?", False, False),
        ("assign_ipv6_address_on_creation = true", False, True, False),
        ("ipv6_native = true", False, False, True),
    ],
)
def test_a_subnet_gives_what_it_says(
    tmp_path: Path, said: str, public: object, assigns: bool, only: bool
) -> None:
    (subnet,) = made(tmp_path, "", said).subnets
    assert fact((subnet.maps_public, subnet.assigns_ipv6, subnet.only_ipv6)) == [
        public, assigns, only
    ]  # fmt: skip
    assert (subnet.maps_public_span is not None) is ("map_public" in said)


def test_of_a_subnet_that_is_looked_up_nothing_is_known(tmp_path: Path) -> None:
    text = 'data aws_subnet x {\nvpc_id = aws_vpc.v.id\ncidr_block = "10.0.1.0/24"\n}'
    found = made(tmp_path, text).subnets[-1]
    assert fact(found.vpc) == "aws_vpc.v"
    told = (found.prefix, found.ipv6, found.table, found.acl, found.maps_public, found.assigns_ipv6)
    assert fact(told) == ["?"] * 6


def test_a_default_subnet_is_one_of_the_default_vpc_and_public(tmp_path: Path) -> None:
    text = 'resource aws_default_subnet x { availability_zone = "eu-west-1a" }'
    found = made(tmp_path, text).subnets[-1]
    assert fact((found.vpc, found.table, found.acl, found.maps_public)) == [
        "default VPC", "main route table of default VPC",
        "default network ACL of default VPC", True,
    ]  # fmt: skip


BLOCK = """
resource "aws_vpc_ipv%d_cidr_block_association" "b" {
  vpc_id = %s
  %s
}
"""
V, ASSIGNED = "aws_vpc.v.id", "an assigned IPv6 block"


@pytest.mark.parametrize(
    ("family", "vpc", "said", "prefixes", "ipv6"),
    [
        (4, V, 'cidr_block = "10.9.0.0/16"', ["10.0.0.0/16", "10.9.0.0/16"], False),
        (4, V, f'cidr_block = "10.9.0.0/16"\n{MAYBE}', ["10.0.0.0/16", "?"], False),
        (4, "var.some", 'cidr_block = "10.9.0.0/16"', ["10.0.0.0/16"], False),
        (6, V, 'ipv6_cidr_block = "fd00::/56"', ["10.0.0.0/16", "fd00::/56"], True),
        (6, V, f'ipv6_cidr_block = "fd00::/56"\n{MAYBE}', ["10.0.0.0/16"], "?"),
        (6, V, "ipv6_ipam_pool_id = var.some", ["10.0.0.0/16", ASSIGNED], True),
        (6, V, "assign_generated_ipv6_cidr_block = true", ["10.0.0.0/16", ASSIGNED], True),
        (6, V, "assign_generated_ipv6_cidr_block = var.some", ["10.0.0.0/16"], "?"),
        (6, V, "", ["10.0.0.0/16"], True),
    ],
)
def test_a_vpc_has_further_blocks(
    tmp_path: Path, family: int, vpc: str, said: str, prefixes: list[str], ipv6: object
) -> None:
    found = bare(tmp_path, BLOCK % (family, vpc, said)).vpcs[0]
    assert (fact(found.prefixes), fact(found.ipv6)) == (prefixes, ipv6)


# ---- what a VPC brings ---------------------------------------------------------------------------

HOST = 'resource "aws_instance" "%s" {\n%s\n}\n'


def whole(network: Network) -> bool:
    """Whether all that a subnet or an interface has is part of the network, and there once."""
    cards = [card for made in network.instances for card in made.interfaces()]
    used: list[tuple[object, Sequence[object]]] = [
        *((card.subnet, network.subnets) for card in cards),
        *((group, network.groups) for card in cards for group in card.groups),
        *((each.vpc, network.vpcs) for each in network.subnets),
        *((each.table, network.tables) for each in network.subnets),
        *((each.acl, network.acls) for each in network.subnets),
    ]
    return all(everything.count(one) == 1 for one, everything in used)


@pytest.mark.parametrize("where", ["", "subnet_id = aws_subnet.s.id"])
def test_what_aws_makes_itself_is_part_of_the_network(tmp_path: Path, where: str) -> None:
    network = bare(tmp_path, HOST % ("a", where), HOST % ("b", where))
    one, other = (made.placements[0][0] for made in network.instances)
    assert whole(network)
    assert one.subnet is other.subnet
    assert one.groups == other.groups
    assert len(network.vpcs) == (2 if where else 3)


DEFAULT = """
resource "aws_default_subnet" "d" { availability_zone = "eu-west-1a" }
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
"""


def test_a_host_in_the_default_vpc_may_be_in_any_of_its_subnets(tmp_path: Path) -> None:
    """One of them may be under management, and those of another region are others."""
    hosts = HOST % ("a", "") + HOST % ("b", "provider = aws.far")
    network = bare(tmp_path, DEFAULT, hosts)
    near, far = (made.placements[0][0].subnet for made in network.instances)
    assert isinstance(near, Subnet) and isinstance(far, Subnet)
    assert fact((near, far)) == ["default subnet", "default subnet"]
    assert near is not far and near.vpc is not far.vpc
    assert whole(network)


@pytest.mark.parametrize(
    ("text", "vpc", "open_"),
    [
        ("", V, False),
        ('data "aws_vpc" "d" { tags = { Name = var.some } }', "data.aws_vpc.d.id", True),
        ('data "aws_vpc" "d" { default = true }', "data.aws_vpc.d.id", False),
    ],
)
def test_what_is_in_a_vpc_that_is_made_elsewhere_may_have_been_changed(
    tmp_path: Path, text: str, vpc: str, open_: bool
) -> None:
    made = f'resource "aws_subnet" "n" {{ vpc_id = {vpc} }}\n'
    network = bare(tmp_path, text, made, HOST % ("a", "subnet_id = aws_subnet.n.id"))
    ((card,),) = network.instances[0].placements
    assert isinstance(card.subnet, Subnet)
    found = [card.subnet.table, card.subnet.acl, *card.groups]
    assert all(isinstance(each, (RouteTable, Acl, Group)) for each in found)
    rests = [each.rest for each in found if not isinstance(each, Unknown)]
    assert [each is not None for each in rests] == [open_] * 3


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("data.aws_vpc.d.id", "default subnet"), ("aws_vpc.v.id", "aws_subnet.s"),
        ("aws_vpc.w.id", "?"), ("var.some", "?"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["aws_subnets", "aws_subnet_ids"])
def test_subnets_that_are_looked_up_are_default_ones_in_the_default_vpc_only(
    tmp_path: Path, filter_: str, expected: str, kind: str
) -> None:
    text = f"""
data "aws_vpc" "d" {{ default = true }}
data "{kind}" "x" {{
  filter {{
    name   = "vpc-id"
    values = [{filter_}]
  }}
}}
"""
    found = f"data.{kind}.x.ids"
    for first in (f"{found}[0]", f"element({found}, 0)", f"tolist({found})[0]"):
        network = bare(tmp_path, text, HOST % ("a", f"subnet_id = {first}"))
        ((card,),) = network.instances[0].placements
        assert fact(card.subnet) == expected


# ---- subnets -------------------------------------------------------------------------------------

ASSOCIATION = """
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "a" {
  subnet_id = aws_subnet.s.id
  %s
}
"""


@pytest.mark.parametrize(
    ("said", "table", "why"),
    [
        ("route_table_id = aws_route_table.t.id", "aws_route_table.t", ""),
        (f"route_table_id = aws_route_table.t.id\n{MAYBE}", "?", '"some"'),
        ("route_table_id = var.some", "?", '"some"'),
        ("", "?", "the association names no table"),
    ],
)
def test_a_subnet_has_the_table_that_is_given_to_it(
    tmp_path: Path, said: str, table: str, why: str
) -> None:
    (subnet,) = bare(tmp_path, ASSOCIATION % said).subnets
    assert fact(subnet.table) == table
    assert not isinstance(subnet.table, Unknown) or why in subnet.table.reason
    assert subnet.association is not None


def test_a_subnet_has_blocks_of_both_families(tmp_path: Path) -> None:
    more = """
resource "aws_subnet" "n" {
  vpc_id          = aws_vpc.v.id
  cidr_block      = "10.0.2.0/24"
  ipv6_cidr_block = "fd00::/64"
  %s
}
"""
    native = bare(tmp_path, more % "ipv6_native = true").subnets[-1]
    both = bare(tmp_path, more % "").subnets[-1]
    assert fact((both.prefix, both.ipv6, both.only_ipv6)) == ["10.0.2.0/24", "fd00::/64", False]
    assert native.only_ipv6 is True


FURTHER = """
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  B:
    Type: AWS::EC2::SubnetCidrBlock
    Properties: {SubnetId: %s, Ipv6CidrBlock: 'fd00::/64'}
"""


@pytest.mark.parametrize(("of", "ipv6"), [("!Ref S", "fd00::/64"), ("!ImportValue Some", None)])
def test_a_subnet_of_a_stack_gets_its_ipv6_block_by_something_else(
    tmp_path: Path, of: str, ipv6: str | None
) -> None:
    (subnet,) = stack(tmp_path, FURTHER % of).subnets
    assert fact(subnet.ipv6) == ipv6


# ---- ACLs ----------------------------------------------------------------------------------------

ACL = """
resource "aws_network_acl" "n" {
  vpc_id = aws_vpc.v.id
  %s
}
"""
GIVEN = """
resource "aws_network_acl_association" "a" {
  subnet_id      = aws_subnet.s.id
  network_acl_id = %s
  %s
}
"""
N, LIST = "aws_network_acl.n.id", "subnet_ids = [aws_subnet.s.id]"


@pytest.mark.parametrize(
    ("text", "acl"),
    [
        (ACL % LIST, "aws_network_acl.n"),
        (ACL % f"{LIST}\n{MAYBE}", "?"),
        (ACL % "" + GIVEN % (N, ""), "aws_network_acl.n"),
        (ACL % "" + GIVEN % (N, MAYBE), "?"),
        (ACL % "" + GIVEN % ("var.some", ""), "?"),
        (ACL % "", "default network ACL of aws_vpc.v"),
    ],
)
def test_a_subnet_has_the_acl_that_is_given_to_it(tmp_path: Path, text: str, acl: str) -> None:
    (subnet,) = bare(tmp_path, text).subnets
    assert fact(subnet.acl) == acl


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ("", False), (MAYBE, True), ("lifecycle { ignore_changes = [ingress] }", True),
        ("lifecycle { ignore_changes = [tags] }", False),
    ],
)  # fmt: skip
def test_an_acl_is_known_unless_it_is_only_perhaps_there(
    tmp_path: Path, body: str, open_: bool
) -> None:
    (_, acl) = sorted(bare(tmp_path, ACL % body).acls, key=lambda each: each.declared)
    assert (acl.rest is not None) is open_


def test_a_default_acl_under_management_is_the_resource_that_manages_it(tmp_path: Path) -> None:
    text = (
        'resource "aws_default_network_acl" "d" {\n'
        "default_network_acl_id = aws_vpc.v.default_network_acl_id\n}\n"
    )
    (acl,) = bare(tmp_path, text).acls
    assert (acl.address, acl.label, fact(acl.resource)) == (
        "aws_default_network_acl.d", "d", "aws_default_network_acl.d"
    )  # fmt: skip
    assert not acl.allows_all


ENTRY = """
resource "aws_network_acl_rule" "r" {
  network_acl_id = %s
  rule_action    = "deny"
  protocol       = "-1"
  %s
}
"""
NUMBER, ANY = "rule_number = 50", 'cidr_block = "0.0.0.0/0"'


@pytest.mark.parametrize(
    ("of", "own", "default"),
    [
        (N, 1, 0), ("var.some", 1, 1), ('"acl-0123456789abcdef0"', 0, 0),
        ("aws_vpc.v.default_network_acl_id", 0, 1), ("aws_vpc.v.default_route_table_id", 0, 0),
        (UNSURE % (N, "aws_network_acl.o.id"), 1, 0), ("module_made.x.id", 0, 0),
    ],
)  # fmt: skip
def test_an_entry_of_an_acl_that_is_not_known_may_be_one_of_each_it_can_mean(
    tmp_path: Path, of: str, own: int, default: int
) -> None:
    """The default ACL is one of them."""
    made = ACL % "" + (ACL % "").replace('"n"', '"o"') + "resource module_made x {}\n"
    network = bare(tmp_path, made + ENTRY % (of, f"{NUMBER}\n{ANY}"))
    entries = {each.address: each.entries for each in network.acls}
    assert len(entries["aws_network_acl.n"]) == own
    assert len(entries["default network ACL of aws_vpc.v"]) == default
    unsure = "var." in of
    assert all((e.maybe is not None) is unsure for each in entries.values() for e in each)


@pytest.mark.parametrize(
    ("said", "number", "block"),
    [
        (f"{NUMBER}\n{ANY}", "50", "0.0.0.0/0"), (ANY, "?", "0.0.0.0/0"), (NUMBER, "50", "?"),
        (f'{NUMBER}\nipv6_cidr_block = "::/0"', "50", "::/0"),
    ],
)  # fmt: skip
def test_an_entry_may_lack_a_number_or_a_block(
    tmp_path: Path, said: str, number: str, block: str
) -> None:
    network = bare(tmp_path, ACL % "" + ENTRY % (N, said))
    (entry,) = next(each for each in network.acls if each.declared).entries
    assert fact((entry.number, entry.prefix)) == [number, block]


# ---- what a library hands out --------------------------------------------------------------------

LIBRARY = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_security_group" "own" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_route_table" "own" { vpc_id = aws_vpc.v.id }
variable "some" {}
output "made" {
  value = [aws_security_group.g.id, aws_route_table.t.id, aws_vpc.v.id]
}
"""


@pytest.mark.parametrize(
    ("library", "group", "table", "why", "more"),
    [
        (False, "", "", ("", ""), False),
        (True, "", "", ("may add rules", "may add routes"), True),
        (True, 'dynamic "ingress" {\nfor_each = var.some\ncontent {}\n}',
         'dynamic "route" {\nfor_each = var.some\ncontent {}\n}', ('"some"', '"some"'), False),
    ],
)  # fmt: skip
def test_who_calls_a_library_may_add_to_what_it_hands_out(
    tmp_path: Path, library: bool, group: str, table: str, why: tuple[str, str], more: bool
) -> None:
    """What it keeps for itself is as it is written."""
    (tmp_path / "main.tf").write_text(LIBRARY % (group, table))
    (root,) = run.load([tmp_path], [], Sources(), Inputs(cache=False))
    network = assemble(root.worlds[0], library)
    given, kept = network.groups
    out, own = network.tables
    assert [bool(each.rest) for each in (kept, own)] == [False, False]
    assert not own.only_more
    for rest, words in ((given.rest, why[0]), (out.rest, why[1])):
        assert (rest is not None) is bool(words)
        assert rest is None or words in rest.reason
    assert out.only_more is more


@pytest.mark.parametrize(
    ("said", "known"),
    [({}, True), ({"vpc_id": SOME}, False), ({"vpc_id": "vpc-1"}, False)],
    ids=["none", "one that is not known", "one of elsewhere"],
)
def test_only_a_group_that_names_no_vpc_is_in_the_default_one(
    said: dict[str, object], known: bool
) -> None:
    made = assembled(thing("aws_security_group.g", **said)).groups
    (group,) = (each for each in made if each.address == "aws_security_group.g")
    assert isinstance(group.vpc, Vpc) is known
