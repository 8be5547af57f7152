"""
Addresses and CIDR blocks, IPv4 and IPv6 each on its own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from iaclint.packet.region import Region

Family = Literal["ipv4", "ipv6"]
FAMILIES: tuple[Family, ...] = ("ipv4", "ipv6")
BITS: dict[Family, int] = {"ipv4": 32, "ipv6": 128}


@dataclass(frozen=True, slots=True, order=True)
class Prefix:
    """A CIDR block: `first` is its first address as a number, host bits cleared."""

    family: Family
    first: int
    length: int

    @property
    def last(self) -> int:
        """The last address of the block, as a number."""
        return self.first | ((1 << (BITS[self.family] - self.length)) - 1)

    @property
    def region(self) -> Region:
        """The addresses of the block."""
        return Region((((self.first, self.last),),))

    def __contains__(self, other: Prefix) -> bool:
        return (
            self.family == other.family
            and self.length <= other.length
            and self.first <= other.first <= self.last
        )

    def __str__(self) -> str:
        return "an assigned IPv6 block" if self in STAND_IN else self.text

    @property
    def text(self) -> str:
        """The block as it is written in files."""
        return f"{show_address(self.family, self.first)}/{self.length}"

    def part(self, length: int, number: int) -> Prefix | None:
        """One of the equal parts of a block; None where there is none of that number."""
        if not self.length <= length <= BITS[self.family]:
            return None
        first = self.first + (number << (BITS[self.family] - length))
        found = Prefix(self.family, first, length)
        return found if found in self else None


class NotAPrefix(ValueError):
    """A text is not a CIDR block; the argument says why, in words for the user."""


def parse_prefix(text: str) -> Prefix:
    """
    A CIDR block, or one address as a block of its own. Host bits are cleared, as EC2 does.

    Raises `NotAPrefix`.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise NotAPrefix(f'"{text}" is not a CIDR block') from error
    family: Family = "ipv4" if network.version == 4 else "ipv6"
    return Prefix(family, int(network.network_address), network.prefixlen)


def has_host_bits(text: str) -> bool:
    """Whether a CIDR block is written with bits behind its mask (`10.0.0.5/16`)."""
    try:
        ipaddress.ip_network(text.strip(), strict=True)
    except ValueError:
        return True
    return False


def show_address(family: Family, number: int) -> str:
    """An address as people write it."""
    if family == "ipv4":
        return str(ipaddress.IPv4Address(number))
    return str(ipaddress.IPv6Address(number))


def everything(family: Family) -> Prefix:
    """`0.0.0.0/0` or `::/0`."""
    return Prefix(family, 0, 0)


def addresses(prefixes: Iterable[Prefix], family: Family) -> Region:
    """All addresses of one family in the blocks."""
    return Region.of(block for p in prefixes if p.family == family for block in p.region)


def blocks(region: Region, family: Family) -> list[Prefix]:
    """The fewest CIDR blocks that make up a set of addresses."""
    found: list[Prefix] = []
    for first, last in region.intervals():
        while first <= last:
            room = BITS[family] if first == 0 else (first & -first).bit_length() - 1
            size = min(room, (last - first + 1).bit_length() - 1)
            found.append(Prefix(family, first, BITS[family] - size))
            first += 1 << size
    return found


def _named(*texts: str) -> tuple[Prefix, ...]:
    return tuple(parse_prefix(text) for text in texts)


PRIVATE = _named("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""RFC 1918, RFC 6598, RFC 4193: an internet gateway never carries these.

https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

_NEVER_A_CLIENT = _named("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
_GLOBAL_IPV6 = parse_prefix("2000::/3")

PLACEHOLDERS = _named("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
"""Documentation ranges (RFC 5737, RFC 3849). They count as public addresses."""

STAND_IN = parse_prefix("100::/8")
"""Addresses that nobody has: IPv6 blocks that are assigned on apply are parts of it until then."""

INTERNET: dict[Family, Region] = {
    "ipv4": everything("ipv4").region - addresses(PRIVATE + _NEVER_A_CLIENT, "ipv4"),
    "ipv6": _GLOBAL_IPV6.region,
}
"""The addresses a client on the internet can have."""


def show_after(word: str, region: Region, family: Family) -> str:
    """A set of addresses at the end of a phrase (` from 10.0.0.0/8`), unless it may be any."""
    return "" if everything(family).region <= region else f" {word} {show(region, family)}"


def show(region: Region, family: Family, most: int = 3) -> str:
    """A set of addresses in words: the internet, or some of its blocks."""
    if INTERNET[family] <= region:
        return "the internet"
    found = blocks(region, family)
    if not found:
        return "no address"
    if len(found) <= most:
        return " and ".join(", ".join(str(p) for p in found).rsplit(", ", 1))
    return f"{', '.join(str(p) for p in found[:most])} and {len(found) - most} more"
