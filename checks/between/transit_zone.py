from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class TransitZone(Check):
    """
    The attachment has no subnet in the zone of the instance.

    ## On the wire

    Packets of a subnet in that zone never get to the transit gateway, and packets for it are
    not delivered.

    ## Why AWS does that

    A transit gateway puts one interface into each subnet of its attachment, and serves the
    Availability Zones of these subnets and no other.

    ## Repair in Terraform

    A subnet of that zone in `subnet_ids` of the `aws_ec2_transit_gateway_vpc_attachment`; it
    may be a small one of its own.

    ## Repair in CloudFormation

    The same in `SubnetIds`.

    ## What it does not see

    Zones that are chosen while the configuration is applied: subnets without a zone are taken
    to be in any.
    """

    id = "IAC509"
    name = "transit-zone"
    causes = (Reason.TRANSIT_ZONE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"
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

        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "far" {
          vpc_id            = aws_vpc.main.id
          cidr_block        = "10.0.9.0/24"
          availability_zone = "eu-west-1b"
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.far.id]
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
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          FarSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24, AvailabilityZone: eu-west-1b}
          Hub:
            Type: AWS::EC2::TransitGateway
          MainAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties: {TransitGatewayId: !Ref Hub, VpcId: !Ref Vpc, SubnetIds: [!Ref FarSubnet]}
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

        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "far" {
          vpc_id            = aws_vpc.main.id
          cidr_block        = "10.0.9.0/24"
          availability_zone = "eu-west-1b"
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.far.id, aws_subnet.public.id]
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
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          FarSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24, AvailabilityZone: eu-west-1b}
          Hub:
            Type: AWS::EC2::TransitGateway
          MainAttachment:
            Type: AWS::EC2::TransitGatewayVpcAttachment
            Properties:
              TransitGatewayId: !Ref Hub
              VpcId: !Ref Vpc
              SubnetIds: [!Ref FarSubnet, !Ref PublicSubnet]
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
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            f"add a subnet of that zone to {node}",
        )
