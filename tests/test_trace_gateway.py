"""The gateway of a VPC and the addresses of its hosts: what is found, and what is blamed."""

from __future__ import annotations

import pytest

from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.network import (
    Gateway,
    GatewayKind,
    Instance,
    Interface,
    Maybe,
    Network,
    PublicAddress,
    Route,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import INTERNET, PRIVATE, addresses, everything, parse_prefix
from iaclint.packet.service import SSH
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.trace.gateway import address_step, addressed, gateway_step
from iaclint.trace.group import Peer
from iaclint.trace.inside import Leg
from iaclint.trace.model import Reason, Step
from iaclint.value import Unknown

SOME = Unknown("some", Span("main.tf", 9))
HOME = Vpc(address="home", label="home", span=Span("main.tf", 1))
AWAY = Vpc(address="away", label="away", span=Span("main.tf", 2))
FOUND = {"host": Span("main.tf", 3), "subnet": Span("main.tf", 4), "spare": Span("main.tf", 5)}
EVERYONE = INTERNET["ipv4"]


def gate(name: str, *vpcs: Maybe[Vpc], kind: GatewayKind = "internet", line: int = 7) -> Gateway:
    span = Span("main.tf", line) if line else None
    return Gateway(address=name, label=name, span=span, kind=kind, title="gateway", vpcs=vpcs)


def leads(vpc: Vpc, *targets: Maybe[Gateway]) -> RouteTable:
    table = RouteTable(address="table", label="table", vpc=vpc)
    for target in targets:
        table.routes.append(
            Route(address="r", label="r", to=everything("ipv4"), target=target)
        )  # fmt: skip
    return table


def place(ipv6: str = "", span: Span | None = FOUND["subnet"]) -> Subnet:
    block = parse_prefix(ipv6) if ipv6 else None
    return Subnet(
        address="subnet", label="subnet", span=span, vpc=HOME, ipv6=block, table=SOME, acl=SOME
    )


def host(
    public: Maybe[bool] = True,
    ipv6: Maybe[bool] = False,
    subnet: Maybe[Subnet] = SOME,
    at: Span | None = None,
    obstacle: str = "",
    name: str = "host",
) -> Interface:
    given = PublicAddress(has=public, why="so it says", span=at, obstacle=obstacle)
    return Interface(
        address=name, label=name, span=FOUND["host"], subnet=subnet, public=given, ipv6=ipv6
    )


def blamed(step: Step) -> tuple[Reason, str, Span]:
    """The reason, what has to change, and the line."""
    assert step.verdict == "block" and step.blocker is not None
    assert step.span == step.blocker.at.span
    return step.blocker.reason, step.blocker.node.address, step.blocker.at.span


# ---- the gateway -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vpc", "gateways", "verdict", "unknowns"),
    [
        (HOME, [gate("g", HOME)], "allow", ()),
        (HOME, [gate("u", SOME), gate("g", HOME)], "allow", ()),
        (HOME, [gate("u", SOME)], "unknown", (SOME,)),
        (HOME, [gate("g", AWAY)], "block", ()),
        (HOME, [], "block", ()),
        (SOME, [gate("g", HOME)], "unknown", (SOME,)),
        (Vpc(address="found", label="", foreign=True), [], "unknown",
         (Unknown("found is made elsewhere"),)),
    ],
)  # fmt: skip
def test_a_gateway_serves_the_vpc_that_it_is_attached_to(
    vpc: Maybe[Vpc], gateways: list[Gateway], verdict: str, unknowns: tuple[Unknown, ...]
) -> None:
    step = gateway_step(host(), vpc, "ipv4", EVERYONE, Network(gateways=gateways))
    assert (step.verdict, step.unknowns, step.direction) == (verdict, unknowns, "request")


@pytest.mark.parametrize("vpc", [HOME, SOME])
def test_no_private_address_comes_in_by_it(vpc: Maybe[Vpc]) -> None:
    everyone = everything("ipv4").region
    step = gateway_step(host(), vpc, "ipv4", everyone, Network(gateways=[gate("g", HOME)]))
    private = addresses(PRIVATE, "ipv4")
    assert step.possible <= everyone - private and everyone - private <= step.possible
    assert not step.sure & private


LOOSE, ROUTED = gate("loose"), gate("routed", line=8)
ELSEWHERE = gate("elsewhere", AWAY)
ASSUMED, NAT = gate("default", AWAY, line=0), gate("nat", kind="never")
NOTHING = (Reason.NO_GATEWAY, "home", HOME.span)


@pytest.mark.parametrize(
    ("gateways", "tables", "expected"),
    [
        ([], [], NOTHING),
        ([NAT], [], NOTHING),
        ([LOOSE, ROUTED], [leads(HOME, SOME, ROUTED)],
         (Reason.GATEWAY_NOT_ATTACHED, "routed", ROUTED.span)),
        ([ASSUMED, LOOSE], [], (Reason.GATEWAY_NOT_ATTACHED, "loose", LOOSE.span)),
        ([ELSEWHERE], [leads(HOME, ELSEWHERE)],
         (Reason.GATEWAY_ELSEWHERE, "elsewhere", ELSEWHERE.span)),
        ([ELSEWHERE], [leads(AWAY, ELSEWHERE)], NOTHING),
        ([ELSEWHERE, LOOSE], [], (Reason.GATEWAY_NOT_ATTACHED, "loose", LOOSE.span)),
    ],
    ids=["there is none", "a NAT gateway is none", "the one that routes name", "the one that is",
         "the one that routes name is in use elsewhere", "that another VPC uses is no fault",
         "one that is free"],
)  # fmt: skip
def test_where_the_gateway_of_a_vpc_is_missing(
    gateways: list[Gateway], tables: list[RouteTable], expected: tuple[Reason, str, Span]
) -> None:
    """One that is made and not attached is what has to change, first the one that is meant."""
    network = Network(gateways=gateways, tables=tables)
    assert blamed(gateway_step(host(), HOME, "ipv4", EVERYONE, network)) == expected


