"""
Whom a rule lets in, as far as the files show: somebody who logs in, or nobody who does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import IntEnum

from iaclint.flow import Client, Flow
from iaclint.intent.alone import is_shared
from iaclint.intent.entrances import endpoints, may_hold
from iaclint.intent.signs import leads_elsewhere
from iaclint.network import (
    Gateway,
    Group,
    Instance,
    Interface,
    Network,
    RouteTable,
    Rule,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import INTERNET, PRIVATE, Prefix, addresses
from iaclint.resource import Resource
from iaclint.trace.group import Peer, admits
from iaclint.trace.inside import region_of
from iaclint.value import Unknown, refs

RULES = ("aws_security_group", "aws_vpc_security_group", "AWS::EC2::SecurityGroup")
"""Kinds of resources that are groups and rules."""
OUTPUT = "output"
EXPORTS = (OUTPUT, "aws_ssm_parameter", "AWS::SSM::Parameter")
"""What tells others of a group, who may then carry it."""
STACK = "AWS::CloudFormation::Stack"
SERVERS = (
    *("aws_lb", "aws_alb", "aws_elb", "AWS::ElasticLoadBalancing", "aws_vpc_endpoint"),
    *("AWS::EC2::VPCEndpoint", "aws_apigatewayv2_", "AWS::ApiGatewayV2::", "aws_route53_resolver_"),
    *("AWS::Route53Resolver::", "aws_db_", "aws_rds_", "AWS::RDS::", "aws_docdb_", "AWS::DocDB::"),
    *("aws_neptune_", "AWS::Neptune::", "aws_redshift", "AWS::Redshift", "aws_dax_", "AWS::DAX::"),
    *("aws_elasticache_", "AWS::ElastiCache::", "aws_memorydb_", "AWS::MemoryDB::"),
    *("aws_elasticsearch_", "aws_opensearch", "AWS::Elasticsearch::", "AWS::OpenSearch"),
    *("aws_efs_", "AWS::EFS::", "aws_fsx_", "AWS::FSx::", "aws_msk_cluster", "AWS::MSK::Cluster"),
    *("aws_mq_", "AWS::AmazonMQ::", "aws_dms_", "AWS::DMS::"),
)
"""What has groups and never logs in to a host. All else may: it runs code, or hands a group on."""


class Whom(IntEnum):
    """
    How surely a rule for a login contradicts that nobody gets in by it, the surest last.
    """

    OTHERS = 0
    """Somebody the files do not show, the group itself, hosts to which people log in."""
    WAITING = 1
    """A group or a subnet that others are told of: somebody may come."""
    NOBODY_YET = 2
    """A subnet in which nothing is, and of which nobody is told."""
    UNUSED = 3
    """A group that nothing carries and nobody is told of."""
    HOSTS = 4
    """Hosts of the files to which nobody is meant to log in."""
    OUTSIDERS = 5
    """Addresses outside that have no way to the interface."""
    NOBODY = 6
    """A load balancer's group, a block of the network that is in no subnet."""


def whom(
    network: Network,
    instance: Instance,
    interface: Interface,
    rule: Rule,
    island: Collection[Instance] = (),
) -> Whom:
    """
    Whom a rule of an instance is for: the most harmless reading of all that it names. The hosts of
    an `island` are in the same place as the instance, and count for each other as little.
    """
    if rule.maybe is not None or rule.managed or rule.holders or rule.invalid:
        return Whom.OTHERS
    named = [_group(network, instance, interface, each) for each in rule.groups]
    own = (instance, *island)
    named += [_block(network, own, interface, each) for each in rule.prefixes]
    return min(named, default=Whom.OTHERS)


def lets_nobody_in(network: Network, instance: Instance, interface: Interface, rule: Rule) -> bool:
    """Whether all that a rule names is part of the files, and none of it is a client."""
    nobody = (Whom.NOBODY, Whom.UNUSED, Whom.WAITING, Whom.NOBODY_YET)
    return whom(network, instance, interface, rule) in nobody


