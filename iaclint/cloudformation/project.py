"""
All templates of a run and how they hang together: nesting, exports, includes, CDK assemblies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cfnlint.helpers import AVAILABILITY_ZONES

from iaclint.cloudformation.agreed import Shapes, agree, shapes_of
from iaclint.cloudformation.cdk import Assembly, assembly
from iaclint.cloudformation.decode import decode
from iaclint.cloudformation.evaluator import Evaluator, Scope
from iaclint.cloudformation.exports import (
    Export,
    exports_of,
    is_certain,
    matching,
    possible_names,
    shown,
    stem_of,
)
from iaclint.cloudformation.loops import MAXIMUM_UNROLLED, expand
from iaclint.cloudformation.node import NESTED, Call, Node, fields, items_of, place_of, string
from iaclint.cloudformation.parameters import Parameter, Supplied, declared
from iaclint.cloudformation.stacks import locate, stacks_of
from iaclint.cloudformation.supplied import AllSupplied, supplied
from iaclint.cloudformation.template import Missing, Template, read
from iaclint.cloudformation.urls import candidates, last_part, local_path
from iaclint.resource import Guess, Inputs
from iaclint.source import Problem, Sources, Span, Unreadable
from iaclint.value import Scalar, Unknown, Value, text

Entries = Mapping[str, tuple[Span, Node]]


@dataclass(slots=True)
class Project:
    """
    Everything that is the same in all worlds. Caches fill up while evaluating; nothing in them
    depends on a world.
    """

    sources: Sources
    inputs: Inputs
    given: AllSupplied = field(default_factory=AllSupplied)
    templates: dict[str, Template] = field(default_factory=dict)
    broken: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    deployed: tuple[Template, ...] = ()
    exports: tuple[Export, ...] | None = None
    shapes: Shapes = field(default_factory=dict)
    _parameters: dict[str, dict[str, Parameter]] = field(default_factory=dict)
    _supplied: dict[str, dict[str, Supplied]] = field(default_factory=dict)
    _spent: dict[str, int] = field(default_factory=dict)
    _included: dict[str, Node | Unknown] = field(default_factory=dict)
    _assemblies: dict[Path, Assembly] = field(default_factory=dict)

    # inputs

    def parameters(self, template: Template) -> dict[str, Parameter]:
        found = self._parameters.get(template.name)
        if found is None:
            found = self._parameters[template.name] = declared(template)
            defaults = (one.default for one in found.values() if one.hidden)
            self.sources.secrets.update(
                str(one.value) for one in defaults if isinstance(one, Scalar)
            )
        return found

    def supplied(self, template: Template) -> Mapping[str, Supplied]:
        """The values given from outside, for a template that is deployed by itself."""
        found = self._supplied.get(template.name)
        if found is None:
            found = self._supplied[template.name] = self.given.for_template(template.path)
            hidden = (one.name for one in self.parameters(template).values() if one.hidden)
            self.sources.secrets.update(found[name].text for name in hidden if name in found)
        return found

    def environment(self, template: Template) -> tuple[str, str]:
        """Region and account: given, or as a CDK assembly pins them."""
        region, account = self.inputs.region, self.inputs.account
        if region and account:
            return region, account
        pinned = self.assembly(template).environment(template.path.name)
        return region or pinned[0], account or pinned[1]

    def zones(self, region: str) -> Sequence[str]:
        """
        The availability zones of a region, three at least: which of them an account has differs,
        and `Fn::Select` of the third must not be an error for that.
        """
        known: list[str] = list(AVAILABILITY_ZONES.get(region, ()))
        for letter in "abc":
            if len(known) >= 3:
                break
            if f"{region}{letter}" not in known:
                known.append(f"{region}{letter}")
        return known

    def spend(self, template: Template, nodes: int) -> bool:
        """Count what loops produce; False when it is too much."""
        total = self._spent[template.name] = self._spent.get(template.name, 0) + nodes
        return total <= MAXIMUM_UNROLLED

    # sections

    def section(self, evaluator: Evaluator, name: str) -> Entries:
        """A section's entries with includes inserted and loops unrolled."""
        node = evaluator.template.section(name)
        top = evaluator.template.section("Fn::Transform")
        entries: dict[str, tuple[Span, Node]] = {}
        if isinstance(node, Call) and node.name == "Fn::Transform":
            entries.update(self._inserted(evaluator, node.argument, node.span))
        elif node is not None:
            entries.update(self._entries(evaluator, node))
        for fragment in self._top_fragments(evaluator, top):
            inner = fields(fragment).get(name)
            if inner is not None:
                entries = {**self._entries(evaluator, inner), **entries}
        return entries

    def _entries(self, evaluator: Evaluator, node: Node) -> Entries:
        plain = fields(node)
        if not any(key.startswith("Fn::") for key in plain):
            return {key: (place_of(node, key), item) for key, item in plain.items()}
        entries: dict[str, tuple[Span, Node]] = {}
        for key, (span, item) in expand(evaluator, node)[0].items():
            if key == "Fn::Transform":
                entries.update(self._inserted(evaluator, item, span))
            else:
                entries[key] = (span, item)
        return entries

    def _inserted(self, evaluator: Evaluator, argument: Node, span: Span) -> Entries:
        fragment = self._fragment(evaluator, argument, span)
        if fragment is None:
            return {"Fn::Transform": (span, argument)}
        return {key: (place_of(fragment, key), item) for key, item in fields(fragment).items()}

    def _fragment(self, evaluator: Evaluator, argument: Node, span: Span) -> Node | None:
        if string(fields(argument).get("Name")) != "AWS::Include":
            return None
        found = self.included(evaluator, argument, span)
        return None if isinstance(found, Unknown) else found

    def _top_fragments(self, evaluator: Evaluator, top: Node | None) -> list[Node]:
        """Includes that the whole template asks for."""
        wanted = [top] if top is not None else []
        transform = evaluator.template.section("Transform")
        if transform is not None:
            wanted += [item for item in items_of(transform) or (transform,) if fields(item)]
        found = []
        for argument in wanted:
            fragment = self._fragment(evaluator, argument, argument.span or Span("", 1))
            if fragment is not None:
                found.append(fragment)
        return found

    # other files

    def included(self, evaluator: Evaluator, argument: Node, span: Span) -> Node | Unknown:
        """The fragment that AWS::Include inserts, when it is a file of the tree."""
        parameters = fields(argument).get("Parameters")
        location = fields(parameters).get("Location") or fields(argument).get("Location")
        url = evaluator.value(location) if location is not None else None
        for path in self._local(evaluator.template, url):
            name = self.sources.name(path)
            if name not in self._included:
                self._included[name] = self._read_fragment(path, name)
            return self._included[name]
        shown = text(url)
        where = shown if isinstance(shown, str) else "its location"
        return Unknown(f"AWS::Include: {where} is not a file of this tree", span)

    def _read_fragment(self, path: Path, name: str) -> Node | Unknown:
        try:
            decoded = decode(self.sources.read(path), name)
        except Unreadable as error:
            return Unknown(f"{name} {error}", Span(name, 1))
        if decoded.root is None:
            return Unknown(f"{name} cannot be decoded", Span(name, 1))
        return decoded.root

    def _local(self, template: Template, url: Value | None) -> list[Path]:
        """Files of the tree that a location names: a path, else a URL's file name."""
        plain = text(url)
        if isinstance(plain, str):
            path = local_path(template.path, plain)
            if path is not None and path.is_file() and self._inside(path):
                return [path]
        return []

    def _inside(self, path: Path) -> bool:
        """Never read outside of what was scanned or the working directory."""
        resolved = path.resolve()
        if resolved.is_relative_to(self.sources.base.resolve()):
            return True
        return any(
            resolved.is_relative_to(template.path.resolve().parent)
            for template in self.templates.values()
        )

    def assembly(self, template: Template) -> Assembly:
        """The CDK assembly that a template belongs to; an empty one for most."""
        folder = template.path.parent
        found = self._assemblies.get(folder)
        if found is None:
            found = self._assemblies[folder] = assembly(folder, self.sources)
        return found

    # nested stacks

    def nested(self, evaluator: Evaluator, name: str) -> Template | Unknown:
        """The template of a nested stack, when it is among the files."""
        span, body = evaluator.resources[name]
        location = NESTED.get(string(fields(body).get("Type")) or "", "")
        node = fields(fields(body).get("Properties")).get(location)
        url = evaluator.value(node) if node is not None else None
        asset = self.assembly(evaluator.template).nested(body, last_part(url))
        if asset is not None and asset.is_file():
            return self._template(asset, span)
        for path in self._local(evaluator.template, url):
            return self._template(path, span)
        given = fields(fields(fields(body).get("Properties")).get("Parameters"))
        file = last_part(url)
        taking = [
            one
            for one in self.templates.values()
            if one.name.endswith(file) and not self._lacks(one, given)
        ]
        found = candidates(evaluator.template.path, url, taking)
        if len(found) == 1:
            self._note_match(evaluator, name, found[0])
            return found[0]
        refused = candidates(evaluator.template.path, url, self.templates.values())
        if refused and not found:
            other, lacking = refused[0].name, self._lacks(refused[0], given)
            why = f'{other} has no parameter "{lacking}", so it is not the nested stack "{name}"'
            return Unknown(why, span)
        near = self._beside(evaluator.template, file, given, span) if not found else None
        if near is None:
            return self._not_local(name, url, found, span)
        self._note_match(evaluator, name, near)
        return near

    def _beside(
        self, template: Template, file: str, given: Iterable[str], span: Span
    ) -> Template | None:
        """The file of that name in the folder of a template that was named alone."""
        path = template.path.parent / file
        found = self._template(path, span) if "." in file and path.is_file() else None
        return found if isinstance(found, Template) and not self._lacks(found, given) else None

    def _lacks(self, template: Template, given: Iterable[str]) -> str:
        """
        A parameter that a parent gives and the template does not declare: CloudFormation refuses
        that (`Parameters: [X] do not exist in the template`), so another template is meant.
        """
        declared = self.parameters(template)
        if any(name.startswith("Fn::") for name in (*given, *declared)):
            return ""
        return next((name for name in given if name not in declared), "")

    def _note_match(self, evaluator: Evaluator, name: str, template: Template) -> None:
        address = evaluator.prefix + name
        note = f"nested stack {address} is taken to be {template.name}, by its file name"
        evaluator.scope.notes[note] = None

    def _not_local(
        self, name: str, url: Value | None, found: Sequence[Template], span: Span
    ) -> Unknown:
        plain = text(url)
        shown = f" ({plain})" if isinstance(plain, str) else ""
        why = f'the template of the nested stack "{name}"{shown} is not a file of this tree'
        if found:
            names = ", ".join(template.name for template in found)
            why = f'the template of the nested stack "{name}" may be any of {names}'
        return Unknown(why, span)

    def _template(self, path: Path, span: Span) -> Template | Unknown:
        name = self.sources.name(path)
        if name in self.templates:
            return self.templates[name]
        if name in self.broken:
            return Unknown(f"{name} cannot be decoded", span)
        read_now = read(path, self.sources)
        if isinstance(read_now, Missing):
            self.broken[name] = read_now.problems
            return Unknown(f"{name} cannot be decoded", span)
        self.templates[name] = read_now
        return read_now

    # exports

    def all_exports(self) -> tuple[Export, ...]:
        """Every export of every stack."""
        if self.exports is None:
            self.exports = ()
            scope = Scope(self, quiet=True)
            self.exports = tuple(
                export
                for template in self.deployed or tuple(self.templates.values())
                for _, stack in stacks_of(scope.top(template))
                for export in exports_of(stack)
            )
            self.shapes = shapes_of(self.exports)
        return self.exports

    def importable(self, evaluator: Evaluator, name: Value | None) -> tuple[Value | None, ...]:
        """The names that an import may mean; of several those that are exported are likely."""
        names = possible_names(self.all_exports(), name, evaluator)
        if not isinstance(name, Unknown) or len(names) >= len(name.choices):
            return names
        exporters = matching(self.all_exports(), names[0], evaluator)
        source, scope = exporters[0].template, evaluator.scope
        says = f"{shown(names[0])}, which {source} exports, is the one that is meant"
        scope.guesses[Guess(says, evaluator.template.name, source)] = None
        return name.choices if scope.certain else names

    def imported(
        self, evaluator: Evaluator, name: Value | None, span: Span, supply: str = ""
    ) -> Value | None:
        """
        The value of an export that another template of the same group makes; `supply` is what the
        user can give to decide the name.
        """
        found = matching(self.all_exports(), name, evaluator)
        if not found:
            return Unknown(f"no scanned template exports {shown(name)}", span, type="string")
        if len(found) > 1:
            return Unknown(_ambiguous(found, name), span, supply)
        export = found[0]
        scope = evaluator.scope
        exporter = None
        if export.top in scope.group:
            exporter = locate(scope, export.top, export.path)
        if exporter is None:
            return Unknown(f"{shown(name)} is exported by {export.template}", span)
        why = self._linked(evaluator, export, name, span)
        if why and (scope.certain or exporter.is_computing(export.output)):
            return Unknown(why, span, supply, type="string")
        return exporter.output(export.output, span)

    def _linked(self, evaluator: Evaluator, export: Export, name: Value | None, span: Span) -> str:
        """Notes an import; says so where only a guess tells which export it is."""
        scope, importer = evaluator.scope, evaluator.template.name
        note = f"{importer} imports what {export.template} exports"
        certain = is_certain(export, self.all_exports(), name, evaluator)
        if certain or agree(export, self.shapes, name, evaluator):
            scope.notes[note] = None
            return ""
        says = f"{shown(name)} is the export of {export.template}"
        scope.notes[f"{note}, as far as their names tell"] = None
        scope.guesses[Guess(says, importer, export.template)] = None
        return f"only the names tell that {says}"


def _ambiguous(found: Sequence[Export], name: Value | None) -> str:
    """Why it is not known which of several exports is meant."""
    names = list(dict.fromkeys(export.template for export in found))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    where = ", ".join(names[:3]) + more
    stems = [stem for export in found if (stem := stem_of(export))]
    if len(set(stems)) < len(found):
        return f"several templates export {shown(name)}: {where}"
    taken = f"how their stacks are called ({names[0]}'s is taken to be {stems[0]})"
    return f"which of several templates exports {shown(name)} hangs on {taken}: {where}"


def open_project(paths: Sequence[Path], sources: Sources, inputs: Inputs) -> Project:
    """Read all templates of a run."""
    project = Project(sources, inputs, supplied(inputs, sources))
    for path in paths:
        found = read(path, sources)
        name = sources.name(path)
        if isinstance(found, Missing):
            project.broken[name] = found.problems
        else:
            project.templates[name] = found
    return project
