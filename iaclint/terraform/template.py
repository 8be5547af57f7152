"""
Texts with `${ }` and `%{ }`: escapes, strip markers, indentation of heredocs, directives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from iaclint.terraform import tree
from iaclint.terraform.tree import Expression


class Invalid(Exception):
    """The text is not valid although the grammar took it: message and position."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message, self.position = message, position


class Piece(NamedTuple):
    """A literal text or an interpolated expression; strip markers at its left and right."""

    start: int
    end: int
    value: Any
    left: bool = False
    right: bool = False


class Marker(NamedTuple):
    """A directive: `if`, `else`, `endif`, `for`, `endfor`, with what stands in it."""

    start: int
    end: int
    kind: str
    arguments: tuple[Any, ...]
    left: bool = False
    right: bool = False


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.S)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unescape(raw: str, start: int) -> str:
    """The text that a quoted literal stands for. Raises `Invalid`."""
    if "\\" not in raw:
        return raw

    def replace(found: re.Match[str]) -> str:
        digits = found[1] or found[2]
        if digits:
            code = int(digits, 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if found[3] not in _SIMPLE:
            raise Invalid(f'the escape "\\{found[3]}" is not valid', start + found.start())
        return _SIMPLE[found[3]]

    return _ESCAPE.sub(replace, raw)


def heredoc_lines(parts: Iterable[Piece | Marker]) -> list[Piece | Marker]:
    """The literal pieces cut at line ends, as strip markers and indentation go by lines."""
    result: list[Piece | Marker] = []
    for part in parts:
        if type(part) is not Piece or type(part.value) is not str or "\n" not in part.value[:-1]:
            result.append(part)
            continue
        at = part.start
        for line in part.value.splitlines(keepends=True) if "\r" not in part.value else _cut(part):
            result.append(Piece(at, at + len(line), line))
            at += len(line)
    return result


def _cut(part: Piece) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", part.value)


def flush(parts: list[Piece | Marker]) -> list[Piece | Marker]:
    """The parts of a `<<-` heredoc without the indentation that all its lines share."""
    spaces, begins, adjust = [], True, []
    for index, part in enumerate(parts):
        literal = part.value if type(part) is Piece and type(part.value) is str else None
        if begins:
            begins = False
            stripped = (literal or "").lstrip()
            if literal is None:
                spaces.append(0)
            elif stripped or not literal.endswith("\n"):
                spaces.append(len(literal) - len(stripped))
                adjust.append(index)
        if literal is not None and literal.endswith("\n"):
            begins = True
    least = min(spaces, default=0)
    result = list(parts)
    for index in adjust:
        result[index] = parts[index]._replace(value=parts[index].value[least:])  # type: ignore[union-attr, call-arg]
    return result


def strip(parts: list[Piece | Marker]) -> list[Piece | Marker]:
    """Strip markers applied: white space of the literal before or behind goes away."""
    result: list[Piece | Marker] = []
    trim = False
    for part in parts:
        if type(part) is Piece and type(part.value) is str:
            text = part.value.lstrip() if trim else part.value
            result.append(part._replace(value=text))
            trim = False
            continue
        if part.left and result:
            last = result[-1]
            if type(last) is Piece and type(last.value) is str:
                result[-1] = last._replace(value=last.value.rstrip())
        trim = part.right
        result.append(part)
    return result


def assemble(parts: list[Piece | Marker], start: int, end: int) -> Expression:
    """
    The expression a template stands for: a literal when it has nothing to evaluate, the bare
    expression when it is one interpolation. Raises `Invalid` for directives that do not match.
    """
    if any(part[-1] or part[-2] for part in parts):
        parts = strip(parts)
    stack = _Stack(list(parts))
    found = stack.template(start, end, ())
    if not found.parts:
        return tree.Literal(start, end, "")
    first = found.parts[0]
    if len(found.parts) == 1:
        if type(first) is tree.Literal and type(parts[0]) is Piece and type(parts[0].value) is str:
            return tree.Literal(start, end, first.value)
        if len(parts) == 1 and type(parts[0]) is Piece:
            return tree.Wrapped(start, end, first)
    return found


class _Stack:
    """The parts that are still to be consumed."""

    def __init__(self, parts: list[Piece | Marker]) -> None:
        self.parts, self.place, self.depth = parts, 0, 0

    def template(self, start: int, end: int, until: tuple[str, ...]) -> tree.Template:
        result: list[Expression] = []
        self.depth += 1
        if self.depth > 100:
            raise Invalid("the template is nested too deeply", start)
        while self.place < len(self.parts):
            part = self.parts[self.place]
            if isinstance(part, Piece):
                self.place += 1
                _append(result, part)
            elif part.kind in until:
                break
            else:
                self.place += 1
                result.append(self._directive(part))
        else:
            if until:
                raise Invalid(f"the template directive has no %{{ {until[-1]} }}", start)
        self.depth -= 1
        return tree.Template(start, end, tuple(result))

    def _directive(self, opening: Marker) -> Expression:
        at = opening.end
        if opening.kind == "if":
            yes = self.template(at, at, ("else", "endif"))
            closing = self._take()
            no = tree.Template(at, at, ())
            if closing.kind == "else":
                no = self.template(closing.end, closing.end, ("endif",))
                closing = self._take()
            return tree.TemplateIf(opening.start, closing.end, opening.arguments[0], yes, no)
        if opening.kind == "for":
            body = self.template(at, at, ("endfor",))
            closing = self._take()
            *names, source = opening.arguments
            key = names[0].name if len(names) == 2 else ""
            value = names[-1].name
            return tree.TemplateFor(opening.start, closing.end, key, value, source, body)
        raise Invalid(f"%{{ {opening.kind} }} does not belong to anything", opening.start)

    def _take(self) -> Marker:
        part = self.parts[self.place]
        self.place += 1
        assert isinstance(part, Marker)
        return part


def _append(result: list[Expression], part: Piece) -> None:
    """Add a piece; texts that follow each other become one."""
    if type(part.value) is not str:
        result.append(part.value)
        return
    last = result[-1] if result else None
    if type(last) is tree.Literal and type(last.value) is str and last.end == part.start:
        result[-1] = tree.Literal(last.start, part.end, last.value + part.value)
    else:
        result.append(tree.Literal(part.start, part.end, part.value))
