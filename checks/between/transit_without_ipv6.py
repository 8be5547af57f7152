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
    base = "transit"
    breaks = (
        """
        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_vpc" "data" {
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }

        resource "aws_route" "to_data" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
        }

        resource "aws_route" "back" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }
        """,
        """
        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_vpc" "data" {
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }

        resource "aws_route" "to_data" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
        }

        resource "aws_route" "back" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          ipv6_support = "disable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          ipv6_support = "disable"
        }
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "main" {
          assign_generated_ipv6_cidr_block = null
          ipv6_ipam_pool_id                = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block                  = "fd00:1::/56"
        }

        resource "aws_subnet" "public" {
          ipv6_cidr_block = "fd00:1:0:1::/64"
        }

        resource "aws_vpc" "data" {
          ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
          ipv6_cidr_block   = "fd00:9::/56"
        }

        resource "aws_subnet" "data" {
          ipv6_cidr_block                 = "fd00:9:0:1::/64"
          assign_ipv6_address_on_creation = true
        }

        resource "aws_security_group" "data" {
          ingress {
            protocol         = "tcp"
            from_port        = 22
            to_port          = 22
            ipv6_cidr_blocks = ["fd00:1:0:1::/64"]
          }
        }

        resource "aws_vpc_security_group_egress_rule" "ipv6" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }

        resource "aws_route" "to_data" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.data.ipv6_cidr_block
        }

        resource "aws_route" "back" {
          destination_cidr_block      = null
          destination_ipv6_cidr_block = aws_vpc.main.ipv6_cidr_block
        }

        resource "aws_instance" "desktop" {
          count = 0
        }

        resource "aws_instance" "inner" {
          count = 0
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          ipv6_support = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          ipv6_support = "enable"
        }
        """,
        """
        Resources:
          MainAttachment: {Properties: {Options: {Ipv6Support: disable}}}
          DataAttachment: {Properties: {Options: {Ipv6Support: disable}}}
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
