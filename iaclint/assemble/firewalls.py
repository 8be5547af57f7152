"""
What routes can lead through: the endpoints of firewalls with their policies, and of appliances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iaclint.assemble.build import Build, place
from iaclint.assemble.firewall_rules import (
    by_priority,
    opaque,
    policy_variables,
    rules_of,
    stateless_action,
)
from iaclint.assemble.index import flat
from iaclint.assemble.interfaces import find_subnet
from iaclint.aws import firewall as shapes
from iaclint.aws.gateway import Endpoint
from iaclint.aws.gateway import Gateway as GatewayShape
from iaclint.aws.shape import dig, unknown_rest
from iaclint.aws.suricata import Variables
from iaclint.network import (
    FirewallPolicy,
    FirewallRule,
    Interface,
    Maybe,
    Middlebox,
    PublicAddress,
    Verdicts,
    Vpc,
)
from iaclint.source import Span
from iaclint.value import Unknown, Value, elements, text

INSIDE = PublicAddress(has=False, why="it is an endpoint that packets pass through")
DEFAULTS = ("aws:alert_strict", "aws:alert_established", "aws:drop_strict", "aws:drop_established")
"""What can happen in strict order to connections that no stateful rule decides."""


def build_firewalls(build: Build) -> None:
    """The endpoints of every middlebox, and the policy that decides what they let through."""
    for declared in build.index.all(GatewayShape):
        box = build.gateways.get(declared.address)
        if isinstance(box, Middlebox):
            box.interfaces = tuple(_interfaces(build, declared))
            if not isinstance(declared, Endpoint):
                box.policy = _policy(build, declared)


def _interfaces(build: Build, declared: GatewayShape) -> Iterator[Interface]:
    if isinstance(declared, Endpoint):
        values: Iterable[Value | None] = flat(declared.subnets)
    elif isinstance(declared, (shapes.Firewall, shapes.FirewallAssociation)):
        values = [
            dig(each, "subnet_id") or dig(each, "SubnetId") for each in elements(declared.mappings)
        ]
    else:
        values = ()
    for value in values:
        why = Unknown("the subnet of the endpoint is not given", declared.span)
        subnet = why if value is None else find_subnet(build, value, declared.resource)
        yield Interface(**place(declared), subnet=subnet, public=INSIDE)


def _policy(build: Build, declared: GatewayShape) -> Maybe[FirewallPolicy]:
    firewall = (
        build.index.find(declared.firewall, shapes.Firewall)
        if isinstance(declared, shapes.FirewallAssociation)
        else declared
    )
    if not isinstance(firewall, shapes.Firewall):
        return _foreign(declared, firewall)
    policy = build.index.find(firewall.policy, shapes.FirewallPolicy)
    if not isinstance(policy, shapes.FirewallPolicy) or policy.is_data:
        return _foreign(firewall, policy)
    vpcs = build.gateways[firewall.address].vpcs
    return policy.maybe or _read(build, policy, next(iter(vpcs), None))


def _foreign(at: GatewayShape, found: object) -> Unknown:
    why = f" ({found.reason})" if isinstance(found, Unknown) else ""
    return Unknown(f"the policy of {at.address} is made elsewhere{why}", at.span)


def _read(build: Build, declared: shapes.FirewallPolicy, vpc: Maybe[Vpc] | None) -> FirewallPolicy:
    variables = policy_variables(declared.variables, vpc)
    order = text(declared.order)
    strict = order == "STRICT_ORDER"
    stateful = list(_rules(build, declared, declared.stateful, variables, strict))
    if isinstance(order, Unknown):
        stateful = [opaque(declared, order)] if stateful else []
    elif not strict:
        stateful.sort(key=_precedence)
    if declared.tls is not None:
        why = Unknown(f"{declared.address} decrypts TLS before its rules are asked", declared.span)
        stateful.insert(0, opaque(declared, why))
    return FirewallPolicy(
        **place(declared),
        stateless=tuple(_rules(build, declared, declared.stateless, variables, True)),
        stateful=tuple(stateful),
        otherwise=_otherwise(declared, order),
    )


def _precedence(rule: FirewallRule) -> int:
    """
    Pass before drop, wherever they are written.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
    """
    return {"pass": 0, "drop": 2}.get(rule.action, 1) if isinstance(rule.action, str) else 1


def _rules(
    build: Build,
    policy: shapes.FirewallPolicy,
    value: Value | None,
    variables: Variables,
    ordered: bool,
) -> Iterator[FirewallRule]:
    """The rules of all groups by the priorities of these; what is not known comes first."""
    found = list(shapes.parts(shapes.GroupReference, value, policy))
    if (rest := unknown_rest(value)) is not None:
        yield opaque(policy, rest)
    why = Unknown(f"the order of the groups of {policy.address}", policy.span)
    order = by_priority(found, why) if ordered else found
    if isinstance(order, Unknown):
        yield opaque(policy, order)
        return
    for reference in order:
        yield from rules_of(build, reference, variables)


def _otherwise(declared: shapes.FirewallPolicy, order: str | Unknown | None) -> Verdicts:
    stateless = stateless_action(declared.stateless_default)
    verdicts = Verdicts(
        stateless=stateless or Unknown("the policy has no default action", declared.span),
        stateless_span=_span(declared.stateless_default),
    )
    if isinstance(order, Unknown):
        verdicts.opening = verdicts.established = order
    if order != "STRICT_ORDER":
        return verdicts
    named = [text(each) for each in flat(declared.stateful_default)]
    verdicts.stateful_span = _span(declared.stateful_default)
    doubts = [
        each
        if isinstance(each, Unknown)
        else Unknown(f"what {each} drops is not known", declared.span)
        for each in named
        if each not in DEFAULTS
    ]
    if doubts:
        verdicts.opening = verdicts.established = doubts[0]
    if "aws:drop_strict" in named:
        verdicts.opening = verdicts.established = "drop"
    elif "aws:drop_established" in named:
        verdicts.established = "drop"
    return verdicts


def _span(value: Value | None) -> Span | None:
    return value.span if value is not None else None
