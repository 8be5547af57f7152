"""
The LALR parser: python-hcl2's grammar with what it lacks of HCL2 put right, compiled once per user.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md is the language; python-hcl2's token
and rule names stay, single definitions are replaced. Lines inside parentheses, brackets and
templates end nothing, which the stage between lexer and parser sees to.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from iaclint.terraform import cache as cache_home
from iaclint.terraform.build import Builder

MAXIMUM_DEPTH = 150
"""Brackets deeper than this are refused: no hand-written file has them, hostile ones do."""

_REPLACED = {
    "NL_OR_COMMENT": r"/\n[ \t]*/ | /#.*\n?/ | /\/\/.*\n?/ | /\/\*(.|\n)*?(\*\/)/",
    "NAME": r"/[^\W\d][\w-]*/",
    "ESCAPED_INTERPOLATION.2": r"/\$\$\{/",
    "ESCAPED_DIRECTIVE.2": r"/%%\{/",
    "STRING_CHARS.1": r'/(?:[^"\\\n$%]|\\.|(?:\$(?!\$?\{))|(?:%(?!%?\{)))+/',
    "INT_LITERAL": "DECIMAL+",
    "FLOAT_LITERAL": 'DECIMAL+ "." DECIMAL+ (EXP_MARK)? | DECIMAL+ (EXP_MARK)',
    "TEMPLATE_STRING.3": r"/\\\\\"(?:[^\"\\\\]|\\\\.)*\\\\\"/",
    "HEREDOC_TEMPLATE": r"/<<(?P<heredoc>[^\W\d][\w-]*)\r?\n(?:(?:.|\n)*?\n)??[ \t]*(?P=heredoc)"
    r"[ \t]*(?=\r?\n)/",
    "HEREDOC_TEMPLATE_TRIM": r"/<<-(?P<heredoc_trim>[^\W\d][\w-]*)\r?\n(?:(?:.|\n)*?\n)??[ \t]*"
    r"(?P=heredoc_trim)[ \t]*(?=\r?\n)/",
    "interpolation": "INTERP_START STRIP_MARKER? expression STRIP_MARKER? RBRACE",
    "?unary_expr": "unary_op | expr_term",
    "!unary_op": "(MINUS | NOT) unary_expr",
    "function_call": "identifier (COLONS identifier)* LPAR new_line_or_comment? arguments? "
    "new_line_or_comment? RPAR",
    "attr_splat": "ATTR_SPLAT (get_attr | short_index)*",
    "full_splat": "FULL_SPLAT_START (get_attr | index)*",
}

_ADDED = r"""
TEMPLATE_TEXT.1: /(?:[^$%]|(?:\$(?!\$?\{))|(?:%(?!%?\{)))+/
template: template_part*
template_part: TEMPLATE_TEXT | ESCAPED_INTERPOLATION | ESCAPED_DIRECTIVE
    | text_interpolation | text_if_start | text_else | text_endif | text_for_start | text_endfor
text_interpolation: INTERP_START STRIP_MARKER? expression STRIP_MARKER? RBRACE -> interpolation
text_if_start: DIRECTIVE_START STRIP_MARKER? IF expression STRIP_MARKER? RBRACE -> template_if_start
text_else: DIRECTIVE_START STRIP_MARKER? ELSE STRIP_MARKER? RBRACE -> template_else
text_endif: DIRECTIVE_START STRIP_MARKER? ENDIF STRIP_MARKER? RBRACE -> template_endif
text_for_start: _text_for STRIP_MARKER? RBRACE -> template_for_start
_text_for: DIRECTIVE_START STRIP_MARKER? FOR identifier (COMMA identifier)? IN expression
text_endfor: DIRECTIVE_START STRIP_MARKER? ENDFOR STRIP_MARKER? RBRACE -> template_endfor
single: new_line_or_comment? expression new_line_or_comment?
"""
"""Templates outside quotes need rules of their own: in a shared parser state the lexer could not
tell the text behind an interpolation from the text inside quotes."""

_OPENING = frozenset({"LPAR", "LSQB", "INTERP_START", "DIRECTIVE_START"})
_CLOSING = frozenset({"RPAR", "RSQB", "RBRACE"})


class TooDeep(Exception):
    """Brackets are nested deeper than `MAXIMUM_DEPTH`; the argument is the offset."""


class Newlines:
    """
    Drops line ends and comments where they mean nothing: inside `( )`, `[ ]`, `${ }`, `%{ }` and
    `for` expressions in braces, and comments that end no line.
    """

    always_accept = ("NL_OR_COMMENT",)

    def __init__(self) -> None:
        self.outer = False

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens that the grammar needs to see."""
        quiet = [self.outer]
        brace = False
        for token in stream:
            kind = token.type
            if kind == "NL_OR_COMMENT":
                ends_line = not token.startswith("/*")
                if ends_line and not quiet[-1]:
                    yield token
                continue
            if brace and kind == "FOR":
                quiet[-1] = True
            brace = kind == "LBRACE"
            if brace or kind in _OPENING:
                quiet.append(not brace)
                if len(quiet) > MAXIMUM_DEPTH:
                    raise TooDeep(token.start_pos or 0)
            elif kind in _CLOSING and len(quiet) > 1:
                quiet.pop()
            yield token


class Parser:
    """Parses a whole file, one expression, or one template."""

    def __init__(self) -> None:
        self._newlines = Newlines()
        self._builder = Builder(self._template)
        self._lark = _compile(self._builder, self._newlines)

    def body(self, text: str, base: int) -> Any:
        """The body of a file. Raises `UnexpectedInput`, `TooDeep`, or `build.Invalid`."""
        return self._parse(text, base, "start", False)

    def expression(self, text: str, base: int) -> Any:
        """One expression, which may be spread over lines. Raises as `body` does."""
        return self._parse(text, base, "single", True)

    def template(self, text: str, base: int) -> Any:
        """A text as in a heredoc or a template file. Raises as `body` does."""
        return self._builder.text(self._template(text, base), base, base + len(text))

    def _template(self, text: str, base: int) -> Any:
        return self._parse(text, base, "template", True)

    def _parse(self, text: str, base: int, start: str, quiet: bool) -> Any:
        before = (self._builder.base, self._builder.source, self._newlines.outer)
        self._builder.base, self._builder.source, self._newlines.outer = base, text, quiet
        try:
            return self._lark.parse(text, start=start)
        finally:
            self._builder.base, self._builder.source, self._newlines.outer = before


def offset(error: UnexpectedInput, text: str) -> int:
    """Where a syntax error is."""
    place = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    if token is not None and token.start_pos is not None and token.type != "$END":
        return int(token.start_pos)
    return len(text) if token is not None or place is None else int(place)


@cache
def parser() -> Parser:
    """The one parser of this process."""
    return Parser()


def _grammar() -> str:
    spec = find_spec("hcl2")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("python-hcl2 is not installed")
    text = (Path(next(iter(spec.submodule_search_locations))) / "hcl2.lark").read_text("utf-8")
    for name, definition in _REPLACED.items():
        bare = name.split(".")[0]
        pattern = rf"(?m)^{re.escape(bare)}(?:\.\d+)?[ \t]*:.*(?:\n[ \t]+\|.*)*"
        line = f"{name}: {definition}"
        found = re.search(pattern, text)
        if found is None:
            raise ValueError(f"python-hcl2's grammar no longer defines {bare}")
        text = text[: found.start()] + line + text[found.end() :]
    return text + _ADDED


def _compile(builder: Builder, newlines: Newlines) -> Lark:
    grammar = _grammar()
    options: dict[str, Any] = {
        "parser": "lalr",
        "start": ["start", "single", "template"],
        "transformer": builder,
        "postlex": newlines,
        "maybe_placeholders": False,
        "propagate_positions": False,
    }
    directory = cache_home.directory()
    if directory is None:
        return Lark(grammar, **options)
    key = sha256((grammar + sys.version).encode()).hexdigest()[:16]
    try:
        return Lark(grammar, cache=str(directory / f"grammar-{key}.bin"), **options)
    except (OSError, ValueError, KeyError, EOFError, AttributeError):
        return Lark(grammar, **options)
