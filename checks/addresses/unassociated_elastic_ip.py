from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class UnassociatedElasticIp(Check):
    """
    An Elastic IP is allocated and associated with nothing.

    ## On the wire

    Packets to the address end at the border of AWS, because no interface has it. The instance it
    was probably meant for has no other public address.

    ## Why AWS does that

    An Elastic IP is allocated to the account. Only an association gives it to an interface, and
    for as long as there is none it serves nobody (and is charged).

    ## Repair in Terraform

    `instance = aws_instance.NAME.id` on the `aws_eip`, or an `aws_eip_association`.

    ## Repair in CloudFormation

    `InstanceId: !Ref NAME` on the `AWS::EC2::EIP`, or an `AWS::EC2::EIPAssociation`.

    ## What it does not see

    An association made elsewhere with an address that is exported from here. An address that
    nothing uses while every instance is reached in another way is no defect, and is not reported.
    """

    id = "IAC102"
    name = "unassociated-elastic-ip"
    causes = (Reason.UNASSOCIATED_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
    breaks = (
        """
        resource "aws_instance" "desktop" {
          associate_public_ip_address = null
        }

        resource "aws_eip" "desktop" {
          domain = "vpc"
        }
        """,
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Desktop:
            Properties:
              NetworkInterfaces:
                - DeviceIndex: "0"
                  SubnetId: !Ref DesktopSubnet
                  GroupSet: [!GetAtt DesktopGroup.GroupId]
        """,
    )
    quiet = (
        """
        resource "aws_instance" "desktop" {
          associate_public_ip_address = null
        }

        resource "aws_eip" "desktop" {
          domain = "vpc"
        }

        resource "aws_eip_association" "desktop" {
          allocation_id = aws_eip.desktop.id
          instance_id   = aws_instance.desktop.id
        }
        """,
        """
        resource "aws_eip" "spare" {
          domain = "vpc"
        }
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each address."""
        address, target = cause.blocker.node.address, cause.targets[0]
        yield self.blocked(
            cause,
            f"{address} is allocated, and associated with nothing",
            f"associate {address} with {target} or its interface",
        )
