"""
What a value may mean that does not say it, and what a data source may find.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from iaclint.assemble.build import Build
from iaclint.assemble.index import Index
from iaclint.assemble.meant import looked_up, may_find, meant
from iaclint.assemble.vpcs import build_vpcs
from iaclint.aws.shape import decode
from iaclint.network import Group, Maybe, RouteTable, Vpc
from iaclint.resource import Resource
from iaclint.value import MapValue, Unknown, Value
from tests.parts import OTHER, SOME, line, named, thing, value


def built(*resources: Resource) -> Build:
    """What is known once the VPCs are there."""
    build = Build(Index(decode(resources), resources))
    build_vpcs(build)
    return build


def a_table(resource: Resource | None, vpc: Maybe[Vpc] = SOME) -> RouteTable:
    """A table that is written down, or one that AWS brings."""
    address = resource.address if resource is not None else "main table"
    return RouteTable(address=address, label=address, resource=resource, vpc=vpc)


FIRST = thing("aws_route_table.first", tags={"Name": "first"})
SECOND = thing("aws_route_table.second", tags={"Name": "second"})
FOUND = thing("data.aws_route_table.found", tags={"Name": "found"})
TABLES = {
    each.address: each for each in (a_table(FIRST), a_table(SECOND), a_table(FOUND), a_table(None))
}
ALL = ["aws_route_table.first", "aws_route_table.second", "main table"]


def look(**asked: object) -> Resource:
    """Something of this kind is looked up."""
    return thing("data.aws_route_table.look", **asked)


LOOK = named("data.aws_route_table.look")


def one_of(*choices: Unknown) -> Unknown:
    """What a condition decides."""
    return Unknown("it hangs on a condition", choices=choices)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, []),
        (value("rtb-0123456789abcdef0"), []),
        # what names a thing means that one, and nothing else
        (named("aws_route_table.first"), []),
        (named("aws_vpc.v", "main_route_table_id"), []),
        (named("module.gone", "table"), []),
        # one of a few, or of all that are made here
        (one_of(named("aws_route_table.first")), ["aws_route_table.first"]),
        (one_of(named("aws_route_table.second"), SOME), ["aws_route_table.second"]),
        (one_of(named("data.aws_route_table.found")), ["data.aws_route_table.found"]),
        (SOME, ALL),
        # what is looked up
        (LOOK, ["aws_route_table.second"]),
        (named("data.aws_route_table.found"), []),
    ],
)
def test_a_value_may_mean_what_it_is_made_of_or_what_is_found(
    given: Value | None, expected: list[str]
) -> None:
    """What is looked up is not found by another look, and is none of all that are made here."""
    resources = (FIRST, SECOND, FOUND, look(tags={"Name": "second"}), thing("aws_vpc.v"))
    assert [each.address for each in meant(built(*resources), given, TABLES)] == expected


def test_a_look_that_asks_for_nothing_may_find_all_that_are_made_here() -> None:
    build = built(FIRST, SECOND, FOUND, look())
    assert [each.address for each in meant(build, LOOK, TABLES)] == ALL


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (LOOK, "data.aws_route_table.look"),
        (named("aws_route_table.first"), None),
        (named("data.aws_route_table.gone"), None),
        (SOME, None),
        (value("rtb-0123456789abcdef0"), None),
        (None, None),
    ],
)
def test_the_answer_of_a_data_source_is_looked_up(given: Value | None, address: str | None) -> None:
    found = looked_up(built(FIRST, look()), given)
    assert (found.address if found else None) == address


def asks(name: object, *values: object) -> dict[str, object]:
    """A filter of a data source."""
    return {"filter": [{"name": name, "values": list(values)}]}


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ({}, True),
        ({"id": "rtb-0123456789abcdef0"}, False),
        ({"route_table_id": "rtb-0123456789abcdef0"}, False),
        ({"route_table_id": SOME}, True),
        (asks("route-table-id", "rtb-0123456789abcdef0"), False),
        (asks("route-table-id", "rtb-0123456789abcdef0", SOME), True),
        (asks("route-table-id", SOME), True),
        (asks("route-table-id"), True),
        (asks("association.main", "rtb-0123456789abcdef0"), True),
        (asks(SOME, "rtb-0123456789abcdef0"), True),
        (asks(None, "rtb-0123456789abcdef0"), True),
    ],
)
def test_an_id_that_is_written_down_is_of_something_that_is_not_made_here(
    asked: dict[str, object], finds: bool
) -> None:
    source = look(**asked)
    assert may_find(built(FIRST, source), source, a_table(FIRST)) is finds


# ---- tags ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ({"tags": {"Name": "first"}}, True),
        ({"instance_tags": {"Name": "first"}}, True),
        ({"tags": {"Name": "f*"}}, True),
        ({"tags": {"Name": "?irst"}}, True),
        ({"tags": {"Name": SOME}}, True),
        ({"tags": SOME}, True),
        ({"tags": {"Name": "second"}}, False),
        ({"tags": {"Name": "First"}}, False),
        ({"tags": {"Name": None}}, False),
        ({"instance_tags": {"Name": "second"}}, False),
        ({"tags": {"Name": "first", "Tier": "web"}}, False),
        ({"tags": {"Tier": SOME}}, False),
        (asks("tag:Name", "second", "first"), True),
        (asks("tag:Name", "second", SOME), True),
        (asks("tag:Name", "second", "third"), False),
        (asks("tag:Name", ["second", "first"]), True),
        (asks("Name", "second"), True),
    ],
)
def test_what_is_looked_up_has_the_tags_that_are_asked_for(
    asked: dict[str, object], finds: bool
) -> None:
    """A star stands for anything, as in the filters of AWS."""
    source = look(**asked)
    assert may_find(built(FIRST, source), source, a_table(FIRST)) is finds


@pytest.mark.parametrize(
    ("asked", "finds"), [({"tags": {"Name": SOME}}, False), ({"tags": SOME}, True), ({}, True)]
)
def test_what_nobody_wrote_has_no_tags(asked: dict[str, object], finds: bool) -> None:
    source = look(**asked)
    assert may_find(built(source), source, a_table(None)) is finds


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ({"name": "web"}, True),
        ({"name": "w*"}, True),
        ({"name": SOME}, True),
        ({"name": "db"}, False),
        (asks("group-name", "db", "web"), True),
        (asks("group-name", "db"), False),
    ],
)
@pytest.mark.parametrize("attribute", ["name", "GroupName", "name_prefix"])
def test_a_group_is_looked_up_by_the_name_that_somebody_gave_it(
    attribute: str, asked: dict[str, object], finds: bool
) -> None:
    """A name that begins with a prefix is AWS's choice."""
    made = thing("aws_security_group.made", **{attribute: "web"})
    source = thing("data.aws_security_group.look", **asked)
    found = Group(address=made.address, label="made", resource=made, vpc=SOME)
    assert may_find(built(made, source), source, found) is (finds or attribute == "name_prefix")


