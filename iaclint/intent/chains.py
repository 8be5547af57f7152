"""
Which instances people outside get to, by themselves or through others.
"""

from __future__ import annotations

from functools import cached_property

from iaclint.flow import INTERNET_CLIENT, Client, Flow, client_of
from iaclint.graph import OUTSIDE, Edge, Web
from iaclint.intent.entrances import as_client, families
from iaclint.intent.otherways import entered, other_way
from iaclint.intent.tunnels import is_tunnel
from iaclint.network import Instance, Network
from iaclint.packet.prefix import FAMILIES, PRIVATE
from iaclint.packet.service import RDP, SSH, Service
from iaclint.trace.balancer import doors
from iaclint.trace.engine import trace

MOST = 40
"""With more instances than this only direct bastions are looked for, not chains of them."""


class Chains:
    """Remembers what it found out about one network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._open: dict[int, bool] = {}
        self._entries: dict[int, bool] = {}
        self._inner: dict[tuple[int, int, str], bool] = {}
        self._nowhere: dict[str, bool] = {}

    def is_bastion(self, instance: Instance) -> bool:
        """Whether people outside can log in to it, or perhaps can."""
        key = id(instance)
        if key not in self._open:
            self._open[key] = self._has_door(instance) and any(
                trace(self._network, Flow(INTERNET_CLIENT, instance, service, family)).verdict
                != "blocked"
                for service in (SSH, RDP)
                for family in FAMILIES
            )
        return self._open[key]

    def _has_door(self, instance: Instance) -> bool:
        """Whether the internet can address it at all: by itself, or at what stands in front."""
        return any(
            each.public.has is not False or each.ipv6 is not False for each in instance.interfaces()
        ) or (
            any(door.target.instance is instance for door in doors(self._network))
            or any(e.to is instance for a in self._network.accelerators for e in a.entrances)
        )

    def through(self, target: Instance, service: Service) -> tuple[str, ...]:
        """The bastions by which a target is reached, outermost first; empty if by none."""
        return self.web(target, service).chain(target.address)[:-1]

    def last_hosts(self, target: Instance, service: Service) -> list[Instance]:
        """The hosts from which people who came from outside get to a target, or may."""
        reached = self.web(target, service).reached
        return [
            host
            for host in self._network.instances
            if host is not target
            and host.address in reached
            and host.placements
            and self._connects(host, target, service)
        ]

    def web(self, target: Instance, service: Service) -> Web:
        """The connections that work, or may, as far as they lead to a target."""
        edges: list[Edge] = []
        others = [i for i in self._network.instances if i is not target and i.placements]
        reached = [i for i in others if self._is_entry(i)]
        edges += [Edge(OUTSIDE, each.address) for each in reached]
        waiting = [i for i in others if i not in reached]
        for bastion in reached:
            if self._connects(bastion, target, service):
                edges.append(Edge(bastion.address, target.address))
            for each in waiting if len(others) <= MOST else ():
                if self._connects(bastion, each, SSH) or self._connects(bastion, each, RDP):
                    edges.append(Edge(bastion.address, each.address))
                    reached.append(each)
            waiting = [each for each in waiting if each not in reached]
        return Web(edges)

    @property
    def is_partial(self) -> bool:
        """Whether there are too many hosts to look at all chains: who is reached is not sure."""
        return len(self._network.instances) > MOST

    def is_reached(self, target: Instance, service: Service) -> bool:
        """Whether anybody gets to it at all, or may: from wherever, in however many hops."""
        sources = (INTERNET_CLIENT, client_of(PRIVATE))
        return (
            any(
                trace(self._network, Flow(source, target, service, family)).verdict != "blocked"
                for source in sources
                for family in FAMILIES
            )
            or bool(other_way(self._network, target, service))
            or bool(self.through(target, service))
        )

    def leads_nowhere(self, client: Client) -> bool:
        """Whether no instance can be reached from a client; with too many nobody looks."""
        if client.name not in self._nowhere:
            others = [i for i in self._network.instances if i is not client.instance]
            self._nowhere[client.name] = len(others) <= MOST and not any(
                trace(self._network, Flow(client, each, service, "ipv4")).verdict != "blocked"
                for each in others
                for service in (SSH, RDP)
            )
        return self._nowhere[client.name]

    @cached_property
    def entrances(self) -> tuple[Instance, ...]:
        """The hosts that people get to without another one, to go on from there."""
        hosts = (each for each in self._network.instances if each.placements)
        return tuple(filter(self._is_entrance, hosts))

    @cached_property
    def reached(self) -> tuple[Instance, ...]:
        """The entrances, and the hosts that people get to from there; with too many only those."""
        found = [*self.entrances]
        hosts = [each for each in self._network.instances if each.placements]
        waiting = [each for each in hosts if each not in found] if len(hosts) <= MOST else []
        for host in found:
            behind = [
                each
                for each in waiting
                if self._connects(host, each, SSH) or self._connects(host, each, RDP)
            ]
            found += behind
            waiting = [each for each in waiting if each not in behind]
        return tuple(found)

    def _is_entrance(self, instance: Instance) -> bool:
        return (
            self.is_bastion(instance)
            or any(entered(self._network, instance, SSH))
            or is_tunnel(self._network, instance)
        )

    def _is_entry(self, instance: Instance) -> bool:
        key = id(instance)
        if key not in self._entries:
            self._entries[key] = instance in self.entrances or bool(
                other_way(self._network, instance, SSH)
            )
        return self._entries[key]

    def _connects(self, bastion: Instance, target: Instance, service: Service) -> bool:
        key = (id(bastion), id(target), service.key)
        if key not in self._inner:
            client = as_client(bastion)
            self._inner[key] = any(
                trace(self._network, Flow(client, target, service, family)).verdict != "blocked"
                for family in families(bastion, target)
            )
        return self._inner[key]
