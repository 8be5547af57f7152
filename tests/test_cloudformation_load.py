"""What templates become: resources with places, worlds, nested stacks, imports, problems."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from iaclint.cloudformation import evaluate, load
from iaclint.resource import Inputs, Resource, Root, World
from iaclint.source import Sources, Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value, elements, refs

VPC = "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"


def roots(tmp_path: Path, files: dict[str, str], inputs: Inputs | None = None) -> list[Root]:
    paths = []
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if not name.endswith(("manifest.json", "params.json", ".toml")):
            paths.append(path)
    return load(paths, Sources(base=tmp_path), inputs or Inputs())


def only(tmp_path: Path, text: str, inputs: Inputs | None = None) -> Root:
    (root,) = roots(tmp_path, {"t.yaml": text}, inputs)
    return root


def by_address(world: World) -> dict[str, Resource]:
    return {resource.address: resource for resource in world.resources}


def plain(value: Value | None) -> object:
    assert isinstance(value, Scalar), value
    return value.value


def checks(root: Root) -> list[str]:
    return [problem.check for problem in root.problems]


# resources and their places


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


# conditions and worlds


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


# nested stacks


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


# exports and imports


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


def test_outputs_carry_their_export(tmp_path: Path) -> None:
    root = only(tmp_path, f"Resources:\n{VPC}Outputs:\n  V: {{Value: 1, Export: {{Name: n}}}}\n")
    (output,) = root.worlds[0].outputs
    assert plain(output.export) == "n"
    assert output.span.line == 4


# SAM, CDK, includes, macros


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


# parameters from outside


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


def test_partly_known_user_data_keeps_its_text(tmp_path: Path) -> None:
    text = (
        "Resources: {I: {Type: AWS::EC2::Instance, Properties: "
        "{UserData: {'Fn::Base64': !Sub 'run ${AWS::StackName} end'}}}}\n"
    )
    data = by_address(only(tmp_path, text).worlds[0])["I"].attributes["UserData"]
    assert isinstance(data, Unknown)
    assert data.type == "base64"
    assert (data.parts[0], data.parts[2]) == ("run ", " end")


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


# problems


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


def test_a_macro_may_read_what_is_not_a_property(tmp_path: Path) -> None:
    text = (
        "Transform: Mine\nResources:\n"
        "  G: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngres: []}}\n"
    )
    assert only(tmp_path, text).problems == ()


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


def test_importing_the_package_does_not_import_cfn_lint() -> None:
    code = (
        "import sys, iaclint.cloudformation as c; c.load([], None, None);"
        "assert not {'cfnlint', 'yaml'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# places for `iaclint eval`


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Resources.G.Properties.SecurityGroupIngress[0].CidrIp", {"value": "10.0.0.0/8"}),
        ("Resources.G.Properties.SecurityGroupIngress.0.FromPort", {"value": 22}),
        ("Resources.G.Type", {"value": "AWS::EC2::SecurityGroup"}),
        ("Resources.G.Properties.Skip", {"value": None}),
        ("Mappings.M.eu-west-1['a.b']", {"value": "dotted"}),
        ("Mappings.M.eu-west-1.a.b", {"value": "dotted"}),
        ("Parameters.P", {"value": "x"}),
        ("Conditions.C", {"value": True}),
        ("Outputs.O.Value", {"value": {"unknown": "G.Ref is known only after deployment",
                                       "ref": "G"}}),
        ("Outputs.O.Export.Name", {"value": "out"}),
        ("Resources.G.Properties.Nope", {"error": 'Resources.G.Properties has no "Nope"'}),
        ("Resources.Nope", {"error": 'there is no "Nope"'}),
        ("Resources.G.Properties.SecurityGroupIngress[7]",
         {"error": "Resources.G.Properties.SecurityGroupIngress has no element 7: there are 1"}),
        ("Conditions.Nope", {"error": 'there is no condition "Nope"'}),
        ("Resources.Gone.Properties", {"error": '"Gone" is not created: its condition is false'}),
        ("Nope.X", {"error": 'the template has no section "Nope"'}),
        ("", {"error": "name a place, such as Resources.Web.Properties.SubnetId"}),
    ],
)  # fmt: skip
def test_a_place_of_a_template_has_a_value(
    tmp_path: Path, place: str, expected: dict[str, object]
) -> None:
    template = tmp_path / "t.yaml"
    template.write_text(
        "Parameters: {P: {Type: String, Default: x}}\n"
        "Mappings: {M: {eu-west-1: {a.b: dotted}}}\n"
        "Conditions: {C: !Equals [!Ref P, x], N: !Not [!Condition C]}\n"
        "Resources:\n"
        "  Gone: {Type: AWS::EC2::EIP, Condition: N}\n"
        "  G:\n"
        "    Type: AWS::EC2::SecurityGroup\n"
        "    Properties:\n"
        "      Skip: !Ref AWS::NoValue\n"
        "      SecurityGroupIngress:\n"
        "        - {IpProtocol: tcp, FromPort: 22, CidrIp: !If [C, 10.0.0.0/8, x]}\n"
        "Outputs: {O: {Value: !Ref G, Export: {Name: out}}}\n"
    )
    assert evaluate(template, place, Sources(base=tmp_path), Inputs()) == expected


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
