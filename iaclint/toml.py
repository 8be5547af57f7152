"""
TOML as text: where a key is written, and data written as TOML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from iaclint.source import Span


def locate(text: str, name: str, keys: tuple[str | int, ...]) -> Span:
    """
    Where a key path is written in TOML: its own line, or the header of the table it is in. A scan
    of the lines, because the standard library's reader keeps no positions.
    """
    best, depth = Span(name, 1), -1
    for path, line, column, end in _written(text):
        common = _common(path, keys)
        if common == len(path) and common > depth:
            best, depth = Span(name, line, column, line, end), common
    return best


def _common(path: tuple[str | int, ...], keys: tuple[str | int, ...]) -> int:
    length = 0
    for one, other in zip(path, keys, strict=False):
        if one != other:
            return -1
        length += 1
    return length


def _written(text: str) -> Iterator[tuple[tuple[str | int, ...], int, int, int]]:
    """Each header and key of a TOML text with its full path, line, and columns."""
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    quoted = ""
    for number, line in enumerate(text.split("\n"), 1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        header = re.match(r"\s*(\[\[?)\s*(.+?)\s*\]", line)
        key = re.match(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*')+)\s*=""", line)
        if key:
            path = (*table, *_names(key[1]))
            yield path, number, key.start(1) + 1, key.end(1) + 1
            opened = re.search(r'"""|\'\'\'', line)
            quoted = opened[0] if opened and line.count(opened[0]) % 2 else ""
        elif header:
            table = tuple(_names(header[2]))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number, header.start(1) + 1, len(line.rstrip()) + 1


def _names(dotted: str) -> Iterator[str]:
    for bare, double, single in re.findall(r"""([\w-]+)|"([^"]*)"|'([^']*)'""", dotted):
        yield bare or double or single


def to_toml(data: Mapping[str, Any]) -> str:
    """Settings as TOML that `load` reads back."""
    plain = {key: value for key, value in data.items() if not _is_table(value)}
    lines = [f"{_key(key)} = {_toml(value)}" for key, value in plain.items() if value is not None]
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            lines += ["", f"[{_key(key)}]"]
            lines += [f"{_key(name)} = {_toml(inner)}" for name, inner in value.items()]
        elif _is_table(value):
            for item in value:
                lines += ["", f"[[{_key(key)}]]"]
                lines += [
                    f"{_key(name)} = {_toml(inner)}"
                    for name, inner in item.items()
                    if inner not in (None, "")
                ]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    """Whether it is written as tables of its own; one that is empty is a value as any other."""
    if isinstance(value, Mapping):
        return bool(value)
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else _toml(key)


def _toml(value: Any) -> str:
    """A value as TOML, which spells strings, numbers and truth values as JSON does."""
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
