"""
One packet walks through a network, and its reply walks back: the naive simulator.

Written from the documentation of AWS alone, as straight-line code that answers one question at a
time, so that it can disagree with an engine that reasons about sets of packets.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from tests.simulator.model import (
    ALL,
    ANYWHERE4,
    ANYWHERE6,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Acl,
    Address,
    Block,
    Entry,
    Instance,
    Net,
    Rule,
    Subnet,
    Table,
)

DELIVERED = "delivered"

_PRIVATE: tuple[Block, ...] = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_UNIQUE_LOCAL = IPv6Network("fc00::/7")
_ECHO_REPLY = {8: 0, 128: 129}


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. `kind` and `code` are those of ICMP; ports count for TCP and UDP."""

    source: Address
    destination: Address
    protocol: int
    port: int = 0
    kind: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    """What a configuration means where the author wrote nothing."""

    open_egress: bool
    """A new group keeps the rule that lets everything out (CloudFormation), or not (Terraform)."""


TERRAFORM, CLOUDFORMATION = Language(open_egress=False), Language(open_egress=True)


def from_internet(net: Net, target: Instance, request: Packet, ephemeral: int) -> str:
    """
    Sends a packet from the internet to the private address behind the target's public one, and the
    answer back. Says `DELIVERED`, or where it was dropped.
    """
    subnet = net.subnet(target.subnet)
    gateway = next((g for g in net.gateways if g.kind == "igw" and g.vpc == subnet.vpc), None)
    if gateway is None:
        return "no internet gateway attached"
    if request.source.version == 4 and not has_public_address(net, target):
        return "no public address"
    if request.source.version == 6 and not has_ipv6(net, target):
        return "no IPv6 address"
    if any(request.source in block for block in (*_PRIVATE, _UNIQUE_LOCAL)):
        return "private source at the internet gateway"
    if not _passes(_acl(net, subnet).ingress, request, request.source):
        return "request: network ACL in"
    if not _admits(net, target, request, None, inward=True, language=TERRAFORM):
        return "request: security group in"
    reply = _answer(request, ephemeral)
    if not _passes(_acl(net, subnet).egress, reply, reply.destination):
        return "reply: network ACL out"
    hop = next_hop(net, subnet, reply.destination)
    return DELIVERED if hop == ("igw", gateway.name) else f"reply: routed to {hop}"


def between(
    net: Net, start: Instance, target: Instance, request: Packet, ephemeral: int, language: Language
) -> str:
    """
    Sends a packet from one instance to the private address of another, and the answer back. Says
    `DELIVERED`, or where it was dropped.
    """
    here, there = net.subnet(start.subnet), net.subnet(target.subnet)
    if here.vpc != there.vpc:
        return _between_vpcs(net, start, target, request, ephemeral, language)
    if not _admits(net, start, request, target, inward=False, language=language):
        return "request: security group out"
    stopped = "" if here is there else _crosses(net, here, there, request, target)
    if stopped:
        return f"request: {stopped}"
    if not _admits(net, target, request, start, inward=True, language=language):
        return "request: security group in"
    reply = _answer(request, ephemeral)
    stopped = "" if here is there else _crosses(net, there, here, reply, start)
    return f"reply: {stopped}" if stopped else DELIVERED


