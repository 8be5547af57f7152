"""
Ways that few hosts have: past a host that forwards, through a VPC in the middle, and to a service
of AWS by a route.
"""

from __future__ import annotations

import pytest

from iaclint.flow import Flow, client_of
from iaclint.network import (
    Acl,
    AclEntry,
    Attachment,
    Gateway,
    Group,
    Instance,
    Maybe,
    Network,
    RouteTable,
    Rule,
    ServiceEndpoint,
    Subnet,
    TransitRoute,
    TransitTable,
)
from iaclint.packet.prefix import INTERNET, parse_prefix
from iaclint.packet.service import PING, SSH, TCP, Service, Traffic, parse_service
from iaclint.trace.detour import detour
from iaclint.trace.endpoint import endpoint_way
from iaclint.trace.forwarding import forwarded, forwarders
from iaclint.trace.model import Reason, Way
from iaclint.trace.outward import Departure
from iaclint.trace.remote import departing_ways
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, table, vpc

ROUTER = gate("router", kind="interface", checks=False)
CHECKING = gate("checking", kind="interface", checks=True)
IGW, OFFICE = gate("gate", HOME), "10.8.0.0/16"


def lets(*blocks: str) -> Group:
    prefixes = tuple(parse_prefix(block) for block in blocks)
    rule = Rule(address="r", label="r", traffic=Traffic(TCP, (22, 22)), prefixes=prefixes)
    at = line(40)
    return Group(address="group", label="group", span=at, vpc=None, ingress=[rule], egress=[rule])


def entry(egress: bool, first: int, last: int, block: str = "0.0.0.0/0") -> AclEntry:
    return AclEntry(
        address="e", label="e", span=line(30), number=1, egress=egress, allow=True,
        traffic=Traffic(TCP, (first, last)), prefix=parse_prefix(block),
    )  # fmt: skip


def acl(*entries: AclEntry) -> Acl:
    return Acl(address="acl", label="acl", span=line(31), vpc=HOME, entries=[*entries])


HALF = "10.8.0.0/17"
IN_AND_OUT = acl(entry(False, 22, 22, HALF), entry(True, 1024, 65535, HALF))

TURNED = acl(entry(True, 22, 22), entry(False, 1024, 65535))


def said(way: Way) -> list[str]:
    return [f"{each.direction} {each.node.address} {each.verdict}" for each in way.steps]


# ---- a host that forwards ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "found"),
    [
        ([table((OFFICE, ROUTER))], [ROUTER]),
        ([table(("10.0.0.0/8", ROUTER)), table((OFFICE, ROUTER), (OFFICE, CHECKING))],
         [ROUTER, CHECKING]),
        ([table((OFFICE, ROUTER), vpc=vpc("away", "10.1.0.0/16"))], []),
        ([table((OFFICE, IGW), (OFFICE, SOME), (SOME, ROUTER))], []),
        ([table(("10.9.0.0/16", ROUTER))], []),
        ([table(("0.0.0.0/0", ROUTER), ("0.0.0.0/1", CHECKING))], []),
        ([table(("0.0.0.0/2", ROUTER))], [ROUTER]),
    ],
    ids=["one to which a table sends what is for them", "each once", "one of another VPC",
         "nothing else forwards", "one that is for others", "a NAT instance is none",
         "one for a quarter of all is"],
)  # fmt: skip
def test_clients_may_be_behind_a_host_that_forwards(
    tables: list[RouteTable], found: list[Gateway]
) -> None:
    assert forwarders(Network(tables=tables), HOME, region(OFFICE)) == found


@pytest.mark.parametrize(
    ("router", "one", "expected"),
    [
        (ROUTER, IN_AND_OUT, ["router unknown", "acl allow", "acl allow"]),
        (CHECKING, IN_AND_OUT, ["checking block", "acl allow", "acl allow"]),
        (ROUTER, TURNED, ["router unknown", "acl block", "acl block"]),
    ],
    ids=["it may forward", "it takes nothing for others", "requests are not let in"],
)  # fmt: skip
def test_a_host_that_forwards_decides_what_passes(
    router: Gateway, one: Acl, expected: list[str]
) -> None:
    """Of its clients some are enough: those that the table, the groups and the ACL are for."""
    subnet = place(table=table((HALF, router)), acl=one)
    target = host(subnet=subnet, groups=(lets(HALF),))
    client = client_of((parse_prefix(OFFICE),))
    flow = Flow(client, Instance(address="i", label="i", placements=()), SSH, "ipv4")
    way = forwarded(flow, target, router)
    passed, there, back = expected
    assert said(way) == [
        f"request {passed}",
        f"request {there}",
        "request group allow",
        f"reply {back}",
        "reply table allow",
    ]
    first = way.steps[0]
    if router is CHECKING:
        assert first.blocker is not None
        assert (first.blocker.reason, first.blocker.node) == (Reason.SOURCE_CHECK, CHECKING)
    else:
        assert [each.reason for each in first.unknowns] == ["router decides what passes"]


