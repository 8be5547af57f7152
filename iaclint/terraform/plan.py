"""
A plan in JSON as a root: known values as Terraform computed them, unknown ones as references.

What is unknown in the plan is looked up in the configuration beside it, which also gives the
places; without one, the references that the plan itself records are followed.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from iaclint.resource import Inputs, Output, Resource, Root, World
from iaclint.source import Sources, Span, Unreadable
from iaclint.terraform import config, roots
from iaclint.terraform.planrefs import Configuration
from iaclint.terraform.session import Session
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

_MAXIMUM_DEPTH = 100


def is_plan(document: Any) -> bool:
    """Whether a JSON document is what `terraform show -json` writes for a plan."""
    return isinstance(document, dict) and "planned_values" in document


def load_plan(path: Path, sources: Sources, inputs: Inputs) -> Root:
    """
    The root that a plan describes. Raises `Unreadable` when the file is not a plan.
    """
    document = _document(path, sources)
    name = sources.name(path)
    beside = _beside(path.parent, document, sources, inputs)
    reader = _Reader(document, name, beside)
    resources = tuple(reader.resources())
    outputs = tuple(reader.outputs())
    return Root(
        name=name,
        language="terraform",
        worlds=(World(resources, outputs),),
        files=(name, *(beside.files if beside else ())),
        problems=beside.problems if beside else (),
        notes=beside.notes if beside else (),
        backend=beside.backend if beside else "",
    )


def _document(path: Path, sources: Sources) -> dict[str, Any]:
    try:
        document = json.loads(sources.read(path), parse_float=Fraction)
    except (ValueError, RecursionError, ZeroDivisionError):
        raise Unreadable("is not JSON") from None
    if not is_plan(document):
        raise Unreadable("is not a Terraform plan (`terraform show -json PLANFILE` writes one)")
    return dict(document)


def _beside(
    directory: Path, document: Mapping[str, Any], sources: Sources, inputs: Inputs
) -> Root | None:
    """The root of the configuration beside the plan, with the plan's variables."""
    if not config.configuration_files(directory):
        return None
    given = {
        name: _text(entry.get("value"))
        for name, entry in _mapping(document.get("variables")).items()
        if isinstance(entry, dict) and "value" in entry
    }
    inputs = replace(inputs, variables={**given, **inputs.variables})
    with roots.deep():
        return roots.load_root(roots.open_root(directory, Session(sources, inputs)))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    text = json.dumps(value, default=float)
    return text.replace("${", "$${").replace("%{", "%%{")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one place in a value: planned, unknown, sensitive, and from the source."""

    planned: Any
    unknown: Any
    sensitive: Any
    source: Value | None
    argument: str = ""
    """The argument it is, or is in."""

    def member(self, key: str | int) -> _Known:
        return _Known(
            _part(self.planned, key),
            self.unknown is True or _part(self.unknown, key),
            self.sensitive is True or _part(self.sensitive, key),
            _source_part(self.source, key),
            key if isinstance(key, str) else self.argument,
        )


def _part(value: Any, key: str | int) -> Any:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if key < len(value) else None
    return None


def _inner(written: Any, key: str | int) -> Any:
    """What is recorded for a part of an expression: of an argument, only references as a whole."""
    if isinstance(written, dict) and ("references" in written or isinstance(key, int)):
        return written
    return _part(written, key)


def _source_part(value: Value | None, key: str | int) -> Value | None:
    if isinstance(value, MapValue) and isinstance(key, str):
        return value.items.get(key)
    if isinstance(value, ListValue) and isinstance(key, int) and value.more is None:
        return value.items[key] if key < len(value.items) else None
    return None


def _is_open(item: Value) -> bool:
    return isinstance(item, Unknown) and bool(item.choices)


class _Reader:
    def __init__(self, document: Mapping[str, Any], name: str, beside: Root | None) -> None:
        self.document, self.name = document, name
        self.sources: dict[str, Resource] = {}
        self.source_outputs: dict[str, Output] = {}
        if beside is not None:
            world = beside.worlds[0]
            self.sources = {resource.address: resource for resource in world.resources}
            self.source_outputs = {output.name: output for output in world.outputs}
        self.changes = {
            change.get("address"): _mapping(change.get("change"))
            for change in _list(document.get("resource_changes"))
            if isinstance(change, dict)
        }
        self.configuration = Configuration(
            _mapping(document.get("configuration")),
            [(a, r) for a, r in self.planned() if r.get("mode") != "data"],
        )

    def planned(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every resource with its address; data sources that were read come from the state."""
        seen: set[str] = set()
        for values in (
            self.document.get("planned_values"),
            _mapping(self.document.get("prior_state")).get("values"),
        ):
            for resource in _resources(_mapping(_mapping(values).get("root_module")), 0):
                address = str(resource.get("address"))
                known = values is not self.document.get("planned_values")
                if address not in seen and (not known or resource.get("mode") == "data"):
                    seen.add(address)
                    yield address, resource

    def resources(self) -> Iterator[Resource]:
        for address, planned in self.planned():
            yield self.resource(address, planned)

    def resource(self, address: str, planned: Mapping[str, Any]) -> Resource:
        source = self.sources.get(address)
        span = source.span if source else Span(self.name, 1)
        written = self.configuration.expressions(address)
        values = _mapping(planned.get("values"))
        unknown = _mapping(self.changes.get(address, {}).get("after_unknown"))
        hidden = planned.get("sensitive_values")
        attributes: dict[str, Value] = {}
        for key in {**values, **unknown}:
            if self._left_out(address, key, values, unknown, written, source):
                continue
            known = _Known(
                values.get(key), unknown.get(key), _part(hidden, key),
                source.attributes.get(key) if source else None, key,
            )  # fmt: skip
            attributes[key] = self.value(known, written.get(key), address, span, 0)
        return Resource(
            kind=str(planned.get("type")),
            address=address,
            attributes=MappingProxyType(attributes),
            span=span,
            language="terraform",
            mode="data" if planned.get("mode") == "data" else "managed",
            callers=source.callers if source else (),
            depends=source.depends if source else self.configuration.depends(address),
            region=source.region if source else self.configuration.region(address),
            connections=source.connections if source else (),
            ignored=source.ignored if source else frozenset(),
        )

    def _left_out(
        self,
        address: str,
        key: str,
        values: Mapping[str, Any],
        unknown: Mapping[str, Any],
        written: Mapping[str, Any],
        source: Resource | None,
    ) -> bool:
        """Whether nobody set an attribute: what the provider decides on apply is not planned."""
        if source is not None and key in source.attributes:
            return False
        if key in written:
            settled = unknown.get(key) is True and source is None
            return settled and self.configuration.is_settled(written[key], address)
        value = values.get(key)
        return unknown.get(key) is True or not (value or isinstance(value, bool | int | str))

    def value(self, known: _Known, written: Any, address: str, span: Span, depth: int) -> Value:
        span = known.source.span or span if known.source is not None else span
        if depth > _MAXIMUM_DEPTH:
            return Unknown("it is nested too deeply", span)
        if known.unknown is True:
            return self._unknown(known, written, address, span)
        planned = known.planned
        if isinstance(planned, dict) or (planned is None and isinstance(known.unknown, dict)):
            keys = {**_mapping(planned), **_mapping(known.unknown)}
            items = {
                key: self.value(known.member(key), _inner(written, key), address, span, depth + 1)
                for key in keys
            }
            return MapValue(MappingProxyType(items), span)
        if isinstance(planned, list):
            parts = [_inner(written, place) for place in range(len(planned))]
            listed = [
                self.value(known.member(place), part, address, span, depth + 1)
                for place, part in enumerate(parts)
            ]
            return ListValue(tuple(self._told_apart(listed, known, written, address)), span)
        origin = known.source.origin if isinstance(known.source, Scalar) else None
        return Scalar(planned, span, origin, bool(known.sensitive))

    def _told_apart(
        self, items: list[Value], known: _Known, written: Any, address: str
    ) -> list[Value]:
        """As many elements that are not known as references: each is one of them."""
        open_ = [place for place, item in enumerate(items) if _is_open(item)]
        if len(open_) < 2 or known.source is not None:
            return items
        found = self.configuration.references(written, address, known.argument)
        if len(found) == len(open_):
            for place, value in zip(open_, found, strict=True):
                items[place] = value
        return items

    def _unknown(self, known: _Known, written: Any, address: str, span: Span) -> Value:
        if known.source is not None:
            return known.source
        found = self.configuration.reference(written, address, known.argument)
        if found is not None:
            return replace(found, span=span, sensitive=bool(known.sensitive))
        return Unknown(f"an attribute of {address} is only known after apply", span)

    def outputs(self) -> Iterator[Output]:
        planned = _mapping(_mapping(self.document.get("planned_values")).get("outputs"))
        for name, entry in planned.items():
            source = self.source_outputs.get(name)
            span = source.span if source else Span(self.name, 1)
            hidden = bool(_mapping(entry).get("sensitive"))
            known = "value" in _mapping(entry)
            if hidden:
                value: Value = Unknown("it is sensitive", span, sensitive=True)
            elif known:
                at = _Known(entry["value"], None, None, source.value if source else None)
                value = self.value(at, None, "", span, 0)
            elif source:
                value = source.value
            else:
                found = self.configuration.output(name)
                value = found or Unknown("it is only known after apply", span)
            yield Output(name, value, span, source.description if source else "")


def _resources(module: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in _list(module.get("resources")) if isinstance(one, dict))
    if depth < _MAXIMUM_DEPTH:
        for child in _list(module.get("child_modules")):
            yield from _resources(_mapping(child), depth + 1)
