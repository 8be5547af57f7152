"""
Bastions that stand among the private hosts: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.blocks import IGW, NAT, VGW, Rule, Text, gateway, group, host, made, ref, subnet, table
from tests.blocks import vpc as network
from tests.connections import NAT_GATEWAY, balancer, vpn
from tests.nets import written

LANGUAGES = ("terraform", "cloudformation")
HOME = (
    network("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24")
    + NAT_GATEWAY
)
OUT = table("back", ("0.0.0.0/0", NAT))
OPEN = Rule(22, 22, "tcp")
OFFICE = OPEN._replace(peer="203.0.113.0/24")


def placed(name: str, *rules: Rule, place: str = "back", key: str = "ops") -> Text:
    """A host with the rules of its group."""
    return group(name, *rules) + host(name, place, name, key=key)


LOUD = {
    "behind a NAT gateway": OUT + placed("bastion", OPEN),
    "for the office": OUT + placed("bastion", OFFICE),
    "with another host that nobody gets to either": OUT
    + placed("bastion", OPEN)
    + placed("db", OPEN._replace(peer="bastion")),
}
QUIET = {
    "a bastion where people come": placed("bastion", OPEN, place="front"),
    "a private host with a rule for everybody": OUT + placed("shop", OPEN),
    "one with a rule for the office": OUT + placed("shop", OFFICE),
    "a bastion without a key pair": OUT + placed("bastion", OPEN, key=""),
    "a bastion for those inside": OUT + placed("bastion", OPEN._replace(peer="10.0.0.0/16")),
    "a bastion for all traffic": OUT + placed("bastion", Rule(0, 0, "-1")),
    "a bastion that the office gets to by VPN": table("back", ("10.9.0.0/16", VGW))
    + vpn("10.9.0.0/16")
    + placed("bastion", OPEN),
    "a bastion behind another host": OUT
    + placed("bastion", OPEN)
    + placed("front", OPEN, place="front"),
    "a host behind a load balancer": OUT
    + group("db", OPEN)
    + host("db", "back", "db", key="ops")
    + balancer(22),
    "a bastion with an endpoint beside it": OUT
    + placed("bastion", OPEN)
    + made(
        "aws_ec2_instance_connect_endpoint", "door", "EC2::InstanceConnectEndpoint",
        subnet_id=ref("aws_subnet", "back"),
    ),
}  # fmt: skip


def said(folder: Path, language: str, text: Text) -> list[str]:
    """The levels of what is found, without what is only a note."""
    found = written(folder, text.files(language)).findings
    return [
        each.level.name.lower()
        for each in found
        if each.level >= Level.WARNING and each.check != "IAC210"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD)
def test_a_bastion_for_people_outside_is_not_private_by_design(
    tmp_path: Path, language: str, text: Text
) -> None:
    """The address that it lacks, and the route that replies need."""
    assert set(said(tmp_path, language, HOME + text)) == {"error"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_host_with_a_way_in_or_without_people_outside_is_quiet(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, HOME + text) == []
