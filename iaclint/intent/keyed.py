"""
Flows that a key pair or a printed ping command asks for, where no rule lets anybody in.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.flow import INTERNET_CLIENT, Client, Evidence, Flow
from iaclint.intent.addressed import has_address
from iaclint.intent.alone import is_alone, is_of_its_vpc
from iaclint.intent.behind import is_for
from iaclint.intent.evidence import any_rule, is_switched_off, speaks_of
from iaclint.intent.outputs import announced, pinged
from iaclint.intent.signs import all_signs, is_called_bastion, is_connected
from iaclint.intent.tunnels import is_desktop_gateway
from iaclint.intent.whom import is_nobodys
from iaclint.network import Group, Instance, Interface, Network, Rule
from iaclint.packet.prefix import FAMILIES, PRIVATE, Family, Prefix, addresses
from iaclint.packet.service import RDP, SSH, Service
from iaclint.trace.balancer import doors
from iaclint.value import Unknown


def by_output(
    network: Network, instance: Instance, service: Service, client: Client | None
) -> Iterator[Flow]:
    """A ping command is printed, and no rule lets ping in."""
    said = pinged(network, instance)
    if said is not None and not _ways_in(network, instance, service):
        family: Family = "ipv4" if has_address(instance, "ipv4") else "ipv6"
        yield Flow(client or INTERNET_CLIENT, instance, service, family, (said,))


def by_key(
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
                found.update(_ways_by(network, instance, interface, group, service))
    return found


def _ways_by(
    network: Network, instance: Instance, interface: Interface, group: Group, service: Service
) -> Iterator[bool | None]:
    """The same by the rules of one group, which the interface may only have on a condition."""
    for rule in group.ingress:
        if isinstance(rule.traffic, Unknown) or rule.maybe is not None:
            yield None
        elif _usable(network, instance, interface, rule, group, service):
            yield True if group in interface.groups else None


def _usable(
    network: Network,
    instance: Instance,
    interface: Interface,
    rule: Rule,
    group: Group,
    service: Service,
) -> bool:
    """A rule by which somebody else than the members of the group gets in."""
    if not any(speaks_of(rule, service, family) for family in FAMILIES):
        return False
    if rule.holders or rule.managed:
        return True
    others = [other for other in rule.groups if other is not group]
    if any(not is_nobodys(network, instance, interface, other) for other in others):
        return True
    if others and any(d.target.instance is instance and is_for(d, service) for d in doors(network)):
        return True
    return any(_somebody_has(network, instance, interface, prefix) for prefix in rule.prefixes)


def _somebody_has(
    network: Network, instance: Instance, interface: Interface, prefix: Prefix | Unknown
) -> bool:
    """
    Whether there is anybody who could have an address of a block: here, or connected. Hosts in the
    VPC of a bastion with an address of its own come from there, and do not log in to it.
    """
    vpc = interface.vpc
    if isinstance(prefix, Unknown) or isinstance(vpc, Unknown) or is_connected(network, vpc):
        return True
    if not prefix.region <= addresses(PRIVATE, prefix.family):
        return True
    if interface.public.how in ("elastic", "requested") and is_of_its_vpc(interface, prefix):
        if is_called_bastion(instance):
            return bool(network.client_vpns or network.connect_endpoints)
        return not is_alone(network, interface)
    mine = addresses((p for p in vpc.prefixes if isinstance(p, Prefix)), prefix.family)
    return bool(prefix.region & mine) or any(isinstance(p, Unknown) for p in vpc.prefixes)
