from collections.abc import Iterator

from iaclint.check import Check, Finding, Gateway, Label, Level, Network, RouteTable, Subnet


class ApplianceMode(Check):
    """
    A firewall behind a transit gateway may see only one direction of a connection.

    ## On the wire

    The request passes the firewall of one zone, the reply that of another, which does not know the
    connection and drops it. It happens only between hosts in different zones, so that some
    connections hang and others work.

    ## Why AWS does that

    A transit gateway keeps packets in the zone they come from. The request comes from the client's
    zone, the reply from the server's. With appliance mode it picks one zone for both directions.

    ## Repair in Terraform

    `appliance_mode_support = "enable"` at the `aws_ec2_transit_gateway_vpc_attachment` of the
    network with the firewalls.

    ## Repair in CloudFormation

    `Options: {ApplianceModeSupport: enable}` at the `AWS::EC2::TransitGatewayVpcAttachment`.

    ## What it does not see

    Whether the firewalls share what they know about connections. It is a note and never stops a
    pipeline.
    """

    id = "IAC526"
    name = "appliance-mode"
    level = Level.NOTE
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html"
    breaks = (
        """
        resource "aws_vpc" "inspection" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "hub" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_subnet" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.1${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_vpc_endpoint" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          vpc_endpoint_type = "GatewayLoadBalancer"
          service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
          subnet_ids        = [aws_subnet.firewall[count.index].id]
        }

        resource "aws_route_table" "hub" {
          count  = 2
          vpc_id = aws_vpc.inspection.id

          route {
            cidr_block      = "0.0.0.0/0"
            vpc_endpoint_id = aws_vpc_endpoint.firewall[count.index].id
          }
        }

        resource "aws_route_table_association" "hub" {
          count          = 2
          subnet_id      = aws_subnet.hub[count.index].id
          route_table_id = aws_route_table.hub[count.index].id
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "inspection" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.inspection.id
          subnet_ids         = aws_subnet.hub[*].id
        }
        """,
        """
        Resources:
          InspectionVpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.9.0.0/16}
          HubOne:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.0.0/28
              AvailabilityZone: eu-west-1a
          FirewallOne:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.10.0/28
              AvailabilityZone: eu-west-1a
          EndpointOne:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref InspectionVpc
              VpcEndpointType: GatewayLoadBalancer
              ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
              SubnetIds: [!Ref FirewallOne]
          TableOne:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref InspectionVpc}
          OutOne:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref TableOne
              DestinationCidrBlock: 0.0.0.0/0
              VpcEndpointId: !Ref EndpointOne
          UseOne:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref HubOne, RouteTableId: !Ref TableOne}
          HubTwo:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.1.0/28
              AvailabilityZone: eu-west-1b
          FirewallTwo:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.11.0/28
              AvailabilityZone: eu-west-1b
          EndpointTwo:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref InspectionVpc
              VpcEndpointType: GatewayLoadBalancer
              ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
              SubnetIds: [!Ref FirewallTwo]
          TableTwo:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref InspectionVpc}
          OutTwo:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref TableTwo
              DestinationCidrBlock: 0.0.0.0/0
              VpcEndpointId: !Ref EndpointTwo
          UseTwo:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref HubTwo, RouteTableId: !Ref TableTwo}
          Hub:
            Type: AWS::EC2::TransitGateway
          Inspection:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref InspectionVpc
              SubnetIds: [!Ref HubOne, !Ref HubTwo]
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "inspection" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "hub" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_subnet" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.1${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_vpc_endpoint" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          vpc_endpoint_type = "GatewayLoadBalancer"
          service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
          subnet_ids        = [aws_subnet.firewall[count.index].id]
        }

        resource "aws_route_table" "hub" {
          count  = 2
          vpc_id = aws_vpc.inspection.id

          route {
            cidr_block      = "0.0.0.0/0"
            vpc_endpoint_id = aws_vpc_endpoint.firewall[count.index].id
          }
        }

        resource "aws_route_table_association" "hub" {
          count          = 2
          subnet_id      = aws_subnet.hub[count.index].id
          route_table_id = aws_route_table.hub[count.index].id
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "inspection" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.inspection.id
          subnet_ids         = aws_subnet.hub[*].id

          appliance_mode_support = "enable"
        }
        """,
        """
        resource "aws_vpc" "inspection" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "hub" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_subnet" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          cidr_block        = "10.9.1${count.index}.0/28"
          availability_zone = "eu-west-1${["a", "b"][count.index]}"
        }

        resource "aws_vpc_endpoint" "firewall" {
          count             = 2
          vpc_id            = aws_vpc.inspection.id
          vpc_endpoint_type = "GatewayLoadBalancer"
          service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
          subnet_ids        = [aws_subnet.firewall[count.index].id]
        }

        resource "aws_route_table" "hub" {
          count  = 2
          vpc_id = aws_vpc.inspection.id

          route {
            cidr_block      = "0.0.0.0/0"
            vpc_endpoint_id = aws_vpc_endpoint.firewall[0].id
          }
        }

        resource "aws_route_table_association" "hub" {
          count          = 2
          subnet_id      = aws_subnet.hub[count.index].id
          route_table_id = aws_route_table.hub[count.index].id
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "inspection" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.inspection.id
          subnet_ids         = aws_subnet.hub[*].id
        }
        """,
        """
        Resources:
          InspectionVpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.9.0.0/16}
          HubOne:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.0.0/28
              AvailabilityZone: eu-west-1a
          FirewallOne:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.10.0/28
              AvailabilityZone: eu-west-1a
          EndpointOne:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref InspectionVpc
              VpcEndpointType: GatewayLoadBalancer
              ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
              SubnetIds: [!Ref FirewallOne]
          TableOne:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref InspectionVpc}
          OutOne:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref TableOne
              DestinationCidrBlock: 0.0.0.0/0
              VpcEndpointId: !Ref EndpointOne
          UseOne:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref HubOne, RouteTableId: !Ref TableOne}
          HubTwo:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.1.0/28
              AvailabilityZone: eu-west-1b
          FirewallTwo:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref InspectionVpc
              CidrBlock: 10.9.11.0/28
              AvailabilityZone: eu-west-1b
          EndpointTwo:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref InspectionVpc
              VpcEndpointType: GatewayLoadBalancer
              ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
              SubnetIds: [!Ref FirewallTwo]
          TableTwo:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref InspectionVpc}
          OutTwo:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref TableTwo
              DestinationCidrBlock: 0.0.0.0/0
              VpcEndpointId: !Ref EndpointTwo
          UseTwo:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref HubTwo, RouteTableId: !Ref TableTwo}
          Hub:
            Type: AWS::EC2::TransitGateway
          Inspection:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref InspectionVpc
              SubnetIds: [!Ref HubOne, !Ref HubTwo]
              Options: {ApplianceModeSupport: enable}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Attachments of several zones, each with a firewall of its own."""
        for attachment in network.attachments:
            subnets = [s for s in attachment.subnets if isinstance(s, Subnet)]
            if attachment.appliance is not False or len(subnets) < 2 or attachment.span is None:
                continue
            firewalls = [firewall for s in subnets for firewall in _firewalls(s)[:1]]
            if len({id(each) for each in firewalls}) < 2 and not any(map(_is_many, firewalls)):
                continue
            yield self.about(
                attachment,
                f"{attachment.address} leads to firewalls in several zones, without appliance mode",
                Label(attachment.span, "may send the two directions through different ones"),
                "enable appliance mode at this attachment",
            )


def _firewalls(subnet: Subnet) -> list[Gateway]:
    """What the table of a subnet sends packets through."""
    if not isinstance(subnet.table, RouteTable):
        return []
    targets = [r.target for r in subnet.table.routes if isinstance(r.target, Gateway)]
    return [t for t in targets if t.kind == "appliance"]


def _is_many(firewall: Gateway) -> bool:
    """A Network Firewall is one resource with an endpoint in each of its subnets."""
    return firewall.title == "Network Firewall endpoint"
