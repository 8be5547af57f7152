"""What is wrong with a template, and where; and what is refused because it would explode."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.value import ListValue, MapValue, Unknown
from tests.templates import VPC, by_address, checks, only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: [\n", ("IAC001", 2)),
        ("Resources:\n\tV: {Type: AWS::EC2::VPC}\n", ("IAC001", 2)),
        ("Resources:\n  A: {Type: AWS::EC2::EIP, Properties: {X: !Ref Nope}}\n", ("IAC002", 2)),
        ("Resources:\n  A: {Type: AWS::EC2::EIP,\n      DependsOn: Nope}\n", ("IAC002", 3)),
        ("Resources:\n  A: {Properties: {}}\n", ("IAC001", 2)),
        ("Resources:\n  A: {Type: AWS::EC2::EIP, Condition: Nope}\n", ("IAC002", 2)),
        ("Resources: " + "[" * 3000 + "]" * 3000, ("IAC004", 1)),
        ("a: &a [*a]\nResources: {}\n", ("IAC001", 1)),
        (
            "Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\n"
            "Resources: {V: {Type: AWS::EC2::VPC, Condition: A}}\n",
            ("IAC002", 2),
        ),
        (
            "Resources:\n  A: {Type: AWS::EC2::VPC, Properties: {C: !GetAtt B.C}}\n"
            "  B: {Type: AWS::EC2::VPC, Properties: {C: !GetAtt A.C}}\n",
            ("IAC002", 3),
        ),
    ],
)
def test_what_is_wrong_has_a_place(tmp_path: Path, text: str, expected: tuple[str, int]) -> None:
    root = only(tmp_path, text)
    assert [(p.check, p.span.line) for p in root.problems] == [expected]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("SecurityGroupIngres: []", "SecurityGroupIngress"),
        ("securityGroupEgress: !Ref Rules", "SecurityGroupEgress"),
    ],
)
def test_a_misspelt_property_is_reported_and_what_is_meant_is_not_known(
    tmp_path: Path, wrong: str, right: str
) -> None:
    text = (
        "Parameters: {Rules: {Type: String}}\n"
        "Resources:\n"
        "  G:\n"
        "    Type: AWS::EC2::SecurityGroup\n"
        f"    Properties:\n      {wrong}\n      GroupDescription: x\n"
    )
    root = only(tmp_path, text)
    (problem,) = root.problems
    assert (problem.check, problem.span.line, problem.span.column) == ("IAC002", 6, 7)
    assert f'"{right}" is' in problem.message
    assert isinstance(by_address(root.worlds[0])["G"].attributes[right], Unknown)


def test_a_misspelt_property_within_another_is_reported_too(tmp_path: Path) -> None:
    text = (
        "Resources:\n"
        "  H:\n"
        "    Type: AWS::EC2::Instance\n"
        "    Properties:\n"
        "      NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAdress: !Ref AWS::Region}]\n"
    )
    root = only(tmp_path, text)
    assert checks(root) == ["IAC002"]
    interfaces = by_address(root.worlds[0])["H"].attributes["NetworkInterfaces"]
    assert isinstance(interfaces, ListValue)
    (interface,) = interfaces
    assert isinstance(interface, MapValue)
    assert isinstance(interface.items["AssociatePublicIpAddress"], Unknown)


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, BrandNew: 1}}",
        "{Type: AWS::EC2::Subnet, Properties: {CidrBlock: 10.0.0.0/24, Ipv6CidrBlock: '::/64'}}",
        "{Type: Custom::Group, Properties: {SecurityGroupIngres: []}}",
        "{Type: AWS::EC2::BrandNew, Properties: {SecurityGroupIngres: []}}",
        "{Type: AWS::EC2::SecurityGroup, Properties: {Tags: [{Key: Ky, Value: Vale}]}}",
    ],
)
def test_properties_that_are_new_or_of_other_types_are_not_misspelt(
    tmp_path: Path, resource: str
) -> None:
    assert only(tmp_path, f"Resources:\n  R: {resource}\n").problems == ()


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    text = "a0: &a0 [x, x]\n"
    text += "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert checks(only(tmp_path, text + "Resources:\n" + VPC)) == ["IAC004"]


def test_an_exploding_loop_is_refused(tmp_path: Path) -> None:
    inner = "{'V${A}${B}${C}': {Type: AWS::EC2::EIP}}"
    for name in "CBA":
        inner = f"{{'Fn::ForEach::{name}': [{name}, {list(range(100))}, {inner}]}}"
    assert checks(only(tmp_path, f"Resources: {inner}\n")) == ["IAC004"]


def test_growing_texts_and_lists_are_refused(tmp_path: Path) -> None:
    text = "Resources:\n  A0: {Type: T::T::T, Properties: {S: xxxxxxxx, L: [a]}}\n"
    for n in range(1, 40):
        here, before = f"A{n}", f"A{n - 1}"
        text += (
            f"  {here}: {{Type: T::T::T, Properties: {{S: !Sub '${{{before}.S}}${{{before}.S}}', "
            f"L: [!GetAtt {before}.L, !GetAtt {before}.L]}}}}\n"
        )
    assert set(checks(only(tmp_path, text))) == {"IAC004"}
