"""
By which addresses and names the files speak of an instance.
"""

from __future__ import annotations

from iaclint.network import Instance
from iaclint.packet.prefix import Family


def is_addressable(instance: Instance, family: Family) -> bool:
    """Whether an address of the family is there, asked for, or may be there."""
    return any(
        (i.public.has is not False or i.public.asked is not None)
        if family == "ipv4"
        else i.ipv6 is not False
        for i in instance.interfaces()
    )


def has_address(instance: Instance, family: Family) -> bool:
    """Whether it surely can be addressed from outside in a family."""
    return any(
        (i.public.has if family == "ipv4" else i.ipv6) is True for i in instance.interfaces()
    )


def is_called(instance: Instance, address: str) -> bool:
    """Whether a resource is the instance, or an Elastic IP of it."""
    return address == instance.address or any(
        address == interface.public.elastic.address
        for interface in instance.interfaces()
        if interface.public.elastic is not None
    )
