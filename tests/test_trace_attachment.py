"""
The ACLs of the subnets in which a VPC meets its transit gateway, in both languages.
"""

from __future__ import annotations

import pytest

from iaclint.network import Acl, Attachment, Maybe, Subnet
from iaclint.packet.prefix import INTERNET
from iaclint.packet.service import SSH as SERVICE
from iaclint.query import overall
from iaclint.trace.acl import acl_step
from iaclint.trace.attachment import filtered, shares
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY
from iaclint.value import Unknown
from tests.asked import answers, codes, spelled
from tests.blocks import NOTHING, SSH, TGW, Entry, Text, Value, acl, group, lets, made, ref, subnet
from tests.connections import OTHER, VPC_ATTACHMENT, attached, hub
from tests.parts import HOME, line
from tests.parts import host as interface
from tests.parts import place as place_of
from tests.scenarios import ACROSS, DENIED, FAR, NO_RULES, TERRAFORM, B, R, Row, U, joined

UNKNOWN = ("var.some", "!ImportValue Some")
IN, OUT = lets("ingress"), lets("egress")
NEAR, HERE, HALF = "10.0.0.0/16", "10.1.1.0/24", "10.1.1.0/25"


def only(side: str, block: str) -> Entry:
    """An entry for one block."""
    return lets(side)._replace(peer=block)


def shut(place: str, *entries: Entry) -> Text:
    """An ACL of a subnet in the VPC `other`."""
    return acl(place, *entries, home="other")


def at(*places: str, appliance: bool = False) -> Text:
    """`web` and `db` over a transit gateway; the VPC of `db` is attached in these subnets."""
    named: list[Value] = [UNKNOWN if one == "?" else ref("aws_subnet", one) for one in places]
    mode = Text('appliance_mode_support = "enable"\n', "Options: {ApplianceModeSupport: enable}")
    own = made(
        VPC_ATTACHMENT, "other", "EC2::TransitGatewayAttachment", mode if appliance else NOTHING,
        transit_gateway_id=ref("aws_ec2_transit_gateway", "hub"), vpc_id=OTHER, subnet_ids=named,
    )  # fmt: skip
    some = Text('variable "some" {}\n', "")
    return joined(TGW) + some + hub() + attached("home", "front") + own


def place(name: str, number: int, zone: str = "") -> Text:
    """A further subnet of the VPC `other`."""
    return subnet(name, f"10.1.{number}.0/28", home="other", zone=zone)


EDGE, VERGE = place("edge", 8), place("verge", 9)
A, B_ = "eu-west-1a", "eu-west-1b"
ZONED = (FAR, subnet("far", HERE, home="other", zone=A))
TWO = at("edge", "verge") + EDGE + VERGE
TWO_ZONES = at("edge", "verge").swap(*ZONED) + place("edge", 8, A) + place("verge", 9, B_)
ONE_ZONE = at("edge", "verge").swap(*ZONED) + place("edge", 8, A) + VERGE
BESIDE = at("far", "edge") + EDGE
CLOSED = (group("db", SSH, home="other"), group("db", home="other"))
DEFAULT = made(
    "aws_network_acl_rule", "more", "EC2::NetworkAclEntry",
    Text('protocol = "tcp"\nfrom_port = 22\nto_port = 22\n',
         "Protocol: 6, PortRange: {From: 22, To: 22}"),
    network_acl_id=("aws_vpc.other.default_network_acl_id", "!GetAtt OtherVpc.DefaultNetworkAcl"),
    rule_number=50, rule_action="deny", egress=True, cidr_block=HERE,
)  # fmt: skip

ROWS = (
    Row(1, "What is for the host leaves the subnet of the attachment.", at("edge") + EDGE
        + shut("edge", IN), ACROSS, B, DENIED),
    Row(1, "What the host answers comes into it.", at("edge") + EDGE + shut("edge", OUT), ACROSS,
        B, DENIED),
    Row(1, "Both, and the default ACL.", at("edge") + EDGE + shut("edge", IN, OUT), ACROSS, R),
    Row(1, "The default ACL with an entry before its own.", at("edge") + EDGE + DEFAULT, ACROSS, B,
        DENIED),
    Row(1, "The host may be one of those whose packets are let in.",
        at("edge") + EDGE + shut("edge", OUT, only("ingress", HALF)), ACROSS, U),
    Row(1, "The ACL of the host counts beside it.", at("edge") + EDGE + shut("far", OUT), ACROSS,
        B, DENIED),
    Row(2, "Of two subnets it is not known which one is used.", TWO + shut("edge"), ACROSS, U),
    Row(2, "The other way round.", TWO + shut("verge"), ACROSS, U),
    Row(2, "Neither lets anything through.", TWO + shut("edge") + shut("verge"), ACROSS, B, DENIED),
    Row(2, "Both let everything through.", TWO + shut("edge", IN, OUT) + shut("verge", IN, OUT),
        ACROSS, R),
    Row(3, "Answers stay in the zone of the host.", TWO_ZONES + shut("verge", OUT), ACROSS, R),
    Row(3, "That zone counts.", TWO_ZONES + shut("edge", OUT), ACROSS, B, DENIED),
    Row(3, "The zone of the client is not known, so that either may be used.",
        TWO_ZONES + shut("verge", IN), ACROSS, U),
    Row(3, "Appliance mode chooses the zone.",
        at("edge", "verge", appliance=True).swap(*ZONED) + place("edge", 8, A)
        + place("verge", 9, B_) + shut("verge", OUT), ACROSS, U),
    Row(3, "A subnet whose zone is not known may be in the same one.",
        ONE_ZONE + shut("verge", OUT), ACROSS, U),
    Row(4, "In the subnet of the host answers do not come in again.",
        BESIDE + shut("far", IN, OUT) + shut("edge", OUT), ACROSS, R),
    Row(4, "Nor do requests leave it.",
        BESIDE + shut("far", IN, only("egress", NEAR)), ACROSS, R),
    Row(4, "But the subnet that is used may be the other one.", BESIDE + shut("edge", IN), ACROSS,
        U),
    Row(4, "The group of the host counts in the same subnet.", at("far").swap(*CLOSED), ACROSS, B,
        NO_RULES),
    Row(4, "And where it is not known whether it is the same.", BESIDE.swap(*CLOSED), ACROSS, B,
        NO_RULES),
    Row(5, "Where a subnet is not known, an ACL of the VPC may be the one.",
        at("?") + EDGE + shut("edge"), ACROSS, U),
    Row(5, "It may be that of the host, whose own then does not count.", at("?") + shut("far", OUT),
        ACROSS, U),
    Row(5, "One of another VPC is not.",
        at("?") + subnet("spare", "10.0.9.0/24") + acl("spare"), ACROSS, R),
)  # fmt: skip


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_the_acl_where_the_gateway_is_attached_counts(row: Row, language: str) -> None:
    """Each row says it in a sentence."""
    found = answers(row, language)
    assert (overall(found), codes(found)) == (row.verdict, row.codes)


