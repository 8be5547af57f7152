"""
Subnets that share the main route table of their VPC, which no resource stands for: one thing is
missing, and not one in each of them. In both languages.
"""

from __future__ import annotations

from pathlib import Path

from iaclint.finding import Finding
from tests.blocks import PCX, SSH, Text, group, host, ref, subnet, table, vpc
from tests.connections import peering, vpn
from tests.nets import both, written

HOME = (
    vpc("home", "10.0.0.0/16") + subnet("front", "10.0.1.0/24")
    + table("front", ("10.1.0.0/16", PCX))
    + group("app") + host("app", "front", "app")
)  # fmt: skip
OTHER = (
    vpc("other", "10.1.0.0/16")
    + subnet("one", "10.1.1.0/24", "other") + subnet("two", "10.1.2.0/24", "other")
    + group("db", SSH._replace(peer="10.0.0.0/16"), home="other")
    + host("first", "one", "db") + host("second", "two", "db")
)  # fmt: skip
TABLES = table("one", home="other") + table("two", home="other")


def _errors(folder: Path, language: str, text: Text, check: str) -> list[Finding]:
    found = written(folder, text.files(language)).findings
    return [one for one in found if one.check == check]


def _name(language: str, kind: str, name: str) -> str:
    terraform, template = ref(kind, name, "")
    return terraform.rstrip(".") if language == "terraform" else template.removeprefix("!Ref ")


@both
def test_a_route_that_a_main_table_lacks_is_one_finding_about_all_of_its_subnets(
    tmp_path: Path, language: str
) -> None:
    (found,) = _errors(tmp_path, language, HOME + OTHER + peering(), "IAC501")
    other = _name(language, "aws_vpc", "other")
    link = _name(language, "aws_vpc_peering_connection", "link")
    hosts = [_name(language, "aws_instance", one) for one in ("first", "second")]
    assert sorted(found.targets) == hosts
    assert found.resource == other
    assert f"main route table of {other} has no route to" in found.message
    assert found.primary.text == f"its main route table has no route for 10.0.1.0/24 to {link}"
    home = {
        "terraform": f"with route_table_id = {other}.main_route_table_id",
        "cloudformation": "in a table that is associated with OneSubnet",
    }
    assert found.help.endswith(home[language])


@both
def test_tables_of_their_own_are_a_finding_each(tmp_path: Path, language: str) -> None:
    found = _errors(tmp_path, language, HOME + OTHER + peering() + TABLES, "IAC501")
    tables = [_name(language, "aws_route_table", one) for one in ("one", "two")]
    assert sorted(one.resource for one in found) == tables


@both
def test_the_way_back_to_a_vpn_is_missing_once(tmp_path: Path, language: str) -> None:
    inside = (
        vpc("home", "10.0.0.0/16") + subnet("one", "10.0.1.0/24") + subnet("two", "10.0.2.0/24")
        + group("db", SSH._replace(peer="192.168.0.0/16"))
        + host("first", "one", "db", key="ops") + host("second", "two", "db", key="ops")
    )  # fmt: skip
    (found,) = _errors(tmp_path, language, inside + vpn("192.168.0.0/16"), "IAC513")
    assert found.resource == _name(language, "aws_vpc", "home")
    assert len(found.targets) == 2
