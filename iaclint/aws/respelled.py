"""
What templates create in the words of Terraform, for data sources that look it up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

from iaclint.aws.gateway import GatewayAttachment
from iaclint.aws.shape import SHAPES, Declared, blocks, first, read
from iaclint.resource import Resource, Root
from iaclint.value import MapValue, Ref, Scalar, Unknown, Value, changed, text

_LOGICAL_ID = "aws:cloudformation:logical-id"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def in_terraform(root: Root) -> Root:
    """
    The root of a template with resources, attributes and references as Terraform calls them.
    CloudFormation adds a tag with the logical id to what can have tags.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    """
    return replace(
        root,
        worlds=tuple(
            replace(world, resources=tuple(_respelled(world.resources))) for world in root.worlds
        ),
    )


def _respelled(resources: tuple[Resource, ...]) -> Iterator[Resource]:
    attached = dict(_attached(resources))
    for resource in resources:
        shape = next(iter(SHAPES.get(resource.kind, ())), None)
        kind = next((k for k in shape.kinds if "::" not in k), None) if shape else None
        if shape is None or kind is None:
            continue
        found = dict(_attributes(resource, shape))
        vpc = attached.get(resource.address)
        if vpc is not None:
            found["vpc_id"] = vpc
        said = {name: changed(value, _reference) for name, value in found.items()}
        yield replace(resource, kind=kind, attributes=said)


def _attributes(resource: Resource, shape: type[Declared]) -> Iterator[tuple[str, Value]]:
    for field in fields(shape):
        names = field.metadata.get("terraform")
        value = first(resource.attributes, field.metadata.get("cloudformation", ()))
        if names and value is not None and names[0] != "tags":
            yield names[0], value
    yield "tags", _tags(resource)


def _tags(resource: Resource) -> Value:
    tags = resource.attributes.get("Tags")
    if isinstance(tags, Unknown):
        return tags
    pairs = [(text(each.get("Key")), each.get("Value")) for each in blocks(tags)]
    known = {key: value for key, value in pairs if isinstance(key, str) and value is not None}
    known[_LOGICAL_ID] = Scalar(resource.address.rpartition("/")[2], resource.span)
    return MapValue(known, resource.span)


def _attached(resources: tuple[Resource, ...]) -> Iterator[tuple[str, Value]]:
    """The VPC of each gateway, by the gateway's address."""
    for resource in resources:
        if resource.kind in GatewayAttachment.kinds:
            declared = read(GatewayAttachment, resource)
            for gateway in (declared.internet, declared.vpn):
                if isinstance(gateway, Unknown) and gateway.ref and declared.vpc is not None:
                    yield gateway.ref.address, declared.vpc


def _reference(value: Unknown) -> Unknown:
    """`Ref` and `GetAtt` of an id are an `id`, and any other attribute has its own name."""
    ref = value.ref
    if ref is None:
        return value
    is_id = ref.attribute == "Ref" or ref.attribute.endswith("Id")
    name = "id" if is_id else _WORD.sub("_", ref.attribute).lower()
    return replace(value, ref=Ref(ref.address, name))
