"""
Hosts by which people come in without a login to them: VPN servers, gateways of Remote Desktop.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.flow import INTERNET_CLIENT, Flow
from iaclint.intent.evidence import ingress, is_specific, outside, speaks_of
from iaclint.intent.outward import gets_out
from iaclint.network import Instance, Network
from iaclint.packet.service import Service, parse_service
from iaclint.trace.engine import trace

PORTS = tuple(parse_service(f"udp/{port}") for port in (51820, 1194, 500, 4500, 41641))
"""WireGuard, OpenVPN, IPsec, Tailscale."""
HTTPS = parse_service("tcp/443")
DESKTOP_GATEWAY = parse_service("udp/3391")
"""https://learn.microsoft.com/windows-server/remote/remote-desktop-services/rds-roles"""


def is_tunnel(network: Network, instance: Instance) -> bool:
    """Whether people come in through an instance: its port is open, or it dials out by itself."""
    doors = [*_open(instance), *([HTTPS] if is_desktop_gateway(instance) else [])]
    if any(
        trace(network, Flow(INTERNET_CLIENT, instance, service, "ipv4")).verdict != "blocked"
        for service in doors
    ):
        return True
    return bool(instance.setup.tunnels) and any(
        gets_out(network, each) for each in instance.interfaces()
    )


def is_desktop_gateway(instance: Instance) -> bool:
    """Whether it takes Remote Desktop over HTTPS, so that nobody needs its own port for it."""
    rules = (rule for each in instance.interfaces() for _, rule in ingress(each))
    named = any(
        is_specific(rule, DESKTOP_GATEWAY) and speaks_of(rule, DESKTOP_GATEWAY, "ipv4")
        for rule in rules
    )
    return named or "desktop gateway" in instance.setup.tunnels


def _open(instance: Instance) -> Iterator[Service]:
    """The ports of a VPN that a rule opens to the internet."""
    for interface in instance.interfaces():
        for _, rule in ingress(interface):
            for service in PORTS:
                if is_specific(rule, service) and any(True for _ in outside(rule, service)):
                    yield service
