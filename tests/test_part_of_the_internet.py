"""Routes and rules that serve a part of the clients who are meant: in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import SSH as SERVICE
from iaclint.query import paths
from tests.blocks import IGW, NAT, Text, gateway, group, host, made, ref, subnet, table, vpc
from tests.nets import written
from tests.test_stranded import LANGUAGES, SSH, said

FRONT = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
)


def web(*clients: str) -> Text:
    rules = (SSH._replace(peer=block) for block in clients or ("0.0.0.0/0",))
    return group("web", *rules) + host("web", "front", "web", key="ops")


NATTED = made(
    "aws_nat_gateway", "nat", "EC2::NatGateway", subnet_id=ref("aws_subnet", "front"),
    connectivity_type="private",
)  # fmt: skip

LOUD = {
    "a small part": (table("front", ("52.0.0.0/8", IGW)) + web(), "warning IAC201"),
    "one half": (table("front", ("0.0.0.0/1", IGW)) + web(), "warning IAC201"),
    "a part of a block": (
        table("front", ("52.0.0.0/8", IGW)) + web("52.0.0.0/7"),
        "warning IAC201",
    ),
    "one of two blocks that are named": (
        table("front", ("52.0.0.0/8", IGW)) + web("52.1.0.0/16", "198.51.100.0/24"),
        "error IAC201",
    ),
    "none of the clients that are named": (
        table("front", ("52.0.0.0/8", IGW)) + web("198.51.100.0/24"),
        "error IAC201",
    ),
}
QUIET = {
    "two halves": table("front", ("0.0.0.0/1", IGW), ("128.0.0.0/1", IGW)) + web(),
    "clients whom the route covers": table("front", ("52.0.0.0/8", IGW)) + web("52.1.0.0/16"),
    "a few of all lead elsewhere": table("front", ("0.0.0.0/0", IGW), ("52.1.0.0/16", NAT))
    + NATTED
    + web(),
    "all others lead elsewhere": table("front", ("0.0.0.0/0", NAT), ("52.0.0.0/8", IGW))
    + NATTED
    + web(),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), LOUD.values(), ids=LOUD)
def test_a_route_for_a_part_of_those_who_are_let_in(
    tmp_path: Path, language: str, text: Text, expected: str
) -> None:
    assert said(tmp_path, language, FRONT + text) == [expected]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_route_for_all_who_are_let_in(tmp_path: Path, language: str, text: Text) -> None:
    assert said(tmp_path, language, FRONT + text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_says_who_gets_in(tmp_path: Path, language: str) -> None:
    text = FRONT + table("front", ("52.0.0.0/8", IGW)) + web()
    found = written(tmp_path, text.files(language)).findings
    assert ["is reachable only from 52.0.0.0/8:" in f.message for f in found if f.targets] == [True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("routes", "only"),
    [
        ([("52.0.0.0/8", IGW)], "only from 52.0.0.0/8"),
        ([("0.0.0.0/0", IGW), ("52.1.0.0/16", NAT)], "but not from 52.1.0.0/16"),
        ([("0.0.0.0/0", IGW)], ""),
    ],
)
def test_a_path_from_the_internet_says_who_gets_through(
    tmp_path: Path, language: str, routes: list[tuple[str, Text]], only: str
) -> None:
    text = FRONT + table("front", *routes) + NATTED + web()
    network = written(tmp_path, text.files(language)).network
    found = paths([network], "internet", network.instances[0].address, SERVICE)
    assert [one.only for one in found if one.verdict == "reachable"] == [only]
