"""
A model as CloudFormation. A main table or a default ACL of one's own cannot be written in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulator.draft import Draft, Link, Plain
from tests.simulator.model import (
    ALL,
    ICMP,
    ICMPV6,
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
from tests.simulator.render import GROUP_NAMES

NETWORK = "AWS::EC2::"


class CannotBeWritten(ValueError):
    """The model has something that a template has no word for."""


def cloudformation(net: Net) -> list[Draft]:
    """The configuration as resources of a template. Raises `CannotBeWritten`."""
    if any(table.main for table in net.tables) or any(
        acl.default and not acl.adds for acl in net.acls
    ):
        raise CannotBeWritten("a main table or default ACL of one's own")
    if not all(peering.accepted for peering in net.peerings):
        raise CannotBeWritten("a peering connection that waits")
    return [
        *(draft for vpc in net.vpcs for draft in _vpc(vpc)),
        *(draft for gateway in net.gateways for draft in _gateway(gateway)),
        *(draft for table in net.tables for draft in _table(table)),
        *(draft for subnet in net.subnets for draft in _subnet(subnet)),
        *(draft for nat in net.nats for draft in _nat(nat)),
        *(draft for acl in net.acls for draft in _acl(acl)),
        *(_prefix_list(each) for each in net.lists),
        *(_peering(each) for each in net.peerings),
        *(draft for hub in net.hubs for draft in _hub(hub)),
        *(draft for group in net.groups for draft in _group(net, group)),
        *(draft for instance in net.instances for draft in _instance(instance)),
    ]


def _vpc(vpc: Vpc) -> Iterator[Draft]:
    yield _draft("VPC", vpc.name, CidrBlock=str(vpc.blocks[0]))
    for index, block in enumerate(vpc.blocks[1:]):
        name = f"{vpc.name}Block{index}"
        yield _draft("VPCCidrBlock", name, VpcId=_ref(vpc.name), CidrBlock=str(block))
    if vpc.block6:
        yield _draft(
            "VPCCidrBlock",
            f"{vpc.name}Six",
            VpcId=_ref(vpc.name),
            Ipv6CidrBlock=str(vpc.block6),
            Ipv6Pool="ipv6pool-ec2-0123456789abcdef0",
        )


def _gateway(gateway: Gateway) -> Iterator[Draft]:
    if gateway.kind == "eigw":
        where = {"VpcId": _ref(gateway.vpc)} if gateway.vpc else {}
        yield _draft("EgressOnlyInternetGateway", gateway.name, **where)
        return
    yield _draft("InternetGateway", gateway.name)
    if gateway.vpc:
        yield _draft(
            "VPCGatewayAttachment",
            f"{gateway.name}Attachment",
            VpcId=_ref(gateway.vpc),
            InternetGatewayId=_ref(gateway.name),
        )


def _table(table: Table) -> Iterator[Draft]:
    yield _draft("RouteTable", table.name, VpcId=_ref(table.vpc))
    for index, route in enumerate(table.routes):
        body = _route(route)
        yield _draft("Route", f"{table.name}Route{index}", RouteTableId=_ref(table.name), **body)


def _route(route: Route) -> dict[str, Plain]:
    targets = {
        "igw": "GatewayId",
        "nat": "NatGatewayId",
        "eigw": "EgressOnlyInternetGatewayId",
        "eni": "InstanceId",
        "pcx": "VpcPeeringConnectionId",
        "tgw": "TransitGatewayId",
    }
    destination = f"Destination{_family(route.destination)}CidrBlock"
    return {destination: str(route.destination), targets[route.kind]: _ref(route.target)}


def _subnet(subnet: Subnet) -> Iterator[Draft]:
    body: dict[str, Plain] = {"VpcId": _ref(subnet.vpc), "CidrBlock": str(subnet.block)}
    if subnet.block6:
        body["Ipv6CidrBlock"] = str(subnet.block6)
    if subnet.maps_public:
        body["MapPublicIpOnLaunch"] = True
    if subnet.assigns6:
        body["AssignIpv6AddressOnCreation"] = True
    yield _draft("Subnet", subnet.name, **body)
    here = _ref(subnet.name)
    if subnet.table:
        name = f"{subnet.name}Table"
        yield _draft(
            "SubnetRouteTableAssociation", name, SubnetId=here, RouteTableId=_ref(subnet.table)
        )
    if subnet.acl:
        name = f"{subnet.name}Acl"
        yield _draft(
            "SubnetNetworkAclAssociation", name, SubnetId=here, NetworkAclId=_ref(subnet.acl)
        )


def _nat(nat: Nat) -> Iterator[Draft]:
    address = f"{nat.name}Address"
    yield _draft("EIP", address, Domain="vpc")
    yield _draft(
        "NatGateway",
        nat.name,
        SubnetId=_ref(nat.subnet),
        AllocationId=Link(address, "AllocationId"),
    )


def _acl(acl: Acl) -> Iterator[Draft]:
    owner = Link(acl.vpc, "DefaultNetworkAcl") if acl.adds else _ref(acl.name)
    if not acl.adds:
        yield _draft("NetworkAcl", acl.name, VpcId=_ref(acl.vpc))
    for egress, entries in ((False, acl.ingress), (True, acl.egress)):
        for entry in entries:
            name = f"{acl.name}{'Out' if egress else 'In'}{entry.number}"
            body = _entry(entry) | {"NetworkAclId": owner, "Egress": egress}
            yield _draft("NetworkAclEntry", name, **body)


def _entry(entry: Entry) -> dict[str, Plain]:
    body: dict[str, Plain] = {
        "RuleNumber": entry.number,
        "RuleAction": "allow" if entry.allow else "deny",
        "Protocol": entry.protocol,
    }
    body[f"{_family(entry.block)}CidrBlock"] = str(entry.block)
    if entry.protocol in (ICMP, ICMPV6):
        body["Icmp"] = {"Type": entry.first, "Code": entry.last}
    elif entry.protocol != ALL:
        body["PortRange"] = {"From": entry.first, "To": entry.last}
    return body


def _prefix_list(prefixes: PrefixList) -> Draft:
    return _draft(
        "PrefixList",
        prefixes.name,
        PrefixListName=prefixes.name,
        AddressFamily=f"IPv{prefixes.blocks[0].version}",
        MaxEntries=5,
        Entries=[{"Cidr": str(block)} for block in prefixes.blocks],
    )


def _peering(peering: Peering) -> Draft:
    one, other = peering.ends
    return _draft("VPCPeeringConnection", peering.name, VpcId=_ref(one), PeerVpcId=_ref(other))


def _hub(hub: Hub) -> Iterator[Draft]:
    table = _ref(f"{hub.name}Table")
    yield _draft(
        "TransitGateway",
        hub.name,
        DefaultRouteTableAssociation="disable",
        DefaultRouteTablePropagation="disable",
    )
    yield _draft("TransitGatewayRouteTable", f"{hub.name}Table", TransitGatewayId=_ref(hub.name))
    for vpc, subnet in hub.doors:
        yield _draft(
            "TransitGatewayAttachment",
            f"{vpc}Door",
            TransitGatewayId=_ref(hub.name),
            VpcId=_ref(vpc),
            SubnetIds=[_ref(subnet)],
        )
    for vpc in hub.associated:
        yield _draft(
            "TransitGatewayRouteTableAssociation",
            f"{vpc}Associated",
            TransitGatewayAttachmentId=_ref(f"{vpc}Door"),
            TransitGatewayRouteTableId=table,
        )
    for index, (block, to) in enumerate(hub.routes):
        target: dict[str, Plain] = {"Blackhole": True}
        if to:
            target = {"TransitGatewayAttachmentId": _ref(f"{to}Door")}
        yield _draft(
            "TransitGatewayRoute",
            f"{hub.name}Route{index}",
            TransitGatewayRouteTableId=table,
            DestinationCidrBlock=str(block),
            **target,
        )


def _group(net: Net, group: Group) -> Iterator[Draft]:
    body: dict[str, Plain] = {"GroupDescription": group.name, "VpcId": _ref(group.vpc)}
    directions = (
        ("Ingress", "Source", group.ingress),
        ("Egress", "Destination", group.egress or ()),
    )
    for way, _, rules in directions:
        inline = [_rule(rule) for rule in rules if not isinstance(rule.peer, str)]
        if inline:
            body[f"SecurityGroup{way}"] = inline
    yield _draft("SecurityGroup", group.name, **body)
    for way, end, rules in directions:
        for index, rule in enumerate(rules):
            if isinstance(rule.peer, str) and rule.peer in {each.name for each in net.lists}:
                own: dict[str, Plain] = {
                    "GroupId": Link(group.name, "GroupId"),
                    f"{end}PrefixListId": _ref(rule.peer),
                }
                yield _draft(
                    f"SecurityGroup{way}", f"{group.name}{way}{index}", **_rule(rule), **own
                )
            elif isinstance(rule.peer, str):
                peer = group.name if rule.peer == "self" else rule.peer
                ends: dict[str, Plain] = {
                    "GroupId": Link(group.name, "GroupId"),
                    f"{end}SecurityGroupId": Link(peer, "GroupId"),
                }
                name = f"{group.name}{way}{index}"
                yield _draft(f"SecurityGroup{way}", name, **_rule(rule), **ends)


def _rule(rule: Rule) -> dict[str, Plain]:
    body: dict[str, Plain] = {"IpProtocol": "-1"}
    if rule.protocol != ALL:
        name = GROUP_NAMES.get(rule.protocol, str(rule.protocol))
        body = {"IpProtocol": name, "FromPort": rule.first, "ToPort": rule.last}
    if not isinstance(rule.peer, str):
        body["CidrIpv6" if rule.peer.version == 6 else "CidrIp"] = str(rule.peer)
    return body


def _instance(instance: Instance) -> Iterator[Draft]:
    body: dict[str, Plain] = {
        "SubnetId": _ref(instance.subnet),
    }
    if instance.fixed:
        body["PrivateIpAddress"] = str(instance.address)
    groups = [Link(name, "GroupId") for name in instance.groups]
    if instance.address6:
        body["Ipv6Addresses"] = [{"Ipv6Address": str(instance.address6)}]
    if instance.public is None:
        if groups:
            body["SecurityGroupIds"] = groups
    else:
        body |= {"DeviceIndex": "0", "AssociatePublicIpAddress": instance.public}
        body |= {"GroupSet": groups} if groups else {}
        body = {"NetworkInterfaces": [body]}
    if not instance.checks_source:
        body["SourceDestCheck"] = False
    body["ImageId"] = "ami-0123456789abcdef0"
    yield _draft("Instance", instance.name, **body)
    if instance.elastic:
        name = f"{instance.name}Address"
        yield _draft("EIP", name, Domain="vpc", InstanceId=_ref(instance.name))


def _draft(kind: str, name: str, **properties: Plain) -> Draft:
    return Draft(f"{NETWORK}{kind}", name, properties, "cloudformation")


def _ref(name: str) -> Link:
    return Link(name, "Ref")


def _family(block: Block) -> str:
    return "Ipv6" if block.version == 6 else ""
