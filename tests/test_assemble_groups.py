"""
Which group a rule belongs to, which groups an interface has, and who their members are.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.asked import answers, spelled
from tests.blocks import SSH, Rule, Text, group, host
from tests.nets import cloudformation
from tests.scenarios import (
    ACROSS,
    IN,
    ONE,
    OPEN,
    PUBLIC,
    TEMPLATE,
    TERRAFORM,
    WEB_OUT,
    B,
    R,
    Row,
    U,
    web,
)

SHUT = web()
FOUND = Text('data "aws_security_group" "found" { name = "found" }\n', "")
MEMBERS = PUBLIC + host("web", "front") + host("db", "front")
"""Two instances in the default group."""


def only(text: str) -> Text:
    """What a template has no word for, or says in the same way."""
    return Text(f'variable "some" {{}}\n{text}', "")


def once(text: Text) -> Text:
    """The same with each variable declared once."""
    start, *more = text.terraform.split('variable "some" {}\n')
    return Text(start + 'variable "some" {}\n' + "".join(more), text.cloudformation)


def separate(place: str, template: str, way: str = "ingress") -> Text:
    """A rule for SSH of the group at that place."""
    return Text(
        f"""
variable "some" {{}}
resource "aws_security_group_rule" "more" {{
  type              = {way if "." in way else f'"{way}"'}
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = {place}
}}
""",
        f"""
MoreRule:
  Type: AWS::EC2::SecurityGroup{way.title()}
  Properties: {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0, GroupId: {template}}}
""",
    )


def either(one: str, other: str) -> Text:
    """A rule of one of two groups."""
    ends = (f"aws_security_group.{name}.id" for name in (one, other))
    return separate(f'var.some == "x" ? {" : ".join(ends)}', "")


def exclusive(*ids: str, of: str = "aws_security_group.web.id", more: str = "") -> Text:
    """The group keeps these rules only."""
    return only(f"""
resource "aws_vpc_security_group_egress_rule" "out" {{
  security_group_id = aws_security_group.web.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}}
resource "aws_vpc_security_group_ingress_rule" "one" {{
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}}
resource "aws_vpc_security_group_rules_exclusive" "all" {{
  security_group_id = {of}
  ingress_rule_ids  = [{", ".join(ids)}]
  egress_rule_ids   = []
  {more}
}}
""")


ITSELF = """
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
"""
ANYWHERE = """
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
"""


def adopted(*rules: str, home: str = "aws_vpc.home.id") -> Text:
    """The default group under management."""
    return only(f"""
resource "aws_default_security_group" "own" {{
  vpc_id = {home}
{"".join(rules)}
}}
""")


def named(name: str, *groups: str, argument: str = "security_groups") -> Text:
    """An instance in the default VPC whose groups are given by their names."""
    made = "".join(
        f"""
