"""What the nouns of a network say of each other, whichever of them is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from iaclint.network import (
    Acl,
    Attachment,
    Instance,
    Login,
    LoginKind,
    Maybe,
    Network,
    Peering,
    Subnet,
    Vpc,
)
from tests.parts import HOME, OTHER, SOME, gate, host, line, place, resource, table, vpc

AWAY, THIRD = vpc("away", "10.0.0.0/16"), vpc("third", "10.1.0.0/16")


def peering(*ends: Maybe[Vpc]) -> Peering:
    one, other = ends
    return Peering(
        address="peering", label="peering", kind="network", title="peering connection",
        ends=(one, other),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "joins"),
    [
        ((HOME, AWAY), True),
        ((HOME, THIRD), False),
        ((HOME, SOME), SOME),
        ((THIRD, SOME), False),
        ((SOME, OTHER), SOME),
        ((HOME, HOME), False),
    ],
    ids=["it joins", "another one", "perhaps", "another one, wherever it leads", "all may be",
         "only one to itself"],
)  # fmt: skip
def test_whether_a_peering_joins_two_vpcs(
    ends: tuple[Maybe[Vpc], Maybe[Vpc]], joins: Maybe[bool]
) -> None:
    """Whichever of its ends is named first."""
    assert peering(*ends).joins(HOME, AWAY) is joins
    assert peering(*ends).joins(AWAY, HOME) is joins


A, B, C = (place(name) for name in "abc")


def among(*subnets: Subnet) -> Subnet:
    """One of these."""
    return place("some", among=subnets)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (A, A, True),
        (A, B, False),
        (among(A, B), A, None),
        (among(A, B), among(A, B), None),
        (among(A, B), among(B, C), None),
        (among(A, B), C, False),
    ],
    ids=["it is", "it is another", "one of two, or the other", "each is one of the same two",
         "one of them is in both", "none of them is"],
)  # fmt: skip
def test_whether_two_subnets_are_the_same(one: Subnet, other: Subnet, same: bool | None) -> None:
    """None where it is not known."""
    for first, second in permutations((one, other)):
        found = first.is_same(second)
        assert (found if isinstance(found, bool) else None) is same


def test_what_nobody_wrote_is_no_place_to_look_at() -> None:
    """A main table is named by what it is."""
    assert table().declared and not table(span=None).declared
    assert (table().title, table(span=None).title) == ("route table table", "table")


def test_an_attachment_that_is_looked_up_is_one_of_elsewhere() -> None:
    made = resource("made")
    for source, elsewhere in ((made, False), (replace(made, mode="data"), True), (None, False)):
        one = Attachment(address="x", label="x", transit=SOME, vpc=HOME, resource=source)
        assert one.elsewhere is elsewhere


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("connection", True), ("bastion", True), ("output", False), ("script", False)],
)
def test_terraform_itself_logs_in_by_a_connection_and_its_bastion(
    kind: LoginKind, expected: bool
) -> None:
    assert Login(kind=kind, protocol="ssh", user=None, span=line(1)).is_provisioner is expected


def test_an_internet_gateway_serves_the_vpcs_it_is_attached_to_or_may_be() -> None:
    own, perhaps = gate("own", HOME), gate("perhaps", SOME)
    others = [gate("others", AWAY), gate("alone"), gate("nat", HOME, kind="never")]
    network = Network(gateways=[own, *others, perhaps])
    assert network.internet_gateways(HOME) == [own, perhaps]


def test_the_subnets_of_a_vpc_are_in_no_other() -> None:
    network = Network(subnets=[A, place("far", vpc=AWAY), place("lost", vpc=SOME), B])
    assert network.subnets_of(HOME) == [A, B]


def test_a_host_is_guarded_by_the_acl_of_its_subnet() -> None:
    """Each interface by its own, as far as the subnet and the ACL are known."""
    acl = Acl(address="acl", label="acl", vpc=HOME)
    front, spare = (host(name, subnet=place(name, acl=acl)) for name in ("front", "spare"))
    lost, open_ = host("lost"), host("open", subnet=place("open"))
    one, other = (
        Instance(address=name, label=name, placements=placements)
        for name, placements in (("one", ((front, open_), (lost,))), ("other", ((spare,),)))
    )
    assert list(Network(instances=[one, other]).guarded()) == [
        (one, front, acl),
        (other, spare, acl),
    ]
