from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Level, Network, Unknown, Value, aws, elements, text


class GroupNamesInVpc(Check):
    """
    Security groups are given by name to an instance with a subnet.

    ## On the wire

    Nothing: AWS refuses the launch ("the parameter groupName cannot be used with the parameter
    subnet").

    ## Why AWS does that

    Names are unique only in a VPC, and count for the default one. With a subnet, groups are given
    by their ids.

    ## Repair in Terraform

    `vpc_security_group_ids = [aws_security_group.NAME.id]` instead of `security_groups`.

    ## Repair in CloudFormation

    `SecurityGroupIds: [!GetAtt NAME.GroupId]` instead of `SecurityGroups`.

    ## What it does not see

    Ids in the Terraform argument `security_groups`: they work, and replace the instance with every
    change.
    """

    id = "IAC811"
    name = "group-names-in-vpc"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"
    breaks = (
        """
        resource "aws_instance" "inner" {
          vpc_security_group_ids = null
          security_groups        = [aws_security_group.inner.name]
        }
        """,
        """
        Resources:
          Inner:
            Properties:
              SecurityGroupIds: null
              SecurityGroups: [!GetAtt InnerGroup.GroupId]
        """,
    )
    quiet = (
        """
        resource "aws_instance" "inner" {
          vpc_security_group_ids = null
          security_groups        = [aws_security_group.inner.id]
        }
        """,
        """
        Resources:
          Loose:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: in the default VPC
          Host:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              SecurityGroups: [!Ref Loose]
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Instances with a subnet and names of groups."""
        for declared in network.declared:
            if not isinstance(declared, aws.instance.Launch) or not declared.is_instance:
                continue
            if declared.subnet is None or declared.group_names is None or declared.maybe:
                continue
            if declared.is_terraform and not _are_names(declared):
                continue
            right = "vpc_security_group_ids" if declared.is_terraform else "SecurityGroupIds"
            yield self.about(
                declared.resource,
                f"{declared.address} has a subnet, and gives its security groups by name",
                Label(declared.group_names.span or declared.span, "names of groups"),
                f"give their ids in `{right}`",
                level=None if declared.is_terraform else Level.WARNING,
            )


def _are_names(declared: aws.instance.Launch) -> bool:
    """Whether an element is for certain the name of a group of a VPC that is not the default."""
    return any(map(_is_name, elements(declared.group_names)))


def _is_name(value: Value) -> bool:
    if isinstance(value, Unknown):
        return value.ref is not None and value.ref.attribute == "name"
    plain = text(value)
    return isinstance(plain, str) and plain != "" and not plain.startswith("sg-")
