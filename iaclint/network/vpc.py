"""
VPCs and their subnets, and what a packet meets at the border of either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from iaclint.network.node import Maybe, Node
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import Traffic
from iaclint.source import Span
from iaclint.value import Unknown


@dataclass(slots=True, eq=False, kw_only=True)
class Vpc(Node):
    """
    `prefixes` are its blocks of both families. `ipv6` says whether it has an IPv6 block at all:
    Amazon's blocks are assigned on apply, so the prefix is then not known. `assumed` is the
    account's default VPC, `foreign` one that is made elsewhere. `served` says who may put endpoints
    of AWS services into it that the files do not show.
    """

    prefixes: tuple[Maybe[Prefix], ...] = ()
    ipv6: Maybe[bool] = False
    dns_hostnames: Maybe[bool] = False
    assumed: bool = False
    foreign: bool = False
    served: Unknown | None = None


GatewayKind = Literal["internet", "never", "network", "appliance", "interface", "local", "unknown"]


@dataclass(slots=True, eq=False, kw_only=True)
class Gateway(Node):
    """
    What a route leads to. `kind` says who can come in through it, `title` what it is called;
    `vpcs` are the VPCs it is attached to. `missing` is set when nothing of that name is declared.
    """

    kind: GatewayKind
    title: str
    vpcs: tuple[Maybe[Vpc], ...] = ()
    attachments: tuple[Span, ...] = ()
    missing: bool = False
    subnet: Maybe[Subnet] | None = None
    """Where a NAT gateway stands."""
    private: Maybe[bool] = False
    """A NAT gateway between networks, whose packets an internet gateway drops."""
    checks: Maybe[bool] | None = None
    """Source/destination check of an instance or interface that a route leads to."""

    @property
    def elsewhere(self) -> bool:
        """Whether it is only looked up: it may be one that is declared, by another name."""
        return self.resource is not None and self.resource.mode == "data"

    def attached_to(self, vpc: Vpc) -> Maybe[bool]:
        """Whether it serves a VPC."""
        if vpc in self.vpcs:
            return True
        unknown = next((v for v in self.vpcs if isinstance(v, Unknown)), None)
        return unknown if unknown is not None else False


@dataclass(slots=True, eq=False, kw_only=True)
class Peering(Gateway):
    """
    A peering connection: `ends` are its two VPCs, `active` says whether the other side accepted
    it. It carries nothing but addresses of its two VPCs.
    """

    ends: tuple[Maybe[Vpc], Maybe[Vpc]]
    active: Maybe[bool] = True
    same_region: Maybe[bool] = True

    def joins(self, one: Vpc, other: Vpc) -> Maybe[bool]:
        """Whether it connects two VPCs; an `Unknown` where an end is made elsewhere."""
        if {id(one), id(other)} == {id(end) for end in self.ends}:
            return True
        unknown = next((e for e in self.ends if isinstance(e, Unknown)), None)
        known = [e for e in self.ends if isinstance(e, Vpc)]
        if unknown is not None and all(e is one or e is other for e in known):
            return unknown
        return False


RouteOrigin = Literal["static", "prefix list", "propagated", "local"]


@dataclass(slots=True, eq=False, kw_only=True)
class Route(Node):
    """
    A destination and where it leads. `family` is that of a destination whose block is not known;
    None where it may be of either.
    """

    to: Maybe[Prefix]
    target: Maybe[Gateway]
    origin: RouteOrigin = "static"
    maybe: Unknown | None = None
    family: Family | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class RouteTable(Node):
    """
    `main` is the table of all subnets of the VPC that name none. `rest` says why there may be
    routes that are not known. `propagation` says that a VPN gateway writes routes into it, or
    perhaps does; `propagates` that it surely does.
    """

    vpc: Maybe[Vpc] | None
    routes: list[Route] = field(default_factory=list)
    main: bool = False
    rest: Unknown | None = None
    only_more: bool = False
    """What is not known are further routes; those that are known stay as they are."""
    as_written: bool = False
    """It is made with the routes that are known, whatever others may change later."""
    propagation: Unknown | None = None
    propagates: bool = False

    @property
    def title(self) -> str:
        """How a path names it: `route table public`, or `main table of net` if nobody wrote it."""
        return f"route table {self.label}" if self.declared else self.label


@dataclass(slots=True, eq=False, kw_only=True)
class AclEntry(Node):
    """One numbered entry. `family` and `prefix` go together; unknown ones may match anything."""

    number: Maybe[int]
    egress: Maybe[bool]
    allow: Maybe[bool]
    traffic: Maybe[Traffic]
    prefix: Maybe[Prefix]
    maybe: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Acl(Node):
    """A network ACL. `adopted` is the default ACL under management."""

    vpc: Maybe[Vpc] | None
    entries: list[AclEntry] = field(default_factory=list)
    allows_all: bool = False
    """The default ACL as AWS makes it."""
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Subnet(Node):
    """
    `association` is where the table was given to it; None when it uses the main table. One that is
    `among` several is one of them, nobody knows which; all that packets meet is alike in them.
    """

    vpc: Maybe[Vpc]
    prefix: Maybe[Prefix] | None = None
    ipv6: Maybe[Prefix] | None = None
    """Its IPv6 block; None when it has none."""
    table: Maybe[RouteTable]
    association: Span | None = None
    acl: Maybe[Acl]
    maps_public: Maybe[bool] = False
    maps_public_span: Span | None = None
    assigns_ipv6: Maybe[bool] = False
    only_ipv6: Maybe[bool] = False
    zone: str = ""
    assumed: bool = False
    among: tuple[Subnet, ...] = ()

    def is_same(self, other: Subnet) -> Maybe[bool]:
        """Whether it is the very same as another."""
        own, others = self.among or (self,), other.among or (other,)
        if own == others and len(own) == 1:
            return True
        if any(each in others for each in own):
            return Unknown(f"which of {self.address} is meant is not known", self.span)
        return False
