"""
What is made of single resources: whose they are, what AWS fills in, and what is not known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Network, Peering
from iaclint.value import Unknown
from tests.nets import terraform

VPC = """
variable "some" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
  %s
}
"""
MAYBE = 'count = var.some == "x" ? 1 : 0'


def fact(value: object) -> object:
    """A value to compare with: a question mark for what is not known, the address of a thing."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, tuple):
        return [fact(each) for each in value]
    return getattr(
        value, "address", value if value is None or isinstance(value, bool) else str(value)
    )


def made(folder: Path, text: str, subnet: str = "") -> Network:
    """The network of the text beside two VPCs, one of them with a subnet."""
    return terraform(folder, VPC % subnet, text).network


# ---- VPCs and subnets ------------------------------------------------------------------------


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


# ---- interfaces ------------------------------------------------------------------------------

CARD = """
resource "aws_network_interface" "i" {
  subnet_id = aws_subnet.s.id
  %s
}
resource "aws_instance" "h" {
  subnet_id = aws_subnet.s.id
  %s
}
"""


@pytest.mark.parametrize(
    ("said", "subnet", "has"),
    [
        ("", "", False),
        ("", "assign_ipv6_address_on_creation = true", True),
        ("ipv6_address_count = 1", "", True),
        ("ipv6_address_count = 0", "assign_ipv6_address_on_creation = true", False),
        ("ipv6_address_count = var.some", "", "?"),
        ('ipv6_addresses = ["fd00::5"]', "", True),
        ("ipv6_addresses = var.some", "", "?"),
        ("ipv6_addresses = [for a in var.some : a]", "", "?"),
        ('ipv6_addresses = concat(["fd00::5"], var.some)', "", "?"),
        ("ipv6_addresses = []", "", False),
    ],
)
def test_an_interface_has_an_ipv6_address_by_name_by_number_or_by_its_subnet(
    tmp_path: Path, said: str, subnet: str, has: object
) -> None:
    network = made(tmp_path, CARD % (said, said), subnet)
    (alone,), ((own,),) = network.interfaces, network.instances[0].placements
    assert (fact(alone.ipv6), fact(own.ipv6)) == (has, has)


@pytest.mark.parametrize(
    ("said", "checks"),
    [("", True), ("source_dest_check = false", False), ("source_dest_check = var.some", "?")],
)
def test_an_interface_checks_addresses_unless_it_is_told_not_to(
    tmp_path: Path, said: str, checks: object
) -> None:
    network = made(tmp_path, CARD % (said, said))
    (alone,), ((own,),) = network.interfaces, network.instances[0].placements
    assert (fact(alone.checks), fact(own.checks)) == (checks, checks)


@pytest.mark.parametrize(
    ("said", "own", "alone"),
    [
        ("", None, None),
        ("security_groups = []", None, None),
        ('security_groups = ["default"]', None, 12),
        ("security_groups = [aws_security_group.g.id]", 16, 12),
        ('security_groups = ["default", aws_security_group.g.id]', 16, 12),
    ],
)
def test_groups_are_blamed_where_they_are_given(
    tmp_path: Path, said: str, own: int | None, alone: int | None
) -> None:
    """To name the default group of an instance is to give it none."""
    text = CARD % (said, said) + "resource aws_security_group g { vpc_id = aws_vpc.v.id }\n"
    network = made(tmp_path, text)
    (card,), ((first,),) = network.interfaces, network.instances[0].placements
    assert (first.groups_span is None) is (own is None)
    assert (card.groups_span is None) is (alone is None)
    default = "default security group of aws_vpc.v"
    assert (default in str(fact(first.groups))) is ("[aws" not in said and "g.id" not in said)


LOOKED_UP = """
data "aws_network_interface" "i" { id = var.some }
resource "aws_instance" "h" {
  primary_network_interface { network_interface_id = %s }
}
"""


@pytest.mark.parametrize("card", ["data.aws_network_interface.i.id", "var.some"])
def test_of_an_interface_that_is_looked_up_nothing_is_known(tmp_path: Path, card: str) -> None:
    ((first,),) = made(tmp_path, LOOKED_UP % card).instances[0].placements
    assert fact((first.subnet, first.public.has)) == ["?", "?"]
    assert fact(first.groups) == ["?"]


