"""Exports and imports: which output is meant, also where a name is not known in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.value import Ref, Unknown, refs
from tests.templates import VPC, by_address, roots


@pytest.mark.parametrize(
    ("exported", "imported"),
    [
        ("net-Vpc", "net-Vpc"),
        ("!Sub '${AWS::StackName}-Vpc'", "!Sub '${Network}-Vpc'"),
        ("!Sub '${AWS::StackName}-Vpc'", "prod-Vpc"),
    ],
)
def test_an_import_is_the_value_of_the_export(tmp_path: Path, exported: str, imported: str) -> None:
    network = f"Resources:\n{VPC}Outputs:\n  V: {{Value: !Ref Vpc, Export: {{Name: {exported}}}}}\n"
    app = (
        "Parameters: {Network: {Type: String}}\n"
        "Resources: {S: {Type: AWS::EC2::Subnet, Properties: "
        f"{{VpcId: !ImportValue {imported}}}}}}}\n"
    ).replace("!ImportValue !Sub", "{'Fn::ImportValue': !Sub")
    if "{'Fn::ImportValue'" in app:
        app = app.replace("-Vpc'}", "-Vpc'}}")
    (root,) = roots(tmp_path, {"app.yaml": app, "network.yaml": network})
    found = by_address(root.worlds[0])
    vpc = found["S"].attributes["VpcId"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Ref("Vpc", "Ref")
    assert "Vpc" in found
    assert any("network.yaml" in note for note in root.notes)


def test_an_export_of_two_templates_is_ambiguous_and_stays_unknown(tmp_path: Path) -> None:
    network = f"Resources:\n{VPC}Outputs:\n  V: {{Value: !Ref Vpc, Export: {{Name: n}}}}\n"
    app = "Resources: {S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue n}}}\n"
    found = roots(tmp_path, {"a.yaml": network, "b.yaml": network, "c.yaml": app})
    assert [root.name for root in found] == ["a.yaml", "b.yaml", "c.yaml"]
    vpc = by_address(found[2].worlds[0])["S"].attributes["VpcId"]
    assert isinstance(vpc, Unknown)
    assert "several templates" in vpc.reason


def test_joined_templates_with_the_same_logical_id_keep_them_apart(tmp_path: Path) -> None:
    network = f"Resources:\n{VPC}Outputs:\n  V: {{Value: !Ref Vpc, Export: {{Name: n}}}}\n"
    app = (
        f"Resources:\n{VPC}  S: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !ImportValue n}}}}\n"
    )
    (root,) = roots(tmp_path, {"net.yaml": network, "app.yaml": app})
    found = by_address(root.worlds[0])
    assert set(found) == {"net/Vpc", "app/Vpc", "app/S"}
    vpc = found["app/S"].attributes["VpcId"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Ref("net/Vpc", "Ref")


NAMED_BY_ITS_STACK = f"""\
Resources:
{VPC}Outputs:
  Name: {{Value: !Ref AWS::StackName}}
  V: {{Value: !Ref Vpc, Export: {{Name: !Sub '${{AWS::StackName}}-Vpc'}}}}
