"""
Where our reading of a configuration differs from what Terraform makes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from iaclint.resource import Resource, Root
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value
from tests.oracle.judge import Judgement
from tests.oracle.provider import DEFAULTS

_FROM_PROVIDER = frozenset({"tags_all", "region", "id", "arn", "timeouts"})
"""What nobody configures, but a provider plans."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that is not known, on our side or Terraform's."""

    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement: `kind` is what is wrong with our value."""

    kind: str
    where: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}\n    ours   {self.ours!r}\n    theirs {self.theirs!r}"


@dataclass(slots=True)
class Comparison:
    """The differences, and how much was compared."""

    differences: list[Difference] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    left_open: list[str] = field(default_factory=list)
    """Where Terraform knows and we say why we do not."""


def compare(
    root: Root,
    judged: Judgement,
    schemas: Mapping[str, Mapping[str, Any]],
    exact: bool = True,
) -> Comparison:
    """
    Everything in which a root differs from Terraform's judgement of the same configuration. Not
    `exact`: the root comes from a plan alone, which records what a text is made of, but not how.
    """
    found = Comparison()
    ours = {one.address: one for one in root.worlds[0].resources if one.mode == "managed"}
    theirs = judged.resources()
    found.counts["resources"] += len(theirs)
    for address in sorted(theirs.keys() - ours.keys()):
        found.differences.append(Difference("missing", address, None, theirs[address]["type"]))
    for address in sorted(ours.keys() - theirs.keys()):
        maybe = ours[address].maybe
        if maybe is None:
            found.differences.append(Difference("invented", address, ours[address].kind, None))
        else:
            found.left_open.append(f"{address} may exist: {maybe.reason}")
    values = judged.values()
    unknown = judged.unknown()
    for address in sorted(theirs.keys() & ours.keys()):
        one = theirs[address]
        schema = _schema(schemas, one)
        view = _View(values, found, schema, judged.state is not None, exact)
        after = (
            values[address]
            if judged.state
            else _marked(one.get("values", {}), unknown.get(address))
        )
        view.resource(ours[address], after)
    _outputs(root, judged, _View(values, found, {}, False, exact))
    return found


def _schema(schemas: Mapping[str, Any], resource: Mapping[str, Any]) -> Mapping[str, Any]:
    provider = schemas.get(resource.get("provider_name", ""), {})
    found: Mapping[str, Any] = provider.get("resource_schemas", {}).get(resource["type"], {})
    return found


def _marked(value: Any, unknown: Any) -> Any:
    """A planned value with holes where it is not known."""
    if unknown is True:
        return Hole("known after apply")
    if isinstance(unknown, dict) and isinstance(value, dict | None):
        value = value or {}
        keys = [*value, *(key for key in unknown if key not in value)]
        return {key: _marked(value.get(key), unknown.get(key)) for key in keys}
    if isinstance(unknown, list) and isinstance(value, list | None):
        length = max(len(value or ()), len(unknown))
        values = [*(value or ()), *[None] * length][:length]
        marks = [*unknown, *[None] * length][:length]
        return [_marked(one, mark) for one, mark in zip(values, marks, strict=True)]
    return value


def _outputs(root: Root, judged: Judgement, view: _View) -> None:
    ours = {one.name: one for one in root.worlds[0].outputs}
    for name, (value, unknown) in judged.outputs().items():
        view.found.counts["outputs"] += 1
        theirs = _marked(value, unknown)
        if name not in ours:
            view.found.differences.append(Difference("missing", f"output.{name}", None, theirs))
        else:
            view.same(f"output.{name}", ours[name].value, theirs, None)


class _View:
    """The comparison of one resource; `values` is where references lead."""

    def __init__(
        self,
        values: Mapping[str, Mapping[str, Any]],
        found: Comparison,
        schema: Mapping[str, Any],
        applied: bool,
        exact: bool,
    ) -> None:
        self.values, self.found, self.schema = values, found, schema
        self.applied, self.exact = applied, exact

    def resource(self, ours: Resource, theirs: Mapping[str, Any]) -> None:
        attributes = self.schema.get("attributes", {})
        blocks = self.schema.get("block_types", {})
        for name, value in theirs.items():
            where = f"{ours.address}.{name}"
            given = ours.attributes.get(name)
            if given is None or (isinstance(given, Scalar) and given.value is None):
                self._unset(ours.kind, name, value, where, attributes.get(name, {}))
                continue
            self.found.counts["attributes"] += 1
            shape = blocks.get(name) or attributes.get(name, {}).get("type")
            self.same(where, given, value, shape)
        for name in ours.attributes.keys() - theirs.keys():
            if name not in _FROM_PROVIDER:
                difference = Difference("unheard of", f"{ours.address}.{name}", "set", None)
                self.found.differences.append(difference)

    def _unset(
        self, kind: str, name: str, theirs: Any, where: str, schema: Mapping[str, Any]
    ) -> None:
        expected = DEFAULTS.get(kind, {}).get(name)
        decided = schema.get("computed") and (self.applied or isinstance(theirs, Hole))
        if _empty(theirs) or theirs == expected or name in _FROM_PROVIDER or decided:
            return
        self.found.differences.append(Difference("missing", where, None, theirs))

    def same(self, where: str, ours: Value, theirs: Any, shape: Any) -> None:
        """Record where a value differs."""
        for difference in self._differences(where, ours, theirs, shape):
            if difference.kind == "left open":
                self.found.left_open.append(f"{where}: {difference.ours} (it is {theirs!r})")
            else:
                self.found.differences.append(difference)

    def _differences(
        self, where: str, ours: Value | None, theirs: Any, shape: Any
    ) -> Iterator[Difference]:
        if isinstance(ours, Unknown):
            yield from self._unknown(where, ours, theirs)
        elif isinstance(theirs, Hole):
            if not (isinstance(ours, ListValue | MapValue) and _open(ours)):
                yield Difference("claims to know", where, _plain(ours), theirs)
        elif isinstance(ours, ListValue):
            yield from self._sequence(where, ours, theirs, shape)
        elif isinstance(ours, MapValue):
            if isinstance(theirs, list) and len(theirs) == 1:
                theirs = theirs[0]
            yield from self._mapping(where, ours, theirs, shape)
        else:
            self.found.counts["values"] += 1
            mine = ours.value if isinstance(ours, Scalar) else None
            if _scalar(mine) != _scalar(theirs) and not (mine is None and _empty(theirs)):
                yield Difference("differs", where, mine, theirs)

    def _unknown(self, where: str, ours: Unknown, theirs: Any) -> Iterator[Difference]:
        if ours.ref is not None and not ours.ref.attribute and isinstance(theirs, Mapping | list):
            self.found.counts["references"] += 1
            return
        mine = self._looked_up(ours)
        if isinstance(mine, Hole):
            if isinstance(theirs, Hole):
                self.found.counts["unknown"] += 1
            elif not ours.sensitive:
                yield Difference("left open", where, mine.why, theirs)
        elif isinstance(theirs, Hole):
            yield Difference("claims to know", where, mine, theirs)
        elif _equal(mine, theirs):
            self.found.counts["references"] += 1
        else:
            made_of = not self.exact and ours.ref is not None and not _names(ours.ref)
            kind = "left open" if made_of else "refers elsewhere"
            yield Difference(kind, where, f"{ours.ref or ours.parts} = {mine!r}", theirs)

    def _looked_up(self, ours: Unknown) -> Any:
        """The value an unknown one turns out to have, by its reference or parts."""
        if ours.ref is not None:
            return self._reference(ours.ref, ours.reason)
        if ours.parts:
            pieces = [p if isinstance(p, str) else self._looked_up(p) for p in ours.parts]
            holes = [piece for piece in pieces if isinstance(piece, Hole)]
            return holes[0] if holes else "".join(_scalar(piece) for piece in pieces)
        return Hole(ours.reason)

    def _reference(self, ref: Ref, why: str) -> Any:
        value: Any = self.values.get(ref.address, Hole(why))
        for step in ref.attribute.replace("[", ".").replace("]", "").split("."):
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return Hole(why)
        return Hole(why) if value is None else value

    def _sequence(
        self, where: str, ours: ListValue, theirs: Any, shape: Any
    ) -> Iterator[Difference]:
        if theirs is None:
            theirs = []
        if isinstance(theirs, Mapping):
            theirs = [theirs]
        if not isinstance(theirs, list):
            yield Difference("differs", where, _plain(ours), theirs)
            return
        inner = _inner(shape)
        left = list(ours.items)
        if not _ordered(shape):
            for strict in (True, False):
                remaining = []
                for one in theirs:
                    match = next((i for i in left if self._fits(i, one, inner, strict)), None)
                    if match is None:
                        remaining.append(one)
                    else:
                        left.remove(match)
                theirs = remaining
        if len(left) != len(theirs):
            if ours.more is not None and len(left) < len(theirs):
                yield Difference("left open", where, ours.more.reason, theirs)
            else:
                yield Difference("differs", where, [_plain(one) for one in left], theirs)
            return
        for place, (mine, other) in enumerate(zip(left, theirs, strict=True)):
            yield from self._differences(f"{where}[{place}]", mine, other, inner)

    def _fits(self, ours: Value, theirs: Any, shape: Any, strict: bool) -> bool:
        before = self.found.counts.copy()
        found = self._differences("", ours, theirs, shape)
        fits = not any(strict or one.kind != "left open" for one in found)
        if not fits:
            self.found.counts = before
        return fits

    def _mapping(self, where: str, ours: MapValue, theirs: Any, shape: Any) -> Iterator[Difference]:
        if not isinstance(theirs, Mapping):
            if theirs is not None or ours.items:
                yield Difference("differs", where, _plain(ours), theirs)
            return
        for key in sorted({*ours.items, *theirs}):
            mine, other = ours.items.get(key), theirs.get(key)
            inside = _member(shape, key)
            if mine is not None:
                yield from self._differences(f"{where}.{key}", mine, other, inside)
            elif not _empty(other) and not isinstance(other, Hole) and not self.applied:
                yield Difference("missing", f"{where}.{key}", None, other)


def _names(ref: Ref) -> bool:
    """Whether an attribute says which thing it is, and is nothing to compute with."""
    return ref.attribute.endswith(("id", "arn", "ids"))


def _open(value: ListValue | MapValue) -> bool:
    inside: Iterable[Value] = value.items if isinstance(value, ListValue) else value.items.values()
    if value.more is not None:
        return True
    return any(
        isinstance(one, Unknown) or (isinstance(one, ListValue | MapValue) and _open(one))
        for one in inside
    )


def _inner(shape: Any) -> Any:
    if isinstance(shape, Mapping):
        return shape.get("block")
    return shape[1] if isinstance(shape, list) and len(shape) > 1 else None


def _member(shape: Any, key: str) -> Any:
    if isinstance(shape, Mapping):
        found = shape.get("block_types", {}).get(key)
        return found or shape.get("attributes", {}).get(key, {}).get("type")
    if isinstance(shape, list) and shape[0] == "object":
        return shape[1].get(key)
    return _inner(shape)


def _ordered(shape: Any) -> bool:
    if isinstance(shape, Mapping):
        return shape.get("nesting_mode") != "set"
    return not (isinstance(shape, list) and shape[0] == "set")


def _empty(value: Any) -> bool:
    return value is None or value in ([], {})


def _scalar(value: Any) -> str:
    """A primitive as Terraform would convert it to a string, numbers in one spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Fraction):
        return str(Fraction(value).limit_denominator(10**9))
    if isinstance(value, str):
        try:
            return str(Fraction(value)) if value.strip("-.0123456789") == "" else value
        except ValueError:
            return value
    return repr(value)


def _equal(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, list) and isinstance(theirs, list):
        return sorted(map(repr, mine)) == sorted(map(repr, theirs))
    if isinstance(mine, list | Mapping) or isinstance(theirs, list | Mapping):
        return bool(mine == theirs)
    return _scalar(mine) == _scalar(theirs)


def _plain(value: Value | None) -> Any:
    """A value for people to read."""
    match value:
        case Scalar(value=plain):
            return plain
        case ListValue(items=items):
            return [_plain(one) for one in items]
        case MapValue(items=mapping):
            return {key: _plain(one) for key, one in mapping.items()}
        case Unknown():
            return f"<{value.ref or value.reason}>"
    return None
