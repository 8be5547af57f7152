"""Stacks that belong together: which file or export is meant, and who may change what."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.value import Unknown
from tests.published import checked, said

NETWORK = """\
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Joined:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: login
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
"""
"""No route leads to the gateway."""

OUTPUTS = """\
Outputs:
  Subnet: {Value: !Ref Public}
  Group: {Value: !Ref Group}
"""

ROUTE = """\
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
"""

HOST = """\
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, KeyName: ops, SubnetId: SUBNET, SecurityGroupIds: [GROUP]}
"""


def host(subnet: str, group: str) -> str:
    """An instance that somebody logs in to."""
    return HOST.replace("SUBNET", subnet).replace("GROUP", group)


def write(folder: Path, files: dict[str, str]) -> None:
    """The files of a tree."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


# ---- which file a nested stack means ----------------------------------------------------------

PARENT = """\
Parameters:
  Bucket: {Type: String}
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub 'https://${Bucket}.s3.amazonaws.com/WHERE'}
""" + host("!GetAtt Net.Outputs.Subnet", "!GetAtt Net.Outputs.Group")


def parent(url: str) -> str:
    return PARENT.replace("WHERE", url)


@pytest.mark.parametrize("place", ["", "nested/", "../shared/"])
def test_of_files_with_the_name_the_one_near_the_parent_is_meant(
    tmp_path: Path, place: str
) -> None:
    write(
        tmp_path,
        {
            "v1/top/main.yaml": parent("network.yaml"),
            f"v1/top/{place}network.yaml": NETWORK + OUTPUTS,
            "v2/top/main.yaml": parent("network.yaml"),
            f"v2/top/{place}network.yaml": NETWORK + ROUTE + OUTPUTS,
        },
    )
    answer = checked(tmp_path)
    assert said(answer) == ["error IAC201"]
    assert [{file.split("/")[0] for file in root.files} for root in answer.roots] == [
        {"v1"},
        {"v2"},
    ]


def test_folders_in_the_address_go_before_nearness(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.yaml": parent("vpc/network.yaml"),
            "network.yaml": NETWORK + ROUTE + OUTPUTS,
            "other/vpc/network.yaml": NETWORK + OUTPUTS,
        },
    )
    assert said(checked(tmp_path)) == ["error IAC201"]


def test_files_that_are_equally_near_are_not_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "top/main.yaml": parent("network.yaml"),
            "a/network.yaml": NETWORK + OUTPUTS,
            "b/network.yaml": NETWORK + OUTPUTS,
        },
    )
    answer = checked(tmp_path)
    assert "may be any of" in " ".join(note for root in answer.roots for note in root.notes)
    assert said(answer) == []


GIVES_OFFICE = parent("network.yaml").replace(
    "{TemplateURL", "{Parameters: {Office: x}, TemplateURL"
)


def test_a_file_without_a_parameter_that_the_parent_gives_is_not_meant(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.yaml": GIVES_OFFICE, "network.yaml": NETWORK + OUTPUTS},
    )
    answer = checked(tmp_path)
    assert said(answer) == []
    (note,) = answer.roots[0].notes
    assert note == ('network.yaml has no parameter "Office", so it is not the nested stack "Net"')


def test_of_files_with_the_name_the_one_with_the_parameters_is_meant(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.yaml": GIVES_OFFICE,
            "network.yaml": NETWORK + ROUTE + OUTPUTS,
            "new/network.yaml": f"Parameters: {{Office: {{Type: String}}}}\n{NETWORK}{OUTPUTS}",
        },
    )
    assert said(checked(tmp_path)) == ["error IAC201"]


# ---- who may change what he is given ----------------------------------------------------------

LEAF = """\
Parameters:
  Group: {Type: AWS::EC2::SecurityGroup::Id}
  Subnet: {Type: AWS::EC2::Subnet::Id}
Resources:
""" + host("!Ref Subnet", "!Ref Group")

MIDDLE = (
    (NETWORK + ROUTE).replace("FromPort: 22, ToPort: 22", "FromPort: 80, ToPort: 80")
    + """\
  Leaf:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: leaf.yaml
      Parameters: {Group: !Ref Group, Subnet: !Ref Public}
"""
)

