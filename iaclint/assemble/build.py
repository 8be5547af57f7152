"""
What the parts of the assembly share: the index, the network as it grows, and who became what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iaclint.assemble.index import Index, short
from iaclint.aws.shape import Declared
from iaclint.network import (
    Acl,
    Gateway,
    Group,
    Interface,
    Network,
    RouteTable,
    Subnet,
    Vpc,
)


@dataclass(slots=True)
class Build:
    """The state of one assembly. The dictionaries go from an address to the noun made of it."""

    index: Index
    network: Network = field(default_factory=Network)
    vpcs: dict[str, Vpc] = field(default_factory=dict)
    gateways: dict[str, Gateway] = field(default_factory=dict)
    tables: dict[str, RouteTable] = field(default_factory=dict)
    acls: dict[str, Acl] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    among: dict[tuple[str, ...], Subnet] = field(default_factory=dict)
    """Those of which is only known that they are one of these."""
    interfaces: dict[str, Interface] = field(default_factory=dict)
    defaults: dict[str, Vpc] = field(default_factory=dict)
    """The default VPC of each provider."""
    main: dict[int, RouteTable] = field(default_factory=dict)
    default_acls: dict[int, Acl] = field(default_factory=dict)
    default_groups: dict[int, Group] = field(default_factory=dict)
    """By the identity of their VPC."""


def place(declared: Declared) -> dict[str, Any]:
    """The fields of a `Node` for something declared."""
    resource = declared.resource
    return {
        "address": declared.address,
        "label": short(resource.label or declared.address),
        "span": declared.span,
        "resource": resource,
    }
