"""
Through AWS Network Firewall: what its rules do with a connection, and where routes lead to it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.firewalled import (
    BOX,
    HUB,
    INSPECTED,
    MIDDLE,
    OUT,
    Policy,
    Routes,
    Stateless,
    changed,
    one_text,
    one_vpc,
    spokes,
    spokes_text,
)
from tests.nets import Net, hops, terraform

LANGUAGES = ("terraform", "cloudformation")
both = pytest.mark.parametrize("language", LANGUAGES)


def ssh(net: Net) -> tuple[str, list[str]]:
    """The verdict of SSH from the internet, and the checks that say something about it."""
    found = net.flow("internet", "web").trace.verdict
    return found, sorted(f.check for f in net.findings if "ssh" in f.services)


def verdict(net: Net, service: str = "ssh", target: str = "web") -> str:
    """The verdict of an internet client's question."""
    return overall(paths([net.network], "internet", target, parse_service(service)))


@both
def test_a_request_goes_through_the_firewall_and_so_does_its_reply(
    tmp_path: Path, language: str
) -> None:
    """Hop by hop: the edge table, the firewall, the subnet, and all of it back."""
    net = one_vpc(language, tmp_path, Policy())
    (way,) = net.flow("internet", "web").trace.ways
    assert net.ids == []
    table = ("edge", "web", "wall") if language == "terraform" else (
        "edgetable", "webtable", "walltable"
    )  # fmt: skip
    assert [line for line in hops(way) if "acl" not in line and "sg" not in line][2:] == [
        f"request edge table {table[0]} allow",
        "request firewall wall allow",
        f"reply route table {table[1]} allow",
        "reply firewall wall allow",
        f"reply route table {table[2]} allow",
    ]


PASS_IN = Stateless(1, "aws:pass", None, "10.0.1.0/24", 22)
PASS_OUT = Stateless(2, "aws:pass", "10.0.1.0/24", from_port=22)
DROP = ('drop tcp any any -> any 22 (msg:"no; never"; sid:1; rev:1;)',)
HOME = "pass tcp any any -> $HOME_NET 22 (flow:to_server; sid:2;)"

