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
    base = "peered"
    breaks = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.0.0.0/16"
        }

        resource "aws_subnet" "data" {
          cidr_block = "10.0.9.0/24"
        }

        resource "aws_security_group" "data" {
          ingress {
            protocol        = "tcp"
            from_port       = 22
            to_port         = 22
            security_groups = [aws_security_group.bastion.id]
          }
        }

        resource "aws_route" "to_data" {
          destination_cidr_block = aws_subnet.data.cidr_block
        }

        resource "aws_route" "back" {
          destination_cidr_block = aws_subnet.public.cidr_block
        }
        """,
        """
        Resources:
          DataVpc: {Properties: {CidrBlock: 10.0.0.0/16}}
          DataSubnet: {Properties: {CidrBlock: 10.0.9.0/24}}
          DataGroup:
            Properties:
              SecurityGroupIngress:
                - IpProtocol: tcp
                  FromPort: 22
                  ToPort: 22
                  SourceSecurityGroupId: !Ref BastionGroup
          ToData: {Properties: {DestinationCidrBlock: 10.0.9.0/24}}
          Back: {Properties: {DestinationCidrBlock: 10.0.1.0/24}}
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.1.0.0/16"
        }

        resource "aws_subnet" "data" {
          cidr_block = "10.1.9.0/24"
        }

        resource "aws_security_group" "data" {
          ingress {
            protocol        = "tcp"
            from_port       = 22
            to_port         = 22
            security_groups = [aws_security_group.bastion.id]
          }
        }
        """,
        """
        Resources:
          DataVpc: {Properties: {CidrBlock: 10.1.0.0/16}}
          DataSubnet: {Properties: {CidrBlock: 10.1.9.0/24}}
          DataGroup:
            Properties:
              SecurityGroupIngress:
                - IpProtocol: tcp
                  FromPort: 22
                  ToPort: 22
                  SourceSecurityGroupId: !Ref BastionGroup
          ToData: {Properties: {DestinationCidrBlock: 10.1.0.0/16}}
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
