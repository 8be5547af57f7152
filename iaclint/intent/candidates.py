"""
The flows that the evidence asks for, before anybody looks whether they work.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import (
    INTERNET_CLIENT,
    Client,
    Evidence,
    Flow,
    client_of,
)
from iaclint.intent.alone import is_alone, is_of_its_vpc
from iaclint.intent.connection import PRIVATE, Dial, dials
from iaclint.intent.evidence import (
    any_rule,
    ingress,
    inside,
    is_specific,
    is_switched_off,
    means,
    outside,
    services_of,
    speaks_of,
)
from iaclint.intent.outputs import announced, given_out, pinged
from iaclint.intent.signs import Signs, is_connected, is_upkeep, signs
from iaclint.intent.tunnels import is_desktop_gateway
from iaclint.network import Group, Instance, Interface, Network, Rule, Subnet, Vpc
from iaclint.packet.prefix import FAMILIES, INTERNET, Family, Prefix, addresses
from iaclint.packet.prefix import PRIVATE as PRIVATE_BLOCKS
from iaclint.packet.service import PING, RDP, SSH, Service
from iaclint.source import Span
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import only_family, region_of
from iaclint.value import Unknown


def candidates(network: Network, instance: Instance, client: Client | None) -> Iterator[Flow]:
    """Every flow to an instance that something in the files asks for."""
    yield from _connections(network, instance)
    if instance.managed and instance.key is None:
        return
    for service in services_of(instance):
        yield from _from_outside(network, instance, service, client)
    yield from _from_peers(network, instance)


def all_signs(network: Network, instance: Instance, family: Family) -> list[Signs]:
    """The signs of every interface of an instance."""
    return [signs(network, instance, each, family) for each in instance.interfaces()]


# ---- provisioners ----------------------------------------------------------------------------


def _connections(network: Network, instance: Instance) -> Iterator[Flow]:
    for dial in dials(instance):
        if dial.has_bastion:
            yield from _through_bastion(network, instance, dial)
        elif _dials_outside(instance, dial):
            family: Family = "ipv4"
            if dial.host is not None and dial.host.attribute.startswith("ipv6"):
                family = "ipv6"
            yield Flow(INTERNET_CLIENT, instance, dial.service, family, (dial.evidence,))


def _dials_outside(instance: Instance, dial: Dial) -> bool:
    """Whether the connection goes to an address outside; without a host it takes what there is."""
    if dial.host is not None:
        return dial.host.attribute.split("[")[0] not in PRIVATE
    if dial.is_vague and _addressable(instance, "ipv6"):
        return False
    return any(each.public.has is not False for each in instance.interfaces())


def _through_bastion(network: Network, instance: Instance, dial: Dial) -> Iterator[Flow]:
    address = dial.bastion.address if dial.bastion else ""
    for bastion in network.instances:
        if not _has_name(bastion, address) or not bastion.placements:
            continue
        yield Flow(INTERNET_CLIENT, bastion, dial.bastion_service, "ipv4", (dial.evidence,))
        door = bastion.placements[0][0]
        client = Client(bastion.address, {}, bastion, door)
        if _dials_public(instance, dial) and _goes_out(door, dial):
            client = Client(bastion.address, INTERNET, node=bastion)
        yield Flow(client, instance, dial.service, "ipv4", (dial.evidence,))


def _dials_public(instance: Instance, dial: Dial) -> bool:
    """
    Whether a bastion dials the public address of an instance: through the internet gateway, so that
    it comes with a public address, too. A public name is the private address inside of the VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    given = dial.connection.arguments.get("host")
    host = given.ref if isinstance(given, Unknown) else None
    return (
        host is not None
        and host.attribute == "public_ip"
        and _has_name(instance, host.address)
        and any(each.public.has is True for each in instance.interfaces())
    )


def _goes_out(door: Interface, dial: Dial) -> bool:
    """Whether the groups of a bastion let it out to the internet; else they are what blocks."""
    peer = Peer(INTERNET["ipv4"])
    return group_step(door, peer, "ipv4", dial.service, egress=True).verdict != "block"


def _has_name(instance: Instance, address: str) -> bool:
    """Whether a resource is the instance, or an Elastic IP of it."""
    return address == instance.address or any(
        address == interface.public.elastic.address
        for interface in instance.interfaces()
        if interface.public.elastic is not None
    )


# ---- clients outside -------------------------------------------------------------------------


