from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoVpnRoute(Check):
    """
    The replies have no route back to the VPN.

    ## On the wire

    The request comes out of the tunnel and reaches the instance; its reply has no way back into
    the tunnel.

    ## Why AWS does that

    A VPN gateway is used only by tables that have a route to it: by propagation, or a static
    route for the blocks at the other end. Attaching it to the VPC changes no table.

    ## Repair in Terraform

    An `aws_vpn_gateway_route_propagation` for the table of the subnet, or an `aws_route` with
    the block of the other end and the `gateway_id` of the VPN gateway.

    ## Repair in CloudFormation

    `AWS::EC2::VPNGatewayRoutePropagation`, or an `AWS::EC2::Route` with `GatewayId`; both with
    `DependsOn` the attachment.

    ## What it does not see

    Which blocks the other end announces by BGP. Then a propagating table is taken to have them.
    """

    id = "IAC513"
    name = "no-vpn-route"
    causes = (Reason.VPN_NO_ROUTE,)
    reference = "https://docs.aws.amazon.com/vpn/latest/s2svpn/SetUpVPNConnections.html"
    breaks = (
        """
        resource "aws_vpn_gateway" "office" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_customer_gateway" "office" {
          bgp_asn    = 65000
          ip_address = "198.51.100.1"
          type       = "ipsec.1"
        }

        resource "aws_vpn_connection" "office" {
          vpn_gateway_id      = aws_vpn_gateway.office.id
          customer_gateway_id = aws_customer_gateway.office.id
          type                = "ipsec.1"
          static_routes_only  = true
        }

        resource "aws_vpn_connection_route" "office" {
          destination_cidr_block = "192.168.0.0/16"
          vpn_connection_id      = aws_vpn_connection.office.id
        }

        resource "aws_vpc_security_group_ingress_rule" "from_bastion" {
          referenced_security_group_id = null
          cidr_ipv4                    = "192.168.10.0/24"
        }
        """,
        """
        Resources:
          VpnGateway:
            Type: AWS::EC2::VPNGateway
            Properties: {Type: ipsec.1}
          VpnAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref VpnGateway}
          CustomerGateway:
            Type: AWS::EC2::CustomerGateway
            Properties: {BgpAsn: 65000, IpAddress: 198.51.100.1, Type: ipsec.1}
          VpnConnection:
            Type: AWS::EC2::VPNConnection
            Properties:
              Type: ipsec.1
              StaticRoutesOnly: true
              VpnGatewayId: !Ref VpnGateway
              CustomerGatewayId: !Ref CustomerGateway
          OfficeRoute:
            Type: AWS::EC2::VPNConnectionRoute
            Properties: {DestinationCidrBlock: 192.168.0.0/16, VpnConnectionId: !Ref VpnConnection}
          FromBastion:
            Properties: {SourceSecurityGroupId: null, CidrIp: 192.168.10.0/24}
        """,
    )
    quiet = (
        """
        resource "aws_vpn_gateway" "office" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_customer_gateway" "office" {
          bgp_asn    = 65000
          ip_address = "198.51.100.1"
          type       = "ipsec.1"
        }

        resource "aws_vpn_connection" "office" {
          vpn_gateway_id      = aws_vpn_gateway.office.id
          customer_gateway_id = aws_customer_gateway.office.id
          type                = "ipsec.1"
          static_routes_only  = true
        }

        resource "aws_vpn_connection_route" "office" {
          destination_cidr_block = "192.168.0.0/16"
          vpn_connection_id      = aws_vpn_connection.office.id
        }

        resource "aws_vpc_security_group_ingress_rule" "from_bastion" {
          referenced_security_group_id = null
          cidr_ipv4                    = "192.168.10.0/24"
        }

        resource "aws_vpn_gateway_route_propagation" "private" {
          vpn_gateway_id = aws_vpn_gateway.office.id
          route_table_id = aws_route_table.private.id
        }
        """,
        """
        Resources:
          VpnGateway:
            Type: AWS::EC2::VPNGateway
            Properties: {Type: ipsec.1}
          VpnAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref VpnGateway}
          CustomerGateway:
            Type: AWS::EC2::CustomerGateway
            Properties: {BgpAsn: 65000, IpAddress: 198.51.100.1, Type: ipsec.1}
          VpnConnection:
            Type: AWS::EC2::VPNConnection
            Properties:
              Type: ipsec.1
              StaticRoutesOnly: true
              VpnGatewayId: !Ref VpnGateway
              CustomerGatewayId: !Ref CustomerGateway
          OfficeRoute:
            Type: AWS::EC2::VPNConnectionRoute
            Properties: {DestinationCidrBlock: 192.168.0.0/16, VpnConnectionId: !Ref VpnConnection}
          FromBastion:
            Properties: {SourceSecurityGroupId: null, CidrIp: 192.168.10.0/24}
          OfficeReturn:
            Type: AWS::EC2::Route
            DependsOn: VpnAttachment
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationCidrBlock: 192.168.0.0/16
              GatewayId: !Ref VpnGateway
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.table
        usual = f"add a route for {cause.source} to {cause.blocker.about[0].address}"
        yield self.blocked(
            cause, f"{node} has no route back to {cause.source}", cause.blocker.help or usual
        )
