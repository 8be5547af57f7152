"""
VPC Block Public Access: what a Region refuses whatever the routes say.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
"""

from __future__ import annotations

from iaclint.finding import Label
from iaclint.network import Exclusion, Interface, Network, Node, PublicAccess, Subnet, Vpc
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown

BLOCKING = ("block-bidirectional", "block-ingress")


def policy_step(network: Network, interface: Interface, peers: Region) -> list[Step]:
    """Whether the Region lets connections in from the internet; no step where nothing says no."""
    policy, unsure = _declared(network, interface)
    if policy is None:
        return []
    mode, excluded = policy.mode, _excluded(network, interface)
    if excluded is True or (isinstance(mode, str) and mode not in BLOCKING):
        return []
    unknown = next((u for u in (unsure, mode, excluded) if isinstance(u, Unknown)), None)
    if unknown is not None:
        return [
            Step(
                "request", policy, "public access", unknown.reason, Region(), peers, peers,
                unknowns=(unknown,), span=policy.span,
            )
        ]  # fmt: skip
    at = Label(policy.span or Span("", 1), "blocks what comes in from the internet")
    place = interface.vpc if isinstance(interface.vpc, Vpc) else interface
    blocker = Blocker(Reason.PUBLIC_ACCESS_BLOCKED, policy, at, about=(place,))
    return [
        Step(
            "request", policy, "public access", "VPC Block Public Access refuses it", Region(),
            Region(), peers, blocker=blocker, span=at.span,
        )
    ]  # fmt: skip


def _declared(network: Network, interface: Interface) -> tuple[PublicAccess | None, Unknown | None]:
    """What is declared for the Region of an interface, and why that may be another one."""
    own = _region(interface)
    for policy in network.policies:
        if _region(policy) == own:
            return policy, None
    for policy in network.policies:
        if not (own and _region(policy)):
            why = f"whether {policy.address} is for the Region of {interface.address} is not known"
            return policy, Unknown(why, policy.span)
    return None, None


def _region(node: Node) -> str:
    return node.resource.region if node.resource is not None else ""


def _excluded(network: Network, interface: Interface) -> bool | Unknown:
    found = [_covers(exclusion, interface) for exclusion in network.exclusions]
    return True in found or next((each for each in found if isinstance(each, Unknown)), False)


def _covers(exclusion: Exclusion, interface: Interface) -> bool | Unknown:
    """An exclusion for outbound connections only does not let anybody in."""
    place = exclusion.place
    if exclusion.mode == "allow-egress":
        return False
    if isinstance(place, Unknown):
        return place
    here = interface.subnet if isinstance(place, Subnet) else interface.vpc
    if isinstance(here, Unknown):
        return here
    if isinstance(here, Subnet) and place in here.among:
        return Unknown(f"which of {here.address} is meant is not known", exclusion.span)
    return place is here and (exclusion.mode if isinstance(exclusion.mode, Unknown) else True)
