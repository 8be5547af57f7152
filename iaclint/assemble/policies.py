"""
What an account forbids or adds beside the routes: VPC Block Public Access, endpoints to log in by.
"""

from __future__ import annotations

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import flat, written
from iaclint.assemble.interfaces import find_subnet, groups_of
from iaclint.assemble.vpcs import find_vpc
from iaclint.aws import access, policy
from iaclint.network import (
    ConnectEndpoint,
    Exclusion,
    Interface,
    Maybe,
    PublicAccess,
    PublicAddress,
    Subnet,
    Vpc,
)
from iaclint.value import Unknown, text

PROXY = PublicAddress(has=False, why="it is a proxy inside of the VPC")


def build_policies(build: Build) -> None:
    """The modes of VPC Block Public Access, and what it leaves alone."""
    network = build.network
    for declared in build.index.all(policy.BlockPublicAccess):
        network.policies.append(
            PublicAccess(**place(declared), mode=declared.maybe or text(declared.mode) or "")
        )
    for exclusion in build.index.all(policy.PublicAccessExclusion):
        mode = text(exclusion.mode)
        network.exclusions.append(
            Exclusion(
                **place(exclusion),
                place=_place(build, exclusion),
                mode=exclusion.maybe or mode or Unknown("no mode is given", exclusion.span),
            )
        )


def _place(build: Build, exclusion: policy.PublicAccessExclusion) -> Maybe[Vpc] | Maybe[Subnet]:
    if exclusion.subnet is not None:
        return find_subnet(build, exclusion.subnet, exclusion.resource)
    return find_vpc(build, exclusion.vpc)


def build_connect_endpoints(build: Build) -> None:
    """
    All EC2 Instance Connect Endpoints, each with the interface it works by: who may get in by one
    that may not be there is not certain to be shut out.
    """
    for declared in build.index.all(access.InstanceConnectEndpoint):
        subnet = find_subnet(build, declared.subnet, declared.resource)
        interface = Interface(
            **place(declared),
            subnet=subnet,
            groups=groups_of(build, flat(declared.groups), subnet),
            groups_span=written(declared.groups, declared.span) if declared.groups else None,
            public=PROXY,
        )
        build.network.connect_endpoints.append(
            ConnectEndpoint(**place(declared), interface=interface, preserves=declared.preserves)
        )
