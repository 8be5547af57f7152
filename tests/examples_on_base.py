"""Runs an example of a check: one change to the base network that works."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from iaclint import run
from iaclint.check import Check
from iaclint.finding import Finding
from iaclint.resource import Inputs
from iaclint.source import Sources

BASE = Path(__file__).parents[1] / "fixtures" / "base" / "terraform" / "main.tf"
_BLOCK = re.compile(r"^(\w+)((?: \"[^\"]*\")*) \{.*?^\}$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> dict[tuple[str, str], list[str]]:
    """The top-level blocks of a file by type and labels."""
    found: dict[tuple[str, str], list[str]] = {}
    for match in _BLOCK.finditer(text):
        found.setdefault((match.group(1), match.group(2).strip()), []).append(match.group())
    return found


def write(directory: Path, change: str) -> None:
    """The base, the blocks of the change that it has as an override file, the others beside it."""
    base = BASE.read_text(encoding="utf-8")
    known = blocks(base)
    overrides: list[str] = []
    added: list[str] = []
    for key, texts in blocks(dedent(change)).items():
        (overrides if key in known and key[0] in ("resource", "data") else added).extend(texts)
    (directory / "main.tf").write_text(base, encoding="utf-8")
    (directory / "change_override.tf").write_text("\n".join(overrides), encoding="utf-8")
    (directory / "added.tf").write_text("\n".join(added), encoding="utf-8")


def findings(directory: Path, checks: list[Check], template: bool = False) -> list[Finding]:
    """What the checks say about a directory of Terraform, or about a template in it."""
    sources = Sources()
    templates = [directory / "template.yaml"] if template else []
    roots = run.load([] if template else [directory], templates, sources, Inputs())
    return run.answer(roots, checks, []).findings
