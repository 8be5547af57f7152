"""
Instances, and what launches them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, dig, read, shape
from iaclint.value import MapValue, Unknown, Value


def _data(*names: str) -> tuple[str, ...]:
    return (*names, *(f"LaunchTemplateData.{name}" for name in names))


@shape(
    "aws_instance",
    "aws_spot_instance_request",
    "aws_launch_template",
    "aws_launch_configuration",
    cfn=(
        "AWS::EC2::Instance",
        "AWS::EC2::LaunchTemplate",
        "AWS::AutoScaling::LaunchConfiguration",
    ),
)
class Launch(Declared):
    """What an instance is made of: written on the instance, or in a template it is made from."""

    subnet: Value | None = attr("subnet_id")
    groups: Value | None = attr("vpc_security_group_ids", cfn=_data("SecurityGroupIds"))
    group_names: Value | None = attr(
        "security_groups", "security_group_names", cfn=_data("SecurityGroups")
    )
    public: Value | None = attr("associate_public_ip_address")
    interfaces: Value | None = attr(
        "network_interface", "network_interfaces", cfn=_data("NetworkInterfaces")
    )
    primary: Value | None = attr("primary_network_interface", cfn=())
    key: Value | None = attr("key_name", cfn=_data("KeyName"))
    image: Value | None = attr("ami", "image_id", cfn=_data("ImageId"))
    profile: Value | None = attr("iam_instance_profile", cfn=_data("IamInstanceProfile"))
    user_data: Value | None = attr("user_data", cfn=_data("UserData"))
    user_data_base64: Value | None = attr("user_data_base64", cfn=())
    template: Value | None = attr("launch_template")
    checks: Value | None = attr("source_dest_check")
    ipv6: Value | None = attr("ipv6_addresses")
    ipv6_count: Value | None = attr("ipv6_address_count")
    private: Value | None = attr("private_ip", cfn="PrivateIpAddress")
    zone: Value | None = attr("availability_zone", "placement.availability_zone")
    password: Value | None = attr("get_password_data", cfn=())
    name: Value | None = attr("name", cfn=("LaunchTemplateName", "LaunchConfigurationName"))
    tags: Value | None = attr("tags")
    elsewhere: Unknown | None = None
    """Why nothing is known of a template that something is made from."""

    @classmethod
    def hidden(cls, owner: Declared, why: Unknown) -> Launch:
        """What is made from a template that is not part of the files: it may say anything."""
        said = ("subnet", "groups", "public", "interfaces", "image", "profile", "user_data")
        given = dict.fromkeys((*said, "checks", "ipv6_count"), why)
        return cls(resource=owner.resource, span=owner.span, elsewhere=why, **given)

    @property
    def is_instance(self) -> bool:
        """An instance of its own, and not only a template."""
        return self.resource.kind in INSTANCES

    def nics(self) -> list[NicSpec]:
        """The interfaces asked for, first device first."""
        written = [read(NicSpec, self.resource, block) for block in blocks(self.interfaces)]
        written += [read(NicSpec, self.resource, block) for block in blocks(self.primary)]
        return written


INSTANCES = ("aws_instance", "aws_spot_instance_request", "AWS::EC2::Instance")


@shape()
class NicSpec(Declared):
    """
    An entry of `network_interface(s)`: a new interface, or one that exists. An automatic public
    address is only for a new one, at device index 0, alone in the request.
    """

    index: Value | None = attr("device_index")
    existing: Value | None = attr("network_interface_id")
    subnet: Value | None = attr("subnet_id")
    groups: Value | None = attr("security_groups", cfn=("GroupSet", "Groups"))
    public: Value | None = attr("associate_public_ip_address")
    ipv6: Value | None = attr("ipv6_addresses")
    ipv6_count: Value | None = attr("ipv6_address_count")
    private: Value | None = attr(
        "private_ip_address", "ipv4_addresses", cfn=("PrivateIpAddress", "PrivateIpAddresses")
    )


@shape("aws_autoscaling_group", cfn="AWS::AutoScaling::AutoScalingGroup")
class AutoScalingGroup(Declared):
    """One target: every instance of it is made alike, in one of its subnets."""

    subnets: Value | None = attr("vpc_zone_identifier", cfn="VPCZoneIdentifier")
    zones: Value | None = attr("availability_zones")
    largest: Value | None = attr("max_size")
    template: Value | None = attr("launch_template", cfn="LaunchTemplate")
    mixed: Value | None = attr(
        "mixed_instances_policy.launch_template", cfn="MixedInstancesPolicy.LaunchTemplate"
    )
    configuration: Value | None = attr("launch_configuration", cfn="LaunchConfigurationName")
    target_groups: Value | None = attr("target_group_arns", cfn="TargetGroupARNs")
    balancers: Value | None = attr("load_balancers", cfn="LoadBalancerNames")
    tags: Value | None = attr("tags", "tag")
    name: Value | None = attr("name", cfn="AutoScalingGroupName")

    def templates(self) -> Iterator[Value]:
        """
        Every launch template its instances are made from; an override may name one of its own.

        https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups-launch-template-overrides.html
        """
        if self.template is not None:
            yield self.template
        for mixed in blocks(self.mixed):
            for each in (mixed, *overrides(mixed)):
                for name in ("launch_template_specification", "LaunchTemplateSpecification"):
                    if (found := dig(each, name)) is not None:
                        yield found


def overrides(config: MapValue) -> Iterator[MapValue]:
    """What a fleet or a group changes of its launch template, for some of its instances."""
    for name in ("overrides", "override", "Overrides"):
        yield from blocks(config.get(name))


@shape("aws_key_pair", cfn="AWS::EC2::KeyPair")
class KeyPair(Declared):
    """
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
    """

    name: Value | None = attr("key_name", "key_name_prefix")
    public_key: Value | None = attr("public_key", cfn="PublicKeyMaterial")
    type: Value | None = attr(cfn="KeyType")
    format: Value | None = attr(cfn="KeyFormat")


@shape("aws_ami")
class Image(Declared):
    """An AMI that is looked up: owner and name filter tell the operating system."""

    owners: Value | None = attr("owners")
    filters: Value | None = attr("filter")
