"""
The engine against a simulator that walks one packet at a time, on random networks.

The simulator (`tests/simulator`) is written from the documentation of AWS alone. Networks on which
the two once disagreed are tests of their own, at the end.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iaclint.assemble import assemble
from iaclint.packet.service import SERVICES
from iaclint.trace.model import Reason
from tests.simulator.change import (
    opened_acl,
    opened_group,
    with_instance,
    with_subnet,
)
from tests.simulator.draft import world
from tests.simulator.generate import OPEN, Dice, Limits, network
from tests.simulator.judge import (
    Case,
    Question,
    corners,
    disagreements,
    outward_disagreements,
    questions,
    verdicts,
)
from tests.simulator.linked import linked
from tests.simulator.model import (
    ALL,
    ANYWHERE4,
    ANYWHERE6,
    TCP,
    Acl,
    Entry,
    Gateway,
    Group,
    Instance,
    Net,
    Route,
    Rule,
    Subnet,
    Table,
    Vpc,
)
from tests.simulator.render import terraform
from tests.simulator.simulate import CLOUDFORMATION, TERRAFORM
from tests.simulator.stack import cloudformation

some = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
NETWORKS = st.builds(
    lambda random, odd: network(Dice(random, odd)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.05, 0.15, 0.3]),
)
TEMPLATES = st.builds(
    lambda random, odd: network(Dice(random, odd), Limits(defaults=False)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.05, 0.15, 0.3]),
)


def in_terraform(net: Net) -> Case:
    return Case(net, assemble(world(terraform(net))), TERRAFORM)


def in_cloudformation(net: Net) -> Case:
    return Case(net, assemble(world(cloudformation(net))), CLOUDFORMATION)


@given(NETWORKS)
@some
def test_engine_and_simulator_agree_on_terraform(net: Net) -> None:
    assert disagreements(in_terraform(net)) == []


@given(TEMPLATES)
@some
def test_engine_and_simulator_agree_on_cloudformation(net: Net) -> None:
    assert disagreements(in_cloudformation(net)) == []


@given(NETWORKS)
@settings(some, max_examples=20)
def test_a_witness_passes_and_nothing_at_a_border_of_what_is_blocked(net: Net) -> None:
    """The engine's own first and last client get in; every client of the grid stays out."""
    case = in_terraform(net)
    for question in questions(net):
        start, end, key, family = question
        if start != "internet":
            continue
        service = next(each for each in SERVICES if each.key == key)
        way = case.trace(question).ways[0]
        target = net.instance(end)
        if way.verdict == "reachable":
            witnesses = corners(way.sure, family)
            assert witnesses and all(case.arrives(target, service, w) for w in witnesses)
        else:
            assert not any(case.arrives(target, service, c) for c in case.clients(family))


LINKED = st.builds(
    lambda random, odd: linked(Dice(random, odd)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.05, 0.15, 0.3]),
)
LINKED_TEMPLATES = st.builds(
    lambda random, odd: linked(Dice(random, odd), Limits(defaults=False)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.05, 0.15, 0.3]),
)


@given(LINKED)
@settings(some, max_examples=25)
def test_both_agree_on_two_vpcs_in_terraform(net: Net) -> None:
    """Peering, transit gateways with their attachments' ACLs, and prefix lists."""
    assert disagreements(in_terraform(net)) == []


@given(LINKED_TEMPLATES)
@settings(some, max_examples=25)
def test_both_agree_on_two_vpcs_in_cloudformation(net: Net) -> None:
    assert disagreements(in_cloudformation(net)) == []


