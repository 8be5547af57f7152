"""
Bastions in a place where nobody comes: among the private hosts.
"""

from __future__ import annotations

from collections.abc import Sequence

from iaclint.flow import Flow
from iaclint.intent.access import unknown_profile
from iaclint.intent.chains import Chains
from iaclint.intent.outputs import PUBLIC
from iaclint.intent.signs import is_called_bastion, leads_elsewhere
from iaclint.intent.tunnels import is_tunnel
from iaclint.intent.whom import is_read
from iaclint.network import Instance, Network, Subnet, Vpc
from iaclint.value import refs

BRINGS_PEOPLE = (
    *("module", "aws_cloudformation_stack", "AWS::CloudFormation::Stack", "Custom::"),
    *("aws_workspaces_", "AWS::WorkSpaces::", "aws_appstream_", "AWS::AppStream::"),
    *("aws_cloud9_", "AWS::Cloud9::"),
)
"""What may put people into a VPC, or connect it to theirs, without the files showing how."""


def is_misplaced(network: Network, flow: Flow, chains: Chains) -> bool:
    """
    Whether a host that looks private is called a bastion, a rule for a login lets in people
    outside, and nobody at all gets in: no other network is connected, nothing stands in front.
    """
    target = flow.target
    if flow.service.is_ping or target.key is None or network.library or chains.is_partial:
        return False
    if not is_called_bastion(target) or not any(
        each.kind == "rule" and each.strong for each in flow.evidence
    ):
        return False
    if unknown_profile(network, target) or not _is_known(network, target):
        return False
    return not (is_tunnel(network, target) or chains.is_reached(target, flow.service))


def may_be_reached(network: Network, target: Instance) -> bool:
    """
    Whether others are told of a host by more than its public address, so that they may stand in
    front of it, or its VPC is handed to what may bring people there, its tables to who adds routes.
    """
    modelled = {each.address for each in network.declared}
    others = [each for each in network.resources if each.address not in modelled]
    told = [value for each in others for value in each.attributes.values()]
    told += [output.value for output in network.outputs if output.hands_on]
    homes = {id(each.vpc) for each in target.interfaces()}
    doors = {target.address, *(t.address for t in network.tables if id(t.vpc) in homes)}
    if any(
        ref.address in doors and ref.attribute.split("[")[0] not in PUBLIC
        for value in told
        for ref in refs(value)
    ):
        return True
    places = {vpc.address for vpc in network.vpcs if id(vpc) in homes}
    places |= {s.address for s in network.subnets if id(s.vpc) in homes}
    return any(
        each.kind.startswith(BRINGS_PEOPLE) and not is_read(network, each)
        and any(ref.address in places for value in each.attributes.values() for ref in refs(value))
        for each in others
    )  # fmt: skip


def _is_known(network: Network, target: Instance) -> bool:
    """Whether the files show its VPC: with an internet gateway, and nothing that leads away."""
    homes: Sequence[Vpc] = [
        each.subnet.vpc
        for each in target.interfaces()
        if isinstance(each.subnet, Subnet) and isinstance(each.subnet.vpc, Vpc)
    ]
    return len(homes) == len([*target.interfaces()]) and all(
        network.internet_gateways(vpc)
        and not (vpc.foreign or vpc.assumed or leads_elsewhere(network, vpc))
        for vpc in homes
    )
