"""
A word in a Name tag may be the name of the project, and makes no bastion and nothing public of what
the files call something private: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import Rule, Text, group, made, ref
from tests.test_stranded import HOME, LANGUAGES, SSH, WEB, said

OWN = SSH._replace(peer="10.0.2.0/24")
DOOR = "bastion-test-host"


def tagged(address: str, tag: str, place: str, *rules: Rule) -> Text:
    """A host with a group of its own, and with a Name tag."""
    only = Text(
        f"vpc_security_group_ids = [aws_security_group.{address}.id]\n"
        f'tags = {{ Name = "{tag}" }}\n',
        f"SecurityGroupIds: [!GetAtt {address.title()}Group.GroupId], "
        f"Tags: [{{Key: Name, Value: {tag}}}]",
    )
    return group(address, *rules) + made(
        "aws_instance", address, "EC2::Instance", only, subnet_id=ref("aws_subnet", place),
        instance_type="t3.micro", key_name="ops",
    )  # fmt: skip


ENTRANCE = tagged("door", DOOR, "front", SSH, WEB)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "tag", "expected"),
    [
        ("database", "bastion-test-database", ["error IAC410"]),
        ("private", "jump-test-1", ["error IAC410"]),
        ("worker", "bastion-test-worker", []),
    ],
)
def test_a_tag_with_the_name_of_the_project_makes_no_bastion_of_a_private_host(
    tmp_path: Path, language: str, address: str, tag: str, expected: list[str]
) -> None:
    inner = tagged(address, tag, "back", OWN)
    assert said(tmp_path, language, HOME + ENTRANCE + inner) == expected


NAMED = HOME.swap(
    made("aws_subnet", "back", "EC2::Subnet", vpc_id=ref("aws_vpc", "home"),
         cidr_block="10.0.2.0/24", map_public_ip_on_launch=False),
    made("aws_subnet", "private", "EC2::Subnet",
         Text('tags = { Name = "dmz-test-private" }\n',
              "Tags: [{Key: Name, Value: dmz-test-private}]"),
         vpc_id=ref("aws_vpc", "home"), cidr_block="10.0.2.0/24"),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tag", ["worker", "dmz-test-worker"])
def test_a_tag_with_the_name_of_the_project_makes_no_subnet_public(
    tmp_path: Path, language: str, tag: str
) -> None:
    """The host is for the internet by its own name, or private by design by that of its subnet."""
    inner = tagged("worker", tag, "private", SSH)
    expected = [] if tag == "worker" else ["error IAC101", "error IAC203"]
    assert said(tmp_path, language, NAMED + inner) == expected
