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
    base = "transit"
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

        resource "aws_ec2_transit_gateway" "hub" {
          security_group_referencing_support = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
          security_group_referencing_support = "enable"
        }

        resource "aws_ec2_transit_gateway_vpc_attachment" "data" {
          security_group_referencing_support = "enable"
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
                  CidrIp: !GetAtt PublicSubnet.CidrBlock
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
