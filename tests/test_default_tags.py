"""Tags that a provider adds to everything made with it."""

from pathlib import Path

import pytest

from iaclint.finding import Level, Report
from tests.test_join import HOST, scanned

NETWORK = """
%s
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  %s
}
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
"""
ROUTE = """
resource "aws_default_route_table" "r" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
"""
LOOKUP = """
data "aws_vpc" "net" {
  tags = { Project = "bastion" }
}
data "aws_subnets" "net" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.net.id]
  }
}
locals {
  vpc    = data.aws_vpc.net.id
  subnet = data.aws_subnets.net.ids[0]
}
"""
ADDED = 'provider "aws" {\n  default_tags {\n    tags = { Project = "bastion" }\n  }\n}'
OTHER = ADDED.replace("bastion", "shop")
UNKNOWN = ADDED.replace('"bastion"', "var.project") + '\nvariable "project" {}'
ALIAS = ADDED.replace("{", '{\n  alias = "tagged"', 1)


def scan(path: Path, network: str) -> Report:
    return scanned(path, {"net/main.tf": network, "app/main.tf": LOOKUP + HOST})


def errors(report: Report) -> list[str]:
    return [each.check for each in report.findings if each.level is Level.ERROR]


@pytest.mark.parametrize(
    ("provider", "own"),
    [
        (ADDED, ""),
        (ADDED, 'tags = { Name = "main" }'),
        (OTHER, 'tags = { Project = "bastion" }'),
        (ALIAS, "provider = aws.tagged"),
    ],
    ids=["added", "added to its own", "its own goes first", "by an alias"],
)
def test_a_network_is_found_by_a_tag_that_its_provider_adds(
    tmp_path: Path, provider: str, own: str
) -> None:
    """So the missing route of one root is an error at the host of another."""
    assert errors(scan(tmp_path, NETWORK % (provider, own))) == ["IAC203"]


def test_with_its_route_the_network_that_is_found_is_fine(tmp_path: Path) -> None:
    report = scan(tmp_path, NETWORK % (ADDED, "") + ROUTE)
    assert (errors(report), report.summary.reachable) == ([], 1)


@pytest.mark.parametrize(
    ("provider", "own"),
    [
        ("", ""),
        (OTHER, ""),
        (ADDED, 'tags = { Project = "shop" }'),
        (UNKNOWN, ""),
        (ALIAS, ""),
    ],
    ids=["none", "another", "its own goes first", "not known", "of another alias"],
)
def test_a_network_without_that_tag_is_not_the_one_that_is_looked_up(
    tmp_path: Path, provider: str, own: str
) -> None:
    assert errors(scan(tmp_path, NETWORK % (provider, own))) == []
