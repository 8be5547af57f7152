"""
Whether an interface is meant to be public: what the author asked for beside a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iaclint.assemble.index import name_of
from iaclint.finding import Label
from iaclint.network import (
    Gateway,
    Instance,
    Interface,
    Middlebox,
    Network,
    Node,
    Peering,
    Route,
    RouteTable,
    Rule,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import FAMILIES, Family, Prefix
from iaclint.packet.service import ANY_PORT, ICMPV6
from iaclint.trace.group import PING_WORD
from iaclint.value import Unknown

BASTION = (
    r"(?:bastion|rdgw|ssh.?gateway|"
    r"jump(?:(?!(?-i:[a-z]))|.?(?:box|host|server|station|instance|machine|node|vm|ec2|srv)))"
)
"""A name that only begins with "jump" is another one."""
IS_BASTION = rf"(?<!behind)(?<!behind.)(?<!via)(?<!via.){BASTION}"
PUBLIC_NAME = re.compile(rf"{IS_BASTION}|vpn.?server|public|dmz", re.IGNORECASE)
BASTION_NAME = re.compile(BASTION, re.IGNORECASE)
OWN_NAME = re.compile(IS_BASTION, re.IGNORECASE)
PRIVATE_NAME = re.compile(
    r"private|internal|intra|isolated|\bdata|database|\bdb\b|backend|\bapp\b", re.IGNORECASE
)
SECLUDED_NAME = re.compile(r"private|internal|isolated", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """
    What speaks for an interface being public in one family. `addressed` says whether it has an
    address people outside can use, `asked` that the author asked for one, `routed` that its table
    leads to an internet gateway, `inward` that its default route leads somewhere else on purpose.
    """

    addressed: bool | Unknown
    asked: Label | None
    routed: bool
    inward: Gateway | None
    connected: bool
    """The VPC has no internet gateway, and a connection to another network instead."""
    named: str
    bastion: bool = False
    """Its own name says that people log in to it to get further."""
    declined: bool = False
    """
    It has no address, whatever the subnet does that is made elsewhere: its author says so, and
    has no Elastic IP that was perhaps meant for it.
    """
    mapped: bool = False
    """Nothing but its subnet asks for the address, as it does for everything in it."""

    @property
    def public(self) -> bool:
        """A second sign beside a rule that lets the internet in."""
        return self.asked is not None or self.routed

    @property
    def private(self) -> bool:
        """Private by design: no address asked for, and a way out that lets nobody in."""
        if self.asked is not None:
            return False
        if self.inward is not None or self.connected:
            return True
        return not self.routed and (self.named == "private" or self.declined)


def signs(network: Network, instance: Instance, interface: Interface, family: Family) -> Signs:
    """The signs for one interface of an instance."""
    subnet = interface.subnet
    table = subnet.table if isinstance(subnet, Subnet) else None
    routes = _defaults(table, family) if isinstance(table, RouteTable) else []
    targets = [r.target for r in routes if isinstance(r.target, Gateway)]
    connected = _connected(network, interface)
    inward = next((t for t in targets if _is_inward(network, interface, t)), None)
    routed = any(t.kind == "internet" for t in targets)
    void = family == "ipv6" and (
        connected
        or _is_back(network, interface, table, inward)
        or (is_secluded(instance) and not routed and interface.public.has is False)
    )
    return Signs(
        addressed=_addressed(interface, family),
        asked=None if void else _asked(interface, family),
        routed=routed,
        inward=inward,
        connected=connected,
        named=_named(instance, subnet if isinstance(subnet, Subnet) else None),
        declined=isinstance(subnet, Unknown)
        and _addressed(interface, family) is False
        and not network.spare_addresses,
        bastion=is_called_bastion(instance),
        mapped=family == "ipv4" and _is_mapped(interface),
    )


def all_signs(network: Network, instance: Instance, family: Family) -> list[Signs]:
    """The signs of every interface of an instance."""
    return [signs(network, instance, each, family) for each in instance.interfaces()]


def _is_back(network: Network, interface: Interface, table: object, inward: Gateway | None) -> bool:
    """
    Whether it is in the part of its VPC that is not for the internet, so that its IPv6 address is
    for getting out: nothing is public over IPv4, and tables of other subnets lead to an internet
    gateway.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """
    if not isinstance(table, RouteTable) or inward is None or inward.kind != "never":
        return False
    if interface.public.has is not False or _leads_out(table):
        return False
    others = (s.table for s in network.subnets if s.vpc is table.vpc and s.table is not table)
    return any(isinstance(other, RouteTable) and _leads_out(other) for other in others)


def _leads_out(table: RouteTable) -> bool:
    targets = (route.target for family in FAMILIES for route in _defaults(table, family))
    return any(isinstance(target, Gateway) and target.kind == "internet" for target in targets)


def _is_mapped(interface: Interface) -> bool:
    subnet, asked = interface.subnet, interface.public.asked
    return isinstance(subnet, Subnet) and asked is not None and asked == subnet.maps_public_span


def _is_inward(network: Network, interface: Interface, target: Gateway) -> bool:
    """
    Whether a default route leads away from the internet: one to a middlebox does, unless the
    internet gateway sends what comes in there as well.
    """
    vpc = interface.vpc
    if not isinstance(target, Middlebox) or not isinstance(vpc, Vpc):
        return target.kind != "internet"
    edges = (network.edges.get(id(gateway)) for gateway in network.internet_gateways(vpc))
    return not any(route.target is target for table in edges if table for route in table.routes)


def is_called_bastion(instance: Instance) -> bool:
    """Whether its own name says that people log in to it to get further."""
    return _is_called(OWN_NAME, instance, instance.name)


def _is_called(words: re.Pattern[str], node: Node, tag: str) -> bool:
    """
    Whether the name of a thing has one of the words. Those that only its tag has are perhaps the
    name of the project, where the files call it something private.
    """
    if words.search(node.address):
        return True
    return bool(words.search(tag)) and not PRIVATE_NAME.search(node.label)


def is_secluded(instance: Instance) -> bool:
    """Whether the files call it in so many words something that nobody outside is to reach."""
    plain = not PUBLIC_NAME.search(instance.label)
    return plain and bool(SECLUDED_NAME.search(instance.label))


def is_called_private(node: Node) -> bool:
    """Whether the name of a thing says that nobody outside is to reach what it is for."""
    return bool(PRIVATE_NAME.search(f"{node.address} {node.label}"))


def _defaults(table: RouteTable, family: Family) -> list[Route]:
    """The routes to a large part of the internet."""
    return [
        r
        for r in table.routes
        if isinstance(r.to, Prefix) and r.to.family == family and r.to.length <= 1
    ]


def _addressed(interface: Interface, family: Family) -> bool | Unknown:
    return interface.public.has if family == "ipv4" else interface.ipv6


def _asked(interface: Interface, family: Family) -> Label | None:
    """
    Where a public address is asked for. Every IPv6 address is one, also in a VPC that is connected
    to others only: there it says nothing.
    """
    if family == "ipv4":
        span = interface.public.asked
        assumed = isinstance(interface.subnet, Subnet) and interface.subnet.assumed
        if span is None and assumed and interface.public.has is True and interface.span:
            return Label(interface.span, "is in the default VPC, which gives public addresses")
        return Label(span, "a public address is asked for here") if span else None
    if interface.ipv6 is True and interface.span is not None:
        return Label(interface.span, "an IPv6 address is asked for here")
    return None


def _connected(network: Network, interface: Interface) -> bool:
    vpc = interface.vpc
    if not isinstance(vpc, Vpc) or network.internet_gateways(vpc):
        return False
    return is_connected(network, vpc)


def is_connected(network: Network, vpc: Vpc) -> bool:
    """Whether a VPC is connected to another network: a VPN, peering, a transit gateway."""
    return any(
        isinstance(route.target, Gateway) and route.target.kind == "network"
        for table in network.tables
        if table.vpc is vpc
        for route in table.routes
    ) or any(g.kind == "network" and vpc in g.vpcs for g in network.gateways)


def leads_elsewhere(network: Network, vpc: Vpc) -> bool:
    """Whether a VPC is connected to a network that the files do not show as a whole."""
    routed = (r.target for t in network.tables if t.vpc is vpc for r in t.routes)
    gateways = [gate for gate in routed if isinstance(gate, Gateway)]
    gateways += [gate for gate in network.gateways if vpc in gate.vpcs]
    return any(gate.kind == "network" and not _is_shown(gate) for gate in gateways)


def _is_shown(gate: Gateway) -> bool:
    """Whether it is a peering between two VPCs of the files."""
    return isinstance(gate, Peering) and all(
        isinstance(end, Vpc) and not end.foreign and not end.assumed for end in gate.ends
    )


def _named(instance: Instance, subnet: Subnet | None) -> str:
    around = _tag(subnet) if subnet is not None else ""
    if _is_called(PUBLIC_NAME, instance, instance.name):
        return "public"
    if subnet is not None and _is_called(PUBLIC_NAME, subnet, around):
        return "public"
    names = (instance.address, instance.name, subnet.address if subnet is not None else "", around)
    return "private" if any(map(PRIVATE_NAME.search, names)) else ""


def _tag(subnet: Subnet) -> str:
    given = subnet.resource.attributes if subnet.resource is not None else {}
    return name_of(given.get("tags") or given.get("Tags"))


def is_upkeep(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    """
    A rule for all of ICMPv6 on a host whose IPv6 leaves by a gateway that lets nobody in: replies
    about the size of packets need it (RFC 4890), and ping is not meant.
    """
    traffic = rule.traffic
    if isinstance(traffic, Unknown) or traffic.protocol != ICMPV6 or PING_WORD.search(rule.says):
        return False
    inward = signs(network, instance, interface, "ipv6").inward
    return traffic.ports == ANY_PORT and inward is not None and inward.kind == "never"
