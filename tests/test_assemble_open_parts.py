"""
What resources beside others add to them, and what of it is not known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iaclint.network import Vpc
from iaclint.resource import Resource
from iaclint.value import Unknown
from tests.nets import cloudformation, terraform
from tests.parts import SOME, assembled, named, thing

VPC = """
variable "some" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
"""
HOSTS = """
resource "aws_instance" "one" {
  ami       = "ami-1"
  subnet_id = aws_subnet.s.id
}
resource "aws_instance" "two" {
  ami       = "ami-1"
  subnet_id = aws_subnet.s.id
}
"""


# ---- VPCs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "further", "has"),
    [
        ("", "assign_generated_ipv6_cidr_block = true", True),
        ("", "assign_generated_ipv6_cidr_block = var.some", None),
        ("", 'assign_generated_ipv6_cidr_block = var.some\nipv6_pool = "p"', True),
        ("", 'count = var.some\nipv6_pool = "p"', None),
        ("assign_generated_ipv6_cidr_block = true", 'count = var.some\nipv6_pool = "p"', True),
    ],
)
def test_whether_a_further_block_gives_ipv6_may_not_be_known(
    tmp_path: Path, own: str, further: str, has: bool | None
) -> None:
    text = VPC.replace(
        '{ cidr_block = "10.0.0.0/16" }', f'{{\ncidr_block = "10.0.0.0/16"\n{own}\n}}'
    )
    block = 'resource "aws_vpc_ipv6_cidr_block_association" "b" {\nvpc_id = aws_vpc.v.id\n%s\n}'
    (vpc,) = terraform(tmp_path, text, block % further).network.vpcs
    assert (None if isinstance(vpc.ipv6, Unknown) else vpc.ipv6) is has


@pytest.mark.parametrize(("count", "known"), [("1", True), ("var.some", False)])
def test_a_further_block_is_one_of_the_vpc_unless_it_may_not_be_there(
    tmp_path: Path, count: str, known: bool
) -> None:
    block = (
        'resource "aws_vpc_ipv4_cidr_block_association" "b" {\nvpc_id = aws_vpc.v.id\n'
        f'count = {count}\ncidr_block = "10.1.0.0/16"\n}}'
    )
    (vpc,) = terraform(tmp_path, VPC, block).network.vpcs
    first, second = vpc.prefixes
    assert str(first) == "10.0.0.0/16"
    assert isinstance(second, Unknown) is not known
    assert not known or str(second) == "10.1.0.0/16"


@pytest.mark.parametrize(
    ("when", "block"), [("", "fd00:0:0:1::/64"), ("Condition: Some, ", "?"), (None, "")]
)
def test_a_further_block_of_a_subnet_is_its_block_unless_it_may_not_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str | None, block: str
) -> None:
    monkeypatch.setattr("iaclint.cloudformation.worlds.MAXIMUM_WORLDS", 1)
    own = "SubnetId: !Ref S, Ipv6CidrBlock: 'fd00:0:0:1::/64'"
    text = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  S: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
"""
    if when is not None:
        text += f"  B: {{Type: 'AWS::EC2::SubnetCidrBlock', {when}Properties: {{{own}}}}}\n"
    asked = "Parameters: {P: {Type: String}}\nConditions: {Some: !Equals [!Ref P, x]}\n"
    (subnet,) = cloudformation(tmp_path, text, asked).network.subnets
    found = "?" if isinstance(subnet.ipv6, Unknown) else str(subnet.ipv6 or "")
    assert found == block


# ---- targets of routes -----------------------------------------------------------------------

