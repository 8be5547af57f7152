"""
The `Globals` section of AWS SAM: properties that all resources of a kind share.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iaclint.cloudformation.node import fields
from iaclint.value import ListValue, MapValue, Value

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

PREFIX = "AWS::Serverless::"
TRANSFORM = "AWS::Serverless-2016-10-31"


def with_globals(
    evaluator: Evaluator, kind: str, attributes: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The attributes of a SAM resource with what the template sets for all of its kind."""
    if not kind.startswith(PREFIX) or TRANSFORM not in evaluator.template.transforms:
        return attributes
    shared = fields(evaluator.template.section("Globals")).get(kind.removeprefix(PREFIX))
    value = evaluator.value(shared) if shared is not None else None
    if not isinstance(value, MapValue):
        return attributes
    return _merged(value.items, attributes)


def _merged(shared: Mapping[str, Value], own: Mapping[str, Value]) -> dict[str, Value]:
    """Mappings are merged, lists joined, everything else replaced by the resource's own."""
    merged = dict(shared)
    for key, value in own.items():
        common = shared.get(key)
        if isinstance(common, MapValue) and isinstance(value, MapValue):
            merged[key] = MapValue(_merged(common.items, value.items), value.span, value.more)
        elif isinstance(common, ListValue) and isinstance(value, ListValue):
            merged[key] = ListValue(common.items + value.items, value.span, value.more)
        else:
            merged[key] = value
    return merged