def _from_outside(
    network: Network, instance: Instance, service: Service, client: Client | None
) -> Iterator[Flow]:
    found = _rules(network, instance, service)
    if service.is_ping:
        found = {family: [e for e in all_ if e.strong] for family, all_ in found.items()}
    if not any(found.values()):
        if service.is_ping:
            yield from _by_output(network, instance, service, client)
        else:
            yield from _by_key(network, instance, service, client)
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
        if not _addressable(instance, named[0]) and _has_address(instance, other) and not said:
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


def _addressable(instance: Instance, family: Family) -> bool:
    """Whether an address of the family is there, asked for, or may be there."""
    return any(
        (i.public.has is not False or i.public.asked is not None)
        if family == "ipv4"
        else i.ipv6 is not False
        for i in instance.interfaces()
    )


def _has_address(instance: Instance, family: Family) -> bool:
    return any(
        (i.public.has if family == "ipv4" else i.ipv6) is True for i in instance.interfaces()
    )


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


def _by_output(
    network: Network, instance: Instance, service: Service, client: Client | None
) -> Iterator[Flow]:
    """A ping command is printed, and no rule lets ping in."""
    said = pinged(network, instance)
    if said is not None and not _ways_in(network, instance, service):
        family: Family = "ipv4" if _has_address(instance, "ipv4") else "ipv6"
        yield Flow(client or INTERNET_CLIENT, instance, service, family, (said,))


def _by_key(
    network: Network, instance: Instance, service: Service, client: Client | None
) -> Iterator[Flow]:
    """
    A key pair and a public address, and no rule by which the key could be used; it is weak where
    the files may not show all rules.
    """
    other = RDP if service.key == SSH.key else SSH
    if instance.managed or instance.key is None or instance.key_span is None:
        return
    if service.key == RDP.key and is_desktop_gateway(instance):
        return
    ways = _ways_in(network, instance, service)
    if True in ways or is_switched_off(instance, service):
        return
    if instance.platform is None and any_rule(instance, other):
        return
    usual = RDP if service.key == RDP.key else SSH
    if service.port != usual.port and any_rule(instance, usual):
        return
    if instance.setup.somewhere and service.key == SSH.key:
        return
    for family in FAMILIES:
        for sign in all_signs(network, instance, family):
            asked = sign.addressed is True or sign.asked is not None or None in ways
            if asked and sign.addressed is not False:
                label = Label(instance.key_span, "the key pair says that somebody logs in")
                evidence = _with_output(network, instance, Evidence("key", label, None not in ways))
                yield Flow(client or INTERNET_CLIENT, instance, service, family, evidence)
                return


def _with_output(network: Network, instance: Instance, one: Evidence) -> tuple[Evidence, ...]:
    said = announced(network, instance)
    return (one,) if said is None else (one, said)


def _ways_in(network: Network, instance: Instance, service: Service) -> set[bool | None]:
    """True where a rule lets the service in, None where one may; nothing where none does."""
    found: set[bool | None] = set()
    for interface in instance.interfaces():
        for group in interface.candidates:
            if isinstance(group, Unknown) or group.rest is not None:
                found.add(None)
            if isinstance(group, Group):
                found.update(_ways_by(network, interface, group, service))
    return found


def _ways_by(
    network: Network, interface: Interface, group: Group, service: Service
) -> Iterator[bool | None]:
    """The same by the rules of one group, which the interface may only have on a condition."""
    for rule in group.ingress:
        if isinstance(rule.traffic, Unknown) or rule.maybe is not None:
            yield None
        elif _usable(network, interface, rule, group, service):
            yield True if group in interface.groups else None


def _usable(
    network: Network, interface: Interface, rule: Rule, group: Group, service: Service
) -> bool:
    """A rule by which somebody else than the members of the group gets in."""
    if not any(speaks_of(rule, service, family) for family in FAMILIES):
        return False
    if rule.holders or rule.managed or any(other is not group for other in rule.groups):
        return True
    return any(_somebody_has(network, interface, prefix) for prefix in rule.prefixes)


def _somebody_has(network: Network, interface: Interface, prefix: Prefix | Unknown) -> bool:
    """Whether there is anybody who could have an address of a block: here, or connected."""
    vpc = interface.vpc
    if isinstance(prefix, Unknown) or isinstance(vpc, Unknown) or is_connected(network, vpc):
        return True
    if not prefix.region <= addresses(PRIVATE_BLOCKS, prefix.family):
        return True
    if interface.public.how in ("elastic", "requested") and is_of_its_vpc(interface, prefix):
        return not is_alone(network, interface)
    mine = addresses((p for p in vpc.prefixes if isinstance(p, Prefix)), prefix.family)
    return bool(prefix.region & mine) or any(isinstance(p, Unknown) for p in vpc.prefixes)


