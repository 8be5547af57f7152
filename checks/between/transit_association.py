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

        resource "aws_ec2_transit_gateway" "hub" {}

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
