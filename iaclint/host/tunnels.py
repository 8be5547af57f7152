"""
Programs by which people come into a network without a login: VPN servers, relays, gateways.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE
_VPN = re.compile(
    r"\b(wireguard|wg-quick|openvpn|pritunl|strongswan|libreswan|ipsec|softether|tailscale|headscale|"
    r"zerotier|netbird|nebula|twingate|cloudflared|teleport|autossh)",
    _FLAGS,
)
_REMOTE_DESKTOP = re.compile(r"RDS-Gateway|Remote ?Desktop ?Gateway|guacamole", _FLAGS)


def tunnels(text: str) -> set[str]:
    """What user data installs or starts of them: `vpn`, `desktop gateway`."""
    kinds = {"vpn": _VPN, "desktop gateway": _REMOTE_DESKTOP}
    return {kind for kind, program in kinds.items() if program.search(text)}
