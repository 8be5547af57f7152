from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DivertedInside(Check):
    """
    A route narrower than the VPC takes packets out of it.

    ## On the wire

    The packet leaves the VPC by a gateway that cannot bring it back in, and is lost.

    ## Why AWS does that

    Inside of a VPC the local route leads everywhere. A route for a whole subnet is narrower and
    may lead to an appliance instead; the appliance has to pass the packets on, in both
    directions.

    ## Repair in Terraform

    Remove the `aws_route`, or let it lead to the interface of an appliance that forwards.

    ## Repair in CloudFormation

    The same with `AWS::EC2::Route`.

    ## What it does not see

    What a firewall endpoint or an appliance lets through.
    """

    id = "IAC512"
    name = "diverted-inside"
    causes = (Reason.LOCAL_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html"
    breaks = (
        """
        resource "aws_nat_gateway" "inside" {
          connectivity_type = "private"
          subnet_id         = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.0.2.0/24"
          nat_gateway_id         = aws_nat_gateway.inside.id
        }
        """,
        """
        Resources:
          Nat:
            Type: AWS::EC2::NatGateway
            Properties: {ConnectivityType: private, SubnetId: !Ref PublicSubnet}
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.0.2.0/24
              NatGatewayId: !Ref Nat
        """,
    )
    quiet = (
        """
        resource "aws_nat_gateway" "inside" {
          connectivity_type = "private"
          subnet_id         = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.0.4.0/24"
          nat_gateway_id         = aws_nat_gateway.inside.id
        }
        """,
        """
        Resources:
          Nat:
            Type: AWS::EC2::NatGateway
            Properties: {ConnectivityType: private, SubnetId: !Ref PublicSubnet}
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.0.4.0/24
              NatGatewayId: !Ref Nat
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "remove the route, or let it lead to an appliance that forwards",
        )
