"""Out of a VPC to the internet: by the table of a subnet, and between its ACL there and back."""

from __future__ import annotations

from typing import Any

import pytest

from iaclint.network import Acl, AclEntry, Gateway, Maybe, PublicAddress, Subnet
from iaclint.packet.prefix import INTERNET, Family, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import PING, TCP, Service, Traffic
from iaclint.trace.model import Reason, Step
from iaclint.trace.outward import Departure
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, table, vpc

AWAY = vpc("away", "10.0.0.0/16")
IGW = gate("igw", HOME)
ALL = Acl(address="acl", label="acl", vpc=HOME, allows_all=True)
EGRESS = gate("eigw", HOME, kind="never", title="egress-only internet gateway")
APPLIANCE, UNKNOWN = gate("box", kind="appliance"), gate("thing", kind="unknown")
CHECKING, FORWARDING = (
    gate(name, kind="interface", checks=checks) for name, checks in (("host", True), ("fw", False))
)
PLAIN, GRE = Service("tcp/443", "HTTPS", TCP, 443), Service("gre", "GRE", 47)


def nat(subnet: Maybe[Subnet] | None, **more: Any) -> Gateway:
    return gate("nat", kind="never", title="NAT gateway", subnet=subnet, **more)


def public(*routes: tuple[str | Unknown, Maybe[Gateway]], **more: Any) -> Subnet:
    """The subnet of a NAT gateway."""
    given = {"acl": ALL, "table": table(*(routes or (("0.0.0.0/0", IGW),))), **more}
    return place("public", **given)


def steps(
    subnet: Maybe[Subnet],
    *,
    peers: Region | None = None,
    family: Family = "ipv4",
    service: Service = PLAIN,
    has: Maybe[bool] = True,
    ipv6: Maybe[bool] = True,
) -> list[Step]:
    one = host(subnet=subnet, ipv6=ipv6, public=PublicAddress(has=has, why=""))
    return list(Departure(one, peers or INTERNET[family], family, service).steps())


def out(*routes: tuple[str | Unknown, Maybe[Gateway]], **more: Any) -> Step:
    """The hop by the table of a subnet."""
    where = {name: more.pop(name) for name in ("vpc",) if name in more}
    return steps(place(table=table(*routes), acl=ALL, **where), **more)[1]


# ---- by a gateway ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "target", "more", "verdict", "unknowns"),
    [
        ("0.0.0.0/0", IGW, {}, "allow", []),
        ("0.0.0.0/1", IGW, {}, "allow", []),
        ("0.0.0.0/0", IGW, {"has": False}, "block", []),
        ("0.0.0.0/0", IGW, {"has": SOME}, "unknown", ["some"]),
        ("0.0.0.0/0", gate("igw", AWAY), {}, "block", []),
        ("0.0.0.0/0", gate("igw", SOME), {}, "unknown", ["some"]),
        ("0.0.0.0/0", IGW, {"vpc": OTHER}, "unknown", ["other"]),
        ("0.0.0.0/0", SOME, {}, "unknown", ["some"]),
        ("0.0.0.0/0", CHECKING, {}, "block", []),
        ("0.0.0.0/0", FORWARDING, {}, "unknown", ["what is behind fw is not known"]),
        ("0.0.0.0/0", APPLIANCE, {}, "unknown", ["what is behind box is not known"]),
        ("0.0.0.0/0", UNKNOWN, {}, "unknown", ["what is behind thing is not known"]),
        ("0.0.0.0/0", gate("vgw", kind="never"), {}, "block", []),
        ("::/0", IGW, {"family": "ipv6"}, "allow", []),
        ("::/0", IGW, {"family": "ipv6", "ipv6": False}, "block", []),
        ("::/0", EGRESS, {"family": "ipv6", "has": False}, "allow", []),
        ("::/0", EGRESS, {"family": "ipv6", "ipv6": OTHER}, "unknown", ["other"]),
        (SOME, EGRESS, {}, "block", ["some"]),
    ],
    ids=["of its VPC", "for one half", "without a public address", "perhaps without one",
         "of another VPC", "of one that is not known", "where its own VPC is not known",
         "that is not known", "a host that forwards nothing", "one that forwards", "an appliance",
         "something", "a gateway that leads nowhere", "over IPv6", "without an IPv6 address",
         "one for IPv6 only", "perhaps without an IPv6 address", "that one never takes IPv4"],
)  # fmt: skip
def test_a_gateway_leads_to_the_internet(
    to: str | Unknown, target: Maybe[Gateway], more: dict[str, Any], verdict: str,
    unknowns: list[str],
) -> None:  # fmt: skip
    step = out((to, target), **more)
    assert (step.verdict, step.direction, step.one) == (verdict, "request", False)
    assert [each.reason for each in step.unknowns] == unknowns
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[verdict]
    assert step.message == f"table {verb} out"
    assert (step.blocker is None) is (verdict != "block")


