"""
Flows that a `connection` block asks for: the machine that runs Terraform, and the bastion it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.intent.addressed import is_addressable, is_called
from iaclint.intent.connection import PRIVATE, Dial, dials
from iaclint.network import Instance, Interface, Network
from iaclint.packet.prefix import INTERNET, Family
from iaclint.trace.group import Peer, group_step
from iaclint.value import Unknown


def by_connection(network: Network, instance: Instance) -> Iterator[Flow]:
    """The flows that the `connection` blocks of an instance will use."""
    for dial in dials(instance):
        if dial.has_bastion:
            yield from _through_bastion(network, instance, dial)
        elif _dials_outside(instance, dial):
            family: Family = "ipv4"
            if dial.host is not None and dial.host.attribute.startswith("ipv6"):
                family = "ipv6"
            yield Flow(INTERNET_CLIENT, instance, dial.service, family, (dial.evidence,))


def _dials_outside(instance: Instance, dial: Dial) -> bool:
    """Whether the connection goes to an address outside; without a host it takes what there is."""
    if dial.host is not None:
        return dial.host.attribute.split("[")[0] not in PRIVATE
    if dial.is_vague and is_addressable(instance, "ipv6"):
        return False
    return any(each.public.has is not False for each in instance.interfaces())


def _through_bastion(network: Network, instance: Instance, dial: Dial) -> Iterator[Flow]:
    address = dial.bastion.address if dial.bastion else ""
    for bastion in network.instances:
        if not is_called(bastion, address) or not bastion.placements:
            continue
        yield Flow(INTERNET_CLIENT, bastion, dial.bastion_service, "ipv4", (dial.evidence,))
        door = bastion.placements[0][0]
        client = Client(bastion.address, {}, bastion, door)
        if _dials_public(instance, dial) and _goes_out(door, dial):
            client = Client(bastion.address, INTERNET, node=bastion)
        yield Flow(client, instance, dial.service, "ipv4", (dial.evidence,))


def _dials_public(instance: Instance, dial: Dial) -> bool:
    """
    Whether a bastion dials the public address of an instance: through the internet gateway, so that
    it comes with a public address, too. A public name is the private address inside of the VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    given = dial.connection.arguments.get("host")
    host = given.ref if isinstance(given, Unknown) else None
    return (
        host is not None
        and host.attribute == "public_ip"
        and is_called(instance, host.address)
        and any(each.public.has is True for each in instance.interfaces())
    )


def _goes_out(door: Interface, dial: Dial) -> bool:
    """Whether the groups of a bastion let it out to the internet; else they are what blocks."""
    peer = Peer(INTERNET["ipv4"])
    return group_step(door, peer, "ipv4", dial.service, egress=True).verdict != "block"
