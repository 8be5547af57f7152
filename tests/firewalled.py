"""
Networks with AWS Network Firewall in the path, in Terraform or CloudFormation: one VPC with ingress
routing, and a VPC in the middle that inspects what goes from one network to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.nets import Net, cloudformation, terraform

BOX = "the firewall"
OUT = "the internet gateway"
HUB = "the transit gateway"

Routes = dict[str, list[tuple[str, str]]]
INSPECTED: Routes = {
    "edge": [("10.0.1.0/24", BOX)],
    "web": [("0.0.0.0/0", BOX)],
    "wall": [("0.0.0.0/0", OUT)],
}
"""What AWS's guide asks for: both directions through the firewall, and on from there."""


@dataclass(frozen=True)
class Stateless:
    """A stateless rule; `None` is anything."""

    priority: int
    action: str
    source: str | None = None
    destination: str | None = None
    port: int | None = None
    from_port: int | None = None
    protocols: tuple[int, ...] = (6,)
    flags: bool = False


@dataclass(frozen=True)
class Policy:
    """A firewall policy with a group of each kind, as far as it has rules."""

    default: str = "aws:forward_to_sfe"
    lines: Sequence[str] = ()
    stateless: Sequence[Stateless] = ()
    strict: Sequence[str] | None = None
    """The stateful default actions of a policy in strict order."""
    heads: Sequence[str] = ()
    """Stateful rules in attributes: `ACTION PROTOCOL SOURCE PORT DESTINATION PORT`."""
    managed: bool = False
    home: str = ""
    domains: bool = False

    @property
    def has_stateful(self) -> bool:
        return bool(self.lines or self.heads or self.domains)

    def terraform(self) -> str:
        parts = [f'stateless_default_actions = ["{self.default}"]']
        parts.append('stateless_fragment_default_actions = ["aws:drop"]')
        if self.stateless:
            arn = "aws_networkfirewall_rule_group.packets.arn"
            parts.append(
                f"stateless_rule_group_reference {{\nresource_arn = {arn}\npriority = 1\n}}"
            )
        number = "priority = 1\n" if self.strict is not None else ""
        if self.has_stateful:
            arn = "aws_networkfirewall_rule_group.flows.arn"
            parts.append(f"stateful_rule_group_reference {{\nresource_arn = {arn}\n{number}}}")
        if self.managed:
            arn = f'"{MANAGED}"'
            number = number.replace("1", "2")
            parts.append(f"stateful_rule_group_reference {{\nresource_arn = {arn}\n{number}}}")
        if self.strict is not None:
            parts.append('stateful_engine_options {\nrule_order = "STRICT_ORDER"\n}')
            parts.append(f"stateful_default_actions = {list(self.strict)}".replace("'", '"'))
        if self.home:
            inner = f'key = "HOME_NET"\nip_set {{\ndefinition = ["{self.home}"]\n}}\n'
            parts.append(f"policy_variables {{\nrule_variables {{\n{inner}}}\n}}")
        text = "\n".join(parts)
        made = (
            'resource "aws_networkfirewall_firewall_policy" "wall" {\nname = "wall"\n'
            f"firewall_policy {{\n{text}\n}}\n}}\n"
        )
        if self.stateless:
            rules = "\n".join(_terraform_rule(rule) for rule in self.stateless)
            inner = f"stateless_rules_and_custom_actions {{\n{rules}\n}}"
            made += _terraform_group("packets", "STATELESS", inner)
        if self.has_stateful:
            made += _terraform_group("flows", "STATEFUL", self._terraform_source())
        return made

    def _terraform_source(self) -> str:
        if self.lines:
            return "rules_string = <<-RULES\n" + "\n".join(self.lines) + "\nRULES"
        if self.domains:
            return (
                'rules_source_list {\ngenerated_rules_type = "ALLOWLIST"\n'
                'target_types = ["TLS_SNI", "HTTP_HOST"]\ntargets = [".example.com"]\n}'
            )
        rules = ""
        for head in self.heads:
            action, protocol, source, port, destination, to = head.split()
            rules += (
                f'stateful_rule {{\naction = "{action}"\nheader {{\nprotocol = "{protocol}"\n'
                f'source = "{source}"\nsource_port = "{port}"\ndirection = "FORWARD"\n'
                f'destination = "{destination}"\ndestination_port = "{to}"\n}}\n'
                'rule_option {\nkeyword = "sid"\nsettings = ["1"]\n}\n}\n'
            )
        return rules

    def cloudformation(self) -> str:
        policy: dict[str, object] = {
            "StatelessDefaultActions": [self.default],
            "StatelessFragmentDefaultActions": ["aws:drop"],
        }
        number = {"Priority": 1} if self.strict is not None else {}
        stateful: list[object] = []
        if self.stateless:
            policy["StatelessRuleGroupReferences"] = [
                {"ResourceArn": {"Ref": "Packets"}, "Priority": 1}
            ]
        if self.has_stateful:
            stateful.append({"ResourceArn": {"Ref": "Flows"}, **number})
        if self.managed:
            stateful.append({"ResourceArn": MANAGED, **({"Priority": 2} if number else {})})
        if stateful:
            policy["StatefulRuleGroupReferences"] = stateful
        if self.strict is not None:
            policy["StatefulEngineOptions"] = {"RuleOrder": "STRICT_ORDER"}
            policy["StatefulDefaultActions"] = list(self.strict)
        if self.home:
            policy["PolicyVariables"] = {"RuleVariables": {"HOME_NET": {"Definition": [self.home]}}}
        made: dict[str, object] = {
            "Policy": {
                "Type": "AWS::NetworkFirewall::FirewallPolicy",
                "Properties": {"FirewallPolicyName": "wall", "FirewallPolicy": policy},
            }
        }
        if self.stateless:
            rules = [_cloudformation_rule(rule) for rule in self.stateless]
            inner = {"StatelessRulesAndCustomActions": {"StatelessRules": rules}}
            made["Packets"] = _cloudformation_group("STATELESS", inner)
        if self.has_stateful:
            made["Flows"] = _cloudformation_group("STATEFUL", self._cloudformation_source())
        return flow(made)

    def _cloudformation_source(self) -> object:
        if self.lines:
            return {"RulesString": "\n".join(self.lines)}
        if self.domains:
            return {
                "RulesSourceList": {
                    "GeneratedRulesType": "ALLOWLIST",
                    "TargetTypes": ["TLS_SNI", "HTTP_HOST"],
                    "Targets": [".example.com"],
                }
            }
        names = ("Protocol", "Source", "SourcePort", "Destination", "DestinationPort")
        rules: list[object] = []
        for head in self.heads:
            action, *words = head.split()
            header = {**dict(zip(names, words, strict=True)), "Direction": "FORWARD"}
            rules.append(
                {"Action": action, "Header": header, "RuleOptions": [{"Keyword": "sid:1"}]}
            )
        return {"StatefulRules": rules}


