"""
Provisioners: the machine that runs Terraform logs in while it applies.

https://developer.hashicorp.com/terraform/language/resources/provisioners/connection
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.finding import Label
from iaclint.flow import Evidence
from iaclint.intent.ports import on_port
from iaclint.network import Instance
from iaclint.packet.service import SSH, TCP, Service
from iaclint.resource import Connection
from iaclint.value import Ref, Unknown, refs, text, truth, whole

REMOTE = ("remote-exec", "file", "chef", "puppet", "habitat", "salt-masterless")
PUBLIC = ("public_ip", "public_dns", "ipv6_addresses")
PRIVATE = ("private_ip", "private_dns", "PrivateIp", "PrivateDnsName")
"""Attributes of an instance by which only those inside can reach it."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A connection that Terraform will open: which host, which service, through whom."""

    connection: Connection
    service: Service
    host: Ref | None
    bastion: Ref | None
    has_bastion: bool
    is_vague: bool = False
    """It names a host, and nothing shows which of its addresses that is."""

    @property
    def bastion_service(self) -> Service:
        """How the bastion is dialled: `bastion_port` is the port of the target unless given."""
        given = self.connection.arguments
        port = whole(given.get("bastion_port") or given.get("port"))
        return on_port(SSH, port) if isinstance(port, int) else SSH

    @property
    def evidence(self) -> Evidence:
        """The connection as evidence of a flow."""
        label = Label(self.connection.span, f"Terraform connects by {self.service} here")
        return Evidence("connection", label)


def dials(instance: Instance) -> Iterator[Dial]:
    """The connections of an instance's provisioners."""
    for connection in instance.connections:
        dial = read(connection)
        if dial is not None:
            yield dial


def read(connection: Connection) -> Dial | None:
    """What a connection block says; None for provisioners that run on the client."""
    if connection.provisioner not in REMOTE:
        return None
    service = _service(connection)
    if service is None:
        return None
    bastion = connection.arguments.get("bastion_host")
    named = text(bastion)
    host = connection.arguments.get("host")
    dialled = next(iter(refs(host)), None)
    return Dial(
        connection,
        service,
        dialled,
        next(iter(refs(bastion)), None),
        bastion is not None and named != "",
        isinstance(host, Unknown) and dialled is None,
    )


def _service(connection: Connection) -> Service | None:
    kind, port = text(connection.arguments.get("type")), whole(connection.arguments.get("port"))
    if isinstance(kind, Unknown) or isinstance(port, Unknown):
        return None
    if kind == "winrm":
        https = truth(connection.arguments.get("https")) is True
        number = port or (5986 if https else 5985)
        return Service(f"tcp/{number}", "WinRM", TCP, number)
    return on_port(SSH, port or SSH.port)
