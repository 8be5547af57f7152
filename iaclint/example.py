"""
Runs the examples of the checks: each is one change to a network that works.

A Terraform example is written like an override file: a block of the base network gets the
example's arguments (`count = 0` takes it away), any other block is new. A CloudFormation example
starts with `Resources:` and is merged into the base template; null takes away. A check whose
examples need more than the base says with `base` what is added to it first.
"""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path

from iaclint import scan
from iaclint.check import Check
from iaclint.finding import Report
from iaclint.registry import Registry
from iaclint.report import Context, text
from iaclint.source import Sources

BASE = Path(__file__).parents[1] / "fixtures" / "base"
"""The network that works. A wheel carries none: there, examples are only printed."""

ADDED = BASE / "added"
"""What is added to it for the checks that name another `base`."""

BLOCK = re.compile(
    r'^(\w+) "([\w-]+)"(?: "([\w-]+)")? \{(?:[^\n]*\}|\n.*?^\})$', re.DOTALL | re.MULTILINE
)
SECTION = re.compile(r"^(Resources|Parameters|Outputs|Conditions|Metadata):", re.MULTILINE)


def is_template(change: str) -> bool:
    """Whether an example is written for CloudFormation."""
    return SECTION.search(textwrap.dedent(change)) is not None


def files(change: str, base: str = "base") -> Mapping[str, str]:
    """The files of a base network with an example in it, by name."""
    change = textwrap.dedent(change).strip("\n") + "\n"
    if not is_template(change):
        return terraform(change, base)
    from iaclint.cloudformation.overlay import overlay

    text = (BASE / "cloudformation" / "template.yaml").read_text("utf-8")
    if base != "base":
        text = overlay(text, (ADDED / f"{base}.yaml").read_text("utf-8"))
    return {"template.yaml": overlay(text, change)}


def terraform(change: str, base: str) -> Mapping[str, str]:
    """
    The base, the blocks that change one of it, and the new ones. Both files keep the lines of
    the example where they are.
    """
    texts = {"main.tf": (BASE / "terraform" / "main.tf").read_text("utf-8")}
    if base != "base":
        texts[f"{base}.tf"] = (ADDED / f"{base}.tf").read_text("utf-8")
    known = {block.groups() for text in texts.values() for block in BLOCK.finditer(text)}
    over = [block.span() for block in BLOCK.finditer(change) if block.groups() in known]
    texts["example.tf"] = _without(change, over)
    if over:
        texts["example_override.tf"] = _only(change, over)
    return {name: text for name, text in texts.items() if text.strip()}


def _blank(text: str) -> str:
    return "\n" * text.count("\n")


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + _blank(text[start:end]) + text[end:]
    return text


def _only(text: str, spans: list[tuple[int, int]]) -> str:
    made, last = "", 0
    for start, end in spans:
        made += _blank(text[last:start]) + text[start:end]
        last = end
    return made + "\n"


def report(texts: Mapping[str, str], registry: Registry) -> tuple[Report, Sources]:
    """What the tool says about these files, with every file that was read."""
    with tempfile.TemporaryDirectory(prefix="iaclint-") as name:
        directory = Path(name).resolve()
        for file, content in texts.items():
            (directory / file).parent.mkdir(parents=True, exist_ok=True)
            (directory / file).write_text(content, "utf-8")
        sources = Sources(directory)
        return scan.check(scan.Request((directory,), registry), sources), sources


def shown(check: Check, change: str) -> str:
    """What the tool prints for an example of a check; empty where the base is not at hand."""
    if not BASE.is_dir():
        return ""
    found, sources = report(files(change, check.base), Registry((check,)))
    return text.write(found, Context(sources))
