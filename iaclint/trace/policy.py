"""
VPC Block Public Access: what a Region refuses whatever the routes say.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
"""

from __future__ import annotations

from iaclint.finding import Label
from iaclint.network import Exclusion, Interface, Network, Subnet, Vpc
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown

BLOCKING = ("block-bidirectional", "block-ingress")


def policy_step(network: Network, interface: Interface, peers: Region) -> list[Step]:
    """Whether the Region lets connections in from the internet; no step where nothing says no."""
    mode = network.policy
    if mode == "":
        return []
    policy = network.policy_node or interface
    excluded = _excluded(network, interface)
    unknown = next((u for u in (mode, excluded) if isinstance(u, Unknown)), None)
    if isinstance(mode, str) and (mode not in BLOCKING or excluded is True):
        return []
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


def _excluded(network: Network, interface: Interface) -> bool | Unknown:
    for exclusion in network.exclusions:
        found = _covers(exclusion, interface)
        if found is not False:
            return found
    return False


def _covers(exclusion: Exclusion, interface: Interface) -> bool | Unknown:
    """An exclusion for outbound connections only does not let anybody in."""
    if exclusion.mode == "allow-egress":
        return False
    if isinstance(exclusion.place, Unknown):
        return exclusion.place
    subnet = interface.subnet
    if isinstance(subnet, Subnet) and exclusion.place in subnet.among:
        return Unknown(f"which of {subnet.address} is meant is not known", exclusion.span)
    if exclusion.place not in (subnet, interface.vpc):
        return False
    return exclusion.mode if isinstance(exclusion.mode, Unknown) else True