@given(st.randoms(use_true_random=False), st.booleans())
@settings(some, max_examples=12)
def test_both_agree_on_who_gets_out(random: Random, template: bool) -> None:
    """By a public address, a NAT gateway in its subnet, an egress-only gateway."""
    net = network(Dice(random, 0.2), Limits(defaults=not template))
    assert outward_disagreements(in_cloudformation(net) if template else in_terraform(net)) == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_both_agree_on_who_gets_out_of_a_thousand_networks(start: int) -> None:
    for seed in range(start, start + 100):
        net = network(Dice(Random(seed), (0.05, 0.15, 0.3)[seed % 3]))
        assert (seed, outward_disagreements(in_terraform(net))) == (seed, [])


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 5000, 500))
def test_engine_and_simulator_agree_on_thousands_of_networks(start: int) -> None:
    for seed in range(start, start + 500):
        dice = Dice(Random(seed), (0.05, 0.15, 0.3)[seed % 3])
        if seed % 4:
            case = in_terraform(network(dice))
        else:
            case = in_cloudformation(network(dice, Limits(defaults=False)))
        assert (seed, disagreements(case)) == (seed, [])


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 3000, 300))
def test_both_agree_on_thousands_of_two_vpcs(start: int) -> None:
    for seed in range(start, start + 300):
        dice = Dice(Random(seed), (0.05, 0.15, 0.3)[seed % 3])
        if seed % 3:
            case = in_terraform(linked(dice))
        else:
            case = in_cloudformation(linked(dice, Limits(defaults=False)))
        assert (seed, disagreements(case)) == (seed, [])


def test_the_random_networks_are_worth_asking_about() -> None:
    """Neither verdict is rare, so that agreement means something."""
    count = {"reachable": 0, "blocked": 0, "undecided": 0}
    for seed in range(40):
        net = network(Dice(Random(seed), 0.15))
        for verdict in verdicts(in_terraform(net)).values():
            count[verdict] += 1
    assert count["reachable"] > 100
    assert count["blocked"] > 100
    assert count["undecided"] < 20


# ---- blame is real ---------------------------------------------------------------------------

REPAIRS = {
    Reason.NO_PUBLIC_ADDRESS: "address",
    Reason.NO_IPV6_ADDRESS: "address",
    Reason.ACL_EMPTY: "acl",
    Reason.ACL_REQUEST: "acl",
    Reason.ACL_REPLY: "acl",
    Reason.ACL_ICMP: "acl",
    Reason.ACL_ORDER: "acl",
    Reason.NO_ROUTE: "route",
    Reason.CANNOT_ROUTE: "route",
    Reason.MAIN_TABLE: "route",
    Reason.OUTBOUND_ONLY: "route",
    Reason.DIVERTED: "route",
    Reason.BLACKHOLE: "route",
    Reason.NO_GATEWAY: "gateway",
    Reason.GATEWAY_NOT_ATTACHED: "gateway",
    Reason.GATEWAY_ELSEWHERE: "gateway",
}


def blamed(case: Case, question: Question) -> dict[str, Reason]:
    """What has to change in the model, by the hops that block on their own."""
    found: dict[str, Reason] = {}
    for step in case.trace(question).ways[0].steps:
        if step.verdict == "block":
            assert step.blocker is not None
            kind = REPAIRS.get(step.blocker.reason, "group")
            found[f"{kind} {step.direction}" if kind == "acl" else kind] = step.blocker.reason
    return found


def repaired(net: Net, question: Question, kind: str) -> Net:
    """The model with one blamed thing opened."""
    target = net.instance(question[1])
    subnet = net.subnet(target.subnet)
    if kind == "group":
        if not target.groups:
            net = replace(net, groups=(*net.groups, Group("added", "main")))
            net = with_instance(net, replace(target, groups=("added",)))
        return opened_group(net, net.instance(target.name).groups[0])
    if kind.startswith("acl"):
        return opened_acl(net, subnet, kind == "acl reply")
    if kind == "address":
        return _addressed(net, target, subnet, question[3] == "ipv6")
    if kind == "gateway":
        gateways = tuple(replace(g, vpc="main") if g.name == "gate" else g for g in net.gateways)
        return replace(net, gateways=gateways)
    everywhere = (Route(ANYWHERE4, "igw", "gate"), Route(ANYWHERE6, "igw", "gate"))
    tables = (*net.tables, Table("repaired", "main", everywhere))
    return replace(with_subnet(net, replace(subnet, table="repaired")), tables=tables)


