"""
Global Accelerator in front of SSH, in both languages: to instances, addresses and load balancers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.flow import INTERNET_CLIENT, Client, Flow, client_of
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.service import SSH, parse_service
from iaclint.query import QueryError, paths
from iaclint.trace.accelerator import accelerator_ways
from tests.nets import Net, cloudformation, hops, terraform, unjudged
from tests.test_trace_balancer import ASSOCIATION, GROUP, LB, LISTENER, NOBODY, SECOND, changed, sg
from tests.test_trace_balancer import BASE as BALANCED
from tests.twins import base

BASE = base("terraform", "accelerated")
ENDPOINT = "endpoint_id                    = aws_instance.host.id"
OPEN = 'cidr_blocks = ["0.0.0.0/0"]'


def entry(number: int, port: str, egress: str) -> str:
    return f"""
resource "aws_network_acl_rule" "n{number}" {{
  network_acl_id = aws_network_acl.n.id
  rule_number    = {number}
  egress         = {egress}
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = {port.split("-")[0]}
  to_port        = {port.split("-")[1]}
}}
"""


ACL = """
resource "aws_network_acl" "n" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.back.id]
}
"""


def through(net: Net) -> tuple[str, list[str]]:
    """The verdict of the flow that goes through the accelerator, and its hops."""
    found = next(j.trace for j in net.judged if j.flow.through is not None)
    return found.verdict, hops(found.ways[0])


def test_an_instance_needs_neither_an_address_nor_a_route(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE)
    assert through(net) == (
        "reachable",
        [
            "request listener 22 allow",
            "request aws_internet_gateway.main allow",
            "request acl (default) allow",
            "request sg host allow",
            "reply acl (default) allow",
        ],
    )
    assert net.findings == []


def test_the_same_in_cloudformation(tmp_path: Path) -> None:
    text = base("cloudformation", "accelerated").partition("Resources:\n")[2]
    net = cloudformation(tmp_path, text)
    assert through(net) == (
        "reachable",
        [
            "request listener 22 allow",
            "request Gateway allow",
            "request acl (default) allow",
            "request sg HostGroup allow",
            "reply acl (default) allow",
        ],
    )
    closed = text.replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/16")
    assert cloudformation(tmp_path, closed).errors == ["IAC404"]


def test_the_group_sees_the_client_and_not_the_accelerator(tmp_path: Path) -> None:
    inside = BASE.replace(OPEN, 'cidr_blocks = ["10.0.0.0/16"]')
    assert terraform(tmp_path, inside).errors == ["IAC404"]
    office = BASE.replace(OPEN, 'cidr_blocks = ["203.0.113.0/24"]')
    assert through(terraform(tmp_path, office))[0] == "reachable"


def test_an_acl_that_keeps_the_request_out_does_not_decide(tmp_path: Path) -> None:
    out = entry(100, "1024-65535", "true")
    verdict, way = through(terraform(tmp_path, BASE, ACL, out))
    assert (verdict, way[2]) == ("undecided", "request acl n unknown")
    assert terraform(tmp_path, BASE, ACL, out).errors == []


def test_an_acl_that_keeps_the_reply_in_does(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, ACL, entry(100, "22-22", "false"))
    assert through(net)[0] == "blocked"
    assert net.errors == ["IAC302"]


def test_public_access_that_is_blocked_is_blocked_here_too(tmp_path: Path) -> None:
    blocked = """
