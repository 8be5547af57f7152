"""
Random networks that mostly work: each choice is an ordinary one, or with some chance an odd one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from random import Random
from typing import TypeVar

from tests.simulator.model import (
    ALL,
    ANYWHERE4,
    ANYWHERE6,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Acl,
    Block,
    Entry,
    Gateway,
    Group,
    Instance,
    Nat,
    Net,
    Route,
    RouteKind,
    Rule,
    Subnet,
    Table,
    Vpc,
)

T = TypeVar("T")

PORTS = [
    *[(22, 22), (3389, 3389), (0, 65535), (1024, 65535), (32768, 65535), (32768, 60999)],
    *[(49152, 65535), (20, 25), (0, 0), (23, 3388), (0, 21), (1024, 3389), (22, 3389), (80, 80)],
    *[(32767, 32767), (1024, 32768), (60999, 61000), (61000, 65535), (0, 1023), (0, 1024)],
]
TYPES4 = [(-1, -1), (8, -1), (8, 0), (0, 0), (0, -1), (3, 4), (8, 8), (0, 8), (9, -1), (7, 0)]
TYPES6 = [(-1, -1), (128, -1), (128, 0), (129, 0), (129, -1), (8, 0), (127, 0), (130, -1), (128, 1)]
CLIENTS4 = [
    IPv4Network(text)
    for text in (
        *("0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/6", "203.0.113.0/24", "203.0.113.128/25"),
        *("203.0.113.7/32", "198.51.100.0/24", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("100.64.0.0/10", "192.0.0.0/2", "64.0.0.0/2"),
    )
]
CLIENTS6 = [
    IPv6Network(text)
    for text in (
        *("2000::/3", "2001:db8::/32", "2001:db8:8000::/33", "2600:1f00::/24", "2a00::/12"),
        *("2001:db8::7/128", "fc00::/7", "2000::/4"),
    )
]

OPEN = (Rule(ALL, 0, 0, ANYWHERE4), Rule(ALL, 0, 0, ANYWHERE6))


@dataclass(frozen=True, slots=True)
class Dice:
    """Decisions. `odd` is the chance of an unusual one."""

    random: Random
    odd: float = 0.2

    def oddly(self) -> bool:
        """Whether this choice shall be an odd one."""
        return self.random.random() < self.odd

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        return things[self.random.randrange(len(things))]

    def count(self, most: int) -> int:
        """A number up to `most`."""
        return self.random.randrange(most + 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the networks may contain."""

    defaults: bool = True
    """Main tables and default ACLs of one's own, which a template cannot have."""
    egress: bool = False
    """Every group has egress rules, so that both languages mean the same."""


def network(dice: Dice, limits: Limits = Limits()) -> Net:
    """A random configuration with one to three instances in the VPC `main`."""
    vpcs = _vpcs(dice)
    main = vpcs[0]
    subnets = [_subnet(dice, main, index) for index in range(1 + dice.count(2))]
    gateways = _gateways(dice, vpcs)
    nats = (Nat("nat", subnets[0].name),) if dice.oddly() else ()
    names = [f"group{index}" for index in range(1 + dice.count(2))]
    instances = [_instance(dice, subnets, names, index) for index in range(1 + dice.count(2))]
    net = Net(vpcs, tuple(subnets), (), gateways, nats, (), (), tuple(instances))
    tables = _tables(dice, net, limits)
    acls = _acls(dice, net, limits)
    groups = tuple(_group(dice, net, name, names, limits) for name in names)
    placed = tuple(_place(dice, subnet, tables, acls) for subnet in subnets)
    return Net(vpcs, placed, tables, gateways, nats, acls, groups, tuple(instances))


def _vpcs(dice: Dice) -> tuple[Vpc, ...]:
    more = (IPv4Network("10.77.0.0/16"),) if dice.oddly() else ()
    six = IPv6Network("2600:1f16:aaa:bb00::/56") if dice.random.random() < 0.6 else None
    main = Vpc("main", (IPv4Network("10.20.0.0/16"), *more), six)
    side = Vpc("side", (IPv4Network("10.30.0.0/16"),))
    return (main, side) if dice.oddly() else (main,)