SSH = [
    # ---- stateless ----
    (Policy("aws:pass"), "reachable", []),
    (Policy("aws:drop"), "blocked", ["IAC523"]),
    (Policy("aws:drop", stateless=[PASS_IN]), "blocked", ["IAC524"]),
    (Policy("aws:drop", stateless=[PASS_IN, PASS_OUT]), "reachable", []),
    (Policy("aws:drop", stateless=[PASS_OUT]), "blocked", ["IAC523"]),
    (
        Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22)]),
        "blocked",
        ["IAC523"],
    ),
    (
        Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22), PASS_IN]),
        "reachable",
        [],
    ),
    (Policy("aws:pass", stateless=[Stateless(1, "aws:drop", port=3389)]), "reachable", []),
    (
        Policy("aws:pass", stateless=[Stateless(1, "aws:drop", protocols=(17,))]),
        "reachable",
        [],
    ),
    (
        Policy("aws:pass", stateless=[Stateless(1, "aws:drop", port=22, flags=True)]),
        "undecided",
        [],
    ),
    (
        Policy("aws:pass", stateless=[Stateless(1, "aws:drop", "198.51.100.0/24", port=22)]),
        "reachable",
        [],
    ),
    (Policy(stateless=[PASS_IN]), "undecided", []),
    (Policy(stateless=[PASS_IN, PASS_OUT]), "reachable", []),
    # ---- stateful, in the order of the actions ----
    (Policy(lines=DROP), "blocked", ["IAC523"]),
    (Policy(lines=(*DROP, HOME)), "reachable", []),
    (Policy(lines=("drop tcp any any -> !$HOME_NET any (sid:1;)",)), "undecided", []),
    (Policy(lines=("drop tcp $HOME_NET any -> any any (sid:1;)",)), "undecided", []),
    (
        Policy(lines=("drop tcp $HOME_NET any -> any any (flow:to_server; sid:1;)",)),
        "reachable",
        [],
    ),
    (Policy(lines=("drop tcp any any <> $HOME_NET 22 (sid:1;)",)), "blocked", ["IAC523"]),
    (Policy(lines=("drop tcp $HOME_NET 22 <> any any (sid:1;)",)), "blocked", ["IAC523"]),
    (Policy(lines=("alert tcp any any -> any 22 (sid:1;)",)), "reachable", []),
    (Policy(lines=("reject tcp any any -> any [1:1023,!22] (sid:1;)",)), "reachable", []),
    (Policy(lines=("drop tcp any any -> any 22 (content:\"x\"; sid:1;)",)), "undecided", []),
    (Policy(lines=("drop tcp $BAD any -> any 22 (sid:1;)",)), "undecided", []),
    (Policy(lines=("this is no rule",)), "undecided", []),
    (Policy(lines=("drop ssh any any -> any any (sid:1;)",)), "blocked", ["IAC523"]),
    (Policy(lines=("drop http any any -> any any (sid:1;)",)), "reachable", []),
    (Policy(lines=("drop tcp any any -> any any (flow:established; sid:1;)",)), "blocked",
     ["IAC523"]),
    (Policy(lines=("drop tcp any any -> any 22 (flow:to_server,stateless; sid:1;)",)), "blocked",
     ["IAC523"]),
    (Policy(lines=("drop tcp any any -> any 22 (flow:to_server,only_stream; sid:1;)",)),
     "undecided", []),
    (Policy(lines=("# drop tcp any any -> any 22 (sid:1;)", "")), "reachable", []),
    (Policy(heads=("DROP TCP ANY ANY ANY 22",)), "blocked", ["IAC523"]),
    (Policy(heads=("DROP TCP ANY ANY ANY 22", "PASS TCP ANY ANY 10.0.1.0/24 22")), "reachable", []),
    (Policy(heads=("DROP TCP 198.51.100.0/24 ANY ANY 22",)), "reachable", []),
    (Policy(managed=True), "undecided", []),
    (Policy(lines=DROP, managed=True), "undecided", []),
    (Policy(lines=(HOME,), managed=True), "reachable", []),
    (Policy(domains=True), "reachable", []),
    (Policy(lines=(*DROP, HOME), home="10.7.0.0/16"), "blocked", ["IAC523"]),
    # ---- stateful, in strict order ----
    (Policy(strict=()), "reachable", []),
    (Policy(strict=("aws:alert_strict",)), "reachable", []),
    (Policy(strict=("aws:drop_strict",)), "blocked", ["IAC523"]),
    (Policy(strict=("aws:drop_established", "aws:alert_established")), "blocked", ["IAC523"]),
    (Policy(lines=(HOME,), strict=("aws:drop_strict",)), "reachable", []),
    (Policy(lines=(HOME,), strict=("aws:drop_established",)), "reachable", []),
    (Policy(lines=(*DROP, HOME), strict=("aws:drop_strict",)), "blocked", ["IAC523"]),
    (Policy(lines=(HOME, *DROP), strict=("aws:drop_strict",)), "reachable", []),
    (
        Policy(
            lines=("pass tcp any any -> any any (flow:not_established; sid:3;)",),
            strict=("aws:drop_established",),
        ),
        "undecided",
        [],
    ),
    (
        Policy(lines=("pass ssh any any -> any any (sid:3;)",), strict=("aws:drop_strict",)),
        "blocked",
        ["IAC523"],
    ),
    (
        Policy(lines=("pass ssh any any -> any any (sid:3;)",), strict=("aws:drop_established",)),
        "undecided",
        [],
    ),
    (Policy(domains=True, strict=("aws:drop_established",)), "blocked", ["IAC523"]),
    (Policy(strict=("aws:drop_something_new",)), "undecided", []),
    (Policy(strict=("aws:drop_something_new", "aws:drop_established")), "blocked", ["IAC523"]),
]  # fmt: skip


@both
@pytest.mark.parametrize(("policy", "expected", "ids"), SSH)
def test_the_policy_decides_about_ssh(
    tmp_path: Path, language: str, policy: Policy, expected: str, ids: list[str]
) -> None:
    """The verdict, and the check that names the rule or the default action."""
    net = one_vpc(language, tmp_path, policy)
    assert ssh(net) == (expected, ids)


SOME = "var.some"
DROPS = Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22)])
TWO = Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22), PASS_IN])
HEAD, TEXT = Policy(heads=("DROP TCP ANY ANY ANY 22",)), Policy(lines=("TEXT",))
PACKETS, FLOWS = (
    f'resource "aws_networkfirewall_rule_group" "{n}" {{' for n in ("packets", "flows")
)
POLICY = 'resource "aws_networkfirewall_firewall_policy" "wall" {'


