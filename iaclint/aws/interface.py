"""
Network interfaces and Elastic IPs.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, read, shape
from iaclint.value import Value, text


@shape("aws_network_interface", cfn="AWS::EC2::NetworkInterface")
class NetworkInterface(Declared):
    """An interface made on its own. Source/destination checking is on unless switched off."""

    subnet: Value | None = attr("subnet_id")
    groups: Value | None = attr("security_groups", cfn="GroupSet")
    private: Value | None = attr(
        "private_ips", "private_ip", cfn=("PrivateIpAddress", "PrivateIpAddresses")
    )
    ipv6: Value | None = attr("ipv6_addresses")
    ipv6_count: Value | None = attr("ipv6_address_count")
    checks: Value | None = attr("source_dest_check")
    attachments: Value | None = attr("attachment", cfn=())
    tags: Value | None = attr("tags")

    def expand(self) -> Iterator[Declared]:
        """The inline attachments."""
        for block in blocks(self.attachments):
            yield read(InterfaceAttachment, self.resource, block, inline=True)


@shape("aws_network_interface_attachment", cfn="AWS::EC2::NetworkInterfaceAttachment")
class InterfaceAttachment(Declared):
    """Puts an interface on an instance that exists already."""

    interface: Value | None = attr("network_interface_id")
    instance: Value | None = attr("instance_id", "instance")
    index: Value | None = attr("device_index")
    inline: bool = False


@shape("aws_eip", cfn="AWS::EC2::EIP")
class ElasticIp(Declared):
    """
    An IPv4 address that stays: a public one, unless it is of a pool of one's own at an Outpost or
    of a Wavelength Zone. It serves the zones of its border group only.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
    https://docs.aws.amazon.com/outposts/latest/userguide/routing.html#ip-addressing
    """

    instance: Value | None = attr("instance", cfn="InstanceId")
    interface: Value | None = attr("network_interface", cfn=())
    private: Value | None = attr("associate_with_private_ip", cfn=())
    border: Value | None = attr("network_border_group")
    own_pool: Value | None = attr("customer_owned_ipv4_pool", cfn=())
    tags: Value | None = attr("tags")

    @property
    def reached_from(self) -> str:
        """The only network from which it is reached; empty for the internet."""
        if self.own_pool is not None:
            return "the network on premises"
        return "the carrier's network" if "-wlz-" in str(text(self.border)) else ""


@shape("aws_eip_association", cfn="AWS::EC2::EIPAssociation")
class ElasticIpAssociation(Declared):
    """Gives an Elastic IP to an instance or an interface."""

    allocation: Value | None = attr("allocation_id")
    address_: Value | None = attr("public_ip", cfn="EIP")
    instance: Value | None = attr("instance_id")
    interface: Value | None = attr("network_interface_id")
    private: Value | None = attr("private_ip_address")
