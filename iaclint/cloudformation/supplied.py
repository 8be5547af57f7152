"""
Parameter values from outside: `--parameter`, and parameter files in every shape in use.

https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from iaclint.cloudformation.decode import too_deep
from iaclint.cloudformation.parameters import Supplied
from iaclint.resource import Inputs
from iaclint.source import Problem, Sources, Span, Unreadable


@dataclass(frozen=True, slots=True)
class Given:
    """
    What one source gives. `template` is the template it is for, when it says so (deployment files
    do), else it is for every template that declares such a parameter.
    """

    values: Mapping[str, Supplied]
    template: str = ""


@dataclass(frozen=True, slots=True)
class AllSupplied:
    """Everything given from outside, later sources win; and the files that cannot be used."""

    sources: tuple[Given, ...] = ()
    problems: tuple[Problem, ...] = ()

    def for_template(self, path: Path) -> dict[str, Supplied]:
        merged: dict[str, Supplied] = {}
        for given in self.sources:
            if not given.template or Path(given.template) == path.resolve():
                merged.update(given.values)
        return merged


def supplied(inputs: Inputs, sources: Sources) -> AllSupplied:
    """Read all parameter files; what is given on the command line comes last and wins."""
    given: list[Given] = []
    problems: list[Problem] = []
    for file in inputs.parameter_files:
        path = Path(file)
        try:
            given.append(_read(path, sources))
        except Unreadable as error:
            name = sources.name(path)
            problems.append(Problem("IAC003", f"parameter file {name} {error}", Span(name, 1)))
    if inputs.parameters:
        given.append(Given({key: Supplied(text) for key, text in inputs.parameters.items()}))
    return AllSupplied(tuple(given), tuple(problems))


def _read(path: Path, sources: Sources) -> Given:
    text = sources.read(path)
    name = sources.name(path)
    document = _document(path, text)
    template = ""
    if isinstance(document, dict) and isinstance(document.get("template-file-path"), str):
        template = str((path.parent / document["template-file-path"]).resolve())
    pairs = dict(_pairs(document))
    if not pairs and document:
        raise Unreadable("holds no parameters in a form that is known")
    return Given(
        {key: Supplied(value, _line(text, key, name)) for key, value in pairs.items()}, template
    )


def _document(path: Path, text: str) -> object:
    try:
        if path.suffix.lower() == ".toml":
            return _sam_overrides(tomllib.loads(text))
        if text.lstrip()[:1] in ("{", "["):
            return json.loads(text)
        if too_deep(text) is not None:
            raise Unreadable("is nested too deeply")
        return yaml.load(text, yaml.CBaseLoader)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise Unreadable(f"cannot be decoded: {str(error).splitlines()[0]}") from error


def _sam_overrides(document: object) -> object:
    """`parameter_overrides` of a samconfig.toml, wherever it stands."""
    found: list[object] = []
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "parameter_overrides":
                    found.append(value)
                else:
                    stack.append(value)
    return found[0] if found else {}


def _pairs(document: object) -> Iterator[tuple[str, str]]:
    if isinstance(document, str):
        yield from _assignments(shlex.split(document))
    elif isinstance(document, list):
        for item in document:
            if isinstance(item, dict) and "ParameterKey" in item:
                if "ParameterValue" in item:
                    yield str(item["ParameterKey"]), _text(item["ParameterValue"])
            elif isinstance(item, str):
                yield from _assignments([item])
    elif isinstance(document, dict):
        for key in ("Parameters", "parameters"):
            if isinstance(document.get(key), (dict, list)):
                yield from _pairs(document[key])
                return
        for key, value in document.items():
            if not isinstance(value, dict):
                yield str(key), _text(value)


def _assignments(words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_text(item) for item in value if not isinstance(item, (list, dict)))
    return "" if value is None else str(value)


def _line(text: str, key: str, name: str) -> Span:
    position = text.find(key)
    if position < 0:
        return Span(name, 1)
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return Span(name, line, column, line, column + len(key))
