from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Interface, Reason, Subnet, spelled


class NoPublicAddress(Check):
    """
    The instance has no public IPv4 address.

    ## On the wire

    There is no address a client could send its packets to: the private one of the interface is
    not routed on the internet. The client sees a time-out, or has nothing to connect to at all.

    ## Why AWS does that

    An internet gateway only translates between a public address and the private one of an
    interface. The public one comes from the launch, from the subnet, or from an Elastic IP. A
    subnet of a VPC that you made gives none unless told to, and a launch that refuses the address
    overrules the subnet.

    ## Repair in Terraform

    `associate_public_ip_address = true` on the `aws_instance` (it counts only with `subnet_id`),
    or `map_public_ip_on_launch = true` on the `aws_subnet`, or an `aws_eip` with `instance`.

    ## Repair in CloudFormation

    `AssociatePublicIpAddress: true` in the first entry of `NetworkInterfaces`, or
    `MapPublicIpOnLaunch: true` on the subnet, or an `AWS::EC2::EIP` with `InstanceId`.

    ## What it does not see

    An address that somebody associates by hand or by user data. An instance behind a bastion, a
    VPN or Session Manager is private by design and not reported.
    """

    id = "IAC101"
    name = "no-public-address"
    causes = (Reason.NO_PUBLIC_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"
    breaks = (
        """
        resource "aws_instance" "desktop" {
          associate_public_ip_address = null
        }
        """,
        """
        resource "aws_subnet" "desktops" {
          map_public_ip_on_launch = true
        }

        resource "aws_instance" "desktop" {
          associate_public_ip_address = false
        }
        """,
        """
        Resources:
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
          instance = aws_instance.desktop.id
        }
        """,
        """
        Resources:
          DesktopSubnet:
            Properties:
              MapPublicIpOnLaunch: true
          Desktop:
            Properties:
              NetworkInterfaces: null
              SubnetId: !Ref DesktopSubnet
              SecurityGroupIds: [!GetAtt DesktopGroup.GroupId]
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each instance."""
        yield self.blocked(
            cause, f"{cause.has} no public IPv4 address", _help(cause.ways[0].interface)
        )


def _help(interface: Interface) -> str:
    if interface.public.refused:
        argument = spelled(interface, "associate_public_ip_address", "AssociatePublicIpAddress")
        return f"set `{argument}` to true, or associate an EIP"
    subnet = interface.subnet
    where = subnet.address if isinstance(subnet, Subnet) else "its subnet"
    return f"ask for one on the instance, let {where} map public addresses, or associate an EIP"