resource "aws_security_group" "g{number}" {{
  name = "{each}"
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""
        for number, each in enumerate(groups)
    )
    return only(f"""
resource "aws_instance" "web" {{
  instance_type   = "t3.micro"
  {argument} = ["{name}"]
}}
{made}""")


def listed(name: str) -> Text:
    """A rule for an AWS-managed prefix list."""
    return only(f"""
data "aws_ec2_managed_prefix_list" "some" {{ name = "com.amazonaws.eu-west-1.{name}" }}
resource "aws_vpc_security_group_ingress_rule" "listed" {{
  for_each          = {{ web = aws_security_group.web.id, db = aws_security_group.db.id }}
  security_group_id = each.value
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = data.aws_ec2_managed_prefix_list.some.id
}}
""")


def blocks(*blocks: str, of: str = "db", more: str = "") -> Text:
    """A rule of a group for several blocks."""
    return only(f"""
variable "office" {{ default = [] }}
resource "aws_security_group_rule" "blocks" {{
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = [{", ".join(blocks)}]
  security_group_id = aws_security_group.{of}.id
  {more}
}}
""")


def holder(name: str, kind: str = "instance") -> Text:
    """A rule of `db` for the private address of one instance or interface."""
    return Text(
        f"""
resource "aws_vpc_security_group_ingress_rule" "holder" {{
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "${{aws_{kind}.{name}.private_ip}}/32"
}}
""",
        f"""
HolderRule:
  Type: AWS::EC2::SecurityGroupIngress
  Properties:
    GroupId: !GetAtt DbGroup.GroupId
    IpProtocol: tcp
    FromPort: 22
    ToPort: 22
    CidrIp: !Sub "${{{name.title()}.PrivateIp}}/32"
""",
    )


def sources(argument: str, value: str) -> Text:
    """An inbound rule of `web` with these sources, some of them from a variable."""
    return only(f"""
variable "office" {{ default = [] }}
resource "aws_security_group_rule" "more" {{
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  {argument} = {value}
  security_group_id = aws_security_group.web.id
}}
""")


def prefix_list(cidr: str) -> Text:
    """A rule of `web` for a prefix list of one's own."""
    return Text(
        f"""
resource "aws_ec2_managed_prefix_list" "office" {{
  name           = "office"
  address_family = "IPv4"
  max_entries    = 1
  entry {{ cidr = {cidr} }}
}}
resource "aws_vpc_security_group_ingress_rule" "listed" {{
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
}}
variable "some" {{}}
""",
        f"""
Office:
  Type: AWS::EC2::PrefixList
  Properties:
    PrefixListName: office
    AddressFamily: IPv4
    MaxEntries: 1
    Entries: [{{Cidr: {cidr}}}]
ListedRule:
  Type: AWS::EC2::SecurityGroupIngress
  Properties:
    GroupId: !GetAtt WebGroup.GroupId
    IpProtocol: tcp
    FromPort: 22
    ToPort: 22
    SourcePrefixListId: !Ref Office
""",
    )


OFFICE = "198.51.100.7/32 -> aws_instance.web ssh"
BY_GROUP = OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "other"))) + group("other")
EMPTY_DB = OPEN.swap(group("db", SSH), group("db"))
OWN_INTERFACE = EMPTY_DB.swap(
    host("web", "front", "web"),
    Text(
        """
resource "aws_network_interface" "alone" {
  subnet_id       = aws_subnet.front.id
  security_groups = [aws_security_group.web.id]
}
resource "aws_instance" "web" {
  instance_type = "t3.micro"
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.alone.id
  }
}
""",
        "",
    ),
)
NEITHER = SHUT + group("a") + group("b")


def carrying(*groups: str) -> Text:
    """`web` with groups of which some are not known."""
    old, new = "[aws_security_group.web.id]", f"[{', '.join(groups)}]"
    return Text(BY_GROUP.terraform.replace(f"ids = {old}", f"ids = {new}"), "") + only("")


def written(text: str, said: str) -> Text:
    """The group `web`, with something more in it."""
    start = 'resource "aws_security_group" "web" {\n'
    assert start in text
    return Text(text.replace(start, start + said), "") + only("")


DYNAMIC = """
  dynamic "%s" {
    for_each = var.some
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
"""
SILENT = (ONE + group("web", out=())).terraform
IGNORED = "  lifecycle { ignore_changes = [ingress] }\n"
MADE, LOOKED_UP = "ids = [aws_security_group.web", "ids = [data.aws_security_group.found"
ELSEWHERE = FOUND + Text(SHUT.terraform.replace(MADE, LOOKED_UP), "")
OWNED = PUBLIC + host("web", "front").swap(
    Text("instance_type", ""),
    Text("vpc_security_group_ids = [aws_default_security_group.own.id]\n  instance_type", ""),
)
ITS, OWN = '"${aws_instance.', '.private_ip}/32"'
PEERS = "security_groups = [aws_security_group.web.id, aws_security_group.other.id]\n"
EIPS = Text('resource "aws_eip" "a" {}\nresource "aws_eip" "b" {}\n', "")
OFFICES = """
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.office
  }
"""
LISTS = Text(
    """
data "aws_ec2_managed_prefix_list" "s3" { name = "com.amazonaws.eu-west-1.s3" }
resource "aws_security_group_rule" "lists" {
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  security_group_id = aws_security_group.web.id
  prefix_list_ids = [
    data.aws_ec2_managed_prefix_list.some.id, data.aws_ec2_managed_prefix_list.s3.id,
  ]
}
""",
    "",
)

