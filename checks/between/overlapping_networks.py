from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Label, Network, Reason, overlapping

HELP = "give one of the networks a block of its own"


class OverlappingNetworks(Check):
    """
    The networks that are connected use the same addresses.

    ## On the wire

    The connection is never made; and if it were, a packet for the other network would look like
    one for the own network, and never leave.

    ## Why AWS does that

    EC2 refuses to peer VPCs of which any two blocks overlap. A destination inside of the VPC's
    own block is local, and no wider route changes that.

    ## Repair in Terraform

    Another `cidr_block` for one `aws_vpc`, which replaces it with everything in it; or a load
    balancer with an endpoint service (PrivateLink) for the one service that is needed.

    ## Repair in CloudFormation

    The same with `CidrBlock`, or `AWS::EC2::VPCEndpointService`.

    ## What it does not see

    Blocks that come from variables without values, or from IPAM.
    """

    id = "IAC504"
    name = "overlapping-networks"
    causes = (Reason.OVERLAP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
    breaks = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.0.0.0/16"
        }

        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.0.9.0/24"
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
          destination_cidr_block    = aws_subnet.data.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }

        resource "aws_route" "back" {
          route_table_id            = aws_vpc.data.main_route_table_id
          destination_cidr_block    = aws_subnet.public.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }
        """,
        """
        Resources:
          DataVpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          DataSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref DataVpc, CidrBlock: 10.0.9.0/24}
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
              DestinationCidrBlock: 10.0.9.0/24
              VpcPeeringConnectionId: !Ref Peering
          Back:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref DataTable
              DestinationCidrBlock: 10.0.1.0/24
              VpcPeeringConnectionId: !Ref Peering
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.1.0.0/16"
        }

        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.1.9.0/24"
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
            Properties: {CidrBlock: 10.1.0.0/16}
          DataSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref DataVpc, CidrBlock: 10.1.9.0/24}
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
              DestinationCidrBlock: 10.1.0.0/16
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
        text = cause.blocker.at.text
        yield self.blocked(cause, f"the addresses of the networks overlap: {text}", HELP)

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each connection that EC2 refuses, whoever is to use it."""
        for peering in network.peerings:
            text = overlapping(peering)
            if text and peering.span is not None:
                at = Label(peering.span, text)
                yield self.about(peering, f"EC2 refuses {peering.address}: {text}", at, HELP)
