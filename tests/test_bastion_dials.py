"""A bastion that dials the public address of a host beside it comes with a public address, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import terraform

NET = """
variable "from_outside" {}
resource "aws_security_group" "bastion" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["%(out)s"]
  }
}
resource "aws_instance" "bastion" {
  ami                         = "ami-1"
  instance_type               = "t3.nano"
  key_name                    = "k"
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.bastion.id]
}
resource "aws_security_group" "app" {
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    %(source)s
  }
}
resource "aws_eip" "app" { instance = aws_instance.app.id }
resource "aws_instance" "app" {
  ami                    = "ami-1"
  instance_type          = "t3.nano"
  key_name               = "k"
  vpc_security_group_ids = [aws_security_group.app.id]
}
resource "null_resource" "setup" {
  connection {
    host         = %(host)s
    user         = "ec2-user"
    private_key  = file("k.pem")
    bastion_host = aws_instance.bastion.public_ip
  }
  provisioner "remote-exec" {
    inline = ["id"]
  }
}
"""
MEMBERS = "security_groups = [aws_security_group.bastion.id]"
ADDRESS = 'cidr_blocks = ["${aws_instance.bastion.public_ip}/32"]'
PUBLIC = "aws_instance.app.public_ip"
ELASTIC = "aws_eip.app.public_ip"


@pytest.mark.parametrize(
    ("source", "host", "errors"),
    [
        (MEMBERS, PUBLIC, ["IAC410"]),
        (MEMBERS, ELASTIC, ["IAC410"]),
        (MEMBERS, "aws_instance.app.private_ip", []),
        (MEMBERS, "aws_instance.app.public_dns", []),
        (MEMBERS, f"var.from_outside ? {PUBLIC} : aws_instance.app.private_ip", []),
        ('cidr_blocks = ["172.31.0.0/16"]', PUBLIC, ["IAC404"]),
        ('cidr_blocks = ["172.31.0.0/16"]', "aws_instance.app.private_ip", []),
        ('cidr_blocks = ["0.0.0.0/0"]', PUBLIC, []),
        (ADDRESS, PUBLIC, []),
    ],
)
def test_a_rule_for_a_group_or_private_block_does_not_meet_a_public_address(
    tmp_path: Path, source: str, host: str, errors: list[str]
) -> None:
    given = {"out": "0.0.0.0/0", "source": source, "host": host}
    net = terraform(tmp_path, NET % given)
    assert net.errors == errors
    helps = {finding.help for finding in net.findings if finding.check in errors}
    assert helps <= {"dial the private address: host = self.private_ip"}


@pytest.mark.parametrize("host", [PUBLIC, "aws_instance.app.private_ip"])
def test_a_bastion_that_lets_nothing_out_is_what_blocks(tmp_path: Path, host: str) -> None:
    given = {"out": "127.0.0.1/32", "source": MEMBERS, "host": host}
    assert terraform(tmp_path, NET % given).errors == ["IAC411"]
