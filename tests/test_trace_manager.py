"""The ways to AWS that Session Manager has: by endpoints in the VPC, and out of it."""

from __future__ import annotations

from typing import Any

import pytest

from iaclint.network import (
    Acl,
    AclEntry,
    Group,
    Interface,
    Maybe,
    Network,
    Rule,
    ServiceEndpoint,
    Subnet,
)
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.service import TCP, Traffic
from iaclint.trace.manager import manager_ways
from iaclint.trace.model import Reason, Way
from tests.parts import HOME, SOME, gate, host, line, place, table, vpc

ALL = Acl(address="acl", label="acl", vpc=HOME, allows_all=True)
IGW = gate("igw", HOME)
HTTPS, ANYWHERE = Traffic(TCP, (443, 443)), "0.0.0.0/0"


def subnet(name: str, block: str, **more: Any) -> Subnet:
    given = {"prefix": parse_prefix(block), "acl": ALL, "table": table(), **more}
    return place(name, **given)


def group(*, ingress: str = "", egress: str = "") -> Group:
    def rules(block: str) -> list[Rule]:
        prefixes = (parse_prefix(block),) if block else ()
        return [Rule(address="group", label="rule", traffic=HTTPS, prefixes=prefixes)]

    return Group(
        address="group", label="group", span=line(40), vpc=HOME, ingress=rules(ingress),
        egress=rules(egress),
    )  # fmt: skip


def acl(inbound: int | None, outbound: int | None, block: str = ANYWHERE) -> Acl:
    """An ACL that lets packets through to ports from these on, each way."""
    return Acl(
        address="acl", label="acl", span=line(30), vpc=HOME,
        entries=[
            AclEntry(
                address="acl", label="acl", span=line(31), number=1, egress=egress, allow=True,
                traffic=Traffic(TCP, (first, 65535)), prefix=parse_prefix(block),
            )
            for egress, first in ((False, inbound), (True, outbound))
            if first is not None
        ],
    )  # fmt: skip


BACK, DOORS = "192.168.1.0/24", "192.168.2.0/24"


def endpoint(service: Maybe[str], *doors: Interface, **more: Any) -> ServiceEndpoint:
    given = {"vpc": HOME, "is_interface": True, "private_dns": True, "span": line(50), **more}
    name = service if isinstance(service, str) else "some"
    return ServiceEndpoint(address=name, label=name, service=service, interfaces=doors, **given)


def door(**more: Any) -> Interface:
    """One interface of an endpoint."""
    return host("eni", **{"subnet": subnet("doors", DOORS), "groups": (), **more})


def ways(*endpoints: ServiceEndpoint, **more: Any) -> list[Way]:
    one = host("agent", **{"subnet": subnet("back", BACK), "groups": (), **more})
    return list(manager_ways(Network(service_endpoints=[*endpoints]), one))


def both(*doors: Interface, **more: Any) -> tuple[ServiceEndpoint, ServiceEndpoint]:
    return endpoint("ssm", *doors, **more), endpoint("ssmmessages", *doors, **more)


# ---- by endpoints ------------------------------------------------------------------------------

SSM = endpoint("ssm", door())
AWAY = vpc("away", "10.0.0.0/16")


@pytest.mark.parametrize(
    ("endpoints", "verdict"),
    [
        (both(door()), "reachable"),
        ((SSM,), None),
        ((SSM, endpoint("ssmmessages", vpc=AWAY)), None),
        ((SSM, endpoint("ssmmessages", is_interface=False)), None),
        ((SSM, endpoint("ssmmessages", is_interface=SOME)), "reachable"),
        ((SSM, endpoint("s3")), None),
        ((SSM, endpoint(SOME)), "undecided"),
        ((SSM, endpoint(SOME, vpc=AWAY)), None),
        ((endpoint(SOME), *both(door())), "reachable"),
        (both(door(), private_dns=False), "blocked"),
        (both(door(), private_dns=SOME), "undecided"),
        ((SSM, endpoint("ssmmessages", private_dns=False)), "blocked"),
        ((SSM, endpoint(SOME, private_dns=False)), "blocked"),
        (both(door(), vpc=SOME), "undecided"),
        ((SSM, endpoint("ssmmessages", vpc=SOME)), "undecided"),
        ((SSM, endpoint(SOME, vpc=SOME)), "undecided"),
        ((SSM, endpoint("ssmmessages", vpc=SOME, is_interface=False)), None),
        ((endpoint("ssm", vpc=SOME), endpoint(SOME, vpc=SOME), *both(door())), "reachable"),
        (both(door(), vpc=SOME, private_dns=False), "blocked"),
    ],
    ids=["for both services", "for one only", "for the other in another VPC",
         "a gateway endpoint", "perhaps one", "for another service", "perhaps for the other",
         "perhaps elsewhere", "for both, and a third", "without private DNS", "perhaps without it",
         "one of them without it", "which is no matter for an unknown service",
         "perhaps in this VPC", "one of them perhaps", "perhaps for the other, perhaps here",
         "a gateway endpoint, perhaps here", "for both, and others perhaps",
         "perhaps here and without private DNS"],
)  # fmt: skip
def test_an_agent_needs_an_endpoint_for_each_service(
    endpoints: tuple[ServiceEndpoint, ...], verdict: str | None
) -> None:
    found = ways(*endpoints)
    assert [way.verdict for way in found] == [*([verdict] if verdict else []), "blocked"]
    for step in found[0].steps if verdict else ():
        assert step.direction == "request" or step.node is ALL
        assert (step.blocker is None) is (step.verdict != "block")


