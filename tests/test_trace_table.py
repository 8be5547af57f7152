"""The table of a subnet: to another network by a gateway, and to another part of its own VPC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from iaclint.network import Gateway, Interface, Maybe, Middlebox, Subnet, Vpc
from iaclint.packet.prefix import PRIVATE, Family, addresses
from iaclint.resource import Resource
from iaclint.trace.local import inspected, local_step
from iaclint.trace.model import Direction, Reason, Step
from iaclint.trace.table import table_step, told
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, resource, table, vpc

Routes = tuple[tuple[str | Unknown, Maybe[Gateway]], ...]
NAT, IGW = gate("nat", kind="never"), gate("gate", HOME)
APPLIANCE = gate("appliance", kind="appliance")
CHECKING, FORWARDING = (
    gate(name, kind="interface", checks=checks, resource=resource(name))
    for name, checks in (("host", True), ("router", False))
)
BOX = Middlebox(
    address="box", label="box", kind="appliance", title="firewall", policy=SOME, span=line(8)
)


def blamed(step: Step) -> tuple[Reason, str, int]:
    """The reason, what has to change, and the line."""
    assert step.blocker is not None and step.span == step.blocker.at.span
    return step.blocker.reason, step.blocker.node.address, step.blocker.at.span.line


# ---- to another network ------------------------------------------------------------------------

AWAY = region("10.1.0.0/16")
LINK = gate("link", HOME, kind="network", title="peering connection", resource=resource("link"))
LOOKED_UP = Resource("aws_thing", "found", {}, line(80), "terraform", "data")
LOOSE = {"kind": "network", "title": "peering connection"}
THERE = vpc("there", "10.1.0.0/16")


def led(
    *routes: tuple[str | Unknown, Maybe[Gateway]],
    one: bool = True,
    direction: Direction = "reply",
    **more: Any,
) -> Step:
    """The hop to the other network by the table of a subnet."""
    subnet = place(table=table(*routes, **more))
    return table_step(host(subnet=subnet), AWAY, "ipv4", LINK, direction, THERE, one)


@pytest.mark.parametrize(
    ("routes", "verdict", "unknowns"),
    [
        ([("10.1.0.0/16", LINK)], "allow", []),
        ([("10.1.0.0/16", NAT), ("10.0.0.0/8", LINK)], "block", []),
        ([("10.1.0.0/17", LINK)], "unknown", []),
        ([("10.1.0.0/16", SOME)], "unknown", ["some"]),
        ([("10.1.0.0/16", APPLIANCE)], "unknown", ["appliance decides what passes"]),
        ([("10.1.0.0/16", FORWARDING)], "unknown", ["router decides what passes"]),
        ([("10.1.0.0/16", CHECKING)], "block", []),
        ([("10.1.0.0/16", gate("some", SOME, **LOOSE))], "unknown",
         ["whether some is link is not known"]),
        ([("10.1.0.0/16", gate("found", HOME, **LOOSE, resource=LOOKED_UP))], "unknown",
         ["whether found is link is not known"]),
        ([("10.1.0.0/16", gate("found", HOME, kind="network", resource=LOOKED_UP))], "block", []),
        ([("10.1.0.0/16", gate("some", SOME, **LOOSE, resource=resource("x")))], "block", []),
        ([("10.1.0.0/16", gate("some", SOME, HOME, **LOOSE))], "block", []),
        ([("10.1.0.0/16", gate("some", HOME, **LOOSE))], "block", []),
        ([("10.1.0.0/16", gate("some", **LOOSE))], "block", []),
        ([("10.1.0.0/16", gate("some", SOME, kind="network"))], "block", []),
        ([("10.1.0.0/16", gate("some", SOME, title="peering connection"))], "block", []),
    ],
    ids=["by the gateway", "the narrowest is another", "for one half", "to what is not known",
         "to an appliance", "to an instance that forwards", "to one that does not",
         "to one that may be the same", "to one that is looked up", "to another that is looked up",
         "to another that is made here", "to one of this VPC",
         "to one that is known", "to one that is attached to nothing",
         "to another kind of network", "to another kind of gateway"],
)  # fmt: skip
def test_a_table_leads_to_another_network(
    routes: list[tuple[str | Unknown, Maybe[Gateway]]], verdict: str, unknowns: list[str]
) -> None:
    step = led(*routes)
    assert (step.verdict, step.direction, step.one) == (verdict, "reply", True)
    assert [each.reason for each in step.unknowns] == unknowns
    verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[verdict]
    assert step.message == f"table {verb} to 10.1.0.0/16 by link"
    assert (step.blocker is None) is (verdict != "block")


def nat(subnet: Maybe[Subnet] | None) -> Gateway:
    return gate("nat", kind="never", title="NAT gateway", subnet=subnet)


@pytest.mark.parametrize(
    ("subnet", "verdict"),
    [
        (place(table=table(("10.1.0.0/16", LINK))), "unknown"),
        (place(table=table(("10.1.0.0/16", SOME))), "unknown"),
        (place(table=table(("0.0.0.0/0", IGW))), "block"),
        (place(table=table(("0.0.0.0/0", IGW), ("10.1.0.0/16", nat(None)))), "block"),
        (place(table=SOME), "unknown"),
        (SOME, "unknown"),
        (None, "unknown"),
    ],
    ids=["by the gateway", "to what is not known", "out only", "to another of its kind",
         "by a table that is not known", "in a subnet that is not known", "in none"],
)  # fmt: skip
def test_a_nat_gateway_takes_requests_on_where_its_own_table_leads_there(
    subnet: Maybe[Subnet] | None, verdict: str
) -> None:
    """Under its own address, so that rules may not let it in; it takes on no replies."""
    for block in ("10.1.0.0/16", "0.0.0.0/0"):
        step = led((block, nat(subnet)), direction="request")
        assert step.verdict == verdict
        why = [each.reason for each in step.unknowns]
        assert why == ["nat may lead the packets on, from an address of its own"] * (
            not step.blocker
        )
        assert led((block, nat(subnet))).verdict == "block"


def test_a_request_to_something_that_is_not_known_may_be_taken_on() -> None:
    step = led(("10.1.0.0/16", SOME), direction="request")
    assert (step.verdict, step.unknowns) == ("unknown", (SOME,))


@pytest.mark.parametrize(("found", "verdict"), [(LOOKED_UP, "unknown"), (resource("x"), "block")])
def test_a_route_may_lead_to_a_gateway_that_is_looked_up_beside_its_declaration(
    found: Resource, verdict: str
) -> None:
    """What is asked about is looked up; the route names one that is declared."""
    other = gate("found", HOME, **LOOSE, resource=found)
    subnet = place(table=table(("10.1.0.0/16", LINK)))
    step = table_step(host(subnet=subnet), AWAY, "ipv4", other, "reply", THERE)
    assert step.verdict == verdict


def test_of_many_clients_it_serves_some() -> None:
    """While an instance that has one address may have one of the others."""
    assert led(("10.1.0.0/17", LINK), one=False).verdict == "allow"


@pytest.mark.parametrize("subnet", [SOME, place()], ids=["the subnet", "its table"])
def test_a_table_may_not_be_known(subnet: Maybe[Subnet]) -> None:
    step = table_step(host(subnet=subnet), AWAY, "ipv4", LINK, "reply", THERE)
    assert (step.verdict, step.direction, step.one) == ("unknown", "reply", True)
    assert step.unknowns == (SOME,)


def test_routes_of_a_table_may_not_be_known() -> None:
    step = led(rest=OTHER)
    assert (step.verdict, step.unknowns) == ("unknown", (OTHER,))


@pytest.mark.parametrize(
    ("routes", "more", "expected"),
    [
        ((), {}, (Reason.NO_PEER_ROUTE, "table", 20)),
        ((("0.0.0.0/0", IGW),), {}, (Reason.NO_PEER_ROUTE, "table", 20)),
        ((("0.0.0.0/1", IGW),), {}, (Reason.NO_PEER_ROUTE, "table", 20)),
        ((("0.0.0.0/2", NAT),), {}, (Reason.PEER_ROUTE_ELSEWHERE, "table", 21)),
        ((("0.0.0.0/0", IGW), ("10.0.0.0/8", NAT)), {}, (Reason.PEER_ROUTE_ELSEWHERE, "table", 22)),
        ((("10.0.0.0/8", NAT),), {"span": None}, (Reason.PEER_ROUTE_ELSEWHERE, "home", 21)),
        ((), {"span": None}, (Reason.NO_PEER_ROUTE, "home", 1)),
        (((SOME, NAT),), {}, (Reason.NO_PEER_ROUTE, "table", 20)),
        (((SOME, NAT), ("10.0.0.0/8", NAT)), {}, (Reason.PEER_ROUTE_ELSEWHERE, "table", 22)),
    ],
    ids=["nothing", "a default route is no answer", "nor one for a half", "one for a quarter is",
         "the narrowest", "of a table that nobody wrote", "nothing in such a one",
         "nor is one for nobody knows whom", "beside another that is"],
)  # fmt: skip
def test_what_has_to_change_where_a_table_does_not_lead_there(
    routes: Routes, more: dict[str, Any], expected: tuple[Reason, str, int]
) -> None:
    step = led(*routes, **more)
    assert blamed(step) == expected
    assert step.blocker is not None and step.blocker.about[0] is LINK


def test_a_missing_route_names_the_network_that_it_is_for() -> None:
    """By the VPC, whichever host of it is meant; the subnet is shown beside its table."""
    subnet, far = place(table=table()), place("far", vpc=THERE)
    for end, name in ((THERE, "there"), (host(subnet=far), "there"), (host("lost"), "lost")):
        step = table_step(host(subnet=subnet), AWAY, "ipv4", LINK, "request", end)
        assert step.blocker is not None and step.blocker.toward == f"link {name}"
        assert [label.text for label in step.blocker.near] == ["uses this table"]
    alone = place(table=table(span=None))
    step = table_step(host(subnet=alone), AWAY, "ipv4", LINK, "request", THERE)
    assert step.blocker is not None
    assert [label.text for label in step.blocker.near] == ["uses the table"]


def test_nearly_all_private_addresses_are_told_by_whose_they_are() -> None:
    """All but a few: those of the own VPC."""
    private = addresses(PRIVATE, "ipv4")
    own, several = region("10.0.0.0/11") | region("10.32.0.0/13"), region("10.0.0.0/10")
    assert told(private - own, "ipv4", THERE) == "the block of there"
    assert told(private - own, "ipv4", host("lost")) == "a connected network"
    assert "10.128.0.0/9" in told(private - several, "ipv4", THERE)


@pytest.mark.parametrize("home", [OTHER, vpc("default", "172.31.0.0/16", span=None)])
def test_where_nobody_wrote_the_vpc_either_the_subnet_is_to_be_changed(home: Maybe[Vpc]) -> None:
    alone = place(vpc=home, table=table(span=None))
    step = table_step(host(subnet=alone), AWAY, "ipv4", LINK, "request", THERE)
    assert blamed(step) == (Reason.NO_PEER_ROUTE, "subnet", 4)


def test_what_is_for_the_own_block_never_leaves() -> None:
    """Whatever wider route there is, as the local route is narrower."""
    twin = region("192.168.7.0/24")
    subnet = place(table=table(("192.0.0.0/8", LINK)))
    step = table_step(host(subnet=subnet), twin, "ipv4", LINK, "request", THERE)
    assert blamed(step) == (Reason.OVERLAP, "table", 20)
    narrow = place(table=table(("192.168.7.0/24", LINK)))
    assert table_step(host(subnet=narrow), twin, "ipv4", LINK, "request", THERE).verdict == "allow"
    replaced = place(table=table(("192.168.0.0/16", LINK)))
    assert (
        table_step(host(subnet=replaced), twin, "ipv4", LINK, "request", THERE).verdict == "allow"
    )
    lost = place(table=table(("192.0.0.0/8", LINK)), vpc=SOME)
    assert table_step(host(subnet=lost), twin, "ipv4", LINK, "request", THERE).verdict == "allow"


# ---- inside of the VPC -------------------------------------------------------------------------

BACK = region("192.168.2.0/24")
DB = host("db", resource=resource("db"))
ITSELF = gate("db", kind="interface", checks=True, resource=DB.resource)
LOCAL = gate("local", kind="local")


@dataclass(frozen=True)
class Case:
    """A sentence, the routes, and the verdict; none where the table has no say."""

    says: str
    routes: Routes
    verdict: str | None
    unknown: str = ""
    through: Middlebox | None = None
    family: Family = "ipv4"


CASES = (
    Case("no route but the local one", (), None),
    Case("a route out of the VPC", (("0.0.0.0/0", IGW),), None),
    Case("the local route, written down", (("192.168.0.0/16", LOCAL),), None),
    Case("a route for the other family", (("2600:1f14:0:1::/64", NAT),), None),
    Case("a route for nobody knows whom", ((SOME, NAT),), None),
    Case("a narrower one for others", (("192.168.9.0/24", NAT),), "allow"),
    Case("for the other end", (("192.168.2.0/24", NAT),), "block"),
    Case("for one half of them", (("192.168.2.0/25", NAT),), "unknown"),
    Case("to the other end itself", (("192.168.2.0/24", ITSELF),), "allow"),
    Case("to somebody who takes nothing for others", (("192.168.2.0/24", CHECKING),), "block"),
    Case("to somebody who may forward it", (("192.168.2.0/24", FORWARDING),), "unknown",
         "router decides what passes"),
    Case("to an appliance", (("192.168.2.0/24", APPLIANCE),), "unknown",
         "appliance decides what passes"),
    Case("to something that is not known", (("192.168.2.0/24", SOME),), "unknown", "some"),
    Case("to the firewall that is asked elsewhere", (("192.168.2.0/24", BOX),), "allow", "", BOX),
    Case("past it", (("192.168.2.0/25", BOX), ("192.168.2.128/25", NAT)), "unknown", "", BOX),
)  # fmt: skip


def inside(routes: Routes, family: Family, through: Middlebox | None) -> list[Step]:
    one = host(subnet=place(table=table(*routes)))
    return list(local_step(one, DB, BACK, family, "request", True, through))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_table_inside_of_a_vpc(case: Case) -> None:
    steps = inside(case.routes, case.family, case.through)
    assert [step.verdict for step in steps] == ([case.verdict] if case.verdict else [])
    for step in steps:
        assert [each.reason for each in step.unknowns] == ([case.unknown] if case.unknown else [])
        verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
        assert step.message == f"table {verb} to 192.168.2.0/24"
        assert (step.direction, step.one) == ("request", True)
        assert (step.blocker is None) is (case.verdict != "block")


def test_two_interfaces_that_are_made_elsewhere_are_not_one() -> None:
    """A route to one that is known by its id alone is not one to the other end."""
    one = host(subnet=place(table=table(("192.168.2.0/24", gate("eni", kind="interface")))))
    (step,) = local_step(one, host("far"), BACK, "ipv4", "request", True)
    assert step.verdict == "unknown"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (NAT, (Reason.LOCAL_ELSEWHERE, "table", 21)),
        (CHECKING, (Reason.SOURCE_CHECK, "host", 21)),
    ],
)
def test_what_has_to_change_where_a_table_leads_elsewhere(
    target: Gateway, expected: tuple[Reason, str, int]
) -> None:
    """The route; or the check of the interface that is to forward."""
    (step,) = inside((("192.168.2.0/24", target),), "ipv4", None)
    assert blamed(step) == expected


LEADS = table(("192.168.2.0/24", BOX))
HALVES = table(("192.168.2.0/25", BOX), ("192.168.2.128/25", FORWARDING))


@pytest.mark.parametrize(
    ("subnet", "crosses", "box"),
    [
        (place(table=LEADS), True, BOX),
        (place(table=LEADS), False, None),
        (place(table=HALVES), True, None),
        (place(table=table(("192.168.2.0/24", BOX), rest=SOME)), True, None),
        (place(table=table(("192.168.2.0/24", FORWARDING))), True, None),
        (place(), True, None),
        (place(table=LEADS, vpc=SOME), True, None),
        (SOME, True, None),
    ],
    ids=["all of it", "nothing inside of the subnet", "half of it", "perhaps", "to no firewall",
         "by an unknown table", "in an unknown VPC", "from an unknown subnet"],
)  # fmt: skip
def test_a_table_sends_what_is_for_the_other_end_through_a_firewall(
    subnet: Maybe[Subnet], crosses: bool, box: Middlebox | None
) -> None:
    one: Interface = host(subnet=subnet)
    assert inspected(one, BACK, "ipv4", crosses) is box


@pytest.mark.parametrize(
    ("subnet", "crosses", "says"),
    [
        (place(table=table(("192.168.2.0/24", NAT))), True, True),
        (place(table=table(("192.168.2.0/24", NAT))), False, False),
        (place(), True, False),
        (place(table=LEADS, vpc=SOME), True, False),
        (SOME, True, False),
    ],
)
def test_a_table_has_no_say_within_its_subnet_or_where_nothing_is_known(
    subnet: Maybe[Subnet], crosses: bool, says: bool
) -> None:
    steps = local_step(host(subnet=subnet), DB, BACK, "ipv4", "request", crosses)
    assert bool(list(steps)) is says


def test_a_part_of_the_addresses_is_a_part_of_the_answer() -> None:
    (step,) = inside((("192.168.2.0/25", NAT),), "ipv4", None)
    half = region("192.168.2.128/25")
    assert step.possible <= half and half <= step.possible
