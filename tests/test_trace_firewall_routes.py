"""
Where routes lead to a firewall and on from it: whether it sees both directions, one, or none.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.firewalled import (
    BOX,
    DROP,
    HUB,
    INSPECTED,
    OUT,
    PASS_OUT,
    Policy,
    Routes,
    Stateless,
    changed,
    one_text,
    one_vpc,
    ssh,
)
from tests.nets import both, terraform


def routes(**changed: list[tuple[str, str]]) -> Routes:
    return {**INSPECTED, **changed}


ASYMMETRIC = routes()
del ASYMMETRIC["edge"]

ROUTED = [
    (ASYMMETRIC, Policy(), "undecided", []),
    (ASYMMETRIC, Policy("aws:pass"), "reachable", []),
    (ASYMMETRIC, Policy("aws:drop"), "blocked", ["IAC524"]),
    (ASYMMETRIC, Policy("aws:drop", stateless=[PASS_OUT]), "reachable", []),
    (routes(web=[("0.0.0.0/0", OUT)]), Policy(), "undecided", []),
    (routes(web=[("0.0.0.0/0", OUT)]), Policy("aws:pass"), "reachable", []),
    (routes(web=[("0.0.0.0/0", OUT)]), Policy("aws:drop"), "blocked", ["IAC523"]),
    (routes(web=[("0.0.0.0/0", OUT)]), Policy(lines=DROP), "blocked", ["IAC523"]),
    (routes(wall=[]), Policy(), "blocked", ["IAC525"]),
    (routes(wall=[("198.51.100.0/24", OUT)]), Policy(), "reachable", []),
    (routes(web=[]), Policy(), "blocked", ["IAC201"]),
    (routes(edge=[("10.0.2.0/24", BOX)], web=[("0.0.0.0/0", OUT)]), Policy("aws:drop"),
     "reachable", []),
    (routes(edge=[("10.0.0.0/16", BOX)]), Policy("aws:drop"), "blocked", ["IAC523"]),
    (routes(web=[("0.0.0.0/0", OUT), ("198.51.100.0/24", BOX)]), Policy("aws:drop",
     stateless=[Stateless(1, "aws:pass", destination="10.0.1.0/24")]), "reachable", []),
]  # fmt: skip


APPLIANCES = """
resource "aws_vpc_endpoint" "boxes" {
  vpc_id            = aws_vpc.v.id
  service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
  vpc_endpoint_type = "GatewayLoadBalancer"
  subnet_ids        = [aws_subnet.wall.id]
}
"""
BOXES = ("transit_gateway_id = aws_ec2_transit_gateway.hub.id",
         "vpc_endpoint_id = aws_vpc_endpoint.boxes.id")  # fmt: skip
EDGE = 'resource "aws_route_table" "edge" {'
TO_WEB = 'route {\ncidr_block = "10.0.1.0/24"'
CLOSED = """
resource "aws_network_acl" "wall" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.wall.id]
}
"""


@pytest.mark.parametrize(
    ("table", "more", "swaps"),
    [
        (routes(edge=[("10.0.1.0/25", BOX)]), "", []),
        (INSPECTED, "", [(EDGE, f"{EDGE}\nlifecycle {{ ignore_changes = [route] }}")]),
        (INSPECTED, "", [(TO_WEB, "route {\ncidr_block = var.some")]),
        (routes(wall=[("0.0.0.0/0", OUT), ("10.0.1.0/24", OUT)]), "", []),
        (INSPECTED, CLOSED, []),
        (INSPECTED, "", [("{ subnet_id = aws_subnet.wall.id }", "{ subnet_id = var.some }")]),
        (routes(wall=[("0.0.0.0/0", HUB)]), APPLIANCES, [BOXES]),
    ],
)
def test_what_is_between_a_gateway_and_a_subnet_may_not_be_known(
    tmp_path: Path, table: Routes, more: str, swaps: list[tuple[str, str]]
) -> None:
    """Tables at the gateway, and what surrounds the endpoint of a firewall."""
    text = one_text(Policy("aws:pass"), table) + more
    assert ssh(changed(tmp_path, text, *swaps)) == ("undecided", [])


@both
@pytest.mark.parametrize(("table", "policy", "expected", "ids"), ROUTED)
def test_routes_decide_what_the_firewall_sees(
    tmp_path: Path, language: str, table: Routes, policy: Policy, expected: str, ids: list[str]
) -> None:
    """There, back, both or neither; and the table behind the endpoint leads on."""
    net = one_vpc(language, tmp_path, policy, table)
    assert ssh(net) == (expected, ids)


def test_one_direction_alone_is_undecided_for_a_reason(tmp_path: Path) -> None:
    """The reason says what AWS does not support."""
    net = one_vpc("terraform", tmp_path, Policy(), ASYMMETRIC)
    reasons = {unknown.reason for unknown in net.flow("internet", "web").trace.unknowns}
    assert reasons == {
        "aws_networkfirewall_firewall.wall sees one direction only, which AWS does not support"
    }


@both
def test_the_rule_is_named_that_drops_the_request(tmp_path: Path, language: str) -> None:
    """And where its text is written over several lines, its own line is shown."""
    lines = ("# first", "pass tcp any any -> any 443 (sid:1;)", *DROP)
    net = one_vpc(language, tmp_path, Policy(lines=lines))
    (finding,) = net.findings
    assert finding.primary.text == "drop tcp any any -> any 22 drops tcp 22 from the internet"
    shown = Path(finding.primary.span.path).read_text().splitlines()[finding.primary.span.line - 1]
    assert DROP[0].split("(")[0] in shown
    assert language == "cloudformation" or shown.strip() == DROP[0]


@both
def test_the_rule_is_named_that_cuts_the_connection_once_it_stands(
    tmp_path: Path, language: str
) -> None:
    lines = ("pass tcp any any -> any 443 (sid:1;)",
             "drop tcp any any -> any any (flow:established; sid:2;)")  # fmt: skip
    (finding,) = one_vpc(language, tmp_path, Policy(lines=lines)).findings
    assert finding.primary.text.startswith("drop tcp any any -> any any drops tcp 22")


SECOND = """
resource "aws_subnet" "second" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.8.0/28"
}
"""


@pytest.mark.parametrize(
    ("policy", "out", "expected"),
    [
        (Policy(), True, "undecided"),
        (Policy("aws:pass"), True, "reachable"),
        (Policy("aws:drop"), True, "blocked"),
        (Policy("aws:pass"), False, "undecided"),
    ],
)
def test_which_of_two_endpoints_is_used_is_not_known(
    tmp_path: Path, policy: Policy, out: bool, expected: str
) -> None:
    """A connection that the stateful engine sees has to come back through the same one."""
    net = one_vpc("terraform", tmp_path, policy, INSPECTED, SECOND)
    text = (tmp_path / "main.tf").read_text()
    one = "subnet_mapping { subnet_id = aws_subnet.wall.id }"
    text = text.replace(one, f"{one}\n  {one.replace('.wall.', '.second.')}")
    if out:
        text += """
