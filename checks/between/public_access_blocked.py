from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PublicAccessBlocked(Check):
    """
    VPC Block Public Access refuses connections from the internet.

    ## On the wire

    Packets from the internet are dropped at the gateway, whatever routes and rules say.

    ## Why AWS does that

    In the modes `block-bidirectional` and `block-ingress` no internet gateway of the Region
    lets anybody in. An exclusion with `allow-bidirectional` for the VPC or the subnet restores
    it; one with `allow-egress` does not.

    ## Repair in Terraform

    An `aws_vpc_block_public_access_exclusion` with `internet_gateway_exclusion_mode =
    "allow-bidirectional"`, if people are to come in this way at all.

    ## Repair in CloudFormation

    An `AWS::EC2::VPCBlockPublicAccessExclusion` with `InternetGatewayExclusionMode`.

    ## What it does not see

    Options that another configuration or the organization sets for the account.
    """

    id = "IAC520"
    name = "public-access-blocked"
    causes = (Reason.PUBLIC_ACCESS_BLOCKED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html"
    breaks = (
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-ingress"
        }
        """,
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-bidirectional"
        }

        resource "aws_vpc_block_public_access_exclusion" "main" {
          vpc_id                          = aws_vpc.main.id
          internet_gateway_exclusion_mode = "allow-egress"
        }
        """,
        """
        Resources:
          Region:
            Type: AWS::EC2::VPCBlockPublicAccessOptions
            Properties: {InternetGatewayBlockMode: block-ingress}
        """,
        """
        Resources:
          Region:
            Type: AWS::EC2::VPCBlockPublicAccessOptions
            Properties: {InternetGatewayBlockMode: block-bidirectional}
          Exclusion:
            Type: AWS::EC2::VPCBlockPublicAccessExclusion
            Properties:
              SubnetId: !Ref PrivateSubnet
              InternetGatewayExclusionMode: allow-bidirectional
        """,
    )
    quiet = (
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "off"
        }
        """,
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-bidirectional"
        }

        resource "aws_vpc_block_public_access_exclusion" "main" {
          vpc_id                          = aws_vpc.main.id
          internet_gateway_exclusion_mode = "allow-bidirectional"
        }
        """,
        """
        Resources:
          Region:
            Type: AWS::EC2::VPCBlockPublicAccessOptions
            Properties: {InternetGatewayBlockMode: block-ingress}
          Exclusion:
            Type: AWS::EC2::VPCBlockPublicAccessExclusion
            Properties: {VpcId: !Ref Vpc, InternetGatewayExclusionMode: allow-bidirectional}
        """,
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-ingress"
        }

        resource "aws_vpc_block_public_access_exclusion" "some" {
          for_each                        = {
            public   = aws_subnet.public.id
            desktops = aws_subnet.desktops.id
          }
          subnet_id                       = each.value
          internet_gateway_exclusion_mode = "allow-bidirectional"
        }
        """,
        """
        Resources:
          Region:
            Type: AWS::EC2::VPCBlockPublicAccessOptions
            Properties: {InternetGatewayBlockMode: block-ingress}
          Public:
            Type: AWS::EC2::VPCBlockPublicAccessExclusion
            Properties:
              SubnetId: !Ref PublicSubnet
              InternetGatewayExclusionMode: allow-bidirectional
          Desktops:
            Type: AWS::EC2::VPCBlockPublicAccessExclusion
            Properties:
              SubnetId: !Ref DesktopSubnet
              InternetGatewayExclusionMode: allow-bidirectional
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        place = cause.blocker.about[0].address
        yield self.blocked(
            cause,
            "VPC Block Public Access refuses what comes in from the internet",
            f"exclude {place} with allow-bidirectional, or come in by another way",
        )
