"""
Type constraints: reading `object({ports = optional(list(number), [22])})`, and applying it.

A constraint comes as text, or as a light tree that the loader makes from its own nodes:

=================================  ================================================
`("keyword", "string")`            a name on its own
`("call", "list", [node, …])`      `list(…)`, `object(…)`, `optional(type, default)`
`("object", [("name", node), …])`  the `{…}` inside `object(…)`
`("tuple", [node, …])`             the `[…]` inside `tuple(…)`
`("value", value)`                 the evaluated second argument of `optional`
`("text", "list")`                 a quoted constraint as Terraform 0.11 had it
=================================  ================================================

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from iaclint.terraform import number
from iaclint.terraform.convert import common_type, convert, dynamic_replaced, mismatch, unify
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    List,
    ListType,
    Map,
    MapType,
    Object,
    ObjectType,
    Set,
    SetType,
    TerraformError,
    Tuple,
    TupleType,
    Type,
    friendly,
    is_mapping,
    is_null,
    is_sequence,
    list_,
    map_,
    object_,
    remark,
    set_,
    string,
    tuple_,
    type_of,
    type_text,
    unmark,
)
from iaclint.value import Unknown

KEYWORDS = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC, "dynamic": DYNAMIC}
LEGACY: dict[str, Type] = {
    "string": STRING,
    "list": ListType(DYNAMIC),
    "map": MapType(DYNAMIC),
}
COLLECTIONS: dict[str, type[ListType | SetType | MapType]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}
MAXIMUM_DEPTH = 100

Node = tuple[Any, ...]


def build(node: Node, depth: int = 0) -> Type:
    """
    The type of a constraint tree.

    Raises `TerraformError` for what is no type constraint.
    """
    if depth > MAXIMUM_DEPTH:
        raise TerraformError("Invalid type specification: it is nested too deeply.")
    match node:
        case ("keyword", str(name)):
            return _keyword(name)
        case ("text", str(legacy)):
            return LEGACY.get(legacy) or parse(legacy)
        case ("call", "list" | "set" | "map" as name, arguments):
            return COLLECTIONS[name](build(_single(name, arguments), depth + 1))
        case ("call", "object", arguments):
            return _object(_single("object", arguments), depth)
        case ("call", "tuple", arguments):
            return _tuple(_single("tuple", arguments), depth)
        case ("call", "optional", _):
            raise TerraformError(
                'Invalid type specification: Keyword "optional" is valid only as a modifier for '
                "object type attributes."
            )
        case ("call", str(name), _) if name in KEYWORDS:
            raise TerraformError(
                f'Invalid type specification: keyword "{name}" does not expect arguments.'
            )
        case ("call", str(name), _):
            raise TerraformError(
                f'Invalid type specification: Keyword "{name}" is not a valid type constructor.'
            )
    raise TerraformError(
        "Invalid type specification: A type specification is either a primitive type keyword "
        "(bool, number, string) or a complex type constructor call, like list(string)."
    )


def _keyword(name: str) -> Type:
    if name in KEYWORDS:
        return KEYWORDS[name]
    if name in COLLECTIONS:
        # Terraform 0.12 and later still read a bare `list` and `map` as collections of any type.
        return COLLECTIONS[name](DYNAMIC)
    raise TerraformError(
        f'Invalid type specification: The keyword "{name}" is not a valid type specification.'
    )


def _single(name: str, arguments: Sequence[Node]) -> Node:
    if len(arguments) != 1:
        raise TerraformError(
            f"Invalid type specification: The {name} type constructor requires one argument."
        )
    return arguments[0]


def _object(node: Node, depth: int) -> ObjectType:
    if node[0] != "object":
        raise TerraformError(
            "Invalid type specification: Object type constructor requires a map whose keys are "
            "attribute names and whose values are the corresponding attribute types."
        )
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults: dict[str, CtyValue] = {}
    for name, inner in node[1]:
        if name in attributes:
            raise TerraformError(
                "Invalid type specification: Object constructor map keys must be unique."
            )
        if inner[:2] == ("call", "optional"):
            optional.add(name)
            attributes[name] = _optional(name, inner[2], defaults, depth)
        else:
            attributes[name] = build(inner, depth + 1)
    return ObjectType(
        tuple(sorted(attributes.items())), frozenset(optional), MappingProxyType(defaults)
    )


def _optional(
    name: str, arguments: Sequence[Node], defaults: dict[str, CtyValue], depth: int
) -> Type:
    if not 1 <= len(arguments) <= 2:
        raise TerraformError(
            "Invalid type specification: Optional attribute modifier expects at most two "
            "arguments: the attribute type, and a default value."
        )
    kind = build(arguments[0], depth + 1)
    if len(arguments) == 2:
        try:
            defaults[name] = convert(arguments[1][1], kind)
        except TerraformError as error:
            raise TerraformError(
                "Invalid default value for optional attribute: This default value is not "
                f"compatible with the attribute's type constraint: {error.message}."
            ) from error
    return kind


def _tuple(node: Node, depth: int) -> TupleType:
    if node[0] != "tuple":
        raise TerraformError(
            "Invalid type specification: Tuple type constructor requires a list of element types."
        )
    return TupleType(tuple(build(inner, depth + 1) for inner in node[1]))


# --- from text -----------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*|//[^\n]*|/\*.*?\*/|(?P<name>[A-Za-z_][\w-]*)|(?P<number>-?\d[\d.eE+-]*)"""
    r"""|(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>[()\[\]{}=:,]))""",
    re.DOTALL,
)


