"""A VPC that only a variable or a parameter names: what the files decide all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint import run
from iaclint.assemble import assemble
from iaclint.intent import judge
from iaclint.resource import Inputs
from iaclint.source import Sources
from tests.blocks import (
    IGW,
    NAT,
    SSH,
    Rule,
    Text,
    gateway,
    group,
    host,
    made,
    ref,
    subnet,
    table,
)
from tests.nets import terraform
from tests.test_further_routes import PROGRAM
from tests.test_stranded import LANGUAGES

FRONT = subnet("front", "10.0.1.0/24", public=True)
WEB = group("web", SSH) + host("web", "front", "web", key="ops")
OUT = ("0.0.0.0/0", IGW)
LOOSE = made("aws_internet_gateway", "gate", "EC2::InternetGateway")
BACK = subnet("back", "10.0.2.0/24") + table("back")
OFFICE = SSH._replace(peer="10.0.9.0/24")


def db(rule: Rule) -> Text:
    return group("db", rule) + host("db", "back", "db", key="ops")


def verdicts(folder: Path, language: str, text: Text, client: str = "internet") -> set[str]:
    """The verdicts for SSH in a VPC whose id nobody gives."""
    terraform_, cloudformation = ref("aws_vpc", "home")
    own = text.terraform.replace(terraform_, "var.vpc_id")
    other = text.cloudformation.replace(cloudformation, "!Ref Home")
    parameters = "Parameters:\n  Home: {Type: 'AWS::EC2::VPC::Id'}\n"
    files = Text('variable "vpc_id" {}\n' + own, other).files(language)
    for name, each in files.items():
        (folder / name).write_text(parameters * (language != "terraform") + each)
    templates = [folder / "template.yaml"] if language != "terraform" else []
    (root,) = run.load([] if templates else [folder], templates, Sources(), Inputs(cache=False))
    judged = judge(assemble(root.worlds[0], root.library))
    return {
        one.trace.verdict
        for one in judged
        if one.flow.service.key == "ssh" and one.flow.client.name.lower() == client
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_without_a_route_leads_nowhere_in_any_vpc(tmp_path: Path, language: str) -> None:
    assert verdicts(tmp_path, language, FRONT + table("front") + WEB) == {"blocked"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_route_to_a_nat_gateway_lets_nobody_in_in_any_vpc(tmp_path: Path, language: str) -> None:
    nat = made("aws_nat_gateway", "nat", "EC2::NatGateway", subnet_id=ref("aws_subnet", "front"))
    text = FRONT + table("front", ("0.0.0.0/0", NAT)) + nat + WEB
    assert verdicts(tmp_path, language, text) == {"blocked"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gateway_that_is_attached_to_nothing_is_in_no_vpc(tmp_path: Path, language: str) -> None:
    assert verdicts(tmp_path, language, FRONT + table("front", OUT) + LOOSE + WEB) == {"blocked"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        FRONT + WEB,
        FRONT + table("front", OUT) + gateway("gate", "home") + WEB,
        FRONT + table("front") + PROGRAM + WEB,
    ],
    ids=["main table", "gateway", "program"],
)
def test_what_may_lead_out_leaves_it_open(tmp_path: Path, language: str, text: Text) -> None:
    assert verdicts(tmp_path, language, text) == {"undecided"}


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", "blocked"),
        ('output "table" { value = aws_route_table.front.id }', "undecided"),
        ('resource "aws_vpn_gateway_route_propagation" "p" {\n  vpn_gateway_id = "vgw-1"\n'
         "  route_table_id = aws_route_table.front.id\n}", "blocked"),
        ('variable "more" {}\nresource "aws_route" "r" {\n  route_table_id = var.more\n'
         '  destination_cidr_block = "0.0.0.0/0"\n  gateway_id = "igw-1"\n}', "undecided"),
    ],
)  # fmt: skip
def test_who_calls_a_module_adds_routes_to_a_table_it_is_handed(
    tmp_path: Path, more: str, verdict: str
) -> None:
    text = FRONT + table("front") + WEB + Text(more, "")
    assert verdicts(tmp_path, "terraform", text) == {verdict}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rule", "verdict"),
    [(SSH._replace(peer="web"), "undecided"), (OFFICE, "blocked")],
    ids=["its group", "another block"],
)
def test_a_group_lets_in_the_same_hosts_in_any_vpc(
    tmp_path: Path, language: str, rule: Rule, verdict: str
) -> None:
    out = (Rule(22, 22, "tcp", "db"),)
    web = group("web", SSH, out=out) + host("web", "front", "web", key="ops")
    client = {"terraform": "aws_instance.web", "cloudformation": "web"}[language]
    text = FRONT + table("front", OUT) + gateway("gate", "home") + web + BACK + db(rule)
    assert verdicts(tmp_path, language, text, client) == {verdict}


def test_a_vpc_that_is_looked_up_needs_the_route_as_well(tmp_path: Path) -> None:
    found = 'data "aws_vpc" "home" { id = "vpc-1" }\n'
    text = (FRONT + table("front") + WEB).terraform
    net = terraform(tmp_path, found + text.replace("aws_vpc.home", "data.aws_vpc.home"))
    assert net.errors == ["IAC201"]
