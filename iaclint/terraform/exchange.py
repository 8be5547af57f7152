"""
From Terraform's values to the vocabulary all frontends share, with the places they are written at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from iaclint.source import Span
from iaclint.terraform import cty, doubt, tree
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate import Scope, evaluate
from iaclint.terraform.files import Files
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

MAXIMUM_VALUES = 200_000
"""A single attribute with more values than this is not followed."""
MAXIMUM_CHAIN = 50
"""Nor is a chain of members (`a.b[0].c…`) that is longer than this."""


@dataclass(frozen=True, slots=True)
class Place:
    """An expression and where it stands."""

    node: tree.Expression
    scope: Scope


class Exchange:
    """Converts the value of one attribute; `place` is where each part of it is written."""

    def __init__(self, files: Files, span: Span) -> None:
        self.files, self.span, self.left = files, span, MAXIMUM_VALUES

    def value(self, value: CtyValue, place: Place | None, here: bool = True) -> Value:
        """
        The value; `here` says that the expression is the attribute's own, or part of it, and not
        that of a variable or local it names.
        """
        return self._convert(value, place, self.span, here, False)

    def _convert(
        self, value: CtyValue, place: Place | None, span: Span, here: bool, hidden: bool
    ) -> Value:
        self.left -= 1
        if self.left < 0:
            return Unknown("the value is too large to be looked at", span)
        value = doubt.whole(value)
        if isinstance(value, cty.Sensitive):
            return self._convert(value.value, place, span, here, True)
        if place is not None:
            place, here, last = self._followed(place, here)
            if last is not None:
                span = self.files.span(last.start, last.end)
        origin = None
        if place is not None and not here:
            origin = self.files.span(place.node.start, place.node.end)
        if place is not None and origin is None and isinstance(place.node, tree.Template):
            origin = self._composed(place.node, place.scope)
        if isinstance(value, Unknown):
            return self._unknown(value, place, span, here, hidden)
        if isinstance(value, cty.Tuple | cty.List | cty.Set):
            return replace(self._sequence(value, place, span, here, hidden), origin=origin)
        if isinstance(value, cty.Object | cty.Map):
            return self._mapping(value, place, span, here, hidden)
        return Scalar(primitive(value), span, origin, hidden)

    def _composed(self, node: tree.Template, scope: Scope) -> Span | None:
        """Where the first part of a text is written, if that is somewhere else."""
        for part in node.parts:
            written, here, _ = self._followed(Place(part, scope), True)
            if not here:
                return self.files.span(written.node.start, written.node.end)
        return None

    def _sequence(
        self, value: CtyValue, place: Place | None, span: Span, here: bool, hidden: bool
    ) -> ListValue:
        places = _item_places(place, len(value.items))
        return ListValue(
            tuple(
                self._convert(item, inner, span, here, hidden)
                for item, inner in zip(value.items, places, strict=True)
            ),
            span,
        )

    def _mapping(
        self, value: CtyValue, place: Place | None, span: Span, here: bool, hidden: bool
    ) -> MapValue:
        places = _key_places(place)
        items = {
            key: self._convert(item, places.get(key), span, here, hidden)
            for key, item in value.items.items()
        }
        return MapValue(MappingProxyType(items), span)

    def _unknown(
        self, value: Unknown, place: Place | None, span: Span, here: bool, hidden: bool
    ) -> Value:
        if isinstance(value, doubt.Many):
            choices = tuple(self._convert(s, None, span, here, hidden) for s in value.samples)
            more = _plain(value, span, hidden, choices=choices)
            return ListValue((), span, more)
        if isinstance(value, doubt.Choice):
            choices = tuple(self._convert(o, None, span, here, hidden) for o in value.options)
            return _plain(value, span, hidden, choices=choices)
        found = _plain(value, span, hidden, parts=value.parts)
        return replace(found, span=span) if value.parts else found

    def _followed(self, place: Place, here: bool) -> tuple[Place, bool, tree.Expression | None]:
        """Where the value is written, and the attribute's own last expression before that."""
        last = place.node if here else None
        for _ in range(50):
            found = follow(place)
            if found is None:
                break
            here = here and found[1]
            place = found[0]
            last = place.node if here else last
        return place, here, last