def perhaps(head: str, address: str) -> tuple[tuple[str, str], ...]:
    """A resource that may not be there."""
    return (head, f"{head}\ncount = var.some"), (f"{address}.arn", f"{address}[0].arn")


def more(block: str, inside: str, said: str = "") -> tuple[str, str]:
    """Further blocks of a kind, of which nobody knows how many there are."""
    found = f'dynamic "{block}" {{\nfor_each = var.some\ncontent {{\n{said}\n}}\n}}\n'
    return f"\n{inside} {{\n", f"\n{inside} {{\n{found}"


UNCLEAR = [
    (DROPS, [('actions = ["aws:drop"]\nmatch', f"actions = [{SOME}]\nmatch")]),
    (DROPS, [('actions = ["aws:drop"]\nmatch', 'actions = ["its_own_metric"]\nmatch')]),
    (DROPS, [("from_port = 22", f"from_port = {SOME}")]),
    (DROPS, [("to_port = 22", f"to_port = {SOME}")]),
    (DROPS, [("protocols = [6]", f"protocols = [{SOME}]")]),
    (TWO, [("priority = 5", f"priority = {SOME}")]),
    (Policy("aws:pass"), [("aws:pass", "aws:something_new")]),
    (
        DROPS,
        [
            more(
                "stateless_rule",
                "stateless_rules_and_custom_actions",
                'priority = 9\nrule_definition {\nactions = ["aws:drop"]\n}',
            )
        ],
    ),
    (DROPS, [*perhaps(PACKETS, "rule_group.packets")]),
    (HEAD, [('protocol = "TCP"', f"protocol = {SOME}")]),
    (HEAD, [('settings = ["1"]', f"settings = [{SOME}]")]),
    (HEAD, [more("stateful_rule", "rules_source", 'action = "PASS"')]),
    (HEAD, [*perhaps(FLOWS, "rule_group.flows")]),
    (HEAD, [*perhaps(POLICY, "firewall_policy.wall")]),
    (
        HEAD,
        [("\nfirewall_policy {", '\nfirewall_policy {\ntls_inspection_configuration_arn = "a"')],
    ),
    (HEAD, [more("stateful_rule_group_reference", "firewall_policy", f"resource_arn = {SOME}")]),
    (Policy(heads=HEAD.heads, strict=()), [('"STRICT_ORDER"', SOME)]),
    (Policy(lines=(*DROP, HOME), home="10.0.0.0/16"), [('["10.0.0.0/16"]', f"[{SOME}]")]),
    (TEXT, [("<<-RULES\nTEXT\nRULES", SOME)]),
]


@pytest.mark.parametrize(("policy", "swaps"), UNCLEAR)
def test_what_a_policy_leaves_open_is_not_decided(
    tmp_path: Path, policy: Policy, swaps: list[tuple[str, str]]
) -> None:
    """Each of these policies would drop SSH, or let it pass, if nothing were open."""
    assert ssh(changed(tmp_path, one_text(policy), *swaps)) == ("undecided", [])