def test_no_endpoint_is_sure_to_be_in_a_vpc_that_is_not_known() -> None:
    lost = subnet("back", BACK, vpc=SOME)
    assert len(ways(*both(door(), vpc=SOME), subnet=lost)) == 1


def test_an_endpoint_without_private_dns_is_to_be_changed() -> None:
    (blocker,) = ways(SSM, endpoint("ssmmessages", private_dns=False))[0].blockers
    assert (blocker.reason, blocker.node.address) == (Reason.ENDPOINT_DNS, "ssmmessages")


@pytest.mark.parametrize(
    ("agent", "far", "verdict"),
    [
        ({"groups": (group(egress=DOORS),)}, {"groups": (group(ingress=BACK),)}, "reachable"),
        ({"groups": (group(egress=BACK),)}, {}, "blocked"),
        ({"groups": (group(egress="192.168.2.0/25"),)}, {}, "undecided"),
        ({"groups": (group(egress=ANYWHERE), SOME)}, {}, "reachable"),
        ({}, {"groups": (group(ingress=DOORS),)}, "blocked"),
        ({}, {"groups": (group(ingress="192.168.1.0/25"),)}, "undecided"),
        ({"subnet": subnet("back", BACK, acl=acl(1024, 443))}, {}, "reachable"),
        ({"subnet": subnet("back", BACK, acl=acl(1024, None))}, {}, "blocked"),
        ({"subnet": subnet("back", BACK, acl=acl(None, 443))}, {}, "blocked"),
        ({}, {"subnet": subnet("doors", DOORS, acl=acl(443, 1024))}, "reachable"),
        ({}, {"subnet": subnet("doors", DOORS, acl=acl(None, 1024))}, "blocked"),
        ({}, {"subnet": subnet("doors", DOORS, acl=acl(443, None))}, "blocked"),
    ],
    ids=["groups that name the other", "one that lets out to others", "to half of the endpoints",
         "anywhere", "one that lets others in", "half of the agents", "an ACL that lets it out and "
         "back", "not out", "not back", "an ACL that lets it in and back", "not in", "nor back"],
)  # fmt: skip
def test_what_is_between_an_agent_and_its_endpoints_decides(
    agent: dict[str, Any], far: dict[str, Any], verdict: str
) -> None:
    assert ways(*both(door(**far)), **agent)[0].verdict == verdict


def test_no_acl_is_between_an_agent_and_an_endpoint_in_its_subnet() -> None:
    shut = subnet("back", BACK, acl=acl(None, None))
    found = ways(*both(door(subnet=shut)), subnet=shut)[0]
    assert found.verdict == "reachable" and len(found.steps) == 2


def test_one_of_the_interfaces_of_an_endpoint_is_shown() -> None:
    assert len(ways(*both(door(), door()))[0].steps) == len(ways(*both(door()))[0].steps)


# ---- out of the VPC ----------------------------------------------------------------------------


def out(family_block: str, **more: Any) -> Subnet:
    return subnet("back", BACK, table=table((family_block, IGW)), **more)


@pytest.mark.parametrize(
    ("where", "verdict"),
    [
        (out(ANYWHERE), "reachable"),
        (out("0.0.0.0/1"), "reachable"),
        (out("0.0.0.0/1", acl=acl(1024, 443, "0.0.0.0/1")), "reachable"),
        (out("0.0.0.0/1", acl=acl(1024, 443, "128.0.0.0/1")), "blocked"),
        (out("10.0.0.0/8"), "blocked"),
    ],
    ids=["to anywhere", "to a part of the internet", "which the ACL lets through",
         "while it lets another through", "to a private network"],
)  # fmt: skip
def test_an_agent_calls_the_internet_by_a_route_out(where: Subnet, verdict: str) -> None:
    (way,) = ways(subnet=where)
    assert way.verdict == verdict


@pytest.mark.parametrize(
    ("ipv6", "where", "verdicts"),
    [
        (False, out("::/0"), ["blocked"]),
        (True, out("::/0"), ["blocked", "undecided"]),
        (SOME, out("::/0"), ["blocked", "undecided"]),
        (True, out("2000::/4", acl=acl(1024, 443, "2000::/4")), ["blocked", "undecided"]),
        (True, out("2000::/4", acl=acl(1024, 443, "3000::/4")), ["blocked", "blocked"]),
        (True, out("64:ff9b::/96"), ["blocked", "undecided"]),
        (True, out(ANYWHERE), ["reachable", "blocked"]),
    ],
    ids=[
        "without an address",
        "with one",
        "perhaps with one",
        "to a part",
        "that the ACL stops",
        "to what stands for IPv4",
        "without a route",
    ],
)
def test_an_agent_may_call_by_ipv6_where_it_is_told_to(
    ipv6: Maybe[bool], where: Subnet, verdicts: list[str]
) -> None:
    found = ways(subnet=where, ipv6=ipv6)
    assert [way.verdict for way in found] == verdicts
    assert {way.steps[0].direction for way in found} == {"request"}
