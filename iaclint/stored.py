"""
Values that one root writes where another reads them: parameters of Parameter Store, and exports of
stacks that Terraform reads. What one Terraform root writes for another is known already while that
is evaluated, so that functions can take it apart; this is for what crosses the languages, and for
stacks.

https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/cloudformation_export
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from iaclint.resource import SEPARATOR, Root, World
from iaclint.value import ListValue, Scalar, Unknown, Value, changed, renamed, text

_WRITES = {
    "aws_ssm_parameter": ("name", ("value", "insecure_value")),
    "AWS::SSM::Parameter": ("Name", ("Value",)),
}
_READ = re.compile(r"\{\{resolve:ssm(?:-secure)?:([^:}]+)(?::\d+)?\}\}")

_READERS = {"aws_ssm_parameter": "parameter", "aws_cloudformation_export": "export"}

Name: TypeAlias = tuple[str, str]
"""What it is, and its name: `("parameter", "/net/vpc")`."""
Written = Mapping[Name, tuple[str, Value]]
"""The value of each and the root that writes it."""


def linked(roots: Sequence[Root]) -> list[Root]:
    """The roots, each with what the others write where it reads a parameter."""
    written = dict(_written(roots))
    return [_root(root, written) for root in roots] if written else list(roots)


def _written(roots: Sequence[Root]) -> Iterator[tuple[Name, tuple[str, Value]]]:
    """Of a name that is written several times nobody knows which value it has."""
    found: dict[Name, list[tuple[str, Value]]] = {}
    for root in roots:
        if len(root.worlds) == 1:
            for name, value in _writes(root.worlds[0]):
                found.setdefault(name, []).append((root.name, value))
    return ((name, values[0]) for name, values in found.items() if len(values) == 1)


def _writes(world: World) -> Iterator[tuple[Name, Value]]:
    for resource in world.resources:
        named, places = _WRITES.get(resource.kind, ("", ()))
        name = text(resource.attributes.get(named)) if resource.mode == "managed" else None
        value = next((v for p in places if (v := resource.attributes.get(p)) is not None), None)
        if isinstance(name, str) and value is not None:
            yield ("parameter", name), value
    for output in world.outputs:
        name = text(output.export)
        if isinstance(name, str):
            yield ("export", name), output.value


def _root(root: Root, written: Written) -> Root:
    if len(root.worlds) != 1:
        return root
    world = root.worlds[0]
    looked_up = {
        f"{resource.address}.value": (_READERS[resource.kind], name)
        for resource in world.resources
        if resource.mode == "data" and resource.kind in _READERS
        if isinstance(name := text(resource.attributes.get("name")), str)
    }
    notes: dict[str, None] = {}

    def change(value: Unknown) -> Value:
        name = looked_up.get(str(value.ref)) if value.ref else _parameter(value)
        home, stored = written.get(name, ("", None)) if name else ("", None)
        if name is None or stored is None or home == root.name:
            return value
        notes[f"{root.name} reads the {' '.join(name)} that {home} writes"] = None
        return _as(renamed(stored, lambda address: _foreign(home, address)), value)

    resources = tuple(
        replace(one, attributes={k: changed(v, change) for k, v in one.attributes.items()})
        for one in world.resources
    )
    if not notes:
        return root
    return replace(root, worlds=(replace(world, resources=resources),), notes=(*root.notes, *notes))


def _parameter(value: Unknown) -> Name | None:
    """The name in a text that is nothing but a dynamic reference."""
    only = value.parts[0] if len(value.parts) == 1 else None
    match = _READ.fullmatch(only) if isinstance(only, str) else None
    return ("parameter", match.group(1)) if match else None


def _foreign(home: str, address: str) -> str:
    return address if SEPARATOR in address else f"{home}{SEPARATOR}{address}"


def _as(stored: Value, reader: Unknown) -> Value:
    """The stored value where it is read; a list of one where a list is read."""
    if isinstance(stored, Scalar | Unknown) and reader.span is not None:
        stored = replace(stored, span=reader.span)
    if reader.type.startswith("list") and not isinstance(stored, ListValue):
        plain = text(stored)
        if isinstance(plain, str) and isinstance(stored, Scalar):
            items = tuple(Scalar(item.strip(), stored.span) for item in plain.split(","))
            return ListValue(items, stored.span)
        alone = isinstance(stored, Unknown) and stored.ref is not None and stored.span is not None
        return ListValue((stored,), stored.span) if alone and stored.span is not None else reader
    return stored