# ---- groups ----------------------------------------------------------------------------------


def is_nobodys(
    network: Network, instance: Instance, interface: Interface, group: Group | Unknown
) -> bool:
    """Whether a group is for what never logs in: a load balancer, a database."""
    return _group(network, instance, interface, group) is Whom.NOBODY


def is_alone_in(network: Network, instance: Instance, rule: Rule) -> bool:
    """Whether an instance is the only member of the groups that a rule names: its own."""
    groups = [each for each in rule.groups if isinstance(each, Group)]
    members = (member for group in groups for member, _ in network.members(group))
    return (
        len(groups) == len(rule.groups)
        and not instance.scaling
        and all(member is instance for member in members)
        and not any(group.default or group.elsewhere for group in groups)
        and all(kind.startswith(SERVERS) for g in groups for kind in _users(network, g))
    )


def is_unused(network: Network, group: Group) -> bool:
    """Whether surely nothing carries a group, and nobody is told of it."""
    known = not group.default and not group.elsewhere
    return known and not any(_may_carry(network, group)) and not any(_users(network, group))


def is_let_in_to_servers(network: Network, host: Instance) -> bool:
    """Whether a rule lets a host in to what is none: people use a database through a bastion."""
    own = [group for each in host.interfaces() for group in each.groups]
    return any(
        any(named in own for rule in group.ingress for named in rule.groups)
        and not any(True for _ in network.members(group))
        and any(kind not in EXPORTS for kind in _users(network, group))
        for group in network.groups
    )


def _may_carry(network: Network, group: Group) -> Iterator[bool]:
    for host in network.instances:
        for interface in host.interfaces():
            if interface.vpc is group.vpc or isinstance(interface.vpc, Unknown):
                yield any(g is group or isinstance(g, Unknown) for g in interface.candidates)
    yield any(group in door.groups for door in _doors(network))


def _group(
    network: Network, instance: Instance, interface: Interface, group: Group | Unknown
) -> Whom:
    if isinstance(group, Unknown) or group.default or group.elsewhere or group in interface.groups:
        return Whom.OTHERS
    if any(group in door.groups for door in _doors(network)):
        return Whom.OTHERS
    members = [member for member, _ in network.members(group) if member is not instance]
    if members:
        return Whom.OTHERS if any(map(_logs_in, members)) else Whom.HOSTS
    if instance in (member for member, _ in network.members(group)):
        return Whom.OTHERS
    users = list(_users(network, group))
    if not users:
        return Whom.UNUSED
    if not all(kind.startswith(SERVERS) or kind in EXPORTS for kind in users):
        return Whom.OTHERS
    return Whom.WAITING if any(kind in EXPORTS for kind in users) else Whom.NOBODY


def _logs_in(host: Instance) -> bool:
    return host.key is not None or host.password


def _doors(network: Network) -> list[Interface]:
    return [d.interface for d in endpoints(network) if d.interface is not None]


def _users(network: Network, group: Group) -> Iterator[str]:
    """The kinds of all that names a group, beside rules; an output tells others of it."""
    values = [
        (resource.kind, value)
        for resource in network.resources
        if not resource.kind.startswith(RULES) and not is_read(network, resource)
        for value in resource.attributes.values()
    ]
    values += [(OUTPUT, output.value) for output in network.outputs if output.hands_on]
    for kind, value in values:
        if any(ref.address == group.address for ref in refs(value)):
            yield kind


def is_read(network: Network, resource: Resource) -> bool:
    """Whether it is a nested stack whose own resources are here: they use what it is given."""
    inner = f"{resource.address}/"
    return resource.kind == STACK and any(e.address.startswith(inner) for e in network.resources)


# ---- blocks ----------------------------------------------------------------------------------


