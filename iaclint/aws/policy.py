"""
What an account forbids whatever the routes say: VPC Block Public Access, encryption control.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
"""

from __future__ import annotations

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value


@shape("aws_vpc_block_public_access_options", cfn="AWS::EC2::VPCBlockPublicAccessOptions")
class BlockPublicAccess(Declared):
    """The mode of the Region: `off`, `block-bidirectional`, `block-ingress`."""

    mode: Value | None = attr("internet_gateway_block_mode")


@shape("aws_vpc_block_public_access_exclusion", cfn="AWS::EC2::VPCBlockPublicAccessExclusion")
class PublicAccessExclusion(Declared):
    """A VPC or subnet that is left alone: `allow-bidirectional`, or `allow-egress`."""

    vpc: Value | None = attr("vpc_id")
    subnet: Value | None = attr("subnet_id")
    mode: Value | None = attr("internet_gateway_exclusion_mode")


@shape("aws_vpc_encryption_control", cfn="AWS::EC2::VPCEncryptionControl")
class EncryptionControl(Declared):
    """
    In `enforce` mode a VPC takes an internet gateway only with an exclusion for it. Inside of
    `AWS::EC2::VPC` the properties have the names of the API, in a resource of its own `…Input`.
    """

    vpc: Value | None = attr("vpc_id")
    mode: Value | None = attr("mode")
    internet: Value | None = attr(
        "internet_gateway_exclusion",
        cfn=("InternetGatewayExclusionInput", "InternetGatewayExclusion"),
    )
    inline: bool = False
