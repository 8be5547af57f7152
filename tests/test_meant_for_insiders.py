"""
Hosts that people reach from inside, though a flag or an open rule looks as if the internet were
meant: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from iaclint.run import verdicts
from tests.blocks import (
    ALL,
    IGW,
    Entry,
    Rule,
    Text,
    acl,
    gateway,
    group,
    host,
    lets,
    made,
    ref,
    subnet,
    table,
    vpc,
)
from tests.nets import written
from tests.test_stranded import LANGUAGES, SSH, said

HOME = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
)
MAPPED = HOME + subnet("back", "10.0.2.0/24", public=True) + table("back")
BASTION = group("bastion", SSH) + host("bastion", "front", "bastion", key="ops")
FROM_HOME = SSH._replace(peer="10.0.0.0/16")


def server(*groups: str, name: str = "server") -> Text:
    return host(name, "back", *groups, key="ops")


# ---- an address that only the subnet asks for ----------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["server", "app"])
def test_a_flag_of_the_subnet_means_nothing_where_a_bastion_gets_to_the_host(
    tmp_path: Path, language: str, name: str
) -> None:
    text = MAPPED + BASTION + group("inner", SSH, FROM_HOME) + server("inner", name=name)
    assert said(tmp_path, language, text) == []


def test_the_report_says_what_other_way_there_is(tmp_path: Path) -> None:
    text = MAPPED + BASTION + group("inner", SSH, FROM_HOME) + server("inner")
    net = written(tmp_path, text.files("terraform"))
    why = {flow.target: flow.why_not for flow in verdicts(net.judged) if flow.source == "internet"}
    assert why["aws_instance.server"] == "aws_instance.bastion is another way in"
    assert why["aws_instance.bastion"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_of_any_name_is_a_bastion_where_a_rule_names_its_group(
    tmp_path: Path, language: str
) -> None:
    web = group("web", SSH) + host("web", "front", "web", key="ops")
    named = group("inner", SSH, SSH._replace(peer="web")) + server("inner")
    assert said(tmp_path, language, MAPPED + web + named) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hosts_that_are_open_to_everybody_are_no_bastions_for_each_other(
    tmp_path: Path, language: str
) -> None:
    web = group("web", SSH) + host("web", "front", "web", key="ops")
    assert said(tmp_path, language, MAPPED + web + server("web")) == ["error IAC201"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bastion_without_a_route_is_an_error_though_another_one_gets_to_it(
    tmp_path: Path, language: str
) -> None:
    text = MAPPED + BASTION + group("inner", SSH, FROM_HOME) + server("inner", name="jump")
    assert said(tmp_path, language, text) == ["error IAC201"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_elastic_ip_is_asked_for_by_the_host_itself(tmp_path: Path, language: str) -> None:
    own = _elastic("server")
    text = MAPPED + BASTION + group("inner", SSH, FROM_HOME) + server("inner") + own
    assert said(tmp_path, language, text) == ["error IAC201"]


def _elastic(name: str) -> Text:
    instance_id, instance_ref = ref("aws_instance", name)
    only = Text(f"instance = {instance_id}\n", f"InstanceId: {instance_ref}")
    return made("aws_eip", name, "EC2::EIP", only)


# ---- an ACL that names insiders ------------------------------------------------------------------

ISOLATED = HOME + subnet("back", "10.0.2.0/24") + table("back")
OPEN = group("bastion", ALL) + host("bastion", "front", "bastion", key="ops")
IN = Entry("ingress", 100, "allow", 6, 22, 22, "10.0.1.0/24")
NO_REPLY = Entry("egress", 100, "allow", 6, 22, 22)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((IN, NO_REPLY), ["error IAC302"]),
        ((IN, lets("egress")), []),
    ],
    ids=["no reply", "works"],
)
def test_an_acl_that_names_the_bastion_says_who_is_meant(
    tmp_path: Path, language: str, entries: tuple[Entry, ...], expected: list[str]
) -> None:
    text = ISOLATED + OPEN + server("bastion") + acl("back", *entries)
    assert said(tmp_path, language, text) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acl_that_names_the_bastion_is_about_the_bastion(tmp_path: Path, language: str) -> None:
    text = ISOLATED + OPEN + server("bastion") + acl("back", IN, NO_REPLY)
    found = [f for f in written(tmp_path, text.files(language)).findings if f.check == "IAC302"]
    assert [f.source.lower() for f in found if f.level is Level.ERROR] in (
        ["bastioninstance"], ["aws_instance.bastion"], ["bastion"],
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acl_is_no_evidence_where_no_group_lets_anybody_in(
    tmp_path: Path, language: str
) -> None:
    closed = group("inner", Rule(5432, 5432, "tcp", "10.0.0.0/16")) + server("inner")
    text = ISOLATED + BASTION + closed + acl("back", IN, lets("egress"))
    assert "error IAC410" not in said(tmp_path, language, text)
    assert "error IAC302" not in said(tmp_path, language, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_that_asks_for_an_address_is_for_the_internet_whatever_its_acl_says(
    tmp_path: Path, language: str
) -> None:
    text = ISOLATED + OPEN + server("bastion") + acl("back", IN, NO_REPLY) + _elastic("server")
    assert "error IAC201" in said(tmp_path, language, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_the_bastion_says_who_is_meant_beside_one_for_everything(
    tmp_path: Path, language: str
) -> None:
    shut = group("bastion", SSH, out=()) + host("bastion", "front", "bastion", key="ops")
    text = ISOLATED + shut + group("inner", ALL, SSH._replace(peer="bastion")) + server("inner")
    assert said(tmp_path, language, text) == ["error IAC411"]
