"""
Two VPCs that nothing connects in the files: what is to blame, and when that is not known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import SSH
from iaclint.query import overall, paths
from iaclint.trace.model import Reason
from tests.nets import cloudformation, terraform, unjudged
from tests.test_trace_between import BY_GROUP, HUB, PEERING, VPCS, route

SOME = 'variable "some" {}\n'
THIRD = """
resource "aws_vpc" "c" { cidr_block = "10.2.0.0/16" }
resource "aws_subnet" "c" {
  vpc_id     = aws_vpc.c.id
  cidr_block = "10.2.1.0/24"
}
resource "aws_route_table" "c" { vpc_id = aws_vpc.c.id }
"""


def office(name: str) -> str:
    """A VPN to a VPC."""
    return f"""
resource "aws_vpn_gateway" "{name}" {{ vpc_id = aws_vpc.{name}.id }}
resource "aws_customer_gateway" "{name}" {{
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}}
resource "aws_vpn_connection" "{name}" {{
  vpn_gateway_id      = aws_vpn_gateway.{name}.id
  customer_gateway_id = aws_customer_gateway.{name}.id
  type                = "ipsec.1"
}}
"""


def attached(name: str, hub: str = "var.some") -> str:
    """A VPC at a transit gateway."""
    return f"""
resource "aws_ec2_transit_gateway_vpc_attachment" "{name}" {{
  transit_gateway_id = {hub}
  vpc_id             = aws_vpc.{name}.id
  subnet_ids         = [aws_subnet.{name}.id]
}}
"""


def somewhere(name: str) -> str:
    """A route to something that is not known."""
    return route(name, "c", "gateway_id = var.some")


def peered(one: str, other: str) -> str:
    return f"""
