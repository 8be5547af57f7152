"""Places of a template for `iaclint eval`: each has a value, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.cloudformation import evaluate
from iaclint.resource import Inputs
from iaclint.source import Sources


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
