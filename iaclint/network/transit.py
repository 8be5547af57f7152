"""
Attachments and route tables of transit gateways.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from iaclint.network.node import Maybe, Node
from iaclint.network.vpc import Gateway, Subnet, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown


@dataclass(slots=True, eq=False, kw_only=True)
class TransitRoute(Node):
    """
    A route of a transit gateway's table. `attachment` is None for a blackhole; `propagated` routes
    lose against static ones for the same block.
    """

    to: Maybe[Prefix]
    attachment: Maybe[Attachment] | None
    propagated: bool = False
    maybe: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class TransitTable(Node):
    """A route table of a transit gateway. `rest` as in `RouteTable`."""

    transit: Maybe[Gateway]
    routes: list[TransitRoute] = field(default_factory=list)
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Attachment(Node):
    """
    A network at a transit gateway. `vpc` is an `Unknown` for what is no VPC of these files (a VPN,
    another gateway). `table` decides where what comes in through it goes; None: nothing does.
    """

    transit: Maybe[Gateway]
    vpc: Maybe[Vpc]
    subnets: tuple[Maybe[Subnet], ...] = ()
    table: Maybe[TransitTable] | None = None
    ipv6: Maybe[bool] = False
    references: Maybe[bool] = False
    """Whether rules may name groups of the other VPCs, at the gateway and here."""
    appliance: Maybe[bool] = False
    """Whether both directions of a connection are kept in one zone."""
    other: Attachment | None = None
    """The other end of a peering attachment, at another transit gateway."""
    active: Maybe[bool] = True
    """Whether the owner of the other end accepted the peering."""
    unnamed: Unknown | None = None
    """Why its association and the routes to it are made elsewhere: no template can name it."""

    @property
    def elsewhere(self) -> bool:
        """Whether it is only looked up: it may be one that is declared, by another name."""
        return self.resource is not None and self.resource.mode == "data"
