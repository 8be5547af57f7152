"""
Load balancers: which instance stands behind which listener, and on which port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.interfaces import find_subnet, groups_of
from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import balancer as shapes
from iaclint.aws.instance import AutoScalingGroup
from iaclint.aws.shape import Declared, blocks, dig, read, unknown_rest
from iaclint.network import (
    Balancer,
    BalancerKind,
    Instance,
    Interface,
    Listener,
    Maybe,
    Subnet,
    Target,
    TargetGroup,
)
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, Value, elements, refs, text, whole

D = TypeVar("D", bound=Declared)
OWN = ("aws_lb", "aws_alb", "aws_elasticloadbalancing", "aws_autoscaling", "aws_cloudwatch")
"""What names a target group without putting targets into it of its own accord."""
KINDS: dict[str, BalancerKind] = {"network": "network", "gateway": "gateway"}


def build_balancers(build: Build) -> None:
    """All load balancers with their listeners, target groups and targets."""
    groups = {d.address: _target_group(build, d) for d in build.index.all(shapes.LbTargetGroup)}
    _register(build, groups)
    _served_by_others(build, groups)
    made = {d.address: _modern(build, d) for d in build.index.all(shapes.LoadBalancer)}
    for declared in build.index.all(shapes.LbListener):
        _listen(build, declared, made, groups)
    for classic in build.index.all(shapes.ClassicBalancer):
        build.network.balancers.append(_classic(build, classic))


def _served_by_others(build: Build, groups: dict[str, TargetGroup]) -> None:
    """Services (ECS, EKS, …) that name a target group put their own targets into it."""
    for resource in build.index.resources.values():
        if resource.kind.lower().replace("::", "_").startswith(OWN):
            continue
        for value in resource.attributes.values():
            for ref in refs(value):
                if (group := groups.get(ref.address)) is not None:
                    why = Unknown(f"{resource.address} registers targets", resource.span)
                    group.rest = group.rest or why


# ---- load balancers and listeners ------------------------------------------------------------


def _modern(build: Build, declared: shapes.LoadBalancer) -> Balancer:
    kind = text(declared.type)
    subnets = [*flat(declared.subnets), *_mapped(declared.mappings)]
    balancer = Balancer(
        **place(declared),
        kind="network" if isinstance(kind, Unknown) else KINDS.get(kind or "", "application"),
        internal=kind if isinstance(kind, Unknown) else declared.is_internal,
        subnets=_subnets(build, declared, subnets),
        cross_zone=declared.crosses,
        ipv6=declared.has_ipv6,
    )
    _filter(build, balancer, declared.groups)
    build.network.balancers.append(balancer)
    return balancer


def _mapped(mappings: Value | None) -> Iterator[Value]:
    for each in elements(mappings):
        found = dig(each, "subnet_id") or dig(each, "SubnetId")
        if found is not None:
            yield found


def _subnets(build: Build, owner: Declared, values: Iterable[Value]) -> tuple[Maybe[Subnet], ...]:
    return tuple(find_subnet(build, value, owner.resource) for value in values)


def _filter(build: Build, balancer: Balancer, value: Value | None) -> None:
    """
    The groups of a network load balancer are optional, a gateway load balancer has none, the others
    have the default one.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
    """
    if value is None and balancer.kind in KINDS:
        return
    first = balancer.subnets[0] if balancer.subnets else Unknown("no subnet is given")
    balancer.groups = groups_of(build, flat(value), first)
    balancer.groups_span = written(value, balancer.span) if value and balancer.span else None


def _listen(
    build: Build,
    declared: shapes.LbListener,
    made: dict[str, Balancer],
    groups: dict[str, TargetGroup],
) -> None:
    found = build.index.named(declared.balancer, shapes.LoadBalancer)
    if not isinstance(found, shapes.LoadBalancer) or found.address not in made:
        return  # one that is only looked up: what it is like is not written here
    made[found.address].listeners.append(
        Listener(
            **place(declared),
            port=_port(declared.port) or Unknown("the listener has no port", declared.span),
            protocol=_protocol(declared.protocol),
            groups=tuple(_forwarded(build, declared, groups)),
        )
    )


def _forwarded(
    build: Build, declared: shapes.LbListener, groups: dict[str, TargetGroup]
) -> Iterator[Maybe[TargetGroup]]:
    for value in declared.forwards():
        found = build.index.named(value, shapes.LbTargetGroup)
        if isinstance(found, shapes.LbTargetGroup):
            made = Unknown(f"what is in {found.address} is not written here", found.span)
            yield groups.get(found.address, made)
        elif found is not None:
            yield found


def _port(value: Value | None) -> Maybe[int] | None:
    return whole(value)


def _protocol(value: Value | None) -> Maybe[str]:
    plain = text(value)
    return plain.upper() if isinstance(plain, str) else (plain or "")


# ---- target groups and targets ---------------------------------------------------------------


def _target_group(build: Build, declared: shapes.LbTargetGroup) -> TargetGroup:
    group = TargetGroup(
        **place(declared),
        port=_port(declared.port),
        protocol=_protocol(declared.protocol),
        kind=declared.type,
        preserves=declared.preserves,
        proxy=declared.prefixes_data,
        ipv6=declared.has_ipv6,
        rest=declared.maybe or unknown_rest(declared.targets),
    )
    build.network.target_groups.append(group)
    return group


def _register(build: Build, groups: dict[str, TargetGroup]) -> None:
    for declared in build.index.all(shapes.LbAttachment):
        if declared.inline:
            group = groups.get(declared.address)
        else:
            group = _group(build, declared.group, groups)
        if group is not None:
            _add(build, group, declared.target, _port(declared.port), declared.maybe)
    for scaling in build.index.all(AutoScalingGroup):
        for value in (*flat(scaling.target_groups), *_traffic_sources(scaling)):
            _add_scaling(build, _group(build, value, groups), scaling)
    for attachment in build.index.all(shapes.ScalingAttachment):
        found = build.index.named(attachment.scaling, AutoScalingGroup)
        _add_scaling(build, _group(build, attachment.group, groups), found)


def _traffic_sources(scaling: AutoScalingGroup) -> Iterator[Value]:
    for name, key in (("traffic_source", "identifier"), ("TrafficSources", "Identifier")):
        for block in blocks(scaling.resource.attributes.get(name)):
            if (found := block.get(key)) is not None:
                yield found


def _group(build: Build, value: Value | None, groups: dict[str, TargetGroup]) -> TargetGroup | None:
    found = build.index.named(value, shapes.LbTargetGroup)
    if isinstance(found, shapes.LbTargetGroup):
        return groups.get(found.address)
    if isinstance(found, Unknown) and found.ref is None:
        for group in groups.values():
            group.rest = group.rest or found
    return None


def _add_scaling(
    build: Build, group: TargetGroup | None, scaling: AutoScalingGroup | Unknown | None
) -> None:
    if group is None:
        return
    if not isinstance(scaling, AutoScalingGroup):
        group.rest = group.rest or scaling
        return
    instances = [i for i in build.network.instances if i.address == scaling.address]
    group.targets += [Target(instance=instance) for instance in instances]
    if not instances:
        group.rest = Unknown(f"what {scaling.address} launches is not known", scaling.span)


def _add(
    build: Build,
    group: TargetGroup,
    value: Value | None,
    port: Maybe[int] | None,
    maybe: Unknown | None,
) -> None:
    found = [] if maybe else list(_instances(build, value))
    if len(found) == 1:
        group.targets += [Target(instance=i, interface=n, port=port) for i, n in found]
    else:
        group.rest = group.rest or maybe or Unknown("a target is not known", group.span)


def _instances(build: Build, value: Value | None) -> Iterator[tuple[Instance, Interface | None]]:
    """What a target may be: an instance, or the interface of one, also by its private address."""
    names = {ref.address for ref in refs(value)}
    address = prefix_of(value)
    for instance in build.network.instances:
        if instance.address in names:
            yield instance, None
        for interface in instance.interfaces():
            own = interface.address in names and interface.address != instance.address
            private = (*interface.private, *interface.ipv6_addresses)
            if own or (isinstance(address, Prefix) and address in private):
                yield instance, interface


# ---- classic load balancers ------------------------------------------------------------------


def _classic(build: Build, declared: shapes.ClassicBalancer) -> Balancer:
    balancer = Balancer(
        **place(declared),
        kind="classic",
        internal=declared.is_internal,
        subnets=_subnets(build, declared, flat(declared.subnets)),
        cross_zone=declared.cross_zone,
    )
    _filter(build, balancer, declared.groups)
    targets, rest = _members(build, declared)
    for block in blocks(declared.listeners):
        listener = read(shapes.ClassicListener, declared.resource, block)
        proxy = _proxy(build, declared, whole(listener.instance_port))
        balancer.listeners.append(_classic_listener(listener, targets, rest, proxy))
    return balancer


def _classic_listener(
    listener: shapes.ClassicListener,
    targets: list[Target],
    rest: Unknown | None,
    proxy: Maybe[bool],
) -> Listener:
    where = {**place(listener), "span": listener.span}
    group = TargetGroup(
        **where,
        port=_port(listener.instance_port),
        protocol=_protocol(listener.instance_protocol or listener.protocol),
        preserves=False,
        proxy=proxy,
        targets=targets,
        rest=rest,
    )
    return Listener(
        **where,
        port=_port(listener.port) or Unknown("the listener has no port", listener.span),
        protocol=_protocol(listener.protocol),
        groups=(group,),
    )


def _members(build: Build, declared: shapes.ClassicBalancer) -> tuple[list[Target], Unknown | None]:
    group = TargetGroup(**place(declared), port=None, protocol="TCP")
    for value in flat(declared.instances):
        _add(build, group, value, None, None)
    for attachment in build.index.all(shapes.ClassicAttachment):
        if _is(build, attachment.balancer, declared, group):
            _add(build, group, attachment.instance, None, attachment.maybe)
    for scaling in build.index.all(AutoScalingGroup):
        for value in flat(scaling.balancers):
            if _is(build, value, declared, group):
                _add_scaling(build, group, scaling)
    for each in build.index.all(shapes.ScalingAttachment):
        if _is(build, each.classic, declared, group):
            _add_scaling(build, group, build.index.named(each.scaling, AutoScalingGroup))
    return group.targets, group.rest


def _is(
    build: Build, value: Value | None, declared: shapes.ClassicBalancer, group: TargetGroup
) -> bool:
    """Whether a value names a load balancer; where it may, there may be further targets."""
    found = build.index.named(value, shapes.ClassicBalancer)
    if isinstance(found, Unknown) and found.ref is None:
        group.rest = group.rest or found
    return found is declared


def _proxy(build: Build, declared: shapes.ClassicBalancer, port: Maybe[int] | None) -> Maybe[bool]:
    """Whether a proxy protocol header comes before the data that goes to a port of a host."""
    ports: list[Maybe[int] | None] = []
    for policy in build.index.all(shapes.ProxyPolicy):
        inside = policy.resource is declared.resource
        if inside or build.index.named(policy.balancer, shapes.ClassicBalancer) is declared:
            ports += [policy.maybe or whole(each) for each in flat(policy.ports)]
    unknown = next((each for each in ports if isinstance(each, Unknown)), False)
    return port in ports or unknown
