"""
Subnets.

https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
"""

import re

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d+"
ZONES = (
    re.compile(rf"({_REGION})[a-z]"),
    re.compile(rf"({_REGION}-[a-z]{{3}}-\d+)[a-z]"),
    re.compile(rf"({_REGION}-wl\d+-[a-z]{{3}}-wlz-\d+)"),
)
"""Names of Availability Zones, Local Zones and Wavelength Zones; the border group first."""


def border_group(zone: str) -> str:
    """
    The network border group of a zone, by which its public addresses are announced; empty for
    what is no name of a zone.

    https://docs.aws.amazon.com/local-zones/latest/ug/how-local-zones-work.html
    """
    return next((met[1] for each in ZONES if (met := each.fullmatch(zone))), "")


def region_of(zone: str) -> str:
    """The Region of a zone; empty for what is no name of a zone."""
    met = re.match(_REGION, zone)
    return met[0] if met and border_group(zone) else ""


@shape("aws_subnet", "aws_default_subnet", cfn="AWS::EC2::Subnet")
class Subnet(Declared):
    """A subnet. It gives no public addresses unless told to; a default subnet does."""

    vpc: Value | None = attr("vpc_id")
    cidr: Value | None = attr("cidr_block")
    ipv6: Value | None = attr("ipv6_cidr_block", "ipv6_ipam_pool_id", "ipv6_netmask_length")
    ipv6_native: Value | None = attr("ipv6_native")
    maps_public: Value | None = attr("map_public_ip_on_launch")
    assigns_ipv6: Value | None = attr("assign_ipv6_address_on_creation")
    zone: Value | None = attr("availability_zone", "availability_zone_id")
    lookup_default: Value | None = attr("default_for_az", cfn=())
    tags: Value | None = attr("tags")

    @property
    def is_default(self) -> bool:
        """`aws_default_subnet` adopts the subnet AWS made in the default VPC."""
        return self.resource.kind == "aws_default_subnet"


@shape(cfn="AWS::EC2::SubnetCidrBlock")
class SubnetBlock(Declared):
    """An IPv6 block added to a subnet."""

    subnet: Value | None = attr(cfn="SubnetId")
    ipv6: Value | None = attr(cfn=("Ipv6CidrBlock", "Ipv6IpamPoolId"))
