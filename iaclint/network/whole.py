"""
The network as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from iaclint.aws.shape import Declared
from iaclint.network.entrance import (
    Accelerator,
    Balancer,
    ClientVpn,
    ConnectEndpoint,
    Remote,
    ServiceEndpoint,
    TargetGroup,
)
from iaclint.network.group import Group
from iaclint.network.host import Instance, KeyFile, KeyPair, Login, Misencoded
from iaclint.network.interface import Interface
from iaclint.network.node import Maybe, Node
from iaclint.network.transit import Attachment, TransitTable
from iaclint.network.vpc import Acl, Gateway, Peering, RouteTable, Subnet, Vpc
from iaclint.resource import Output, Resource


@dataclass(slots=True, eq=False, kw_only=True)
class PublicAccess(Node):
    """VPC Block Public Access of a Region, with its mode: nothing is forbidden without one."""

    mode: Maybe[str]


@dataclass(slots=True, eq=False, kw_only=True)
class Exclusion(Node):
    """A VPC or a subnet that VPC Block Public Access leaves alone, in the named direction."""

    place: Maybe[Vpc] | Maybe[Subnet]
    mode: Maybe[str]


@dataclass(slots=True, eq=False, kw_only=True)
class Network:
    """Everything of one world of a scan."""

    vpcs: list[Vpc] = field(default_factory=list)
    gateways: list[Gateway] = field(default_factory=list)
    tables: list[RouteTable] = field(default_factory=list)
    acls: list[Acl] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    subnets: list[Subnet] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    edges: dict[int, RouteTable] = field(default_factory=dict)
    """Edge tables by the identity of their gateway."""
    spare_addresses: list[Resource] = field(default_factory=list)
    """Elastic IPs that nothing uses."""
    key_pairs: list[KeyPair] = field(default_factory=list)
    key_files: list[KeyFile] = field(default_factory=list)
    misencoded: list[Misencoded] = field(default_factory=list)
    lost_logins: list[Login] = field(default_factory=list)
    """Logins to a host that is not one of the instances."""
    resources: tuple[Resource, ...] = ()
    declared: tuple[Declared, ...] = ()
    """What is written, as the shapes read it: for checks of values that AWS refuses."""
    outputs: tuple[Output, ...] = ()
    attachments: list[Attachment] = field(default_factory=list)
    transit_tables: list[TransitTable] = field(default_factory=list)
    balancers: list[Balancer] = field(default_factory=list)
    target_groups: list[TargetGroup] = field(default_factory=list)
    accelerators: list[Accelerator] = field(default_factory=list)
    connect_endpoints: list[ConnectEndpoint] = field(default_factory=list)
    service_endpoints: list[ServiceEndpoint] = field(default_factory=list)
    remotes: list[Remote] = field(default_factory=list)
    client_vpns: list[ClientVpn] = field(default_factory=list)
    policies: list[PublicAccess] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    assumption: str = ""
    library: bool = False
    """A module that others call: what it lacks, they may add."""

    def internet_gateways(self, vpc: Vpc) -> list[Gateway]:
        """The internet gateways attached to a VPC; by certainty or perhaps."""
        return [
            g for g in self.gateways if g.kind == "internet" and g.attached_to(vpc) is not False
        ]

    @property
    def peerings(self) -> list[Peering]:
        """All peering connections."""
        return [g for g in self.gateways if isinstance(g, Peering)]

    def subnets_of(self, vpc: Vpc) -> list[Subnet]:
        """The subnets of a VPC."""
        return [s for s in self.subnets if s.vpc is vpc]

    def guarded(self) -> Iterator[tuple[Instance, Interface, Acl]]:
        """Each interface of an instance, with the ACL of its subnet where that is known."""
        for instance in self.instances:
            for interface in instance.interfaces():
                acl = interface.subnet.acl if isinstance(interface.subnet, Subnet) else None
                if isinstance(acl, Acl):
                    yield instance, interface, acl

    def members(self, group: Group) -> list[tuple[Instance, Interface]]:
        """The instances, and the interfaces of them, that carry a group."""
        return [
            (instance, interface)
            for instance in self.instances
            for interface in instance.interfaces()
            if group in interface.groups
        ]
