"""Type constraints, conversions, numbers and values of Terraform on their own."""

from __future__ import annotations

from fractions import Fraction

import pytest

from iaclint.terraform import cty, number, types
from iaclint.terraform.cty import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    Null,
    Sensitive,
    TerraformError,
    list_,
    object_,
    tuple_,
    type_of,
    type_text,
)
from iaclint.value import Unknown


@pytest.mark.parametrize(
    "text",
    [
        "string",
        "any",
        "list(string)",
        "map(list(number))",
        "tuple([string, bool])",
        "object({a=string, b=list(any)})",
    ],
)
def test_a_type_is_written_as_it_was_read(text: str) -> None:
    assert type_text(types.parse(text)) == text


def test_comments_line_ends_and_old_spellings_are_read() -> None:
    assert types.parse("object({\n  a = string # name\n  b : number\n})") == types.parse(
        "object({a=string, b=number})"
    )
    assert types.parse('"list"') == ListType(DYNAMIC)
    assert types.parse("list") == ListType(DYNAMIC)


@pytest.mark.parametrize(
    "text",
    [
        "strin", "list()", "list(string, number)", "optional(string)", "object(string)", "list(",
        "string x", "5", "tuple(string)", "object({a=string, a=number})", "list(" * 300,
    ],
)  # fmt: skip
def test_what_is_no_type_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(TerraformError) as caught:
        types.parse(text)
    assert "type" in caught.value.message


def test_defaults_of_optional_attributes_are_filled_in_at_every_depth() -> None:
    kind = types.parse(
        'list(object({name=string, port=optional(number, 22), tags=optional(map(string), {a="b"}), '
        "more=optional(object({deep=optional(bool, true)}), {})}))"
    )
    value = tuple_([object_({"name": "x"}), object_({"name": "y", "port": None})])
    assert cty.to_json(types.constrain(value, kind)) == (
        '[{"more":{"deep":true},"name":"x","port":22,"tags":{"a":"b"}},'
        '{"more":{"deep":true},"name":"y","port":22,"tags":{"a":"b"}}]'
    )


def test_attributes_that_are_not_asked_for_are_dropped_and_missing_ones_refused() -> None:
    kind = types.parse("object({a=string, b=optional(number)})")
    assert types.convert(object_({"a": 1, "z": 2}), kind) == object_({"a": "1", "b": Null(NUMBER)})
    with pytest.raises(TerraformError, match='attribute "a" is required'):
        types.convert(object_({"b": 1}), kind)


def test_conversion_keeps_what_is_unknown_null_or_sensitive() -> None:
    kind = ListType(STRING)
    given = tuple_([1, None, Unknown("why"), Sensitive(True)])
    converted = types.convert(given, kind)
    assert converted.items[:2] == ("1", Null(STRING))
    assert (converted.items[2].reason, converted.items[2].type) == ("why", "string")
    assert converted.items[3] == Sensitive("true")
    assert type_of(types.convert(None, kind)) == kind


def test_a_type_that_does_not_convert_says_what_is_wanted() -> None:
    with pytest.raises(TerraformError, match="element 1: string required, but have tuple"):
        types.convert(tuple_(["a", tuple_([])]), ListType(STRING))
    with pytest.raises(TerraformError, match="a number is required"):
        types.convert("x", NUMBER)


def test_types_unify_to_the_most_general_one() -> None:
    def unified(*texts: str) -> str | None:
        found = types.unify([types.parse(text) for text in texts])
        return type_text(found[0]) if found else None

    assert unified("number", "string", "bool") == "string"
    assert unified("number", "bool") is None
    assert unified("tuple([number])", "tuple([string, bool])") == "list(string)"
    assert unified("object({a=number})", "object({b=string})") == "map(string)"
    assert unified("object({a=number})", "object({a=string})") == "object({a=string})"
    assert unified("list(number)", "set(number)") == "list(number)"
    assert unified("object({})", "tuple([])") is None


def test_numbers_are_exact_or_rounded_to_their_precision() -> None:
    assert number.text(number.parse("0.1")) == "0.1"
    assert number.text(number.add(number.parse("0.1"), number.parse("0.2"))) == "0.3"
    assert number.text(number.double(0.1)) == "0.1"
    assert number.text(number.divide(number.count(1), number.count(3))) == "0.33333333333333333334"
    assert len(number.text(number.divide(1, 3))) == 157
    assert number.text(Fraction(-1, 8)) == "-0.125"
    assert number.text(10**30) == "1" + "0" * 30


@pytest.mark.parametrize("text", ["", "x", "0x1", "1_0", "1e999999", "1e99999999999", " 1", "١"])
def test_what_is_no_number_or_out_of_reach_is_refused(text: str) -> None:
    with pytest.raises(number.NumberError):
        number.parse(text)


def test_sets_drop_duplicates_have_an_order_and_take_on_marks() -> None:
    assert cty.set_(NUMBER, [10, 9, Fraction(9)]).items == (9, 10)
    assert cty.set_(STRING, ["b", Null(STRING), "a", "b"]).items == ("a", "b", Null(STRING))
    assert cty.set_(STRING, [Sensitive("a")]) == Sensitive(cty.Set(STRING, ("a",)))


def test_equality_needs_the_same_type_and_waits_for_what_is_unknown() -> None:
    doubt = Unknown("later", type="string")
    assert cty.equals(1, "1") is False
    assert cty.equals(list_(NUMBER, [1]), tuple_([1])) is False
    assert cty.equals(None, Null(STRING)) is True
    assert cty.equals(doubt, 1) is False
    assert cty.equals(doubt, "a").reason == "later"
    assert cty.equals(Unknown("later", parts=("x-", doubt), type="string"), "y") is False
    assert cty.equals(Sensitive("a"), "a") == Sensitive(True)


def test_access_says_what_is_wrong() -> None:
    with pytest.raises(TerraformError, match='does not have an attribute named "b"'):
        cty.get_attribute(object_({"a": 1}), "b")
    with pytest.raises(TerraformError, match="greater than or equal to the length"):
        cty.index(tuple_([1]), 1)
    with pytest.raises(TerraformError, match="Elements of a set"):
        cty.index(cty.set_(STRING, ["a"]), 0)
    assert cty.index(tuple_(["a"]), "0") == "a"
    assert cty.get_attribute(Sensitive(object_({"a": 1})), "a") == Sensitive(1)
