"""What templates become: resources and values, each at its own place, in YAML and in JSON."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from iaclint.cloudformation import load
from iaclint.resource import Inputs
from iaclint.source import Sources, Span
from iaclint.value import MapValue, Scalar, Unknown, elements
from tests.templates import VPC, by_address, only, plain, roots

PLACES = """\
Resources:
  Web:
    Type: AWS::EC2::Instance
    DependsOn: [Attachment]
    Metadata:
      iaclint:
        ignore: [IAC201]
    Properties:
      SubnetId: !Ref Subnet
      Monitoring: true
      NetworkInterfaces:
        - DeviceIndex: 0
          GroupSet:
            - sg-1

      Tags: [{Key: a, Value: b}]
  Subnet: {Type: AWS::EC2::Subnet}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment}
"""


def test_a_resource_is_placed_at_its_logical_id(tmp_path: Path) -> None:
    web = by_address(only(tmp_path, PLACES).worlds[0])["Web"]
    assert web.span == Span("t.yaml", 2, 3, 2, 6)


def test_every_value_knows_its_own_place(tmp_path: Path) -> None:
    attributes = by_address(only(tmp_path, PLACES).worlds[0])["Web"].attributes
    assert attributes["SubnetId"].span == Span("t.yaml", 9, 17, 9, 28)
    assert attributes["Monitoring"].span == Span("t.yaml", 10, 19, 10, 23)
    interfaces = attributes["NetworkInterfaces"]
    assert interfaces.span == Span("t.yaml", 12, 9, 14, 19)
    assert attributes["Tags"].span == Span("t.yaml", 16, 13, 16, 33)


def test_dependencies_are_written_and_implied_ones(tmp_path: Path) -> None:
    web = by_address(only(tmp_path, PLACES).worlds[0])["Web"]
    assert web.depends == {"Attachment", "Subnet"}


def test_metadata_is_kept(tmp_path: Path) -> None:
    ours = by_address(only(tmp_path, PLACES).worlds[0])["Web"].metadata["iaclint"]
    assert isinstance(ours, MapValue)
    assert [plain(item) for item in elements(ours.get("ignore"))] == ["IAC201"]


def test_json_gives_the_same_places_as_yaml(tmp_path: Path) -> None:
    text = '{\n  "Resources": {\n\t"V": {"Type": "AWS::EC2::VPC",\n   "Properties": {"A": 22}}}}'
    (root,) = roots(tmp_path, {"t.json": text})
    vpc = by_address(root.worlds[0])["V"]
    assert vpc.span == Span("t.json", 3, 2, 3, 5)
    assert vpc.attributes["A"] == Scalar(22, Span("t.json", 4, 24, 4, 26))


def test_json_that_is_not_yaml_is_read(tmp_path: Path) -> None:
    text = '{"Resources": {"V": {"Type": "AWS::EC2::VPC", "Properties": {"A": "\\ud83d\\ude00"}}}}'
    (root,) = roots(tmp_path, {"t.json": text})
    assert plain(by_address(root.worlds[0])["V"].attributes["A"]) == "\U0001f600"


def test_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + ("Resources:\n" + VPC).replace("\n", "\r\n").encode())
    (root,) = load([path], Sources(base=tmp_path), Inputs())
    assert by_address(root.worlds[0])["Vpc"].span.line == 2


def test_anchors_and_merge_keys_are_resolved(tmp_path: Path) -> None:
    text = (
        "Defaults: &d {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true}\n"
        "Resources:\n"
        "  A: {Type: AWS::EC2::VPC, Properties: *d}\n"
        "  B: {Type: AWS::EC2::VPC, Properties: {<<: *d, CidrBlock: 10.1.0.0/16}}\n"
    )
    found = by_address(only(tmp_path, text).worlds[0])
    assert plain(found["A"].attributes["CidrBlock"]) == "10.0.0.0/16"
    assert plain(found["B"].attributes["CidrBlock"]) == "10.1.0.0/16"
    assert plain(found["B"].attributes["EnableDnsSupport"]) is True


def test_of_a_duplicate_key_the_last_counts_and_it_is_reported(tmp_path: Path) -> None:
    text = "Resources:\n  V:\n    Type: AWS::EC2::VPC\n    Properties:\n      A: 1\n      A: 2\n"
    root = only(tmp_path, text)
    assert plain(by_address(root.worlds[0])["V"].attributes["A"]) == 2
    assert [(p.check, p.span.line) for p in root.problems] == [("IAC005", 6)]


def test_outputs_carry_their_export(tmp_path: Path) -> None:
    root = only(tmp_path, f"Resources:\n{VPC}Outputs:\n  V: {{Value: 1, Export: {{Name: n}}}}\n")
    (output,) = root.worlds[0].outputs
    assert plain(output.export) == "n"
    assert output.span.line == 4


def test_partly_known_user_data_keeps_its_text(tmp_path: Path) -> None:
    text = (
        "Resources: {I: {Type: AWS::EC2::Instance, Properties: "
        "{UserData: {'Fn::Base64': !Sub 'run ${AWS::StackName} end'}}}}\n"
    )
    data = by_address(only(tmp_path, text).worlds[0])["I"].attributes["UserData"]
    assert isinstance(data, Unknown)
    assert data.type == "base64"
    assert (data.parts[0], data.parts[2]) == ("run ", " end")


def test_importing_the_package_does_not_import_cfn_lint() -> None:
    code = (
        "import sys, iaclint.cloudformation as c; c.load([], None, None);"
        "assert not {'cfnlint', 'yaml'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