TABLE = """
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_nat_gateway" "a" { subnet_id = aws_subnet.s.id }
resource "aws_nat_gateway" "b" { subnet_id = aws_subnet.s.id }
resource "aws_networkfirewall_firewall" "wall" {
  vpc_id = aws_vpc.v.id
  subnet_mapping { subnet_id = aws_subnet.s.id }
}
resource "aws_vpc_endpoint" "behind" {
  vpc_id            = aws_vpc.v.id
  vpc_endpoint_type = "GatewayLoadBalancer"
  service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
  subnet_ids        = [aws_subnet.s.id]
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route" "r" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  %s
}
"""
STATES = "aws_networkfirewall_firewall.wall.firewall_status[0].sync_states"
ID = f"tolist({STATES})[0].attachment[0].endpoint_id"


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (f"vpc_endpoint_id = {ID}", "aws_networkfirewall_firewall.wall"),
        (f"vpc_endpoint_id = element([for s in {STATES} : s.attachment[0].endpoint_id "
         "if s.id != aws_vpc_endpoint.behind.id], 0)", "aws_networkfirewall_firewall.wall"),
        (f"vpc_endpoint_id = lookup(var.some, {ID})", None),
        (f'nat_gateway_id = format("nat-%s", {ID})', None),
        ("nat_gateway_id = var.some ? aws_nat_gateway.a.id : aws_nat_gateway.a.id",
         "aws_nat_gateway.a"),
        ("nat_gateway_id = var.some ? aws_nat_gateway.a.id : aws_nat_gateway.b.id", None),
    ],
)  # fmt: skip
def test_an_id_that_is_computed_is_that_of_the_one_box_it_can_be(
    tmp_path: Path, target: str, found: str | None
) -> None:
    network = terraform(tmp_path, VPC, TABLE % target).network
    (route,) = next(t for t in network.tables if t.address.endswith(".t")).routes
    names = [] if isinstance(route.target, Unknown) else [route.target.address]
    boxes = [name for name in names if name.split(".")[0] in TABLE and "." in name]
    assert boxes == ([] if found is None else [found])


# ---- classic load balancers ------------------------------------------------------------------

CLASSIC = """
resource "aws_elb" "e" {
  subnets = [aws_subnet.s.id]
  listener {
    lb_port           = 22
    lb_protocol       = "tcp"
    instance_port     = 22
    instance_protocol = "tcp"
  }
  listener {
    lb_port       = 2222
    lb_protocol   = "tcp"
    instance_port = 2222
  }
}
resource "aws_elb" "other" {
  subnets = [aws_subnet.s.id]
  listener {
    lb_port           = 22
    lb_protocol       = "tcp"
    instance_port     = 22
    instance_protocol = "tcp"
  }
}
"""
MEMBER = """
resource "aws_elb_attachment" "m" {
  elb      = aws_elb.e.id
  instance = aws_instance.one.id
  %s
}
"""
SCALED = """
resource "aws_launch_template" "t" { image_id = "ami-1" }
resource "aws_autoscaling_group" "f" {
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.s.id]
  launch_template { id = aws_launch_template.t.id }
}
resource "aws_autoscaling_attachment" "m" {
  autoscaling_group_name = aws_autoscaling_group.f.id
  elb                    = aws_elb.e.id
}
"""
HEADERS = """
resource "aws_proxy_protocol_policy" "p" {
  load_balancer  = aws_elb.e.name
  instance_ports = ["22"]
}
"""


@pytest.mark.parametrize(
    ("more", "members", "open_"),
    [
        ("", [], False),
        (MEMBER % "", ["aws_instance.one"], False),
        (MEMBER % "count = var.some", [], True),
        (SCALED, ["aws_autoscaling_group.f"], False),
    ],
)
def test_what_is_attached_to_a_classic_load_balancer_is_a_target_of_its_listeners(
    tmp_path: Path, more: str, members: list[str], open_: bool
) -> None:
    found = terraform(tmp_path, VPC, HOSTS, CLASSIC, more).network.balancers
    own, other = sorted(found, key=lambda each: each.address)
    for listener in own.listeners:
        (group,) = listener.groups
        assert not isinstance(group, Unknown)
        assert [target.instance.address for target in group.targets] == members
        assert (group.rest is not None) is open_
    (group,) = other.listeners[0].groups
    assert not isinstance(group, Unknown)
    assert (group.targets, group.rest) == ([], None)