SECOND_GROUP = """
resource "aws_networkfirewall_rule_group" "more" {
  name     = "more"
  capacity = 9
  type     = "STATEFUL"
  rule_group {
    rules_source {
      rules_string = "drop tcp any any -> any 22 (sid:9;)"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("number", "expected"), [("2", "reachable"), ("0", "blocked"), (SOME, "undecided")]
)
def test_groups_are_asked_in_the_order_of_their_priorities(
    tmp_path: Path, number: str, expected: str
) -> None:
    policy = Policy(lines=(HOME,), strict=("aws:drop_strict",))
    arn = "aws_networkfirewall_rule_group.more.arn"
    second = f"stateful_rule_group_reference {{\nresource_arn = {arn}\npriority = {number}\n}}\n"
    swap = ("\nfirewall_policy {\n", f"\nfirewall_policy {{\n{second}")
    assert ssh(changed(tmp_path, one_text(policy) + SECOND_GROUP, swap))[0] == expected


OWN_HOME = (
    "rule_group {\nrules_source {",
    'rule_group {\nrule_variables {\nip_sets {\nkey = "HOME_NET"\nip_set {\n'
    'definition = ["10.7.0.0/16"]\n}\n}\n}\nrules_source {',
)
FROM_OUTSIDE = "drop tcp $EXTERNAL_NET any -> any 22 (sid:1;)"


@pytest.mark.parametrize(
    ("lines", "own", "block", "expected"),
    [
        ((*DROP, HOME), False, '"10.0.0.0/16"', "reachable"),
        ((*DROP, HOME), True, '"10.0.0.0/16"', "blocked"),
        ((FROM_OUTSIDE,), False, '"10.0.0.0/16"', "blocked"),
        ((FROM_OUTSIDE,), True, '"10.0.0.0/16"', "undecided"),
        ((FROM_OUTSIDE,), False, SOME, "undecided"),
        ((FROM_OUTSIDE,), True, SOME, "undecided"),
    ],
)
def test_what_is_at_home_and_what_is_outside(
    tmp_path: Path, lines: tuple[str, ...], own: bool, block: str, expected: str
) -> None:
    """The VPC is at home; what a group that has a home of its own takes for outside is not said."""
    swaps = [('"v" { cidr_block = "10.0.0.0/16" }', f'"v" {{ cidr_block = {block} }}')]
    swaps += [OWN_HOME] if own else []
    assert ssh(changed(tmp_path, one_text(Policy(lines=lines)), *swaps))[0] == expected


PING = [
    (Policy("aws:drop", stateless=[PASS_IN, PASS_OUT]), "blocked"),
    (Policy("aws:drop", stateless=[Stateless(1, "aws:pass", protocols=(1,))]), "reachable"),
    (Policy("aws:pass", stateless=[Stateless(1, "aws:drop", protocols=(1,))]), "blocked"),
    (Policy("aws:pass", stateless=[Stateless(1, "aws:drop", port=22, protocols=())]), "undecided"),
    (Policy(lines=DROP), "reachable"),
    (Policy(lines=("drop icmp any any -> any any (sid:1;)",)), "blocked"),
    (Policy(lines=("drop ip any any -> $HOME_NET any (sid:1;)",)), "blocked"),
    (Policy(lines=("drop ssh any any -> any any (sid:1;)",)), "reachable"),
    (Policy(strict=("aws:drop_strict",)), "blocked"),
    (Policy(strict=("aws:drop_established",)), "undecided"),
    (Policy(domains=True), "reachable"),
]


@both
@pytest.mark.parametrize(("policy", "expected"), PING)
def test_the_policy_decides_about_ping(
    tmp_path: Path, language: str, policy: Policy, expected: str
) -> None:
    """ICMP has no ports and no handshake."""
    assert verdict(one_vpc(language, tmp_path, policy), "icmp") == expected


@pytest.mark.parametrize(
    ("policy", "service", "expected"),
    [
        (Policy(domains=True), "tcp/443", "undecided"),
        (Policy(lines=("drop tls any any -> any any (sid:1;)",)), "tcp/5432", "undecided"),
        (Policy(lines=("drop dns any any -> any any (sid:1;)",)), "rdp", "reachable"),
        (Policy(lines=("drop tls any any -> any any (sid:1;)",)), "rdp", "undecided"),
        (Policy(lines=("drop tcp any any -> any 3389 (sid:1;)",)), "rdp", "blocked"),
        (Policy(lines=("drop udp any any -> any 53 (sid:1;)",)), "udp/53", "blocked"),
    ],
)
def test_the_policy_decides_about_other_services(
    tmp_path: Path, policy: Policy, service: str, expected: str
) -> None:
    """What a rule about content can mean depends on the service."""
    open_ = """
resource "aws_vpc_security_group_ingress_rule" "all" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    net = one_vpc("terraform", tmp_path, policy, INSPECTED, open_)
    assert verdict(net, service) == expected


# ---- where routes lead -------------------------------------------------------------------------


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
        (INSPECTED, "", [(TO_WEB, f"route {{\ncidr_block = {SOME}")]),
        (routes(wall=[("0.0.0.0/0", OUT), ("10.0.1.0/24", OUT)]), "", []),
        (INSPECTED, CLOSED, []),
        (INSPECTED, "", [("{ subnet_id = aws_subnet.wall.id }", f"{{ subnet_id = {SOME} }}")]),
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


# ---- a VPC in the middle -----------------------------------------------------------------------

HOSTS = {"terraform": ("aws_instance.a", "aws_instance.b"), "cloudformation": ("ahost", "bhost")}


def between(net: Net, language: str) -> str:
    """Whether the client in one VPC reaches the server in the other."""
    client, server = HOSTS[language]
    return overall(paths([net.network], client, server, parse_service("ssh")))


