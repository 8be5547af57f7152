from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DivertedRoute(Check):
    """
    The route for the replies leads elsewhere than to the internet gateway.

    ## On the wire

    The request comes in through the internet gateway, and the reply goes to a peering connection,
    a transit gateway, a VPN or an instance. It never reaches the client, who sees a time-out.

    ## Why AWS does that

    The longest prefix that contains the client decides, whatever way the request came. A narrow
    route to a VPN takes the replies to exactly those clients away from the default route.

    ## Repair in Terraform

    Point the `aws_route` that contains the clients to the internet gateway (`gateway_id`), or
    narrow the other route so that it no longer contains them.

    ## Repair in CloudFormation

    The same with `GatewayId` in the `AWS::EC2::Route`.

    ## What it does not see

    An appliance or an instance that sends the packets on: with an edge route table that brings
    requests there too the answer is undecided.
    """

    id = "IAC207"
    name = "diverted-route"
    causes = (Reason.DIVERTED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html"
    breaks = (
        """
        resource "aws_vpn_gateway" "office" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route" "office" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "203.0.113.0/24"
          gateway_id             = aws_vpn_gateway.office.id
        }
        """,
        """
        Resources:
          Office:
            Type: AWS::EC2::VPNGateway
            Properties:
              Type: ipsec.1
          OfficeAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties:
              VpcId: !Ref Vpc
              VpnGatewayId: !Ref Office
          OfficeRoute:
            Type: AWS::EC2::Route
            DependsOn: OfficeAttachment
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 203.0.113.0/24
              GatewayId: !Ref Office
        """,
    )
    quiet = (
        """
        resource "aws_vpn_gateway" "office" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route" "office" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "192.168.0.0/16"
          gateway_id             = aws_vpn_gateway.office.id
        }
        """,
        """
        Resources:
          Peering:
            Type: AWS::EC2::VPCPeeringConnection
            Properties:
              VpcId: !Ref Vpc
              PeerVpcId: vpc-0123456789abcdef0
          PeerRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 172.16.0.0/12
              VpcPeeringConnectionId: !Ref Peering
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each route."""
        target, gateway = cause.blocker.about[0].address, cause.gateway
        way = gateway.address if gateway else "the internet gateway"
        yield self.blocked(
            cause,
            f"replies leave by {target}, not by the internet gateway",
            f"send the replies to {cause.source} to {way}",
        )
