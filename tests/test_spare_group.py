"""
A host with a key pair and no group of its own, which nobody gets to, and a group on nothing that
would let people in: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import ALL, IGW, TGW, Text, gateway, group, host, ref, subnet, table, vpc
from tests.connections import transit
from tests.test_nobodys_group import carrying
from tests.test_stranded import HOME, LANGUAGES, OPEN, SSH, WEB, said

DB = host("db", "back", key="ops")
INNER = SSH._replace(peer="web")
FAR = (
    vpc("home", "10.0.0.0/16") + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW), ("10.9.0.0/16", TGW))
    + vpc("other", "10.9.0.0/16") + subnet("far", "10.9.1.0/24", home="other")
    + table("far", ("10.0.0.0/16", TGW), home="other") + transit()
    + group("web", ALL) + host("web", "front", "web", key="ops")
)  # fmt: skip
APART = host("db", "far", key="ops")
GROUP = ref("aws_security_group", "inner", as_="GroupId")
TOLD = Text(
    f'output "inner" {{\n  value = {GROUP[0]}\n}}\n',
    "Told: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: !GetAtt "
    "InnerGroup.GroupId}}\n",
)
DATABASE = carrying(
    "aws_db_instance", "RDS::DBInstance",
    "vpc_security_group_ids = [%s]\n", "VPCSecurityGroups: [%s]", GROUP,
)  # fmt: skip
LOUD = {
    "for SSH from the bastion": (
        HOME + OPEN + group("inner", INNER) + DB,
        ["error IAC406"],
    ),
    "for everybody": (HOME + OPEN + group("inner", SSH) + DB, ["error IAC406"]),
    "for everything, where every host has one": (
        HOME + OPEN + group("inner", ALL) + DB,
        ["warning IAC406"],
    ),
    "for everything, in a network where no host has one": (
        FAR + group("inner", ALL, home="other") + APART,
        ["error IAC406"],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), LOUD.values(), ids=LOUD)
def test_a_group_on_nothing_is_for_the_host_that_has_none(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    assert said(tmp_path, language, text) == expected


SPARE = HOME + OPEN + group("inner", INNER)
QUIET = {
    "no such group": HOME + OPEN + DB,
    "no such group in its network": FAR + group("inner", ALL) + APART,
    "one that lets others in": HOME + OPEN + group("inner", WEB) + DB,
    "one for people elsewhere": (
        HOME + OPEN + group("inner", SSH._replace(peer="10.7.0.0/16")) + DB
    ),
    "one that another host has": SPARE + host("app", "back", "inner", key="ops") + DB,
    "one that a database has": SPARE + DATABASE + DB,
    "one that others are told of": SPARE + TOLD + DB,
    "no key pair": SPARE + host("db", "back"),
    "a group of its own": SPARE + group("db", WEB) + host("db", "back", "db", key="ops"),
    "nobody who comes in": HOME + group("inner", SSH) + DB,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_host_without_a_group_that_no_group_is_for_is_private(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, text) == []
