"""
The hops over transit gateways, asked directly: which ways there are, and what each table says.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from iaclint.network import (
    Attachment,
    FirewallAction,
    FirewallPolicy,
    Maybe,
    Middlebox,
    Network,
    Subnet,
    TransitTable,
    Verdicts,
)
from iaclint.packet.service import SSH
from iaclint.resource import Resource
from iaclint.trace.firewall import Question
from iaclint.trace.model import Direction, Reason, Step
from iaclint.trace.transit import Hops, transit_paths, transit_steps, turned
from iaclint.value import Unknown
from tests.parts import (
    HUB,
    OTHER,
    SOME,
    attached,
    gate,
    host,
    line,
    peered,
    place,
    region,
    table,
    transit_table,
    vpc,
)

NEAR, FAR = vpc("near", "10.0.0.0/16"), vpc("far", "10.1.0.0/16")
THERE, SIX = region("10.1.0.0/16"), region("2600:1f14::/56")
BLOCK, PART = "10.1.0.0/16", "10.1.1.0/24"
Routes = tuple[tuple[str | Unknown, Maybe[Attachment] | None], ...]


def steps(
    here: Attachment, there: Attachment, direction: Direction = "request", **more: Any
) -> list[Step]:
    """The hops over one transit gateway."""
    given = {"peers": THERE, "source": None, "family": "ipv4", "direction": direction, **more}
    return list(transit_steps(((here, there),), **given))


def by(found: TransitTable | Unknown | None, there: Attachment, **more: Any) -> Step:
    """The hop by a table of what comes from the VPC `near`."""
    (step,) = steps(attached("here", NEAR, table=found, **more), there)
    return step


# ---- which ways there are ----------------------------------------------------------------------

HUBS = [gate(f"hub{n}", kind="network", title="transit gateway") for n in range(6)]


def ways(here: Attachment, there: Attachment, *between: tuple[Attachment, Attachment]) -> list[str]:
    """Each way as the attachments it leaves by."""
    network = Network(attachments=[here, there, *(end for pair in between for end in pair)])
    found = transit_paths(network, here, there)
    return [" ".join(out.address for _, out in hops) for hops in found]


def test_two_networks_at_one_gateway_are_one_hop_apart() -> None:
    assert ways(attached("here"), attached("there")) == ["there"]


def test_nothing_leads_over_a_gateway_that_is_not_known() -> None:
    assert ways(attached("here", transit=SOME), attached("there", transit=SOME)) == []
    link = peered("link", HUB, HUBS[0])
    link[1].transit = SOME
    assert ways(attached("here"), attached("there", transit=SOME), link) == []


def test_a_peering_of_other_gateways_leads_nowhere_from_here() -> None:
    here, there = attached("here", transit=HUBS[0]), attached("there", transit=HUBS[2])
    assert ways(here, there, peered("link", HUBS[1], HUBS[2])) == []


def test_a_way_comes_by_each_gateway_once() -> None:
    here, there = attached("here", transit=HUBS[0]), attached("there", transit=HUBS[1])
    stub, link = peered("stub", HUBS[0], HUBS[2]), peered("link", HUBS[0], HUBS[1])
    assert ways(here, there, stub, link) == ["link there"]


@pytest.mark.parametrize(("gateways", "found"), [(1, 1), (2, 1), (4, 1), (5, 0), (6, 0)])
def test_four_gateways_in_a_row_are_followed_and_no_more(gateways: int, found: int) -> None:
    row = HUBS[:gateways]
    here, there = attached("here", transit=row[0]), attached("there", transit=row[-1])
    links = [peered(f"link{n}", *pair) for n, pair in enumerate(pairwise(row))]
    assert len(ways(here, there, *links)) == found


# ---- the table of the attachment ---------------------------------------------------------------

GOAL = attached("goal", FAR)
ELSEWHERE = attached("elsewhere", vpc("elsewhere", "10.9.0.0/16"), subnets=(place(table=table()),))
OFFICE = attached("office")
"""A VPN: what is behind it is not known."""


def looked_up(name: str) -> Attachment:
    resource = Resource("aws_thing", name, {}, line(60), "terraform", "data")
    return attached(name, resource=resource)


@pytest.mark.parametrize(
    ("routes", "verdict", "reason", "at"),
    [
        (((BLOCK, GOAL),), "allow", None, 50),
        (((BLOCK, SOME),), "unknown", None, 50),
        (((SOME, GOAL),), "unknown", None, 50),
        (((BLOCK, looked_up("found")),), "unknown", None, 40),
        (((PART, looked_up("found")),), "unknown", None, 50),
        ((), "block", Reason.TRANSIT_NO_ROUTE, 50),
        ((("10.2.0.0/16", GOAL),), "block", Reason.TRANSIT_NO_ROUTE, 50),
        (((BLOCK, None),), "block", Reason.TRANSIT_BLACKHOLE, 51),
        (((BLOCK, ELSEWHERE),), "block", Reason.TRANSIT_ELSEWHERE, 51),
        (((BLOCK, OFFICE),), "unknown", None, 40),
        (((PART, OFFICE),), "unknown", None, 50),
        (((BLOCK, GOAL), (PART, None)), "unknown", None, 50),
    ],
)
def test_a_table_leads_to_the_other_network_or_says_what_stops_the_packet(
    routes: Routes, verdict: str, reason: Reason | None, at: int
) -> None:
    step = by(transit_table(*routes), GOAL)
    assert step.verdict == verdict
    assert (step.blocker.reason if step.blocker else None) is reason
    assert step.span == line(at)


def test_what_may_lead_there_says_so_and_blames_nothing() -> None:
    step = by(transit_table((BLOCK, SOME)), GOAL)
    assert step.message == "transit table may lead to 10.1.0.0/16 by goal"
    assert (bool(step.sure), step.possible, step.unknowns) == (False, THERE, (SOME,))
    assert step.blocker is None


def test_what_is_declared_may_be_what_is_looked_up() -> None:
    """Two that are both declared, or the very same one that is looked up, are told apart."""
    found = looked_up("found")
    assert by(transit_table((BLOCK, ELSEWHERE)), found).verdict == "unknown"
    assert by(transit_table((BLOCK, found)), found).verdict == "allow"
    (why,) = by(transit_table((PART, found)), GOAL).unknowns
    assert why.reason == "whether found is goal is not known"


@pytest.mark.parametrize(
    ("found", "unnamed", "verdict", "reason"),
    [
        (None, None, "block", Reason.TRANSIT_ASSOCIATION),
        (None, SOME, "unknown", None),
        (SOME, None, "unknown", None),
        (transit_table((BLOCK, GOAL)), SOME, "allow", None),
    ],
)
def test_what_comes_in_by_an_attachment_without_a_table_goes_nowhere(
    found: Maybe[TransitTable] | None, unnamed: Unknown | None, verdict: str, reason: Reason | None
) -> None:
    """A template cannot associate the attachment of a VPN: that is done elsewhere."""
    step = by(found, GOAL, unnamed=unnamed)
    assert (step.verdict, step.blocker.reason if step.blocker else None) == (verdict, reason)


@pytest.mark.parametrize(
    ("routes", "verdict", "name"),
    [
        ("none", "unknown", "transit office"),
        ("own", "allow", "transit table transit table"),
        ("another", "unknown", "transit office"),
    ],
)
def test_routes_to_what_a_template_cannot_name_are_made_elsewhere(
    routes: str, verdict: str, name: str
) -> None:
    office = attached("office", unnamed=OTHER)
    given: dict[str, Routes] = {
        "none": (),
        "own": ((BLOCK, office),),
        "another": ((BLOCK, ELSEWHERE),),
    }
    step = by(transit_table(*given[routes]), office)
    assert (step.verdict, step.name) == (verdict, name)


def test_a_route_back_to_where_it_comes_from_is_no_way_on() -> None:
    here = attached("here")
    here.table = transit_table((BLOCK, here))
    (step,) = steps(here, GOAL)
    assert step.blocker is not None and step.blocker.reason is Reason.TRANSIT_ELSEWHERE


# ---- by another VPC ----------------------------------------------------------------------------


def middle(*routes: tuple[str | Unknown, Any], name: str = "middle", **more: Any) -> Attachment:
    """A VPC in between, whose subnet sends on what comes out there."""
    home = vpc(name, "10.9.0.0/16")
    return attached(name, home, subnets=(place(vpc=home, table=table(*routes, vpc=home)),), **more)


@pytest.mark.parametrize(
    ("to", "own", "verdict"),
    [
        (BLOCK, BLOCK, "unknown"),
        (BLOCK, "10.2.0.0/16", "block"),
        ("10.1.1.0/24", "10.1.1.0/24", "unknown"),
        ("10.1.1.0/24", "10.1.2.0/24", "block"),
        ("10.0.0.0/8", "10.1.0.0/16", "unknown"),
        ("10.0.0.0/8", "10.2.0.0/16", "block"),
    ],
)
def test_only_what_a_route_takes_there_counts_in_a_vpc_in_between(
    to: str, own: str, verdict: str
) -> None:
    """Its own table sends other addresses on, which that says nothing about."""
    taken = middle((own, SOME))
    assert by(transit_table((to, taken)), GOAL).verdict == verdict


@pytest.mark.parametrize(("propagated", "verdict"), [(True, "block"), (False, "block")])
def test_blocks_of_a_network_outside_are_none_of_a_vpc_of_ours(
    propagated: bool, verdict: str
) -> None:
    found = transit_table((SOME, OFFICE), propagated=propagated)
    assert by(found, GOAL).verdict == verdict


def wall(does: FirewallAction | None = None) -> Middlebox:
    """A firewall that does this with every packet; None: nobody knows what."""
    policy = FirewallPolicy(
        address="policy", label="policy", stateless=(), stateful=(),
        otherwise=Verdicts(stateless=does),
    ) if does else SOME  # fmt: skip
    return Middlebox(
        address="wall", label="wall", kind="appliance", title="firewall", policy=policy
    )


ASKED = Question("ipv4", SSH, region("10.0.0.0/16"), THERE)


def inspected(box: Middlebox, back: bool = True) -> tuple[Attachment, Attachment]:
    """Both VPCs by way of one that inspects, or only in one direction."""
    between = middle(("10.0.0.0/8", box))
    between.table = transit_table((BLOCK, GOAL), ("10.0.0.0/16", attached("home", NEAR)))
    here, there = attached("here", NEAR), attached("there", FAR)
    between.table = transit_table((BLOCK, there), ("10.0.0.0/16", here))
    here.table = transit_table((BLOCK, between))
    there.table = transit_table(("10.0.0.0/16", between if back else here))
    return here, there


def told(found: list[Step]) -> list[str]:
    return [f"{step.direction} {step.name} {step.verdict}" for step in found]


def test_a_firewall_in_between_is_asked_what_it_lets_through() -> None:
    here, there = inspected(wall("pass"))
    assert told(steps(here, there, asked=ASKED)) == [
        "request transit table transit table allow",
        "request route table table allow",
        "request firewall wall allow",
        "request transit table transit table allow",
    ]
    here, there = inspected(wall("drop"))
    assert "request firewall wall block" in told(steps(here, there, asked=ASKED))


@pytest.mark.parametrize(("back", "verdict"), [(True, "allow"), (False, "unknown")])
def test_a_firewall_in_between_has_to_see_both_directions(back: bool, verdict: str) -> None:
    here, there = inspected(wall("inspect"), back)
    assert told(steps(here, there, asked=ASKED))[2] == f"request firewall wall {verdict}"


def test_a_firewall_that_gets_some_of_the_packets_decides_about_those() -> None:
    step = by(transit_table((PART, middle((PART, wall()))), (BLOCK, GOAL)), GOAL)
    assert [why.reason for why in step.unknowns] == ["wall decides what passes"]


def test_nobody_is_asked_what_a_firewall_does_with_packets_of_others() -> None:
    here, there = inspected(wall("pass"))
    assert told(steps(here, there))[2] == "request firewall wall unknown"


# ---- what else counts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "blocked"),
    [((True, True), []), ((True, False), ["there"]), ((SOME, False), ["there"]),
     ((False, False), ["here", "there"]), ((False, SOME), ["here"])],
)  # fmt: skip
def test_both_attachments_have_to_carry_ipv6(
    ends: tuple[Maybe[bool], Maybe[bool]], blocked: list[str]
) -> None:
    here, there = (attached(n, ipv6=has) for n, has in zip(("here", "there"), ends, strict=True))
    here.table = transit_table(("2600:1f14::/56", there))
    found = steps(here, there, peers=SIX, family="ipv6")
    assert [step.node.address for step in found if step.verdict == "block"] == blocked
    assert len([step for step in found if step.verdict == "unknown"]) == ends.count(SOME)
    here.table = transit_table((BLOCK, there))
    assert [step.verdict for step in steps(here, there)] == ["allow"]


A, B = "eu-west-1a", "eu-west-1b"


@pytest.mark.parametrize(
    ("mine", "subnets", "blocked"),
    [
        (place(zone=A), (place(zone=A),), False),
        (place(zone=B), (place(zone=A),), True),
        (place(zone=B), (place(zone=A), place(zone=B)), False),
        (place(zone=B), (place(zone=A), place()), False),
        (place(zone=B), (place(zone=A), SOME), False),
        (place(zone=B), (), False),
        (place(), (place(zone=A),), False),
        (SOME, (place(zone=A),), False),
    ],
)
def test_a_host_needs_a_subnet_of_the_attachment_in_its_zone(
    mine: Maybe[Subnet], subnets: tuple[Maybe[Subnet], ...], blocked: bool
) -> None:
    """Where a zone is not known it may be the right one."""
    there = attached("there")
    here = attached("here", subnets=subnets, table=transit_table((BLOCK, there)))
    found = steps(here, there, source=host(subnet=mine))
    reasons = [step.blocker.reason for step in found if step.blocker]
    assert reasons == [Reason.TRANSIT_ZONE] * blocked
    assert [step.name for step in steps(here, there)] == ["transit table transit table"]


TABLES = ["transit table transit table allow", "transit table away allow"]


@pytest.mark.parametrize(
    ("active", "asked"),
    [(True, []), (False, ["transit link block"]), (SOME, ["transit link away unknown"])],
)
def test_a_peering_carries_nothing_before_it_is_accepted(
    active: Maybe[bool], asked: list[str]
) -> None:
    """It is asked about once: no answer comes where no request does."""
    away = gate("away", kind="network", title="transit gateway")
    near, far = peered("link", HUB, away, active=active)
    here, there = attached("here", NEAR), attached("there", FAR, transit=away)
    here.table = near.table = transit_table((BLOCK, near), ("10.0.0.0/16", here))
    far.table = there.table = transit_table(
        (BLOCK, there), ("10.0.0.0/16", far), transit=away, label="away"
    )
    hops: Hops = ((here, near), (far, there))
    to = told(list(transit_steps(hops, THERE, None, "ipv4", "request")))
    assert to == [f"request {one}" for one in (TABLES[0], *asked, TABLES[1])]
    home = region("10.0.0.0/16")
    back = told(list(transit_steps(turned(hops), home, None, "ipv4", "reply")))
    assert back == [f"reply {one}" for one in reversed(TABLES)]


UNWRITTEN: dict[str, Any] = {"span": None, "address": "default table of hub"}
LINK, _ = peered("link", HUB, gate("away", kind="network", title="transit gateway"))
STATIC = "add a static route for 10.1.0.0/16 to link"
NARROWER = "add a route to goal that is more specific, or change"


@pytest.mark.parametrize(
    ("found", "goal", "node", "text", "help_"),
    [
        (transit_table(), GOAL, "transit table", "has no route for 10.1.0.0/16 to goal", ""),
        (transit_table(), LINK, "transit table", "has no route for 10.1.0.0/16 to link", STATIC),
        (transit_table(**UNWRITTEN), GOAL, "goal", "is not announced to the default table of hub",
         ""),
        (transit_table(**UNWRITTEN), LINK, "link",
         "the default table of hub has no static route for 10.1.0.0/16 to it", STATIC),
        (transit_table((BLOCK, None)), GOAL, "to 10.1.0.0/16", "drops 10.1.0.0/16",
         f"{NARROWER} to 10.1.0.0/16"),
        (transit_table((BLOCK, ELSEWHERE), propagated=True), GOAL, "to 10.1.0.0/16",
         "sends 10.1.0.0/16 to elsewhere, not to goal", f"{NARROWER} this one"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said_where_it_is_to_be_changed(
    found: TransitTable, goal: Attachment, node: str, text: str, help_: str
) -> None:
    blocker = by(found, goal).blocker
    assert blocker is not None
    assert (blocker.node.address, blocker.at.text, blocker.help) == (node, text, help_)
