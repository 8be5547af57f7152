"""
From stacks to roots: every resource of every world, with its places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from iaclint.cloudformation.evaluator import Evaluator, Scope
from iaclint.cloudformation.facts import Facts
from iaclint.cloudformation.logic import Open
from iaclint.cloudformation.node import (
    LOOP,
    NESTED,
    NOWHERE,
    Node,
    fields,
    items_of,
    literal,
    place_of,
    string,
)
from iaclint.cloudformation.sam import TRANSFORM, with_globals
from iaclint.cloudformation.schema import misspelt, respelt
from iaclint.cloudformation.stacks import locate, stacks_of
from iaclint.cloudformation.template import EXPANDABLE, Template
from iaclint.cloudformation.worlds import (
    MAXIMUM_WORLDS,
    Group,
    condition_key,
    relevant_kind,
    switches,
    worlds_of,
)
from iaclint.resource import Output, Resource, Root, World
from iaclint.source import Problem, Span
from iaclint.value import NOTHING, MapValue, Unknown, Value

_Seen = tuple[tuple[tuple[str, tuple[object, ...]], ...], Resource | None]


@dataclass(slots=True)
class _Builder:
    """Builds the worlds of one group; what two worlds have in common is built once."""

    group: Group
    built: dict[tuple[str, str, str], list[_Seen]] = field(default_factory=dict)

    def world(self, facts: Facts, assumption: str) -> tuple[World, Scope]:
        scope = self.group.scope(facts)
        resources: list[Resource] = []
        outputs: list[Output] = []
        for top in self.group.tops:
            self.stack(scope.top(top), (), None, resources, outputs)
        dormant = tuple(islice(_dormant(self.group, facts), MOST_DORMANT))
        return World(tuple(resources), tuple(outputs), assumption, dormant), scope

    def stack(
        self,
        evaluator: Evaluator,
        callers: tuple[Span, ...],
        maybe: Unknown | None,
        into: list[Resource],
        outputs: list[Output],
    ) -> None:
        outputs.extend(_outputs(evaluator, inner=bool(callers)))
        for name, (span, node) in evaluator.resources.items():
            if name.startswith(LOOP):
                into.extend(_repeated(evaluator, name, node, callers))
                continue
            resource = self.resource(evaluator, name, callers, maybe)
            if resource is None:
                continue
            into.append(resource)
            if resource.kind in NESTED:
                child = evaluator.child(name)
                if isinstance(child, Unknown):
                    evaluator.scope.notes[child.reason] = None
                else:
                    self.stack(child, (*callers, span), resource.maybe, into, outputs)

    def resource(
        self,
        evaluator: Evaluator,
        name: str,
        callers: tuple[Span, ...],
        maybe: Unknown | None,
    ) -> Resource | None:
        key = (evaluator.top, evaluator.prefix + name, maybe.reason if maybe is not None else "")
        facts = evaluator.scope.facts
        for assumptions, resource in self.built.get(key, ()):
            if all(facts.about(read) == known for read, known in assumptions):
                return resource
        try:
            resource, reads = evaluator.tracked(lambda: _resource(evaluator, name, callers, maybe))
        except RecursionError:
            span = evaluator.resources[name][0]
            evaluator.fail("IAC004", f'the resource "{name}" is nested too deeply', span)
            return None
        snapshot = tuple((read, facts.about(read)) for read in sorted(reads))
        self.built.setdefault(key, []).append((snapshot, resource))
        return resource


GROUPS = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress")
MOST_DORMANT = 100


def _dormant(group: Group, facts: Facts) -> Iterator[Resource]:
    """Groups and rules in the worlds next to this one, in which one condition is the opposite."""
    others: dict[tuple[object, ...], Evaluator | None] = {}
    for top in group.tops:
        for stacks, evaluator in stacks_of(group.scope(facts, quiet=True).top(top)):
            for name, (_, node) in evaluator.resources.items():
                if string(fields(node).get("Type")) not in GROUPS:
                    continue
                for flipped in _flips(evaluator, node, top.name, stacks):
                    key = (top.name, tuple(stacks), frozenset(flipped.items()))
                    if key not in others:
                        scope = group.scope(facts.with_conditions(flipped), quiet=True)
                        others[key] = locate(scope, top.name, stacks)
                    other = others[key]
                    found = _perhaps(other, name) if other is not None else None
                    if found is not None:
                        yield found


def _flips(
    evaluator: Evaluator, node: Node, top: str, stacks: Sequence[str]
) -> list[dict[str, bool]]:
    """Each decided condition of a resource turned over, and all that are off turned on."""
    truths = {
        condition_key(top, stacks, name): truth
        for name in switches(node)
        if not isinstance(truth := evaluator.condition(name, NOWHERE), Open)
    }
    off = {key: True for key, truth in truths.items() if not truth}
    alone = [{key: not truth} for key, truth in truths.items()]
    return [*alone, off] if len(off) > 1 else alone


def _perhaps(evaluator: Evaluator, name: str) -> Resource | None:
    try:
        return _resource(evaluator, name, (), None)
    except RecursionError:
        return None


def _resource(
    evaluator: Evaluator, name: str, callers: tuple[Span, ...], maybe: Unknown | None
) -> Resource | None:
    span, node = evaluator.resources[name]
    kind = string(fields(node).get("Type"))
    if kind is None:
        return None
    exists = evaluator.exists(node)
    if exists is False:
        return None
    if isinstance(exists, Open):
        maybe = _maybe(node, exists)
    evaluator.depends = set()
    attributes, unsure = _attributes(evaluator, fields(node).get("Properties"))
    if relevant_kind(kind) and not evaluator.template.opaque:
        attributes = respelt(kind, attributes)
    metadata = _metadata(evaluator, kind, fields(node).get("Metadata"))
    return Resource(
        kind=kind,
        address=evaluator.prefix + name,
        attributes=with_globals(evaluator, kind, attributes),
        span=span,
        language="cloudformation",
        callers=callers,
        maybe=maybe or unsure,
        depends=frozenset(evaluator.depends | _depends_on(evaluator, node)),
        region=evaluator.scope.project.environment(evaluator.template)[0],
        label=_label(metadata),
        metadata=metadata,
    )


def _repeated(
    evaluator: Evaluator, loop: str, node: Node, callers: tuple[Span, ...]
) -> list[Resource]:
    """
    What a loop creates whose collection is not known: one resource of each kind, of which only is
    known that there may be any number.
    """
    arguments = items_of(node) or ()
    if len(arguments) != 3:
        return []
    collection = evaluator.hushed(evaluator.value, arguments[1])
    why = collection if isinstance(collection, Unknown) else Unknown("a loop has no known end")
    reason = f"the collection of {loop} is not known: {why.reason}"
    evaluator.scope.notes[reason] = None
    found = []
    for name, body in fields(arguments[2]).items():
        kind = string(fields(body).get("Type"))
        span = place_of(arguments[2], name)
        if name.startswith(LOOP):
            found.extend(_repeated(evaluator, name, body, callers))
        elif kind is not None:
            unknown = Unknown(reason, span, why.supply)
            found.append(
                Resource(
                    kind=kind,
                    address=evaluator.prefix + name,
                    attributes=dict.fromkeys(fields(fields(body).get("Properties")), unknown),
                    span=span,
                    language="cloudformation",
                    callers=callers,
                    maybe=unknown,
                )
            )
    return found


def _maybe(node: Node, exists: Open) -> Unknown:
    condition = fields(node).get("Condition")
    name = string(condition) or "?"
    span = condition.span if condition is not None else None
    reason = f'condition "{name}" is not decided: {exists.why.reason}'
    return Unknown(reason, span, exists.why.supply)


def _attributes(
    evaluator: Evaluator, node: Node | None
) -> tuple[Mapping[str, Value], Unknown | None]:
    value = evaluator.value(node) if node is not None else None
    if isinstance(value, MapValue):
        return value.items, value.more
    return NOTHING, value if isinstance(value, Unknown) else None


def _metadata(evaluator: Evaluator, kind: str, node: Node | None) -> Mapping[str, Value]:
    """Metadata of other resources is taken only where it needs no evaluation."""
    if node is None:
        return NOTHING
    if relevant_kind(kind):
        value = evaluator.value(node)
        return value.items if isinstance(value, MapValue) else NOTHING
    return {key: item for key, item in fields(node).items() if literal(item)}  # type: ignore[misc]


def _label(metadata: Mapping[str, Value]) -> str:
    """The construct's path in a CDK app."""
    path = string(metadata.get("aws:cdk:path")) or ""
    return path.removesuffix("/Resource").removesuffix("/Default")


