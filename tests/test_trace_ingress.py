"""Between an internet gateway and a subnet: who sends packets through a firewall, and what then."""

from __future__ import annotations

from typing import Any

import pytest

from iaclint.network import (
    Acl,
    AclEntry,
    FirewallPolicy,
    Gateway,
    Interface,
    Maybe,
    Middlebox,
    Network,
    RouteTable,
    Verdicts,
)
from iaclint.packet.prefix import INTERNET, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import SSH, TCP, Traffic
from iaclint.trace.ingress import ingress
from iaclint.trace.model import Reason, Step
from iaclint.value import Unknown
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, region, table, vpc

Target = tuple[str | Unknown, Maybe[Gateway]]
IGW, NAT = gate("igw", HOME), gate("nat", kind="never")
ALL = Acl(address="acl", label="acl", vpc=HOME, allows_all=True)
BLOCK, SIX = parse_prefix("192.168.1.0/24"), parse_prefix("2600:1f14:0:1::/64")
OPEN = FirewallPolicy(
    address="policy", label="policy", span=line(9), stateless=(), stateful=(),
    otherwise=Verdicts(stateless="inspect"),
)  # fmt: skip
ANYBODY = INTERNET["ipv4"]
WEST, EAST = (ANYBODY & region(half) for half in ("0.0.0.0/1", "128.0.0.0/1"))


def same(one: Region, other: Region) -> bool:
    return one <= other and other <= one


def door(*routes: Target, acl: Maybe[Acl] = ALL, **more: Any) -> Interface:
    """An endpoint of a firewall, in a subnet with these routes."""
    given = {"table": table(*routes, address="inner"), "acl": acl}
    return host("eni", subnet=place("edge", **{**given, **more}))


def box(*doors: Interface, name: str = "box", policy: Maybe[FirewallPolicy] = OPEN) -> Middlebox:
    return Middlebox(
        address=name, label=name, kind="appliance", title="firewall", policy=policy, span=line(8),
        interfaces=doors,
    )  # fmt: skip


ON = ("0.0.0.0/0", IGW)


def asked(
    edge: RouteTable | None, *routes: Target, peers: Region = ANYBODY, **more: Any
) -> tuple[list[Step], list[Step]]:
    """The hops of the requests and those of the replies."""
    given = {"table": table(*routes), "prefix": BLOCK, "ipv6": SIX, **more}
    network = Network(gateways=[IGW], edges={id(IGW): edge} if edge else {})
    return ingress(network, host(subnet=place(**given)), "ipv4", SSH, peers)


def told(steps: list[Step]) -> list[tuple[str, str]]:
    return [(step.node.address, step.verdict) for step in steps]


def edge(*routes: Target, **more: Any) -> RouteTable:
    return table(*routes, address="edge", **more)


BOX = box(door(ON))
EVERY = edge(("192.168.1.0/24", BOX))
SENT = [("edge", "allow"), ("box", "allow")]
BACK = [("box", "allow"), ("inner", "allow")]


# ---- there -------------------------------------------------------------------------------------


def to(block: str | Unknown, family: Any = None) -> RouteTable:
    found = edge((block, BOX))
    found.routes[0].family = family
    return found


@pytest.mark.parametrize(
    ("at_gateway", "request_"),
    [
        (EVERY, SENT),
        (edge(("192.168.0.0/16", BOX)), SENT),
        (edge(("192.168.1.0/25", BOX), ("192.168.1.128/25", BOX)), SENT),
        (edge(("192.168.1.0/25", BOX)), [("edge", "unknown")]),
        (edge(("192.168.1.0/24", BOX), ("192.168.1.0/25", NAT)), [("edge", "unknown")]),
        (edge(("0.0.0.0/0", BOX)), [("edge", "unknown")]),
        (edge(("192.168.2.0/24", BOX)), []),
        (edge(("::/0", BOX)), []),
        (edge(("2600:1f14:0:1::/64", BOX)), []),
        (to(SOME), [("edge", "unknown")]),
        (to(SOME, "ipv4"), [("edge", "unknown")]),
        (to(SOME, "ipv6"), []),
        (edge(("192.168.1.0/24", SOME)), [("edge", "unknown")]),
        (edge(("192.168.1.0/24", NAT)), [("edge", "unknown")]),
        (edge(("192.168.1.0/24", gate("local", kind="local"))), []),
        (edge(rest=SOME), [("edge", "unknown")]),
        (edge(), []),
        (None, []),
    ],
    ids=["for the subnet", "for the VPC", "for its halves", "for one half", "but for a part",
         "for more than the VPC, whose local route is narrower", "for another subnet",
         "for the other family", "for its other block", "for nobody knows whom",
         "for some of its family", "for some of the other", "to something", "to a dead end",
         "by the local route", "perhaps more routes", "no routes", "no table"],
)  # fmt: skip
def test_a_table_at_the_gateway_sends_what_comes_in_through_a_firewall(
    at_gateway: RouteTable | None, request_: list[tuple[str, str]]
) -> None:
    there, _ = asked(at_gateway, ("0.0.0.0/0", BOX))
    assert told(there) == request_
    assert {step.direction for step in there} <= {"request"}


