"""
Flows between instances of the files, which the rules of either end ask for.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow
from iaclint.intent.addressed import is_called
from iaclint.intent.evidence import ingress, is_specific, speaks_of
from iaclint.network import Group, Instance, Interface, Network, Rule, Vpc
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.source import Span
from iaclint.trace.inside import only_family, region_of
from iaclint.value import Unknown


def from_peers(network: Network, instance: Instance) -> Iterator[Flow]:
    """Rules that name another instance's group or address; and rules of theirs that name ours."""
    seen: set[tuple[str, str]] = set()
    for interface in instance.interfaces():
        for flow in (
            *_named_inbound(network, instance, interface),
            *_named_outbound(network, instance, interface),
        ):
            key = (flow.client.name, flow.service.key)
            if key not in seen:
                seen.add(key)
                yield flow


def _named_inbound(network: Network, instance: Instance, interface: Interface) -> Iterator[Flow]:
    for group, rule in ingress(interface):
        for service in (SSH, RDP, PING):
            if not is_specific(rule, service):
                continue
            for peer, through in _peers(network, instance, interface, group, rule):
                family = only_family(through, interface)
                if not speaks_of(rule, service, family) and _both_have_ipv6(through, interface):
                    family = "ipv6"
                if speaks_of(rule, service, family):
                    said = Label(_span(rule), f"{service} is let in from there")
                    yield _internal(peer, through, instance, service, family, said, rule)


def _both_have_ipv6(one: Interface, other: Interface) -> bool:
    return one.ipv6 is True and other.ipv6 is True


def _peers(
    network: Network, instance: Instance, interface: Interface, group: Group, rule: Rule
) -> Iterator[tuple[Instance, Interface]]:
    for other in rule.groups:
        if isinstance(other, Group) and other is not group:
            yield from (m for m in network.members(other) if m[0] is not instance)
    for holder in (*rule.holders, *_outer_holders(rule, interface)):
        for peer in network.instances:
            if is_called(peer, holder) and peer is not instance and peer.placements:
                yield peer, peer.placements[0][0]


def _outer_holders(rule: Rule, interface: Interface) -> Iterator[str]:
    """Whose public address a rule names on an interface that has none to be dialled by."""
    if interface.public.has is False:
        yield from (holder for holder, _ in rule.public_of)


def _named_outbound(network: Network, instance: Instance, interface: Interface) -> Iterator[Flow]:
    """An outbound rule for one service towards a group of ours, or towards our subnet."""
    mine = [g for g in interface.groups if isinstance(g, Group)]
    for group in network.groups:
        for rule in group.egress:
            towards = any(g in mine for g in rule.groups if isinstance(g, Group))
            if not towards and not (instance.key and _towards(network, rule, interface)):
                continue
            for service in (SSH, RDP):
                if not is_specific(rule, service):
                    continue
                for peer, through in network.members(group):
                    family = only_family(through, interface)
                    if peer is not instance and speaks_of(rule, service, family):
                        said = Label(_span(rule), f"{service} is let out here")
                        yield _internal(
                            peer, through, instance, service, family, said, rule, some=not towards
                        )


def _towards(network: Network, rule: Rule, interface: Interface) -> bool:
    """Whether a rule names the subnet of an interface, or a part of it, and not its whole VPC."""
    subnet, vpc = interface.subnet, interface.vpc
    if isinstance(subnet, Unknown) or isinstance(vpc, Unknown):
        return False
    mine = subnet.prefix
    if not isinstance(mine, Prefix) or mine in vpc.prefixes:
        return False
    named = [p for p in rule.prefixes if isinstance(p, Prefix) and p.length > _widest(vpc)]
    return any(mine in p or (p in mine and _may_mean(network, p, interface)) for p in named)


def _may_mean(network: Network, part: Prefix, interface: Interface) -> bool:
    """Whether a part of a subnet can be about an interface: nobody else is known to be in it."""
    own = region_of(interface, part.family)
    if own <= part.region:
        return True
    others = (i for each in network.instances for i in each.interfaces() if i is not interface)
    return bool(own & part.region) and not any(
        i.vpc is interface.vpc and region_of(i, part.family) <= part.region for i in others
    )


def _widest(vpc: Vpc) -> int:
    known = [p.length for p in vpc.prefixes if isinstance(p, Prefix)]
    return min(known, default=32)


def _span(rule: Rule) -> Span:
    assert rule.span is not None
    return rule.span


def _internal(
    peer: Instance,
    through: Interface,
    instance: Instance,
    service: Service,
    family: Family,
    said: Label,
    rule: Rule,
    *,
    some: bool = False,
) -> Flow:
    client = Client(peer.address, {}, peer, through)
    return Flow(client, instance, service, family, (Evidence("rule", said, some=some, rule=rule),))
