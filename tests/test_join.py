"""Roots of one scan that are one network."""

from pathlib import Path

import pytest

from iaclint.finding import Report
from iaclint.registry import load
from iaclint.scan import Request, check
from iaclint.source import Sources

NETWORK = """
terraform {
  backend "s3" {
    bucket = "state"
    key    = "net"
  }
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "r" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.r.id
}
output "subnet" { value = aws_subnet.s.id }
output "vpc" { value = aws_vpc.v.id }
"""

ROUTE = 'route {\n cidr_block = "0.0.0.0/0"\n gateway_id = aws_internet_gateway.g.id\n }'

HOST = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "state"
    key    = "%s"
  }
}
resource "aws_security_group" "w" {
  vpc_id = data.terraform_remote_state.net.outputs.vpc
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "jump" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = data.terraform_remote_state.net.outputs.subnet
  vpc_security_group_ids = [aws_security_group.w.id]
}
"""


def report(tmp_path: Path, route: str, key: str = "net") -> Report:
    """The report on a network in one root and an instance in another."""
    for name, text in (("net", NETWORK % route), ("app", HOST % key)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    return check(Request((tmp_path,), load(plugins=False)), Sources(base=tmp_path))


def test_what_one_root_lacks_blocks_the_instance_of_the_other(tmp_path: Path) -> None:
    """The finding is about the network's file, and the remark says why the roots are one."""
    found = report(tmp_path, "")

    assert [(f.check, f.primary.span.path) for f in found.findings] == [("IAC201", "net/main.tf")]
    assert any("one network" in remark for remark in found.remarks)


def test_joined_roots_that_work_are_silent(tmp_path: Path) -> None:
    """The route of one root serves the instance of the other."""
    found = report(tmp_path, ROUTE)

    assert found.findings == ()
    assert found.summary.reachable == 1


def test_another_state_is_another_network(tmp_path: Path) -> None:
    """A key nobody in the scan has is not known, so nothing is decided."""
    found = report(tmp_path, "", key="other")

    assert found.findings == ()
    assert found.summary.undecided == 1


@pytest.mark.parametrize("first", ["a", "z"])
def test_the_order_of_the_roots_does_not_matter(tmp_path: Path, first: str) -> None:
    """Names of directories decide the order in which roots are found, and nothing else."""
    (tmp_path / first).mkdir()
    (tmp_path / first / "main.tf").write_text(NETWORK % "")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(HOST % "net")

    found = check(Request((tmp_path,), load(plugins=False)), Sources(base=tmp_path))

    assert [f.check for f in found.findings] == ["IAC201"]
