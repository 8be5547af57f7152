"""
Network interfaces and their addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from iaclint.network.group import Group, Perhaps
from iaclint.network.node import Maybe, Node
from iaclint.network.vpc import Subnet, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import Unknown

AddressHow = Literal["elastic", "requested", "subnet", "existing"]


@dataclass(slots=True, eq=False, kw_only=True)
class PublicAddress:
    """
    Whether an interface has a public IPv4 address, and what decides it. `asked` says that the
    author asked for one in some place, whether or not it works.
    """

    has: Maybe[bool]
    why: str
    span: Span | None = None
    how: AddressHow | None = None
    asked: Span | None = None
    obstacle: str = ""
    """Reason code of why asking did not help."""
    refused: bool = False
    """The launch says that it wants none, whatever the subnet does."""
    early: bool = False
    """The address is given to an interface that is made before the instance, and waits there."""
    elastic: Resource | None = None
    """The Elastic IP."""


@dataclass(slots=True, eq=False, kw_only=True)
class Interface(Node):
    """
    `groups_span` is where the groups are given; None with `groups` holding the default group when
    no group was given. `ipv6` says whether it has an IPv6 address.
    """

    subnet: Maybe[Subnet]
    groups: tuple[Maybe[Group], ...] = ()
    groups_span: Span | None = None
    public: PublicAddress
    ipv6: Maybe[bool] = False
    private: tuple[Maybe[Prefix], ...] = ()
    ipv6_addresses: tuple[Maybe[Prefix], ...] = ()
    checks: Maybe[bool] = True

    @property
    def candidates(self) -> tuple[Maybe[Group], ...]:
        """Its groups, and those that it may have; unknown where it may have any."""
        return tuple(
            each
            for group in self.groups
            for each in (group.groups if isinstance(group, Perhaps) else (group,))
        )

    @property
    def vpc(self) -> Maybe[Vpc]:
        """The VPC it is in."""
        return self.subnet if isinstance(self.subnet, Unknown) else self.subnet.vpc