resource "aws_vpc_block_public_access_options" "region" {
  internet_gateway_block_mode = "block-ingress"
}
"""
    assert terraform(tmp_path, BASE, blocked).errors == ["IAC520"]


def test_an_unknown_listener_or_endpoint_is_no_error(tmp_path: Path) -> None:
    for old, new in (
        ("from_port = 22\n    to_port   = 22", "from_port = var.port\n    to_port   = var.port"),
        (ENDPOINT, "endpoint_id = var.port"),
        ('name = "main"', 'name    = "main"\n  enabled = var.port'),
    ):
        net = terraform(tmp_path, BASE.replace(old, new), 'variable "port" {}')
        assert net.errors == [], new
        assert all(j.trace.verdict != "blocked" for j in net.judged if j.flow.through), new


def test_a_wide_range_of_ports_says_nothing_about_ssh(tmp_path: Path) -> None:
    wide = BASE.replace("from_port = 22", "from_port = 1").replace(
        "to_port   = 22", "to_port = 9999"
    )
    closed = wide.replace(OPEN, 'cidr_blocks = ["10.0.0.0/16"]')
    net = terraform(tmp_path, closed)
    assert [j for j in net.judged if j.flow.through is not None] == []
    assert net.errors == []


def test_an_accelerator_is_another_way_in(tmp_path: Path) -> None:
    asked = BASE.replace(
        "  subnet_id              = aws_subnet.back.id",
        "  subnet_id              = aws_subnet.back.id\n  associate_public_ip_address = true",
    )
    assert terraform(tmp_path, asked).errors == []
    alone = asked.replace(ENDPOINT, "endpoint_id = aws_eip.spare.id")
    assert "IAC203" in terraform(tmp_path, alone, 'resource "aws_eip" "spare" {}').ids


@pytest.mark.parametrize(
    ("attribute", "endpoint", "errors"),
    [
        ("listener_arn ", ENDPOINT, []),
        ("accelerator_arn ", ENDPOINT, []),
        ("listener_arn ", ENDPOINT.replace(".host.", ".other."), ["IAC101", "IAC203"]),
    ],
)
def test_one_that_is_made_elsewhere_may_be_the_way_in(
    tmp_path: Path, attribute: str, endpoint: str, errors: list[str]
) -> None:
    """As far as it has the host as its endpoint."""
    named = next(one for one in BASE.splitlines() if attribute in one)
    text = BASE.replace(named, f"{attribute} = var.port").replace(ENDPOINT, endpoint)
    other = 'resource "aws_instance" "other" { subnet_id = aws_subnet.back.id }'
    assert terraform(tmp_path, text, 'variable "port" {}', other).errors == errors


ELASTIC = """
resource "aws_eip" "host" { instance = aws_instance.host.id }
"""
ROUTE = """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
"""


def test_behind_an_elastic_ip_the_address_of_the_edge_counts_and_the_route(tmp_path: Path) -> None:
    text = BASE.replace(ENDPOINT, "endpoint_id = aws_eip.host.id")
    assert through(terraform(tmp_path, text, ELASTIC, ROUTE))[0] == "reachable"
    assert through(terraform(tmp_path, text, ELASTIC))[0] == "blocked"
    assert set(terraform(tmp_path, text, ELASTIC).errors) == {"IAC203"}
    office = text.replace(OPEN, 'cidr_blocks = ["203.0.113.0/24"]')
    assert through(terraform(tmp_path, office, ELASTIC, ROUTE))[0] == "undecided"


ACCELERATED = """
resource "aws_globalaccelerator_accelerator" "a" { name = "a" }
resource "aws_globalaccelerator_listener" "a" {
  accelerator_arn = aws_globalaccelerator_accelerator.a.id
  protocol        = "TCP"
  port_range {
    from_port = 22
    to_port   = 22
  }
}
resource "aws_globalaccelerator_endpoint_group" "a" {
  listener_arn = aws_globalaccelerator_listener.a.id
  endpoint_configuration {
    endpoint_id = aws_lb.nlb.arn
    weight      = 100
  }
}
"""
ATTACHED = """
resource "aws_lb_target_group_attachment" "ssh" {
  target_group_arn = aws_lb_target_group.ssh.arn
  target_id        = aws_instance.app.id
}
"""


def verdict_of(net: Net) -> str:
    """From the accelerator to the instance."""
    (answer,) = paths([net.network], "*.a", "app", parse_service("ssh"))
    return answer.verdict


def test_through_a_load_balancer_the_address_that_counts_is_not_known(tmp_path: Path) -> None:
    internal = LB.replace("subnets ", "internal = true\n  subnets ")
    parts = (BALANCED, internal, LISTENER, ATTACHED, ACCELERATED, sg(OPEN))
    assert verdict_of(terraform(tmp_path, *parts, GROUP)) == "undecided"
    proxied = GROUP.replace("port     = 22", "port     = 22\n  proxy_protocol_v2 = true")
    elsewhere = GROUP.replace("port     = 22", "port     = 2022")
    for group in (proxied, elsewhere):
        assert verdict_of(terraform(tmp_path, *parts, group)) == "blocked"


def test_each_accelerator_is_a_way_of_its_own(tmp_path: Path) -> None:
    start = ACCELERATED.index("resource")
    text = ACCELERATED[start:].replace("aws_lb.nlb.arn", "aws_instance.host.id")
    idle = text.replace('name = "a"', 'name = "a"\n  enabled = false')
    net = terraform(tmp_path, BASE, idle)
    for name, verdict in (("*.main", "reachable"), ("*.a", "blocked")):
        (answer,) = paths([net.network], name, "host", parse_service("ssh"))
        assert answer.verdict == verdict


def test_the_address_of_the_edge_is_not_that_of_the_client(tmp_path: Path) -> None:
    """At an Elastic IP a rule for others may be one for the edge."""
    text = BASE.replace(ENDPOINT, "endpoint_id = aws_eip.host.id")
    others = text.replace(OPEN, 'cidr_blocks = ["198.51.100.0/24"]')
    net = terraform(tmp_path, others, ELASTIC, ROUTE)
    (answer,) = paths([net.network], "203.0.113.7", "host", parse_service("ssh"))
    assert answer.verdict == "undecided"


def led_nowhere(net: Net) -> bool:
    with pytest.raises(QueryError, match="are no path"):
        verdict_of(net)
    return True


def test_an_accelerator_sends_to_the_listener_of_its_port(tmp_path: Path) -> None:
    """Of a load balancer it has as endpoint, and of no other."""
    internal = LB.replace("subnets ", "internal = true\n  subnets ")
    far = LISTENER.replace('"ssh"', '"far"').replace("port              = 22", "port = 2022")
    parts = (BALANCED, internal, GROUP, ATTACHED, sg(OPEN))
    assert verdict_of(terraform(tmp_path, *parts, LISTENER, far, ACCELERATED)) == "undecided"
    assert led_nowhere(terraform(tmp_path, *parts, far, ACCELERATED))
    other = internal.replace('"nlb"', '"idle"')
    elsewhere = ACCELERATED.replace("aws_lb.nlb.arn", "aws_lb.idle.arn")
    assert led_nowhere(terraform(tmp_path, *parts, LISTENER, other, elsewhere))


OVERRIDE = (
    ENDPOINT,
    f"{ENDPOINT}\n  }}\n  port_override {{\n    listener_port = %d\n    endpoint_port = %d",
)


def test_an_address_of_somebody_else_changes_nothing(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, 'resource "aws_eip" "spare" {}')
    assert through(net)[0] == "reachable"


def test_a_port_that_is_moved_to_one_the_group_does_not_let_in_is_named(tmp_path: Path) -> None:
    """Where nothing would let the service in, the group is."""
    old, new = OVERRIDE
    moved = BASE.replace(old, new % (22, 2022))
    closed = moved.replace(OPEN, 'cidr_blocks = ["10.0.0.0/16"]')
    for text, code in ((moved, "TARGET_PORT_RESTRICTION"), (closed, "ENI_SG_RULES_MISMATCH")):
        net = terraform(tmp_path, text)
        (answer,) = paths([net.network], "*.main", "host", parse_service("ssh"))
        assert (answer.verdict, answer.reason_codes) == ("blocked", (code,))


def test_a_port_that_no_listener_takes_is_moved_in_vain(tmp_path: Path) -> None:
    old, new = OVERRIDE
    moved = BASE.replace(old, new % (2222, 22))
    assert through(terraform(tmp_path, moved))[0] == "reachable"
    elsewhere = moved.replace(
        "from_port = 22\n    to_port   = 22", "from_port = 443\n to_port = 443"
    )
    net = terraform(tmp_path, elsewhere)
    with pytest.raises(QueryError, match="are no path"):
        paths([net.network], "*.main", "host", parse_service("ssh"))


@pytest.mark.parametrize(("kind", "expected"), [("DUAL_STACK", 1), ("IPV4", 0)])
def test_an_accelerator_takes_ipv6_only_with_addresses_of_both_kinds(
    tmp_path: Path, kind: str, expected: int
) -> None:
    dual = BASE.replace('name = "main"', f'name = "main"\n  ip_address_type = "{kind}"')
    net = terraform(tmp_path, dual)
    (accelerator,) = net.network.accelerators
    target = net.instance("host")
    flow = Flow(INTERNET_CLIENT, target, SSH, "ipv6", (), accelerator)
    found = list(accelerator_ways(net.network, flow, target.placements[0][0]))
    assert len(found) == expected


def test_an_instance_is_reached_by_its_first_interface(tmp_path: Path) -> None:
    """Whatever the group of the second one lets in."""
    second = """
