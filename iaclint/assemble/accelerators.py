"""
Global Accelerator: what each accelerator sends to which instance or load balancer.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.build import Build, place
from iaclint.aws import accelerator as shapes
from iaclint.aws.interface import ElasticIp, ElasticIpAssociation
from iaclint.aws.shape import Declared, unknown_rest
from iaclint.network import Accelerator, Balancer, Entrance, Instance, Maybe, Node
from iaclint.value import Ref, Unknown, Value, refs, text, whole

Reached = Instance | Balancer


def build_accelerators(build: Build) -> None:
    """
    All accelerators, each with an entrance for every endpoint of its listeners. One that is made
    elsewhere stands where the files name it, and may or may not take connections.
    """
    made = {each.address: _accelerator(each) for each in build.index.all(shapes.Accelerator)}
    for group in build.index.all(shapes.EndpointGroup):
        found = build.index.find(group.listener, shapes.AcceleratorListener)
        listener = found if isinstance(found, shapes.AcceleratorListener) else None
        named = build.index.find(listener.accelerator, shapes.Accelerator) if listener else None
        owner = named if isinstance(named, shapes.Accelerator) else listener or group
        accelerator = made.setdefault(owner.address, _elsewhere(owner))
        accelerator.entrances += _entrances(build, listener, group)
        accelerator.rest = accelerator.rest or unknown_rest(group.endpoints)
    build.network.accelerators += made.values()


def _elsewhere(at: Declared) -> Accelerator:
    why = Unknown(f"the accelerator of {at.address} is made elsewhere", at.span)
    return Accelerator(**place(at), enabled=why, ipv6=why)


def _accelerator(declared: shapes.Accelerator) -> Accelerator:
    kind = text(declared.addresses)
    dual = kind if isinstance(kind, Unknown) else kind == "DUAL_STACK"
    enabled = declared.maybe or declared.is_enabled
    return Accelerator(**place(declared), enabled=enabled, ipv6=dual)


def _entrances(
    build: Build, listener: shapes.AcceleratorListener | None, group: shapes.EndpointGroup
) -> Iterator[Entrance]:
    why = Unknown(f"the listener of {group.address} is made elsewhere", group.span)
    protocol = text(listener.protocol) if listener else why
    dial = whole(group.dial)
    for named, weight in group.named():
        to, through_address = _reached(build, named)
        yield Entrance(
            **place(group),
            listener=Node(**place(listener or group)),
            ports=tuple(listener.ports()) if listener else (why,),
            protocol=protocol if protocol is not None else "TCP",
            moved=tuple(group.moved()),
            weight=0 if dial == 0 else whole(weight),
            to=group.maybe or (listener and listener.maybe) or to,
            address_only=through_address,
        )


def _reached(build: Build, value: Value) -> tuple[Maybe[Reached], bool]:
    """What an endpoint is, and whether it is named by an Elastic IP of it."""
    names = {ref.address for ref in refs(value)}
    elastic = [each for each in build.index.all(ElasticIp) if each.address in names]
    names |= {ref.address for each in elastic for ref in _holders(build, each)}
    everyone: tuple[Reached, ...] = (*build.network.instances, *build.network.balancers)
    found = [each for each in everyone if names & _addresses(each)]
    if len(found) == 1:
        return found[0], bool(elastic)
    why = value if isinstance(value, Unknown) else None
    return why or Unknown("the endpoint is not declared here", value.span), bool(elastic)


def _holders(build: Build, address: ElasticIp) -> Iterator[Ref]:
    """Whatever an Elastic IP is given to: instances and interfaces."""
    for value in (address.instance, address.interface):
        yield from refs(value)
    for each in build.index.all(ElasticIpAssociation):
        if build.index.find(each.allocation or each.address_, ElasticIp) is address:
            yield from (ref for value in (each.instance, each.interface) for ref in refs(value))


def _addresses(each: Reached) -> set[str]:
    interfaces = each.interfaces() if isinstance(each, Instance) else []
    return {each.address, *(interface.address for interface in interfaces)}
