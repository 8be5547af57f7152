from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class EmptyAcl(Check):
    """
    The network ACL has no entries, so it denies everything.

    ## On the wire

    Nothing enters the subnet and nothing leaves it: time-outs in both directions.

    ## Why AWS does that

    The default ACL of a VPC allows everything, and one that you make starts empty. Terraform's
    `aws_default_network_acl` takes the default one over and removes its entries.

    ## Repair in Terraform

    `ingress` and `egress` blocks or `aws_network_acl_rule`s for the service and for the replies, or
    no association with this ACL.

    ## Repair in CloudFormation

    `AWS::EC2::NetworkAclEntry` resources in both directions, or no
    `AWS::EC2::SubnetNetworkAclAssociation`.

    ## What it does not see

    Entries that another stack adds. An ACL that no subnet uses is not reported.
    """

    id = "IAC303"
    name = "empty-acl"
    causes = (Reason.ACL_EMPTY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
    breaks = (
        """
        resource "aws_default_network_acl" "main" {
          default_network_acl_id = aws_vpc.main.default_network_acl_id
        }
        """,
        """
        Resources:
          EmptyAcl:
            Type: AWS::EC2::NetworkAcl
            Properties:
              VpcId: !Ref Vpc
          DesktopAcl:
            Type: AWS::EC2::SubnetNetworkAclAssociation
            Properties:
              SubnetId: !Ref DesktopSubnet
              NetworkAclId: !Ref EmptyAcl
        """,
    )
    quiet = (
        """
        resource "aws_network_acl" "unused" {
          vpc_id = aws_vpc.main.id
        }
        """,
        """
        Resources:
          Unused:
            Type: AWS::EC2::NetworkAcl
            Properties:
              VpcId: !Ref Vpc
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each ACL."""
        acl = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{acl} has no entries and denies everything",
            f"let {acl} allow {cause.asked} inbound and {cause.answered} outbound, or use the "
            "default ACL",
        )
