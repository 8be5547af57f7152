"""What is not the template itself: SAM, the CDK, includes, macros, and loops that write it."""

from __future__ import annotations

import json
from pathlib import Path

from iaclint.cloudformation import load
from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.value import MapValue, Unknown
from tests.templates import VPC, by_address, checks, only, plain, roots


def test_sam_references_to_generated_resources_are_no_mistake(tmp_path: Path) -> None:
    text = (
        "Transform: AWS::Serverless-2016-10-31\n"
        "Globals: {Function: {VpcConfig: {SubnetIds: [subnet-1]}, Timeout: 3}}\n"
        "Resources:\n"
        "  F: {Type: AWS::Serverless::Function, Properties: {Timeout: 5}}\n"
        "Outputs: {Role: {Value: !GetAtt FRole.Arn}}\n"
    )
    root = only(tmp_path, text)
    assert not root.problems
    function = by_address(root.worlds[0])["F"]
    assert plain(function.attributes["Timeout"]) == 5
    assert isinstance(function.attributes["VpcConfig"], MapValue)


def test_a_cdk_assembly_gives_names_region_and_nested_stacks(tmp_path: Path) -> None:
    manifest = {
        "artifacts": {
            "Net": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://123456789012/eu-west-1",
                "properties": {"templateFile": "Net.template.json"},
            }
        }
    }
    parent = {
        "Resources": {
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3/${AWS::Region}/abc.json"}},
                "Metadata": {"aws:asset:path": "Child.nested.template.json"},
            },
            "Vpc8378EB38": {
                "Type": "AWS::EC2::VPC",
                "Properties": {"CidrBlock": {"Ref": "AWS::Region"}},
                "Metadata": {"aws:cdk:path": "Net/Vpc/Resource"},
            },
        }
    }
    child = {"Resources": {"Eip": {"Type": "AWS::EC2::EIP"}}}
    (root,) = roots(
        tmp_path,
        {
            "manifest.json": json.dumps(manifest),
            "Net.template.json": json.dumps(parent, indent=1),
            "Child.nested.template.json": json.dumps(child),
        },
    )
    found = by_address(root.worlds[0])
    assert found["Vpc8378EB38"].label == "Net/Vpc"
    assert found["Vpc8378EB38"].region == "eu-west-1"
    assert plain(found["Vpc8378EB38"].attributes["CidrBlock"]) == "eu-west-1"
    assert "Nested/Eip" in found


def test_a_local_include_is_inserted(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("Vpc: {Type: AWS::EC2::VPC}\n")
    (tmp_path / "tags.yaml").write_text("Domain: vpc\n")
    text = (
        "Resources:\n"
        "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}\n"
        "  Eip:\n"
        "    Type: AWS::EC2::EIP\n"
        "    Properties:\n"
        "      InstanceId: !Ref Vpc\n"
        "      Fn::Transform: {Name: AWS::Include, Parameters: {Location: tags.yaml}}\n"
    )
    root = only(tmp_path, text)
    found = by_address(root.worlds[0])
    assert set(found) == {"Vpc", "Eip"}
    assert plain(found["Eip"].attributes["Domain"]) == "vpc"
    assert not root.problems


def test_nothing_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("Vpc: {Type: AWS::EC2::VPC}\n")
    text = (
        "Resources:\n  Fn::Transform: "
        "{Name: AWS::Include, Parameters: {Location: ../secret.yaml}}\n"
        "  Eip: {Type: AWS::EC2::EIP}\n"
    )
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "t.yaml").write_text(text)
    (root,) = load([folder / "t.yaml"], Sources(base=folder), Inputs())
    assert set(by_address(root.worlds[0])) == {"Eip"}


def test_what_a_macro_may_add_is_not_missing(tmp_path: Path) -> None:
    text = "Transform: [Mine]\nResources: {E: {Type: AWS::EC2::EIP, Properties: {A: !Ref X}}}\n"
    assert not only(tmp_path, text).problems
    assert checks(only(tmp_path, text.replace("Transform: [Mine]\n", ""))) == ["IAC002"]


def test_a_macro_may_read_what_is_not_a_property(tmp_path: Path) -> None:
    text = (
        "Transform: Mine\nResources:\n"
        "  G: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngres: []}}\n"
    )
    assert only(tmp_path, text).problems == ()


def test_a_loop_over_what_is_not_known_leaves_resources_that_may_exist(tmp_path: Path) -> None:
    text = (
        "Parameters: {L: {Type: CommaDelimitedList}}\n"
        "Resources:\n"
        f"{VPC}"
        "  Fn::ForEach::Routes:\n"
        "    - R\n"
        "    - !Ref L\n"
        "    - 'Route${R}': {Type: AWS::EC2::Route, Properties: {DestinationCidrBlock: !Ref R}}\n"
    )
    root = only(tmp_path, text)
    route = by_address(root.worlds[0])["Route${R}"]
    assert route.maybe is not None
    assert route.maybe.supply == "--parameter L=…"
    assert isinstance(route.attributes["DestinationCidrBlock"], Unknown)
    assert any("Fn::ForEach::Routes" in note for note in root.notes)


def test_a_macro_is_noted(tmp_path: Path) -> None:
    root = only(tmp_path, "Transform: [Mine, AWS::LanguageExtensions]\nResources:\n" + VPC)
    assert root.notes == (
        "t.yaml: the macro Mine may change what is written, it runs only on deployment",
    )
