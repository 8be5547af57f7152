"""
What a text means as an end of a path: who is called that.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from ipaddress import ip_network

from iaclint.assemble.index import tag_of
from iaclint.flow import INTERNET_CLIENT, Client, client_of
from iaclint.intent.entrances import block_of, endpoints
from iaclint.intent.evidence import WIDEST
from iaclint.intent.insiders import somebody_in
from iaclint.network import Instance, Interface, Network, Node
from iaclint.packet.prefix import FAMILIES, Family, Prefix, parse_prefix
from iaclint.trace.inside import only_family

INTERNET = "internet"
MANAGER = "session-manager"
"""The word for clients of AWS Systems Manager."""


def block(text: str) -> Prefix | None:
    """The addresses a text stands for, if it is an address or a range."""
    try:
        return parse_prefix(str(ip_network(text, strict=False)))
    except ValueError:
        return None


def clients_of(network: Network, source: str) -> list[Client]:
    """What a text means as a source: the internet, a range, or instances by address or tag."""
    if source.lower() == INTERNET:
        return [INTERNET_CLIENT]
    prefix = block(source)
    if prefix is not None:
        return _inside(network, prefix) or [client_of((prefix,))]
    return [
        *(
            Client(one.address, {}, one, one.placements[0][0])
            for one in network.instances
            if named(one, source) and one.placements and one.placements[0]
        ),
        *(one for one in _starts(network) if called(one.name, source)),
    ]


def _inside(network: Network, prefix: Prefix) -> list[Client]:
    """Whoever is in the subnets that a range lies in, or that lie in it."""
    return [
        somebody_in(subnet)
        for subnet in network.subnets
        if isinstance(known := block_of(subnet, prefix.family), Prefix)
        and (prefix in known or known in prefix)
        and prefix.length >= WIDEST[prefix.family]
    ]


def _starts(network: Network) -> Iterator[Client]:
    """Everything but instances that a connection can start at: endpoints, VPNs, subnets."""
    yield from endpoints(network)
    yield from (somebody_in(subnet) for subnet in network.subnets)


def called(address: str, pattern: str) -> bool:
    """Whether a pattern means something: by its address, the last part of it, or a glob."""
    return pattern in (address, address.rpartition(".")[2]) or fnmatchcase(address, pattern)


def named(instance: Instance, pattern: str) -> bool:
    """Whether a pattern means an instance: its address, its last part, or `tag:KEY=VALUE`."""
    if pattern.startswith("tag:"):
        key, _, value = pattern[4:].partition("=")
        resource = instance.resource
        return resource is not None and any(
            isinstance(said, str) and fnmatchcase(said, value) for said in tag_of(resource, key)
        )
    names = {instance.address, instance.label, instance.name, instance.address.rpartition(".")[2]}
    return pattern in names or any(fnmatchcase(one, pattern) for one in names if one)


def families_of(client: Client, instance: Instance) -> list[Family]:
    """IPv4, and IPv6 where the client has such addresses and somebody asked for one."""
    if client.interface is not None:
        return _inside_families(client.interface, instance)
    asked = [one for one in FAMILIES if client.region(one)]
    wants = any(interface.ipv6 for interface in instance.interfaces())
    return [one for one in asked if one == "ipv4" or wants or len(asked) == 1]


def _inside_families(source: Interface, instance: Instance) -> list[Family]:
    """IPv4 unless an end has none, and IPv6 where both ends have an address."""
    targets = list(instance.interfaces())
    if any(only_family(source, target) == "ipv6" for target in targets):
        return ["ipv6"]
    both = source.ipv6 is True and any(target.ipv6 is True for target in targets)
    return ["ipv4", "ipv6"] if both else ["ipv4"]


def is_there(networks: Sequence[Network], text: str, starts: bool) -> bool:
    """Whether a text can be FROM, or TO, in any of the networks."""
    if text.lower() in (INTERNET, MANAGER) or block(text) is not None:
        return True
    ends = (one for network in networks for one in _ends(network, starts))
    return any(_means(one, text) for one in ends)


def _means(end: Node, text: str) -> bool:
    return named(end, text) if isinstance(end, Instance) else called(end.address, text)


def missing(networks: Sequence[Network], text: str, starts: bool) -> str:
    """That an end is not there, and what is: the nearest name, or some of those there are."""
    known = sorted({one.address for network in networks for one in _ends(network, starts)})
    short = {one.rpartition(".")[2]: one for one in known} | {one: one for one in known}
    if is_there(networks, text, not starts):
        end, other = ("FROM", "TO") if starts else ("TO", "FROM")
        return f'"{text}" can be {other} of a path, and not {end}'
    near = difflib.get_close_matches(text, short, 1, 0.5)
    if near:
        return f'there is no "{text}", did you mean "{short[near[0]]}"?'
    if not known:
        return f'there is no "{text}": there are no instances at all'
    more = f", and {len(known) - 5} more" if len(known) > 5 else ""
    return f'there is no "{text}"; there are: {", ".join(known[:5])}{more}'


def _ends(network: Network, starts: bool) -> Iterator[Node]:
    """Everything that has a name and can be one end, or the other."""
    yield from network.instances
    yield from network.subnets
    yield from network.balancers
    if starts:
        yield from network.accelerators
        yield from network.connect_endpoints
        yield from network.client_vpns
    else:
        yield from network.service_endpoints
        yield from (one for one in network.gateways if one.title == "NAT gateway")
