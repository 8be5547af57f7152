"""
`Fn::Cidr` and `Fn::GetAZs`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from iaclint.cloudformation.choices import each, which, wrong
from iaclint.cloudformation.node import Call, items_of
from iaclint.value import ListValue, Ref, Scalar, Unknown, Value, text, whole

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator


def cidr(evaluator: Evaluator, call: Call) -> Value | None:
    arguments = items_of(call.argument) or ()
    if len(arguments) not in (2, 3):
        return wrong(evaluator, call, "needs a block, a count and a number of bits")
    block, count = (evaluator.value(argument) for argument in arguments[:2])
    bits = evaluator.value(arguments[2]) if len(arguments) == 3 else None
    return each(evaluator, block, lambda chosen: _blocks(evaluator, call, chosen, count, bits))


def _blocks(
    evaluator: Evaluator, call: Call, block: Value | None, count: Value | None, bits: Value | None
) -> Value | None:
    many, host = whole(count), whole(bits)
    plain = text(block)
    for found in (plain, many, host):
        if isinstance(found, Unknown):
            if isinstance(many, int) and 0 < many <= 256:
                return _unknown_blocks(call, found, many, host)
            return Unknown(found.reason, call.span, found.supply, type="list(string)")
    if not isinstance(plain, str) or not isinstance(many, int) or isinstance(host, Unknown):
        return wrong(evaluator, call, "needs a block and a count")
    try:
        network = ipaddress.ip_network(plain.strip(), strict=False)
    except ValueError:
        return wrong(evaluator, call, f'cannot divide "{plain}", which is no CIDR block')
    if host is None:
        host = 8 if network.version == 4 else 64
    return _divided(evaluator, call, network, many, network.max_prefixlen - host)


def _unknown_blocks(call: Call, why: Unknown, many: int, host: int | Unknown | None) -> ListValue:
    """Parts of a block that is assigned on deployment: which part each of them is is known."""
    items = tuple(
        Unknown(
            f"block {index} of a network that is not known: {why.reason}",
            call.span,
            why.supply,
            _part(why, 64 if host is None else host, index),
        )
        for index in range(many)
    )
    return ListValue(items, call.span)


def _part(block: Unknown, host: int | Unknown, index: int) -> Ref | None:
    ref = block.ref
    if ref is None or isinstance(host, Unknown) or not ref.attribute.startswith("Ipv6"):
        return None
    return ref.part(str(128 - host), index)


def _divided(
    evaluator: Evaluator,
    call: Call,
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
    many: int,
    length: int,
) -> Value:
    if not network.prefixlen <= length <= network.max_prefixlen:
        return wrong(evaluator, call, f"cannot divide {network} into blocks of /{length}")
    if not 1 <= many <= 256:
        return wrong(evaluator, call, f"makes 1 to 256 blocks, not {many}")
    if many > 2 ** (length - network.prefixlen):
        return wrong(evaluator, call, f"cannot take {many} blocks of /{length} from {network}")
    blocks = _blocks_of(network, many, length)
    return ListValue(tuple([Scalar(block, call.span) for block in blocks]), call.span)


@lru_cache(maxsize=256)
def _blocks_of(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network, many: int, length: int
) -> tuple[str, ...]:
    step = 2 ** (network.max_prefixlen - length)
    make = type(network.network_address)
    first = int(network.network_address)
    return tuple(f"{make(first + index * step)}/{length}" for index in range(many))


def get_azs(evaluator: Evaluator, call: Call) -> Value | None:
    found = evaluator.value(call.argument)
    if isinstance(found, ListValue) and len(found.items) == 1:
        found = found.items[0]
    if text(found) in ("", None):
        found = evaluator.ref("AWS::Region", call.span)
    return each(evaluator, found, lambda chosen: _zones(evaluator, call, chosen))


def _zones(evaluator: Evaluator, call: Call, region: Value | None) -> Value:
    plain = text(region)
    if isinstance(plain, str):
        names = evaluator.scope.project.zones(plain)
        return ListValue(tuple(Scalar(name, call.span) for name in names), call.span)
    why = which(plain, call)
    items = tuple(
        Unknown(f"zone {index} of a region that is not known", call.span, why.supply, type="string")
        for index in range(3)
    )
    return ListValue(items, call.span, Unknown(why.reason, call.span, why.supply, type="string"))
