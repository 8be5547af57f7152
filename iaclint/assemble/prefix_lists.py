"""
What a prefix list holds.

https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
"""

from __future__ import annotations

from iaclint.assemble.build import Build
from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import security_group as shapes
from iaclint.aws.shape import blocks, dig, unknown_rest
from iaclint.network import Maybe
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, Value, text


def list_blocks(build: Build, value: Value) -> list[Maybe[Prefix]]:
    """The blocks of the list a value names; an `Unknown` among them where it may hold more."""
    found = build.index.find(value, shapes.PrefixList)
    if not isinstance(found, shapes.PrefixList):
        return [found or Unknown("no prefix list is given", value.span)]
    if found.is_data:
        return [Unknown(f"{found.address} is made elsewhere", value.span)]
    made: list[Maybe[Prefix]] = []
    for block in blocks(found.entries):
        prefix = prefix_of(dig(block, "cidr") or dig(block, "Cidr"))
        if prefix is not None:
            made.append(prefix)
    for entry in build.index.all(shapes.PrefixListEntry):
        prefix, named = (
            prefix_of(entry.cidr),
            build.index.find(entry.prefix_list, shapes.PrefixList),
        )
        if named is found and prefix is not None:
            made.append(entry.maybe or prefix)
        elif isinstance(named, Unknown) and named.ref is None:
            made.append(named)
    rest = unknown_rest(found.entries)
    return [*made, rest] if rest else made


def managed_name(build: Build, value: Value) -> str:
    """
    The name of the AWS-managed list a value names, or nothing. No other may be named like one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html
    """
    found = build.index.find(value, shapes.PrefixList)
    name = text(found.name) if isinstance(found, shapes.PrefixList) else None
    return name if isinstance(name, str) and name.startswith("com.amazonaws.") else ""
