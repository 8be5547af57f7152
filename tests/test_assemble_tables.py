"""
Which table is the main one, whose routes it has, and what a route leads to.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.value import Unknown
from tests.facts import MAYBE, TABLE, fact, made

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