DEFAULTS = """
data "aws_vpc" "d" { default = true }
resource "aws_default_vpc" "e" {}
data "%s" "x" {
  %s
  filter {
    name   = "vpc-id"
    values = [%s]
  }
}
resource "aws_instance" "h" { subnet_id = data.%s.x.%s }
"""


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [("aws_subnets", "ids[0]"), ("aws_subnet_ids", "ids[0]"), ("aws_subnet", "id"),
     ("external", "result.id")],
)  # fmt: skip
@pytest.mark.parametrize("vpc", ["data.aws_vpc.d.id", "aws_default_vpc.e.id", "var.some"])
def test_subnets_of_the_default_vpc_that_are_looked_up_are_default_ones(
    tmp_path: Path, kind: str, attribute: str, vpc: str
) -> None:
    text = DEFAULTS % (kind, "", vpc, kind, attribute)
    ((first,),) = made(tmp_path, text).instances[0].placements
    single = kind == "aws_subnet"
    default = kind not in ("external", "aws_subnet") and vpc != "var.some"
    expected = "default subnet" if default else "data.aws_subnet.x" if single else "?"
    assert fact(first.subnet) == expected


@pytest.mark.parametrize(
    ("kind", "public"), [("aws_instance", True), ("aws_spot_instance_request", True)]
)
def test_a_request_for_an_address_is_sent_together_with_a_subnet_only(
    tmp_path: Path, kind: str, public: bool
) -> None:
    """Without one the default subnet decides."""
    text = f"resource {kind} h {{ associate_public_ip_address = false }}"
    ((first,),) = made(tmp_path, text).instances[0].placements
    assert first.public.has is public


SEVERAL = """
resource "aws_launch_template" "t" {
  %s
}
resource "aws_instance" "h" {
  launch_template { id = aws_launch_template.t.id }
}
"""
NIC = "network_interfaces {\nsubnet_id = aws_subnet.s.id\ndevice_index = %d\n%s\n}\n"
ASKED = "associate_public_ip_address = true"
MAPS = "map_public_ip_on_launch = true"


@pytest.mark.parametrize(
    ("number", "asked", "subnet", "has"),
    [
        (1, ASKED, "", True), (2, ASKED, "", False), (3, ASKED, "", False),
        (1, "", MAPS, True), (2, "", MAPS, False), (3, "", MAPS, False), (1, "", "", False),
    ],
)  # fmt: skip
def test_with_several_interfaces_there_is_no_automatic_address(
    tmp_path: Path, number: int, asked: str, subnet: str, has: bool
) -> None:
    text = SEVERAL % "".join(NIC % (index, asked) for index in range(number))
    (cards,) = made(tmp_path, text, subnet).instances[0].placements
    assert [card.public.has for card in cards] == [has] * number
    obstacle = "X_SEVERAL_INTERFACES" if number > 1 else ""
    assert [card.public.obstacle for card in cards] == [obstacle] * number


# ---- tables ----------------------------------------------------------------------------------

TABLE = """
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_route_table" "u" { vpc_id = aws_vpc.v.id }
"""
LAST = """
resource "aws_main_route_table_association" "m" {
  vpc_id         = %s
  route_table_id = %s
  %s
}
"""


@pytest.mark.parametrize(
    ("text", "main", "open_"),
    [
        ("", "main route table of aws_vpc.v", False),
        (LAST % ("aws_vpc.v.id", "aws_route_table.t.id", ""), "aws_route_table.t", False),
        (LAST % ("aws_vpc.v.id", "aws_route_table.t.id", MAYBE), "aws_route_table.t", True),
        (LAST % ("aws_vpc.w.id", "aws_route_table.t.id", ""), "main route table of aws_vpc.v",
         False),
        (LAST % ("aws_vpc.v.id", "var.some", ""), "main route table of aws_vpc.v", True),
        (LAST % ("aws_vpc.w.id", "var.some", ""), "main route table of aws_vpc.v", False),
        (LAST % ("var.some", "aws_route_table.t.id", ""), "main route table of aws_vpc.v", True),
    ],
)  # fmt: skip
def test_the_main_table_of_a_vpc_is_the_one_that_is_made_it(
    tmp_path: Path, text: str, main: str, open_: bool
) -> None:
    (subnet,) = made(tmp_path, TABLE % "" + text).subnets
    assert not isinstance(subnet.table, Unknown)
    assert (subnet.table.address, subnet.table.main) == (main, True)
    assert (subnet.table.rest is not None) is open_


