"""The default group of a VPC: known where the files make the VPC, and not where it is older."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import terraform

HOST = """
resource "aws_instance" "host" {
  ami                         = "ami-1"
  instance_type               = "t3.nano"
  associate_public_ip_address = true
  %s
  connection {
    host        = self.public_ip
    user        = "ec2-user"
    private_key = file("k.pem")
  }
  provisioner "remote-exec" {
    inline = ["id"]
  }
}
"""
OWN = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_default_route_table" "t" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
"""
DEFAULT = 'resource "aws_default_vpc" "v" {}\n'
LOOKED_UP = 'data "aws_vpc" "v" { default = true }\n'
ADOPTED = 'resource "aws_default_security_group" "g" { vpc_id = aws_default_vpc.v.id }\n'
IN_OURS = HOST % "subnet_id = aws_subnet.s.id"


@pytest.mark.parametrize(
    ("text", "ids", "errors"),
    [
        (OWN + IN_OURS, ["IAC406"], ["IAC406"]),
        (HOST % "", ["IAC406"], []),
        (DEFAULT + HOST % "", ["IAC406"], []),
        (LOOKED_UP + HOST % "", ["IAC406"], []),
        (DEFAULT + ADOPTED + HOST % "", ["IAC401"], ["IAC401"]),
    ],
    ids=["ours", "default", "managed", "looked up", "adopted"],
)
def test_a_default_group_that_is_older_than_the_files_may_have_rules(
    tmp_path: Path, text: str, ids: list[str], errors: list[str]
) -> None:
    net = terraform(tmp_path, text)
    assert (net.ids, net.errors) == (ids, errors)
    assert net.flow("internet", "host").trace.verdict == "blocked"


def test_a_default_group_in_a_subnet_that_is_looked_up_leaves_it_open(tmp_path: Path) -> None:
    subnet = 'data "aws_subnet" "s" { id = "subnet-1" }\n'
    net = terraform(tmp_path, subnet + HOST % "subnet_id = data.aws_subnet.s.id")
    assert net.ids == []
    assert net.flow("internet", "host").trace.verdict == "undecided"


def test_several_hosts_have_it_in_the_plural(tmp_path: Path) -> None:
    net = terraform(tmp_path, OWN + IN_OURS.replace("{\n", "{\n  count = 2\n", 1))
    (message,) = {finding.message for finding in net.findings if finding.check == "IAC406"}
    assert message == (
        "SSH to aws_instance.host[0] and aws_instance.host[1] is blocked: they have the default "
        "security group, which lets nobody else in"
    )


OPENS = """
variable "some" {}
resource "aws_security_group_rule" "r" {
  security_group_id = %s
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}
"""


@pytest.mark.parametrize(
    ("named", "verdict"),
    [
        ("aws_vpc.v.default_security_group_id", "reachable"), ("var.some", "undecided"),
        ('"sg-0123456789abcdef0"', "blocked"),
    ],
)  # fmt: skip
def test_a_rule_of_a_group_that_is_not_known_may_be_one_of_the_default_group(
    tmp_path: Path, named: str, verdict: str
) -> None:
    """An id that is written out is that of a group made elsewhere."""
    net = terraform(tmp_path, OWN + IN_OURS + OPENS % named)
    assert net.flow("internet", "host").trace.verdict == verdict
    assert net.errors == (["IAC406"] if verdict == "blocked" else [])
