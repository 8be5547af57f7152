"""
From the text of a file to its tree: one syntax error costs one block, not the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from iaclint.source import Problem, Span
from iaclint.terraform import cache, legacy, tree
from iaclint.terraform.files import Files

SYNTAX = "IAC001"
"""The check that reports what cannot be parsed."""
CONFIGURATION = "IAC002"
"""The check that reports what Terraform refuses when it has parsed the files."""
MAXIMUM_CHARACTERS = 2_000_000
"""A configuration file that is longer is not parsed: it would take more than a few seconds."""

_BEGIN = re.compile(
    r"^[^\W\d][\w-]*[ \t]*(?:=(?![=>])|(?:[ \t]+(?:\"[^\"\n]*\"|[\w-]+))*[ \t]*\{)", re.M
)
_JOINED = 6
"""How many pieces are joined before one is given up: a text in a heredoc can look like a block."""


class Parsed(NamedTuple):
    """A file: its tree, and what could not be understood."""

    body: tree.Body
    problems: tuple[Problem, ...]


class SyntaxProblem(Exception):
    """The text is not valid; message and position."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message, self.position = message, position


def parse(text: str, name: str, files: Files, cached: bool = True) -> Parsed:
    """The tree of a file in HCL's native syntax or, when its name ends in `.json`, in JSON."""
    base = files.add(name, text)
    if len(text) > MAXIMUM_CHARACTERS:
        message = f"it has more than {MAXIMUM_CHARACTERS:,} characters and was not read"
        return Parsed(tree.EMPTY, (Problem(SYNTAX, message, Span(name, 1)),))
    if name.endswith(".json"):
        from iaclint.terraform import jsonsyntax

        return _guarded(text, base, files, jsonsyntax.body)
    found = cache.load(text) if cached else None
    if found is not None:
        body = tree.unpack(found, base)
        return Parsed(body, tuple(_duplicates(body, files)))
    return _native(text, base, files, cached)


def _guarded(text: str, base: int, files: Files, read: Callable[[str, int], tree.Body]) -> Parsed:
    try:
        body = read(text, base)
    except SyntaxProblem as error:
        return Parsed(tree.EMPTY, (_problem(error, files),))
    return Parsed(body, tuple(_duplicates(body, files)))


def _native(text: str, base: int, files: Files, cached: bool) -> Parsed:
    try:
        body = _body(text, base)
    except SyntaxProblem:
        return _by_pieces(text, base, list(_pieces(text)), files)
    if cached:
        cache.save(text, tree.pack(body, base))
    return Parsed(body, tuple(_duplicates(body, files)))


def expression(text: str, base: int) -> tree.Expression:
    """One expression, with positions from `base`. Raises `SyntaxProblem`."""
    return _translated(text, base, "expression")  # type: ignore[return-value]


def template(text: str, base: int) -> tree.Expression:
    """A template without quotes, as in a template file. Raises `SyntaxProblem`."""
    return _translated(text, base, "template")  # type: ignore[return-value]


def _body(text: str, base: int) -> tree.Body:
    return _translated(text, base, "body")  # type: ignore[return-value]


def _translated(text: str, base: int, what: str) -> object:
    from lark.exceptions import UnexpectedInput

    from iaclint.terraform import grammar
    from iaclint.terraform.build import Invalid

    try:
        return getattr(grammar.parser(), what)(text, base)
    except grammar.TooDeep as error:
        message = f"brackets are nested deeper than {grammar.MAXIMUM_DEPTH}"
        raise SyntaxProblem(message, base + int(error.args[0])) from None
    except Invalid as error:
        raise SyntaxProblem(error.message, error.position) from None
    except UnexpectedInput as error:
        place = grammar.offset(error, text)
        raise SyntaxProblem(_says(text, place), base + place) from None
    except RecursionError:
        raise SyntaxProblem("this is nested too deeply", base) from None


def _says(text: str, place: int) -> str:
    rest = text[place : place + 40]
    if not rest.strip():
        return "the text ends in the middle of something" if not rest else "unexpected end of line"
    found = re.match(r"[\w-]+|\S", rest.lstrip())
    return f"unexpected `{found[0] if found else rest[0]}`"


def _problem(error: SyntaxProblem, files: Files) -> Problem:
    span = files.span(error.position, error.position + 1)
    return Problem(SYNTAX, f"syntax error: {error.message}", span)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    starts = [found.start() for found in _BEGIN.finditer(text)]
    if not starts or text[: starts[0]].strip():
        starts.insert(0, 0)
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _by_pieces(text: str, base: int, pieces: list[tuple[int, int]], files: Files) -> Parsed:
    attributes: list[tree.Attribute] = []
    blocks: list[tree.Block] = []
    problems: list[Problem] = []
    old: dict[int, str] = {}
    index = 0
    while index < len(pieces):
        used, found = _longest(text, base, pieces, index, old)
        if isinstance(found, SyntaxProblem):
            problems.append(_problem(found, files))
        else:
            attributes.extend(found.attributes)
            blocks.extend(found.blocks)
        index += used
    body = tree.Body(base, base + len(text), tuple(attributes), tuple(blocks))
    return Parsed(body, (*problems, *_outdated(old, files), *_duplicates(body, files)))


def _old(text: str, base: int, old: dict[int, str]) -> tree.Body:
    """The body of a text that may be written for Terraform 0.11; `old` gathers what is so."""
    met: dict[int, str] = {}
    while True:
        try:
            body = _body(text, base)
        except SyntaxProblem as error:
            repair = legacy.repaired(text, error.position - base)
            if repair is None or len(met) >= legacy.MAXIMUM_REPAIRS:
                raise
            text, met[error.position] = repair
        else:
            old.update(met)
            return body


def _outdated(old: Mapping[int, str], files: Files) -> Iterator[Problem]:
    """One for a file, at the first place."""
    for position, what in sorted(old.items())[:1]:
        more = f" (and {len(old) - 1} more)" if len(old) > 1 else ""
        message = f"Terraform 0.12 and later refuse {what}{more}"
        yield Problem(CONFIGURATION, message, files.span(position, position + 1))


def _longest(
    text: str, base: int, pieces: list[tuple[int, int]], index: int, old: dict[int, str]
) -> tuple[int, tree.Body | SyntaxProblem]:
    """The piece at `index`, joined with the next ones when it is not complete alone."""
    first: SyntaxProblem | None = None
    start = pieces[index][0]
    for used, (_, end) in enumerate(pieces[index : index + _JOINED], 1):
        try:
            return used, _old(text[start:end], base + start, old)
        except SyntaxProblem as error:
            first = first or error
    assert first is not None
    return 1, first


def _duplicates(body: tree.Body, files: Files) -> Iterator[Problem]:
    seen: dict[str, tree.Attribute] = {}
    for attribute in body.attributes:
        if attribute.name in seen:
            span = files.span(attribute.start, attribute.name_end)
            line = files.place(seen[attribute.name].start)[0]
            yield Problem(
                SYNTAX,
                f"`{attribute.name}` is set twice in this block, first on line {line}",
                span,
                "remove one of the two; Terraform refuses the file",
            )
        seen.setdefault(attribute.name, attribute)
    for block in body.blocks:
        yield from _duplicates(block.body, files)
