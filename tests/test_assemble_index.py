"""
What a reference means: the one thing it names, why that cannot be told, or that nothing is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from iaclint.assemble.index import (
    Index,
    direct_ref,
    flat,
    name_of,
    short,
    split,
    tag_of,
    unusable,
    written,
)
from iaclint.aws.instance import KeyPair
from iaclint.aws.security_group import SecurityGroup, SecurityGroupRule
from iaclint.aws.shape import Declared, decode
from iaclint.aws.vpc import Vpc
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value
from tests.parts import SOME, line, named, thing, value

RESOURCES = (
    thing("aws_vpc.a"),
    thing("aws_vpc.b"),
    thing("data.aws_vpc.c"),
    thing("aws_key_pair.one", key_name="one"),
    thing("aws_key_pair.two", key_name="two"),
    thing("aws_key_pair.here", key_name="twice"),
    thing("aws_key_pair.there", key_name="twice"),
    thing("aws_key_pair.later", key_name=SOME),
    thing("aws_security_group.g", ingress=[{"from_port": 22, "to_port": 22, "protocol": "tcp"}]),
)
INDEX = Index(decode(RESOURCES), RESOURCES)


def one_of(*choices: object) -> Unknown:
    """What a condition decides."""
    return Unknown("it hangs on a condition", choices=tuple(value(each) for each in choices))


def told(found: Declared | Unknown | None) -> str | None:
    """A question mark for what cannot be told."""
    if isinstance(found, Declared):
        return found.address
    return None if found is None else "?"


def test_what_is_only_looked_up_is_there_for_those_who_ask_for_it() -> None:
    assert [told(each) for each in INDEX.all(Vpc)] == ["aws_vpc.a", "aws_vpc.b"]
    assert [told(each) for each in INDEX.all(Vpc, data=True)] == [
        "aws_vpc.a", "aws_vpc.b", "data.aws_vpc.c"
    ]  # fmt: skip
    assert len(list(INDEX.all(Declared))) == len(INDEX.declared) - 1


def test_at_an_address_is_what_has_the_class_that_is_asked_for() -> None:
    """A group and the rule that is written in it are at one address."""
    group = INDEX.at("aws_security_group.g", SecurityGroup)
    rule = INDEX.at("aws_security_group.g", SecurityGroupRule)
    assert isinstance(group, SecurityGroup)
    assert isinstance(rule, SecurityGroupRule)
    assert INDEX.at("aws_security_group.g", Vpc) is None
    assert INDEX.at("aws_security_group.other", SecurityGroup) is None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, None),
        (value(None), None),
        (named("aws_vpc.a"), "aws_vpc.a"),
        (named("data.aws_vpc.c"), "data.aws_vpc.c"),
        (named("aws_security_group.g"), "?"),
        (SOME, "?"),
        (value("vpc-0123456789abcdef0"), "?"),
        (value([named("aws_vpc.a"), named("aws_vpc.b")]), "?"),
        (one_of(named("aws_vpc.a"), named("aws_vpc.a")), "aws_vpc.a"),
        (one_of(named("aws_vpc.a"), named("aws_vpc.b")), "?"),
        (one_of(named("aws_vpc.a"), None), "?"),
        (one_of(named("aws_vpc.a"), "vpc-0123456789abcdef0"), "?"),
        (one_of(None, None), "?"),
        (one_of(named("aws_vpc.a")), "aws_vpc.a"),
    ],
)  # fmt: skip
def test_a_value_means_the_one_thing_that_it_can_be(given: Value | None, found: str | None) -> None:
    assert told(INDEX.find(given, Vpc)) == found


def test_why_it_cannot_be_told_is_why_the_value_is_not_known() -> None:
    """Also in a list of one; a plain id is of something that is not here."""
    assert INDEX.find(SOME, Vpc) is SOME
    assert INDEX.find(value([SOME]), Vpc) is SOME
    found = INDEX.find(value("vpc-1"), Vpc)
    assert isinstance(found, Unknown)
    assert found.reason == '"vpc-1" is not declared here'


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (value("one"), "aws_key_pair.one"),
        (value("two"), "aws_key_pair.two"),
        (value("three"), "?"),
        (value("twice"), "?"),
        (named("aws_key_pair.two"), "aws_key_pair.two"),
        (SOME, "?"),
        (None, None),
    ],
)
def test_a_name_that_is_written_down_means_the_one_thing_that_has_it(
    given: Value | None, found: str | None
) -> None:
    assert told(INDEX.named(given, KeyPair)) == found


def test_a_name_that_is_not_known_is_not_that_of_another_whose_name_is_not_known() -> None:
    assert INDEX.named(SOME, KeyPair) is SOME


ONE_PARAMETER = Unknown('parameter "One" has no value', line(5), "--param One=…")
OTHER_PARAMETER = Unknown('parameter "Other" has no value', line(6), "--param Other=…")


def joined(*parts: str | Unknown) -> Unknown:
    """A text of which some pieces are not known."""
    return Unknown("a piece is not known", line(7), parts=parts)


@pytest.mark.parametrize(
    ("name", "asked", "same"),
    [
        (ONE_PARAMETER, replace(ONE_PARAMETER, span=line(9)), True),
        (ONE_PARAMETER, OTHER_PARAMETER, False),
        (joined("web-", ONE_PARAMETER), joined("web-", replace(ONE_PARAMETER, reason="")), True),
        (joined("web-", ONE_PARAMETER), joined("web-", OTHER_PARAMETER), False),
        (joined("web-", ONE_PARAMETER), joined("db-", ONE_PARAMETER), False),
        (joined("web-", ONE_PARAMETER), ONE_PARAMETER, False),
        (joined("web-", named("aws_vpc.a")), joined("web-", named("aws_vpc.a")), False),
        (joined("web-", SOME), joined("web-", SOME), False),
        (SOME, ONE_PARAMETER, False),
    ],
)
def test_a_name_that_nobody_gave_yet_is_the_same_wherever_it_is_used(
    name: Unknown, asked: Unknown, same: bool
) -> None:
    """A piece that nobody can give is none to go by: it may differ from place to place."""
    pairs = (thing("aws_key_pair.a", key_name=name), thing("aws_key_pair.b", key_name="b"))
    found = Index(decode(pairs), pairs).named(asked, KeyPair)
    assert told(found) == ("aws_key_pair.a" if same else "?")


def test_nothing_is_named_where_nothing_is_given_though_something_has_no_name() -> None:
    """Nor what has the name that nobody gave yet, where two have it."""
    pairs = (thing("aws_key_pair.a"), thing("aws_key_pair.b", key_name=ONE_PARAMETER))
    index = Index(decode(pairs), pairs)
    assert index.named(None, KeyPair) is None
    assert told(index.named(ONE_PARAMETER, KeyPair)) == "aws_key_pair.b"
    twice = (*pairs, thing("aws_key_pair.c", key_name=ONE_PARAMETER))
    assert Index(decode(twice), twice).named(ONE_PARAMETER, KeyPair) is ONE_PARAMETER


@pytest.mark.parametrize(
    ("plain", "supply", "reason"),
    [
        ("", "--var network=…", '"network" is empty by default'),
        (" ", "--var network=…", '"network" is empty by default'),
        ("vpc-1", "--var network=…", "nothing has it"),
        ("", "", "nothing has it"),
    ],
)
def test_an_empty_default_is_there_to_be_filled_in(plain: str, supply: str, reason: str) -> None:
    found = unusable(Scalar(plain, line(5), supply=supply), plain, "nothing has it")
    assert (found.reason, found.supply, found.span) == (reason, supply, line(5))
    assert unusable(None, "", "nothing has it").span is None


# ---- lists -----------------------------------------------------------------------------------

REF = named("aws_vpc.a")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (REF, "aws_vpc.a"), (value([REF]), "aws_vpc.a"), (value([[REF]]), "aws_vpc.a"),
        (value([REF, REF]), None), (value([]), None), (value(["x"]), None),
        (ListValue((REF,), line(5), more=SOME), None), (SOME, None), (value("x"), None),
        (None, None),
    ],
)  # fmt: skip
def test_a_list_of_one_is_what_is_in_it(given: Value | None, address: str | None) -> None:
    found = direct_ref(given)
    assert (found.address if found else None) == address


def plain(values: Iterable[Value]) -> list[object]:
    """Values to compare with."""
    return [each.value if isinstance(each, Scalar) else each for each in values]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", ["b", ["c"]]], ["a", "b", "c"]),
        (["a", None, "b"], ["a", "b"]),
        (["a", SOME], ["a", SOME]),
        ("a", ["a"]),
        (None, []),
    ],
)
def test_lists_in_a_list_are_opened_and_nothing_is_no_element(
    given: object, found: list[object]
) -> None:
    assert plain(flat(value(given))) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["a,b", "c"], ["a", "b", "c"]),
        (["a , b"], ["a", "b"]),
        (["a", 5, SOME], ["a", 5, SOME]),
        (Unknown("it has two", parts=("a, ", REF)), ["a", REF]),
        ([Unknown("it has two", parts=(REF, ",", REF))], [REF, REF]),
    ],
)  # fmt: skip
def test_an_element_with_commas_in_it_is_several(given: object, found: list[object]) -> None:
    assert plain(split(value(given))) == found


def test_what_is_no_text_is_one_element() -> None:
    block = value({"id": "a,b"})
    assert list(split(ListValue((block,), line(5)))) == [block]


def test_the_pieces_of_a_text_are_where_the_text_is() -> None:
    joined = Unknown("it has two", line(40), parts=("a,", REF))
    assert [each.span for each in split(joined)] == [line(40), REF.span]
    nowhere = Unknown("it has two", parts=("a,b", REF))
    assert [each.span for each in split(nowhere)] == [Span("", 1)] * 2


# ---- tags ------------------------------------------------------------------------------------

IN_A_TEMPLATE = [{"Key": "Name", "Value": "web"}, {"Key": "Owner", "Value": "me"}]
IN_BLOCKS = [{"key": "Name", "value": "web"}, {"key": "Owner", "value": "me"}]

FURTHER = MapValue({"Name": value("web")}, line(5), more=SOME)
MERGED = ListValue((), line(5), more=SOME)


@pytest.mark.parametrize(
    ("given", "names", "owners"),
    [
        ({"Name": "web", "Owner": "me"}, ["web"], ["me"]),
        (IN_A_TEMPLATE, ["web"], ["me"]),
        (IN_BLOCKS, ["web"], ["me"]),
        ({"Name": SOME}, [SOME], []),
        ([{"Key": "Name", "Value": SOME}], [SOME], []),
        ([{"Key": SOME, "Value": "web"}], [], []),
        ({"Name": None, "Owner": "me"}, [], ["me"]),
        ([], [], []),
        (SOME, [SOME], [SOME]),
        ([SOME], [SOME], [SOME]),
        ([SOME, {"Key": "Name", "Value": "web"}], ["web"], [SOME]),
        (FURTHER, ["web"], [SOME]),
        (MERGED, [SOME], [SOME]),
    ],
)
@pytest.mark.parametrize("attribute", ["tags", "tags_all", "tag", "Tags"])
def test_a_tag_is_found_by_its_key_however_it_is_written(
    attribute: str, given: object, names: list[object], owners: list[object]
) -> None:
    """Where a tag is not given, and there may be more of them, it may be one of those."""
    tags = given if isinstance(given, MapValue | ListValue) else value(given)
    resource = replace(thing("aws_instance.host"), attributes={attribute: tags})
    assert tag_of(resource, "Name") == names
    assert tag_of(resource, "Owner") == owners
    assert name_of(tags) == (names[0] if names and isinstance(names[0], str) else "")


# ---- what is shown ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("aws_subnet.public", "public"),
        ("aws_subnet.public[0]", "public[0]"),
        ('aws_subnet.public["a"]', 'public["a"]'),
        ('aws_subnet.public["10.0.1.0/24"]', 'public["10.0.1.0/24"]'),
        ("module.net.aws_subnet.public[0]", "public[0]"),
        ("module.net[1].aws_subnet.public", "public"),
        ("module.net[1].aws_subnet.public[0]", "public[0]"),
        (r'aws_subnet.public["a\"b"]', r'public["a\"b"]'),
        ('module.net["a.b"].aws_subnet.public["a"]', 'public["a"]'),
        ("PublicSubnet", "PublicSubnet"),
        ("Stack/Network/PublicSubnet", "PublicSubnet"),
        ("default network ACL of aws_vpc.v", "v"),
        ("", ""),
    ],
)
def test_the_short_name_of_a_thing_is_the_last_part_of_its_address(
    address: str, label: str
) -> None:
    assert short(address) == label


def test_what_is_written_nowhere_is_shown_where_the_resource_is() -> None:
    assert written(Scalar("x", line(5)), line(9)) == line(5)
    assert written(Scalar("x", Span("", 1)), line(9)) == line(9)
    assert written(Unknown("it is not known"), line(9)) == line(9)
    assert written(None, line(9)) == line(9)
