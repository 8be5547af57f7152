"""
Hosts that fare alike: what `count`, `for_each` or a copied block makes many of. Whoever gets to one
of them gets to all, and from each of them one gets to the same others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from iaclint.aws.platform import texts
from iaclint.intent.otherways import ATTACHMENTS, made_elsewhere
from iaclint.intent.ports import logins
from iaclint.intent.signs import is_called_bastion
from iaclint.network import Gateway, Instance, Interface, Network, Node
from iaclint.trace.balancer import doors
from iaclint.value import Unknown, refs

Said = Hashable
"""What is said of a host, to compare it."""


def kinds(network: Network) -> dict[int, int]:
    """
    The number of the kind of every host, by its identity: hosts of one kind are in the same place,
    have the same groups and kinds of addresses, and are named by the same. Two subnets are never
    alike: within one of them no ACL is asked, and rules may name their blocks.
    """
    numbers: dict[Said, int] = {}
    return {host: numbers.setdefault(said, len(numbers)) for host, said in _said(network).items()}


def _said(network: Network) -> dict[int, Said]:
    named, front, attached = _named(network), _in_front(network), _attached(network)
    return {
        id(host): (
            tuple(tuple(map(_interface, placement)) for placement in host.placements),
            frozenset(each for name in _names(host) for each in named.get(name, ())),
            frozenset(front.get(id(host), ())),
            (*(made_elsewhere(network, host) if host.address in attached else ()),),
            (host.platform, host.setup.tunnels, logins(host), _profile(host)),
            (is_called_bastion(host), comparable(host.key)),
        )
        for host in network.instances
    }


def _interface(one: Interface) -> Said:
    public = one.public
    return (
        comparable(one.subnet),
        tuple(map(comparable, one.groups)),
        (comparable(public.has), public.how, public.obstacle, public.refused, public.early),
        (comparable(one.ipv6), comparable(one.checks)),
        tuple(map(comparable, (*one.private, *one.ipv6_addresses))),
    )


def comparable(value: Hashable) -> Hashable:
    """A value to compare: one that is not known is like another for the same reason."""
    return ("unknown", value.reason) if isinstance(value, Unknown) else value


def _profile(host: Instance) -> Said:
    """The instance profile as it is written; its role decides about Session Manager."""
    if host.profile is None:
        return None
    return (*(str(ref) for ref in refs(host.profile)), *texts(host.profile))


# ---- what names a host -------------------------------------------------------------------------


def _names(host: Instance) -> set[str]:
    return {host.address, *(each.address for each in host.interfaces())}


def _named(network: Network) -> dict[str, set[Node]]:
    """The rules that let an address in or out by its name, and the routes that lead there."""
    found: dict[str, set[Node]] = defaultdict(set)
    for group in network.groups:
        for rule in (*group.ingress, *group.egress, *(rule for rule, _ in group.perhaps)):
            for holder in rule.holders:
                found[holder].add(rule)
    for table in network.tables:
        for route in table.routes:
            if isinstance(route.target, Gateway):
                found[route.target.address].add(route)
    return found


def _attached(network: Network) -> set[str]:
    """What may be behind a load balancer that is made elsewhere."""
    return {host.address for host in network.instances if host.scaling} | {
        ref.address
        for resource in network.resources
        if resource.kind in ATTACHMENTS
        for value in resource.attributes.values()
        for ref in refs(value)
    }


def _in_front(network: Network) -> dict[int, list[Said]]:
    """The load balancers and accelerators that send packets to a host, by its identity."""
    found: dict[int, list[Said]] = defaultdict(list)
    for door in doors(network):
        host, through = door.target.instance, door.target.interface
        number = [*host.interfaces()].index(through) if through is not None else None
        found[id(host)].append((door.listener, door.group, number, comparable(door.port)))
    for accelerator in network.accelerators:
        for entrance in accelerator.entrances:
            if isinstance(entrance.to, Instance):
                found[id(entrance.to)].append((entrance.listener, entrance.address_only))
    return found
