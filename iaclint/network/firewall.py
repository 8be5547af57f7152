"""
Firewalls and appliances in the path of a packet, and the rules they follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from iaclint.network.interface import Interface
from iaclint.network.node import Maybe, Node
from iaclint.network.vpc import Gateway
from iaclint.packet.side import ANYWHERE, Side
from iaclint.source import Span
from iaclint.value import Unknown

FirewallAction = Literal["pass", "drop", "inspect"]
"""What a firewall does with a packet; `inspect`: it hands it to the stateful engine."""


Stage = Literal["any", "opening", "established"]
"""The packets of a connection: those of the handshake, and those that come after it."""


@dataclass(slots=True, eq=False, kw_only=True)
class FirewallRule(Node):
    """
    A rule of a firewall. `protocols` are numbers, none of them means every one; `application` is
    the protocol that the engine recognises by the content. `doubts` say why it may match less.
    """

    action: Maybe[FirewallAction]
    source: Side = ANYWHERE
    destination: Side = ANYWHERE
    protocols: tuple[int, ...] = ()
    application: str = ""
    both: bool = False
    """It is about connections in either direction."""
    requests: bool = False
    """It is only about packets from the client to the server."""
    stage: Stage = "any"
    doubts: tuple[Unknown, ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Verdicts:
    """What a firewall policy does with packets that no rule speaks about, and where it says so."""

    stateless: Maybe[FirewallAction]
    opening: Maybe[FirewallAction] = "pass"
    established: Maybe[FirewallAction] = "pass"
    stateless_span: Span | None = None
    stateful_span: Span | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class FirewallPolicy(Node):
    """
    The rules of a firewall, each list in the order in which its engine asks them. The stateless
    rules see every packet by itself, the stateful ones the connections that those hand on.
    """

    stateless: tuple[FirewallRule, ...]
    stateful: tuple[FirewallRule, ...]
    otherwise: Verdicts


@dataclass(slots=True, eq=False, kw_only=True)
class Middlebox(Gateway):
    """
    The endpoints of a firewall, or of the appliances behind a Gateway Load Balancer, to which
    routes lead: `interfaces` are the endpoints, one a subnet.
    """

    policy: Maybe[FirewallPolicy]
    interfaces: tuple[Interface, ...] = ()
