"""
The users of a Client VPN: where they are authorized to go, and where its table leads.

https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html
https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iaclint.finding import Label
from iaclint.network import ClientVpn, Interface, Maybe
from iaclint.packet.prefix import Family, Prefix, addresses
from iaclint.source import Span
from iaclint.trace.inside import region_of
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown


def passed(vpn: ClientVpn, source: Interface, target: Interface, family: Family) -> Iterator[Step]:
    """What the endpoint itself asks before it forwards a packet to a target."""
    yield _authorized(vpn, target, family)
    if target.vpc is not source.vpc:
        yield _routed(vpn, target, family)


def _routed(vpn: ClientVpn, target: Interface, family: Family) -> Step:
    """A route is there for the VPC of each association; to another one it has to be made."""
    text = f"has no route to {target.address}, which is in another VPC"
    step = _step(vpn, vpn.routes, target, family, Reason.VPN_ROUTE, text)
    return replace(step, name=f"{step.name} routes", message=f"{vpn.address} has a route")


def _authorized(vpn: ClientVpn, target: Interface, family: Family) -> Step:
    """Whether the users of a Client VPN may go where a target is."""
    text = f"authorizes nobody to reach {target.address}"
    return _step(vpn, vpn.allowed, target, family, Reason.VPN_NOT_ALLOWED, text)


def _step(
    vpn: ClientVpn,
    blocks: tuple[Maybe[Prefix], ...],
    target: Interface,
    family: Family,
    reason: Reason,
    text: str,
) -> Step:
    """The hop that lets a packet go on to where a target is, if that is in one of the blocks."""
    peers = region_of(target, family)
    known = addresses((p for p in blocks if isinstance(p, Prefix)), family)
    unknowns = tuple(p for p in blocks if isinstance(p, Unknown))
    possible = peers if unknowns else known
    blocker = Blocker(reason, vpn, Label(vpn.span or Span("", 1), text), about=(target,))
    return Step(
        "request", vpn, f"client VPN {vpn.label}", f"{vpn.address} authorizes its users", known,
        possible, peers, True, blocker, unknowns, vpn.span,
    )  # fmt: skip
