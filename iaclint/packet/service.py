"""
What is asked for (SSH, RDP, ping, any port) and what a rule lets through, on one scale.

Protocol and port become a protocol number and an interval: ports for TCP and UDP, `type × 256 +
code` for ICMP and ICMPv6, so that one arithmetic serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from iaclint.packet.prefix import Family
from iaclint.packet.region import Interval

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
ANY_PORT: Interval = (0, 65535)
EPHEMERAL: Interval = (1024, 65535)
"""Where the client's port can lie: AWS asks for this whole range.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports
"""
USUAL_CLIENT: Interval = (32768, 65535)
"""Where it mostly lies: Linux takes one of 32768-60999, Windows and macOS one of 49152-65535."""

CLIENT_PORTS = {"linux": (32768, 60999), "windows": (49152, 65535)}
"""Those that one of each system takes: `ip_local_port_range`, and the dynamic ports of Windows.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports
"""

PROTOCOL_NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmpv6"}


def icmp(kind: int, code: int) -> Interval:
    """ICMP type and code as an interval; -1 is any."""
    if kind < 0:
        return ANY_PORT
    if code < 0:
        return (kind * 256, kind * 256 + 255)
    return (kind * 256 + code, kind * 256 + code)


PATH_MTU = ((ICMP, icmp(3, 4)), (ICMPV6, icmp(2, -1)), (ICMPV6, icmp(2, 0)))
"""Fragmentation needed, and packet too big.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html
"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Protocol (None: every one) and the interval of ports or types that a rule speaks about."""

    protocol: int | None
    ports: Interval = ANY_PORT

    def covers(self, protocol: int, ports: Interval) -> bool:
        """Whether all of these packets are spoken about."""
        return self.meets(protocol) and self.ports[0] <= ports[0] and ports[1] <= self.ports[1]

    def meets(self, protocol: int) -> bool:
        """Whether the rule speaks about the protocol at all."""
        return self.protocol is None or self.protocol == protocol

    def __str__(self) -> str:
        if self.protocol is None:
            return "all traffic"
        name = PROTOCOL_NAMES.get(self.protocol, f"protocol {self.protocol}")
        if self.protocol not in PROTOCOL_NAMES or self.ports == ANY_PORT:
            return f"all {name}"
        first, last = self.ports
        if self.protocol in (ICMP, ICMPV6):
            kind, code = divmod(first, 256)
            every = last - first == 255
            return f"{name} type {kind}" + ("" if every else f" code {code}")
        return f"{name} {first}" if first == last else f"{name} {first}-{last}"


@dataclass(frozen=True, slots=True)
class Service:
    """
    Something a person does with an instance. `key` is how the command line names it (`ssh`,
    `tcp/5432`), `title` how a sentence does.
    """

    key: str
    title: str
    protocol: int
    port: int = 0

    def request(self, family: Family) -> Traffic:
        """The packets from the client to the instance."""
        if self.protocol != ICMP:
            return Traffic(self.protocol, (self.port, self.port) if self.has_ports else ANY_PORT)
        return Traffic(ICMP, icmp(8, 0)) if family == "ipv4" else Traffic(ICMPV6, icmp(128, 0))

    def reply(self, family: Family) -> Traffic:
        """The packets back, to any port the client may have chosen."""
        if self.protocol != ICMP:
            return Traffic(self.protocol, EPHEMERAL if self.has_ports else ANY_PORT)
        return Traffic(ICMP, icmp(0, 0)) if family == "ipv4" else Traffic(ICMPV6, icmp(129, 0))

    @property
    def has_ports(self) -> bool:
        """Whether its packets have ports, so that the client chooses one of its own."""
        return self.protocol in (TCP, UDP)

    @property
    def is_ping(self) -> bool:
        """ICMP echo has no ports, and is expected only on evidence about ICMP."""
        return self.protocol == ICMP

    def __str__(self) -> str:
        return self.title


SSH = Service("ssh", "SSH", TCP, 22)
RDP = Service("rdp", "RDP", TCP, 3389)
PING = Service("icmp", "ping", ICMP)
SERVICES = (SSH, RDP, PING)


class NotAService(ValueError):
    """A text names no service; the argument says what would."""


def parse_service(text: str) -> Service:
    """`ssh`, `rdp`, `icmp`, `winrm`, `tcp/5432`, `udp/53`, `ip/50`. Raises `NotAService`."""
    plain = text.strip().lower()
    for service in SERVICES:
        if plain in (service.key, service.title.lower()):
            return service
    if plain == "winrm":
        return Service("winrm", "WinRM", TCP, 5985)
    protocol, _, port = plain.partition("/")
    if protocol in ("tcp", "udp") and port.isdigit() and 0 < int(port) <= 65535:
        return Service(plain, plain, TCP if protocol == "tcp" else UDP, int(port))
    if protocol == "ip" and port.isdigit() and int(port) < 256:
        return _protocol(int(port), plain)
    known = "ssh, rdp, icmp, winrm, tcp/PORT, udp/PORT or ip/PROTOCOL"
    raise NotAService(f'"{text}" is not a service: {known}')


def _protocol(number: int, plain: str) -> Service:
    """A protocol without ports by its number; one with ports needs the port too."""
    if number in (TCP, UDP):
        raise NotAService(f'"{plain}" has ports: ask about {PROTOCOL_NAMES[number]}/PORT')
    return PING if number in (ICMP, ICMPV6) else Service(plain, f"protocol {number}", number)
