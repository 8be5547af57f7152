"""
Where a VPC meets its transit gateway: the ACLs of the subnets that hold the attachment.

What an instance sends passes the inbound rules of the attachment's subnet, what it gets the
outbound ones. Where both share a subnet, what comes from the gateway passes no ACL at all.

https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from iaclint.network import Acl, Attachment, Interface, Maybe, Network, Subnet
from iaclint.packet.prefix import Family
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.trace.acl import acl_step
from iaclint.trace.inside import NOBODY, region_of
from iaclint.trace.model import Direction, Step
from iaclint.value import Unknown

Subnets = tuple[Maybe[Subnet], ...]


def sent(
    network: Network,
    attachment: Attachment,
    sender: Interface,
    direction: Direction,
    family: Family,
    service: Service,
) -> Iterator[Step]:
    """What an interface sends to the gateway, judged by the address of the sender."""
    subnets = _in_zone(attachment, zone_of(sender))
    same = _is_among(sender.subnet, attachment.subnets)
    found = _step(
        network, attachment, (sender.subnet,) if same else subnets, direction, False, family,
        service, region_of(sender, family),
    )  # fmt: skip
    for step in found:
        yield _softened(step, sender) if same and step.verdict == "block" else step


def _softened(step: Step, sender: Interface) -> Step:
    """The one rule of the page that contradicts how ACLs work within a subnet decides nothing."""
    why = Unknown(
        f"{step.node.address} lets the packets of {sender.address} out and not in again, which "
        "may count where a transit gateway is in the same subnet",
        step.span,
    )
    return _perhaps(step, why)


def _perhaps(step: Step, why: Unknown) -> Step:
    """A hop that blocks, if it counts at all."""
    return replace(step, possible=step.peers, blocker=None, unknowns=(why,))


def delivered(
    network: Network,
    attachment: Attachment,
    receiver: Interface,
    zone: str,
    direction: Direction,
    family: Family,
    service: Service,
) -> Iterator[Step]:
    """
    What the gateway sends to an interface, judged by the address of the receiver. `zone` is that
    of the sender: the packet stays in it where the attachment has a subnet there.
    """
    subnets = tuple(s for s in _in_zone(attachment, zone) if s is not receiver.subnet)
    yield from _step(
        network, attachment, subnets, direction, True, family, service,
        region_of(receiver, family), _is_among(receiver.subnet, attachment.subnets),
    )  # fmt: skip


def shares(attachment: Attachment, receiver: Interface, zone: str) -> Maybe[bool]:
    """Whether packets of the gateway come out in the very subnet of an interface."""
    subnets = _in_zone(attachment, zone)
    if len(subnets) == 1 and receiver.subnet in subnets:
        return True
    if not _is_among(receiver.subnet, subnets):
        return next((each for each in subnets if isinstance(each, Unknown)), False)
    return Unknown(f"in which zone {attachment.address} is used is not known", attachment.span)


def filtered(steps: Iterable[Step], same: Maybe[bool]) -> Iterator[Step]:
    """The hops into a subnet, without its ACL where the gateway is in the same subnet."""
    for step in steps:
        if same is False or not isinstance(step.node, Acl):
            yield step
        elif same is not True:
            yield _perhaps(step, same) if step.verdict == "block" else step


def _is_among(subnet: Maybe[Subnet], subnets: Subnets) -> bool:
    """Whether it is one of these, or may be where it is one of several."""
    own = (subnet, *(subnet.among if isinstance(subnet, Subnet) else ()))
    return any(each in subnets for each in own)


def zone_of(interface: Interface) -> str:
    """The zone of its subnet, empty where that is not known."""
    return interface.subnet.zone if isinstance(interface.subnet, Subnet) else ""


def _in_zone(attachment: Attachment, zone: str) -> Subnets:
    """The subnet in a zone, if it is known which one that is; else all of them."""
    known = [s for s in attachment.subnets if isinstance(s, Subnet) and s.zone]
    here = tuple(s for s in known if s.zone == zone)
    sure = len(known) == len(attachment.subnets) and attachment.appliance is False
    return here if here and sure else attachment.subnets


def _step(
    network: Network,
    attachment: Attachment,
    subnets: Subnets,
    direction: Direction,
    egress: bool,
    family: Family,
    service: Service,
    peers: Region,
    perhaps_none: bool = False,
) -> Iterator[Step]:
    """One hop through whichever of the subnets is used, unless none of them filters."""
    acls = [acl for subnet in subnets for acl in _acls(network, attachment, subnet)]
    steps = [
        acl_step(acl, direction, egress, family, service, peers, True, NOBODY)
        for acl in dict.fromkeys(acls)
    ]
    if all(_is_open(acl) for acl in acls):
        return
    name = f"{steps[0].name} of {attachment.label}"
    if len(steps) == 1 and not perhaps_none:
        yield replace(steps[0], name=name)
        return
    sure = reduce(lambda one, other: one & other, (step.sure for step in steps))
    possible = reduce(lambda one, other: one | other, (step.possible for step in steps))
    closed = next((step for step in steps if step.verdict != "allow"), steps[0])
    found = replace(closed, name=name, sure=sure, possible=peers if perhaps_none else possible)
    if found.verdict != "block":
        why = Unknown(f"which subnet of {attachment.address} is used is not known", attachment.span)
        found = replace(found, blocker=None, unknowns=(*found.unknowns, why))
    yield found


def _acls(network: Network, attachment: Attachment, subnet: Maybe[Subnet]) -> Iterator[Maybe[Acl]]:
    """The ACL of a subnet; where the subnet is not known it matters only if one filters."""
    if isinstance(subnet, Subnet):
        yield subnet.acl
    elif any(acl.vpc is attachment.vpc and not _is_open(acl) for acl in network.acls):
        yield subnet


def _is_open(acl: Maybe[Acl]) -> bool:
    """The default ACL that nobody edits."""
    return isinstance(acl, Acl) and acl.allows_all and not acl.entries