@pytest.mark.parametrize("subnet", [SOME, place(table=SOME, acl=ALL)], ids=["subnet", "table"])
def test_who_does_not_know_the_table_knows_no_way_and_excludes_none(subnet: Maybe[Subnet]) -> None:
    step = steps(subnet)[1]
    assert (step.verdict, step.direction, step.unknowns) == ("unknown", "request", (SOME,))
    assert step.message == "some"


def test_what_is_for_the_own_vpc_does_not_leave_it() -> None:
    """However wide the route of a gateway is; a block that is not known is not left out."""
    wide, own = region("192.168.0.0/15"), region("192.168.0.0/16")
    step = out(("0.0.0.0/0", IGW), peers=wide)
    assert step.possible <= wide - own and wide - own <= step.sure
    behind = out(("0.0.0.0/0", nat(public())), peers=wide)
    assert behind.verdict == "allow"
    inner = public(("192.168.0.0/16", SOME), ("0.0.0.0/0", IGW))
    assert out(("0.0.0.0/0", nat(inner)), peers=wide).verdict == "allow"
    lost = vpc("lost", prefixes=(SOME, parse_prefix("192.168.0.0/16")))
    step = out(("0.0.0.0/0", gate("igw", lost)), peers=wide, vpc=lost)
    assert step.possible <= wide - own and step.verdict == "allow"


# ---- by a NAT gateway --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gateway", "service", "verdict"),
    [
        (nat(public()), PLAIN, "allow"),
        (nat(public()), PING, "allow"),
        (nat(public()), GRE, "block"),
        (nat(public(), private=True), PLAIN, "block"),
        (nat(public(), private=SOME), PLAIN, "unknown"),
        (nat(None), PLAIN, "allow"),
        (nat(SOME), PLAIN, "unknown"),
        (nat(public(table=SOME)), PLAIN, "unknown"),
        (nat(public(table=table())), PLAIN, "block"),
        (nat(public(("0.0.0.0/0", SOME))), PLAIN, "unknown"),
        (nat(public(("0.0.0.0/0", CHECKING))), PLAIN, "block"),
        (nat(public(("0.0.0.0/0", FORWARDING))), PLAIN, "unknown"),
        (nat(public(("0.0.0.0/0", gate("igw", AWAY)))), PLAIN, "block"),
        (nat(public(vpc=SOME)), PLAIN, "unknown"),
        (nat(public(acl=SOME)), PLAIN, "unknown"),
        (nat(public(acl=Acl(address="shut", label="shut", vpc=HOME, span=line(9)))), PLAIN,
         "block"),
    ],
    ids=["in a public subnet", "a ping", "another protocol", "a private one", "perhaps one",
         "made elsewhere", "in a subnet that is not known", "with a table that is not known",
         "without a route", "with a route to something", "to a host that forwards nothing",
         "to one that forwards", "to a gateway of another VPC", "in a VPC that is not known",
         "behind an ACL that is not known", "behind one that is shut"],
)  # fmt: skip
def test_a_nat_gateway_leads_on_as_its_own_subnet_does(
    gateway: Gateway, service: Service, verdict: str
) -> None:
    assert out(("0.0.0.0/0", gateway), has=False, service=service).verdict == verdict


def test_what_is_not_known_behind_a_nat_gateway_is_said() -> None:
    for subnet in (public(("0.0.0.0/0", OTHER)), public(acl=OTHER)):
        assert out(("0.0.0.0/0", nat(subnet)), has=False).unknowns == (OTHER,)


def entry(
    number: int,
    egress: bool,
    block: str,
    first: int,
    last: int = 65535,
    protocol: Maybe[int] = TCP,
) -> AclEntry:
    traffic = protocol if isinstance(protocol, Unknown) else Traffic(protocol, (first, last))
    return AclEntry(
        address="acl", label="acl", span=line(30 + number), number=number, egress=egress,
        allow=True, traffic=traffic, prefix=parse_prefix(block),
    )  # fmt: skip


