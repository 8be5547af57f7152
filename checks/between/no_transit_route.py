from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoTransitRoute(Check):
    """
    The route table of the transit gateway does not lead to the other network.

    ## On the wire

    The packet reaches the transit gateway and is dropped there, or goes to another network.

    ## Why AWS does that

    The table with which an attachment is associated needs a route to the other attachment, by
    propagation or as a static route. The longest prefix decides; a blackhole drops what it
    matches; at one block a static route beats a propagated one. A peering with another transit
    gateway is never propagated: the tables of both gateways need static routes to it. What is
    sent to the wrong VPC is lost, unless something there hands it on: a firewall, appliances, a
    NAT gateway, an instance without source/destination check.

    ## Repair in Terraform

    An `aws_ec2_transit_gateway_route_table_propagation` of the other attachment into the table,
    or an `aws_ec2_transit_gateway_route` to it.

    ## Repair in CloudFormation

    `AWS::EC2::TransitGatewayRouteTablePropagation` or `AWS::EC2::TransitGatewayRoute`.

    ## What it does not see

    Routes that a VPN brings while it runs. A table that may have them makes the answer
    undecided for the networks behind the VPN.
    """

    id = "IAC507"
    name = "no-transit-route"
    causes = (
        Reason.TRANSIT_NO_ROUTE,
        Reason.TRANSIT_ELSEWHERE,
        Reason.TRANSIT_BLACKHOLE,
    )
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"
    base = "transit"
    breaks = (
        """
        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "disable"
          default_route_table_propagation = "disable"
        }

        resource "aws_ec2_transit_gateway_route_table" "all" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_ec2_transit_gateway_route_table_association" "main" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.main.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }

        resource "aws_ec2_transit_gateway_route_table_association" "data" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.data.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }

        resource "aws_ec2_transit_gateway_route_table_propagation" "data" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.data.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }
        """,
        """
        Resources:
          Hub:
            Properties:
              DefaultRouteTableAssociation: disable
              DefaultRouteTablePropagation: disable
          HubTable:
            Type: AWS::EC2::TransitGatewayRouteTable
            Properties: {TransitGatewayId: !Ref Hub}
          MainAssociation:
            Type: AWS::EC2::TransitGatewayRouteTableAssociation
            Properties:
              TransitGatewayAttachmentId: !Ref MainAttachment
              TransitGatewayRouteTableId: !Ref HubTable
          DataAssociation:
            Type: AWS::EC2::TransitGatewayRouteTableAssociation
            Properties:
              TransitGatewayAttachmentId: !Ref DataAttachment
              TransitGatewayRouteTableId: !Ref HubTable
          MainPropagation:
            Type: AWS::EC2::TransitGatewayRouteTablePropagation
            Properties:
              TransitGatewayAttachmentId: !Ref MainAttachment
              TransitGatewayRouteTableId: !Ref HubTable
        """,
    )
    quiet = (
        """
        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "disable"
          default_route_table_propagation = "disable"
        }

        resource "aws_ec2_transit_gateway_route_table" "all" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_ec2_transit_gateway_route_table_association" "main" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.main.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }

        resource "aws_ec2_transit_gateway_route_table_association" "data" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.data.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }

        resource "aws_ec2_transit_gateway_route_table_propagation" "main" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.main.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }

        resource "aws_ec2_transit_gateway_route_table_propagation" "data" {
          transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.data.id
          transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
        }
        """,
        """
        Resources:
          Hub:
            Properties:
              DefaultRouteTableAssociation: enable
              DefaultRouteTablePropagation: enable
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{about[0].address} does not lead to {about[1].address}: {text}",
            cause.blocker.help
            or f"propagate {about[1].address} into {about[0].address}, or add a static route to it",
        )
