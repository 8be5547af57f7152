"""
Whether an instance gets out, which is what agents that open a session need.
"""

from __future__ import annotations

from iaclint.network import Interface, Network
from iaclint.trace.manager import manager_ways


def gets_out(network: Network, interface: Interface) -> bool:
    """Whether HTTPS can leave towards AWS, or perhaps: by a route out, or by endpoints."""
    return any(way.verdict != "blocked" for way in manager_ways(network, interface))
