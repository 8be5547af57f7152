"""
AWS's guide for people who cannot connect: its sections, and pages on what no file can tell.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

FAMILY = "Guide"
"""Under which the pages are listed."""

GUIDE = (
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesConnecting.html"
)
WINDOWS = (
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-connect-windows-instance.html"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A page without a check: `summary` is its title, one sentence, and `text` markdown."""

    id: str
    name: str
    summary: str
    text: str
    family: str = FAMILY

    @property
    def markdown(self) -> str:
        """The whole page, titled."""
        return f"# {self.name}\n\n{self.summary}\n\n{self.text}\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the guide: the checks and pages that answer it, by id and by name."""

    number: int
    part: str
    title: str
    checks: tuple[str, ...]
    pages: tuple[str, ...]
    note: str = ""


def topics() -> Mapping[str, Topic]:
    """The pages by name, in its order."""
    return {path.stem: _topic(path) for path in sorted(_directory().glob("*.md"))}


def sections() -> tuple[Section, ...]:
    """The sections in the order of the guide."""
    data = tomllib.loads((_directory() / "sections.toml").read_text("utf-8"))
    return tuple(
        Section(
            one["number"],
            one["part"],
            one["title"],
            tuple(one["checks"]),
            tuple(one["pages"]),
            one.get("note", ""),
        )
        for one in data["section"]
    )


def table() -> str:
    """The sections as a table of markdown."""
    lines = [
        f"The sections of [AWS's guide]({GUIDE}), [that for Windows]({WINDOWS}) included, and what",
        "answers each: a check, or a page where no file can tell.",
        "",
        "| # | What the guide says | Checks | Pages | |",
        "|---|---|---|---|---|",
    ]
    part = ""
    for one in sections():
        if one.part != part:
            part = one.part
            lines.append(f"| | **{part}** | | | |")
        pages = ", ".join(f"[{name}](guide/{name}.md)" for name in one.pages)
        lines.append(
            f"| {one.number} | {one.title} | {', '.join(one.checks)} | {pages} | {one.note} |"
        )
    return "\n".join(lines) + "\n"


def _directory() -> Path:
    return Path(next(iter(import_module("iaclint.checks").__path__))) / "guide"


def _topic(path: Path) -> Topic:
    title, _, text = path.read_text("utf-8").partition("\n")
    return Topic(f"guide-{path.stem}", path.stem, title.removeprefix("# "), text.strip())
