"""What stands beside the interfaces of a launch template, and what only may."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import cloudformation, said, terraform

TEMPLATE = """
    variable "some" {}
    resource "aws_security_group" "g" { name = "g" }
    resource "aws_launch_template" "t" {
      image_id               = "ami-0123456789abcdef0"
      vpc_security_group_ids = GIVEN
      network_interfaces { security_groups = [aws_security_group.g.id] }
    }
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[aws_security_group.g.id]", ["error IAC812"]),
        ('["sg-0123456789abcdef0"]', ["error IAC812"]),
        ("[]", []),
        ("null", []),
        ("var.some", []),
    ],
)
def test_groups_beside_interfaces_are_refused_where_there_surely_are_some(
    tmp_path: Path, given: str, expected: list[str]
) -> None:
    assert said(terraform(tmp_path, TEMPLATE.replace("GIVEN", given))) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("!Ref Place", ["error IAC812"]),
        ("!If [Some, !Ref Place, !Ref AWS::NoValue]", []),
        ("!Ref AWS::NoValue", []),
    ],
)
def test_a_parameter_of_a_template_is_always_given(
    tmp_path: Path, given: str, expected: list[str]
) -> None:
    text = f"""
    Parameters: {{Place: {{Type: AWS::EC2::Subnet::Id}}, More: {{Type: String, Default: no}}}}
    Conditions: {{Some: !Equals [!Ref More, yes]}}
    Resources:
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          SubnetId: {given}
          NetworkInterfaces: [{{DeviceIndex: "0", SubnetId: !Ref Place}}]
    """
    assert said(cloudformation(tmp_path, text)) == expected