def to_internet(
    net: Net, start: Instance, request: Packet, ports: tuple[int, int], language: Language
) -> str:
    """
    Sends a packet from an instance to an address on the internet, and the answer back. `ports` are
    the instance's own and the one that a NAT gateway puts in its place.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    here = net.subnet(start.subnet)
    if not _admits(net, start, request, None, inward=False, language=language):
        return "request: security group out"
    if not _passes(_acl(net, here).egress, request, request.destination):
        return "request: network ACL out"
    kind, name = next_hop(net, here, request.destination)
    if kind == "nat":
        nat = next(each for each in net.nats if each.name == name)
        stopped = _past_nat(net, here, net.subnet(nat.subnet), request, ports)
        if stopped:
            return stopped
    elif kind in ("igw", "eigw"):
        four = request.source.version == 4
        if not (has_public_address(net, start) if four else has_ipv6(net, start)):
            return "no address to come back to"
    else:
        return f"request: routed to {kind} {name}"
    reply = _answer(request, ports[0])
    if not _passes(_acl(net, here).ingress, reply, request.destination):
        return "reply: network ACL in"
    return DELIVERED


def _past_nat(net: Net, here: Subnet, home: Subnet, request: Packet, ports: tuple[int, int]) -> str:
    """Through a NAT gateway in the subnet `home`, and back to where the packet came from."""
    if request.protocol not in (TCP, UDP, ICMP):
        return "protocol of another kind"
    acl = _acl(net, home)
    inner, outer = _answer(request, ports[0]), _answer(request, ports[1])
    if here is not home and not _passes(acl.ingress, request, request.source):
        return "request: network ACL in at the NAT gateway"
    if not _passes(acl.egress, request, request.destination):
        return "request: network ACL out at the NAT gateway"
    kind, _ = next_hop(net, home, request.destination)
    if kind != "igw":
        return f"NAT gateway: routed to {kind}"
    if not _passes(acl.ingress, outer, request.destination):
        return "reply: network ACL in at the NAT gateway"
    if here is not home and not _passes(acl.egress, inner, request.source):
        return "reply: network ACL out at the NAT gateway"
    return ""


def _between_vpcs(
    net: Net, start: Instance, target: Instance, request: Packet, ephemeral: int, language: Language
) -> str:
    """
    By a peering connection or a transit gateway. Groups know each other by name over peering only.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    here, there = net.subnet(start.subnet), net.subnet(target.subnet)
    peered = next_hop(net, here, request.destination)[0] == "pcx"
    known, knows = (target, start) if peered else (None, None)
    if not _admits(net, start, request, known, inward=False, language=language):
        return "request: security group out"
    stopped = _travels(net, here, there, request)
    if stopped:
        return f"request: {stopped}"
    if not _admits(net, target, request, knows, inward=True, language=language):
        return "request: security group in"
    stopped = _travels(net, there, here, _answer(request, ephemeral))
    return f"reply: {stopped}" if stopped else DELIVERED


def _travels(net: Net, here: Subnet, there: Subnet, packet: Packet) -> str:
    """From a subnet of one VPC into a subnet of another: why not, or nothing."""
    if not _passes(_acl(net, here).egress, packet, packet.destination):
        return "network ACL out"
    kind, name = next_hop(net, here, packet.destination)
    if kind == "pcx":
        link = next(each for each in net.peerings if each.name == name)
        if not link.accepted or {here.vpc, there.vpc} != set(link.ends):
            return "peering connection leads nowhere"
    elif kind == "tgw":
        stopped = _through_hub(net, name, here, there, packet)
        if stopped:
            return stopped
    else:
        return f"routed to {kind} {name}"
    return "" if _passes(_acl(net, there).ingress, packet, packet.source) else "network ACL in"


def _through_hub(net: Net, name: str, here: Subnet, there: Subnet, packet: Packet) -> str:
    """
    In by the attachment of one VPC, out by that of the other. Instances are in other subnets than
    attachments; the ACLs of those see what comes in from instances, and what goes out to them.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    """
    hub = next(each for each in net.hubs if each.name == name)
    doors = dict(hub.doors)
    if here.vpc not in doors:
        return "the VPC is not at the transit gateway"
    if not _passes(_acl(net, net.subnet(doors[here.vpc])).ingress, packet, packet.source):
        return "network ACL into the attachment"
    if here.vpc not in hub.associated:
        return "no association"
    fitting = [route for route in hub.routes if packet.destination in route[0]]
    if not fitting or max(fitting, key=lambda route: route[0].prefixlen)[1] != there.vpc:
        return "no route at the transit gateway"
    if there.vpc not in doors:
        return "the other VPC is not at the transit gateway"
    if not _passes(_acl(net, net.subnet(doors[there.vpc])).egress, packet, packet.destination):
        return "network ACL out of the attachment"
    return ""


def has_public_address(net: Net, instance: Instance) -> bool:
    """An Elastic IP, or one asked for at launch, or one that the subnet gives."""
    if instance.elastic:
        return True
    if instance.public is not None:
        return instance.public
    return net.subnet(instance.subnet).maps_public


def has_ipv6(net: Net, instance: Instance) -> bool:
    """An address given explicitly, or one that the subnet assigns."""
    return instance.address6 is not None or net.subnet(instance.subnet).assigns6


