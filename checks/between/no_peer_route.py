from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoPeerRoute(Check):
    """
    The route table has no route to the other network.

    ## On the wire

    The packets of one direction have no way: without a route at the client's side the request
    stays in its subnet, without one at the target's side the reply does. The client sees a
    time-out.

    ## Why AWS does that

    A peering connection or a transit gateway carries packets only where a route leads to it,
    and both sides need one: the request leaves by the table of the client's subnet, the reply
    by that of the instance's subnet. A route on one side only is the usual mistake.

    ## Repair in Terraform

    An `aws_route` in the table of each side, with the block of the other side and the
    `vpc_peering_connection_id` or `transit_gateway_id`.

    ## Repair in CloudFormation

    An `AWS::EC2::Route` in each table, with `VpcPeeringConnectionId` or `TransitGatewayId`; for
    a transit gateway with `DependsOn` the attachment.

    ## What it does not see

    Routes in tables of another account. Where the other side is not in the files, only this
    side is judged.
    """

    id = "IAC501"
    name = "no-peer-route"
    causes = (Reason.NO_PEER_ROUTE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html"
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
          Peering:
            Type: AWS::EC2::VPCPeeringConnection
            Properties: {VpcId: !Ref Vpc, PeerVpcId: !Ref DataVpc}
          Back:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref DataTable
              DestinationCidrBlock: 10.0.0.0/16
              VpcPeeringConnectionId: !Ref Peering
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
                - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.1.0/24}
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
        node = cause.blocker.node.address
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"{node} has no route to {about[2].address} by {about[0].address}",
            f"add a route for the block of {about[2].address} to {about[0].address}, in {node}",
        )