def without(table: Routes, name: str) -> Routes:
    return {**table, name: []}


THROUGH = [
    (Policy(), {}, "reachable"),
    (Policy("aws:pass"), {}, "reachable"),
    (Policy("aws:drop"), {}, "blocked"),
    (Policy(lines=DROP), {}, "blocked"),
    (Policy(lines=("drop tcp 10.1.1.0/25 any -> any 22 (sid:1;)",)), {}, "undecided"),
    (Policy(lines=(*DROP, HOME)), {}, "blocked"),
    (Policy(lines=(*DROP, HOME), home="10.2.0.0/16"), {}, "reachable"),
    (Policy(managed=True), {}, "undecided"),
    (Policy("aws:drop", stateless=[Stateless(1, "aws:pass", port=22)]), {}, "blocked"),
    (Policy(), {"routes": without(MIDDLE, "wall")}, "blocked"),
    (Policy(), {"routes": without(MIDDLE, "mid")}, "blocked"),
    (Policy(), {"after": (("10.2.0.0/16", "b"),)}, "blocked"),
    (Policy(), {"before": (("10.2.0.0/16", "mid"),)}, "blocked"),
    (
        Policy(),
        {"before": (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "a"))},
        "undecided",
    ),
    (
        Policy("aws:pass"),
        {"before": (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "a"))},
        "reachable",
    ),
    (Policy("aws:drop"), {"before": (("10.1.0.0/16", "a"), ("10.2.0.0/16", "b"))}, "reachable"),
    (
        Policy("aws:drop"),
        {"before": (("0.0.0.0/0", "mid"), ("10.1.0.0/16", "a"), ("10.2.0.0/16", "b"))},
        "reachable",
    ),
    (Policy(), {"before": (("10.1.0.0/16", "mid"), ("10.2.0.0/16", "b"))}, "undecided"),
    (Policy("aws:drop"), {"before": (("10.1.0.0/16", "mid"), ("10.2.0.0/16", "b"))}, "blocked"),
    (Policy(), {"routes": {**MIDDLE, "wall": [("10.0.0.0/9", HUB)]}}, "reachable"),
    (
        Policy(),
        {"routes": {**MIDDLE, "mid": [("10.2.1.0/25", BOX), ("10.1.0.0/16", BOX)]}},
        "undecided",
    ),
]


@both
@pytest.mark.parametrize(("policy", "changed", "expected"), THROUGH)
def test_a_transit_gateway_sends_packets_through_a_vpc_in_the_middle(
    tmp_path: Path, language: str, policy: Policy, changed: dict[str, Routes], expected: str
) -> None:
    """Both directions, by its own tables, through the firewall and out again."""
    net = spokes(language, tmp_path, policy, **changed)  # type: ignore[arg-type]
    assert between(net, language) == expected


MID = "route_table_id = aws_route_table.mid.id"
HEAD_OF_MID = 'resource "aws_route_table" "mid" {'
SUBNETS = "[aws_subnet.mid.id]"
AIM = next(line for line in spokes_text(Policy()).splitlines() if "vpc_endpoint_id" in line)
BESIDE = """
resource "aws_subnet" "beside" {
  vpc_id     = aws_vpc.mid.id
  cidr_block = "10.9.8.0/28"
}
"""
APPLIANCE_THERE = 'vpc_endpoint_id = "vpce-0123456789abcdef0"'
ATTACHED = "transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment"
TO_MID = f"{ATTACHED}.mid.id\ndestination_cidr_block"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vpc_id             = aws_vpc.mid.id", "vpc_id = var.some"),
        (MID, "route_table_id = var.some"),
        (SUBNETS, "var.some"),
        (SUBNETS, "[]"),
        (SUBNETS, "[aws_subnet.mid.id, aws_subnet.beside.id]"),
        (SUBNETS, "[aws_subnet.beside.id, aws_subnet.mid.id]"),
        (HEAD_OF_MID, HEAD_OF_MID + "\nlifecycle { ignore_changes = [route] }"),
        (HEAD_OF_MID, HEAD_OF_MID + '\npropagating_vgws = ["vgw-0123456789abcdef0"]'),
        (TO_MID, "transit_gateway_attachment_id = var.some\ndestination_cidr_block"),
        (AIM, "gateway_id = var.some"),
        (AIM, 'gateway_id = "lgw-0123456789abcdef0"'),
        (AIM, 'gateway_id = "from-elsewhere"'),
        (AIM, 'network_interface_id = "eni-0123456789abcdef0"'),
        (AIM, "transit_gateway_id = aws_ec2_transit_gateway.hub.id"),
        (AIM, APPLIANCE_THERE),
        (HEAD_OF_MID, HEAD_OF_MID
         + f'\nroute {{\ncidr_block = "10.1.0.0/16"\n{APPLIANCE_THERE}\n}}'),
    ],
)  # fmt: skip
def test_what_a_vpc_in_the_middle_does_may_not_be_known(tmp_path: Path, old: str, new: str) -> None:
    net = changed(tmp_path, spokes_text(Policy("aws:pass")) + BESIDE, (old, new))
    assert between(net, "terraform") == "undecided"


