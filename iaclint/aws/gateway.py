"""
What a route can lead to, and what each lets in.

A gateway says what it can do (`inbound`, `families`); the engine asks that and never which kind
it is. `target` are the arguments of a route that name it.

https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
"""

from typing import ClassVar, Literal

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value

Inbound = Literal["internet", "never", "network", "appliance"]
"""
Who can start a connection through it: clients on the internet, nobody, a connected network, or
whoever a box that forwards packets lets through.
"""


class Gateway(Declared):
    """Base of everything a route can lead to."""

    title: ClassVar[str] = "gateway"
    inbound: ClassVar[Inbound] = "network"
    vpc: Value | None


@shape("aws_internet_gateway", cfn="AWS::EC2::InternetGateway")
class InternetGateway(Gateway):
    """
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
    """

    title = "internet gateway"
    inbound = "internet"
    vpc: Value | None = attr("vpc_id", cfn=())
    tags: Value | None = attr("tags")


@shape(
    "aws_internet_gateway_attachment",
    "aws_vpn_gateway_attachment",
    cfn="AWS::EC2::VPCGatewayAttachment",
)
class GatewayAttachment(Declared):
    """Attaches a gateway that was made without a VPC."""

    vpc: Value | None = attr("vpc_id")
    internet: Value | None = attr("internet_gateway_id")
    vpn: Value | None = attr("vpn_gateway_id")


@shape("aws_nat_gateway", cfn="AWS::EC2::NatGateway")
class NatGateway(Gateway):
    """
    Carries connections out, and never one in.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """

    title = "NAT gateway"
    inbound = "never"
    vpc: Value | None = attr("vpc_id")
    subnet: Value | None = attr("subnet_id")
    connectivity: Value | None = attr("connectivity_type")


@shape("aws_egress_only_internet_gateway", cfn="AWS::EC2::EgressOnlyInternetGateway")
class EgressOnlyGateway(Gateway):
    """
    IPv6 out, and never in.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """

    title = "egress-only internet gateway"
    inbound = "never"
    vpc: Value | None = attr("vpc_id")


@shape("aws_ec2_carrier_gateway", cfn="AWS::EC2::CarrierGateway")
class CarrierGateway(Gateway):
    """
    Connects a Wavelength zone to the carrier's network; not to the internet, inward.

    https://docs.aws.amazon.com/wavelength/latest/developerguide/how-wavelengths-work.html
    """

    title = "carrier gateway"
    inbound = "never"
    vpc: Value | None = attr("vpc_id")


@shape("aws_vpn_gateway", cfn="AWS::EC2::VPNGateway")
class VpnGateway(Gateway):
    """
    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html
    """

    title = "VPN gateway"
    vpc: Value | None = attr("vpc_id", cfn=())


@shape("aws_vpc_endpoint", cfn="AWS::EC2::VPCEndpoint")
class Endpoint(Gateway):
    """
    As a route target: the way into an inspection appliance.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html
    """

    title = "VPC endpoint"
    inbound = "appliance"
    vpc: Value | None = attr("vpc_id")
    service: Value | None = attr("service_name")
    kind: Value | None = attr("vpc_endpoint_type")
    private_dns: Value | None = attr("private_dns_enabled")
    subnets: Value | None = attr("subnet_ids")
    groups: Value | None = attr("security_group_ids")
    tables: Value | None = attr("route_table_ids")


@shape("aws_vpc_endpoint_route_table_association")
class EndpointAssociation(Declared):
    """Puts the route to a gateway endpoint into a table."""

    endpoint: Value | None = attr("vpc_endpoint_id")
    table: Value | None = attr("route_table_id")


@shape("aws_ec2_local_gateway")
class LocalGateway(Gateway):
    """
    https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html
    """

    title = "local gateway"
    vpc: Value | None = attr(cfn=())
