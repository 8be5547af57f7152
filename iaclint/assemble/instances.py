"""
Instances and auto scaling groups: what a template and the thing made from it say together.
"""

from __future__ import annotations

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref, flat, name_of, written
from iaclint.assemble.interfaces import (
    addresses_of,
    find_subnet,
    groups_of,
    has_ipv6,
    public_address,
)
from iaclint.aws import instance as shapes
from iaclint.aws import interface as interface_shapes
from iaclint.aws.fleet import Fleet
from iaclint.aws.platform import owner_service, platform_of
from iaclint.aws.shape import blocks, dig, read, unknown_rest
from iaclint.network import Instance, Interface, Maybe, PublicAddress
from iaclint.resource import Resource
from iaclint.value import Scalar, Unknown, Value, text, truth

TEMPLATE_NAMES = (
    "id",
    "name",
    "launch_template_id",
    "launch_template_name",
    "LaunchTemplateId",
    "LaunchTemplateName",
)
"""How a block names its launch template."""

Launches = tuple[shapes.Launch, ...]
"""The instance and the templates it is made from; the first that says something wins."""


def build_instances(build: Build) -> None:
    """All instances and groups of them."""
    for declared in build.index.all(shapes.Launch):
        if declared.is_instance:
            _instance(build, declared)
    for group in build.index.all(shapes.AutoScalingGroup):
        _scaling(build, group)
    for fleet in build.index.all(Fleet):
        _fleet(build, fleet)


def _instance(build: Build, declared: shapes.Launch) -> None:
    launches = (declared, *_template(build, declared.template))
    subnet = _first(launches, "subnet")
    placement = _placement(build, launches, subnet, declared)
    _make(build, declared, launches, (placement,))


def _scaling(build: Build, group: shapes.AutoScalingGroup) -> None:
    launches = (
        *_template(build, group.template),
        *_configuration(build, group.configuration),
    )
    subnets = list(flat(group.subnets))
    choices: list[Value | None] = [*subnets] if subnets else [None]
    if not launches:
        return
    places = tuple(_placement(build, launches, subnet, launches[0]) for subnet in choices)
    instance = _make(build, group, launches, places)
    instance.scaling = True


def _fleet(build: Build, fleet: Fleet) -> None:
    """One target with a placement for each specification, template and subnet."""
    made: list[tuple[Launches, Value | None]] = []
    for block in blocks(fleet.specifications):
        launch = read(shapes.Launch, fleet.resource, block)
        made.append(((launch,), launch.subnet))
    for template, subnets in fleet.templates():
        launches = _template(build, template)
        choices: list[Value | None] = [*subnets] if subnets else [None]
        made += [(launches, each or _first(launches, "subnet")) for each in choices if launches]
    if not made:
        return
    places = tuple(_placement(build, launches, subnet, launches[0]) for launches, subnet in made)
    instance = _make(build, fleet, made[0][0], places)
    instance.scaling = True


def _template(build: Build, value: Value | None) -> Launches:
    """The launch template a block names by id or by name."""
    for name in TEMPLATE_NAMES:
        named = dig(value, name)
        found = build.index.find(named, shapes.Launch)
        if isinstance(found, shapes.Launch):
            return (found,)
        if isinstance(named, Scalar):
            return tuple(
                each
                for each in build.index.all(shapes.Launch)
                if not each.is_instance and text(each.name) == named.value
            )[:1]
    return ()


def _configuration(build: Build, value: Value | None) -> Launches:
    found = build.index.find(value, shapes.Launch)
    return (found,) if isinstance(found, shapes.Launch) else ()


def _first(launches: Launches, name: str) -> Value | None:
    for launch in launches:
        value: Value | None = getattr(launch, name)
        if value is not None:
            return value
    return None


def _placement(
    build: Build, launches: Launches, subnet: Value | None, owner: shapes.Launch
) -> tuple[Interface, ...]:
    """The interfaces of one instance, primary first."""
    nics = next((nics for launch in launches if (nics := launch.nics())), [])
    if not nics:
        why = next((u for each in launches if (u := unknown_rest(each.interfaces))), None)
        if why is not None and subnet is None:
            return (_hidden(why, owner),)
        return (_single(build, launches, subnet, owner),)
    nics.sort(key=lambda nic: str(text(nic.index) or "0"))
    made = [_nic(build, launches, nic, subnet, len(nics)) for nic in nics]
    return tuple(made)