def test_the_protocol_to_the_hosts_is_that_of_the_listener_where_none_is_given(
    tmp_path: Path,
) -> None:
    found = terraform(tmp_path, VPC, CLASSIC, HEADERS).network.balancers
    groups = {
        (b.address, g.port): (g.protocol, g.proxy)
        for b in found
        for listener in b.listeners
        for g in listener.groups
        if not isinstance(g, Unknown)
    }
    assert groups == {
        ("aws_elb.e", 22): ("TCP", True),
        ("aws_elb.e", 2222): ("TCP", False),
        ("aws_elb.other", 22): ("TCP", False),
    }


# ---- user data -------------------------------------------------------------------------------

USER_DATA = """
data "cloudinit_config" "c" {
  part { content = %s }
}
data "template_file" "t" { template = %s }
resource "aws_instance" "host" {
  ami       = "ami-1"
  user_data = data.%s.rendered
}
"""
PORT = '"#!/bin/sh\\necho Port 2222 >> /etc/ssh/sshd_config\\nsystemctl restart sshd"'
FILLED = PORT.replace("echo Port 2222", "port=2222\\necho Port $${port}")


@pytest.mark.parametrize(
    ("content", "template", "source", "port", "elsewhere"),
    [
        (PORT, PORT, "cloudinit_config.c", 2222, False),
        ("var.some", PORT, "cloudinit_config.c", 22, False),
        ("data.template_file.t.rendered", PORT, "cloudinit_config.c", 2222, False),
        (PORT, PORT, "template_file.t", 2222, False),
        (PORT, FILLED, "template_file.t", 22, True),
        (PORT, "var.some", "template_file.t", 22, False),
    ],
)
def test_user_data_is_read_where_it_is_put_together_as_far_as_it_is_known(
    tmp_path: Path, content: str, template: str, source: str, port: int, elsewhere: bool
) -> None:
    net = terraform(tmp_path, VPC, USER_DATA % (content, template, source))
    setup = net.instance(".host").setup
    assert setup.opaque
    assert (setup.ssh_port, setup.somewhere) == (port, elsewhere)


# ---- prefix lists, remote networks, endpoints ------------------------------------------------

LIST = """
resource "aws_ec2_managed_prefix_list" "l" {
  address_family = "IPv4"
  max_entries    = 5
}
resource "aws_ec2_managed_prefix_list" "other" {
  address_family = "IPv4"
  max_entries    = 5
}
resource "aws_ec2_managed_prefix_list_entry" "e" {
  prefix_list_id = aws_ec2_managed_prefix_list.%s.id
  %s
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.l.id]
  }
}
"""


@pytest.mark.parametrize(
    ("of", "block", "found"),
    [
        ("l", 'cidr = "203.0.113.0/24"', ["203.0.113.0/24"]),
        ("other", 'cidr = "203.0.113.0/24"', []),
        ("l", "cidr = null", []),
    ],
)
def test_an_entry_counts_for_the_list_that_it_names(
    tmp_path: Path, of: str, block: str, found: list[str]
) -> None:
    network = terraform(tmp_path, VPC, LIST % (of, block)).network
    (rule,) = next(g for g in network.groups if g.address.endswith(".g")).ingress
    assert [str(each) for each in rule.prefixes] == found


PREFIXES = thing("aws_ec2_managed_prefix_list.l", name="l", entry=[{"cidr": "203.0.113.0/24"}])
ENTRY = "aws_ec2_managed_prefix_list_entry.e"
MANAGED = "com.amazonaws.eu-west-1.ec2-instance-connect"


def entry(of: object, cidr: object = "198.51.100.0/24") -> Resource:
    return thing(ENTRY, prefix_list_id=of, cidr=cidr)


