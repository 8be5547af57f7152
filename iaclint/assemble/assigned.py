"""
IPv6 blocks that are assigned on apply: which one it will be is not known, whose it is, is.

Every VPC with such a block gets a stand-in for it, and what the files derive from the block
becomes a part of the stand-in. So "the block of this VPC" is a block like any other.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from iaclint.assemble.vpcs import prefix_of
from iaclint.aws import subnet as subnets
from iaclint.aws import vpc as shapes
from iaclint.aws.shape import Shape, read
from iaclint.packet.prefix import STAND_IN, Prefix
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value, text, truth, whole

AMAZON = 56
"""The length of a block of Amazon's, and of one from a pool unless another is asked for."""

SHORTEST, LONGEST = 44, 60
"""
The lengths a VPC's block can have; stand-ins are as far apart as if each had the shortest.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

NAMES = ("ipv6_cidr_block", "Ipv6CidrBlocks[0]")
GIVEN = {"terraform": "ipv6_cidr_block", "cloudformation": "Ipv6CidrBlock"}

NOWHERE = Span("", 1)

Known = Mapping[str, Prefix]
"""The block that each address stands for: a VPC's, or a subnet's."""


def with_stand_ins(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """The same resources, with assigned IPv6 blocks and parts of them filled in."""
    known: dict[str, Prefix] = {}
    asking = _asking(resources)
    for number, (address, (asked, length)) in enumerate(asking.items(), 1):
        first = STAND_IN.first + (number << (128 - SHORTEST))
        known[address] = known[asked] = Prefix("ipv6", first, length)
    askers = {asked for asked, _ in asking.values()}
    filled = tuple(
        _answered(_filled(each, known), known) if each.address in askers else _filled(each, known)
        for each in resources
    )
    parts = _of_subnets(filled)
    return tuple(_filled(each, parts) for each in filled)


def _asking(resources: Iterable[Resource]) -> dict[str, tuple[str, int]]:
    """Each VPC that asks once for a block, with what asks for it and the length it will have."""
    asking: dict[str, list[shapes.Vpc | shapes.VpcBlock]] = {
        vpc.address: [vpc] if vpc.ipv6 is not None or vpc.amazon_ipv6 is not None else []
        for vpc in _made(resources, shapes.Vpc)
    }
    for block in _made(resources, shapes.VpcBlock):
        if block.is_ipv6:
            ref = block.vpc.ref if isinstance(block.vpc, Unknown) else None
            if ref is None:
                return {}
            if ref.address in asking:
                asking[ref.address].append(block)
    return {
        address: (asked[0].address, length)
        for address, asked in asking.items()
        if len(asked) == 1 and (length := _length(asked[0])) is not None
    }


def _made(resources: Iterable[Resource], cls: type[Shape]) -> list[Shape]:
    """What is made here and has this shape."""
    return [read(cls, one) for one in resources if one.mode == "managed" and one.kind in cls.kinds]


def _length(asking: shapes.Vpc | shapes.VpcBlock) -> int | None:
    """The length of the prefix that will be assigned; None where a block is given, or perhaps."""
    attributes = asking.resource.attributes
    given = attributes.get(GIVEN[asking.resource.language])
    if asking.maybe is not None or text(given) is not None:
        return None
    if asking.ipv6 is None and truth(asking.amazon_ipv6) is not True:
        return None
    netmask = attributes.get("ipv6_netmask_length") or attributes.get("Ipv6NetmaskLength")
    length = whole(netmask)
    if isinstance(length, Unknown):
        return None
    return AMAZON if length is None else length if SHORTEST <= length <= LONGEST else None


def _of_subnets(resources: Iterable[Resource]) -> Known:
    blocks = {s.address: prefix_of(s.ipv6, "ipv6") for s in _made(resources, subnets.Subnet)}
    return {address: block for address, block in blocks.items() if isinstance(block, Prefix)}


def _answered(resource: Resource, known: Known) -> Resource:
    """What asks for a block, with the block."""
    given = Scalar(known[resource.address].text, resource.span)
    found = {**resource.attributes, GIVEN[resource.language]: given}
    return replace(resource, attributes=found)


def _filled(resource: Resource, known: Known) -> Resource:
    if not known:
        return resource
    found = {name: _value(value, known) for name, value in resource.attributes.items()}
    return replace(resource, attributes=found)


def _value(value: Value, known: Known) -> Value:
    """The value, with a block wherever it names one."""
    match value:
        case Unknown(ref=Ref() as ref):
            block = _block(ref, known)
            return value if block is None else Scalar(block.text, value.span or NOWHERE)
        case ListValue():
            return replace(value, items=tuple(_value(each, known) for each in value.items))
        case MapValue():
            inside = {key: _value(each, known) for key, each in value.items.items()}
            return replace(value, items=inside)
    return value


def _block(ref: Ref, known: Known) -> Prefix | None:
    """The block that an attribute is, or the part of it."""
    name, *cuts = ref.attribute.split("|")
    block = known.get(ref.address) if name in NAMES else None
    for cut in cuts:
        size, _, number = cut.partition(",")
        if block is not None:
            length = block.length + int(size) if size.startswith("+") else int(size)
            block = block.part(length, int(number))
    return block
