"""
Building blocks of small networks, each written in both languages.

A network is a sum of blocks: `HOME + subnet("back", "10.0.2.0/24") + host("db", "back", "db")`. A
thing has the same short name everywhere; its logical id in a template follows the rule of the
twins (`aws_subnet.back` is `BackSubnet`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import NamedTuple, TypeAlias

from tests.twins import logical

ANYONE = "0.0.0.0/0"
RESOURCES = "Resources:\n"


@dataclass(frozen=True)
class Text:
    """A piece of a configuration and of a template, which say the same."""

    terraform: str
    cloudformation: str

    def __add__(self, other: Text) -> Text:
        return Text(
            self.terraform + other.terraform, self.cloudformation + other.cloudformation
        )  # fmt: skip

    def swap(self, old: Text, new: Text) -> Text:
        """The same with one piece in place of another, which has to be there."""
        assert old.terraform in self.terraform and old.cloudformation in self.cloudformation
        return Text(
            self.terraform.replace(old.terraform, new.terraform),
            self.cloudformation.replace(old.cloudformation, new.cloudformation),
        )

    def files(self, language: str) -> dict[str, str]:
        """The file of one language."""
        if language == "terraform":
            return {"main.tf": self.terraform}
        return {"template.yaml": RESOURCES + indent(self.cloudformation, "  ")}


NOTHING = Text("", "")


Value: TypeAlias = "str | int | bool | tuple[str, str] | Sequence[Value] | None"
"""What an argument is given: something plain, what `ref` says, a list; None leaves it out."""


def ref(kind: str, name: str, attribute: str = "id", as_: str = "") -> tuple[str, str]:
    """How others refer to a thing, in Terraform and in a template (`as_`: by which attribute)."""
    own = logical(kind, name, {})
    return f"{kind}.{name}.{attribute}", f"!GetAtt {own}.{as_}" if as_ else f"!Ref {own}"


def made(kind: str, name: str, cfn: str, only: Text = NOTHING, **arguments: Value) -> Text:
    """
    One resource. Its arguments have the names of Terraform, and in a template the same in Pascal
    case; what only one language says is in `only`, as lines or as properties.
    """
    given = {key: _spelled(value) for key, value in arguments.items() if value is not None}
    body = "".join(f"{key} = {one}\n" for key, (one, _) in given.items()) + only.terraform
    properties = [f"{_pascal(key)}: {other}" for key, (_, other) in given.items()]
    properties += [only.cloudformation] if only.cloudformation else []
    return Text(
        f'resource "{kind}" "{name}" {{\n{indent(body, "  ")}}}\n',
        f"{logical(kind, name, {})}:\n  Type: AWS::{cfn}\n"
        f"  Properties: {{{', '.join(properties)}}}\n",
    )


def template(name: str, cfn: str, properties: str) -> Text:
    """A resource that only a template needs: Terraform says it inside of another."""
    return Text("", f"{name}:\n  Type: AWS::{cfn}\n  Properties: {{{properties}}}\n")


def _spelled(value: Value) -> tuple[str, str]:
    if isinstance(value, tuple):
        return value[0], value[1]
    if isinstance(value, list):
        both = [_spelled(one) for one in value]
        return f"[{', '.join(t for t, _ in both)}]", f"[{', '.join(c for _, c in both)}]"
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return (plain if isinstance(value, int) else f'"{plain}"'), plain


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def vpc(name: str, cidr: str) -> Text:
    """A VPC."""
    return made("aws_vpc", name, "EC2::VPC", cidr_block=cidr)


def gateway(name: str, home: str) -> Text:
    """An internet gateway, attached to a VPC; nowhere if `home` is empty."""
    own = logical("aws_internet_gateway", name, {})
    vpc_id, vpc_ref = ref("aws_vpc", home)
    where = Text(f"vpc_id = {vpc_id}\n" if home else "", "")
    found = made("aws_internet_gateway", name, "EC2::InternetGateway", where)
    said = f"VpcId: {vpc_ref}, InternetGatewayId: !Ref {own}"
    return found + (
        template(f"{own}Attachment", "EC2::VPCGatewayAttachment", said) if home else NOTHING
    )


def subnet(name: str, cidr: str, home: str = "home", public: bool = False, zone: str = "") -> Text:
    """A subnet; one that is `public` gives public addresses."""
    return made(
        "aws_subnet", name, "EC2::Subnet", vpc_id=ref("aws_vpc", home), cidr_block=cidr,
        map_public_ip_on_launch=public, availability_zone=zone or None,
    )  # fmt: skip


class To(NamedTuple):
    """What a route leads to: the argument, and the thing it names."""

    argument: str
    kind: str
    name: str


IGW = To("gateway_id", "aws_internet_gateway", "gate")
NAT = To("nat_gateway_id", "aws_nat_gateway", "nat")
VGW = To("gateway_id", "aws_vpn_gateway", "office")
PCX = To("vpc_peering_connection_id", "aws_vpc_peering_connection", "link")
TGW = To("transit_gateway_id", "aws_ec2_transit_gateway", "hub")
BOX = To("network_interface_id", "aws_network_interface", "box")
CARRIER = To("carrier_gateway_id", "aws_ec2_carrier_gateway", "mobile")


def table(name: str, *routes: tuple[str, To | Text], home: str = "home") -> Text:
    """The table of the subnet of the same name; a route is a block and where it leads."""
    own = ref("aws_route_table", name)
    inline = "".join(
        f'route {{\n  {_v6(cidr).lower()}cidr_block = "{cidr}"\n  {target(to).terraform}\n}}\n'
        for cidr, to in routes
    )
    found = made(
        "aws_route_table", name, "EC2::RouteTable", Text(inline, ""), vpc_id=ref("aws_vpc", home)
    )
    for number, (cidr, to) in enumerate(routes):
        where = f"Destination{_v6(cidr).rstrip('_')}CidrBlock: {_quoted(cidr)}"
        said = f"RouteTableId: {own[1]}, {where}, {target(to).cloudformation}"
        found += template(f"{name.title()}Route{number}", "EC2::Route", said)
    return found + made(
        "aws_route_table_association", name, "EC2::SubnetRouteTableAssociation",
        subnet_id=ref("aws_subnet", name), route_table_id=own,
    )  # fmt: skip


def _v6(cidr: str) -> str:
    """What stands before the name of an argument for a block of IPv6."""
    return "Ipv6_" if ":" in cidr else ""


def _quoted(cidr: str) -> str:
    return f"'{cidr}'" if ":" in cidr else cidr


def target(to: To | Text) -> Text:
    """Where a route leads, as its argument."""
    if isinstance(to, Text):
        return to
    value, own = ref(to.kind, to.name)
    return Text(f"{to.argument} = {value}", f"{_pascal(to.argument)}: {own}")


class Rule(NamedTuple):
    """A rule of a group; `peer` is a block, the name of a group, or `self`."""

    first: int
    last: int
    protocol: str
    peer: str = ANYONE
    says: str = ""


SSH = Rule(22, 22, "tcp")
ALL = Rule(0, 0, "-1")
NOWHERE = Rule(0, 0, "-1", "127.0.0.1/32")


def group(name: str, *rules: Rule, home: str = "home", out: tuple[Rule, ...] = (ALL,)) -> Text:
    """
    A security group; `out` are its outbound rules. A template needs a rule there to have none: AWS
    lets everything out of a group for which nothing is said.
    """
    inline = "".join(f"ingress {{\n{_rule(one)}}}\n" for one in rules)
    inline += "".join(f"egress {{\n{_rule(one)}}}\n" for one in out)
    sides = (("Ingress", rules), ("Egress", out or (NOWHERE,)))
    properties = f"GroupDescription: {name}"
    for way, some in sides:
        said = ", ".join(f"{{{_properties(one)}}}" for one in some if _is_block(one.peer))
        properties += f", SecurityGroup{way}: [{said}]" if said else ""
    found = made(
        "aws_security_group", name, "EC2::SecurityGroup", Text(inline, properties),
        vpc_id=ref("aws_vpc", home),
    )  # fmt: skip
    for way, some in sides:
        for number, one in enumerate(some):
            found += NOTHING if _is_block(one.peer) else _separate(name, way, number, one)
    return found


def _is_block(peer: str) -> bool:
    return "/" in peer


def _rule(rule: Rule) -> str:
    peer = f'{_v6(rule.peer).lower()}cidr_blocks = ["{rule.peer}"]'
    if rule.peer == "self":
        peer = "self = true"
    elif not _is_block(rule.peer):
        peer = f"security_groups = [{ref('aws_security_group', rule.peer)[0]}]"
    ports = f"from_port = {rule.first}\nto_port = {rule.last}"
    says = f'description = "{rule.says}"\n' if rule.says else ""
    return f'{ports}\nprotocol = "{rule.protocol}"\n{peer}\n{says}'


def _properties(rule: Rule) -> str:
    plain = f"IpProtocol: '{rule.protocol}', FromPort: {rule.first}, ToPort: {rule.last}"
    plain += f", Description: {rule.says}" if rule.says else ""
    family = "v6" if ":" in rule.peer else ""
    return f"{plain}, CidrIp{family}: {_quoted(rule.peer)}" if _is_block(rule.peer) else plain


def _separate(name: str, way: str, number: int, rule: Rule) -> Text:
    """In a template a rule that names a group is a resource of its own: groups may be a circle."""
    own = logical("aws_security_group", name, {})
    peer = own if rule.peer == "self" else logical("aws_security_group", rule.peer, {})
    end = "Source" if way == "Ingress" else "Destination"
    ends = f"GroupId: !GetAtt {own}.GroupId, {end}SecurityGroupId: !GetAtt {peer}.GroupId"
    said = f"{_properties(rule)}, {ends}"
    return template(f"{own}{way}{number}", f"EC2::SecurityGroup{way}", said)


def host(
    name: str, place: str, *groups: str, address: str = "", key: str = "", image: str = ""
) -> Text:
    """An instance in a subnet, with these groups; without one, with the default group."""
    ids = [ref("aws_security_group", one, as_="GroupId") for one in groups]
    own = ", ".join(other for _, other in ids)
    listed = f"vpc_security_group_ids = [{', '.join(one for one, _ in ids)}]\n"
    where = f'private_ip = "{address}"\n' if address else ""
    more = [f"SecurityGroupIds: [{own}]"] if ids else []
    more += [f"PrivateIpAddress: {address}"] if address else []
    more += [f"ImageId: '{image}'"] if image else []
    where += f'ami = "{image}"\n' if image else ""
    only = Text(where + (listed if ids else ""), ", ".join(more))
    return made(
        "aws_instance", name, "EC2::Instance", only, subnet_id=ref("aws_subnet", place),
        instance_type="t3.micro", key_name=key or None,
    )  # fmt: skip


class Entry(NamedTuple):
    """An entry of a network ACL."""

    side: str
    number: int
    action: str
    protocol: int
    first: int
    last: int
    peer: str = ANYONE


def lets(side: str) -> Entry:
    """The entry that lets everything through on one side."""
    return Entry(side, 100, "allow", -1, 0, 0)


def acl(place: str, *entries: Entry, home: str = "home") -> Text:
    """The ACL of a subnet; without entries it denies everything."""
    own = ref("aws_network_acl", place)[1]
    subnet_id, subnet_ref = ref("aws_subnet", place)
    inline = f"subnet_ids = [{subnet_id}]\n" + "".join(_entry(one) for one in entries)
    found = made(
        "aws_network_acl", place, "EC2::NetworkAcl", Text(inline, ""), vpc_id=ref("aws_vpc", home)
    )
    for e in entries:
        ports = f", PortRange: {{From: {e.first}, To: {e.last}}}" if e.protocol in (6, 17) else ""
        said = f"RuleNumber: {e.number}, RuleAction: {e.action}, Protocol: {e.protocol}{ports}"
        ends = f"NetworkAclId: {own}, Egress: {str(e.side == 'egress').lower()}"
        name = f"{place.title()}{e.side.title()}{e.number}"
        found += template(name, "EC2::NetworkAclEntry", f"{ends}, CidrBlock: {e.peer}, {said}")
    ends = f"SubnetId: {subnet_ref}, NetworkAclId: {own}"
    name = f"{place.title()}AclAssociation"
    return found + template(name, "EC2::SubnetNetworkAclAssociation", ends)


def _entry(entry: Entry) -> str:
    return f"""{entry.side} {{
  rule_no    = {entry.number}
  action     = "{entry.action}"
  protocol   = "{entry.protocol}"
  from_port  = {entry.first}
  to_port    = {entry.last}
  cidr_block = "{entry.peer}"
}}
"""