def _plain(
    value: Unknown,
    span: Span,
    hidden: bool,
    choices: tuple[Value, ...] = (),
    parts: tuple[str | Unknown, ...] = (),
) -> Unknown:
    return Unknown(
        value.reason,
        span if value.ref is not None else value.span or span,
        value.supply,
        value.ref,
        tuple(
            p if isinstance(p, str) else _plain(p, span, hidden, p.choices, p.parts) for p in parts
        ),
        choices or value.choices,
        value.type,
        hidden or value.sensitive,
    )


def primitive(value: CtyValue) -> str | bool | int | Fraction | None:
    """A known primitive value as plain Python."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else Fraction(value)
    return None


def follow(place: Place) -> tuple[Place, bool] | None:
    """
    One step towards where a value is written, and whether that is still in the same expression;
    None when it is written here.
    """
    node, scope = place.node, place.scope
    match node:
        case tree.Wrapped(value=inner) | tree.Parens(value=inner):
            return Place(inner, scope), True
        case tree.GetAttr(object=tree.Variable(name="var" | "local" as kind), name=name):
            return _named(kind, name, scope)
        case tree.Conditional(condition=condition, yes=yes, no=no):
            taken = _truth(condition, scope)
            return None if taken is None else (Place(yes if taken else no, scope), True)
        case tree.GetAttr(object=inner, name=name):
            return _member(Place(inner, scope), name)
        case tree.Index(object=inner, key=tree.Literal(value=str() as key)):
            return _member(Place(inner, scope), key)
        case tree.Index(object=inner, key=tree.Number(text=text)) if text.isdigit():
            return _element(Place(inner, scope), int(text))
        case tree.Call(name="toset" | "tolist" | "tomap" | "sensitive", arguments=(only,)):
            return Place(only, scope), True
    return None


def _named(kind: str, name: str, scope: Scope) -> tuple[Place, bool] | None:
    module = _module(scope)
    if module is None or kind in scope.local:
        return None
    if kind == "local":
        attribute = module.configuration.locals.get(name)
        return (Place(attribute.value, module.scope()), False) if attribute else None
    written = module.written_variable(name)
    return (Place(written.node, written.scope), False) if written else None


def _module(scope: Scope) -> Module | None:
    from iaclint.terraform.module import Module

    return scope.names if isinstance(scope.names, Module) else None


def _truth(node: tree.Expression, scope: Scope) -> bool | None:
    try:
        value = cty.unmark(evaluate(node, scope))[0]
    except TerraformError:
        return None
    return value if isinstance(value, bool) else None


def _settled(place: Place) -> tuple[Place, bool]:
    same = True
    if _is_deep(place.node):
        return place, same
    for _ in range(20):
        found = follow(place)
        if found is None:
            break
        place, still = found
        same = same and still
    return place, same


def _is_deep(node: tree.Expression) -> bool:
    """Whether it is a chain of members that is longer than anybody writes one."""
    for _ in range(MAXIMUM_CHAIN):
        if not isinstance(node, tree.GetAttr | tree.Index):
            return False
        node = node.object
    return True


def _member(place: Place, name: str) -> tuple[Place, bool] | None:
    if isinstance(place.node, tree.Variable):
        return None
    settled, same = _settled(place)
    found = _key_places(settled).get(name)
    return (found, same) if found is not None else None


def _element(place: Place, number: int) -> tuple[Place, bool] | None:
    settled, same = _settled(place)
    node = settled.node
    if isinstance(node, tree.Tuple) and number < len(node.items):
        return Place(node.items[number], settled.scope), same
    return None


def _item_places(place: Place | None, count: int) -> Iterator[Place | None]:
    if place is not None and isinstance(place.node, tree.Tuple) and len(place.node.items) == count:
        for node in place.node.items:
            yield Place(node, place.scope)
    else:
        for _ in range(count):
            yield place if place is not None and not _constructor(place.node) else None


def _constructor(node: tree.Expression) -> bool:
    return isinstance(node, tree.For | tree.Call | tree.Object | tree.Splat)


def _key_places(place: Place | None) -> Mapping[str, Place]:
    if place is None or not isinstance(place.node, tree.Object):
        return {}
    return {
        key.value: Place(value, place.scope)
        for key, value in place.node.items
        if isinstance(key, tree.Literal) and isinstance(key.value, str)
    }


def hidden(value: Value) -> Value:
    """The value, marked as sensitive throughout."""
    match value:
        case Scalar() | Unknown():
            return replace(value, sensitive=True)
        case ListValue(items=items):
            return replace(value, items=tuple(hidden(item) for item in items))
        case MapValue(items=mapping):
            return replace(value, items={key: hidden(item) for key, item in mapping.items()})
