"""Groups of instances that are empty, groups that are named `default`, and what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.scan import instance_verdicts
from tests.blocks import Rule, Text, group, host, made, ref
from tests.nets import written
from tests.test_stranded import HOME, LANGUAGES, PING, SSH, WEB, said

# ---- groups of no instances ----------------------------------------------------------------------


def fleet(largest: str, name: str = "") -> Text:
    """A group of instances with a key pair, and with no way in."""
    return made(
        "aws_launch_configuration", "nodes", "AutoScaling::LaunchConfiguration",
        Text(
            f'security_groups = ["{name}"]\n' if name else
            "security_groups = [aws_security_group.web.id]\n",
            f"SecurityGroups: [{name or '!Ref WebGroup'}]",
        ),
        image_id="ami-0abcdef0123456789", instance_type="t3.micro", key_name="ops",
        associate_public_ip_address=True,
    ) + made(
        "aws_autoscaling_group", "nodes", "AutoScaling::AutoScalingGroup",
        Text(
            f'launch_configuration = aws_launch_configuration.nodes.name\nmax_size = {largest}\n'
            f'min_size = 0\n{ZONES[0] if name else SUBNETS[0]}\n',
            f"LaunchConfigurationName: {LAUNCH},  MaxSize: '{largest}', "
            f"MinSize: '0', {ZONES[1] if name else SUBNETS[1]}",
        ),
    )  # fmt: skip


LAUNCH = ref("aws_launch_configuration", "nodes")[1]
ZONES = ('availability_zones = ["eu-west-1a"]', "AvailabilityZones: [eu-west-1a]")
SUBNETS = (
    "vpc_zone_identifier = [aws_subnet.front.id]",
    "VPCZoneIdentifier: [!Ref FrontSubnet]",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("largest", "expected"), [("0", []), ("1", ["error IAC401"])])
def test_a_group_that_is_never_larger_than_nothing_has_nobody_to_reach(
    tmp_path: Path, language: str, largest: str, expected: list[str]
) -> None:
    text = HOME + group("web", WEB) + fleet(largest)
    assert said(tmp_path, language, text) == expected


# ---- the default group by its name ---------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_default_means_the_default_group_as_if_nothing_was_said(
    tmp_path: Path, language: str
) -> None:
    assert said(tmp_path, language, fleet("1", "default")) == ["warning IAC406"]
    assert said(tmp_path, language, fleet("1", "other")) != ["warning IAC406"]


# ---- what is counted -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rules", "expected"),
    [((PING,), "blocked"), ((PING, SSH), "reachable")],
    ids=["an error", "none"],
)
def test_a_host_with_an_error_is_counted_as_blocked(
    tmp_path: Path, language: str, rules: tuple[Rule, ...], expected: str
) -> None:
    anyone = tuple(rule._replace(peer="0.0.0.0/0") for rule in rules)
    text = HOME + group("web", *anyone) + host("web", "front", "web", key="ops")
    found = written(tmp_path, text.files(language))
    assert instance_verdicts([found.network], found.judged) == [expected]
