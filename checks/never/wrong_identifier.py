from collections.abc import Iterator, Mapping

from iaclint.check import (
    Check,
    Declared,
    Finding,
    Label,
    Level,
    Network,
    Resource,
    Value,
    aws,
    elements,
    refs,
)


class WrongIdentifier(Check):
    """
    A reference gives another kind of name than the property takes.

    ## On the wire

    Nothing: the stack fails when the address or the group is used.

    ## Why AWS does that

    `Ref` of an `AWS::EC2::EIP` is the address and not its allocation id. `Ref` of an
    `AWS::EC2::SecurityGroup` without `VpcId` is its name, and not its id.

    ## Repair in Terraform

    Not needed: `aws_eip.NAME.id` is the allocation id, `aws_security_group.NAME.id` the group id.

    ## Repair in CloudFormation

    `!GetAtt ADDRESS.AllocationId` and `!GetAtt GROUP.GroupId`.

    ## What it does not see

    Parameters that somebody fills with the wrong kind of name. In the default VPC, where an
    instance names no subnet, the name of a group is as good as its id.
    """

    id = "IAC810"
    name = "wrong-identifier"
    reference = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-ec2-eip.html"
    )
    breaks = (
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Association:
            Type: AWS::EC2::EIPAssociation
            Properties:
              AllocationId: !Ref Address
              InstanceId: !Ref Desktop
        """,
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Nat:
            Type: AWS::EC2::NatGateway
            Properties:
              SubnetId: !Ref PublicSubnet
              AllocationId: !Ref Address
        """,
    )
    quiet = (
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Association:
            Type: AWS::EC2::EIPAssociation
            Properties:
              AllocationId: !GetAtt Address.AllocationId
              InstanceId: !Ref Desktop
        """,
        """
        Resources:
          Inner:
            Properties:
              SecurityGroupIds: [!Ref InnerGroup]
        """,
        """
        Resources:
          Loose:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: in the default VPC, where a name will do
          Host:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              SecurityGroupIds: [!Ref Loose]
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Properties of templates that take an id."""
        known = {resource.address: resource for resource in network.resources}
        for declared in network.declared:
            if declared.is_terraform or declared.maybe is not None:
                continue
            for value in _ids(declared):
                why, right = _wrong(value, known)
                if why:
                    group = right.endswith("GroupId")
                    yield self.about(
                        declared.resource,
                        f"{declared.address}: {why}",
                        Label(getattr(value, "span", None) or declared.span, why),
                        f"write `{right}`",
                        level=Level.WARNING if group else Level.ERROR,
                        identity=right,
                    )


def _ids(declared: Declared) -> Iterator[Value]:
    if isinstance(declared, aws.interface.ElasticIpAssociation):
        yield from elements(declared.allocation)
    elif isinstance(declared, aws.gateway.NatGateway):
        yield from elements(declared.resource.attributes.get("AllocationId"))
    elif isinstance(declared, aws.instance.Launch):
        if declared.subnet is not None:  # in the default VPC a name is taken as well
            yield from elements(declared.groups)
        for nic in declared.nics():
            yield from elements(nic.groups)
    elif isinstance(declared, aws.interface.NetworkInterface):
        yield from elements(declared.groups)


def _wrong(value: Value, known: Mapping[str, Resource]) -> tuple[str, str]:
    ref = next(iter(refs(value)), None)
    target = known.get(ref.address) if ref is not None and ref.attribute == "Ref" else None
    if target is None:
        return "", ""
    name = target.address.rpartition("/")[2]
    if target.kind == "AWS::EC2::EIP":
        return f"`Ref` of {name} is the address, not its allocation id", (
            f"!GetAtt {name}.AllocationId"
        )
    if target.kind == "AWS::EC2::SecurityGroup" and "VpcId" not in target.attributes:
        return f"`Ref` of {name}, which has no VpcId, is its name and not its id", (
            f"!GetAtt {name}.GroupId"
        )
    return "", ""
