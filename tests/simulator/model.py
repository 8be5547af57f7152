"""
Small networks as plain data: what a naive simulator needs to walk one packet through them.

Nothing here comes from `iaclint`; objects refer to each other by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal, TypeAlias, TypeVar

Block: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address
RouteKind: TypeAlias = Literal["igw", "nat", "eigw", "eni", "pcx", "tgw"]

ALL, ICMP, TCP, UDP, ICMPV6 = -1, 1, 6, 17, 58
ANYWHERE4, ANYWHERE6 = IPv4Network("0.0.0.0/0"), IPv6Network("::/0")


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One rule of a security group. `first` and `last` are ports, or ICMP type and code (-1: any).

    `peer` is a CIDR block, the name of a group or of a prefix list, or "self".
    """

    protocol: int
    first: int
    last: int
    peer: Block | str


@dataclass(frozen=True, slots=True)
class Group:
    """A security group. `egress` None: the author wrote nothing, the language decides."""

    name: str
    vpc: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered entry of a network ACL; `first`, `last` are ports, or ICMP type and code."""

    number: int
    allow: bool
    protocol: int
    first: int
    last: int
    block: Block


@dataclass(frozen=True, slots=True)
class Acl:
    """
    A network ACL. One whose `default` is set is the default ACL of its VPC: adopted, so that it has
    no other entries, or, if it `adds`, with its entries beside those that AWS made.
    """

    name: str
    vpc: str
    ingress: tuple[Entry, ...] = ()
    egress: tuple[Entry, ...] = ()
    default: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A route: `target` names a gateway, or for `eni` the instance that has the interface."""

    destination: Block
    kind: RouteKind
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """A route table, without its local routes. `main` replaces the main table of the VPC."""

    name: str
    vpc: str
    routes: tuple[Route, ...] = ()
    main: bool = False


@dataclass(frozen=True, slots=True)
class Gateway:
    """An internet gateway (`vpc` None: attached nowhere), or an egress-only one."""

    name: str
    kind: Literal["igw", "eigw"]
    vpc: str | None


@dataclass(frozen=True, slots=True)
class Nat:
    """A NAT gateway."""

    name: str
    subnet: str


@dataclass(frozen=True, slots=True)
class Vpc:
    """A VPC; the first of `blocks` is its primary IPv4 block."""

    name: str
    blocks: tuple[IPv4Network, ...]
    block6: IPv6Network | None = None


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet. `table` and `acl` None: no explicit association."""

    name: str
    vpc: str
    block: IPv4Network
    block6: IPv6Network | None = None
    maps_public: bool = False
    assigns6: bool = False
    table: str | None = None
    acl: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """
    An instance with one interface. `groups` empty: the default group of the VPC. `public` None:
    the subnet decides. `address6` is given explicitly; without it the subnet decides. `address` is
    the private IPv4 address, which AWS chooses if it is not `fixed`.
    """

    name: str
    subnet: str
    address: IPv4Address
    groups: tuple[str, ...] = ()
    public: bool | None = None
    elastic: bool = False
    address6: IPv6Address | None = None
    checks_source: bool = True
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class PrefixList:
    """A managed prefix list of one family."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Peering:
    """A peering connection between two VPCs; `accepted` or still pending."""

    name: str
    ends: tuple[str, str]
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Hub:
    """
    A transit gateway with one table. `doors` are the VPCs at it with the subnet each is attached
    by, `associated` those whose packets the table routes; a route to None drops.
    """

    name: str
    doors: tuple[tuple[str, str], ...]
    associated: tuple[str, ...]
    routes: tuple[tuple[IPv4Network, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Net:
    """A whole configuration."""

    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    tables: tuple[Table, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    nats: tuple[Nat, ...] = ()
    acls: tuple[Acl, ...] = ()
    groups: tuple[Group, ...] = ()
    instances: tuple[Instance, ...] = ()
    lists: tuple[PrefixList, ...] = ()
    peerings: tuple[Peering, ...] = ()
    hubs: tuple[Hub, ...] = ()

    def vpc(self, name: str) -> Vpc:
        """The VPC of that name."""
        return _named(self.vpcs, name)

    def subnet(self, name: str) -> Subnet:
        """The subnet of that name."""
        return _named(self.subnets, name)

    def group(self, name: str) -> Group:
        """The security group of that name."""
        return _named(self.groups, name)

    def instance(self, name: str) -> Instance:
        """The instance of that name."""
        return _named(self.instances, name)


_T = TypeVar("_T", Vpc, Subnet, Table, Gateway, Nat, Acl, Group, Instance)


def _named(things: tuple[_T, ...], name: str) -> _T:
    return next(each for each in things if each.name == name)
