"""
The ways to write one security group rule, one route and one ACL entry, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

from iaclint import example
from iaclint.cloudformation.overlay import overlay
from tests.twins import base

Files = dict[str, str]
Say = Mapping[str, tuple[Mapping[str, str], set[str]]]
"""What is put into a spelling, and what is then said about it, by the name of the case."""


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _terraform(text: str, *gone: tuple[str, str]) -> Files:
    """The plain network without some of its resources, and with others."""
    kept = base("terraform", "plain")
    for match in example.BLOCK.finditer(kept):
        if match.groups()[1:] in gone:
            kept = kept.replace(match.group(), "")
    return {"main.tf": kept, "more.tf": dedent(text)}


def _template(text: str, *gone: str) -> Files:
    kept = overlay(
        base("cloudformation", "plain"), f"Resources: {{{', '.join(f'{n}: null' for n in gone)}}}"
    )
    return {"template.yaml": overlay(kept, "Resources:\n" + indent(dedent(text), "  "))}


def _files(
    text: str, values: Mapping[str, str], gone: tuple[tuple[str, str], ...], ids: tuple[str, ...]
) -> Files:
    filled = _filled(text, values)
    return _template(filled, *ids) if "Type: AWS::" in filled else _terraform(filled, *gone)


# ---- rules -----------------------------------------------------------------------------------

_OUT = """
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
_GROUP = """
resource "aws_security_group" "host" {
  vpc_id = aws_vpc.main.id
"""
_CFN_GROUP = """
HostGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: host
    VpcId: !Ref Vpc
"""
_CFN_RULE = """
It:
  Type: AWS::EC2::SecurityGroupIngress
  Properties: {GroupId: @group@, IpProtocol: tcp, FromPort: @port@, ToPort: @port@, CidrIp: @block@}
"""
RULES = {
    "inline": f"""{_GROUP}
  ingress {{
    protocol    = "tcp"
    from_port   = @port@
    to_port     = @port@
    cidr_blocks = ["@block@"]
  }}
{_OUT}""",
    "listed": f"""{_GROUP}
  ingress = [{{
    description      = ""
    protocol         = "tcp"
    from_port        = @port@
    to_port          = @port@
    cidr_blocks      = ["@block@"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }}]
{_OUT}""",
    "dynamic": f"""{_GROUP}
  dynamic "ingress" {{
    for_each = {{ it = {{ port = @port@, blocks = ["@block@"] }} }}
    iterator = one

    content {{
      protocol    = "tcp"
      from_port   = one.value.port
      to_port     = one.value["port"]
      cidr_blocks = one.value.blocks
    }}
  }}
{_OUT}""",
    "rule": f"""{_GROUP}{_OUT}
resource "aws_security_group_rule" "it" {{
  type              = "ingress"
  security_group_id = aws_security_group.host.id
  protocol          = "tcp"
  from_port         = @port@
  to_port           = @port@
  cidr_blocks       = ["@block@"]
}}
""",
    "ingress-rule": f"""{_GROUP}}}
resource "aws_vpc_security_group_ingress_rule" "it" {{
  security_group_id = aws_security_group.host.id
  ip_protocol       = "tcp"
  from_port         = @port@
  to_port           = @port@
  cidr_ipv4         = "@block@"
}}

resource "aws_vpc_security_group_egress_rule" "out" {{
  security_group_id = aws_security_group.host.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}}
""",
    "template-inline": f"""{_CFN_GROUP}
    SecurityGroupIngress:
      - {{IpProtocol: tcp, FromPort: @port@, ToPort: @port@, CidrIp: @block@}}
""",
    "template-texts": f"""{_CFN_GROUP}
    SecurityGroupIngress:
      - {{IpProtocol: "6", FromPort: "@port@", ToPort: "@port@", CidrIp: @block@}}
""",
    "template-ref": _CFN_GROUP + _CFN_RULE.replace("@group@", "!Ref HostGroup"),
    "template-attribute": _CFN_GROUP + _CFN_RULE.replace("@group@", "!GetAtt HostGroup.GroupId"),
}
RULES_SAY: Say = {
    "open": ({"port": "22", "block": "0.0.0.0/0"}, set()),
    "port": ({"port": "0", "block": "0.0.0.0/0"}, {"error IAC402 GROUP_PORT -> Host ssh ipv4"}),
    "web": ({"port": "443", "block": "0.0.0.0/0"}, {"error IAC401 GROUP_NO_RULE -> Host ssh ipv4"}),
    "private": (
        {"port": "22", "block": "192.168.0.0/16"},
        {"error IAC404 GROUP_PRIVATE_SOURCE -> Host ssh ipv4"},
    ),
}


def rules(name: str, values: Mapping[str, str]) -> Files:
    """The plain network with one rule in the spelling of that name."""
    return _files(RULES[name], values, (("aws_security_group", "host"),), ("HostGroup",))


# ---- routes ----------------------------------------------------------------------------------

