"""
A model as Terraform: every spelling the provider offers for one and the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.simulator.draft import Draft, Link, Plain
from tests.simulator.model import (
    ALL,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Acl,
    Block,
    Entry,
    Gateway,
    Group,
    Hub,
    Instance,
    Nat,
    Net,
    Peering,
    PrefixList,
    Route,
    Rule,
    Subnet,
    Table,
    Vpc,
)

Spelling = Literal["name", "number", "text"]

GROUP_NAMES = {ALL: "all", ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "icmpv6"}
ACL_NAMES = {ALL: "all", ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "ipv6-icmp"}


@dataclass(frozen=True, slots=True)
class Style:
    """How to write what can be written in several ways."""

    rules: Literal["inline", "rule", "vpc_rule"] = "inline"
    routes: Literal["inline", "separate"] = "inline"
    entries: Literal["inline", "separate"] = "inline"
    links: Literal["inline", "separate"] = "inline"
    """Associations of ACLs, gateways and Elastic IPs."""
    protocols: Spelling = "name"
    adoption: Literal["association", "default"] = "association"
    """How a table becomes the main one."""


def terraform(net: Net, style: Style | None = None) -> list[Draft]:
    """The configuration as resources of the AWS provider."""
    return list(_Terraform(net, style or Style()).drafts())


@dataclass(frozen=True, slots=True)
class _Terraform:
    net: Net
    style: Style

    def drafts(self) -> Iterator[Draft]:
        for vpc in self.net.vpcs:
            yield from self.vpc(vpc)
        for gateway in self.net.gateways:
            yield from self.gateway(gateway)
        for table in self.net.tables:
            yield from self.table(table)
        for subnet in self.net.subnets:
            yield from self.subnet(subnet)
        for nat in self.net.nats:
            yield from self.nat(nat)
        for acl in self.net.acls:
            yield from self.acl(acl)
        for prefixes in self.net.lists:
            yield self.prefix_list(prefixes)
        for peering in self.net.peerings:
            yield self.peering(peering)
        for hub in self.net.hubs:
            yield from self.hub(hub)
        for group in self.net.groups:
            yield from self.group(group)
        for instance in self.net.instances:
            yield from self.instance(instance)

    def vpc(self, vpc: Vpc) -> Iterator[Draft]:
        yield _draft("aws_vpc", vpc.name, {"cidr_block": str(vpc.blocks[0])})
        link = _id("aws_vpc", vpc.name)
        for index, block in enumerate(vpc.blocks[1:]):
            arguments: dict[str, Plain] = {"vpc_id": link, "cidr_block": str(block)}
            yield _draft("aws_vpc_ipv4_cidr_block_association", f"{vpc.name}_{index}", arguments)
        if vpc.block6:
            arguments = {
                "vpc_id": link,
                "ipv6_cidr_block": str(vpc.block6),
                "ipv6_ipam_pool_id": "ipam-pool-0123456789abcdef0",
            }
            yield _draft("aws_vpc_ipv6_cidr_block_association", vpc.name, arguments)

    def gateway(self, gateway: Gateway) -> Iterator[Draft]:
        kind = GATEWAYS[gateway.kind]
        where: dict[str, Plain] = {"vpc_id": _id("aws_vpc", gateway.vpc)} if gateway.vpc else {}
        attached = self.style.links == "separate" and gateway.kind == "igw" and gateway.vpc
        yield _draft(kind, gateway.name, {} if attached else where)
        if attached:
            where["internet_gateway_id"] = _id(kind, gateway.name)
            yield _draft("aws_internet_gateway_attachment", gateway.name, where)

    def table(self, table: Table) -> Iterator[Draft]:
        kind, owner = "aws_route_table", _id("aws_vpc", table.vpc)
        if table.main and self.style.adoption == "default":
            kind = "aws_default_route_table"
            body: dict[str, Plain] = {
                "default_route_table_id": Link(f"aws_vpc.{table.vpc}", "default_route_table_id")
            }
        else:
            body = {"vpc_id": owner}
        if self.style.routes == "inline" or kind == "aws_default_route_table":
            body["route"] = [self.route(each, "") for each in table.routes]
        yield _draft(kind, table.name, body)
        if "route" not in body:
            for index, each in enumerate(table.routes):
                arguments = self.route(each, "destination_")
                arguments["route_table_id"] = _id(kind, table.name)
                yield _draft("aws_route", f"{table.name}_{index}", arguments)
        if table.main and kind == "aws_route_table":
            arguments = {"vpc_id": owner, "route_table_id": _id(kind, table.name)}
            yield _draft("aws_main_route_table_association", table.name, arguments)

    def route(self, route: Route, prefix: str) -> dict[str, Plain]:
        name = f"{prefix}{_family(route.destination)}cidr_block"
        argument, kind, attribute = TARGETS[route.kind]
        target = Link(f"{kind}.{route.target}", attribute)
        return {name: str(route.destination), argument: target}

    def subnet(self, subnet: Subnet) -> Iterator[Draft]:
        body: dict[str, Plain] = {
            "vpc_id": _id("aws_vpc", subnet.vpc),
            "cidr_block": str(subnet.block),
        }
        if subnet.block6:
            body["ipv6_cidr_block"] = str(subnet.block6)
        if subnet.maps_public:
            body["map_public_ip_on_launch"] = True
        if subnet.assigns6:
            body["assign_ipv6_address_on_creation"] = True
        yield _draft("aws_subnet", subnet.name, body)
        if subnet.table:
            arguments: dict[str, Plain] = {
                "subnet_id": _id("aws_subnet", subnet.name),
                "route_table_id": self.table_id(subnet.table),
            }
            yield _draft("aws_route_table_association", subnet.name, arguments)

    def table_id(self, name: str) -> Link:
        main = any(table.name == name and table.main for table in self.net.tables)
        adopted = main and self.style.adoption == "default"
        return _id("aws_default_route_table" if adopted else "aws_route_table", name)

    def nat(self, nat: Nat) -> Iterator[Draft]:
        yield _draft("aws_eip", nat.name, {"domain": "vpc"})
        ends: dict[str, Plain] = {
            "subnet_id": _id("aws_subnet", nat.subnet),
            "allocation_id": _id("aws_eip", nat.name),
        }
        yield _draft("aws_nat_gateway", nat.name, ends)

    def acl(self, acl: Acl) -> Iterator[Draft]:
        if acl.adds:
            yield from self.entries(acl, Link(f"aws_vpc.{acl.vpc}", "default_network_acl_id"))
            return
        body: dict[str, Plain] = {"vpc_id": _id("aws_vpc", acl.vpc)}
        if acl.default:
            body = {"default_network_acl_id": Link(f"aws_vpc.{acl.vpc}", "default_network_acl_id")}
        kind = "aws_default_network_acl" if acl.default else "aws_network_acl"
        inline = self.style.entries == "inline" or acl.default
        members = [subnet.name for subnet in self.net.subnets if subnet.acl == acl.name]
        if members and self.style.links == "inline":
            body["subnet_ids"] = [_id("aws_subnet", name) for name in members]
        if inline:
            body["ingress"] = [self.entry(each, "rule_no", "action") for each in acl.ingress]
            body["egress"] = [self.entry(each, "rule_no", "action") for each in acl.egress]
        yield _draft(kind, acl.name, body)
        if self.style.links == "separate":
            yield from self.acl_links(members, _id(kind, acl.name))
        if not inline:
            yield from self.entries(acl, _id(kind, acl.name))

    def acl_links(self, members: list[str], acl: Link) -> Iterator[Draft]:
        for name in members:
            ends: dict[str, Plain] = {
                "subnet_id": _id("aws_subnet", name),
                "network_acl_id": acl,
            }
            yield _draft("aws_network_acl_association", name, ends)

    def entries(self, acl: Acl, owner: Link) -> Iterator[Draft]:
        for egress, entries in ((False, acl.ingress), (True, acl.egress)):
            for entry in entries:
                body = self.entry(entry, "rule_number", "rule_action")
                body["network_acl_id"] = owner
                body["egress"] = egress
                name = f"{acl.name}_{'out' if egress else 'in'}_{entry.number}"
                yield _draft("aws_network_acl_rule", name, body)

    def entry(self, entry: Entry, number: str, action: str) -> dict[str, Plain]:
        body: dict[str, Plain] = {
            number: entry.number,
            action: "allow" if entry.allow else "deny",
            "protocol": self.protocol(entry.protocol, ACL_NAMES),
            f"{_family(entry.block)}cidr_block": str(entry.block),
            "from_port": 0,
            "to_port": 0,
        }
        if entry.protocol in (ICMP, ICMPV6):
            body |= {"icmp_type": entry.first, "icmp_code": entry.last}
        elif entry.protocol != ALL:
            body |= {"from_port": entry.first, "to_port": entry.last}
        return body

    def protocol(self, number: int, names: dict[int, str]) -> Plain:
        if self.style.protocols == "name":
            return names.get(number, str(number))
        return str(number) if self.style.protocols == "text" else number

    def prefix_list(self, prefixes: PrefixList) -> Draft:
        version = prefixes.blocks[0].version
        body: dict[str, Plain] = {
            "name": prefixes.name,
            "address_family": f"IPv{version}",
            "max_entries": 5,
            "entry": [{"cidr": str(block)} for block in prefixes.blocks],
        }
        return _draft("aws_ec2_managed_prefix_list", prefixes.name, body)

    def peering(self, peering: Peering) -> Draft:
        one, other = (_id("aws_vpc", name) for name in peering.ends)
        body: dict[str, Plain] = {
            "vpc_id": one,
            "peer_vpc_id": other,
            "auto_accept": peering.accepted,
        }
        return _draft("aws_vpc_peering_connection", peering.name, body)

    def hub(self, hub: Hub) -> Iterator[Draft]:
        transit, table = _id(TRANSIT, hub.name), _id(f"{TRANSIT}_route_table", hub.name)
        off = "disable"
        options: dict[str, Plain] = {
            "default_route_table_association": off,
            "default_route_table_propagation": off,
        }
        yield _draft(TRANSIT, hub.name, options)
        yield _draft(f"{TRANSIT}_route_table", hub.name, {"transit_gateway_id": transit})
        for vpc, subnet in hub.doors:
            ends: dict[str, Plain] = {
                "transit_gateway_id": transit,
                "vpc_id": _id("aws_vpc", vpc),
                "subnet_ids": [_id("aws_subnet", subnet)],
                "transit_gateway_default_route_table_association": False,
                "transit_gateway_default_route_table_propagation": False,
            }
            yield _draft(f"{TRANSIT}_vpc_attachment", vpc, ends)
        key = "transit_gateway_route_table_id"
        for vpc in hub.associated:
            ends = {key: table, "transit_gateway_attachment_id": self.door(vpc)}
            yield _draft(f"{TRANSIT}_route_table_association", vpc, ends)
        for index, (block, to) in enumerate(hub.routes):
            body: dict[str, Plain] = {key: table, "destination_cidr_block": str(block)}
            body |= {"transit_gateway_attachment_id": self.door(to)} if to else {"blackhole": True}
            yield _draft(f"{TRANSIT}_route", f"{hub.name}_{index}", body)

    def door(self, vpc: str) -> Link:
        return _id(f"{TRANSIT}_vpc_attachment", vpc)

    def is_list(self, name: str) -> bool:
        return any(each.name == name for each in self.net.lists)

    def group(self, group: Group) -> Iterator[Draft]:
        body: dict[str, Plain] = {"vpc_id": _id("aws_vpc", group.vpc)}
        if self.style.rules == "inline":
            body["ingress"] = [self.inline(rule) for rule in group.ingress]
            body["egress"] = [self.inline(rule) for rule in group.egress or ()]
        yield _draft("aws_security_group", group.name, body)
        if self.style.rules == "inline":
            return
        for way, rules in (("ingress", group.ingress), ("egress", group.egress or ())):
            for index, rule in enumerate(rules):
                yield self.separate(group.name, f"{group.name}_{way}_{index}", way, rule)

    def traffic(self, rule: Rule, protocol: str) -> dict[str, Plain]:
        plain: dict[str, Plain] = {protocol: self.protocol(rule.protocol, GROUP_NAMES)}
        if protocol == "ip_protocol" and rule.protocol == ALL:
            return {protocol: "-1"}
        ports = (0, 0) if rule.protocol == ALL else (rule.first, rule.last)
        return plain | {"from_port": ports[0], "to_port": ports[1]}

    def inline(self, rule: Rule) -> dict[str, Plain]:
        body = self.traffic(rule, "protocol")
        if rule.peer == "self":
            return body | {"self": True}
        if isinstance(rule.peer, str) and self.is_list(rule.peer):
            return body | {"prefix_list_ids": [_id("aws_ec2_managed_prefix_list", rule.peer)]}
        if isinstance(rule.peer, str):
            return body | {"security_groups": [_id("aws_security_group", rule.peer)]}
        return body | {f"{_family(rule.peer)}cidr_blocks": [str(rule.peer)]}

    def separate(self, group: str, name: str, way: str, rule: Rule) -> Draft:
        owner = _id("aws_security_group", group)
        if self.style.rules == "vpc_rule":
            body = self.traffic(rule, "ip_protocol") | {"security_group_id": owner}
            if isinstance(rule.peer, str) and self.is_list(rule.peer):
                body["prefix_list_id"] = _id("aws_ec2_managed_prefix_list", rule.peer)
            elif isinstance(rule.peer, str):
                peer = owner if rule.peer == "self" else _id("aws_security_group", rule.peer)
                body["referenced_security_group_id"] = peer
            else:
                body[f"cidr_ipv{rule.peer.version}"] = str(rule.peer)
            return _draft(f"aws_vpc_security_group_{way}_rule", name, body)
        body = self.traffic(rule, "protocol") | {"security_group_id": owner, "type": way}
        if rule.peer == "self":
            body["self"] = True
        elif isinstance(rule.peer, str) and self.is_list(rule.peer):
            body["prefix_list_ids"] = [_id("aws_ec2_managed_prefix_list", rule.peer)]
        elif isinstance(rule.peer, str):
            body["source_security_group_id"] = _id("aws_security_group", rule.peer)
        else:
            body[f"{_family(rule.peer)}cidr_blocks"] = [str(rule.peer)]
        return _draft("aws_security_group_rule", name, body)

    def instance(self, instance: Instance) -> Iterator[Draft]:
        body: dict[str, Plain] = {
            "ami": "ami-0123456789abcdef0",
            "instance_type": "t3.micro",
            "subnet_id": _id("aws_subnet", instance.subnet),
        }
        if instance.fixed:
            body["private_ip"] = str(instance.address)
        if instance.groups:
            body["vpc_security_group_ids"] = [
                _id("aws_security_group", name) for name in instance.groups
            ]
        if instance.public is not None:
            body["associate_public_ip_address"] = instance.public
        if instance.address6:
            body["ipv6_addresses"] = [str(instance.address6)]
        if not instance.checks_source:
            body["source_dest_check"] = False
        yield _draft("aws_instance", instance.name, body)
        if instance.elastic:
            yield from self.elastic(instance.name)

    def elastic(self, name: str) -> Iterator[Draft]:
        instance = _id("aws_instance", name)
        if self.style.links == "inline":
            yield _draft("aws_eip", name, {"domain": "vpc", "instance": instance})
            return
        yield _draft("aws_eip", name, {"domain": "vpc"})
        ends: dict[str, Plain] = {"allocation_id": _id("aws_eip", name), "instance_id": instance}
        yield _draft("aws_eip_association", name, ends)


GATEWAYS = {"igw": "aws_internet_gateway", "eigw": "aws_egress_only_internet_gateway"}
TARGETS = {
    "igw": ("gateway_id", "aws_internet_gateway", "id"),
    "nat": ("nat_gateway_id", "aws_nat_gateway", "id"),
    "eigw": ("egress_only_gateway_id", "aws_egress_only_internet_gateway", "id"),
    "eni": ("network_interface_id", "aws_instance", "primary_network_interface_id"),
    "pcx": ("vpc_peering_connection_id", "aws_vpc_peering_connection", "id"),
    "tgw": ("transit_gateway_id", "aws_ec2_transit_gateway", "id"),
}
TRANSIT = "aws_ec2_transit_gateway"


def _draft(kind: str, name: str, arguments: dict[str, Plain]) -> Draft:
    return Draft(kind, name, arguments, "terraform")


def _id(kind: str, name: str) -> Link:
    return Link(f"{kind}.{name}", "id")


def _family(block: Block) -> str:
    return "ipv6_" if block.version == 6 else ""
