"""
Roots with many hosts, of which most are alike: they count once, so that what is said of a few is
said of hundreds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.intent.chains import Chains
from iaclint.packet import service as packet
from tests.blocks import IGW, Rule, Text, gateway, group, host, subnet, table, vpc
from tests.nets import terraform
from tests.test_stranded import LANGUAGES, said

SSH = Rule(22, 22, "tcp")
WEB = Rule(443, 443, "tcp")
PING = Rule(-1, -1, "icmp")
HOME = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24")
)
GATE = group("web", SSH, WEB) + host("web", "front", "web", key="ops")


def times(number: int, one: Text) -> Text:
    """So many of one resource: `count`, or copies in a template."""
    logical, rest = one.cloudformation.split(":", 1)
    copies = "".join(f"{logical}{each}:{rest}" for each in range(number))
    return Text(one.terraform.replace("{\n", f"{{\n  count = {number}\n", 1), copies)


def nodes(*rules: Rule, number: int = 100, name: str = "node") -> Text:
    """Private hosts with the rules of one group."""
    return group(name, *rules) + times(number, host(name, "back", name, key="ops"))


LOUD = {
    "a rule in the wrong protocol": (nodes(Rule(22, 22, "udp", "web")), ["error IAC403"]),
    "a rule for a block where nothing is": (
        nodes(SSH._replace(peer="10.0.9.0/24")),
        ["error IAC410"],
    ),
    "a ping rule with the wrong type": (
        nodes(SSH._replace(peer="web"), Rule(0, -1, "icmp", "web")),
        ["error IAC408"],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), LOUD.values(), ids=LOUD)
def test_a_mistake_is_an_error_for_a_hundred_hosts(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    assert said(tmp_path, language, HOME + GATE + text) == expected


INNER = nodes(SSH._replace(peer="web"), number=50, name="app")
QUIET = {
    "a rule for the bastion": nodes(SSH._replace(peer="web")),
    "a rule for ping": nodes(SSH._replace(peer="web"), PING._replace(peer="web")),
    "a rule for hosts behind the bastion": INNER + nodes(SSH._replace(peer="app"), number=50),
    "no rule for a login, and no word of one": nodes(Rule(5432, 5432, "tcp", "web")),
    "hosts that only each other reach": nodes(SSH._replace(peer="node")),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_hundred_hosts_that_are_reached_or_meant_for_nobody_are_quiet(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, HOME + GATE + text) == []


def test_one_of_many_that_a_rule_names_is_not_like_the_others(tmp_path: Path) -> None:
    named = """
      resource "aws_security_group" "db" {
        vpc_id = aws_vpc.home.id
        ingress {
          from_port   = 22
          to_port     = 22
          protocol    = "tcp"
          cidr_blocks = ["${aws_instance.app[7].private_ip}/32"]
        }
      }
    """
    text = HOME + GATE + INNER + host("db", "back", "db", key="ops")
    net = terraform(tmp_path, text.terraform, named)
    chain = ("aws_instance.web", "aws_instance.app[7]")
    assert Chains(net.network).through(net.instance("db"), packet.SSH) == chain
    assert net.ids == []


def test_among_too_many_hosts_that_differ_it_is_no_error(tmp_path: Path) -> None:
    out = group("web", SSH, out=(SSH._replace(peer="app"),)) + host(
        "web", "front", "web", key="ops"
    )
    app = group("app", SSH._replace(peer="web")) + host("app", "back", "app", key="ops")
    db = group("db", SSH._replace(peer="10.0.0.0/16")) + host("db", "back", "db", key="ops")
    chained = HOME + out + app + db
    alike = nodes(WEB, number=41)
    each_its_own = alike.terraform.replace(
        "count = 41\n", 'count = 41\n  private_ip = cidrhost("10.0.2.0/24", count.index + 9)\n'
    )
    assert said(tmp_path, "terraform", chained) == []
    assert said(tmp_path, "terraform", chained + alike) == []
    assert said(tmp_path, "terraform", chained + Text(each_its_own, "")) == ["warning IAC411"]
