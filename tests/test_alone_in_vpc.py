"""A rule for the VPC's own block, and nobody in the VPC but the host: in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import Rule, Text, group, host, made, ref
from tests.connections import vpn
from tests.test_stranded import HOME, LANGUAGES, SSH, said

OWN = SSH._replace(peer="10.0.0.0/16")
PART = SSH._replace(peer="10.0.1.0/24")
EIP = Text(
    'resource "aws_eip" "own" { instance = aws_instance.door.id }\n',
    "Own: {Type: 'AWS::EC2::EIP', DependsOn: GateGatewayAttachment, "
    "Properties: {InstanceId: !Ref Door}}\n",
)
DATABASE = made(
    "aws_db_subnet_group", "data", "RDS::DBSubnetGroup",
    subnet_ids=[ref("aws_subnet", "front"), ref("aws_subnet", "back")],
)  # fmt: skip
PROFILE = Text('iam_instance_profile = "managed"\n', "IamInstanceProfile: managed")
DOORS = ref("aws_security_group", "door", as_="GroupId")
MANAGED = made(
    "aws_instance", "twin", "EC2::Instance",
    PROFILE + Text(f"vpc_security_group_ids = [{DOORS[0]}]\n",
                   f", SecurityGroupIds: [{DOORS[1]}]"),
    subnet_id=ref("aws_subnet", "back"), instance_type="t3.micro", key_name="ops",
)  # fmt: skip
SECOND = group("other") + host("other", "back", "other")


def door(rule: Rule) -> Text:
    return group("door", rule) + host("door", "front", "door", key="ops")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", [OWN, PART], ids=["all of it", "a subnet"])
def test_nobody_can_use_a_rule_for_a_vpc_that_is_empty(
    tmp_path: Path, language: str, rule: Rule
) -> None:
    assert said(tmp_path, language, HOME + door(rule) + EIP) == ["warning IAC404"]


TWIN = host("twin", "back", "door", key="ops")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_where_all_that_is_in_it_is_let_in_to_by_the_same_group(
    tmp_path: Path, language: str
) -> None:
    assert said(tmp_path, language, HOME + door(OWN) + TWIN + EIP) == ["warning IAC404"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        HOME + door(OWN),
        HOME + door(OWN) + EIP + SECOND,
        HOME + door(OWN) + EIP + TWIN + group("other", SSH) + host("also", "front", "other"),
        HOME + door(OWN) + EIP + MANAGED,
        HOME + door(OWN) + EIP + DATABASE,
        HOME + door(OWN) + EIP + vpn(),
        HOME + door(SSH) + EIP,
    ],
    ids=[
        "mapped",
        "another host",
        "one beside a twin",
        "a twin with a profile",
        "something else",
        "office",
        "open",
    ],
)
def test_who_may_be_inside_can_use_it(tmp_path: Path, language: str, text: Text) -> None:
    assert said(tmp_path, language, text) == []


BASTION = group("bastion", OWN) + host("bastion", "front", "bastion", key="ops")
ITS_EIP = Text(
    EIP.terraform.replace("door", "bastion"), EIP.cloudformation.replace("Door", "Bastion")
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("more", "expected"),
    [(SECOND, ["warning IAC404"]), (SECOND + vpn(), [])],
    ids=["other hosts", "an office"],
)
def test_nobody_logs_in_to_a_bastion_from_the_hosts_behind_it(
    tmp_path: Path, language: str, more: Text, expected: list[str]
) -> None:
    """Its own address says that people come from outside."""
    assert said(tmp_path, language, HOME + BASTION + ITS_EIP + more) == expected
