from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class GatewayOfAnotherVpc(Check):
    """
    The internet gateway is attached to another VPC.

    ## On the wire

    Nothing arrives: the VPC of the instance has no gateway of its own. AWS refuses the route to
    the other one when it is applied.

    ## Why AWS does that

    A gateway serves exactly one VPC, and a route can lead only to a gateway of its own VPC.

    ## Repair in Terraform

    Correct the `vpc_id` of the `aws_internet_gateway` (or of its attachment), or give this VPC a
    gateway of its own.

    ## Repair in CloudFormation

    Correct the `VpcId` of the `AWS::EC2::VPCGatewayAttachment`, or add a gateway for this VPC.

    ## What it does not see

    Attachments that another stack makes.
    """

    id = "IAC206"
    name = "gateway-of-another-vpc"
    causes = (Reason.GATEWAY_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
    breaks = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_internet_gateway" "main" {
          vpc_id = aws_vpc.other.id
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          Attachment:
            Properties:
              VpcId: !Ref Other
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_internet_gateway" "other" {
          vpc_id = aws_vpc.other.id
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          OtherGateway:
            Type: AWS::EC2::InternetGateway
          OtherAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties:
              VpcId: !Ref Other
              InternetGatewayId: !Ref OtherGateway
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each gateway."""
        gateway, vpc = cause.blocker.node.address, cause.blocker.about[0].address
        yield self.blocked(
            cause,
            f"{gateway} is attached to another VPC",
            f"attach {gateway} to {vpc}, or give {vpc} a gateway of its own",
        )
