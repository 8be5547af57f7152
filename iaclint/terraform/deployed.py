"""
What stacks of the same scan create, as a data source sees it. Their resources come in Terraform's
words; an address of theirs carries the name of the root, as that of another Terraform root does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from iaclint.resource import SEPARATOR, Resource, Root
from iaclint.terraform import cty, doubt
from iaclint.terraform.cty import CtyValue
from iaclint.terraform.foreign import foreign
from iaclint.value import ListValue, MapValue, Ref, Scalar, Value


class Deployed(NamedTuple):
    """A resource of a stack."""

    value: doubt.Instance
    resource: Resource
    root: str


def deployed(roots: Sequence[Root], kinds: tuple[str, ...]) -> Iterator[Deployed]:
    """The resources of some kinds, of stacks that can turn out in one way only."""
    for root in roots:
        for resource in root.worlds[0].resources if len(root.worlds) == 1 else ():
            if resource.kind in kinds:
                yield Deployed(_instance(resource, root.name + SEPARATOR), resource, root.name)


def _instance(resource: Resource, start: str) -> doubt.Instance:
    attributes: Mapping[str, Value] = resource.attributes

    def lookup(name: str) -> CtyValue:
        return foreign(_value(attributes.get(name)), start)

    shown = f"{start}{resource.address} is only known after deployment"
    ref = Ref(start + resource.address, "")
    return doubt.Instance(shown, resource.span, ref=ref, lookup=lookup)


def _value(value: Value | None) -> CtyValue:
    """A value as Terraform computes with it; what may have more to it is not known."""
    match value:
        case Scalar(value=str() as plain):
            return cty.remark(cty.string(plain), value.sensitive)
        case Scalar(value=plain):
            return cty.remark(plain, value.sensitive)
        case ListValue(items=items, more=None):
            return cty.tuple_(_value(item) for item in items)
        case MapValue(items=mapping, more=None):
            return cty.object_({key: _value(item) for key, item in mapping.items()})
        case ListValue(more=more) | MapValue(more=more):
            return more
    return value