OTHERS_IN = BESIDE + shut("far", only("ingress", "10.1.0.0/16"), OUT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (OTHERS_IN, "in which zone aws_ec2_transit_gateway_vpc_attachment.other is used"),
        (TWO + shut("edge"), "which subnet of aws_ec2_transit_gateway_vpc_attachment.other"),
    ],
)
def test_which_subnet_is_used_is_what_is_not_known(text: Text, why: str) -> None:
    """The ACL of the host keeps requests out that come from another subnet."""
    row = Row(6, "", text, ACROSS, U, languages=TERRAFORM)
    (answer,) = answers(row, "terraform")
    assert answer.verdict == U
    assert {reason[: len(why)] for reason, _ in answer.unknown} == {why}


# ---- whether what comes from the gateway comes out in the subnet of a host -----------------------

ONE, OTHERS, REST = (place_of(name) for name in ("one", "others", "rest"))
LOST = Unknown("lost")


@pytest.mark.parametrize(
    ("subnets", "receiver", "expected"),
    [
        ((ONE,), ONE, True),
        ((ONE,), OTHERS, False),
        ((ONE, OTHERS), ONE, None),
        ((ONE, OTHERS), REST, False),
        ((ONE,), place_of("some", among=(ONE, OTHERS)), None),
        ((OTHERS,), place_of("some", among=(ONE, OTHERS)), None),
        ((REST,), place_of("some", among=(ONE, OTHERS)), False),
        ((LOST,), ONE, None),
        ((ONE, LOST), ONE, None),
        ((ONE,), LOST, False),
        ((LOST,), LOST, True),
    ],
    ids=["it is", "it is another", "one of two", "none of two", "it may be", "or be the second",
         "none of those it may be", "it is not known where", "perhaps elsewhere",
         "of a host whose subnet is not known", "the same value for both"],
)  # fmt: skip
def test_whether_the_gateway_is_in_the_subnet_of_a_host(
    subnets: tuple[Maybe[Subnet], ...], receiver: Maybe[Subnet], expected: bool | None
) -> None:
    """None where it is not known."""
    end = Attachment(address="end", label="end", transit=LOST, vpc=HOME, subnets=subnets)
    found = shares(end, interface(subnet=receiver), "")
    assert (None if isinstance(found, Unknown) else found) is expected


CLOSED_ACL, OPEN_ACL = (
    Acl(address=name, label=name, vpc=HOME, span=line(30), allows_all=name == "open")
    for name in ("closed", "open")
)


@pytest.mark.parametrize(
    ("same", "acl", "expected"),
    [
        (False, CLOSED_ACL, ["closed block", "eni unknown"]),
        (True, CLOSED_ACL, ["eni unknown"]),
        (LOST, CLOSED_ACL, ["closed unknown lost", "eni unknown"]),
        (LOST, OPEN_ACL, ["open allow", "eni unknown"]),
        (LOST, LOST, ["network ACL unknown lost", "eni unknown"]),
    ],
    ids=["another subnet", "the same", "perhaps the same", "one that lets all in", "some ACL"],
)
def test_no_acl_is_passed_into_the_subnet_in_which_the_gateway_is(
    same: Maybe[bool], acl: Maybe[Acl], expected: list[str]
) -> None:
    some = interface("eni", groups=(Unknown(""),))
    group_hop = group_step(some, Peer(INTERNET["ipv4"]), "ipv4", SERVICE)
    acl_hop = acl_step(acl, "request", False, "ipv4", SERVICE, INTERNET["ipv4"], False, NOBODY)
    found = filtered([acl_hop, group_hop], same)
    assert [
        " ".join((s.node.address, s.verdict, *(u.reason for u in s.unknowns if u.reason)))
        for s in found
    ] == expected
