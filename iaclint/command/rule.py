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

from iaclint import catalogue, example, guide, registry
from iaclint.catalogue import Page
from iaclint.command import screen
from iaclint.finding import Level
from iaclint.guide import Topic
from iaclint.report.style import Style


def run(arguments: Mapping[str, Any]) -> int:
    """Prints one page, all pages, or the list."""
    known = registry.load([Path(one) for one in arguments.get("checks") or ()])
    key = arguments.get("key")
    pages = [_found(known, key)] if key else _every(known)
    style = Style(screen.colored(arguments.get("color") or "auto", sys.stdout))
    whole = bool(key) or bool(arguments.get("everything"))
    sys.stdout.write(_written(pages, arguments["output"], whole, style))
    return 0


def _every(known: registry.Registry) -> list[Page | Topic]:
    return [*map(catalogue.page, known.checks), *guide.topics().values()]


def _found(known: registry.Registry, key: str) -> Page | Topic:
    """The page of a check, by id or name, or one of the guide."""
    topic = guide.topics().get(key.lower().removeprefix("guide-"))
    if topic is not None and key not in known.names:
        return topic
    return catalogue.page(known.find(key), example.shown if example.BASE.is_dir() else None)


def _written(pages: Sequence[Page | Topic], output: str, whole: bool, style: Style) -> str:
    if output == "json":
        encoded = msgspec.json.encode(pages, enc_hook=_plain)
        return msgspec.json.format(encoded, indent=2).decode() + "\n"
    if not whole:
        checks = [page for page in pages if isinstance(page, Page)]
        return catalogue.listing(checks) if output == "markdown" else _list(pages, style)
    if output == "markdown":
        return "\n".join(page.markdown for page in pages)
    return "\n".join(_page(page, style) for page in pages)


def _plain(value: object) -> object:
    if isinstance(value, Level):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _list(pages: Sequence[Page | Topic], style: Style) -> str:
    lines = []
    width = max(len(page.name) for page in pages)
    for family, members in groupby(pages, key=lambda page: page.family):
        lines += ["", style.paint(family, "bold")]
        lines += [_line(page, width, style) for page in members]
    return "\n".join(lines[1:]) + "\n"


def _line(page: Page | Topic, width: int, style: Style) -> str:
    if isinstance(page, Topic):
        return f"  {'':6}  {page.name:{width}}  {'page':7}  {page.summary}"
    level = style.level(page.level, f"{page.level!s:7}")
    return f"  {page.id}  {page.name:{width}}  {level}  {page.summary}"


def _page(page: Page | Topic, style: Style) -> str:
    """The page for the screen: the markdown, which reads well as it is."""
    title, _, rest = page.markdown.partition("\n")
    return f"{style.paint(title.removeprefix('# '), 'bold')}\n{rest}"
