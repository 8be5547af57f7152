"""
`iaclint rule`: the pages of the checks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from iaclint import catalogue, example, registry
from iaclint.catalogue import Page
from iaclint.command import screen
from iaclint.finding import Level
from iaclint.report.style import Style


def run(arguments: Mapping[str, Any]) -> int:
    """Prints one page, all pages, or the list."""
    known = registry.load([Path(one) for one in arguments.get("checks") or ()])
    key = arguments.get("key")
    chosen = [known.find(key)] if key else list(known.checks)
    show = example.shown if key and example.BASE.is_dir() else None
    pages = [catalogue.page(check, show) for check in chosen]
    style = Style(screen.colored(arguments.get("color") or "auto", sys.stdout))
    whole = bool(key) or bool(arguments.get("everything"))
    sys.stdout.write(_written(pages, arguments["output"], whole, style))
    return 0


def _written(pages: Sequence[Page], output: str, whole: bool, style: Style) -> str:
    if output == "json":
        encoded = msgspec.json.encode(pages, enc_hook=_plain)
        return msgspec.json.format(encoded, indent=2).decode() + "\n"
    if not whole:
        return catalogue.listing(pages) if output == "markdown" else _list(pages, style)
    if output == "markdown":
        return "\n".join(page.markdown for page in pages)
    return "\n".join(_page(page, style) for page in pages)


def _plain(value: object) -> object:
    if isinstance(value, Level):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _list(pages: Sequence[Page], style: Style) -> str:
    lines = []
    width = max(len(page.name) for page in pages)
    for family, members in groupby(pages, key=lambda page: page.family):
        lines += ["", style.paint(family, "bold")]
        for page in members:
            level = style.level(page.level, f"{page.level!s:7}")
            lines.append(f"  {page.id}  {page.name:{width}}  {level}  {page.summary}")
    return "\n".join(lines[1:]) + "\n"


def _page(page: Page, style: Style) -> str:
    """The page for the screen: the markdown, which reads well as it is."""
    title, _, rest = page.markdown.partition("\n")
    return f"{style.paint(title.removeprefix('# '), 'bold')}\n{rest}"
