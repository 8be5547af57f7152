"""
Doors that are there for others and lead nowhere: a bastion, an endpoint to log in by, that none of
the hosts behind it lets in.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import Client, Evidence, Flow
from iaclint.intent.chains import Chains
from iaclint.intent.entrances import MOST, as_client, endpoints, joined
from iaclint.intent.evidence import ingress, is_specific, services_of, speaks_of
from iaclint.intent.otherways import other_way
from iaclint.intent.signs import BASTION_NAME
from iaclint.intent.whom import lets_nobody_in
from iaclint.network import ConnectEndpoint, Group, Instance, Interface, Network, Rule
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.trace.inside import only_family
from iaclint.value import Unknown, text


def promised(network: Network, instance: Instance, chains: Chains) -> Iterator[Flow]:
    """Flows from doors of the same files, where the rule that is for them lets in nobody."""
    yield from _from_bastions(network, instance, chains)
    yield from _from_endpoints(network, instance, chains)


# ---- bastions --------------------------------------------------------------------------------


def _from_bastions(network: Network, instance: Instance, chains: Chains) -> Iterator[Flow]:
    bastions = [as_client(peer) for peer in chains.called_bastions if peer is not instance]
    for interface in instance.interfaces() if bastions else ():
        for group, rule in ingress(interface):
            if rule.span is None or not lets_nobody_in(network, instance, interface, rule):
                continue
            for service in (SSH, RDP, PING):
                if is_specific(rule, service):
                    for bastion in bastions[:MOST]:
                        yield from _to(network, interface, group, rule, service, bastion, instance)


def _to(
    network: Network,
    interface: Interface,
    group: Group,
    rule: Rule,
    service: Service,
    bastion: Client,
    instance: Instance,
) -> Iterator[Flow]:
    through, vpc = bastion.interface, interface.vpc
    if through is None or isinstance(vpc, Unknown) or isinstance(through.vpc, Unknown):
        return
    if through.vpc is not vpc and not joined(network, vpc, through.vpc):
        return
    family = only_family(through, interface)
    if not speaks_of(rule, service, family):
        return
    if _speaks_of_bastions(group, rule):
        assert rule.span is not None
        words = f"this rule for {service} says that it is for a bastion"
        evidence = Evidence("rule", Label(rule.span, words), some=True)
        yield Flow(bastion, instance, service, family, (evidence,))


def _speaks_of_bastions(group: Group, rule: Rule) -> bool:
    """Whether the rule, its group, or the name of a group that it lets in says so."""
    given = group.resource.attributes if group.resource is not None else {}
    described = (text(given.get(key)) for key in ("description", "GroupDescription"))
    named = (each.address for each in rule.groups if isinstance(each, Group))
    words = (rule.says, *(each for each in described if isinstance(each, str)), *named)
    return any(BASTION_NAME.search(each) for each in words)


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
