"""Routes that are not known beside one for the whole internet: in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import (
    IGW,
    PCX,
    Rule,
    Text,
    gateway,
    group,
    host,
    ref,
    subnet,
    table,
    target,
    vpc,
)
from tests.connections import peering
from tests.nets import written
from tests.test_stranded import LANGUAGES, SSH

FRONT = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + vpc("other", "10.9.0.0/16")
    + peering()
)
OUT = ("0.0.0.0/0", IGW)
NEAR = ("52.0.0.0/8", IGW)
TABLE = ref("aws_route_table", "front")[1]
OFFICE = SSH._replace(peer="203.0.113.0/24")


def web(rule: Rule) -> Text:
    return group("web", rule) + host("web", "front", "web", key="ops")


def unknown_block(to: Text) -> Text:
    """A further route, for a block that nobody gave."""
    return Text(
        'variable "far" {}\n'
        'resource "aws_route" "far" {\n  route_table_id = aws_route_table.front.id\n'
        f"  destination_cidr_block = var.far\n  {to.terraform}\n}}\n",
        f"Far:\n  Type: AWS::EC2::Route\n  Properties: {{RouteTableId: {TABLE}, "
        f"DestinationCidrBlock: !Ref FarBlock, {to.cloudformation}}}\n",
    )


PROGRAM = Text(
    'resource "null_resource" "tidy" {\n  provisioner "local-exec" {\n'
    '    command = "tidy ${aws_route_table.front.id}"\n  }\n}\n',
    f"Tidy: {{Type: 'Custom::Tidy', Properties: {{ServiceToken: x, Table: {TABLE}}}}}\n",
)


def verdicts(folder: Path, language: str, text: Text) -> set[str]:
    files = text.files(language)
    if language == "cloudformation":
        parameter = "Parameters:\n  FarBlock: {Type: String}\n"
        files = {name: parameter + each for name, each in files.items()}
    judged = written(folder, files).judged
    return {one.trace.verdict for one in judged if one.flow.service.key == "ssh"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_network_of_unknown_block_takes_nobody_in_particular_away(
    tmp_path: Path, language: str
) -> None:
    to = target(PCX)
    whole, part = FRONT + table("front", OUT), FRONT + table("front", NEAR)
    assert verdicts(tmp_path, language, whole + web(SSH) + unknown_block(to)) == {"reachable"}
    assert verdicts(tmp_path, language, part + web(SSH) + unknown_block(to)) == {"undecided"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_given_a_table_may_add_to_it_and_takes_no_route_away(
    tmp_path: Path, language: str
) -> None:
    whole, closed = FRONT + table("front", OUT), FRONT + table("front")
    assert verdicts(tmp_path, language, whole + web(SSH) + PROGRAM) == {"reachable"}
    assert verdicts(tmp_path, language, closed + web(SSH) + PROGRAM) == {"undecided"}


def test_who_is_given_the_main_table_may_add_to_it(tmp_path: Path) -> None:
    """Which in a template has no name."""
    main = Text(PROGRAM.terraform.replace("aws_route_table.front.id", "aws_vpc.home.%s"), "")
    for name, verdict in (("main_route_table_id", "undecided"), ("arn", "blocked")):
        text = FRONT + web(SSH) + Text(main.terraform % name, "")
        assert verdicts(tmp_path, "terraform", text) == {verdict}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("more", [unknown_block(target(PCX)), PROGRAM], ids=["route", "program"])
def test_clients_of_one_block_may_be_those_who_are_led_away(
    tmp_path: Path, language: str, more: Text
) -> None:
    text = FRONT + table("front", OUT) + web(OFFICE) + more
    assert verdicts(tmp_path, language, text) == {"undecided"}