# ---- instances of the same network -----------------------------------------------------------


def _from_peers(network: Network, instance: Instance) -> Iterator[Flow]:
    """Rules that name another instance's group or address; and rules of theirs that name ours."""
    seen: set[tuple[str, str]] = set()
    for interface in instance.interfaces():
        for flow in (
            *_named_inbound(network, instance, interface),
            *_named_outbound(network, instance, interface),
        ):
            key = (flow.client.name, flow.service.key)
            if key not in seen:
                seen.add(key)
                yield flow


def _named_inbound(network: Network, instance: Instance, interface: Interface) -> Iterator[Flow]:
    for group, rule in ingress(interface):
        for service in (SSH, RDP, PING):
            if not is_specific(rule, service):
                continue
            for peer, through in _peers(network, instance, interface, group, rule):
                family = only_family(through, interface)
                if not speaks_of(rule, service, family) and _both_have_ipv6(through, interface):
                    family = "ipv6"
                if speaks_of(rule, service, family):
                    said = Label(_span(rule), f"{service} is let in from there")
                    yield _internal(peer, through, instance, service, family, said, rule)


def _both_have_ipv6(one: Interface, other: Interface) -> bool:
    return one.ipv6 is True and other.ipv6 is True


def _peers(
    network: Network, instance: Instance, interface: Interface, group: Group, rule: Rule
) -> Iterator[tuple[Instance, Interface]]:
    for other in rule.groups:
        if isinstance(other, Group) and other is not group:
            yield from (m for m in network.members(other) if m[0] is not instance)
    for holder in (*rule.holders, *_outer_holders(rule, interface)):
        for peer in network.instances:
            if _has_name(peer, holder) and peer is not instance and peer.placements:
                yield peer, peer.placements[0][0]


def _outer_holders(rule: Rule, interface: Interface) -> Iterator[str]:
    """Whose public address a rule names on an interface that has none to be dialled by."""
    if interface.public.has is False:
        yield from (holder for holder, _ in rule.public_of)


def _named_outbound(network: Network, instance: Instance, interface: Interface) -> Iterator[Flow]:
    """An outbound rule for one service towards a group of ours, or towards our subnet."""
    mine = [g for g in interface.groups if isinstance(g, Group)]
    for group in network.groups:
        for rule in group.egress:
            towards = any(g in mine for g in rule.groups if isinstance(g, Group))
            if not towards and not (instance.key and _towards(network, rule, interface)):
                continue
            for service in (SSH, RDP):
                if not is_specific(rule, service):
                    continue
                for peer, through in network.members(group):
                    family = only_family(through, interface)
                    if peer is not instance and speaks_of(rule, service, family):
                        said = Label(_span(rule), f"{service} is let out here")
                        yield _internal(
                            peer, through, instance, service, family, said, rule, some=not towards
                        )


def _towards(network: Network, rule: Rule, interface: Interface) -> bool:
    """Whether a rule names the subnet of an interface, or a part of it, and not its whole VPC."""
    subnet, vpc = interface.subnet, interface.vpc
    if isinstance(subnet, Unknown) or isinstance(vpc, Unknown):
        return False
    mine = subnet.prefix
    if not isinstance(mine, Prefix) or mine in vpc.prefixes:
        return False
    named = [p for p in rule.prefixes if isinstance(p, Prefix) and p.length > _widest(vpc)]
    return any(mine in p or (p in mine and _may_mean(network, p, interface)) for p in named)


def _may_mean(network: Network, part: Prefix, interface: Interface) -> bool:
    """Whether a part of a subnet can be about an interface: nobody else is known to be in it."""
    own = region_of(interface, part.family)
    if own <= part.region:
        return True
    others = (i for each in network.instances for i in each.interfaces() if i is not interface)
    return bool(own & part.region) and not any(
        i.vpc is interface.vpc and region_of(i, part.family) <= part.region for i in others
    )


def _widest(vpc: Vpc) -> int:
    known = [p.length for p in vpc.prefixes if isinstance(p, Prefix)]
    return min(known, default=32)


def _span(rule: Rule) -> Span:
    assert rule.span is not None
    return rule.span


def _internal(
    peer: Instance,
    through: Interface,
    instance: Instance,
    service: Service,
    family: Family,
    said: Label,
    rule: Rule,
    *,
    some: bool = False,
) -> Flow:
    client = Client(peer.address, {}, peer, through)
    return Flow(client, instance, service, family, (Evidence("rule", said, some=some, rule=rule),))
