"""
Who wants to reach what: the question that is put to the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from iaclint.finding import Label
from iaclint.network import Instance, Interface, Node, Rule
from iaclint.packet.prefix import FAMILIES, INTERNET, Family, Prefix, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import Service

EvidenceKind = Literal["declared", "connection", "rule", "key", "name"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What shows that somebody means a flow to work. `strong` evidence is enough for an error; weak
    evidence is one sign among others. `clients` are the blocks it names.
    """

    kind: EvidenceKind
    label: Label
    strong: bool = True
    clients: tuple[Prefix, ...] = ()
    some: bool = False
    """It names a block, in which one client that gets in is enough."""
    rule: Rule | None = None
    """The rule that says so: of a group that several instances may carry."""


@dataclass(frozen=True, slots=True, eq=False)
class Client:
    """
    Where a flow starts: a set of addresses outside, of which each may be the client, or something
    of the same network: an instance through an `interface`, or a `node` that has one (an endpoint
    to log in by, a subnet). A bastion that dials a public address is the `node` of addresses
    outside.
    """

    name: str
    regions: Mapping[Family, Region] = field(default_factory=dict)
    instance: Instance | None = None
    interface: Interface | None = None
    node: Node | None = None

    def region(self, family: Family) -> Region:
        """Its addresses of one family."""
        return self.regions.get(family, Region())


INTERNET_CLIENT = Client("internet", INTERNET)


def client_of(prefixes: tuple[Prefix, ...]) -> Client:
    """Clients outside, with addresses in these blocks."""
    name = ", ".join(str(p) for p in prefixes)
    return Client(name, {family: addresses(prefixes, family) for family in FAMILIES})


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """One service from one set of clients to one target, in one family."""

    client: Client
    target: Instance
    service: Service
    family: Family
    evidence: tuple[Evidence, ...] = ()
    through: Node | None = None
    """The load balancer the clients connect to, instead of the target."""

    @property
    def is_internal(self) -> bool:
        """Whether it starts at an instance of the network."""
        return self.client.interface is not None
