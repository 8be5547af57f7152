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
    gateway is never propagated: the tables of both gateways need static routes to it.

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
    breaks = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.9.1.0/24"
        }

        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id

          ingress {
            protocol    = "tcp"
            from_port   = 22
            to_port     = 22
            cidr_blocks = [aws_subnet.public.cidr_block]
          }
        }

        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          key_name               = "operations"
          subnet_id              = aws_subnet.data.id
          vpc_security_group_ids = [aws_security_group.data.id]
        }

        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "disable"
          default_route_table_propagation = "disable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.public.id]
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.data.id
          subnet_ids         = [aws_subnet.data.id]
        }

        resource "aws_route" "to_data" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = aws_vpc.data.cidr_block
          transit_gateway_id     = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_route" "back" {
          route_table_id         = aws_vpc.data.main_route_table_id
          destination_cidr_block = aws_vpc.main.cidr_block
          transit_gateway_id     = aws_ec2_transit_gateway.hub.id
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
          DataVpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.9.0.0/16}
          DataSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref DataVpc, CidrBlock: 10.9.1.0/24}
          DataTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref DataVpc}
          DataTableAssociation:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref DataSubnet, RouteTableId: !Ref DataTable}
          DataGroup:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: data
              VpcId: !Ref DataVpc
              SecurityGroupIngress:
                - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.1.0/24}
          Data:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              KeyName: operations
              SubnetId: !Ref DataSubnet
              SecurityGroupIds: [!Ref DataGroup]
          Hub:
            Type: AWS::EC2::TransitGateway
            Properties:
              DefaultRouteTableAssociation: disable
              DefaultRouteTablePropagation: disable
          MainAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref Vpc
              SubnetIds: [!Ref PublicSubnet]
          DataAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref DataVpc
              SubnetIds: [!Ref DataSubnet]
          ToData:
            Type: AWS::EC2::Route
            DependsOn: MainAttachment
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.9.0.0/16
              TransitGatewayId: !Ref Hub
          Back:
            Type: AWS::EC2::Route
            DependsOn: DataAttachment
            Properties:
              RouteTableId: !Ref DataTable
              DestinationCidrBlock: 10.0.0.0/16
              TransitGatewayId: !Ref Hub
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
        resource "aws_vpc" "data" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.9.1.0/24"
        }

        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id

          ingress {
            protocol    = "tcp"
            from_port   = 22
            to_port     = 22
            cidr_blocks = [aws_subnet.public.cidr_block]
          }
        }

        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          key_name               = "operations"
          subnet_id              = aws_subnet.data.id
          vpc_security_group_ids = [aws_security_group.data.id]
        }

        resource "aws_ec2_transit_gateway" "hub" {
          default_route_table_association = "disable"
          default_route_table_propagation = "disable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.public.id]
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.data.id
          subnet_ids         = [aws_subnet.data.id]
        }

        resource "aws_route" "to_data" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = aws_vpc.data.cidr_block
          transit_gateway_id     = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_route" "back" {
          route_table_id         = aws_vpc.data.main_route_table_id
          destination_cidr_block = aws_vpc.main.cidr_block
          transit_gateway_id     = aws_ec2_transit_gateway.hub.id
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
          DataVpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.9.0.0/16}
          DataSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref DataVpc, CidrBlock: 10.9.1.0/24}
          DataTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref DataVpc}
          DataTableAssociation:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref DataSubnet, RouteTableId: !Ref DataTable}
          DataGroup:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: data
              VpcId: !Ref DataVpc
              SecurityGroupIngress:
                - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.1.0/24}
          Data:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              KeyName: operations
              SubnetId: !Ref DataSubnet
              SecurityGroupIds: [!Ref DataGroup]
          Hub:
            Type: AWS::EC2::TransitGateway
          MainAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref Vpc
              SubnetIds: [!Ref PublicSubnet]
          DataAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref DataVpc
              SubnetIds: [!Ref DataSubnet]
          ToData:
            Type: AWS::EC2::Route
            DependsOn: MainAttachment
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.9.0.0/16
              TransitGatewayId: !Ref Hub
          Back:
            Type: AWS::EC2::Route
            DependsOn: DataAttachment
            Properties:
              RouteTableId: !Ref DataTable
              DestinationCidrBlock: 10.0.0.0/16
              TransitGatewayId: !Ref Hub
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
