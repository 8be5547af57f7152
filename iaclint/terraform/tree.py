"""
The expression tree: what a configuration file says, before anything is evaluated.

Positions are offsets in a space that all files of one session share (see `files`), so that a node
alone is enough to find its file. Nodes are named tuples, which `pack` turns into plain tuples for
the cache on disk and `unpack` moves to another place in that space.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias


class Literal(NamedTuple):
    """A text, truth value or null."""

    start: int
    end: int
    value: str | bool | None


class Number(NamedTuple):
    """A number, as it is written: its value is exact."""

    start: int
    end: int
    text: str


class Template(NamedTuple):
    """A text with interpolations or directives in it: the concatenation of its parts."""

    start: int
    end: int
    parts: tuple[Expression, ...]


class Wrapped(NamedTuple):
    """A template that is one interpolation and nothing else: the value keeps its type."""

    start: int
    end: int
    value: Expression


class TemplateIf(NamedTuple):
    """`%{ if }` … `%{ else }` … `%{ endif }`."""

    start: int
    end: int
    condition: Expression
    yes: Template
    no: Template


class TemplateFor(NamedTuple):
    """`%{ for }` … `%{ endfor }`."""

    start: int
    end: int
    key: str
    value: str
    source: Expression
    body: Template


class Variable(NamedTuple):
    """The first name of a traversal."""

    start: int
    end: int
    name: str


class GetAttr(NamedTuple):
    """`object.name`."""

    start: int
    end: int
    object: Expression
    name: str


class Index(NamedTuple):
    """`object[key]`, and the old spelling `object.0`."""

    start: int
    end: int
    object: Expression
    key: Expression


class Splat(NamedTuple):
    """
    `source[*]…` (full) or `source.*…`. `steps` are applied to each element: attribute names, or
    expressions for indexes.
    """

    start: int
    end: int
    source: Expression
    steps: tuple[str | Expression, ...]
    full: bool


class Call(NamedTuple):
    """A function call; `expand` when the last argument has `...` behind it."""

    start: int
    end: int
    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class Unary(NamedTuple):
    """`-x` or `!x`."""

    start: int
    end: int
    operator: str
    operand: Expression


class Binary(NamedTuple):
    """`left operator right`."""

    start: int
    end: int
    operator: str
    left: Expression
    right: Expression


class Conditional(NamedTuple):
    """`condition ? yes : no`."""

    start: int
    end: int
    condition: Expression
    yes: Expression
    no: Expression


class Tuple(NamedTuple):
    """`[a, b]`."""

    start: int
    end: int
    items: tuple[Expression, ...]


class Object(NamedTuple):
    """`{ key = value }`; a bare name as key is a `Literal` already."""

    start: int
    end: int
    items: tuple[tuple[Expression, Expression], ...]


class For(NamedTuple):
    """A `for` expression: of a tuple when `result_key` is None, of an object otherwise."""

    start: int
    end: int
    key: str
    value: str
    source: Expression
    result_key: Expression | None
    result: Expression
    condition: Expression | None
    group: bool


class Parens(NamedTuple):
    """`(x)`: as a key of an object it is evaluated, not taken for a name."""

    start: int
    end: int
    value: Expression


Expression: TypeAlias = (
    Literal
    | Number
    | Template
    | Wrapped
    | TemplateIf
    | TemplateFor
    | Variable
    | GetAttr
    | Index
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
    | Parens
)


class Attribute(NamedTuple):
    """`name = value`; the name ends at `name_end`."""

    start: int
    end: int
    name: str
    name_end: int
    value: Expression


class Block(NamedTuple):
    """`type "label" { … }`; the header (without the brace) ends at `header_end`."""

    start: int
    end: int
    type: str
    labels: tuple[str, ...]
    header_end: int
    body: Body


class Body(NamedTuple):
    """What stands between the braces of a block, or in a file."""

    start: int
    end: int
    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name."""
        return next((found for found in self.attributes if found.name == name), None)

    def value(self, name: str) -> Expression | None:
        """The expression of the attribute of that name."""
        found = self.attribute(name)
        return found.value if found else None

    def named(self, kind: str) -> tuple[Block, ...]:
        """The blocks of that type."""
        return tuple(block for block in self.blocks if block.type == kind)


EMPTY = Body(0, 0, (), ())

Node: TypeAlias = Expression | Attribute | Block | Body

_KINDS: tuple[Callable[..., Node], ...] = (
    Literal,
    Number,
    Template,
    Wrapped,
    TemplateIf,
    TemplateFor,
    Variable,
    GetAttr,
    Index,
    Splat,
    Call,
    Unary,
    Binary,
    Conditional,
    Tuple,
    Object,
    For,
    Parens,
    Attribute,
    Block,
    Body,
)
_CODES = {kind: code for code, kind in enumerate(_KINDS)}
_PLACES = {_CODES[Attribute]: 3, _CODES[Block]: 4}
"""Besides start and end, which field of a node is a position."""


def pack(node: Any, base: int) -> Any:
    """Plain tuples of plain values, with positions that count from `base`."""
    code = _CODES.get(type(node))
    if code is not None:
        place = _PLACES.get(code)
        fields = [pack(field, base) for field in node[2:]]
        if place is not None:
            fields[place - 2] -= base
        return (code, node[0] - base, node[1] - base, *fields)
    if type(node) is tuple:
        return (-1, *(pack(item, base) for item in node))
    return node


def shape(node: Any) -> Any:
    """What is written, wherever it is: equal for two expressions that say the same."""
    code = _CODES.get(type(node))
    if code is not None:
        place = _PLACES.get(code)
        fields = [shape(field) for number, field in enumerate(node) if number not in (0, 1, place)]
        return (code, *fields)
    return (-1, *map(shape, node)) if type(node) is tuple else node


_LEAVES = frozenset({_CODES[Literal], _CODES[Number], _CODES[Variable]})


def unpack(packed: Any, base: int) -> Any:
    """The nodes that `pack` was given, with positions that start at `base`."""
    code = packed[0]
    if code < 0:
        return tuple([unpack(item, base) if type(item) is tuple else item for item in packed[1:]])
    kind, start, end = _KINDS[code], packed[1] + base, packed[2] + base
    if code in _LEAVES:
        return tuple.__new__(kind, (start, end, packed[3]))
    fields = [unpack(field, base) if type(field) is tuple else field for field in packed[3:]]
    place = _PLACES.get(code)
    if place is not None:
        fields[place - 2] += base
    return tuple.__new__(kind, (start, end, *fields))
