"""A load balancer's group has to let in the port of the listener: in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import Rule, Text, group, host, made, ref
from tests.nets import written
from tests.test_stranded import HOME, LANGUAGES, SSH

INNER = group("inner", SSH._replace(peer="balancer")) + host("inner", "back", "inner", key="ops")


LB_GROUP = ref("aws_security_group", "balancer", as_="GroupId")[1]
TARGET = ref("aws_instance", "inner")[1]


def balancer(port: int) -> Text:
    return made(
        "aws_elb", "balancer", "ElasticLoadBalancing::LoadBalancer",
        Text(
            "subnets = [aws_subnet.front.id]\ninstances = [aws_instance.inner.id]\n"
            "security_groups = [aws_security_group.balancer.id]\n"
            f'listener {{\n  lb_port = {port}\n  instance_port = 22\n'
            '  lb_protocol = "tcp"\n  instance_protocol = "tcp"\n}\n',
            "Scheme: internet-facing, Subnets: [!Ref FrontSubnet], "
            f"SecurityGroups: [{LB_GROUP}], Instances: [{TARGET}], "
            f"Listeners: [{{LoadBalancerPort: '{port}', InstancePort: '22', Protocol: TCP}}]",
        ),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("port", "rule", "expected"),
    [
        (1024, SSH, "IAC402"),
        (1024, Rule(443, 443, "tcp"), "IAC401"),
        (1024, Rule(1024, 1024, "tcp"), ""),
        (22, SSH, ""),
    ],
)
def test_the_rule_is_for_the_port_of_the_listener(
    tmp_path: Path, language: str, port: int, rule: Rule, expected: str
) -> None:
    text = HOME + group("balancer", rule) + INNER + balancer(port)
    found = written(tmp_path, text.files(language)).findings
    told = [(each.check, each.help) for each in found if each.targets]
    helps = "let tcp 1024 in, the port of the listener, from internet"
    assert told == ([(expected, helps)] if expected else [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("port", "rules", "expected"),
    [
        (1024, (Rule(1024, 1024, "tcp", "10.9.0.0/16"), SSH), "IAC404"),
        (22, (Rule(443, 443, "tcp"),), "IAC401"),
    ],
)
def test_elsewhere_the_port_of_the_listener_is_not_spoken_of(
    tmp_path: Path, language: str, port: int, rules: tuple[Rule, ...], expected: str
) -> None:
    """Where its rule is for others, or where both ports are the same."""
    text = HOME + group("balancer", *rules) + INNER + balancer(port)
    found = written(tmp_path, text.files(language)).findings
    told = [(each.check, "of the listener" in each.help) for each in found if each.targets]
    assert told == [(expected, False)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_is_a_resource_of_its_own_is_blamed(tmp_path: Path, language: str) -> None:
    """Else the group it is written in."""
    rule = group("web") + group("balancer", SSH._replace(peer="web"))
    found = written(tmp_path, (HOME + rule + INNER + balancer(1024)).files(language)).findings
    blamed = {
        "terraform": "aws_security_group.balancer",
        "cloudformation": "BalancerGroupIngress0",
    }
    assert [each.resource for each in found if each.check == "IAC402"] == [blamed[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_of_the_load_balancer_is_no_spare_one(tmp_path: Path, language: str) -> None:
    text = HOME + group("balancer", SSH) + group("web") + host("web", "front", "web", key="ops")
    text += INNER + balancer(22)
    found = written(tmp_path, text.files(language)).findings
    assert [each.help for each in found if each.check == "IAC401" and "balancer" in each.help] == []
