"""
What in the files shows that somebody means a flow to work.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from iaclint.finding import Label
from iaclint.flow import Evidence
from iaclint.intent.ports import rdp_of, ssh_of
from iaclint.network import Group, Instance, Interface, Network, Platform, Rule
from iaclint.packet.prefix import (
    FAMILIES,
    INTERNET,
    PRIVATE,
    Family,
    Prefix,
    addresses,
)
from iaclint.packet.service import (
    ICMP,
    ICMPV6,
    PATH_MTU,
    PING,
    RDP,
    SSH,
    TCP,
    UDP,
    Service,
    Traffic,
)
from iaclint.trace.group import PING_WORD, looks_meant
from iaclint.value import Unknown

BLOCK = re.compile("(ipv6_?cidr_?block|ipv6_association)", re.IGNORECASE)
"""Attributes that hold a block which Amazon assigns."""

NO_PORT = (0, 0)
"""Port 0 is nobody's: it is taken over from a rule for all traffic, where it means nothing."""

SPECIFIC = 64
"""A range of more ports than this is not about one service."""

WIDEST: dict[Family, int] = {"ipv4": 8, "ipv6": 32}
"""A block wider than 10.0.0.0/8, or than what one owner of IPv6 has, names nobody inside."""


def ingress(interface: Interface) -> Iterator[tuple[Group, Rule]]:
    """Every inbound rule of every group on an interface."""
    for group in interface.groups:
        if isinstance(group, Group):
            yield from ((group, rule) for rule in group.ingress)


def speaks_of(rule: Rule, service: Service, family: Family) -> bool:
    """Whether a rule lets the service in, whoever it is for."""
    asked = service.request(family)
    if isinstance(rule.traffic, Unknown) or asked.protocol is None or rule.invalid:
        return False
    return rule.traffic.covers(asked.protocol, asked.ports)


def is_specific(rule: Rule, service: Service) -> bool:
    """Whether a rule is about the service, and not about everything."""
    return not isinstance(rule.traffic, Unknown) and is_about(rule.traffic, service)


def is_about(traffic: Traffic, service: Service) -> bool:
    """Whether packets are those of one service, and not of everything."""
    if traffic.protocol is None:
        return False
    if service.is_ping:
        return traffic.protocol in (ICMP, ICMPV6)
    return traffic.ports[1] - traffic.ports[0] < SPECIFIC


def outside(
    rule: Rule, service: Service, inside: Collection[Prefix] = ()
) -> Iterator[tuple[Family, Evidence]]:
    """
    Evidence that a rule means clients on the internet. A rule for everything is weak: it is
    copied more often than meant. Whoever has an address of the blocks `inside` is not outside.
    """
    for family in FAMILIES:
        if not speaks_of(rule, service, family) and not _misses(rule, service, family):
            continue
        blocks = tuple(p for p in rule.prefixes if is_public(p, family, inside))
        open_ = [p for p in rule.unknown(family) if not _of_a_network(p)]
        if not blocks and not (open_ if family == "ipv4" else any(map(_is_there, rule.of_ipv6))):
            continue
        span = rule.texts[0][1] if rule.texts else rule.span
        if span is None:
            continue
        known = tuple(p for p in blocks if isinstance(p, Prefix)) if not open_ else ()
        label = Label(span, f"{service} is let in from there")
        if _misses(rule, service, family):
            label = Label(span, f"{service} is meant to be let in from there")
        strong = is_specific(rule, service) or _misses(rule, service, family)
        yield family, Evidence("rule", label, strong, known)


def is_switched_off(instance: Instance, service: Service) -> bool:
    """Whether a rule for the service is left out by a switch: that is closed by choice."""
    return any(
        is_specific(rule, service) and speaks_of(rule, service, family)
        for interface in instance.interfaces()
        for group in interface.groups
        if isinstance(group, Group)
        for rule in group.off
        for family in FAMILIES
    )


def faces_outside(rule: Rule) -> bool:
    """Whether a rule lets anybody in who can be on the internet, whatever for."""
    return any(
        isinstance(p, Unknown) or is_public(p, family, ())
        for p in rule.prefixes
        for family in FAMILIES
    )


def _is_there(source: Unknown) -> bool:
    """Whether it is a block, whichever, of somebody outside, and not a list that may be empty."""
    text = bool(source.parts) or (source.type == "string" and not source.choices)
    return text and not _of_a_network(source)


def _of_a_network(source: Unknown) -> bool:
    """Whether it is a block that AWS gives to a VPC or subnet: those in it are not outside."""
    found = list(source.refs())
    return bool(found) and all(BLOCK.match(ref.attribute) for ref in found)