def _depends_on(evaluator: Evaluator, node: Node) -> set[str]:
    listed = fields(node).get("DependsOn")
    if listed is None:
        return set()
    names = set()
    for item in items_of(listed) or (listed,):
        name = string(item)
        if name is None:
            continue
        if name in evaluator.resources:
            names.add(evaluator.prefix + name)
        elif not evaluator.template.opaque and not evaluator.unexpanded("Resources"):
            message = f'DependsOn "{name}" refers to nothing in this template'
            evaluator.fail("IAC002", message, item.span or NOWHERE)
    return names


def _outputs(evaluator: Evaluator, inner: bool) -> list[Output]:
    found = []
    for name, (span, node) in evaluator.section("Outputs").items():
        if name.startswith("Fn::") or evaluator.exists(node) is False:
            continue
        body = fields(node)
        value = evaluator.output(name, span)
        exported = fields(body.get("Export")).get("Name")
        description = evaluator.value(body["Description"]) if "Description" in body else None
        found.append(
            Output(
                name,
                value if value is not None else Unknown("the output has no value", span),
                span,
                string(description) or "",
                evaluator.value(exported) if exported is not None else None,
                inner,
            )
        )
    return found


def build(group: Group) -> Root:
    """One root, with all its worlds."""
    assumed, skipped, wrong = worlds_of(group)
    builder = _Builder(group)
    built = [builder.world(world.facts, world.assumption) for world in assumed]
    scopes = [scope for _, scope in built]
    worlds = [world for world, _ in built]
    guesses = tuple(sorted({guess for scope in scopes for guess in scope.guesses}))
    if guesses:
        sure = _Builder(replace(group, certain=True))
        worlds = [
            replace(world, guesses=guesses, certain=sure.world(each.facts, each.assumption)[0])
            for world, each in zip(worlds, assumed, strict=True)
        ]
    notes = list(dict.fromkeys(note for scope in scopes for note in scope.notes))
    notes.extend(_macros(group))
    if skipped:
        notes.append(
            f"{skipped} conditions stay undecided: "
            f"at most {MAXIMUM_WORLDS} combinations are told apart"
        )
    names = list(dict.fromkeys(_files(scopes)))
    return Root(
        name=_name(group),
        language="cloudformation",
        worlds=tuple(worlds),
        files=tuple(names),
        problems=_problems(group, names, scopes, wrong),
        notes=tuple(notes),
    )


