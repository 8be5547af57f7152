"""
Changes of a model of which it is known what they do to the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from random import Random
from typing import TypeVar

from tests.simulator.model import (
    ALL,
    ANYWHERE4,
    ANYWHERE6,
    TCP,
    UDP,
    Acl,
    Address,
    Block,
    Entry,
    Gateway,
    Group,
    Instance,
    Net,
    Route,
    Rule,
    Subnet,
    Table,
    Vpc,
)

Entries = tuple[Entry, ...]
Rules = tuple[Rule, ...]
B = TypeVar("B", IPv4Network, IPv6Network, Block)

MASK4, MASK6 = 0x1F00, 0x1F00 << 64
"""Bits that may be flipped without moving a block across a border of the internet."""


def with_entries(net: Net, change: Callable[[Entries], Entries], everywhere: bool = False) -> Net:
    """
    Changes the entries of every ACL, each direction by itself; of one that AWS made only where
    the change keeps their numbers, so `everywhere`.
    """
    acls = tuple(
        a
        if a.adds and not everywhere
        else replace(a, ingress=change(a.ingress), egress=change(a.egress))
        for a in net.acls
    )
    return replace(net, acls=acls)


def with_rules(net: Net, change: Callable[[Rules], Rules]) -> Net:
    """Changes the rules of every group, each direction by itself."""

    def changed(group: Group) -> Group:
        egress = None if group.egress is None else change(group.egress)
        return replace(group, ingress=change(group.ingress), egress=egress)

    return replace(net, groups=tuple(changed(group) for group in net.groups))


def renumbered(entries: Entries) -> Entries:
    """Other numbers in the same order, listed backwards."""
    order = sorted(entries, key=lambda entry: entry.number)
    return tuple(replace(entry, number=7 * i + 3) for i, entry in enumerate(order))[::-1]


def halved_entries(entries: Entries) -> Entries:
    """Every entry as two: one for each half of its block."""
    found: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.number):
        for block in halves(entry.block):
            found.append(replace(entry, number=len(found) + 1, block=block))
    return tuple(found)


def cut_entries(entries: Entries) -> Entries:
    """Every entry as two: one for each half of its ports."""
    found: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.number):
        for first, last in _cut(entry):
            found.append(replace(entry, number=len(found) + 1, first=first, last=last))
    return tuple(found)


def halved_rules(rules: Rules) -> Rules:
    """Every rule about a block as two: one for each half of it."""
    return tuple(
        replace(rule, peer=peer)
        for rule in rules
        for peer in ((rule.peer,) if isinstance(rule.peer, str) else halves(rule.peer))
    )


def halved_routes(net: Net) -> Net:
    """Every route as two: one for each half of its destination, except for whole subnets."""
    subnets = {subnet.block for subnet in net.subnets}
    tables = (
        replace(
            table,
            routes=tuple(
                replace(route, destination=half)
                for route in table.routes
                for half in (
                    (route.destination,)
                    if route.destination in subnets
                    else _new_halves(route.destination, table)
                )
            ),
        )
        for table in net.tables
    )
    return replace(net, tables=tuple(tables))


def _new_halves(block: Block, table: Table) -> tuple[Block, ...]:
    taken = {route.destination for route in table.routes}
    both = halves(block)
    return (block,) if taken & set(both) else both


def cut_rules(rules: Rules) -> Rules:
    """Every rule about ports as two: one for each half of them."""
    return tuple(
        replace(rule, first=first, last=last) for rule in rules for first, last in _cut(rule)
    )


def halves(block: Block) -> tuple[Block, ...]:
    """The two halves of a block; one address has none."""
    return (block,) if block.prefixlen == block.max_prefixlen else tuple(block.subnets(1))


def _cut(rule: Rule | Entry) -> tuple[tuple[int, int], ...]:
    if rule.protocol not in (TCP, UDP) or rule.first == rule.last:
        return ((rule.first, rule.last),)
    middle = (rule.first + rule.last) // 2
    return ((rule.first, middle), (middle + 1, rule.last))


def shuffled(net: Net, random: Random) -> Net:
    """The same objects, entries, rules and routes in another order."""

    def mixed(things: tuple[_T, ...]) -> tuple[_T, ...]:
        return tuple(random.sample(things, len(things)))

    net = with_rules(with_entries(net, mixed, True), mixed)
    tables = tuple(replace(table, routes=mixed(table.routes)) for table in net.tables)
    return Net(
        mixed(net.vpcs),
        mixed(net.subnets),
        mixed(tables),
        mixed(net.gateways),
        net.nats,
        mixed(net.acls),
        mixed(net.groups),
        mixed(net.instances),
    )


_T = TypeVar("_T")


def flipped(net: Net) -> Net:
    """Some bits of every address flipped: every block becomes another one, none changes size."""
    return Net(
        tuple(_flipped_vpc(vpc) for vpc in net.vpcs),
        tuple(_flipped_subnet(subnet) for subnet in net.subnets),
        tuple(replace(t, routes=tuple(_flipped_route(r) for r in t.routes)) for t in net.tables),
        net.gateways,
        net.nats,
        with_entries(
            net, lambda entries: tuple(replace(e, block=_flip(e.block)) for e in entries), True
        ).acls,
        with_rules(net, lambda rules: tuple(_flipped_rule(rule) for rule in rules)).groups,
        tuple(_flipped_instance(instance) for instance in net.instances),
    )


def _flipped_vpc(vpc: Vpc) -> Vpc:
    blocks = tuple(_flip(block) for block in vpc.blocks)
    return replace(vpc, blocks=blocks, block6=_flip(vpc.block6) if vpc.block6 else None)


def _flipped_subnet(subnet: Subnet) -> Subnet:
    block6 = _flip(subnet.block6) if subnet.block6 else None
    return replace(subnet, block=_flip(subnet.block), block6=block6)


def _flipped_route(route: Route) -> Route:
    return replace(route, destination=_flip(route.destination))


def _flipped_rule(rule: Rule) -> Rule:
    return rule if isinstance(rule.peer, str) else replace(rule, peer=_flip(rule.peer))


def _flipped_instance(instance: Instance) -> Instance:
    address = _flipped(instance.address)
    address6 = _flipped(instance.address6) if instance.address6 else None
    assert isinstance(address, IPv4Address)
    assert not isinstance(address6, IPv4Address)
    return replace(instance, address=address, address6=address6)


def _flip(block: B) -> B:
    address = _flipped(block.network_address)
    made = ip_network((address, block.prefixlen), strict=False)
    assert isinstance(made, type(block))
    return made


def _flipped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return ip_address(int(address) ^ MASK4)
    return IPv6Address(int(address) ^ MASK6)


def with_neighbour(net: Net) -> Net:
    """A VPC beside it that has nothing to do with it, where everything is open."""
    block, inner = IPv4Network("172.20.0.0/16"), IPv4Network("172.20.1.0/24")
    open_ = (Rule(ALL, 0, 0, ANYWHERE4),)
    table = Table("farroutes", "far", (Route(ANYWHERE4, "igw", "fargate"),))
    return Net(
        (*net.vpcs, Vpc("far", (block,))),
        (*net.subnets, Subnet("farsubnet", "far", inner, maps_public=True, table="farroutes")),
        (*net.tables, table),
        (*net.gateways, Gateway("fargate", "igw", "far")),
        net.nats,
        net.acls,
        (*net.groups, Group("fargroup", "far", open_, open_)),
        (*net.instances, Instance("stranger", "farsubnet", inner[9], ("fargroup",))),
    )


def opened_group(net: Net, name: str) -> Net:
    """A group that also lets everything in."""
    open_ = (Rule(ALL, 0, 0, ANYWHERE4), Rule(ALL, 0, 0, ANYWHERE6))
    groups = tuple(
        replace(g, ingress=(*g.ingress, *open_)) if g.name == name else g for g in net.groups
    )
    return replace(net, groups=groups)


def opened_acl(net: Net, subnet: Subnet, egress: bool) -> Net:
    """The subnet gets an ACL of its own that lets everything pass in one direction."""
    everything = (Entry(1, True, ALL, 0, 0, ANYWHERE4), Entry(2, True, ALL, 0, 0, ANYWHERE6))
    old = next((a for a in net.acls if a.name == subnet.acl), None)
    default = next((a for a in net.acls if a.default and a.vpc == subnet.vpc), None)
    if default is not None and default.adds:
        made = tuple(replace(entry, number=entry.number + 99) for entry in everything)
        ways = (*default.ingress, *made), (*default.egress, *made)
        default = replace(default, ingress=ways[0], egress=ways[1], adds=False)
    old = old or default
    acl = (
        replace(old, name="own", default=False)
        if old
        else Acl("own", subnet.vpc, everything, everything)
    )
    acl = replace(acl, egress=everything) if egress else replace(acl, ingress=everything)
    kept = tuple(a for a in net.acls if a.name != "own")
    return replace(with_subnet(net, replace(subnet, acl="own")), acls=(*kept, acl))


def with_subnet(net: Net, subnet: Subnet) -> Net:
    """The subnet of that name replaced."""
    subnets = tuple(subnet if s.name == subnet.name else s for s in net.subnets)
    return replace(net, subnets=subnets)


def with_instance(net: Net, instance: Instance) -> Net:
    """The instance of that name replaced."""
    found = tuple(instance if i.name == instance.name else i for i in net.instances)
    return replace(net, instances=found)
