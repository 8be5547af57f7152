"""
Hosts that people reach from inside, though a flag or an open rule looks as if the internet were
meant: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import IGW, Text, gateway, group, host, made, ref, subnet, table, vpc
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
