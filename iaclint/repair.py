"""
The text of a repair: a new resource in front of one that is there, in the language of the file.

Only what is certain is written: no repair reaches into another module or stack, into a resource
that exists several times, or into a file whose layout is not the usual one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from iaclint.finding import Edit, Fix
from iaclint.network import Node
from iaclint.resource import Resource
from iaclint.source import Span

MODULES = re.compile(r"((?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Id:
    """The id of a resource, as a value; `attribute` where CloudFormation's `Ref` is not it."""

    node: Node
    attribute: str = ""


Setting: TypeAlias = "str | int | bool | Id"


@dataclass(frozen=True, slots=True)
class New:
    """A resource that is to be written, by its types and arguments in both languages."""

    terraform: str
    cloudformation: str
    name: str
    settings: Mapping[str, Setting]
    after: str = ""
    """The logical id of what has to be there first, where a template has to say so."""


def add(new: New, before: Node, resources: Iterable[Resource], safe: bool = False) -> Fix | None:
    """
    The fix that writes a resource in front of another one; None where the text would not
    certainly be right. `resources` are all of the root, so that the name is free.
    """
    home = before.resource
    nodes = [before, *(value.node for value in new.settings.values() if isinstance(value, Id))]
    scopes = {_scope(node) for node in nodes}
    if home is None or scopes != {_scope(before)} or None in scopes:
        return None
    name = _free(new, home, {r.address for r in resources})
    span = before.span
    if span is None or span.line < 1 or span.within:
        return None
    if home.language == "terraform":
        if span.column != 1 or not span.path.endswith((".tf", ".tofu")):
            return None
        text = _terraform(new, name) + "\n\n"
    else:
        if not 2 <= span.column <= 9:
            return None
        text = _cloudformation(new, name, span)
    at = Span(span.path, span.line, span.column, span.line, span.column)
    what = new.terraform if home.language == "terraform" else new.cloudformation
    return Fix(f"add {what} {name}", (Edit(at, text),), safe)


def spelled(node: Node, terraform: str, cloudformation: str) -> str:
    """The spelling of the language in which a node is written."""
    home = node.resource
    return terraform if home is None or home.language == "terraform" else cloudformation


def _scope(node: Node) -> str | None:
    """The module or stack a node is in; None where it cannot be named from there."""
    resource = node.resource
    if resource is None or resource.maybe is not None or resource.mode == "data":
        return None
    if resource.language == "cloudformation":
        return resource.address.rpartition("/")[0]
    found = MODULES.fullmatch(resource.address)
    return None if found is None or "[" in resource.address else found[1]


def _local(node: Node) -> str:
    assert node.resource is not None
    address = node.resource.address
    if node.resource.language == "cloudformation":
        return address.rpartition("/")[2]
    found = MODULES.fullmatch(address)
    return found[2] if found else address


def _free(new: New, home: Resource, taken: set[str]) -> str:
    """A name nobody has."""
    if home.language == "terraform":
        found = MODULES.fullmatch(home.address)
        prefix = f"{found[1] if found else ''}{new.terraform}."
        base, join = re.sub(r"\W", "_", new.name), "_"
    else:
        stack, slash, _ = home.address.rpartition("/")
        prefix, join = stack + slash, ""
        base = "".join(part[:1].upper() + part[1:] for part in re.split(r"\W|_", new.name))
    names = (base if n == 1 else f"{base}{join}{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if prefix + name not in taken)


def _terraform(new: New, name: str) -> str:
    width = max(len(key) for key in new.settings)
    lines = [f"  {key:{width}} = {_hcl(value)}" for key, value in new.settings.items()]
    return "\n".join((f'resource "{new.terraform}" "{name}" {{', *lines, "}"))


def _hcl(value: Setting) -> str:
    return f"{_local(value.node)}.id" if isinstance(value, Id) else json.dumps(value)


def _cloudformation(new: New, name: str, span: Span) -> str:
    properties = {_pascal(key): value for key, value in new.settings.items()}
    indent = " " * (span.column - 1)
    if span.path.endswith(".json"):
        body: dict[str, object] = {"Type": new.cloudformation}
        body |= {"DependsOn": new.after} if new.after else {}
        body["Properties"] = _plain(properties)
        text = f"{json.dumps(name)}: {json.dumps(body, indent=2)},"
        return text.replace("\n", "\n" + indent) + "\n" + indent
    lines = [f"{name}:", f"  Type: {new.cloudformation}"]
    lines += [f"  DependsOn: {new.after}"] if new.after else []
    lines.append("  Properties:")
    lines += [f"    {key}: {_yaml(value)}" for key, value in properties.items()]
    return ("\n" + indent).join(lines) + "\n\n" + indent


PROPERTIES = {"ip_protocol": "IpProtocol", "cidr_ipv4": "CidrIp", "cidr_ipv6": "CidrIpv6"}


def _pascal(key: str) -> str:
    """The name of an argument in CloudFormation: mostly the same in another case."""
    if key == "security_group_id":
        return "GroupId"
    return PROPERTIES.get(key) or "".join(word.capitalize() for word in key.split("_"))


def _yaml(value: Setting) -> str:
    if isinstance(value, Id):
        name = _local(value.node)
        return f"!GetAtt {name}.{value.attribute}" if value.attribute else f"!Ref {name}"
    return json.dumps(value) if isinstance(value, (bool, int)) else _scalar(value)


def _scalar(value: str) -> str:
    """A text that YAML reads as a text."""
    return value if re.fullmatch(r"[A-Za-z][\w-]*|[\d.]+/\d+", value) else json.dumps(value)


def _plain(properties: Mapping[str, Setting]) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in properties.items():
        if isinstance(value, Id):
            name = _local(value.node)
            get = {"Fn::GetAtt": [name, value.attribute]}
            made[key] = get if value.attribute else {"Ref": name}
        else:
            made[key] = value
    return made