PASS_IN = Stateless(1, "aws:pass", None, "10.0.1.0/24", 22)
PASS_OUT = Stateless(2, "aws:pass", "10.0.1.0/24", from_port=22)
DROP = ('drop tcp any any -> any 22 (msg:"no; never"; sid:1; rev:1;)',)
HOME = "pass tcp any any -> $HOME_NET 22 (flow:to_server; sid:2;)"


MANAGED = (
    "arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/BotNetCommandAndControl"
)


def _terraform_group(name: str, kind: str, inner: str) -> str:
    return (
        f'resource "aws_networkfirewall_rule_group" "{name}" {{\nname = "{name}"\ncapacity = 9\n'
        f'type = "{kind}"\nrule_group {{\nrules_source {{\n{inner}\n}}\n}}\n}}\n'
    )


def _terraform_rule(rule: Stateless) -> str:
    inner = f"protocols = {list(rule.protocols)}\n" if rule.protocols else ""
    for name, block in (("source", rule.source), ("destination", rule.destination)):
        inner += f'{name} {{\naddress_definition = "{block}"\n}}\n' if block else ""
    for name, port in (("source_port", rule.from_port), ("destination_port", rule.port)):
        inner += f"{name} {{\nfrom_port = {port}\nto_port = {port}\n}}\n" if port else ""
    inner += 'tcp_flag {\nflags = ["SYN"]\nmasks = ["SYN", "ACK"]\n}\n' if rule.flags else ""
    return (
        f"stateless_rule {{\npriority = {rule.priority}\nrule_definition {{\n"
        f'actions = ["{rule.action}"]\nmatch_attributes {{\n{inner}}}\n}}\n}}'
    )


