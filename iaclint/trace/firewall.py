"""
What the rules of a firewall do with a connection: packet by packet, then as a whole.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iaclint.network import FirewallAction, FirewallPolicy, FirewallRule, Maybe, Stage
from iaclint.packet.prefix import Family
from iaclint.packet.region import Region
from iaclint.packet.service import EPHEMERAL, SSH, TCP, UDP, Service
from iaclint.packet.side import Side
from iaclint.trace.model import Direction
from iaclint.value import Unknown

ACTIONS: tuple[FirewallAction, ...] = ("pass", "drop", "inspect")
LOGINS = ("ssh", "rdp")
OTHERS = (
    *("a list of domains", "http", "http2", "ftp", "smb", "dns", "dcerpc", "smtp", "imap", "msn"),
    *("krb5", "ikev2", "tftp", "ntp", "dhcp"),
)
"""What neither login can be taken for."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    Which connections a firewall is asked about: those of a service from clients to servers. A
    point of `space` is a client's address and its port.
    """

    family: Family
    service: Service
    clients: Region
    servers: Region

    @property
    def protocol(self) -> int:
        """The number in the packets."""
        found = self.service.request(self.family).protocol
        assert found is not None
        return found

    @property
    def has_ports(self) -> bool:
        """Whether rules can name ports of it."""
        return self.protocol in (TCP, UDP)

    @property
    def space(self) -> Region:
        """Every client with every port."""
        ports = EPHEMERAL if self.has_ports else (0, 0)
        return Region(tuple((box[0], ports) for box in self.clients))


@dataclass(frozen=True, slots=True)
class Fate:
    """
    What becomes of the connections: by action those it certainly happens to and those it may
    happen to. `by_rule` are those that a rule may decide, not the default.
    """

    sure: Mapping[FirewallAction, Region] = field(default_factory=dict)
    possible: Mapping[FirewallAction, Region] = field(default_factory=dict)
    by_rule: Mapping[FirewallAction, Region] = field(default_factory=dict)
    unknowns: tuple[Unknown, ...] = ()


def follow(
    rules: Iterable[FirewallRule],
    otherwise: Maybe[FirewallAction],
    asked: Question,
    direction: Direction,
    stage: Stage = "any",
) -> Fate:
    """The first rule that matches decides, and the default where none does."""
    left = asked.space
    sure = dict.fromkeys(ACTIONS, Region())
    possible = dict.fromkeys(ACTIONS, Region())
    unknowns: list[Unknown] = []
    for rule in rules:
        certain, perhaps, why = _hit(rule, asked, direction, stage)
        if not (met := left & perhaps):
            continue
        unknowns += why
        _settle(rule.action, left & certain, met, sure, possible)
        left -= certain
    by_rule = dict(possible)
    if isinstance(otherwise, Unknown) and left:
        unknowns.append(otherwise)
    _settle(otherwise, left, left, sure, possible)
    return Fate(sure, possible, by_rule, tuple(unknowns))


def _settle(
    action: Maybe[FirewallAction],
    certain: Region,
    met: Region,
    sure: dict[FirewallAction, Region],
    possible: dict[FirewallAction, Region],
) -> None:
    """Notes what happens to the connections that were met, unless something before did it."""
    if isinstance(action, Unknown):
        for each in ACTIONS:
            possible[each] |= met
        return
    for other in ACTIONS:
        if other != action:
            certain -= possible[other]
    sure[action] |= certain
    possible[action] |= met


def _hit(
    rule: FirewallRule, asked: Question, direction: Direction, stage: Stage
) -> tuple[Region, Region, list[Unknown]]:
    """The connections a rule matches for certain, those it may match, and what is not known."""
    doubts = [*rule.doubts]
    if isinstance(rule.action, Unknown):
        doubts.append(rule.action)
    if rule.protocols and asked.protocol not in rule.protocols:
        return Region(), Region(), []
    if rule.application and not _speaks(rule, asked, stage, doubts):
        return Region(), Region(), []
    if stage != "any" and rule.stage not in ("any", stage):
        return Region(), Region(), []
    if stage == "any" and rule.stage != "any":
        doubts.append(Unknown("the rule is about one stage of connections", rule.span))
    ends = [(rule.source, rule.destination)]
    if rule.both:
        ends.append((rule.destination, rule.source))
    certain, perhaps = Region(), Region()
    for source, destination in ends:
        client, server = (source, destination) if direction == "request" else (destination, source)
        some, may = _between(client, server, asked, doubts)
        certain, perhaps = certain | some, perhaps | may
    return (Region() if doubts else certain), perhaps, doubts


def _between(
    client: Side, server: Side, asked: Question, doubts: list[Unknown]
) -> tuple[Region, Region]:
    """The connections of which the ends are those that a rule names."""
    places = server.addresses(asked.family)
    if not asked.servers & places:
        return Region(), Region()
    ports = client.ports if asked.has_ports else Region((((0, 0),),))
    if asked.has_ports:
        if (asked.service.port,) not in server.ports:
            return Region(), Region()
    elif (client.ports, server.ports) != (Side().ports, Side().ports):
        doubts.append(Unknown(f"the rule names ports, which {asked.service} does not have"))
    met = Region(
        tuple((here[0], port[0]) for here in client.addresses(asked.family) for port in ports)
    )
    return (met if asked.servers <= places else Region()), met


def _speaks(rule: FirewallRule, asked: Question, stage: Stage, doubts: list[Unknown]) -> bool:
    """Whether a rule about a protocol that is recognised by its content can be about this."""
    service, named = asked.service, rule.application
    if stage == "opening" or service.is_ping or (service.key in LOGINS and named in OTHERS):
        return False
    if service != SSH or named != "ssh":
        doubts.append(Unknown(f"whether {service} counts as {named} is not known", rule.span))
    elif rule.action != "drop":
        doubts.append(Unknown("the rule waits until SSH is recognised", rule.span))
    return True


@dataclass(frozen=True, slots=True)
class Connection:
    """
    What the stateful engine does for certain with connections that it sees from their first
    packet on: those it lets through, those it refuses, and those it cuts once they stand.
    """

    through: Region
    refused: Region
    cut: Region
    unknowns: tuple[Unknown, ...] = ()


def connection(policy: FirewallPolicy, asked: Question) -> Connection:
    """
    A TCP connection needs its handshake and what comes after it; a packet that a rule passes takes
    all that follow with it.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
    """
    rules, default = _told_apart(policy.stateful, asked), policy.otherwise
    if asked.protocol != TCP:
        apart = default.opening != default.established
        why = Unknown("what counts as established is not known without TCP", default.stateful_span)
        fate = follow(rules, why if apart else default.opening, asked, "request")
        return Connection(fate.sure["pass"], fate.sure["drop"], Region(), fate.unknowns)
    opening = follow(rules, default.opening, asked, "request", "opening")
    later = follow(rules, default.established, asked, "request", "established")
    return Connection(
        opening.sure["pass"] & later.sure["pass"],
        opening.sure["drop"],
        later.sure["drop"] - opening.by_rule["pass"],
        opening.unknowns + later.unknowns,
    )


def _told_apart(rules: Iterable[FirewallRule], asked: Question) -> list[FirewallRule]:
    """
    A rule without `flow` is asked about replies as well: one that fits these alone may match.
    """
    found: list[FirewallRule] = []
    for rule in rules:
        found.append(rule)
        if rule.requests or rule.both or asked.space <= _hit(rule, asked, "request", "any")[1]:
            continue
        if _hit(rule, asked, "reply", "any")[1]:
            found.append(_backwards(rule))
    return found


def _backwards(rule: FirewallRule) -> FirewallRule:
    why = Unknown("the rule fits the replies, not the requests", rule.span)
    return FirewallRule(
        address=rule.address,
        label=rule.label,
        span=rule.span,
        resource=rule.resource,
        action=rule.action,
        source=rule.destination,
        destination=rule.source,
        protocols=rule.protocols,
        application=rule.application,
        stage=rule.stage,
        doubts=(*rule.doubts, why),
    )


def dropper(
    rules: Iterable[FirewallRule], asked: Question, direction: Direction, stage: Stage = "any"
) -> FirewallRule | None:
    """The rule that drops some of the connections for certain; None where it is the default."""
    left = asked.space
    for rule in rules:
        certain = _hit(rule, asked, direction, stage)[0] & left
        if rule.action == "drop" and certain:
            return rule
        left -= certain
    return None
