"""
Pings inside of the network: a rule or a command asks for them, and no host gets an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow
from iaclint.intent.entrances import as_client, endpoints, near, networks
from iaclint.intent.evidence import faces_outside, ingress, means
from iaclint.intent.outputs import pinged_inside
from iaclint.intent.signs import is_upkeep
from iaclint.intent.stranded import CONNECTION
from iaclint.intent.whom import lets_in
from iaclint.network import ClientVpn, Instance, Interface, Network, Rule
from iaclint.packet.prefix import FAMILIES
from iaclint.packet.service import PING
from iaclint.trace.engine import trace
from iaclint.trace.group import PING_WORD
from iaclint.trace.model import Trace

MOST = 40
"""With more hosts than this around nobody asks all of them."""


def pings(network: Network, instance: Instance, asked: Collection[str]) -> Iterator[Trace]:
    """The pings to a host that nobody gets an answer to, unless others ask for ping already."""
    if instance.managed or network.library or PING.key in asked:
        return
    for interface in instance.interfaces():
        said = pinged_inside(network, instance)
        rules = [r for _, r in ingress(interface) if _is_meant(network, instance, interface, r)]
        blocked = _blocked(network, instance, interface) if said or rules else []
        if said and blocked:
            evidence, peers = said
            named = [each for each in blocked if each.flow.client.name in peers]
            yield from (_said(each, evidence) for each in named or blocked[:1])
            return
        for rule in rules if blocked else ():
            if not _serves_others(network, instance, rule):
                yield from _by_rule(interface, rule, blocked)


def _is_meant(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    return (
        rule.span is not None
        and rule.maybe is None
        and any(means(rule, PING, family, None) for family in FAMILIES)
        and not is_upkeep(network, instance, interface, rule)
    )


def _serves_others(network: Network, instance: Instance, rule: Rule) -> bool:
    """Whether another host has the rule, too, and gets pings by it."""
    return any(
        each is not instance
        and any(given is rule for _, given in ingress(interface))
        and not _blocked(network, each, interface)
        for each in network.instances
        for interface in each.interfaces()
    )


def _blocked(network: Network, instance: Instance, interface: Interface) -> list[Trace]:
    """The pings of everybody around; none where somebody gets an answer, or may."""
    hosts = [each for each in network.instances if each is not instance and each.placements]
    if len(hosts) > MOST:
        return []
    doors = (door for door in endpoints(network) if isinstance(door.node, ClientVpn))
    clients = near(network, interface, chain(map(as_client, hosts), doors), MOST)
    found = [
        trace(network, Flow(client, instance, PING, family))
        for client in (*clients, *networks(network, interface))
        for family in FAMILIES
        if family == "ipv4" or _has_ipv6(client, interface)
    ]
    return found if all(each.verdict == "blocked" for each in found) else []


def _has_ipv6(client: Client, interface: Interface) -> bool:
    source = client.interface
    return interface.ipv6 is True and source is not None and source.ipv6 is True


def _by_rule(interface: Interface, rule: Rule, blocked: list[Trace]) -> Iterator[Trace]:
    """From those whom a rule for ping lets in, be it with a mistake in type or protocol."""
    for found in blocked:
        flow = found.flow
        if not means(rule, PING, flow.family, None) or not lets_in(flow, interface, rule):
            continue
        assert rule.span is not None
        broken = bool(found.blockers) and all(b.reason in CONNECTION for b in found.blockers)
        strong = broken or _names_insiders(rule) or bool(PING_WORD.search(rule.says))
        label = Label(rule.span, "ping is let in from there")
        yield _said(found, Evidence("rule", label, strong, some=True))


def _said(found: Trace, evidence: Evidence) -> Trace:
    return Trace(replace(found.flow, evidence=(evidence,)), found.ways)


def _names_insiders(rule: Rule) -> bool:
    """Whether a rule is for groups and blocks inside, and not for everybody."""
    return not faces_outside(rule)
