"""
The answer to one question: can FROM reach TO?
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from ipaddress import ip_network

from iaclint.assemble.index import tag_of
from iaclint.finding import Finding, Hop, Label, Level, Verdict
from iaclint.flow import INTERNET_CLIENT, Client, Flow, client_of
from iaclint.intent.access import session_manager
from iaclint.intent.insiders import WIDEST, block_of, somebody_in
from iaclint.intent.otherways import endpoints
from iaclint.network import Instance, Interface, Network, Node
from iaclint.packet.prefix import FAMILIES, Family, Prefix, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.service import Service
from iaclint.source import Span
from iaclint.trace.balancer import doors
from iaclint.trace.engine import trace
from iaclint.trace.inside import only_family
from iaclint.trace.manager import manager_ways
from iaclint.trace.model import Step, Trace, Way
from iaclint.value import Unknown

MANAGER = "session-manager"
"""The word for clients of AWS Systems Manager."""


class QueryError(Exception):
    """An end of the path is not there; the argument says which, in words for the user."""


@dataclass(frozen=True, slots=True)
class Path:
    """One answer: who, to whom, in which family, and hop by hop why."""

    source: str
    target: str
    service: str
    family: Family
    verdict: Verdict
    hops: tuple[Hop, ...]
    reason_codes: tuple[str, ...]
    helps: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]

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
    The answers for every instance that TO names and each family both ends can have. FROM is
    `internet`, `session-manager`, an address or range, an instance, a subnet, a load balancer, an
    accelerator, an Instance Connect Endpoint or a Client VPN; globs are allowed. Raises
    `QueryError`.
    """
    answers: list[Path] = []
    for network in networks:
        for instance in network.instances:
            if not named(instance, target):
                continue
            answers += _by_doors(network, instance, source, service)
            for client in clients_of(network, source):
                answers += [
                    _path(trace(network, Flow(client, instance, service, family)))
                    for family in families_of(client, instance)
                ]
    if not answers:
        raise QueryError(_missing(networks, source, target))
    return answers


def _by_doors(
    network: Network, instance: Instance, source: str, service: Service
) -> Iterator[Path]:
    """Through a load balancer or an accelerator that is named, and by Session Manager."""
    if source.lower() == MANAGER:
        yield _path(_managed(network, instance, service))
    front: list[Node] = [d.balancer for d in doors(network) if d.target.instance is instance]
    front += network.accelerators
    for each in dict.fromkeys(front):
        client = replace(INTERNET_CLIENT, name=each.address)
        if _called(client, source):
            found = trace(network, Flow(client, instance, service, "ipv4", (), each))
            yield from [_path(found)] if found.ways else []


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
        "request", instance, "permission ?", why.reason, Region(), peers, peers, unknowns=(why,)
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


def clients_of(network: Network, source: str) -> list[Client]:
    """What a text means as a source: the internet, a range, or instances by address or tag."""
    if source.lower() == "internet":
        return [INTERNET_CLIENT]
    try:
        prefix = parse_prefix(str(ip_network(source, strict=False)))
    except ValueError:
        return [
            *(
                Client(one.address, {}, one, one.placements[0][0])
                for one in network.instances
                if named(one, source) and one.placements and one.placements[0]
            ),
            *(one for one in _doors(network) if _called(one, source)),
        ]
    return _inside(network, prefix) or [client_of((prefix,))]


def _inside(network: Network, prefix: Prefix) -> list[Client]:
    """Whoever is in the subnets that a range lies in, or that lie in it."""
    return [
        somebody_in(subnet)
        for subnet in network.subnets
        if isinstance(block := block_of(subnet, prefix.family), Prefix)
        and (prefix in block or block in prefix)
        and prefix.length >= WIDEST[prefix.family]
    ]


def _doors(network: Network) -> Iterator[Client]:
    """Everything but instances that a connection can start at: endpoints, VPNs, subnets."""
    yield from endpoints(network)
    yield from (somebody_in(subnet) for subnet in network.subnets)


def _called(client: Client, pattern: str) -> bool:
    last = client.name.rpartition(".")[2]
    return pattern in (client.name, last) or fnmatchcase(client.name, pattern)


def families_of(client: Client, instance: Instance) -> list[Family]:
    """IPv4, and IPv6 where the client has such addresses and somebody asked for one."""
    if client.interface is not None:
        return _inside_families(client.interface, instance)
    asked = [one for one in FAMILIES if client.region(one)]
    wants = any(interface.ipv6 for interface in instance.interfaces())
    return [one for one in asked if one == "ipv4" or wants or len(asked) == 1]


def _inside_families(source: Interface, instance: Instance) -> list[Family]:
    """IPv4 unless an end has none, and IPv6 where both ends have an address."""
    targets = list(instance.interfaces())
    if any(only_family(source, target) == "ipv6" for target in targets):
        return ["ipv6"]
    both = source.ipv6 is True and any(target.ipv6 is True for target in targets)
    return ["ipv4", "ipv6"] if both else ["ipv4"]


def _path(found: Trace) -> Path:
    way = _shown(found)
    return Path(
        found.flow.client.name,
        found.flow.target.address,
        found.flow.service.title,
        found.flow.family,
        found.verdict,
        tuple(_hop(way)) if way else (),
        tuple(dict.fromkeys(one.reason.code for one in found.blockers)),
        tuple(dict.fromkeys(one.help for one in found.blockers if one.help)),
        tuple(dict.fromkeys((one.reason, one.supply) for one in found.unknowns)),
    )


def _shown(found: Trace) -> Way | None:
    """The way that decides the verdict."""
    return next((way for way in found.ways if way.verdict == found.verdict), None)


def _hop(way: Way) -> list[Hop]:
    return [
        Hop(
            step.direction,
            step.node.address,
            step.name,
            step.verdict,
            step.message,
            step.span,
            step.blocker.reason.code if step.blocker and step.verdict == "block" else "",
        )
        for step in way.steps
    ]


def named(instance: Instance, pattern: str) -> bool:
    """Whether a pattern means an instance: its address, its last part, or `tag:KEY=VALUE`."""
    if pattern.startswith("tag:"):
        key, _, value = pattern[4:].partition("=")
        resource = instance.resource
        return resource is not None and any(
            isinstance(said, str) and fnmatchcase(said, value) for said in tag_of(resource, key)
        )
    names = {instance.address, instance.label, instance.name, instance.address.rpartition(".")[2]}
    return pattern in names or any(fnmatchcase(one, pattern) for one in names if one)


def _missing(networks: Sequence[Network], source: str, target: str) -> str:
    """Which end is not there, and what is."""
    known = sorted({one.address for network in networks for one in network.instances})
    here = [one for network in networks for one in network.instances if named(one, target)]
    wrong = source if here else target
    short = {one.rpartition(".")[2]: one for one in known} | {one: one for one in known}
    near = difflib.get_close_matches(wrong, short, 1, 0.5)
    if near:
        return f'there is no instance "{wrong}", did you mean "{short[near[0]]}"?'
    if not known:
        return f'there is no instance "{wrong}": there are no instances at all'
    more = f", and {len(known) - 5} more" if len(known) > 5 else ""
    return f'there is no instance "{wrong}"; there are: {", ".join(known[:5])}{more}'
