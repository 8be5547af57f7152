"""
Security groups and their rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from iaclint.network.node import Maybe, Node
from iaclint.network.vpc import Vpc
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import Traffic
from iaclint.source import Span
from iaclint.value import Unknown


@dataclass(slots=True, eq=False, kw_only=True)
class Rule(Node):
    """
    One permission of a group: traffic, and from (or to) whom. The peers are blocks, groups, and
    what is not known; `managed` names AWS's own prefix lists among them.
    """

    traffic: Maybe[Traffic]
    prefixes: tuple[Maybe[Prefix], ...] = ()
    groups: tuple[Maybe[Group], ...] = ()
    holders: tuple[str, ...] = ()
    """Addresses of instances or interfaces whose private address is let in."""
    of_ipv6: tuple[Unknown, ...] = ()
    """Those among the blocks that are not known and can be of IPv6 only."""
    public_of: tuple[tuple[str, Unknown], ...] = ()
    """Those among the blocks that are the public address of a resource, and of which one."""
    managed: tuple[str, ...] = ()
    invalid: str = ""
    """Why AWS would refuse the rule or silently not make it."""
    maybe: Unknown | None = None
    texts: tuple[tuple[Prefix, Span], ...] = ()
    """Where each block is written."""
    says: str = ""
    """What its author calls it, and says it is for."""

    def unknown(self, family: Family) -> tuple[Unknown, ...]:
        """The blocks that are not known and may be of a family."""
        other = self.of_ipv6 if family == "ipv4" else ()
        found = (p for p in self.prefixes if isinstance(p, Unknown))
        return tuple(p for p in found if not any(p is each for each in other))


@dataclass(slots=True, eq=False, kw_only=True)
class Group(Node):
    """A security group. `default` is a VPC's default group; `rest` as in `RouteTable`."""

    vpc: Maybe[Vpc] | None
    ingress: list[Rule] = field(default_factory=list)
    egress: list[Rule] = field(default_factory=list)
    default: bool = False
    rest: Unknown | None = None
    rest_out: Unknown | None = None
    """Why it may have further outbound rules."""
    perhaps: list[tuple[Rule, bool]] = field(default_factory=list)
    """Rules that may belong to it, and whether each is outbound: theirs is a group not known."""
    off: list[Rule] = field(default_factory=list)
    """Inbound rules that a switch leaves out: what they are for is closed by choice."""
    also: tuple[Maybe[Vpc], ...] = ()
    """Further VPCs in which it may be used."""
    may_be: tuple[Group, ...] = ()
    """Groups of other roots that the look-up of this one may find."""

    @property
    def elsewhere(self) -> bool:
        """Whether it is only looked up: things that the files do not show may carry it."""
        return self.resource is not None and self.resource.mode == "data"


@dataclass(frozen=True, slots=True)
class Perhaps(Unknown):
    """Groups of which an interface has some, nobody knows which; it can have no others."""

    groups: tuple[Group, ...] = field(default=(), compare=False)
