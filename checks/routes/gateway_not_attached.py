from collections.abc import Iterator

from iaclint.check import (
    Cause,
    Check,
    Finding,
    Fix,
    Gateway,
    Id,
    Label,
    Network,
    New,
    Reason,
    Vpc,
    add,
)


class GatewayNotAttached(Check):
    """
    The internet gateway is attached to no VPC.

    ## On the wire

    Nothing arrives and nothing leaves. AWS refuses a route to such a gateway, or the route drops
    what it gets.

    ## Why AWS does that

    A gateway is made on its own and serves a VPC only while it is attached to it.

    ## Repair in Terraform

    `vpc_id` on the `aws_internet_gateway`, or an `aws_internet_gateway_attachment`.

    ## Repair in CloudFormation

    An `AWS::EC2::VPCGatewayAttachment` with `VpcId` and `InternetGatewayId`; routes need
    `DependsOn` it.

    ## What it does not see

    A gateway that another stack attaches. A gateway that no route leads to is not reported.
    """

    id = "IAC205"
    name = "gateway-not-attached"
    causes = (Reason.GATEWAY_NOT_ATTACHED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
    breaks = (
        """
        resource "aws_internet_gateway" "main" {
          vpc_id = null
        }
        """,
        """
        Resources:
          Attachment: null
          RouteIpv4: {DependsOn: null}
          RouteIpv6: {DependsOn: null}
          Bastion: {DependsOn: null}
          Desktop: {DependsOn: null}
        """,
    )
    quiet = (
        """
        resource "aws_internet_gateway" "main" {
          vpc_id = null
        }

        resource "aws_internet_gateway_attachment" "main" {
          vpc_id              = aws_vpc.main.id
          internet_gateway_id = aws_internet_gateway.main.id
        }
        """,
        """
        Resources:
          Spare:
            Type: AWS::EC2::InternetGateway
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each gateway."""
        gateway, vpc = cause.blocker.node, cause.blocker.about[0]
        yield self.blocked(
            cause,
            f"{gateway.address} is attached to no VPC",
            f"attach {gateway.address} to {vpc.address}",
            fix=_fix(gateway, vpc, cause.network),
        )

    def look(self, network: Network) -> Iterator[Finding]:
        """A route leads to a gateway that is attached to nothing."""
        for table in network.tables:
            for route in table.routes:
                gateway = route.target
                if not isinstance(gateway, Gateway) or gateway.kind != "internet":
                    continue
                if gateway.vpcs or gateway.span is None or route.span is None:
                    continue
                yield self.about(
                    gateway,
                    f"{gateway.address} is attached to no VPC, and a route leads to it",
                    Label(gateway.span, "is attached to no VPC"),
                    f"attach {gateway.address} to a VPC",
                    related=(Label(route.span, "leads to it"),),
                    codes=(Reason.GATEWAY_NOT_ATTACHED.code,),
                )
                return


def _fix(gateway: object, vpc: object, network: Network) -> Fix | None:
    """An attachment of its own, which works however the gateway is written."""
    if not isinstance(gateway, Gateway) or not isinstance(vpc, Vpc):
        return None
    new = New(
        "aws_internet_gateway_attachment",
        "AWS::EC2::VPCGatewayAttachment",
        f"{gateway.label}_attachment",
        {"vpc_id": Id(vpc), "internet_gateway_id": Id(gateway)},
    )
    return add(new, gateway, network.resources, safe=True)
