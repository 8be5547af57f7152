"""
What tables, routes and gateways are made of resources, also where a reference is not known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Gateway, Network, Route, RouteTable
from iaclint.value import Unknown
from tests.facts import MAYBE, TABLE, UNSURE, VPC, bare, fact
from tests.nets import unjudged


def table(network: Network, end: str = ".t") -> RouteTable:
    """The only table whose address ends like that."""
    (found,) = (each for each in network.tables if each.address.endswith(end))
    return found


def route(network: Network, end: str = ".t") -> Route:
    """The only route of a table."""
    (found,) = table(network, end).routes
    return found


def title(target: object) -> str:
    """What a route leads to, and whether it is known which one that is."""
    if isinstance(target, Unknown):
        return "?"
    assert isinstance(target, Gateway)
    return f"{target.title}{' of somewhere' if '?' in map(fact, target.vpcs) else ''}"


# ---- tables ----------------------------------------------------------------------------------

LOOKED_UP = """
data "aws_route_table" "t" { route_table_id = var.some }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route" "r" {
  route_table_id         = data.aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}
"""


def test_a_table_that_is_looked_up_has_the_routes_that_name_it_and_others(tmp_path: Path) -> None:
    network = bare(tmp_path, LOOKED_UP)
    assert fact(route(network).to) == "0.0.0.0/0"
    assert fact(table(network).rest) == "?"


DYNAMIC = 'dynamic "route" {\nfor_each = var.some\ncontent { cidr_block = route.value }\n}\n'
IGNORED = "lifecycle { ignore_changes = [route] }\n"
MERGED = 'route = [merge({ cidr_block = "0.0.0.0/0" }, %s)]\n'
ONE = 'route {\ncidr_block = "0.0.0.0/0"\ngateway_id = aws_internet_gateway.g.id\n}\n'


@pytest.mark.parametrize(
    ("body", "open_", "as_written"),
    [
        (ONE, False, False), (DYNAMIC, True, False), (MERGED % "var.some", True, False),
        (MERGED % "{ gateway_id = aws_internet_gateway.g.id }", False, False),
        (ONE + IGNORED, True, True), (DYNAMIC + IGNORED, True, False),
    ],
)  # fmt: skip
def test_a_table_that_others_change_is_made_as_it_is_written(
    tmp_path: Path, body: str, open_: bool, as_written: bool
) -> None:
    found = table(bare(tmp_path, TABLE % body))
    assert (found.rest is not None, found.as_written) == (open_, as_written)


MANAGED = 'resource "aws_default_route_table" "m" {\ndefault_route_table_id = %s\n}\n'
LAST = (
    'resource "aws_main_route_table_association" "l" {\n'
    "vpc_id = aws_vpc.v.id\nroute_table_id = %s\n}\n"
)
OWN = "aws_vpc.v.default_route_table_id"


@pytest.mark.parametrize("adopts", [OWN, "var.some"])
def test_a_main_table_under_management_is_one_table(tmp_path: Path, adopts: str) -> None:
    network = bare(tmp_path, MANAGED % adopts)
    names = [each.address for each in network.tables]
    assert names.count("aws_default_route_table.m") == 1


def test_a_main_table_may_be_made_the_main_one(tmp_path: Path) -> None:
    network = bare(tmp_path, MANAGED % OWN, LAST % "aws_default_route_table.m.id")
    (subnet,) = network.subnets
    assert fact(subnet.table) == "aws_default_route_table.m"


GIVEN = """
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = %s
  %s
}
resource "aws_network_acl_association" "a" {
  subnet_id      = aws_subnet.s.id
  network_acl_id = %s
  %s
}
resource "aws_default_network_acl" "n" { default_network_acl_id = aws_vpc.v.default_network_acl_id }
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl" "t" { vpc_id = aws_vpc.v.id }
"""
TABLES = {"main": "aws_default_route_table.m", "other": "aws_route_table.t"}
ACLS = {"main": "aws_default_network_acl.n", "other": "aws_network_acl.t"}


@pytest.mark.parametrize("given", ["main", "other"])
@pytest.mark.parametrize("maybe", [MAYBE, ""])
def test_what_may_be_given_to_a_subnet_is_no_doubt_where_it_has_that_anyway(
    tmp_path: Path, given: str, maybe: str
) -> None:
    to = (f"{TABLES[given]}.id", maybe, f"{ACLS[given]}.id", maybe)
    (subnet,) = bare(tmp_path, MANAGED % OWN, GIVEN % to).subnets
    open_ = maybe and given == "other"
    assert fact(subnet.table) == ("?" if open_ else TABLES[given])
    assert fact(subnet.acl) == ("?" if open_ else ACLS[given])


@pytest.mark.parametrize(("given", "table"), [("main", TABLES["main"]), ("other", "?")])
def test_a_main_table_may_be_given_to_whichever_subnet(
    tmp_path: Path, given: str, table: str
) -> None:
    some = GIVEN.replace("aws_subnet.s.id", "var.some")
    to = (f"{TABLES[given]}.id", "", f"{ACLS['main']}.id", "")
    (subnet,) = bare(tmp_path, MANAGED % OWN, some % to).subnets
    assert fact(subnet.table) == table


LISTS = """
resource "aws_network_acl" "t" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.s.id]
  %s
}
"""
BY_NAME = """
resource "aws_network_acl_association" "n" {
  subnet_id      = aws_subnet.s.id
  network_acl_id = "acl-0123456789abcdef0"
}
"""
DEFAULT_ACL = "aws_vpc.v.default_network_acl_id"
SOMEWHERE = """
resource "aws_network_acl" "t" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl_association" "b" {
  subnet_id      = var.some
  network_acl_id = aws_network_acl.t.id
}
"""
KEEPS = """
resource "aws_default_network_acl" "n" {
  default_network_acl_id = aws_vpc.v.default_network_acl_id
  subnet_ids             = [aws_subnet.s.id]
  %s
}
"""


@pytest.mark.parametrize(
    ("texts", "acl"),
    [
        ((LISTS % "",), "aws_network_acl.t"),
        ((LISTS % MAYBE,), "?"),
        ((BY_NAME,), "?"),
        ((SOMEWHERE,), "?"),
        ((SOMEWHERE, KEEPS % ""), "aws_default_network_acl.n"),
        (
            (SOMEWHERE, BY_NAME.replace('"acl-0123456789abcdef0"', DEFAULT_ACL)),
            "default network ACL of aws_vpc.v",
        ),
        ((KEEPS % MAYBE,), "aws_default_network_acl.n[0]"),
    ],
    ids=[
        "given",
        "perhaps given",
        "not declared",
        "perhaps another",
        "keeps its own",
        "is given it",
        "anyway",
    ],
)
def test_a_subnet_has_the_acl_that_surely_is_given_to_it(
    tmp_path: Path, texts: tuple[str, ...], acl: str
) -> None:
    (subnet,) = bare(tmp_path, *texts).subnets
    assert fact(subnet.acl) == acl


MANY = """
variable "zones" { type = list(string) }
resource "aws_subnet" "many" {
  %s
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table_association" "b" {
  %s
  subnet_id      = %s
  route_table_id = aws_route_table.t.id
}
resource "aws_network_acl_association" "b" {
  %s
  subnet_id      = %s
  network_acl_id = aws_network_acl.t.id
}
"""
COUNT, EACH = "count = length(var.zones)", "for_each = toset(var.zones)"
OF_COUNT, OF_EACH = "aws_subnet.many[count.index].id", "aws_subnet.many[each.key].id"


@pytest.mark.parametrize(
    ("subnets", "given", "which", "known"),
    [
        (COUNT, COUNT, OF_COUNT, True),
        (EACH, EACH, OF_EACH, True),
        (EACH, "for_each = aws_subnet.many", "each.value.id", True),
        (COUNT, "count = length(aws_subnet.many)", OF_COUNT, True),
        (COUNT, "count = length(aws_subnet.many[*].id)", OF_COUNT, True),
        (MAYBE, MAYBE, "aws_subnet.many[0].id", True),
        (COUNT, "count = length(var.zones) - 1", OF_COUNT, False),
        (EACH, 'for_each = setsubtract(var.zones, ["a"])', OF_EACH, False),
        (EACH, 'for_each = { for k, s in aws_subnet.many : k => s if k != "a" }',
         "each.value.id", False),
        (MAYBE, 'count = var.some == "y" ? 1 : 0', "aws_subnet.many[0].id", False),
    ],
)  # fmt: skip
def test_what_comes_one_for_one_with_a_subnet_is_certainly_there(
    tmp_path: Path, subnets: str, given: str, which: str, known: bool
) -> None:
    things = GIVEN % ("aws_route_table.t.id", "", "aws_network_acl.t.id", "")
    network = bare(tmp_path, things, MANY % (subnets, given, which, given, which))
    (subnet,) = (each for each in network.subnets if ".many" in each.address)
    assert fact(subnet.table) == ("aws_route_table.t" if known else "?")
    assert fact(subnet.acl) == ("aws_network_acl.t" if known else "?")


def test_what_a_module_makes_together_is_there_together(tmp_path: Path) -> None:
    inner = VPC % "" + GIVEN % ("aws_route_table.t.id", "", "aws_network_acl.t.id", "")
    outer = f'variable "some" {{}}\nmodule "net" {{\n{MAYBE}\nsource = "./net"\nsome = "x"\n}}\n'
    (tmp_path / "net").mkdir()
    (subnet,) = unjudged(tmp_path, {"main.tf": outer, "net/main.tf": inner}).subnets
    assert fact(subnet.table) == "module.net[0].aws_route_table.t"
    assert fact(subnet.acl) == "module.net[0].aws_network_acl.t"


def test_a_table_does_not_become_certain_by_being_the_main_one(tmp_path: Path) -> None:
    open_ = bare(tmp_path, TABLE % DYNAMIC, LAST % "aws_route_table.t.id")
    closed = bare(tmp_path, TABLE % ONE, LAST % "aws_route_table.t.id")
    assert [table(each).rest is not None for each in (open_, closed)] == [True, False]


@pytest.mark.parametrize(
    "wrong", ["aws_vpc.v.id", "aws_vpc.v.default_network_acl_id", "aws_vpc.v.cidr_block"]
)
def test_only_the_id_of_a_main_table_is_one(tmp_path: Path, wrong: str) -> None:
    text = (
        'resource "aws_route_table_association" "a" {\n'
        "subnet_id = aws_subnet.s.id\nroute_table_id = %s\n}\n"
    )
    tables = [bare(tmp_path, text % each).subnets[0].table for each in (wrong, OWN)]
    assert fact(tuple(tables)) == ["?", "main route table of aws_vpc.v"]


# ---- which target counts ---------------------------------------------------------------------

NAT = """
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }
resource "aws_nat_gateway" "o" { subnet_id = aws_subnet.s.id }
"""
LISTED = 'route = [{\ncidr_block = "0.0.0.0/0"\n%s\nnat_gateway_id = aws_nat_gateway.n.id\n}]\n'
SINGLE = """
resource "aws_route" "r" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  %s
}
"""
GATE, N = "aws_internet_gateway.g.id", "aws_nat_gateway.n.id"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("igw", "internet"), ("nat", "never"), ("eigw", "never"), ("cagw", "never"),
        ("vgw", "network"), ("tgw", "network"), ("pcx", "network"), ("lgw", "network"),
        ("eni", "interface"), ("i", "interface"), ("vpce", "appliance"),
    ],
)  # fmt: skip
def test_an_id_that_is_written_out_says_by_its_start_what_it_is_of(
    tmp_path: Path, start: str, kind: str
) -> None:
    target = route(
        bare(tmp_path, TABLE % "", SINGLE % f'gateway_id = "{start}-0123456789abcdef0"')
    ).target
    assert isinstance(target, Gateway) and target.kind == kind


@pytest.mark.parametrize("empty", ['gateway_id = ""', "gateway_id = null", ""])
def test_an_argument_that_is_written_but_empty_is_no_target(tmp_path: Path, empty: str) -> None:
    """In a list of routes every argument is written, so that all but one are empty."""
    listed = bare(tmp_path, TABLE % (LISTED % empty), NAT)
    single = bare(tmp_path, TABLE % "", NAT, SINGLE % f"{empty}\nnat_gateway_id = {N}")
    assert [fact(route(each).target) for each in (listed, single)] == ["aws_nat_gateway.n"] * 2


@pytest.mark.parametrize(
    ("said", "to"),
    [
        (f"gateway_id = {GATE}", "internet gateway"),
        ("gateway_id = var.some", "?"),
        ("nat_gateway_id = var.some", "NAT gateway of somewhere"),
        ('gateway_id = "igw-0123456789abcdef0"', "internet gateway of somewhere"),
        ('gateway_id = "local"', "local"),
        (f"gateway_id = {UNSURE % (GATE, GATE)}", "internet gateway"),
        (f"gateway_id = {UNSURE % (GATE, N)}", "?"),
        (f"gateway_id = {UNSURE % (GATE, 'null')}", "?"),
        (f"nat_gateway_id = {UNSURE % (N, 'null')}", "?"),
        (f"gateway_id = [{GATE}, {N}]", "?"),
        ("", "?"),
    ],
)
def test_a_route_leads_where_its_argument_says(tmp_path: Path, said: str, to: str) -> None:
    assert title(route(bare(tmp_path, TABLE % "", NAT, SINGLE % said)).target) == to


BOXES = """
resource "aws_network_interface" "i" {
  subnet_id = aws_subnet.s.id
  %s
}
resource "aws_instance" "h" {
  subnet_id = aws_subnet.s.id
  %s
}
resource "aws_instance" "more" {
  subnet_id = aws_subnet.s.id
  user_data = "${aws_instance.h.private_ip}, ${aws_network_interface.i.private_ip}"
  tags      = { Name = "more" }
  %s
}
"""
FIRST = "primary_network_interface { network_interface_id = aws_network_interface.i.id }"
CARD, HOST = "network_interface_id = aws_network_interface.i.id", "instance_id = aws_instance.h.id"
OFF, ON = "source_dest_check = false", "source_dest_check = true"


@pytest.mark.parametrize(
    ("card", "host", "more", "to", "checks"),
    [
        ("", "", "", CARD, True),
        (OFF, "", "", CARD, False),
        ("", OFF, "", CARD, True),
        (OFF, f"{ON}\n{FIRST}", "", CARD, True),
        ("", f"{OFF}\n{FIRST}", "", CARD, False),
        (OFF, FIRST, "", CARD, False),
        ("", "", OFF, HOST, True),
        ("", OFF, "", HOST, False),
    ],
)
def test_an_instance_sets_the_check_of_the_interface_it_starts_with(
    tmp_path: Path, card: str, host: str, more: str, to: str, checks: bool
) -> None:
    network = bare(tmp_path, TABLE % "", BOXES % (card, host, more), SINGLE % to)
    target = route(network).target
    assert isinstance(target, Gateway)
    assert (target.kind, target.checks) == ("interface", checks)


# ---- routes that a VPN gateway writes ----------------------------------------------------------

LEARNS = """
resource "aws_vpn_gateway" "n" { vpc_id = aws_vpc.v.id }
resource "aws_vpn_gateway_route_propagation" "%s" {
  vpn_gateway_id = aws_vpn_gateway.n.id
  route_table_id = %s
  %s
}
"""
T = "aws_route_table.t.id"


def learnt(network: Network, end: str) -> tuple[bool, bool]:
    """Whether routes may be propagated into a table, and whether they surely are."""
    found = table(network, end)
    return found.propagation is not None, found.propagates


@pytest.mark.parametrize(
    ("into", "when", "own", "other"),
    [
        (T, "", (True, True), (False, False)),
        (T, MAYBE, (True, False), (False, False)),
        ("var.some", "", (True, False), (True, False)),
        (UNSURE % (T, T.replace(".t.", ".u.")), "", (True, False), (True, False)),
        ('"rtb-0123456789abcdef0"', "", (False, False), (False, False)),
        ("data.aws_route_tables.x.ids[0]", "", (True, False), (True, False)),
        ("module_made.x.id", "", (False, False), (False, False)),
    ],
)
def test_a_vpn_gateway_writes_into_the_table_that_is_named(
    tmp_path: Path, into: str, when: str, own: object, other: object
) -> None:
    look = 'data "aws_route_tables" "x" { vpc_id = var.some }\nresource module_made x {}\n'
    network = bare(tmp_path, TABLE % "", LEARNS % ("p", into, when), look)
    assert (learnt(network, ".t"), learnt(network, ".u")) == (own, other)


def test_what_is_propagated_for_certain_stays_so(tmp_path: Path) -> None:
    again = LEARNS.split("\n", 2)[2]
    network = bare(tmp_path, TABLE % "", LEARNS % ("p", T, ""), again % ("q", T, MAYBE))
    assert learnt(network, ".t") == (True, True)


# ---- the table of a gateway --------------------------------------------------------------------

EDGE = """
resource "aws_route_table_association" "e" {
  %s
  %s
  %s
}
"""
TO_GATE = f"gateway_id = {GATE}"
OF_T = f"route_table_id = {T}"


@pytest.mark.parametrize(
    ("gateway", "of", "when", "given", "open_"),
    [
        (TO_GATE, OF_T, "", "aws_route_table.t", False),
        (TO_GATE, OF_T, MAYBE, "aws_route_table.t", True),
        ("gateway_id = var.some", OF_T, "", "aws_route_table.t", True),
        ("gateway_id = var.some", OF_T, MAYBE, "aws_route_table.t", True),
        (TO_GATE, "route_table_id = var.some", "", "aws_route_table_association.e", True),
        (TO_GATE, "", "", "aws_route_table_association.e", True),
        ("gateway_id = module_made.x.id", OF_T, "", None, False),
        ('gateway_id = "igw-0123456789abcdef0"', OF_T, "", "aws_route_table.t", True),
        ("subnet_id = aws_subnet.s.id", OF_T, "", None, False),
    ],
)
def test_a_gateway_has_the_table_that_is_given_to_it(
    tmp_path: Path, gateway: str, of: str, when: str, given: str | None, open_: bool
) -> None:
    text = EDGE % (gateway, of, when)
    network = bare(tmp_path, TABLE % "", text, "resource module_made x {}")
    gate = next(each for each in network.gateways if each.address == GATE[:-3])
    found = network.edges.get(id(gate))
    assert fact(found) == given
    if found is not None:
        assert (found.rest is not None) is open_
        assert (found is table(network)) is (not open_)
        assert found.rest is None or "var.some" not in of or 'variable "some"' in found.rest.reason


def test_a_table_given_to_some_gateway_is_not_that_of_one_that_has_its_own(tmp_path: Path) -> None:
    both = EDGE % (TO_GATE, OF_T, "") + EDGE.replace('"e"', '"f"') % (
        "gateway_id = var.some", OF_T.replace(".t.", ".u."), ""
    )  # fmt: skip
    network = bare(tmp_path, TABLE % "", both)
    gate = next(each for each in network.gateways if each.address == GATE[:-3])
    assert network.edges[id(gate)] is table(network)


# ---- gateways ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "name", "vpcs"),
    [
        ("vpc_id = aws_vpc.v.id", "aws_internet_gateway.a", ["aws_vpc.v"]),
        ("", "aws_internet_gateway.a", []),
        (f"vpc_id = aws_vpc.v.id\n{MAYBE}", "aws_internet_gateway.a", ["?"]),
        ("vpc_id = var.some", "aws_internet_gateway.a", ["?"]),
        ("data", "data.aws_internet_gateway.a", ["?"]),
    ],
)
def test_a_gateway_is_attached_where_it_says(
    tmp_path: Path, made: str, name: str, vpcs: list[str]
) -> None:
    text = f'resource "aws_internet_gateway" "a" {{\n{made}\n}}\n'
    if made == "data":
        text = 'data "aws_internet_gateway" "a" { internet_gateway_id = var.some }\n'
    to = SINGLE % f"gateway_id = {name}.id"
    found = route(bare(tmp_path, TABLE % "", text, to)).target
    assert isinstance(found, Gateway)
    assert (found.address.removesuffix("[0]"), fact(found.vpcs)) == (name, vpcs)


ALONE = 'resource "aws_internet_gateway" "a" {}\nresource "aws_vpn_gateway" "n" {}\n'
ATTACHED = (
    'resource "aws_internet_gateway_attachment" "%s" {\n'
    "vpc_id = %s\ninternet_gateway_id = %s\n%s\n}\n"
)
V, W, A = "aws_vpc.v.id", "aws_vpc.w.id", "aws_internet_gateway.a.id"


@pytest.mark.parametrize(
    ("attachments", "vpcs", "spans", "foreign"),
    [
        ([], [], 0, []),
        ([(V, A, "")], ["aws_vpc.v"], 1, []),
        ([(V, A, MAYBE)], ["?"], 1, []),
        ([(V, A, ""), (W, A, "")], ["aws_vpc.v", "aws_vpc.w"], 2, []),
        ([(V, "var.some", "")], ["?"], 0, [["aws_vpc.v"]]),
        ([("var.some", "var.some", "")], ["?"], 0, []),
        ([(V, A, ""), (W, "var.some", "")], ["aws_vpc.v"], 1, [["aws_vpc.w"]]),
    ],
)
def test_a_gateway_made_alone_is_attached_by_something_else(
    tmp_path: Path, attachments: list[tuple[str, str, str]], vpcs: list[str], spans: int,
    foreign: list[list[str]],
) -> None:  # fmt: skip
    """One that is not known is one that is made elsewhere, or one that nothing else attaches."""
    text = "".join(ATTACHED % (f"b{n}", *each) for n, each in enumerate(attachments))
    gateways = bare(tmp_path, ALONE, text).gateways
    mine, vpn, *others = gateways
    assert (fact(mine.vpcs), len(mine.attachments)) == (vpcs, spans)
    assert vpn.vpcs == ()
    assert [fact(each.vpcs) for each in others] == foreign
    assert all(each.kind == "internet" for each in others)


def test_a_vpn_gateway_that_is_not_known_is_no_way_to_the_internet(tmp_path: Path) -> None:
    text = (
        'resource "aws_vpn_gateway_attachment" "b" {\n'
        "vpc_id = aws_vpc.v.id\nvpn_gateway_id = var.some\n}\n"
    )
    gateways = bare(tmp_path, ALONE, text).gateways
    assert [fact(each.vpcs) for each in gateways] == [[], []]


FIREWALLS = """
resource "aws_networkfirewall_firewall" "%s" {
  name                = "f"
  firewall_policy_arn = var.some
  vpc_id              = aws_vpc.v.id
  subnet_mapping { subnet_id = aws_subnet.s.id }
}
"""
STATES = "aws_networkfirewall_firewall.%s.firewall_status[0].sync_states"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (f"tolist({STATES % 'a'})[0].attachment[0].endpoint_id", "aws_networkfirewall_firewall.a"),
        (
            f"concat(tolist({STATES % 'a'}), tolist({STATES % 'b'}))[0].attachment[0].endpoint_id",
            "VPC endpoint",
        ),
        ("var.some", "VPC endpoint"),
    ],
)
def test_a_firewall_is_told_by_being_the_only_one_that_a_route_names(
    tmp_path: Path, said: str, name: str
) -> None:
    made = FIREWALLS % "a" + FIREWALLS % "b"
    to = SINGLE % f"vpc_endpoint_id = {said}"
    assert fact(route(bare(tmp_path, TABLE % "", made, to)).target) == name
