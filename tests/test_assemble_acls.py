"""
Which entries an ACL has and which subnets it guards, also where a reference is not known.
"""

from __future__ import annotations

import pytest

from iaclint.query import overall
from tests.asked import answers, spelled
from tests.blocks import SSH, Entry, Text, acl, group, lets, made, ref, template
from tests.scenarios import (
    ACROSS,
    BACK,
    FRONT,
    IN,
    OPEN,
    REPLIES,
    TERRAFORM,
    WEB,
    B,
    R,
    Row,
    U,
    listed,
    web,
)

DENY, ALLOW = "deny", "allow"
SOME = Text('variable "some" {}\n', "")
ID = ("var.some", "!ImportValue Some")
DEFAULT = ("aws_vpc.home.default_network_acl_id", "!GetAtt HomeVpc.DefaultNetworkAcl")
OTHER = ("aws_network_acl.other.id", "!Ref OtherAcl")
SHUT_ACL = listed(REPLIES)
OPEN_ACL = listed(lets("ingress"), REPLIES)


def entry(
    place: tuple[str, str], action: str, number: int = 50, egress: bool = False, more: str = ""
) -> Text:
    """An entry for TCP of the ACL at that place, as a resource of its own."""
    return SOME + Text(
        f"""
resource "aws_network_acl_rule" "more" {{
  network_acl_id = {place[0]}
  rule_number    = {number}
  rule_action    = "{action}"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 0
  to_port        = 65535
  egress         = {str(egress).lower()}
  {more}
}}
""",
        f"""
MoreEntry:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: {place[1]}
    RuleNumber: {number}
    RuleAction: {action}
    Protocol: 6
    CidrBlock: 0.0.0.0/0
    PortRange: {{From: 0, To: 65535}}
    Egress: {str(egress).lower()}
""",
    )


def adopted(*entries: str) -> Text:
    """The default ACL under management."""
    return Text(
        f"""
resource "aws_default_network_acl" "own" {{
  default_network_acl_id = aws_vpc.home.default_network_acl_id
{"".join(entries)}
}}
""",
        "",
    )


def every(side: str) -> str:
    return f"""
  {side} {{
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }}
"""


def more(text: Text, said: str) -> Text:
    """The ACL of the subnet `front`, with something more in it."""
    start = 'resource "aws_network_acl" "front" {\n'
    assert start in text.terraform
    return Text(text.terraform.replace(start, start + said), "") + SOME


def dynamic(side: str, action: str) -> str:
    return f"""
  dynamic "{side}" {{
    for_each = var.some
    content {{
      rule_no    = 10
      action     = "{action}"
      protocol   = "-1"
      from_port  = 0
      to_port    = 0
      cidr_block = "0.0.0.0/0"
    }}
  }}
"""


def without(text: Text, old: str, new: str) -> Text:
    """An entry of which one thing is not known."""
    assert old in text.terraform
    return Text(text.terraform.replace(old, new), "")


def given(subnet: tuple[str, str]) -> Text:
    """An ACL that denies everything, given to a subnet by a resource of its own."""
    return (
        SOME
        + made("aws_network_acl", "other", "EC2::NetworkAcl", vpc_id=ref("aws_vpc", "home"))
        + Text(
            f"""
resource "aws_network_acl_association" "other" {{
  subnet_id      = {subnet[0]}
  network_acl_id = aws_network_acl.other.id
}}
""",
            "",
        )
        + template(
            "OtherAssociation", "EC2::SubnetNetworkAclAssociation",
            f"SubnetId: {subnet[1]}, NetworkAclId: !Ref OtherAcl",
        )
    )  # fmt: skip


def routed(subnet: tuple[str, str], routes: str = "") -> Text:
    """A table without a route out, given to a subnet."""
    return (
        SOME
        + made(
            "aws_route_table", "other", "EC2::RouteTable", Text(routes, ""),
            vpc_id=ref("aws_vpc", "home"),
        )
        + made(
            "aws_route_table_association", "other", "EC2::SubnetRouteTableAssociation",
            subnet_id=subnet, route_table_id=ref("aws_route_table", "other"),
        )
    )  # fmt: skip


def either(one: str, other: str) -> tuple[str, str]:
    """One of two subnets."""
    ends = (f"aws_subnet.{name}.id" for name in (one, other))
    return f'var.some == "x" ? {" : ".join(ends)}', ""


def one_of(one: str, other: str) -> tuple[str, str]:
    """One of two ACLs."""
    ends = (f"aws_network_acl.{name}.id" for name in (one, other))
    return f'var.some == "x" ? {" : ".join(ends)}', ""


FRONT_ID = ref("aws_subnet", "front")
IGNORED = "  lifecycle { ignore_changes = [%s] }\n"
BOTH = OPEN_ACL + BACK + acl("back", lets("ingress"), lets("egress"))
LOOSE = made("aws_network_acl", "loose", "EC2::NetworkAcl", vpc_id=ref("aws_vpc", "home"))
MAIN_ROUTE = Text(
    """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.home.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gate.id
  }
}
""",
    "",
)
BY_MAIN = FRONT + WEB + group("web", SSH) + MAIN_ROUTE
FURTHER = BACK + Text(
    """
resource "aws_subnet" "third" {
  vpc_id     = aws_vpc.home.id
  cidr_block = "10.0.3.0/24"
}
""",
    "",
)

