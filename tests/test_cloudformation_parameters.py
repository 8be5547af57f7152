"""What parameters are: given from outside, by default, or not known and no problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.resource import Inputs
from iaclint.value import Scalar, Unknown
from tests.templates import VPC, by_address, checks, only, plain


@pytest.mark.parametrize(
    "content",
    [
        '[{"ParameterKey": "Cidr", "ParameterValue": "10.7.0.0/16"}]',
        '{"Parameters": {"Cidr": "10.7.0.0/16"}, "Tags": {"a": "b"}}',
        '{"Cidr": "10.7.0.0/16"}',
        '["Cidr=10.7.0.0/16"]',
        "template-file-path: t.yaml\nparameters:\n  Cidr: 10.7.0.0/16\n",
        "Parameters:\n  Cidr: 10.7.0.0/16\n",
    ],
)
def test_parameter_files_of_every_shape_are_read(tmp_path: Path, content: str) -> None:
    file = tmp_path / "params.json"
    file.write_text(content)
    text = (
        "Parameters: {Cidr: {Type: String}}\n"
        "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}}\n"
    )
    root = only(tmp_path, text, Inputs(parameter_files=(str(file),)))
    value = by_address(root.worlds[0])["V"].attributes["CidrBlock"]
    assert plain(value) == "10.7.0.0/16"
    assert isinstance(value, Scalar)
    assert value.origin is not None
    assert value.origin.path == "params.json"


def test_sam_configuration_gives_parameters(tmp_path: Path) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text('[default.deploy.parameters]\nparameter_overrides = "Cidr=\\"a b\\" X=1"\n')
    text = "Parameters: {Cidr: {Type: String}}\nResources: {}\nOutputs: {O: {Value: !Ref Cidr}}\n"
    root = only(tmp_path, text, Inputs(parameter_files=(str(file),)))
    assert plain(root.worlds[0].outputs[0].value) == "a b"


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"Cidr": "a"}')
    given = Inputs(parameter_files=(str(file),), parameters={"Cidr": "b"})
    text = "Parameters: {Cidr: {Type: String}}\nResources: {}\nOutputs: {O: {Value: !Ref Cidr}}\n"
    assert plain(only(tmp_path, text, given).worlds[0].outputs[0].value) == "b"


@pytest.mark.parametrize("content", [None, "{", "[1, 2]"])
def test_a_parameter_file_that_cannot_be_used_is_reported(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "params.json"
    if content is not None:
        file.write_text(content)
    root = only(tmp_path, "Resources:\n" + VPC, Inputs(parameter_files=(str(file),)))
    assert checks(root) == ["IAC003"]


def test_secrets_are_marked(tmp_path: Path) -> None:
    text = (
        "Parameters: {P: {Type: String, NoEcho: 'true', Default: s3cret}}\n"
        "Resources: {V: {Type: AWS::EC2::VPC, Properties: {A: !Sub 'x${P}', B: !Ref P}}}\n"
    )
    attributes = by_address(only(tmp_path, text).worlds[0])["V"].attributes
    for value in attributes.values():
        assert isinstance(value, Scalar)
        assert value.sensitive


def test_the_name_of_an_ssm_parameter_stays_visible(tmp_path: Path) -> None:
    text = (
        "Parameters:\n"
        "  Ami: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/x}\n"
        "Resources: {I: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami}}}\n"
    )
    image = by_address(only(tmp_path, text).worlds[0])["I"].attributes["ImageId"]
    assert isinstance(image, Unknown)
    assert image.parts == ("{{resolve:ssm:/aws/x}}",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, "--parameter Where=…"), (Inputs(parameters={"Where": ""}), "")],
)
def test_a_default_says_how_to_give_another_value(
    tmp_path: Path, given: Inputs | None, expected: str
) -> None:
    text = (
        "Parameters: {Where: {Type: String, Default: ''}}\n"
        "Resources: {H: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Where}}}\n"
    )
    subnet = by_address(only(tmp_path, text, given).worlds[0])["H"].attributes["SubnetId"]
    assert isinstance(subnet, Scalar)
    assert (subnet.value, subnet.supply) == ("", expected)


def test_a_parameter_without_a_value_is_no_problem(tmp_path: Path) -> None:
    text = (
        "Parameters: {C: {Type: String}}\n"
        "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref C}}}\n"
    )
    assert not only(tmp_path, text).problems


def test_a_lookup_by_an_unknown_region_is_no_problem(tmp_path: Path) -> None:
    text = (
        "Mappings: {M: {eu-west-1: {A: 1}, us-east-1: {B: 2}}}\n"
        "Resources: {V: {Type: AWS::EC2::VPC, Properties: "
        "{X: !FindInMap [M, !Ref 'AWS::Region', A]}}}\n"
    )
    root = only(tmp_path, text)
    assert not root.problems
    assert plain(by_address(root.worlds[0])["V"].attributes["X"]) == 1
