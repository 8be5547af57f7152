"""
How rules spell protocols and ports.

Security groups take four names and every number; network ACLs in Terraform take IANA's names.
Only TCP, UDP and ICMP look at ports: any other protocol number means all of that protocol.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

from iaclint.packet.service import ANY_PORT, ICMP, ICMPV6, TCP, UDP, Traffic, icmp
from iaclint.source import Span
from iaclint.value import Unknown, Value, text, whole

GROUP_NAMES = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6, "all": None, "-1": None}
ACL_NAMES = {
    "all": None,
    "-1": None,
    "icmp": ICMP,
    "tcp": TCP,
    "udp": UDP,
    "ipv6-icmp": ICMPV6,
    "igmp": 2,
    "ggp": 3,
    "ipencap": 4,
    "st2": 5,
    "egp": 8,
    "igp": 9,
    "rdp": 27,
    "ipv6": 41,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "ospf": 89,
    "vrrp": 112,
    "l2tp": 115,
    "sctp": 132,
    "udplite": 136,
}


class NotAProtocol(ValueError):
    """A protocol name AWS does not take."""


def protocol(value: Value | None, names: dict[str, int | None]) -> int | Unknown | None:
    """
    The protocol number, None for all. Raises `NotAProtocol` where AWS would refuse the name.
    """
    plain = text(value)
    if plain is None:
        return None
    if isinstance(plain, Unknown):
        return plain
    key = plain.strip().lower()
    if key in names:
        return names[key]
    try:
        number = int(float(key))
    except (ValueError, OverflowError) as error:
        raise NotAProtocol(plain) from error
    if number == -1:
        return None
    if not 0 <= number <= 255:
        raise NotAProtocol(plain)
    return number


def group_traffic(
    protocol_value: Value | None, first: Value | None, last: Value | None
) -> Traffic | Unknown:
    """
    What a security group rule lets through. Raises `NotAProtocol`.

    `from_port` is the ICMP type and `to_port` the code. -1 is any.
    """
    number = protocol(protocol_value, GROUP_NAMES)
    if isinstance(number, Unknown):
        return number
    if number not in (TCP, UDP, ICMP, ICMPV6):
        return Traffic(number)
    low, high = whole(first), whole(last)
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return low if isinstance(low, Unknown) else _unknown(high)
    if number in (ICMP, ICMPV6):
        return Traffic(number, icmp(-1 if low is None else low, -1 if high is None else high))
    return Traffic(number, _ports(low, high))


def acl_traffic(
    protocol_value: Value | None,
    first: Value | None,
    last: Value | None,
    kind: int | Unknown,
    code: int | Unknown,
) -> Traffic | Unknown:
    """What a network ACL entry speaks about. Raises `NotAProtocol`."""
    number = protocol(protocol_value, ACL_NAMES)
    if isinstance(number, Unknown):
        return number
    if number in (ICMP, ICMPV6):
        if isinstance(kind, Unknown) or isinstance(code, Unknown):
            return kind if isinstance(kind, Unknown) else _unknown(code)
        return Traffic(number, icmp(kind, code))
    if number not in (TCP, UDP):
        return Traffic(number)
    low, high = whole(first), whole(last)
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return low if isinstance(low, Unknown) else _unknown(high)
    return Traffic(number, _ports(low, high))


def _ports(low: int | None, high: int | None) -> tuple[int, int]:
    if low is None and high is None:
        return ANY_PORT
    low = high if low is None else low
    high = low if high is None else high
    if low == -1 or high == -1:
        return ANY_PORT
    return (low or 0, high or 0)


def _unknown(value: object) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("the port is not known", Span("", 1))
