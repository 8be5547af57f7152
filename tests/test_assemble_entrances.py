"""
What becomes of load balancers and accelerators: what stands behind them, and what is not known.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from iaclint.network import Accelerator, Balancer, Listener, TargetGroup
from iaclint.resource import Resource
from iaclint.value import Unknown
from tests.parts import OTHER, SOME, assembled, line, named, thing

Fact = object
VPC = thing("aws_vpc.v", cidr_block="10.0.0.0/16")
SUBNET = thing("aws_subnet.s", vpc_id=named("aws_vpc.v"), cidr_block="10.0.1.0/24")
GROUP = thing("aws_security_group.g", vpc_id=named("aws_vpc.v"))
S, SG = named("aws_subnet.s"), named("aws_security_group.g")
DEFAULT = "default security group of aws_vpc.v"
HOST = thing("aws_instance.h", subnet_id=S, private_ip="10.0.1.9")
TWIN = thing("aws_instance.twin", subnet_id=S)
CARD = thing(
    "aws_network_interface.i", subnet_id=S, private_ips=["10.0.1.50"],
    ipv6_addresses=["2600:1f14::50"],
    attachment=[{"instance": named("aws_instance.h"), "device_index": 1}],
)  # fmt: skip
BASE = (VPC, SUBNET, GROUP)
HOSTS = (*BASE, HOST, TWIN, CARD)
ELSEWHERE = named("data.external.somewhere", "result")


def fact(value: object) -> Fact:
    """A value to compare with: `?` and why for what is not known, the address of a thing."""
    if isinstance(value, Unknown):
        return f"? {value.reason}"
    if isinstance(value, tuple | list):
        return [fact(each) for each in value]
    return getattr(value, "address", value)


def with_more(each: Resource, **more: object) -> Resource:
    """The same resource with more attributes, or others."""
    return replace(each, attributes={**each.attributes, **thing("a.b", **more).attributes})


def either(*choices: Unknown) -> Unknown:
    """What a condition that is not known makes one of these."""
    return Unknown("it depends", choices=choices)


# ---- load balancers ----------------------------------------------------------------------------

NLB = thing("aws_lb.b", load_balancer_type="network", subnets=[S])
ELB = thing("aws_elb.b", subnets=[S])


def in_template(**properties: object) -> Resource:
    return thing("B", "AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)


@pytest.mark.parametrize(
    ("balancer", "kind", "internal", "subnets", "groups"),
    [
        (NLB, "network", False, ["aws_subnet.s"], []),
        (with_more(NLB, internal=True), "network", True, ["aws_subnet.s"], []),
        (with_more(NLB, load_balancer_type=SOME), "network", "? some", ["aws_subnet.s"], []),
        (with_more(NLB, security_groups=[SG]), "network", False, ["aws_subnet.s"],
         ["aws_security_group.g"]),
        (with_more(NLB, load_balancer_type="gateway"), "gateway", False, ["aws_subnet.s"], []),
        # all others have the default group of their VPC
        (thing("aws_lb.b", subnets=[S]), "application", False, ["aws_subnet.s"], [DEFAULT]),
        (ELB, "classic", False, ["aws_subnet.s"], [DEFAULT]),
        (with_more(ELB, security_groups=[SG]), "classic", False, ["aws_subnet.s"],
         ["aws_security_group.g"]),
        (thing("aws_elb.b"), "classic", False, [], ["? no subnet is given"]),
        # where it is
        (thing("aws_lb.b", load_balancer_type="network", subnet_mapping=[{"subnet_id": S}]),
         "network", False, ["aws_subnet.s"], []),
        (thing("aws_lb.b", load_balancer_type="network", subnet_mapping=[{"allocation_id": SOME}]),
         "network", False, [], []),
        (thing("aws_lb.b", load_balancer_type="network", subnet_mapping=[{"subnet_id": S}, SOME]),
         "network", False, ["aws_subnet.s", "? some"], []),
        (in_template(Type="network", SubnetMappings=[{"SubnetId": S}]), "network", False,
         ["aws_subnet.s"], []),
        (in_template(Type="network", Subnets=[S], Scheme="internal"), "network", True,
         ["aws_subnet.s"], []),
    ],
)  # fmt: skip
def test_a_load_balancer_is_where_and_what_it_says(
    balancer: Resource, kind: str, internal: Fact, subnets: list[Fact], groups: list[Fact]
) -> None:
    (found,) = assembled(*BASE, balancer).balancers
    assert (found.kind, fact(found.internal)) == (kind, internal)
    assert (fact(found.subnets), fact(found.groups)) == (subnets, groups)


def test_the_groups_of_a_load_balancer_are_blamed_where_they_are_given() -> None:
    for own, span in ((ELB, None), (with_more(ELB, security_groups=[SG]), line(70))):
        (found,) = assembled(*BASE, own).balancers
        assert found.groups_span == span


POOL = thing("aws_lb_target_group.g", port=22, protocol="TCP")
OTHER_POOL = thing("aws_lb_target_group.other", port=22, protocol="TCP")
TO_POOL = [{"type": "forward", "target_group_arn": named(POOL.address, "arn")}]
LISTENER = thing(
    "aws_lb_listener.l", load_balancer_arn=named(NLB.address, "arn"), port=22, protocol="tcp",
    default_action=TO_POOL,
)  # fmt: skip


@pytest.mark.parametrize(
    ("listener", "found"),
    [
        (LISTENER, [(22, "TCP", [POOL.address])]),
        (with_more(LISTENER, port=None), [("? the listener has no port", "TCP", [POOL.address])]),
        (with_more(LISTENER, port=SOME), [("? some", "TCP", [POOL.address])]),
        (with_more(LISTENER, protocol=SOME), [(22, "? some", [POOL.address])]),
        (with_more(LISTENER, protocol=None), [(22, "", [POOL.address])]),
        (with_more(LISTENER, default_action=[{"type": "redirect"}]), [(22, "TCP", [])]),
        (with_more(LISTENER, default_action=[{"target_group_arn": SOME}]),
         [(22, "TCP", ["? some"])]),
        (with_more(LISTENER, load_balancer_arn=SOME), []),
        (with_more(LISTENER, load_balancer_arn=None), []),
        (with_more(LISTENER, load_balancer_arn=named("data.aws_lb.b")), []),
    ],
)  # fmt: skip
def test_a_listener_is_one_of_the_load_balancer_it_names(
    listener: Resource, found: list[tuple[Fact, Fact, list[Fact]]]
) -> None:
    looked_up = thing("data.aws_lb.b", name="b")
    (balancer,) = assembled(*BASE, NLB, looked_up, POOL, listener).balancers
    made = [(fact(e.port), fact(e.protocol), fact(e.groups)) for e in balancer.listeners]
    assert made == found


# ---- target groups -----------------------------------------------------------------------------


def target(what: object, group: object = named(POOL.address, "arn"), **more: object) -> Resource:
    return thing("aws_lb_target_group_attachment.t", target_group_arn=group, target_id=what, **more)


TEMPLATE = thing("aws_launch_template.t", image_id="ami-1")
FLEET = thing(
    "aws_autoscaling_group.f", max_size=1, vpc_zone_identifier=[S],
    launch_template=[{"id": named(TEMPLATE.address)}],
)  # fmt: skip


def scaled(group: object, fleet: object = named(FLEET.address, "name")) -> Resource:
    return thing(
        "aws_autoscaling_attachment.a", autoscaling_group_name=fleet, lb_target_group_arn=group
    )


H, G = named(HOST.address), named(POOL.address, "arn")
NOT_KNOWN = "? a target is not known"
BY_CARD = [(HOST.address, CARD.address, None)]
BY_HOST = [(HOST.address, None, None)]
BY_FLEET = [(FLEET.address, None, None)]


@pytest.mark.parametrize(
    ("more", "targets", "rest", "others"),
    [
        ((), [], None, None),
        ((target(H),), BY_HOST, None, None),
        ((target(H), target(named(TWIN.address))), [*BY_HOST, (TWIN.address, None, None)], None,
         None),
        ((target(H, port=2222),), [(HOST.address, None, 2222)], None, None),
        ((target(named(HOST.address, "private_ip")),), BY_HOST, None, None),
        ((target(named(CARD.address, "private_ip")),), BY_CARD, None, None),
        ((target("10.0.1.50"),), BY_CARD, None, None),
        ((target("2600:1f14::50"),), BY_CARD, None, None),
        ((target("10.0.1.51"),), [], NOT_KNOWN, None),
        ((target("nothing of the kind"),), [], NOT_KNOWN, None),
        ((target(SOME),), [], NOT_KNOWN, None),
        ((replace(target(H), maybe=SOME),), [], "? some", None),
        # one of two is none that is known; one by two names is
        ((target(either(H, named(TWIN.address))),), [], NOT_KNOWN, None),
        ((target(either(H, named(HOST.address, "private_ip"))),), BY_HOST, None, None),
        # which group it is may not be known
        ((target(H, SOME),), [], "? some", "? some"),
        ((target(H, ELSEWHERE),), [], None, None),
        ((target(H, None),), [], None, None),
        # fleets
        ((FLEET, TEMPLATE, scaled(G)), BY_FLEET, None, None),
        ((target(H), FLEET, TEMPLATE, scaled(G)), BY_HOST + BY_FLEET, None, None),
        ((with_more(FLEET, target_group_arns=[G]), TEMPLATE, target(H)), BY_HOST + BY_FLEET,
         None, None),
        ((with_more(FLEET, traffic_source=[{"identifier": G}]), TEMPLATE), BY_FLEET, None, None),
        ((with_more(FLEET, traffic_source=[{"type": "elbv2"}]), TEMPLATE), [], None, None),
        ((with_more(FLEET, max_size=0), TEMPLATE, scaled(G)), [],
         f"? what {FLEET.address} launches is not known", None),
        ((scaled(G, SOME),), [], "? some", None),
        ((scaled(SOME),), [], "? some", "? some"),
        # what others register
        ((thing("aws_ecs_service.x", load_balancer=[{"target_group_arn": G}]),), [],
         "? aws_ecs_service.x registers targets", None),
        ((thing("aws_lb_listener_rule.x", action=[{"target_group_arn": G}]),), [], None, None),
    ],
)  # fmt: skip
def test_a_target_group_holds_what_is_put_into_it(
    more: tuple[Resource, ...], targets: list[Fact], rest: Fact, others: Fact
) -> None:
    own, other = assembled(*HOSTS, POOL, OTHER_POOL, *more).target_groups
    assert _targets(own) == targets
    assert (fact(own.rest), fact(other.rest)) == (rest, others)
    assert other.targets == []


def _targets(group: TargetGroup) -> list[Fact]:
    return [(fact(t.instance), fact(t.interface), fact(t.port)) for t in group.targets]


@pytest.mark.parametrize(
    "more",
    [
        (target(H, SOME),),
        (target(SOME),),
        (replace(target(H), maybe=SOME),),
        (scaled(G, SOME),),
        (thing("aws_ecs_service.x", load_balancer=[{"target_group_arn": G}]),),
    ],
)
def test_the_first_reason_why_a_target_group_may_hold_more_is_said(
    more: tuple[Resource, ...],
) -> None:
    (group,) = assembled(*HOSTS, replace(POOL, maybe=OTHER), *more).target_groups
    assert fact(group.rest) == "? other"


@pytest.mark.parametrize(
    ("targets", "found", "rest"),
    [
        ([{"Id": H}], BY_HOST, None),
        ([{"Id": H, "Port": 2222}], [(HOST.address, None, 2222)], None),
        ([{"Id": H}, SOME], BY_HOST, "? some"),
        (SOME, [], "? some"),
    ],
)
def test_a_target_group_in_a_template_has_its_targets_inside(
    targets: object, found: list[Fact], rest: Fact
) -> None:
    kind = "AWS::ElasticLoadBalancingV2::TargetGroup"
    (group,) = assembled(*HOSTS, thing("T", kind, Port=22, Targets=targets)).target_groups
    assert (_targets(group), fact(group.rest)) == (found, rest)


# ---- classic load balancers --------------------------------------------------------------------

DOOR = {"lb_port": 2022, "lb_protocol": "ssl", "instance_port": 22, "instance_protocol": "tcp"}


def door(**said: object) -> Balancer:
    """A classic load balancer with one listener."""
    (found,) = assembled(*BASE, with_more(ELB, listener=[{**DOOR, **said}])).balancers
    return found


def behind(listener: Listener) -> TargetGroup:
    (group,) = listener.groups
    assert isinstance(group, TargetGroup)
    return group


@pytest.mark.parametrize(
    ("said", "port", "protocol", "inner", "spoken"),
    [
        ({}, 2022, "SSL", 22, "TCP"),
        ({"instance_protocol": None}, 2022, "SSL", 22, "SSL"),
        ({"lb_port": None}, "? the listener has no port", "SSL", 22, "TCP"),
        ({"lb_port": SOME, "instance_port": OTHER}, "? some", "SSL", "? other", "TCP"),
    ],
)
def test_a_classic_listener_has_a_port_on_either_side(
    said: dict[str, object], port: Fact, protocol: Fact, inner: Fact, spoken: Fact
) -> None:
    """And its hosts see the load balancer, not the client."""
    (listener,) = door(**said).listeners
    group = behind(listener)
    assert (fact(listener.port), fact(listener.protocol)) == (port, protocol)
    assert (fact(group.port), fact(group.protocol), group.preserves) == (inner, spoken, False)


SECOND = thing("aws_elb.second", subnets=[S], listener=[DOOR])
B = named(ELB.address)


def member(balancer: object = B, what: object = H) -> Resource:
    return thing("aws_elb_attachment.m", elb=balancer, instance=what)


def in_fleet(balancer: object) -> Resource:
    return thing(
        "aws_autoscaling_attachment.a", autoscaling_group_name=named(FLEET.address), elb=balancer
    )


@pytest.mark.parametrize(
    ("own", "more", "targets", "rest"),
    [
        ({}, (), [], None),
        ({"instances": [H]}, (), BY_HOST, None),
        ({"instances": [H, SOME]}, (), BY_HOST, NOT_KNOWN),
        ({}, (member(),), BY_HOST, None),
        ({}, (member(what=SOME),), [], NOT_KNOWN),
        ({}, (replace(member(), maybe=SOME),), [], "? some"),
        ({}, (member(named(SECOND.address)),), [], None),
        # which load balancer it is may not be known
        ({}, (member(SOME),), [], "? some"),
        ({"instances": [H]}, (member(SOME),), BY_HOST, "? some"),
        ({"instances": [SOME]}, (member(OTHER),), [], NOT_KNOWN),
        ({}, (member(ELSEWHERE),), [], None),
        ({}, (TEMPLATE, with_more(FLEET, load_balancers=[SOME])), [], "? some"),
        ({}, (TEMPLATE, FLEET, in_fleet(SOME)), [], "? some"),
        ({"instances": [H]}, (TEMPLATE, with_more(FLEET, load_balancers=[B])), BY_HOST + BY_FLEET,
         None),
        ({}, (TEMPLATE, with_more(FLEET, load_balancers=[named(SECOND.address)])), [], None),
        ({}, (TEMPLATE, FLEET, in_fleet(B)), BY_FLEET, None),
        ({}, (TEMPLATE, FLEET, in_fleet(named(SECOND.address))), [], None),
    ],
)  # fmt: skip
def test_a_classic_load_balancer_has_the_hosts_that_are_put_behind_it(
    own: dict[str, object], more: tuple[Resource, ...], targets: list[Fact], rest: Fact
) -> None:
    first = with_more(ELB, listener=[DOOR], **own)
    found = assembled(*HOSTS, first, SECOND, *more).balancers[0]
    group = behind(found.listeners[0])
    assert (_targets(group), fact(group.rest)) == (targets, rest)


def headers(*ports: object, of: object = B, **more: object) -> Resource:
    return thing("aws_proxy_protocol_policy.p", load_balancer=of, instance_ports=[*ports], **more)


@pytest.mark.parametrize(
    ("policy", "first", "second"),
    [
        (headers("22"), True, False),
        (headers("2222"), False, True),
        (headers("2222", 22), True, True),
        (headers("22", of=named(SECOND.address)), False, False),
        (headers("22", of=SOME), False, False),
        (headers(SOME, "22"), True, "? some"),
        (headers(), False, False),
        (replace(headers("22"), maybe=SOME), "? some", "? some"),
        (thing("aws_lb_ssl_negotiation_policy.p", load_balancer=B, instance_ports=["22"]), False,
         False),
    ],
)  # fmt: skip
def test_a_policy_puts_a_header_before_the_data_for_some_ports(
    policy: Resource, first: Fact, second: Fact
) -> None:
    doors = [DOOR, {**DOOR, "instance_port": 2222}]
    policies = headers("443"), policy, headers("80")
    found = assembled(*BASE, with_more(ELB, listener=doors), SECOND, *policies).balancers[0]
    assert [fact(behind(each).proxy) for each in found.listeners] == [first, second]


@pytest.mark.parametrize(
    ("kind", "proxy"), [("ProxyProtocolPolicyType", True), ("SSLNegotiationPolicyType", False)]
)
def test_in_a_template_such_a_policy_is_written_inside(kind: str, proxy: bool) -> None:
    inner = {"PolicyName": "p", "PolicyType": kind, "InstancePorts": ["22"]}
    door = {"LoadBalancerPort": "22", "InstancePort": "22", "Protocol": "TCP"}
    classic = "AWS::ElasticLoadBalancing::LoadBalancer"
    own = thing("One", classic, Listeners=[door], Policies=[inner])
    plain = thing("Two", classic, Listeners=[door])
    found = assembled(own, plain).balancers
    assert [behind(each.listeners[0]).proxy for each in found] == [proxy, False]


# ---- accelerators ------------------------------------------------------------------------------

ACCELERATOR = thing("aws_globalaccelerator_accelerator.a", name="a")
EAR = thing(
    "aws_globalaccelerator_listener.l", accelerator_arn=named(ACCELERATOR.address),
    port_range=[{"from_port": 22, "to_port": 23}], protocol="TCP",
)  # fmt: skip


def endpoints(*found: object, name: str = "e", **said: object) -> Resource:
    return thing(
        f"aws_globalaccelerator_endpoint_group.{name}", listener_arn=named(EAR.address),
        endpoint_configuration=[*found], **said,
    )  # fmt: skip


def to(what: object, **said: object) -> dict[str, object]:
    return {"endpoint_id": what, **said}


def accelerated(*resources: Resource) -> Accelerator:
    (found,) = assembled(*HOSTS, NLB, *resources).accelerators
    return found


HALF = to(H, weight=128)


@pytest.mark.parametrize(
    ("listener", "group", "ports", "protocol", "weight", "at"),
    [
        (EAR, endpoints(HALF), [range(22, 24)], "TCP", 128, HOST.address),
        (EAR, endpoints(to(H)), [range(22, 24)], "TCP", None, HOST.address),
        (EAR, endpoints(to(named(NLB.address))), [range(22, 24)], "TCP", None, NLB.address),
        (EAR, endpoints(HALF, traffic_dial_percentage=50), [range(22, 24)], "TCP", 128,
         HOST.address),
        (EAR, endpoints(HALF, traffic_dial_percentage=0), [range(22, 24)], "TCP", 0,
         HOST.address),
        (with_more(EAR, protocol=None), endpoints(HALF), [range(22, 24)], "TCP", 128,
         HOST.address),
        (with_more(EAR, protocol="UDP"), endpoints(HALF), [range(22, 24)], "UDP", 128,
         HOST.address),
        (with_more(EAR, protocol=SOME), endpoints(HALF), [range(22, 24)], "? some", 128,
         HOST.address),
        (replace(EAR, maybe=SOME), endpoints(HALF), [range(22, 24)], "TCP", 128, "? some"),
        (EAR, replace(endpoints(HALF), maybe=SOME), [range(22, 24)], "TCP", 128, "? some"),
    ],
)  # fmt: skip
def test_an_accelerator_sends_what_its_listener_takes_to_its_endpoints(
    listener: Resource, group: Resource, ports: list[range], protocol: Fact, weight: Fact, at: Fact
) -> None:
    (found,) = accelerated(ACCELERATOR, listener, group).entrances
    assert (list(found.ports), fact(found.protocol)) == (ports, protocol)
    assert (fact(found.weight), fact(found.to), found.address_only) == (weight, at, False)
    assert (found.listener.address, found.address) == (EAR.address, group.address)


@pytest.mark.parametrize(
    ("accelerator", "enabled", "ipv6"),
    [
        (ACCELERATOR, True, False),
        (with_more(ACCELERATOR, enabled=False), False, False),
        (with_more(ACCELERATOR, enabled=SOME), "? some", False),
        (replace(ACCELERATOR, maybe=SOME), "? some", False),
        (with_more(ACCELERATOR, ip_address_type="DUAL_STACK"), True, True),
        (with_more(ACCELERATOR, ip_address_type=SOME), True, "? some"),
    ],
)
def test_an_accelerator_takes_what_it_says(
    accelerator: Resource, enabled: Fact, ipv6: Fact
) -> None:
    found = accelerated(accelerator)
    assert (fact(found.enabled), fact(found.ipv6), found.entrances) == (enabled, ipv6, [])


@pytest.mark.parametrize(
    ("groups", "rest"),
    [
        ((endpoints(HALF),), None),
        ((endpoints(HALF, SOME),), "? some"),
        ((endpoints(HALF, SOME), endpoints(HALF, name="f")), "? some"),
        ((endpoints(HALF), endpoints(HALF, SOME, name="f")), "? some"),
        ((endpoints(HALF, SOME), endpoints(HALF, OTHER, name="f")), "? some"),
    ],
)
def test_an_accelerator_may_have_further_endpoints(
    groups: tuple[Resource, ...], rest: Fact
) -> None:
    found = accelerated(ACCELERATOR, EAR, *groups)
    assert (len(found.entrances), fact(found.rest)) == (len(groups), rest)


EIP = thing("aws_eip.a")
AT_EIP = endpoints(to(named(EIP.address)))
GIVEN = thing("aws_eip_association.x", allocation_id=named(EIP.address), instance_id=H)
HIDDEN = "? the endpoint is not declared here"


@pytest.mark.parametrize(
    ("elastic", "found"),
    [
        ((with_more(EIP, instance=H),), HOST.address),
        ((with_more(EIP, network_interface=named(CARD.address)),), HOST.address),
        ((EIP, GIVEN), HOST.address),
        ((EIP, with_more(GIVEN, instance_id=None, network_interface_id=named(CARD.address))),
         HOST.address),
        ((with_more(EIP, instance=H), thing("aws_eip.other"),
          with_more(GIVEN, allocation_id=named("aws_eip.other"),
                    instance_id=named(TWIN.address))), HOST.address),
        ((with_more(EIP, instance=H), with_more(GIVEN, instance_id=None,
          network_interface_id=named(CARD.address))), HOST.address),
        ((EIP, with_more(GIVEN, allocation_id=None, public_ip=named(EIP.address, "public_ip"))),
         HOST.address),
        ((EIP, with_more(GIVEN, allocation_id="eipalloc-0123456789abcdef0")), "? aws_eip.a.id"),
        ((EIP, with_more(GIVEN, allocation_id=SOME)), "? aws_eip.a.id"),
        ((EIP,), "? aws_eip.a.id"),
    ],
)  # fmt: skip
def test_an_endpoint_may_be_an_elastic_ip_of_a_host(
    elastic: tuple[Resource, ...], found: Fact
) -> None:
    (one,) = accelerated(ACCELERATOR, EAR, AT_EIP, *elastic).entrances
    assert (fact(one.to), one.address_only) == (found, True)


def test_an_endpoint_may_be_one_of_two_and_is_neither_for_certain() -> None:
    one, two = with_more(EIP, instance=H), thing("aws_eip.b", instance=named(TWIN.address))
    for what in (either(H, named(TWIN.address)), either(named(one.address), named(two.address))):
        (found,) = accelerated(ACCELERATOR, EAR, endpoints(to(what)), one, two).entrances
        assert fact(found.to) == "? it depends"


def test_an_elastic_ip_may_be_given_to_a_host_whose_interface_is_made_first() -> None:
    card = thing("aws_network_interface.first", subnet_id=S)
    early = thing(
        "aws_instance.early", network_interface=[{"network_interface_id": named(card.address)}]
    )
    for given in ({"instance": named(early.address)}, {"network_interface": named(card.address)}):
        eip = with_more(EIP, **given)
        (found,) = accelerated(ACCELERATOR, EAR, AT_EIP, card, early, eip).entrances
        assert fact(found.to) == early.address


@pytest.mark.parametrize(
    ("what", "found"),
    [("i-0123456789abcdef0", HIDDEN), (SOME, "? some"), (ELSEWHERE, f"? {ELSEWHERE.reason}")],
)
def test_an_endpoint_may_be_something_that_is_not_declared(what: object, found: Fact) -> None:
    (one,) = accelerated(ACCELERATOR, EAR, endpoints(to(what))).entrances
    assert (fact(one.to), one.address_only) == (found, False)


LOOKED_UP = thing("data." + ACCELERATOR.address, name="x")
GROUP_OF_ENDPOINTS = endpoints(HALF).address
MADE = "? the accelerator of {} is made elsewhere"


@pytest.mark.parametrize(
    ("listener", "group", "at", "ports", "protocol"),
    [
        (with_more(EAR, accelerator_arn=SOME), endpoints(HALF), EAR.address, [range(22, 24)],
         "TCP"),
        (with_more(EAR, accelerator_arn=named(LOOKED_UP.address)), endpoints(HALF),
         LOOKED_UP.address, [range(22, 24)], "TCP"),
        (EAR, with_more(endpoints(HALF), listener_arn=SOME), GROUP_OF_ENDPOINTS,
         [f"? the listener of {GROUP_OF_ENDPOINTS} is made elsewhere"],
         f"? the listener of {GROUP_OF_ENDPOINTS} is made elsewhere"),
    ],
    ids=["not known", "looked up", "its listener"],
)  # fmt: skip
def test_an_accelerator_may_be_made_elsewhere(
    listener: Resource, group: Resource, at: str, ports: list[Fact], protocol: Fact
) -> None:
    """Then it may send to its endpoints; one that is declared beside it is another."""
    made = assembled(*HOSTS, ACCELERATOR, LOOKED_UP, listener, group, endpoints(SOME, name="f"))
    own, other = made.accelerators
    assert (own.address, own.entrances) == (ACCELERATOR.address, [])
    assert (other.address, fact(other.enabled), fact(other.ipv6)) == (
        at, MADE.format(at), MADE.format(at)
    )  # fmt: skip
    (found,) = other.entrances
    assert (fact(found.to), fact(found.ports), fact(found.protocol)) == (
        HOST.address, ports, protocol
    )  # fmt: skip
