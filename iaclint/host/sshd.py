"""
Changes of sshd's settings, by whatever means a script makes them.

https://man.openbsd.org/sshd_config
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iaclint.host.shell import Command, writings
from iaclint.host.text import HOLE

CONFIG = re.compile(r"sshd_config(\.d/|\b)")
_SUBSTITUTE = re.compile(
    r"s(?P<d>[/|#,@!])(?P<old>.*?)(?<!\\)(?P=d)(?P<new>.*?)(?<!\\)(?P=d)", re.S
)
_LINE = re.compile(r"(?:/(?P<old>(?:\\.|[^/])+)/|\$)\s*[aci]\s*\\?\s*(?P<new>.+)", re.S)
_STOCK = "#Port 22"
"""What the file has before anybody edits it: OpenSSH's own, and that of today's distributions."""
_LONGEST = 200
"""Patterns of sed that are longer are not tried."""
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
    extended = any(re.match(r"-[a-z]*[Er]|--regexp-extended", word) for word in command.arguments)
    for word in command.arguments:
        for match in _SUBSTITUTE.finditer(word):
            new = match.group("new").replace("\\n", "\n").replace("\\t", " ")
            found = _stock_matches(match.group("old"), extended)
            left = _STOCK[: found.start()] + new if found else ""
            yield from _edited(command, new, left)
        if line := _LINE.match(word):
            new, old = line.group("new"), line.group("old")
            yield from _edited(
                command, new, new if not old or _stock_matches(old, extended) else ""
            )


def _edited(command: Command, new: str, line: str) -> Iterator[Setting]:
    """What an edit sets. The port is unknown where the stock line stays a comment."""
    moves = any(setting.name == "port" for setting in from_text(line))
    for setting in from_text(new, command.line, command.sure):
        open_ = setting.name == "port" and not moves
        yield replace(setting, value=HOLE, sure=False) if open_ else setting


def _stock_matches(old: str, extended: bool) -> re.Match[str] | None:
    """Where a pattern of sed fits the stock line; from its beginning when that cannot be told."""
    pattern = old.replace("[[:space:]]", r"\s").replace("[[:blank:]]", r"\s")
    if not extended:
        pattern = re.sub(r"\\?[?+(){}|]", lambda m: m[0][1:] or "\\" + m[0], pattern)
    try:
        return re.search("" if HOLE in old or len(old) > _LONGEST else pattern, _STOCK)
    except re.error:
        return re.search("", _STOCK)


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
