"""
Who has an address of a subnet, and who may get it on apply.
"""

from __future__ import annotations

from iaclint.network import Instance, Network, Subnet, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.resource import Resource
from iaclint.trace.inside import region_of
from iaclint.value import refs

KEPT_FIRST, KEPT_LAST = 4, 1
"""Addresses that AWS keeps at both ends of each subnet.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""
ADDRESSLESS = (
    "aws_route_table_association",
    "aws_network_acl",
    "aws_network_acl_association",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::SubnetNetworkAclAssociation",
)
"""What names a subnet and puts nothing into it."""


def holders(network: Network, vpc: Vpc, prefix: Prefix) -> list[Instance]:
    """The instances that certainly have an address."""
    if prefix.first != prefix.last:
        return []
    return [
        instance
        for instance in network.instances
        if any(
            each.vpc is vpc and region_of(each, prefix.family) == prefix.region
            for each in instance.interfaces()
        )
    ]


def reserved(subnet: Subnet, prefix: Prefix) -> bool:
    """Whether no interface ever gets an address."""
    block = subnet.prefix if prefix.family == "ipv4" else subnet.ipv6
    if not isinstance(block, Prefix):
        return False
    near = prefix.first - block.first < KEPT_FIRST
    return near or block.last - prefix.first < KEPT_LAST


def takers(network: Network, subnet: Subnet, prefix: Prefix) -> list[Resource]:
    """What is put into a subnet, and may get an address of it that nothing is known to have."""
    settled = {
        id(instance.resource)
        for instance in network.instances
        if not any(region_of(i, prefix.family) & prefix.region for i in instance.interfaces())
    }
    return [
        resource
        for resource in network.resources
        if resource.kind not in ADDRESSLESS
        and id(resource) not in settled
        and any(r.address == subnet.address for v in resource.attributes.values() for r in refs(v))
    ]