def _macros(group: Group) -> list[str]:
    """What the transforms of the templates leave open."""
    return [
        f"{top.name}: the macro {name} may change what is written, it runs only on deployment"
        for top in group.tops
        for name in top.transforms
        if name not in EXPANDABLE and name != TRANSFORM
    ]


def _name(group: Group) -> str:
    names = [top.name for top in group.tops]
    if len(names) > 4:
        return f"{' + '.join(names[:3])} and {len(names) - 3} more"
    return " + ".join(names)


def _files(scopes: list[Scope]) -> list[str]:
    """All templates and fragments that the root was made of, its own first."""
    names = []
    for scope in scopes:
        todo = list(scope.tops.values())
        while todo:
            evaluator = todo.pop(0)
            names.append(evaluator.template.name)
            todo.extend(evaluator.children())
    return names


def _problems(
    group: Group, names: list[str], scopes: list[Scope], wrong: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """What is wrong in the files, and with the values in every world."""
    found: dict[Problem, None] = {}
    for name in names:
        template = group.project.templates[name]
        found.update(dict.fromkeys((*template.problems, *_misspelt(template))))
    found.update(dict.fromkeys(wrong))
    first, *others = scopes
    for problem in first.problems:
        if all(problem in scope.problems for scope in others):
            found[problem] = None
    return tuple(found)


def _misspelt(template: Template) -> Iterator[Problem]:
    """Properties that types of the network do not have; what a macro makes of them is not known."""
    for node in () if template.opaque else template.entries("Resources").values():
        kind, properties = string(fields(node).get("Type")) or "", fields(node).get("Properties")
        if properties is not None and relevant_kind(kind):
            for span, message in misspelt(kind, properties):
                yield Problem("IAC002", message, span)
