"""Functions of addresses: `cidrhost`, `cidrnetmask`, `cidrsubnet`, `cidrsubnets`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace

from iaclint.terraform import number
from iaclint.terraform.cty import STRING, CtyValue, TerraformError, list_, unknown
from iaclint.terraform.functions.core import ArgumentError, Family, whole_number
from iaclint.value import Unknown

NETWORK = Family()

Net = ipaddress.IPv4Network | ipaddress.IPv6Network
_OCTETS = re.compile(r"\d+(\.\d+){3}", re.ASCII)


def _network(text: str) -> Net:
    """A prefix; leading zeros in IPv4 octets are decimal digits, as Terraform reads them."""
    refusal = TerraformError(f"invalid CIDR expression: invalid CIDR address: {text}")
    address, slash, length = text.partition("/")
    if not slash or not length.isascii() or not length.isdigit() or len(length) > 3:
        raise refusal
    if _OCTETS.fullmatch(address):
        address = ".".join(octet.lstrip("0") or "0" for octet in address.split("."))
    try:
        if "%" in address:
            raise refusal
        return ipaddress.ip_network(f"{address}/{int(length)}", strict=False)
    except ValueError:
        raise refusal from None


def shown(value: int, version: int) -> str:
    """An address as Go prints it: an IPv4-mapped IPv6 address as IPv4."""
    if version == 4:
        return str(ipaddress.IPv4Address(value))
    if value >> 32 == 0xFFFF:
        return str(ipaddress.IPv4Address(value & 0xFFFFFFFF))
    return str(ipaddress.IPv6Address(value))


def _prefix(value: int, length: int, version: int) -> str:
    return f"{shown(value, version)}/{length}"


@NETWORK.add("cidrhost", "prefix:string", "hostnum:number", returns="string")
def _cidrhost(prefix: str, hostnum: number.Number) -> CtyValue:
    host = whole_number(hostnum, 1)
    network = _network(prefix)
    bits = network.max_prefixlen - network.prefixlen
    if host >= 1 << bits or -host > 1 << bits:
        raise TerraformError(
            f"prefix of {network.prefixlen} does not accommodate a host numbered {host}"
        )
    offset = host if host >= 0 else (1 << bits) + host
    return shown(int(network.network_address) + offset, network.version)


@NETWORK.add("cidrnetmask", "prefix:string", returns="string")
def _cidrnetmask(prefix: str) -> CtyValue:
    network = _network(prefix)
    if network.version == 6:
        raise TerraformError(f"IPv6 addresses cannot have a netmask: {prefix}")
    return str(network.netmask)


@NETWORK.add("cidrsubnet", "prefix:string!", "newbits:number", "netnum:number", returns="string")
def _cidrsubnet(prefix: str | Unknown, newbits: number.Number, netnum: number.Number) -> CtyValue:
    if isinstance(prefix, Unknown):
        return _part(prefix, newbits, netnum)
    extra = whole_number(newbits, 1)
    place = whole_number(netnum, 2)
    network = _network(prefix)
    length = network.prefixlen + extra
    if length > network.max_prefixlen:
        raise TerraformError(
            f"insufficient address space to extend prefix of {network.prefixlen} by {extra}"
        )
    if length < 0 or (extra >= 0 and abs(place) >= 1 << extra):
        raise TerraformError(
            f"prefix extension of {extra} does not accommodate a subnet numbered {place}"
        )
    # Of a negative number, which is not refused, the magnitude is taken.
    start = abs(int(network.network_address) | (place << (network.max_prefixlen - length)))
    if start >> network.max_prefixlen:
        raise TerraformError(f"a subnet numbered {place} is outside the address space")
    return _prefix(start, length, network.version)


def _part(prefix: Unknown, newbits: number.Number, netnum: number.Number) -> Unknown:
    """A part of a block that is assigned on apply: which one is known."""
    found = unknown(prefix, STRING)
    if prefix.ref is None or newbits.denominator != 1 or netnum.denominator != 1 or newbits < 0:
        return found
    return replace(found, ref=prefix.ref.part(f"+{newbits}", int(netnum)))


@NETWORK.add("cidrsubnets", "prefix:string", "...newbits:number", returns="list(string)")
def _cidrsubnets(prefix: str, *newbits: number.Number) -> CtyValue:
    network = _network(prefix)
    first, last = int(network.network_address), int(network.broadcast_address)
    following = first
    found: list[str] = []
    for place, bits in enumerate(newbits, 1):
        length = network.prefixlen + _extension(bits, place, network)
        size = 1 << (network.max_prefixlen - length)
        start = -(-following // size) * size
        if start + size - 1 > last:
            raise ArgumentError(
                place,
                f"not enough remaining address space for a subnet with a prefix of {length} bits",
            )
        found.append(_prefix(start, length, network.version))
        following = start + size
    return list_(STRING, found)


def _extension(bits: number.Number, place: int, network: Net) -> int:
    extra = whole_number(bits, place)
    if extra < 1:
        raise ArgumentError(place, "must extend prefix by at least one bit")
    if extra > 32:
        raise ArgumentError(place, "may not extend prefix by more than 32 bits")
    if network.prefixlen + extra > network.max_prefixlen:
        raise ArgumentError(
            place,
            f"would extend prefix to {network.prefixlen + extra} bits, which is too long for an "
            f"IPv{network.version} address",
        )
    return extra
