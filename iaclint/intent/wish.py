"""
Whether somebody means to log in to an instance at all: what makes a change inside of it matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.finding import Label, Level
from iaclint.host.setup import Change, Fact
from iaclint.intent.evidence import ingress, is_specific, outside, speaks_of
from iaclint.network import Group, Instance, Network, Rule, Vpc
from iaclint.packet.prefix import FAMILIES
from iaclint.packet.service import SSH, Service


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What shows it. `strong` wishes contradict a change that shuts the login out; weak ones make it
    worth a warning.
    """

    label: Label
    strong: bool

    def level(self, sure: bool) -> Level:
        """How bad a change is that defeats the wish."""
        return Level.ERROR if self.strong and sure else Level.WARNING


def wish(instance: Instance, service: Service = SSH) -> Wish | None:
    """The strongest sign that somebody uses the service, on its usual port or another."""
    if instance.managed:
        return None
    return next(_signs(instance, service), None)


def _signs(instance: Instance, service: Service) -> Iterator[Wish]:
    if service.key == SSH.key:
        for login in instance.logins:
            words = "Terraform logs in here" if login.is_provisioner else "says how to log in"
            yield Wish(Label(login.span, words), True)
    rule = rule_for(instance, service)
    if rule is not None and rule.span is not None:
        yield Wish(Label(rule.span, f"{service} is let in here"), True)
    other = instance.platform == ("windows" if service.key == SSH.key else "linux")
    if instance.key_span is not None and instance.key and not service.is_ping and not other:
        yield Wish(Label(instance.key_span, "the key pair says that somebody logs in"), False)


def rule_for(instance: Instance, service: Service) -> Rule | None:
    """A rule that is about the service and lets somebody in."""
    for interface in instance.interfaces():
        for _, rule in ingress(interface):
            if is_specific(rule, service) and any(speaks_of(rule, service, f) for f in FAMILIES):
                return rule
    return None


def rule_elsewhere(
    network: Network, vpc: Vpc | None, service: Service
) -> tuple[Group, Rule] | None:
    """A rule of a VPC that lets clients on the internet in, of a group that nothing carries."""
    for group in network.groups:
        if vpc is None or group.vpc is not vpc or network.members(group):
            continue
        if any(group in balancer.groups for balancer in network.balancers):
            continue
        for rule in group.ingress:
            if is_specific(rule, service) and any(True for _ in outside(rule, service)):
                return group, rule
    return None


def for_outsiders(instance: Instance, service: Service) -> bool:
    """Whether a rule lets clients on the internet use the service."""
    return any(
        True
        for interface in instance.interfaces()
        for _, rule in ingress(interface)
        for _ in outside(rule, service)
    )


def changed(
    network: Network, change: Change, service: Service = SSH
) -> Iterator[tuple[Instance, Fact, Wish]]:
    """What user data changes on instances that somebody means to log in to."""
    for instance in network.instances:
        facts = list(instance.setup.of(change))
        found = wish(instance, service) if facts else None
        if found is not None:
            yield from ((instance, fact, found) for fact in facts)


def lets_in(instance: Instance, port: int) -> bool:
    """Whether any group lets a TCP port in, or may."""
    service = Service(f"tcp/{port}", f"port {port}", SSH.protocol, port)
    for interface in instance.interfaces():
        for group in interface.groups:
            if not isinstance(group, Group) or group.rest is not None:
                return True
            if any(_may(rule, service) for rule in group.ingress):
                return True
    return False


def _may(rule: Rule, service: Service) -> bool:
    if not hasattr(rule.traffic, "covers"):
        return True
    return any(speaks_of(rule, service, family) for family in FAMILIES)
