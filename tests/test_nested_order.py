"""What has to wait for the attachment of a gateway, where the route is in a stack of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Finding
from tests.nets import written

NET = """
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.9.0.0/16}}
  G: {Type: 'AWS::EC2::InternetGateway'}
  Attach:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref V, InternetGatewayId: !Ref G}
"""
ROUTES = """Parameters:
  V: {Type: 'AWS::EC2::VPC::Id'}
  G: {Type: String}
Resources:
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  R:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref G}
"""


def stack(name: str, file: str, parameters: str = "", more: str = "") -> str:
    given = f", Parameters: {{{parameters}}}" if parameters else ""
    return (
        f"  {name}:\n    Type: AWS::CloudFormation::Stack\n{more}"
        f"    Properties: {{TemplateURL: ./{file}{given}}}\n"
    )


def unordered(folder: Path, **templates: str) -> list[Finding]:
    files = {f"{name}.yaml": text for name, text in templates.items()}
    return [each for each in written(folder, files).findings if each.check == "IAC210"]


def test_the_stack_is_what_has_to_wait(tmp_path: Path) -> None:
    main = "Resources:" + NET + stack("Net", "routes.yaml", "V: !Ref V, G: !Ref G")
    (found,) = unordered(tmp_path, main=main, routes=ROUTES)
    assert found.primary.span.path.endswith("main.yaml")
    assert (found.resource, found.help) == ("Net", "add `DependsOn: Attach` to Net")


@pytest.mark.parametrize("waits", ["Attach", "[Attach]"])
def test_a_stack_that_waits_makes_all_in_it_wait(tmp_path: Path, waits: str) -> None:
    more = f"    DependsOn: {waits}\n"
    main = "Resources:" + NET + stack("Net", "routes.yaml", "V: !Ref V, G: !Ref G", more)
    assert unordered(tmp_path, main=main, routes=ROUTES) == []


def test_who_takes_the_outputs_of_a_stack_comes_after_all_of_it(tmp_path: Path) -> None:
    outputs = "Outputs:\n  V: {Value: !Ref V}\n  G: {Value: !Ref G}\n"
    given = "V: !GetAtt Vpc.Outputs.V, G: !GetAtt Vpc.Outputs.G"
    main = "Resources:\n" + stack("Vpc", "vpc.yaml") + stack("Routes", "routes.yaml", given)
    vpc = "Resources:" + NET + outputs
    assert unordered(tmp_path, main=main, vpc=vpc, routes=ROUTES) == []


def test_within_one_nested_stack_the_route_itself_has_to_wait(tmp_path: Path) -> None:
    route = """
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  R:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref G}
"""
    main = "Resources:\n" + stack("Vpc", "vpc.yaml")
    (found,) = unordered(tmp_path, main=main, vpc="Resources:" + NET + route)
    assert (found.resource, found.help) == ("Vpc/R", "add `DependsOn: Attach`")
