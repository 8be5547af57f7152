"""
Writers of the report: one module per format, each a function `write(report, context)`.

A writer sees findings, sources and the pages of the checks, and nothing of the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from iaclint import __version__
from iaclint.catalogue import Page
from iaclint.finding import Report
from iaclint.source import Sources

FORMATS = (
    "text",
    "concise",
    "json",
    "sarif",
    "junit",
    "github",
    "gitlab",
    "markdown",
    "html",
)
"""The names that `--output` takes."""


@dataclass(frozen=True, slots=True)
class Context:
    """
    What a writer needs beside the report.

    `top` is the root of the repository, to which code hosts want paths to be relative. `width` is
    the number of columns of the terminal, 0 where there is none and nothing is wrapped. `plain`
    asks for ASCII marks. `verbosity` is -1 for quiet, 1 and more for `-v`.
    """

    sources: Sources
    pages: Mapping[str, Page] = field(default_factory=lambda: MappingProxyType({}))
    top: Path | None = None
    version: str = __version__
    color: bool = False
    width: int = 0
    plain: bool = False
    verbosity: int = 0
    sarif_category: str = ""
    sarif_suppressed: bool = False


class Writer(Protocol):
    """A module of this package that knows one format."""

    def write(self, report: Report, context: Context) -> str:
        """The report in that format, ending in a line end unless it is empty."""


def write(name: str, report: Report, context: Context) -> str:
    """The report in the named format, one of `FORMATS`. Only that format's module is imported."""
    writer = cast(Writer, import_module(f"{__name__}.{name}"))
    return writer.write(report, context)
