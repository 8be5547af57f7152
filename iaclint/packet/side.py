"""
One end of a connection as the rules of a firewall name it: addresses of both families, and ports.
"""

from __future__ import annotations

from dataclasses import dataclass

from iaclint.packet.prefix import Family, everything
from iaclint.packet.region import Region
from iaclint.packet.service import ANY_PORT

ALL_PORTS = Region(((ANY_PORT,),))


@dataclass(frozen=True, slots=True)
class Side:
    """The addresses and the TCP or UDP ports that a rule is about, at one end."""

    ipv4: Region = everything("ipv4").region
    ipv6: Region = everything("ipv6").region
    ports: Region = ALL_PORTS

    def addresses(self, family: Family) -> Region:
        """The addresses of one family."""
        return self.ipv4 if family == "ipv4" else self.ipv6


ANYWHERE = Side()
"""Every address, every port."""