def from_list(*lists: Resource, what: object = named(PREFIXES.address)) -> tuple[list[str], Any]:
    """The blocks of a rule for what a list holds, and the names of those that AWS manages."""
    said = {"from_port": 22, "to_port": 22, "protocol": "tcp", "prefix_list_ids": [what]}
    home = thing("aws_vpc.v", cidr_block="10.0.0.0/16")
    own = thing("aws_security_group.g", vpc_id=named("aws_vpc.v"), ingress=[said])
    groups = assembled(home, own, *lists).groups
    (rule,) = next(each for each in groups if each.address == own.address).ingress
    return [e.reason if isinstance(e, Unknown) else str(e) for e in rule.prefixes], rule.managed


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ((PREFIXES,), ["203.0.113.0/24"]),
        ((PREFIXES, entry(named(PREFIXES.address))), ["203.0.113.0/24", "198.51.100.0/24"]),
        ((PREFIXES, entry(named(PREFIXES.address), None)), ["203.0.113.0/24"]),
        ((PREFIXES, entry(named(PREFIXES.address), SOME)), ["203.0.113.0/24", "some"]),
        ((PREFIXES, replace(entry(named(PREFIXES.address)), maybe=SOME)),
         ["203.0.113.0/24", "some"]),
        # which list has an entry may not be known
        ((PREFIXES, entry(SOME)), ["203.0.113.0/24", "some"]),
        ((PREFIXES, entry(None)), ["203.0.113.0/24"]),
        ((PREFIXES, entry(named("data.external.x", "result"))), ["203.0.113.0/24"]),
        ((thing(PREFIXES.address, entry=[{"cidr": "203.0.113.0/24"}, SOME]),),
         ["203.0.113.0/24", "some"]),
        ((thing(PREFIXES.address, entry=SOME),), ["some"]),
        ((thing(PREFIXES.address, entry=[{"description": "no block"}]),), []),
        ((thing(PREFIXES.address, "AWS::EC2::PrefixList", Entries=[{"Cidr": "203.0.113.0/24"}]),),
         ["203.0.113.0/24"]),
        ((), [f"{PREFIXES.address}.id"]),
    ],
)  # fmt: skip
def test_a_rule_for_a_list_is_one_for_what_the_list_surely_holds(
    lists: tuple[Resource, ...], found: list[str]
) -> None:
    assert from_list(*lists) == (found, ())


@pytest.mark.parametrize(
    ("name", "blocks", "managed"),
    [
        (MANAGED, [], (MANAGED,)),
        ("com.example.office", ["data.aws_ec2_managed_prefix_list.l is made elsewhere"], ()),
        (SOME, ["data.aws_ec2_managed_prefix_list.l is made elsewhere"], ()),
        (None, ["data.aws_ec2_managed_prefix_list.l is made elsewhere"], ()),
    ],
)
def test_a_list_that_is_looked_up_is_one_of_aws_by_its_name(
    name: object, blocks: list[str], managed: tuple[str, ...]
) -> None:
    found = thing("data.aws_ec2_managed_prefix_list.l", name=name)
    assert from_list(found, what=named(found.address)) == (blocks, managed)


def test_an_id_of_a_list_that_is_written_out_may_be_any() -> None:
    told = '"pl-0123456789abcdef0" is not declared here'
    assert from_list(PREFIXES, what="pl-0123456789abcdef0") == ([told], ())


INTERFACE = """
resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_dx_private_virtual_interface" "d" {
  vpn_gateway_id = aws_vpn_gateway.g.id
  count          = %s
}
"""


@pytest.mark.parametrize(("count", "remotes"), [("1", 1), ("var.some", 0)])
def test_a_virtual_interface_that_may_not_be_there_is_no_connection(
    tmp_path: Path, count: str, remotes: int
) -> None:
    assert len(terraform(tmp_path, VPC, INTERFACE % count).network.remotes) == remotes


