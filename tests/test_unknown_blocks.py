"""
A network of which nobody knows the block is called by its name, never the internet. In both
languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.flow import Client, Flow
from iaclint.packet.service import SSH as SSH_SERVICE
from iaclint.trace.engine import trace
from iaclint.trace.model import Trace
from tests.blocks import (
    ANYONE,
    IGW,
    PCX,
    SSH,
    TGW,
    VGW,
    Entry,
    Text,
    acl,
    gateway,
    group,
    host,
    lets,
    made,
    ref,
    subnet,
    table,
    vpc,
)
from tests.connections import attached, hub, hub_table, learned, peering, vpn
from tests.firewalled import Policy, spokes_text
from tests.nets import Net, both, terraform, written

SOME = ("var.some", "!Ref Some")
FIRST = {
    "terraform": 'variable "some" {}\n',
    "cloudformation": "Parameters: {Some: {Type: String}}\n",
}
OTHER = (
    made("aws_vpc", "other", "EC2::VPC", cidr_block=SOME)
    + made("aws_subnet", "far", "EC2::Subnet", vpc_id=ref("aws_vpc", "other"),
           cidr_block=("cidrsubnet(var.some, 8, 1)", "!Select [1, !Cidr [!Ref Some, 4, 8]]"))
    + group("app", SSH._replace(peer="10.0.1.0/24"), home="other") + host("app", "far", "app")
)  # fmt: skip
HOME = (
    vpc("home", "10.0.0.0/16") + subnet("front", "10.0.1.0/24")
    + group("web") + host("web", "front", "web") + OTHER
)  # fmt: skip
BACK = ("10.0.0.0/16", PCX)
PEERED = HOME + peering() + table("far", BACK, home="other")
TO_HUB = ("0.0.0.0/0", TGW)
JOINED = (
    HOME + hub(automatic=False) + attached("home", "front") + attached("other", "far")
    + hub_table("home", "other") + learned("home", "10.0.0.0/16")
    + table("front", TO_HUB) + table("far", TO_HUB, home="other")
)  # fmt: skip
OUT = gateway("gate", "home") + table("front", (ANYONE, IGW))
TO_PEER = table("front") + made(
    "aws_route", "peer", "EC2::Route", route_table_id=ref("aws_route_table", "front"),
    destination_cidr_block=SOME,
    vpc_peering_connection_id=ref("aws_vpc_peering_connection", "link"),
)  # fmt: skip
OFFICE = vpn() + table("front", (ANYONE, IGW), ("172.16.0.0/16", VGW)) + gateway("gate", "home")
ONE_DENIED = acl("front", Entry("egress", 90, "deny", 6, 22, 22), lets("egress"), lets("ingress"))


def _net(folder: Path, language: str, text: Text) -> Net:
    files = text.files(language)
    return written(folder, {name: FIRST[language] + content for name, content in files.items()})


def _trace(net: Net, language: str, start: str = "web", end: str = "app") -> Trace:
    """From one host to the other."""
    names = [ref("aws_instance", one, "")[language != "terraform"] for one in (start, end)]
    here, there = (net.instance(one.removeprefix("!Ref ").rstrip(".")) for one in names)
    client = Client(here.address, {}, here, here.placements[0][0])
    return trace(net.network, Flow(client, there, SSH_SERVICE, "ipv4"))


def _blame(found: Trace) -> list[tuple[str, str]]:
    return [(one.reason.name, one.at.text) for one in found.blockers]


def _named(language: str, kind: str, name: str) -> str:
    terraform, template = ref(kind, name, "")
    return terraform.rstrip(".") if language == "terraform" else template.removeprefix("!Ref ")


NAMES = {
    "{other}": ("aws_vpc", "other"),
    "{link}": ("aws_vpc_peering_connection", "link"),
    "{end}": ("aws_ec2_transit_gateway_vpc_attachment", "other"),
}


def _spelled(language: str, text: str) -> str:
    for key, thing in NAMES.items():
        text = text.replace(key, _named(language, *thing))
    return text


NO_PEER_ROUTE = ("NO_PEER_ROUTE", "no route for the block of {other} to {link} here")
LOST = {
    "beside the internet": (PEERED + OUT, [NO_PEER_ROUTE]),
    "beside a VPN": (PEERED + OFFICE, [NO_PEER_ROUTE]),
    "without a route of its own": (PEERED + table("front"), [NO_PEER_ROUTE]),
    "in the transit gateway":
        (JOINED, [("TRANSIT_NO_ROUTE", "has no route for the block of {other} to {end}")]),
    "in the ACL": (PEERED + TO_PEER + ONE_DENIED, [("ACL_ORDER", "entry 90 denies tcp 22")]),
}  # fmt: skip


@both
@pytest.mark.parametrize("name", LOST)
def test_what_is_missing_is_missing_for_the_network_and_not_for_the_internet(
    tmp_path: Path, language: str, name: str
) -> None:
    text, blame = LOST[name]
    found = _trace(_net(tmp_path, language, text), language)
    assert _blame(found) == [(reason, _spelled(language, said)) for reason, said in blame]
    messages = [step.message for way in found.ways for step in way.steps]
    assert not [one for one in messages if "internet" in one or "0.0.0.0/0" in one]


@both
@pytest.mark.parametrize(
    "text",
    [
        PEERED + TO_PEER,
        PEERED + table("front", ("10.5.0.0/16", PCX)),
        JOINED + learned("other", "10.5.0.0/16"),
    ],
)
def test_a_route_that_may_be_for_the_network_decides_nothing_and_names_it(
    tmp_path: Path, language: str, text: Text
) -> None:
    net = _net(tmp_path, language, text)
    found = _trace(net, language)
    assert found.verdict == "undecided"
    assert net.ids == []
    messages = " ".join(step.message for way in found.ways for step in way.steps)
    assert _spelled(language, "the block of {other}") in messages
    assert "internet" not in messages


@both
def test_a_known_block_is_still_written_as_it_is(tmp_path: Path, language: str) -> None:
    net = _net(tmp_path, language, PEERED + TO_PEER)
    messages = [step.message for step in _trace(net, language, "app", "web").ways[0].steps]
    assert any("leads to 10.0.1.0/24 by" in one for one in messages)


@both
def test_a_connected_network_without_known_blocks_is_called_that(
    tmp_path: Path, language: str
) -> None:
    """What is left of the private addresses, without those of the VPC, is nobody's block."""
    home = vpc("home", "10.0.0.0/16") + subnet("back", "10.0.2.0/24") + table("back")
    db = group("db", SSH._replace(peer="10.0.0.0/8")) + host("db", "back", "db", key="ops")
    net = _net(tmp_path, language, home + vpn(static=False) + db)
    (found,) = (one for one in net.findings if one.check == "IAC513")
    end = _named(language, "aws_vpn_gateway", "office")
    assert found.primary.text == f"no route for a connected network to {end} here"


def test_a_firewall_names_no_clients_of_whom_nothing_is_known(tmp_path: Path) -> None:
    text = spokes_text(Policy("aws:drop"))
    for known, unknown in (
        ('cidr_block = "10.1.0.0/16" }', "cidr_block = var.some }"),
        ('cidr_block = "10.1.1.0/24"', "cidr_block = cidrsubnet(var.some, 8, 1)"),
    ):
        assert known in text
        text = text.replace(known, unknown)
    net = terraform(tmp_path, FIRST["terraform"], text)
    blame = _blame(_trace(net, "terraform", "a", "b"))
    assert ("FIREWALL_REQUEST", "drops tcp 22: no stateless rule lets it through") in blame
