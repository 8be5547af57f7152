"""
A shell script as the list of commands it runs, as far as they can be told without running it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

MAXIMUM_LINES = 5_000
MAXIMUM_JOINED = 60
"""Lines that one quoted text may go over."""

_HEREDOC = re.compile(r"(?<!<)<<(-?)\s*(['\"]?)([A-Za-z_]\w*)\2")
_OPENS = frozenset({"if", "case", "while", "until"})
_CLOSES = frozenset({"fi", "esac"})
_SEPARATORS = frozenset({";", "&&", "||", "|", "&", ";;", "(", ")", "|&", "((", "))"})
_PREFIXES = frozenset({"sudo", "then", "else", "do", "{", "!", "nohup", "time", "exec", "command"})
_STARTERS = frozenset({"timeout", "env", "nice", "ionice", "setsid", "stdbuf"})
_OPTIONS = frozenset({"-E", "-H", "-n", "-i", "-S", "-s"})


@dataclass(frozen=True, slots=True)
class Command:
    """
    A simple command. `line` counts from 0; `sure` is False inside of a condition or function, and
    after `||`. `target` is the file its output goes to, `appends` whether at the end of it;
    `body` is the here document, `piped` the command whose output it reads.
    """

    words: tuple[str, ...]
    line: int
    sure: bool = True
    target: str = ""
    appends: bool = False
    body: str = ""
    piped: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The program, without its directory."""
        return self.words[0].rsplit("/", 1)[-1] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows the name."""
        return self.words[1:]

    @property
    def plain(self) -> str:
        """All words, joined by single spaces."""
        return " ".join(self.words)

    @property
    def run(self) -> str:
        """What is run: the program without its directory, and without what only starts it."""
        words = self.words
        while words and words[0].rsplit("/", 1)[-1] in _STARTERS:
            words = words[1:]
            while words and (words[0][:1] in "-0123456789" or _assignment(words[0])):
                words = words[1:]
        return " ".join((words[0].rsplit("/", 1)[-1], *words[1:])) if words else ""


def commands(text: str) -> list[Command]:
    """The commands of a script, in order."""
    found: list[Command] = []
    variables: dict[str, str] = {}
    depth = 0
    for number, line, body in _logical(text):
        for words in _simple(line):
            depth = max(0, depth + _nesting(words.words))
            _assign(variables, words.words, depth)
            made = _command(words, number, body, depth)
            if made is not None:
                made = _filled(made, variables)
                found += _within(made) or [made]
    return found


_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_UNKNOWN = re.compile(r"[$`\ufffc]")


def _assign(variables: dict[str, str], words: tuple[str, ...], depth: int) -> None:
    """Remembers a variable with a literal value; forgets one that may get another."""
    rest = words[1:] if words[0] in ("export", "readonly", "local", "declare") else words
    if words[0] in ("for", "read"):
        for name in words[1:]:
            variables.pop(name, None)
    elif all(_assignment(word) for word in rest):
        for word in rest:
            name, _, value = word.partition("=")
            if depth or _UNKNOWN.search(value):
                variables.pop(name, None)
            else:
                variables[name] = value


def _filled(command: Command, variables: Mapping[str, str]) -> Command:
    """The command with the variables put in that are known."""
    if not variables:
        return command

    def fill(text: str) -> str:
        return _VARIABLE.sub(lambda m: variables.get(m[1] or m[2], m[0])[:200], text)

    return replace(
        command,
        words=tuple(fill(word) for word in command.words),
        target=fill(command.target),
        body=fill(command.body),
        piped=tuple(fill(word) for word in command.piped),
    )


def _within(outer: Command) -> list[Command]:
    """The commands of a script given to `sh -c`, at the place of the outer command."""
    if outer.name not in ("bash", "sh", "su", "zsh", "runuser") or "-c" not in outer.words:
        return []
    at = outer.words.index("-c") + 1
    script = outer.words[at] if at < len(outer.words) else ""
    return [
        replace(inner, line=outer.line, sure=inner.sure and outer.sure)
        for inner in (commands(script) if len(script) < len(outer.plain) else [])
    ]


def _logical(text: str) -> Iterator[tuple[int, str, str]]:
    """Lines with their continuation, and the here document that belongs to each."""
    lines = text.split("\n")[:MAXIMUM_LINES]
    at = 0
    while at < len(lines):
        start, line = at, lines[at]
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        while line.rstrip("\r").endswith("\\") and at < len(lines):
            line = line.rstrip("\r")[:-1] + " " + lines[at].lstrip()
            at += 1
        here = _HEREDOC.search(line)
        if here is None and not _balanced(line):
            line, at = _quoted(line, lines, at)
            here = _HEREDOC.search(line.split("\n", 1)[0])
        body: list[str] = []
        if here is not None:
            while at < len(lines) and lines[at].strip() != here.group(3):
                body.append(lines[at])
                at += 1
            at += 1
            line = line[: here.start()] + line[here.end() :]
        yield start, line, "\n".join(body)


def _balanced(line: str) -> bool:
    try:
        shlex.split(line, comments=True)
    except ValueError:
        return False
    return True


def _quoted(line: str, lines: list[str], at: int) -> tuple[str, int]:
    """A line joined with those over which its quoted text goes on."""
    joined = line
    for end in range(at, min(len(lines), at + MAXIMUM_JOINED)):
        joined += "\n" + lines[end]
        if _balanced(joined):
            return joined, end + 1
    return line, at


@dataclass(frozen=True, slots=True)
class _Words:
    words: tuple[str, ...]
    before: str = ""
    """The separator that stands before it."""
    previous: tuple[str, ...] = ()


def _tokens(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return line.split()


_COMMENT = re.compile(r"(?:^|\s)#[^'\"]*$")


def _simple(line: str) -> Iterator[_Words]:
    """The simple commands of a line."""
    plain = _COMMENT.sub("", line) if "\n" not in line else line
    words: list[str] = []
    before = ""
    previous: tuple[str, ...] = ()
    for token in [*_tokens(plain), ";"]:
        if token not in _SEPARATORS:
            words.append(token)
            continue
        if words:
            yield _Words(tuple(words), before, previous if before == "|" else ())
        previous = tuple(words)
        words, before = [], token


def _nesting(words: tuple[str, ...]) -> int:
    first = words[0]
    if first in _OPENS or (first in ("function",)) or (len(words) > 1 and words[-1] == "{"):
        return 1
    return -1 if first in _CLOSES or words == ("}",) else 0


def _command(found: _Words, number: int, body: str, depth: int) -> Command | None:
    words, target, appends = _redirected(found.words)
    while words and (words[0] in _PREFIXES or _assignment(words[0])):
        words = words[1:]
        while words and words[0] in _OPTIONS:
            words = words[1:]
    if not words and not target:
        return None
    sure = depth == 0 and found.before != "||"
    return Command(tuple(words), number, sure, target, appends, body, found.previous)


def _assignment(word: str) -> bool:
    return re.match(r"[A-Za-z_]\w*=", word) is not None


def _redirected(words: tuple[str, ...]) -> tuple[list[str], str, bool]:
    """The words without redirections, and the file that standard output goes to."""
    kept: list[str] = []
    target, appends = "", False
    rest = iter(words)
    for word in rest:
        if word in (">", ">>", ">|"):
            name = next(rest, "")
            if kept and kept[-1] == "2":
                kept.pop()
                continue
            target, appends = name, word == ">>"
        elif word in (">&", "<", "<&", "&>", "&>>", "<<<"):
            next(rest, "")
            if kept and kept[-1] in ("1", "2"):
                kept.pop()
        else:
            kept.append(word)
    return kept, target, appends


@dataclass(frozen=True, slots=True)
class Writing:
    """A text that a command puts into a file."""

    path: str
    text: str
    appends: bool
    line: int
    sure: bool


def writings(command: Command) -> Iterator[Writing]:
    """The files a command writes, with what it writes, where that stands in the script."""
    if command.name == "tee":
        targets = [word for word in command.arguments if not word.startswith("-")]
        appends = any(word in ("-a", "--append") for word in command.arguments)
        text = command.body or _printed(command.piped)
        for target in targets:
            yield Writing(target, text, appends, command.line, command.sure)
    elif command.target and command.target != "/dev/null":
        text = command.body or _printed(command.words)
        yield Writing(command.target, text, command.appends, command.line, command.sure)


def _printed(words: tuple[str, ...]) -> str:
    """What `echo` or `printf` prints."""
    while words and words[0] in _PREFIXES:
        words = words[1:]
    if not words or words[0].rsplit("/", 1)[-1] not in ("echo", "printf"):
        return ""
    plain = [word for word in words[1:] if word not in ("-e", "-n", "-en", "-ne", "--")]
    return " ".join(plain).replace("\\n", "\n")
