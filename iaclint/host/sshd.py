"""
Changes of sshd's settings, by whatever means a script makes them.

https://man.openbsd.org/sshd_config
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iaclint.host.shell import Command, writings

CONFIG = re.compile(r"sshd_config(\.d/|\b)")
_SUBSTITUTE = re.compile(
    r"s(?P<d>[/|#,@!])(?P<old>.*?)(?<!\\)(?P=d)(?P<new>.*?)(?<!\\)(?P=d)", re.S
)
_DIRECTIVE = re.compile(r"^\s*([A-Za-z]+)[ \t=]+\"?([^\"#\n]*)", re.MULTILINE)
_RESTART = re.compile(
    r"(systemctl\s+(-\S+\s+)*(re(start|load)|reload-or-restart|start)\s+(sshd?|ssh\.socket)\b)|"
    r"(service\s+sshd?\s+(re(start|load)|start))|(init\.d/sshd?\s+(re(start|load)|start))|"
    r"(^reboot\b|shutdown\s+-r|\binit\s+6)|(kill\S*\s.*sshd)"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One directive as it is written. `line` counts from 0; `value` may hold unknown pieces."""

    name: str
    value: str
    line: int
    sure: bool


def from_commands(all_: Iterable[Command]) -> Iterator[Setting]:
    """The settings that a script writes, in order."""
    for command in all_:
        if command.name == "sed" and any(CONFIG.search(word) for word in command.arguments):
            yield from _sed(command)
        for writing in writings(command):
            if CONFIG.search(writing.path):
                yield from from_text(writing.text, writing.line, writing.sure)


def _sed(command: Command) -> Iterator[Setting]:
    for word in command.arguments:
        for match in _SUBSTITUTE.finditer(word):
            new = match.group("new").replace("\\n", "\n").replace("\\t", " ")
            yield from from_text(new, command.line, command.sure)
        if appended := re.match(r"\$\s*a\s*\\?\s*(.+)", word, re.S):
            yield from from_text(appended.group(1), command.line, command.sure)


def from_text(text: str, line: int = 0, sure: bool = True) -> Iterator[Setting]:
    """The directives in a piece of the file. What stands in a `Match` block is for some only."""
    inside_match = False
    for match in _DIRECTIVE.finditer(text):
        name = match.group(1).lower()
        inside_match = inside_match or name == "match"
        yield Setting(name, match.group(2).strip(), line, sure and not inside_match)


def restarts(command: Command) -> bool:
    """Whether a command makes sshd read its settings again."""
    said = command.name in ("echo", "printf", "cat", "logger", "wall")
    return not said and _RESTART.search(command.plain) is not None
