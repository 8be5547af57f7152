"""
cloud-config, line by line: users, keys, files, commands, and mistakes that make it invalid.

https://cloudinit.readthedocs.io/en/latest/reference/modules.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.host.text import HOLE

_TOP = re.compile(r"^([A-Za-z_][\w-]*)\s*:(?:\s+(.*)|)$")


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level key: what stands on its line, and the lines below. `line` counts from 0."""

    name: str
    value: str
    line: int
    body: tuple[str, ...]


def sections(text: str) -> list[Section]:
    """The top-level keys, in order."""
    lines = text.split("\n")
    margin = _margin(lines)
    starts: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines):
        match = _TOP.match(line[margin:].rstrip())
        if match:
            starts.append((number, match.group(1), (match.group(2) or "").strip()))
    if not starts:
        return []
    ends = [start for start, _, _ in starts[1:]] + [len(lines)]
    return [
        Section(name, value, start, tuple(line[margin:] for line in lines[start + 1 : end]))
        for (start, name, value), end in zip(starts, ends, strict=True)
    ]


def _margin(lines: list[str]) -> int:
    """The indentation that all lines share."""
    full = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return min((len(line) - len(line.lstrip(" ")) for line in full), default=0)


@dataclass(frozen=True, slots=True)
class Item:
    """An element of a list: its lines, the dash taken off the first."""

    lines: tuple[str, ...]
    line: int

    def value(self, key: str) -> str | None:
        """What stands beside a key of the element; None when it is not there."""
        for line in self.lines:
            match = re.match(rf"\s*['\"]?{re.escape(key)}['\"]?\s*:\s*(.*)$", line)
            if match:
                return _unquoted(match.group(1))
        return None

    @property
    def text(self) -> str:
        """The element, when it is a text."""
        return _unquoted(self.lines[0])


def items(section: Section) -> list[Item]:
    """The elements of a section that is a list."""
    if section.value.startswith("["):
        inner = section.value.strip("[]")
        return [Item((piece.strip(),), section.line) for piece in inner.split(",") if piece.strip()]
    found: list[tuple[int, list[str]]] = []
    indent: int | None = None
    for number, line in enumerate(section.body, section.line + 1):
        plain = line.lstrip(" ")
        if not plain or plain.startswith("#"):
            continue
        depth = len(line) - len(plain)
        if (plain.startswith("- ") or plain == "-") and (indent is None or depth == indent):
            indent = depth
            found.append((number, [plain[2:]]))
        elif found:
            found[-1][1].append(line)
    return [Item(tuple(lines), number) for number, lines in found]


def _unquoted(text: str) -> str:
    plain = text.strip()
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"":
        return plain[1:-1]
    return re.sub(r"\s+#.*$", "", plain)


@dataclass(frozen=True, slots=True)
class User:
    """An entry of `users`. `keys` says whether it brings keys of its own."""

    name: str
    line: int
    keys: bool


def users(section: Section) -> list[User]:
    """The entries of `users`; the name `default` stands for the user of the image."""
    found = []
    for item in items(section):
        name = item.value("name") or (item.text if ":" not in item.lines[0] else "")
        keys = any(re.search(r"ssh[_-](authorized[_-]keys|import[_-]id)", x) for x in item.lines)
        found.append(User(name or HOLE, item.line, keys))
    return found


def authorized(text: str) -> Iterator[tuple[int, str]]:
    """The keys under every `ssh_authorized_keys`, with their lines."""
    lines = text.split("\n")
    indent = -1
    for number, line in enumerate(lines):
        plain = line.strip()
        depth = len(line) - len(line.lstrip(" "))
        if re.match(r"(- )?['\"]?ssh[_-]authorized[_-]keys['\"]?\s*:\s*$", plain):
            indent = depth
        elif indent >= 0 and plain.startswith("- ") and depth >= indent:
            yield number, _unquoted(plain[2:])
        elif plain and not plain.startswith("#"):
            indent = -1


def files(section: Section) -> Iterator[tuple[str, str, int]]:
    """The files of `write_files`: path, content, line."""
    for item in items(section):
        path = item.value("path")
        if path is not None:
            content = "\n".join(line.strip() for line in item.lines)
            yield path, re.sub(r"^content:\s*[|>]?[+-]?\d?\s*", "", content, flags=re.M), item.line


def script(section: Section) -> str:
    """The commands of `runcmd` or `bootcmd` as a shell script, line by line in place."""
    lines = ["" for _ in range(section.line + 1)]
    for line in section.body:
        plain = re.sub(r"^\s*-\s+([|>][+-]?\s*$)?", "", line).strip()
        lines.append(_words(plain))
    return "\n".join(lines)


def _words(plain: str) -> str:
    """A command given as a list, or in quotes, as the shell would read it."""
    if plain.startswith("[") and plain.endswith("]"):
        return " ".join(_unquoted(piece) for piece in plain[1:-1].split(","))
    if (
        len(plain) > 1
        and plain[0] == plain[-1]
        and plain[0] in "'\""
        and plain[0] not in plain[1:-1]
    ):
        return plain[1:-1]
    return plain


def tab(text: str) -> int | None:
    """The first line that is indented with a tab, which YAML does not allow."""
    for number, line in enumerate(text.split("\n")):
        if line.startswith("\t") and line.strip():
            return number
    return None
