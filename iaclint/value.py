"""
What an attribute is known to be: the one vocabulary all frontends speak.

A frontend evaluates; what comes out is a tree of `Scalar`, `ListValue` and `MapValue`, each with
the place where it is written, and `Unknown` wherever the answer depends on something outside the
files. Nothing here knows a cloud or a language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from iaclint.source import Span

Primitive: TypeAlias = str | bool | int | Fraction | None


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """
    An attribute that a resource of the same scan gets on apply: `aws_subnet.a` `id`.

    `address` is the address of the resource *instance* (`module.net.aws_subnet.a[0]`, or the
    logical id in CloudFormation, where `Ref` has the attribute "Ref").
    """

    address: str
    attribute: str

    def __str__(self) -> str:
        return f"{self.address}.{self.attribute}" if self.attribute else self.address

    def part(self, size: str, number: int) -> Ref:
        """
        One of the equal parts of an address block that is an attribute: `size` is the length of its
        prefix (`64`), or with a sign what is added to that of the block (`+8`).
        """
        return Ref(self.address, f"{self.attribute}|{size},{number}")


@dataclass(frozen=True, slots=True)
class Scalar:
    """
    A string, number, truth value or null that is certain.

    `span` is where the attribute gets it; `origin` is where the text itself is written, when that
    is somewhere else (a variable's default, a line of a tfvars file, a parameter, a local).
    """

    value: Primitive
    span: Span
    origin: Span | None = None
    sensitive: bool = False
    supply: str = ""
    """What gives another value, where this one is a default that is there to be filled in."""


@dataclass(frozen=True, slots=True)
class ListValue:
    """
    A list, tuple or set. `more` is set when there may be further elements that are not known; its
    `choices` are then what such an element looks like, as far as that is known. `origin` as in
    `Scalar`.
    """

    items: tuple[Value, ...]
    span: Span
    more: Unknown | None = None
    origin: Span | None = None

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class MapValue:
    """A map, object, or nested block. `more` as in `ListValue`: there may be further keys."""

    items: Mapping[str, Value] = field(hash=False)
    span: Span
    more: Unknown | None = None

    def get(self, key: str) -> Value | None:
        """The value of a key; absent and null are the same to AWS, so both are None."""
        found = self.items.get(key)
        if found is None and self.more is not None:
            return self.more
        return None if isinstance(found, Scalar) and found.value is None else found


@dataclass(frozen=True, slots=True)
class Unknown:
    """
    A value that the files do not decide.

    `reason` completes "undecided because …" (`variable "subnet_id" has no default`), `supply` is
    what the user can give to decide it (`--var subnet_id=…`), empty where nothing helps.
    `ref` says that it is an attribute a known resource gets on apply. `parts` are the pieces of a
    text of which only some are known (`("", Unknown(ref=…private_ip), "/32")`). `choices` are all
    values it can have, when they can be listed (a conditional whose condition is not known).
    `type` is the Terraform type as far as known (`string`, `list(string)`, `any`).
    """

    reason: str
    span: Span | None = None
    supply: str = ""
    ref: Ref | None = None
    parts: tuple[str | Unknown, ...] = ()
    choices: tuple[Value, ...] = ()
    type: str = "any"
    sensitive: bool = False
    path: str = ""
    """The file whose content it is, where that file cannot be read."""

    def refs(self) -> Iterator[Ref]:
        """Every attribute of a known resource that this value is made of, most direct first."""
        if self.ref is not None:
            yield self.ref
        for part in self.parts:
            if isinstance(part, Unknown):
                yield from part.refs()
        for choice in self.choices:
            yield from refs(choice)


Value: TypeAlias = Scalar | ListValue | MapValue | Unknown

NOTHING: Mapping[str, Value] = MappingProxyType({})


def refs(value: Value | None) -> Iterator[Ref]:
    """Every attribute of a known resource that occurs anywhere in the value."""
    match value:
        case Unknown():
            yield from value.refs()
        case ListValue(items=items, more=more):
            for item in items:
                yield from refs(item)
            yield from refs(more)
        case MapValue(items=mapping, more=more):
            for item in mapping.values():
                yield from refs(item)
            yield from refs(more)


def changed(value: Value, change: Callable[[Unknown], Value]) -> Value:
    """The same value with every unknown in it, innermost first, replaced by what `change` gives."""
    match value:
        case Unknown():
            parts = tuple(p if isinstance(p, str) else _piece(p, change) for p in value.parts)
            choices = tuple(changed(choice, change) for choice in value.choices)
            return change(replace(value, parts=parts, choices=choices))
        case ListValue(items=items, more=more):
            every = tuple(changed(item, change) for item in items)
            return replace(value, items=every, more=more and _still_unknown(more, change))
        case MapValue(items=mapping, more=more):
            inside = {key: changed(item, change) for key, item in mapping.items()}
            return replace(value, items=inside, more=more and _still_unknown(more, change))
    return value


def _piece(value: Unknown, change: Callable[[Unknown], Value]) -> str | Unknown:
    found = changed(value, change)
    plain = text(found) if isinstance(found, Scalar) else None
    return plain if isinstance(plain, str) else _still_unknown(value, change)


def _still_unknown(value: Unknown, change: Callable[[Unknown], Value]) -> Unknown:
    found = changed(value, change)
    return found if isinstance(found, Unknown) else value


def renamed(value: Value, rename: Callable[[str], str]) -> Value:
    """The same value with every address in it replaced."""

    def change(inner: Unknown) -> Unknown:
        return replace(inner, ref=inner.ref and Ref(rename(inner.ref.address), inner.ref.attribute))

    return changed(value, change)


def elements(value: Value | None) -> tuple[Value, ...]:
    """
    The elements of a list; a single value counts as a list of one, as both languages convert it.
    Elements that may exist beside the known ones come last, as `Unknown`.
    """
    match value:
        case None | Scalar(value=None):
            return ()
        case ListValue(items=items, more=None):
            return items
        case ListValue(items=items, more=more) if more is not None:
            return (*items, more)
        case _:
            return (value,)


def text(value: Value | None) -> str | Unknown | None:
    """The value as a string, converted as Terraform and CloudFormation do; None when absent."""
    match value:
        case None | Scalar(value=None):
            return None
        case Scalar(value=bool() as truth):
            return "true" if truth else "false"
        case Scalar(value=Fraction() as number):
            return str(float(number))
        case Scalar(value=plain):
            return str(plain)
        case Unknown():
            return value
        case ListValue(items=(only,), more=None):
            return text(only)
    return Unknown("it is a collection where a text is expected", value.span)


def whole(value: Value | None) -> int | Unknown | None:
    """The value as a whole number (`"22"` is 22); None when absent."""
    plain = text(value)
    if not isinstance(plain, str):
        return plain
    try:
        return int(Fraction(plain.strip()))
    except (ValueError, ZeroDivisionError, OverflowError):
        return Unknown(f'"{plain}" is not a number', value.span if value else None)


def truth(value: Value | None) -> bool | Unknown | None:
    """The value as a truth value (`"true"`, `1`, YAML 1.1 `yes`); None when absent."""
    plain = text(value)
    if not isinstance(plain, str):
        return plain
    match plain.strip().lower():
        case "true" | "1" | "yes" | "on":
            return True
        case "false" | "0" | "no" | "off":
            return False
    return Unknown(f'"{plain}" is neither true nor false', value.span if value else None)


def split_parts(value: Unknown, delimiter: str, span: Span) -> ListValue | None:
    """
    The elements of a text that is known but for the ids in it, which contain no such delimiter;
    None where an unknown part might contain it.
    """
    if delimiter not in (",", "|", ";") or not value.parts:
        return None
    elements: list[list[str | Unknown]] = [[]]
    for part in value.parts:
        if isinstance(part, Unknown):
            if part.ref is None:
                return None
            elements[-1].append(part)
            continue
        if "{{resolve:" in part:
            return None
        first, *rest = part.split(delimiter)
        elements[-1].append(first)
        elements.extend([piece] for piece in rest)
    return ListValue(tuple(_piece_of_list(pieces, span) for pieces in elements), span)


def _piece_of_list(pieces: list[str | Unknown], span: Span) -> Value:
    kept = [piece.strip() if isinstance(piece, str) else piece for piece in pieces]
    kept = [piece for piece in kept if piece != ""]
    if not kept:
        return Scalar("", span)
    first = kept[0]
    if len(kept) == 1:
        return Scalar(first, span) if isinstance(first, str) else first
    unknown = next(piece for piece in kept if isinstance(piece, Unknown))
    return Unknown(unknown.reason, span, unknown.supply, parts=tuple(kept), type="string")
