from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class GroupOfAnotherNetwork(Check):
    """
    The rule names a security group of a network from which groups cannot be named.

    ## On the wire

    The packets arrive, and no rule of the instance's groups knows the address they come from.

    ## Why AWS does that

    A rule that names a group lets in the private addresses of its members. That works inside of
    a VPC, over a peering connection within one Region, and over a transit gateway only where
    the gateway *and* the attachment support it, for inbound rules.

    ## Repair in Terraform

    `cidr_ipv4` (or `cidr_blocks`) with the block of the other network; or
    `security_group_referencing_support = "enable"` at the transit gateway and at both
    attachments.

    ## Repair in CloudFormation

    `CidrIp` with the block; or `SecurityGroupReferencingSupport: enable` at both.

    ## What it does not see

    Whether the two ends are in one Region, where the files do not tell.
    """

    id = "IAC510"
    name = "group-of-another-network"
    causes = (Reason.GROUP_ELSEWHERE,)
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
            security_groups = [aws_security_group.bastion.id]
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
                - IpProtocol: tcp
                  FromPort: 22
                  ToPort: 22
                  SourceSecurityGroupId: !Ref BastionGroup
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
            security_groups = [aws_security_group.bastion.id]
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
          security_group_referencing_support = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id                 = aws_ec2_transit_gateway.hub.id
          vpc_id                             = aws_vpc.main.id
          subnet_ids                         = [aws_subnet.public.id]
          security_group_referencing_support = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          transit_gateway_id                 = aws_ec2_transit_gateway.hub.id
          vpc_id                             = aws_vpc.data.id
          subnet_ids                         = [aws_subnet.data.id]
          security_group_referencing_support = "enable"
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
        yield self.blocked(
            cause,
            f"the rule names a group, which counts for nothing over {about[1].address}",
            "name the block of the other network in the rule",
        )
