"""
What the settings declare: flows that must work, and flows that must not.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from iaclint.finding import Finding, Label, Level
from iaclint.flow import Client, Evidence, Flow
from iaclint.network import Instance, Network
from iaclint.packet.service import Service
from iaclint.query.ends import clients_of, families_of, named
from iaclint.source import Span
from iaclint.trace.engine import trace
from iaclint.trace.model import Trace

UNMATCHED, REACHABLE = "IAC911", "IAC912"


@dataclass(frozen=True, slots=True)
class Expectation:
    """
    One `[[expect]]`. `sources` are what its `from` stands for: ranges of a named client, a range,
    `internet`, or a glob over addresses of instances.
    """

    sources: tuple[str, ...]
    target: str
    services: tuple[Service, ...]
    allow: bool
    reason: str
    span: Span

    @property
    def words(self) -> str:
        """How a finding names it."""
        return f"{' and '.join(s.title for s in self.services)} to {self.target}"


@dataclass(slots=True)
class Expectations:
    """All of them, and which ends have been found in any network so far."""

    all: Sequence[Expectation] = ()
    sources: set[int] = field(default_factory=set)
    targets: set[int] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def flows(self, network: Network) -> list[Flow]:
        """The flows of a network that must work."""
        return [flow for one in self.all if one.allow for flow in self._flows(network, one)]

    def broken(self, network: Network) -> list[tuple[Expectation, Trace]]:
        """The flows of a network that must not work, and do."""
        return [
            (one, found)
            for one in self.all
            if not one.allow
            for flow in self._flows(network, one)
            if (found := trace(network, flow)).verdict == "reachable"
        ]

    def _flows(self, network: Network, one: Expectation) -> Iterator[Flow]:
        self.addresses |= {instance.address for instance in network.instances}
        clients = [client for source in one.sources for client in clients_of(network, source)]
        if clients:
            self.sources.add(id(one))
        for instance in network.instances:
            if not named(instance, one.target):
                continue
            self.targets.add(id(one))
            for client in clients:
                if client.instance is not instance:
                    yield from _between(client, instance, one)

    def unmatched(self) -> list[Finding]:
        """Those that name something which is not there."""
        found: list[Finding] = []
        for one in self.all:
            if id(one) not in self.targets:
                found.append(self._missing(one, "to", one.target))
            elif id(one) not in self.sources:
                found.append(self._missing(one, "from", ", ".join(one.sources)))
        return found

    def _missing(self, one: Expectation, end: str, what: str) -> Finding:
        near = difflib.get_close_matches(what, self.addresses, 1, 0.6)
        hint = f'did you mean "{near[0]}"?' if near else "correct the address, or remove the entry"
        return Finding(
            check=UNMATCHED,
            name="unmatched-expectation",
            level=Level.ERROR,
            message=f'no instance is called "{what}", which an expectation names as `{end}`',
            resource=one.span.path,
            primary=Label(one.span, "names nothing that is here"),
            help=hint,
            identity=f"{end} {what}",
        )


def denied(one: Expectation, found: Trace) -> Finding:
    """The finding for a flow that must not work, and does."""
    flow = found.flow
    because = f" ({one.reason})" if one.reason else ""
    return Finding(
        check=REACHABLE,
        name="denied-flow-works",
        level=Level.ERROR,
        message=f"{flow.service} from {flow.client.name} to {flow.target.address} works, and the "
        f"settings say that it must not{because}",
        resource=flow.target.address,
        primary=Label(flow.target.span or one.span, "can be reached"),
        related=(Label(one.span, "denied here"),),
        help="take away the rule, route or address that lets it in, or change the expectation",
        targets=(flow.target.address,),
        services=(flow.service.key,),
        families=(flow.family,),
        source=flow.client.name,
        evidence="declared",
        identity="denied",
    )


def _between(client: Client, instance: Instance, one: Expectation) -> Iterator[Flow]:
    label = Label(one.span, one.reason or "declared here")
    for service in one.services:
        for family in families_of(client, instance):
            yield Flow(client, instance, service, family, (Evidence("declared", label),))
