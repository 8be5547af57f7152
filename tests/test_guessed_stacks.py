"""Stacks that import from each other by names that only their deployment settles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from iaclint.run import Answer
from tests.published import checked, said
from tests.test_stacks import HOST, NETWORK, ROUTE, write

EXPORTS = """
Outputs:
  Subnet: {Value: !Ref Public, Export: {Name: SUBNET}}
"""
OWN = "!Sub '${AWS::StackName}-Subnet'"
TAKEN = "!ImportValue {'Fn::Sub': '${Net}-Subnet'}"
GROUP = """
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: login
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: PORT, ToPort: PORT, CidrIp: 0.0.0.0/0}]
"""


def network(name: str, route: str = "") -> str:
    """A network that exports its subnet by a name."""
    return NETWORK + route + EXPORTS.replace("SUBNET", name)


def host(subnet: str = TAKEN, parameters: str = "Net: {Type: String}", port: int = 22) -> str:
    """A host of its own group, in a subnet that another stack makes."""
    group = GROUP.replace("PORT", str(port))
    instance = HOST.replace("SUBNET", subnet).replace("GROUP", "!Ref Group")
    return f"Parameters: {{{parameters}}}\nResources:\n{group}{instance}"


def judged(folder: Path, files: Mapping[str, str]) -> Answer:
    """What is said of some files."""
    write(folder, dict(files))
    return checked(folder)


LINKS = [
    ("net-a", "!ImportValue net-a", "Net: {Type: String}", "error"),
    ("!Sub '${Net}-Subnet'", TAKEN, "Net: {Type: String}", "error"),
    (OWN, TAKEN, "Net: {Type: String}", "warning"),
    (OWN, TAKEN, "Net: {Type: String, Default: prod}", "warning"),
    (OWN, TAKEN, "Net: {Type: String, Default: net}", "warning"),
    ("net-Subnet", TAKEN, "Net: {Type: String}", "warning"),
    ("net-Subnet", TAKEN, "Net: {Type: String, AllowedValues: [net, prod]}", "warning"),
    ("net-Subnet", TAKEN, "Net: {Type: String, Default: net}", "error"),
]  # fmt: skip
"""The name of the export, the import, its parameters, and how bad it is that no route leads out."""


@pytest.mark.parametrize(("exported", "imported", "parameters", "level"), LINKS)
def test_what_hangs_on_a_guess_is_no_error(
    tmp_path: Path, exported: str, imported: str, parameters: str, level: str
) -> None:
    net = network(exported)
    if "${Net}" in exported:
        net = "Parameters: {Net: {Type: String}}\n" + net
    answer = judged(tmp_path, {"base.yaml": net, "host.yaml": host(imported, parameters)})

    assert said(answer) == [f"{level} IAC201"]
    told = [each.message.partition(", when ")[2] for each in answer.findings if each.level > 1]
    assert ["base.yaml" in text for text in told] == [level == "warning"]


@pytest.mark.parametrize("exported", ["net-Subnet", OWN])
def test_a_network_that_is_guessed_and_works_is_silent(tmp_path: Path, exported: str) -> None:
    answer = judged(tmp_path, {"base.yaml": network(exported, ROUTE), "host.yaml": host()})

    assert said(answer) == []


PUBLIC = """
      NetworkInterfaces:
        - DeviceIndex: "0"
          AssociatePublicIpAddress: true
          SubnetId: SUBNET
          GroupSet: [!Ref Group]
