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
resource "aws_network_interface" "other" { subnet_id = aws_subnet.s.id }
"""

    assert verdict(tmp_path, ROUTED, host(""), attached(interface), more) == expected
