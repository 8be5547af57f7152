"""
The answer to one question: can FROM reach TO?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from iaclint.finding import Finding, Hop, Label, Level, Verdict
from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.intent.access import session_manager
from iaclint.network import Balancer, Instance, Network, Node
from iaclint.packet.prefix import FAMILIES, Family, show
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.query.ends import MANAGER, called, clients_of, is_there, missing, named
from iaclint.query.targets import targets_of
from iaclint.source import Span
from iaclint.trace.balancer import doors, nodes
from iaclint.trace.engine import trace
from iaclint.trace.manager import manager_ways
from iaclint.trace.model import Step, Trace, Way
from iaclint.value import Unknown


class QueryError(Exception):
    """An end of the path is not there; the argument says which, in words for the user."""


@dataclass(frozen=True, slots=True)
class Path:
    """One answer: who, to whom, in which family, and hop by hop why."""

    source: str
    target: str
    service: Service
    family: Family
    verdict: Verdict
    hops: tuple[Hop, ...]
    reason_codes: tuple[str, ...]
    helps: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    only: str = ""
    """Who gets through, where that is only a part of those who were asked about."""

    @property
    def as_finding(self) -> Finding:
        """The path as the report writers draw paths."""
        span = next((hop.span for hop in self.hops if hop.span), Span("", 1))
        return Finding(
            check="",
            name="path",
            level=Level.NOTE,
            message="",
            resource=self.target,
            primary=Label(span),
            targets=(self.target,),
            source=self.source,
            trace=self.hops,
        )


def paths(networks: Sequence[Network], source: str, target: str, service: Service) -> list[Path]:
    """
    The answers for everything that FROM and TO name, and each family both ends can have. Raises
    `QueryError`.

    FROM is `internet`, `session-manager`, an address or range, an instance, a subnet, a load
    balancer, an accelerator, an Instance Connect Endpoint or a Client VPN. TO is an instance, a
    subnet, an address or range here or outside, `internet`, a load balancer, an endpoint of a
    service, or a NAT gateway. Globs are allowed.
    """
    answers: list[Path] = []
    for network in networks:
        for instance in network.instances:
            if named(instance, target):
                answers += _by_doors(network, instance, source, service)
        clients = clients_of(network, source)
        for end in targets_of(network, target) if clients else ():
            answers += [_path(found) for one in clients for found in end.ask(one, service)]
    if not answers:
        raise QueryError(_why_none(networks, source, target))
    return answers


def _why_none(networks: Sequence[Network], source: str, target: str) -> str:
    """Which end is not there, or that the two are no path."""
    if not is_there(networks, target, starts=False):
        return missing(networks, target, starts=False)
    if not is_there(networks, source, starts=True):
        return missing(networks, source, starts=True)
    return f'"{source}" and "{target}" are no path through these files'


def _by_doors(
    network: Network, instance: Instance, source: str, service: Service
) -> Iterator[Path]:
    """Through a load balancer or an accelerator that is named, and by Session Manager."""
    if source.lower() == MANAGER:
        yield _path(_managed(network, instance, service))
    behind = [d.balancer for d in doors(network) if d.target.instance is instance]
    for each in (*dict.fromkeys(behind), *network.accelerators):
        if called(each.address, source):
            client = _in_front(each)
            for family in FAMILIES:
                found = trace(network, Flow(client, instance, service, family, (), each))
                yield from [_path(found)] if found.ways else []


def _in_front(node: Node) -> Client:
    """Whoever connects to it: people on the internet; to an internal load balancer, anybody."""
    if isinstance(node, Balancer) and node.internal is True:
        return Client(node.address, {}, None, next(nodes(node)), node)
    return replace(INTERNET_CLIENT, name=node.address)


def _managed(network: Network, instance: Instance, service: Service) -> Trace:
    """The agent calls out: by the best way, and with a permission that the files may not show."""
    flow = Flow(Client(MANAGER), instance, service, "ipv4")
    ways = [w for each in instance.interfaces() for w in manager_ways(network, each)]
    order = ("reachable", "undecided", "blocked")
    found = sorted(ways, key=lambda way: order.index(way.verdict))[:1]
    if session_manager(network, instance) or not found:
        return Trace(flow, tuple(found))
    why = Unknown(
        "no instance profile here permits Session Manager; the account may", instance.span
    )
    peers = found[0].steps[0].peers
    step = Step(
        "request", instance, "permission", why.reason, Region(), peers, peers, unknowns=(why,)
    )
    return Trace(flow, (replace(found[0], steps=(step, *found[0].steps)),))


def overall(answers: Sequence[Path]) -> Verdict:
    """One family that works for each target is enough; then what is open counts before blocked."""
    best: dict[tuple[str, str], Verdict] = {}
    order: tuple[Verdict, ...] = ("reachable", "undecided", "blocked")
    for one in answers:
        key = (one.source, one.target)
        best[key] = min(best.get(key, "blocked"), one.verdict, key=order.index)
    return max(best.values(), key=("reachable", "undecided", "blocked").index)


def _path(found: Trace) -> Path:
    way = _shown(found)
    return Path(
        found.flow.client.name,
        found.flow.target.address,
        found.flow.service,
        found.flow.family,
        found.verdict,
        tuple(step.hop for step in way.steps) if way else (),
        tuple(dict.fromkeys(one.reason.code for one in found.blockers)),
        tuple(dict.fromkeys(one.help for one in found.blockers if one.help)),
        tuple(dict.fromkeys((one.reason, one.supply) for one in found.unknowns)),
        _only(found.flow, way) if way and found.verdict == "reachable" else "",
    )


def _only(flow: Flow, way: Way) -> str:
    """`only from 52.0.0.0/8`, or `but not from` the few that are lost; empty if all get through."""
    clients = flow.client.region(flow.family)
    lost = clients - way.possible if way.joint and not flow.is_internal else Region()
    if not lost:
        return ""
    served = clients - lost
    few = lost.size < served.size
    return (
        f"but not from {show(lost, flow.family)}"
        if few
        else f"only from {show(served, flow.family)}"
    )


def _shown(found: Trace) -> Way | None:
    """The way that decides the verdict."""
    return next((way for way in found.ways if way.verdict == found.verdict), None)