def test_the_hops_in_the_middle_are_those_of_its_tables(tmp_path: Path) -> None:
    """In by the attachment, to the firewall, and from its subnet on, in both directions."""
    net = spokes("terraform", tmp_path, Policy("aws:pass"))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    names = [(hop.direction, hop.name) for hop in found.hops if not hop.name.startswith("acl")]
    through = ["transit table before", "route table mid", "firewall wall", "route table wall"]
    through.append("transit table after")
    assert names == [
        ("request", "sg a"),
        *(("request", name) for name in ("route table a", *through, "sg b")),
        *(("reply", name) for name in ("route table b", *through)),
    ]


def test_it_is_said_what_is_not_known_of_the_way_back(tmp_path: Path) -> None:
    route = f'\nroute {{\ncidr_block = "10.1.0.0/16"\n{APPLIANCE_THERE}\n}}'
    net = changed(tmp_path, spokes_text(Policy("aws:pass")), (HEAD_OF_MID, HEAD_OF_MID + route))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert [why for why, _ in found.unknown] == ["vpce-0123456789abcdef0 decides what passes"]


VPC_OF_MID = 'resource "aws_vpc" "mid" { cidr_block = "10.9.0.0/16" }'
AT_HUB = "transit_gateway_id = aws_ec2_transit_gateway.hub.id"
HEAD_AT_HUB = 'resource "aws_ec2_transit_gateway_vpc_attachment" "mid" {\n  '
ANNOUNCED = f"""
resource "aws_ec2_transit_gateway_route_table_propagation" "b" {{
  {ATTACHED}.b.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.before.id
}}
"""
STATIC = (("10.2.0.0/16", "mid"), ("10.1.0.0/16", "mid"))


@pytest.mark.parametrize(
    "swaps",
    [
        [],
        [(VPC_OF_MID, 'data "aws_vpc" "mid" {}'), ("= aws_vpc.mid.id", "= data.aws_vpc.mid.id")],
        [(HEAD_AT_HUB + AT_HUB, HEAD_AT_HUB + "transit_gateway_id = var.some")],
        [(HEAD_OF_MID, HEAD_OF_MID
          + '\nroute {\ncidr_block = "192.168.0.0/16"\ngateway_id = var.some\n}')],
    ],
    ids=["all of it known", "a VPC that is looked up", "its gateway", "a route for others"],
)  # fmt: skip
def test_what_is_not_known_of_a_vpc_in_the_middle_may_not_matter(
    tmp_path: Path, swaps: list[tuple[str, str]]
) -> None:
    """Its subnets and their tables say where packets go, there and in the subnet behind it."""
    for policy, routes, found in (
        (Policy("aws:pass"), MIDDLE, "reachable"),
        (Policy("aws:drop"), MIDDLE, "blocked"),
        (Policy("aws:pass"), without(MIDDLE, "wall"), "blocked"),
    ):
        net = changed(tmp_path, spokes_text(policy, routes), *swaps)
        assert between(net, "terraform") == found


def test_a_static_route_through_the_middle_wins_over_what_a_vpc_announces(tmp_path: Path) -> None:
    text = spokes_text(Policy("aws:drop"), before=STATIC) + ANNOUNCED
    assert between(changed(tmp_path, text), "terraform") == "blocked"