ADOPTED = """
resource "aws_default_route_table" "m" {
  default_route_table_id = %s
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
  %s
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_default_route_table.m.id
}
"""
OWN = "aws_vpc.v.default_route_table_id"
IGNORED = "lifecycle { ignore_changes = [%s] }"


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        (ADOPTED % (OWN, ""), False),
        (ADOPTED % (OWN, IGNORED % "route"), True),
        (ADOPTED % (OWN, IGNORED % "tags"), False),
        (ADOPTED % ("var.some", ""), False),
    ],
)
def test_a_main_table_under_management_has_the_routes_that_are_written(
    tmp_path: Path, text: str, open_: bool
) -> None:
    (subnet,) = made(tmp_path, TABLE % "" + text).subnets
    assert not isinstance(subnet.table, Unknown)
    assert subnet.table.address == "aws_default_route_table.m"
    assert [fact(route.to) for route in subnet.table.routes] == ["0.0.0.0/0"]
    assert (subnet.table.rest is not None) is open_


def test_the_main_table_of_the_default_vpc_leads_out_unless_it_is_managed(tmp_path: Path) -> None:
    text = "resource aws_default_vpc d {}\n%s"
    managed = (
        "resource aws_default_route_table m "
        "{\ndefault_route_table_id = aws_default_vpc.d.default_route_table_id\n%s\n}"
    )
    found = [
        (len(table.routes), table.rest is not None)
        for more in ("", managed % "", managed % MAYBE)
        for table in made(tmp_path, text % more).tables
        if isinstance(table.vpc, object) and fact(table.vpc) == "aws_default_vpc.d"
    ]
    assert found == [(1, False), (0, False), (0, True)]


ROUTES = """
resource "aws_ec2_managed_prefix_list" "l" {
  address_family = "IPv4"
  max_entries    = 1
  entry { cidr = "192.168.0.0/16" }
}
resource "aws_route" "r" {
  route_table_id = aws_route_table.t.id
  gateway_id     = aws_internet_gateway.g.id
  %s
}
"""


@pytest.mark.parametrize(
    ("said", "to", "family", "origin"),
    [
        ('destination_cidr_block = "0.0.0.0/0"', "0.0.0.0/0", "ipv4", "static"),
        ("destination_cidr_block = var.some", "?", "ipv4", "static"),
        ('destination_ipv6_cidr_block = "::/0"', "::/0", "ipv6", "static"),
        ("destination_ipv6_cidr_block = var.some", "?", "ipv6", "static"),
        ("destination_prefix_list_id = aws_ec2_managed_prefix_list.l.id", "192.168.0.0/16", None,
         "prefix list"),
        ("destination_prefix_list_id = var.some", "?", None, "prefix list"),
    ],
)  # fmt: skip
def test_a_route_is_one_of_its_family(
    tmp_path: Path, said: str, to: str, family: str | None, origin: str
) -> None:
    tables = made(tmp_path, TABLE % "" + ROUTES % said).tables
    (route,) = next(each for each in tables if each.address.endswith(".t")).routes
    assert (fact(route.to), route.family, route.origin) == (to, family, origin)


