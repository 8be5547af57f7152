"""
Which things of the files a value may mean that does not say it: one of a few, or what a data source
finds. What is looked up may be made here as well as elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TypeVar

from iaclint.assemble.build import Build
from iaclint.assemble.index import flat, tag_of
from iaclint.assemble.vpcs import find_vpc
from iaclint.aws.shape import blocks, dig
from iaclint.network import Node, Vpc
from iaclint.resource import Resource
from iaclint.value import MapValue, Scalar, Unknown, Value, text

N = TypeVar("N", bound=Node)

_IDS = ("id", "group_id", "route_table_id", "instance_id")
_ID_FILTERS = ("route-table-id", "group-id", "subnet-id", "instance-id", "network-interface-id")


def looked_up(build: Build, value: Value | None) -> Resource | None:
    """The data source whose answer a value is."""
    ref = value.ref if isinstance(value, Unknown) else None
    source = build.index.owner(ref) if ref is not None else None
    return source if source is not None and source.mode == "data" else None


def meant(build: Build, value: Value | None, made: Mapping[str, N]) -> list[N]:
    """
    The things that a value may mean, of those that are made here; none where it names one of them,
    or something else.
    """
    if not isinstance(value, Unknown):
        return []
    if value.ref is not None:
        source = looked_up(build, value)
        return [] if source is None else list(_found(build, source, made))
    named = [made[ref.address] for ref in value.refs() if ref.address in made]
    return named or [each for address, each in made.items() if _is_made(build, address)]


def _is_made(build: Build, address: str) -> bool:
    resource = build.index.resources.get(address)
    return resource is None or resource.mode != "data"


def _found(build: Build, source: Resource, made: Mapping[str, N]) -> Iterator[N]:
    for address, each in made.items():
        if _is_made(build, address) and may_find(build, source, each):
            yield each


def may_find(build: Build, source: Resource, thing: Node) -> bool:
    """Whether nothing that a data source asks for speaks against its finding a thing."""
    if any(isinstance(source.attributes.get(name), Scalar) for name in _IDS):
        return False
    for name, values in _asked(source):
        if name in _ID_FILTERS and values and all(isinstance(v, Scalar) for v in values):
            return False
        if name.startswith("tag:") and not _has_tag(thing, name.removeprefix("tag:"), values):
            return False
        if name == "vpc-id" and not any(_may_be_in(build, thing, value) for value in values):
            return False
        if name == "group-name" and not _is_called(thing, values):
            return False
    return True


def _asked(source: Resource) -> Iterator[tuple[str, list[Value]]]:
    """What is asked for, in the words of a filter."""
    vpc = source.attributes.get("vpc_id")
    if vpc is not None:
        yield "vpc-id", [vpc]
    called = source.attributes.get("name")
    if source.kind == "aws_security_group" and called is not None:
        yield "group-name", [called]
    for name in ("tags", "instance_tags"):
        tags = source.attributes.get(name)
        for key, value in tags.items.items() if isinstance(tags, MapValue) else ():
            yield f"tag:{key}", [value]
    for block in blocks(source.attributes.get("filter")):
        name_ = text(dig(block, "name"))
        if isinstance(name_, str):
            yield name_, list(flat(block.get("values")))


def _has_tag(thing: Node, key: str, wanted: list[Value]) -> bool:
    """What nobody wrote has no tags."""
    said = tag_of(thing.resource, key) if thing.resource is not None else []
    return any(_alike(each, text(value)) for each in said for value in wanted)


def _is_called(thing: Node, wanted: list[Value]) -> bool:
    """AWS or a prefix names what nobody named, nobody knows how."""
    made = thing.resource
    own = text(made.attributes.get("name") or made.attributes.get("GroupName")) if made else None
    return own is None or any(_alike(own, text(value)) for value in wanted)


def _alike(mine: str | Unknown, wanted: str | Unknown | None) -> bool:
    if isinstance(mine, Unknown) or isinstance(wanted, Unknown):
        return True
    return wanted is not None and fnmatchcase(mine, wanted.replace("[", "[[]"))


def _may_be_in(build: Build, thing: Node, value: Value) -> bool:
    """Whether a thing may be in a VPC; one that is looked up may be one that is made here."""
    mine = getattr(thing, "vpc", None)
    asked = find_vpc(build, value)
    if not (isinstance(mine, Vpc) and isinstance(asked, Vpc)) or mine is asked:
        return True
    if not asked.foreign or asked.resource is None or mine.foreign:
        return mine.foreign and not asked.assumed
    return not mine.assumed and may_find(build, asked.resource, mine)
