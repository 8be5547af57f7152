"""
The rules of Suricata, as far as they can be decided without looking into packets.

https://docs.suricata.io/en/latest/rules/intro.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from iaclint.packet.prefix import Family, NotAPrefix, everything, parse_prefix
from iaclint.packet.region import Region
from iaclint.packet.side import ALL_PORTS

_OPTION = re.compile(r"""((?:"(?:\\.|[^"\\])*"|\\.|[^;"\\])*);""")


@dataclass(frozen=True, slots=True)
class Line:
    """`action protocol source port -> destination port (keyword: settings; …)`."""

    action: str
    protocol: str
    source: str
    source_port: str
    arrow: str
    destination: str
    destination_port: str
    options: tuple[tuple[str, str], ...] = ()


class NotDecided(ValueError):
    """A rule, or a part of one, whose meaning the files do not decide; the argument says why."""


def lines(text: str) -> Iterator[tuple[int, Line | NotDecided]]:
    """The rules of a text, each with its line, counted from 0; comments are passed over."""
    started, waiting = 0, ""
    for number, raw in enumerate(text.splitlines()):
        started = started if waiting else number
        waiting += raw.strip()
        if waiting.endswith("\\"):
            waiting = f"{waiting[:-1]} "
            continue
        if waiting and not waiting.startswith("#"):
            yield started, _parsed(waiting)
        waiting = ""


def _parsed(text: str) -> Line | NotDecided:
    try:
        return _line(text)
    except NotDecided as error:
        return error


def _line(text: str) -> Line:
    head, bracket, rest = text.partition("(")
    words = _words(head)
    if len(words) != 7 or words[4] not in ("->", "<>"):
        raise NotDecided(f"a rule that is not understood: {text[:60]}")
    if bracket and not rest.rstrip().endswith(")"):
        raise NotDecided(f"options without an end: {text[:60]}")
    body = rest.rstrip().removesuffix(")").strip()
    ended = body if not body or body.endswith(";") else f"{body};"
    options = tuple(_option(found) for found in _OPTION.findall(ended))
    action, protocol, source, source_port, arrow, destination, destination_port = words
    return Line(
        action.lower(), protocol.lower(), source, source_port, arrow, destination,
        destination_port, options,
    )  # fmt: skip


def _words(head: str) -> list[str]:
    """The words of a head; a list in brackets is one word."""
    words: list[str] = []
    depth = 0
    for piece in head.split():
        if depth and words:
            words[-1] += piece
        else:
            words.append(piece)
        depth += piece.count("[") - piece.count("]")
    return words


def _option(text: str) -> tuple[str, str]:
    keyword, _, settings = text.strip().partition(":")
    return keyword.strip().lower(), settings.strip()


Variables = Mapping[str, tuple[str, ...]]
"""What `$NAME` stands for."""


def addresses(text: str, family: Family, variables: Variables) -> Region:
    """The addresses of one family that an expression names. Raises `NotDecided`."""

    def atom(word: str) -> Region:
        try:
            prefix = parse_prefix(word)
        except NotAPrefix as error:
            raise NotDecided(str(error)) from error
        return prefix.region if prefix.family == family else Region()

    return _set(text, variables, everything(family).region, atom)


def ports(text: str, variables: Variables) -> Region:
    """The ports that an expression names. Raises `NotDecided`."""
    return _set(text, variables, ALL_PORTS, _port)


def _port(word: str) -> Region:
    first, colon, last = word.partition(":")
    low, high = first or "0", (last or "65535") if colon else first
    if not (low.isdigit() and high.isdigit()) or int(low) > int(high):
        raise NotDecided(f'"{word}" is not a port')
    return Region((((int(low), min(int(high), 65535)),),))


_DEEPEST = 20


def _set(
    text: str,
    variables: Variables,
    all_: Region,
    atom: Callable[[str], Region],
    depth: int = 0,
) -> Region:
    """`any`, `!x`, `[a, !b]`, `$NAME`, or one thing; a list holds what no `!` in it takes away."""
    plain = text.strip()
    if depth > _DEEPEST:
        raise NotDecided(f"{plain} is nested too deeply")
    if plain.lower() == "any":
        return all_
    if plain.startswith("!"):
        return all_ - _set(plain[1:], variables, all_, atom, depth + 1)
    if plain.startswith("["):
        return _list(list(_items(plain)), variables, all_, atom, depth + 1)
    if plain.startswith("$"):
        found = variables.get(plain[1:])
        if found is None:
            raise NotDecided(f"what {plain} stands for is not known")
        return _list(list(found), variables, all_, atom, depth + 1)
    if plain.startswith("@"):
        raise NotDecided(f"what the set {plain} holds is not known")
    return atom(plain)


def _list(
    items: list[str],
    variables: Variables,
    all_: Region,
    atom: Callable[[str], Region],
    depth: int,
) -> Region:
    named = [item for item in items if not item.startswith("!")]
    held = Region() if named else all_
    for item in named:
        held = held | _set(item, variables, all_, atom, depth)
    for item in items:
        if item.startswith("!"):
            held = held - _set(item[1:], variables, all_, atom, depth)
    return held


def _items(text: str) -> Iterator[str]:
    """The elements of a list, which can be lists themselves."""
    if not text.endswith("]"):
        raise NotDecided(f"{text} has no end")
    depth, start = 0, 1
    for at, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if (letter == "," and depth == 1) or depth == 0:
            if item := text[start:at].strip():
                yield item
            start = at + 1
