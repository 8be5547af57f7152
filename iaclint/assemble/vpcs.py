"""
VPCs: those that are declared, the account's default one, and those that are looked up.

What the default VPC holds without being declared:
https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
"""

from __future__ import annotations

from iaclint.assemble.build import Build
from iaclint.assemble.index import direct_ref, short, unusable
from iaclint.aws import vpc as shapes
from iaclint.network import Acl, Gateway, Group, Maybe, Route, RouteTable, Rule, Subnet, Vpc
from iaclint.packet.prefix import Family, NotAPrefix, Prefix, everything, parse_prefix
from iaclint.packet.service import Traffic
from iaclint.resource import Resource
from iaclint.value import Unknown, Value, text, truth

DEFAULT_BLOCK = parse_prefix("172.31.0.0/16")


def build_vpcs(build: Build) -> None:
    """All VPCs that are written down."""
    for declared in build.index.all(shapes.Vpc, data=True):
        build.vpcs[declared.address] = vpc = _vpc(build, declared)
        if vpc not in build.network.vpcs:
            build.network.vpcs.append(vpc)
    for block in build.index.all(shapes.VpcBlock):
        vpc_of = find_vpc(build, block.vpc)
        if isinstance(vpc_of, Vpc):
            _extend(vpc_of, block)


def _vpc(build: Build, declared: shapes.Vpc) -> Vpc:
    if declared.is_default or (declared.is_data and truth(declared.lookup_default) is True):
        found = default_vpc(build, declared.resource)
        if not declared.is_data:
            found.span, found.resource = declared.span, declared.resource
            found.address, found.label = declared.address, short(declared.address)
        return found
    prefix, ipv6 = prefix_of(declared.cidr, "ipv4"), prefix_of(declared.ipv6, "ipv6")
    return Vpc(
        address=declared.address,
        label=short(declared.resource.label or declared.address),
        span=declared.span,
        resource=declared.resource,
        prefixes=(*_some(prefix), *_certain(ipv6)),
        ipv6=_has_ipv6(declared),
        dns_hostnames=truth(declared.dns_hostnames) or False,
        foreign=declared.is_data,
    )


def _has_ipv6(declared: shapes.Vpc) -> Maybe[bool]:
    if declared.is_data:
        return Unknown(f"{declared.address} is made elsewhere", declared.span)
    if declared.ipv6 is not None:
        return declared.ipv6 if isinstance(declared.ipv6, Unknown) else True
    return truth(declared.amazon_ipv6) or False


def _extend(vpc: Vpc, block: shapes.VpcBlock) -> None:
    if block.is_ipv6:
        asked = truth(block.amazon_ipv6)
        given = asked if block.ipv6 is None and isinstance(asked, Unknown) else True
        if vpc.ipv6 is not True:
            vpc.ipv6 = block.maybe or given
    prefix = block.maybe or prefix_of(block.cidr, "ipv4") if block.cidr else None
    vpc.prefixes += _some(prefix)
    if not block.maybe:
        vpc.prefixes += _certain(prefix_of(block.ipv6, "ipv6"))


def _some(prefix: Maybe[Prefix] | None) -> tuple[Maybe[Prefix], ...]:
    return () if prefix is None else (prefix,)


def _certain(prefix: Maybe[Prefix] | None) -> tuple[Prefix, ...]:
    """An IPv6 block that is written down; one from a pool is assigned on apply."""
    return (prefix,) if isinstance(prefix, Prefix) else ()


def find_vpc(build: Build, value: Value | None, resource: Resource | None = None) -> Maybe[Vpc]:
    """
    The VPC a value names. With a `resource`, nothing given means the default VPC of its provider.
    """
    found = build.index.find(value, shapes.Vpc)
    if isinstance(found, shapes.Vpc):
        return build.vpcs[found.address]
    if found is None and resource is not None:
        return default_vpc(build, resource)
    return found or Unknown("no VPC is given")


def vpc_of_attribute(build: Build, value: Value | None, *names: str) -> Vpc | None:
    """The VPC of which a value is one of the named attributes (`default_route_table_id`)."""
    ref = direct_ref(value)
    if ref is None or ref.attribute not in names:
        return None
    return build.vpcs.get(ref.address)