NEAR = "CidrIp: 10.0.0.0/8"


def refused(rules: str) -> Text:
    """A group whose rules CloudFormation refuses."""
    return ONE + group("web").swap(
        Text("", "GroupDescription: web,"),
        Text("", f"GroupDescription: web, SecurityGroup{rules},"),
    ).swap(Text("", "SecurityGroupEgress: [{IpProtocol"), Text("", "Other: [{IpProtocol"))


ROWS = (
    Row(1, "A rule of a group that is not known may be one of any group.",
        SHUT + separate("var.some", "!ImportValue Some"), IN, U),
    Row(1, "An outbound one lets nobody in.",
        SHUT + separate("var.some", "!ImportValue Some", "egress"), IN, B),
    Row(1, "It may let something out, of a group that lets nothing out.",
        ONE + group("web", out=()) + separate("var.some", "!ImportValue Some", "egress"),
        "aws_instance.web -> internet ssh", U),
    Row(1, "A rule of one of two groups, of which this is one.",
        NEITHER + either("web", "b"), IN, U, languages=TERRAFORM),
    Row(1, "Of one of two others.", NEITHER + either("a", "b"), IN, B, languages=TERRAFORM),
    Row(1, "The group of a cluster is none of those that are made here.",
        SHUT + separate("aws_eks_cluster.c.vpc_config[0].cluster_security_group_id", "")
        + only('resource "aws_eks_cluster" "c" { name = "c" }\n').swap(only(""), Text("", "")),
        IN, B, languages=TERRAFORM),
    Row(2, "A rule whose direction is not known may be inbound.",
        SHUT + separate("aws_security_group.web.id", "", "var.some"), IN, U, languages=TERRAFORM),
    Row(2, "Or outbound.",
        ONE + group("web", out=()) + separate("aws_security_group.web.id", "", "var.some"),
        "aws_instance.web -> internet ssh", U, languages=TERRAFORM),
    Row(3, "Rules that an exclusive list names stay.",
        SHUT + exclusive("aws_vpc_security_group_ingress_rule.one.id"), IN, R, languages=TERRAFORM),
    Row(3, "Others are removed.", SHUT + exclusive(), IN, B, languages=TERRAFORM),
    Row(3, "Outbound ones too.",
        ONE + group("web", out=()) + exclusive("aws_vpc_security_group_ingress_rule.one.id"),
        WEB_OUT, B, languages=TERRAFORM),
    Row(3, "That it names others does not help.",
        SHUT + exclusive("aws_vpc_security_group_egress_rule.out.id"), IN, B, languages=TERRAFORM),
    Row(3, "Nor that it names one by its id.", SHUT + exclusive('"sgr-0123456789abcdef0"'), IN, B,
        languages=TERRAFORM),
    Row(3, "The list of another group is nothing to this one.", SHUT + exclusive(of="var.some"), IN,
        R, languages=TERRAFORM),
    Row(3, "The list may not be there.",
        SHUT + exclusive(more='count = var.some == "x" ? 1 : 0'), IN, U, languages=TERRAFORM),
    Row(3, "What it names stays in any case.",
        SHUT + exclusive("aws_vpc_security_group_ingress_rule.one.id",
                         more='count = var.some == "x" ? 1 : 0'), IN, R, languages=TERRAFORM),
    Row(3, "Where the list is not known, they stay.", SHUT + exclusive("var.some"), IN, R,
        languages=TERRAFORM),
    Row(4, "Members of the default group reach each other.", MEMBERS, ACROSS, R),
    Row(4, "Under management it has no rule but those that are written.", MEMBERS + adopted(),
        ACROSS, B, languages=TERRAFORM),
    Row(4, "Outbound too.", MEMBERS + adopted(ITSELF), ACROSS, B, languages=TERRAFORM),
    Row(4, "Inbound too.", MEMBERS + adopted(ANYWHERE), ACROSS, B, languages=TERRAFORM),
    Row(4, "With both.", MEMBERS + adopted(ITSELF, ANYWHERE), ACROSS, R, languages=TERRAFORM),
    Row(4, "Perhaps it is not under management.",
        MEMBERS + adopted('count = var.some == "x" ? 1 : 0'), ACROSS, U, languages=TERRAFORM),
    Row(4, "Outbound rules may come from a list that is not known.",
        MEMBERS + adopted(ITSELF, DYNAMIC % "egress"), ACROSS, U, languages=TERRAFORM),
    Row(4, "The default group of a VPC that is not known has the rules that are written.",
        OWNED + adopted(ANYWHERE, home="var.some"), IN, B, languages=TERRAFORM),
    Row(4, "So has one that lets everybody in.",
        OWNED + adopted(ANYWHERE.replace("egress", "ingress"), home="var.some"), IN, R,
        languages=TERRAFORM),
    Row(4, "A rule of a group that is looked up may be one of the default group.",
        PUBLIC + host("web", "front") + FOUND + separate("data.aws_security_group.found.id", ""),
        IN, U, languages=TERRAFORM),
    Row(5, "A group can be given by its name.", named("open", "open", "shut"), IN, R,
        languages=TERRAFORM),
    Row(5, "If two have the name, it is not known which is meant.", named("open", "open", "open"),
        IN, U, languages=TERRAFORM),
    Row(5, "If none has it, nothing is known.", named("open", "shut"), IN, U, languages=TERRAFORM),
    Row(5, "The default group is called default.", named("default", "shut"), IN, B,
        languages=TERRAFORM),
    Row(5, "Beside another one it is meant too.",
        named('default", "open', "open"), IN, R, languages=TERRAFORM),
    Row(5, "Without a default VPC the name says nothing.",
        web(SSH).swap(Text("= [aws_security_group.web.id]", ""),
                      Text('= ["default", aws_security_group.web.id]', "")), IN, R,
        languages=TERRAFORM),
    Row(6, "The list of Instance Connect is one of addresses outside.", EMPTY_DB + listed(
        "ec2-instance-connect"), IN, R, languages=TERRAFORM),
    Row(6, "No instance is among them.", EMPTY_DB + listed("ec2-instance-connect"), ACROSS, B,
        languages=TERRAFORM),
    Row(6, "Alone it may let the client in.",
        EMPTY_DB.swap(group("web", SSH), group("web")) + listed("ec2-instance-connect"), IN, U,
        languages=TERRAFORM),
    Row(6, "The list of a service without people does not.",
        EMPTY_DB.swap(group("web", SSH), group("web")) + listed("s3"), IN, B, languages=TERRAFORM),
    Row(6, "A prefix list of one's own lets in whom it holds.",
        SHUT + prefix_list('"198.51.100.0/24"'), OFFICE, R),
    Row(6, "And nobody else.", SHUT + prefix_list('"203.0.113.0/24"'), OFFICE, B),
    Row(6, "Whom it holds may not be known.", SHUT + prefix_list("var.some"), OFFICE, U,
        languages=TERRAFORM),
    Row(6, "A list of sources that is empty by default is one that somebody is to fill in.",
        SHUT + sources("cidr_blocks", "var.office"), IN, U, languages=TERRAFORM),
    Row(6, "Of the other family too.", SHUT + sources("ipv6_cidr_blocks", "var.office"), IN, U,
        languages=TERRAFORM),
    Row(6, "One that is written empty lets nobody in.", SHUT + sources("cidr_blocks", "[]"), IN, B,
        languages=TERRAFORM),
    Row(6, "Whether the own members are let in may not be known.",
        SHUT + sources("self", "var.some") + host("db", "front", "web"),
        "aws_instance.db -> aws_instance.web ssh", U, languages=TERRAFORM),
    Row(6, "A rule of which neither group nor direction is known.",
        SHUT + separate("var.some", "", "var.some"), IN, U, languages=TERRAFORM),
    Row(6, "Not where there is another source.",
        SHUT + sources("cidr_blocks", "var.office\n  self = true"), IN, B, languages=TERRAFORM),
    Row(6, "A list of AWS is one.",
        once(SHUT + listed("s3") + group("db") + sources("cidr_blocks", "var.office\n  "
        "prefix_list_ids = [data.aws_ec2_managed_prefix_list.some.id]")),
        IN, B,
        languages=TERRAFORM),
    Row(6, "Written inside of the group it is to be filled in as well.",
        once(written(SHUT.terraform, OFFICES) + sources("self", "true")), IN, U,
        languages=TERRAFORM),
    Row(6, "Of two lists of AWS each counts.",
        once(SHUT + listed("ec2-instance-connect") + group("db") + LISTS), IN, U,
        languages=TERRAFORM),
    Row(7, "The first of two blocks lets in.",
        EMPTY_DB + blocks('"10.0.1.0/24"', '"10.0.9.0/24"'), ACROSS, R, languages=TERRAFORM),
    Row(7, "Or the second.", EMPTY_DB + blocks('"10.0.9.0/24"', '"10.0.1.0/24"'), ACROSS, R,
        languages=TERRAFORM),
    Row(7, "The private address of the client and of another.",
        EMPTY_DB + host("third", "front", "web") + blocks(f"{ITS}web{OWN}", f"{ITS}third{OWN}"),
        ACROSS, R, languages=TERRAFORM),
    Row(7, "A block beside the address of another.",
        EMPTY_DB + host("third", "front", "web") + blocks(f"{ITS}third{OWN}", '"10.0.1.0/24"'),
        ACROSS, R, languages=TERRAFORM),
    Row(7, "Perhaps the address of the client, perhaps none.",
        EMPTY_DB + blocks(f'var.some == "x" ? {ITS}web{OWN} : "10.9.9.9/32"'), ACROSS, U,
        languages=TERRAFORM),
    Row(7, "A block that is not known may hold the client.", EMPTY_DB + blocks("var.some"), ACROSS,
        U, languages=TERRAFORM),
    Row(7, "The public addresses of gateways and clients do not.",
        EMPTY_DB + EIPS + blocks('"${aws_eip.a.public_ip}/32"', '"${aws_eip.b.public_ip}/32"'),
        ACROSS, B, languages=TERRAFORM),
    Row(7, "The private address of the client is the client.", EMPTY_DB + holder("web"), ACROSS, R),
    Row(7, "That of another is another.", EMPTY_DB + host("third", "front", "web")
        + holder("third"), ACROSS, B),
    Row(7, "The address of its interface is the client too.",
        OWN_INTERFACE + holder("alone", "network_interface"), ACROSS, R, languages=TERRAFORM),
    Row(8, "A rule for a group the client does not have.", BY_GROUP, ACROSS, B),
    Row(8, "It may have it, if its groups are not known.", carrying("var.some"), ACROSS, U,
        languages=TERRAFORM),
    Row(8, "Or one of them.", carrying("aws_security_group.web.id", "var.some"), ACROSS, U,
        languages=TERRAFORM),
    Row(8, "A rule for two groups, of which the client has the first.",
        EMPTY_DB + group("other") + blocks(more=PEERS), ACROSS, R, languages=TERRAFORM),
    Row(8, "And for the own members.", EMPTY_DB + group("other")
        + blocks(more=PEERS + "self = true\n"), ACROSS, R, languages=TERRAFORM),
    Row(8, "And perhaps for them.", EMPTY_DB + group("other")
        + blocks(more=PEERS + 'self = var.some == "x"\n'), ACROSS, R, languages=TERRAFORM),
    Row(8, "A rule without a group is for none.",
        carrying("aws_security_group.web.id", "var.some").swap(
            Text(group("db", Rule(22, 22, "tcp", "other")).terraform, ""),
            Text(group("db", Rule(22, 22, "tcp", "10.9.0.0/16")).terraform, "")),
        ACROSS, B, languages=TERRAFORM),
    Row(9, "Inbound rules may come from a list that is not known.",
        written(SHUT.terraform, DYNAMIC % "ingress"), IN, U, languages=TERRAFORM),
    Row(9, "Outbound ones.", written(SILENT, DYNAMIC % "egress"),
        "aws_instance.web -> internet ssh", U, languages=TERRAFORM),
    Row(9, "Which let nobody in.", written(SILENT, DYNAMIC % "egress"), IN, B,
        languages=TERRAFORM),
    Row(9, "Somebody else may edit what Terraform ignores.", written(SHUT.terraform, IGNORED),
        IN, U, languages=TERRAFORM),
    Row(9, "Names and the like are nothing to a packet.",
        written(SHUT.terraform, IGNORED.replace("ingress", "tags")), IN, B, languages=TERRAFORM),
    Row(9, "Two rules of groups that are not known.", SHUT + separate("var.some", "")
        + Text(separate("var.some", "").terraform.replace("more", "again").replace("= 22", "= 80")
               .replace('variable "some" {}', ""), ""), IN, U, languages=TERRAFORM),
    Row(9, "One of which not even the direction is known may let out.",
        ONE + group("web", out=()) + separate("var.some", "", "var.some"),
        "aws_instance.web -> internet ssh", U, languages=TERRAFORM),
    Row(9, "The rules of a group that is looked up are not known.", ELSEWHERE, IN, U,
        languages=TERRAFORM),
    Row(9, "Not even whether it lets anything out.", ELSEWHERE, WEB_OUT, U, languages=TERRAFORM),
    Row(9, "What a rule without a protocol is to let in is not written.",
        refused("Ingress: [{}]"), IN, U, languages=TEMPLATE),
    Row(9, "It is for nobody but its source.", refused(f"Ingress: [{{{NEAR}}}]"), IN, B,
        languages=TEMPLATE),
    Row(9, "Not for anybody where its source is an instance.",
        refused('Ingress: [{CidrIp: !Sub "${Db.PrivateIp}/32"}]') + host("db", "front"), IN, B,
        languages=TEMPLATE),
    Row(9, "Whether the default rule is left is not known where one may be given.",
        refused("Egress: [!ImportValue Some]"), WEB_OUT, U, languages=TEMPLATE),
    Row(9, "Nor what it is to let out.", refused("Egress: [{}]"), WEB_OUT, U, languages=TEMPLATE),
    Row(9, "A list among the rules is no rule.",
        refused(f"Ingress: [[{{IpProtocol: -1, {NEAR}}}]]"), IN, U, languages=TEMPLATE),
    Row(9, "An empty one adds nothing.", refused("Ingress: [[]]"), IN, B, languages=TEMPLATE),
)  # fmt: skip


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_groups_mean_what_they_say(row: Row, language: str) -> None:
    """Each row says it in a sentence."""
    assert overall(answers(row, language)) == row.verdict


TRAFFIC = "{GroupId: !GetAtt WebGroup.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, %s}"
WEB_RULE = f"Properties: {TRAFFIC % 'CidrIp: 10.9.0.0/16'}"


@pytest.mark.parametrize(("when", "verdict"), [("", "blocked"), ("Condition: Some, ", "undecided")])
def test_a_rule_that_is_given_takes_the_place_of_the_one_that_lets_everything_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, verdict: str
) -> None:
    """It does not where it is not there: a condition that no world tells may be either."""
    monkeypatch.setattr("iaclint.cloudformation.worlds.MAXIMUM_WORLDS", 1)
    start = OPEN.cloudformation.replace("SecurityGroupEgress:", "Other:")
    rule = f"WebOut: {{Type: 'AWS::EC2::SecurityGroupEgress', {when}{WEB_RULE}}}\n"
    asked = "Parameters: {P: {Type: String}}\nConditions: {Some: !Equals [!Ref P, x]}\n"
    network = cloudformation(tmp_path, indent(start + rule, "  "), asked).network
    found = tuple(paths([network], "Web", "Db", parse_service("ssh")))
    assert overall(found) == verdict
