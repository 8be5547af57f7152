"""
The parts of a way between two interfaces: out of one subnet, into another, and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iaclint.flow import Flow
from iaclint.network import Acl, Instance, Interface, Maybe, Subnet, Vpc
from iaclint.packet.prefix import Family, Prefix, addresses, everything
from iaclint.packet.region import Region
from iaclint.packet.service import CLIENT_PORTS, TCP, Service
from iaclint.trace.acl import Decision, acl_step, decide
from iaclint.trace.group import Peer, group_step
from iaclint.trace.model import Direction, Step
from iaclint.value import Unknown

NOBODY = Acl(address="network ACL", label="?", vpc=None)


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """
    A connection from one interface to another. `here` is the source as the target sees it,
    `there` the target as the source sees it. `crosses` says whether it leaves the subnet; where
    that is not known, no ACL blocks it for certain. An
    interface without groups is one that nothing filters.
    """

    source: Interface
    target: Interface
    here: Peer
    there: Peer
    family: Family
    service: Service
    crosses: Maybe[bool] = True
    ports: Region | None = None
    """The ports from which the client connects, where its system is known."""

    def leaving(self) -> Iterator[Step]:
        """Out of the source."""
        if self.source.groups:
            yield group_step(self.source, self.there, self.family, self.service, egress=True)
        yield from self._acl(self.source, "request", True, self.there)

    def entering(self) -> Iterator[Step]:
        """Into the target."""
        yield from self._acl(self.target, "request", False, self.here)
        if self.target.groups:
            yield group_step(self.target, self.here, self.family, self.service)

    def answering(self) -> Iterator[Step]:
        """The reply, out of the target; groups let it pass."""
        yield from self._acl(self.target, "reply", True, self.here, self.ports)

    def returning(self) -> Iterator[Step]:
        """The reply, back into the source."""
        left = self._left()
        ports = left.possible.axis(1) or self.ports
        for step in self._acl(self.source, "reply", False, self.there, ports):
            if left.possible <= left.sure:
                yield step
                continue
            sure = Region()
            if left.sure:
                ports = left.sure.axis(1)
                for strict in self._acl(self.source, "reply", False, self.there, ports):
                    sure = strict.sure
            yield replace(step, sure=sure, unknowns=step.unknowns + left.unknowns)

    def _left(self) -> Decision:
        """The client ports to which the reply leaves the target's subnet."""
        acl = acl_of(self.target)
        if isinstance(acl, Unknown):
            return Decision(Region(), Region())
        reply = self.service.reply(self.family)
        return decide(acl, True, self.family, reply, self.here.region, self.ports)

    def _acl(
        self,
        at: Interface,
        direction: Direction,
        egress: bool,
        peer: Peer,
        ports: Region | None = None,
    ) -> Iterator[Step]:
        if self.crosses is False:
            return
        step = acl_step(
            acl_of(at), direction, egress, self.family, self.service, peer.region, peer.one,
            NOBODY, ports,
        )  # fmt: skip
        if isinstance(self.crosses, Unknown) and step.verdict == "block":
            step = replace(step, possible=step.peers, blocker=None, unknowns=(self.crosses,))
        yield step


def leg_of(
    flow: Flow, source: Interface, target: Interface, inbound: bool = True, outbound: bool = True
) -> Leg:
    """
    The leg of a flow between two interfaces. `inbound` and `outbound` say whether rules that name
    the group of the other end count.
    """
    family = flow.family
    owner = flow.client.instance.address if flow.client.instance else ""
    return Leg(
        source,
        target,
        Peer(
            region_of(source, family),
            True,
            source,
            owner,
            inner=family == "ipv4" and target.public.has is False,
            grouped=inbound,
        ),
        Peer(region_of(target, family), True, target, flow.target.address, grouped=outbound),
        family,
        flow.service,
        crossing(source, target),
        _ports_of(flow.client.instance, flow.service),
    )


def crossing(one: Interface, other: Interface) -> Maybe[bool]:
    """Whether packets between two interfaces leave the subnet."""
    here, there = one.subnet, other.subnet
    if isinstance(here, Unknown):
        return here is not there and here
    if isinstance(there, Unknown):
        return there
    same = here.is_same(there)
    return same if isinstance(same, Unknown) else not same


def _ports_of(client: Instance | None, service: Service) -> Region | None:
    known = CLIENT_PORTS.get(client.platform or "") if client is not None else None
    return Region(((known,),)) if known and service.protocol == TCP else None


def only_family(*ends: Interface) -> Family:
    """The family two interfaces talk in: IPv6 where one of them has no other, else IPv4."""
    native = any(isinstance(e.subnet, Subnet) and e.subnet.only_ipv6 is True for e in ends)
    return "ipv6" if native else "ipv4"


def acl_of(interface: Interface) -> Maybe[Acl]:
    """The ACL of the subnet an interface is in."""
    subnet = interface.subnet
    return subnet if isinstance(subnet, Unknown) else subnet.acl


def region_of(interface: Interface, family: Family) -> Region:
    """The private addresses an interface can have: as narrow as the files say."""
    listed = interface.private if family == "ipv4" else interface.ipv6_addresses
    known = [p for p in listed if isinstance(p, Prefix) and p.family == family]
    if known:
        return addresses(known, family)
    subnet = interface.subnet
    if not isinstance(subnet, Subnet):
        return everything(family).region
    every = subnet.among or (subnet,)
    blocks = [each.prefix if family == "ipv4" else each.ipv6 for each in every]
    written = [block for block in blocks if isinstance(block, Prefix)]
    return vpc_region(interface, family) if written != blocks else addresses(written, family)


def vpc_region(interface: Interface, family: Family) -> Region:
    """Every address of the VPC an interface is in."""
    vpc = interface.vpc
    if isinstance(vpc, Vpc):
        blocks = [p for p in vpc.prefixes if isinstance(p, Prefix) and p.family == family]
        if blocks:
            return addresses(blocks, family)
    return everything(family).region