@pytest.mark.parametrize(("kind", "private"), [('"private"', True), ('"public"', False)])
def test_a_nat_gateway_is_private_where_it_says_so(
    tmp_path: Path, kind: str, private: bool
) -> None:
    nat = 'resource "aws_nat_gateway" "n" {\nsubnet_id = aws_subnet.s.id\nconnectivity_type = %s\n}'
    routed = 'resource "aws_route_table" "t" {\nvpc_id = aws_vpc.v.id\nroute {\n%s\n}\n}'
    to = 'cidr_block = "0.0.0.0/0"\nnat_gateway_id = aws_nat_gateway.n.id'
    network = terraform(tmp_path, VPC, nat % kind, routed % to).network
    (route,) = next(t for t in network.tables if t.address.endswith(".t")).routes
    assert not isinstance(route.target, Unknown)
    assert route.target.private is private
    assert isinstance(network.vpcs[0], Vpc)


LISTED = """
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route = [{
    cidr_block                 = %s
    ipv6_cidr_block            = %s
    destination_prefix_list_id = ""
    gateway_id                 = aws_internet_gateway.g.id
  }]
}
"""


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "to"), [('"0.0.0.0/0"', '""', "0.0.0.0/0"), ("null", '"::/0"', "::/0"),
                             ('""', '"::/0"', "::/0")]
)  # fmt: skip
def test_an_argument_of_a_listed_route_that_is_empty_is_no_route(
    tmp_path: Path, ipv4: str, ipv6: str, to: str
) -> None:
    network = terraform(tmp_path, VPC, LISTED % (ipv4, ipv6)).network
    routes = next(t for t in network.tables if t.address.endswith(".t")).routes
    assert [str(route.to) for route in routes] == [to]


# ---- what a VPN gateway writes into tables -------------------------------------------------------

PROPAGATED = """
resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "%s" "t" {
  %s
  propagating_vgws = [%s]
}
"""
OWN_TABLE = ("aws_route_table", "vpc_id = aws_vpc.v.id")
MAIN_TABLE = (
    "aws_default_route_table",
    "default_route_table_id = aws_vpc.v.default_route_table_id",
)


@pytest.mark.parametrize("kind", [OWN_TABLE, MAIN_TABLE], ids=["own", "main"])
@pytest.mark.parametrize(
    ("gateways", "learns", "surely"),
    [
        ("aws_vpn_gateway.g.id", True, True),
        ("", False, False),
        ("var.some", True, False),
        ("var.some, aws_vpn_gateway.g.id", True, True),
        ('"vgw-0123456789abcdef0"', True, True),
    ],
)
def test_a_table_learns_the_routes_of_the_gateways_it_names(
    tmp_path: Path, kind: tuple[str, str], gateways: str, learns: bool, surely: bool
) -> None:
    tables = terraform(tmp_path, VPC, PROPAGATED % (*kind, gateways)).network.tables
    table = next(each for each in tables if each.address.endswith(".t"))
    assert (table.propagation is not None, table.propagates) == (learns, surely)


VPN = """
resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_customer_gateway" "c" {
  type       = "ipsec.1"
  ip_address = "203.0.113.1"
}
resource "aws_vpn_connection" "n" {
  type                = "ipsec.1"
  vpn_gateway_id      = aws_vpn_gateway.g.id
  customer_gateway_id = aws_customer_gateway.c.id
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "r" {
  destination_cidr_block = "192.168.0.0/16"
  vpn_connection_id      = %s
}
"""


@pytest.mark.parametrize(
    ("connection", "behind"), [("aws_vpn_connection.n.id", ["192.168.0.0/16"]), ("var.some", ["?"])]
)
def test_a_static_route_of_a_connection_that_is_not_known_may_be_of_any(
    tmp_path: Path, connection: str, behind: list[str]
) -> None:
    (remote,) = terraform(tmp_path, VPC, VPN % connection).network.remotes
    assert ["?" if isinstance(p, Unknown) else str(p) for p in remote.prefixes] == behind