def _cloudformation_rule(rule: Stateless) -> object:
    inner: dict[str, object] = {}
    if rule.protocols:
        inner["Protocols"] = list(rule.protocols)
    for name, block in (("Sources", rule.source), ("Destinations", rule.destination)):
        if block:
            inner[name] = [{"AddressDefinition": block}]
    for name, port in (("SourcePorts", rule.from_port), ("DestinationPorts", rule.port)):
        if port:
            inner[name] = [{"FromPort": port, "ToPort": port}]
    if rule.flags:
        inner["TCPFlags"] = [{"Flags": ["SYN"], "Masks": ["SYN", "ACK"]}]
    return {
        "Priority": rule.priority,
        "RuleDefinition": {"Actions": [rule.action], "MatchAttributes": inner},
    }


def _cloudformation_group(kind: str, source: object) -> object:
    return {
        "Type": "AWS::NetworkFirewall::RuleGroup",
        "Properties": {
            "RuleGroupName": "group",
            "Type": kind,
            "Capacity": 9,
            "RuleGroup": {"RulesSource": source},
        },
    }


def flow(resources: dict[str, object]) -> str:
    """Resources as JSON, one a line, which YAML can hold."""
    import json

    return "".join(f"  {name}: {json.dumps(body)}\n" for name, body in resources.items())


# ---- one VPC ---------------------------------------------------------------------------------

ONE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "web" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "wall" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.9.0/28"
}
resource "aws_networkfirewall_firewall" "wall" {
  name                = "wall"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall.arn
  vpc_id              = aws_vpc.v.id
  subnet_mapping { subnet_id = aws_subnet.wall.id }
}
resource "aws_instance" "web" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.web.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 8
    to_port     = 0
    protocol    = "icmp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
ONE_TEMPLATE = """
  v: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  g: {Type: AWS::EC2::InternetGateway}
  attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref v, InternetGatewayId: !Ref g}
  websubnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref v, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  wallsubnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref v, CidrBlock: 10.0.9.0/28}
  wall:
    Type: AWS::NetworkFirewall::Firewall
    Properties:
      FirewallName: wall
      FirewallPolicyArn: !Ref Policy
      VpcId: !Ref v
      SubnetMappings: [{SubnetId: !Ref wallsubnet}]
  web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      KeyName: k
      SubnetId: !Ref websubnet
      SecurityGroupIds: [!GetAtt websg.GroupId]
  websg:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref v
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
        - {IpProtocol: icmp, FromPort: 8, ToPort: 0, CidrIp: 0.0.0.0/0}
"""
TARGETS = {
    BOX: (
        "vpc_endpoint_id = element([for s in "
        "aws_networkfirewall_firewall.wall.firewall_status[0].sync_states : "
        "s.attachment[0].endpoint_id if s.attachment[0].subnet_id == aws_subnet.wall.id], 0)",
        'VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt wall.EndpointIds]]]',
    ),
    OUT: ("gateway_id = aws_internet_gateway.g.id", "GatewayId: !Ref g"),
    HUB: ("transit_gateway_id = aws_ec2_transit_gateway.hub.id", "TransitGatewayId: !Ref hub"),
}


def one_vpc(
    language: str, folder: Path, policy: Policy, routes: Routes = INSPECTED, *more: str
) -> Net:
    """A web server behind a firewall in one VPC. `more` is of the language."""
    if language == "terraform":
        return terraform(folder, one_text(policy, routes), *more)
    tables = [_table(language, name, "v", found) for name, found in routes.items()]
    return cloudformation(folder, ONE_TEMPLATE, *tables, policy.cloudformation(), *more)


def one_text(policy: Policy, routes: Routes = INSPECTED) -> str:
    """The configuration of that network."""
    tables = [_table("terraform", name, "v", found) for name, found in routes.items()]
    return "\n".join((ONE, *tables, policy.terraform()))


def changed(folder: Path, text: str, *swaps: tuple[str, str]) -> Net:
    """A configuration with pieces in place of others, which have to be there."""
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return terraform(folder, 'variable "some" {}', text)


def ssh(net: Net) -> tuple[str, list[str]]:
    """The verdict of SSH from the internet, and the checks that say something about it."""
    found = net.flow("internet", "web").trace.verdict
    return found, sorted(f.check for f in net.findings if "ssh" in f.services)


