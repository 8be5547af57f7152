"""
The page about reason codes agrees with the engine, and each code on it is produced by a network,
in both languages.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iaclint.query import overall
from iaclint.trace.model import Reason
from tests.asked import answers, codes, spelled
from tests.blocks import (
    ANYONE,
    IGW,
    NAT,
    PCX,
    SSH,
    TGW,
    VGW,
    Entry,
    Rule,
    To,
    acl,
    gateway,
    group,
    host,
    lets,
    subnet,
    table,
    vpc,
)
from tests.connections import (
    BLOCKED,
    NAT_GATEWAY,
    balancer,
    classic,
    forwarder,
    learned,
    peering,
    transit,
    vpn,
)
from tests.scenarios import (
    ACROSS,
    BOTH,
    FRONT,
    IN,
    IN_DB,
    LEARNED,
    MANUAL,
    ONE,
    OPEN,
    ROWS,
    THROUGH_NAT,
    TOGETHER,
    WEB,
    B,
    Row,
    joined,
    web,
)
from tests.twins import LANGUAGES

PAGE = Path(__file__).parents[1] / "docs" / "reason-codes.md"
ELSEWHERE = To("gateway_id", "aws_internet_gateway", "elsewhere")
OPEN_WEB = FRONT + WEB + group("web", SSH)
OVERLAPPING = (
    OPEN_WEB + table("front", (ANYONE, IGW), ("10.0.0.0/16", PCX)) + vpc("other", "10.0.0.0/16")
    + subnet("far", "10.0.7.0/24", home="other") + host("db", "far", "db")
    + group("db", SSH, home="other") + table("far", ("10.0.0.0/16", PCX), home="other")
)  # fmt: skip
ZONED = OPEN.swap(
    subnet("front", "10.0.1.0/24", public=True),
    subnet("front", "10.0.1.0/24", public=True, zone="eu-west-1a"),
).swap(subnet("back", "10.0.2.0/24"), subnet("back", "10.0.2.0/24", zone="eu-west-1b"))
MORE = (
    Row(0, "The table has a route to the internet gateway, for other clients.",
        OPEN_WEB + table("front", ("198.51.100.0/24", IGW)),
        "203.0.113.0/24 -> aws_instance.web ssh", B, ("CANNOT_ROUTE",)),
    Row(0, "The route leads to the gateway of another VPC.",
        OPEN_WEB + vpc("other", "10.1.0.0/16") + gateway("elsewhere", "other")
        + table("front", (ANYONE, ELSEWHERE)), IN, B, ("BAD_STATE_ROUTE",)),
    Row(0, "A private source never comes in by the internet gateway.",
        web(Rule(22, 22, "tcp", "10.0.0.0/8")), IN, B,
        ("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",)),
    Row(0, "Nor one of the shared range.", web(Rule(22, 22, "tcp", "100.64.0.0/10")), IN, B,
        ("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",)),
    Row(0, "A rule names a group of another VPC, over a transit gateway.",
        joined(TGW, db=(Rule(22, 22, "tcp", "web"),)) + transit(), ACROSS, B,
        ("SG_REFERENCES_NOT_PRESERVED",)),
    Row(0, "The route for everything leads to the office.",
        OPEN_WEB + vpn("192.168.0.0/16") + table("front", (ANYONE, VGW)), IN, B,
        ("MORE_SPECIFIC_ROUTE",)),
    Row(0, "A narrower route of the transit gateway leads back.",
        joined(TGW) + MANUAL + BOTH + LEARNED + learned("back", "10.1.1.0/24", to="home"), ACROSS,
        B, ("TGW_RTB_MORE_SPECIFIC_ROUTE",)),
    Row(0, "The blocks of two peered VPCs overlap.", OVERLAPPING + peering(), ACROSS, B,
        ("VPC_LOCAL_ROUTE_CIDR_RESTRICTION",)),
    Row(0, "The Region blocks what comes in.", web(SSH) + BLOCKED, IN, B,
        ("VPC_BLOCK_PUBLIC_ACCESS_ENABLED",)),
    Row(0, "An application load balancer carries no SSH.",
        OPEN + balancer(22, "application", "HTTP", "web"), IN_DB, B, ("PROTOCOL_RESTRICTION",)),
    Row(0, "A load balancer has no node in the target's zone.", ZONED + balancer(22), IN_DB, B,
        ("ELB_NOT_CROSSZONE",)),
    Row(0, "The gateway is attached to no VPC.",
        OPEN_WEB.swap(gateway("gate", "home"), gateway("gate", "")) + table("front", (ANYONE, IGW)),
        IN, B, ("BAD_STATE_ATTACHMENT",)),
    Row(0, "The group lets some clients in and the ACL others.",
        ONE + group("web", Rule(22, 22, "tcp", "203.0.113.0/24")) + acl(
            "front", Entry("ingress", 100, "allow", 6, 22, 22, "198.51.100.0/24"), lets("egress")),
        IN, B, ("NO_PATH",)),
)  # fmt: skip
SENT_TO = "aws_instance.app -> 192.168.1.9 ssh"
TRANSITIVE = (
    OPEN_WEB + vpc("other", "10.1.0.0/16") + subnet("far", "10.1.1.0/24", home="other")
    + host("app", "far", "app") + group("app", SSH, home="other") + peering()
    + vpn("192.168.0.0/16") + table("front", (ANYONE, IGW))
    + table("far", ("192.168.0.0/16", PCX), home="other")
)  # fmt: skip
HIGH = Entry("egress", 100, "allow", 6, 32768, 65535)
COVERED = {
    "ELB_ACL_RESTRICTION": Row(0, "Even to an instance beside the load balancer.",
        TOGETHER + classic(22, 22) + acl("front", lets("ingress"), HIGH),
        "internet -> aws_elb.classic ssh", B,
        ("SUBNET_ACL_RESTRICTION",)),
    "ELB_LISTENER_PORT_RESTRICTION": Row(0, "The listener sends to another port.",
        OPEN + classic(22, 2222), IN_DB, B, ("TARGET_PORT_RESTRICTION",)),
    "ELB_LISTENERS_MISMATCH": Row(0, "A listener for HTTP.", OPEN + classic(22, 22, "http"), IN_DB,
        B, ("PROTOCOL_RESTRICTION",)),
    "ELBV2_LISTENER_PORT_RESTRICTION": Row(0, "Asked for another port than it listens on.",
        OPEN + balancer(22), "internet -> aws_lb.lb tcp/2222", B, ("ELBV2_LISTENERS_MISMATCH",)),
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT": Row(0, "The target group has another port.",
        OPEN + balancer(2222), IN_DB, B, ("TARGET_PORT_RESTRICTION",)),
    "ELBV2_SOURCE_ADDRESS_PRESERVATION": Row(0, "The target sees the client, not the node.",
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "10.0.1.0/24"))) + balancer(22),
        "203.0.113.9 -> aws_instance.db ssh", B, ("ENI_SG_RULES_MISMATCH",)),
    "ENI_ADDRESS_RESTRICTION": Row(0, "A packet for somebody else.", OPEN + forwarder(True), ACROSS,
        B, ("ENI_SOURCE_DEST_CHECK_RESTRICTION",)),
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS": Row(0, "The office, by an internet gateway.",
        OPEN_WEB + table("front", (ANYONE, IGW)), "192.168.1.9 -> aws_instance.web ssh", B,
        ("DISCONNECTED_VPCS",)),
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS": Row(0, "Likewise in the shared range.",
        OPEN_WEB + table("front", (ANYONE, IGW)), "100.64.1.9 -> aws_instance.web ssh", B,
        ("DISCONNECTED_VPCS",)),
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS": Row(0, "A rule for the shared range.",
        web(Rule(22, 22, "tcp", "100.64.0.0/10")), IN, B,
        ("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",)),
    "NGW_DEST_ADDRESS_PRESERVATION": Row(0, "In by a NAT gateway.", THROUGH_NAT,
        "internet -> aws_nat_gateway.nat ssh", B, ("NGW_SOURCE_ADDRESS_REASSIGN",)),
    "NGW_REQUIRES_SOURCE_IN_VPC": Row(0, "A NAT gateway is no way to a peer.",
        joined(NAT) + peering() + NAT_GATEWAY, ACROSS, B, ("MORE_SPECIFIC_ROUTE",)),
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": Row(0, "Through a peer to the peer's office.", TRANSITIVE,
        SENT_TO, B, ("DISCONNECTED_VPCS",)),
    "REMAP_EPHEMERAL_PORT": Row(0, "Replies to a NAT gateway go to any of its ports.",
        THROUGH_NAT + acl("front", Entry("ingress", 100, "allow", 6, 443, 443), lets("egress")),
        "aws_instance.db -> internet tcp/443", B, ("NO_ROUTE_TO_DESTINATION",)),
    "SG_REFERENCING_SUPPORT": Row(0, "Groups have no name over a transit gateway.",
        joined(TGW, db=(Rule(22, 22, "tcp", "web"),)) + transit(), ACROSS, B,
        ("SG_REFERENCES_NOT_PRESERVED",)),
    "TGW_RTB_CANNOT_ROUTE": Row(0, "The table knows another block of the VPC.",
        joined(TGW) + MANUAL + BOTH + learned("home", "10.0.0.0/16")
        + learned("other", "10.1.9.0/24"), ACROSS, B, ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
}  # fmt: skip
"""Codes that are reported under another one, each with a network that has the fault."""


def listed() -> list[tuple[str, frozenset[str]]]:
    """Every row of the page: the code, and the names of reasons in the second column."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE)
    return [(code, frozenset(re.findall(r"\b[A-Z][A-Z_]{4,}\b", cell))) for code, cell in rows]


