"""
A root as another root sees it: a reference to one of its resources carries the root's name,
`../network//aws_vpc.main`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iaclint.resource import SEPARATOR
from iaclint.terraform import cty, doubt
from iaclint.terraform.cty import CtyValue
from iaclint.value import Ref, Unknown

if TYPE_CHECKING:
    from iaclint.terraform.module import Module


def prefix(root: Module) -> str:
    """What stands before the addresses of a root elsewhere."""
    return root.session.sources.name(root.root) + SEPARATOR


def outputs(root: Module) -> doubt.Instance:
    """The outputs of a root as another root sees them."""
    start = prefix(root)
    reason = f"{start.rstrip('/')} has no such output"

    def lookup(name: str) -> CtyValue:
        if name not in root.configuration.outputs:
            return Unknown(f"{reason} named {name}")
        return foreign(root.output(name), start)

    return doubt.Instance(reason, lookup=lookup)


def foreign(value: CtyValue, start: str) -> CtyValue:
    """The value with the addresses of resources in it those of another root."""
    match value:
        case cty.Sensitive(value=inner):
            return cty.sensitive(foreign(inner, start))
        case Unknown():
            return _unknown(value, start)
        case cty.Tuple(items=items) | cty.List(items=items) | cty.Set(items=items):
            return replace(value, items=tuple(foreign(item, start) for item in items))
        case cty.Object(items=mapping) | cty.Map(items=mapping):
            return replace(value, items={k: foreign(v, start) for k, v in mapping.items()})
    return value


def _unknown(value: Unknown, start: str) -> Unknown:
    ref = value.ref and Ref(_seen(value.ref.address, start), value.ref.attribute)
    parts = tuple(p if isinstance(p, str) else _unknown(p, start) for p in value.parts)
    value = replace(value, ref=ref, parts=parts)
    if isinstance(value, doubt.Many):
        return replace(value, samples=tuple(foreign(s, start) for s in value.samples))
    if isinstance(value, doubt.Choice):
        return replace(value, options=tuple(foreign(o, start) for o in value.options))
    if isinstance(value, doubt.Instance):
        inner = value.lookup
        return replace(value, lookup=lambda name: foreign(inner(name), start))
    return value


def _seen(address: str, start: str) -> str:
    """The address as another root has it: what comes from a third one is called the same by all."""
    return address if SEPARATOR in address.partition("[")[0] else start + address
