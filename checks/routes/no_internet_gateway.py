from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoInternetGateway(Check):
    """
    The VPC has no internet gateway.

    ## On the wire

    Nothing arrives. Packets to a public address in this VPC end at the border of AWS.

    ## Why AWS does that

    An internet gateway is the only way in from the internet, and a VPC that you make has none. Only
    the default VPC of an account comes with one.

    ## Repair in Terraform

    An `aws_internet_gateway` with the `vpc_id`, and an `aws_route` to it in the table of the
    subnet.

    ## Repair in CloudFormation

    An `AWS::EC2::InternetGateway`, an `AWS::EC2::VPCGatewayAttachment`, and an `AWS::EC2::Route`
    to it with `DependsOn` the attachment.

    ## What it does not see

    A gateway that is attached to a VPC made elsewhere: the answer is undecided then.
    """

    id = "IAC204"
    name = "no-internet-gateway"
    causes = (Reason.NO_GATEWAY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
    breaks = (
        """
        resource "aws_internet_gateway" "main" {
          count = 0
        }

        resource "aws_route" "ipv4" {
          count = 0
        }

        resource "aws_route" "ipv6" {
          count = 0
        }
        """,
        """
        Resources:
          Gateway: null
          Attachment: null
          RouteIpv4: null
          RouteIpv6: null
          Bastion: {DependsOn: null}
          Desktop: {DependsOn: null}
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "inner" {
          cidr_block = "10.9.0.0/16"
        }
        """,
        """
        Resources:
          Second:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each VPC."""
        vpc = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{vpc} has no internet gateway",
            f"attach an internet gateway to {vpc}, and route {cause.destination} to it",
        )
