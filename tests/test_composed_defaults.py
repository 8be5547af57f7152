"""Texts that are made of a default, which whoever deploys may replace: in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from iaclint.registry import load
from tests.nets import written

CHECK = next(one for one in load(plugins=False).checks if one.id == "IAC803")
TEMPLATE = """Parameters:
  Ip: {{Type: String, Default: '{default}'}}
Resources:
  V: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: 10.9.0.0/16}}}}
  One:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a
      VpcId: !Ref V
      SecurityGroupIngress: [{{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {block}}}]
"""
CONFIGURATION = """
variable "ip" {{
  default = "{default}"
}}
resource "aws_vpc" "v" {{
  cidr_block = "10.9.0.0/16"
}}
resource "aws_security_group" "one" {{
  vpc_id = aws_vpc.v.id
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [{block}]
  }}
}}
"""


def levels(folder: Path, name: str, text: str) -> list[tuple[Level, int]]:
    found = CHECK.look(written(folder, {name: text}).network)
    return [(each.level, len(each.related)) for each in found]


@pytest.mark.parametrize("block", ["!Sub '${Ip}/32'", "!Join ['/', [!Ref Ip, '32']]", "!Ref Ip"])
def test_a_block_of_a_template_that_is_made_of_a_default_is_a_warning(
    tmp_path: Path, block: str
) -> None:
    text = TEMPLATE.format(default="999.1.1.1", block=block)
    assert levels(tmp_path, "template.yaml", text) == [(Level.WARNING, 1)]


def test_a_block_of_a_template_that_is_made_of_nothing_is_a_warning(tmp_path: Path) -> None:
    text = TEMPLATE.format(default="", block="!Sub '${Ip}/32'")
    assert levels(tmp_path, "template.yaml", text) == [(Level.WARNING, 1)]


def test_a_block_that_is_written_down_is_an_error(tmp_path: Path) -> None:
    for block in ("999.1.1.1/32", "!Sub '999.1.1.1/32'"):
        text = TEMPLATE.format(default="", block=block)
        assert levels(tmp_path, "template.yaml", text) == [(Level.ERROR, 0)]


@pytest.mark.parametrize(
    ("block", "expected"),
    [('"${var.ip}/32"', Level.WARNING), ("var.ip", Level.WARNING), ('"999.1/32"', Level.ERROR)],
)
def test_a_block_of_a_configuration(tmp_path: Path, block: str, expected: Level) -> None:
    text = CONFIGURATION.format(default="999.1.1.1", block=block)
    assert [level for level, _ in levels(tmp_path, "main.tf", text)] == [expected]
