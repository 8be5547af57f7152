"""
What an interface has: a subnet, groups and addresses, as AWS fills them in, or not known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts import MAYBE, fact, made

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