SECOND_WALL = """
resource "aws_networkfirewall_firewall" "other" {
  name                = "other"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.wall.arn
  vpc_id              = aws_vpc.mid.id
  subnet_mapping { subnet_id = aws_subnet.beside.id }
}
resource "aws_route" "other" {
  route_table_id         = aws_route_table.mid.id
  destination_cidr_block = "10.1.0.0/16"
  vpc_endpoint_id        = tolist(
    aws_networkfirewall_firewall.other.firewall_status[0].sync_states
  )[0].attachment[0].endpoint_id
}
"""


@pytest.mark.parametrize(
    ("policy", "expected"), [(Policy(), "undecided"), (Policy("aws:pass"), "reachable")]
)
def test_each_direction_through_a_firewall_of_its_own_is_one_direction_only(
    tmp_path: Path, policy: Policy, expected: str
) -> None:
    parts = (spokes_text(policy, {**MIDDLE, "mid": [("10.2.0.0/16", BOX)]}), BESIDE, BEHIND_IT)
    net = terraform(tmp_path, *parts, SECOND_WALL)
    assert between(net, "terraform") == expected


OFFICE = """
resource "aws_vpn_connection" "office" {
  customer_gateway_id = "cgw-0123456789abcdef0"
  type                = "ipsec.1"
  static_routes_only  = true
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_association" "office" {
  transit_gateway_attachment_id  = aws_vpn_connection.office.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.before.id
}
resource "aws_ec2_transit_gateway_route" "office" {
  transit_gateway_attachment_id  = aws_vpn_connection.office.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.after.id
  destination_cidr_block         = "192.168.0.0/16"
}
"""


def test_what_a_firewall_does_with_an_office_is_not_decided(tmp_path: Path) -> None:
    """Its clients come in over a VPN, and are inspected like everybody."""
    text = spokes_text(Policy("aws:drop"), {**MIDDLE, "wall": [("0.0.0.0/0", HUB)]}) + OFFICE
    net = changed(tmp_path, text, ('["10.1.1.0/24"]', '["192.168.0.0/16"]'))
    found = paths([net.network], "192.168.1.0/24", "aws_instance.b", parse_service("ssh"))
    assert overall(found) == "undecided"


def test_a_vpc_in_the_middle_that_forwards_nothing_is_a_dead_end(tmp_path: Path) -> None:
    """A NAT gateway does, where its own table leads on."""
    nat = 'resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.wall.id }'
    text = spokes_text(Policy("aws:pass"), without(MIDDLE, "wall")) + nat
    net = changed(tmp_path, text, (AIM, "nat_gateway_id = aws_nat_gateway.n.id"))
    assert between(net, "terraform") == "blocked"


TWO_ENDPOINTS = (
    "subnet_mapping { subnet_id = aws_subnet.wall.id }",
    "subnet_mapping { subnet_id = aws_subnet.wall.id }\n"
    "subnet_mapping { subnet_id = aws_subnet.beside.id }",
)
BEHIND_IT = """
resource "aws_route_table_association" "beside" {
  subnet_id      = aws_subnet.beside.id
  route_table_id = aws_route_table.wall.id
}
"""
MODE = f"subnet_ids         = {SUBNETS}"


@pytest.mark.parametrize(
    ("policy", "mode", "expected", "why"),
    [
        (Policy(), "", "undecided", "has no appliance mode"),
        (Policy(), "var.some", "undecided", 'variable "some" has no default'),
        (Policy(), '"enable"', "reachable", ""),
        (Policy("aws:pass"), "", "reachable", ""),
        (Policy("aws:drop"), '"enable"', "blocked", ""),
    ],
)
def test_without_appliance_mode_a_reply_may_pass_another_endpoint(
    tmp_path: Path, policy: Policy, mode: str, expected: str, why: str
) -> None:
    said = f"\nappliance_mode_support = {mode}" if mode else ""
    text = spokes_text(policy) + BESIDE + BEHIND_IT
    net = changed(tmp_path, text, TWO_ENDPOINTS, (MODE, MODE + said))
    (found,) = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert found.verdict == expected
    assert why in " ".join(reason for reason, _ in found.unknown)


# ---- other endpoints, and routes inside of the VPC ----------------------------------------------

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


# ---- what is not known of the order, and IPv6 ------------------------------------------------

LOST = Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22)])
LOST_OF_TWO = Policy("aws:pass", stateless=[Stateless(5, "aws:drop", port=22), PASS_IN])
REFUSED = Policy(lines=DROP)
MAYBE = ('"packets" {\n', '"packets" {\ncount = var.some\n')
HEAD = Policy(heads=["DROP TCP ANY ANY ANY 22"])
STRICT = Policy(lines=DROP, strict=["aws:pass"], managed=True)


