from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeerRouteElsewhere(Check):
    """
    The route for the other network leads elsewhere than to the connection with it.

    ## On the wire

    The request or the reply goes to a gateway that does not know the other network, and is lost
    there.

    ## Why AWS does that

    The longest prefix that contains the destination decides, however good the other routes are.
    Peering is not transitive: a connection to a third VPC does not lead on to the one behind
    it.

    ## Repair in Terraform

    Take the narrower `aws_route` away, or send its block to the `vpc_peering_connection_id` or
    `transit_gateway_id` too.

    ## Repair in CloudFormation

    The same with `AWS::EC2::Route`.

    ## What it does not see

    What an appliance does with the packets that it is sent: a route to an interface makes the
    answer undecided, or another finding.
    """

    id = "IAC502"
    name = "peer-route-elsewhere"
    causes = (Reason.PEER_ROUTE_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
    base = "peered"
    breaks = (
        """
        resource "aws_nat_gateway" "inside" {
          connectivity_type = "private"
          subnet_id         = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.9.1.0/24"
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
              DestinationCidrBlock: 10.9.1.0/24
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
          destination_cidr_block = "10.9.2.0/24"
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
              DestinationCidrBlock: 10.9.2.0/24
              NatGatewayId: !Ref Nat
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"the route for {about[2].address} leads to {about[3].address}, not to "
            f"{about[0].address}",
            f"send the block of {about[2].address} to {about[0].address}",
        )
