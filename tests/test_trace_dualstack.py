"""
IPv6 through a network load balancer that takes both families: who is asked about it, and what the
targets see. In both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from iaclint.packet.service import SSH as SSH_SERVICE
from iaclint.query import paths
from tests.blocks import (
    IGW,
    NOTHING,
    SSH,
    Rule,
    Text,
    Value,
    gateway,
    group,
    host,
    made,
    ref,
    table,
    template,
)
from tests.connections import HOME, balancer
from tests.nets import Net, both, written

SIX = SSH._replace(peer="::/0")
NODES = SSH._replace(peer="10.0.1.0/24")


def _subnet(name: str, number: int, assigns: bool = False, block: bool = True) -> Text:
    six = Text(
        f"ipv6_cidr_block = cidrsubnet(aws_vpc.home.ipv6_cidr_block, 8, {number})\n",
        f"Ipv6CidrBlock: !Select [{number}, !Cidr [!Select [0, !GetAtt HomeVpc.Ipv6CidrBlocks], 4, "
        "64]]",
    )
    return made(
        "aws_subnet", name, "EC2::Subnet", six if block else NOTHING, vpc_id=HOME,
        cidr_block=f"10.0.{number}.0/24", assign_ipv6_address_on_creation=assigns,
    )  # fmt: skip


def _net(assigns: bool = False, routed: bool = True, block: bool = True) -> Text:
    """A public subnet for the load balancer and a private one for hosts, with IPv6 blocks."""
    found = (
        made("aws_vpc", "home", "EC2::VPC", Text("assign_generated_ipv6_cidr_block = true\n", ""),
             cidr_block="10.0.0.0/16")
        + template("Six", "EC2::VPCCidrBlock",
                   "VpcId: !Ref HomeVpc, AmazonProvidedIpv6CidrBlock: true")
        + gateway("gate", "home")
        + _subnet("front", 1, block=block) + _subnet("back", 2, assigns)
        + table("front", ("0.0.0.0/0", IGW))
    )  # fmt: skip
    six = made(
        "aws_route", "six", "EC2::Route", route_table_id=ref("aws_route_table", "front"),
        destination_ipv6_cidr_block=('"::/0"', "'::/0'"),
        gateway_id=ref("aws_internet_gateway", "gate"),
    )  # fmt: skip
    return found + six if routed else found


def _db(*rules: Rule) -> Text:
    return group("db", *rules) + host("db", "back", "db", key="ops")


def _said(folder: Path, language: str, text: Text) -> Net:
    files = text.files(language)
    first = {"terraform": 'variable "some" {}\n', "cloudformation": PARAMETER}[language]
    return written(folder, {file: first + content for file, content in files.items()})


PARAMETER = "Parameters: {Some: {Type: String}}\n"
SOME = ("var.some", "!Ref Some")


def _verdicts(net: Net) -> dict[str, str]:
    """The flows through the load balancer that are meant, by family."""
    return {j.flow.family: j.trace.verdict for j in net.judged if j.flow.through is not None}


def _paths(net: Net, target: str = "db") -> dict[str, str]:
    """What somebody on the internet gets who asks, by family."""
    end = {"db": net.network.instances[0], "lb": net.network.balancers[0]}[target]
    found = paths([net.network], "internet", end.address, SSH_SERVICE)
    return {one.family: one.verdict for one in found}


def _dual(targets: Value = None, group: str = "") -> Text:
    return balancer(22, group=group, families="dualstack", targets=targets)


WORKS = {"ipv4": "reachable", "ipv6": "reachable"}
ASKED = {
    "a rule for both": (_net() + _db(SSH, SIX) + _dual(), WORKS),
    "a rule for IPv4": (_net() + _db(SSH) + _dual(), {"ipv4": "reachable"}),
    "rules of the load balancer":
        (_net() + group("lb", SSH, SIX) + _db(SSH._replace(peer="lb")) + _dual(group="lb"), WORKS),
    "rules of the load balancer for IPv4":
        (_net() + group("lb", SSH) + _db(SSH._replace(peer="lb"), SIX) + _dual(group="lb"),
         {"ipv4": "reachable"}),
    "rules of the load balancer for IPv6":
        (_net() + group("lb", SIX) + _db(SSH._replace(peer="lb")) + _dual(group="lb"),
         {"ipv6": "reachable"}),
    "a load balancer for IPv4": (_net() + _db(SSH, SIX) + balancer(22), {"ipv4": "reachable"}),
    "a load balancer that says so":
        (_net() + _db(SSH, SIX) + balancer(22, families="ipv4"), {"ipv4": "reachable"}),
    "a load balancer of which it is not known":
        (_net() + _db(SSH, SIX) + balancer(22, families=SOME),
         {"ipv4": "reachable", "ipv6": "undecided"}),
}  # fmt: skip


@both
@pytest.mark.parametrize("name", ASKED)
def test_ipv6_is_asked_for_where_rules_name_it_and_the_load_balancer_takes_it(
    tmp_path: Path, language: str, name: str
) -> None:
    text, verdicts = ASKED[name]
    net = _said(tmp_path, language, text)
    assert _verdicts(net) == verdicts
    assert {*net.ids} <= {"IAC210"}


LOUD = {
    "no route for IPv6": (_net(routed=False) + _db(SSH, SIX) + _dual(), ["IAC201"]),
    "targets get to see the load balancer, and a rule names the clients":
        (_net() + _db(SSH._replace(peer="52.0.0.0/8"), SIX) + _dual(), ["IAC410"]),
    "a load balancer in a subnet without IPv6":
        (_net(block=False) + _db(SSH, SIX) + _dual(), ["IAC104"]),
    "targets without IPv6": (_net() + _db(SSH, SIX) + _dual(targets="ipv6"), ["IAC104"]),
}  # fmt: skip


@both
@pytest.mark.parametrize("name", LOUD)
def test_ipv6_that_is_plainly_meant_is_an_error_where_it_is_lost(
    tmp_path: Path, language: str, name: str
) -> None:
    text, errors = LOUD[name]
    net = _said(tmp_path, language, text)
    assert net.errors == errors
    assert {f for one in net.findings if one.level is Level.ERROR for f in one.families} >= {"ipv6"}


@both
@pytest.mark.parametrize(
    ("rules", "targets", "verdicts"),
    [
        ([SSH], None, {"ipv4": "reachable", "ipv6": "reachable"}),
        ([NODES], None, {"ipv4": "blocked", "ipv6": "reachable"}),
        ([SIX], None, {"ipv4": "blocked", "ipv6": "blocked"}),
        ([SIX], "ipv6", {"ipv4": "reachable", "ipv6": "reachable"}),
        ([SSH], "ipv6", {"ipv4": "blocked", "ipv6": "blocked"}),
        ([SSH], SOME, {"ipv4": "undecided", "ipv6": "undecided"}),
        ([SIX], SOME, {"ipv4": "undecided", "ipv6": "undecided"}),
    ],
)
def test_a_target_of_the_other_family_sees_the_load_balancer_and_not_the_client(
    tmp_path: Path, language: str, rules: list[Rule], targets: Value, verdicts: dict[str, str]
) -> None:
    net = _said(tmp_path, language, _net(assigns=True) + _db(*rules) + _dual(targets))
    assert _paths(net, "lb") == verdicts


@both
def test_a_path_to_a_host_without_ipv6_is_decided_for_ipv6_through_the_load_balancer(
    tmp_path: Path, language: str
) -> None:
    net = _said(tmp_path, language, _net() + _db(SSH) + _dual())
    assert _paths(net) == {"ipv4": "reachable", "ipv6": "reachable"}


@both
def test_a_load_balancer_for_ipv4_is_no_way_in_for_ipv6(tmp_path: Path, language: str) -> None:
    net = _said(tmp_path, language, _net(assigns=True) + _db(SSH, SIX) + balancer(22))
    assert _paths(net) == {"ipv4": "reachable", "ipv6": "blocked"}
    assert _paths(net, "lb") == {"ipv4": "reachable"}