def parse(source: str) -> Type:
    """
    The type a text stands for; defaults of `optional` may only be literals here.

    Raises `TerraformError` for what is no type constraint.
    """
    reader = _Reader(source)
    node = reader.node()
    if reader.tokens[reader.place :]:
        raise TerraformError("Invalid type specification: unexpected text after the type.")
    return build(node)


class _Reader:
    def __init__(self, source: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.place = 0
        self.depth = 0
        position = 0
        stripped = source.rstrip()
        while position < len(stripped):
            match = _TOKEN.match(stripped, position)
            if match is None:
                raise TerraformError("Invalid type specification: unexpected character.")
            position = match.end()
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[match.lastgroup]))

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise TerraformError("Invalid type specification: the text ends too early.")
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, sign: str) -> None:
        if self.take()[1] != sign:
            raise TerraformError(f"Invalid type specification: {sign} expected.")

    def node(self) -> Node:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise TerraformError("Invalid type specification: it is nested too deeply.")
        try:
            return self._node()
        finally:
            self.depth -= 1

    def _node(self) -> Node:
        kind, word = self.take()
        if kind == "name":
            if self.peek() != "(":
                return ("keyword", word)
            self.place += 1
            return ("call", word, self._arguments(word))
        if kind == "text":
            return ("text", word[1:-1])
        if word == "{":
            return ("object", list(self._pairs(self.node)))
        if word == "[":
            return ("tuple", self._items("]", self.node))
        raise TerraformError("Invalid type specification: a type is expected.")

    def _arguments(self, name: str) -> list[Node]:
        if name != "optional":
            return self._items(")", self.node)
        first = [self.node()]
        while self.peek() == ",":
            self.place += 1
            if self.peek() != ")":
                first.append(("value", self.value()))
        self.expect(")")
        return first

    def _items(self, end: str, read: Any) -> list[Any]:
        items = []
        while self.peek() != end:
            items.append(read())
            if self.peek() != end:
                self.expect(",")
        self.place += 1
        return items

    def _pairs(self, read: Any) -> list[tuple[str, Any]]:
        pairs = []
        while self.peek() != "}":
            kind, name = self.take()
            if kind not in ("name", "text"):
                raise TerraformError("Invalid type specification: an attribute name is expected.")
            if self.take()[1] not in ("=", ":"):
                raise TerraformError("Invalid type specification: = expected.")
            pairs.append((name.strip('"'), read()))
            if self.peek() == ",":
                self.place += 1
        self.place += 1
        return pairs

    def value(self) -> CtyValue:
        kind, word = self.take()
        if kind == "number":
            return number.parse(word)
        if kind == "text":
            return string(re.sub(r"\\(.)", _unescaped, word[1:-1]))
        if word == "[":
            return tuple_(self._items("]", self.value))
        if word == "{":
            return object_(self._pairs(self.value))
        constants = {"true": True, "false": False, "null": None}
        if word in constants:
            return constants[word]
        raise TerraformError("Invalid type specification: a literal default is expected.")


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1])