resource "aws_network_interface" "second" {
  subnet_id       = aws_subnet.back.id
  security_groups = [aws_security_group.open.id]
  attachment {
    instance     = aws_instance.host.id
    device_index = 1
  }
}
"""
    start = BASE.index('resource "aws_security_group" "host"')
    group = BASE[start : BASE.index("\n}\n", start) + 3]
    closed = BASE.replace(OPEN, 'cidr_blocks = ["10.0.0.0/16"]')
    net = terraform(tmp_path, closed, second, group.replace('"host"', '"open"'))
    assert through(net)[0] == "blocked"


# ---- what is not known, and which port, endpoint or accelerator it is -------------------------

PORTS = "port_range {\n    from_port = 22\n    to_port   = 22\n  }"
RANGE = "port_range {\n    from_port = %s\n    to_port   = %s\n  }\n  "
NAME = 'name = "main"'
MOVED = (
    ENDPOINT,
    f"{ENDPOINT}\n  }}\n  port_override {{\n    listener_port = 22\n    endpoint_port = ",
)
SOME = 'variable "some" {}\n'
BEHIND_LB = "".join((SOME, BALANCED, LB, LISTENER, GROUP, ATTACHED, ACCELERATED, sg(OPEN)))
WHOLE = BEHIND_LB + ASSOCIATION
Change = tuple[str, str]


def sent(folder: Path, text: str, source: str = "*.main", target: str = "host") -> str:
    network = unjudged(folder, {"main.tf": text})
    answer, *_ = paths([network], source, target, SSH)
    return answer.verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ([], "reachable"),
        ([(PORTS, RANGE % ("var.some", "var.some"))], "undecided"),
        ([(PORTS, RANGE % ("var.some", "var.some") + PORTS)], "reachable"),
        ([(MOVED[0], MOVED[1] + "var.some")], "undecided"),
        ([(MOVED[0], (MOVED[1] + "2022").replace("= 22\n", "= var.some\n"))], "undecided"),
        ([(MOVED[0], MOVED[1].removesuffix("endpoint_port = "))], "reachable"),
        ([(NAME, f"{NAME}\n  enabled = var.some")], "undecided"),
        # only for IPv6 it matters whether it has addresses of both kinds
        ([(NAME, f"{NAME}\n  ip_address_type = var.some")], "reachable"),
        ([('protocol        = "TCP"', "protocol = var.some")], "undecided"),
        ([('protocol        = "TCP"', 'protocol = "UDP"')], "blocked"),
    ],
)
def test_an_accelerator_is_judged_by_what_is_known_of_it(
    tmp_path: Path, changes: list[Change], verdict: str
) -> None:
    assert sent(tmp_path, SOME + changed(*changes, text=BASE)) == verdict


def test_whether_it_takes_ipv6_may_not_be_known(tmp_path: Path) -> None:
    dual = SOME + BASE.replace(NAME, f"{NAME}\n  ip_address_type = var.some")
    network = unjudged(tmp_path, {"main.tf": dual})
    (target,) = network.instances
    flow = Flow(INTERNET_CLIENT, target, SSH, "ipv6", (), network.accelerators[0])
    (way,) = accelerator_ways(network, flow, target.placements[0][0])
    assert (way.steps[0].direction, way.steps[0].verdict) == ("request", "unknown")


def test_one_that_takes_no_ipv6_does_not_hide_one_that_does(tmp_path: Path) -> None:
    start = ACCELERATED.index("resource")
    dual = ACCELERATED[start:].replace("aws_lb.nlb.arn", "aws_instance.host.id")
    dual = dual.replace('name = "a"', 'name = "a"\n  ip_address_type = "DUAL_STACK"')
    network = unjudged(tmp_path, {"main.tf": BASE + dual})
    (target,) = network.instances
    flow = Flow(INTERNET_CLIENT, target, SSH, "ipv6")
    assert len(list(accelerator_ways(network, flow, target.placements[0][0]))) == 1


def test_nobody_inside_comes_by_an_accelerator(tmp_path: Path) -> None:
    """Nor anybody with a private address."""
    network = unjudged(tmp_path, {"main.tf": BASE})
    (target,) = network.instances
    interface = target.placements[0][0]
    office = client_of((parse_prefix("10.8.0.0/16"),))
    for client in (office, Client("host", {}, target, interface)):
        assert not list(accelerator_ways(network, Flow(client, target, SSH, "ipv4"), interface))
    public = client_of((parse_prefix("198.51.100.0/24"),))
    assert list(accelerator_ways(network, Flow(public, target, SSH, "ipv4"), interface))


def test_an_acl_that_lets_some_clients_in_is_enough_for_those(tmp_path: Path) -> None:
    some = entry(90, "22-22", "false").replace("0.0.0.0/0", "203.0.113.0/24")
    assert sent(tmp_path, BASE + ACL + some + entry(100, "1024-65535", "true")) == "reachable"


def test_a_port_that_is_moved_is_not_to_blame_for_an_acl(tmp_path: Path) -> None:
    old, new = OVERRIDE
    moved = BASE.replace(old, new % (22, 2022)).replace("to_port     = 22", "to_port     = 2022")
    text = moved + ACL + entry(100, "22-2022", "false")
    network = unjudged(tmp_path, {"main.tf": text})
    (answer,) = paths([network], "*.main", "host", SSH)
    assert answer.reason_codes == ("SUBNET_ACL_RESTRICTION",)


def test_at_an_elastic_ip_an_accelerator_has_to_be_enabled_too(tmp_path: Path) -> None:
    text = BASE.replace(ENDPOINT, "endpoint_id = aws_eip.host.id") + ELASTIC + ROUTE
    assert sent(tmp_path, text) == "reachable"
    assert sent(tmp_path, text.replace(NAME, f"{NAME}\n  enabled = false")) == "blocked"


NO_PUBLIC_ACCESS = """
resource "aws_vpc_block_public_access_options" "region" {
  internet_gateway_block_mode = "block-bidirectional"
}
"""
WEB = LISTENER.replace('"ssh"', '"web"').replace("= 22", "= 80")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ([], "reachable"),
        ([('name = "a"', 'name = "a"\n  enabled = false')], "blocked"),
        ([("port              = 22", "port = var.some")], "undecided"),
        ([(LB, WEB + LB)], "reachable"),
        ([("weight      = 100\n  }", "weight      = 100\n  }\n  port_override {\n"
           "    listener_port = 22\n    endpoint_port = var.some\n  }")], "undecided"),
        ([(OPEN, NOBODY), (LB, SECOND + sg(OPEN, "second") + LB)], "undecided"),
        ([(LB, SECOND + sg(NOBODY, "second") + LB)], "reachable"),
        ([(LB, NO_PUBLIC_ACCESS + LB)], "blocked"),
    ],
)  # fmt: skip
def test_behind_an_accelerator_a_load_balancer_lets_through_what_it_surely_does(
    tmp_path: Path, changes: list[Change], verdict: str
) -> None:
    assert sent(tmp_path, changed(*changes, text=WHOLE), "*.a", "app") == verdict


def test_each_target_of_the_load_balancer_has_its_own_port(tmp_path: Path) -> None:
    """The port of another target is not the one that counts."""
    app = BALANCED[BALANCED.index('resource "aws_instance"') :]
    moved = ATTACHED.replace("target_id ", "port = 2222\n  target_id ")
    two = ATTACHED.replace('"ssh"', '"two"').replace("aws_instance.app", "aws_instance.two")
    text = changed((ATTACHED, moved + two), text=WHOLE) + app.replace('"app"', '"two"', 1)
    assert sent(tmp_path, text, "*.a", "aws_instance.app") == "blocked"
    assert sent(tmp_path, text, "*.a", "aws_instance.two") == "reachable"


def test_that_the_address_is_not_known_is_said(tmp_path: Path) -> None:
    network = unjudged(tmp_path, {"main.tf": BEHIND_LB.replace(OPEN, NOBODY)})
    (answer,) = paths([network], "*.a", "app", SSH)
    assert "whose address aws_lb.nlb sees behind Global Accelerator" in dict(answer.unknown)
