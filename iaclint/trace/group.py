"""
Security groups: any rule of any group on the interface that fits lets the packet through.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from iaclint.finding import Label
from iaclint.network import Group, Interface, Node, Perhaps, Rule
from iaclint.packet.prefix import (
    INTERNET,
    PRIVATE,
    Family,
    Prefix,
    addresses,
    show,
)
from iaclint.packet.region import Region
from iaclint.packet.service import ICMP, ICMPV6, PATH_MTU, Service, Traffic
from iaclint.source import Span
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown

PING_WORD = re.compile(r"(?<![a-z])(ping|icmp|echo)(?![a-z])", re.IGNORECASE)
"""How people call a rule that is for ping."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end as a group sees it: its addresses, and who it is if it is in the network."""

    region: Region
    one: bool = False
    interface: Interface | None = None
    owner: str = ""
    inner: bool = False
    """It surely comes with a private address: the target has no other to be dialled by."""
    grouped: bool = True
    """Rules that name a group of it count; those with its address count everywhere."""


def group_step(
    interface: Interface, peer: Peer, family: Family, service: Service, egress: bool = False
) -> Step:
    """The hop through all groups of an interface, inbound or outbound."""
    sure, possible = Region(), Region()
    unknowns: list[Unknown] = []
    for group in interface.groups:
        if isinstance(group, Perhaps):
            possible |= _together(group, peer, family, service, egress)
            unknowns.append(group)
            continue
        if isinstance(group, Unknown):
            possible |= peer.region
            unknowns.append(group)
            continue
        rest = group.rest or (group.rest_out if egress else None)
        if rest is not None:
            possible |= peer.region
            unknowns.append(rest)
        perhaps_here = [rule for rule, outbound in group.perhaps if outbound is egress]
        for rule in (*(group.egress if egress else group.ingress), *perhaps_here):
            certain, perhaps, why = admits(rule, peer, family, service)
            sure, possible = sure | certain, possible | perhaps
            unknowns += why
    node: Node = next((g for g in interface.groups if isinstance(g, Group)), interface)
    name = "sg " + (", ".join(g.label for g in interface.groups if isinstance(g, Group)) or "?")
    step = Step("request", node, name, "", sure, possible, peer.region, peer.one)
    blocker = None
    if step.verdict == "block":
        find = _egress_blocker if egress else _blocker
        blocker = find(interface, peer, family, service)
    return Step(
        "request", node, name, _message(interface, step.verdict, service, family, egress),
        sure, possible, peer.region, peer.one, blocker, tuple(unknowns),
        blocker.at.span if blocker else node.span,
    )  # fmt: skip


def _together(
    option: Perhaps, peer: Peer, family: Family, service: Service, egress: bool
) -> Region:
    """The peers that any of some groups may let through."""
    possible = Region()
    for group in option.groups:
        if group.rest or (egress and group.rest_out):
            return peer.region
        rules = [rule for rule, outbound in group.perhaps if outbound is egress]
        for rule in (*(group.egress if egress else group.ingress), *rules):
            possible |= admits(rule, peer, family, service)[1]
    return possible


def _message(
    interface: Interface, verdict: str, service: Service, family: Family, egress: bool
) -> str:
    way = "out" if egress else "in"
    verb = {"allow": "lets", "unknown": "may let", "block": "does not let"}[verdict]
    return f"security group {verb} {service.request(family)} {way}"


def admits(
    rule: Rule, peer: Peer, family: Family, service: Service
) -> tuple[Region, Region, list[Unknown]]:
    """The peers a rule lets through for certain, those it may, and what is not known."""
    if rule.invalid:
        return Region(), Region(), []
    asked = service.request(family)
    assert asked.protocol is not None
    why: list[Unknown] = [rule.maybe] if rule.maybe else []
    if isinstance(rule.traffic, Unknown):
        why.append(rule.traffic)
    elif not rule.traffic.covers(asked.protocol, asked.ports):
        return Region(), Region(), []
    certain, perhaps, unknown = _peers(rule, peer, family)
    why += unknown
    return (Region() if rule.maybe or isinstance(rule.traffic, Unknown) else certain), perhaps, why


