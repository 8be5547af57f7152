"""
Rules and entries that can never do what they are for: port 0, the protocol without logins, an ACL
that lets no reply out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import IGW, Entry, Rule, Text, acl, gateway, group, host, lets, subnet, table, vpc
from tests.test_stranded import said

LANGUAGES = ("terraform", "cloudformation")
FRONT = (
    vpc("home", "10.0.0.0/16") + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True) + table("front", ("0.0.0.0/0", IGW))
)  # fmt: skip
SSH = Rule(22, 22, "tcp")
RDP = Rule(3389, 3389, "tcp")
ALL = Rule(0, 0, "-1")


def web(*rules: Rule, key: str = "ops") -> Text:
    """A host in the public subnet."""
    return FRONT + group("web", *rules) + host("web", "front", "web", key=key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((Rule(0, 0, "tcp"),), ["error IAC402"]),
        ((Rule(0, 0, "tcp"), SSH), []),
        ((Rule(0, 65535, "tcp"),), []),
        ((ALL,), []),
        ((SSH, RDP._replace(protocol="udp")), ["error IAC403"]),
        ((SSH, RDP, RDP._replace(protocol="udp")), []),
        ((SSH._replace(protocol="udp"), RDP), ["error IAC403"]),
    ],
)
def test_a_rule_for_a_login_that_no_login_uses(
    tmp_path: Path, language: str, rules: tuple[Rule, ...], expected: list[str]
) -> None:
    assert said(tmp_path, language, web(*rules)) == expected


OUT = [Entry("egress", 100 + n, "allow", 6, port, port) for n, port in enumerate((22, 80, 443))]
ONLY_SOME = Entry("egress", 200, "allow", 6, 1024, 65535, "10.0.0.0/8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((lets("ingress"), *OUT), ["error IAC302"]),
        ((lets("ingress"), *OUT, ONLY_SOME), ["warning IAC302"]),
        ((lets("ingress"), *OUT, ONLY_SOME._replace(peer="0.0.0.0/0")), []),
        ((Entry("ingress", 100, "allow", 6, 443, 443), lets("egress")), ["warning IAC301"]),
    ],
)
def test_an_acl_that_answers_nobody_is_a_mistake_and_one_that_names_some_a_choice(
    tmp_path: Path, language: str, entries: tuple[Entry, ...], expected: list[str]
) -> None:
    assert said(tmp_path, language, web(ALL) + acl("front", *entries)) == expected


SEALED = vpc("home", "10.0.0.0/16") + subnet("front", "10.0.1.0/24")
CLOSED = SEALED + gateway("gate", "home")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("place", "name", "expected"),
    [
        (SEALED, "bastion", ["error IAC101", "error IAC204"]),
        (CLOSED, "bastion", ["warning IAC101", "warning IAC203"]),
        (SEALED, "worker", []),
    ],
)
def test_a_bastion_in_a_vpc_that_nothing_leads_into_is_an_error_without_a_key_too(
    tmp_path: Path, language: str, place: Text, name: str, expected: list[str]
) -> None:
    text = place + group(name, SSH) + host(name, "front", name)
    assert said(tmp_path, language, text) == expected
