"""
Other ways in: whoever can use one of them does not need the flow that is blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.aws.platform import texts
from iaclint.network import Instance, Network
from iaclint.resource import Resource
from iaclint.value import Unknown, Value, refs

SSM = re.compile(
    r"AmazonSSMManagedInstanceCore|AmazonEC2RoleforSSM|AmazonSSMManagedEC2InstanceDefaultPolicy|"
    r"AmazonSSMFullAccess|ssmmessages:|ssm:UpdateInstanceInformation|ssm:\*|AdministratorAccess"
)
"""Policies and actions that let the agent register with Session Manager.

https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
"""


def session_manager(network: Network, instance: Instance) -> str:
    """How Session Manager reaches an instance, as far as its role tells; empty if it does not."""
    if instance.profile is None:
        return ""
    around = list(_role_resources(network, instance.profile))
    pieces = [piece for resource in around for piece in _pieces(resource)]
    if any(SSM.search(piece) for piece in pieces):
        return "Session Manager"
    return ""


def _pieces(resource: Resource) -> Iterator[str]:
    for value in resource.attributes.values():
        yield from texts(value)


def _role_resources(network: Network, profile: Value) -> Iterator[Resource]:
    """The profile, its role, and everything that is attached to the role."""
    by_address = {resource.address: resource for resource in network.resources}
    seen = {ref.address for ref in refs(profile)}
    if not seen:
        return
    frontier = set(seen)
    while frontier:
        addresses = {
            ref.address
            for address in frontier
            if (resource := by_address.get(address)) is not None and _is_iam(resource)
            for value in resource.attributes.values()
            for ref in refs(value)
        }
        users = {
            resource.address
            for resource in network.resources
            if _is_iam(resource) and frontier & _named(resource)
        }
        frontier = (addresses | users) - seen
        seen |= frontier
    yield from (by_address[address] for address in sorted(seen) if address in by_address)


def _named(resource: Resource) -> set[str]:
    return {ref.address for value in resource.attributes.values() for ref in refs(value)}


def _is_iam(resource: Resource) -> bool:
    return resource.kind.startswith(("aws_iam_", "AWS::IAM::"))


def unknown_profile(instance: Instance) -> bool:
    """Whether the profile is made elsewhere, so that it may allow Session Manager."""
    return isinstance(instance.profile, Unknown) and not any(True for _ in refs(instance.profile))
