"""
Builds the expression tree while the grammar is being matched, without a parse tree in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lark import Token, Transformer

from iaclint.terraform import tree
from iaclint.terraform.template import (
    Invalid,
    Marker,
    Piece,
    assemble,
    flush,
    heredoc_lines,
    strip,
    unescape,
)
from iaclint.terraform.tree import Expression

__all__ = ["Builder", "Invalid"]

_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_HEREDOC = re.compile(r"<<-?([^\s]+)\r?\n")


class Builder(Transformer):  # type: ignore[misc]  # lark has no types here
    """One method for each rule of the grammar; `base` is added to every position."""

    def __init__(self, template: Callable[[str, int], list[Piece | Marker]]) -> None:
        super().__init__()
        self.base = 0
        self.source = ""
        self._template = template

    def _start(self, token: Token) -> int:
        return self.base + (token.start_pos or 0)

    def _end(self, token: Token) -> int:
        return self.base + (token.end_pos or 0)

    def text(self, parts: list[Piece | Marker], start: int, end: int) -> Expression:
        """The expression that a template's flat parts make."""
        return assemble(parts, start, end)

    # structure

    def start(self, children: list[Any]) -> tree.Body:
        return tree.Body(self.base, self.base + len(self.source), *children[0])

    def body(self, children: list[Any]) -> tuple[Any, Any]:
        attributes: list[Any] = []
        blocks: list[Any] = []
        last = None
        for child in children:
            if child is None:
                last = None
                continue
            if last is not None and "\n" not in self._between(last.end, child.start):
                raise Invalid("an argument or block must begin on a new line", child.start)
            last = child
            (attributes if type(child) is tree.Attribute else blocks).append(child)
        return tuple(attributes), tuple(blocks)

    def _between(self, start: int, end: int) -> str:
        return self.source[start - self.base - 1 : end - self.base]

    def attribute(self, children: list[Any]) -> tree.Attribute:
        name, value = children[0], children[2]
        return tree.Attribute(name.start, value.end, _word(name), name.end, value)

    def block(self, children: list[Any]) -> tree.Block:
        (attributes, blocks), closing = children[-2], children[-1]
        opening = children[-3]
        header = [child for child in children[:-3] if child is not None]
        if "\n" in self._between(header[-1].end + 1, self._start(opening)):
            raise Invalid(
                "the opening brace must be on the line of the block header", header[0].start
            )
        labels = tuple(_label(child) for child in header[1:])
        inner = tree.Body(self._end(opening), self._start(closing), attributes, blocks)
        kind = _word(header[0])
        end = self._end(closing)
        return tree.Block(header[0].start, end, kind, labels, header[-1].end, inner)

    def new_line_or_comment(self, children: list[Any]) -> None:
        return None

    # names and literals

    def identifier(self, children: list[Any]) -> tree.Variable:
        token = children[0]
        return tree.Variable(self._start(token), self._end(token), str(token))

    keyword = identifier

    def literal_value(self, children: list[Any]) -> tree.Literal:
        token = children[0]
        return tree.Literal(self._start(token), self._end(token), _LITERALS[str(token)])

    def int_lit(self, children: list[Any]) -> tree.Number:
        token = children[0]
        return tree.Number(self._start(token), self._end(token), str(token))

    float_lit = int_lit

    # templates

    def string(self, children: list[Any]) -> Expression:
        start, end = self._start(children[0]), self._end(children[-1])
        if len(children) == 2:
            return tree.Literal(start, end, "")
        only = children[1]
        if len(children) == 3 and type(only) is Piece and type(only.value) is str:
            return tree.Literal(start, end, only.value)
        return assemble(children[1:-1], start, end)

    def string_part(self, children: list[Any]) -> Piece | Marker:
        child = children[0]
        if isinstance(child, Token):
            start, raw = self._start(child), str(child)
            raw = unescape(raw, start) if child.type == "STRING_CHARS" else raw[1:]
            return Piece(start, self._end(child), raw)
        return child  # type: ignore[no-any-return]

    def template_part(self, children: list[Any]) -> Piece | Marker:
        child = children[0]
        if isinstance(child, Token):
            raw = str(child)
            if child.type != "TEMPLATE_TEXT":
                raw = raw[1:]
            return Piece(self._start(child), self._end(child), raw)
        return child  # type: ignore[no-any-return]

    def template(self, children: list[Any]) -> list[Piece | Marker]:
        return heredoc_lines(children)

    def interpolation(self, children: list[Any]) -> Piece:
        left, right = _strips(children)
        value = next(c for c in children if not isinstance(c, Token))
        return Piece(self._start(children[0]), self._end(children[-1]), value, left, right)

    def _marker(self, kind: str, children: list[Any]) -> Marker:
        left, right = _strips(children)
        plain = tuple(c for c in children if not isinstance(c, Token) and c is not None)
        return Marker(self._start(children[0]), self._end(children[-1]), kind, plain, left, right)

    def template_if_start(self, children: list[Any]) -> Marker:
        return self._marker("if", children)

    def template_else(self, children: list[Any]) -> Marker:
        return self._marker("else", children)

    def template_endif(self, children: list[Any]) -> Marker:
        return self._marker("endif", children)

    def template_for_start(self, children: list[Any]) -> Marker:
        return self._marker("for", children)

    def template_endfor(self, children: list[Any]) -> Marker:
        return self._marker("endfor", children)

    def template_string(self, children: list[Any]) -> tree.Literal:
        token = children[0]
        start = self._start(token)
        return tree.Literal(start, self._end(token), unescape(str(token)[2:-2], start))

    def heredoc_template(self, children: list[Any]) -> Expression:
        return self._heredoc(children[0], False)

    def heredoc_template_trim(self, children: list[Any]) -> Expression:
        return self._heredoc(children[0], True)

    def _heredoc(self, token: Token, trim: bool) -> Expression:
        raw, start, end = str(token), self._start(token), self._end(token)
        opening = _HEREDOC.match(raw)
        inside = raw[opening.end() if opening else 0 : raw.rindex("\n") + 1]
        at = start + (opening.end() if opening else 0)
        parts = self._template(inside, at) if inside else []
        return assemble(flush(strip(parts)) if trim else parts, start, end)

    # operators

    def conditional(self, children: list[Any]) -> tree.Conditional:
        condition, yes, no = (c for c in children if c is not None and not isinstance(c, Token))
        return tree.Conditional(condition.start, no.end, condition, yes, no)

    def binary_operator(self, children: list[Any]) -> str:
        return str(children[0])

    def binary_term(self, children: list[Any]) -> tuple[str, Any]:
        return children[0], children[-1]

    def binary_op(self, children: list[Any]) -> tree.Binary:
        left, (operator, right) = children[0], children[1]
        return tree.Binary(left.start, right.end, operator, left, right)

    def unary_op(self, children: list[Any]) -> tree.Unary:
        token, operand = children
        return tree.Unary(self._start(token), operand.end, str(token), operand)

    def single(self, children: list[Any]) -> Any:
        return next(child for child in children if child is not None)

    # terms

    def expr_term(self, children: list[Any]) -> Expression:
        first = children[0]
        if len(children) == 1:
            return first  # type: ignore[no-any-return]
        value = next(c for c in children[1:] if c is not None)
        return tree.Parens(self._start(first), self._end(children[-1]), value)

    def tuple(self, children: list[Any]) -> tree.Tuple:
        items = tuple(c for c in children if c is not None and not isinstance(c, Token))
        return tree.Tuple(self._start(children[0]), self._end(children[-1]), items)

    def object(self, children: list[Any]) -> tree.Object:
        items = tuple((c[0], c[1]) for c in children if type(c) is _Item)
        return tree.Object(self._start(children[0]), self._end(children[-1]), items)

    def object_elem(self, children: list[Any]) -> Any:
        return _Item((children[0], children[2]))

    def object_elem_key(self, children: list[Any]) -> Expression:
        key = children[0]
        if type(key) is tree.Variable:
            return tree.Literal(key.start, key.end, key.name)
        if type(key) is tree.Literal and type(key.value) is not str:
            return tree.Literal(key.start, key.end, _word(key))
        return key  # type: ignore[no-any-return]

    def function_call(self, children: list[Any]) -> tree.Call:
        names = [c for c in children if type(c) is tree.Variable]
        name = "::".join(n.name for n in names)
        found = next((c for c in children if type(c) is _Arguments), None)
        arguments, expand = (found.items, found.expand) if found else ((), False)
        return tree.Call(names[0].start, self._end(children[-1]), name, arguments, expand)

    def arguments(self, children: list[Any]) -> Any:
        expand = any(isinstance(c, Token) and c.type == "ELLIPSIS" for c in children)
        items = tuple(c for c in children if c is not None and not isinstance(c, Token))
        return _Arguments(items, expand)

    # traversals

    def get_attr(self, children: list[Any]) -> tree.Variable:
        name = children[1]
        return tree.Variable(self._start(children[0]), name.end, _word(name))

    def short_index(self, children: list[Any]) -> Any:
        token = children[1]
        number = tree.Number(self._start(token), self._end(token), str(token))
        return _Step(number, self._end(token))

    def braces_index(self, children: list[Any]) -> Any:
        key = next(c for c in children[1:] if c is not None)
        return _Step(key, self._end(children[-1]))

    def index_expr_term(self, children: list[Any]) -> Expression:
        value, step = children
        return tree.Index(value.start, step.end, value, step.key)

    def get_attr_expr_term(self, children: list[Any]) -> Expression:
        value, name = children
        return tree.GetAttr(value.start, name.end, value, name.name)

    def attr_splat(self, children: list[Any]) -> Any:
        return _Steps(children, self._end(children[0]), False)

    def full_splat(self, children: list[Any]) -> Any:
        return _Steps(children, self._end(children[0]), True)

    def attr_splat_expr_term(self, children: list[Any]) -> tree.Splat:
        value, found = children
        return tree.Splat(value.start, found.end, value, found.steps, found.full)

    full_splat_expr_term = attr_splat_expr_term

    # for expressions

    def for_intro(self, children: list[Any]) -> Any:
        names = [c for c in children if c is not None and not isinstance(c, Token)]
        key = names[0].name if len(names) == 3 else ""
        return _Intro(key, names[-2].name, names[-1])

    def for_cond(self, children: list[Any]) -> Any:
        return _Condition(children[-1])

    def for_tuple_expr(self, children: list[Any]) -> tree.For:
        intro, result, condition = self._for(children, 1)
        return self._loop(children, intro, None, result[0], condition, False)

    def for_object_expr(self, children: list[Any]) -> tree.For:
        intro, result, condition = self._for(children, 2)
        group = any(isinstance(c, Token) and c.type == "ELLIPSIS" for c in children)
        return self._loop(children, intro, result[0], result[1], condition, group)

    def _loop(
        self,
        children: list[Any],
        intro: Any,
        key: Expression | None,
        result: Expression,
        condition: Expression | None,
        group: bool,
    ) -> tree.For:
        return tree.For(
            self._start(children[0]),
            self._end(children[-1]),
            intro.key,
            intro.value,
            intro.source,
            key,
            result,
            condition,
            group,
        )

    def _for(self, children: list[Any], count: int) -> Any:
        plain = [c for c in children if c is not None and not isinstance(c, Token)]
        condition = plain[-1].value if type(plain[-1]) is _Condition else None
        return plain[0], plain[1 : 1 + count], condition


