"""
Ways to log in that need no open port from outside.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
"""

from __future__ import annotations

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Unknown, Value, truth


@shape("aws_ec2_instance_connect_endpoint", cfn="AWS::EC2::InstanceConnectEndpoint")
class InstanceConnectEndpoint(Declared):
    """
    A proxy inside of the VPC. Only its outbound rules count. Terraform's provider preserves the
    user's address unless told otherwise, the API and CloudFormation do not.
    """

    subnet: Value | None = attr("subnet_id")
    groups: Value | None = attr("security_group_ids")
    preserve: Value | None = attr("preserve_client_ip")

    @property
    def preserves(self) -> bool | Unknown:
        """Whether instances see the address of the user."""
        given = truth(self.preserve)
        return self.is_terraform if given is None else given
