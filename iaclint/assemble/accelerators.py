"""
Global Accelerator: what each accelerator sends to which instance or load balancer.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.build import Build, place
from iaclint.aws import accelerator as shapes
from iaclint.aws.interface import ElasticIp, ElasticIpAssociation
from iaclint.aws.shape import unknown_rest
from iaclint.network import Accelerator, Balancer, Entrance, Instance, Maybe, Node
from iaclint.value import Unknown, Value, refs, text, whole

Reached = Instance | Balancer


def build_accelerators(build: Build) -> None:
    """All accelerators, each with an entrance for every endpoint of its listeners."""
    made = {each.address: _accelerator(each) for each in build.index.all(shapes.Accelerator)}
    build.network.accelerators += made.values()
    for group in build.index.all(shapes.EndpointGroup):
        listener = build.index.find(group.listener, shapes.AcceleratorListener)
        if not isinstance(listener, shapes.AcceleratorListener):
            continue  # of an accelerator made elsewhere: what it listens for is not written here
        found = build.index.find(listener.accelerator, shapes.Accelerator)
        if isinstance(found, shapes.Accelerator) and found.address in made:
            made[found.address].entrances += _entrances(build, listener, group)
            rest = unknown_rest(group.endpoints)
            made[found.address].rest = made[found.address].rest or rest


def _accelerator(declared: shapes.Accelerator) -> Accelerator:
    kind = text(declared.addresses)
    dual = kind if isinstance(kind, Unknown) else kind == "DUAL_STACK"
    enabled = declared.maybe or declared.is_enabled
    return Accelerator(**place(declared), enabled=enabled, ipv6=dual)


def _entrances(
    build: Build, listener: shapes.AcceleratorListener, group: shapes.EndpointGroup
) -> Iterator[Entrance]:
    protocol = text(listener.protocol)
    node = Node(**place(listener))
    dial = whole(group.dial)
    for named, weight in group.named():
        for to, through_address in _reached(build, named):
            yield Entrance(
                **place(group),
                listener=node,
                ports=tuple(listener.ports()),
                protocol=protocol if protocol is not None else "TCP",
                moved=tuple(group.moved()),
                weight=0 if dial == 0 else whole(weight),
                to=group.maybe or listener.maybe or to,
                address_only=through_address,
            )


def _reached(build: Build, value: Value) -> Iterator[tuple[Maybe[Reached], bool]]:
    """What an endpoint is, and whether it is named by an Elastic IP of it."""
    names = {ref.address for ref in refs(value)}
    elastic = [each for each in build.index.all(ElasticIp) if each.address in names]
    everyone: tuple[Reached, ...] = (*build.network.instances, *build.network.balancers)
    for address in elastic:
        names |= _holders(build, address)
    found = [each for each in everyone if each.address in names]
    yield from ((each, bool(elastic)) for each in found)
    if not found:
        why = value if isinstance(value, Unknown) else None
        yield why or Unknown("the endpoint is not declared here", value.span), bool(elastic)


def _holders(build: Build, address: ElasticIp) -> set[str]:
    """Whatever an Elastic IP is given to, interfaces by the instance that has them."""
    given = [address.instance, address.interface]
    for each in build.index.all(ElasticIpAssociation):
        if any(ref.address == address.address for ref in refs(each.allocation)):
            given += [each.instance, each.interface]
    named = {ref.address for value in given if value is not None for ref in refs(value)}
    return named | {
        instance.address
        for instance in build.network.instances
        if any(each.address in named for each in instance.interfaces())
    }