def test_a_group_with_a_name_is_looked_up_by_its_tags() -> None:
    made = thing("aws_security_group.made", name="web", tags={"Name": "front"})
    source = thing("data.aws_security_group.look", tags={"Name": "front"})
    found = Group(address=made.address, label="made", resource=made, vpc=SOME)
    assert may_find(built(made, source), source, found)


def test_a_group_that_nobody_wrote_may_have_any_name() -> None:
    source = thing("data.aws_security_group.look", name="web")
    found = Group(address="group of vpc", label="default", resource=None, vpc=SOME)
    assert may_find(built(source), source, found)


def test_the_name_of_something_else_is_not_that_of_a_group() -> None:
    made = thing("aws_security_group.made", name="web")
    source = thing("data.aws_security_groups.look", name="db")
    found = Group(address=made.address, label="made", resource=made, vpc=SOME)
    assert may_find(built(made, source), source, found)


def test_a_bracket_stands_for_itself() -> None:
    source = look(tags={"Name": "first[1]"})
    made = thing("aws_route_table.made", tags={"Name": "first[1]"})
    other = thing("aws_route_table.other", tags={"Name": "first1"})
    build = built(made, other, source)
    assert may_find(build, source, a_table(made))
    assert not may_find(build, source, a_table(other))


@pytest.mark.parametrize(
    ("tags", "finds"),
    [
        (SOME, True),
        (value({"Name": SOME}), True),
        (MapValue({"Tier": value("web")}, line(5), more=SOME), True),
        (value({"Tier": "web"}), False),
        (MapValue({"Name": value("other")}, line(5), more=SOME), False),
    ],
)
def test_a_thing_whose_tags_are_not_known_may_be_found(tags: Value, finds: bool) -> None:
    """`merge(var.tags, { Tier = "web" })` may have any further tag."""
    made = replace(FIRST, attributes={"tags": tags})
    source = look(tags={"Name": "first"})
    assert may_find(built(made, source), source, a_table(made)) is finds


