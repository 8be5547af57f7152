from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Group, Level, Reason, Vpc


class DefaultSecurityGroup(Check):
    """
    The instance names no security group, so it gets the default one of its VPC.

    ## On the wire

    The packet reaches the interface and is dropped. The client sees a time-out.

    ## Why AWS does that

    The default group of a VPC lets in its own members and nobody else. An interface that names no
    group gets it.

    ## Repair in Terraform

    `vpc_security_group_ids = [aws_security_group.NAME.id]` on the instance.

    ## Repair in CloudFormation

    `SecurityGroupIds`, or `GroupSet` in the entry of `NetworkInterfaces`: with such an entry the
    groups belong there.

    ## What it does not see

    Rules that somebody added to the default group by hand. The default VPC of an account is older
    than the files, and its group may have some: there it is a warning.
    """

    id = "IAC406"
    name = "default-security-group"
    causes = (Reason.GROUP_DEFAULT,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"
    breaks = (
        """
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = null
        }
        """,
        """
        Resources:
          Desktop:
            Properties:
              NetworkInterfaces:
                - DeviceIndex: "0"
                  SubnetId: !Ref DesktopSubnet
                  AssociatePublicIpAddress: true
        """,
    )
    quiet = (
        """
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = null
        }

        resource "aws_default_security_group" "main" {
          vpc_id = aws_vpc.main.id

          ingress {
            protocol    = "tcp"
            from_port   = 3389
            to_port     = 3389
            cidr_blocks = ["203.0.113.0/24"]
          }
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              GroupId: !GetAtt Vpc.DefaultSecurityGroup
          DesktopEgress: null
          Desktop:
            Properties:
              NetworkInterfaces:
                - DeviceIndex: "0"
                  SubnetId: !Ref DesktopSubnet
                  AssociatePublicIpAddress: true
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each instance."""
        yield self.blocked(
            cause,
            f"{cause.has} the default security group, which lets nobody else in",
            f"name a security group on {cause.blocker.node.address} that lets {cause.asked} in",
            level=Level.WARNING if _is_older(cause) and not cause.is_declared else None,
        )


def _is_older(cause: Cause) -> bool:
    """Whether the group was there before the files, which say nothing about its rules."""
    return any(
        isinstance(group, Group) and group.resource is None
        and isinstance(group.vpc, Vpc) and group.vpc.assumed
        for group in cause.blocker.about
    )  # fmt: skip