def _subnet(dice: Dice, vpc: Vpc, index: int) -> Subnet:
    block = list(dice.pick(vpc.blocks).subnets(new_prefix=24))[index + 1]
    six = list(vpc.block6.subnets(new_prefix=64))[index + 1] if vpc.block6 else None
    if dice.oddly():
        six = None
    assigns = six is not None and dice.random.random() < 0.5
    public = dice.random.random() < 0.6
    return Subnet(f"subnet{index}", vpc.name, block, six, public, assigns)


def _gateways(dice: Dice, vpcs: tuple[Vpc, ...]) -> tuple[Gateway, ...]:
    home: str | None = "main"
    if dice.oddly():
        home = dice.pick([None, "main", "main"])
    found = [Gateway("gate", "igw", home)]
    if len(vpcs) > 1:
        found.append(Gateway("sidegate", "igw", "side"))
    if vpcs[0].block6 and dice.oddly():
        found.append(Gateway("outgate", "eigw", "main"))
    return tuple(found)


def _instance(dice: Dice, subnets: list[Subnet], groups: list[str], index: int) -> Instance:
    subnet = dice.pick(subnets)
    mine = tuple(name for name in groups if dice.random.random() < 0.6)
    address6 = None
    if subnet.block6 and dice.random.random() < 0.6:
        address6 = subnet.block6[10 + index]
    return Instance(
        f"host{index}",
        subnet.name,
        subnet.block[10 + index],
        mine or (() if dice.oddly() else (groups[0],)),
        public=dice.pick([None, None, True, False]),
        elastic=dice.oddly(),
        address6=address6,
        checks_source=not dice.oddly(),
        fixed=not dice.oddly(),
    )


def _tables(dice: Dice, net: Net, limits: Limits) -> tuple[Table, ...]:
    found = [
        Table(f"table{index}", "main", _routes(dice, net)) for index in range(1 + dice.count(1))
    ]
    if limits.defaults and dice.oddly():
        found.append(Table("maintable", "main", _routes(dice, net), main=True))
    return tuple(found)


def _routes(dice: Dice, net: Net) -> tuple[Route, ...]:
    routes: dict[Block, Route] = {}
    if not dice.oddly():
        routes[ANYWHERE4] = Route(ANYWHERE4, "igw", "gate")
    if not dice.oddly() and net.vpcs[0].block6:
        routes[ANYWHERE6] = Route(ANYWHERE6, "igw", "gate")
    for _ in range(dice.count(3) if dice.random.random() < 0.5 else 0):
        six = net.vpcs[0].block6 is not None and dice.random.random() < 0.4
        block: Block = dice.pick([*CLIENTS6, ANYWHERE6]) if six else _destination(dice, net)
        kind, target = _target(dice, net, block)
        if kind in ("nat", "eni") or block not in {s.block for s in net.subnets}:
            routes[block] = Route(block, kind, target)
    return tuple(routes.values())


def _destination(dice: Dice, net: Net) -> Block:
    """Anything outside of the VPC, and inside of it only a whole subnet."""
    inside = [subnet.block for subnet in net.subnets]
    return dice.pick([*CLIENTS4, ANYWHERE4, dice.pick(inside)])


def _target(dice: Dice, net: Net, block: Block) -> tuple[RouteKind, str]:
    targets: list[tuple[RouteKind, str]] = [("igw", "gate")] * 2
    targets += [("igw", gate.name) for gate in net.gateways if gate.name == "sidegate"]
    targets += [("nat", nat.name) for nat in net.nats]
    targets += [("eni", instance.name) for instance in net.instances]
    if block.version == 6:
        targets += [("eigw", gate.name) for gate in net.gateways if gate.kind == "eigw"]
    return dice.pick(targets)


def _place(dice: Dice, subnet: Subnet, tables: tuple[Table, ...], acls: tuple[Acl, ...]) -> Subnet:
    table = None if dice.oddly() else dice.pick(tables).name
    own = [acl.name for acl in acls if not acl.default]
    acl = dice.pick(own) if own and dice.random.random() < 0.6 else None
    return Subnet(
        subnet.name,
        subnet.vpc,
        subnet.block,
        subnet.block6,
        subnet.maps_public,
        subnet.assigns6,
        table,
        acl,
    )