def _table(language: str, name: str, vpc: str, routes: list[tuple[str, str]]) -> str:
    edge = name == "edge"
    if language == "terraform":
        blocks = "".join(
            f'route {{\ncidr_block = "{block}"\n{TARGETS[to][0]}\n}}\n' for block, to in routes
        )
        place = "gateway_id = aws_internet_gateway.g.id" if edge else (
            f"subnet_id = aws_subnet.{name}.id"
        )  # fmt: skip
        return (
            f'resource "aws_route_table" "{name}" {{\nvpc_id = aws_vpc.{vpc}.id\n{blocks}}}\n'
            f'resource "aws_route_table_association" "{name}" {{\n{place}\n'
            f"route_table_id = aws_route_table.{name}.id\n}}\n"
        )
    kind, place = (
        ("GatewayRouteTableAssociation", "GatewayId: !Ref g")
        if edge
        else ("SubnetRouteTableAssociation", f"SubnetId: !Ref {name}subnet")
    )
    made = f"""
  {name}table: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref {vpc}}}}}
  {name}used:
    Type: AWS::EC2::{kind}
    Properties: {{RouteTableId: !Ref {name}table, {place}}}
"""
    for number, (block, to) in enumerate(routes):
        wait = "    DependsOn: attached\n" if to == OUT else ""
        made += f"""
  {name}route{number}:
    Type: AWS::EC2::Route
{wait}    Properties:
      RouteTableId: !Ref {name}table
      DestinationCidrBlock: {block}
      {TARGETS[to][1]}
"""
    return made


# ---- a VPC in the middle ---------------------------------------------------------------------

MIDDLE: Routes = {
    "a": [("0.0.0.0/0", HUB)],
    "b": [("0.0.0.0/0", HUB)],
    "mid": [("0.0.0.0/0", BOX)],
    "wall": [("10.0.0.0/8", HUB)],
}
BLOCKS = {"a": "10.1.0.0/16", "b": "10.2.0.0/16", "mid": "10.9.0.0/16"}
BEFORE, AFTER = (("0.0.0.0/0", "mid"),), ((BLOCKS["a"], "a"), (BLOCKS["b"], "b"))


def spokes(
    language: str,
    folder: Path,
    policy: Policy,
    routes: Routes = MIDDLE,
    before: Sequence[tuple[str, str]] = BEFORE,
    after: Sequence[tuple[str, str]] = AFTER,
) -> Net:
    """
    Two VPCs, `a` with a client and `b` with a server, and one in the middle with a firewall.
    `before` are the routes of the transit gateway for the two, `after` those for the middle.
    """
    if language == "terraform":
        return terraform(folder, spokes_text(policy, routes, before, after))
    tables = [_table(language, n, n if n in BLOCKS else "mid", r) for n, r in routes.items()]
    hub = [("before", before, ("a", "b")), ("after", after, ("mid",))]
    texts = [SPOKES_TEMPLATE, *(_cloudformation_hub(*each) for each in hub), *tables]
    return cloudformation(folder, *texts, policy.cloudformation())


def spokes_text(
    policy: Policy,
    routes: Routes = MIDDLE,
    before: Sequence[tuple[str, str]] = BEFORE,
    after: Sequence[tuple[str, str]] = AFTER,
) -> str:
    """The configuration of that network."""
    tables = [_table("terraform", n, n if n in BLOCKS else "mid", r) for n, r in routes.items()]
    hub = [("before", before, ("a", "b")), ("after", after, ("mid",))]
    return "\n".join(
        (SPOKES, *(_terraform_hub(*each) for each in hub), *tables, policy.terraform())
    )


def _terraform_hub(name: str, routes: Sequence[tuple[str, str]], attachments: Sequence[str]) -> str:
    table = f"transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{name}.id"
    to = "transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment"
    made = (
        f'resource "aws_ec2_transit_gateway_route_table" "{name}" {{\n'
        "transit_gateway_id = aws_ec2_transit_gateway.hub.id\n}\n"
    )
    for one in attachments:
        made += (
            f'resource "aws_ec2_transit_gateway_route_table_association" "{one}" {{\n'
            f"{table}\n{to}.{one}.id\n}}\n"
        )
    for number, (block, one) in enumerate(routes):
        made += (
            f'resource "aws_ec2_transit_gateway_route" "{name}{number}" {{\n{table}\n'
            f'{to}.{one}.id\ndestination_cidr_block = "{block}"\n}}\n'
        )
    return made


