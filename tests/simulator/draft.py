"""
What a rendered configuration consists of, before it becomes resources, HCL or a template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from iaclint.resource import Language, Resource, World
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value

BLOCKS = frozenset({"ingress", "egress", "route", "entry"})
"""Arguments that Terraform writes as blocks."""


@dataclass(frozen=True, slots=True)
class Link:
    """An attribute that another draft gets on apply."""

    address: str
    attribute: str


Plain: TypeAlias = "str | int | bool | Link | Sequence[Plain] | Mapping[str, Plain]"


@dataclass(frozen=True, slots=True)
class Draft:
    """One resource to be written. `name` is unique among those of its `kind`."""

    kind: str
    name: str
    arguments: Mapping[str, Plain]
    language: Language

    @property
    def address(self) -> str:
        """How other resources refer to it."""
        return f"{self.kind}.{self.name}" if self.language == "terraform" else self.name


def world(drafts: Sequence[Draft]) -> World:
    """The resources as a frontend would deliver them."""
    return World(tuple(_resource(draft, line + 1) for line, draft in enumerate(drafts)))


def _resource(draft: Draft, line: int) -> Resource:
    span = Span("main.tf" if draft.language == "terraform" else "stack.yaml", line)
    attributes = {name: _value(plain, span) for name, plain in draft.arguments.items()}
    depends = frozenset(link.address for link in _links(draft.arguments))
    return Resource(
        draft.kind, draft.address, attributes, span, draft.language, depends=depends, region=""
    )


def _value(plain: Plain, span: Span) -> Value:
    match plain:
        case Link(address=address, attribute=attribute):
            why = f"{address}.{attribute} is known after apply"
            return Unknown(why, span, ref=Ref(address, attribute))
        case str() | int() | bool():
            return Scalar(plain, span)
        case Mapping():
            return MapValue({key: _value(each, span) for key, each in plain.items()}, span)
    return ListValue(tuple(_value(each, span) for each in plain), span)


def _links(plain: Plain) -> Iterator[Link]:
    if isinstance(plain, Link):
        yield plain
    elif isinstance(plain, Mapping):
        for each in plain.values():
            yield from _links(each)
    elif not isinstance(plain, (str, int, bool)):
        for each in plain:
            yield from _links(each)


def hcl(drafts: Sequence[Draft]) -> str:
    """The configuration as the text of a Terraform file."""
    return "\n".join(
        f'resource "{draft.kind}" "{draft.name}" {{\n{_body(draft.arguments)}}}\n'
        for draft in drafts
    )


def _body(arguments: Mapping[str, Plain]) -> str:
    lines: list[str] = []
    for name, plain in arguments.items():
        if name in BLOCKS and isinstance(plain, Sequence):
            lines += [f"{name} {{\n{_body(b)}}}\n" for b in plain if isinstance(b, Mapping)]
        else:
            lines.append(f"{name} = {_expression(plain)}\n")
    return "".join(lines)


def _expression(plain: Plain) -> str:
    match plain:
        case Link(address=address, attribute=attribute):
            return f"{address}.{attribute}"
        case str() | int() | bool():
            return json.dumps(plain)
        case Mapping():
            return f"{{ {', '.join(f'{k} = {_expression(v)}' for k, v in plain.items())} }}"
    return f"[{', '.join(_expression(each) for each in plain)}]"


def template(drafts: Sequence[Draft]) -> str:
    """The configuration as a CloudFormation template (JSON, which is YAML too)."""
    resources = {
        draft.name: {"Type": draft.kind, "Properties": _intrinsic(draft.arguments)}
        for draft in drafts
    }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}, indent=1)


def _intrinsic(plain: Plain) -> object:
    match plain:
        case Link(address=address, attribute="Ref"):
            return {"Ref": address}
        case Link(address=address, attribute=attribute):
            return {"Fn::GetAtt": [address, attribute]}
        case str() | int() | bool():
            return plain
        case Mapping():
            return {key: _intrinsic(each) for key, each in plain.items()}
    return [_intrinsic(each) for each in plain]
