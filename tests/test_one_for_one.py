"""
Subnets of which nobody knows how many there are, and what is given to each: a block is one for
however many.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import written

NETWORK = """
variable "zones" { type = list(string) }
variable "admins" { type = list(string) }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "front" {
  for_each                = toset(var.zones)
  vpc_id                  = aws_vpc.v.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet("10.0.0.0/16", 8, index(var.zones, each.key))
  map_public_ip_on_launch = true
}
resource "aws_route_table" "front" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table_association" "front" {
  for_each       = aws_subnet.front
  subnet_id      = each.value.id
  route_table_id = aws_route_table.front.id
}
resource "aws_network_acl" "front" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl_rule" "ssh" {
  for_each       = toset(var.admins)
  network_acl_id = aws_network_acl.front.id
  rule_number    = 100 + index(var.admins, each.key)
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = each.key
  from_port      = 22
  to_port        = 22
}
resource "aws_network_acl_rule" "replies" {
  network_acl_id = aws_network_acl.front.id
  rule_number    = 200
  egress         = %s
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 1024
  to_port        = 65535
}
resource "aws_network_acl_association" "front" {
  for_each       = aws_subnet.front
  subnet_id      = each.value.id
  network_acl_id = aws_network_acl.front.id
}
resource "aws_security_group" "door" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.admins
  }
}
resource "aws_instance" "door" {
  subnet_id              = [for _, subnet in aws_subnet.front : subnet.id][0]
  vpc_security_group_ids = [aws_security_group.door.id]
  key_name               = "ops"
}
"""


@pytest.mark.parametrize(("egress", "expected"), [("false", ["IAC302"]), ("true", [])])
def test_replies_that_are_dropped_for_whoever_comes_into_whichever_subnet(
    tmp_path: Path, egress: str, expected: list[str]
) -> None:
    found = written(tmp_path, {"main.tf": NETWORK % egress})
    assert found.errors == expected
    assert found.flow("internet", "door").trace.verdict == ("blocked" if expected else "undecided")