def _peers(rule: Rule, peer: Peer, family: Family) -> tuple[Region, Region, list[Unknown]]:
    certain = addresses((p for p in rule.prefixes if isinstance(p, Prefix)), family)
    perhaps, why = certain, []
    outer = [prefix for _, prefix in rule.public_of] if peer.inner else []
    for prefix in rule.unknown(family):
        if not any(prefix is each for each in outer):
            perhaps |= peer.region
            why.append(prefix)
    for name in rule.managed:
        if "instance-connect" in name and peer.interface is None:
            perhaps |= peer.region
            why.append(Unknown(f"{name} holds the addresses of a service", rule.span))
    if peer.interface is not None:
        member, unknown = _is_member(rule, peer, peer.interface)
        if member or unknown:
            perhaps |= peer.region
            certain = certain | peer.region if member else certain
            why += unknown
    return certain & peer.region, perhaps & peer.region, why


def _is_member(rule: Rule, peer: Peer, interface: Interface) -> tuple[bool, list[Unknown]]:
    if any(holder in (interface.address, peer.owner) for holder in rule.holders):
        return True, []
    if not peer.grouped:
        return False, []
    unknown = [g for g in rule.groups if isinstance(g, Unknown)]
    carried = [g for g in interface.groups if isinstance(g, Group)]
    if any(group in carried for group in rule.groups):
        return True, []
    if rule.groups:
        unknown += [g for g in interface.groups if isinstance(g, Unknown)]
    named = [group for group in rule.groups if isinstance(group, Group)]
    return False, [*unknown, *(why for group in named for why in _alike(group, carried))]


def _alike(named: Group, carried: list[Group]) -> Iterator[Unknown]:
    """Why a group may be one of those that an interface has: one of the two is looked up."""
    for group in carried:
        if group in named.may_be or named in group.may_be:
            yield Unknown(f"whether {named.label} is {group.label} is not known", named.span)


# ---- why nothing fits ------------------------------------------------------------------------


def _blocker(interface: Interface, peer: Peer, family: Family, service: Service) -> Blocker:
    groups = [g for g in interface.candidates if isinstance(g, Group)]
    rules = [(g, r) for g in groups for r in g.ingress]
    about = [(g, r) for g, r in rules if _is_about(r)]
    for some in (about, rules):
        for test in _TESTS:
            found = test(some, peer, family, service)
            if found is not None:
                return found
    if interface.groups_span is None and all(g.default and g.span is None for g in groups):
        return _default(interface, groups)
    return _none(interface, groups, rules, family, service)


def _default(interface: Interface, groups: list[Group]) -> Blocker:
    span = interface.span or Span("", 1)
    text = "names no security group, so it gets the VPC's default one, which lets nobody else in"
    return Blocker(Reason.GROUP_DEFAULT, interface, Label(span, text), (), tuple(groups))


def _none(
    interface: Interface,
    groups: list[Group],
    rules: list[tuple[Group, Rule]],
    family: Family,
    service: Service,
) -> Blocker:
    written = [g for g in groups if g.span is not None]
    node: Node = written[0] if written else interface
    span = node.span or interface.span or Span("", 1)
    asked = service.request(family)
    if not rules:
        text = "has no inbound rule"
        return Blocker(Reason.GROUP_EMPTY, node, Label(span, text), (), tuple(groups))
    text = f"no inbound rule lets {asked} in"
    return Blocker(Reason.GROUP_NO_RULE, node, Label(span, text), (), tuple(groups))


Rules = list[tuple[Group, Rule]]
Test = Callable[[Rules, Peer, Family, Service], Blocker | None]


