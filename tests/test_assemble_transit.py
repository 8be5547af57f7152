"""
What is made of the resources of transit gateways: attachments, whom each table serves, its routes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.network import Attachment, Network, TransitTable
from iaclint.value import Unknown
from tests.facts import fact
from tests.nets import unjudged

NET = """
variable "some" {}
resource aws_vpc v { cidr_block = "10.0.0.0/16" }
resource aws_vpc w { cidr_block = "10.1.0.0/16" }
resource aws_subnet s {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource aws_vpn_gateway g { vpc_id = aws_vpc.v.id }
resource aws_dx_gateway d {
  name            = "d"
  amazon_side_asn = "64512"
}
"""
TGW = "aws_ec2_transit_gateway"
TABLE = "aws_ec2_transit_gateway_route_table"


def block(kind: str, name: str, **arguments: str) -> str:
    """A resource, or a data source by a kind that begins so; arguments as they are written."""
    what, _, own = kind.rpartition(" ")
    body = "".join(f"  {key} = {value}\n" for key, value in arguments.items())
    return f"{what or 'resource'} {own} {name} {{\n{body}}}\n"


def hub(name: str = "t", **arguments: str) -> str:
    return block(TGW, name, **arguments)


def attached(name: str = "v", hub: str = "t", kind: str = "", **arguments: str) -> str:
    """The VPC of the same name at a transit gateway."""
    given = {
        "transit_gateway_id": f"{TGW}.{hub}.id", "vpc_id": f"aws_vpc.{name}.id",
        "subnet_ids": "[aws_subnet.s.id]", **arguments,
    }  # fmt: skip
    return block(f"{kind}{TGW}_vpc_attachment", name, **given)


def table(name: str = "r", hub: str = "t", kind: str = "", **arguments: str) -> str:
    return block(f"{kind}{TABLE}", name, **{"transit_gateway_id": f"{TGW}.{hub}.id", **arguments})


def of(what: str, name: str, end: str, at: str = f"{TABLE}.r.id", **arguments: str) -> str:
    """An association, a propagation or a route of a table."""
    kind = f"{TGW}_route" if what == "route" else f"{TABLE}_{what}"
    given = {"transit_gateway_attachment_id": end, "transit_gateway_route_table_id": at}
    return block(kind, name, **{**given, **arguments})


def network(folder: Path, *texts: str) -> Network:
    return unjudged(folder, {"main.tf": NET + "".join(texts)})


def short(value: object) -> object:
    """A fact without the type of the resource."""
    found = fact(value)
    if isinstance(found, list):
        return [short(each) for each in found]
    plain = found.partition("[")[0] if isinstance(found, str) else ""
    return plain.rpartition(".")[2] if "aws_" in plain else found


def rows(found: TransitTable) -> list[str]:
    """The routes of a table: the block, where it leads; whether it is learned, and may be there."""
    return [
        f"{fact(route.to)} {short(route.attachment)}"
        + " learned" * route.propagated + " perhaps" * (route.maybe is not None)
        for route in found.routes
    ]  # fmt: skip


def named(found: Network, name: str) -> TransitTable:
    return next(each for each in found.transit_tables if each.address.endswith(name))


def end(found: Network, name: str = "v") -> Attachment:
    return next(each for each in found.attachments if short(each) == name)


V, W = f"{TGW}_vpc_attachment.v.id", f"{TGW}_vpc_attachment.w.id"


# ---- attachments -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "transit", "vpc"),
    [
        (attached(), "t", "v"),
        (attached(vpc_id="var.some"), "t", "?"),
        (attached(transit_gateway_id="var.some"), "?", "v"),
        (attached(transit_gateway_id="null"), "?", "v"),
        (attached(count="var.some"), "t", "?"),
        (attached(kind="data "), "t", "?"),
    ],
)
def test_a_vpc_is_attached_where_it_says(tmp_path: Path, text: str, transit: str, vpc: str) -> None:
    found = end(network(tmp_path, hub(), text))
    assert short((found.transit, found.vpc)) == [transit, vpc]
    assert (found.ipv6, found.appliance) == (False, False)


def test_each_vpc_is_one_of_the_transit_gateway(tmp_path: Path) -> None:
    found = network(tmp_path, hub(), attached(), attached("w"))
    assert short(found.gateways[-1].vpcs) == ["v", "w"]


@pytest.mark.parametrize(
    ("gateway", "own", "expected"),
    [
        ("", "", False),
        ("", '"enable"', False),
        ('"enable"', "", True),
        ('"enable"', '"disable"', False),
        ('"enable"', "var.some", "?"),
        ("var.some", "", "?"),
        ("var.some", '"disable"', False),
        ('"disable"', "var.some", False),
    ],
)
def test_groups_are_named_over_a_gateway_where_both_allow_it(
    tmp_path: Path, gateway: str, own: str, expected: object
) -> None:
    key = "security_group_referencing_support"
    there, here = ({key: said} if said else {} for said in (gateway, own))
    found = end(network(tmp_path, hub(**there), attached(**here)))
    assert fact(found.references) == expected


@pytest.mark.parametrize(
    ("transit", "why"),
    [
        ("null", "no transit gateway is given"),
        ("var.some", 'variable "some" has no default'),
        ("data.aws_ec2_transit_gateway.t.id", "data.aws_ec2_transit_gateway.t is made elsewhere"),
    ],
)
def test_at_a_gateway_that_is_not_here_it_is_not_known_what_groups_count(
    tmp_path: Path, transit: str, why: str
) -> None:
    found = end(network(tmp_path, block(f"data {TGW}", "t"), attached(transit_gateway_id=transit)))
    assert isinstance(found.references, Unknown)
    assert found.references.reason == why
    assert not isinstance(found.transit, Unknown) or found.transit.reason == why


def vpn(name: str = "o", at: str = "t", **arguments: str) -> str:
    given = {"customer_gateway_id": '"cgw-0123456789abcdef0"', "type": '"ipsec.1"'}
    place = (
        {"transit_gateway_id": f"{TGW}.{at}.id"}
        if at
        else {"vpn_gateway_id": "aws_vpn_gateway.g.id"}
    )
    return block("aws_vpn_connection", name, **given, **place, **arguments)


def direct(name: str = "x", at: str = f"{TGW}.t.id", gateway: str = "d") -> str:
    return block(
        "aws_dx_gateway_association", name, dx_gateway_id=f"aws_dx_gateway.{gateway}.id",
        associated_gateway_id=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (vpn(), ["o"]),
        (vpn(at=""), []),
        (direct(), ["x"]),
        (direct(at="aws_vpn_gateway.g.id"), []),
        (direct(at="var.some"), []),
        (block(f"{TGW}_connect", "c", transit_gateway_id=f"{TGW}.t.id"), ["c"]),
        (block(f"data {TGW}_connect", "c", transit_gateway_id=f"{TGW}.t.id"), ["c"]),
    ],
)
def test_what_is_outside_of_aws_may_be_attached_too(
    tmp_path: Path, text: str, ends: list[str]
) -> None:
    found = network(tmp_path, hub(), text).attachments
    assert [(short(each), short(each.transit), short(each.vpc)) for each in found] == [
        (name, "t", "?") for name in ends
    ]


@pytest.mark.parametrize(
    ("inside", "has"),
    [(None, "?"), ('"ipv4"', "?"), ('"ipv6"', True), ("var.some", "?")],
)
def test_a_vpn_carries_the_family_of_its_tunnels(
    tmp_path: Path, inside: str | None, has: object
) -> None:
    said = {"tunnel_inside_ip_version": inside} if inside else {}
    found = network(tmp_path, hub(), vpn(**said), direct())
    carries = end(found, "o").ipv6
    assert fact(carries) == has
    assert end(found, "x").ipv6 is True
    if isinstance(carries, Unknown):
        assert ("carries IPv4" in carries.reason) is (inside != "var.some")


def behind(name: str, to: str, vpn: str = "o") -> str:
    return block(
        "aws_vpn_connection_route", name, vpn_connection_id=f"aws_vpn_connection.{vpn}.id",
        destination_cidr_block=to,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        (vpn(static_routes_only="true"), []),
        (vpn(static_routes_only="true") + behind("a", '"192.168.0.0/16"'),
         ["192.168.0.0/16 o learned"]),
        (vpn(static_routes_only="true") + behind("a", "null"), ["? o learned"]),
        (vpn(static_routes_only="true") + behind("a", "var.some"), ["? o learned"]),
        (vpn(static_routes_only="true") + vpn("p") + behind("a", '"192.168.0.0/16"', "p"),
         ["192.168.0.0/16 p learned", "? p learned"]),
        (vpn(static_routes_only="true") + behind("a", '"192.168.0.0/16"').replace(
            "{\n", "{\n  count = var.some\n"), ["? o learned"]),
        (vpn(static_routes_only="true") + behind("a", '"192.168.0.0/16"').replace(
            "aws_vpn_connection.o.id", "var.some"), ["? o learned"]),
        (vpn(static_routes_only="true", count="var.some"), ["? o learned"]),
        (vpn(), ["? o learned"]),
        (vpn(static_routes_only="var.some"), ["? o learned"]),
        (direct(), ["? x learned"]),
    ],
)  # fmt: skip
def test_the_default_table_learns_what_a_network_outside_announces(
    tmp_path: Path, text: str, learned: list[str]
) -> None:
    found = network(tmp_path, hub(), text)
    assert rows(named(found, "default route table of aws_ec2_transit_gateway.t")) == learned
    for row in named(found, ".t").routes:
        if isinstance(row.to, Unknown):
            assert row.to.reason != "the VPN route has no block" or "null" in text


# ---- peerings ----------------------------------------------------------------------------------


def peering(
    name: str = "p", near: str = f"{TGW}.t.id", far: str = f"{TGW}.u.id", **more: str
) -> str:
    given = {
        "transit_gateway_id": near,
        "peer_transit_gateway_id": far,
        "peer_region": '"eu-west-1"',
    }
    return block(f"{TGW}_peering_attachment", name, **{**given, **more})


def accepter(end: str, name: str = "q", **more: str) -> str:
    kind = f"{TGW}_peering_attachment_accepter"
    return block(kind, name, transit_gateway_attachment_id=end, **more)


LOOK = block(f"data {TGW}_peering_attachment", "d")
P, D = f"{TGW}_peering_attachment.p.id", f"data.{TGW}_peering_attachment.d.id"


@pytest.mark.parametrize(
    ("text", "active"),
    [
        (peering(), False),
        (peering(peer_account_id="var.some"), False),
        (peering(peer_account_id='"123456789012"'), "elsewhere"),
        (peering(far="var.some"), "elsewhere"),
        (peering(near="var.some"), "elsewhere"),
        (peering(far="var.some", count="var.some"), "some"),
        (peering() + accepter(P), True),
        (peering() + accepter(P, count="var.some"), "some"),
        (peering() + LOOK + accepter(D), True),
        (peering() + LOOK, False),
        (peering(far=f"data.{TGW}.x.id") + block(f"data {TGW}", "x"), "elsewhere"),
        (peering(near=f"data.{TGW}.x.id") + block(f"data {TGW}", "x"), False),
    ],
)
def test_a_peering_is_active_once_somebody_accepts_it(
    tmp_path: Path, text: str, active: bool | str
) -> None:
    found = network(tmp_path, hub(), hub("u"), text).attachments
    for each in found:
        if isinstance(active, bool):
            assert each.active is active
        else:
            assert isinstance(each.active, Unknown)
            assert active in each.active.reason
    assert found[0].other is found[1] and found[1].other is found[0]
    assert [each.ipv6 for each in found] == [True, True]


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("", [False, False]),
        (accepter(P), [True, False]),
        (accepter(D), ["?", "?"]),
        (accepter(D) + accepter(P, "r"), [True, "?"]),
        (accepter(P) + accepter("var.some", "r"), [True, "?"]),
        (accepter(P) + accepter(f"{TGW}_peering_attachment.p2.id", "r"), [True, True]),
    ],
)
def test_an_accepter_by_another_name_may_accept_any_peering(
    tmp_path: Path, text: str, active: list[object]
) -> None:
    """What is looked up by its gateway or its tags is one of several, nobody knows which."""
    found = network(tmp_path, hub(), hub("u"), peering(), peering("p2"), LOOK, text).attachments
    assert [fact(each.active) for each in found[::2]] == active
    assert [fact(each.active) for each in found[1::2]] == active


# ---- other names -------------------------------------------------------------------------------

ACCEPTED = block(f"{TGW}_vpc_attachment_accepter", "a", transit_gateway_attachment_id=V)
LINK = hub("u") + peering() + accepter(P)
VPN_LOOK = block(f"data {TGW}_vpn_attachment", "d", vpn_connection_id="aws_vpn_connection.o.id")
DX_LOOK = block(
    f"data {TGW}_dx_gateway_attachment", "d", dx_gateway_id="aws_dx_gateway.d.id",
    transit_gateway_id=f"{TGW}.t.id",
)  # fmt: skip
OTHER_DX = block("aws_dx_gateway", "e", amazon_side_asn='"64513"')
FAR = f"{TGW}_peering_attachment_accepter.q.id"


@pytest.mark.parametrize(
    ("text", "name", "leads"),
    [
        (attached(), V, "v"),
        (attached() + ACCEPTED, f"{TGW}_vpc_attachment_accepter.a.id", "v"),
        (attached(kind="data "), f"data.{V}", "v"),
        (vpn(), "aws_vpn_connection.o.transit_gateway_attachment_id", "o"),
        (vpn() + VPN_LOOK, f"data.{TGW}_vpn_attachment.d.id", "o"),
        (vpn(at="") + VPN_LOOK, f"data.{TGW}_vpn_attachment.d.id", "?"),
        (VPN_LOOK.replace("aws_vpn_connection.o.id", "var.some"),
         f"data.{TGW}_vpn_attachment.d.id", "?"),
        (direct(), "aws_dx_gateway_association.x.transit_gateway_attachment_id", "x"),
        (direct() + DX_LOOK, f"data.{TGW}_dx_gateway_attachment.d.id", "x"),
        (OTHER_DX + direct() + direct("y", gateway="e") + DX_LOOK.replace("way.d", "way.e"),
         f"data.{TGW}_dx_gateway_attachment.d.id", "y"),
        (OTHER_DX + direct() + DX_LOOK.replace("way.d", "way.e"),
         f"data.{TGW}_dx_gateway_attachment.d.id", "?"),
        ((direct() + DX_LOOK).replace("aws_dx_gateway.d.id", '"0123-abc"'),
         f"data.{TGW}_dx_gateway_attachment.d.id", "x"),
        (direct().replace("aws_dx_gateway.d.id", '"0123-abc"')
         + DX_LOOK.replace("aws_dx_gateway.d.id", '"4567-def"'),
         f"data.{TGW}_dx_gateway_attachment.d.id", "?"),
        (direct() + DX_LOOK.replace("aws_dx_gateway.d.id", '"0123-abc"'),
         f"data.{TGW}_dx_gateway_attachment.d.id", "?"),
        (hub("u") + direct(at=f"{TGW}.u.id") + DX_LOOK,
         f"data.{TGW}_dx_gateway_attachment.d.id", "?"),
        (block(f"{TGW}_connect", "c", transit_gateway_id=f"{TGW}.t.id"), f"{TGW}_connect.c.id",
         "c"),
        (LINK, P, "p"),
        (LINK, FAR, "p"),
        (hub("u") + peering("p", f"{TGW}.u.id", f"{TGW}.t.id") + accepter(P), FAR, "q"),
        (hub("u") + hub("x") + peering("p", f"{TGW}.u.id", f"{TGW}.x.id") + accepter(P), P, "?"),
        (LINK + LOOK, D, "p"),
        (LINK + peering("p2") + LOOK, D, "?"),
        ("", "var.some", "?"),
        ("", '"tgw-attach-0123456789abcdef0"', "?"),
    ],
)  # fmt: skip
def test_a_route_leads_to_an_attachment_by_each_of_its_names(
    tmp_path: Path, text: str, name: str, leads: str
) -> None:
    found = network(
        tmp_path,
        hub(),
        table(),
        text,
        of("route", "a", name, destination_cidr_block='"10.2.0.0/16"'),
    )
    assert rows(named(found, ".r")) == [f"10.2.0.0/16 {leads}"]


# ---- tables ------------------------------------------------------------------------------------

OFF = {
    "default_route_table_association": '"disable"',
    "default_route_table_propagation": '"disable"',
}
UNSURE = dict.fromkeys(OFF, "var.some")
USE = "transit_gateway_default_route_table_association"
DEFAULT = f"default route table of {TGW}.t"
DATA = {"transit_gateway_id": f"data.{TGW}.t.id"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (hub() + attached(), "t"),
        (hub(**OFF) + attached(), None),
        (hub(**UNSURE) + attached(), "?"),
        (hub() + attached(transit_gateway_default_route_table_association="false"), None),
        (hub() + attached(transit_gateway_default_route_table_association="var.some"), "?"),
        (hub() + attached() + ACCEPTED.replace("}", f"{USE} = false\n}}"), None),
        (hub() + attached() + ACCEPTED.replace("}", f"{USE} = true\n}}"), "t"),
        (hub() + attached(kind="data "), "?"),
        (block(f"data {TGW}", "t") + attached(**DATA), "?"),
        (attached(transit_gateway_id="var.some"), "?"),
        (hub() + attached() + table() + of("association", "a", V), "r"),
        (hub(**OFF) + attached() + table() + of("association", "a", V), "r"),
        (hub(**OFF) + attached() + table() + of("association", "a", V, count="var.some"), "?"),
        (hub(**OFF) + attached() + of("association", "a", V, "var.some"), "?"),
        (hub() + table() + attached(transit_gateway_id="var.some") + of("association", "a", V),
         "r"),
        (hub(**OFF) + attached() + table() + of("association", "a", "var.some"), "?"),
        (hub() + attached() + table() + of("association", "a", "var.some"), "t"),
        (hub(**OFF) + attached() + attached("w") + table() + of("association", "a", W), None),
        (hub(**OFF) + attached() + attached("d", kind="data ", vpc_id="aws_vpc.w.id") + table()
         + of("association", "a", f"data.{TGW}_vpc_attachment.d.id"), "?"),
        (hub() + attached() + table() + block(f"{TGW}_default_route_table_association", "x",
         transit_gateway_id=f"{TGW}.t.id", transit_gateway_route_table_id=f"{TABLE}.r.id"), "?"),
        (hub() + hub("u") + attached() + table(hub="u")
         + block(f"{TGW}_default_route_table_association", "x",
         transit_gateway_id=f"{TGW}.u.id", transit_gateway_route_table_id=f"{TABLE}.r.id"), "t"),
        (hub() + attached()
         + of("association", "a", V, f"{TGW}.t.association_default_route_table_id"), "t"),
    ],
)  # fmt: skip
def test_what_comes_in_is_routed_by_the_associated_table_or_the_default_one(
    tmp_path: Path, text: str, expected: str | None
) -> None:
    found = end(network(tmp_path, text))
    assert short(found.table) == expected


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        (of("association", "a", P), ["r", "q"]),
        (of("association", "a", P) + of("association", "b", P, f"{TABLE}.s.id"), ["r", "s"]),
        (of("association", "a", P, "var.some"), ["?", "?"]),
    ],
)
def test_each_end_of_a_peering_is_associated_at_its_own_gateway(
    tmp_path: Path, text: str, tables: list[str]
) -> None:
    parts = hub("t", **OFF) + hub("u", **OFF) + peering() + accepter(P) + table() + table("s", "u")
    found = network(tmp_path, parts, text).attachments
    assert [short(each.table) if each.table else "q" for each in found] == tables


STATIC = {"destination_cidr_block": '"10.2.0.0/16"'}
BOTH = hub(**OFF) + attached() + attached("w")
THERE = "10.2.0.0/16 v"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (of("route", "a", V, **STATIC), [THERE]),
        (of("route", "a", V, count="var.some", **STATIC), [THERE + " perhaps"]),
        (of("route", "a", V, "var.some", **STATIC), [THERE + " perhaps"]),
        (of("route", "a", V, f"{TGW}.t.id", **STATIC), []),
        (of("route", "a", V, "aws_vpc.v.id", **STATIC), []),
        (block("data aws_ssm_parameter", "p") + of("route", "a", V,
         "data.aws_ssm_parameter.p.value", **STATIC), [THERE + " perhaps"]),
        (block("data aws_ssm_parameter", "p") + of("propagation", "a", V,
         "data.aws_ssm_parameter.p.value"), ["10.0.0.0/16 v learned perhaps"]),
        (table("x", kind="data ", tags='{ Name = "other" }')
         + of("route", "a", V, f"data.{TABLE}.x.id", **STATIC), []),
        (of("route", "a", V, '"tgw-rtb-0123456789abcdef0"', **STATIC), []),
        (block("awscc_ec2_transit_gateway", "n") + of("route", "a", V,
         "awscc_ec2_transit_gateway.n.association_default_route_table_id", **STATIC), []),
        (of("route", "a", V, destination_cidr_block="var.some"), ["? v"]),
        (of("route", "a", V), ["? v"]),
        (of("route", "a", "null", blackhole="true", **STATIC), ["10.2.0.0/16 None"]),
        (of("route", "a", "null", blackhole="var.some", **STATIC), ["10.2.0.0/16 ?"]),
        (of("propagation", "a", V), ["10.0.0.0/16 v learned"]),
        (of("propagation", "a", V, count="var.some"), ["10.0.0.0/16 v learned perhaps"]),
        (of("propagation", "a", V, "var.some"), ["10.0.0.0/16 v learned perhaps"]),
        (of("propagation", "a", V, f"{TGW}.t.id"), []),
        (table("x", kind="data ") + of("route", "a", V, f"data.{TABLE}.x.id", **STATIC),
         [THERE + " perhaps"]),
    ],
)  # fmt: skip
def test_a_table_has_the_routes_that_name_it_and_perhaps_those_of_an_unknown_one(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    whole = network(tmp_path, BOTH, table(), text)
    found = named(whole, f"{TABLE}.r")
    assert rows(found) == expected
    assert found.rest is None
    assert all(each.declared for each in whole.transit_tables)


def test_a_table_that_is_looked_up_has_its_routes_for_certain_and_others_perhaps(
    tmp_path: Path,
) -> None:
    route = of("route", "a", V, f"data.{TABLE}.x.id", **STATIC)
    found = network(tmp_path, BOTH, table(), table("x", kind="data "), route)
    looked_up = named(found, f"data.{TABLE}.x")
    assert rows(looked_up) == [THERE]
    assert isinstance(looked_up.rest, Unknown)
    assert looked_up.rest.reason == f"data.{TABLE}.x is made elsewhere"
    own = named(found, ".r")
    assert [route.maybe.reason for route in own.routes if route.maybe] == [
        f"which table data.{TABLE}.x is is not known"
    ]


def test_a_route_may_be_for_a_list_of_blocks(tmp_path: Path) -> None:
    blocks = """
resource aws_ec2_managed_prefix_list l {
  address_family = "IPv4"
  max_entries    = 2
  entry { cidr = "10.2.0.0/16" }
  entry { cidr = "10.3.0.0/16" }
}
"""
    reference = block(
        f"{TGW}_prefix_list_reference", "a", prefix_list_id="aws_ec2_managed_prefix_list.l.id",
        transit_gateway_attachment_id=V, transit_gateway_route_table_id=f"{TABLE}.r.id",
    )  # fmt: skip
    found = network(tmp_path, BOTH, table(), blocks, reference)
    assert rows(named(found, ".r")) == [THERE, "10.3.0.0/16 v"]


@pytest.mark.parametrize("end", ["var.some", f"data.{TGW}_attachment.x.id"])
def test_a_table_may_learn_anything_from_what_is_not_known(tmp_path: Path, end: str) -> None:
    text = block(f"data {TGW}_attachment", "x") + of("propagation", "a", end)
    found = named(network(tmp_path, BOTH, table(), text), ".r")
    assert rows(found) == []
    assert found.rest is not None
    assert found.rest.reason == f"it is not known what {TABLE}_propagation.a announces"


GIVEN = of("association", "a", V, f"{TGW}.t.association_default_route_table_id")


@pytest.mark.parametrize(
    ("text", "routes", "open_"),
    [
        (hub() + attached(), ["10.0.0.0/16 v learned"], False),
        (hub() + attached() + attached("w"), ["10.0.0.0/16 v learned", "10.1.0.0/16 w learned"],
         False),
        (hub(default_route_table_propagation='"disable"') + attached(), [], False),
        (hub(default_route_table_propagation="var.some") + attached(), [], True),
        (hub() + attached(transit_gateway_default_route_table_propagation="false"), [], False),
        (hub() + attached() + hub("u", default_route_table_propagation="var.some")
         + attached("w", hub="u"), ["10.0.0.0/16 v learned"], False),
        (hub() + attached() + attached("w", transit_gateway_id="var.some"),
         ["10.0.0.0/16 v learned"], True),
        (hub(default_route_table_propagation="var.some") + hub("u") + peering() + GIVEN
         + attached(transit_gateway_default_route_table_propagation="false"), [], False),
        (hub() + hub("u") + peering() + accepter(P), [], False),
    ],
)  # fmt: skip
def test_the_default_table_learns_from_all_that_use_it(
    tmp_path: Path, text: str, routes: list[str], open_: bool
) -> None:
    """A peering announces nothing, whatever the gateway does."""
    found = named(network(tmp_path, text), DEFAULT)
    assert rows(found) == routes
    assert (found.rest is not None) is open_


def test_a_route_may_be_in_the_default_table_or_in_another(tmp_path: Path) -> None:
    """Where a condition names the two; a third one has it for certain not."""
    default = f"{TGW}.t.association_default_route_table_id"
    either = f'var.some == "x" ? {default} : {TABLE}.r.id'
    own = hub(default_route_table_propagation='"disable"') + attached() + table() + table("s")
    for end, at in ((either, {DEFAULT, ".r"}), ("var.some", {DEFAULT, ".r", ".s"})):
        found = network(tmp_path, own, of("route", "a", V, end, **STATIC))
        for name in (DEFAULT, ".r", ".s"):
            assert rows(named(found, name)) == [THERE + " perhaps"] * (name in at)


def replaced(at: str, table: str, hub: str = "t") -> str:
    return block(
        f"{TGW}_default_route_table_propagation", at, transit_gateway_id=f"{TGW}.{hub}.id",
        transit_gateway_route_table_id=table,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("", False),
        (replaced("x", f"{TABLE}.r.id"), True),
        (replaced("x", f"{TABLE}.s.id"), False),
        (replaced("x", "var.some"), True),
        (hub("u") + replaced("x", f"{TABLE}.r.id", "u"), False),
    ],
)
def test_a_table_that_is_made_the_default_one_may_learn_from_all_that_use_it(
    tmp_path: Path, text: str, open_: bool
) -> None:
    """Those do that are attached after it."""
    found = network(tmp_path, hub(), attached(), table(), table("s"), text)
    assert (named(found, ".r").rest is not None) is open_


TEMPLATE = """
Parameters: {Some: {Type: String}}
Resources:
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Tgw:
    Type: AWS::EC2::TransitGateway
    Properties: {Description: hub%s}
  Own:
    Type: AWS::EC2::TransitGatewayVpcAttachment
    Properties: {TransitGatewayId: !Ref Tgw, VpcId: !Ref V, SubnetIds: []}
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "default route table of Tgw"),
        (", AssociationDefaultRouteTableId: !Ref Some", "?"),
        (", AssociationDefaultRouteTableId: tgw-rtb-0123456789abcdef0", "?"),
        (", PropagationDefaultRouteTableId: !Ref Some", "default route table of Tgw"),
    ],
)
def test_a_template_may_name_another_default_table(
    tmp_path: Path, said: str, expected: str
) -> None:
    (found,) = unjudged(tmp_path, {"template.yaml": TEMPLATE % said}).attachments
    assert fact(found.table) == expected
