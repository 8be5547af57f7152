"""
Hosts at the two ends of a connection between VPCs, which cannot ping each other although their
rules were written for that: one names its own VPC, where nobody else is, or a route is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from iaclint.finding import Label
from iaclint.flow import Evidence, Flow
from iaclint.intent.alone import has_company, is_of_its_vpc
from iaclint.intent.entrances import as_client, leads
from iaclint.intent.evidence import ingress, is_specific, means, speaks_of
from iaclint.intent.stranded import CONNECTION
from iaclint.intent.whom import Whom, lets_in, whom
from iaclint.network import Interface, Network, Rule, Vpc
from iaclint.packet.prefix import FAMILIES
from iaclint.packet.service import PING
from iaclint.trace.model import Reason, Trace

GROUP = frozenset({Reason.GROUP_SOURCE, Reason.GROUP_NO_RULE, Reason.GROUP_NO_SOURCE})
"""Nothing is in the way but whom the groups let in."""
OTHERS = re.compile(r"\bboth\b|\bpeer(ed|ing|\W+vpc)|\bother\W+vpc", re.IGNORECASE)
"""What a rule says that is for more than its own VPC."""

Found = tuple[Trace, Evidence, Rule]


def lets_all_in(rule: Rule) -> bool:
    """Whether a rule lets ping in as it does everything else."""
    known = rule.span is not None and rule.maybe is None and not is_specific(rule, PING)
    return known and any(speaks_of(rule, PING, family) for family in FAMILIES)


def unanswered(
    network: Network, here: Interface, blocked: Iterable[Trace], *, only: bool
) -> Iterator[Found]:
    """
    The pings of an interface from another VPC, among those nobody gets an answer to, that must
    have been meant, each with the rule that says so. Rules for all traffic count where `only` they
    say anything of the host.
    """
    for found in blocked:
        source = found.flow.client.interface
        if found.flow.client.instance is None or source is None or source.vpc is here.vpc:
            continue
        for _, rule in ingress(here):
            evidence = _to_nobody(network, found, here, source, rule, only)
            if only and evidence is None:
                evidence = _half_made(network, found, here, source, rule)
            if evidence is not None:
                yield found, evidence, rule
                break


def _to_nobody(
    network: Network, found: Trace, here: Interface, there: Interface, rule: Rule, only: bool
) -> Evidence | None:
    """
    A rule for the VPC of the host, in which nobody else is. That the other side lets the host ping
    says that they are to ping each other; of a rule for all traffic its own words have to.
    """
    target = found.flow.target
    if {blocker.reason for blocker in found.blockers} - GROUP or not _is_own(here, rule):
        return None
    if has_company(network, here) or whom(network, target, here, rule) is not Whom.NOBODY:
        return None
    if _pings(rule):
        mutual = _is_asked_back(network, found.flow, there, _pings)
        return _evidence(rule, "this rule for ping names nobody who pings", mutual)
    said = only and lets_all_in(rule) and OTHERS.search(rule.says)
    if not (said and _is_asked_back(network, found.flow, there, lets_all_in)):
        return None
    return _evidence(rule, "this rule for everything names nobody who is there")


def _is_asked_back(
    network: Network, flow: Flow, there: Interface, like: Callable[[Rule], bool]
) -> bool:
    """Whether a host of the other VPC has a rule like that, and it is for the target of a flow."""
    client = as_client(flow.target)
    return any(
        like(rule) and _names(Flow(client, host, flow.service, flow.family), interface, rule)
        for host in network.instances
        for interface in host.interfaces()
        if interface.vpc is there.vpc
        for _, rule in ingress(interface)
    )


def _half_made(
    network: Network, found: Trace, here: Interface, there: Interface, rule: Rule
) -> Evidence | None:
    """A rule for all traffic of another VPC, with a route to a connection on one side only."""
    if not found.blockers or {blocker.reason for blocker in found.blockers} - CONNECTION:
        return None
    one, other = here.vpc, there.vpc
    if not (isinstance(one, Vpc) and isinstance(other, Vpc) and lets_all_in(rule)):
        return None
    if leads(network, one, other) == leads(network, other, one):
        return None
    if not _names(found.flow, here, rule):
        return None
    return _evidence(rule, "ping is let in from there, as everything is")


def _pings(rule: Rule) -> bool:
    known = rule.span is not None and rule.maybe is None
    return known and any(means(rule, PING, family, None) for family in FAMILIES)


def _is_own(here: Interface, rule: Rule) -> bool:
    blocks = rule.prefixes
    return bool(blocks) and not rule.groups and all(is_of_its_vpc(here, each) for each in blocks)


def _names(flow: Flow, interface: Interface, rule: Rule) -> bool:
    """Whether a rule is for the client of a flow, by its group or a block of nobody but its VPC."""
    source = flow.client.interface
    if source is None or not lets_in(flow, interface, rule):
        return False
    exact = any(group in source.groups for group in rule.groups)
    return exact or any(is_of_its_vpc(source, block) for block in rule.prefixes)


def _evidence(rule: Rule, words: str, strong: bool = True) -> Evidence:
    assert rule.span is not None
    return Evidence("rule", Label(rule.span, words), strong, some=True)