@pytest.mark.parametrize(
    ("router", "routed", "expected"),
    [
        (ROUTER, HALF, ["table allow", "router unknown"]),
        (CHECKING, HALF, ["table allow", "checking block"]),
        (ROUTER, "10.9.0.0/16", ["table block", "router unknown"]),
    ],
    ids=["it may forward", "it takes nothing for others", "nothing leads to it"],
)
def test_a_host_that_forwards_decides_what_gets_out(
    router: Gateway, routed: str, expected: list[str]
) -> None:
    own = table((routed, router))
    subnet = place(table=own, acl=TURNED)
    departure = Departure(host(subnet=subnet, groups=(lets(OFFICE),)), region(OFFICE), "ipv4", SSH)
    other = table((OFFICE, router))
    (way,) = departing_ways(Network(tables=[own, other]), departure)
    assert said(way) == [
        "request group allow",
        "request acl allow",
        *(f"request {one}" for one in expected),
        "reply acl allow",
    ]


# ---- a VPC in the middle -----------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("to_middle", "through"), [(False, True), (True, False)])
def test_a_static_route_wins_over_what_a_vpc_announces(
    to_middle: bool, through: bool, turned: bool
) -> None:
    """In whatever order: the middle is passed where the static route leads there."""
    hub = gate("hub", kind="network")
    here, there, middle = (
        Attachment(address=name, label=name, transit=hub, vpc=HOME)
        for name in ("here", "there", "middle")
    )
    routes = [
        TransitRoute(
            address=end.address, label="", to=parse_prefix(OFFICE), attachment=end,
            propagated=(end is middle) is to_middle,
        )
        for end in (there, middle)
    ]  # fmt: skip
    routes = routes[::-1] if turned else routes
    here.table = TransitTable(address="t", label="t", transit=hub, routes=routes)
    assert (detour(here, there, region(OFFICE), "ipv4") is not None) is through


# ---- a service of AWS --------------------------------------------------------------------------

USED, MAIN, BESIDE = table(), table(span=None), table(address="beside")


def leads(
    subnet: Maybe[Subnet],
    *tables: Maybe[RouteTable],
    service: Service = SSH,
    out: str = "0.0.0.0/0",
) -> Way:
    endpoint = ServiceEndpoint(
        address="s3", label="s3", span=line(50), vpc=HOME, service="s3", is_interface=False,
        private_dns=False, tables=tables,
    )  # fmt: skip
    source = host(subnet=subnet, groups=(lets(out),))
    return endpoint_way(Departure(source, INTERNET["ipv4"], "ipv4", service), endpoint)


OPEN = Acl(address="acl", label="acl", vpc=HOME, allows_all=True)
BACK_ONLY = acl(entry(False, 1024, 65535))


@pytest.mark.parametrize(
    ("subnet", "tables", "route"),
    [
        (place(table=USED, acl=OPEN), [USED], "table allow"),
        (place(table=USED, acl=OPEN), [SOME, USED], "table allow"),
        (place(table=USED, acl=OPEN), [BESIDE], "table block"),
        (place(table=USED, acl=OPEN), [BESIDE, SOME], "host unknown"),
        (place(table=OTHER, acl=OPEN), [USED], "host unknown"),
        (place(table=SOME, acl=OPEN), [SOME], "host unknown"),
    ],
    ids=["in its table", "in others, perhaps", "in another", "perhaps in its table",
         "its table is not known", "which may be that of the endpoint"],
)  # fmt: skip
def test_a_gateway_endpoint_is_a_route_in_a_table(
    subnet: Subnet, tables: list[Maybe[RouteTable]], route: str
) -> None:
    assert said(leads(subnet, *tables)) == [
        "request group allow",
        "request acl allow",
        f"request {route}",
        "request s3 allow",
        "reply acl allow",
    ]


def test_a_host_in_a_subnet_that_is_not_known_may_have_the_route() -> None:
    way = leads(SOME, USED)
    assert (way.verdict, way.steps[2].unknowns) == ("undecided", (SOME,))


def test_what_keeps_packets_in_keeps_them_from_an_endpoint() -> None:
    way = leads(place(table=USED, acl=BACK_ONLY), USED, out=OFFICE)
    assert [each.verdict for each in way.steps] == ["block", "block", "allow", "allow", "allow"]


@pytest.mark.parametrize(
    ("used", "node", "at"), [(USED, "table", 20), (MAIN, "host", 3)], ids=["written", "main"]
)
def test_where_the_route_is_missing_its_table_has_to_change(
    used: RouteTable, node: str, at: int
) -> None:
    """One that nobody wrote is shown at the host."""
    found = leads(place(table=used, acl=OPEN), BESIDE).steps[2].blocker
    assert found is not None
    assert (found.reason, found.node.address, found.at.span.line) == (Reason.NO_WAY_OUT, node, at)


@pytest.mark.parametrize(
    ("service", "verdict"),
    [(SSH, "allow"), (PING, "allow"), (parse_service("udp/53"), "block")],
)
def test_a_gateway_endpoint_carries_tcp_and_ping(service: Service, verdict: str) -> None:
    step = leads(place(table=USED, acl=OPEN), USED, service=service).steps[3]
    assert (step.verdict, step.direction, step.node.address) == (verdict, "request", "s3")
    assert (step.blocker is None) is (verdict == "allow")
