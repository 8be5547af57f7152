"""
Bastions that stand among the private hosts: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.blocks import IGW, NAT, VGW, Rule, Text, gateway, group, host, made, ref, subnet, table
from tests.blocks import vpc as network
from tests.connections import NAT_GATEWAY, balancer, vpn
from tests.nets import written

LANGUAGES = ("terraform", "cloudformation")
HOME = (
    network("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24")
    + NAT_GATEWAY
)
OUT = table("back", ("0.0.0.0/0", NAT))
OPEN = Rule(22, 22, "tcp")
OFFICE = OPEN._replace(peer="203.0.113.0/24")


def placed(name: str, *rules: Rule, place: str = "back", key: str = "ops") -> Text:
    """A host with the rules of its group."""
    return group(name, *rules) + host(name, place, name, key=key)


def told(attribute: str, as_: str) -> Text:
    """An output of the root, and an export of the stack, that says something of the bastion."""
    value, own = ref("aws_instance", "bastion", attribute, as_)
    return handed(value, own)


def handed(value: str, own: str) -> Text:
    """Something that others are told of."""
    return Text(
        f'resource "aws_ssm_parameter" "told" {{\n  name = "/told"\n  type = "String"\n'
        f"  value = {value}\n}}\n",
        f"Told: {{Type: 'AWS::SSM::Parameter', Properties: {{Type: String, Value: {own}}}}}\n",
    )


SCRIPT = "#!/bin/sh\\ncurl -fsSL https://tailscale.com/install.sh | sh\\ntailscale up --ssh\\n"
DIALS = made(
    "aws_instance", "bastion", "EC2::Instance",
    Text(
        f'vpc_security_group_ids = [aws_security_group.bastion.id]\nuser_data = "{SCRIPT}"\n',
        f'SecurityGroupIds: [!GetAtt BastionGroup.GroupId], UserData: {{"Fn::Base64": "{SCRIPT}"}}',
    ),
    subnet_id=ref("aws_subnet", "back"), key_name="ops",
)  # fmt: skip
VPN = Text(
    'module "vpn" {\n  source = "git::https://example.com/vpn"\n  vpc_id = aws_vpc.home.id\n}\n',
    "Vpn: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: "
    "'https://s3.amazonaws.com/any/vpn.yaml', Parameters: {Vpc: !Ref HomeVpc}}}\n",
)
PERHAPS = {
    "others are told of": told("id", ""),
    "others are told the inner address of": told("private_ip", "PrivateIp"),
    "something that is not here may lead people to": VPN,
    "others may add a route to": handed(*ref("aws_route_table", "back")),
}


LOUD = {
    "behind a NAT gateway": OUT + placed("bastion", OPEN),
    "for the office": OUT + placed("bastion", OFFICE),
    "though its public address is put out": OUT
    + placed("bastion", OPEN)
    + told("public_ip", "PublicIp"),
    "called a jump host": OUT + placed("jump_host", OPEN),
    "with another host that nobody gets to either": OUT
    + placed("bastion", OPEN)
    + placed("db", OPEN._replace(peer="bastion")),
}
QUIET = {
    "a bastion where people come": placed("bastion", OPEN, place="front"),
    "a private host with a rule for everybody": OUT + placed("shop", OPEN),
    "one with a rule for the office": OUT + placed("shop", OFFICE),
    "a bastion without a key pair": OUT + placed("bastion", OPEN, key=""),
    "a bastion for those inside": OUT + placed("bastion", OPEN._replace(peer="10.0.0.0/16")),
    "a bastion for all traffic": OUT + placed("bastion", Rule(0, 0, "-1")),
    "a bastion that the office gets to by VPN": table("back", ("10.9.0.0/16", VGW))
    + vpn("10.9.0.0/16")
    + placed("bastion", OPEN),
    "a bastion behind another host": OUT
    + placed("bastion", OPEN)
    + placed("front", OPEN, place="front"),
    "a host behind a load balancer": OUT
    + group("db", OPEN)
    + host("db", "back", "db", key="ops")
    + balancer(22),
    "a host that is behind a bastion": OUT + placed("behind_bastion", OPEN),
    "a host of which the name only begins like that of one": OUT + placed("jumpstart", OPEN),
    "a bastion that dials out": OUT + group("bastion", OPEN) + DIALS,
    "a bastion with an endpoint beside it": OUT
    + placed("bastion", OPEN)
    + made(
        "aws_ec2_instance_connect_endpoint", "door", "EC2::InstanceConnectEndpoint",
        subnet_id=ref("aws_subnet", "back"),
    ),
}  # fmt: skip


def said(folder: Path, language: str, text: Text) -> list[str]:
    """The levels of what is found, without what is only a note."""
    found = written(folder, text.files(language)).findings
    return [
        each.level.name.lower()
        for each in found
        if each.level >= Level.WARNING and each.check != "IAC210"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD)
def test_a_bastion_for_people_outside_is_not_private_by_design(
    tmp_path: Path, language: str, text: Text
) -> None:
    """The address that it lacks, and the route that replies need."""
    assert set(said(tmp_path, language, HOME + text)) == {"error"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_host_with_a_way_in_or_without_people_outside_is_quiet(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, HOME + text) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", PERHAPS.values(), ids=PERHAPS)
def test_a_bastion_to_which_others_may_lead_people_is_only_a_warning(
    tmp_path: Path, language: str, text: Text
) -> None:
    """A load balancer of another root, a VPN of a module that is not installed."""
    found = said(tmp_path, language, HOME + OUT + placed("bastion", OPEN) + text)
    assert set(found) == {"warning"}


def test_a_bastion_without_a_profile_may_get_one_from_its_account(tmp_path: Path) -> None:
    """Session Manager reaches every instance then."""
    setting = Text(
        'resource "aws_ssm_service_setting" "any" {\n'
        '  setting_id    = "/ssm/managed-instance/default-ec2-instance-management-role"\n'
        '  setting_value = "any"\n}\n',
        "",
    )
    assert said(tmp_path, "terraform", HOME + OUT + placed("bastion", OPEN) + setting) == []
