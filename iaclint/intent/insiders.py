"""
Flows from inside and from connected networks that a rule asks for by naming a block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow, client_of
from iaclint.intent.entrances import MOST, block_of, joined, may_hold
from iaclint.intent.evidence import WIDEST, ingress, is_specific, speaks_of
from iaclint.intent.named import in_acl
from iaclint.intent.whom import lets_in
from iaclint.network import (
    Group,
    Instance,
    Interface,
    Network,
    PublicAddress,
    Rule,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import FAMILIES, PRIVATE, Family, Prefix, addresses
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.source import Span
from iaclint.trace.forwarding import forwarders
from iaclint.trace.group import PING_WORD
from iaclint.trace.inside import region_of
from iaclint.value import Unknown

IsBastion = Callable[[Instance], bool]


def insiders(network: Network, instance: Instance, bastion: IsBastion) -> Iterator[Flow]:
    """Every flow that a rule of an instance asks for by a block that somebody in it has."""
    seen: set[tuple[str, str, Family]] = set()
    for interface in instance.interfaces():
        for group, rule in ingress(interface):
            for service in (SSH, RDP, PING):
                if not is_specific(rule, service):
                    continue
                for client, family, evidence in _clients(
                    network, instance, interface, group, rule, bastion
                ):
                    key = (client.name, service.key, family)
                    if key in seen or not speaks_of(rule, service, family):
                        continue
                    seen.add(key)
                    said = evidence(service)
                    if service.is_ping and PING_WORD.search(rule.says):
                        said = replace(said, strong=True)
                    yield Flow(client, instance, service, family, (said,))
        for flow in _by_acl(network, instance, interface, bastion):
            key = (flow.client.name, flow.service.key, flow.family)
            if key not in seen:
                seen.add(key)
                yield flow


def _by_acl(
    network: Network, instance: Instance, interface: Interface, bastion: IsBastion
) -> Iterator[Flow]:
    """From those whom the ACL names for a login, where a group lets them in as well."""
    vpc = interface.vpc
    if isinstance(vpc, Unknown):
        return
    for service in (SSH, RDP):
        for family in FAMILIES:
            for prefix, span in in_acl(interface, service, family):
                if prefix.length < WIDEST[family]:
                    continue
                for client, _, evidence in _by_block(network, instance, vpc, prefix, span, bastion):
                    flow = Flow(client, instance, service, family, (evidence(service),))
                    if any(
                        speaks_of(rule, service, family) and lets_in(flow, interface, rule)
                        for _, rule in ingress(interface)
                    ):
                        yield flow


Named = tuple[Client, Family, Callable[[Service], Evidence]]


def _clients(
    network: Network,
    instance: Instance,
    interface: Interface,
    group: Group,
    rule: Rule,
    bastion: IsBastion,
) -> Iterator[Named]:
    vpc = interface.vpc
    if isinstance(vpc, Unknown) or rule.maybe is not None:
        return
    for prefix, span in rule.texts:
        if prefix.length >= WIDEST[prefix.family]:
            for client, family, evidence in _by_block(
                network, instance, vpc, prefix, span, bastion
            ):
                yield client, family, _of(rule, evidence)
    if rule.span is not None:
        yield from _by_group(network, vpc, group, rule, rule.span)


def _of(rule: Rule, evidence: Callable[[Service], Evidence]) -> Callable[[Service], Evidence]:
    return lambda service: replace(evidence(service), rule=rule)


# ---- a block ---------------------------------------------------------------------------------


def _by_block(
    network: Network, instance: Instance, vpc: Vpc, prefix: Prefix, span: Span, bastion: IsBastion
) -> Iterator[Named]:
    family = prefix.family
    own = _blocks(vpc, family)
    users = list(_users(network, vpc, prefix))
    if users:
        yield from ((client, family, _said(span, True)) for client in users)
        return
    wider = any(block in prefix and block != prefix for block in own)
    if wider and not prefix.region <= addresses(PRIVATE, family):
        return  # the internet is meant, whoever else is in it
    if any(prefix in block or block in prefix for block in own):
        exact = not any(block in prefix for block in own)
        for peer, through in _bastions(network, instance, vpc, prefix, bastion):
            yield _internal(peer, through), family, _said(span, exact)
        return
    for other in network.vpcs:
        if other is not vpc and any(prefix in block for block in _blocks(other, family)):
            if not other.assumed and joined(network, vpc, other):
                yield from _of_vpc(network, other, prefix, span)
            return
    if prefix.region <= addresses(PRIVATE, family) and _goes_outside(network, vpc):
        exact = any(
            isinstance(known, Prefix) and (prefix in known or known in prefix)
            for remote in network.remotes
            for known in remote.prefixes
        )
        yield client_of((prefix,)), family, _said(span, exact)
    elif prefix.region <= addresses(PRIVATE, family) and forwarders(network, vpc, prefix.region):
        yield client_of((prefix,)), family, _said(span, True)


def _users(network: Network, vpc: Vpc, prefix: Prefix) -> Iterator[Client]:
    """The Client VPNs into a VPC whose users have their own addresses in a block."""
    for vpn in network.client_vpns:
        if not isinstance(vpn.clients, Prefix) or prefix not in vpn.clients:
            continue
        for interface in vpn.interfaces:
            if interface.vpc is vpc:
                yield Client(vpn.address, {}, None, interface, vpn)


def _blocks(vpc: Vpc, family: Family) -> list[Prefix]:
    return [p for p in vpc.prefixes if isinstance(p, Prefix) and p.family == family]


def _said(span: Span, strong: bool) -> Callable[[Service], Evidence]:
    def evidence(service: Service) -> Evidence:
        label = Label(span, f"{service} is let in from there")
        return Evidence("rule", label, strong, some=True)

    return evidence


def _internal(peer: Instance, through: Interface) -> Client:
    return Client(peer.address, {}, peer, through)


def _bastions(
    network: Network, instance: Instance, vpc: Vpc, prefix: Prefix, bastion: IsBastion
) -> Iterator[tuple[Instance, Interface]]:
    """
    The instances that people reach from outside and that a block in the VPC holds; all of them,
    where it holds no subnet at all and so cannot mean anybody else.
    """
    empty = not any(may_hold(s, prefix) for s in network.subnets_of(vpc))
    found = 0
    for peer in network.instances:
        if peer is instance or not peer.placements or found == MOST:
            continue
        through = peer.placements[0][0]
        if through.vpc is vpc and bastion(peer) and (empty or _covers(prefix, through)):
            found += 1
            yield peer, through


def _covers(prefix: Prefix, interface: Interface) -> bool:
    return region_of(interface, prefix.family) <= prefix.region


def _of_vpc(network: Network, vpc: Vpc, prefix: Prefix, span: Span) -> Iterator[Named]:
    """Instances of another VPC with an address in the block; else its subnets, whoever is there."""
    family = prefix.family
    blocks = [block_of(s, family) for s in network.subnets_of(vpc)]
    exact = prefix in _blocks(vpc, family) or prefix in blocks
    named = [
        _internal(peer, peer.placements[0][0])
        for peer in network.instances
        if peer.placements
        and peer.placements[0][0].vpc is vpc
        and region_of(peer.placements[0][0], family) & prefix.region
    ]
    if family == "ipv6" and named:
        named = [client for client in named if _speaks_ipv6(client)]
    elif not named:
        named = list(_vpns(network, vpc, prefix)) or list(_subnets(network, vpc, prefix))
    exact = exact or any(_is(client, prefix) for client in named)
    for client in named[:MOST]:
        yield client, family, _said(span, exact)


def _is(client: Client, prefix: Prefix) -> bool:
    """Whether a block is the address of a client, and of nobody else."""
    source = client.interface
    return source is not None and region_of(source, prefix.family) == prefix.region


def _speaks_ipv6(client: Client) -> bool:
    return client.interface is not None and client.interface.ipv6 is True


def _vpns(network: Network, vpc: Vpc, prefix: Prefix) -> Iterator[Client]:
    """The Client VPNs whose users come from a subnet of the block."""
    for vpn in network.client_vpns:
        for interface in vpn.interfaces:
            if interface.vpc is vpc and region_of(interface, prefix.family) & prefix.region:
                yield Client(vpn.address, {}, None, interface, vpn)


def _subnets(network: Network, vpc: Vpc, prefix: Prefix) -> Iterable[Client]:
    for subnet in network.subnets_of(vpc):
        block = block_of(subnet, prefix.family)
        if isinstance(block, Prefix) and block.region & prefix.region:
            yield somebody_in(subnet)


def somebody_in(subnet: Subnet) -> Client:
    """Whoever is in a subnet: an interface that no group filters."""
    interface = Interface(
        address=subnet.address,
        label=subnet.label,
        span=subnet.span,
        resource=subnet.resource,
        subnet=subnet,
        public=PublicAddress(has=False, why="it stands for a subnet"),
        ipv6=subnet.ipv6 is not None,
    )
    return Client(subnet.address, {}, None, interface, subnet)


def _goes_outside(network: Network, vpc: Vpc) -> bool:
    """Whether a VPN or the like is attached, behind which such addresses can be."""
    return any(vpc in remote.gateway.vpcs for remote in network.remotes) or any(
        g.title == "VPN gateway" and vpc in g.vpcs for g in network.gateways
    )


# ---- a group ---------------------------------------------------------------------------------


def _by_group(network: Network, vpc: Vpc, group: Group, rule: Rule, span: Span) -> Iterator[Named]:
    """Endpoints to log in by that carry a group the rule names."""
    for endpoint in network.connect_endpoints:
        if _named(rule, group, endpoint.interface):
            door = Client(endpoint.address, {}, None, endpoint.interface, endpoint)
            yield door, "ipv4", _by(span)
    for vpn in network.client_vpns:
        for interface in vpn.interfaces[:1]:
            if _named(rule, group, interface):
                yield Client(vpn.address, {}, None, interface, vpn), "ipv4", _by(span)


def _by(span: Span) -> Callable[[Service], Evidence]:
    def evidence(service: Service) -> Evidence:
        return Evidence("rule", Label(span, f"{service} is let in from there"))

    return evidence


def _named(rule: Rule, group: Group, interface: Interface) -> bool:
    """Whether a rule names a group of an endpoint that is not simply everybody's."""
    return any(
        g in interface.groups for g in rule.groups if isinstance(g, Group) and g is not group
    )
