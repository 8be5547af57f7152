from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, listed


class DisconnectedNetworks(Check):
    """
    Nothing connects the two networks.

    ## On the wire

    The request has nowhere to go: private addresses mean nothing outside of their VPC.

    ## Why AWS does that

    Networks are separate until something connects them: a peering connection, a transit gateway
    to which both are attached, or a VPN. Peering is not transitive: two VPCs that are each
    peered with a third one are not connected with each other.

    ## Repair in Terraform

    An `aws_vpc_peering_connection` between the two, or an
    `aws_ec2_transit_gateway_vpc_attachment` for each, with an `aws_route` on both sides.

    ## Repair in CloudFormation

    `AWS::EC2::VPCPeeringConnection`, or `AWS::EC2::TransitGatewayVpcAttachment` for each, with
    `AWS::EC2::Route` on both sides.

    ## What it does not see

    Connections that are made elsewhere. It speaks only where a rule says that somebody of the
    other network is to get in.
    """

    id = "IAC505"
    name = "disconnected-networks"
    causes = (Reason.DISCONNECTED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
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

        resource "aws_vpc_peering_connection" "data" {
          vpc_id      = aws_vpc.main.id
          peer_vpc_id = aws_vpc.data.id
          auto_accept = true
        }

        resource "aws_route" "to_data" {
          route_table_id            = aws_route_table.public.id
          destination_cidr_block    = aws_vpc.data.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }

        resource "aws_route" "back" {
          route_table_id            = aws_vpc.data.main_route_table_id
          destination_cidr_block    = aws_vpc.main.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
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
          Peering:
            Type: AWS::EC2::VPCPeeringConnection
            Properties: {VpcId: !Ref Vpc, PeerVpcId: !Ref DataVpc}
          ToData:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.9.0.0/16
              VpcPeeringConnectionId: !Ref Peering
          Back:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref DataTable
              DestinationCidrBlock: 10.0.0.0/16
              VpcPeeringConnectionId: !Ref Peering
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        vpcs = [node.address for node in cause.blocker.about]
        yield self.blocked(
            cause,
            f"nothing connects {listed(vpcs)}" if len(vpcs) > 1 else cause.blocker.at.text,
            "connect them by a peering connection or a transit gateway, with routes on both sides",
        )