@pytest.mark.parametrize(
    ("policy", "swaps", "found"),
    [
        (LOST, [], "blocked"),
        (LOST, [("priority = 5\n", "priority = var.some\n")], "blocked"),
        (LOST_OF_TWO, [], "reachable"),
        (LOST_OF_TWO, [("priority = 5\n", "priority = var.some\n")], "undecided"),
        (LOST_OF_TWO, [("priority = 5\n", "")], "undecided"),
        (LOST, [MAYBE], "undecided"),
        (REFUSED, [('"flows" {\n', '"flows" {\ncount = var.some\n')], "undecided"),
        (STRICT, [], "blocked"),
        (STRICT, [("priority = 2\n", "priority = var.some\n")], "undecided"),
        (STRICT, [("priority = 2\n", "")], "undecided"),
        (STRICT, [("priority = 1\n", "priority = var.some\n")], "undecided"),
        (HEAD, [], "blocked"),
        (HEAD, [('"sid"\nsettings = ["1"]', '"flow"\nsettings = ["to_server"]')], "blocked"),
    ],
)
def test_rules_of_which_the_order_or_the_presence_is_not_known_decide_nothing(
    tmp_path: Path, policy: Policy, swaps: list[tuple[str, str]], found: str
) -> None:
    assert verdict(changed(tmp_path, one_text(policy), *swaps)) == found


SIX = {"a": "2600:1f14:a:100::/56", "b": "2600:1f14:b:100::/56", "mid": "2600:1f14:c:100::/56"}


def _six(policy: Policy, supported: str) -> str:
    """The network with a VPC in the middle, over IPv6; `supported` is said of the middle one."""
    text = spokes_text(policy, before=(("::/0", "mid"),), after=((SIX["a"], "a"), (SIX["b"], "b")))
    text = text.replace('\ncidr_block = "0.0.0.0/0"', '\nipv6_cidr_block = "::/0"')
    text = text.replace('\ncidr_block = "10.0.0.0/8"', '\nipv6_cidr_block = "2600:1f14::/32"')
    text = text.replace('["0.0.0.0/0"]', '["0.0.0.0/0"]\nipv6_cidr_blocks = ["::/0"]')
    text = text.replace('["10.1.1.0/24"]', f'["10.1.1.0/24"]\nipv6_cidr_blocks = ["{SIX["a"]}"]')
    for name, block in SIX.items():
        number = {"a": 1, "b": 2, "mid": 9}[name]
        own = f'cidr_block = "10.{number}.0.0/16"'
        text = text.replace(f"{{ {own} }}", f'{{\n{own}\nipv6_cidr_block = "{block}"\n}}')
        own = f'cidr_block = "10.{number}.1.0/24"'
        place = f'ipv6_cidr_block = "{block.replace("/56", "/64")}"'
        text = text.replace(own, f"{own}\n{place}\nassign_ipv6_address_on_creation = true")
        ids = f"[aws_subnet.{name}.id]"
        said = supported if name == "mid" else '"enable"'
        text = text.replace(f"= {ids}", f"= {ids}\nipv6_support = {said}")
    return text


@pytest.mark.parametrize(
    ("supported", "lines", "found"),
    [
        ('"enable"', (), "reachable"),
        ('"disable"', (), "blocked"),
        ("var.some", (), "undecided"),
        ('"enable"', (f"drop tcp {SIX['a']} any -> any 22 (sid:1;)",), "blocked"),
        ('"enable"', (f"drop tcp any any -> {SIX['b']} 22 (sid:1;)",), "blocked"),
        ('"enable"', (f"drop tcp {SIX['mid']} any -> any 22 (sid:1;)",), "reachable"),
        ('"enable"', ("drop tcp 10.0.0.0/8 any -> any 22 (sid:1;)",), "reachable"),
    ],
)
def test_ipv6_goes_through_the_vpc_in_the_middle_where_its_attachment_carries_it(
    tmp_path: Path, supported: str, lines: tuple[str, ...], found: str
) -> None:
    net = terraform(tmp_path, 'variable "some" {}', _six(Policy(lines=lines), supported))
    answers = paths([net.network], "aws_instance.a", "aws_instance.b", parse_service("ssh"))
    assert {one.verdict for one in answers if one.family == "ipv6"} == {found}