def _addressed(net: Net, target: Instance, subnet: Subnet, six: bool) -> Net:
    if not six:
        return with_instance(net, replace(target, elastic=True))
    index = net.subnets.index(subnet)
    block = subnet.block6 or IPv6Network(f"2600:1f16:aaa:bb{index + 0x40:x}::/64")
    if net.vpcs[0].block6 is None:
        vpc = replace(net.vpcs[0], block6=IPv6Network("2600:1f16:aaa:bb00::/56"))
        net = replace(net, vpcs=(vpc, *net.vpcs[1:]))
    net = with_subnet(net, replace(subnet, block6=block))
    return with_instance(net, replace(target, address6=block[99]))


@given(st.randoms(use_true_random=False), st.booleans())
@settings(some, max_examples=25)
def test_what_is_blamed_is_what_blocks(random: Random, template: bool) -> None:
    """Opening all that is blamed opens the flow; opening all but one thing does not."""
    net = network(Dice(random, 0.15), Limits(defaults=not template))
    written = in_cloudformation if template else in_terraform
    case = written(net)
    for question in questions(net):
        if question[0] != "internet":
            continue
        kinds = blamed(case, question)
        if "gateway" in kinds:  # attaching it brings the routes to it to life as well
            continue
        if kinds:
            whole = net
            for kind in kinds:
                whole = repaired(whole, question, kind)
            after = written(whole).trace(question)
            reasons = {blocker.reason for blocker in after.blockers}
            assert after.verdict == "reachable" or reasons == {Reason.NARROW}, (question, kinds)
        for kind in kinds if len(kinds) > 1 else ():
            rest = net
            for other in kinds:
                rest = repaired(rest, question, other) if other != kind else rest
            assert written(rest).trace(question).verdict == "blocked", (question, kind)


# ---- where they once disagreed ---------------------------------------------------------------

MAIN = Vpc("main", (IPv4Network("10.20.0.0/16"),), IPv6Network("2600:1f16:aaa:bb00::/56"))
HERE = Subnet(
    "here", "main", IPv4Network("10.20.1.0/24"), IPv6Network("2600:1f16:aaa:bb01::/64"), True
)
THERE = Subnet("there", "main", IPv4Network("10.20.2.0/24"))
OUT = Table("out", "main", (Route(ANYWHERE4, "igw", "gate"), Route(ANYWHERE6, "igw", "gate")))
GATE = Gateway("gate", "igw", "main")


def two_hosts(near: Acl | None = None, far: Acl | None = None, *routes: Route) -> Net:
    """Two hosts in two subnets, with groups that let everything through."""
    table = Table("inner", "main", routes)
    return Net(
        vpcs=(MAIN,),
        subnets=(
            replace(HERE, table="inner", acl=near.name if near else None),
            replace(THERE, acl=far.name if far else None),
        ),
        tables=(table,),
        acls=tuple(acl for acl in (near, far) if acl),
        groups=(Group("open", "main", OPEN, OPEN),),
        instances=(
            Instance("host0", "here", HERE.block[10], ("open",)),
            Instance("host1", "there", THERE.block[11], ("open",)),
        ),
    )


def test_nobody_on_the_internet_has_an_address_of_the_vpc_itself() -> None:
    """The local route takes the reply; a rule for the VPC's own block lets no client in."""
    rule = Rule(TCP, 22, 22, IPv6Network("2600:1f16:aaa:bb00::/56"))
    host = Instance("host", "here", HERE.block[10], ("own",), address6=HERE.block6[10])  # type: ignore[index]
    net = Net(
        vpcs=(MAIN,),
        subnets=(replace(HERE, table="out"),),
        tables=(OUT,),
        gateways=(GATE,),
        groups=(Group("own", "main", (rule,)),),
        instances=(host,),
    )
    question: Question = ("internet", "host", "ssh", "ipv6")
    for case in (in_terraform(net), in_cloudformation(net)):
        assert case.trace(question).verdict == "blocked"
        assert disagreements(case) == []
    wider = opened_group(net, "own")
    assert in_terraform(wider).trace(question).verdict == "reachable"
    assert disagreements(in_terraform(wider)) == []