def default_vpc(build: Build, resource: Resource) -> Vpc:
    """The default VPC of a provider, with all that AWS puts into it, made when first asked for."""
    key = resource.region
    if key not in build.defaults:
        build.defaults[key] = _default_vpc(build)
    return build.defaults[key]


def _default_vpc(build: Build) -> Vpc:
    network = build.network
    vpc = Vpc(
        address="default VPC",
        label="default VPC",
        prefixes=(DEFAULT_BLOCK,),
        dns_hostnames=True,
        assumed=True,
    )
    gateway = Gateway(
        address="internet gateway of the default VPC",
        label="default igw",
        kind="internet",
        title="internet gateway",
        vpcs=(vpc,),
    )
    network.vpcs.append(vpc)
    network.gateways.append(gateway)
    out = Route(
        address="main table of the default VPC",
        label="0.0.0.0/0",
        to=everything("ipv4"),
        target=gateway,
    )
    main_table(build, vpc).routes.append(out)
    return vpc


def default_subnet(build: Build, vpc: Vpc) -> Subnet:
    """A subnet that AWS made in the default VPC: it maps public addresses."""
    found = next((s for s in build.network.subnets if s.assumed and s.vpc is vpc), None)
    if found is None:
        found = Subnet(
            address="default subnet",
            label="default subnet",
            vpc=vpc,
            prefix=Unknown("which default subnet is used is decided on apply"),
            table=main_table(build, vpc),
            acl=default_acl(build, vpc),
            maps_public=True,
            assumed=True,
        )
        build.network.subnets.append(found)
    return found


def main_table(build: Build, vpc: Vpc) -> RouteTable:
    """The main table of a VPC: AWS makes one with local routes only."""
    if id(vpc) not in build.main:
        table = RouteTable(
            address=f"main route table of {vpc.address}",
            label=f"main table of {vpc.label}",
            vpc=vpc,
            main=True,
            rest=_elsewhere(vpc),
        )
        build.main[id(vpc)] = table
        build.network.tables.append(table)
    return build.main[id(vpc)]


def default_acl(build: Build, vpc: Vpc) -> Acl:
    """The ACL of every subnet that has no other; it allows everything until somebody edits it."""
    if id(vpc) not in build.default_acls:
        acl = Acl(
            address=f"default network ACL of {vpc.address}",
            label="default",
            vpc=vpc,
            allows_all=True,
            rest=_elsewhere(vpc),
        )
        build.default_acls[id(vpc)] = acl
        build.network.acls.append(acl)
    return build.default_acls[id(vpc)]


def default_group(build: Build, vpc: Vpc) -> Group:
    """The group of every interface that names none: its members reach each other, nobody else."""
    if id(vpc) not in build.default_groups:
        group = Group(
            address=f"default security group of {vpc.address}",
            label="default",
            vpc=vpc,
            default=True,
            rest=_elsewhere(vpc),
        )
        own = Rule(address=group.address, label="self", traffic=Traffic(None), groups=(group,))
        out = Rule(
            address=group.address,
            label="all",
            traffic=Traffic(None),
            prefixes=(everything("ipv4"), everything("ipv6")),
        )
        group.ingress.append(own)
        group.egress.append(out)
        build.default_groups[id(vpc)] = group
        build.network.groups.append(group)
    return build.default_groups[id(vpc)]


def _elsewhere(vpc: Vpc) -> Unknown | None:
    return Unknown(f"{vpc.address} is made elsewhere", vpc.span) if vpc.foreign else None


def prefix_of(value: Value | None, family: Family | None = None) -> Maybe[Prefix] | None:
    """
    A CIDR block, of one family where only that can stand there; an `Unknown` where it is not known
    or not such a block at all.
    """
    plain = text(value)
    if plain is None or isinstance(plain, Unknown):
        return plain
    try:
        found = parse_prefix(plain)
    except NotAPrefix as error:
        return unusable(value, plain, str(error))
    if family and found.family != family:
        return unusable(value, plain, f'"{plain}" is not an {family.replace("ip", "IP")} block')
    return found