def inside(network: Network) -> list[Prefix]:
    """
    The blocks of the VPCs and of what is connected to them, which need not be private ones: who
    makes a VPC of 20.0.0.0/16 and names that in a rule means the VPC.
    """
    blocks = [p for vpc in network.vpcs for p in vpc.prefixes]
    blocks += [p for remote in network.remotes for p in remote.prefixes]
    return [p for p in blocks if isinstance(p, Prefix) and p.length >= WIDEST[p.family]]


def is_public(prefix: Prefix | Unknown, family: Family, inside: Collection[Prefix]) -> bool:
    """Whether somebody on the internet can have an address of a block."""
    if isinstance(prefix, Unknown) or prefix.family != family:
        return False
    if any(prefix in block for block in inside):
        return False
    return bool(prefix.region & INTERNET[family]) and not prefix.region <= addresses(
        PRIVATE, family
    )


def _misses(rule: Rule, service: Service, family: Family) -> bool:
    """A rule that is about the service and does not let it in: a mistake in type or protocol."""
    traffic = rule.traffic
    if isinstance(traffic, Unknown) or speaks_of(rule, service, family):
        return False
    if service.is_ping:
        return _misses_ping(traffic, family, bool(PING_WORD.search(rule.says)))
    return (traffic.protocol, traffic.ports) == (TCP, NO_PORT) or _in_wrong_protocol(
        traffic, service
    )


def _in_wrong_protocol(traffic: Traffic, service: Service) -> bool:
    """Whether it is the very port of a service, and another protocol than the service has."""
    others = {TCP, UDP} - {service.protocol}
    return traffic.protocol in others and traffic.ports == (service.port, service.port)


def _misses_ping(traffic: Traffic, family: Family, said: bool) -> bool:
    """
    Echo *reply*, echo request with a code it never has, the protocol or type of the other family;
    anything where the rule says that it is for ping. What tells the size of packets never is.
    """
    kind = traffic.ports[0] // 256
    if (traffic.protocol, traffic.ports) in PATH_MTU:
        return False
    if traffic.protocol not in (ICMP, ICMPV6):
        return said and traffic.protocol is not None
    if traffic.protocol != (ICMP if family == "ipv4" else ICMPV6):
        return True
    return said or kind in ((0, 8) if family == "ipv4" else (0, 8, 128, 129))


def means(rule: Rule, service: Service, family: Family, platform: Platform | None) -> bool:
    """
    Whether a rule is about a service, be it with a mistake: in the protocol, in the ports, or with
    the login of the other operating system.
    """
    if not is_specific(rule, service) or isinstance(rule.traffic, Unknown):
        return False
    if speaks_of(rule, service, family) or _misses(rule, service, family):
        return True
    if service.is_ping:
        return False
    other = {("windows", RDP.key): SSH, ("linux", SSH.key): RDP}.get((platform or "", service.key))
    return looks_meant(rule.traffic, service.request(family)) or (
        other is not None and speaks_of(rule, other, family)
    )


def services_of(instance: Instance) -> tuple[Service, ...]:
    """
    The services a person would use: by its operating system, else by what its rules name, be it
    with a mistake by which only one of them can be meant.
    """
    if instance.platform == "windows":
        return (rdp_of(instance), PING)
    if instance.platform == "linux":
        return (ssh_of(instance), PING)
    ports = [port for port, _ in instance.forwarded]
    both = (ssh_of(instance), RDP)
    named = [s for s in both if s.port in ports or _named(instance, s)]
    mistaken = [s for s in both if _is_meant(instance, s)]
    if not named and len(mistaken) == 1:
        return (*mistaken, PING)
    rules = [rule.traffic for each in instance.interfaces() for _, rule in ingress(each)]
    known = [traffic for traffic in rules if not isinstance(traffic, Unknown)]
    wrong = [s for s in both if s not in named and any(_in_wrong_protocol(t, s) for t in known)]
    return (*((named + wrong) if named else [ssh_of(instance)]), PING)


def _is_meant(instance: Instance, service: Service) -> bool:
    """Whether a rule is about a service, be it with a mistake."""
    rules = [rule for each in instance.interfaces() for _, rule in ingress(each)]
    return any(means(rule, service, family, None) for rule in rules for family in FAMILIES)


def _named(instance: Instance, service: Service) -> bool:
    return any(
        is_specific(rule, service)
        and (speaks_of(rule, service, "ipv4") or speaks_of(rule, service, "ipv6"))
        for interface in instance.interfaces()
        for _, rule in ingress(interface)
    )


def any_rule(instance: Instance, service: Service) -> bool:
    """Whether any group has a rule that is about the service."""
    return any(
        is_specific(rule, service) and speaks_of(rule, service, family)
        for interface in instance.interfaces()
        for _, rule in ingress(interface)
        for family in FAMILIES
    )
