"""VPC Block Public Access: what a Region refuses, whom it leaves alone, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from iaclint.network import Exclusion, Interface, Maybe, Network, PublicAccess, Subnet, Vpc
from iaclint.packet.prefix import INTERNET
from iaclint.resource import Resource
from iaclint.trace.model import Reason
from iaclint.trace.policy import policy_step
from tests.parts import HOME, OTHER, SOME, host, line, place, vpc

PEERS = INTERNET["ipv4"]
FRONT, BACK, AWAY = place("front"), place("back"), vpc("away", "10.0.0.0/16")
BLOCKS, ALLOWS = "block-bidirectional", "allow-bidirectional"


def exclusion(where: Maybe[Vpc] | Maybe[Subnet], mode: Maybe[str] = ALLOWS) -> Exclusion:
    return Exclusion(address="x", label="x", span=line(51), place=where, mode=mode)


def access(mode: Maybe[str], **more: Any) -> PublicAccess:
    return PublicAccess(address="policy", label="policy", span=line(50), mode=mode, **more)


def verdict(mode: Maybe[str], *exclusions: Exclusion, at: Interface | None = None) -> str | None:
    """Of the hop, if there is one; and with what is not known."""
    policy = access(mode)
    network = Network(policies=[policy] if mode else [], exclusions=[*exclusions])
    steps = policy_step(network, at or host(subnet=FRONT), PEERS)
    if not steps:
        return None
    (step,) = steps
    assert (step.direction, step.node, step.span) == ("request", policy, policy.span)
    assert (step.blocker is not None) is (step.verdict == "block")
    return " ".join((step.verdict, *(each.reason for each in step.unknowns)))


ONE_OF = place("one", among=(FRONT, BACK))


@pytest.mark.parametrize(
    ("mode", "exclusions", "expected"),
    [
        ("", [], None),
        ("off", [], None),
        (BLOCKS, [], "block"),
        ("block-ingress", [], "block"),
        (SOME, [], "unknown some"),
        # whom it leaves alone
        (BLOCKS, [exclusion(HOME)], None),
        (BLOCKS, [exclusion(FRONT)], None),
        (SOME, [exclusion(FRONT)], None),
        (BLOCKS, [exclusion(BACK), exclusion(AWAY)], "block"),
        (BLOCKS, [exclusion(FRONT, "allow-egress")], "block"),
        (BLOCKS, [exclusion(FRONT, OTHER)], "unknown other"),
        (BLOCKS, [exclusion(OTHER)], "unknown other"),
        (BLOCKS, [exclusion(OTHER, "allow-egress")], "block"),
        (BLOCKS, [exclusion(BACK), exclusion(HOME)], None),
        (BLOCKS, [exclusion(OTHER), exclusion(HOME)], None),
        (SOME, [exclusion(OTHER), exclusion(FRONT)], None),
        (BLOCKS, [exclusion(BACK), exclusion(OTHER)], "unknown other"),
        ("off", [exclusion(OTHER)], None),
        ("", [exclusion(OTHER)], None),
    ],
    ids=["nobody says anything", "it is off", "it blocks", "what comes in", "perhaps",
         "but its VPC", "but its subnet", "in whatever mode", "but others", "but what goes out",
         "but perhaps what comes in", "but something", "of which nothing comes in", "one of two",
         "its VPC and something", "its subnet and something", "another subnet and something",
         "and off", "and nothing else"],
)  # fmt: skip
def test_a_region_lets_nobody_in_from_the_internet(
    mode: Maybe[str], exclusions: list[Exclusion], expected: str | None
) -> None:
    assert verdict(mode, *exclusions) == expected


@pytest.mark.parametrize(
    ("subnet", "excluded", "expected"),
    [
        (ONE_OF, FRONT, "unknown which of one is meant is not known"),
        (ONE_OF, place("third"), "block"),
        (ONE_OF, HOME, None),
        (SOME, FRONT, "unknown some"),
        (SOME, HOME, "unknown some"),
        (place(vpc=OTHER), HOME, "unknown other"),
        (place(vpc=OTHER), FRONT, "block"),
    ],
    ids=["one of two subnets", "none of them", "all of them", "some subnet", "some VPC",
         "the VPC of a subnet", "another subnet"],
)  # fmt: skip
def test_what_is_excluded_may_be_where_the_host_is(
    subnet: Maybe[Subnet], excluded: Vpc | Subnet, expected: str | None
) -> None:
    assert verdict(BLOCKS, exclusion(excluded), at=host(subnet=subnet)) == expected


@pytest.mark.parametrize(
    ("own", "policy", "expected"),
    [
        ("eu-west-1", "eu-west-1", "block"),
        ("", "", "block"),
        ("eu-west-1", "us-east-1", None),
        ("eu-west-1", "", "unknown"),
        ("", "eu-west-1", "unknown"),
    ],
    ids=["the same", "the one of everything", "another", "one that nothing names",
         "for a host in one that nothing names"],
)  # fmt: skip
def test_a_policy_is_for_one_region(own: str, policy: str, expected: str | None) -> None:
    there, here = (
        Resource("aws_thing", name, {}, line(80), "terraform", region=name)
        for name in (policy, own)
    )
    network = Network(policies=[access(BLOCKS, resource=there)])
    steps = policy_step(network, host(subnet=FRONT, resource=here), PEERS)
    assert [step.verdict for step in steps] == ([expected] if expected else [])


def test_the_vpc_is_what_takes_part_in_it() -> None:
    lost, policy = host("lost"), access(BLOCKS)
    for one, about in ((host(subnet=FRONT), HOME), (lost, lost)):
        (step,) = policy_step(Network(policies=[policy]), one, PEERS)
        assert step.blocker is not None
        assert step.blocker.reason is Reason.PUBLIC_ACCESS_BLOCKED
        found = (step.node, step.blocker.node, step.blocker.about)
        assert found == (policy, policy, (about,))
