"""
IPv4 and IPv6 are judged each on its own: a block, known or not, is about the family it is of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import IGW, PCX, Rule, Text, gateway, group, host, made, ref, subnet, table, vpc
from tests.connections import HOME, peering
from tests.nets import written

LANGUAGES = ("terraform", "cloudformation")
EVERYBODY = "::/0"
ECHO = Rule(-1, -1, "icmp")
SSH = Rule(22, 22, "tcp")


def said(folder: Path, language: str, text: Text) -> list[str]:
    """What is found, with its level and its families."""
    found = written(folder, text.files(language)).findings
    return sorted(
        f"{one.level.name.lower()} {one.check} {' '.join(one.families)}"
        for one in found
        if one.check not in ("IAC210", "IAC813")
    )


# ---- a VPC with a range that others have on the internet ---------------------------------------


def _beside(*rules: Rule) -> Text:
    """A host with a public address, peered with a VPC of 128.0.0.0/16."""
    return (
        vpc("home", "10.0.0.0/16")
        + vpc("other", "128.0.0.0/16")
        + gateway("gate", "home")
        + subnet("front", "10.0.1.0/24", public=True)
        + subnet("far", "128.0.1.0/24", home="other")
        + peering()
        + table("front", ("0.0.0.0/0", IGW), ("128.0.0.0/16", PCX))
        + table("far", ("10.0.0.0/16", PCX), home="other")
        + group("web", *rules)
        + host("web", "front", "web")
        + group("far", home="other")
        + host("far", "far", "far")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_over_ipv6_is_nobody_over_ipv4(tmp_path: Path, language: str) -> None:
    rules = (ECHO._replace(peer="128.0.0.0/16"), ECHO._replace(peer=EVERYBODY))
    assert said(tmp_path, language, _beside(*rules)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_the_wrong_family_alone_is_an_error(tmp_path: Path, language: str) -> None:
    rule = SSH._replace(peer=EVERYBODY)
    assert said(tmp_path, language, _beside(rule)) == ["error IAC405 ipv4"]


# ---- a client of whom only the family is known --------------------------------------------------

FRONT = made(
    "aws_subnet", "front", "EC2::Subnet", vpc_id=HOME, cidr_block="10.0.1.0/24",
    map_public_ip_on_launch=True, ipv6_cidr_block="2600:1f14:a:101::/64",
    assign_ipv6_address_on_creation=True,
)  # fmt: skip
UNKNOWN = Text('data "http" "me" {\n  url = "http://ipv6.icanhazip.com"\n}\n', "")
IPV6_CLIENT = Text('["${data.http.me.response_body}/128"]', "!ImportValue office-block")


def _dual(*routes: str, source: Text) -> Text:
    """A host with addresses of both families, which a rule for an IPv6 block lets in."""
    ports = Text(
        'ingress {\nfrom_port = 22\nto_port = 22\nprotocol = "tcp"\n'
        f"ipv6_cidr_blocks = {source.terraform}\n}}\n"
        'egress {\nfrom_port = 0\nto_port = 0\nprotocol = "-1"\ncidr_blocks = ["0.0.0.0/0"]\n}\n',
        "GroupDescription: web, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, "
        f"ToPort: 22, CidrIpv6: {source.cloudformation}}}]",
    )
    web = made("aws_security_group", "web", "EC2::SecurityGroup", ports, vpc_id=HOME)
    return (
        vpc("home", "10.0.0.0/16") + gateway("gate", "home") + FRONT + UNKNOWN
        + table("front", *((route, IGW) for route in routes)) + web
        + host("web", "front", "web", key="ops")
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_unknown_over_ipv6_needs_a_route_for_ipv6(tmp_path: Path, language: str) -> None:
    text = _dual("0.0.0.0/0", source=IPV6_CLIENT)
    assert said(tmp_path, language, text) == ["error IAC201 ipv6"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_unknown_over_ipv6_with_a_route_is_quiet(tmp_path: Path, language: str) -> None:
    assert said(tmp_path, language, _dual("::/0", source=IPV6_CLIENT)) == []


def test_a_list_that_may_be_empty_names_nobody_for_certain(tmp_path: Path) -> None:
    text = _dual("0.0.0.0/0", source=Text("var.offices", ""))
    offices = 'variable "offices" {\n  type = list(string)\n}\n'
    assert said(tmp_path, "terraform", text + Text(offices, "")) == []


@pytest.mark.parametrize("host", ["self.ipv6_addresses[0]", "element(self.ipv6_addresses, 0)"])
def test_a_provisioner_dials_the_family_of_the_address(tmp_path: Path, host: str) -> None:
    login = f'provisioner "remote-exec" {{\n  connection {{\n    host = {host}\n  }}\n}}\n'
    text = _dual("::/0", source=IPV6_CLIENT).terraform.replace(
        'resource "aws_instance" "web" {', f'resource "aws_instance" "web" {{\n{login}'
    )
    assert login in text
    found = said(tmp_path, "terraform", Text(text, ""))
    assert not [each for each in found if each.startswith("error")]


# ---- a part of the VPC that only gets out -------------------------------------------------------

BACK = made(
    "aws_subnet", "back", "EC2::Subnet", vpc_id=HOME, cidr_block="10.0.2.0/24",
    ipv6_cidr_block="2600:1f14:a:102::/64", assign_ipv6_address_on_creation=True,
)  # fmt: skip
OUTWARD = made(
    "aws_egress_only_internet_gateway", "out", "EC2::EgressOnlyInternetGateway", vpc_id=HOME
)
OWN, LOGICAL = ref("aws_egress_only_internet_gateway", "out")
ONLY_OUT = Text(f"egress_only_gateway_id = {OWN}", f"EgressOnlyInternetGatewayId: {LOGICAL}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("others", [True, False])
def test_ipv6_that_only_leaves_is_a_choice_where_others_are_for_the_internet(
    tmp_path: Path, language: str, others: bool
) -> None:
    """Where no table of the VPC leads to an internet gateway, the wrong gateway was taken."""
    text = (
        vpc("home", "10.0.0.0/16") + gateway("gate", "home") + FRONT + BACK + OUTWARD
        + table("back", ("::/0", ONLY_OUT)) + group("web", SSH._replace(peer=EVERYBODY))
        + host("web", "back", "web", key="ops")
        + table("front", *((("0.0.0.0/0", IGW),) if others else ()))
    )  # fmt: skip
    found = [each for each in said(tmp_path, language, text) if each.startswith("error")]
    assert found == ([] if others else ["error IAC202 ipv6"])


# ---- a ping over IPv6 that an output shows ------------------------------------------------------

PINGED = """
resource "aws_network_acl" "front" {
  vpc_id     = aws_vpc.home.id
  subnet_ids = [aws_subnet.front.id]
  ingress {
    rule_no         = 100
    action          = "allow"
    protocol        = "$protocol"
    icmp_type       = -1
    icmp_code       = -1
    from_port       = 0
    to_port         = 0
    ipv6_cidr_block = "2600:1f14:a:100::/56"
  }
  egress {
    rule_no         = 100
    action          = "allow"
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    ipv6_cidr_block = "::/0"
  }
}
resource "aws_subnet" "other" {
  vpc_id                          = aws_vpc.home.id
  cidr_block                      = "10.0.2.0/24"
  ipv6_cidr_block                 = "2600:1f14:a:102::/64"
  assign_ipv6_address_on_creation = true
}
locals {
  address = aws_instance.web.ipv6_addresses[0]
}
output "how" {
  value = "then from the other one: $command ${local.address}"
}
"""


@pytest.mark.parametrize(
    ("protocol", "command", "expected"),
    [
        ("icmp", "ping6", ["error IAC301 ipv6"]),
        ("all", "ping6", []),
        ("icmp", "curl", []),
    ],
)
def test_a_ping_that_an_output_shows_is_for_the_family_of_its_address(
    tmp_path: Path, protocol: str, command: str, expected: list[str]
) -> None:
    ours, out = Rule(0, 0, "-1", "2600:1f14:a:100::/56"), Rule(0, 0, "-1", EVERYBODY)
    text = (
        made("aws_vpc", "home", "EC2::VPC", cidr_block="10.0.0.0/16",
             ipv6_ipam_pool_id="ipam-pool-1", ipv6_cidr_block="2600:1f14:a:100::/56")
        + FRONT + group("web", ours, out=(out,))
        + host("web", "front", "web") + host("other", "other", "web")
    )  # fmt: skip
    more = PINGED.replace("$protocol", protocol).replace("$command", command)
    assert said(tmp_path, "terraform", text + Text(more, "")) == expected
