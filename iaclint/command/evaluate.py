"""
`iaclint eval`: values of expressions in a root, or of places in a template.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from iaclint import secret
from iaclint.command import given
from iaclint.command.failure import CommandError
from iaclint.discover import discover
from iaclint.resource import Inputs
from iaclint.source import Sources

Answer = Callable[[str], str]
"""From an expression to one line of JSON: `{"value": …}` or `{"error": "…"}`."""


class Question(msgspec.Struct):
    """A line of standard input."""

    expr: str


def run(arguments: Mapping[str, Any]) -> int:
    """Prints one answer, or one for each line; the exit code is 1 for an error."""
    many = bool(arguments.get("jsonl"))
    path, expression = _words(arguments["words"], many)
    opened = _opened(path, given.inputs(arguments))

    def answer(text: str) -> str:
        return secret.without_keys(opened(text))

    if many:
        for line in sys.stdin.buffer:
            if line.strip():
                sys.stdout.write(_line(line, answer) + "\n")
                sys.stdout.flush()
        return 0
    text = answer(expression)
    sys.stdout.write(text + "\n")
    return 1 if text.startswith('{"error"') else 0


def _words(words: tuple[str, ...], many: bool) -> tuple[Path, str]:
    """The path, and the expression where it is on the command line."""
    most = 1 if many else 2
    if len(words) > most:
        raise CommandError("quote the expression: `iaclint eval [PATH] 'EXPR'`")
    if many:
        return Path(words[0]) if words else Path(), ""
    if not words:
        raise CommandError("say which expression: `iaclint eval [PATH] 'EXPR'`")
    return Path(words[0]) if len(words) == 2 else Path(), words[-1]


def _opened(path: Path, inputs: Inputs) -> Answer:
    """What answers questions about a path."""
    if path.is_dir():
        from iaclint import terraform

        return terraform.open_console(path, Sources(), inputs).answer
    found = discover([path])
    if not found.templates:
        raise CommandError(f'"{path}" is neither a directory nor a template')
    from iaclint import cloudformation

    others = discover([path.parent]).templates
    session = cloudformation.session(found.templates[0], Sources(), inputs, others)
    return lambda place: _json(session.evaluate(place))


def _line(line: bytes, answer: Answer) -> str:
    try:
        question = msgspec.json.decode(line, type=Question)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _json({"error": f'the line is not {{"expr": …}}: {error}'})
    return answer(question.expr)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