# --- applying ------------------------------------------------------------------------------------


def constrain(value: CtyValue, kind: Type) -> CtyValue:
    """
    The value as an input variable of that type gets it: defaults of optional attributes filled in
    at every depth, then converted.

    Raises `TerraformError` with Terraform's message when it does not convert.
    """
    return convert(apply_defaults(value, kind), kind)


def has_defaults(kind: Type) -> bool:
    """Whether any attribute at any depth has a default."""
    match kind:
        case ListType(element=element) | SetType(element=element) | MapType(element=element):
            return has_defaults(element)
        case TupleType(elements=elements):
            return any(map(has_defaults, elements))
        case ObjectType(attributes=attributes, defaults=defaults):
            return bool(defaults) or any(has_defaults(inner) for _, inner in attributes)
    return False


def apply_defaults(value: CtyValue, kind: Type) -> CtyValue:
    """The value with the defaults of absent and null optional attributes, not yet converted."""
    plain, hidden = unmark(value)
    if isinstance(plain, Unknown) or is_null(plain) or not has_defaults(kind):
        return value
    if is_sequence(plain):
        return remark(_sequence_defaults(plain, kind), hidden)
    if is_mapping(plain):
        return remark(_mapping_defaults(plain, kind), hidden)
    return value


def _child(kind: Type, key: int | str) -> Type:
    match kind:
        case TupleType(elements=elements):
            return elements[key] if isinstance(key, int) and key < len(elements) else DYNAMIC
        case ObjectType(attributes=attributes):
            return dict(attributes).get(key, DYNAMIC) if isinstance(key, str) else DYNAMIC
        case ListType(element=element) | SetType(element=element) | MapType(element=element):
            return element
    return DYNAMIC


def _sequence_defaults(value: CtyValue, kind: Type) -> CtyValue:
    items = [apply_defaults(item, _child(kind, place)) for place, item in enumerate(value.items)]
    if isinstance(value, Tuple):
        return tuple_(items)
    make = set_ if isinstance(value, Set) else list_
    try:
        element, unified = common_type(items) if items else (value.element, [])
    except TerraformError:
        return tuple_(items)
    return make(element, unified)


def _mapping_defaults(value: CtyValue, kind: Type) -> CtyValue:
    items = {name: apply_defaults(item, _child(kind, name)) for name, item in value.items.items()}
    if isinstance(kind, ObjectType):
        for name, default in kind.defaults.items():
            if name not in items or is_null(items[name]):
                items[name] = apply_defaults(default, _child(kind, name))
    if isinstance(value, Object):
        return object_(items)
    if not items:
        return value
    try:
        element, unified = common_type(list(items.values()))
    except TerraformError:
        return object_(items)
    return map_(element, zip(items, unified, strict=True))


__all__ = [
    "List",
    "Map",
    "apply_defaults",
    "build",
    "common_type",
    "constrain",
    "convert",
    "dynamic_replaced",
    "friendly",
    "has_defaults",
    "mismatch",
    "parse",
    "type_of",
    "type_text",
    "unify",
]
