"""Nested stacks: which template is meant, what is handed to it, and what it hands back."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.resource import Inputs
from iaclint.value import Ref, Unknown, elements, refs
from tests.templates import VPC, by_address, only, plain, roots

PARENT = """\
Parameters: {Public: {Type: String}}
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: <URL>
      Parameters: {Cidr: 10.9.0.0/16, Public: !Ref Public}
  Web:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !GetAtt Net.Outputs.Subnet}
"""
CHILD = """\
Parameters: {Cidr: {Type: String}, Public: {Type: String}}
Conditions: {IsPublic: !Equals [!Ref Public, 'yes']}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, MapPublicIpOnLaunch: !If [IsPublic, true, false]}
Outputs:
  Subnet: {Value: !Ref Subnet}
"""


@pytest.mark.parametrize(
    "url",
    [
        "sub/net.yaml",
        "./sub/net.yaml",
        "https://s3.amazonaws.com/bucket/prefix/net.yaml",
        "!Sub 'https://${AWS::StackName}.s3.amazonaws.com/x/net.yaml'",
        "!Join ['/', [!Ref Public, x, net.yaml]]",
    ],
)
def test_a_nested_stack_is_part_of_its_parent(tmp_path: Path, url: str) -> None:
    files = {"main.yaml": PARENT.replace("<URL>", url), "sub/net.yaml": CHILD}
    (root,) = roots(tmp_path, files)
    assert root.name == "main.yaml"
    assert set(root.files) == {"main.yaml", "sub/net.yaml"}
    found = by_address(root.worlds[0])
    assert set(found) == {"Net", "Net/Vpc", "Net/Subnet", "Web"}
    assert plain(found["Net/Vpc"].attributes["CidrBlock"]) == "10.9.0.0/16"
    subnet = found["Web"].attributes["SubnetId"]
    assert isinstance(subnet, Unknown)
    assert subnet.ref == Ref("Net/Subnet", "Ref")
    assert found["Net/Vpc"].callers == (found["Net"].span,)


def test_conditions_of_a_nested_stack_follow_the_parents_parameter(tmp_path: Path) -> None:
    files = {"main.yaml": PARENT.replace("<URL>", "sub/net.yaml"), "sub/net.yaml": CHILD}
    (root,) = roots(tmp_path, files)
    flags = {
        w.assumption: plain(by_address(w)["Net/Subnet"].attributes["MapPublicIpOnLaunch"])
        for w in root.worlds
    }
    assert flags == {"Net/IsPublic is true": True, "Net/IsPublic is false": False}
    (decided,) = roots(tmp_path, files, Inputs(parameters={"Public": "yes"}))
    assert len(decided.worlds) == 1


def test_a_joined_list_of_ids_is_split_again_in_the_nested_stack(tmp_path: Path) -> None:
    parent = (
        "Resources:\n"
        "  A: {Type: AWS::EC2::Subnet}\n"
        "  B: {Type: AWS::EC2::Subnet}\n"
        "  S:\n"
        "    Type: AWS::CloudFormation::Stack\n"
        "    Properties:\n"
        "      TemplateURL: child.yaml\n"
        "      Parameters: {Ids: !Join [',', [!Ref A, !Ref B]], More: !Sub '${A},${B},subnet-1'}\n"
    )
    child = (
        "Parameters: {Ids: {Type: 'List<AWS::EC2::Subnet::Id>'}, More: {Type: String}}\n"
        "Resources:\n"
        "  G:\n"
        "    Type: AWS::AutoScaling::AutoScalingGroup\n"
        "    Properties:\n"
        "      VPCZoneIdentifier: !Ref Ids\n"
        "      Other: !Split [',', !Ref More]\n"
        "      Second: !Select [1, !Ref Ids]\n"
    )
    (root,) = roots(tmp_path, {"main.yaml": parent, "child.yaml": child})
    found = by_address(root.worlds[0])["S/G"].attributes
    ids = [list(refs(item)) for item in elements(found["VPCZoneIdentifier"])]
    assert ids == [[Ref("A", "Ref")], [Ref("B", "Ref")]]
    assert list(refs(found["Second"])) == [Ref("B", "Ref")]
    assert plain(elements(found["Other"])[2]) == "subnet-1"


@pytest.mark.parametrize("there", [True, False])
def test_a_template_that_is_named_alone_brings_what_lies_beside_it(
    tmp_path: Path, there: bool
) -> None:
    """`iaclint main.yaml` reads what `iaclint .` would: the file of the name in the bucket."""
    if there:
        (tmp_path / "net.yaml").write_text(CHILD)
    (tmp_path / "other.yaml").write_text(CHILD.replace("Cidr: {", "Range: {"))
    url = "https://s3.amazonaws.com/bucket/prefix/" + ("net.yaml" if there else "other.yaml")
    (root,) = roots(tmp_path, {"main.yaml": PARENT.replace("<URL>", url)})
    assert ("Net/Vpc" in by_address(root.worlds[0])) is there


def test_a_nested_stack_that_is_not_there_makes_unknown_outputs(tmp_path: Path) -> None:
    (root,) = roots(tmp_path, {"main.yaml": PARENT.replace("<URL>", "https://x/y/gone.yaml")})
    subnet = by_address(root.worlds[0])["Web"].attributes["SubnetId"]
    assert isinstance(subnet, Unknown)
    assert "Net" in subnet.reason
    assert not root.problems


def test_a_template_that_nests_itself_is_refused_with_its_place(tmp_path: Path) -> None:
    text = (
        "Resources:\n"
        "  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}\n" + VPC
    )
    root = only(tmp_path, text)
    assert [(p.check, p.span.line) for p in root.problems] == [("IAC004", 2)]
    assert "Vpc" in by_address(root.worlds[0])
