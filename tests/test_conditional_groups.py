"""Groups that an interface has only under a condition."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.nets import terraform
from tests.test_alike_subnets import ONE, VPC

WEB = """
resource "aws_security_group" "NAME" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = PORT
    to_port     = PORT
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
HOST = """
variable "more" {}
provider "aws" { region = "eu-west-1" }
resource "aws_instance" "h" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = GROUPS
}
"""


def group(name: str, port: int) -> str:
    """A group that lets everybody in at a port."""
    return WEB.replace("NAME", name).replace("PORT", str(port))


@pytest.mark.parametrize(
    ("groups", "errors"),
    [
        ("[aws_security_group.web.id]", ["IAC401"]),
        ("concat([aws_security_group.web.id], [])", ["IAC401"]),
        ("concat([aws_security_group.web.id], var.more)", []),
        ("setunion([aws_security_group.web.id], var.more)", []),
        ("flatten([[aws_security_group.web.id], var.more])", []),
        ("concat([aws_security_group.web.id], var.more ? [aws_security_group.ssh.id] : [])", []),
    ],
)
def test_groups_that_a_variable_may_add_may_let_somebody_in(
    tmp_path: Path, groups: str, errors: list[str]
) -> None:
    made = group("web", 80) + group("ssh", 22)
    net = terraform(tmp_path, VPC, ONE, made, HOST.replace("GROUPS", groups))

    assert [each.check for each in net.findings if each.level is Level.ERROR] == errors