def replies(name: str, outward: tuple[int, int], inward: tuple[int, int]) -> Acl:
    """An ACL that lets SSH through both ways, and replies on some ports."""
    ssh = Entry(10, True, TCP, 22, 22, ANYWHERE4)
    out, back = (Entry(20, True, TCP, *ports, ANYWHERE4) for ports in (outward, inward))
    return Acl(name, "main", (ssh, back), (ssh, out))


def test_a_reply_needs_one_port_that_both_acls_let_through() -> None:
    near = replies("near", (1024, 65535), (32768, 65535))
    far = replies("far", (1024, 20000), (1024, 65535))
    case = in_terraform(two_hosts(near, far))
    assert case.trace(("host0", "host1", "ssh", "ipv4")).verdict == "blocked"
    assert case.trace(("host1", "host0", "ssh", "ipv4")).verdict == "reachable"
    assert disagreements(case) == []
    wider = replies("far", (1024, 32768), (1024, 65535))
    case = in_terraform(two_hosts(near, wider))
    assert case.trace(("host0", "host1", "ssh", "ipv4")).verdict == "reachable"
    assert disagreements(case) == []


@pytest.mark.parametrize("checks", [True, False])
def test_a_route_to_the_interface_of_the_target_itself_arrives(checks: bool) -> None:
    net = two_hosts(None, None, Route(THERE.block, "eni", "host1"))
    net = with_instance(net, replace(net.instance("host1"), checks_source=checks))
    for case in (in_terraform(net), in_cloudformation(net)):
        assert case.trace(("host0", "host1", "ssh", "ipv4")).verdict == "reachable"
        assert disagreements(case) == []


def test_a_route_to_another_interface_that_checks_addresses_does_not_arrive() -> None:
    net = two_hosts(None, None, Route(THERE.block, "eni", "host2"))
    other = Instance("host2", "there", THERE.block[12], ("open",))
    case = in_terraform(replace(net, instances=(*net.instances, other)))
    assert case.trace(("host0", "host1", "ssh", "ipv4")).verdict == "blocked"
    assert disagreements(case) == []


def test_the_address_of_an_interface_in_a_template_is_known() -> None:
    """Asking for a public address moves the private one into `NetworkInterfaces`."""
    peer = IPv4Network(HERE.block[10])
    groups = (Group("open", "main", OPEN, OPEN), Group("one", "main", (Rule(ALL, 0, 0, peer),)))
    net = two_hosts()
    start, end = net.instances
    instances = (replace(start, public=True), replace(end, groups=("one",)))
    case = in_cloudformation(replace(net, groups=groups, instances=instances))
    assert case.trace(("host0", "host1", "ssh", "ipv4")).verdict == "reachable"
    assert disagreements(case) == []


def test_the_ipv6_address_of_an_instance_in_a_template_is_known() -> None:
    block = IPv6Network("2600:1f16:aaa:bb02::/64")
    peer = IPv6Network(HERE.block6[10])  # type: ignore[index]
    net = with_subnet(two_hosts(), replace(THERE, block6=block))
    start, end = net.instances
    groups = (Group("open", "main", OPEN, OPEN), Group("one", "main", (Rule(ALL, 0, 0, peer),)))
    instances = (
        replace(start, address6=peer.network_address),
        replace(end, address6=block[10], groups=("one",)),
    )
    case = in_cloudformation(replace(net, groups=groups, instances=instances))
    assert case.trace(("host0", "host1", "ssh", "ipv6")).verdict == "reachable"
    assert disagreements(case) == []
