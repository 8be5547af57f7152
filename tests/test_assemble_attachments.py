"""
Attachments and tables of transit gateways: what their gateway, and the routes, say of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts import MAYBE, fact, made

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
