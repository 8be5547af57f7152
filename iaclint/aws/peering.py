"""
VPC peering.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

import re

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Unknown, Value, text, truth

_IDENTITY = re.compile(r"(^|\.)data\.aws_caller_identity\.[^.]+\.(account_id|id)$")


@shape("aws_vpc_peering_connection", cfn="AWS::EC2::VPCPeeringConnection")
class PeeringConnection(Declared):
    """
    A request that the other side has to accept. Terraform accepts with `auto_accept`, in the same
    account and Region only; CloudFormation accepts by itself in the same account, else by a role.
    """

    vpc: Value | None = attr("vpc_id")
    peer: Value | None = attr("peer_vpc_id")
    owner: Value | None = attr("peer_owner_id")
    region: Value | None = attr("peer_region")
    role: Value | None = attr(cfn="PeerRoleArn")
    auto_accept: Value | None = attr("auto_accept", cfn=())

    @property
    def is_own_account(self) -> bool:
        """Whether the other side is the account that asks, whatever its number is."""
        if not isinstance(self.owner, Unknown):
            return False
        identity = self.owner.ref is not None and _IDENTITY.search(str(self.owner.ref)) is not None
        return identity or self.owner.supply.startswith("--account")

    @property
    def accepted(self) -> bool | Unknown:
        """Whether it becomes active without a further resource."""
        if self.is_terraform:
            return truth(self.auto_accept) or False
        if self.owner is None or self.role is not None or self.is_own_account:
            return True
        plain = text(self.owner)
        return plain if isinstance(plain, Unknown) else Unknown(
            f"whether {self.address} is accepted is decided in account {plain}", self.span
        )  # fmt: skip


@shape("aws_vpc_peering_connection_accepter")
class PeeringAccepter(Declared):
    """The other side's consent; `auto_accept` is off unless it is set."""

    peering: Value | None = attr("vpc_peering_connection_id")
    auto_accept: Value | None = attr("auto_accept")