def entries(*egress: bool, block: str = "0.0.0.0/0") -> Acl:
    return Acl(
        address="acl", label="acl", span=line(30), vpc=HOME,
        entries=[
            AclEntry(
                address="acl", label="acl", span=line(31), number=1, egress=each, allow=True,
                traffic=Traffic(TCP, (0, 65535)), prefix=parse_prefix(block),
            )
            for each in egress
        ],
    )  # fmt: skip


@pytest.mark.parametrize("acl", [SOME, entries(True), entries(False), entries()])
def test_an_acl_around_an_endpoint_may_stop_what_passes(acl: Maybe[Acl]) -> None:
    """Once there and once back, however many endpoints and directions it stops."""
    one = box(door(ON, acl=acl))
    there, back = asked(edge(("192.168.1.0/24", one)), ("0.0.0.0/0", one))
    assert [step.verdict for step in there] == ["allow", "allow", "unknown"]
    assert [step.verdict for step in back] == ["allow", "allow", "unknown"]
    assert {step.direction for step in back} == {"reply"}
    assert all(step.blocker is None for step in (*there, *back))
    two = box(door(ON, acl=acl), door(ON, acl=acl))
    there, _ = asked(edge(("192.168.1.0/24", two)))
    assert [step.node.address for step in there][2:] == [there[-1].node.address]


def test_an_acl_that_lets_both_ways_through_is_no_hop() -> None:
    one = box(door(ON, acl=entries(True, False)))
    there, back = asked(edge(("192.168.1.0/24", one)), ("0.0.0.0/0", one))
    assert (told(there), told(back)) == (SENT, BACK)


def test_an_acl_around_an_endpoint_is_sure_to_let_some_clients_through() -> None:
    """While it may stop the others, in the one direction or in the other."""
    west, all_ = entries(True, False, block="0.0.0.0/1"), entries(True, False)
    west.entries[1].prefix = parse_prefix("0.0.0.0/0")
    for acl, halves in ((west, 1), (entries(True, False, block="0.0.0.0/1"), 2), (all_, 0)):
        one = box(door(ON, acl=acl))
        there, back = asked(edge(("192.168.1.0/24", one)), ("0.0.0.0/0", one))
        twice, _ = asked(edge(("192.168.1.0/24", box(door(ON, acl=acl), door(ON, acl=acl)))))
        assert len(twice) == len(there)
        for more in (there[2:], back[2:]):
            assert [step.verdict for step in more] == ["allow"] * halves
            assert all(same(step.sure, WEST) and step.possible == ANYBODY for step in more)


@pytest.mark.parametrize(
    ("routes", "more"),
    [
        ([], []),
        ([("192.168.2.0/24", NAT)], []),
        ([("192.168.1.0/24", NAT)], [("inner", "unknown")]),
        ([("192.168.1.0/25", NAT)], [("inner", "unknown")]),
    ],
    ids=["by the local route", "beside one for others", "unless one leads away", "or half of it"],
)
def test_a_firewall_sends_packets_on_by_the_local_route(
    routes: list[Target], more: list[tuple[str, str]]
) -> None:
    """Whichever of its endpoints they come to."""
    for doors in ([door(ON, *routes)], [door(ON), door(ON, *routes)]):
        there, _ = asked(edge(("192.168.1.0/24", box(*doors))))
        assert told(there)[2:] == more and told(there)[0] == ("edge", "allow")


