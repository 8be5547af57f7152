"""
Groups that nothing carries: whoever made one made it for a host, perhaps for one that has no group
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.flow import Flow
from iaclint.intent.evidence import is_specific, speaks_of
from iaclint.intent.whom import is_unused, lets_in
from iaclint.network import Group, Instance, Interface, Network, Rule, Vpc


def spare_rules(
    network: Network, flow: Flow, interface: Interface
) -> Iterator[tuple[Group, Rule, bool]]:
    """
    The rules that would let the client of a flow in, of groups on nothing; and whether they are
    surely for the interface: they are for the service, or all that is there lacks a group.
    """
    vpc = interface.vpc
    if not isinstance(vpc, Vpc) or not _has_none(interface):
        return
    inside = [one for host in network.instances for one in host.interfaces() if one.vpc is vpc]
    alone = all(map(_has_none, inside))
    for group in network.groups:
        if group.vpc is not vpc or not is_unused(network, group):
            continue
        for rule in group.ingress:
            spoken = rule.maybe is None and speaks_of(rule, flow.service, flow.family)
            if spoken and lets_in(flow, interface, rule):
                yield group, rule, alone or is_specific(rule, flow.service)


def is_given_others(instance: Instance) -> bool:
    """Whether somebody else manages the groups of a host: Terraform is told to leave them alone."""
    ignored = instance.resource.ignored if instance.resource is not None else frozenset()
    return any(
        name.startswith(("vpc_security_group_ids", "security_groups", "network_interface", "all"))
        for name in ignored
    )


def _has_none(interface: Interface) -> bool:
    """Whether it has only the default group, which it gets where nobody gives it one."""
    given = interface.groups
    return interface.groups_span is None and all(isinstance(g, Group) and g.default for g in given)
