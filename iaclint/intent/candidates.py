"""
The flows that the evidence asks for, before anybody looks whether they work.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.flow import INTERNET_CLIENT, Client, Evidence, Flow, client_of
from iaclint.intent.addressed import has_address, is_addressable
from iaclint.intent.dialled import by_connection
from iaclint.intent.evidence import ingress, inside, means, outside, services_of
from iaclint.intent.keyed import by_key, by_output
from iaclint.intent.outputs import given_out
from iaclint.intent.peers import from_peers
from iaclint.intent.signs import is_upkeep
from iaclint.network import Instance, Network, Subnet
from iaclint.packet.prefix import FAMILIES, INTERNET, Family, Prefix, addresses
from iaclint.packet.service import Service


def candidates(network: Network, instance: Instance, client: Client | None) -> Iterator[Flow]:
    """Every flow to an instance that something in the files asks for."""
    yield from by_connection(network, instance)
    if instance.managed and instance.key is None:
        return
    for service in services_of(instance):
        yield from _from_outside(network, instance, service, client)
    yield from from_peers(network, instance)


def _from_outside(
    network: Network, instance: Instance, service: Service, client: Client | None
) -> Iterator[Flow]:
    found = _rules(network, instance, service)
    if service.is_ping:
        found = {family: [e for e in all_ if e.strong] for family, all_ in found.items()}
    if not any(found.values()):
        if service.is_ping:
            yield from by_output(network, instance, service, client)
        else:
            yield from by_key(network, instance, service, client)
        return
    families = _families(instance, service, found)
    for family in families:
        evidence = tuple(found[family] or found[_other(family)])
        evidence += _promise(network, instance, service, family, evidence)
        yield Flow(_client(family, evidence, client), instance, service, family, evidence)


def _promise(
    network: Network,
    instance: Instance,
    service: Service,
    family: Family,
    rules: tuple[Evidence, ...],
) -> tuple[Evidence, ...]:
    """What hands out its public address, where a rule lets people outside use that to log in."""
    if service.is_ping or family == "ipv6" or not any(each.strong for each in rules):
        return ()
    promise = given_out(network, instance)
    return (promise,) if promise is not None else ()


def _rules(network: Network, instance: Instance, service: Service) -> dict[Family, list[Evidence]]:
    """The rules that let somebody outside in, by family."""
    blocks = inside(network)
    found: dict[Family, list[Evidence]] = {family: [] for family in FAMILIES}
    seen: set[int] = set()
    for interface in instance.interfaces():
        for _, rule in ingress(interface):
            if id(rule) in seen:
                continue
            seen.add(id(rule))
            if service.is_ping and is_upkeep(network, instance, interface, rule):
                continue
            for family, evidence in outside(rule, service, blocks):
                found[family].append(evidence)
    return found


def _families(
    instance: Instance, service: Service, found: dict[Family, list[Evidence]]
) -> list[Family]:
    """
    The families to ask about: those the rules name. Where the instance can only be addressed in
    the other one, that is the one its author means, unless the rules say whom they let in there.
    """
    named = [family for family in FAMILIES if found[family]]
    if len(named) == 1:
        other = _other(named[0])
        prepared = named[0] == "ipv6" and _has_ipv6_subnet(instance)
        said = prepared or _names_somebody(instance, service, other)
        if not is_addressable(instance, named[0]) and has_address(instance, other) and not said:
            return [other]
    return named


def _names_somebody(instance: Instance, service: Service, family: Family) -> bool:
    """Whether a rule for the service names a block of the family, be it of insiders only."""
    return any(
        means(rule, service, family, instance.platform)
        and any(isinstance(p, Prefix) and p.family == family for p in rule.prefixes)
        for interface in instance.interfaces()
        for _, rule in ingress(interface)
    )


def _has_ipv6_subnet(instance: Instance) -> bool:
    """Whether an IPv6 address is there for the asking."""
    subnets = (each.subnet for each in instance.interfaces())
    return any(isinstance(subnet, Subnet) and subnet.ipv6 is not None for subnet in subnets)


def _other(family: Family) -> Family:
    return "ipv6" if family == "ipv4" else "ipv4"


def _client(family: Family, evidence: tuple[Evidence, ...], given: Client | None) -> Client:
    """The clients the rules name; the internet where one of them is open or not known."""
    if given is not None:
        return given
    named = [p for e in evidence for p in e.clients if p.family == family]
    if not named or any(not e.clients for e in evidence):
        return INTERNET_CLIENT
    region = addresses(named, family) & INTERNET[family]
    if INTERNET[family] <= region:
        return INTERNET_CLIENT
    return client_of(tuple(dict.fromkeys(named)))