@pytest.mark.parametrize(
    ("table", "main", "others"),
    [
        ("var.some", 1, 1),
        ('"rtb-0123456789abcdef0"', 0, 0),
        ("data.aws_route_table.x.id", 0, 1),
        ("data.aws_route_table.y.id", 1, 1),
        ('var.some == "x" ? aws_route_table.t.id : aws_route_table.u.id', 0, 1),
    ],
)
def test_a_route_of_a_table_that_is_not_known_may_be_one_of_each_it_can_mean(
    tmp_path: Path, table: str, main: int, others: int
) -> None:
    route = "".join(ROUTES % 'destination_cidr_block = "0.0.0.0/0"').replace(
        "aws_route_table.t.id", table
    )
    look = "data aws_route_table x { tags = { Name = var.some } }\n"
    look += "data aws_route_table y { vpc_id = aws_vpc.v.id }\n"
    tables = made(tmp_path, TABLE % 'tags = { Name = "t" }' + look + route).tables
    found = {each.address: each for each in tables}
    assert len(found["main route table of aws_vpc.v"].routes) == main
    assert len(found["aws_route_table.t"].routes) == others
    mine = (each for name, each in found.items() if not name.startswith("data."))
    assert all(fact(route.maybe) == "?" for each in mine for route in each.routes)


# ---- peerings --------------------------------------------------------------------------------

LINK = """
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  %s
}
"""
ACCEPTED = """
resource "aws_vpc_peering_connection_accepter" "a" {
  vpc_peering_connection_id = %s
  auto_accept               = %s
  %s
}
"""
P = "aws_vpc_peering_connection.p.id"
ENDS = ["aws_vpc.v", "aws_vpc.w"]


@pytest.mark.parametrize(
    ("text", "ends", "active", "near"),
    [
        (LINK % "", ENDS, False, True),
        (LINK % "auto_accept = true", ENDS, True, True),
        (LINK % f"auto_accept = true\n{MAYBE}", ["?", "?"], True, True),
        (LINK % "" + ACCEPTED % (P, "true", ""), ENDS, True, True),
        (LINK % "" + ACCEPTED % (P, "false", ""), ENDS, False, True),
        (LINK % "" + ACCEPTED % (P, "true", MAYBE), ENDS, "?", True),
        (LINK % "" + ACCEPTED % (P, "false", MAYBE), ENDS, False, True),
        (LINK % "" + ACCEPTED % ("var.some", "true", ""), ENDS, "?", True),
        (LINK % "" + ACCEPTED % ("var.some", "false", ""), ENDS, False, True),
        (LINK % "" + ACCEPTED % ('"pcx-0123456789abcdef0"', "true", ""), ENDS, "?", True),
        (LINK % "" + ACCEPTED % ("data.aws_ssm_parameter.x.value", "true", "")
         + 'data aws_ssm_parameter x { name = "/pcx" }', ENDS, "?", True),
        (LINK % "" + ACCEPTED % ("data.aws_ssm_parameter.x.value", "false", "")
         + 'data aws_ssm_parameter x { name = "/pcx" }', ENDS, False, True),
        (LINK % "" + ACCEPTED % ("aws_vpc.v.id", "true", ""), ENDS, False, True),
        (LINK % "" + ACCEPTED % ("null", "true", ""), ENDS, False, True),
        (LINK % 'peer_owner_id = "123456789012"', ENDS, "?", True),
        (LINK.replace("aws_vpc.w.id", "var.some") % "", ["aws_vpc.v", "?"], "?", True),
        (LINK.replace("aws_vpc.w.id", "data.aws_vpc.x.id") % ""
         + "data aws_vpc x { tags = { Name = var.some } }", ["aws_vpc.v", "data.aws_vpc.x"], "?",
         True),
        (LINK % 'peer_region = "eu-west-1"', ENDS, False, "?"),
        (LINK % "peer_region = var.some", ENDS, False, "?"),
        ("data aws_vpc_peering_connection p { vpc_id = aws_vpc.v.id }", ["?", "?"], True, True),
    ],
)  # fmt: skip
def test_a_peering_connection_works_once_it_is_accepted(
    tmp_path: Path, text: str, ends: list[str], active: object, near: object
) -> None:
    network = made(tmp_path, text)
    (link,) = [each for each in network.gateways if isinstance(each, Peering)]
    assert fact(link.ends) == ends
    assert (fact(link.active), fact(link.same_region)) == (active, near)


