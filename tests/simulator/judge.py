"""
Puts the same questions to the engine and to the simulator, and lists where they disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address

from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.network import Network
from iaclint.packet.prefix import FAMILIES, INTERNET, Family
from iaclint.packet.region import Region
from iaclint.packet.service import PING, SERVICES, Service
from iaclint.trace.engine import trace
from iaclint.trace.manager import HTTPS
from iaclint.trace.model import Trace, Way
from iaclint.trace.outward import Departure
from tests.simulator.model import ICMP, ICMPV6, Address, Block, Entry, Instance, Net, Table
from tests.simulator.simulate import (
    DELIVERED,
    Language,
    Packet,
    between,
    from_internet,
    has_ipv6,
    table_of,
    to_internet,
)

EPHEMERAL = (1024, 32767, 32768, 49151, 49152, 60999, 61000, 65535)
_NO_CLIENTS = [IPv4Network(t) for t in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16")]
_MULTICAST = IPv4Network("224.0.0.0/3")
_GLOBAL = IPv6Network("2000::/3")

Question = tuple[str, str, str, Family]
"""From (`internet` or an instance), to, service, family."""


@dataclass(frozen=True)
class Case:
    """A model and the network that the engine sees in it."""

    net: Net
    network: Network
    language: Language

    @cached_property
    def grid(self) -> dict[Family, list[Address]]:
        """Addresses at every border that the model draws, on both sides of it."""
        return {family: sorted(set(_borders(self.net, family))) for family in FAMILIES}

    @cached_property
    def ephemeral(self) -> list[int]:
        """Client ports at every border."""
        ports = {p + d for e in _entries(self.net) for p in (e.first, e.last) for d in (-1, 0, 1)}
        return sorted(p for p in {*ports, *EPHEMERAL} if 1024 <= p <= 65535)

    def clients(self, family: Family) -> list[Address]:
        """The addresses of the grid that somebody outside can have."""
        return [a for a in self.grid[family] if _can_be_a_client(a)]

    def trace(self, question: Question) -> Trace:
        """The engine's answer."""
        start, end, service, family = question
        target = next(i for i in self.network.instances if _name(i.address) == end)
        client = INTERNET_CLIENT
        if start != "internet":
            source = next(i for i in self.network.instances if _name(i.address) == start)
            client = Client(start, instance=source, interface=source.placements[0][0])
        chosen = next(each for each in SERVICES if each.key == service)
        return trace(self.network, Flow(client, target, chosen, family))

    def arrives(self, target: Instance, service: Service, source: Address) -> bool:
        """Whether the simulator delivers from the internet, for some port of the client."""
        destination = address_of(self.net, target, source.version)
        request = packet(service, source, destination or source)
        return any(
            from_internet(self.net, target, request, port) == DELIVERED
            for port in self._ports(service)
        )

    def meets(
        self, start: Instance, end: Instance, service: Service, source: Address, to: Address
    ) -> bool:
        """Whether the simulator delivers between two instances, for some port of the first."""
        request = packet(service, source, to)
        return any(
            between(self.net, start, end, request, port, self.language) == DELIVERED
            for port in self._ports(service)
        )

    def leaves(self, start: Instance, service: Service, source: Address, to: Address) -> bool:
        """Whether the simulator delivers to the internet, for some ports on the way."""
        request = packet(service, source, to)
        own = self._ports(service)
        return any(
            to_internet(self.net, start, request, (port, other), self.language) == DELIVERED
            for port in own
            for other in own
        )

    def _ports(self, service: Service) -> list[int]:
        return [0] if service is PING else self.ephemeral


def questions(net: Net) -> Iterator[Question]:
    """Every question about the model."""
    for service in SERVICES:
        for family in FAMILIES:
            for end in net.instances:
                yield ("internet", end.name, service.key, family)
                for start in net.instances:
                    if start is not end and (family == "ipv4" or _both_have_ipv6(net, start, end)):
                        yield (start.name, end.name, service.key, family)


def verdicts(case: Case) -> dict[Question, str]:
    """The engine's answer to every question."""
    return {question: case.trace(question).verdict for question in questions(case.net)}


def disagreements(case: Case) -> list[str]:
    """Everything on which engine and simulator do not agree."""
    found: list[str] = []
    for question in questions(case.net):
        judge = _internet if question[0] == "internet" else _internal
        found += [f"{question}: {words}" for words in judge(case, question)]
    return found


def _internet(case: Case, question: Question) -> Iterator[str]:
    _, end, key, family = question
    target = case.net.instance(end)
    service = next(each for each in SERVICES if each.key == key)
    answer = case.trace(question)
    way = answer.ways[0]
    sure, possible = (way.sure, way.possible) if answer.verdict != "blocked" else (Region(),) * 2
    delivered = [a for a in case.clients(family) if case.arrives(target, service, a)]
    if answer.verdict == "undecided":
        yield "undecided, though nothing is unknown"
    if answer.verdict == "reachable" and not delivered:
        yield "reachable, but no packet passes"
    for address in delivered:
        if (int(address),) not in possible:
            yield f"{answer.verdict}, but a packet from {address} passes"
        elif (int(address),) not in sure:
            yield f"sure of others only, but a packet from {address} passes"
    for address in {*case.clients(family), *corners(sure, family)} - set(delivered):
        if (int(address),) in sure and not case.arrives(target, service, address):
            yield f"{answer.verdict} for {address}, but its packet is dropped"