def next_hop(net: Net, subnet: Subnet, destination: Address) -> tuple[str, str]:
    """Longest prefix first; the local routes of the VPC are in every table."""
    vpc = net.vpc(subnet.vpc)
    table = table_of(net, subnet)
    local = [block for block in (*vpc.blocks, vpc.block6) if block and destination in block]
    hops = [(block.prefixlen, "local", "") for block in local]
    hops += [
        (route.destination.prefixlen, route.kind, route.target)
        for route in (table.routes if table else ())
        if destination in route.destination
    ]
    if not hops:
        return ("nowhere", "")
    _, kind, target = max(hops, key=lambda hop: hop[0])
    if kind in ("igw", "eigw") and not _is_attached(net, target, subnet.vpc):
        return ("blackhole", target)
    return (kind, target)


def _is_attached(net: Net, gateway: str, vpc: str) -> bool:
    return any(g.name == gateway and g.vpc == vpc for g in net.gateways)


def _crosses(net: Net, here: Subnet, there: Subnet, packet: Packet, end: Instance) -> str:
    """From one subnet into another one of the VPC: why not, or nothing."""
    if not _passes(_acl(net, here).egress, packet, packet.destination):
        return "network ACL out"
    kind, target = next_hop(net, here, packet.destination)
    if kind != "local" and not (kind == "eni" and target == end.name):
        return f"routed to {kind} {target}"
    if not _passes(_acl(net, there).ingress, packet, packet.source):
        return "network ACL in"
    return ""


def _answer(request: Packet, ephemeral: int) -> Packet:
    kind = _ECHO_REPLY.get(request.kind, request.kind)
    return Packet(request.destination, request.source, request.protocol, ephemeral, kind, 0)


def table_of(net: Net, subnet: Subnet) -> Table | None:
    for table in net.tables:
        if table.name == subnet.table:
            return table
    return next((t for t in net.tables if t.main and t.vpc == subnet.vpc), None)


def _acl(net: Net, subnet: Subnet) -> Acl:
    for acl in net.acls:
        if acl.name == subnet.acl:
            return acl
    made = (Entry(100, True, ALL, 0, 0, ANYWHERE4), Entry(101, True, ALL, 0, 0, ANYWHERE6))
    for acl in net.acls:
        if acl.default and acl.vpc == subnet.vpc and acl.adds:
            return Acl(acl.name, acl.vpc, (*acl.ingress, *made), (*acl.egress, *made))
        if acl.default and acl.vpc == subnet.vpc:
            return acl
    return Acl("default", subnet.vpc, made, made)


def _passes(entries: tuple[Entry, ...], packet: Packet, peer: Address) -> bool:
    """The first entry that matches decides; behind the last one everything is denied."""
    for entry in sorted(entries, key=lambda entry: entry.number):
        if peer in entry.block and _speaks(entry, packet):
            return entry.allow
    return False


def _speaks(rule: Entry | Rule, packet: Packet) -> bool:
    """Whether protocol and ports, or ICMP type and code, are those of the packet."""
    if rule.protocol == ALL:
        return True
    if rule.protocol != packet.protocol:
        return False
    if rule.protocol in (TCP, UDP):
        return rule.first <= packet.port <= rule.last
    if rule.protocol in (ICMP, ICMPV6):
        return rule.first in (-1, packet.kind) and rule.last in (-1, packet.code)
    return True


def _admits(
    net: Net,
    instance: Instance,
    packet: Packet,
    other: Instance | None,
    *,
    inward: bool,
    language: Language,
) -> bool:
    """Whether any rule of any group of the instance lets the packet in, or out."""
    peer = packet.source if inward else packet.destination
    for name in _groups(net, instance):
        rules = _rules(net, name, inward, language)
        for rule in rules:
            if _speaks(rule, packet) and _is_peer(net, name, rule.peer, peer, other):
                return True
    return False


def _is_peer(
    net: Net, group: str, peer: Block | str, address: Address, other: Instance | None
) -> bool:
    if not isinstance(peer, str):
        return address in peer
    for each in net.lists:
        if each.name == peer:
            return any(address in block for block in each.blocks)
    wanted = group if peer == "self" else peer
    return other is not None and wanted in _groups(net, other)


def _groups(net: Net, instance: Instance) -> tuple[str, ...]:
    return instance.groups or (f"default of {net.subnet(instance.subnet).vpc}",)


def _rules(net: Net, name: str, inward: bool, language: Language) -> tuple[Rule, ...]:
    everything = (Rule(ALL, 0, 0, ANYWHERE4), Rule(ALL, 0, 0, ANYWHERE6))
    if name.startswith("default of "):
        return (Rule(ALL, 0, 0, "self"),) if inward else everything
    group = net.group(name)
    if inward:
        return group.ingress
    if group.egress is not None:
        return group.egress
    return everything if language.open_egress else ()