def _cloudformation_hub(
    name: str, routes: Sequence[tuple[str, str]], attachments: Sequence[str]
) -> str:
    table = {"TransitGatewayRouteTableId": {"Ref": f"{name}hub"}}
    made: dict[str, object] = {
        f"{name}hub": {
            "Type": "AWS::EC2::TransitGatewayRouteTable",
            "Properties": {"TransitGatewayId": {"Ref": "hub"}},
        }
    }
    for one in attachments:
        made[f"{one}associated"] = {
            "Type": "AWS::EC2::TransitGatewayRouteTableAssociation",
            "Properties": {**table, "TransitGatewayAttachmentId": {"Ref": f"{one}attached"}},
        }
    for number, (block, one) in enumerate(routes):
        made[f"{name}hubroute{number}"] = {
            "Type": "AWS::EC2::TransitGatewayRoute",
            "Properties": {
                **table,
                "TransitGatewayAttachmentId": {"Ref": f"{one}attached"},
                "DestinationCidrBlock": block,
            },
        }
    return flow(made)


def _spoke(name: str) -> str:
    block = BLOCKS[name].replace(".0.0/16", ".1.0/24")
    return f"""
resource "aws_vpc" "{name}" {{ cidr_block = "{BLOCKS[name]}" }}
resource "aws_subnet" "{name}" {{
  vpc_id     = aws_vpc.{name}.id
  cidr_block = "{block}"
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "{name}" {{
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.{name}.id
  subnet_ids         = [aws_subnet.{name}.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}}
"""


def _host(name: str) -> str:
    return f"""
resource "aws_instance" "{name}" {{
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.{name}.id
  vpc_security_group_ids = [aws_security_group.{name}.id]
}}
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.{name}.id
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.1.1.0/24"]
  }}
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""


SPOKES = (
    'resource "aws_ec2_transit_gateway" "hub" {\n'
    '  default_route_table_association = "disable"\n'
    '  default_route_table_propagation = "disable"\n}\n'
    + "".join(_spoke(name) for name in BLOCKS)
    + _host("a")
    + _host("b")
    + """
resource "aws_subnet" "wall" {
  vpc_id     = aws_vpc.mid.id
  cidr_block = "10.9.9.0/28"
}
resource "aws_networkfirewall_firewall" "wall" {
  name                = "wall"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall.arn
  vpc_id              = aws_vpc.mid.id
  subnet_mapping { subnet_id = aws_subnet.wall.id }
}
"""
)


def _spoke_template(name: str) -> str:
    block = BLOCKS[name].replace(".0.0/16", ".1.0/24")
    return f"""
  {name}: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {BLOCKS[name]}}}}}
  {name}subnet:
    Type: AWS::EC2::Subnet
    Properties: {{VpcId: !Ref {name}, CidrBlock: {block}}}
  {name}attached:
    Type: AWS::EC2::TransitGatewayAttachment
    Properties: {{TransitGatewayId: !Ref hub, VpcId: !Ref {name}, SubnetIds: [!Ref {name}subnet]}}
"""


def _host_template(name: str) -> str:
    return f"""
  {name}host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      KeyName: k
      SubnetId: !Ref {name}subnet
      SecurityGroupIds: [!GetAtt {name}sg.GroupId]
  {name}sg:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: {name}
      VpcId: !Ref {name}
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.1.1.0/24}}
"""


SPOKES_TEMPLATE = (
    "  hub:\n    Type: AWS::EC2::TransitGateway\n    Properties:\n"
    "      DefaultRouteTableAssociation: disable\n"
    "      DefaultRouteTablePropagation: disable\n"
    + "".join(_spoke_template(name) for name in BLOCKS)
    + _host_template("a")
    + _host_template("b")
    + """
  wallsubnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref mid, CidrBlock: 10.9.9.0/28}
  wall:
    Type: AWS::NetworkFirewall::Firewall
    Properties:
      FirewallName: wall
      FirewallPolicyArn: !Ref Policy
      VpcId: !Ref mid
      SubnetMappings: [{SubnetId: !Ref wallsubnet}]
"""
)
