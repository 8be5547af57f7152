"""AWS resource types: how each is written in both languages, one file per noun."""

from iaclint.aws import (
    gateway,
    instance,
    interface,
    network_acl,
    policy,
    protocol,
    routing,
    security_group,
    subnet,
    vpc,
)

__all__ = [
    "gateway",
    "instance",
    "interface",
    "network_acl",
    "policy",
    "protocol",
    "routing",
    "security_group",
    "subnet",
    "vpc",
]
