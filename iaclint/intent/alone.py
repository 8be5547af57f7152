"""
Rules for the VPC itself, in which there is nobody but the host: whoever wrote them wanted to get in
from outside, or has hosts there that the files do not show.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable

from iaclint.intent.evidence import ingress, is_specific, speaks_of
from iaclint.intent.signs import is_connected
from iaclint.network import Group, Instance, Interface, Network, Vpc
from iaclint.packet.prefix import FAMILIES, Prefix, addresses
from iaclint.packet.service import Service
from iaclint.resource import Output, Resource
from iaclint.value import Unknown, Value, refs


def names_itself(instance: Instance, service: Service) -> bool:
    """Whether a rule for a service names nobody but hosts of the instance's own VPC."""
    return any(
        is_specific(rule, service) and speaks_of(rule, service, family)
        and any(is_of_its_vpc(interface, prefix) for prefix in rule.prefixes)
        for interface in instance.interfaces()
        for _, rule in ingress(interface)
        for family in FAMILIES
    )  # fmt: skip


def is_of_its_vpc(interface: Interface, prefix: Prefix | Unknown) -> bool:
    """Whether only hosts of the VPC, which the files make, have addresses of a block."""
    vpc = interface.vpc
    if isinstance(prefix, Unknown) or not isinstance(vpc, Vpc) or vpc.foreign or vpc.assumed:
        return False
    mine = addresses((p for p in vpc.prefixes if isinstance(p, Prefix)), prefix.family)
    return prefix.region <= mine


def is_alone(network: Network, interface: Interface) -> bool:
    """
    Whether nothing else can be in the VPC of an interface, as far as the files show, but hosts with
    the very groups it has: whom those let in gets to them no sooner.
    """
    vpc = interface.vpc
    connected = not isinstance(vpc, Vpc) or is_connected(network, vpc)
    alike = [one for one in network.instances if _is_like(one, interface)]
    return not connected and not has_company(network, interface, alike)


def has_company(network: Network, interface: Interface, besides: Collection[Instance] = ()) -> bool:
    """
    Whether anything else may be in the VPC of an interface, whatever that is connected to, than
    the hosts given.
    """
    vpc = interface.vpc
    if not isinstance(vpc, Vpc):
        return True
    owners = [one for one in network.instances if interface in one.interfaces()]
    if any(one.scaling for one in owners) or network.client_vpns or network.connect_endpoints:
        return True
    own = [each for one in (*owners, *besides) for each in one.interfaces()]
    inside = [each for one in network.instances for each in one.interfaces()]
    others = [each for each in (*inside, *network.interfaces) if each not in own]
    if network.balancers or any(not isinstance(o.vpc, Vpc) or o.vpc is vpc for o in others):
        return True
    places = {vpc.address, *(subnet.address for subnet in network.subnets_of(vpc))}
    return is_shared(network, places, (o for o in network.outputs if o.export is not None))


def _asks(resource: Resource) -> bool:
    """Whether it only looks something up in the VPC, and no hosts that others put there."""
    hosts = ("aws_instance", "aws_network_interface")
    return resource.mode == "data" and not resource.kind.startswith(hosts)


def _is_like(host: Instance, interface: Interface) -> bool:
    """Whether a host is let in to by nothing but the groups of an interface."""
    mine, plain = interface.groups, not (host.profile or host.scaling or host.managed)
    return plain and all(
        len(each.groups) == len(mine)
        and all(isinstance(g, Group) and g in mine for g in each.groups)
        for each in host.interfaces()
    )


def is_shared(network: Network, places: Container[str], outputs: Iterable[Output]) -> bool:
    """
    Whether something that is not modelled is put into one of the places, or others learn of it by
    one of the outputs and may put something there.
    """
    modelled = {declared.address for declared in network.declared}
    given: list[Value] = [output.value for output in outputs]
    for resource in network.resources:
        if resource.address not in modelled and not _asks(resource):
            given += resource.attributes.values()
    return any(ref.address in places for value in given for ref in refs(value))