"""


@pytest.mark.parametrize(("port", "expected"), [(22, []), (2222, ["error IAC401"])])
def test_what_blocks_whatever_is_guessed_stays_an_error(
    tmp_path: Path, port: int, expected: list[str]
) -> None:
    """The host asks for an address, and its own group opens another port."""
    public = PUBLIC.replace("SUBNET", TAKEN)
    start = host(port=port).partition("    Properties: {ImageId")[0]
    files = {
        "base.yaml": network(OWN, ROUTE),
        "host.yaml": f"{start}    Properties:\n      ImageId: ami-1\n      KeyName: ops{public}",
    }
    assert said(judged(tmp_path, files)) == expected


def test_a_mistake_within_one_of_the_stacks_stays_an_error(tmp_path: Path) -> None:
    """The ports of a rule are the wrong way round, wherever its network is."""
    wrong = host().replace("FromPort: 22", "FromPort: 23")

    assert said(judged(tmp_path, {"base.yaml": network(OWN, ROUTE), "host.yaml": wrong})) == [
        "error IAC802"
    ]


OTHER = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: app, VpcId: !Ref Vpc}
Outputs:
  Group: {Value: !GetAtt Group.GroupId, Export: {Name: GROUP}}
"""
IN_BOTH = "Parameters: {Net: {Type: String}, Sg: {Type: String}}\nResources:\n" + HOST.replace(
    "SUBNET", TAKEN
)
OWN_GROUP = "!Sub '${AWS::StackName}-Group'"


@pytest.mark.parametrize(
    ("subnet", "group", "level"),
    [
        ("x-Subnet", "x-Group", "error"),
        (OWN, OWN_GROUP, "warning"),
        ("x-Subnet", OWN_GROUP, "warning"),
    ],
)
def test_a_group_of_another_vpc_is_an_error_only_where_the_stacks_are_certain(
    tmp_path: Path, subnet: str, group: str, level: str
) -> None:
    taken = TAKEN.replace("Subnet", "Group").replace("Net", "Sg")
    sure = {"x-Subnet": "!ImportValue x-Subnet", "x-Group": "!ImportValue x-Group"}
    text = IN_BOTH.replace(TAKEN, sure.get(subnet, TAKEN)).replace("GROUP", sure.get(group, taken))
    net, other = network(subnet, ROUTE), OTHER.replace("GROUP", group)
    answer = judged(tmp_path, {"base.yaml": net, "other.yaml": other, "host.yaml": text})

    assert said(answer) == [f"{level} IAC407"]
    (message,) = (each.message for each in answer.findings if each.check == "IAC407")
    assert ("when" in message) == (level == "warning")


SECOND = """
Parameters: {Net: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref Table, SubnetId: SUBNET}
"""


@pytest.mark.parametrize(
    ("exported", "imported", "level"),
    [("net-Subnet", "!ImportValue net-Subnet", "error"), (OWN, TAKEN, "warning")],
)
def test_a_second_table_for_a_guessed_subnet_is_no_error(
    tmp_path: Path, exported: str, imported: str, level: str
) -> None:
    files = {"base.yaml": network(exported, ROUTE), "app.yaml": SECOND.replace("SUBNET", imported)}

    assert said(judged(tmp_path, files)) == [f"{level} IAC808"]


HOST_ELSEWHERE = """
resource "aws_instance" "a" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  key_name      = "ops"
  subnet_id     = data.aws_ssm_parameter.subnet.value
  vpc_security_group_ids = [data.aws_ssm_parameter.group.value]
}
data "aws_ssm_parameter" "subnet" { name = "/subnet" }
data "aws_ssm_parameter" "group" { name = "/group" }
"""
BETWEEN = """
Parameters: {Net: {Type: String}, Sg: {Type: String}}
Resources:
  S: {Type: AWS::SSM::Parameter, Properties: {Name: /subnet, Type: String, Value: SUBNET}}
  G: {Type: AWS::SSM::Parameter, Properties: {Name: /group, Type: String, Value: GROUP}}
"""