def _block(
    network: Network, own: Collection[Instance], interface: Interface, prefix: Prefix | Unknown
) -> Whom:
    if isinstance(prefix, Unknown):
        return Whom.OTHERS
    if any(_holds(vpc, prefix) for vpc in network.vpcs):
        return _inside(network, own, prefix)
    private = addresses(PRIVATE, prefix.family)
    if prefix.region <= private:
        lonely = isinstance(interface.vpc, Vpc) and not leads_elsewhere(network, interface.vpc)
        return Whom.OUTSIDERS if lonely and not _forwards(interface, prefix) else Whom.OTHERS
    closed = prefix.family == "ipv4" and interface.public.has is False
    return Whom.OUTSIDERS if closed and prefix.region & INTERNET[prefix.family] else Whom.OTHERS


def _forwards(interface: Interface, prefix: Prefix) -> bool:
    """Whether replies to a block go to a host that may forward them: a firewall, a router."""
    table = interface.subnet.table if isinstance(interface.subnet, Subnet) else None
    return isinstance(table, RouteTable) and any(
        isinstance(route.target, Gateway)
        and route.target.kind == "interface"
        and route.target.checks is not True
        and isinstance(route.to, Prefix)
        and prefix in route.to
        for route in table.routes
    )


def _holds(vpc: Vpc, prefix: Prefix) -> bool:
    blocks = (p for p in vpc.prefixes if isinstance(p, Prefix))
    return not vpc.foreign and not vpc.assumed and any(prefix in block for block in blocks)


def _inside(network: Network, own: Collection[Instance], prefix: Prefix) -> Whom:
    """Who is in a block of a network of the files, beside the host itself and those like it."""

    def meets(each: Interface) -> bool:
        return bool(region_of(each, prefix.family) & prefix.region)

    hosts = [h for h in network.instances if h not in own and any(map(meets, h.interfaces()))]
    if any(map(_logs_in, hosts)) or any(map(meets, _doors(network))):
        return Whom.OTHERS
    if hosts:
        return Whom.HOSTS
    taken = {id(each.subnet) for host in own for each in host.interfaces()}
    free = (subnet for subnet in network.subnets if id(subnet) not in taken)
    empty = [subnet for subnet in free if may_hold(subnet, prefix)]
    told = (output for output in network.outputs if output.hands_on)
    if is_shared(network, {subnet.address for subnet in empty}, told):
        return Whom.WAITING
    return Whom.NOBODY_YET if empty else Whom.NOBODY


def lets_in(flow: Flow, interface: Interface, rule: Rule) -> bool:
    """Whether the clients of a flow are among those a rule is for, whatever its ports are."""
    source, client = flow.client.interface, flow.client
    if source is None:
        peer = Peer(client.region(flow.family))
    else:
        owner = client.instance.address if client.instance is not None else ""
        region = region_of(source, flow.family)
        peer = Peer(region, True, source, owner, inner=interface.public.has is False)
    meant = replace(rule, traffic=flow.service.request(flow.family))
    _, possible, _ = admits(meant, peer, flow.family, flow.service)
    return bool(possible)


WORD = re.compile(r"[a-z]{3,}")
COMMON = re.compile(
    "ssh|rdp|ping|tcp|from|the|for|and|allow|access|only|server|instance|host|node|public|private|"
    "group|security|main|this|vpc|default|inbound|ingress|traffic|port|subnet|aws"
)
"""Words that stand in the names of everything."""


def says_who(rule: Rule, client: Client) -> bool:
    """Whether a rule says by name that it is for a client: "ssh from the gateway"."""
    host = client.instance
    if host is None:
        return False
    groups = (g.label for each in host.interfaces() for g in each.groups if isinstance(g, Group))
    names = " ".join((host.label, host.name, *groups)).lower()
    said = set(WORD.findall(rule.says.lower()))
    shared = said & set(WORD.findall(names))
    return any(not COMMON.fullmatch(word) for word in shared)
