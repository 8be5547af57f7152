"""
Where the values of a root module's variables come from, in Terraform's order of precedence.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iaclint.resource import Inputs
from iaclint.source import Problem, Sources, Span, Unreadable
from iaclint.terraform import jsonsyntax, syntax, tree
from iaclint.terraform.files import Files


@dataclass(frozen=True, slots=True)
class Given:
    """A value for a variable: an expression in a variables file, or the text from outside."""

    node: tree.Expression | None
    text: str = ""
    origin: str = ""


def given(
    directory: Path,
    inputs: Inputs,
    sources: Sources,
    files: Files,
    problems: list[Problem],
) -> dict[str, Given]:
    """What is given for each variable; the strongest source wins."""
    found: dict[str, Given] = {}
    for name, text in sorted(inputs.environment.items()):
        if name.startswith("TF_VAR_"):
            found[name.removeprefix("TF_VAR_")] = Given(None, text, name)
    for path in _automatic(directory):
        found.update(_file(path, sources, files, problems))
    for name in inputs.variable_files:
        path = Path(name)
        found.update(_file(sources.base / path, sources, files, problems))
    for name, text in inputs.variables.items():
        found[name] = Given(None, text, f"--var {name}")
    return found


def _automatic(directory: Path) -> list[Path]:
    fixed = [directory / "terraform.tfvars", directory / "terraform.tfvars.json"]
    try:
        names = sorted(entry.name for entry in directory.iterdir())
    except OSError:
        return []
    automatic = [n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [path for path in fixed if path.is_file()] + [directory / name for name in automatic]


def _file(
    path: Path,
    sources: Sources,
    files: Files,
    problems: list[Problem],
) -> Mapping[str, Given]:
    name = sources.name(path)
    try:
        text = sources.read(path)
    except Unreadable as error:
        problems.append(Problem(syntax.SYNTAX, f"{name} {error}", Span(name, 1)))
        return {}
    if name.endswith(".json") or text.lstrip().startswith("{"):
        base = files.add(name, text)
        try:
            body = jsonsyntax.variables(text, base)
        except syntax.SyntaxProblem as error:
            span = files.span(error.position, error.position + 1)
            problems.append(Problem(syntax.SYNTAX, f"syntax error: {error.message}", span))
            return {}
    else:
        parsed = syntax.parse(text, name, files, cached=False)
        problems.extend(parsed.problems)
        body = parsed.body
    return {one.name: Given(one.value, origin=name) for one in body.attributes}
