from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Level, Network, aws


class AddressWithTwoTargets(Check):
    """
    The Elastic IP names both an instance and an interface.

    ## On the wire

    One of them has the address, and which one is not defined.

    ## Why AWS does that

    An address belongs to one interface. An instance stands for its primary one.

    ## Repair in Terraform

    Keep `instance` or `network_interface` in the `aws_eip` (in an `aws_eip_association`
    `instance_id` or `network_interface_id`).

    ## Repair in CloudFormation

    Keep `InstanceId` or `NetworkInterfaceId` in the `AWS::EC2::EIPAssociation`.

    ## What it does not see

    Whether both lead to the same interface.
    """

    id = "IAC814"
    name = "address-with-two-targets"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
    breaks = (
        """
        resource "aws_network_interface" "second" {
          subnet_id       = aws_subnet.public.id
          security_groups = [aws_security_group.bastion.id]
        }

        resource "aws_eip" "bastion" {
          instance          = aws_instance.bastion.id
          network_interface = aws_network_interface.second.id
        }
        """,
        """
        Resources:
          Second:
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
              InstanceId: !Ref Bastion
              NetworkInterfaceId: !Ref Second
        """,
    )
    quiet = (
        """
        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
        }
        """,
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
            Properties:
              InstanceId: !Ref Bastion
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Addresses and associations."""
        for declared in network.declared:
            if not isinstance(
                declared, (aws.interface.ElasticIp, aws.interface.ElasticIpAssociation)
            ):
                continue
            if declared.instance is None or declared.interface is None or declared.maybe:
                continue
            yield self.about(
                declared.resource,
                f"{declared.address} names both an instance and an interface",
                Label(declared.span, "names both"),
                "keep one of them",
            )