def _acls(dice: Dice, net: Net, limits: Limits) -> tuple[Acl, ...]:
    found = [
        Acl(f"acl{index}", "main", _entries(dice, net), _entries(dice, net))
        for index in range(dice.count(2))
    ]
    if dice.oddly():
        adds = not limits.defaults or dice.random.random() < 0.5
        entries = [_entries(dice, net), _entries(dice, net)]
        if adds:
            entries = [tuple(e for e in each if e.number != 100) for each in entries]
        found.append(Acl("defaultacl", "main", entries[0], entries[1], True, adds))
    return tuple(found)


def _entries(dice: Dice, net: Net) -> tuple[Entry, ...]:
    numbers = [50, 100, 150, 200, 300, 9000]
    dice.random.shuffle(numbers)
    found = [_entry(dice, net, number) for number in numbers[: dice.count(4)]]
    if not dice.oddly():
        found.append(Entry(32000, True, ALL, 0, 0, ANYWHERE4))
    if not dice.oddly():
        found.append(Entry(32001, True, ALL, 0, 0, ANYWHERE6))
    return tuple(found)


def _entry(dice: Dice, net: Net, number: int) -> Entry:
    six = net.vpcs[0].block6 is not None and dice.random.random() < 0.4
    protocol, first, last = _traffic(dice, six)
    if protocol == ICMPV6 and not six:
        protocol = ICMP
    return Entry(number, dice.random.random() < 0.65, protocol, first, last, _block(dice, net, six))


def _traffic(dice: Dice, six: bool) -> tuple[int, int, int]:
    protocol = dice.pick([TCP, TCP, TCP, TCP, ALL, ALL, ICMP, ICMPV6 if six else ICMP, UDP, 50])
    if protocol in (ALL, 50):
        return (protocol, 0, 0)
    if protocol in (ICMP, ICMPV6):
        return (protocol, *dice.pick(TYPES6 if protocol == ICMPV6 else TYPES4))
    if dice.oddly():
        low, high = sorted((dice.random.randrange(65536), dice.random.randrange(65536)))
        return (protocol, low, high)
    return (protocol, *dice.pick(PORTS))


def _block(dice: Dice, net: Net, six: bool) -> Block:
    if dice.random.random() < 0.45:
        return ANYWHERE6 if six else ANYWHERE4
    if dice.random.random() < 0.5:
        return dice.pick(CLIENTS6) if six else dice.pick(CLIENTS4)
    return dice.pick(_inside6(net) or list(CLIENTS6)) if six else dice.pick(_inside4(net))


def _inside4(net: Net) -> list[IPv4Network]:
    hosts = [IPv4Network(instance.address) for instance in net.instances]
    hosts += [next(subnet.block.subnets(1)) for subnet in net.subnets]
    return [*net.vpcs[0].blocks, *(subnet.block for subnet in net.subnets), *hosts]


def _inside6(net: Net) -> list[IPv6Network]:
    found = [IPv6Network(i.address6) for i in net.instances if i.address6]
    found += [subnet.block6 for subnet in net.subnets if subnet.block6]
    return [*found, net.vpcs[0].block6] if net.vpcs[0].block6 else found


def _group(dice: Dice, net: Net, name: str, names: list[str], limits: Limits) -> Group:
    egress: tuple[Rule, ...] | None = None
    if limits.egress or dice.random.random() < 0.7:
        egress = tuple(_rule(dice, net, names) for _ in range(1 + dice.count(2)))
        egress += () if dice.oddly() else OPEN
    ingress = tuple(_rule(dice, net, names) for _ in range(dice.count(4)))
    if dice.random.random() < 0.3:
        ingress += OPEN
    return Group(name, "main", ingress, egress)


def _rule(dice: Dice, net: Net, names: list[str]) -> Rule:
    six = net.vpcs[0].block6 is not None and dice.random.random() < 0.4
    protocol, first, last = _traffic(dice, six)
    peer: Block | str = _block(dice, net, six)
    if dice.oddly():
        peer = dice.pick(["self", *names])
    return Rule(protocol, first, last, peer)