_NAT = """
resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}
"""
_TABLE = """
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
@route@
}
"""
_BLOCK = """
  route {
    cidr_block = "@block@"
    @target@
  }
"""
_LIST = """
  route = [{
    cidr_block                 = "@block@"
    gateway_id                 = @gateway@
    nat_gateway_id             = @nat@
    carrier_gateway_id         = ""
    core_network_arn           = ""
    destination_prefix_list_id = ""
    egress_only_gateway_id     = ""
    ipv6_cidr_block            = ""
    local_gateway_id           = ""
    network_interface_id       = ""
    transit_gateway_id         = ""
    vpc_endpoint_id            = ""
    vpc_peering_connection_id  = ""
  }]
"""
_ROUTE = """
resource "aws_route" "it" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "@block@"
  @target@
}
"""
_ASSOCIATION = """
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
"""
_MAIN = """
resource "aws_main_route_table_association" "public" {
  vpc_id         = aws_vpc.main.id
  route_table_id = aws_route_table.public.id
}
"""
ROUTES = {
    "inline": _NAT + _TABLE.replace("@route@", _BLOCK) + _ASSOCIATION,
    "listed": _NAT + _TABLE.replace("@route@", _LIST) + _ASSOCIATION,
    "route": _NAT + _TABLE.replace("@route@", "") + _ROUTE + _ASSOCIATION,
    "main": _NAT + _TABLE.replace("@route@", "") + _ROUTE + _MAIN + _ASSOCIATION,
    "template": """
NatAddress:
  Type: AWS::EC2::EIP
  DependsOn: Attachment
  Properties: {Domain: vpc}
Nat:
  Type: AWS::EC2::NatGateway
  Properties: {AllocationId: !GetAtt NatAddress.AllocationId, SubnetId: !Ref PublicSubnet}
It:
  Type: AWS::EC2::Route
  DependsOn: Attachment
  Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: @block@, @property@}
""",
}
_GATEWAY = {
    "target": "gateway_id = aws_internet_gateway.main.id",
    "gateway": "aws_internet_gateway.main.id",
    "nat": '""',
    "property": "GatewayId: !Ref Gateway",
}
_NAT_GATEWAY = {
    "target": "nat_gateway_id = aws_nat_gateway.main.id",
    "gateway": '""',
    "nat": "aws_nat_gateway.main.id",
    "property": "NatGatewayId: !Ref Nat",
}
ROUTES_SAY: Say = {
    "out": ({"block": "0.0.0.0/0", **_GATEWAY}, set()),
    "nat": (
        {"block": "0.0.0.0/0", **_NAT_GATEWAY},
        {"error IAC202 OUTBOUND_ONLY -> Host icmp ssh ipv4"},
    ),
    "inside": (
        {"block": "10.99.0.0/16", **_GATEWAY},
        {"error IAC201 CANNOT_ROUTE -> Host icmp ssh ipv4"},
    ),
}


def routes(name: str, values: Mapping[str, str]) -> Files:
    """The plain network with one route in the spelling of that name."""
    gone = (
        ("aws_route_table", "public"),
        ("aws_route", "default"),
        ("aws_route_table_association", "public"),
    )
    return _files(ROUTES[name], values, gone, ("DefaultRoute",))


# ---- entries ---------------------------------------------------------------------------------

_PASS = """
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
"""
_ONE = """
    rule_no    = @number@
    action     = "@action@"
    protocol   = "tcp"
    from_port  = @port@
    to_port    = @port@
    cidr_block = "0.0.0.0/0"
"""
_REST = """
    icmp_code       = 0
    icmp_type       = 0
    ipv6_cidr_block = ""
"""
_BLOCKS = f"""
  ingress {{
{_ONE}  }}

  ingress {{
{_PASS}  }}

  egress {{
{_PASS}  }}
}}
"""
_ACL = """
resource "aws_network_acl" "public" {
  vpc_id     = aws_vpc.main.id
"""
_HERE = "  subnet_ids = [aws_subnet.public.id]\n"
_RULES = """
resource "aws_network_acl_rule" "it" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = @number@
  rule_action    = "@action@"
  protocol       = "tcp"
  from_port      = @port@
  to_port        = @port@
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "both" {
  for_each       = { into = false, out = true }
  network_acl_id = aws_network_acl.public.id
  egress         = each.value
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "all"
  cidr_block     = "0.0.0.0/0"
}
"""
ENTRIES = {
    "inline": _ACL + _HERE + _BLOCKS,
    "listed": f"{_ACL}{_HERE}  ingress = [{{{_ONE}{_REST}}}, {{{_PASS}{_REST}}}]\n"
    f"  egress = [{{{_PASS}{_REST}}}]\n}}\n",
    "associated": f"""{_ACL}{_BLOCKS}
resource "aws_network_acl_association" "public" {{
  network_acl_id = aws_network_acl.public.id
  subnet_id      = aws_subnet.public.id
}}
""",
    "rules": f"{_ACL}{_HERE}}}\n{_RULES}",
    "default": f"""
resource "aws_default_network_acl" "public" {{
  default_network_acl_id = aws_vpc.main.default_network_acl_id
{_BLOCKS}""",
    "template": """
PublicAcl:
  Type: AWS::EC2::NetworkAcl
  Properties: {VpcId: !Ref Vpc}
Association:
  Type: AWS::EC2::SubnetNetworkAclAssociation
  Properties: {SubnetId: !Ref PublicSubnet, NetworkAclId: !Ref PublicAcl}
It:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref PublicAcl
    RuleNumber: @number@
    RuleAction: @action@
    Protocol: 6
    PortRange: {From: @port@, To: @port@}
    CidrBlock: 0.0.0.0/0
Into:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref PublicAcl
    RuleNumber: 100
    RuleAction: allow
    Protocol: -1
    CidrBlock: 0.0.0.0/0
Out:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref PublicAcl
    Egress: true
    RuleNumber: 100
    RuleAction: allow
    Protocol: -1
    CidrBlock: 0.0.0.0/0
""",
}
ENTRIES_SAY: Say = {
    "too-early": (
        {"number": "50", "action": "deny", "port": "22"},
        {"error IAC305 ACL_ORDER -> Host ssh ipv4"},
    ),
    "too-late": ({"number": "150", "action": "deny", "port": "22"}, set()),
    "elsewhere": ({"number": "50", "action": "deny", "port": "25"}, set()),
}


def entries(name: str, values: Mapping[str, str]) -> Files:
    """The plain network with an ACL in the spelling of that name."""
    return _files(ENTRIES[name], values, (), ())
