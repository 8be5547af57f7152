"""
The text of a template, as nodes with their places.

cfn-lint's loader composes the document (the same C parser, tags and limits as `cfn-lint` itself);
where it refuses one, cfn-lint's own decoder says what is wrong and where, and reads the JSON that
YAML cannot.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import yaml
from cfnlint.decode import cfn_json, cfn_yaml, decode_str

from iaclint.cloudformation.node import LOOP, NOWHERE, Call, ListNode, Node, Section, literal
from iaclint.cloudformation.scalars import as_text, primitive
from iaclint.source import Problem, Span
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

MAXIMUM_DEPTH = 100
"""Nesting beyond this is not written by people; CloudFormation itself refuses it much earlier."""
MAXIMUM_NODES = 250_000
"""After aliases are expanded; the limit of cfn-lint."""
KEYED_DEPTH = 4
"""Down to here (root, section, logical id, properties) the places of keys are kept."""

DYNAMIC = re.compile(r"\{\{resolve:[^}]*\}\}")
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html"""

_OWN_LIMIT = "maximum nesting depth"
"""How LibYAML says that a document is too deep for itself, which newer versions do."""
_TOO_DEEP = "it is nested too deeply and was not read"
_BRACKETS = re.compile(r"[\[\]{}]")
_DEEP_BLOCK = re.compile(r"^(?: {400}|(?:[ ]*- ){100})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The root of a document (None when it could not be read), and what is wrong with it."""

    root: Section | None
    problems: tuple[Problem, ...] = ()


class _Refused(Exception):
    """The document is of a shape that is not read on."""

    def __init__(self, check: str, message: str, span: Span) -> None:
        super().__init__(message)
        self.problem = Problem(check, message, span)


def decode(text: str, name: str) -> Decoded:
    """
    Decode a template (or a fragment of one) of the shown path `name`. Never raises: what is wrong
    comes back as problems with their places.
    """
    try:
        line = too_deep(text)
        if line is not None:
            raise _Refused("IAC004", _TOO_DEEP, Span(name, line))
        return _decode(text, name)
    except _Refused as refused:
        return Decoded(None, (refused.problem,))
    except RecursionError:
        message = _TOO_DEEP
        return Decoded(None, (Problem("IAC004", message, Span(name, 1)),))


def _decode(text: str, name: str) -> Decoded:
    as_json = text.lstrip()[:1] == "{"
    source = text.replace("\t", " ") if as_json else text
    try:
        loader = cfn_yaml.CfnFullLoader(source, name)
        document = loader.get_single_node()
    except (yaml.YAMLError, ValueError, UnicodeError) as error:
        return _second_try(text, name, error, as_json)
    if document is None:
        return Decoded(None, (Problem("IAC001", "the file is empty", Span(name, 1)),))
    builder = _Builder(name, text.split("\n"), aliases="&" in text)
    root = builder.build(document, 0)
    return _finish(root, name, builder.problems)


def _finish(root: Node, name: str, problems: list[Problem]) -> Decoded:
    if isinstance(root, MapValue):
        root = Section(root.items, {}, root.span)
    if not isinstance(root, Section):
        message = "a template is a mapping with a Resources section, this is something else"
        return Decoded(None, (*problems, Problem("IAC001", message, root.span or Span(name, 1))))
    return Decoded(root, tuple(problems))


def _second_try(text: str, name: str, error: Exception, as_json: bool) -> Decoded:
    """What YAML refuses can still be JSON (`\\ud83d\\ude00`, `\\/`); else say what is wrong."""
    if as_json:
        try:
            document = cfn_json.loads(text)
        except (ValueError, cfn_json.DuplicateError, RecursionError, TypeError):
            document = None  # TypeError: how it fails to say that a value is missing
        if document is not None:
            return _finish(_from_json(document, name, NOWHERE, 0), name, [])
        if name.endswith((".json", ".template")):
            return Decoded(None, (_json_problem(text, name, error),))
    return Decoded(None, (_decode_problem(text, name, error),))


def _json_problem(text: str, name: str, error: Exception) -> Problem:
    """JSON's own parser says better than YAML's where a JSON text is wrong."""
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        return Problem("IAC001", wrong.msg, Span(name, wrong.lineno, wrong.colno))
    except RecursionError:
        return Problem("IAC004", _TOO_DEEP, Span(name, 1))
    return _decode_problem(text, name, error)


def _decode_problem(text: str, name: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        what = getattr(error, "problem", None) or str(error)
        context = getattr(error, "context", None)
        message = f"{what} ({context})" if context else what
        return Problem("IAC001", message, Span(name, mark.line + 1, mark.column + 1))
    position = getattr(error, "position", None)
    if isinstance(position, int) and position >= 0:
        line = text.count("\n", 0, position) + 1
        reason = getattr(error, "reason", None) or "a character is not allowed"
        return Problem("IAC001", f"the file cannot be read as YAML: {reason}", Span(name, line))
    _, matches = decode_str(text)
    for match in matches:
        span = Span(name, max(match.linenumber, 1), max(match.columnnumber, 1))
        return Problem("IAC001", match.message, span)
    return Problem("IAC001", str(error), Span(name, 1))


def too_deep(text: str) -> int | None:
    """
    The line from which on a text is nested too deeply, if it is. The composer recurses in C, so
    what could exhaust its stack must be found beforehand.
    """
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match.group() in "[{" else -1
        if depth > MAXIMUM_DEPTH:
            return _too_deep_line(text)
    return _too_deep_line(text) if _DEEP_BLOCK.search(text) else None


def _too_deep_line(text: str) -> int | None:
    """The same, exactly (brackets may stand in texts, too), from the parser's events."""
    depth = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
            if depth > MAXIMUM_DEPTH:
                return event.start_mark.line + 1 if event.start_mark else 1
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return mark.line + 1 if mark and _OWN_LIMIT in (error.problem or "") else None
    except yaml.YAMLError:
        return None
    return None


@dataclass(slots=True)
class _Builder:
    """Turns the composed document into nodes. One for each document."""

    path: str
    lines: list[str]
    aliases: bool
    problems: list[Problem] = field(default_factory=list)
    done: dict[int, Node] = field(default_factory=dict)
    weight: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def build(self, node: Any, depth: int) -> Node:
        if not self.aliases:
            return self._build(node, depth)
        key = id(node)
        if key in self.done:
            self._add(self.weight[key], node)
            return self.done[key]
        if key in self.weight:
            raise _Refused("IAC001", "an alias contains itself", self.span(node))
        self.weight[key] = 0
        before = self.total
        self._add(1, node)
        built = self._build(node, depth)
        self.weight[key] = self.total - before
        self.done[key] = built
        return built

    def _add(self, count: int, node: Any) -> None:
        self.total += count
        if self.total > MAXIMUM_NODES:
            message = f"its aliases expand to more than {MAXIMUM_NODES} nodes"
            raise _Refused("IAC004", message, self.span(node))

    def _build(self, node: Any, depth: int) -> Node:
        if depth > MAXIMUM_DEPTH:
            raise _Refused("IAC004", _TOO_DEEP, self.span(node))
        tag = node.tag
        if tag[0] == "!" and len(tag) > 1:
            return self.short_form(node, tag[1:], depth)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return self.sequence(node, depth)
        return self.mapping(node, depth)

    def span(self, node: Any) -> Span:
        start, end = node.start_mark, node.end_mark
        line, column, end_line = start.line + 1, start.column + 1, end.line + 1
        if end.column == 0 and end_line > line:
            end_line = end.line
            end_column = len(self.lines[end_line - 1]) + 1
            return Span(self.path, line, column, end_line, end_column)
        return Span(self.path, line, column, end_line, end.column + 1)

    def scalar(self, node: Any) -> Value:
        span = self.span(node)
        tag = node.tag
        if tag == "tag:yaml.org,2002:str":
            text = node.value
            if "{{resolve:" in text:
                return dynamic(text, span)
            return Scalar(text, span)
        return Scalar(primitive(tag, node.value), span)

    def sequence(self, node: Any, depth: int) -> Node:
        below = depth + 1
        items = tuple([self.build(child, below) for child in node.value])
        span = self.extent(node, items[-1] if items else None)
        if all(map(literal, items)):
            return ListValue(items, span)  # type: ignore[arg-type]
        return ListNode(items, span)

    def mapping(self, node: Any, depth: int) -> Node:
        pairs = self.pairs(node, depth)
        if len(pairs) == 1 and is_function(pairs[0][0].value):
            key_node, value_node = pairs[0]
            return Call(key_node.value, self.build(value_node, depth + 1), self.span(key_node))
        items: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        keyed = depth < KEYED_DEPTH
        plain = not keyed
        value: Node | None = None
        for key_node, value_node in pairs:
            key = self.key(key_node)
            if key in items:
                self.duplicate(key, key_node)
            value = items[key] = self.build(value_node, depth + 1)
            if keyed:
                keys[key] = self.span(key_node)
            elif plain and (not literal(value) or key[:4] == "Fn::"):
                plain = False
        span = self.extent(node, value)
        if plain:
            return MapValue(items, span)  # type: ignore[arg-type]
        return Section(items, keys, span)

    def key(self, node: Any) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise _Refused("IAC001", "a key must be a text", self.span(node))
        if node.tag == "tag:yaml.org,2002:null":
            raise _Refused("IAC001", "a key must not be empty", self.span(node))
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:bool"):
            return as_text(primitive(node.tag, node.value))
        return str(node.value)

    def duplicate(self, key: str, node: Any) -> None:
        message = f'the key "{key}" occurs twice; the last one is used here'
        self.problems.append(Problem("IAC005", message, self.span(node)))

    def pairs(self, node: Any, depth: int) -> list[tuple[Any, Any]]:
        """The entries, merge keys (`<<: *defaults`) resolved as YAML 1.1 has it."""
        if not self.aliases:
            return node.value  # type: ignore[no-any-return]
        if not any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            return node.value  # type: ignore[no-any-return]
        own = [pair for pair in node.value if pair[0].tag != "tag:yaml.org,2002:merge"]
        taken = {key.value for key, _ in own}
        merged: list[tuple[Any, Any]] = []
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for source in self.merged(value, depth):
                    for pair in self.pairs(source, depth + 1):
                        if pair[0].value not in taken:
                            taken.add(pair[0].value)
                            merged.append(pair)
        self._add(len(merged), node)
        return merged + own

    def merged(self, value: Any, depth: int) -> list[Any]:
        if depth > MAXIMUM_DEPTH:
            raise _Refused("IAC004", _TOO_DEEP, self.span(value))
        candidates = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not all(isinstance(candidate, yaml.MappingNode) for candidate in candidates):
            raise _Refused("IAC001", "only mappings can be merged with <<", self.span(value))
        return list(candidates)

    def short_form(self, node: Any, suffix: str, depth: int) -> Node:
        """`!Sub …` is `Fn::Sub: …`; `!GetAtt A.B` is the list form."""
        name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        span = self.span(node)
        argument: Node
        if isinstance(node, yaml.ScalarNode):
            argument = Scalar(node.value, span)
        elif isinstance(node, yaml.SequenceNode):
            argument = self.sequence(node, depth + 1)
        else:
            argument = self.mapping(node, depth + 1)
        return Call(name, argument, span)

    def extent(self, node: Any, last: Node | None) -> Span:
        """
        Block collections end, for the parser, where the next token begins; here they end with
        their last element.
        """
        if node.flow_style or last is None or last.span is None or last.span.path != self.path:
            return self.span(node)
        start, end = node.start_mark, last.span
        line = start.line + 1
        if end.end_line < line:  # an alias: its anchor stands before it
            return self.span(node)
        return Span(self.path, line, start.column + 1, end.end_line, end.end_column)


def is_function(name: object) -> bool:
    """Is this the only key of a mapping that stands for a function? `Rain::` are that tool's."""
    if not isinstance(name, str):
        return False
    if name == "Ref" or name[:6] == "Rain::":
        return True
    return name[:4] == "Fn::" and not name.startswith(LOOP)


def dynamic(text: str, span: Span) -> Unknown:
    """A text with dynamic references in it; the references stay visible among the parts."""
    parts: list[str | Unknown] = []
    position = 0
    for match in DYNAMIC.finditer(text):
        if match.start() > position:
            parts.append(text[position : match.start()])
        parts.append(match.group())
        position = match.end()
    if text[position:]:
        parts.append(text[position:])
    references = ", ".join(DYNAMIC.findall(text))
    reason = f"{references or text} is resolved only on deployment"
    return Unknown(reason, span, parts=tuple(parts), type="string")


def _from_json(node: Any, name: str, above: Span, depth: int) -> Node:
    """cfn-lint's JSON document as nodes. Numbers and truth values have no mark there: the key's."""
    if depth > MAXIMUM_DEPTH:
        raise _Refused("IAC004", _TOO_DEEP, Span(name, 1))
    span = _json_span(node, name, above)
    if isinstance(node, str):
        return dynamic(node, span) if "{{resolve:" in node else Scalar(str(node), span)
    if isinstance(node, list):
        items = tuple([_from_json(item, name, span, depth + 1) for item in node])
        if all(map(literal, items)):
            return ListValue(items, span)  # type: ignore[arg-type]
        return ListNode(items, span)
    if isinstance(node, dict):
        return _json_mapping(node, name, span, depth)
    if isinstance(node, float):
        return Scalar(Fraction(str(node)) if abs(node) < 1e300 else str(node), span)
    return Scalar(node, span)


def _json_mapping(node: dict[str, Any], name: str, span: Span, depth: int) -> Node:
    items: dict[str, Node] = {}
    keys: dict[str, Span] = {}
    for key, value in node.items():
        keys[str(key)] = _json_span(key, name, span)
        items[str(key)] = _from_json(value, name, keys[str(key)], depth + 1)
    if len(items) == 1:
        (only,) = items
        if is_function(only):
            return Call(only, items[only], keys[only])
    plain = depth >= KEYED_DEPTH and all(map(literal, items.values()))
    if plain and not any(key[:4] == "Fn::" for key in items):
        return MapValue(items, span)  # type: ignore[arg-type]
    return Section(items, keys, span)


def _json_span(node: Any, name: str, above: Span) -> Span:
    start, end = getattr(node, "start_mark", None), getattr(node, "end_mark", None)
    if start is None or end is None:
        return above
    return Span(name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
