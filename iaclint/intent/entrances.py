"""
Where people come in to get further: hosts they log in to, endpoints, networks that are connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from iaclint.flow import Client, client_of
from iaclint.network import Gateway, Instance, Interface, Maybe, Network, Remote, Subnet, Vpc
from iaclint.packet.prefix import FAMILIES, PRIVATE, Family, Prefix, addresses
from iaclint.trace.between import detours
from iaclint.trace.transit import transit_paths
from iaclint.value import Unknown

MOST = 6
"""Clients of one kind that are looked at for one rule, or for one instance."""


def endpoints(network: Network) -> Iterator[Client]:
    """Everything inside of the network that people log in through, beside instances."""
    for endpoint in network.connect_endpoints:
        yield Client(endpoint.address, {}, None, endpoint.interface, endpoint)
    for vpn in network.client_vpns:
        for interface in vpn.interfaces:
            yield Client(vpn.address, {}, None, interface, vpn)


def as_client(instance: Instance) -> Client:
    """An instance that is the client of another one."""
    return Client(instance.address, {}, instance, instance.placements[0][0])


def families(one: Instance, other: Instance) -> tuple[Family, ...]:
    """The families in which two instances can talk: IPv6 where both have an address of it."""
    both = all(any(i.ipv6 is True for i in each.interfaces()) for each in (one, other))
    return FAMILIES if both else ("ipv4",)


def near(
    network: Network, interface: Interface, clients: Iterable[Client], most: int = MOST
) -> list[Client]:
    """Those clients that are in the VPC of an interface, or in one that is meant to reach it."""
    vpc = interface.vpc
    if isinstance(vpc, Unknown):
        return []
    found = (
        client
        for client in clients
        if client.interface is not None
        and isinstance(client.interface.vpc, Vpc)
        and (client.interface.vpc is vpc or is_meant(network, client.interface.vpc, vpc))
    )
    return list(islice(found, most))


def networks(network: Network, interface: Interface) -> Iterator[Client]:
    """The networks outside of AWS that are connected to the VPC of an interface."""
    vpc = interface.vpc
    if isinstance(vpc, Unknown):
        return
    for remote in network.remotes:
        if not _is_attached(network, remote, vpc):
            continue
        known = [p for p in remote.prefixes if isinstance(p, Prefix)]
        if known and len(known) == len(remote.prefixes):
            inside = [p for p in known if p.region <= addresses(PRIVATE, p.family)]
            if inside:
                yield client_of(tuple(inside))
        else:
            yield _somewhere(vpc)


def _somewhere(vpc: Vpc) -> Client:
    """Whoever is in a network of which nobody knows the blocks; they are not those of the VPC."""
    regions = {
        family: addresses(PRIVATE, family)
        - addresses((p for p in vpc.prefixes if isinstance(p, Prefix)), family)
        for family in FAMILIES
    }
    return Client("a connected network", regions)


def _is_attached(network: Network, remote: Remote, vpc: Vpc) -> bool:
    return vpc in remote.gateway.vpcs or any(
        each.vpc is vpc and each.transit is remote.gateway for each in network.attachments
    )


# ---- VPCs that are connected -------------------------------------------------------------------


def joined(network: Network, one: Vpc, other: Vpc) -> bool:
    """Whether a connection is declared between two VPCs, or a route to it, however broken."""
    return (
        any(p.joins(one, other) is True for p in network.peerings)
        or any(
            here.vpc is one and there.vpc is other and transit_paths(network, here, there)
            for here in network.attachments
            for there in network.attachments
        )
        or any((*detours(network, one, other), *detours(network, other, one)))
    )


def is_meant(network: Network, one: Vpc, other: Vpc) -> bool:
    """
    Whether two VPCs are connected for each other's sake: by a peering, by a transit gateway that
    has no others, or with a route in one that names the other. A hub joins many that are to be
    kept apart.
    """
    if any(p.joins(one, other) is True for p in network.peerings):
        return True
    return joined(network, one, other) and (
        leads(network, one, other)
        or leads(network, other, one)
        or all(each.vpc is one or each.vpc is other for each in network.attachments)
    )


def leads(network: Network, one: Vpc, other: Vpc) -> bool:
    """Whether a route of a VPC leads out of it to a block of the other one."""
    blocks = [p for p in other.prefixes if isinstance(p, Prefix)]
    return any(
        isinstance(route.target, Gateway)
        and isinstance(route.to, Prefix)
        and any(route.to in block for block in blocks)
        for table in network.tables
        if table.vpc is one
        for route in table.routes
    )


# ---- subnets -----------------------------------------------------------------------------------


def may_hold(subnet: Subnet, prefix: Prefix) -> bool:
    """Whether a subnet has addresses of a block, or perhaps."""
    block = block_of(subnet, prefix.family)
    return block is None or isinstance(block, Unknown) or bool(block.region & prefix.region)


def block_of(subnet: Subnet, family: Family) -> Maybe[Prefix] | None:
    """The block of a subnet in one family."""
    return subnet.prefix if family == "ipv4" else subnet.ipv6
