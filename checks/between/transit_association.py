from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, spelled


class TransitAssociation(Check):
    """
    The attachment is associated with no route table of the transit gateway.

    ## On the wire

    The packet reaches the transit gateway, which has no table to look the destination up in,
    and drops it.

    ## Why AWS does that

    What comes in through an attachment is routed by the table it is associated with. Where the
    default association is disabled, at the gateway or at the attachment, each attachment needs
    an association of its own.

    ## Repair in Terraform

    An `aws_ec2_transit_gateway_route_table_association` for the attachment, or
    `default_route_table_association` left enabled.

    ## Repair in CloudFormation

    An `AWS::EC2::TransitGatewayRouteTableAssociation`, or `DefaultRouteTableAssociation` left
    enabled.

    ## What it does not see

    Associations that the owner of a shared gateway makes in another account.
    """

    id = "IAC506"
    name = "transit-association"
    causes = (Reason.TRANSIT_ASSOCIATION,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"
    base = "transit"
    breaks = (
        """
        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "disable"
          default_route_table_propagation = "disable"
        }
        """,
        """
        Resources:
          Hub:
            Properties:
              DefaultRouteTableAssociation: disable
              DefaultRouteTablePropagation: disable
        """,
    )
    quiet = (
        """
        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "enable"
          default_route_table_propagation = "enable"
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
          DataPropagation:
            Type: AWS::EC2::TransitGatewayRouteTablePropagation
            Properties:
              TransitGatewayAttachmentId: !Ref DataAttachment
              TransitGatewayRouteTableId: !Ref HubTable
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        default = spelled(
            cause.blocker.node, "default_route_table_association", "DefaultRouteTableAssociation"
        )
        yield self.blocked(
            cause,
            f"{node} is associated with no route table of the transit gateway",
            f"associate {node} with a route table, or leave `{default}` enabled",
        )
