"""
The ways a stack can turn out: one for each satisfiable combination of the conditions that matter.

Conditions are refined one after the other, most important first. Each refinement branches only on
what the condition really hangs on (a parameter equals a text or differs from it), so that
combinations that cannot happen are never built; a condition that would lead to more than
`MAXIMUM_WORLDS` worlds stays undecided, which is less exact and never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iaclint.cloudformation.evaluator import Evaluator, Scope
from iaclint.cloudformation.facts import Facts, common
from iaclint.cloudformation.logic import Open
from iaclint.cloudformation.node import (
    NOWHERE,
    Call,
    ListNode,
    Node,
    Section,
    fields,
    items_of,
    string,
)
from iaclint.cloudformation.project import Project
from iaclint.cloudformation.stacks import locate, stacks_of
from iaclint.cloudformation.template import Template
from iaclint.source import Problem

MAXIMUM_WORLDS = 16
MAXIMUM_STATES = 256
MAXIMUM_STEPS = 2_000

NETWORK = ("AWS::EC2::", "AWS::CloudFormation::Stack")
ACCESS = (
    "AWS::AutoScaling::",
    "AWS::ElasticLoadBalancing",
    "AWS::GlobalAccelerator::",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::Role",
    "AWS::NetworkFirewall::",
    "AWS::SSM::",
)
BESIDE_THE_POINT = frozenset(
    {
        "BlockDeviceMappings",
        "CreditSpecification",
        "DesiredCapacity",
        "EbsOptimized",
        "GroupDescription",
        "ImageId",
        "InstanceType",
        "Location",
        "MaxSize",
        "Metadata",
        "MinSize",
        "Monitoring",
        "NotificationConfigurations",
        "SpotPrice",
        "Tags",
        "TemplateURL",
        "Tenancy",
        "UserData",
    }
)
"""Properties that decide nothing about who can reach an instance."""


@dataclass(frozen=True, slots=True)
class Named:
    """A condition of one stack: the top template, the nested stacks down to it, its name."""

    top: str
    stacks: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return "/".join((*self.stacks, self.name))


@dataclass(frozen=True, slots=True)
class Assumed:
    """One world: its facts, and what it assumes in words."""

    facts: Facts
    assumption: str


@dataclass(frozen=True, slots=True)
class Group:
    """Templates that are looked at together; `prefixes` keep their logical ids apart."""

    project: Project
    tops: tuple[Template, ...]
    prefixes: tuple[tuple[str, str], ...] = ()

    certain: bool = False
    """What would have to be guessed is left open."""

    def scope(self, facts: Facts | None = None, quiet: bool = False) -> Scope:
        names = frozenset(top.name for top in self.tops)
        return Scope(
            self.project,
            facts or Facts(),
            names,
            dict(self.prefixes),
            certain=self.certain,
            quiet=quiet,
        )


def relevant_kind(kind: str) -> bool:
    """Can resources of this type decide who reaches an instance?"""
    return kind.startswith(NETWORK) or kind.startswith(ACCESS)


def worlds_of(group: Group) -> tuple[list[Assumed], int, tuple[Problem, ...]]:
    """
    The worlds, how many conditions had to stay undecided for the cap, and what is wrong with the
    conditions.
    """
    found: dict[tuple[tuple[Named, bool], ...], list[Facts]] = {(): [Facts()]}
    skipped = 0
    scope = group.scope()
    for condition in _that_matter(group, scope):
        refined = _refine_all(group, found, condition)
        if refined is None:
            skipped += 1
        else:
            found = refined
    return _described(found), skipped, tuple(scope.problems)


def _described(found: dict[tuple[tuple[Named, bool], ...], list[Facts]]) -> list[Assumed]:
    varying = {
        condition
        for position in zip(*found, strict=False)
        if len({truth for _, truth in position}) > 1
        for condition, _ in position
    }
    assumed = []
    for truths, states in found.items():
        facts = common(tuple(states)).with_conditions(
            {condition_key(named.top, named.stacks, named.name): truth for named, truth in truths}
        )
        words = [
            f"{named} is {'true' if truth else 'false'}"
            for named, truth in truths
            if named in varying
        ]
        assumed.append(Assumed(facts, " and ".join(words)))
    return assumed


def condition_key(top: str, stacks: Sequence[str], name: str) -> str:
    """How facts name a condition."""
    return f"condition {top}:{'/'.join((*stacks, name))}"


def _refine_all(
    group: Group,
    found: dict[tuple[tuple[Named, bool], ...], list[Facts]],
    condition: Named,
) -> dict[tuple[tuple[Named, bool], ...], list[Facts]] | None:
    refined: dict[tuple[tuple[Named, bool], ...], list[Facts]] = {}
    count = 0
    for truths, states in found.items():
        for state in states:
            split = _refine(group, state, condition)
            if split is None:
                return None
            for facts, truth in split:
                refined.setdefault((*truths, (condition, truth)), []).append(facts)
                count += 1
                if len(refined) > MAXIMUM_WORLDS or count > MAXIMUM_STATES:
                    return None
    return {key: refined[key] for key in sorted(refined, key=_trues_first)}


def _trues_first(truths: tuple[tuple[Named, bool], ...]) -> tuple[bool, ...]:
    return tuple(not truth for _, truth in truths)


def _refine(group: Group, state: Facts, condition: Named) -> list[tuple[Facts, bool]] | None:
    """The state split until the condition is decided everywhere; None if that takes too long."""
    found: list[tuple[Facts, bool]] = []
    todo = [state]
    for _ in range(MAXIMUM_STEPS):
        if not todo:
            return found
        facts = todo.pop()
        evaluator = locate(group.scope(facts, quiet=True), condition.top, condition.stacks)
        if evaluator is None:
            return None
        truth = evaluator.condition(condition.name, NOWHERE)
        if not isinstance(truth, Open):
            found.append((facts, truth))
        elif truth.text is not None:
            todo.append(facts.different(truth.key, truth.text))
            todo.append(facts.equal(truth.key, truth.text))
        else:
            todo.append(facts.decided(truth.key, False))
            todo.append(facts.decided(truth.key, True))
    return None


def _that_matter(group: Group, scope: Scope) -> list[Named]:
    """Undecided conditions of network resources, those of whole resources first."""
    ranked: dict[Named, int] = {}
    for top in group.tops:
        for stacks, evaluator in stacks_of(scope.top(top)):
            undecided = {
                name
                for name in evaluator.section("Conditions")
                if isinstance(evaluator.condition(name, NOWHERE), Open)
            }
            if not undecided:
                continue
            for name, rank in _used(evaluator):
                if name in undecided:
                    named = Named(top.name, stacks, name)
                    ranked[named] = min(rank, ranked.get(named, rank))
    return sorted(ranked, key=lambda named: ranked[named])


def switches(node: Node) -> list[str]:
    """The conditions that a resource hangs on, as a whole or in part."""
    condition = string(fields(node).get("Condition"))
    properties = fields(node).get("Properties")
    inside = _ifs(properties) if properties is not None else ()
    return list(dict.fromkeys([*([condition] if condition is not None else []), *inside]))


def _used(evaluator: Evaluator) -> Iterator[tuple[str, int]]:
    """Conditions that network resources use, with a rank: lower matters more."""
    for _, node in evaluator.resources.values():
        kind = string(fields(node).get("Type")) or ""
        if not relevant_kind(kind):
            continue
        rank = 0 if kind.startswith(NETWORK) else 2
        condition = string(fields(node).get("Condition"))
        if condition is not None:
            yield condition, rank
        properties = fields(node).get("Properties")
        if properties is not None:
            for name in _ifs(properties):
                yield name, rank + 1


def _ifs(node: Node) -> Iterator[str]:
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, Call):
            if node.name == "Fn::If":
                name = string((items_of(node.argument) or (None,))[0])
                if name is not None:
                    yield name
            todo.append(node.argument)
        elif isinstance(node, ListNode):
            todo.extend(reversed(node.items))
        elif isinstance(node, Section):
            todo.extend(item for key, item in node.items.items() if key not in BESIDE_THE_POINT)
