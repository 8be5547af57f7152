"""
What is given to something that cannot be read: a nested stack whose template is elsewhere, a
module that is not installed. It may add rules and routes to whatever it is given.
"""

from __future__ import annotations

from iaclint.assemble.build import Build
from iaclint.resource import Resource
from iaclint.value import Unknown, refs

KINDS = ("AWS::CloudFormation::Stack", "module")


def build_opaque(build: Build) -> None:
    """Opens the groups, tables and ACLs that such a call is given."""
    read = {address.split("/")[0] for address in build.index.resources if "/" in address}
    for resource in build.index.resources.values():
        if resource.kind in KINDS and resource.address not in read:
            _open(build, resource)


def _open(build: Build, call: Resource) -> None:
    given = {ref.address for value in call.attributes.values() for ref in refs(value)}
    for address in given:
        why = Unknown(f"{call.address} is given {address} and may add to it", call.span)
        for noun in (
            build.groups.get(address),
            build.tables.get(address),
            build.acls.get(address),
        ):
            if noun is not None and noun.rest is None:
                noun.rest = why
