"""Rules for a login that a switch leaves out: closed by choice, and no mistake. Both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import ALL, Rule, Text, group, host
from tests.nets import written
from tests.test_stranded import HOME, LANGUAGES, shown

VPN = group("vpn", Rule(1194, 1194, "udp")) + host("vpn", "front", "vpn", key="ops")
VARIABLE = 'variable "from" {\n  default = ""\n}\n'
CONDITION = """Parameters:
  From: {Type: String, Default: ''}
Conditions:
  WithSsh: !Not [!Equals ['', !Ref From]]
  NoSsh: !Equals ['', !Ref From]
"""


def found(folder: Path, language: str, text: Text) -> list[str]:
    files = text.files(language)
    name = next(iter(files))
    switch = VARIABLE if language == "terraform" else CONDITION
    return shown(written(folder, {name: switch + files[name]}).findings)


def resource(port: int, count: str, condition: str) -> Text:
    """A rule of its own that is there in some cases."""
    return Text(
        f"""
        resource "aws_security_group_rule" "login" {{
          count             = {count}
          type              = "ingress"
          security_group_id = aws_security_group.vpn.id
          protocol          = "tcp"
          from_port         = {port}
          to_port           = {port}
          cidr_blocks       = [var.from]
        }}
        """,
        "Login:\n  Type: AWS::EC2::SecurityGroupIngress\n"
        f"  Condition: {condition}\n"
        "  Properties: {GroupId: !GetAtt VpnGroup.GroupId, IpProtocol: tcp, "
        f"FromPort: {port}, ToPort: {port}, CidrIp: !Ref From}}\n",
    )


def inline(port: int) -> Text:
    """A rule inside of a group."""
    rule = f"{{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: !Ref From}}"
    return Text(
        f"""
        resource "aws_security_group" "vpn" {{
          vpc_id = aws_vpc.home.id
          dynamic "ingress" {{
            for_each = var.from == "" ? [] : [var.from]
            content {{
              protocol    = "tcp"
              from_port   = {port}
              to_port     = {port}
              cidr_blocks = [ingress.value]
            }}
          }}
        }}
        """,
        "VpnGroup:\n  Type: AWS::EC2::SecurityGroup\n"
        "  Properties:\n    GroupDescription: vpn\n    VpcId: !Ref HomeVpc\n"
        "    SecurityGroupIngress:\n"
        f"      - !If [WithSsh, {rule}, !Ref 'AWS::NoValue']\n"
        "      - !If [NoSsh, !Ref 'AWS::NoValue', "
        "{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: !Ref From}]\n",
    )


ON = ('var.from == "" ? 0 : 1', "WithSsh")
SHUT = host("vpn", "front", "vpn", key="ops")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_ssh_that_is_switched_off_is_a_choice(tmp_path: Path, language: str) -> None:
    assert found(tmp_path, language, HOME + VPN + resource(22, *ON)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_inside_of_a_group_is_switched_off_as_well(tmp_path: Path, language: str) -> None:
    assert found(tmp_path, language, HOME + SHUT + inline(22)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_something_else_that_is_switched_off_says_nothing(
    tmp_path: Path, language: str
) -> None:
    for text in (VPN + resource(443, *ON), SHUT + inline(443)):
        assert "error IAC401" in [
            each.replace("IAC404", "IAC401") for each in found(tmp_path, language, HOME + text)
        ]


def test_a_count_of_plain_zero_takes_the_rule_away(tmp_path: Path) -> None:
    text = HOME + VPN + resource(22, "0", "")
    assert found(tmp_path, "terraform", text) == ["error IAC401"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_switched_off_rule_does_not_excuse_what_is_meant_all_the_same(
    tmp_path: Path, language: str
) -> None:
    text = HOME.swap(_route("0.0.0.0/0"), _route("52.0.0.0/8"))
    named = group("vpn", Rule(22, 22, "tcp", "198.51.100.0/24"), out=(ALL,)) + SHUT
    assert "error IAC201" in found(tmp_path, language, text + named + resource(22, *ON))


def _route(block: str) -> Text:
    return Text(f'cidr_block = "{block}"', f"DestinationCidrBlock: {block}")