@pytest.mark.parametrize(
    ("asked", "active"),
    [("vpc_id = aws_vpc.v.id", "?"), ("tags = { Name = \"other\" }", False),
     ("id = \"pcx-0123456789abcdef0\"", "?")],
)  # fmt: skip
def test_a_peering_connection_that_is_looked_up_to_be_accepted_may_be_the_one_made_here(
    tmp_path: Path, asked: str, active: object
) -> None:
    look = f"data aws_vpc_peering_connection d {{\n{asked}\n}}\n"
    accepted = ACCEPTED % ("data.aws_vpc_peering_connection.d.id", "true", "")
    network = made(tmp_path, LINK % "" + look + accepted)
    assert [fact(each.active) for each in network.peerings] == [active, True]


def test_each_peering_connection_has_an_accepter_of_its_own(tmp_path: Path) -> None:
    second = (LINK % "").replace('"p"', '"q"')
    network = made(tmp_path, LINK % "" + second + ACCEPTED % (P, "true", ""))
    assert [each.active for each in network.peerings] == [True, False]


PROVIDERS = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "far"
  region = "%s"
}
resource "aws_vpc" "far" {
  provider   = aws.far
  cidr_block = "10.2.0.0/16"
}
"""


@pytest.mark.parametrize(
    ("region", "said", "near"),
    [
        ("us-east-1", "", "?"), ("us-east-1", 'peer_region = "us-east-1"', False),
        ("eu-west-1", 'peer_region = "eu-west-1"', True),
    ],
)  # fmt: skip
def test_a_peering_connection_may_lead_to_another_region(
    tmp_path: Path, region: str, said: str, near: object
) -> None:
    text = LINK.replace("aws_vpc.w.id", "aws_vpc.far.id") % said
    network = made(tmp_path, PROVIDERS % region + text)
    (link,) = [each for each in network.gateways if isinstance(each, Peering)]
    assert fact(link.same_region) == near


def test_a_route_may_name_the_accepter_of_a_peering_connection(tmp_path: Path) -> None:
    named = "vpc_peering_connection_id = aws_vpc_peering_connection_accepter.a.id"
    route = ROUTES.replace("gateway_id     = aws_internet_gateway.g.id", named)
    text = LINK % "" + ACCEPTED % (P, "true", "") + ACCEPTED.replace('"a"', '"b"') % (
        "var.some", "true", "")  # fmt: skip
    to = 'destination_cidr_block = "10.1.0.0/16"'
    tables = made(tmp_path, TABLE % "" + text + route % to).tables
    (found,) = next(each for each in tables if each.address.endswith(".t")).routes
    assert fact(found.target) == "aws_vpc_peering_connection.p"


# ---- Elastic IPs -----------------------------------------------------------------------------

ADDRESS = """
resource "aws_network_interface" "i" { subnet_id = aws_subnet.s.id }
resource "aws_instance" "h" { subnet_id = aws_subnet.s.id }
resource "aws_eip" "a" {
  %s
}
%s
"""
ASSOCIATION = "resource aws_eip_association b {\n%s\n}"
TO_CARD = "network_interface_id = aws_network_interface.i.id\n"


@pytest.mark.parametrize(
    ("own", "more", "card", "host", "spare"),
    [
        ("", "", False, False, 1),
        ("instance = aws_instance.h.id", "", False, True, 0),
        ("network_interface = aws_network_interface.i.id", "", True, False, 0),
        ("network_interface = var.some", "", "?", "?", 0),
        ("instance = var.some", "", "?", "?", 0),
        ("", ASSOCIATION % (TO_CARD + "allocation_id = aws_eip.a.id"), True, False, 0),
        ("", ASSOCIATION % (TO_CARD + "public_ip = aws_eip.a.public_ip"), True, False, 0),
        ("", ASSOCIATION % (TO_CARD + "allocation_id = var.some"), True, False, 1),
        ("", ASSOCIATION % (TO_CARD + f"allocation_id = aws_eip.a.id\n{MAYBE}"), "?", False, 0),
        ("customer_owned_ipv4_pool = var.some\ninstance = aws_instance.h.id", "", False, False, 0),
        ("tags = { Name = aws_eip.z.id }", "resource aws_eip z {}", False, False, 2),
    ],
)  # fmt: skip
def test_an_elastic_ip_serves_whom_it_is_given_to(
    tmp_path: Path, own: str, more: str, card: object, host: object, spare: int
) -> None:
    network = made(tmp_path, ADDRESS % (own, more))
    (alone,), ((first,),) = network.interfaces, network.instances[0].placements
    assert (fact(alone.public.has), fact(first.public.has)) == (card, host)
    assert len(network.spare_addresses) == spare
    served = [each.public for each in (alone, first) if each.public.has is True]
    given = "allocation_id = var.some" not in more
    assert all((each.elastic is not None) is given for each in served)
    assert all(each.early is (each is alone.public) for each in served)


# ---- load balancers --------------------------------------------------------------------------

BALANCER = """
resource "aws_lb" "b" {
  load_balancer_type = "network"
  subnet_mapping { subnet_id = aws_subnet.s.id }
}
resource "aws_lb_target_group" "g" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_target_group" "other" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.b.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = %s
  }
}
resource "aws_instance" "h" {
  subnet_id  = aws_subnet.s.id
  private_ip = "10.0.1.9"
}
"""
TARGET = """
resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = %s
  target_id        = %s
}
"""
SCALED = """
resource "aws_autoscaling_group" "f" {
  max_size            = %s
  vpc_zone_identifier = [aws_subnet.s.id]
  launch_template { id = aws_launch_template.t.id }
}
resource "aws_launch_template" "t" { image_id = "ami-1" }
resource "aws_autoscaling_attachment" "a" {
  autoscaling_group_name = %s
  lb_target_group_arn    = %s
}
"""
G, H, F = "aws_lb_target_group.g.arn", "aws_instance.h.id", "aws_autoscaling_group.f.name"


def test_a_load_balancer_is_in_the_subnets_that_are_mapped(tmp_path: Path) -> None:
    (balancer,) = made(tmp_path, BALANCER % G).balancers
    assert fact(balancer.subnets) == ["aws_subnet.s"]
    assert [fact(listener.groups) for listener in balancer.listeners] == [["aws_lb_target_group.g"]]


@pytest.mark.parametrize(
    "group", ["var.some", '"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/1"']
)
def test_a_listener_may_forward_to_a_group_that_is_not_known(tmp_path: Path, group: str) -> None:
    (balancer,) = made(tmp_path, BALANCER % group).balancers
    assert [fact(listener.groups) for listener in balancer.listeners] == [["?"]]


@pytest.mark.parametrize(
    ("text", "targets", "open_", "others"),
    [
        ("", [], False, False),
        (TARGET % (G, H), ["aws_instance.h"], False, False),
        (TARGET % (G, '"10.0.1.9"'), ["aws_instance.h"], False, False),
        (TARGET % (G, '"10.0.1.10"'), [], True, False),
        (TARGET % (G, '"somewhere"'), [], True, False),
        (TARGET % (G, "var.some"), [], True, False),
        (TARGET % ("var.some", H), [], True, True),
        (SCALED % (1, F, G), ["aws_autoscaling_group.f"], False, False),
        (SCALED % (0, F, G), [], True, False),
        (SCALED % (1, "var.some", G), [], True, False),
        (SCALED % (1, F, "var.some"), [], True, True),
    ],
)
def test_a_target_group_has_the_targets_that_name_it(
    tmp_path: Path, text: str, targets: list[str], open_: bool, others: bool
) -> None:
    own, other = made(tmp_path, BALANCER % G + text).target_groups
    assert [each.instance.address for each in own.targets] == targets
    assert (own.rest is not None, other.rest is not None) == (open_, others)
    assert other.targets == []


# ---- transit gateways ------------------------------------------------------------------------

HUB = """
resource "aws_ec2_transit_gateway" "h" {
  %s
}
resource "aws_ec2_transit_gateway_vpc_attachment" "a" {
  transit_gateway_id = aws_ec2_transit_gateway.h.id
  vpc_id             = aws_vpc.v.id
  subnet_ids         = [aws_subnet.s.id]
  %s
}
"""
DEFAULT = "default route table of aws_ec2_transit_gateway.h"


@pytest.mark.parametrize(
    ("hub", "own", "table", "references", "ipv6", "appliance"),
    [
        ("", "", DEFAULT, False, False, False),
        ('default_route_table_association = "disable"', "", None, False, False, False),
        ("default_route_table_association = var.some", "", "?", False, False, False),
        ("", "transit_gateway_default_route_table_association = false", None, False, False, False),
        ("", 'ipv6_support = "enable"\nappliance_mode_support = "enable"', DEFAULT, False, True,
         True),
        ('security_group_referencing_support = "enable"', "", DEFAULT, True, False, False),
        ('security_group_referencing_support = "enable"',
         'security_group_referencing_support = "disable"', DEFAULT, False, False, False),
        ("security_group_referencing_support = var.some", "", DEFAULT, "?", False, False),
        ('security_group_referencing_support = "enable"',
         "security_group_referencing_support = var.some", DEFAULT, "?", False, False),
    ],
)  # fmt: skip
def test_an_attachment_has_what_it_and_its_gateway_say(
    tmp_path: Path, hub: str, own: str, table: object, references: object, ipv6: bool,
    appliance: bool,
) -> None:  # fmt: skip
    (one,) = made(tmp_path, HUB % (hub, own)).attachments
    assert fact((one.table, one.references, one.ipv6, one.appliance)) == [
        table, references, ipv6, appliance
    ]  # fmt: skip
    assert fact(one.vpc) == "aws_vpc.v"


ELSEWHERE = """
data "aws_ec2_transit_gateway_route_table" "t" { id = var.some }
resource "aws_ec2_transit_gateway_route_table" "own" {
  transit_gateway_id = aws_ec2_transit_gateway.h.id
}
resource "aws_ec2_transit_gateway_route" "r" {
  transit_gateway_route_table_id = %s
  destination_cidr_block         = "10.1.0.0/16"
  %s
}
resource "aws_ec2_transit_gateway_route_table_propagation" "p" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.own.id
  transit_gateway_attachment_id  = %s
}
"""
A = "aws_ec2_transit_gateway_vpc_attachment.a.id"
MINE = "aws_ec2_transit_gateway_route_table.own.id"
LEADS = f"transit_gateway_attachment_id = {A}"
OTHER = "data.aws_ec2_transit_gateway_route_table.t.id"


@pytest.mark.parametrize(
    ("table", "to", "learns", "routes", "open_"),
    [
        (MINE, LEADS, A, [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", A[:-3], False)], False),
        (MINE, "blackhole = true", A,
         [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", None, False)], False),
        (MINE, f"blackhole = var.some\n{LEADS}", A,
         [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", "?", False)], False),
        (MINE, "transit_gateway_attachment_id = var.some", A,
         [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", "?", False)], False),
        (MINE, LEADS, "var.some", [("10.1.0.0/16", A[:-3], False)], True),
        (OTHER, LEADS, A, [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", A[:-3], True)], False),
        ("var.some", LEADS, A, [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", A[:-3], True)],
         False),
        (MINE, LEADS + f"\n{MAYBE}", A,
         [("10.0.0.0/16", A[:-3], False), ("10.1.0.0/16", A[:-3], True)], False),
    ],
)  # fmt: skip
def test_a_table_of_a_transit_gateway_has_the_routes_that_name_it(
    tmp_path: Path, table: str, to: str, learns: str, routes: list[object], open_: bool
) -> None:
    tables = made(tmp_path, HUB % ("", "") + ELSEWHERE % (table, to, learns)).transit_tables
    own = next(each for each in tables if each.address == MINE[:-3])
    found = [(fact(one.to), fact(one.attachment), one.maybe is not None) for one in own.routes]
    assert (found, own.rest is not None) == (routes, open_)
    looked_up = next(each for each in tables if each.address.startswith("data."))
    assert looked_up.rest is not None
