"""
Through a middlebox: routes lead to the endpoint of a firewall, and its rules decide what goes on.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.network import FirewallPolicy, FirewallRule, Middlebox, Node
from iaclint.packet.prefix import show_after
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.firewall import Connection, Fate, Question, connection, dropper, follow
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.value import Unknown

NOWHERE = Span("", 1)


@dataclass(frozen=True, slots=True)
class Via:
    """The clients whose packets pass the middlebox in one direction: certainly, and perhaps."""

    sure: Region
    possible: Region


NEVER = Via(Region(), Region())


@dataclass(frozen=True, slots=True)
class Crossing:
    """
    How the connections of a question meet a middlebox: `there` in the requests, `back` in the
    replies. `apart` says why the two may pass different endpoints of it.
    """

    box: Middlebox
    asked: Question
    there: Via
    back: Via
    one: bool = False
    apart: Unknown | None = None

    def requests(self) -> Iterator[Step]:
        """The hop of the requests."""
        if self.there.possible:
            yield self._request()

    def replies(self) -> Iterator[Step]:
        """The hop of the replies."""
        if self.back.possible:
            yield self._reply()

    def _request(self) -> Step:
        if isinstance(policy := self.box.policy, Unknown):
            return self._open("request", self.there, policy)
        there, back, seen = self._fates(policy)
        cut = seen.refused | (seen.cut & back.sure["inspect"])
        good = there.sure["pass"] | (there.sure["inspect"] & seen.through)
        bad = there.sure["drop"] | (there.sure["inspect"] & cut)
        unknowns = there.unknowns + (seen.unknowns if there.possible["inspect"] else ())
        if not self.back.possible:
            wanted = good | (there.sure["inspect"] - cut)
            good, unknowns = self._whole(wanted, there, back, unknowns)
        return self._step("request", good, bad, policy, unknowns)

    def _reply(self) -> Step:
        if isinstance(policy := self.box.policy, Unknown):
            return self._open("reply", self.back, policy)
        there, back, seen = self._fates(policy)
        lost = there.sure["drop"] | (there.sure["inspect"] & (seen.refused | seen.cut))
        wanted = self.asked.space - lost - back.sure["drop"]
        good, unknowns = self._whole(wanted, there, back, back.unknowns)
        good |= lost & (back.sure["pass"] | back.sure["inspect"])
        return self._step("reply", good, back.sure["drop"], policy, unknowns)

    def _fates(self, policy: FirewallPolicy) -> tuple[Fate, Fate, Connection]:
        rules, default = policy.stateless, policy.otherwise.stateless
        there = follow(rules, default, self.asked, "request")
        back = follow(rules, default, self.asked, "reply")
        seen = connection(policy, self.asked)
        return _where(there, self.there, self.asked), _where(back, self.back, self.asked), seen

    def _whole(
        self, good: Region, there: Fate, back: Fate, unknowns: tuple[Unknown, ...]
    ) -> tuple[Region, tuple[Unknown, ...]]:
        """Of the connections those that the stateful engine sees in both directions, or not."""
        both = there.sure["inspect"] & back.sure["inspect"]
        neither = there.sure["pass"] & back.sure["pass"]
        if self.apart is not None:
            unknowns += (self.apart,) if both else ()
            both = Region()
        kept = good & (both | neither)
        if not good <= kept and not unknowns:
            why = f"{self.box.address} sees one direction only, which AWS does not support"
            unknowns = (Unknown(why, self.box.span),)
        return kept, unknowns

    def _open(self, direction: Direction, via: Via, why: Unknown) -> Step:
        peers = self.asked.clients
        return Step(
            direction, self.box, f"firewall {self.box.label}", why.reason, peers - via.possible,
            peers, peers, self.one, None, (why,), self.box.span,
        )  # fmt: skip

    def _step(
        self,
        direction: Direction,
        good: Region,
        bad: Region,
        policy: FirewallPolicy,
        unknowns: tuple[Unknown, ...],
    ) -> Step:
        peers = self.asked.clients
        sure, possible = good.axis(0), (self.asked.space - bad).axis(0)
        step = Step(direction, self.box, "", "", sure, possible, peers, self.one)
        blocker = None
        if step.verdict == "block":
            blocker = _blocker(self.box, policy, self.asked, direction)
        verb = {"allow": "lets", "unknown": "may let", "block": "does not let"}[step.verdict]
        what = "the request" if direction == "request" else "the reply"
        return Step(
            direction, self.box, f"firewall {self.box.label}",
            f"{self.box.address} {verb} {what} through", sure, possible, peers, self.one, blocker,
            tuple(dict.fromkeys(unknowns)), blocker.at.span if blocker else self.box.span,
        )  # fmt: skip


def apart(box: Middlebox) -> Unknown | None:
    """A connection has to pass one endpoint there and back; which one a route names is hidden."""
    if len(box.interfaces) < 2:
        return None
    return Unknown(f"which endpoint of {box.address} each route names is not known", box.span)


def either(steps: Sequence[Step], box: Middlebox) -> Iterator[Step]:
    """The hop behind one of the endpoints of a middlebox: which one it is depends on the zone."""
    if not steps:
        return
    worst = min(steps, key=lambda step: ("block", "unknown", "allow").index(step.verdict))
    sure, possible = worst.sure, Region()
    for step in steps:
        sure, possible = sure & step.sure, possible | step.possible
    unknowns = worst.unknowns
    if len(steps) > 1:
        unknowns += (Unknown(f"which endpoint of {box.address} packets pass", box.span),)
    yield replace(worst, sure=sure, possible=possible, unknowns=unknowns)


def _where(fate: Fate, via: Via, asked: Question) -> Fate:
    """
    What happens to all connections, when only some pass the middlebox. That others may pass
    without it is not among what is possible.
    """
    near, far = _with_ports(via.sure, asked), _with_ports(via.possible, asked)
    sure = {action: region & near for action, region in fate.sure.items()}
    possible = {action: region & far for action, region in fate.possible.items()}
    sure["pass"] = (asked.space - far) | (fate.sure["pass"] & far)
    return Fate(sure, possible, fate.by_rule, fate.unknowns)


def _with_ports(clients: Region, asked: Question) -> Region:
    return Question(asked.family, asked.service, clients, asked.servers).space


def _blocker(
    box: Middlebox, policy: FirewallPolicy, asked: Question, direction: Direction
) -> Blocker:
    """The rule that drops the packets, or the default that nothing keeps from doing so."""
    reply = direction == "reply"
    traffic = (asked.service.reply if reply else asked.service.request)(asked.family)
    reason = Reason.FIREWALL_REPLY if reply else Reason.FIREWALL_REQUEST
    way = "to" if reply else "from"
    what = f"{traffic}{show_after(way, asked.clients, asked.family)}"
    rule, engine, span = _culprit(policy, asked, direction)
    if rule is not None:
        at = Label(rule.span or policy.span or NOWHERE, f"{rule.label} drops {what}")
        return Blocker(reason, rule, at, about=(policy, box))
    text = f"drops {what}: no {engine} rule lets it through"
    node: Node = policy
    return Blocker(reason, node, Label(span or policy.span or NOWHERE, text), about=(box,))


def _culprit(
    policy: FirewallPolicy, asked: Question, direction: Direction
) -> tuple[FirewallRule | None, str, Span | None]:
    default = policy.otherwise
    fate = follow(policy.stateless, default.stateless, asked, direction)
    if fate.sure["drop"]:
        rule = dropper(policy.stateless, asked, direction)
        return rule, "stateless", default.stateless_span
    opening = dropper(policy.stateful, asked, direction, "opening")
    rule = opening or dropper(policy.stateful, asked, direction, "established")
    return rule, "stateful", default.stateful_span
