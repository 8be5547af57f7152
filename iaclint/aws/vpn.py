"""
Networks outside of AWS: site-to-site VPN, Direct Connect, Client VPN.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html
https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is.html
"""

from __future__ import annotations

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value


@shape("aws_vpn_connection", cfn="AWS::EC2::VPNConnection")
class VpnConnection(Declared):
    """A VPN to a VPN gateway or a transit gateway. With BGP its routes are not written down."""

    gateway: Value | None = attr("vpn_gateway_id")
    transit: Value | None = attr("transit_gateway_id")
    static: Value | None = attr("static_routes_only")
    inside: Value | None = attr("tunnel_inside_ip_version")


@shape("aws_vpn_connection_route", cfn="AWS::EC2::VPNConnectionRoute")
class VpnRoute(Declared):
    """A block behind a VPN with static routes."""

    to: Value | None = attr("destination_cidr_block")
    connection: Value | None = attr("vpn_connection_id")


@shape("aws_dx_gateway_association", cfn="AWS::DirectConnect::DirectConnectGatewayAssociation")
class DirectConnectAssociation(Declared):
    """
    Direct Connect at a VPN gateway or transit gateway. `allowed_prefixes` are the VPC's blocks that
    are announced, not those of the other side.
    """

    gateway: Value | None = attr("associated_gateway_id", "vpn_gateway_id")
    direct: Value | None = attr("dx_gateway_id", cfn="DirectConnectGatewayId")


@shape(
    *("aws_dx_private_virtual_interface", "aws_dx_hosted_private_virtual_interface_accepter"),
    cfn="AWS::DirectConnect::PrivateVirtualInterface",
)
class PrivateVirtualInterface(Declared):
    """Direct Connect straight at a VPN gateway, without a Direct Connect gateway between them."""

    gateway: Value | None = attr("vpn_gateway_id", cfn="VirtualGatewayId")


@shape("aws_ec2_client_vpn_endpoint", cfn="AWS::EC2::ClientVpnEndpoint")
class ClientVpn(Declared):
    """
    People with a VPN client. Their packets come from the endpoint's interfaces in the associated
    subnets, which carry its groups.

    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html
    """

    clients: Value | None = attr("client_cidr_block")
    vpc: Value | None = attr("vpc_id")
    groups: Value | None = attr("security_group_ids")


@shape("aws_ec2_client_vpn_network_association", cfn="AWS::EC2::ClientVpnTargetNetworkAssociation")
class ClientVpnAssociation(Declared):
    """Gives a Client VPN an interface in a subnet."""

    endpoint: Value | None = attr("client_vpn_endpoint_id")
    subnet: Value | None = attr("subnet_id")


@shape("aws_ec2_client_vpn_authorization_rule", cfn="AWS::EC2::ClientVpnAuthorizationRule")
class ClientVpnAuthorization(Declared):
    """Lets the users of a Client VPN reach a block: without one they reach nothing."""

    endpoint: Value | None = attr("client_vpn_endpoint_id")
    block: Value | None = attr("target_network_cidr")


@shape("aws_ec2_client_vpn_route", cfn="AWS::EC2::ClientVpnRoute")
class ClientVpnRoute(Declared):
    """A further block that the endpoint routes; the VPC's own are there by association."""

    endpoint: Value | None = attr("client_vpn_endpoint_id")
    block: Value | None = attr("destination_cidr_block")
