"""Which flows are meant to work, and how bad it is when one does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from iaclint.finding import Level
from iaclint.flow import Client, Flow
from iaclint.intent.behind import through_accelerators, through_balancers
from iaclint.intent.candidates import candidates
from iaclint.intent.chains import Chains
from iaclint.intent.insiders import insiders
from iaclint.intent.judged import Judged
from iaclint.intent.partly import partly
from iaclint.intent.pings import Pings
from iaclint.intent.promised import promised
from iaclint.intent.stranded import stranded
from iaclint.intent.weigh import is_hidden, weigh
from iaclint.network import Instance, Network
from iaclint.trace.engine import trace
from iaclint.trace.model import Trace

__all__ = ["Judged", "judge"]


def judge(
    network: Network, client: Client | None = None, declared: Sequence[Flow] = ()
) -> list[Judged]:
    """All flows of a network that the settings or the evidence ask for, traced and weighed."""
    judged = [Judged(trace(network, flow), Level.ERROR) for flow in declared]
    chains = Chains(network)
    pings = Pings(network, chains)
    for instance in network.instances:
        flows = [*candidates(network, instance, client)]
        if not instance.managed:
            flows += through_balancers(network, instance, client)
            flows += through_accelerators(network, instance, client)
            flows += _new(flows, insiders(network, instance, chains.is_bastion))
            flows += _new(flows, promised(network, instance, chains))
        traces = [_traced(network, flow) for flow in flows]
        weighed = [weigh(network, each, traces, chains) for each in traces]
        weighed = _with_entrances(network, instance, weighed, chains)
        judged += weighed
        judged += [loser for each in weighed for loser in partly(network, each)]
        meant = {each.flow.service.key for each in weighed if each.level is not None}
        judged += map(_plain, pings.to(instance, meant))
    served = [each.flow for each in judged if _serves_a_rule(each)]
    return [_shared(each, served) for each in judged]


def _with_entrances(
    network: Network, instance: Instance, weighed: list[Judged], chains: Chains
) -> list[Judged]:
    """
    With the flows from entrances that nobody gets further from. A host that has nothing public is
    meant to be reached from there, where it would be: what its rules say of the internet is void.
    """
    lost: dict[str, list[Judged]] = {}
    for each in weighed:
        if each.level is not None and each.trace.verdict == "blocked":
            lost.setdefault(each.flow.service.key, []).append(each)
    void = {key for key, all_ in lost.items() if all(is_hidden(network, e.flow) for e in all_)}
    found = [_plain(each) for each in stranded(network, instance, lost.keys() - void, chains)]
    void &= {each.flow.service.key for each in found if each.level is Level.ERROR}
    instead = [each for key in void for each in lost.pop(key)]
    kept = [
        replace(each, level=None, why_not="people come in beside it") if each in instead else each
        for each in weighed
    ]
    return kept + [each for each in found if each.flow.service.key not in lost]


def _plain(found: Trace) -> Judged:
    """A flow of which it is known that nobody gets in any other way: its evidence decides."""
    strong = all(evidence.strong for evidence in found.flow.evidence)
    return Judged(found, Level.ERROR if strong else Level.WARNING)


def _serves_a_rule(one: Judged) -> bool:
    """Whether somebody inside gets in by a rule that names a block."""
    return one.flow.is_internal and bool(_rules(one.flow)) and one.trace.verdict == "reachable"


def _shared(one: Judged, served: Sequence[Flow]) -> Judged:
    """
    A group that several instances carry may name a block for the sake of some of them: where
    another one is reached from there by the same rule, it is a warning that this one is not.
    """
    flow = one.flow
    if one.level is not Level.ERROR or one.trace.verdict != "blocked" or not flow.is_internal:
        return one
    if not all(evidence.some for evidence in flow.evidence):
        return one
    rules = _rules(flow)
    shared = any(
        other.service is flow.service
        and _home(other.client) is _home(flow.client)
        and rules & _rules(other)
        for other in served
    )
    return Judged(one.trace, Level.WARNING) if shared else one


def _rules(flow: Flow) -> set[int]:
    """The rules that name a block for the sake of a flow."""
    return {id(each.rule) for each in flow.evidence if each.some and each.rule is not None}


def _home(client: Client) -> object:
    return client.interface.vpc if client.interface is not None else None


def _traced(network: Network, flow: Flow) -> Trace:
    """
    The flow over IPv4; over IPv6 where only that works and both ends have it. A rule that names a
    group is for both families, and whoever writes it needs one of them.
    """
    found = trace(network, flow)
    if found.verdict != "blocked" or not _in_either_family(flow):
        return found
    other = trace(network, replace(flow, family="ipv6"))
    return found if other.verdict == "blocked" else other


def _in_either_family(flow: Flow) -> bool:
    source = flow.client.interface
    if source is None or flow.client.instance is None or flow.family == "ipv6":
        return False
    named = all(one.kind == "rule" and not one.some for one in flow.evidence)
    return named and source.ipv6 is True and any(i.ipv6 is True for i in flow.target.interfaces())


def _new(old: list[Flow], more: Iterable[Flow]) -> list[Flow]:
    """The flows that nothing else asks for already."""
    seen = {(flow.client.name, flow.service.key) for flow in old}
    return [flow for flow in more if (flow.client.name, flow.service.key) not in seen]