ROWS = (
    Row(1, "The default ACL denies what an entry before its own denies.",
        web(SSH) + entry(DEFAULT, DENY), IN, B),
    Row(1, "Replies too.", web(SSH) + entry(DEFAULT, DENY, egress=True), IN, B),
    Row(1, "Its own entry 100 allows everything.", web(SSH) + entry(DEFAULT, DENY, 150), IN, R),
    Row(1, "Under management it denies what nothing allows.", web(SSH) + adopted(), IN, B,
        languages=TERRAFORM),
    Row(1, "Replies too.", web(SSH) + adopted(every("ingress")), IN, B, languages=TERRAFORM),
    Row(1, "Requests too.", web(SSH) + adopted(every("egress")), IN, B, languages=TERRAFORM),
    Row(1, "With entries for both.", web(SSH) + adopted(every("ingress"), every("egress")), IN, R,
        languages=TERRAFORM),
    Row(2, "An entry of an ACL that is not known may be one of any: it may deny.",
        OPEN_ACL + entry(ID, DENY), IN, U),
    Row(2, "Or allow.", SHUT_ACL + entry(ID, ALLOW), IN, U),
    Row(2, "Of one of two, of which this is one.",
        OPEN_ACL + LOOSE + entry(one_of("front", "loose"), DENY), IN, U, languages=TERRAFORM),
    Row(2, "Of one of two others.", BOTH + LOOSE + entry(one_of("back", "loose"), DENY), IN, R,
        languages=TERRAFORM),
    Row(2, "That may not even be made.",
        OPEN_ACL + entry(ID, DENY, more='count = var.some == "x" ? 1 : 0'), IN, U,
        languages=TERRAFORM),
    Row(2, "Of an ACL that something else makes.", OPEN_ACL
        + entry(("module_made.acl.network_acl_id", ""), DENY)
        + Text('resource "module_made" "acl" {}\n', ""), IN, R, languages=TERRAFORM),
    Row(3, "Inbound entries may come from a list that is not known.",
        more(OPEN_ACL, dynamic("ingress", DENY)), IN, U, languages=TERRAFORM),
    Row(3, "Outbound ones too.", more(OPEN_ACL, dynamic("egress", DENY)), IN, U,
        languages=TERRAFORM),
    Row(3, "Somebody else may edit what Terraform ignores.", more(SHUT_ACL, IGNORED % "ingress"),
        IN, U, languages=TERRAFORM),
    Row(3, "Names and the like are nothing to a packet.", more(SHUT_ACL, IGNORED % "tags"), IN, B,
        languages=TERRAFORM),
    Row(4, "A number that is not known may come first.",
        OPEN_ACL + without(entry(("aws_network_acl.front.id", ""), DENY, 150), "= 150",
                           "= var.some"), IN, U, languages=TERRAFORM),
    Row(4, "A block that is not known may hold the client.",
        SHUT_ACL + without(entry(("aws_network_acl.front.id", ""), ALLOW), '"0.0.0.0/0"',
                           "var.some"), IN, U, languages=TERRAFORM),
    Row(4, "Whether it allows may not be known.",
        SHUT_ACL + without(entry(("aws_network_acl.front.id", ""), ALLOW), '"allow"',
                           "var.some"), IN, U, languages=TERRAFORM),
    Row(5, "An ACL given to a subnet by a resource of its own.", web(SSH) + given(FRONT_ID), IN, B),
    Row(5, "To a subnet that is not known: it may be any.", web(SSH) + given(ID), IN, U),
    Row(5, "To one of two, of which this is one.",
        web(SSH) + FURTHER + given(either("front", "back")), IN, U, languages=TERRAFORM),
    Row(5, "To one of two others.", web(SSH) + FURTHER + given(either("back", "third")), IN, R,
        languages=TERRAFORM),
    Row(5, "A list of subnets with one that is not known.",
        web(SSH) + SOME + Text("""
resource "aws_network_acl" "other" {
  vpc_id     = aws_vpc.home.id
  subnet_ids = [var.some]
}
""", ""), IN, U, languages=TERRAFORM),
    Row(6, "A table given to a subnet.", FRONT + WEB + group("web", SSH) + routed(FRONT_ID), IN, B),
    Row(6, "A subnet by the main table, and a table given to one that is not known.",
        BY_MAIN + routed(ID), IN, U, languages=TERRAFORM),
    Row(6, "Given to one of two, of which this is one.",
        BY_MAIN + FURTHER + routed(either("front", "back")), IN, U, languages=TERRAFORM),
    Row(6, "Given to one of two others.", BY_MAIN + FURTHER + routed(either("back", "third")), IN,
        R, languages=TERRAFORM),
    Row(6, "A subnet that has its own table is sure of it.", web(SSH) + routed(ID), IN, R),
    Row(7, "The reply passes both ACLs by the same port: none is let through by both.",
        OPEN + acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, 1024, 40000))
        + acl("front", lets("egress"), Entry("ingress", 100, "allow", 6, 40001, 65535)), ACROSS,
        B),
    Row(7, "Some are.",
        OPEN + acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, 1024, 40000))
        + acl("front", lets("egress"), Entry("ingress", 100, "allow", 6, 30000, 65535)), ACROSS,
        R),
    Row(7, "Others perhaps as well.",
        OPEN + acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, 1024, 40000))
        + acl("front", lets("egress"), Entry("ingress", 100, "allow", 6, 30000, 65535))
        + without(entry(("aws_network_acl.back.id", ""), ALLOW, egress=True), '"0.0.0.0/0"',
                  "var.some"), ACROSS, R, languages=TERRAFORM),
    Row(7, "Perhaps some are.",
        OPEN + acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, 1024, 20000))
        + acl("front", lets("egress"), Entry("ingress", 100, "allow", 6, 30000, 65535))
        + without(entry(("aws_network_acl.back.id", ""), ALLOW, egress=True), '"0.0.0.0/0"',
                  "var.some"), ACROSS, U, languages=TERRAFORM),
)  # fmt: skip


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_acls_and_subnets_mean_what_they_say(row: Row, language: str) -> None:
    """Each row says it in a sentence."""
    assert overall(answers(row, language)) == row.verdict
