"""
A module instance: what `var`, `local`, `module`, resources and the other names mean in it.

Everything is evaluated when it is first asked for, and once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from iaclint.resource import Guess
from iaclint.source import Span
from iaclint.terraform import (
    body,
    config,
    cty,
    doubt,
    evaluate,
    standin,
    syntax,
    tree,
    types,
)
from iaclint.terraform.constant import constant_truth, constraint, traversal
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate import Cycle, EvalFailure, Scope, Undeclared
from iaclint.terraform.expand import Expansion, Member, expand
from iaclint.terraform.inputs import Given
from iaclint.terraform.session import Session, call_function, resolved
from iaclint.value import Unknown

MAXIMUM_MODULE_DEPTH = 20


class Written(NamedTuple):
    """An expression, and where it is evaluated: for following a value to where it is written."""

    node: tree.Expression
    scope: Scope


class Argument(NamedTuple):
    """An argument of a module call."""

    node: tree.Expression
    scope: Scope


@dataclass(slots=True)
class Module:
    """One instance of a module; the root module has the empty path."""

    session: Session
    configuration: config.Configuration
    root: Path
    path: str = ""
    """`module.net[0].` with the dot, before every address in it."""
    key: str = ""
    """`net.subnets`: the names alone, as `modules.json` has them."""
    parent: Module | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)
    installed: Mapping[str, Path] = field(default_factory=dict)
    callers: tuple[Span, ...] = ()
    maybe: Unknown | None = None
    tally: object = None
    """As that of a `Member`; of the modules around it where there is one of it in each."""
    providers: Mapping[str, tuple[Module, str]] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    guesses: dict[Guess, None] = field(default_factory=dict)
    memory: dict[Any, frozenset[str]] = field(default_factory=dict)
    _values: dict[Any, CtyValue] = field(default_factory=dict)
    _running: set[Any] = field(default_factory=set)
    _expansions: dict[tuple[str, str, str], Expansion] = field(default_factory=dict)
    _calls: dict[str, Expansion] = field(default_factory=dict)
    _tallies: dict[Hashable, object] = field(default_factory=dict)
    _children: dict[tuple[str, str], Module | None] = field(default_factory=dict)

    def scope(self, local: Mapping[str, CtyValue] | None = None) -> Scope:
        """Where an expression of this module is evaluated."""
        return Scope(self, self.session.budget, local or {})

    @property
    def directory(self) -> Path:
        """Where the module's files are."""
        return self.configuration.directory

    # names

    def lookup(self, steps: tuple[str, ...]) -> tuple[int, CtyValue] | None:
        """What the leading names mean, and how many of them were used."""
        head = steps[0]
        if len(steps) < 2:
            return None
        simple = _SIMPLE.get(head)
        if simple is not None:
            return 2, simple(self, steps[1])
        if head in ("data", "ephemeral"):
            return None if len(steps) < 3 else (3, self.resource((head, steps[1], steps[2])))
        if head == "resource":
            return None if len(steps) < 3 else (3, self.resource((head, steps[1], steps[2])))
        if head in ("each", "count", "self"):
            raise Undeclared(_MISPLACED[head])
        return 2, self.resource(("resource", head, steps[1]))

    def call(self, name: str, arguments: list[CtyValue]) -> CtyValue:
        """A function call in this module."""
        return call_function(name, arguments, self.session, self.directory, self.root)

    def once(self, key: Any, shown: str, compute: Callable[[], CtyValue]) -> CtyValue:
        """The value for a key, computed once; a value that needs itself is an error."""
        if key in self._values:
            found = self._values[key]
            if isinstance(found, EvalFailure):
                raise found
            return found
        if key in self._running:
            raise Cycle(f"Cycle: {shown} refers to itself, directly or through others.")
        self._running.add(key)
        try:
            value = compute()
        except EvalFailure as error:
            if not error.passing:
                self._values[key] = error
            raise
        finally:
            self._running.discard(key)
        self._values[key] = value
        return value

    # variables and locals

    def variable(self, name: str) -> CtyValue:
        """`var.name`."""
        block = self.configuration.variables.get(name)
        if block is None:
            return self._undeclared(
                "Reference to undeclared input variable: An input variable with the name "
                f'"{name}" has not been declared.'
            )
        return self.once(("var", name), f"var.{name}", lambda: self._variable(name, block))

    def variable_type(self, block: tree.Block) -> cty.Type:
        """The type constraint of a variable; `any` when there is none, or a wrong one."""
        node = block.body.value("type")
        if node is None:
            return cty.DYNAMIC
        try:
            return types.build(constraint(node, self.scope()))
        except TerraformError as error:
            self.session.report(str(error), self.session.files.span(node.start, node.end))
            return cty.DYNAMIC

    def _variable(self, name: str, block: tree.Block) -> CtyValue:
        kind = self.variable_type(block)
        written = self.written_variable(name)
        text = self.given.get(name)
        if text is not None and text.node is None:
            value = self._supplied(text, kind)
        elif written is not None:
            value = evaluate.evaluate(written.node, written.scope)
        else:
            value = self._missing(name, block, kind)
        if cty.is_null(value) and constant_truth(block.body.value("nullable")) is False:
            default = block.body.value("default")
            value = None if default is None else evaluate.evaluate(default, self.scope())
        value = self._constrained(value, kind, name, written, block)
        hidden = constant_truth(block.body.value("sensitive")) is True
        if hidden:
            self.session.hide(value)
        return cty.remark(value, hidden or isinstance(value, cty.Sensitive))

    def written_variable(self, name: str) -> Written | None:
        """Where the value of a variable is written; None when it comes from outside the files."""
        argument = self.arguments.get(name)
        if argument is not None:
            return Written(argument.node, argument.scope)
        found = self.given.get(name)
        if found is not None:
            return Written(found.node, self.scope()) if found.node is not None else None
        block = self.configuration.variables.get(name)
        default = block.body.value("default") if block else None
        return Written(default, self.scope()) if default is not None else None

    def _supplied(self, found: Given, kind: cty.Type) -> CtyValue:
        if isinstance(kind, cty.Primitive):
            return cty.string(found.text)
        base = self.session.files.add(f"<{found.origin}>", found.text)
        try:
            node = syntax.expression(found.text, base)
        except syntax.SyntaxProblem as error:
            raise TerraformError(
                f"the value of {found.origin} is not valid: {error.message}"
            ) from None
        return evaluate.evaluate(node, self.scope())

    def _missing(self, name: str, block: tree.Block, kind: cty.Type) -> Unknown:
        span = self.session.files.span(block.start, block.header_end)
        shown = cty.type_text(kind)
        if self.parent is None:
            reason = f'variable "{name}" has no default'
            return Unknown(reason, span, f"--var {name}=…", type=shown)
        reason = f'argument "{name}" of {self.path.rstrip(".")} is not given'
        if self.configuration.stands_in:
            reason = f"what {self.path.rstrip('.')} makes of it depends on its release"
        return Unknown(reason, span, type=shown)

    def _constrained(
        self,
        value: CtyValue,
        kind: cty.Type,
        name: str,
        written: Written | None,
        block: tree.Block,
    ) -> CtyValue:
        if kind == cty.DYNAMIC:
            return value
        try:
            return types.constrain(value, kind)
        except TerraformError as error:
            if self.configuration.stands_in:
                return cty.unknown(Unknown(f"{self.path}{name} is given in another form"), kind)
            place = written.node if written else block
            message = f'Invalid value for variable "{name}": {error}.'
            raise EvalFailure(message, place.start, place.end) from None

    def local(self, name: str) -> CtyValue:
        """`local.name`."""
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            return self._undeclared(
                "Reference to undeclared local value: A local value with the name "
                f'"{name}" has not been declared.'
            )
        node = attribute.value
        return self.once(
            ("local", name),
            f"local.{name}",
            lambda: evaluate.evaluate(node, self.scope()),
        )

    def _path(self, name: str) -> CtyValue:
        match name:
            case "module":
                return _relative(self.directory, self.root)
            case "root":
                return "."
            case "cwd":
                return self.root.as_posix()
        raise TerraformError(f'Invalid "path" attribute: there is no path.{name}.')

    def _terraform(self, name: str) -> CtyValue:
        if name in ("workspace", "env"):
            inputs = self.session.inputs
            return inputs.workspace or inputs.environment.get("TF_WORKSPACE") or "default"
        if name == "applying":
            return False
        raise TerraformError(f'Invalid "terraform" attribute: there is no terraform.{name}.')

    # resources

    def resource(self, key: tuple[str, str, str]) -> CtyValue:
        """The value of a resource or data source: an instance, or all of its instances."""
        if key not in self.configuration.resources:
            mode, kind, name = key
            shown = f"{kind}.{name}" if mode == "resource" else f"{mode}.{kind}.{name}"
            return self._undeclared(
                f"Reference to undeclared resource: {shown} has not been declared in this module."
            )
        return self.expansion(key).value(self.instance)

    def _undeclared(self, message: str) -> Unknown:
        """
        What nobody declares is a mistake, except where a block of the module could not be read:
        that may have declared it, and is reported itself.
        """
        lost = next((p for p in self.configuration.problems if p.check == syntax.SYNTAX), None)
        if lost is None:
            raise Undeclared(message)
        return Unknown("a block that cannot be read may declare it", lost.span)

    def expansion(self, key: tuple[str, str, str]) -> Expansion:
        """The instances of a resource."""
        found = self._expansions.get(key)
        if found is None:
            block = self.configuration.resources[key]
            mode, kind, name = key
            address = f"{kind}.{name}" if mode == "resource" else f"{mode}.{kind}.{name}"
            found = self._expanded(("expand", key), self.path + address, block)
            self._expansions[key] = found
        return found

    def _expanded(self, key: Any, address: str, block: tree.Block) -> Expansion:
        if key in self._running:
            raise Cycle(f"Cycle: the number of instances of {address} depends on itself.")
        self._running.add(key)
        try:
            return expand(block, address, self.scope(), self.session, self._tallies)
        finally:
            self._running.discard(key)

    def instance(self, member: Member) -> CtyValue:
        """The value of one instance, as references see it."""
        from iaclint.terraform import data

        key = ("instance", member.address)
        if key not in self._values:
            self._values[key] = data.instance(member, self)
        return self._values[key]

    # modules

    def call_names(self) -> Iterator[str]:
        """The names of the modules that are called here."""
        return iter(self.configuration.modules)

    def module(self, name: str) -> CtyValue:
        """`module.name`: an object of outputs, or all of them for count and for_each."""
        if name not in self.configuration.modules:
            return self._undeclared(
                "Reference to undeclared module: No module call named "
                f'"{name}" is declared in this module.'
            )
        return self.calls(name).value(lambda member: self._outputs(name, member))

    def calls(self, name: str) -> Expansion:
        """The instances of a module call."""
        found = self._calls.get(name)
        if found is None:
            block = self.configuration.modules[name]
            found = self._expanded(("calls", name), f"{self.path}module.{name}", block)
            self._calls[name] = found
        return found

    def child(self, name: str, member: Member) -> Module | None:
        """The called module; None when its files are not there."""
        key = (name, member.address)
        if key not in self._children:
            self._children[key] = self._called(name, member)
        return self._children[key]

    def _called(self, name: str, member: Member) -> Module | None:
        block = self.configuration.modules[name]
        scope = self.scope(member.names)
        arguments = {
            a.name: Argument(a.value, scope)
            for a in block.body.attributes
            if a.name not in body.MODULE_META
        }
        directory = self.source_directory(name)
        if directory is None or not config.configuration_files(directory):
            return self._stood_in(name, member, arguments)
        if not self._allowed(directory, block):
            return None
        span = self.session.files.span(block.start, block.header_end)
        found = self.session.configuration(directory)
        return self._within(name, member, found, arguments, (*self.callers, span))

    def _within(
        self,
        name: str,
        member: Member,
        configuration: config.Configuration,
        arguments: Mapping[str, Argument],
        callers: tuple[Span, ...],
    ) -> Module:
        return Module(
            self.session,
            configuration,
            self.root,
            f"{member.address}.",
            f"{self.key}.{name}" if self.key else name,
            self,
            arguments,
            installed=self.installed,
            callers=callers,
            maybe=self.maybe or member.maybe,
            tally=member.tally or self.tally,
            providers=self._passed(self.configuration.modules[name]),
            notes=self.notes,
            guesses=self.guesses,
        )

    def _stood_in(
        self, name: str, member: Member, arguments: Mapping[str, Argument]
    ) -> Module | None:
        """What stands in for a module that is not installed."""
        block = self.configuration.modules[name]
        constraint = config.literal(block.body.value("version"))
        found = standin.stand_in(self.source(name), constraint)
        if found is not None and self.session.certain and not found.sure:
            found = found.before()
        span = self.session.files.span(block.start, block.header_end)
        made = found and standin.configuration(found, arguments, span, self.session)
        if not found or not made:
            self.notes[self._absent(name)[0]] = None
            return None
        self.notes[f'module "{name}" is not installed: it is taken for {found.title}'] = None
        if not found.sure:
            says = f'module "{name}" is {found.title}'
            self.guesses[Guess(says, span.path, span.path)] = None
        child = self._within(name, member, made, arguments, self.callers)
        told = {"version": str(found.version), "source": found.submodule}
        child.given = {key: Given(None, text, key) for key, text in told.items()}
        return child

    def _allowed(self, directory: Path, block: tree.Block) -> bool:
        above: Module | None = self
        depth = 0
        while above is not None:
            if resolved(above.directory) == resolved(directory) or depth > MAXIMUM_MODULE_DEPTH:
                span = self.session.files.span(block.start, block.header_end)
                self.session.report("Cycle: this module calls itself", span)
                return False
            above, depth = above.parent, depth + 1
        return True

    def source(self, name: str) -> str:
        """The source address of a module call; empty when it is not a literal."""
        return config.literal(self.configuration.modules[name].body.value("source"))

    def source_directory(self, name: str) -> Path | None:
        """Where the files of a called module are; None when they are not installed."""
        source = self.source(name)
        if source.startswith(("./", "../", ".\\", "..\\")) or source in (".", ".."):
            return self.directory / source.replace("\\", "/")
        key = f"{self.key}.{name}" if self.key else name
        found = self.installed.get(key)
        if found is None and source.startswith("/"):
            found = Path(source)
        return found

    def _passed(self, block: tree.Block) -> Mapping[str, tuple[Module, str]]:
        node = block.body.value("providers")
        if not isinstance(node, tree.Object):
            return self.providers
        passed = dict(self.providers)
        for key, value in node.items:
            passed[traversal(key)] = self.provider(traversal(value))
        return passed

    def provider(self, name: str) -> tuple[Module, str]:
        """The module that configures a provider, and the name it has there."""
        if name in self.configuration.providers or self.parent is None:
            return self, name
        return self.providers.get(name) or self.parent.provider(name)

    def _absent(self, name: str) -> tuple[str, str]:
        source = self.source(name)
        shown = f'module "{name}" ({source})' if source else f'module "{name}"'
        if source.startswith("."):
            return f"{shown} is not there: its directory has no configuration files", ""
        return f"{shown} is not installed", "terraform get"

    def _outputs(self, name: str, member: Member) -> CtyValue:
        child = self.child(name, member)
        if child is None:
            reason, supply = self._absent(name)
            block = self.configuration.modules[name]
            span = self.session.files.span(block.start, block.header_end)
            return Unknown(reason, span, supply)
        address = member.address
        return doubt.Outputs(
            f"{address} is not known as a whole",
            lookup=lambda output: child.output(output, address),
            everything=child.all_outputs,
        )

    def output(self, name: str, address: str = "") -> CtyValue:
        """The value of an output of this module."""
        block = self.configuration.outputs.get(name)
        node = block.body.value("value") if block else None
        if block is None and self.configuration.stands_in:
            return cty.unknown(
                Unknown(f"{self.path}{name} is made by a module that is not installed")
            )
        if node is None or block is None:
            raise TerraformError(
                f'Unsupported attribute: This object does not have an attribute named "{name}".'
                if block is None
                else f'output "{name}" has no value'
            )
        value = self.once(
            ("output", name), f"output.{name}", lambda: evaluate.evaluate(node, self.scope())
        )
        hidden = constant_truth(block.body.value("sensitive")) is True
        return cty.sensitive(value) if hidden else value

    def all_outputs(self) -> CtyValue:
        """Every output, as an object."""
        found: dict[str, CtyValue] = {}
        for name in self.configuration.outputs:
            found[name] = self.output(name)
        return cty.object_(found)


_SIMPLE: Mapping[str, Callable[[Module, str], CtyValue]] = {
    "var": Module.variable,
    "local": Module.local,
    "module": Module.module,
    "path": Module._path,
    "terraform": Module._terraform,
}
_MISPLACED = {
    "each": 'Reference to "each" in context without for_each: The "each" object can be used only '
    'in "module" or "resource" blocks, and only when the "for_each" argument is set.',
    "count": 'Reference to "count" in non-counted context: The "count" object can only be used in '
    '"module", "resource", and "data" blocks, and only when the "count" argument is set.',
    "self": 'Invalid "self" reference: The "self" object is not available in this context.',
}


def _relative(directory: Path, root: Path) -> str:
    import os

    try:
        relative = os.path.relpath(resolved(directory), resolved(root))
    except ValueError:
        return directory.as_posix()
    return Path(relative).as_posix()
