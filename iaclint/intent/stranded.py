"""
Hosts that somebody means to log in to and that nobody gets to, though there is an entrance beside
them: a bastion, whatever it is called, an endpoint, a VPN, the other end of a peering.

A host with a way in is never one of them, nor a host without an entrance anywhere near: that one
is private, and what leads to it is made elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow
from iaclint.intent.access import unknown_profile
from iaclint.intent.chains import Chains
from iaclint.intent.connection import PRIVATE
from iaclint.intent.entrances import as_client, endpoints, near, networks
from iaclint.intent.evidence import (
    faces_outside,
    ingress,
    is_specific,
    is_switched_off,
    means,
    services_of,
    speaks_of,
)
from iaclint.intent.kinds import comparable
from iaclint.intent.ports import WINRM
from iaclint.intent.signs import is_called_bastion
from iaclint.intent.spare import is_given_others, spare_rules
from iaclint.intent.tunnels import PORTS
from iaclint.intent.whom import Whom, is_alone_in, lets_in, says_who, whom
from iaclint.network import Instance, Interface, Network, Rule
from iaclint.packet.prefix import FAMILIES
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.trace.engine import trace
from iaclint.trace.inside import only_family
from iaclint.trace.model import Reason, Trace
from iaclint.value import refs


class Wish(IntEnum):
    """How plainly the files say that people log in by an entrance; the plainest last."""

    KEY = 0
    """There is a key pair, and no word about the service."""
    NOBODY_YET = 1
    """The rule for the service is for a place that is empty, or the group that only it has."""
    OPEN = 2
    """A rule for all traffic lets them in."""
    UNUSED = 3
    """It has no group of its own, and one that nothing carries would let them in."""
    OTHERS = 4
    """The rule for the service is for those who never come, or perhaps do."""
    NOBODY = 5
    """The rule for the service lets in nobody there is."""
    NAMED = 6
    """The rule for the service lets them in, or would without a mistake in its ports."""
    SAID = 7
    """A command says how to log in to its private address."""


@dataclass(frozen=True, slots=True)
class _Asked:
    wish: Wish
    label: Label
    rule: Rule | None = None
    sure: bool = True


CONNECTION = frozenset(
    {
        Reason.NO_PEER_ROUTE,
        Reason.PEER_ROUTE_ELSEWHERE,
        Reason.PEERING_PENDING,
        Reason.OVERLAP,
        Reason.TRANSIT_ASSOCIATION,
        Reason.TRANSIT_NO_ROUTE,
        Reason.TRANSIT_ELSEWHERE,
        Reason.TRANSIT_ZONE,
        Reason.VPN_NO_ROUTE,
        Reason.VPN_NOT_ALLOWED,
        Reason.VPN_ROUTE,
        Reason.SOURCE_CHECK,
    }
)
"""A connection between networks that does not work: somebody made it, so it is meant to."""


def stranded(
    network: Network, instance: Instance, asked: Collection[str], chains: Chains
) -> Iterator[Trace]:
    """The flows to a host that nobody gets to; `asked` are the services that others ask for."""
    if instance.managed or network.library or is_called_bastion(instance):
        return
    if is_given_others(instance):
        return
    for service in services_of(instance):
        if service.is_ping or service.key in asked or not _may_log_in(instance, service):
            continue
        if is_switched_off(instance, service):
            continue
        blocked = _blocked(network, instance, service, chains)
        found = list(_meant(network, instance, blocked, chains))
        if found and not chains.is_reached(instance, service):
            yield from (each for each, wish in found if wish is not Wish.KEY or not asked)


def _may_log_in(instance: Instance, service: Service) -> bool:
    """Whether anything at all says that somebody logs in to it."""
    rules = [rule for each in instance.interfaces() for _, rule in ingress(each)]
    if service.key == RDP.key and any(_is_for(r, w) for r in rules for w in WINRM):
        return False
    said = any(port == service.port for port, _ in instance.forwarded)
    return (
        said
        or bool(instance.logins)
        or instance.key is not None
        or any(
            means(rule, service, family, instance.platform) for rule in rules for family in FAMILIES
        )
    )


def _is_for(rule: Rule, service: Service) -> bool:
    return is_specific(rule, service) and speaks_of(rule, service, "ipv4")


def _blocked(network: Network, instance: Instance, service: Service, chains: Chains) -> list[Trace]:
    """The flows from every entrance that is near; none where one of them works, or may."""
    found: list[Trace] = []
    for interface in instance.interfaces():
        hosts = (as_client(host) for host in chains.reached if host is not instance)
        inside = near(network, interface, chain(endpoints(network), hosts))
        for client in (*inside, *networks(network, interface)):
            family = only_family(client.interface or interface, interface)
            found.append(trace(network, Flow(client, instance, service, family)))
    return found if all(each.verdict == "blocked" for each in found) else []


# ---- what is meant -----------------------------------------------------------------------------


def _meant(
    network: Network, instance: Instance, blocked: list[Trace], chains: Chains
) -> Iterator[tuple[Trace, Wish]]:
    """The flows from those entrances that the files say most about."""
    weighed = [(asked, each) for each in blocked if (asked := _asked(network, each, chains))]
    plainest = max((asked.wish for asked, _ in weighed), default=Wish.KEY)
    hidden = instance.key is not None and not any(
        each.public.has is not False for each in instance.interfaces()
    )
    for asked, found in weighed:
        if asked.wish < plainest:
            continue
        strong = _is_plain(asked.wish, found, chains)
        if strong is None or (asked.wish < Wish.NOBODY and not hidden):
            continue
        unsure = not asked.sure or (instance.key is None and asked.wish is not Wish.SAID)
        unsure = unsure or chains.is_partial or unknown_profile(network, instance)
        evidence = Evidence("rule", asked.label, strong and not unsure, some=True, rule=asked.rule)
        yield Trace(replace(found.flow, evidence=(evidence,)), found.ways), asked.wish


def _is_plain(wish: Wish, found: Trace, chains: Chains) -> bool | None:
    """Whether it is certain enough for an error; None where it may as well be on purpose."""
    client = found.flow.client
    if wish >= Wish.NOBODY or wish is Wish.UNUSED:
        return True
    broken = bool(found.blockers) and all(b.reason in CONNECTION for b in found.blockers)
    if wish is Wish.OPEN:
        return broken
    host = client.instance
    lost = host is None or chains.leads_nowhere(client)
    useful = host is not None and chains.serves_others(host)
    if wish is Wish.OTHERS:
        return lost and not useful and _is_for_others(client)
    if host is None or not lost or not _is_for_others(client):
        return None
    same = comparable(host.key) == comparable(found.flow.target.key)
    return not useful and is_called_bastion(host) and same


def _is_for_others(client: Client) -> bool:
    """Whether an entrance is of no use but to get further."""
    host = client.instance
    if host is None or is_called_bastion(host):
        return True
    return all(
        any(means(rule, service, "ipv4", None) for service in (SSH, RDP, PING, *PORTS))
        for each in host.interfaces()
        for _, rule in ingress(each)
        if faces_outside(rule)
    )


def _asked(network: Network, found: Trace, chains: Chains) -> _Asked | None:
    """
    The plainest sign that the clients of a flow are meant to get in; None where a rule may be for
    somebody whom the files do not show.
    """
    flow = found.flow
    for port, span in flow.target.forwarded:
        if port == flow.service.port:
            return _Asked(Wish.SAID, Label(span, "forwards a port to it"))
    for login in flow.target.logins:
        inside = any(ref.attribute.split("[")[0] in PRIVATE for ref in refs(login.host))
        if inside and not login.is_provisioner:
            return _Asked(Wish.SAID, Label(login.span, "says how to log in from there"))
    signs: list[_Asked] = []
    for interface in flow.target.interfaces():
        for _, rule in ingress(interface):
            wish = _by_rule(network, flow, interface, rule, chains)
            if wish is None:
                return None
            if wish is not Wish.KEY and rule.span is not None:
                words = WORDS[wish].format(service=flow.service)
                sure = wish is not Wish.NOBODY_YET or not rule.prefixes
                signs.append(_Asked(wish, Label(rule.span, words), rule, sure))
        for group, rule, sure in spare_rules(network, flow, interface):
            if rule.span is not None:
                words = f"{group.address} lets {flow.service} in from there, and is on nothing"
                signs.append(_Asked(Wish.UNUSED, Label(rule.span, words), rule, sure))
    if flow.target.key_span is not None:
        label = Label(flow.target.key_span, "the key pair says that somebody logs in")
        signs.append(_Asked(Wish.KEY, label))
    return max(signs, key=lambda sign: sign.wish, default=None)


WORDS = {
    Wish.NOBODY_YET: "this rule for {service} names nobody who is there yet",
    Wish.OPEN: "{service} is let in from there, as everything is",
    Wish.OTHERS: "this rule for {service} lets in others, and nobody logs in to them",
    Wish.NOBODY: "this rule for {service} names nobody who logs in",
    Wish.NAMED: "{service} is let in from there",
}


def _by_rule(
    network: Network, flow: Flow, interface: Interface, rule: Rule, chains: Chains
) -> Wish | None:
    service, family = flow.service, flow.family
    if not is_specific(rule, service):
        open_ = speaks_of(rule, service, family) and lets_in(flow, interface, rule)
        return Wish.OPEN if open_ else Wish.KEY
    if not means(rule, service, family, flow.target.platform):
        return Wish.KEY
    if lets_in(flow, interface, rule):
        return Wish.NAMED
    if not rule.prefixes and rule.groups and all(g in interface.groups for g in rule.groups):
        return Wish.NOBODY_YET if is_alone_in(network, flow.target, rule) else Wish.KEY
    island = _island(network, flow, rule, chains) if rule.prefixes else ()
    found = whom(network, flow.target, interface, rule, island)
    if found in (Whom.OTHERS, Whom.WAITING):
        return None
    if found is Whom.NOBODY_YET:
        return Wish.NOBODY_YET
    sure = found is Whom.NOBODY or says_who(rule, flow.client)
    return Wish.NOBODY if sure else Wish.OTHERS


def _island(network: Network, flow: Flow, rule: Rule, chains: Chains) -> tuple[Instance, ...]:
    """The other hosts with the same rule, where nobody gets to any of them to go on from there."""
    alike = tuple(
        host
        for host in network.instances
        if host is not flow.target
        and any(each is rule for one in host.interfaces() for _, each in ingress(one))
    )
    return () if any(chains.is_reached(host, flow.service) for host in alike) else alike
