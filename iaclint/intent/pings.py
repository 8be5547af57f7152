"""
Pings inside of the network: a rule or a command asks for them, and no host gets an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Client, Evidence, Flow, client_of
from iaclint.intent.chains import MOST, Chains
from iaclint.intent.ends import lets_all_in, unanswered
from iaclint.intent.entrances import as_client, endpoints, near, networks
from iaclint.intent.evidence import faces_outside, ingress, means
from iaclint.intent.outputs import pinged_inside
from iaclint.intent.signs import is_upkeep
from iaclint.intent.stranded import CONNECTION
from iaclint.intent.whom import lets_in
from iaclint.network import ClientVpn, Instance, Interface, Network, Rule
from iaclint.packet.prefix import FAMILIES, PRIVATE, Family, addresses
from iaclint.packet.service import PING
from iaclint.trace.engine import trace
from iaclint.trace.group import PING_WORD, Peer, group_step
from iaclint.trace.model import Reason, Trace, Way
from iaclint.value import Unknown

REPLY = re.compile(r"\brepl(y|ies)\b|\bresponses?\b", re.IGNORECASE)
"""Whoever writes of replies may mean them, to pings of the host itself."""


class Pings:
    """The pings that nobody gets an answer to; it remembers which kinds of hosts answer."""

    def __init__(self, network: Network, chains: Chains) -> None:
        self._network = network
        self._chains = chains
        self._heard: dict[tuple[int, int], frozenset[str]] = {}

    def to(self, instance: Instance, asked: Collection[str]) -> Iterator[Trace]:
        """The pings to one host, unless others ask for ping already."""
        network = self._network
        if instance.managed or network.library or PING.key in asked or self._chains.is_partial:
            return
        for number, interface in enumerate(instance.interfaces()):
            said = pinged_inside(network, instance)
            rules = [r for _, r in ingress(interface) if _is_meant(network, instance, interface, r)]
            only = not (rules or asked) and any(lets_all_in(r) for _, r in ingress(interface))
            verdicts = self._verdicts(instance, number, interface)
            if not (said or rules or only) or verdicts - {"blocked"}:
                continue
            blocked = list(self._asked(instance, interface))
            if said and blocked:
                evidence, peers, family = said
                same = [each for each in blocked if each.flow.family == family]
                named = [each for each in same if each.flow.client.name in peers]
                if not _from_outside(network, instance, family):
                    yield from (_said(each, evidence) for each in named or same[:1])
                return
            named = [
                found
                for rule in rules
                if not self._serves_others(instance, rule)
                for found in _by_rule(interface, rule, blocked)
            ]
            named = named or [*self._from_other_ends(instance, interface, blocked, only=only)]
            yield from named or _from_blocks(instance, interface, rules)

    def _from_other_ends(
        self, instance: Instance, interface: Interface, blocked: list[Trace], *, only: bool
    ) -> Iterator[Trace]:
        for found, evidence, rule in unanswered(self._network, interface, blocked, only=only):
            if not self._serves_others(instance, rule):
                yield _said(found, evidence)

    def _serves_others(self, instance: Instance, rule: Rule) -> bool:
        """Whether another host has the rule, too, and gets pings by it."""
        return any(
            any(given is rule for _, given in ingress(interface))
            and not self._is_silent(each, number, interface)
            for each in self._chains.hosts(besides=instance)
            for number, interface in enumerate(each.interfaces())
        )

    def _is_silent(self, instance: Instance, number: int, interface: Interface) -> bool:
        """Whether there is somebody around, and nobody gets an answer."""
        return self._verdicts(instance, number, interface) == {"blocked"}

    def _verdicts(self, instance: Instance, number: int, interface: Interface) -> frozenset[str]:
        """What becomes of the pings of everybody around."""
        key = (self._chains.kind(instance), number)
        if key not in self._heard:
            asked = self._asked(instance, interface)
            self._heard[key] = frozenset(each.verdict for each in asked)
        return self._heard[key]

    def _asked(self, instance: Instance, interface: Interface) -> Iterator[Trace]:
        """The pings of everybody around, of hosts that fare alike from one."""
        network = self._network
        hosts = map(as_client, self._chains.hosts(besides=instance))
        doors = (door for door in endpoints(network) if isinstance(door.node, ClientVpn))
        clients = near(network, interface, chain(hosts, doors), MOST)
        for client in (*clients, *networks(network, interface)):
            for family in FAMILIES:
                if family == "ipv4" or _has_ipv6(client, interface):
                    yield trace(network, Flow(client, instance, PING, family))


def _is_meant(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    return (
        rule.span is not None
        and rule.maybe is None
        and any(means(rule, PING, family, None) for family in FAMILIES)
        and not is_upkeep(network, instance, interface, rule)
    )


def _from_outside(network: Network, instance: Instance, family: Family) -> bool:
    """Whether the internet gets an answer: the command may be for those who are there."""
    return trace(network, Flow(INTERNET_CLIENT, instance, PING, family)).verdict != "blocked"


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


def _from_blocks(
    instance: Instance, interface: Interface, rules: Iterable[Rule]
) -> Iterator[Trace]:
    """
    From the private blocks that a rule names with the type of the reply, or another that no ping
    has: it lets no ping in from wherever it is, also where the files show nobody.
    """
    for rule in rules:
        for prefix in rule.prefixes:
            if isinstance(prefix, Unknown) or not prefix.region <= addresses(
                PRIVATE, prefix.family
            ):
                continue
            step = group_step(interface, Peer(prefix.region), prefix.family, PING)
            blocker = step.blocker
            if blocker is None or blocker.reason is not Reason.GROUP_ICMP or rule.span is None:
                continue
            if rule in blocker.about:
                flow = Flow(client_of((prefix,)), instance, PING, prefix.family)
                strong = bool(PING_WORD.search(rule.says)) and not REPLY.search(rule.says)
                evidence = Evidence("rule", Label(rule.span, "ICMP is let in from there"), strong)
                yield _said(Trace(flow, (Way("remote", interface, (step,)),)), evidence)


def _said(found: Trace, evidence: Evidence) -> Trace:
    return Trace(replace(found.flow, evidence=(evidence,)), found.ways)


def _names_insiders(rule: Rule) -> bool:
    """Whether a rule is for groups and blocks inside, and not for everybody."""
    return not faces_outside(rule)