"""

TAKES_A_NAME = """\
Parameters: {Net: {Type: String}}
Resources:
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: {'Fn::ImportValue': !Sub '${Net}-Vpc'}}}
"""

NESTS_NET = """\
Resources:
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./net.yaml}}
"""


def nests_both(output: str) -> str:
    return (
        f"{NESTS_NET}"
        "  Second: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./net.yaml}}\n"
        "  App:\n"
        "    Type: AWS::CloudFormation::Stack\n"
        f"    Properties: {{TemplateURL: ./app.yaml, Parameters: {{Net: {output}}}}}\n"
    )


@pytest.mark.parametrize("stack", ["Net", "Second"])
def test_a_name_made_from_a_stacks_own_name_is_the_export_of_that_very_stack(
    tmp_path: Path, stack: str
) -> None:
    files = {
        "main.yaml": nests_both(f"!GetAtt {stack}.Outputs.Name"),
        "net.yaml": NAMED_BY_ITS_STACK,
        "app.yaml": TAKES_A_NAME,
        "other.yaml": NESTS_NET,
    }
    main, other = roots(tmp_path, files)
    vpc = by_address(main.worlds[0])["App/S"].attributes["VpcId"]
    assert list(refs(vpc)) == [Ref(f"{stack}/Vpc", "Ref")]
    assert set(by_address(other.worlds[0])) == {"Net", "Net/Vpc"}


def test_a_name_that_either_of_two_stacks_may_have_stays_unknown(tmp_path: Path) -> None:
    files = {
        "main.yaml": nests_both("prod"),
        "net.yaml": NAMED_BY_ITS_STACK,
        "app.yaml": TAKES_A_NAME,
    }
    (main,) = roots(tmp_path, files)
    vpc = by_address(main.worlds[0])["App/S"].attributes["VpcId"]
    assert isinstance(vpc, Unknown)
    assert not list(refs(vpc))


def test_what_is_deployed_together_goes_before_another_copy(tmp_path: Path) -> None:
    parent = NESTS_NET + (
        "  App:\n"
        "    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: ./app.yaml, Parameters: {Net: prod}}\n"
    )
    files = {
        "main.yaml": parent,
        "net.yaml": NAMED_BY_ITS_STACK,
        "app.yaml": TAKES_A_NAME,
        "other.yaml": NESTS_NET,
    }
    main, _ = roots(tmp_path, files)
    vpc = by_address(main.worlds[0])["App/S"].attributes["VpcId"]
    assert list(refs(vpc)) == [Ref("Net/Vpc", "Ref")]


def imports(env: str) -> str:
    return (
        f"Parameters: {{Env: {env}}}\n"
        "Resources: {S: {Type: AWS::EC2::Subnet, Properties: "
        "{VpcId: {'Fn::ImportValue': !Sub '${Env}-vpc'}}}}\n"
    )


def exports(*names: str) -> str:
    outputs = "".join(
        f"  V{index}: {{Value: !Ref Vpc, Export: {{Name: {name}}}}}\n"
        for index, name in enumerate(names)
    )
    return f"Resources:\n{VPC}Outputs:\n{outputs}"


@pytest.mark.parametrize(
    "env",
    ["{Type: String}", "{Type: String, AllowedValues: [dev, prod]}"],
)
def test_a_name_that_is_left_open_is_the_only_export_that_it_can_become(
    tmp_path: Path, env: str
) -> None:
    files = {"app.yaml": imports(env), "net.yaml": exports("dev-vpc", "dev-subnet")}
    (root,) = roots(tmp_path, files)
    assert list(refs(by_address(root.worlds[0])["S"].attributes["VpcId"])) == [Ref("Vpc", "Ref")]


@pytest.mark.parametrize(
    ("env", "names"),
    [
        ("{Type: String}", ("dev-vpc", "prod-vpc")),
        ("{Type: String}", ("dev-subnet",)),
        ("{Type: String, AllowedValues: [test, prod]}", ("dev-vpc",)),
    ],
)
def test_a_name_that_can_become_several_exports_or_none_stays_unknown(
    tmp_path: Path, env: str, names: tuple[str, ...]
) -> None:
    files = {"app.yaml": imports(env)}
    files |= {f"net{index}.yaml": exports(name) for index, name in enumerate(names)}
    app = roots(tmp_path, files)[0]
    assert not list(refs(by_address(app.worlds[0])["S"].attributes["VpcId"]))


def test_a_name_of_which_nothing_is_known_but_punctuation_is_no_export_for_sure(
    tmp_path: Path,
) -> None:
    text = imports("{Type: String}").replace("Sub '${Env}-vpc'", "Sub '${Env}-${AWS::Region}'")
    app = roots(tmp_path, {"app.yaml": text, "net.yaml": exports("dev-vpc")})[0]
    assert not list(refs(by_address(app.worlds[0])["S"].attributes["VpcId"]))


def test_nested_stacks_import_from_each_other(tmp_path: Path) -> None:
    parent = (
        "Resources:\n"
        "  Net:\n"
        "    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: net.yaml, Parameters: {Env: prod}}\n"
        "  App:\n"
        "    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: app.yaml, Parameters: {Env: prod}}\n"
    )
    net = (
        "Parameters: {Env: {Type: String, Default: dev}}\n"
        f"Resources:\n{VPC}"
        "Outputs: {V: {Value: !Ref Vpc, Export: {Name: !Sub '${Env}-Vpc'}}}\n"
    )
    app = (
        "Parameters: {Env: {Type: String, Default: dev}}\n"
        "Resources:\n"
        "  S:\n"
        "    Type: AWS::EC2::Subnet\n"
        "    Properties: {VpcId: {'Fn::ImportValue': !Sub '${Env}-Vpc'}}\n"
    )
    (root,) = roots(tmp_path, {"main.yaml": parent, "net.yaml": net, "app.yaml": app})
    vpc = by_address(root.worlds[0])["App/S"].attributes["VpcId"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Ref("Net/Vpc", "Ref")
