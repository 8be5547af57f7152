"""What conditions make of a template: a world for each combination that can be."""

from __future__ import annotations

from pathlib import Path

from iaclint.resource import Inputs
from iaclint.value import ListValue, Unknown
from tests.templates import VPC, by_address, only, plain


def test_a_default_decides_and_there_is_one_world(tmp_path: Path) -> None:
    text = (
        "Parameters: {Env: {Type: String, Default: dev}}\n"
        "Conditions: {Prod: !Equals [!Ref Env, prod]}\n"
        "Resources:\n" + VPC + "  Eip: {Type: AWS::EC2::EIP, Condition: Prod}\n"
    )
    root = only(tmp_path, text)
    (world,) = root.worlds
    assert world.assumption == ""
    assert set(by_address(world)) == {"Vpc"}
    (given,) = only(tmp_path, text, Inputs(parameters={"Env": "prod"})).worlds
    assert set(by_address(given)) == {"Vpc", "Eip"}


UNDECIDED = """\
Parameters: {Env: {Type: String}, Other: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Dev: !Equals [!Ref Env, dev]
  Unused: !Equals [!Ref Other, x]
Resources:
  A: {Type: AWS::EC2::EIP, Condition: Prod}
  B: {Type: AWS::EC2::EIP, Condition: Dev}
  C: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Sub '${Env}'}}
  D: {Type: AWS::S3::Bucket, Condition: Unused}
"""


def test_without_a_value_every_satisfiable_combination_is_a_world(tmp_path: Path) -> None:
    worlds = only(tmp_path, UNDECIDED).worlds
    assert [(w.assumption, sorted(by_address(w))) for w in worlds] == [
        ("Prod is true and Dev is false", ["A", "C", "D"]),
        ("Prod is false and Dev is true", ["B", "C", "D"]),
        ("Prod is false and Dev is false", ["C", "D"]),
    ]


def test_a_world_knows_what_it_assumes_about_the_parameter(tmp_path: Path) -> None:
    worlds = only(tmp_path, UNDECIDED).worlds
    assert plain(by_address(worlds[0])["C"].attributes["CidrBlock"]) == "prod"
    assert isinstance(by_address(worlds[2])["C"].attributes["CidrBlock"], Unknown)


def test_what_does_not_concern_the_network_is_maybe_there(tmp_path: Path) -> None:
    bucket = by_address(only(tmp_path, UNDECIDED).worlds[0])["D"]
    assert bucket.maybe is not None
    assert bucket.maybe.supply == "--parameter Other=…"


def test_allowed_values_rule_out_what_cannot_be(tmp_path: Path) -> None:
    text = (
        "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions:\n"
        "  Dev: !Equals [!Ref Env, dev]\n"
        "  Prod: !Equals [!Ref Env, prod]\n"
        "  Test: !Equals [!Ref Env, test]\n"
        "Resources:\n"
        + "".join(
            f"  {name}: {{Type: AWS::EC2::EIP, Condition: {name}}}\n"
            for name in ("Dev", "Prod", "Test")
        )
    )
    worlds = only(tmp_path, text).worlds
    assert [sorted(by_address(world)) for world in worlds] == [["Dev"], ["Prod"]]


def test_an_id_of_an_aws_type_is_never_empty(tmp_path: Path) -> None:
    text = (
        "Parameters: {Key: {Type: 'AWS::EC2::KeyPair::KeyName'}}\n"
        "Conditions: {HasKey: !Not [!Equals [!Ref Key, '']]}\n"
        "Resources: {E: {Type: AWS::EC2::EIP, Condition: HasKey}}\n"
    )
    (world,) = only(tmp_path, text).worlds
    assert set(by_address(world)) == {"E"}


def test_too_many_combinations_leave_conditions_undecided(tmp_path: Path) -> None:
    count = 8
    text = "Parameters:\n"
    text += "".join(f"  P{n}: {{Type: String}}\n" for n in range(count))
    text += "Conditions:\n"
    text += "".join(f"  C{n}: !Equals [!Ref P{n}, x]\n" for n in range(count))
    text += "Resources:\n"
    text += "".join(f"  R{n}: {{Type: AWS::EC2::EIP, Condition: C{n}}}\n" for n in range(count))
    root = only(tmp_path, text)
    assert len(root.worlds) == 16
    assert any("stay undecided" in note for note in root.notes)
    last = by_address(root.worlds[0])["R7"]
    assert last.maybe is not None


def test_an_undecided_choice_keeps_both_values(tmp_path: Path) -> None:
    text = (
        "Parameters: {P: {Type: String}}\n"
        "Conditions: {C: !Equals [!Ref P, x]}\n"
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: {N: !If [C, a, b]}}}\n"
    )
    value = by_address(only(tmp_path, text).worlds[0])["B"].attributes["N"]
    assert isinstance(value, Unknown)
    assert [plain(choice) for choice in value.choices] == ["a", "b"]


def test_tags_alone_make_no_worlds(tmp_path: Path) -> None:
    text = (
        "Parameters: {P: {Type: String}}\n"
        "Conditions: {C: !Equals [!Ref P, x]}\n"
        "Resources: {E: {Type: AWS::EC2::EIP, Properties: "
        "{Tags: [{Key: a, Value: !If [C, a, b]}]}}}\n"
    )
    assert len(only(tmp_path, text).worlds) == 1


def test_a_list_with_an_undecided_element_says_so(tmp_path: Path) -> None:
    text = (
        "Parameters: {P: {Type: String}}\n"
        "Conditions: {C: !Equals [!Ref P, x]}\n"
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: "
        "{L: [a, !If [C, b, !Ref 'AWS::NoValue']]}}}\n"
    )
    value = by_address(only(tmp_path, text).worlds[0])["B"].attributes["L"]
    assert isinstance(value, ListValue)
    second = value.items[1]
    assert isinstance(second, Unknown)
    assert [plain(choice) for choice in second.choices] == ["b", None]