def test_each_direction_may_pass_a_firewall_that_the_other_does_not() -> None:
    doubtful = box(door(ON, acl=SOME), policy=SOME)
    there, back = asked(None, ("0.0.0.0/0", doubtful))
    assert there == [] and [step.node.address for step in back][:2] == ["box", "inner"]
    there, back = asked(edge(("192.168.1.0/24", doubtful)), ("0.0.0.0/0", IGW))
    assert [step.node.address for step in there][:2] == ["edge", "box"] and back == []


# ---- and back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{"table": SOME}, {"table": table()}])
def test_without_a_route_to_a_firewall_replies_pass_none(more: dict[str, Any]) -> None:
    assert asked(None, **more) == ([], [])


def test_some_clients_get_their_replies_through_a_firewall_and_others_do_not() -> None:
    """What the firewall and its table do is then no matter to the others."""
    closed = box(door(("0.0.0.0/2", IGW)), policy=SOME)
    through, on = asked(None, ("0.0.0.0/1", closed), ("128.0.0.0/1", IGW))[1]
    assert same(through.sure, EAST)
    assert same(on.sure, (ANYBODY & region("0.0.0.0/2")) | EAST) and same(on.possible, on.sure)


def test_clients_may_perhaps_get_their_replies_past_a_firewall() -> None:
    closed = box(door(("0.0.0.0/1", IGW)), policy=SOME)
    through, on = asked(None, ("0.0.0.0/0", closed), ("128.0.0.0/1", SOME))[1]
    assert through.sure == Region()
    assert same(on.sure, WEST) and same(on.possible, ANYBODY)


@pytest.mark.parametrize(
    ("endpoint", "unknowns"),
    [
        (host(subnet=SOME), ["some"]),
        (door(table=OTHER), ["other"]),
        (door(ON, vpc=vpc("away", "10.0.0.0/16")), ["box is in another VPC"]),
        (door(("0.0.0.0/0", SOME)), ["some"]),
        (door(("0.0.0.0/0", box(name="next"))), ["box is followed by another middlebox"]),
        (door(("0.0.0.0/0", box(name="next")), ("9.0.0.0/8", SOME)),
         ["some", "box is followed by another middlebox"]),
        (door(ON, ("192.168.2.0/24", box(name="next"))), []),
        (door(ON), []),
    ],
    ids=["in a subnet that is not known", "with a table that is not known", "in another VPC",
         "with a route to something", "with one to another firewall", "with both",
         "with one to a firewall inside", "with one to the gateway"],
)  # fmt: skip
def test_a_firewall_sends_replies_on_by_the_table_of_its_own_subnet(
    endpoint: Interface, unknowns: list[str]
) -> None:
    _, back = asked(None, ("0.0.0.0/0", box(endpoint, policy=SOME)))
    on = back[1]
    assert (on.verdict, on.direction) == ("unknown" if unknowns else "allow", "reply")
    assert [each.reason for each in on.unknowns] == unknowns
    assert on.blocker is None and not on.one


def test_an_address_of_which_half_is_led_on_is_led_on_for_some() -> None:
    _, (_, on) = asked(None, ("0.0.0.0/0", box(door(("0.0.0.0/1", IGW)))))
    assert on.verdict == "allow" and same(on.sure, WEST)
    assert on.message == "inner leads from box to the internet gateway"


@pytest.mark.parametrize(
    ("wrote", "node", "at", "near"),
    [
        ({}, "inner", 20, [4]),
        ({"table": table(span=None)}, "edge", 4, [4]),
        ({"span": None}, "inner", 20, []),
        ({"table": table(span=None), "span": None}, "edge", 8, []),
    ],
    ids=["its table", "its subnet", "in a subnet that nobody wrote", "and nobody the table"],
)
def test_what_has_to_change_where_a_firewall_does_not_lead_on(
    wrote: dict[str, Any], node: str, at: int, near: list[int]
) -> None:
    _, (_, on) = asked(None, ("0.0.0.0/0", box(door(**wrote))))
    blocker = on.blocker
    assert on.verdict == "block" and blocker is not None and on.span == blocker.at.span
    assert blocker.reason is Reason.FIREWALL_ROUTE
    assert (blocker.node.address, blocker.at.span.line) == (node, at)
    assert [label.span.line for label in blocker.near] == near
