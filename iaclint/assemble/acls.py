"""
Network ACLs and which subnet uses which.
"""

from __future__ import annotations

from iaclint.assemble.build import Build, place
from iaclint.assemble.meant import looked_up, meant
from iaclint.assemble.vpcs import default_acl, find_vpc, prefix_of, vpc_of_attribute
from iaclint.aws import network_acl as shapes
from iaclint.aws.protocol import NotAProtocol, acl_traffic
from iaclint.network import Acl, AclEntry
from iaclint.packet.service import Traffic
from iaclint.value import Unknown, Value, whole

DEFAULT_ACL = ("default_network_acl_id", "DefaultNetworkAcl")


def build_acls(build: Build) -> None:
    """All ACLs with their entries in the order AWS evaluates them."""
    for declared in build.index.all(shapes.NetworkAcl):
        vpc = vpc_of_attribute(build, declared.adopts, *DEFAULT_ACL)
        if vpc is not None:
            acl = default_acl(build, vpc)
            acl.allows_all = False
            acl.address, acl.span = declared.address, declared.span
            acl.resource = declared.resource
            acl.label = place(declared)["label"]
        else:
            acl = Acl(**place(declared), vpc=find_vpc(build, declared.vpc))
            build.network.acls.append(acl)
        acl.rest = _rest(declared)
        build.acls[declared.address] = acl
    for entry in build.index.all(shapes.NetworkAclEntry):
        acl_of = build.acls.get(entry.address) or find_acl(build, entry.acl)
        if acl_of is not None:
            acl_of.entries.append(_entry(entry))
        elif isinstance(entry.acl, Unknown):
            _add_somewhere(build, entry, entry.acl)
    for acl in build.network.acls:
        acl.entries.sort(key=lambda e: e.number if isinstance(e.number, int) else 0)


def _add_somewhere(build: Build, declared: shapes.NetworkAclEntry, why: Unknown) -> None:
    """An entry of an ACL that is not known may be in each that the value can mean."""
    if why.ref is None or looked_up(build, why):
        for vpc in build.network.vpcs:
            default_acl(build, vpc)
    every = {acl.address: acl for acl in build.network.acls}
    for acl in meant(build, why, every):
        entry = _entry(declared)
        entry.maybe = entry.maybe or why
        acl.entries.append(entry)


def _rest(declared: shapes.NetworkAcl) -> Unknown | None:
    if declared.maybe:
        return declared.maybe
    if declared.resource.ignored & {"ingress", "egress"}:
        return Unknown(f"changes to the entries of {declared.address} are ignored", declared.span)
    return declared.rest(False) or declared.rest(True)


def find_acl(build: Build, value: Value | None) -> Acl | None:
    """The ACL a value names, by its own resource or as the default ACL of a VPC."""
    vpc = vpc_of_attribute(build, value, *DEFAULT_ACL)
    if vpc is not None:
        return default_acl(build, vpc)
    found = build.index.find(value, shapes.NetworkAcl)
    return build.acls.get(found.address) if isinstance(found, shapes.NetworkAcl) else None


def _entry(declared: shapes.NetworkAclEntry) -> AclEntry:
    kind, code = declared.icmp
    try:
        traffic = acl_traffic(declared.protocol, declared.first, declared.last, kind, code)
    except NotAProtocol:
        traffic = Traffic(255)
    prefix = prefix_of(declared.ipv4) or prefix_of(declared.ipv6)
    number = whole(declared.number)
    return AclEntry(
        **{**place(declared), "label": str(number)},
        number=Unknown("the entry has no number", declared.span) if number is None else number,
        egress=declared.egress,
        allow=declared.allow,
        traffic=traffic,
        prefix=prefix or Unknown("the entry has no block", declared.span),
        maybe=declared.maybe,
    )