EVERY, HALF, OWN, OWN_HALF = "0.0.0.0/0", "0.0.0.0/1", "192.168.0.0/16", "192.168.0.0/17"
OUT, ANSWERED = entry(1, True, EVERY, 443, 443), entry(2, False, EVERY, 1024)
TAKEN, GIVEN_BACK = entry(3, False, OWN, 443, 443), entry(4, True, OWN, 1024)
IN_HALF, BACK_IN_HALF = entry(3, False, OWN_HALF, 443, 443), entry(4, True, OWN_HALF, 1024)


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([OUT, ANSWERED, TAKEN, GIVEN_BACK], "allow"),
        ([ANSWERED, TAKEN, GIVEN_BACK], "block"),
        ([OUT, TAKEN, GIVEN_BACK], "block"),
        ([OUT, ANSWERED, GIVEN_BACK], "block"),
        ([OUT, ANSWERED, TAKEN], "block"),
        ([OUT, ANSWERED, IN_HALF, GIVEN_BACK], "unknown"),
        ([OUT, ANSWERED, TAKEN, BACK_IN_HALF], "unknown"),
        ([OUT, ANSWERED, TAKEN, GIVEN_BACK, entry(5, False, EVERY, 0, protocol=SOME)], "allow"),
        ([OUT, ANSWERED, GIVEN_BACK, entry(5, False, EVERY, 0, protocol=SOME)], "unknown"),
    ],
    ids=["four ways", "no request out", "no reply in", "no request in", "no reply out",
         "requests of some hosts", "replies to some hosts", "what is not known comes last",
         "what is not known may let it in"],
)  # fmt: skip
def test_the_acl_of_a_nat_gateway_counts_on_both_of_its_sides(
    entries: list[AclEntry], verdict: str
) -> None:
    """There and back, to the internet and to the host."""
    subnet = public(acl=Acl(address="acl", label="acl", vpc=HOME, span=line(9), entries=entries))
    step = out((EVERY, nat(subnet)), has=False)
    assert step.verdict == verdict
    assert step.unknowns or verdict != "unknown"


@pytest.mark.parametrize(
    ("entries", "to"),
    [
        ([entry(1, True, HALF, 443, 443), ANSWERED, TAKEN, GIVEN_BACK], EVERY),
        ([OUT, entry(2, False, HALF, 1024), TAKEN, GIVEN_BACK], EVERY),
        ([OUT, ANSWERED, TAKEN, GIVEN_BACK], HALF),
    ],
    ids=["requests", "replies", "routes"],
)
def test_a_nat_gateway_leads_to_what_its_subnet_lets_through(
    entries: list[AclEntry], to: str
) -> None:
    acl = Acl(address="acl", label="acl", vpc=HOME, span=line(9), entries=entries)
    step = out((EVERY, nat(public((to, IGW), acl=acl))), has=False)
    assert step.verdict == "allow"
    assert step.possible <= region(HALF) and region("52.0.0.0/8") <= step.sure


# ---- the groups and the ACL --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "verdicts"),
    [
        ([entry(1, True, HALF, 443), entry(2, False, HALF, 1024)], ["allow", "allow"]),
        ([entry(1, True, HALF, 443), entry(2, True, HALF, 1024)], ["allow", "block"]),
        ([entry(1, False, HALF, 1024), entry(2, False, HALF, 443)], ["block", "allow"]),
        ([], ["block", "block"]),
    ],
    ids=["both ways for some", "no reply", "no request", "nothing"],
)
def test_an_acl_lets_requests_out_and_replies_in(
    entries: list[AclEntry], verdicts: list[str]
) -> None:
    acl = Acl(address="acl", label="acl", span=line(30), vpc=HOME, entries=entries)
    there, _, back = steps(place(table=table(("0.0.0.0/0", IGW)), acl=acl))
    assert [there.verdict, back.verdict] == verdicts
    assert (there.direction, back.direction) == ("request", "reply")


def test_nothing_filters_an_interface_without_groups() -> None:
    found = steps(place(table=table(("0.0.0.0/0", IGW)), acl=ALL))
    assert [step.verdict for step in found] == ["allow"] * 3


# ---- what has to change ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "more", "reason", "at"),
    [
        (IGW, {"has": False}, Reason.NO_ADDRESS_OUT, 21),
        (gate("igw", AWAY), {"has": False}, Reason.NO_WAY_OUT, 21),
        (nat(public()), {"service": GRE}, Reason.NAT_PROTOCOL, 21),
        (nat(public(), private=True), {"service": GRE}, Reason.NO_WAY_OUT, 21),
        (CHECKING, {"service": GRE}, Reason.NO_WAY_OUT, 21),
        (EGRESS, {"has": False}, Reason.NO_WAY_OUT, 21),
        (None, {}, Reason.NO_WAY_OUT, 20),
    ],
    ids=["an address", "the gateway", "the protocol", "a private NAT gateway", "the target",
         "a gateway of IPv6", "a route"],
)  # fmt: skip
def test_what_has_to_change_where_nothing_leads_out(
    target: Gateway | None, more: dict[str, Any], reason: Reason, at: int
) -> None:
    step = out(*((("0.0.0.0/0", target),) if target else ()), **more)
    assert step.blocker is not None and step.span == step.blocker.at.span
    assert (step.blocker.reason, step.blocker.at.span.line) == (reason, at)
    assert step.blocker.node.address == "table"


def test_a_table_that_nobody_wrote_is_changed_by_its_subnet() -> None:
    subnet = place(table=table(span=None), acl=ALL)
    blocker = steps(subnet)[1].blocker
    assert blocker is not None and (blocker.node, blocker.at.span) == (subnet, subnet.span)
