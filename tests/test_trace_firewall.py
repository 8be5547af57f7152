"""
Through AWS Network Firewall: what its policy does with a connection, and what it leaves open.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import overall, paths
from tests.firewalled import (
    DROP,
    HOME,
    INSPECTED,
    PASS_IN,
    PASS_OUT,
    Policy,
    Stateless,
    changed,
    one_text,
    one_vpc,
    ssh,
)
from tests.nets import Net, both, hops


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


REFUSED = Policy(lines=DROP)
MAYBE = ('"packets" {\n', '"packets" {\ncount = var.some\n')
STRICT = Policy(lines=DROP, strict=["aws:pass"], managed=True)


@pytest.mark.parametrize(
    ("policy", "swaps", "found"),
    [
        (DROPS, [], "blocked"),
        (DROPS, [("priority = 5\n", "priority = var.some\n")], "blocked"),
        (TWO, [], "reachable"),
        (TWO, [("priority = 5\n", "priority = var.some\n")], "undecided"),
        (TWO, [("priority = 5\n", "")], "undecided"),
        (DROPS, [MAYBE], "undecided"),
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
