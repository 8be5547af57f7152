"""
Clients who cannot get in while others can: blocks that a rule names, the part of the internet that
no route leads to.
"""

from __future__ import annotations

from dataclasses import replace

from iaclint.finding import Level
from iaclint.flow import Client, Flow, client_of
from iaclint.intent.judged import Judged
from iaclint.network import Network, RouteTable, Vpc
from iaclint.packet.prefix import INTERNET, Prefix, addresses, show
from iaclint.packet.region import Region
from iaclint.trace.engine import trace
from iaclint.trace.model import Reason, Trace, Way


def partly(network: Network, judged: Judged) -> list[Judged]:
    """The flows of those who lose, of one that works."""
    return _lost(network, judged.trace) or _unrouted(network, judged)


def _lost(network: Network, found: Trace) -> list[Judged]:
    """Blocks that a rule names and that cannot get in, while others can."""
    flow = found.flow
    if flow.is_internal or found.verdict != "reachable" or not found.ways:
        return []
    lost: list[Judged] = []
    for evidence in flow.evidence:
        blocks = [p for p in evidence.clients if p.family == flow.family]
        region = addresses(blocks, flow.family) & INTERNET[flow.family]
        if region and not any(way.possible & region for way in found.ways):
            alone = Flow(
                client_of(tuple(blocks)), flow.target, flow.service, flow.family, (evidence,)
            )
            lost.append(_without_route(trace(network, alone), Level.ERROR, ""))
    return lost


MOST_LOST = 16
"""A route that misses less than one client in so many serves the internet."""


def _unrouted(network: Network, judged: Judged) -> list[Judged]:
    """
    Clients to whom no route leads, while others get in: a rule for everybody, and a route for a
    part of the internet. Those that a rule names are an error. Ping is let in from everywhere
    more often than it is meant for everybody.
    """
    found, flow = judged.trace, judged.flow
    if judged.level is None or found.verdict != "reachable" or flow.service.is_ping:
        return []
    if flow.is_internal or any(way.kind != "internet" for way in found.ways):
        return []
    clients, served = flow.client.region(flow.family), Region()
    for way in found.ways:
        served |= _routed(way, flow)
    left = clients & INTERNET[flow.family] - served
    named = tuple(
        p
        for evidence in flow.evidence
        for p in evidence.clients
        if p.family == flow.family and p.region <= left
    )
    if not left or (not named and left.size * MOST_LOST < clients.size):
        return []
    only = show(served & clients, flow.family)
    rest = Client(f"the internet outside of {only}", {flow.family: left})
    alone = Flow(client_of(named) if named else rest, flow.target, flow.service, flow.family)
    answer = trace(network, replace(alone, evidence=flow.evidence))
    level = Level.ERROR if named else Level.WARNING
    return [one for one in [_without_route(answer, level, only)] if _is_without_route(one.trace)]


def _routed(way: Way, flow: Flow) -> Region:
    """The clients to whom the subnet's table may lead, and those in the VPC's own blocks."""
    vpc = way.interface.vpc
    own = [p for p in vpc.prefixes if isinstance(p, Prefix)] if isinstance(vpc, Vpc) else []
    reply = (s for s in way.steps if s.direction == "reply")
    table = next((s for s in reply if isinstance(s.node, RouteTable)), None)
    return addresses(own, flow.family) | (table.possible if table else INTERNET[flow.family])


def _is_without_route(found: Trace) -> bool:
    missing = {Reason.NO_ROUTE, Reason.CANNOT_ROUTE}
    return bool(found.blockers) and {b.reason for b in found.blockers} <= missing


def _without_route(found: Trace, level: Level, only: str) -> Judged:
    """An error only where it is a route that is missing: other hops may narrow on purpose."""
    if not _is_without_route(found):
        return Judged(found, Level.WARNING)
    return Judged(found, level, only=only)
