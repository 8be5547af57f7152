"""
A VPC in the middle: a transit gateway sends what goes from one network to another through it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.firewalled import (
    BOX,
    DROP,
    HOME,
    HUB,
    MIDDLE,
    Policy,
    Routes,
    Stateless,
    changed,
    spokes,
    spokes_text,
)
from tests.nets import Net, both, terraform

HOSTS = {"terraform": ("aws_instance.a", "aws_instance.b"), "cloudformation": ("ahost", "bhost")}


def between(net: Net, language: str) -> str:
    """Whether the client in one VPC reaches the server in the other."""
    client, server = HOSTS[language]
    return overall(paths([net.network], client, server, parse_service("ssh")))


def without(table: Routes, name: str) -> Routes:
    return {**table, name: []}


THROUGH = [
    (Policy(), {}, "reachable"),
    (Policy("aws:pass"), {}, "reachable"),
    (Policy("aws:drop"), {}, "blocked"),
    (Policy(lines=DROP), {}, "blocked"),
    (Policy(lines=("drop tcp 10.1.1.0/25 any -> any 22 (sid:1;)",)), {}, "undecided"),
    (Policy(lines=(*DROP, HOME)), {}, "blocked"),
    (Policy(lines=(*DROP, HOME), home="10.2.0.0/16"), {}, "reachable"),
    (Policy(managed=True), {}, "undecided"),
    (Policy("aws:drop", stateless=[Stateless(1, "aws:pass", port=22)]), {}, "blocked"),
    (Policy(), {"routes": without(MIDDLE, "wall")}, "blocked"),
    (Policy(), {"routes": without(MIDDLE, "mid")}, "blocked"),
    (Policy(), {"after": (("10.2.0.0/16", "b"),)}, "blocked"),
    (Policy(), {"before": (("10.2.0.0/16", "mid"),)}, "blocked"),
    (
        Policy(),
        {"before": (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "a"))},
        "undecided",
    ),
    (
        Policy("aws:pass"),
        {"before": (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "a"))},
        "reachable",
    ),
    (Policy("aws:drop"), {"before": (("10.1.0.0/16", "a"), ("10.2.0.0/16", "b"))}, "reachable"),
    (
        Policy("aws:drop"),
        {"before": (("0.0.0.0/0", "mid"), ("10.1.0.0/16", "a"), ("10.2.0.0/16", "b"))},
        "reachable",
    ),
    (Policy(), {"before": (("10.1.0.0/16", "mid"), ("10.2.0.0/16", "b"))}, "undecided"),
    (Policy("aws:drop"), {"before": (("10.1.0.0/16", "mid"), ("10.2.0.0/16", "b"))}, "blocked"),
    (Policy(), {"routes": {**MIDDLE, "wall": [("10.0.0.0/9", HUB)]}}, "reachable"),
    (
        Policy(),
        {"routes": {**MIDDLE, "mid": [("10.2.1.0/25", BOX), ("10.1.0.0/16", BOX)]}},
        "undecided",
    ),
]


@both
@pytest.mark.parametrize(("policy", "changed", "expected"), THROUGH)
def test_a_transit_gateway_sends_packets_through_a_vpc_in_the_middle(
    tmp_path: Path, language: str, policy: Policy, changed: dict[str, Routes], expected: str
) -> None:
    """Both directions, by its own tables, through the firewall and out again."""
    net = spokes(language, tmp_path, policy, **changed)  # type: ignore[arg-type]
    assert between(net, language) == expected


MID = "route_table_id = aws_route_table.mid.id"
HEAD_OF_MID = 'resource "aws_route_table" "mid" {'
SUBNETS = "[aws_subnet.mid.id]"
AIM = next(line for line in spokes_text(Policy()).splitlines() if "vpc_endpoint_id" in line)
BESIDE = """
resource "aws_subnet" "beside" {
  vpc_id     = aws_vpc.mid.id
  cidr_block = "10.9.8.0/28"
}
"""
BEHIND_IT = """
resource "aws_route_table_association" "beside" {
  subnet_id      = aws_subnet.beside.id
  route_table_id = aws_route_table.wall.id
}
"""
APPLIANCE_THERE = 'vpc_endpoint_id = "vpce-0123456789abcdef0"'
ATTACHED = "transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment"
TO_MID = f"{ATTACHED}.mid.id\ndestination_cidr_block"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vpc_id             = aws_vpc.mid.id", "vpc_id = var.some"),
        (MID, "route_table_id = var.some"),
        (SUBNETS, "var.some"),
        (SUBNETS, "[]"),
        (SUBNETS, "[aws_subnet.mid.id, aws_subnet.beside.id]"),
        (SUBNETS, "[aws_subnet.beside.id, aws_subnet.mid.id]"),
        (HEAD_OF_MID, HEAD_OF_MID + "\nlifecycle { ignore_changes = [route] }"),
        (HEAD_OF_MID, HEAD_OF_MID + '\npropagating_vgws = ["vgw-0123456789abcdef0"]'),
        (TO_MID, "transit_gateway_attachment_id = var.some\ndestination_cidr_block"),
        (AIM, "gateway_id = var.some"),
        (AIM, 'gateway_id = "lgw-0123456789abcdef0"'),
        (AIM, 'gateway_id = "from-elsewhere"'),
        (AIM, 'network_interface_id = "eni-0123456789abcdef0"'),
        (AIM, "transit_gateway_id = aws_ec2_transit_gateway.hub.id"),
        (AIM, APPLIANCE_THERE),
        (HEAD_OF_MID, HEAD_OF_MID
         + f'\nroute {{\ncidr_block = "10.1.0.0/16"\n{APPLIANCE_THERE}\n}}'),
    ],
)  # fmt: skip
def test_what_a_vpc_in_the_middle_does_may_not_be_known(tmp_path: Path, old: str, new: str) -> None:
    net = changed(tmp_path, spokes_text(Policy("aws:pass")) + BESIDE, (old, new))
    assert between(net, "terraform") == "undecided"


def test_the_hops_in_the_middle_are_those_of_its_tables(tmp_path: Path) -> None:
    """In by the attachment, to the firewall, and from its subnet on, in both directions."""
    net = spokes("terraform", tmp_path, Policy("aws:pass"))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    names = [(hop.direction, hop.name) for hop in found.hops if not hop.name.startswith("acl")]
    through = ["transit table before", "route table mid", "firewall wall", "route table wall"]
    through.append("transit table after")
    assert names == [
        ("request", "sg a"),
        *(("request", name) for name in ("route table a", *through, "sg b")),
        *(("reply", name) for name in ("route table b", *through)),
    ]


def test_it_is_said_what_is_not_known_of_the_way_back(tmp_path: Path) -> None:
    route = f'\nroute {{\ncidr_block = "10.1.0.0/16"\n{APPLIANCE_THERE}\n}}'
    net = changed(tmp_path, spokes_text(Policy("aws:pass")), (HEAD_OF_MID, HEAD_OF_MID + route))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert [why for why, _ in found.unknown] == ["vpce-0123456789abcdef0 decides what passes"]


VPC_OF_MID = 'resource "aws_vpc" "mid" { cidr_block = "10.9.0.0/16" }'
AT_HUB = "transit_gateway_id = aws_ec2_transit_gateway.hub.id"
HEAD_AT_HUB = 'resource "aws_ec2_transit_gateway_vpc_attachment" "mid" {\n  '
ANNOUNCED = f"""
resource "aws_ec2_transit_gateway_route_table_propagation" "b" {{
  {ATTACHED}.b.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.before.id
}}
"""
STATIC = (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "mid"))


@pytest.mark.parametrize(
    "swaps",
    [
        [],
        [(VPC_OF_MID, 'data "aws_vpc" "mid" {}'), ("= aws_vpc.mid.id", "= data.aws_vpc.mid.id")],
        [(HEAD_AT_HUB + AT_HUB, HEAD_AT_HUB + "transit_gateway_id = var.some")],
        [(HEAD_OF_MID, HEAD_OF_MID
          + '\nroute {\ncidr_block = "192.168.0.0/16"\ngateway_id = var.some\n}')],
    ],
    ids=["all of it known", "a VPC that is looked up", "its gateway", "a route for others"],
)  # fmt: skip
def test_what_is_not_known_of_a_vpc_in_the_middle_may_not_matter(
    tmp_path: Path, swaps: list[tuple[str, str]]
) -> None:
    """Its subnets and their tables say where packets go, there and in the subnet behind it."""
    for policy, routes, found in (
        (Policy("aws:pass"), MIDDLE, "reachable"),
        (Policy("aws:drop"), MIDDLE, "blocked"),
        (Policy("aws:pass"), without(MIDDLE, "wall"), "blocked"),
    ):
        net = changed(tmp_path, spokes_text(policy, routes), *swaps)
        assert between(net, "terraform") == found


def test_a_static_route_through_the_middle_wins_over_what_a_vpc_announces(tmp_path: Path) -> None:
    text = spokes_text(Policy("aws:drop"), before=STATIC) + ANNOUNCED
    assert between(changed(tmp_path, text), "terraform") == "blocked"


SECOND_WALL = """
resource "aws_networkfirewall_firewall" "other" {
  name                = "other"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall.arn
  vpc_id              = aws_vpc.mid.id
  subnet_mapping { subnet_id = aws_subnet.beside.id }
}
resource "aws_route" "other" {
  route_table_id         = aws_route_table.mid.id
  destination_cidr_block = "10.1.0.0/16"
  vpc_endpoint_id        = tolist(
    aws_networkfirewall_firewall.other.firewall_status[0].sync_states
  )[0].attachment[0].endpoint_id
}
"""


@pytest.mark.parametrize(
    ("policy", "expected"), [(Policy(), "undecided"), (Policy("aws:pass"), "reachable")]
)
def test_each_direction_through_a_firewall_of_its_own_is_one_direction_only(
    tmp_path: Path, policy: Policy, expected: str
) -> None:
    parts = (spokes_text(policy, {**MIDDLE, "mid": [("10.2.0.0/16", BOX)]}), BESIDE, BEHIND_IT)
    net = terraform(tmp_path, *parts, SECOND_WALL)
    assert between(net, "terraform") == expected


OFFICE = """
resource "aws_vpn_connection" "office" {
  customer_gateway_id = "cgw-0123456789abcdef0"
  type                = "ipsec.1"
  static_routes_only  = true
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_association" "office" {
  transit_gateway_attachment_id  = aws_vpn_connection.office.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.before.id
}
resource "aws_ec2_transit_gateway_route" "office" {
  transit_gateway_attachment_id  = aws_vpn_connection.office.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.after.id
  destination_cidr_block         = "192.168.0.0/16"
}
"""


def test_what_a_firewall_does_with_an_office_is_not_decided(tmp_path: Path) -> None:
    """Its clients come in over a VPN, and are inspected like everybody."""
    text = spokes_text(Policy("aws:drop"), {**MIDDLE, "wall": [("0.0.0.0/0", HUB)]}) + OFFICE
    net = changed(tmp_path, text, ('["10.1.1.0/24"]', '["192.168.0.0/16"]'))
    found = paths([net.network], "192.168.1.0/24", "aws_instance.b", parse_service("ssh"))
    assert overall(found) == "undecided"


def test_a_vpc_in_the_middle_that_forwards_nothing_is_a_dead_end(tmp_path: Path) -> None:
    """A NAT gateway does, where its own table leads on."""
    nat = 'resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.wall.id }'
    text = spokes_text(Policy("aws:pass"), without(MIDDLE, "wall")) + nat
    net = changed(tmp_path, text, (AIM, "nat_gateway_id = aws_nat_gateway.n.id"))
    assert between(net, "terraform") == "blocked"


TWO_ENDPOINTS = (
    "subnet_mapping { subnet_id = aws_subnet.wall.id }",
    "subnet_mapping { subnet_id = aws_subnet.wall.id }\n"
    "subnet_mapping { subnet_id = aws_subnet.beside.id }",
)
MODE = f"subnet_ids         = {SUBNETS}"


@pytest.mark.parametrize(
    ("policy", "mode", "expected", "why"),
    [
        (Policy(), "", "undecided", "has no appliance mode"),
        (Policy(), "var.some", "undecided", 'variable "some" has no default'),
        (Policy(), '"enable"', "reachable", ""),
        (Policy("aws:pass"), "", "reachable", ""),
        (Policy("aws:drop"), '"enable"', "blocked", ""),
    ],
)
def test_without_appliance_mode_a_reply_may_pass_another_endpoint(
    tmp_path: Path, policy: Policy, mode: str, expected: str, why: str
) -> None:
    said = f"\nappliance_mode_support = {mode}" if mode else ""
    text = spokes_text(policy) + BESIDE + BEHIND_IT
    net = changed(tmp_path, text, TWO_ENDPOINTS, (MODE, MODE + said))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert found.verdict == expected
    assert why in " ".join(reason for reason, _ in found.unknown)


SIX = {"a": "2600:1f14:a:100::/56", "b": "2600:1f14:b:100::/56", "mid": "2600:1f14:c:100::/56"}


def _six(policy: Policy, supported: str) -> str:
    """The network with a VPC in the middle, over IPv6; `supported` is said of the middle one."""
    text = spokes_text(policy, before=(("::/0", "mid"),), after=((SIX["a"], "a"), (SIX["b"], "b")))
    text = text.replace('\ncidr_block = "0.0.0.0/0"', '\nipv6_cidr_block = "::/0"')
    text = text.replace('\ncidr_block = "10.0.0.0/8"', '\nipv6_cidr_block = "2600:1f14::/32"')
    text = text.replace('["0.0.0.0/0"]', '["0.0.0.0/0"]\nipv6_cidr_blocks = ["::/0"]')
    text = text.replace('["10.1.1.0/24"]', f'["10.1.1.0/24"]\nipv6_cidr_blocks = ["{SIX["a"]}"]')
    for name, block in SIX.items():
        number = {"a": 1, "b": 2, "mid": 9}[name]
        own = f'cidr_block = "10.{number}.0.0/16"'
        text = text.replace(f"{{ {own} }}", f'{{\n{own}\nipv6_cidr_block = "{block}"\n}}')
        own = f'cidr_block = "10.{number}.1.0/24"'
        place = f'ipv6_cidr_block = "{block.replace("/56", "/64")}"'
        text = text.replace(own, f"{own}\n{place}\nassign_ipv6_address_on_creation = true")
        ids = f"[aws_subnet.{name}.id]"
        said = supported if name == "mid" else '"enable"'
        text = text.replace(f"= {ids}", f"= {ids}\nipv6_support = {said}")
    return text


@pytest.mark.parametrize(
    ("supported", "lines", "found"),
    [
        ('"enable"', (), "reachable"),
        ('"disable"', (), "blocked"),
        ("var.some", (), "undecided"),
        ('"enable"', (f"drop tcp {SIX['a']} any -> any 22 (sid:1;)",), "blocked"),
        ('"enable"', (f"drop tcp any any -> {SIX['b']} 22 (sid:1;)",), "blocked"),
        ('"enable"', (f"drop tcp {SIX['mid']} any -> any 22 (sid:1;)",), "reachable"),
        ('"enable"', ("drop tcp 10.0.0.0/8 any -> any 22 (sid:1;)",), "reachable"),
    ],
)
def test_ipv6_goes_through_the_vpc_in_the_middle_where_its_attachment_carries_it(
    tmp_path: Path, supported: str, lines: tuple[str, ...], found: str
) -> None:
    net = terraform(tmp_path, 'variable "some" {}', _six(Policy(lines=lines), supported))
    answers = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert {one.verdict for one in answers if one.family == "ipv6"} == {found}
