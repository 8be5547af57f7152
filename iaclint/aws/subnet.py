"""
Subnets.

https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
"""

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value


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
    outpost: Value | None = attr("outpost_arn")
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
