"""
Peering connections: who is at both ends, whether they are accepted, and what routes name them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Peering
from tests.facts import MAYBE, TABLE, fact, made
from tests.test_assemble_tables import ROUTES

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
