"""
Bastions in a place where nobody comes: among the private hosts.
"""

from __future__ import annotations

from collections.abc import Sequence

from iaclint.flow import Flow
from iaclint.intent.access import unknown_profile
from iaclint.intent.chains import Chains
from iaclint.intent.signs import is_called_bastion, leads_elsewhere
from iaclint.network import Instance, Network, Subnet, Vpc


def is_misplaced(network: Network, flow: Flow, chains: Chains) -> bool:
    """
    Whether a host that looks private is called a bastion, a rule for a login lets in people
    outside, and nobody at all gets in: no other network is connected, nothing stands in front.
    """
    target = flow.target
    if flow.service.is_ping or target.key is None or network.library or chains.is_partial:
        return False
    if not is_called_bastion(target) or not any(
        each.kind == "rule" and each.strong for each in flow.evidence
    ):
        return False
    if unknown_profile(network, target) or not _is_known(network, target):
        return False
    return not chains.is_reached(target, flow.service)


def _is_known(network: Network, target: Instance) -> bool:
    """Whether the files show its VPC: with an internet gateway, and nothing that leads away."""
    homes: Sequence[Vpc] = [
        each.subnet.vpc
        for each in target.interfaces()
        if isinstance(each.subnet, Subnet) and isinstance(each.subnet.vpc, Vpc)
    ]
    return len(homes) == len([*target.interfaces()]) and all(
        network.internet_gateways(vpc)
        and not (vpc.foreign or vpc.assumed or leads_elsewhere(network, vpc))
        for vpc in homes
    )
