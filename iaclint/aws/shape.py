"""
How AWS resource types are read: one class a noun, its spelling in both languages in one table.

A shape is a frozen dataclass. Each field made with `attr` says where its value stands in
Terraform and in CloudFormation; the CloudFormation name is the Terraform one in Pascal case
unless given. What a table cannot say is a property of the class, right below the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, TypeVar, dataclass_transform

from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Unknown, Value, elements

SHAPES: dict[str, list[type[Declared]]] = {}
"""Every kind that means something to us, in the names of both languages."""


def attr(*terraform: str, cfn: str | tuple[str, ...] | None = None) -> Any:
    """
    A field read from the first of these attributes that is set. A dot leads into a nested block.

    Without `cfn` the CloudFormation name is each Terraform name in Pascal case; `cfn=()` says that
    the language has no such property.
    """
    if cfn is None:
        cfn = tuple(_pascal(name) for name in terraform)
    names = {"terraform": terraform, "cloudformation": (cfn,) if isinstance(cfn, str) else cfn}
    return field(default=None, metadata=names)


def _pascal(name: str) -> str:
    return ".".join("".join(w.capitalize() for w in step.split("_")) for step in name.split("."))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Declared:
    """A resource read through its shape. Compared by identity."""

    resource: Resource
    span: Span
    kinds: ClassVar[tuple[str, ...]] = ()

    @property
    def address(self) -> str:
        """The address of the resource it is part of."""
        return self.resource.address

    @property
    def maybe(self) -> Unknown | None:
        """Why it is not certain that the resource exists."""
        return self.resource.maybe

    def maybe_beside(self, other: Declared) -> Unknown | None:
        """Why it is not certain that the resource exists where another one does."""
        tally = self.resource.tally
        return None if tally is not None and tally is other.resource.tally else self.maybe

    @property
    def is_terraform(self) -> bool:
        """The languages have different defaults."""
        return self.resource.language == "terraform"

    @property
    def is_data(self) -> bool:
        """A data source: it exists already and is only looked up."""
        return self.resource.mode == "data"

    def expand(self) -> Iterator[Declared]:
        """What else is written inside of it: inline rules, routes, attachments."""
        return iter(())


Shape = TypeVar("Shape", bound=Declared)


@dataclass_transform(
    frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(attr,)
)
def shape(*terraform: str, cfn: str | tuple[str, ...] = ()) -> Callable[[type[Shape]], type[Shape]]:
    """Registers a shape for these types; it becomes a frozen dataclass."""

    def register(cls: type[Shape]) -> type[Shape]:
        made = dataclass(frozen=True, eq=False, kw_only=True)(cls)
        made.kinds = (*terraform, *((cfn,) if isinstance(cfn, str) else cfn))
        for kind in made.kinds:
            SHAPES.setdefault(kind, []).append(made)
        return made

    return register


def decode(resources: Iterable[Resource]) -> list[Declared]:
    """All resources that have a shape, each followed by what it has inline."""
    found: list[Declared] = []
    for resource in resources:
        for cls in SHAPES.get(resource.kind, ()):
            declared = read(cls, resource)
            found.append(declared)
            found.extend(declared.expand())
    return found


def read(
    cls: type[Shape],
    resource: Resource,
    inside: MapValue | None = None,
    **given: object,
) -> Shape:
    """
    One shape from a resource, or from a block inside of it. `given` are fields that the place
    implies (an inline rule belongs to the group around it).
    """
    attributes = inside.items if inside else resource.attributes
    spelled = _spelled(cls, resource.language)  # type: ignore[arg-type]
    values: dict[str, Any] = {name: first(attributes, names) for name, names in spelled}
    values.update(given)
    return cls(resource=resource, span=inside.span if inside else resource.span, **values)


@cache
def _spelled(cls: type[Declared], language: str) -> list[tuple[str, tuple[str, ...]]]:
    """The fields of a shape that a language can write, and how it spells them."""
    named = [(each.name, each.metadata.get(language)) for each in fields(cls)]
    return [(name, names) for name, names in named if names is not None]


def first(attributes: Mapping[str, Value], names: Iterable[str]) -> Value | None:
    """The first of the attributes that is there and not null."""
    whole = MapValue(attributes, _NOWHERE)
    for name in names:
        found = dig(whole, name)
        if found is not None and not _is_empty(found):
            return found
    return None


_NOWHERE = Span("", 1)


def _is_empty(value: Value) -> bool:
    return isinstance(value, ListValue) and not value.items and value.more is None


def dig(value: Value | None, path: str) -> Value | None:
    """The value at a dotted path; a block that may be repeated stands for its first one."""
    for step in path.split("."):
        if isinstance(value, ListValue):
            value = next(iter(elements(value)), None)
        if isinstance(value, MapValue):
            value = value.get(step)
        elif value is None or not isinstance(value, Unknown):
            return None
    return value


def blocks(value: Value | None) -> Iterator[MapValue]:
    """The nested blocks of one name, in order; what is not a block is passed over."""
    for each in elements(value):
        if isinstance(each, MapValue):
            yield each


def unknown_rest(value: Value | None) -> Unknown | None:
    """
    Why there may be further blocks than the known ones. A list among them is a block that is merged
    from something that is not known.
    """
    for each in elements(value):
        why = unknown_rest(each) if isinstance(each, ListValue) else each
        if isinstance(why, Unknown):
            return why
    return None