def own(code: str) -> bool:
    return code.startswith("X_")


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


@pytest.mark.parametrize(("row", "language"), spelled(MORE))
def test_a_network_produces_the_code(row: Row, language: str) -> None:
    """The code is among those of the question."""
    found = answers(row, language)
    assert overall(found) == row.verdict
    assert set(row.codes) <= set(codes(found))


def test_every_code_is_produced_by_some_network() -> None:
    """Those of Reachability Analyzer that the engine knows, each by a row in both languages."""
    rows = (*ROWS, *MORE)
    both = {code for row in rows if row.languages == LANGUAGES for code in row.codes}
    assert {reason.code for reason in Reason if not own(reason.code)} <= both


@pytest.mark.parametrize(("row", "language"), spelled(tuple(COVERED.values())))
def test_a_code_that_is_covered_has_its_network_too(row: Row, language: str) -> None:
    """The fault is found, under the code that the page names."""
    found = answers(row, language)
    assert overall(found) == row.verdict
    assert set(row.codes) <= set(codes(found))


def test_the_page_says_which_code_covers_which() -> None:
    """Each covered code is on the page beside a reason of the code that is reported for it."""
    section = PAGE.read_text().split("## Codes that another reason covers")[1].split("\n## ")[0]
    page = {code: names for code, names in listed() if f"`{code}`" in section}
    assert page.keys() == COVERED.keys()
    for code, names in page.items():
        assert set(COVERED[code].codes) <= {Reason[name].code for name in names}
