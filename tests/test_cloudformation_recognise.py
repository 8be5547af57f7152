"""Which files are templates, and what reading them costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from iaclint.cloudformation import is_template, load
from iaclint.resource import Inputs
from iaclint.source import Sources

VPC = "Resources:\n  V:\n    Type: AWS::EC2::VPC\n"
JSON = '{"Resources": {"V": {"Type": "AWS::EC2::VPC"}}}'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.yaml", VPC),
        ("t.yml", "---\n# comment\n" + VPC),
        ("t.template", VPC),
        ("t", VPC),
        ("t.json", JSON),
        ("t.template", JSON),
        ("t.yaml", JSON),
        ("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n"),
        ("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n"),
        ("broken.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {'),
        ("broken.json", '{"Resources": {"V": {"Type": "AWS::EC2::VPC",,}'),
        ("sam.yaml", "Transform: AWS::Serverless-2016-10-31\n" + VPC),
        ("custom.yaml", "Resources:\n  V:\n    Type: Custom::Thing\n"),
        ("crlf.yaml", VPC.replace("\n", "\r\n")),
        ("resolve.yaml", VPC + "    Properties:\n      A:\n        '{{resolve:ssm:x}}'\n"),
        ("docker.yaml", VPC + "    Properties:\n      A: docker ps --format '{{.Names}}'\n"),
    ],
)
def test_templates_are_recognised_even_when_broken(name: str, text: str) -> None:
    assert is_template(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("values.yaml", "replicas: 1\nresources:\n  limits: {}\n"),
        ("deployment.yaml", "apiVersion: v1\nkind: Pod\nResources:\n  Type: AWS::EC2::VPC\n"),
        ("chart.yaml", "{{- if .Values.x }}\n" + VPC + "{{- end }}\n"),
        ("jinja.yaml", VPC + "{% for x in y %}\n  {{ x }}:\n{% endfor %}\n"),
        ("serverless.yml", "service: x\nresources:\n  Resources:\n    V:\n      Type: AWS::X::Y\n"),
        ("appspec.yml", "version: 0.0\nResources:\n  - Service:\n      Type: AWS::ECS::Service\n"),
        ("package.json", '{"name": "x"}'),
        ("schema.json", '{"definitions": {"Resources": {"Type": "AWS::EC2::VPC"}}}'),
        ("event.json", '{"Resources": ["arn:aws:x"], "Type": "AWS::S3"}'),
        ("tree.json", '{"tree": {"Resources": {"Type": "AWS::EC2::VPC"}}}'),
        ("readme.md", VPC),
        ("main.tf", VPC),
        ("empty.yaml", ""),
        ("list.json", "[1, 2]"),
    ],
)
def test_other_files_are_left_alone(name: str, text: str) -> None:
    assert not is_template(name, text)


def test_thousands_of_other_files_cost_little() -> None:
    other = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n" * 60
    chart = "{{- range .Values.list }}\nResources: x\n{{- end }}\n" * 60
    start = time.process_time()
    for number in range(2_000):
        assert not is_template(f"k8s/{number}.yaml", other)
        assert not is_template(f"chart/{number}.yaml", chart)
    assert time.process_time() - start < 1


def large_template(resources: int) -> str:
    text = (
        "AWSTemplateFormatVersion: '2010-09-09'\n"
        "Parameters:\n"
        "  Env: {Type: String, Default: prod}\n"
        "  Cidr: {Type: String, Default: 10.0.0.0/16}\n"
        "Conditions:\n"
        "  IsProd: !Equals [!Ref Env, prod]\n"
        "Resources:\n"
        "  Vpc:\n"
        "    Type: AWS::EC2::VPC\n"
        "    Properties:\n"
        "      CidrBlock: !Ref Cidr\n"
    )
    return text + "".join(
        f"""\
  Subnet{n}:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [{n % 16}, !Cidr [!GetAtt Vpc.CidrBlock, 16, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
      MapPublicIpOnLaunch: true
      Tags:
        - Key: Name
          Value: !Sub "${{AWS::StackName}}-subnet-{n}"
  Group{n}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: group {n}
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: 203.0.113.0/24
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: !If [IsProd, 10.0.0.0/8, 0.0.0.0/0]
  Instance{n}:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      InstanceType: t3.micro
      SubnetId: !Ref Subnet{n}
      SecurityGroupIds: [!GetAtt Group{n}.GroupId]
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash -xe
          yum install -y httpd
          cfn-signal -e $? --stack ${{AWS::StackName}} --resource Instance{n}
  Table{n}:
    Type: AWS::EC2::RouteTable
    Properties:
      VpcId: !Ref Vpc
      Tags:
        - {{Key: Name, Value: !Join ['-', [rt, !Ref Env, '{n}']]}}
  Association{n}:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties:
      SubnetId: !Ref Subnet{n}
      RouteTableId: !Ref Table{n}
"""
        for n in range(resources // 5)
    )


def best(run: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def test_decoding_and_resolving_costs_at_most_half_more_than_cfn_lints_decoder(
    tmp_path: Path,
) -> None:
    from cfnlint.decode import decode_str

    text = large_template(250)
    path = tmp_path / "large.yaml"
    path.write_text(text)
    (root,) = load([path], Sources(base=tmp_path), Inputs())
    assert len(root.worlds[0].resources) == 251
    ratios = []
    for _ in range(4):
        theirs = best(lambda: decode_str(text))
        ours = best(lambda: load([path], Sources(base=tmp_path), Inputs()))
        ratios.append(ours / theirs)
        if ratios[-1] <= 1.5:
            break
    assert min(ratios) <= 1.5, ratios
