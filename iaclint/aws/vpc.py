"""
VPCs and their address blocks.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from collections.abc import Iterator

from iaclint.aws.policy import EncryptionControl
from iaclint.aws.shape import Declared, attr, blocks, read, shape
from iaclint.value import Value


@shape("aws_vpc", "aws_default_vpc", cfn="AWS::EC2::VPC")
class Vpc(Declared):
    """A VPC. `enable_dns_hostnames` is off unless asked for, in both languages."""

    cidr: Value | None = attr("cidr_block")
    ipv6: Value | None = attr("ipv6_cidr_block", "ipv6_ipam_pool_id", cfn=())
    amazon_ipv6: Value | None = attr("assign_generated_ipv6_cidr_block", cfn=())
    dns_hostnames: Value | None = attr("enable_dns_hostnames")
    lookup_default: Value | None = attr("default", cfn=())
    encryption: Value | None = attr(cfn="VpcEncryptionControl")
    tags: Value | None = attr("tags")

    def expand(self) -> Iterator[Declared]:
        """CloudFormation's inline encryption control."""
        for block in blocks(self.encryption):
            yield read(EncryptionControl, self.resource, block, inline=True)

    @property
    def is_default(self) -> bool:
        """`aws_default_vpc` adopts the default VPC, which AWS made with a gateway and a route."""
        return self.resource.kind == "aws_default_vpc"


@shape(
    "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_ipv6_cidr_block_association",
    cfn="AWS::EC2::VPCCidrBlock",
)
class VpcBlock(Declared):
    """A further block of a VPC. The IPv6 resource without a block asks Amazon for one."""

    vpc: Value | None = attr("vpc_id")
    cidr: Value | None = attr("cidr_block")
    ipv6: Value | None = attr("ipv6_cidr_block", "ipv6_ipam_pool_id", "ipv6_pool")
    amazon_ipv6: Value | None = attr(
        "assign_generated_ipv6_cidr_block", cfn="AmazonProvidedIpv6CidrBlock"
    )

    @property
    def is_ipv6(self) -> bool:
        """Whether the block is an IPv6 one."""
        return "ipv6" in self.resource.kind or bool(self.ipv6 or self.amazon_ipv6)
