from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeerRouteElsewhere(Check):
    """
    The route for the other network leads elsewhere than to the connection with it.

    ## On the wire

    The request or the reply goes to a gateway that does not know the other network, and is lost
    there.

    ## Why AWS does that

    The longest prefix that contains the destination decides, however good the other routes are.
    Peering is not transitive: a connection to a third VPC does not lead on to the one behind
    it.

    ## Repair in Terraform

    Take the narrower `aws_route` away, or send its block to the `vpc_peering_connection_id` or
    `transit_gateway_id` too.

    ## Repair in CloudFormation

    The same with `AWS::EC2::Route`.

    ## What it does not see

    What an appliance does with the packets that it is sent: a route to an interface makes the
    answer undecided, or another finding.
    """

    id = "IAC502"
    name = "peer-route-elsewhere"
    causes = (Reason.PEER_ROUTE_ELSEWHERE,)
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

        resource "aws_nat_gateway" "inside" {
          connectivity_type = "private"
          subnet_id         = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.9.1.0/24"
          nat_gateway_id         = aws_nat_gateway.inside.id
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
          Nat:
            Type: AWS::EC2::NatGateway
            Properties: {ConnectivityType: private, SubnetId: !Ref PublicSubnet}
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.9.1.0/24
              NatGatewayId: !Ref Nat
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

        resource "aws_nat_gateway" "inside" {
          connectivity_type = "private"
          subnet_id         = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.9.2.0/24"
          nat_gateway_id         = aws_nat_gateway.inside.id
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
          Nat:
            Type: AWS::EC2::NatGateway
            Properties: {ConnectivityType: private, SubnetId: !Ref PublicSubnet}
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.9.2.0/24
              NatGatewayId: !Ref Nat
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"the route for {about[2].address} leads to {about[3].address}, not to "
            f"{about[0].address}",
            f"send the block of {about[2].address} to {about[0].address}",
        )