def _hidden(why: Unknown, owner: shapes.Launch) -> Interface:
    """The interface of an instance whose list of interfaces is not known."""
    return Interface(
        **place(owner),
        subnet=why,
        groups=(why,),
        public=PublicAddress(has=why, why=why.reason),
        ipv6=why,
    )


def _single(
    build: Build, launches: Launches, value: Value | None, owner: shapes.Launch
) -> Interface:
    subnet = find_subnet(build, value, owner.resource)
    given, names = _first(launches, "groups"), _first(launches, "group_names")
    return Interface(
        **place(owner),
        subnet=subnet,
        groups=groups_of(build, (*flat(given), *flat(names)), subnet),
        groups_span=written(given or names, owner.span) if given or names else None,
        public=public_address(_first(launches, "public"), subnet, 1, owner),
        ipv6=has_ipv6(_first(launches, "ipv6"), _first(launches, "ipv6_count"), subnet),
        private=addresses_of(_first(launches, "private")),
        ipv6_addresses=addresses_of(_first(launches, "ipv6")),
        checks=_checks(_first(launches, "checks")),
    )


def _nic(
    build: Build,
    launches: Launches,
    nic: shapes.NicSpec,
    outer: Value | None,
    count: int,
) -> Interface:
    existing = build.index.find(nic.existing, interface_shapes.NetworkInterface)
    if isinstance(existing, interface_shapes.NetworkInterface):
        return build.interfaces[existing.address]
    subnet = existing if existing else find_subnet(build, nic.subnet or outer, nic.resource)
    given = nic.groups or _first(launches, "groups")
    return Interface(
        **place(nic),
        subnet=subnet,
        groups=groups_of(build, flat(given), subnet) if not existing else (existing,),
        groups_span=written(given, nic.span) if given else None,
        public=public_address(nic.public, subnet, count, nic),
        ipv6=has_ipv6(nic.ipv6, nic.ipv6_count, subnet),
        private=addresses_of(nic.private),
        ipv6_addresses=addresses_of(nic.ipv6),
        checks=_checks(_first(launches, "checks")),
    )


def _checks(value: Value | None) -> Maybe[bool]:
    checks = truth(value)
    return True if checks is None else checks


def _make(
    build: Build,
    declared: shapes.Launch | shapes.AutoScalingGroup | Fleet,
    launches: Launches,
    placements: tuple[tuple[Interface, ...], ...],
) -> Instance:
    key = _first(launches, "key")
    resources = tuple(launch.resource for launch in launches)
    image = _first(launches, "image")
    data = _first(launches, "user_data") or _first(launches, "user_data_base64")
    platform, reason = platform_of(image, data, resources, build.index.resources)
    instance = Instance(
        **place(declared),
        placements=placements,
        key=text(key),
        key_span=key.span if key is not None else None,
        key_pair=_key_pair(build, key),
        platform=platform,
        platform_reason=reason,
        image=image,
        user_data=data,
        profile=_first(launches, "profile"),
        connections=declared.resource.connections,
        name=name_of(declared.tags),
        launches=resources,
        managed=owner_service(declared.resource, data),
        password=truth(_first(launches, "password")) is True,
    )
    build.network.instances.append(instance)
    return instance


def _key_pair(build: Build, value: Value | None) -> Maybe[Resource] | None:
    found = build.index.find(value, shapes.KeyPair)
    if isinstance(found, shapes.KeyPair):
        return found.resource
    name = text(value)
    named = [k for k in build.index.all(shapes.KeyPair) if isinstance(name, str)]
    match = [k.resource for k in named if text(k.name) == name]
    return match[0] if len(match) == 1 else found


def attach_later(build: Build) -> None:
    """Interfaces that are attached to an instance by a resource of their own."""
    by_address = {instance.address: instance for instance in build.network.instances}
    for declared in build.index.all(interface_shapes.InterfaceAttachment):
        value = declared.interface
        own = declared.address if declared.inline else None
        found = build.index.at(own, interface_shapes.NetworkInterface) if own else None
        found = found or _interface(build, value)
        ref = direct_ref(declared.instance)
        instance = by_address.get(ref.address) if ref else None
        if found is None or instance is None:
            continue
        interface = build.interfaces[found.address]
        instance.placements = tuple((*p, interface) for p in instance.placements)


def _interface(build: Build, value: Value | None) -> interface_shapes.NetworkInterface | None:
    found = build.index.find(value, interface_shapes.NetworkInterface)
    return found if isinstance(found, interface_shapes.NetworkInterface) else None
