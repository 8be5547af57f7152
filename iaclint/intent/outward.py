"""
Whether an instance gets out, which is what agents that open a session need.
"""

from __future__ import annotations

from iaclint.aws.platform import texts
from iaclint.network import Gateway, Group, Interface, Network, RouteTable, Rule, Subnet
from iaclint.packet.prefix import Prefix
from iaclint.packet.service import TCP, Traffic
from iaclint.value import Unknown

HTTPS = (443, 443)


def gets_out(network: Network, interface: Interface) -> bool:
    """Whether HTTPS can leave towards AWS: a group that lets it out, and a route or endpoint."""
    return _group_lets_out(interface) and (_routed_out(interface) or _endpoint(network, interface))


def _group_lets_out(interface: Interface) -> bool:
    for group in interface.groups:
        if not isinstance(group, Group) or group.rest is not None:
            return True
        if any(_https(rule) for rule in group.egress):
            return True
    return False


def _https(rule: Rule) -> bool:
    if isinstance(rule.traffic, Unknown) or rule.maybe is not None:
        return True
    return isinstance(rule.traffic, Traffic) and rule.traffic.covers(TCP, HTTPS)


def _routed_out(interface: Interface) -> bool:
    subnet = interface.subnet
    if not isinstance(subnet, Subnet) or not isinstance(subnet.table, RouteTable):
        return True
    if subnet.table.rest is not None:
        return True
    return any(
        _leads_out(route.target, interface)
        for route in subnet.table.routes
        if not isinstance(route.to, Prefix) or route.to.length <= 1
    )


def _leads_out(target: Gateway | Unknown, interface: Interface) -> bool:
    if isinstance(target, Unknown):
        return True
    if target.kind == "internet":
        vpc = interface.vpc
        attached = isinstance(vpc, Unknown) or target.attached_to(vpc) is not False
        return attached and (interface.public.has is not False or interface.ipv6 is not False)
    return target.kind != "local"


def _endpoint(network: Network, interface: Interface) -> bool:
    """An interface endpoint for Session Manager in the VPC."""
    for gateway in network.gateways:
        if gateway.title != "VPC endpoint" or interface.vpc not in gateway.vpcs:
            continue
        attributes = gateway.resource.attributes if gateway.resource else {}
        service = attributes.get("service_name") or attributes.get("ServiceName")
        if any("ssm" in piece for piece in texts(service)) or isinstance(service, Unknown):
            return True
    return False
