"""
The ways to a target: from the internet, and from another instance of the same VPC.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.flow import Flow
from iaclint.network import Acl, Interface, Maybe, Network, Subnet, Vpc
from iaclint.packet.prefix import Family, Prefix, addresses, everything
from iaclint.packet.region import Region
from iaclint.trace.acl import acl_step
from iaclint.trace.gateway import address_step, edge_step, gateway_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.model import Step, Way
from iaclint.trace.route import internet_route_step
from iaclint.value import Unknown


def internet_way(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Through the internet gateway of the target's VPC, there and back."""
    if flow.is_internal:
        return
    yield Way("internet", interface, tuple(_internet_steps(network, flow, interface)))


def _internet_steps(network: Network, flow: Flow, interface: Interface) -> Iterator[Step]:
    family, service = flow.family, flow.service
    peers = flow.client.region(family)
    vpc, subnet = interface.vpc, interface.subnet
    yield gateway_step(interface, vpc, family, peers, network)
    yield address_step(interface, family, peers, network)
    if isinstance(vpc, Vpc) and isinstance(subnet, Subnet):
        edge = edge_step(vpc, subnet, family, peers, network)
        if edge is not None:
            yield edge
    acl = subnet if isinstance(subnet, Unknown) else subnet.acl
    nobody = Acl(address="network ACL", label="?", vpc=None)
    yield acl_step(acl, "request", False, family, service, peers, False, nobody)
    yield group_step(interface, Peer.of(flow.client, family), family, service)
    yield acl_step(acl, "reply", True, family, service, peers, False, nobody)
    yield _reply_route(interface, vpc, subnet, family, peers, network)


def _reply_route(
    interface: Interface,
    vpc: Maybe[Vpc],
    subnet: Maybe[Subnet],
    family: Family,
    peers: Region,
    network: Network,
) -> Step:
    why = vpc if isinstance(vpc, Unknown) else subnet
    if isinstance(vpc, Vpc) and isinstance(subnet, Subnet):
        return internet_route_step(subnet, vpc, family, peers, network)
    assert isinstance(why, Unknown)
    return Step(
        "reply", interface, "route table ?", why.reason, Region(), peers, peers, unknowns=(why,)
    )


def vpc_way(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """Inside of one VPC: the local route always exists, groups and ACLs decide."""
    source = flow.client.interface
    if source is None or isinstance(source.vpc, Unknown) or source.vpc is not interface.vpc:
        return
    yield Way("vpc", interface, tuple(_vpc_steps(flow, source, interface)), joint=False)


def _vpc_steps(flow: Flow, source: Interface, target: Interface) -> Iterator[Step]:
    family, service = flow.family, flow.service
    nobody = Acl(address="network ACL", label="?", vpc=None)
    here = Peer(region_of(source, family), True, source, _owner(flow))
    there = Peer(region_of(target, family), True, target, flow.target.address)
    crosses = source.subnet is not target.subnet
    out, back = _acl(source), _acl(target)
    yield group_step(source, there, family, service, egress=True)
    if crosses:
        yield acl_step(out, "request", True, family, service, there.region, True, nobody)
        yield acl_step(back, "request", False, family, service, here.region, True, nobody)
    yield group_step(target, here, family, service)
    if crosses:
        yield acl_step(back, "reply", True, family, service, here.region, True, nobody)
        yield acl_step(out, "reply", False, family, service, there.region, True, nobody)


def _owner(flow: Flow) -> str:
    return flow.client.instance.address if flow.client.instance else ""


def _acl(interface: Interface) -> Maybe[Acl]:
    subnet = interface.subnet
    return subnet if isinstance(subnet, Unknown) else subnet.acl


def region_of(interface: Interface, family: Family) -> Region:
    """The private addresses an interface can have: as narrow as the files say."""
    listed = interface.private if family == "ipv4" else interface.ipv6_addresses
    known = [p for p in listed if isinstance(p, Prefix) and p.family == family]
    if known:
        return addresses(known, family)
    subnet = interface.subnet
    if isinstance(subnet, Subnet):
        block = subnet.prefix if family == "ipv4" else subnet.ipv6
        if isinstance(block, Prefix):
            return block.region
        if isinstance(subnet.vpc, Vpc):
            blocks = [p for p in subnet.vpc.prefixes if isinstance(p, Prefix)]
            if any(p.family == family for p in blocks):
                return addresses(blocks, family)
    return everything(family).region
