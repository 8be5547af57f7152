"""
What is given to something that cannot be read: a nested stack whose template is elsewhere, a
module that is not installed, a custom resource, a command. It may change whatever it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iaclint.assemble.acls import find_acl
from iaclint.assemble.build import Build
from iaclint.assemble.rules import find_group
from iaclint.assemble.tables import find_table
from iaclint.network import Acl, Group, RouteTable, Vpc
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import Ref, Unknown, refs

CALLS = ("AWS::CloudFormation::Stack", "module")
VPC_ITSELF = ("Ref", "VpcId", "id")
"""Attributes by which a VPC is named, and not something that belongs to it."""


def build_opaque(build: Build) -> None:
    """Opens the groups, tables, ACLs and subnets that something else is given."""
    read = {outer for address in build.index.resources for outer in _outer(address)}
    for resource in build.index.resources.values():
        if resource.kind in CALLS and resource.address not in read:
            _open(build, resource.address, resource.span, _given(resource))
            _open_subnets(build, resource)
            _serve(build, resource)
        elif _is_program(resource):
            _open(build, resource.address, resource.span, _given(resource))
            _open_vpcs(build, resource)
            _serve(build, resource)
        for each in resource.connections:
            if each.provisioner == "local-exec":
                _open(build, f"a command of {resource.address}", each.span, refs(each.body))


def _outer(address: str) -> Iterator[str]:
    """The calls that an address is inside of: `A` and `A/B` of `A/B/C`."""
    steps = address.split("/")
    for count in range(1, len(steps)):
        yield "/".join(steps[:count])


def _is_program(resource: Resource) -> bool:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html"""
    return resource.kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))


def _given(resource: Resource) -> Iterator[Ref]:
    for value in resource.attributes.values():
        yield from refs(value)


def _open(build: Build, who: str, span: Span, given: Iterable[Ref]) -> None:
    for ref in given:
        for noun in _named(build, Unknown(str(ref), ref=ref)):
            if noun.rest is None:
                noun.rest = Unknown(f"{who} is given {noun.address} and may add to it", span)
                if isinstance(noun, RouteTable):
                    noun.only_more = True


def _named(build: Build, value: Unknown) -> Iterator[Group | RouteTable | Acl]:
    """What an attribute names, also as the main table, default ACL or default group of a VPC."""
    for noun in (find_group(build, value), find_table(build, value), find_acl(build, value)):
        if noun is not None and not isinstance(noun, Unknown):
            yield noun


def _open_subnets(build: Build, call: Resource) -> None:
    """Who has a subnet that was given no table may give it one."""
    for address in {ref.address for ref in _given(call)} & build.subnets.keys():
        subnet = build.subnets[address]
        if subnet.association is None and isinstance(subnet.table, RouteTable):
            why = f"{call.address} is given {address} and may associate a table with it"
            supply = "terraform get" if call.language == "terraform" else ""
            subnet.table = Unknown(why, call.span, supply)


def _serve(build: Build, call: Resource) -> None:
    """Who has a VPC may put endpoints of AWS services into it."""
    for vpc in _vpcs(build, call):
        if vpc.served is None:
            vpc.served = Unknown(f"{call.address} may put endpoints into {vpc.address}", call.span)


def _vpcs(build: Build, call: Resource) -> Iterator[Vpc]:
    for ref in _given(call):
        if ref.address in build.vpcs and ref.attribute in VPC_ITSELF:
            yield build.vpcs[ref.address]


def _open_vpcs(build: Build, program: Resource) -> None:
    """Who has a VPC finds its main table, and may exchange it."""
    for vpc in _vpcs(build, program):
        table = build.main.get(id(vpc))
        if table is not None and table.rest is None:
            why = f"{program.address} is given {vpc.address} and may change its main table"
            table.rest = Unknown(why, program.span)
