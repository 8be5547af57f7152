from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class SeveralInterfaces(Check):
    """
    With several interfaces AWS assigns no public address by itself.

    ## On the wire

    No interface of the instance has a public address, whatever the launch and the subnet ask for,
    so that a client has no address to send to.

    ## Why AWS does that

    The automatic address is only for a launch with exactly one, new interface at device index 0.
    With a second one in the request the address is left out, or the launch is refused.

    ## Repair in Terraform

    `aws_eip` with `network_interface` (the primary one), or attach the second interface later
    with `aws_network_interface_attachment`.

    ## Repair in CloudFormation

    `AWS::EC2::EIPAssociation` with the `NetworkInterfaceId` of the primary interface, or attach
    the second one later with `AWS::EC2::NetworkInterfaceAttachment`.

    ## What it does not see

    An interface that a running instance gets by hand: it keeps the address it has until it is
    stopped.
    """

    id = "IAC103"
    name = "several-interfaces"
    causes = (Reason.SEVERAL_INTERFACES,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/working-with-ip-addresses.html"
    breaks = (
        """
        Resources:
          Bastion:
            Properties:
              NetworkInterfaces:
                - DeviceIndex: "0"
                  SubnetId: !Ref PublicSubnet
                  GroupSet: [!GetAtt BastionGroup.GroupId]
                  AssociatePublicIpAddress: true
                - DeviceIndex: "1"
                  SubnetId: !Ref PublicSubnet
                  GroupSet: [!GetAtt BastionGroup.GroupId]
        """,
        """
        resource "aws_launch_template" "bastion" {
          image_id      = data.aws_ami.linux.id
          instance_type = "t3.micro"
          key_name      = "operations"

          network_interfaces {
            device_index                = 0
            subnet_id                   = aws_subnet.public.id
            security_groups             = [aws_security_group.bastion.id]
            associate_public_ip_address = true
          }

          network_interfaces {
            device_index    = 1
            subnet_id       = aws_subnet.public.id
            security_groups = [aws_security_group.bastion.id]
          }
        }

        resource "aws_instance" "second" {
          launch_template {
            id = aws_launch_template.bastion.id
          }
        }
        """,
    )
    quiet = (
        """
        resource "aws_network_interface" "second" {
          subnet_id       = aws_subnet.private.id
          security_groups = [aws_security_group.inner.id]
        }

        resource "aws_network_interface_attachment" "second" {
          instance_id          = aws_instance.bastion.id
          network_interface_id = aws_network_interface.second.id
          device_index         = 1
        }
        """,
        """
        Resources:
          Outer:
            Type: AWS::EC2::NetworkInterface
            Properties:
              SubnetId: !Ref PublicSubnet
              GroupSet: [!GetAtt BastionGroup.GroupId]
          Inside:
            Type: AWS::EC2::NetworkInterface
            Properties:
              SubnetId: !Ref PublicSubnet
              GroupSet: [!GetAtt BastionGroup.GroupId]
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Association:
            Type: AWS::EC2::EIPAssociation
            Properties:
              AllocationId: !GetAtt Address.AllocationId
              NetworkInterfaceId: !Ref Outer
          Bastion:
            Properties:
              NetworkInterfaces:
                - {DeviceIndex: "0", NetworkInterfaceId: !Ref Outer}
                - {DeviceIndex: "1", NetworkInterfaceId: !Ref Inside}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each place that asks for the address."""
        yield self.blocked(
            cause,
            "with several interfaces AWS assigns no public address by itself",
            f"associate an Elastic IP with the primary interface of {cause.targets[0]}",
        )
