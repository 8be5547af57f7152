"""
The value of every place of a template, in one world.

Pure apart from its caches: an evaluator belongs to one `Scope` (one set of facts) and one stack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from iaclint.cloudformation.facts import Facts, Invalid, bounded
from iaclint.cloudformation.functions import FUNCTIONS
from iaclint.cloudformation.logic import Open, Truth, decide
from iaclint.cloudformation.loops import expand
from iaclint.cloudformation.node import (
    LOOP,
    NESTED,
    NOWHERE,
    Call,
    ListNode,
    Node,
    Section,
    fields,
    relocated,
    string,
    walk,
)
from iaclint.cloudformation.parameters import (
    Parameter,
    Symbol,
    parameter_value,
    shaped,
)
from iaclint.cloudformation.pseudo import PSEUDO, pseudo
from iaclint.cloudformation.substitution import names_in
from iaclint.cloudformation.template import Template
from iaclint.resource import Guess
from iaclint.source import Problem, Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value

if TYPE_CHECKING:
    from iaclint.cloudformation.project import Project

_A = TypeVar("_A")
_T = TypeVar("_T")
Entries = Mapping[str, tuple[Span, Node]]
MAXIMUM_STACK_DEPTH = 10
MAXIMUM_STACKS = 200


@dataclass(slots=True)
class Scope:
    """One world: its facts, the stacks in it, and the problems met while evaluating."""

    project: Project
    facts: Facts = field(default_factory=Facts)
    group: frozenset[str] = frozenset()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    tops: dict[str, Evaluator] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    guesses: dict[Guess, None] = field(default_factory=dict)
    certain: bool = False
    """What would have to be guessed is left open."""
    quiet: bool = False
    guarded: bool = False
    stacks: int = 0
    reads: set[str] = field(default_factory=set)
    """The assumptions that were looked at since this was last emptied."""
    agreed: dict[tuple[str, tuple[str, ...], str, str], bool] = field(default_factory=dict)
    """By stack and the stack that it imports from: whether all of that is from one template."""

    def top(self, template: Template) -> Evaluator:
        """The evaluator of a template that is deployed by itself."""
        if template.name not in self.tops:
            prefix = self.prefixes.get(template.name, "")
            self.tops[template.name] = Evaluator(
                self, template, prefix, template.name, ancestors=(template.name,)
            )
        return self.tops[template.name]


@dataclass(slots=True)
class Evaluator:
    """
    One stack: a template with its parameters. `prefix` stands before its logical ids in
    addresses (`Network/`), `passed` are the parameters that a parent stack gives.
    """

    scope: Scope
    template: Template
    prefix: str = ""
    top: str = ""
    passed: Callable[[str], Value | None] | None = None
    path: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    depends: set[str] = field(default_factory=set)
    parameters: dict[str, Parameter] = field(init=False)
    _values: dict[str, tuple[Value, frozenset[str]]] = field(default_factory=dict)
    _conditions: dict[str, tuple[Truth, frozenset[str]]] = field(default_factory=dict)
    _sections: dict[str, tuple[Entries, frozenset[str]]] = field(default_factory=dict)
    _properties: dict[tuple[str, str], tuple[Value | None, frozenset[str]]] = field(
        default_factory=dict
    )
    _children: dict[str, Evaluator | Unknown] = field(default_factory=dict)
    _busy: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parameters = self.scope.project.parameters(self.template)

    # values

    def value(self, node: Node) -> Value | None:
        """The value of a node; None for what `AWS::NoValue` removes."""
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, ListNode):
            found = [self.value(item) for item in node.items]
            return ListValue(tuple([item for item in found if item is not None]), node.span)
        if isinstance(node, Section):
            return self._section(node)
        return node

    def _call(self, call: Call) -> Value | None:
        function = FUNCTIONS.get(call.name)
        if function is None:
            return Unknown(f"{call.name} is not a function that is known here", call.span)
        return function(self, call)

    def _section(self, node: Section) -> Value:
        entries: Mapping[str, Node] = node.items
        more: Unknown | None = None
        if any(key.startswith("Fn::") for key in entries):
            entries, more = self._merged(node)
        found = {key: self.value(item) for key, item in entries.items()}
        return MapValue(
            {key: item for key, item in found.items() if item is not None}, node.span, more
        )

    def _merged(self, node: Section) -> tuple[Mapping[str, Node], Unknown | None]:
        """A mapping with its loops unrolled and what its transforms insert."""
        entries: dict[str, Node] = {}
        expanded, more = expand(self, node)
        for key, (span, item) in expanded.items():
            if key != "Fn::Transform":
                entries[key] = item
                continue
            inserted = self.value(Call(key, item, span))
            if isinstance(inserted, MapValue):
                entries.update(inserted.items)
            elif isinstance(inserted, Unknown):
                more = inserted
        return entries, more

    # names

    def ref(self, name: str, span: Span) -> Value | None:
        """What `Ref` gives for a name; None for `AWS::NoValue`."""
        if name in PSEUDO:
            return pseudo(self, name, span)
        if name in self.parameters:
            return relocated(self.parameter(name), span)
        entry = self.resources.get(name)
        if entry is not None:
            self.depends.add(self.prefix + name)
            return self._ref_resource(name, entry[1], span)
        return self._dangling("Ref", name, span)

    def supply_of(self, node: Node) -> str:
        """What the user can give to have another value there, of a template that nothing nests."""
        names = (name for each in walk(node) for name in names_in(each))
        given = [name for name in names if name in self.parameters and not self.path]
        return " ".join(f"--parameter {name}=…" for name in dict.fromkeys(given))

    def parameter(self, name: str) -> Value:
        """The value of a parameter in this world."""
        cached = self._values.get(name)
        if cached is None:
            cached = self.tracked(lambda: self._parameter(self.parameters[name]))
            self._values[name] = cached
        self.scope.reads |= cached[1]
        value = cached[0]
        if isinstance(value, Symbol):
            return self.settled(value)
        return value

    def _parameter(self, parameter: Parameter) -> Value:
        if self.passed is not None:
            passed = self.passed(parameter.name)
            if passed is not None:
                return shaped(parameter, passed)
            return parameter_value(parameter, None, self.prefix.rstrip("/"))
        supplied = self.scope.project.supplied(self.template).get(parameter.name)
        return parameter_value(parameter, supplied, "")

    def settled(self, symbol: Symbol) -> Value:
        """A symbol as far as this world decides it."""
        self.scope.reads.add(symbol.key)
        return self.scope.facts.resolve(symbol)

    def possible(self, symbol: Symbol, text: str) -> bool:
        return self.scope.facts.possible(symbol, text)

    def atom(self, key: str, why: Unknown) -> Truth:
        """A comparison that is true or false as a whole."""
        self.scope.reads.add(key)
        assumed = self.scope.facts.atoms.get(key)
        return Open(why, key) if assumed is None else assumed

    def _ref_resource(self, name: str, node: Node, span: Span) -> Value:
        if self._absent(name, node):
            return self._not_created("Ref", name, span)
        if string(fields(node).get("Type")) == "AWS::EC2::KeyPair":
            known = self.configured(name, "KeyName")
            if isinstance(known, Scalar):
                return relocated(known, span)
        return self._later(name, "Ref", span)

    def _later(self, name: str, attribute: str, span: Span) -> Unknown:
        address = self.prefix + name
        return Unknown(
            f"{name}.{attribute} is known only after deployment",
            span,
            ref=Ref(address, attribute),
        )

    def _absent(self, name: str, node: Node) -> bool:
        condition = fields(node).get("Condition")
        return condition is not None and self.exists(node) is False

    def _not_created(self, function: str, name: str, span: Span) -> Unknown:
        message = f'{function} "{name}" refers to a resource whose condition is false'
        return self.fail("IAC002", message, span)

    def _dangling(self, function: str, name: str, span: Span) -> Unknown:
        message = f'{function} "{name}" refers to nothing in this template'
        if self.template.opaque or self.unexpanded("Resources"):
            return Unknown(f"{message}; a transform may add it", span)
        return self.fail("IAC002", message, span)

    def fail(self, check: str, message: str, span: Span) -> Invalid:
        """Note a mistake of the author; the value is then not known."""
        if not self.scope.quiet:
            self.scope.problems[Problem(check, message, span)] = None
        return Invalid(message, span)

    def misses(self, message: str, span: Span) -> Invalid:
        """Something is not in a list or mapping: a mistake, where no open condition guards it."""
        if self.scope.guarded:
            return Invalid(message, span)
        return self.fail("IAC002", message, span)

    def guarded(self, compute: Callable[[_A], _T], argument: _A) -> _T:
        """A result that is only needed when a condition holds, of which nobody knows whether."""
        scope = self.scope
        before, scope.guarded = scope.guarded, True
        try:
            return compute(argument)
        finally:
            scope.guarded = before

    def hushed(self, compute: Callable[[_A], _T], argument: _A) -> _T:
        """A result of something that may be a mistake, and then only is not a possibility."""
        scope = self.scope
        before, scope.quiet = scope.quiet, True
        try:
            return compute(argument)
        finally:
            scope.quiet = before

    def attribute(self, name: str, attribute: str, span: Span) -> Value | None:
        """What `Fn::GetAtt` gives."""
        entry = self.resources.get(name)
        if entry is None:
            return self._dangling("Fn::GetAtt", name, span)
        self.depends.add(self.prefix + name)
        node = entry[1]
        if self._absent(name, node):
            return self._not_created("Fn::GetAtt", name, span)
        kind = string(fields(node).get("Type")) or ""
        if kind in NESTED and attribute.startswith("Outputs."):
            return self._stack_output(name, attribute.removeprefix("Outputs."), span)
        if not kind.startswith("Custom::") and kind != "AWS::CloudFormation::CustomResource":
            known = self.configured(name, attribute)
            if known is not None:
                return relocated(known, span)
        return self._later(name, attribute, span)

    def _stack_output(self, name: str, output: str, span: Span) -> Value | None:
        child = self.child(name)
        if isinstance(child, Unknown):
            return replace(child, span=span, ref=Ref(self.prefix + name, f"Outputs.{output}"))
        found = child.output(output, span)
        return relocated(found, span) if found is not None else None

    def output(self, name: str, span: Span) -> Value | None:
        """The value of an output, as a parent stack or an import sees it."""
        entry = self.section("Outputs").get(name)
        if entry is None:
            message = f'there is no output "{name}" in {self.template.name}'
            if self.template.opaque or self.unexpanded("Outputs"):
                return Unknown(f"{message}; a transform may add it", span)
            return self.fail("IAC002", message, span)
        if self.exists(entry[1]) is False:
            return Invalid(f'the output "{name}" is not there: its condition is false', span)
        body = fields(entry[1]).get("Value")
        return self._guarded(("output", name), span, lambda: self.value(body) if body else None)

    def is_computing(self, output: str) -> bool:
        """Whether the value of an output is asked for while it is worked out."""
        return ("output", output) in self._busy

    def configured(self, name: str, key: str) -> Value | None:
        """A configured property of a resource, None where it is not set."""
        cached = self._properties.get((name, key))
        if cached is None:
            properties = fields(self.resources[name][1]).get("Properties")
            if properties is None:
                return None
            computed = self._computed(properties)
            node = properties if computed else fields(properties).get(key)
            if node is None:
                return None

            def compute() -> Value | None:
                value = self.value(node)
                return value.get(key) if computed and isinstance(value, MapValue) else value

            cached = self.tracked(lambda: self._guarded((name, key), node.span, compute))
            self._properties[(name, key)] = cached
        self.scope.reads |= cached[1]
        return cached[0]

    @staticmethod
    def _computed(properties: Node) -> bool:
        """Which properties there are is known only after evaluation."""
        return isinstance(properties, Call) or any(
            key.startswith("Fn::") for key in fields(properties)
        )

    def _guarded(
        self, key: object, span: Span | None, compute: Callable[[], Value | None]
    ) -> Value | None:
        if key in self._busy:
            message = "the value refers to itself in a circle"
            return self.fail("IAC002", message, span or NOWHERE)
        self._busy.add(key)
        depends, self.depends = self.depends, set()
        try:
            value = compute()
        except RecursionError:
            return self.fail("IAC004", "the value is nested too deeply", span or NOWHERE)
        finally:
            self._busy.discard(key)
            self.depends = depends
        if not bounded(value):
            return self.fail("IAC004", "the value has too many elements", span or NOWHERE)
        return value

    def tracked(self, compute: Callable[[], _T]) -> tuple[_T, frozenset[str]]:
        """A result together with the assumptions it was read from."""
        scope = self.scope
        outer, scope.reads = scope.reads, set()
        try:
            result = compute()
            reads = frozenset(scope.reads)
        finally:
            scope.reads |= outer
        return result, reads

    # conditions

    def condition(self, name: str, span: Span) -> Truth:
        """The truth of a named condition in this world."""
        key = self._condition_key(name)
        assumed = self.scope.facts.conditions.get(key)
        if assumed is not None:
            self.scope.reads.add(key)
            return assumed
        cached = self._conditions.get(name)
        if cached is None:
            cached = self._conditions[name] = self.tracked(lambda: self._condition(name, span))
        self.scope.reads |= cached[1]
        if isinstance(cached[0], Open):
            self.scope.reads.add(key)
        return cached[0]

    def _condition(self, name: str, span: Span) -> Truth:
        entry = self.section("Conditions").get(name)
        if entry is None:
            message = f'there is no condition "{name}" in this template'
            if self.template.opaque or self.unexpanded("Conditions"):
                return self.atom(message, Unknown(message, span))
            return self.atom(message, self.fail("IAC002", message, span))
        key = ("condition", name)
        if key in self._busy:
            message = f'the condition "{name}" depends on itself'
            return self.atom(message, self.fail("IAC002", message, entry[0]))
        self._busy.add(key)
        try:
            return decide(self, entry[1])
        except RecursionError:
            message = f'the condition "{name}" is nested too deeply'
            return self.atom(message, self.fail("IAC004", message, entry[0]))
        finally:
            self._busy.discard(key)

    def _condition_key(self, name: str) -> str:
        return f"condition {self.top}:{'/'.join((*self.path, name))}"

    def exists(self, node: Node) -> Truth:
        """Does the resource or output exist: the truth of its `Condition`."""
        condition = fields(node).get("Condition")
        if condition is None:
            return True
        name = string(condition)
        if name is None:
            return decide(self, condition)
        return self.condition(name, condition.span or NOWHERE)

    # sections

    def section(self, name: str) -> Entries:
        """The entries of a section, loops unrolled and includes inserted."""
        found = self._sections.get(name)
        if found is None:
            self._sections[name] = ({}, frozenset())
            found = self.tracked(lambda: self.scope.project.section(self, name))
            self._sections[name] = found
        self.scope.reads |= found[1]
        return found[0]

    def unexpanded(self, name: str) -> bool:
        """A loop or transform in the section could not be carried out."""
        return any(key.startswith((LOOP, "Fn::Transform")) for key in self.section(name))

    @property
    def resources(self) -> Entries:
        return self.section("Resources")

    # nested stacks

    def child(self, name: str) -> Evaluator | Unknown:
        """The stack that a resource of type AWS::CloudFormation::Stack creates."""
        if name not in self._children:
            self._children[name] = self._child(name)
        return self._children[name]

    def _child(self, name: str) -> Evaluator | Unknown:
        span = self.resources[name][0]
        template = self.scope.project.nested(self, name)
        if isinstance(template, Unknown):
            return template
        if template.name in self.ancestors:
            return self.fail("IAC004", f"{template.name} nests itself", span)
        self.scope.stacks += 1
        if self.scope.stacks > MAXIMUM_STACKS or len(self.path) >= MAXIMUM_STACK_DEPTH:
            message = f"there are more than {MAXIMUM_STACKS} nested stacks, or they nest too deeply"
            if self.scope.stacks > MAXIMUM_STACKS + 1:
                return Unknown(message, span)
            return self.fail("IAC004", message, span)
        given = fields(self.resources[name][1]).get("Properties")
        parameters = fields(fields(given).get("Parameters"))

        def passed(parameter: str) -> Value | None:
            node = parameters.get(parameter)
            if node is None:
                return None
            return self._guarded((name, "Parameters", parameter), span, lambda: self.value(node))

        prefix, path = f"{self.prefix}{name}/", (*self.path, name)
        ancestors = (*self.ancestors, template.name)
        return Evaluator(self.scope, template, prefix, self.top, passed, path, ancestors)

    def children(self) -> list[Evaluator]:
        """The nested stacks met so far."""
        return [child for child in self._children.values() if not isinstance(child, Unknown)]
