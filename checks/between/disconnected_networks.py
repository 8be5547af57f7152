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
    base = "peered"
    breaks = (
        """
        resource "aws_security_group" "data" {
          ingress {
            protocol        = "tcp"
            from_port       = 22
            to_port         = 22
            security_groups = [aws_security_group.bastion.id]
          }
        }

        resource "aws_vpc_peering_connection" "data" {
          count = 0
        }

        resource "aws_route" "to_data" {
          count = 0
        }

        resource "aws_route" "back" {
          count = 0
        }
        """,
        """
        Resources:
          DataGroup:
            Properties:
              SecurityGroupIngress:
                - IpProtocol: tcp
                  FromPort: 22
                  ToPort: 22
                  SourceSecurityGroupId: !Ref BastionGroup
          Peering: null
          ToData: null
          Back: null
        """,
    )
    quiet = (
        """
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
          DataGroup:
            Properties:
              SecurityGroupIngress:
                - IpProtocol: tcp
                  FromPort: 22
                  ToPort: 22
                  SourceSecurityGroupId: !Ref BastionGroup
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
