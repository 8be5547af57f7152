"""
What the outputs of nested stacks tell people counts as that of the stack itself; what they hand
on to their parent tells nobody else of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.blocks import IGW, NAT, Rule, Text, gateway, group, host, subnet, table, vpc
from tests.connections import NAT_GATEWAY
from tests.nets import written

OFFICE = Rule(22, 22, "tcp", "139.47.104.4/32")
PLACE = (
    vpc("home", "10.0.0.0/16") + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True) + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24") + table("back", ("0.0.0.0/0", NAT)) + NAT_GATEWAY
)  # fmt: skip
BEHIND_NAT = PLACE + group("db", OFFICE) + host("db", "back", "db", key="ops")
LETS_IN_A_GROUP = (
    PLACE + group("bastion", OFFICE) + host("bastion", "front", "bastion", key="ops")
    + group("staff") + group("db", OFFICE._replace(peer="staff"))
    + host("db", "back", "db", key="ops")
)  # fmt: skip
PARENT = (
    "Resources:\n  Net:\n    Type: AWS::CloudFormation::Stack\n"
    "    Properties: {TemplateURL: ./net.yaml}\n"
)


def errors(folder: Path, inner: Text, output: str, parent: str = "") -> list[str]:
    """The ids of the errors in a nested stack that has an output."""
    child = inner.files("cloudformation")["template.yaml"]
    child += f"Outputs: {{Given: {output}}}\n" if output else ""
    result = written(folder, {"main.yaml": PARENT + parent, "net.yaml": child})
    return sorted(f.check for f in result.findings if f.level is Level.ERROR)


@pytest.mark.parametrize(
    ("output", "expected"),
    [("{Value: !GetAtt Db.PublicIp}", ["IAC101", "IAC202"]), ("{Value: !GetAtt Db.PrivateIp}", [])],
)
def test_a_nested_stack_that_gives_out_a_public_address_promises_one(
    tmp_path: Path, output: str, expected: list[str]
) -> None:
    assert errors(tmp_path, BEHIND_NAT, output) == expected


@pytest.mark.parametrize(
    ("output", "parent", "told"),
    [
        ("", "", False),
        ("{Value: !GetAtt StaffGroup.GroupId}", "", False),
        ("{Value: !GetAtt StaffGroup.GroupId, Export: {Name: staff}}", "", True),
        (
            "{Value: !GetAtt StaffGroup.GroupId}",
            "Outputs: {Staff: {Value: !GetAtt Net.Outputs.Given}}\n",
            True,
        ),
    ],
)
def test_a_group_is_told_of_where_its_id_leaves_the_files(
    tmp_path: Path, output: str, parent: str, told: bool
) -> None:
    assert bool(errors(tmp_path, LETS_IN_A_GROUP, output, parent)) is not told
