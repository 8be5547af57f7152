"""
The page about reason codes agrees with the engine, and each code on it is produced by a network.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import paths
from iaclint.trace.model import Reason
from tests.nets import terraform
from tests.test_scenarios import (
    FRONT,
    IGW,
    OFF,
    ONE,
    OPEN,
    PEERING,
    ROWS,
    SSH,
    TABLE,
    TGW,
    WEB,
    Row,
    balancer,
    group,
    host,
    joined,
    learned,
    rule,
    subnet,
    table,
    transit,
    vpc,
)

PAGE = Path(__file__).parents[1] / "docs" / "reason-codes.md"
OWN = ("X_", "DISCONNECTED_VPCS", "NO_PATH")
FOREIGN = rule(22, 22, "tcp", f"security_groups = [{WEB}]")
BLOCKED = """
resource "aws_vpc_block_public_access_options" "region" {
  internet_gateway_block_mode = "block-ingress"
}
"""
ZONE_A = 'availability_zone = "eu-west-1a"'
ZONE_B = 'availability_zone = "eu-west-1b"'
APPLICATION = (
    balancer(22)
    .replace('"network"', f'"application"\n  security_groups = [{WEB}]')
    .replace('= "TCP"', '= "HTTP"')
)
SPECIFIC = """
resource "aws_ec2_transit_gateway_route" "back" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t.id
  destination_cidr_block         = "10.1.1.0/24"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v.id
}
"""
MORE = (
    Row(0, FRONT + table("front", f"198.51.100.0/24 gateway_id {IGW}")
        + host("web", "front", WEB) + group("web", SSH), "203.0.113.0/24", "web", "blocked",
        ("CANNOT_ROUTE",)),
    Row(0, FRONT + vpc("w", "10.1.0.0/16")
        + 'resource "aws_internet_gateway" "w" { vpc_id = aws_vpc.w.id }\n'
        + table("front", "0.0.0.0/0 gateway_id aws_internet_gateway.w.id")
        + host("web", "front", WEB) + group("web", SSH), "internet", "web", "blocked",
        ("BAD_STATE_ROUTE",)),
    Row(0, ONE + group("web", rule(22, 22, "tcp", 'cidr_blocks = ["10.0.0.0/8"]')),
        "internet", "web", "blocked", ("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",)),
    Row(0, ONE + group("web", rule(22, 22, "tcp", 'cidr_blocks = ["100.64.0.0/10"]')),
        "internet", "web", "blocked", ("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",)),
    Row(0, joined(way=TGW) + transit() + group("db", FOREIGN, vpc="w"), "web", "db", "blocked",
        ("SG_REFERENCES_NOT_PRESERVED",)),
    Row(0, FRONT + 'resource "aws_vpn_gateway" "o" { vpc_id = aws_vpc.v.id }\n'
        + table("front", "0.0.0.0/0 gateway_id aws_vpn_gateway.o.id")
        + host("web", "front", WEB) + group("web", SSH), "internet", "web", "blocked",
        ("MORE_SPECIFIC_ROUTE",)),
    Row(0, joined(way=TGW) + transit(OFF) + TABLE + learned("v", "10.0.0.0/16")
        + learned("w", "10.1.0.0/16") + SPECIFIC + group("db", SSH, vpc="w"), "web", "db",
        "blocked", ("TGW_RTB_MORE_SPECIFIC_ROUTE",)),
    Row(0, joined().replace("10.1.0.0/16", "10.0.0.0/16").replace("10.1.1.0/24", "10.0.7.0/24")
        + PEERING % "true" + group("db", SSH, vpc="w"), "web", "db", "blocked",
        ("VPC_LOCAL_ROUTE_CIDR_RESTRICTION",)),
    Row(0, ONE + group("web", SSH) + BLOCKED, "internet", "web", "blocked",
        ("VPC_BLOCK_PUBLIC_ACCESS_ENABLED",)),
    Row(0, OPEN + APPLICATION, "internet", "db", "blocked", ("PROTOCOL_RESTRICTION",)),
    Row(0, OPEN.replace(subnet("front", "10.0.1.0/24", public=True),
        subnet("front", "10.0.1.0/24", public=True, more=ZONE_A)).replace(
        subnet("back", "10.0.2.0/24"), subnet("back", "10.0.2.0/24", more=ZONE_B))
        + balancer(22), "internet", "db", "blocked", ("ELB_NOT_CROSSZONE",)),
)  # fmt: skip


def listed() -> list[tuple[str, frozenset[str]]]:
    """Every row of the page: the code, and the names of reasons in the second column."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE)
    return [(code, frozenset(re.findall(r"\b[A-Z][A-Z_]{4,}\b", cell))) for code, cell in rows]


def own(code: str) -> bool:
    return code.startswith(OWN)


def test_each_reason_is_on_the_page_under_its_code() -> None:
    """What the page says of a code the engine reports is what the engine says."""
    engine: dict[str, set[str]] = {}
    for reason in Reason:
        if not own(reason.code):
            engine.setdefault(reason.code, set()).add(reason.name)
    page = {code: set(names) for code, names in listed() if code in engine}
    assert page == engine


def test_the_page_names_no_reason_that_does_not_exist() -> None:
    """Nor a code twice."""
    rows = listed()
    assert len({code for code, _ in rows}) == len(rows) > 45
    assert {name for _, names in rows for name in names} <= {reason.name for reason in Reason}


@pytest.mark.parametrize("row", MORE, ids=[row.codes[0] for row in MORE])
def test_a_network_produces_the_code(tmp_path: Path, row: Row) -> None:
    """The code is among those of the question."""
    net = terraform(tmp_path, row.text)
    answers = paths([net.network], row.source, row.target, parse_service(row.service))
    assert {one.verdict for one in answers} == {row.verdict}
    assert set(row.codes) <= {code for one in answers for code in one.reason_codes}


def test_every_code_is_produced_by_some_network() -> None:
    """Those of Reachability Analyzer that the engine knows, each by a row."""
    produced = {code for row in (*ROWS, *MORE) for code in row.codes}
    assert {reason.code for reason in Reason if not own(reason.code)} <= produced
