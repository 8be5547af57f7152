"""
The network as AWS would build it: nouns with every default and reference already resolved.

A field that the files do not decide holds an `Unknown`. Objects are compared by identity; the
engine walks them and never looks at a resource again.
"""

from __future__ import annotations

from iaclint.network.entrance import (
    Accelerator,
    Balancer,
    BalancerKind,
    ClientVpn,
    ConnectEndpoint,
    Entrance,
    Listener,
    Remote,
    ServiceEndpoint,
    Target,
    TargetGroup,
)
from iaclint.network.firewall import (
    FirewallAction,
    FirewallPolicy,
    FirewallRule,
    Middlebox,
    Stage,
    Verdicts,
)
from iaclint.network.group import Group, Perhaps, Rule
from iaclint.network.host import Instance, KeyFile, KeyPair, Login, LoginKind, Misencoded, Platform
from iaclint.network.interface import AddressHow, Interface, PublicAddress
from iaclint.network.node import Maybe, Node
from iaclint.network.transit import Attachment, TransitRoute, TransitTable
from iaclint.network.vpc import (
    Acl,
    AclEntry,
    Gateway,
    GatewayKind,
    Peering,
    Route,
    RouteOrigin,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.network.whole import Exclusion, Network, PublicAccess

__all__ = [
    "Accelerator",
    "Acl",
    "AclEntry",
    "AddressHow",
    "Attachment",
    "Balancer",
    "BalancerKind",
    "ClientVpn",
    "ConnectEndpoint",
    "Entrance",
    "Exclusion",
    "FirewallAction",
    "FirewallPolicy",
    "FirewallRule",
    "Gateway",
    "GatewayKind",
    "Group",
    "Instance",
    "Interface",
    "KeyFile",
    "KeyPair",
    "Listener",
    "Login",
    "LoginKind",
    "Maybe",
    "Middlebox",
    "Misencoded",
    "Network",
    "Node",
    "Peering",
    "Perhaps",
    "Platform",
    "PublicAccess",
    "PublicAddress",
    "Remote",
    "Route",
    "RouteOrigin",
    "RouteTable",
    "Rule",
    "ServiceEndpoint",
    "Stage",
    "Subnet",
    "Target",
    "TargetGroup",
    "TransitRoute",
    "TransitTable",
    "Verdicts",
    "Vpc",
]
