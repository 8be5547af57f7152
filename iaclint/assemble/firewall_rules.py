"""
The rules in the groups of a firewall policy, stateless and stateful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import TypeVar

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import written
from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import firewall as shapes
from iaclint.aws import suricata
from iaclint.aws.shape import Declared, blocks, dig, unknown_rest
from iaclint.aws.suricata import Line, NotDecided, Variables
from iaclint.network import FirewallAction, FirewallRule, Maybe, Stage, Vpc
from iaclint.packet.prefix import Prefix, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import ICMP, ICMPV6, TCP, UDP
from iaclint.packet.side import ALL_PORTS, ANYWHERE, Side
from iaclint.source import Span
from iaclint.value import MapValue, Unknown, Value, elements, text, whole

PROTOCOLS = {"ip": (), "tcp": (TCP,), "udp": (UDP,), "icmp": (ICMP, ICMPV6)}
"""Those that a packet shows; every other is recognised by what the client and the server say."""

STATELESS: dict[str, FirewallAction] = {
    "aws:pass": "pass",
    "aws:drop": "drop",
    "aws:forward_to_sfe": "inspect",
}
"""https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html"""

STATEFUL: dict[str, FirewallAction] = {
    "pass": "pass",
    **dict.fromkeys(("drop", "reject", "rejectsrc", "rejectdst", "rejectboth"), "drop"),
}
"""An alert decides nothing."""

SILENT = {"msg", "sid", "gid", "rev", "classtype", "metadata", "reference", "priority", "target"}
"""Options that say nothing about packets."""

DOMAINS = "a list of domains"

SETS = ("ip_sets", "port_sets", "IPSets", "PortSets")
"""Where the variables of a group are; those of a policy are not in any of these."""

Ranked = TypeVar("Ranked", shapes.GroupReference, shapes.StatelessRule)


def opaque(at: Declared, why: Unknown) -> FirewallRule:
    """Something in a policy that may match anything and do anything."""
    return FirewallRule(**place(at), action=why, doubts=(why,))


def policy_variables(value: Value | None, vpc: Maybe[Vpc] | None) -> Variables:
    """
    What a policy's variables stand for. `HOME_NET` is the VPC of the firewall unless given, and
    `EXTERNAL_NET` all the rest.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-limitations-caveats.html
    """
    found: dict[str, tuple[str, ...]] = {"EXTERNAL_NET": ("!$HOME_NET",)}
    if isinstance(vpc, Vpc) and vpc.prefixes:
        known = tuple(p.text for p in vpc.prefixes if isinstance(p, Prefix))
        if len(known) == len(vpc.prefixes):
            found["HOME_NET"] = known
    return _variables(value, found)


def _variables(value: Value | None, outer: Variables) -> dict[str, tuple[str, ...]]:
    """The outer variables with those that are given in their place; none where any may be given."""
    found = dict(outer)
    for name, definition in _given(value):
        if isinstance(name, Unknown):
            return {}
        words = [text(word) for word in elements(definition)]
        known = tuple(word for word in words if isinstance(word, str))
        found.pop(name, None)
        if known and len(known) == len(words):
            found[name] = known
    return found


def _given(value: Value | None) -> Iterator[tuple[str | Unknown, Value | None]]:
    """Terraform names a set in a block, CloudFormation by a key; a name may not be known."""
    if (rest := unknown_rest(value)) is not None:
        yield rest, None
    for block in blocks(value):
        name = text(block.get("key"))
        if name is not None:
            yield name, dig(block, "ip_set.definition") or dig(block, "port_set.definition")
        for key, inner in block.items.items():
            if key in SETS:
                yield from _given(inner)
            elif isinstance(inner, MapValue | Unknown):
                yield key, dig(inner, "Definition")


def rules_of(
    build: Build, reference: shapes.GroupReference, outer: Variables
) -> Iterator[FirewallRule]:
    """The rules of a group in the order in which they are asked."""
    group = build.index.find(reference.group, shapes.FirewallRuleGroup)
    if not isinstance(group, shapes.FirewallRuleGroup) or group.is_data:
        plain = text(reference.group)
        name = plain.rpartition("/")[2] if isinstance(plain, str) else "a group of rules"
        yield opaque(reference, Unknown(f"what {name} holds is not known", reference.span))
        return
    if group.maybe is not None:
        yield opaque(group, group.maybe)
        return
    variables = _variables(group.variables, outer)
    given = [name for name, _ in _given(group.variables)]
    if "HOME_NET" in given and "EXTERNAL_NET" not in given:
        variables.pop("EXTERNAL_NET", None)
    yield from _stateless(group)
    yield from _stateful(group, variables)
    yield from _lines(group, variables)
    if group.domains is not None:
        why = Unknown(f"{group.address} is about names in HTTP and TLS", group.span)
        yield FirewallRule(**place(group), action=why, application=DOMAINS, doubts=(why,))


def by_priority(found: list[Ranked], otherwise: Unknown) -> list[Ranked] | Unknown:
    """What has to be asked in the order of its priorities; why that order is not known."""
    numbers = [whole(each.priority) for each in found]
    lost = [number for number in numbers if not isinstance(number, int)]
    if not lost:
        return [each for _, each in sorted(zip(numbers, found, strict=True), key=itemgetter(0))]
    return found if len(found) == 1 else lost[0] or otherwise


# ---- stateless -------------------------------------------------------------------------------


def _stateless(group: shapes.FirewallRuleGroup) -> Iterator[FirewallRule]:
    if (rest := unknown_rest(group.stateless)) is not None:
        yield opaque(group, rest)
    found = list(shapes.parts(shapes.StatelessRule, group.stateless, group))
    why = Unknown(f"a rule of {group.address} has no priority", group.span)
    order = by_priority(found, why)
    if isinstance(order, Unknown):
        yield opaque(group, order)
    else:
        yield from map(_stateless_rule, order)


def _stateless_rule(rule: shapes.StatelessRule) -> FirewallRule:
    numbers = [whole(value) for value in elements(rule.protocols)]
    doubts = [number for number in numbers if isinstance(number, Unknown)]
    protocols = () if doubts else tuple(n for n in numbers if isinstance(n, int))
    if rule.flags is not None:
        doubts.append(Unknown("the rule is about some TCP flags only", rule.span))
    action = stateless_action(rule.actions)
    return FirewallRule(
        **{**place(rule), "label": f"priority {text(rule.priority)}"},
        action=action or Unknown("the rule has no action", rule.span),
        source=_side(rule, rule.sources, rule.source_ports, doubts),
        destination=_side(rule, rule.destinations, rule.destination_ports, doubts),
        protocols=protocols,
        doubts=tuple(doubts),
    )


def _side(
    rule: shapes.StatelessRule, blocks_: Value | None, ports: Value | None, doubts: list[Unknown]
) -> Side:
    """Nothing given means everything; what is not known may be anything."""
    places = [prefix_of(each.block) for each in shapes.parts(shapes.AddressBlock, blocks_, rule)]
    known = [each for each in places if isinstance(each, Prefix)]
    lost = [each for each in (*places, unknown_rest(blocks_)) if isinstance(each, Unknown)]
    ranges = [_range(each) for each in shapes.parts(shapes.PortRange, ports, rule)]
    lost += [each for each in (*ranges, unknown_rest(ports)) if isinstance(each, Unknown)]
    doubts += lost
    anywhere = blocks_ is None or len(known) < len(places) or unknown_rest(blocks_) is not None
    spans = [each for each in ranges if isinstance(each, Region)]
    every = ports is None or len(spans) < len(ranges) or unknown_rest(ports) is not None
    return Side(
        ANYWHERE.ipv4 if anywhere else addresses(known, "ipv4"),
        ANYWHERE.ipv6 if anywhere else addresses(known, "ipv6"),
        ALL_PORTS if every else Region.of(box for span in spans for box in span),
    )


def _range(declared: shapes.PortRange) -> Maybe[Region]:
    first, last = whole(declared.first), whole(declared.last)
    if isinstance(first, int) and (last is None or isinstance(last, int)):
        return Region((((first, max(first, first if last is None else last)),),))
    unknown = first if isinstance(first, Unknown) else last
    return unknown if isinstance(unknown, Unknown) else Unknown("a range without a first port")


def stateless_action(value: Value | None) -> Maybe[FirewallAction] | None:
    """
    The standard action of a list, which has one of them; all others are names of metrics.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html
    """
    named = [text(each) for each in elements(value)]
    known = [STATELESS[each] for each in named if isinstance(each, str) and each in STATELESS]
    return known[0] if known else next((each for each in named if isinstance(each, Unknown)), None)


# ---- stateful --------------------------------------------------------------------------------


def _stateful(group: shapes.FirewallRuleGroup, variables: Variables) -> Iterator[FirewallRule]:
    if (rest := unknown_rest(group.stateful)) is not None:
        yield opaque(group, rest)
    for rule in shapes.parts(shapes.StatefulRule, group.stateful, group):
        line = _line(rule)
        made = opaque(rule, line) if isinstance(line, Unknown) else _rule(rule, line, variables)
        yield from [made] if made is not None else []


def _line(rule: shapes.StatefulRule) -> Maybe[Line]:
    values = (
        rule.action, rule.protocol, rule.source, rule.source_port, rule.direction,
        rule.destination, rule.destination_port,
    )  # fmt: skip
    words: list[str] = []
    for value in values:
        word = text(value)
        if not isinstance(word, str):
            return word or Unknown("a part of the rule is missing", rule.span)
        words.append(word)
    options: list[tuple[str, str]] = []
    for option in shapes.parts(shapes.RuleOption, rule.options, rule):
        settings = [text(each) for each in elements(option.settings)]
        keyword = text(option.keyword)
        if not isinstance(keyword, str) or any(isinstance(each, Unknown) for each in settings):
            return Unknown("an option of the rule is not known", rule.span)
        name, _, said = keyword.partition(":")
        options.append((name.strip().lower(), said or ",".join(str(each) for each in settings)))
    action, protocol, source, source_port, direction, destination, port = words
    arrow = "<>" if direction.upper() == "ANY" else "->"
    return Line(
        action.lower(), protocol.lower(), source, source_port, arrow, destination, port,
        tuple(options),
    )  # fmt: skip


def _lines(group: shapes.FirewallRuleGroup, variables: Variables) -> Iterator[FirewallRule]:
    said = text(group.lines)
    if isinstance(said, Unknown):
        yield opaque(group, said)
    if not isinstance(said, str):
        return
    whole_text = written(group.lines, group.span)
    for number, line in suricata.lines(said):
        span = _line_of(whole_text, said, number)
        if isinstance(line, NotDecided):
            yield opaque(group, Unknown(f"{group.address} has {line}", span))
        elif (rule := _rule(group, line, variables, span)) is not None:
            yield rule


def _line_of(span: Span, text_: str, number: int) -> Span:
    """The line of a text that is written below the line it begins in, one for one."""
    extent = span.end_line - span.line
    if extent not in (len(text_.splitlines()), len(text_.splitlines()) + 1):
        return span
    length = len(text_.splitlines()[number])
    return Span(span.path, span.line + 1 + number, 1, span.line + 1 + number, length + 1)


def _rule(
    at: Declared, line: Line, variables: Variables, span: Span | None = None
) -> FirewallRule | None:
    """The rule that a line says; None for one that only reports."""
    where = span or at.span
    if line.action not in STATEFUL:
        return None if line.action == "alert" else opaque(at, Unknown(f"{line.action} rule", where))
    doubts: list[Unknown] = []
    stage, requests = _options(line.options, doubts, where)
    return FirewallRule(
        **{
            **place(at),
            "span": where,
            "label": f"{line.action} {line.protocol} {line.source} {line.source_port} {line.arrow} "
            f"{line.destination} {line.destination_port}",
        },
        action=STATEFUL[line.action],
        source=_end(line.source, line.source_port, variables, doubts, where),
        destination=_end(line.destination, line.destination_port, variables, doubts, where),
        protocols=PROTOCOLS.get(line.protocol, ()),
        application="" if line.protocol in PROTOCOLS else line.protocol,
        both=line.arrow == "<>",
        requests=requests,
        stage=stage,
        doubts=tuple(doubts),
    )


def _end(place_: str, ports: str, variables: Variables, doubts: list[Unknown], span: Span) -> Side:
    try:
        return Side(
            suricata.addresses(place_, "ipv4", variables),
            suricata.addresses(place_, "ipv6", variables),
            suricata.ports(ports, variables),
        )
    except NotDecided as error:
        doubts.append(Unknown(str(error), span))
        return ANYWHERE


def _options(
    options: Iterable[tuple[str, str]], doubts: list[Unknown], span: Span
) -> tuple[Stage, bool]:
    """
    Which packets the options leave. Whatever looks into a packet makes it a matter of content.

    https://docs.suricata.io/en/latest/rules/flow-keywords.html#flow
    """
    stage: Stage = "any"
    requests = False
    for keyword, settings in options:
        if keyword in SILENT:
            continue
        if keyword != "flow":
            doubts.append(Unknown(f"the rule looks into packets ({keyword})", span))
            continue
        for word in (each.strip().lower() for each in settings.split(",")):
            if word in ("to_server", "from_client"):
                requests = True
            elif word in ("established", "not_established"):
                stage = "established" if word == "established" else "opening"
            elif word != "stateless":
                doubts.append(Unknown(f"the rule is about some packets only ({word})", span))
    return stage, requests
