"""
Instances and auto scaling groups: what a template and the thing made from it say together.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.alike import differ
from iaclint.assemble.build import Build, place
from iaclint.assemble.hosts import documents
from iaclint.assemble.index import direct_ref, flat, name_of, split, written
from iaclint.assemble.interfaces import (
    addresses_of,
    find_subnet,
    groups_of,
    has_ipv6,
    public_address,
)
from iaclint.assemble.meant import meant
from iaclint.aws import instance as shapes
from iaclint.aws import interface as interface_shapes
from iaclint.aws.fleet import Fleet
from iaclint.aws.platform import owner_service, platform_of, texts
from iaclint.aws.shape import Declared, blocks, dig, read, unknown_rest
from iaclint.host.text import parts
from iaclint.network import Instance, Interface, Maybe, PublicAddress, Subnet
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import Ref, Scalar, Unknown, Value, text, truth, whole

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
    launches = (declared, *_template(build, declared.template, declared))
    described = next((n for n, each in enumerate(launches, 1) if each.nics()), None)
    subnet = _first(launches[:described], "subnet")
    placement = _placement(build, launches, subnet, declared)
    _make(build, declared, launches, (placement,))


def _scaling(build: Build, group: shapes.AutoScalingGroup) -> None:
    """
    One target with a placement for each template and subnet; none where the group is never larger
    than nothing. The API takes the subnets as one text.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
    """
    if whole(group.largest) == 0:
        return
    sources = [_template(build, each, group) for each in group.templates()]
    sources += [_configuration(build, group.configuration, group)]
    choices: list[Value | None] = [*split(group.subnets)] or [None]
    _several(build, group, [(each, subnet) for each in sources if each for subnet in choices])


def _fleet(build: Build, fleet: Fleet) -> None:
    """One target with a placement for each specification, template and subnet."""
    made: list[tuple[Launches, Value | None]] = []
    for block in blocks(fleet.specifications):
        launch = read(shapes.Launch, fleet.resource, block)
        made.append(((launch,), launch.subnet))
    for template, subnets in fleet.templates():
        launches = _template(build, template, fleet)
        choices: list[Value | None] = [*subnets] or [None]
        made += [(launches, each) for each in choices if launches]
    _several(build, fleet, made)


def _several(
    build: Build,
    declared: shapes.AutoScalingGroup | Fleet,
    made: list[tuple[Launches, Value | None]],
) -> None:
    if made:
        every = tuple(ref for _, subnet in made if (ref := direct_ref(subnet)))
        places = tuple(_placement(build, each, subnet, each[0], every) for each, subnet in made)
        _make(build, declared, made[0][0], places).scaling = True


def _groups_span(value: Value | None, owner: shapes.Launch) -> Span | None:
    """Where groups are given; to name the default group is to give none."""
    if all(text(each) == "default" for each in flat(value)):
        return None
    return written(value, owner.span)


def _template(build: Build, value: Value | None, owner: Declared) -> Launches:
    """The launch template a block names, by id or by name."""
    if value is None:
        return ()
    named = [each for name in TEMPLATE_NAMES if (each := dig(value, name)) is not None]
    return _launch(build, named[0] if named else value, owner)


def _configuration(build: Build, value: Value | None, owner: Declared) -> Launches:
    return () if value is None else _launch(build, value, owner)


def _launch(build: Build, value: Value, owner: Declared) -> Launches:
    """What a value means; nothing is known of a template that is made elsewhere."""
    found = build.index.named(value, shapes.Launch)
    if isinstance(found, shapes.Launch) and not found.is_data:
        return (found,)
    if isinstance(found, shapes.Launch) or found is None:
        found = Unknown("what instances are made from is not written here", value.span)
    return (shapes.Launch.hidden(owner, found),)


def _first(launches: Launches, name: str) -> Value | None:
    for launch in launches:
        value: Value | None = getattr(launch, name)
        if value is not None:
            return value
    return None


def _placement(
    build: Build,
    launches: Launches,
    subnet: Value | None,
    owner: shapes.Launch,
    every: tuple[Ref, ...] = (),
) -> tuple[Interface, ...]:
    """The interfaces of one instance, primary first. `every` are the subnets of its group."""
    nics = next((nics for launch in launches if (nics := launch.nics())), [])
    if not nics:
        why = next((u for each in launches if (u := unknown_rest(each.interfaces))), None)
        if why is not None and subnet is None:
            return (_hidden(why, owner),)
        return (_single(build, launches, subnet, owner),)
    nics.sort(key=lambda nic: str(text(nic.index) or "0"))
    made = [_nic(build, launches, nic, subnet, len(nics), every) for nic in nics]
    return tuple(made)


def _hidden(why: Unknown, owner: Declared) -> Interface:
    """An interface of which nothing is known, and perhaps not even that it is there."""
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
        groups_span=_groups_span(given or names, owner),
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
    every: tuple[Ref, ...],
) -> Interface:
    existing = build.index.find(nic.existing, interface_shapes.NetworkInterface)
    if isinstance(existing, interface_shapes.NetworkInterface):
        return build.interfaces[existing.address]
    subnet = existing or _subnet(build, nic, outer, every)
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


def _subnet(
    build: Build, nic: shapes.NicSpec, outer: Value | None, every: tuple[Ref, ...]
) -> Maybe[Subnet]:
    """Where the interface is; which one of the group does not matter where they are alike."""
    if outer is not None and direct_ref(nic.subnet) in every:
        one, other = (find_subnet(build, each, nic.resource) for each in (nic.subnet, outer))
        if isinstance(one, Subnet) and isinstance(other, Subnet) and not differ(one, other):
            return one
    return find_subnet(build, _either(nic.subnet, outer), nic.resource)


def _either(inner: Value | None, outer: Value | None) -> Value | None:
    """The subnet of an interface in a template, and that of whatever is made from it."""
    if inner is None or outer is None:
        return inner or outer
    if isinstance(inner, Scalar) and isinstance(outer, Scalar) and inner.value == outer.value:
        return inner
    if direct_ref(inner) is not None and direct_ref(inner) == direct_ref(outer):
        return inner
    why = f"an interface is to be in {_called(inner)}, and what is made with it in {_called(outer)}"
    return Unknown(why, inner.span)


def _called(subnet: Value) -> str:
    ref, plain = direct_ref(subnet), text(subnet)
    return ref.address if ref is not None else plain if isinstance(plain, str) else "another subnet"


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
    resources = tuple(each.resource for each in launches if each.elsewhere is None)
    image = _first(launches, "image")
    data = _first(launches, "user_data") or _first(launches, "user_data_base64")
    told = [*texts(data), *_documents(build, data)]
    instance = Instance(
        **place(declared),
        placements=placements,
        key=text(key),
        key_span=key.span if key is not None else None,
        key_pair=_key_pair(build, key),
        platform=platform_of(image, told, resources, build.index.images),
        image=image,
        user_data=data,
        profile=_first(launches, "profile"),
        connections=declared.resource.connections,
        name=name_of(declared.tags),
        launches=resources,
        elsewhere=next((each.elsewhere for each in launches if each.elsewhere), None),
        managed=owner_service(declared.resource, told),
        password=truth(_first(launches, "password")) is True,
    )
    build.network.instances.append(instance)
    return instance


def _documents(build: Build, data: Value | None) -> Iterator[str]:
    """The text of user data, decoded, part by part."""
    for document in documents(build, data):
        yield from (part.text for part in parts(document))


def _key_pair(build: Build, value: Value | None) -> Maybe[Resource] | None:
    found = build.index.named(value, shapes.KeyPair)
    return found.resource if isinstance(found, shapes.KeyPair) else found


def attach_later(build: Build) -> None:
    """Interfaces that are attached to an instance by a resource of their own, perhaps at least."""
    owners = {instance.address: instance for instance in build.network.instances}
    for declared in build.index.all(interface_shapes.InterfaceAttachment):
        ref = direct_ref(declared.instance)
        if ref is not None and ref.address in owners:
            _attach(owners[ref.address], _attached(build, declared))
        for owner in meant(build, declared.instance, owners):
            why = f"it is not known which instance {declared.address} means"
            _attach(owner, _hidden(Unknown(why, declared.span), declared))


def _attached(build: Build, declared: interface_shapes.InterfaceAttachment) -> Interface:
    ref = direct_ref(declared.interface)
    address = declared.address if declared.inline else ref.address if ref else ""
    if address in build.interfaces and declared.maybe is None:
        return build.interfaces[address]
    why = f"it is not known which interface {declared.address} means"
    return _hidden(declared.maybe or Unknown(why, declared.span), declared)


def _attach(instance: Instance, interface: Interface) -> None:
    instance.placements = tuple((*each, interface) for each in instance.placements)
