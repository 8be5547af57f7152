"""
The ports that logins really use: user data may move sshd and Remote Desktop to another one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from iaclint.host.setup import Change
from iaclint.network import Instance
from iaclint.packet.service import RDP, SSH, Service, parse_service

WINRM = (parse_service("winrm"), parse_service("tcp/5986"))
"""Remote management of Windows, without and with TLS."""


@lru_cache(maxsize=256)
def on_port(service: Service, port: int) -> Service:
    """The same service on another port."""
    if port == service.port:
        return service
    return replace(service, port=port, title=f"{service.title} (port {port})")


def ssh_of(instance: Instance) -> Service:
    """SSH to an instance; on port 22 unless it is certain that sshd was moved."""
    moved = any(fact.sure for fact in instance.setup.of(Change.SSH_PORT))
    return on_port(SSH, instance.setup.ssh_port if moved else SSH.port)


def rdp_of(instance: Instance) -> Service:
    """Remote Desktop to an instance."""
    return on_port(RDP, instance.setup.rdp_port or RDP.port)


def logins(instance: Instance) -> tuple[Service, ...]:
    """All by which people log in to an instance, or may: on each port where sshd perhaps is."""
    ports = dict.fromkeys((ssh_of(instance).port, *instance.setup.ports))
    return (*(on_port(SSH, port) for port in ports), rdp_of(instance))
