from collections.abc import Iterator

from iaclint.check import (
    Check,
    Finding,
    Group,
    Interface,
    Label,
    Network,
    Unknown,
    Vpc,
)


class GroupOfAnotherVpc(Check):
    """
    The security group belongs to another VPC than the interface.

    ## On the wire

    Nothing: AWS refuses to make the instance ("security group and subnet belong to different
    networks").

    ## Why AWS does that

    A group is part of one VPC and can be put only on interfaces of it. A group without a VPC is
    made in the default one.

    ## Repair in Terraform

    Set `vpc_id` of the `aws_security_group` to the VPC of the subnet, or take one that is there.

    ## Repair in CloudFormation

    Set `VpcId` of the `AWS::EC2::SecurityGroup`; without it the group is made in the default VPC.

    ## What it does not see

    Groups and subnets that are made elsewhere, and groups that are shared with a further VPC by an
    association that is not in the files.
    """

    id = "IAC407"
    name = "group-of-another-vpc"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"
    breaks = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_security_group" "desktop" {
          vpc_id = aws_vpc.other.id
        }
        """,
        """
        resource "aws_security_group" "inner" {
          vpc_id = null
        }
        """,
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_vpc" "third" {
          cidr_block = "10.8.0.0/16"
        }

        resource "aws_security_group" "inner" {
          vpc_id = aws_vpc.other.id
        }

        resource "aws_vpc_security_group_vpc_association" "inner" {
          security_group_id = aws_security_group.inner.id
          vpc_id            = aws_vpc.third.id
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          InnerGroup:
            Properties:
              VpcId: !Ref Other
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_security_group" "inner" {
          vpc_id = aws_vpc.other.id
        }

        resource "aws_vpc_security_group_vpc_association" "inner" {
          security_group_id = aws_security_group.inner.id
          vpc_id            = aws_vpc.main.id
        }
        """,
        """
        Resources:
          InnerGroup:
            Properties:
              VpcId: vpc-0123456789abcdef0
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          InnerGroup:
            Properties:
              VpcId: !Ref Other
          Shared:
            Type: AWS::EC2::SecurityGroupVpcAssociation
            Properties:
              GroupId: !GetAtt InnerGroup.GroupId
              VpcId: !Ref Vpc
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Interfaces whose VPC and groups are known."""
        seen: set[tuple[str, str]] = set()
        for interface in _all(network):
            vpc = interface.vpc
            for group in interface.groups:
                if not isinstance(vpc, Vpc) or not isinstance(group, Group):
                    continue
                key = (interface.address, group.address)
                if key not in seen and _foreign(group, vpc):
                    seen.add(key)
                    yield from self._report(interface, group, vpc)

    def _report(self, interface: Interface, group: Group, vpc: Vpc) -> Iterator[Finding]:
        span = interface.groups_span or interface.span
        if span is None or not isinstance(group.vpc, Vpc):
            return
        there = (Label(group.span, f"is in {group.vpc.address}"),) if group.span else ()
        yield self.about(
            interface,
            f"{interface.address} is in {vpc.address}, and its security group {group.address} in "
            f"{group.vpc.address}",
            Label(span, f"{group.address} belongs to another VPC"),
            f"make {group.address} in {vpc.address}, or name a group of that VPC",
            related=there,
            identity=group.address,
        )


def _all(network: Network) -> Iterator[Interface]:
    for instance in network.instances:
        yield from instance.interfaces()
    yield from network.interfaces


def _foreign(group: Group, vpc: Vpc) -> bool:
    """Whether the group is for certain in another VPC; two that are made elsewhere may be one."""
    if not isinstance(group.vpc, Vpc) or group.vpc is vpc or group.vpc.foreign or vpc.foreign:
        return False
    shared = any(each is vpc or isinstance(each, Unknown) for each in group.also)
    return not shared and group.rest is None
