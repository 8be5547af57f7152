"""
Where output goes: files, the screen, and what CI systems offer.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from iaclint.catalogue import Page
from iaclint.command.failure import CommandError
from iaclint.report import FORMATS, Context
from iaclint.scan import Request
from iaclint.settings import git_top, suggestion
from iaclint.source import Sources

_MARKS = "✓✗→…"


def context(
    arguments: Mapping[str, Any], request: Request, sources: Sources, pages: Mapping[str, Page]
) -> Context:
    """What the report writers need, for the screen the command runs on."""
    terminal = sys.stdout.isatty()
    verbosity = -1 if arguments.get("quiet") else int(arguments.get("verbose") or 0)
    return Context(
        sources,
        pages,
        top=git_top(request.paths[0]),
        color=colored(arguments.get("color") or "auto", sys.stdout),
        width=shutil.get_terminal_size().columns if terminal else 0,
        plain=not _can_show(sys.stdout, _MARKS),
        verbosity=verbosity,
        sarif_category=arguments.get("sarif_category") or "",
        sarif_suppressed=bool(arguments.get("sarif_suppressed")),
    )


def colored(wish: str, stream: TextIO) -> bool:
    """Whether to paint. https://no-color.org and https://force-color.org"""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def outputs(arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Formats and where each goes; an empty place is standard output."""
    wanted = list(arguments.get("output") or ())
    if wanted:
        return [_output(one) for one in wanted]
    found = [("concise" if arguments.get("quiet") else "text", "")]
    if os.environ.get("GITHUB_ACTIONS") == "true" and not arguments.get("no_auto_output"):
        found.append(("github", ""))
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        found += [("markdown", f"+{summary}")] if summary else []
    return found


def _output(wish: str) -> tuple[str, str]:
    name, _, place = wish.partition("=")
    if name not in FORMATS:
        raise CommandError(f'unknown format "{name}"{suggestion(name, FORMATS)}')
    return name, "" if place == "-" else place


def deliver(place: str, text: str) -> None:
    """Writes to a file, at the end of one (`+FILE`), or to standard output."""
    if not place:
        sys.stdout.write(text)
        return
    path = Path(place.removeprefix("+"))
    mode = "a" if place.startswith("+") else "w"
    try:
        with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CommandError(f'cannot write "{path}": {error.strerror}') from error
