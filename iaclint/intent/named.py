"""
Whom the entries of ACLs and the rules of groups name for one service: insiders, and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.intent.evidence import (
    faces_outside,
    ingress,
    inside,
    is_about,
    is_public,
    is_specific,
    speaks_of,
)
from iaclint.network import Acl, AclEntry, Instance, Interface, Network, Subnet
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import Service
from iaclint.source import Span
from iaclint.value import Unknown


def in_acl(interface: Interface, service: Service, family: Family) -> Iterator[tuple[Prefix, Span]]:
    """The blocks that the ACL of an interface lets in for the service, and not for everything."""
    for entry in _entries(interface, service, family):
        about = not isinstance(entry.traffic, Unknown) and is_about(entry.traffic, service)
        sure = entry.maybe is None and entry.allow is True and entry.span is not None
        if about and sure and isinstance(entry.prefix, Prefix):
            assert entry.span is not None
            yield entry.prefix, entry.span


def only_insiders(network: Network, instance: Instance, service: Service, family: Family) -> bool:
    """
    Whether what is said about the service, in groups or in ACLs, is for insiders only, be there a
    rule of a group that lets in everything from everywhere.
    """
    blocks = inside(network)
    interfaces = list(instance.interfaces())

    def by_acl(interface: Interface) -> bool:
        entries = list(_entries(interface, service, family))
        return any(True for _ in in_acl(interface, service, family)) and not any(
            isinstance(e.prefix, Unknown) or is_public(e.prefix, family, blocks) for e in entries
        )

    about = [
        rule
        for interface in interfaces
        for _, rule in ingress(interface)
        if is_specific(rule, service) and speaks_of(rule, service, family)
    ]
    by_group = bool(about) and not any(map(faces_outside, about))
    return by_group or (bool(interfaces) and all(map(by_acl, interfaces)))


def _entries(interface: Interface, service: Service, family: Family) -> Iterator[AclEntry]:
    """The inbound entries that let the service in, or may."""
    acl = interface.subnet.acl if isinstance(interface.subnet, Subnet) else None
    if not isinstance(acl, Acl) or acl.rest is not None:
        return
    asked = service.request(family)
    for entry in acl.entries:
        if entry.egress is True or entry.allow is False or asked.protocol is None:
            continue
        if isinstance(entry.prefix, Prefix) and entry.prefix.family != family:
            continue
        if isinstance(entry.traffic, Unknown) or entry.traffic.covers(asked.protocol, asked.ports):
            yield entry