resource "aws_route_table_association" "second" {
  subnet_id      = aws_subnet.second.id
  route_table_id = aws_route_table.wall.id
}
"""
    net = terraform(tmp_path, text)
    assert ssh(net)[0] == expected


FURTHER = """
resource "aws_networkfirewall_vpc_endpoint_association" "boxes" {
  vpc_id       = aws_vpc.v.id
  firewall_arn = aws_networkfirewall_firewall.wall.arn
  subnet_mapping { subnet_id = aws_subnet.wall.id }
}
"""


@pytest.mark.parametrize(
    ("more", "to", "policy", "table", "expected"),
    [
        (APPLIANCES, "aws_vpc_endpoint.boxes.id", Policy(), INSPECTED, ("undecided", [])),
        (APPLIANCES, "aws_vpc_endpoint.boxes.id", Policy(), routes(wall=[]),
         ("blocked", ["IAC525"])),
        (FURTHER, "aws_networkfirewall_vpc_endpoint_association.boxes.vpc_endpoint_id", Policy(),
         INSPECTED, ("reachable", [])),
        (FURTHER, "aws_networkfirewall_vpc_endpoint_association.boxes.vpc_endpoint_id",
         Policy("aws:drop"), INSPECTED, ("blocked", ["IAC523"])),
    ],
)  # fmt: skip
def test_what_is_behind_an_endpoint_decides(
    tmp_path: Path, more: str, to: str, policy: Policy, table: Routes, expected: object
) -> None:
    """Appliances are not known, but a route behind them is; further endpoints have the policy."""
    net = one_vpc("terraform", tmp_path, policy, table, more)
    text = (tmp_path / "main.tf").read_text()
    net = terraform(tmp_path, re.sub(r"vpc_endpoint_id = .*", f"vpc_endpoint_id = {to}", text))
    assert ssh(net) == expected


INNER = """
resource "aws_subnet" "db" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_instance" "db" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.db.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.web.id
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
THERE, BACK = ("10.0.2.0/24", BOX), ("10.0.1.0/24", BOX)


@pytest.mark.parametrize(
    ("policy", "web", "db", "expected"),
    [
        (Policy(), [THERE], [BACK], "reachable"),
        (Policy(), [THERE], [], "undecided"),
        (Policy(), [], [BACK], "undecided"),
        (Policy("aws:pass"), [THERE], [], "reachable"),
        (Policy("aws:drop"), [THERE], [BACK], "blocked"),
        (Policy("aws:drop"), [], [], "reachable"),
        (Policy(lines=DROP), [THERE], [BACK], "blocked"),
        (Policy(managed=True), [THERE], [BACK], "undecided"),
    ],
)
def test_narrower_routes_lead_through_a_firewall_inside_of_a_vpc(
    tmp_path: Path,
    policy: Policy,
    web: list[tuple[str, str]],
    db: list[tuple[str, str]],
    expected: str,
) -> None:
    """From one subnet to another, by a firewall in a third."""
    net = one_vpc("terraform", tmp_path, policy, {"web": web, "db": db}, INNER)
    found = paths([net.network], "aws_instance.web", "aws_instance.db", parse_service("ssh"))
    assert overall(found) == expected


@pytest.mark.parametrize("more", ["", "\nsubnet_mapping { subnet_id = aws_subnet.db.id }"])
def test_it_is_said_why_a_firewall_that_sees_one_direction_leaves_it_open(
    tmp_path: Path, more: str
) -> None:
    """Whether or not it has another endpoint."""
    text = one_text(Policy(), {"web": [THERE], "db": []}) + INNER
    mapping = "subnet_mapping { subnet_id = aws_subnet.wall.id }"
    net = changed(tmp_path, text, (mapping, mapping + more))
    found = paths([net.network], "aws_instance.web", "aws_instance.db", parse_service("ssh"))
    assert [one.verdict for one in found] == ["undecided"]
    assert "sees one direction only" in " ".join(why for why, _ in found[0].unknown)
