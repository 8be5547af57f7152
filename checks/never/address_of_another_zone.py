from collections.abc import Iterator

from iaclint.check import (
    Check,
    Finding,
    Instance,
    Interface,
    Label,
    Level,
    Network,
    Subnet,
    aws,
    text,
)


class AddressOfAnotherZone(Check):
    """
    An Elastic IP is given to an instance in a zone that it cannot serve.

    ## On the wire

    Nothing: the association fails, and the deployment with it.

    ## Why AWS does that

    A public address is announced by one network border group, and cannot move to another. The zones
    of a Region share one; each Local Zone and each Wavelength Zone has its own. An address that
    names no group has that of the Region.

    ## Repair in Terraform

    `network_border_group` of the `aws_eip`: the name of the Local Zone without its last letter.

    ## Repair in CloudFormation

    `NetworkBorderGroup` of the `AWS::EC2::EIP`.

    ## What it does not see

    Zones that are chosen by AWS, or given by their id.
    """

    id = "IAC819"
    name = "address-of-another-zone"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
    breaks = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "us-west-2-lax-1a"
        }

        resource "aws_eip" "bastion" {
          instance             = aws_instance.bastion.id
          network_border_group = "us-west-2"
        }
        """,
        """
        resource "aws_subnet" "public" {
          availability_zone = "us-west-2-lax-1a"
        }

        resource "aws_eip" "bastion" {}

        resource "aws_eip_association" "bastion" {
          allocation_id = aws_eip.bastion.id
          instance_id   = aws_instance.bastion.id
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: us-west-2a}}
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
            Properties: {InstanceId: !Ref Bastion, NetworkBorderGroup: us-west-2-lax-1}
        """,
    )
    quiet = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "us-west-2-lax-1a"
        }

        resource "aws_eip" "bastion" {
          instance             = aws_instance.bastion.id
          network_border_group = "us-west-2-lax-1"
        }
        """,
        """
        resource "aws_subnet" "public" {
          availability_zone = "us-west-2a"
        }

        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
        }
        """,
        """
        variable "zone" {}

        resource "aws_subnet" "public" {
          availability_zone = var.zone
        }

        resource "aws_eip" "bastion" {
          instance             = aws_instance.bastion.id
          network_border_group = "us-west-2-lax-1"
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: us-west-2-lax-1b}}
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
            Properties: {InstanceId: !Ref Bastion, NetworkBorderGroup: us-west-2-lax-1}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each address."""
        addresses = {
            declared.address: declared
            for declared in network.declared
            if isinstance(declared, aws.interface.ElasticIp) and not declared.is_data
        }
        for instance in network.instances:
            for interface in instance.interfaces():
                resource = interface.public.elastic
                found = addresses.get(resource.address) if resource is not None else None
                if found is not None:
                    yield from self._judge(instance, interface, found)

    def _judge(
        self, instance: Instance, interface: Interface, address: aws.interface.ElasticIp
    ) -> Iterator[Finding]:
        subnet, named = interface.subnet, text(address.border)
        zone = subnet.zone if isinstance(subnet, Subnet) else ""
        needed = aws.subnet.border_group(zone)
        region = aws.subnet.region_of(zone)
        given = region if named is None else named
        if not needed or not isinstance(given, str) or given == needed:
            return
        near = subnet.span if isinstance(subnet, Subnet) else None
        yield self.about(
            address.resource,
            f"{address.address} cannot be given to {instance.address}, which is in {zone}",
            Label(address.span, f"is announced in {given}"),
            f"name the network border group {needed}",
            related=(Label(near, f"is in {zone}"),) if near else (),
            level=Level.WARNING if named is None else Level.ERROR,
            targets=(instance.address,),
        )
