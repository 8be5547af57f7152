"""
Outputs that say how to get in: an `ssh …` command, a public address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.aws.platform import texts
from iaclint.finding import Label
from iaclint.flow import Evidence
from iaclint.intent.connection import PRIVATE
from iaclint.intent.signs import is_secluded
from iaclint.network import Instance, Network
from iaclint.packet.prefix import Family
from iaclint.resource import Output
from iaclint.value import ListValue, MapValue, Ref, Unknown, Value, refs

COMMAND = re.compile(r"\b(ssh|scp|sftp|mstsc|rdp)\b", re.IGNORECASE)
PING = re.compile(r"(^|[;:&|`$]\s*)\s*ping6?\s+(-\S+\s+(\d+\s+)?)*$")
SESSION = re.compile(r"\bssm +start-session\b")
WEB = re.compile(r"\bhttps?://", re.IGNORECASE)
PUBLIC = ("public_ip", "public_dns", "PublicIp", "PublicDnsName")
IPV6 = "ipv6_addresses"
ADDRESS = (*PUBLIC, IPV6, "Ref")


def announced(network: Network, instance: Instance) -> Evidence | None:
    """An output that hands out the way to an instance. It adds weight, and proves nothing alone."""
    names = {instance.address, *_elastic(network, instance)}
    for output in network.outputs:
        met = [ref for ref in refs(output.value) if ref.address in names]
        words = " ".join((output.name, output.description, *texts(output.value)))
        if met and COMMAND.search(words):
            return Evidence("name", Label(output.span, "the way in is announced here"))
        if WEB.search(words):
            continue  # for visitors of a site
        if any(_is_address(ref.attribute, ref.address, instance) for ref in met):
            return Evidence("name", Label(output.span, "its address is announced here"), False)
    return None


def given_out(network: Network, instance: Instance) -> Evidence | None:
    """
    An output of the public IPv4 address of an instance that surely gets none: it is empty. Where
    every attribute is put out, so is this one, of a host that is called private, too: no promise.
    """
    if network.library or any(each.public.has is not False for each in instance.interfaces()):
        return None
    for output in network.outputs:
        met = (ref.attribute for ref in refs(output.value) if ref.address == instance.address)
        if is_secluded(instance) and not _has_words(output):
            continue
        if any(attribute.split("[")[0] in PUBLIC for attribute in met):
            return Evidence("name", Label(output.span, "its public address is given out here"))
    return None


def _has_words(output: Output) -> bool:
    """Whether it says more than a bare attribute: a command, a sentence, an address of a site."""
    return any(texts(output.value)) or bool(COMMAND.search(f"{output.name} {output.description}"))


def pinged(network: Network, instance: Instance) -> Evidence | None:
    """An output with a ping command for an address of the instance."""
    names = {instance.address, *_elastic(network, instance)}
    for output in network.outputs:
        if any(
            r.address in names and _is_address(r.attribute, r.address, instance)
            for r in _after_ping(output.value)
        ):
            return Evidence("name", Label(output.span, "it is pinged here"))
    return None


def pinged_inside(network: Network, instance: Instance) -> tuple[Evidence, set[str], Family] | None:
    """
    An output with a ping command for an address that those inside can use, what else it is about,
    and the family of the address.
    """
    for output in network.outputs:
        met = _after_ping(output.value)
        own = {r.attribute.split("[")[0] for r in met if r.address == instance.address}
        if own & {*PRIVATE, IPV6}:
            evidence = Evidence("name", Label(output.span, "it is pinged here"), some=True)
            others = {r.address for r in refs(output.value) if r.address != instance.address}
            return evidence, others, "ipv4" if own & {*PRIVATE} else "ipv6"
    return None


def _after_ping(value: Value | None) -> Iterator[Ref]:
    """What stands directly behind the words of a ping command."""
    match value:
        case Unknown(parts=parts, choices=choices):
            for before, part in zip(("", *parts), parts, strict=False):
                if isinstance(part, Unknown):
                    told = isinstance(before, str) and PING.search(before)
                    yield from part.refs() if told else _after_ping(part)
            for choice in choices:
                yield from _after_ping(choice)
        case ListValue(items=items):
            for item in items:
                yield from _after_ping(item)
        case MapValue(items=mapping):
            for item in mapping.values():
                yield from _after_ping(item)


def opens_session(network: Network, instance: Instance) -> bool:
    """Whether an output has the command that opens a session with an instance."""
    return any(
        SESSION.search(" ".join((output.description, *texts(output.value))))
        and any(ref.address == instance.address for ref in refs(output.value))
        for output in network.outputs
    )


def _is_address(attribute: str, address: str, instance: Instance) -> bool:
    if attribute == "Ref" and address == instance.address:
        return False
    return attribute.split("[")[0] in ADDRESS


def _elastic(network: Network, instance: Instance) -> set[str]:
    """The Elastic IPs that name the instance."""
    return {
        resource.address
        for resource in network.resources
        if resource.kind in ("aws_eip", "AWS::EC2::EIP")
        for value in resource.attributes.values()
        for ref in refs(value)
        if ref.address == instance.address
    }
