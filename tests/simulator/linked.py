"""
Random networks of two VPCs that are connected, by peering or by a transit gateway.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

from tests.simulator.generate import CLIENTS4, OPEN, Dice, Limits, network
from tests.simulator.model import (
    ANYWHERE4,
    Block,
    Group,
    Hub,
    Instance,
    Net,
    Peering,
    PrefixList,
    Route,
    RouteKind,
    Rule,
    Subnet,
    Table,
    Vpc,
)

ANYTHING = Limits()
SIDE = Vpc("side", (IPv4Network("10.30.0.0/16"),))
FAR = Subnet("far", "side", IPv4Network("10.30.1.0/24"))
DOORS = (
    Subnet("maindoor", "main", IPv4Network("10.20.200.0/28")),
    Subnet("sidedoor", "side", IPv4Network("10.30.200.0/28")),
)
"""The subnets that hold nothing but the attachment of a transit gateway."""


def linked(dice: Dice, limits: Limits = ANYTHING) -> Net:
    """A random network, and another VPC beside it with one instance or two."""
    net = network(dice, limits)
    net = replace(net, vpcs=(net.vpcs[0], SIDE), lists=_lists(dice, net))
    by: RouteKind = dice.pick(["pcx", "tgw"])
    net = replace(
        net,
        subnets=(*net.subnets, FAR, *DOORS),
        tables=_tables(dice, net, by),
        groups=(*(_listed(dice, net, group) for group in net.groups), _far_group(dice, net)),
        instances=(*net.instances, *_far_instances(dice)),
    )
    net = _acls(dice, net)
    if by == "pcx":
        accepted = not (limits.defaults and dice.oddly())
        return replace(net, peerings=(Peering("link", ("main", "side"), accepted),))
    return replace(net, hubs=(_hub(dice),))


def _lists(dice: Dice, net: Net) -> tuple[PrefixList, ...]:
    blocks = [*CLIENTS4, *SIDE.blocks, FAR.block, *(subnet.block for subnet in net.subnets)]
    some: set[Block] = {dice.pick(blocks) for _ in range(1 + dice.count(2))}
    return (PrefixList("list0", tuple(sorted(some, key=str))),)


def _listed(dice: Dice, net: Net, group: Group) -> Group:
    """Some rules for the prefix list, for the other VPC, or for a group of it."""
    peers: list[Block | str] = ["list0", *SIDE.blocks, FAR.block, ANYWHERE4, "fargroup"]
    more = [Rule(6, 22, 22, dice.pick(peers)) for _ in range(dice.count(2))]
    egress = group.egress
    if egress is not None and dice.oddly():
        egress = (*egress, Rule(6, 20, 30, dice.pick(peers)))
    if dice.random.random() < 0.6:
        more, egress = [*more, *OPEN], OPEN
    return replace(group, ingress=(*group.ingress, *more), egress=egress)


def _far_group(dice: Dice, net: Net) -> Group:
    peers: list[Block | str] = ["list0", ANYWHERE4, *net.vpcs[0].blocks, net.groups[0].name]
    rules = [Rule(6, 22, 22, dice.pick(peers)) for _ in range(1 + dice.count(1))]
    rules += [Rule(1, 8, -1, dice.pick(peers))] if dice.oddly() else []
    rules += OPEN if dice.random.random() < 0.5 else ()
    narrow = (Rule(6, 22, 22, dice.pick(peers)),)
    return Group("fargroup", "side", tuple(rules), narrow if dice.oddly() else OPEN)


def _far_instances(dice: Dice) -> tuple[Instance, ...]:
    hosts = [Instance("far0", "far", FAR.block[10], ("fargroup",), fixed=not dice.oddly())]
    if dice.oddly():
        hosts.append(Instance("far1", "far", FAR.block[11]))
    return tuple(hosts)


def _tables(dice: Dice, net: Net, by: RouteKind) -> tuple[Table, ...]:
    """Routes to the other VPC in most tables, and a table of its subnet with the way back."""
    name = "link" if by == "pcx" else "hub"
    there: list[Block] = [*SIDE.blocks, FAR.block, IPv4Network("10.0.0.0/8")]
    tables = [_with(table, dice, Route(dice.pick(there), by, name)) for table in net.tables]
    back: list[Block] = [*net.vpcs[0].blocks, net.subnets[0].block, ANYWHERE4]
    side = _with(Table("fartable", "side"), dice, Route(dice.pick(back), by, name))
    return (*tables, replace(side, main=False))


def _with(table: Table, dice: Dice, route: Route) -> Table:
    kept = tuple(each for each in table.routes if each.destination != route.destination)
    return table if dice.oddly() else replace(table, routes=(*kept, route))


def _acls(dice: Dice, net: Net) -> Net:
    """The far subnet has a table; the doors of the VPC `main` may have one of its ACLs."""
    own = [acl.name for acl in net.acls if not acl.default]
    chosen = dice.pick(own) if own and dice.oddly() else None
    subnets = (
        replace(subnet, table="fartable")
        if subnet.name == "far"
        else replace(subnet, acl=chosen)
        if subnet.name == "maindoor"
        else subnet
        for subnet in net.subnets
    )
    return replace(net, subnets=tuple(subnets))


def _hub(dice: Dice) -> Hub:
    doors = tuple((subnet.vpc, subnet.name) for subnet in DOORS)
    associated = tuple(vpc for vpc, _ in doors if not dice.oddly())
    wide, narrow = IPv4Network("10.0.0.0/8"), FAR.block
    routes: dict[IPv4Network, str | None] = {}
    if not dice.oddly():
        routes[IPv4Network("10.20.0.0/16")] = "main"
    if not dice.oddly():
        routes[IPv4Network("10.77.0.0/16")] = "main"
    if not dice.oddly():
        routes[dice.pick([*SIDE.blocks, narrow])] = "side"
    if dice.oddly():
        routes[dice.pick([wide, narrow])] = dice.pick(["main", "side", None])
    return Hub("hub", doors, associated, tuple(routes.items()))
