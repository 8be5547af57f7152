"""
Files that were read, places in them, and what was wrong with them.

Everything later in the pipeline points back here: a `Span` is how a finding names a line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAXIMUM_BYTES = 10_000_000
"""Files larger than this are not read: no hand-written configuration is, hostile ones are."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """
    A place in a file. Lines and columns count from 1, in Unicode code points; the end column is
    the first one that no longer belongs to the span, as SARIF 2.1.0 §3.30 has it. `within` names
    what is called there when the thing itself is written elsewhere: a module that is stood in for.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    within: str = ""

    def __post_init__(self) -> None:
        if not self.end_line:
            object.__setattr__(self, "end_line", self.line)
        if not self.end_column:
            object.__setattr__(self, "end_column", self.column + 1)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something that kept a part of the input from being understood. The rest is still checked.

    `check` is the id of the input check (family 0) that reports it, `span` the place (line 1 of
    the file where nothing more exact is known), `help` what the user can do about it.
    """

    check: str
    message: str
    span: Span
    help: str = ""


class Unreadable(Exception):
    """A file could not be read; the argument says why, in words for the user."""


@dataclass(slots=True)
class Sources:
    """
    All files of one run, read once. `read` raises `Unreadable`, never an `OSError` or a
    `UnicodeDecodeError`. Paths in spans are relative to the working directory, with `/`.
    """

    base: Path = field(default_factory=Path.cwd)
    texts: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    """Values that are declared to be sensitive: they are shown nowhere."""

    def name(self, path: Path) -> str:
        """The path as it is shown to people: relative to the working directory, with `/`."""
        try:
            relative = os.path.relpath(path, self.base)
        except ValueError:  # another drive on Windows
            return path.as_posix()
        return Path(relative).as_posix()

    def read(self, path: Path) -> str:
        """The text of a file, without a byte order mark and with `\\n` line ends."""
        name = self.name(path)
        if name not in self.texts:
            self.texts[name] = _decode(path)
        return self.texts[name]

    def lines(self, name: str) -> list[str]:
        """The lines of a file by its shown name; none when it was never read."""
        return self.texts.get(name, "").split("\n")

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)


def _decode(path: Path) -> str:
    try:
        if not path.is_file():
            raise Unreadable("is not a regular file")
        if path.stat().st_size > MAXIMUM_BYTES:
            raise Unreadable(f"is larger than {MAXIMUM_BYTES // 1_000_000} MB and was not read")
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(f"is not UTF-8 text (line {line})") from error
    return text.replace("\r\n", "\n")
