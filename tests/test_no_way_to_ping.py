"""
Who can log in by Session Manager needs no SSH, and gets no answer to a ping by that.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import IGW, PCX, Rule, Text, gateway, group, host, made, ref, subnet, table, vpc
from tests.connections import HOME, peering
from tests.nets import written

LANGUAGES = ("terraform", "cloudformation")
MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
PROFILE = (
    made(
        "aws_iam_role", "ops", "IAM::Role",
        Text('assume_role_policy = "{}"\n',
             f"AssumeRolePolicyDocument: {{}}, ManagedPolicyArns: ['{MANAGER}']"),
    )
    + Text(
        'resource "aws_iam_role_policy_attachment" "ops" {\n  role = aws_iam_role.ops.name\n'
        f'  policy_arn = "{MANAGER}"\n}}\n', "",
    )
    + made(
        "aws_iam_instance_profile", "ops", "IAM::InstanceProfile",
        Text("role = aws_iam_role.ops.name\n", "Roles: [!Ref OpsIamRole]"),
    )
)  # fmt: skip
PING, SSH = Rule(-1, -1, "icmp"), Rule(22, 22, "tcp")


def _managed(name: str) -> Text:
    """A host in the subnet of its own name that people log in to by Session Manager."""
    return made(
        "aws_instance", name, "EC2::Instance",
        Text(f"vpc_security_group_ids = [aws_security_group.{name}.id]\n",
             f"SecurityGroupIds: [!GetAtt {name.title()}Group.GroupId]"),
        subnet_id=ref("aws_subnet", name), instance_type="t3.micro",
        iam_instance_profile=ref("aws_iam_instance_profile", "ops", "name"),
    )  # fmt: skip


def _endpoint(service: str) -> Text:
    return made(
        "aws_vpc_endpoint", service, "EC2::VPCEndpoint", vpc_id=HOME,
        service_name=f"com.amazonaws.us-east-1.{service}", vpc_endpoint_type="Interface",
        subnet_ids=[ref("aws_subnet", "front")], private_dns_enabled=True,
        security_group_ids=[ref("aws_security_group", "front", as_="GroupId")],
    )  # fmt: skip


def _peered(rule: Rule, back: bool) -> Text:
    """Two hosts on the internet, in peered VPCs, each with a rule for the other's VPC."""
    text = PROFILE + peering()
    ends = (("home", "front", "10.0", "10.1"), ("other", "far", "10.1", "10.0"))
    for home, place, own, others in ends:
        routes = [("0.0.0.0/0", IGW._replace(name=home))]
        if back or home == "home":
            routes.append((f"{others}.0.0/16", PCX))
        text += (
            vpc(home, f"{own}.0.0/16") + gateway(home, home)
            + subnet(place, f"{own}.1.0/24", home=home, public=True)
            + table(place, *routes, home=home)
            + group(place, rule._replace(peer=f"{others}.0.0/16"), home=home) + _managed(place)
        )  # fmt: skip
    return text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rule", "back", "expected"),
    [
        (PING, False, ["error IAC501"]),
        (SSH, False, ["warning IAC501"]),
        (PING, True, []),
        (SSH, True, []),
    ],
)
def test_session_manager_is_a_way_to_log_in_and_none_to_ping(
    tmp_path: Path, language: str, rule: Rule, back: bool, expected: list[str]
) -> None:
    found = written(tmp_path, _peered(rule, back).files(language)).findings
    shown = {f"{one.level.name.lower()} {one.check}" for one in found if one.check != "IAC210"}
    assert sorted(shown) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_that_asks_for_no_address_is_not_to_be_pinged_from_outside(
    tmp_path: Path, language: str
) -> None:
    text = (
        PROFILE + vpc("home", "10.0.0.0/16") + gateway("gate", "home")
        + subnet("front", "10.0.1.0/24") + table("front", ("0.0.0.0/0", IGW))
        + group("front", PING, Rule(443, 443, "tcp", "10.0.0.0/16")) + _managed("front")
        + _endpoint("ssm") + _endpoint("ssmmessages")
    )  # fmt: skip
    assert written(tmp_path, text.files(language)).errors == []


def test_a_ping_in_an_output_is_for_the_address_behind_it(tmp_path: Path) -> None:
    """Other addresses in the same text are for other commands."""
    text = (
        vpc("home", "10.0.0.0/16") + gateway("gate", "home")
        + subnet("front", "10.0.1.0/24", public=True) + table("front", ("0.0.0.0/0", IGW))
        + group("web", SSH) + host("web", "front", "web", key="ops")
        + group("far", PING._replace(peer="10.0.0.0/16")) + host("far", "front", "far")
        + Text(
            'output "try" {\n  value = "ssh ubuntu@${aws_instance.web.public_ip}; then: '
            'ping ${aws_instance.far.private_ip}"\n}\n', "",
        )
    )  # fmt: skip
    errors = [f.check for f in written(tmp_path, text.files("terraform")).findings if f.level == 3]
    assert errors == []
    swapped = text.terraform.replace("ubuntu@${aws_instance.web", "ubuntu@${aws_instance.far")
    swapped = swapped.replace("ping ${aws_instance.far.private", "ping ${aws_instance.web.public")
    found = written(tmp_path, {"main.tf": swapped}).findings
    assert [f.check for f in found if f.level == 3] == ["IAC401"]