def _internal(case: Case, question: Question) -> Iterator[str]:
    begin, finish, key, family = question
    start, end = case.net.instance(begin), case.net.instance(finish)
    service = next(each for each in SERVICES if each.key == key)
    version = 4 if family == "ipv4" else 6
    results = {
        case.meets(start, end, service, source, to)
        for source in possible_addresses(case, start, version)
        for to in possible_addresses(case, end, version)
    }
    verdict = case.trace(question).verdict
    if verdict == "reachable" and False in results:
        yield "reachable, but a packet is dropped"
    if verdict == "blocked" and True in results:
        yield "blocked, but a packet passes"
    given4, given6 = start.fixed and end.fixed, start.address6 and end.address6
    chosen_later = not (given4 if version == 4 else given6)
    undecidable = chosen_later or _forwards(case.net, start, end)
    if verdict == "undecided" and len(results) == 1 and not undecidable:
        yield f"undecided, but it is decided: {results}"


def outward_disagreements(case: Case) -> list[str]:
    """Where they do not agree on who gets out to the internet by HTTPS and ping."""
    found: list[str] = []
    for instance in case.net.instances:
        for service in (HTTPS, PING):
            for family in FAMILIES:
                question = f"{instance.name} out by {service} over {family}"
                found += [f"{question}: {words}" for words in _out(case, instance, service, family)]
    return found


def _out(case: Case, start: Instance, service: Service, family: Family) -> Iterator[str]:
    source = address_of(case.net, start, 4 if family == "ipv4" else 6)
    if source is None or not (start.fixed if family == "ipv4" else start.address6):
        return
    node = next(i for i in case.network.instances if _name(i.address) == start.name)
    departure = Departure(node.placements[0][0], INTERNET[family], family, service)
    way = Way("outward", departure.source, tuple(departure.steps()))
    outside = [a for a in case.clients(family) if (int(a),) in INTERNET[family]]
    for address in outside:
        got = case.leaves(start, service, source, address)
        if got and (int(address),) not in way.possible:
            yield f"blocked, but a packet to {address} gets out"
        if not got and way.verdict != "undecided" and (int(address),) in way.sure:
            yield f"sure of {address}, but its packet is dropped"
    got_out = [a for a in outside if case.leaves(start, service, source, a)]
    if way.verdict == "blocked" and got_out:
        yield "blocked, but packets get out"
    if way.verdict == "undecided" and not _forwards(case.net, start):
        yield "undecided, though nothing is unknown"


def _forwards(net: Net, *ends: Instance) -> bool:
    """Whether a table sends a part of the VPC to an instance that may forward it."""
    subnets = [net.subnet(end.subnet) for end in ends]
    return any(
        route.kind == "eni" and not net.instance(route.target).checks_source
        for subnet in subnets
        for route in (table_of(net, subnet) or Table("", "")).routes
    )


def packet(service: Service, source: Address, to: Address) -> Packet:
    """The request of a service."""
    if service is not PING:
        return Packet(source, to, service.protocol, port=service.port)
    if source.version == 4:
        return Packet(source, to, ICMP, kind=8)
    return Packet(source, to, ICMPV6, kind=128)


def address_of(net: Net, instance: Instance, version: int) -> Address | None:
    """The private address of an instance, or one it may have."""
    if version == 4:
        return instance.address
    block = net.subnet(instance.subnet).block6
    return instance.address6 or (block[1000] if block and has_ipv6(net, instance) else None)


def possible_addresses(case: Case, instance: Instance, version: int) -> list[Address]:
    """The one address of an instance, or those of its subnet when AWS chooses."""
    known = address_of(case.net, instance, version)
    if known is None:
        return []
    subnet = case.net.subnet(instance.subnet)
    given = instance.fixed if version == 4 else instance.address6
    block = subnet.block if version == 4 else subnet.block6
    if given or block is None:
        return [known]
    others = [other for other in case.net.instances if other is not instance]
    taken: set[Address | None] = {o.address for o in others} | {o.address6 for o in others}
    family: Family = "ipv4" if version == 4 else "ipv6"
    near = [a for a in case.grid[family] if a in block and a not in taken]
    return [known, *near[:3], *near[-3:]]


def _both_have_ipv6(net: Net, start: Instance, end: Instance) -> bool:
    return has_ipv6(net, start) and has_ipv6(net, end)


def _entries(net: Net) -> Iterator[Entry]:
    for acl in net.acls:
        yield from acl.ingress
        yield from acl.egress


def _blocks(net: Net) -> Iterator[Block]:
    yield from (entry.block for entry in _entries(net))
    for group in net.groups:
        for rule in (*group.ingress, *(group.egress or ())):
            if not isinstance(rule.peer, str):
                yield rule.peer
    for prefixes in net.lists:
        yield from prefixes.blocks
    for table in net.tables:
        yield from (route.destination for route in table.routes)
    for vpc in net.vpcs:
        yield from vpc.blocks
        yield from (vpc.block6,) if vpc.block6 else ()


def _borders(net: Net, family: Family) -> Iterator[Address]:
    version, bits = (4, 32) if family == "ipv4" else (6, 128)
    first = 0x08080808 if version == 4 else 0x2606 << 112
    numbers = {first}
    for block in _blocks(net):
        if block.version == version:
            low, high = int(block.network_address), int(block.broadcast_address)
            numbers |= {low - 1, low, high, high + 1}
    for number in numbers:
        if 0 <= number < 1 << bits:
            yield _address(number, family)


def _address(number: int, family: Family) -> Address:
    return ip_address(number.to_bytes(4 if family == "ipv4" else 16, "big"))


def _can_be_a_client(address: Address) -> bool:
    if address.version == 6:
        return address in _GLOBAL
    return address not in _MULTICAST and not any(address in block for block in _NO_CLIENTS)


def corners(region: Region, family: Family) -> set[Address]:
    """The first and last address of each part of a set of addresses."""
    return {_address(number, family) for box in region for number in box[0]}


def _name(address: str) -> str:
    return address.rsplit(".", 1)[-1]