@pytest.mark.parametrize(("route", "level"), [("", ["warning IAC201"]), (ROUTE, [])])
def test_a_guess_stays_one_where_the_other_language_reads_what_it_led_to(
    tmp_path: Path, route: str, level: list[str]
) -> None:
    group = "  Group: {Value: !Ref Group, Export: {Name: !Sub '${AWS::StackName}-Group'}}"
    other = TAKEN.replace("Net}-Subnet", "Sg}-Group")
    between = BETWEEN.replace("SUBNET", TAKEN).replace("GROUP", other)
    files = {"base.yaml": network(OWN, route) + group, "ssm.yaml": between}
    files["app/main.tf"] = HOST_ELSEWHERE

    assert said(judged(tmp_path, files)) == level


@pytest.mark.parametrize(("exported", "level"), [("net-Subnet", "error"), (OWN, "warning")])
def test_a_guess_counts_in_every_world(tmp_path: Path, exported: str, level: str) -> None:
    """A condition that decides nothing here makes two worlds."""
    imported = "!ImportValue net-Subnet" if exported == "net-Subnet" else TAKEN
    text = host(imported, "Net: {Type: String}, More: {Type: String}")
    text += "  Other:\n    Type: AWS::EC2::EIP\n    Condition: Two\n"
    text += "Conditions: {Two: !Equals [!Ref More, yes]}\n"
    answer = judged(tmp_path, {"base.yaml": network(exported), "host.yaml": text})

    assert len(answer.roots[0].worlds) == 2
    assert said(answer) == [f"{level} IAC201"]


HANDED_ON = """
Parameters: {Parent: {Type: String}}
Resources: {Own: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}}
Outputs:
  Vpc:
    Value: {'Fn::ImportValue': !Sub '%s-VPC'}
    Export: {Name: !Sub '%s-VPC'}
"""
ANY = ("${Parent}", "${AWS::StackName}")


@pytest.mark.parametrize(
    ("first", "second", "is_circle"),
    [(ANY, ANY, False), (("one", "two"), ("two", "one"), True)],
    ids=["by the likeness of names", "by name"],
)
def test_only_stacks_that_surely_hand_on_what_the_other_does_are_a_circle(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], is_circle: bool
) -> None:
    """Two stacks beside each other that hand on what a third one exports are none."""
    (tmp_path / "a.yaml").write_text(HANDED_ON % first)
    (tmp_path / "b.yaml").write_text(HANDED_ON % second)
    assert any("circle" in each.message for each in checked(tmp_path).findings) is is_circle


GROUP_TOO = "  Group: {Value: !Ref Group, Export: {Name: !Sub '${AWS::StackName}-Group'}}"
COPY = "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs:\n" + GROUP_TOO.replace(
    "!Ref Group", "!Ref Topic"
)


@pytest.mark.parametrize(
    ("parameters", "group", "more", "level"),
    [
        ("Net: {Type: String}", "Net", {}, "error"),
        ("Net: {Type: String, Default: prod}", "Net", {}, "error"),
        ("Net: {Type: String}, Sg: {Type: String}", "Sg", {}, "warning"),
        ("Net: {Type: String}", "Net", {"far/copy.yaml": COPY}, "warning"),
    ],
)
def test_a_stack_is_known_by_several_names_that_one_template_alone_exports(
    tmp_path: Path, parameters: str, group: str, more: dict[str, str], level: str
) -> None:
    taken = TAKEN.replace("Net}-Subnet", f"{group}}}-Group")
    text = HOST.replace("SUBNET", TAKEN).replace("GROUP", taken)
    files = {
        "base.yaml": network(OWN) + GROUP_TOO,
        "host.yaml": f"Parameters: {{{parameters}}}\nResources:\n{text}",
        **more,
    }
    assert said(judged(tmp_path, files)) == [f"{level} IAC201"]


def test_a_name_of_the_same_stack_that_nobody_exports_leaves_it_a_guess(tmp_path: Path) -> None:
    taken = TAKEN.replace("Subnet", "Group")
    text = HOST.replace("SUBNET", TAKEN).replace("GROUP", taken)
    role = (
        "  Queue:\n    Type: AWS::SQS::Queue\n"
        "    Properties: {QueueName: !ImportValue {'Fn::Sub': '${Net}-Queue'}}\n"
    )
    files = {
        "base.yaml": network(OWN) + GROUP_TOO,
        "host.yaml": f"Parameters: {{Net: {{Type: String}}}}\nResources:\n{text}{role}",
    }
    assert said(judged(tmp_path, files)) == ["warning IAC201"]