# ---- the public address ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "verdict", "unknowns"),
    [(True, "allow", ()), (False, "block", ()), (SOME, "unknown", (SOME,))],
)
def test_a_public_address_lets_a_host_be_reached(
    public: Maybe[bool], verdict: str, unknowns: tuple[Unknown, ...]
) -> None:
    step = address_step(host(public), "ipv4", EVERYONE, Network())
    assert (step.verdict, step.unknowns, step.direction) == (verdict, unknowns, "request")


SPARE = Resource("aws_eip", "spare", {}, FOUND["spare"], "terraform")
ASKED = Span("main.tf", 6)


@pytest.mark.parametrize(
    ("one", "spare", "expected", "near"),
    [
        (host(False), [], (Reason.NO_PUBLIC_ADDRESS, "host", FOUND["host"]), []),
        (host(False, at=ASKED), [], (Reason.NO_PUBLIC_ADDRESS, "host", FOUND["host"]), [ASKED]),
        (host(False, at=FOUND["host"]), [], (Reason.NO_PUBLIC_ADDRESS, "host", FOUND["host"]), []),
        (host(False, at=ASKED), [SPARE], (Reason.UNASSOCIATED_ADDRESS, "spare", FOUND["spare"]),
         [ASKED]),
        (host(False, at=ASKED, obstacle="two"), [SPARE],
         (Reason.SEVERAL_INTERFACES, "host", ASKED), []),
        (host(False, obstacle="two"), [], (Reason.SEVERAL_INTERFACES, "host", FOUND["host"]), []),
    ],
    ids=["nothing is said", "something is", "in the same place", "an address is left",
         "asking did not help", "without a place"],
)  # fmt: skip
def test_where_a_public_address_is_missing(
    one: Interface,
    spare: list[Resource],
    expected: tuple[Reason, str, Span],
    near: list[Span],
) -> None:
    step = address_step(one, "ipv4", EVERYONE, Network(spare_addresses=spare))
    assert blamed(step) == expected
    assert step.blocker is not None and [label.span for label in step.blocker.near] == near


# ---- IPv6 ------------------------------------------------------------------------------------


SIX = place("2600:1f14::/64")


@pytest.mark.parametrize(
    ("ipv6", "subnet", "verdict"),
    [
        (True, SIX, "allow"),
        (True, SOME, "allow"),
        (True, place(), "block"),
        (False, SIX, "block"),
        (False, SOME, "block"),
        (SOME, SIX, "unknown"),
        (SOME, SOME, "unknown"),
    ],
)
def test_an_ipv6_address_is_of_the_block_of_the_subnet(
    ipv6: Maybe[bool], subnet: Maybe[Subnet], verdict: str
) -> None:
    step = address_step(host(False, ipv6, subnet), "ipv6", INTERNET["ipv6"], Network())
    assert (step.verdict, step.direction) == (verdict, "request")
    assert step.unknowns == ((SOME,) if verdict == "unknown" else ())


@pytest.mark.parametrize(
    ("subnet", "near"),
    [
        (SIX, ["assigns no IPv6 addresses"]),
        (place(), ["has no IPv6 block"]),
        (place(span=None), []),
        (SOME, []),
    ],
)
def test_where_an_ipv6_address_is_missing_its_subnet_is_shown(
    subnet: Maybe[Subnet], near: list[str]
) -> None:
    step = address_step(host(subnet=subnet), "ipv6", INTERNET["ipv6"], Network())
    assert blamed(step) == (Reason.NO_IPV6_ADDRESS, "host", FOUND["host"])
    assert step.blocker is not None
    assert [label.text for label in step.blocker.near] == near
    assert step.blocker.about == ((subnet,) if near else ())


@pytest.mark.parametrize(
    ("source", "target", "family", "client", "missing"),
    [
        (host(ipv6=True), host(ipv6=True), "ipv6", True, []),
        (host(name="a"), host(ipv6=True), "ipv6", True, ["a"]),
        (host(name="a"), host(name="b"), "ipv6", True, ["b", "a"]),
        (host(name="a"), host(name="b"), "ipv6", False, ["b"]),
        (host(name="a"), host(name="b"), "ipv4", True, []),
    ],
    ids=["both have one", "the client has none", "nobody has", "who comes by an endpoint needs "
         "none of his own", "IPv4 needs none"],
)  # fmt: skip
def test_both_ends_of_a_connection_inside_need_an_ipv6_address(
    source: Interface, target: Interface, family: str, client: bool, missing: list[str]
) -> None:
    who = Instance(address="client", label="client", placements=())
    peer = Peer(everything("ipv6").region)
    leg = Leg(source, target, peer, peer, "ipv6", SSH)
    start = Client("a", instance=who, interface=source) if client else INTERNET_CLIENT
    flow = Flow(start, who, SSH, "ipv6" if family == "ipv6" else "ipv4")
    assert [step.node.address for step in addressed(flow, leg)] == missing
