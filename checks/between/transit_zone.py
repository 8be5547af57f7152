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
    base = "transit"
    breaks = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "far" {
          vpc_id            = aws_vpc.main.id
          cidr_block        = "10.0.9.0/24"
          availability_zone = "eu-west-1b"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          subnet_ids = [aws_subnet.far.id]
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          FarSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24, AvailabilityZone: eu-west-1b}
          MainAttachment: {Properties: {SubnetIds: [!Ref FarSubnet]}}
        """,
    )
    quiet = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "far" {
          vpc_id            = aws_vpc.main.id
          cidr_block        = "10.0.9.0/24"
          availability_zone = "eu-west-1b"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          subnet_ids = [aws_subnet.far.id, aws_subnet.public.id]
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          FarSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24, AvailabilityZone: eu-west-1b}
          MainAttachment: {Properties: {SubnetIds: [!Ref FarSubnet, !Ref PublicSubnet]}}
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
