"""
Fleets: many instances from one request, each made by a specification or a launch template.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Fleets.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.instance import overrides
from iaclint.aws.shape import Declared, attr, blocks, dig, shape
from iaclint.value import MapValue, Value


@shape(
    "aws_spot_fleet_request",
    "aws_ec2_fleet",
    cfn=("AWS::EC2::SpotFleet", "AWS::EC2::EC2Fleet"),
)
class Fleet(Declared):
    """One target: the instances differ in their subnets and in what they are made from."""

    specifications: Value | None = attr(
        "launch_specification", cfn="SpotFleetRequestConfigData.LaunchSpecifications"
    )
    configs: Value | None = attr(
        "launch_template_config",
        cfn=("LaunchTemplateConfigs", "SpotFleetRequestConfigData.LaunchTemplateConfigs"),
    )
    tags: Value | None = attr("tags")

    def templates(self) -> Iterator[tuple[Value | None, list[Value]]]:
        """Each launch template, with the subnets that overrides name for it."""
        for config in blocks(self.configs):
            template = dig(config, "launch_template_specification") or dig(
                config, "LaunchTemplateSpecification"
            )
            yield template, [s for each in overrides(config) if (s := _subnet(each)) is not None]


def _subnet(override: MapValue) -> Value | None:
    return override.get("subnet_id") or override.get("SubnetId")
