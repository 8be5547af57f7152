"""What must hold for every template: worlds are exact, and the notation does not matter."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iaclint.cloudformation import load
from iaclint.cloudformation.places import to_json
from iaclint.resource import Inputs, Root
from iaclint.source import Sources

NAMES = ("A", "B", "C")
VALUES = ("x", "y", "z")

conditions = st.recursive(
    st.tuples(st.sampled_from(NAMES), st.sampled_from((*VALUES, "never"))).map(
        lambda pair: {"Fn::Equals": [{"Ref": pair[0]}, pair[1]]}
    )
    | st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(
        lambda pair: {"Fn::Equals": [{"Ref": pair[0]}, {"Fn::Sub": f"${{{pair[1]}}}"}]}
    )
    | st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(
        lambda pair: {"Fn::Equals": ["x-y", {"Fn::Sub": f"${{{pair[0]}}}-${{{pair[1]}}}"}]}
    ),
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda found: {"Fn::And": found})
        | st.lists(inner, min_size=2, max_size=3).map(lambda found: {"Fn::Or": found})
        | inner.map(lambda found: {"Fn::Not": [found]})
    ),
    max_leaves=6,
)


def template(definitions: list[object], parameters: dict[str, object]) -> str:
    names = [f"C{number}" for number in range(len(definitions))]
    return json.dumps(
        {
            "Parameters": parameters,
            "Conditions": dict(zip(names, definitions, strict=True)),
            "Resources": {
                name.replace("C", "R"): {"Type": "AWS::EC2::EIP", "Condition": name}
                for name in names
            },
        }
    )


def existing(tmp_path: Path, text: str, given_values: dict[str, str]) -> set[frozenset[str]]:
    path = tmp_path / "t.json"
    path.write_text(text)
    (root,) = load([path], Sources(base=tmp_path), Inputs(parameters=given_values))
    for world in root.worlds:
        assert all(resource.maybe is None for resource in world.resources)
    return {frozenset(r.address for r in world.resources) for world in root.worlds}


@settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(conditions, min_size=1, max_size=3))
def test_worlds_are_what_all_values_together_give(
    tmp_path: Path, definitions: list[object]
) -> None:
    """With allowed values every assignment can be tried: each outcome is a world, no other is."""
    declared: dict[str, object] = {
        name: {"Type": "String", "AllowedValues": list(VALUES)} for name in NAMES
    }
    text = template(definitions, declared)
    tried: set[frozenset[str]] = set()
    for values in product(VALUES, repeat=len(NAMES)):
        tried |= existing(tmp_path, text, dict(zip(NAMES, values, strict=True)))
    assert existing(tmp_path, text, {}) == tried


SHORT = """\
Parameters: {Env: {Type: String, Default: prod}, Open: {Type: String}}
Mappings: {M: {prod: {Cidr: 10.0.0.0/16, Size: 8}}}
Conditions: {Prod: !Equals [!Ref Env, prod], Both: !And [!Condition Prod, !Not [!Condition No]],
  'No': !Equals [a, b]}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !FindInMap [M, !Ref Env, Cidr]
      EnableDnsSupport: true
      Tags: [{Key: Name, Value: !Sub 'vpc-${Env}-${Open}'}]
  Subnet:
    Type: AWS::EC2::Subnet
    DependsOn: Vpc
    Condition: Both
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 2, 8]]
      MapPublicIpOnLaunch: !If [Prod, true, !Ref 'AWS::NoValue']
      Names: !Split [',', !Join [',', [a, !Ref Env, 3]]]
      Data: !Base64 {'Fn::Sub': ['${X}', {X: !Ref Open}]}
      Import: !ImportValue nowhere
"""
LONG = {
    "Parameters": {"Env": {"Type": "String", "Default": "prod"}, "Open": {"Type": "String"}},
    "Mappings": {"M": {"prod": {"Cidr": "10.0.0.0/16", "Size": 8}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Both": {"Fn::And": [{"Condition": "Prod"}, {"Fn::Not": [{"Condition": "No"}]}]},
        "No": {"Fn::Equals": ["a", "b"]},
    },
    "Resources": {
        "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": {"Fn::FindInMap": ["M", {"Ref": "Env"}, "Cidr"]},
                "EnableDnsSupport": True,
                "Tags": [{"Key": "Name", "Value": {"Fn::Sub": "vpc-${Env}-${Open}"}}],
            },
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "DependsOn": "Vpc",
            "Condition": "Both",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "CidrBlock": {
                    "Fn::Select": [
                        1,
                        {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 2, 8]},
                    ]
                },
                "MapPublicIpOnLaunch": {"Fn::If": ["Prod", True, {"Ref": "AWS::NoValue"}]},
                "Names": {"Fn::Split": [",", {"Fn::Join": [",", ["a", {"Ref": "Env"}, 3]]}]},
                "Data": {"Fn::Base64": {"Fn::Sub": ["${X}", {"X": {"Ref": "Open"}}]}},
                "Import": {"Fn::ImportValue": "nowhere"},
            },
        },
    },
}


def described(root: Root) -> object:
    return [
        (
            world.assumption,
            [
                (
                    r.kind,
                    r.address,
                    sorted(r.depends),
                    {k: to_json(v) for k, v in r.attributes.items()},
                )
                for r in world.resources
            ],
        )
        for world in root.worlds
    ]


def test_short_yaml_and_long_json_mean_the_same(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(SHORT)
    (tmp_path / "t.json").write_text(json.dumps(LONG, indent=2))
    sources = Sources(base=tmp_path)
    (short,) = load([tmp_path / "t.yaml"], sources, Inputs())
    (long,) = load([tmp_path / "t.json"], sources, Inputs())
    assert described(short) == described(long)
    assert not short.problems


def test_the_order_of_files_does_not_change_the_answer(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "Resources: {V: {Type: AWS::EC2::VPC}}\nOutputs: {V: {Value: !Ref V, Export: {Name: v}}}\n"
    )
    (tmp_path / "b.yaml").write_text(
        "Resources: {S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue v}}}\n"
    )
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    found = []
    for order in (paths, paths[::-1]):
        (root,) = load(order, Sources(base=tmp_path), Inputs())
        resources = {r.address: {k: to_json(v) for k, v in r.attributes.items()}
                     for r in root.worlds[0].resources}  # fmt: skip
        found.append(resources)
    assert found[0] == found[1]
