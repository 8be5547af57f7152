from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, Unknown, Value, aws, elements

CONFLICTS = {
    "aws_instance": (
        "subnet_id",
        "vpc_security_group_ids",
        "security_groups",
        "associate_public_ip_address",
    ),
    "aws_spot_instance_request": (
        "subnet_id",
        "vpc_security_group_ids",
        "security_groups",
        "associate_public_ip_address",
    ),
    "aws_launch_template": ("vpc_security_group_ids", "security_group_names"),
    "AWS::EC2::Instance": ("SubnetId", "SecurityGroupIds", "SecurityGroups"),
}
"""What must not stand beside interfaces."""


class InterfacesAndMore(Check):
    """
    An instance has interfaces written out, and a subnet or security groups beside them.

    ## On the wire

    Nothing: the configuration is refused.

    ## Why AWS does that

    The subnet, the groups and the public address belong to an interface. Either the first interface
    is made from what stands on the instance, or everything stands in the list of interfaces.

    ## Repair in Terraform

    Move `subnet_id` and the groups into the `aws_network_interface` (in a launch template into
    `network_interfaces`), or remove the interface.

    ## Repair in CloudFormation

    Move `SubnetId` and `SecurityGroupIds` (there `GroupSet`) into the entry of
    `NetworkInterfaces`.

    ## What it does not see

    A launch template with interfaces and an instance with a subnet: what counts then differs.
    """

    id = "IAC812"
    name = "interfaces-and-more"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"
    breaks = (
        """
        resource "aws_network_interface" "inner" {
          subnet_id       = aws_subnet.private.id
          security_groups = [aws_security_group.inner.id]
        }

        resource "aws_instance" "inner" {
          network_interface {
            device_index         = 0
            network_interface_id = aws_network_interface.inner.id
          }
        }
        """,
        """
        Resources:
          Desktop:
            Properties:
              SecurityGroupIds: [!GetAtt DesktopGroup.GroupId]
        """,
    )
    quiet = (
        """
        resource "aws_network_interface" "inner" {
          subnet_id       = aws_subnet.private.id
          security_groups = [aws_security_group.inner.id]
        }

        resource "aws_instance" "inner" {
          subnet_id              = null
          vpc_security_group_ids = null

          network_interface {
            device_index         = 0
            network_interface_id = aws_network_interface.inner.id
          }
        }
        """,
        """
        Resources:
          Inner:
            Properties:
              SubnetId: null
              SecurityGroupIds: null
              NetworkInterfaces:
                - DeviceIndex: "0"
                  SubnetId: !Ref PrivateSubnet
                  GroupSet: [!GetAtt InnerGroup.GroupId]
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Instances and launch templates with interfaces."""
        for declared in network.declared:
            if not isinstance(declared, aws.instance.Launch) or declared.maybe is not None:
                continue
            if not declared.nics():
                continue
            attributes = declared.resource.attributes
            for name in CONFLICTS.get(declared.resource.kind, ()):
                value = attributes.get(name)
                given = [each for each in elements(value) if _is_given(each, declared.is_terraform)]
                if value is None or not given:
                    continue
                yield self.about(
                    declared.resource,
                    f"{declared.address} has interfaces, and `{name}` beside them",
                    Label(value.span or declared.span, "belongs to an interface"),
                    f"move `{name}` to the interface",
                    identity=name,
                )
                break


def _is_given(value: Value, nullable: bool) -> bool:
    """Whether it is a value whatever is not known: in Terraform an input may be null."""
    if not isinstance(value, Unknown) or value.ref is not None:
        return True
    return not (nullable or value.choices)
