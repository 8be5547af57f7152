from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class TransitWithoutIpv6(Check):
    """
    The attachment carries no IPv6.

    ## On the wire

    IPv6 packets for the transit gateway are dropped at the attachment, while IPv4 works.

    ## Why AWS does that

    IPv6 support of a VPC attachment is off unless it is asked for.

    ## Repair in Terraform

    `ipv6_support = "enable"` in the `aws_ec2_transit_gateway_vpc_attachment` of both sides.

    ## Repair in CloudFormation

    `Options: {Ipv6Support: enable}` of the `AWS::EC2::TransitGatewayVpcAttachment`.

    ## What it does not see

    Attachments of other accounts.
    """

    id = "IAC508"
    name = "transit-without-ipv6"
    causes = (Reason.TRANSIT_IPV6,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"
    breaks = (
        """
        resource "aws_vpc" "data" {
          cidr_block        = "10.9.0.0/16"
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          vpc_id                          = aws_vpc.data.id
          cidr_block                      = "10.9.1.0/24"
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id

          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }

        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          key_name               = "operations"
          subnet_id              = aws_subnet.data.id
          vpc_security_group_ids = [aws_security_group.data.id]
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
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
          route_table_id              = aws_route_table.public.id
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_route" "back" {
          route_table_id              = aws_vpc.data.main_route_table_id
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
        }
        """,
        """
        resource "aws_vpc" "data" {
          cidr_block        = "10.9.0.0/16"
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          vpc_id                          = aws_vpc.data.id
          cidr_block                      = "10.9.1.0/24"
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id

          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }

        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          key_name               = "operations"
          subnet_id              = aws_subnet.data.id
          vpc_security_group_ids = [aws_security_group.data.id]
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.public.id]
          ipv6_support       = "disable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.data.id
          subnet_ids         = [aws_subnet.data.id]
          ipv6_support       = "disable"
        }

        resource "aws_route" "to_data" {
          route_table_id              = aws_route_table.public.id
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_route" "back" {
          route_table_id              = aws_vpc.data.main_route_table_id
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
        }
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "data" {
          cidr_block        = "10.9.0.0/16"
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          vpc_id                          = aws_vpc.data.id
          cidr_block                      = "10.9.1.0/24"
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id

          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }

        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          key_name               = "operations"
          subnet_id              = aws_subnet.data.id
          vpc_security_group_ids = [aws_security_group.data.id]
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }

        resource "aws_ec2_transit_gateway" "hub" {}

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.main.id
          subnet_ids         = [aws_subnet.public.id]
          ipv6_support       = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          transit_gateway_id = aws_ec2_transit_gateway.hub.id
          vpc_id             = aws_vpc.data.id
          subnet_ids         = [aws_subnet.data.id]
          ipv6_support       = "enable"
        }

        resource "aws_route" "to_data" {
          route_table_id              = aws_route_table.public.id
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
        }

        resource "aws_route" "back" {
          route_table_id              = aws_vpc.data.main_route_table_id
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
          transit_gateway_id          = aws_ec2_transit_gateway.hub.id
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
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} carries no IPv6",
            f"enable ipv6_support of {node}",
        )