resource "aws_vpc_peering_connection" "{one}{other}" {{
  vpc_id      = aws_vpc.{one}.id
  peer_vpc_id = aws_vpc.{other}.id
  auto_accept = true
}}
"""


def foreign(text: str, name: str) -> str:
    """One of the VPCs is only looked up."""
    number = "01"["ab".index(name)]
    text = text.replace(
        f'resource "aws_vpc" "{name}" {{ cidr_block = "10.{number}.0.0/16" }}',
        f'data "aws_vpc" "{name}" {{ tags = {{ Name = "{name}" }} }}',
    )
    return text.replace(f"aws_vpc.{name}.", f"data.aws_vpc.{name}.")


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", "blocked"),
        # both lead to something that is not written here, where they may meet
        (office("a") + office("b"), "undecided"),
        (office("a") + attached("b"), "undecided"),
        (attached("a") + office("b"), "undecided"),
        (somewhere("a") + somewhere("b"), "undecided"),
        (attached("a") + attached("b", "aws_ec2_transit_gateway.hub.id"), "undecided"),
        # one of them alone does not, nor does a third VPC
        (office("a"), "blocked"),
        (office("b"), "blocked"),
        (attached("a"), "blocked"),
        (attached("b"), "blocked"),
        (somewhere("a"), "blocked"),
        (somewhere("b"), "blocked"),
        (office("c"), "blocked"),
        (attached("c"), "blocked"),
        (somewhere("c").replace("aws_vpc.c.cidr_block", '"10.9.0.0/16"'), "blocked"),
        # a peering of which one end is not known
        (PEERING.replace("= aws_vpc.a.id", "= var.some"), "blocked"),
    ],
)
def test_what_leads_out_of_both_vpcs_may_connect_them(
    tmp_path: Path, more: str, verdict: str
) -> None:
    text = SOME + VPCS + BY_GROUP + THIRD + more
    text += 'resource "aws_ec2_transit_gateway" "hub" {}\n' if ".hub." in more else ""
    network = unjudged(tmp_path, {"main.tf": text})
    answers = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert overall(answers) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (foreign(foreign(VPCS + BY_GROUP, "a"), "b"), "undecided"),
        (foreign(VPCS + BY_GROUP, "a"), "blocked"),
        (foreign(VPCS + BY_GROUP, "b"), "blocked"),
    ],
)
def test_two_vpcs_that_others_made_may_be_connected_by_others(
    tmp_path: Path, text: str, verdict: str
) -> None:
    network = unjudged(tmp_path, {"main.tf": text})
    answers = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert overall(answers) == verdict


def test_a_vpc_that_is_not_known_is_what_is_not_known(tmp_path: Path) -> None:
    text = SOME + VPCS.replace("vpc_id     = aws_vpc.b.id", "vpc_id = var.some", 1) + BY_GROUP
    network = unjudged(tmp_path, {"main.tf": text})
    (answer,) = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert answer.verdict == "undecided"
    assert ["some" in why for why, _ in answer.unknown] == [True]


MORE = """
resource "aws_vpc_ipv4_cidr_block_association" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.3.0.0/16"
}
"""
TO_C = "vpc_peering_connection_id = aws_vpc_peering_connection.ac.id"
TO_B = route("a", "b", TO_C)
TABLE, APP = "aws_route_table.a", "aws_instance.app"


@pytest.mark.parametrize(
    ("more", "blamed"),
    [
        ("", APP),
        (TO_B, TABLE),
        (route("b", "a", TO_C), "aws_route_table.b"),
        (MORE + TO_B, TABLE),
        (TO_B.replace("aws_vpc.b.cidr_block", '"10.1.1.0/24"'), TABLE),
        # routes to somebody else, of somebody else, or to nobody knows whom
        (route("a", "c", TO_C), APP),
        (route("c", "b", TO_C), APP),
        (TO_B.replace("aws_vpc.b.cidr_block", "var.some"), APP),
    ],
)
def test_a_route_to_a_peering_with_another_vpc_is_blamed(
    tmp_path: Path, more: str, blamed: str
) -> None:
    net = terraform(tmp_path, SOME, VPCS, BY_GROUP, THIRD, peered("a", "c"), more)
    (blocker,) = net.flow("bastion", "app").trace.blockers
    assert (blocker.reason, blocker.node.address) == (Reason.DISCONNECTED, blamed)


def test_a_block_that_is_not_known_is_not_one_a_route_leads_to(tmp_path: Path) -> None:
    text = VPCS.replace('"b" { cidr_block = "10.1.0.0/16" }', '"b" { cidr_block = var.some }')
    to = TO_B.replace("aws_vpc.b.cidr_block", '"10.1.0.0/16"')
    net = terraform(tmp_path, SOME, text, BY_GROUP, THIRD, peered("a", "c"), to)
    (blocker,) = net.flow("bastion", "app").trace.blockers
    assert blocker.node.address == APP


# ---- peering connections of which not all is known, and blocks that overlap -------------------

ROUTES = route("a", "b", "vpc_peering_connection_id = aws_vpc_peering_connection.p.id")
ROUTES += route("b", "a", "vpc_peering_connection_id = aws_vpc_peering_connection.p.id")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vpc_id      = aws_vpc.a.id", "vpc_id = var.some"),
        ("peer_vpc_id = aws_vpc.b.id", "peer_vpc_id = var.some"),
        ('"a" { cidr_block = "10.0.0.0/16" }', '"a" { cidr_block = var.some }'),
        ('"b" { cidr_block = "10.1.0.0/16" }', '"b" { cidr_block = var.some }'),
    ],
)
def test_an_end_or_a_block_that_is_not_known_decides_nothing(
    tmp_path: Path, old: str, new: str
) -> None:
    text = (SOME + VPCS + BY_GROUP + PEERING + ROUTES).replace(old, new)
    network = unjudged(tmp_path, {"main.tf": text})
    answers = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert overall(answers) == "undecided"


@pytest.mark.parametrize("ends", [("One", "Other"), ("Other", "One")])
def test_which_blocks_overlap_is_said(tmp_path: Path, ends: tuple[str, str]) -> None:
    blocks = {"One": "10.0.0.0/16", "Other": "10.0.128.0/17"}
    net = cloudformation(
        tmp_path,
        *(
            f"  {name}: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {block}}}}}"
            for name, block in blocks.items()
        ),
        "  Peering:\n    Type: AWS::EC2::VPCPeeringConnection\n"
        f"    Properties: {{VpcId: !Ref {ends[0]}, PeerVpcId: !Ref {ends[1]}}}",
    )
    (found,) = net.findings
    said = " and ".join(f"{blocks[name]} of {name}" for name in ends)
    assert (found.check, found.primary.text) == ("IAC504", f"{said} overlap")


# ---- groups that are named from another VPC ---------------------------------------------------

CLIENTS = """
resource "aws_security_group" "clients" { vpc_id = aws_vpc.a.id }
"""
NAMED = "[aws_security_group.bastion.id]"
OVER = route("a", "b", "transit_gateway_id = aws_ec2_transit_gateway.hub.id")
OVER += route("b", "a", "transit_gateway_id = aws_ec2_transit_gateway.hub.id")
ON = HUB.replace('"hub" {}', '"hub" {\n security_group_referencing_support = "enable"\n}')
OFF = 'security_group_referencing_support = "disable"\n  vpc_id             = aws_vpc.'


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (NAMED, Reason.GROUP_ELSEWHERE),
        ("[aws_security_group.clients.id, aws_security_group.bastion.id]", Reason.GROUP_ELSEWHERE),
        ("[aws_security_group.clients.id]", Reason.GROUP_SOURCE),
    ],
)
def test_a_rule_counts_for_nothing_where_it_names_the_group_of_the_client(
    tmp_path: Path, groups: str, reason: Reason
) -> None:
    rule = BY_GROUP.replace(NAMED, groups)
    network = unjudged(tmp_path, {"main.tf": VPCS + CLIENTS + rule + HUB + OVER})
    (answer,) = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert answer.reason_codes == (reason.code,)


@pytest.mark.parametrize(
    ("hub", "verdict"),
    [
        (ON, "reachable"),
        (ON.replace("vpc_id             = aws_vpc.", f"{OFF}", 1), "blocked"),
        (ON.replace("vpc_id             = aws_vpc.b", f"{OFF}b"), "blocked"),
    ],
)
def test_both_attachments_have_to_know_groups(tmp_path: Path, hub: str, verdict: str) -> None:
    network = unjudged(tmp_path, {"main.tf": VPCS + BY_GROUP + hub + OVER})
    answers = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert overall(answers) == verdict


@pytest.mark.parametrize(
    ("way", "verdict"), [(PEERING + ROUTES, "reachable"), (ON + OVER, "blocked")]
)
def test_outbound_rules_name_groups_over_a_peering_only(
    tmp_path: Path, way: str, verdict: str
) -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security"""
    out = 'protocol    = "-1"\n    cidr_blocks = ["0.0.0.0/0"]'
    assert out in VPCS
    text = VPCS.replace(out, 'protocol = "-1"\n    security_groups = [aws_security_group.app.id]')
    rule = BY_GROUP.replace("security_groups = " + NAMED, 'cidr_blocks = ["10.0.0.0/16"]')
    network = unjudged(tmp_path, {"main.tf": text + rule + way})
    answers = paths([network], "aws_instance.bastion", "aws_instance.app", SSH)
    assert overall(answers) == verdict
