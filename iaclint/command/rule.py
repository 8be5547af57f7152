"""
`iaclint rule`: the pages of the checks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import msgspec

from iaclint import catalogue, example, guide
from iaclint.catalogue import Page
from iaclint.command import given, screen
from iaclint.guide import Topic
from iaclint.registry import Registry
from iaclint.report.style import Style


def run(arguments: Mapping[str, Any]) -> int:
    """Prints one page, all pages, or the list."""
    known = given.checks(arguments)
    key = arguments.get("key") or ""
    one = _one(known, key)
    pages = [one] if one else _some(known, key) if key else _every(known)
    style = Style(screen.colored(arguments.get("color") or "auto", sys.stdout))
    whole = one is not None or bool(arguments.get("everything"))
    sys.stdout.write(_written(pages, arguments["output"], whole, style))
    return 0


def _every(known: Registry) -> list[Page | Topic]:
    return [*map(catalogue.page, known.checks), *guide.topics().values()]


def _one(known: Registry, key: str) -> Page | Topic | None:
    """The page of a check, by id or name, or one of the guide."""
    if key in known.names or key.upper() in known.by_id:
        return catalogue.page(known.find(key), example.shown if example.BASE.is_dir() else None)
    return guide.topics().get(key.lower().removeprefix("guide-"))


def _some(known: Registry, prefix: str) -> list[Page | Topic]:
    """The pages of the checks whose ids start so. Raises `UnknownCheck`."""
    return [catalogue.page(known.by_id[one]) for one in sorted(known.resolve(prefix))]


def _written(pages: Sequence[Page | Topic], output: str, whole: bool, style: Style) -> str:
    if output == "json":
        encoded = msgspec.json.encode([_entry(page) for page in pages])
        return msgspec.json.format(encoded, indent=2).decode() + "\n"
    if not whole:
        checks = [page for page in pages if isinstance(page, Page)]
        return catalogue.listing(checks) if output == "markdown" else _list(pages, style)
    if output == "markdown":
        return "\n".join(page.markdown for page in pages)
    return "\n".join(_page(page, style) for page in pages)


def _entry(page: Page | Topic) -> dict[str, Any]:
    level = {"level": str(page.level)} if isinstance(page, Page) else {}
    return {**asdict(page), **level}


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