# ---- VPCs ------------------------------------------------------------------------------------

VPCS = (
    thing("aws_vpc.a", tags={"Name": "a"}),
    thing("aws_vpc.b", tags={"Name": "b"}),
    thing("aws_vpc.plain"),
    thing("data.aws_vpc.a", tags={"Name": "a"}),
    thing("data.aws_vpc.b", tags={"Name": "b"}),
    thing("data.aws_vpc.any"),
    thing("data.aws_vpc.default", default="true"),
)


@pytest.mark.parametrize(
    ("mine", "asked", "finds"),
    [
        ("aws_vpc.a", "aws_vpc.a", True),
        ("aws_vpc.a", "aws_vpc.b", False),
        ("aws_vpc.a", "aws_vpc.plain", False),
        # what is looked up may be what is made here
        ("aws_vpc.a", "data.aws_vpc.a", True),
        ("aws_vpc.a", "data.aws_vpc.any", True),
        ("aws_vpc.a", "data.aws_vpc.b", False),
        ("data.aws_vpc.a", "aws_vpc.b", True),
        ("data.aws_vpc.a", "data.aws_vpc.b", True),
        # the default VPC is none of those
        ("data.aws_vpc.default", "data.aws_vpc.default", True),
        ("data.aws_vpc.default", "aws_vpc.a", False),
        ("data.aws_vpc.default", "data.aws_vpc.any", False),
        ("aws_vpc.a", "data.aws_vpc.default", False),
        ("data.aws_vpc.a", "data.aws_vpc.default", False),
        # what is not known may be any
        ("aws_vpc.a", "", True),
        ("", "aws_vpc.a", True),
        ("", "", True),
    ],
)
def test_a_thing_is_found_in_the_vpc_that_is_asked_for(mine: str, asked: str, finds: bool) -> None:
    build = built(*VPCS)
    table = a_table(FIRST, build.vpcs[mine] if mine else SOME)
    wanted = named(asked) if asked else OTHER
    for source in (look(vpc_id=wanted), look(**asks("vpc-id", wanted))):
        assert may_find(build, source, table) is finds


def test_one_of_the_vpcs_that_are_asked_for_is_enough() -> None:
    build = built(*VPCS)
    table = a_table(FIRST, build.vpcs["aws_vpc.a"])
    both = look(**asks("vpc-id", named("aws_vpc.b"), named("aws_vpc.a")))
    assert may_find(build, both, table)
    neither = look(**asks("vpc-id", named("aws_vpc.b"), named("data.aws_vpc.b")))
    assert not may_find(build, neither, table)


def test_another_filter_that_names_a_vpc_does_not_say_where_a_thing_is() -> None:
    build = built(*VPCS)
    table = a_table(FIRST, build.vpcs["aws_vpc.a"])
    source = look(**asks("route.vpc-peering-connection-id", named("aws_vpc.b")))
    assert may_find(build, source, table)