def _is_about(rule: Rule) -> bool:
    """Whether a rule is for a service, and not for everything or for the size of packets."""
    traffic = rule.traffic
    if isinstance(traffic, Unknown) or traffic.protocol is None:
        return False
    return (traffic.protocol, traffic.ports) not in PATH_MTU


def _fits_traffic(rule: Rule, asked: Traffic) -> bool:
    assert asked.protocol is not None
    return isinstance(rule.traffic, Traffic) and rule.traffic.covers(asked.protocol, asked.ports)


def _placed(rules: Rules) -> Iterator[tuple[Group, Rule, Span]]:
    for group, rule in rules:
        if rule.span is not None and not rule.invalid:
            yield group, rule, rule.span


def _named_source(rule: Rule) -> Iterable[Prefix]:
    return (p for p in rule.prefixes if isinstance(p, Prefix))


def _names_somebody(rule: Rule) -> bool:
    return bool(rule.prefixes or rule.groups or rule.holders or rule.managed)


def _private_source(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    """A rule for the service whose blocks no client on the internet can have."""
    if peer.interface is not None or not peer.region <= INTERNET[family]:
        return None
    for group, rule, span in _placed(rules):
        if not _fits_traffic(rule, service.request(family)):
            continue
        mine = addresses(_named_source(rule), family)
        private = addresses(PRIVATE, family)
        if mine and mine <= private:
            at = _place(rule, span)
            text = f"{show(mine, family)} is private: it never arrives through an internet gateway"
            return Blocker(
                Reason.GROUP_PRIVATE_SOURCE,
                _culprit(group, rule),
                Label(at, text),
                (),
                (rule, group),
            )
        if (rule.groups or rule.holders) and not rule.prefixes:
            text = "lets in members of a group by their private address, nobody from outside"
            return Blocker(
                Reason.GROUP_SOURCE, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def _no_source(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    for group, rule, span in _placed(rules):
        if not _names_somebody(rule) and _fits_traffic(rule, service.request(family)):
            text = "names no source, so it lets nobody in"
            return Blocker(
                Reason.GROUP_NO_SOURCE, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def _other_family(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    other: Family = "ipv6" if family == "ipv4" else "ipv4"
    for group, rule, span in _placed(rules):
        fits = _fits_traffic(rule, service.request(family)) or _fits_traffic(
            rule, service.request(other)
        )
        blocks = list(_named_source(rule))
        named = bool(blocks or rule.of_ipv6) and not rule.unknown(family)
        if fits and named and all(p.family == other for p in blocks):
            text = f"lets {service} in from {_written(other)} addresses only"
            return Blocker(
                Reason.GROUP_FAMILY, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def _members(rule: Rule) -> str:
    """Who a rule lets in that names no block."""
    if rule.public_of:
        return f"the public address of {rule.public_of[0][0]}"
    groups = [g.label or g.address for g in rule.groups if isinstance(g, Group)]
    named = groups if len(groups) == len(rule.groups) else []
    if not rule.groups:
        return " and ".join(rule.holders or rule.managed)
    return f"members of {' and '.join(named)}" if named else "members of a group"


def _other_source(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    for group, rule, span in _placed(rules):
        if _fits_traffic(rule, service.request(family)):
            mine = addresses(_named_source(rule), family)
            source = show(mine, family) if mine else _members(rule)
            text = f"lets {service} in from {source} only"
            at = _place(rule, span)
            return Blocker(
                Reason.GROUP_SOURCE, _culprit(group, rule), Label(at, text), (), (rule, group)
            )
    return None


def _wrong_icmp(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    if not service.is_ping:
        return None
    asked = service.request(family)
    for group, rule, span in _placed(rules):
        if isinstance(rule.traffic, Traffic) and rule.traffic.protocol in (ICMP, ICMPV6):
            text = f"lets {rule.traffic} in; ping sends {asked}"
            return Blocker(
                Reason.GROUP_ICMP, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def _near_port(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    """
    A rule that was meant for the service: the right port with another protocol, or port 0. None
    that fits is left, and for ping none about ICMP.
    """
    asked = service.request(family)
    for group, rule, span in _placed(rules):
        if not isinstance(rule.traffic, Traffic):
            continue
        if service.is_ping:
            if PING_WORD.search(rule.says):
                text = f"lets {rule.traffic} in; ping is {asked}"
                return Blocker(
                    Reason.GROUP_PROTOCOL, _culprit(group, rule), Label(span, text), (),
                    (rule, group),
                )  # fmt: skip
            continue
        if rule.traffic.ports == asked.ports:
            text = f"lets {rule.traffic} in; {service} is {asked}"
            return Blocker(
                Reason.GROUP_PROTOCOL, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
        if looks_meant(rule.traffic, asked):
            text = f"lets {rule.traffic} in; {service} is {asked}"
            return Blocker(
                Reason.GROUP_PORT, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def looks_meant(traffic: Traffic, asked: Traffic) -> bool:
    """
    Whether ports are those of a service, mistaken: port 0 copied from an allow-all rule, reversed
    bounds, a range that ends at the port, the same digits in another order (3398).
    """
    (low, high), port = traffic.ports, asked.ports[0]
    swapped = low == high and sorted(str(low)) == sorted(str(port))
    mistaken = (low, high) == (0, 0) or low > high or (low <= 1 and 0 < high < port) or swapped
    return traffic.protocol == asked.protocol and mistaken


def _wrong_type(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    """An ICMP rule for these very clients, and with another type."""
    asked = service.request(family)
    near = [
        (group, rule)
        for group, rule in rules
        if isinstance(rule.traffic, Traffic)
        and rule.traffic.protocol == asked.protocol
        and not _fits_traffic(rule, asked)
        and any(prefix.family == family for prefix in _named_source(rule))
    ]
    return _wrong_icmp(near, peer, family, service)


def _other_icmp(rules: Rules, peer: Peer, family: Family, service: Service) -> Blocker | None:
    """ICMP for blocks of a family that has an ICMP of its own."""
    asked = service.request(family)
    for group, rule, span in _placed(rules):
        if (
            service.is_ping
            and isinstance(rule.traffic, Traffic)
            and rule.traffic.protocol in {ICMP, ICMPV6} - {asked.protocol}
            and any(prefix.family == family for prefix in _named_source(rule))
        ):
            text = f"lets {rule.traffic} in; ping over {_written(family)} is {asked}"
            return Blocker(
                Reason.GROUP_PROTOCOL, _culprit(group, rule), Label(span, text), (), (rule, group)
            )
    return None


def _written(family: Family) -> str:
    return "IPv6" if family == "ipv6" else "IPv4"


_TESTS: tuple[Test, ...] = (
    _private_source,
    _no_source,
    _wrong_type,
    _other_icmp,
    _other_family,
    _other_source,
    _wrong_icmp,
    _near_port,
)


def _culprit(group: Group, rule: Rule) -> Node:
    """What has to change: the rule where it is a resource of its own, else its group."""
    return group if rule.address == group.address else rule


def _place(rule: Rule, otherwise: Span) -> Span:
    if rule.texts:
        return rule.texts[0][1]
    written = (prefix.span for _, prefix in rule.public_of)
    return next((span for span in written if span is not None), otherwise)


def _egress_blocker(interface: Interface, peer: Peer, family: Family, service: Service) -> Blocker:
    groups = [g for g in interface.candidates if isinstance(g, Group)]
    node: Node = next((g for g in groups if g.span), interface)
    span = node.span or interface.span or Span("", 1)
    rules = [r for g in groups for r in g.egress]
    asked = service.request(family)
    text = f"no outbound rule lets {asked} out" if rules else "has no outbound rule"
    return Blocker(Reason.EGRESS_RULE, node, Label(span, text), (), tuple(groups))
