"""Stacks that import from each other by names that only their deployment settles."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint import run
from iaclint.assemble import assemble
from iaclint.explain import findings
from iaclint.finding import Level
from iaclint.intent import judge
from iaclint.join import join
from iaclint.resource import Inputs
from iaclint.source import Sources
from tests.nets import CHECKS

VPC = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
Outputs:
  Subnet: {Value: !Ref Subnet, Export: {Name: !Sub "${AWS::StackName}-Subnet"}}
"""
GROUPS = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: app, VpcId: !Ref Vpc}
Outputs:
  Group: {Value: !GetAtt Group.GroupId, Export: {Name: !Sub "${AWS::StackName}-Group"}}
"""
HOST = """
Parameters:
  NetworkStack: {Type: String}
  GroupStack: {Type: String}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SubnetId: !ImportValue {"Fn::Sub": "${NetworkStack}-Subnet"}
      SecurityGroupIds: [!ImportValue {"Fn::Sub": "${GroupStack}-Group"}]
"""
WRONG = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: app, VpcId: !Ref Other}
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}
"""


@pytest.mark.parametrize(
    ("files", "level"),
    [
        ({"vpc.yaml": VPC, "groups.yaml": GROUPS, "host.yaml": HOST}, Level.WARNING),
        ({"all.yaml": WRONG}, Level.ERROR),
    ],
)
def test_a_group_of_another_vpc_is_an_error_only_where_the_stacks_are_certain(
    tmp_path: Path, files: dict[str, str], level: Level
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    templates = [tmp_path / name for name in files]
    (root,) = join(run.load([], templates, Sources(), Inputs(cache=False)))
    network = assemble(root.worlds[0])
    found = findings(network, judge(network), CHECKS)
    assert [(each.check, each.level) for each in found if each.level >= Level.WARNING] == [
        ("IAC407", level)
    ]