OUTER = """\
Resources:
  Middle: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: middle.yaml}}
"""


def test_a_stack_that_is_read_adds_nothing_of_its_own_however_deep_it_is(tmp_path: Path) -> None:
    write(tmp_path, {"outer.yaml": OUTER, "middle.yaml": MIDDLE, "leaf.yaml": LEAF})
    assert said(checked(tmp_path)) == ["error IAC401"]


def test_a_stack_that_is_not_read_may_add_to_what_it_is_given_however_deep_it_is(
    tmp_path: Path,
) -> None:
    more = (
        MIDDLE
        + """\
  Elsewhere:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://example.com/elsewhere.yaml
      Parameters: {Group: !Ref Group}
"""
    )
    write(tmp_path, {"outer.yaml": OUTER, "middle.yaml": more, "leaf.yaml": LEAF})
    assert said(checked(tmp_path)) == []


# ---- whose export is meant --------------------------------------------------------------------

EXPORTS = """\
Outputs:
  Subnet: {Value: !Ref Public, Export: {Name: lab-subnet}}
  Group: {Value: !Ref Group, Export: {Name: lab-group}}
"""

IMPORTS = "Resources:\n" + host("!ImportValue lab-subnet", "!ImportValue lab-group")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("ch1/net.yaml", "error IAC201"), ("ch1/base/net.yaml", "warning IAC201")],
)
def test_a_host_in_a_folder_means_the_export_of_that_folder(
    tmp_path: Path, place: str, expected: str
) -> None:
    """Beside it that is certain, in the folder that is only nearest it is a guess."""
    write(
        tmp_path,
        {
            "ch1/host.yaml": IMPORTS,
            place: NETWORK + EXPORTS,
            "ch2/host.yaml": IMPORTS,
            "ch2/net.yaml": NETWORK + ROUTE + EXPORTS,
        },
    )
    answer = checked(tmp_path)
    assert said(answer) == [expected]
    assert [len(root.files) for root in answer.roots] == [2, 2]


def test_exports_that_are_equally_near_are_not_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "host.yaml": IMPORTS,
            "a/net.yaml": NETWORK + EXPORTS,
            "b/net.yaml": NETWORK + EXPORTS,
        },
    )
    assert said(checked(tmp_path)) == []


OF_ITS_STACK = """\
Outputs:
  Subnet: {Value: !Ref Public, Export: {Name: !Sub '${AWS::StackName}-Subnet'}}
  Group: {Value: !Ref Group, Export: {Name: !Sub '${AWS::StackName}-Group'}}
"""


def takes(net: str) -> str:
    """A host in the network that is named by a parameter."""
    imported = host("{'Fn::ImportValue': !Sub '${Net}-Subnet'}", "{'Fn::ImportValue': NAME}")
    return f"Parameters: {{Net: {net}}}\nResources:\n" + imported.replace(
        "NAME", "!Join ['-', [!Ref Net, Group]]"
    )


TWO_NETWORKS = {
    "east.yaml": NETWORK + ROUTE + OF_ITS_STACK,
    "west.yaml": NETWORK + OF_ITS_STACK,
}


@pytest.mark.parametrize(("net", "expected"), [("east", []), ("West", ["error IAC201"])])
def test_a_stack_called_as_a_file_is_that_files_stack(
    tmp_path: Path, net: str, expected: list[str]
) -> None:
    write(tmp_path, TWO_NETWORKS | {"host.yaml": takes(f"{{Type: String, Default: {net}}}")})
    answer = checked(tmp_path)
    assert said(answer) == expected
    assert len(answer.roots) == 2


@pytest.mark.parametrize("net", ["{Type: String}", "{Type: String, Default: prod}"])
def test_which_stack_of_any_name_is_meant_is_told_by_the_parameter(
    tmp_path: Path, net: str
) -> None:
    write(tmp_path, TWO_NETWORKS | {"host.yaml": takes(net)})
    answer = checked(tmp_path)
    assert said(answer) == []
    (instance,) = (each for network in answer.networks for each in network.instances)
    subnet = instance.placements[0][0].subnet
    assert isinstance(subnet, Unknown)
    assert subnet.supply == "--parameter Net=…"
    assert "east.yaml, west.yaml" in subnet.reason