class _Item(tuple[Expression, Expression]):
    __slots__ = ()


class _Arguments:
    __slots__ = ("expand", "items")

    def __init__(self, items: tuple[Expression, ...], expand: bool) -> None:
        self.items, self.expand = items, expand


class _Step:
    __slots__ = ("end", "key")

    def __init__(self, key: Expression, end: int) -> None:
        self.key, self.end = key, end


class _Steps:
    __slots__ = ("end", "full", "steps")

    def __init__(self, children: list[Any], end: int, full: bool) -> None:
        self.steps = tuple(c.key if type(c) is _Step else c.name for c in children[1:])
        self.end = children[-1].end if len(children) > 1 else end
        self.full = full


class _Intro:
    __slots__ = ("key", "source", "value")

    def __init__(self, key: str, value: str, source: Expression) -> None:
        self.key, self.value, self.source = key, value, source


class _Condition:
    __slots__ = ("value",)

    def __init__(self, value: Expression) -> None:
        self.value = value


def _strips(children: list[Any]) -> tuple[bool, bool]:
    """Whether there is a strip marker at the left and at the right end."""
    left = isinstance(children[1], Token) and children[1].type == "STRIP_MARKER"
    last = children[-2]
    right = isinstance(last, Token) and last.type == "STRIP_MARKER"
    if left and right and len(children) == 3 + (children[1] is not last):
        return left, right
    return left, right


def _word(node: Any) -> str:
    if type(node) is tree.Variable:
        return node.name
    value = node.value
    return value if isinstance(value, str) else {True: "true", False: "false", None: "null"}[value]


def _label(node: Any) -> str:
    if type(node) in (tree.Template, tree.Wrapped):
        raise Invalid("a block label cannot have interpolations", node.start)
    return _word(node)
