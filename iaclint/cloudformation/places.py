"""
`iaclint eval` for templates: the value of a place, many times over one template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from iaclint.cloudformation.evaluator import Evaluator, Scope
from iaclint.cloudformation.facts import Invalid
from iaclint.cloudformation.logic import Open
from iaclint.cloudformation.node import NOWHERE, Call, ListNode, Node, Section, fields, string
from iaclint.cloudformation.project import open_project
from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value

_STEP = re.compile(r"""\[(?:(\d+)|"([^"]*)"|'([^']*)')\]|([^.\[\]]+)|(\.)""")


class NoSuchPlace(Exception):
    """The place does not exist; the argument says so to the user."""


class Session:
    """
    One template, read once, and its places. `others` are further templates of the tree, for nested
    stacks and imports.
    """

    def __init__(
        self, template: Path, sources: Sources, inputs: Inputs, others: Iterable[Path] = ()
    ) -> None:
        paths = [template, *(path for path in others if path != template)]
        self.project = open_project(paths, sources, inputs)
        self.name = sources.name(template)
        self.refused = ""
        for problem in (*self.project.broken.get(self.name, ()), *self.project.given.problems):
            self.refused = self.refused or f"{problem.span}: {problem.message}"
        self.scope = Scope(self.project, group=frozenset(self.project.templates))

    def evaluate(self, place: str) -> dict[str, object]:
        """The answer for one place: `{"value": …}` or `{"error": …}`."""
        if self.refused:
            return {"error": self.refused}
        try:
            steps = list(_steps(place))
            value = self._value(self.scope.top(self.project.templates[self.name]), steps)
        except NoSuchPlace as error:
            return {"error": str(error)}
        except RecursionError:
            return {"error": "the value is nested too deeply"}
        if isinstance(value, Invalid):
            return {"error": value.reason}
        return {"value": to_json(value)}

    def _value(self, evaluator: Evaluator, steps: list[str]) -> Value | None:
        if not steps:
            raise NoSuchPlace("name a place, such as Resources.Web.Properties.SubnetId")
        section, *rest = steps
        if section == "Conditions" and rest:
            return _condition(evaluator, rest)
        if section == "Parameters" and len(rest) == 1 and rest[0] in evaluator.parameters:
            return evaluator.parameter(rest[0])
        if section not in evaluator.template.root.items and not evaluator.section(section):
            raise NoSuchPlace(f'the template has no section "{section}"')
        entries = evaluator.section(section)
        if not rest:
            node: Node = evaluator.template.root.items[section]
            return evaluator.value(node)
        name, rest = _longest(entries, rest)
        node = entries[name][1]
        if section in ("Resources", "Outputs") and evaluator.exists(node) is False:
            raise NoSuchPlace(f'"{name}" is not created: its condition is false')
        return _descend(evaluator, node, rest, f"{section}.{name}")


def _condition(evaluator: Evaluator, rest: list[str]) -> Value:
    name = ".".join(rest)
    if name not in evaluator.section("Conditions"):
        raise NoSuchPlace(f'there is no condition "{name}"')
    truth = evaluator.condition(name, NOWHERE)
    return truth.why if isinstance(truth, Open) else Scalar(truth, NOWHERE)


def _steps(place: str) -> Iterator[str]:
    position = 0
    for match in _STEP.finditer(place):
        if match.start() != position:
            break
        position = match.end()
        index, double, single, plain, _ = match.groups()
        step = next((s for s in (index, double, single, plain) if s is not None), None)
        if step is not None:
            yield step
    if position != len(place):
        raise NoSuchPlace(f'"{place}" is not a place: names with dots between, [0] for elements')


def _longest(entries: Mapping[str, object], steps: list[str]) -> tuple[str, list[str]]:
    """Keys may contain dots: the longest that fits."""
    for count in range(len(steps), 0, -1):
        key = ".".join(steps[:count])
        if key in entries:
            return key, steps[count:]
    raise NoSuchPlace(f'there is no "{steps[0]}"')


def _descend(evaluator: Evaluator, node: Node, steps: list[str], where: str) -> Value | None:
    """Follow the steps as far as the template is written out, then evaluate."""
    while steps and isinstance(node, Section) and not any(k.startswith("Fn::") for k in node.items):
        key = _key(node, steps, where)
        node, steps, where = node.items[key[0]], key[1], f"{where}.{key[0]}"
    if string(node) is not None and where.endswith(".Condition") and not steps:
        return evaluator.value(node)
    if isinstance(node, (Call, ListNode, Section)):
        return _inside(evaluator.value(node), steps, where)
    return _inside(node, steps, where)


def _key(node: Node, steps: list[str], where: str) -> tuple[str, list[str]]:
    try:
        return _longest(fields(node), steps)
    except NoSuchPlace:
        raise NoSuchPlace(f'{where} has no "{steps[0]}"') from None


def _inside(value: Value | None, steps: list[str], where: str) -> Value | None:
    while steps:
        match value:
            case Unknown():
                return value
            case MapValue():
                try:
                    key, steps = _longest(value.items, steps)
                except NoSuchPlace:
                    if value.more is not None:
                        return value.more
                    raise NoSuchPlace(f'{where} has no "{steps[0]}"') from None
                value, where = value.items[key], f"{where}.{key}"
            case ListValue() if steps[0].isdigit():
                value, where = _element(value, int(steps[0]), where), f"{where}[{steps[0]}]"
                steps = steps[1:]
            case _:
                raise NoSuchPlace(f'{where} has no "{steps[0]}"')
    return value


def _element(value: ListValue, index: int, where: str) -> Value:
    if index < len(value.items):
        return value.items[index]
    if value.more is not None:
        return value.more
    raise NoSuchPlace(f"{where} has no element {index}: there are {len(value.items)}")


def to_json(value: Value | None) -> object:
    """A value in the form of the JSON contract; None for what is left out."""
    match value:
        case Scalar(sensitive=True):
            return {"unknown": "it is sensitive (NoEcho)"}
        case Scalar(value=Fraction() as number):
            return int(number) if number.denominator == 1 else float(number)
        case Scalar(value=plain):
            return plain
        case ListValue(items=items, more=more):
            return [to_json(item) for item in (items if more is None else (*items, more))]
        case MapValue(items=entries, more=more):
            found = {key: to_json(item) for key, item in entries.items()}
            return found if more is None else {**found, "…": to_json(more)}
        case Unknown():
            answer: dict[str, object] = {"unknown": value.reason}
            if value.ref is not None:
                answer["ref"] = reference(value.ref)
            return answer
    return None


def reference(ref: Ref) -> str:
    """`LogicalId` for what Ref gives, else `LogicalId.Attribute`."""
    return ref.address if ref.attribute == "Ref" else str(ref)