def test_a_name_that_is_made_of_another_import_is_followed_once(tmp_path: Path) -> None:
    inner = "{'Fn::ImportValue': {'Fn::Sub': '${Net}-Group'}}"
    taken = "!ImportValue {'Fn::Sub': ['${Net}-${G}', {G: INNER}]}".replace("INNER", inner)
    text = HOST.replace("SUBNET", TAKEN).replace("GROUP", taken)
    files = {
        "base.yaml": network(OWN) + GROUP_TOO,
        "host.yaml": f"Parameters: {{Net: {{Type: String}}}}\nResources:\n{text}",
    }
    assert "IAC004" not in " ".join(said(judged(tmp_path, files)))


NONE_GIVEN = "NetworkStackName: {Type: String}"


@pytest.mark.parametrize(
    ("file", "parameters", "more", "level"),
    [
        ("network.yaml", NONE_GIVEN, {}, "error"),
        ("cfn-network.yaml", NONE_GIVEN, {}, "error"),
        ("base.yaml", "NetworkStackName: {Type: String, Default: base-stack}", {}, "error"),
        ("base.yaml", "NetworkStackName: {Type: String, Default: network}", {}, "warning"),
        ("base.yaml", NONE_GIVEN, {}, "warning"),
        ("template.yaml", NONE_GIVEN.replace("Network", ""), {}, "warning"),
        ("network.yaml", NONE_GIVEN, {"far/network.yaml": network(OWN)}, "warning"),
        ("network.yaml", NONE_GIVEN, {"far/base.yaml": network(OWN)}, "error"),
    ],
    ids=[
        "as the parameter", "with what is put around it", "as the default", "not as the default",
        "not as the parameter", "a name that says nothing", "two of one name", "and of another",
    ],
)  # fmt: skip
def test_a_stack_that_is_called_as_one_file_is_no_guess(
    tmp_path: Path, file: str, parameters: str, more: dict[str, str], level: str
) -> None:
    name = "StackName" if "Network" not in parameters else "NetworkStackName"
    text = host(TAKEN.replace("Net}", f"{name}}}"), parameters)
    assert said(judged(tmp_path, {file: network(OWN), "host.yaml": text, **more})) == [
        f"{level} IAC201"
    ]


def test_a_stack_does_not_export_what_its_file_does_not(tmp_path: Path) -> None:
    """Then the file of that name is that of another stack."""
    queue = (
        "  Queue:\n    Type: AWS::SQS::Queue\n"
        "    Properties: {QueueName: !ImportValue {'Fn::Sub': '${Network}-Queue'}}\n"
    )
    text = host(TAKEN.replace("Net}", "Network}"), "Network: {Type: String}") + queue
    answer = judged(tmp_path, {"network.yaml": network(OWN), "host.yaml": text})
    assert said(answer) == ["warning IAC201"]


def test_a_name_that_begins_alike_is_that_of_another_stack(tmp_path: Path) -> None:
    """The stack `net` is no part of `net-groups`, which exports the group."""
    groups = (
        f"Resources:\n{GROUP.replace('PORT', '22')}"
        "Outputs:\n  G: {Value: !Ref Group, Export: {Name: !Sub '${AWS::StackName}-Group'}}\n"
    )
    text = HOST.replace("SUBNET", "!ImportValue net-Subnet")
    text = f"Resources:\n{text.replace('GROUP', '!ImportValue net-groups-Group')}"
    files = {"net.yaml": network(OWN), "net-groups.yaml": groups, "host.yaml": text}
    assert said(judged(tmp_path, files)) == ["error IAC201"]
