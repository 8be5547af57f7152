"""
Ways in that are no gateway: load balancers, accelerators, endpoints, VPNs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from iaclint.network.group import Group
from iaclint.network.host import Instance
from iaclint.network.interface import Interface
from iaclint.network.node import Maybe, Node
from iaclint.network.vpc import Gateway, RouteTable, Subnet, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.source import Span
from iaclint.value import Unknown

BalancerKind = Literal["network", "classic", "application", "gateway"]


@dataclass(slots=True, eq=False, kw_only=True)
class Target:
    """An instance behind a load balancer. `port` overrides the port of its target group."""

    instance: Instance
    interface: Interface | None = None
    port: Maybe[int] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class TargetGroup(Node):
    """
    Where a listener sends what it takes. `preserves` says whether the targets see the address of
    the client, `proxy` whether a proxy protocol header comes before the data, `ipv6` whether that
    is how they are reached: whoever comes by the other family is not seen.
    """

    port: Maybe[int] | None
    protocol: Maybe[str]
    kind: str = "instance"
    preserves: Maybe[bool] = True
    proxy: Maybe[bool] = False
    ipv6: Maybe[bool] = False
    targets: list[Target] = field(default_factory=list)
    rest: Unknown | None = None
    """Why there may be further targets."""


@dataclass(slots=True, eq=False, kw_only=True)
class Listener(Node):
    """A port of a load balancer, and the target groups it forwards to."""

    port: Maybe[int]
    protocol: Maybe[str]
    groups: tuple[Maybe[TargetGroup], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Balancer(Node):
    """
    A load balancer. Without `groups` it filters nothing itself; `ipv6` says whether it takes
    clients by IPv6, too.
    """

    kind: BalancerKind
    internal: Maybe[bool]
    subnets: tuple[Maybe[Subnet], ...] = ()
    groups: tuple[Maybe[Group], ...] = ()
    groups_span: Span | None = None
    listeners: list[Listener] = field(default_factory=list)
    cross_zone: Maybe[bool] = False
    ipv6: Maybe[bool] = False


@dataclass(slots=True, eq=False, kw_only=True)
class Entrance(Node):
    """
    An endpoint group of an accelerator, as far as it is about one endpoint. `ports` are those of
    the listener, `moved` those that arrive at another port of the endpoint; `to` is what the
    endpoint is, and `address_only` says that it is named by an Elastic IP, so that the client's
    address is lost.
    """

    listener: Node
    ports: tuple[Maybe[range], ...]
    protocol: Maybe[str]
    moved: tuple[tuple[Maybe[int] | None, Maybe[int] | None], ...] = ()
    weight: Maybe[int] | None = None
    """None: an equal share."""
    to: Maybe[Instance | Balancer]
    address_only: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Accelerator(Node):
    """An accelerator of Global Accelerator. `rest` says why there may be further endpoints."""

    enabled: Maybe[bool] = True
    ipv6: Maybe[bool] = False
    entrances: list[Entrance] = field(default_factory=list)
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class ConnectEndpoint(Node):
    """
    An EC2 Instance Connect Endpoint: `interface` is its own, in its subnet and with its groups.
    `preserves` says whether instances see the address of the user.
    """

    interface: Interface
    preserves: Maybe[bool]


@dataclass(slots=True, eq=False, kw_only=True)
class ServiceEndpoint(Node):
    """
    A VPC endpoint. `service` is the last part of the service's name (`ssm`); `interfaces` are
    those of an interface endpoint, `tables` those with a route to a gateway endpoint.
    """

    vpc: Maybe[Vpc]
    service: Maybe[str]
    is_interface: Maybe[bool]
    private_dns: Maybe[bool]
    interfaces: tuple[Interface, ...] = ()
    tables: tuple[Maybe[RouteTable], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Remote(Node):
    """
    A network outside of AWS that is connected: `prefixes` are its blocks as far as they are
    written down, `gateway` is how its packets come in.
    """

    gateway: Gateway
    prefixes: tuple[Maybe[Prefix], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class ClientVpn(Node):
    """
    People with a VPN client: they arrive from `interfaces`, in the associated subnets, and may go
    to the `allowed` blocks. Its table leads to the VPCs of the interfaces, and to `routes`. Their
    own address, one of `clients`, is seen by nobody behind it.
    """

    interfaces: tuple[Interface, ...] = ()
    allowed: tuple[Maybe[Prefix], ...] = ()
    routes: tuple[Maybe[Prefix], ...] = ()
    clients: Maybe[Prefix] | None = None
