"""
Doors that are there for others and lead nowhere: a bastion, an endpoint to log in by, that none of
the hosts behind it lets in.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow
from iaclint.intent.chains import Chains
from iaclint.intent.evidence import ingress, is_specific, services_of, speaks_of
from iaclint.intent.insiders import MOST, joined
from iaclint.intent.otherways import endpoints, other_way
from iaclint.intent.signs import BASTION_NAME, is_called_bastion
from iaclint.network import ConnectEndpoint, Group, Instance, Interface, Network, Rule, Vpc
from iaclint.packet.prefix import Prefix
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.trace.inside import only_family, region_of
from iaclint.value import Unknown, refs, text

RULES = ("aws_security_group", "aws_vpc_security_group", "AWS::EC2::SecurityGroup")
"""Kinds of resources that are groups and rules."""


def promised(network: Network, instance: Instance, chains: Chains) -> Iterator[Flow]:
    """Flows from doors of the same files, where the rule that is for them lets in nobody."""
    yield from _from_bastions(network, instance, chains)
    yield from _from_endpoints(network, instance, chains)


# ---- bastions --------------------------------------------------------------------------------


def _from_bastions(network: Network, instance: Instance, chains: Chains) -> Iterator[Flow]:
    bastions = [
        Client(peer.address, {}, peer, peer.placements[0][0])
        for peer in network.instances
        if peer is not instance and peer.placements and is_called_bastion(peer)
    ]
    for interface in instance.interfaces() if bastions else ():
        for group, rule in ingress(interface):
            if rule.span is None or not _lets_nobody_in(network, instance, interface, rule):
                continue
            for service in (SSH, RDP, PING):
                if is_specific(rule, service):
                    for bastion in bastions[:MOST]:
                        yield from _to(
                            network, interface, group, rule, service, bastion, instance, chains
                        )


def _to(
    network: Network,
    interface: Interface,
    group: Group,
    rule: Rule,
    service: Service,
    bastion: Client,
    instance: Instance,
    chains: Chains,
) -> Iterator[Flow]:
    through, vpc = bastion.interface, interface.vpc
    if through is None or isinstance(vpc, Unknown) or isinstance(through.vpc, Unknown):
        return
    if through.vpc is not vpc and not joined(network, vpc, through.vpc):
        return
    family = only_family(through, interface)
    if not speaks_of(rule, service, family):
        return
    said = _speaks_of_bastions(group, rule)
    if said or _is_all_there_is(network, instance, service, bastion, chains):
        assert rule.span is not None
        words = "says that it is for a bastion" if said else "names nobody who logs in"
        evidence = Evidence("rule", Label(rule.span, f"this rule for {service} {words}"), some=True)
        yield Flow(bastion, instance, service, family, (evidence,))


def _speaks_of_bastions(group: Group, rule: Rule) -> bool:
    """Whether the rule, its group, or the name of a group that it lets in says so."""
    given = group.resource.attributes if group.resource is not None else {}
    described = (text(given.get(key)) for key in ("description", "GroupDescription"))
    named = (each.address for each in rule.groups if isinstance(each, Group))
    words = (rule.says, *(each for each in described if isinstance(each, str)), *named)
    return any(BASTION_NAME.search(each) for each in words)


def _is_all_there_is(
    network: Network, instance: Instance, service: Service, bastion: Client, chains: Chains
) -> bool:
    """
    Whether the bastion gets to no host at all and nobody gets to this one, so that the one must be
    for the other.
    """
    if service.is_ping or instance.key is None or bastion.instance is None:
        return False
    if chains.is_bastion(instance) or not chains.is_bastion(bastion.instance):
        return False
    for interface in instance.interfaces():
        for _, rule in ingress(interface):
            meant = is_specific(rule, service) or isinstance(rule.traffic, Unknown)
            if meant and not _names_others(network, instance, interface, rule):
                return False
    return chains.leads_nowhere(bastion) and not other_way(network, instance, service)


def _names_others(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    """Whether a rule names groups of load balancers and the like only; an unused one is waiting."""
    return (
        not rule.prefixes
        and _lets_nobody_in(network, instance, interface, rule)
        and all(isinstance(each, Group) and _is_carried(network, each) for each in rule.groups)
    )


def _is_carried(network: Network, group: Group) -> bool:
    """Whether anything has the group, beside rules that name it."""
    return any(
        ref.address == group.address
        for resource in network.resources
        if not resource.kind.startswith(RULES)
        for value in resource.attributes.values()
        for ref in refs(value)
    )


def _lets_nobody_in(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    """Whether all that a rule names is part of the files, and none of it is a client."""
    if rule.maybe is not None or rule.managed or rule.holders or rule.invalid:
        return False
    if not rule.groups and not rule.prefixes:
        return False
    return all(_is_without_clients(network, interface, each) for each in rule.groups) and all(
        _is_without_hosts(network, instance, each) for each in rule.prefixes
    )


def _is_without_clients(network: Network, interface: Interface, group: Group | Unknown) -> bool:
    """A group of the files that nobody carries who logs in: a load balancer's, or one unused."""
    if isinstance(group, Unknown) or group.default or group in interface.groups:
        return False
    doors = [client.interface for client in endpoints(network)]
    carried = any(door is not None and group in door.groups for door in doors)
    return not carried and not network.members(group)


def _is_without_hosts(network: Network, instance: Instance, prefix: Prefix | Unknown) -> bool:
    """A block of a network of the files in which there is nobody but the instance itself."""
    if isinstance(prefix, Unknown) or not any(_holds(vpc, prefix) for vpc in network.vpcs):
        return False
    others = [i for each in network.instances if each is not instance for i in each.interfaces()]
    others += [door.interface for door in endpoints(network) if door.interface is not None]
    return not any(region_of(each, prefix.family) & prefix.region for each in others)


def _holds(vpc: Vpc, prefix: Prefix) -> bool:
    blocks = (p for p in vpc.prefixes if isinstance(p, Prefix))
    return not vpc.foreign and not vpc.assumed and any(prefix in block for block in blocks)


# ---- endpoints -------------------------------------------------------------------------------


def _from_endpoints(network: Network, instance: Instance, chains: Chains) -> Iterator[Flow]:
    """From an EC2 Instance Connect Endpoint, which is for the instances of its VPC only."""
    if any(each.checks is False for each in instance.interfaces()):
        return
    service = services_of(instance)[0]
    for door in endpoints(network):
        if not isinstance(door.node, ConnectEndpoint) or door.interface is None:
            continue
        near = any(each.vpc is door.interface.vpc for each in instance.interfaces())
        if not near or door.node.span is None or not chains.leads_nowhere(door):
            continue
        if not _is_reached(network, instance, service, chains):
            label = Label(door.node.span, "people log in through this endpoint")
            yield Flow(door, instance, service, "ipv4", (Evidence("rule", label, some=True),))


def _is_reached(network: Network, instance: Instance, service: Service, chains: Chains) -> bool:
    if chains.is_bastion(instance) or other_way(network, instance, service):
        return True
    return bool(chains.through(instance, service))
