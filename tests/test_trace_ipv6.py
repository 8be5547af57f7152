"""
IPv6 inside: peers, blocks and connections that talk in the family that IPv4 is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import SSH
from iaclint.query import paths
from tests.nets import Net, terraform

BLOCK = "2600:1f14:a:100::/56"
INGRESS = """
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    %s
  }
"""
OUT = """
  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
"""
NATIVE = "ipv6_native = true"
DUAL = 'cidr_block = "10.0.%d.0/24"'


def network(kind: str, source: str, more: str = "", assigns: str = "true") -> str:
    """A bastion in one subnet, a private host in the other; `kind` is that of both subnets."""

    def subnet(name: str, number: int) -> str:
        return f"""
resource "aws_subnet" "{name}" {{
  vpc_id = aws_vpc.v.id
  {kind % number if "%" in kind else kind}
  ipv6_cidr_block                 = "2600:1f14:a:10{number}::/64"
  assign_ipv6_address_on_creation = {"true" if name == "front" else assigns}
}}
"""

    def host(name: str, place: str) -> str:
        return f"""
resource "aws_instance" "{name}" {{
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.{place}.id
  vpc_security_group_ids = [aws_security_group.{name}.id]
}}
"""

    return f"""
resource "aws_vpc" "v" {{
  cidr_block          = "10.0.0.0/16"
  ipv6_ipam_pool_id   = "ipam-pool-1"
  ipv6_cidr_block     = "{BLOCK}"
}}
resource "aws_internet_gateway" "g" {{ vpc_id = aws_vpc.v.id }}
{subnet("front", 1)}{subnet("back", 2)}
resource "aws_route_table" "front" {{
  vpc_id = aws_vpc.v.id
  route {{
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.g.id
  }}
}}
resource "aws_route_table_association" "front" {{
  subnet_id      = aws_subnet.front.id
  route_table_id = aws_route_table.front.id
}}
resource "aws_security_group" "bastion" {{
  vpc_id = aws_vpc.v.id
{INGRESS % 'ipv6_cidr_blocks = ["::/0"]'}{OUT}}}
resource "aws_security_group" "app" {{
  vpc_id = aws_vpc.v.id
{INGRESS % source}{OUT}}}
{host("bastion", "front")}{host("app", "back")}{more}
"""


def acl(family: str, block: str) -> str:
    """An ACL of the private subnet that lets one family in and out."""

    def entry(side: str, first: int, last: int) -> str:
        return f"""
  {side} {{
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = {first}
    to_port    = {last}
    {family} = "{block}"
  }}
"""

    return f"""
resource "aws_network_acl" "back" {{
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.back.id]
{entry("ingress", 22, 22)}{entry("egress", 1024, 65535)}}}
"""


BY_GROUP = "security_groups = [aws_security_group.bastion.id]"
BY_BLOCK = f'ipv6_cidr_blocks = ["{BLOCK}"]'
V4_ACL = acl("cidr_block", "10.0.0.0/16")
V6_ACL = acl("ipv6_cidr_block", BLOCK)


def verdict(net: Net) -> tuple[str, str]:
    """The family in which the bastion is asked for, and the verdict."""
    judged = net.flow("bastion", "app")
    return judged.flow.family, judged.trace.verdict


@pytest.mark.parametrize(
    ("kind", "source", "more", "expected"),
    [
        (NATIVE, BY_GROUP, "", ("ipv6", "reachable")),
        (NATIVE, BY_GROUP, V6_ACL, ("ipv6", "reachable")),
        (NATIVE, BY_GROUP, V4_ACL, ("ipv6", "blocked")),
        (DUAL, BY_GROUP, V4_ACL, ("ipv4", "reachable")),
        (DUAL, BY_GROUP, V6_ACL, ("ipv6", "reachable")),
        (DUAL, BY_BLOCK, V6_ACL, ("ipv6", "reachable")),
        (DUAL, BY_BLOCK, V4_ACL, ("ipv6", "blocked")),
    ],
)
def test_peers_talk_in_the_family_that_the_rule_and_the_subnets_leave(
    tmp_path: Path, kind: str, source: str, more: str, expected: tuple[str, str]
) -> None:
    """
    IPv6 where a subnet has no IPv4 or the rule names an IPv6 block, or where only that works for a
    rule that names a group; else IPv4.
    """
    assert verdict(terraform(tmp_path, network(kind, source, more))) == expected


def test_an_ipv6_only_host_behind_an_acl_for_ipv4_is_an_error(tmp_path: Path) -> None:
    net = terraform(tmp_path, network(NATIVE, BY_GROUP, V4_ACL))
    assert [f.check for f in net.findings if "app" in f.targets[0]] == net.errors != []


def test_an_ipv6_only_host_that_works_is_quiet(tmp_path: Path) -> None:
    assert not terraform(tmp_path, network(NATIVE, BY_GROUP)).ids


def test_a_peer_without_an_ipv6_address_is_not_reached_by_ipv6(tmp_path: Path) -> None:
    net = terraform(tmp_path, network(DUAL, BY_BLOCK, assigns="false"))
    trace = net.flow("bastion", "app").trace
    assert [b.reason.code for b in trace.blockers] == ["X_NO_IPV6_ADDRESS"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("var.some", "undecided"), ("[var.some]", "reachable"), ("[]", "blocked")],
)
def test_a_list_of_addresses_that_may_be_empty_is_not_decided(
    tmp_path: Path, given: str, expected: str
) -> None:
    place = "subnet_id              = aws_subnet.back.id"
    text = network(DUAL, BY_BLOCK, 'variable "some" {}', assigns="false")
    net = terraform(tmp_path, text.replace(place, f"{place}\n  ipv6_addresses = {given}"))
    assert verdict(net) == ("ipv6", expected)


def test_a_path_inside_is_answered_in_each_family_both_ends_have(tmp_path: Path) -> None:
    net = terraform(tmp_path, network(DUAL, BY_BLOCK))
    answers = paths([net.network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert [(a.family, a.verdict) for a in answers] == [("ipv4", "blocked"), ("ipv6", "reachable")]


def test_a_path_between_hosts_without_ipv4_is_answered_in_ipv6(tmp_path: Path) -> None:
    net = terraform(tmp_path, network(NATIVE, BY_GROUP))
    (answer,) = paths([net.network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert (answer.family, answer.verdict) == ("ipv6", "reachable")


def test_an_ipv6_range_means_who_is_in_it(tmp_path: Path) -> None:
    net = terraform(tmp_path, network(DUAL, BY_BLOCK))
    answers = paths([net.network], "2600:1f14:a:101::/64", "aws_instance.app", SSH)
    assert ("ipv6", "reachable") in [(a.family, a.verdict) for a in answers]
