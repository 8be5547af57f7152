"""
Transit gateways: attachments, route tables, associations and propagations.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from iaclint.aws.gateway import Gateway
from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Unknown, Value, text, truth


def enabled(value: Value | None, otherwise: bool) -> bool | Unknown:
    """`enable`, `disable`, or a truth value."""
    plain = text(value)
    if plain is None or isinstance(plain, Unknown):
        return otherwise if plain is None else plain
    if plain in ("enable", "disable"):
        return plain == "enable"
    found = truth(value)
    return otherwise if found is None else found


@shape("aws_ec2_transit_gateway", cfn="AWS::EC2::TransitGateway")
class TransitGateway(Gateway):
    """Attachments are associated with, and propagate to, its default table unless told not to."""

    title = "transit gateway"
    vpc: Value | None = attr(cfn=())
    association: Value | None = attr("default_route_table_association")
    propagation: Value | None = attr("default_route_table_propagation")
    references: Value | None = attr("security_group_referencing_support")
    association_table: Value | None = attr(cfn="AssociationDefaultRouteTableId")
    propagation_table: Value | None = attr(cfn="PropagationDefaultRouteTableId")


@shape(
    "aws_ec2_transit_gateway_vpc_attachment",
    cfn=("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"),
)
class VpcAttachment(Declared):
    """A VPC at a transit gateway, by one subnet in each zone. IPv6 is off unless asked for."""

    transit: Value | None = attr("transit_gateway_id")
    vpc: Value | None = attr("vpc_id")
    subnets: Value | None = attr("subnet_ids")
    ipv6: Value | None = attr("ipv6_support", cfn="Options.Ipv6Support")
    references: Value | None = attr(
        "security_group_referencing_support", cfn="Options.SecurityGroupReferencingSupport"
    )
    appliance: Value | None = attr("appliance_mode_support", cfn="Options.ApplianceModeSupport")
    association: Value | None = attr("transit_gateway_default_route_table_association", cfn=())
    propagation: Value | None = attr("transit_gateway_default_route_table_propagation", cfn=())


@shape("aws_ec2_transit_gateway_vpc_attachment_accepter")
class AttachmentAccepter(Declared):
    """
    The consent to an attachment from another account, and another name for the attachment. The
    owner of the gateway says there whether the default tables are used.
    """

    attachment: Value | None = attr("transit_gateway_attachment_id")
    association: Value | None = attr("transit_gateway_default_route_table_association")
    propagation: Value | None = attr("transit_gateway_default_route_table_propagation")


@shape(
    "aws_ec2_transit_gateway_peering_attachment",
    cfn="AWS::EC2::TransitGatewayPeeringAttachment",
)
class PeeringAttachment(Declared):
    """
    Joins two transit gateways once the owner of the other one accepts it. It is associated like any
    attachment and announces nothing: the tables on both sides need static routes to it.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
    """

    transit: Value | None = attr("transit_gateway_id")
    peer: Value | None = attr("peer_transit_gateway_id")
    account: Value | None = attr("peer_account_id")


@shape("aws_ec2_transit_gateway_peering_attachment_accepter")
class PeeringAttachmentAccepter(Declared):
    """The consent to a peering of transit gateways, and the name of its end on this side."""

    attachment: Value | None = attr("transit_gateway_attachment_id")


@shape("aws_ec2_transit_gateway_connect", cfn="AWS::EC2::TransitGatewayConnect")
class ConnectAttachment(Declared):
    """Appliances that talk BGP through the attachment of a VPC."""

    transit: Value | None = attr("transit_gateway_id", cfn=())


@shape("aws_ec2_transit_gateway_vpn_attachment")
class VpnAttachment(Declared):
    """A look-up of the attachment that a VPN connection has: another name for it."""

    connection: Value | None = attr("vpn_connection_id")


@shape("aws_ec2_transit_gateway_dx_gateway_attachment")
class DirectConnectAttachment(Declared):
    """A look-up of the attachment that a Direct Connect gateway has: another name for it."""

    gateway: Value | None = attr("dx_gateway_id")
    transit: Value | None = attr("transit_gateway_id")


@shape("aws_ec2_transit_gateway_route_table", cfn="AWS::EC2::TransitGatewayRouteTable")
class TransitRouteTable(Declared):
    """A table of a transit gateway."""

    transit: Value | None = attr("transit_gateway_id")


@shape(
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_prefix_list_reference",
    cfn="AWS::EC2::TransitGatewayRoute",
)
class TransitRoute(Declared):
    """A static route; `blackhole` drops what it matches."""

    table: Value | None = attr("transit_gateway_route_table_id")
    to: Value | None = attr("destination_cidr_block")
    prefix_list: Value | None = attr("prefix_list_id", cfn=())
    attachment: Value | None = attr("transit_gateway_attachment_id")
    blackhole: Value | None = attr("blackhole")


@shape(
    "aws_ec2_transit_gateway_route_table_association",
    cfn="AWS::EC2::TransitGatewayRouteTableAssociation",
)
class TransitAssociation(Declared):
    """Which table decides about what comes in through an attachment."""

    table: Value | None = attr("transit_gateway_route_table_id")
    attachment: Value | None = attr("transit_gateway_attachment_id")


@shape(
    "aws_ec2_transit_gateway_route_table_propagation",
    cfn="AWS::EC2::TransitGatewayRouteTablePropagation",
)
class TransitPropagation(Declared):
    """Puts the blocks of an attachment's network into a table."""

    table: Value | None = attr("transit_gateway_route_table_id")
    attachment: Value | None = attr("transit_gateway_attachment_id")


@shape(
    "aws_ec2_transit_gateway_default_route_table_association",
    "aws_ec2_transit_gateway_default_route_table_propagation",
)
class TransitDefault(Declared):
    """Makes another table the default one, for attachments that are made after it."""

    transit: Value | None = attr("transit_gateway_id")
    table: Value | None = attr("transit_gateway_route_table_id")
