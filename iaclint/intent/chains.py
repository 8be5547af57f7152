"""
Which instances people outside get to, by themselves or through others.
"""

from __future__ import annotations

from functools import cached_property

from iaclint.flow import INTERNET_CLIENT, Client, Flow, client_of
from iaclint.graph import OUTSIDE, Edge, Web
from iaclint.intent.entrances import as_client, families
from iaclint.intent.kinds import kinds
from iaclint.intent.otherways import entered, other_way
from iaclint.intent.ports import logins
from iaclint.intent.signs import is_called_bastion
from iaclint.intent.tunnels import is_tunnel
from iaclint.intent.whom import is_let_in_to_servers
from iaclint.network import Instance, Network
from iaclint.packet.prefix import FAMILIES, PRIVATE
from iaclint.packet.service import Service
from iaclint.trace.balancer import doors
from iaclint.trace.engine import trace

MOST = 40
"""With more kinds of hosts than this only direct bastions are looked for, not chains of them."""


class Chains:
    """
    Remembers what it found out about one network. Hosts that fare alike count once: one of them
    stands for all.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._open: dict[int, bool] = {}
        self._entries: dict[int, bool] = {}
        self._inner: dict[tuple[int, int, Service], bool] = {}
        self._reached: dict[tuple[int, Service], bool] = {}
        self._nowhere: dict[str, bool] = {}

    @cached_property
    def _kinds(self) -> dict[int, int]:
        return kinds(self._network)

    def kind(self, host: Instance) -> int:
        """The number of those that fare as a host does."""
        return self._kinds[id(host)]

    @cached_property
    def _alike(self) -> dict[int, list[Instance]]:
        """The hosts of each kind."""
        found: dict[int, list[Instance]] = {}
        for host in self._network.instances:
            if host.placements:
                found.setdefault(self.kind(host), []).append(host)
        return found

    def hosts(self, besides: Instance | None = None) -> list[Instance]:
        """One host of each kind, and another one than that which is asked about."""
        others = ([h for h in hosts[:2] if h is not besides] for hosts in self._alike.values())
        return [hosts[0] for hosts in others if hosts]

    @cached_property
    def called_bastions(self) -> tuple[Instance, ...]:
        """The hosts whose names say that people log in to them to get further."""
        hosts = (host for host in self._network.instances if host.placements)
        return tuple(filter(is_called_bastion, hosts))

    def is_bastion(self, instance: Instance) -> bool:
        """Whether people outside can log in to it, or perhaps can."""
        key = self.kind(instance)
        if key not in self._open:
            self._open[key] = self._has_door(instance) and any(
                trace(self._network, Flow(INTERNET_CLIENT, instance, service, family)).verdict
                != "blocked"
                for service in logins(instance)
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
            for host in self.hosts(besides=target)
            if host.address in reached and self._connects(host, target, service)
        ]

    def web(self, target: Instance, service: Service) -> Web:
        """The connections that work, or may, as far as they lead to a target."""
        edges: list[Edge] = []
        others = self.hosts(besides=target)
        reached = [i for i in others if self._is_entry(i)]
        edges += [Edge(OUTSIDE, each.address) for each in reached]
        waiting = [i for i in others if i not in reached]
        for bastion in reached:
            if self._connects(bastion, target, service):
                edges.append(Edge(bastion.address, target.address))
            for each in () if self.is_partial else waiting:
                if self._leads(bastion, each):
                    edges.append(Edge(bastion.address, each.address))
                    reached.append(each)
            waiting = [each for each in waiting if each not in reached]
        return Web(edges)

    @property
    def is_partial(self) -> bool:
        """Whether there are too many kinds of hosts to look at all chains: some are missed."""
        return len(self._alike) > MOST

    def is_reached(self, target: Instance, service: Service) -> bool:
        """Whether anybody gets to it at all, or may: from wherever, in however many hops."""
        key = (self.kind(target), service)
        if key not in self._reached:
            self._reached[key] = (
                any(
                    trace(self._network, Flow(source, target, service, family)).verdict != "blocked"
                    for source in (INTERNET_CLIENT, client_of(PRIVATE))
                    for family in FAMILIES
                )
                or bool(other_way(self._network, target, service))
                or bool(self.through(target, service))
            )
        return self._reached[key]

    def leads_nowhere(self, client: Client) -> bool:
        """Whether no instance can be reached from a client; with too many nobody looks."""
        if client.name not in self._nowhere:
            self._nowhere[client.name] = not self.is_partial and not any(
                trace(self._network, Flow(client, each, service, "ipv4")).verdict != "blocked"
                for each in self.hosts(besides=client.instance)
                for service in logins(each)
            )
        return self._nowhere[client.name]

    def serves_others(self, host: Instance) -> bool:
        """Whether people use something that is no host through one: a database."""
        return is_let_in_to_servers(self._network, host)

    @cached_property
    def entrances(self) -> tuple[Instance, ...]:
        """The hosts that people get to without another one, to go on from there; one of a kind."""
        return tuple(filter(self._is_entrance, self.hosts()))

    @cached_property
    def reached(self) -> tuple[Instance, ...]:
        """The entrances, and whom people get to from there; with too many kinds only those."""
        found = [*self.entrances]
        waiting = [] if self.is_partial else [each for each in self.hosts() if each not in found]
        for host in found:
            behind = [each for each in waiting if self._leads(host, each)]
            found += behind
            waiting = [each for each in waiting if each not in behind]
        return tuple(found)

    def _is_entrance(self, instance: Instance) -> bool:
        return (
            self.is_bastion(instance)
            or any(e for login in logins(instance) for e in entered(self._network, instance, login))
            or is_tunnel(self._network, instance)
        )

    def _is_entry(self, instance: Instance) -> bool:
        key = self.kind(instance)
        if key not in self._entries:
            self._entries[key] = self._is_entrance(instance) or any(
                other_way(self._network, instance, login) for login in logins(instance)
            )
        return self._entries[key]

    def _leads(self, bastion: Instance, host: Instance) -> bool:
        """Whether people get from one host to another one, or may, to go on from there."""
        return any(self._connects(bastion, host, service) for service in logins(host))

    def _connects(self, bastion: Instance, target: Instance, service: Service) -> bool:
        key = (self.kind(bastion), self.kind(target), service)
        if key not in self._inner:
            client = as_client(bastion)
            self._inner[key] = any(
                trace(self._network, Flow(client, target, service, family)).verdict != "blocked"
                for family in families(bastion, target)
            )
        return self._inner[key]
