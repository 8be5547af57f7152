"""
What a data source asks for, and which of the things that the roots of a scan create answers.

A thing of the data source's own root goes first. One of another root has to be the only one: of
several roots that create such a thing (one an environment, say) nobody knows which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from iaclint.terraform import cty, doubt
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.deployed import deployed
from iaclint.terraform.expand import Member
from iaclint.terraform.foreign import foreign, prefix
from iaclint.terraform.provider import region_of
from iaclint.terraform.session import text_of
from iaclint.value import Unknown

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

_TAG = "tag:"


class Created(NamedTuple):
    """An instance of a resource, as the root of the data source sees it."""

    value: doubt.Instance
    member: Member
    module: Module


class _Elsewhere(NamedTuple):
    """A thing that another root creates: as it is seen here, what and where it is there."""

    value: doubt.Instance
    address: str
    root: str
    region: str


def answers(
    member: Member, module: Module, found: doubt.Instance, kinds: tuple[str, ...]
) -> list[doubt.Instance]:
    """The things of some kinds that a data source finds, all of one root; empty if unknown."""
    wanted = criteria(found)
    if not wanted:
        return []
    own = [each.value for each in created(module, kinds) if _answers(each.value, wanted)]
    if own:
        return own
    region = region_of(member, module)
    elsewhere = [
        each
        for each in _elsewhere(module, kinds)
        if _is_same_region(each.region, region) and _answers(each.value, wanted)
    ]
    if len({each.root for each in elsewhere}) != 1:
        return []
    _note(elsewhere, module, wanted)
    return [each.value for each in elsewhere]


def _note(found: list[_Elsewhere], module: Module, wanted: Mapping[str, CtyValue]) -> None:
    """Says on what evidence two roots are taken for one network."""
    name = module.session.sources.name(module.root)
    things = ", ".join(each.address for each in found)
    by = ", ".join(sorted(key.replace(_TAG, "tag ") for key in wanted))
    module.notes[f"{name} looks up {things} of {found[0].root} by {by}"] = None


def _is_same_region(one: str, other: str) -> bool:
    return one == other or not ("-" in one and "-" in other)


def created(module: Module, kinds: tuple[str, ...]) -> Iterator[Created]:
    """The instances of some kinds anywhere in the root of a module."""
    while module.parent is not None:
        module = module.parent
    yield from _within(module, kinds)


def _elsewhere(module: Module, kinds: tuple[str, ...]) -> Iterator[_Elsewhere]:
    session = module.session
    for root in session.roots:
        if root.root != module.root:
            for each in _within(root, kinds):
                value = foreign(each.value, prefix(root))
                assert isinstance(value, doubt.Instance)
                region = region_of(each.member, each.module)
                name = session.sources.name(root.root)
                yield _Elsewhere(value, each.member.address, name, region)
    for one in deployed(session.stacks, kinds):
        yield _Elsewhere(one.value, one.resource.address, one.root, one.resource.region)


def _within(module: Module, kinds: tuple[str, ...]) -> Iterator[Created]:
    for key in module.configuration.resources:
        if key[0] == "resource" and key[1] in kinds:
            for member in _settled(lambda key=key: module.expansion(key)):  # type: ignore[misc]
                found = module.instance(member)
                if isinstance(found, doubt.Instance):
                    yield Created(found, member, module)
    for name in module.call_names():
        for member in _settled(lambda name=name: module.calls(name)):  # type: ignore[misc]
            child = module.child(name, member)
            if child is not None:
                yield from _within(child, kinds)


def _settled(expansion: Callable[[], Any]) -> list[Member]:
    """The members of an expansion; none while it is being worked out, or when it is wrong."""
    try:
        return [member for _, member in expansion().members]
    except TerraformError:
        return []


def criteria(found: doubt.Instance) -> dict[str, CtyValue]:
    """What is asked for: arguments, `tags` and `filter` blocks, by attribute or `tag:Name`."""
    wanted: dict[str, CtyValue] = {}
    for name in (*_IDS, "vpc_id", "cidr_block", "name", "subnet_id"):
        value = quiet(found, name)
        if not cty.is_null(value):
            wanted["id" if name in _IDS else name] = value
    for name in ("tags", "instance_tags"):
        tags = cty.unmark(quiet(found, name))[0]
        if cty.is_mapping(tags):
            wanted.update({_TAG + key: value for key, value in tags.items.items()})
    filters = quiet(found, "filter")
    for one in cty.children(filters):
        name = text_of(doubt.attribute(one, "name"))
        values = cty.unmark(doubt.attribute(one, "values"))[0]
        wanted[_FILTERS.get(name, name)] = values
    return wanted


_IDS = ("id", "group_id", "route_table_id", "instance_id")
_FILTERS = {
    "vpc-id": "vpc_id", "subnet-id": "id", "group-id": "id", "group-name": "name",
    "attachment.vpc-id": "vpc_id", "association.subnet-id": "subnet_id", "cidr": "cidr_block",
    "cidr-block": "cidr_block", "availability-zone": "availability_zone", "route-table-id": "id",
    "availabilityZone": "availability_zone", "internet-gateway-id": "id",
    "instance-id": "id",
}  # fmt: skip


def quiet(found: doubt.Instance, name: str) -> CtyValue:
    """An attribute; null where it is a mistake, which is reported where it stands."""
    try:
        return found.lookup(name)
    except TerraformError:
        return None


def _answers(candidate: doubt.Instance, wanted: Mapping[str, CtyValue]) -> bool:
    return all(_has(candidate, name, value) for name, value in wanted.items())


def _has(candidate: doubt.Instance, name: str, wanted: CtyValue) -> bool:
    if name.startswith(_TAG):
        key = name.removeprefix(_TAG)
        for attribute in ("tags", "tags_all"):
            tags = cty.unmark(quiet(candidate, attribute))[0]
            if cty.is_mapping(tags) and key in tags.items:
                return matches(tags.items[key], wanted)
        return False
    if name == "vpc_id" and (adopted := _adopted_from(candidate)) is not None:
        return matches(adopted, wanted)
    try:
        return matches(doubt.attribute(candidate, name), wanted)
    except TerraformError:
        return False


def _adopted_from(candidate: doubt.Instance) -> Unknown | None:
    """The id of the VPC whose main table or default ACL a resource takes under management."""
    for name in ("default_route_table_id", "default_network_acl_id"):
        value = cty.unmark(quiet(candidate, name))[0]
        if isinstance(value, Unknown) and value.ref is not None:
            return doubt.known_on_apply(value.ref.address, "id")
    return None


def matches(mine: CtyValue, wanted: CtyValue) -> bool:
    """Whether a value is the wanted one, or among several wanted ones; `*` stands for any text."""
    from fnmatch import fnmatchcase

    plain = cty.unmark(wanted)[0]
    if cty.is_sequence(plain):
        return any(matches(mine, one) for one in plain.items)
    mine = cty.unmark(mine)[0]
    if isinstance(mine, Unknown) or isinstance(plain, Unknown):
        return _same_unknown(mine, plain)
    return fnmatchcase(text_of(mine), text_of(plain)) and text_of(plain) != ""


def _same_unknown(mine: CtyValue, wanted: CtyValue) -> bool:
    if not (isinstance(mine, Unknown) and isinstance(wanted, Unknown)):
        return False
    if mine.ref is not None:
        return mine.ref == wanted.ref
    return bool(mine.parts) and [_part(p) for p in mine.parts] == [_part(p) for p in wanted.parts]


def _part(part: str | Unknown) -> object:
    return part if isinstance(part, str) else (part.ref or part.reason)
