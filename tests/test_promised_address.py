"""
An output of the public address of a host that gets none contradicts itself, where a rule lets
people outside log in: in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Level
from tests.blocks import IGW, NAT, Rule, Text, gateway, group, host, made, subnet, table, vpc
from tests.connections import HOME, NAT_GATEWAY
from tests.nets import written
from tests.twins import logical

LANGUAGES = ("terraform", "cloudformation")
ADDRESS = ("public_ip", "PublicIp")
NAME = ("public_dns", "PublicDnsName")
PRIVATE = ("private_ip", "PrivateIp")
OFFICE = Rule(22, 22, "tcp", "139.47.104.4/32")
INSIDE = OFFICE._replace(peer="10.0.0.0/16")
PLACE = (
    vpc("home", "10.0.0.0/16") + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True) + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24") + table("back", ("0.0.0.0/0", NAT)) + NAT_GATEWAY
)  # fmt: skip
DUAL = (
    vpc("home", "10.0.0.0/16") + gateway("gate", "home")
    + made("aws_subnet", "back", "EC2::Subnet", vpc_id=HOME, cidr_block="10.0.2.0/24",
           ipv6_cidr_block="2600:1f14:a:101::/64", assign_ipv6_address_on_creation=True)
    + table("back", ("0.0.0.0/0", IGW), ("::/0", IGW))
)  # fmt: skip
BASTION = group("bastion", OFFICE) + host("bastion", "front", "bastion", key="ops")


def said(folder: Path, language: str, text: Text, given: tuple[str, str]) -> list[str]:
    """The levels and ids of what is found beside an output of an attribute of the host."""
    own = logical("aws_instance", "db", {})
    said = Text(
        f'output "host" {{\n  value = aws_instance.db.{given[0]}\n}}\n',
        f"Outputs: {{Host: {{Value: !GetAtt {own}.{given[1]}}}}}\n",
    )
    return levels(folder, language, text, said)


def levels(folder: Path, language: str, text: Text, output: Text) -> list[str]:
    """The same beside an output that is written out."""
    files = text.files(language)
    last = output.terraform if language == "terraform" else output.cloudformation
    found = written(folder, {name: each + last for name, each in files.items()}).findings
    return sorted(
        f"{each.level.name.lower()} {each.check}"
        for each in found
        if each.level > Level.NOTE and each.check != "IAC210"
    )


def db(*rules: Rule) -> Text:
    return group("db", *rules) + host("db", "back", "db", key="ops")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", [ADDRESS, NAME])
def test_a_promised_address_behind_nat_is_not_private_by_design(
    tmp_path: Path, language: str, given: tuple[str, str]
) -> None:
    found = said(tmp_path, language, PLACE + db(OFFICE), given)
    assert found == ["error IAC101", "error IAC202"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("given", "expected"), [(ADDRESS, ["error IAC101"]), (PRIVATE, [])])
def test_another_host_that_is_open_to_everybody_is_no_bastion(
    tmp_path: Path, language: str, given: tuple[str, str], expected: list[str]
) -> None:
    anybody = OFFICE._replace(peer="0.0.0.0/0")
    place = PLACE.swap(table("back", ("0.0.0.0/0", NAT)), table("back", ("0.0.0.0/0", IGW)))
    web = group("web", anybody) + host("web", "front", "web", key="ops")
    for more in ((), (Rule(0, 0, "-1", "web"),)):
        assert said(tmp_path, language, place + web + db(anybody, *more), given) == expected
    named = anybody._replace(peer="web")
    assert said(tmp_path, language, place + web + db(anybody, named), given) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "given"),
    [
        (PLACE + db(OFFICE), PRIVATE),
        (PLACE + db(INSIDE), ADDRESS),
        (PLACE + db(OFFICE, INSIDE) + BASTION, ADDRESS),
    ],
    ids=["its private address", "a rule for insiders", "a bastion gets there"],
)
def test_a_private_host_stays_private(
    tmp_path: Path, language: str, text: Text, given: tuple[str, str]
) -> None:
    assert said(tmp_path, language, text, given) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("given", "expected"), [(ADDRESS, ["error IAC101"]), (PRIVATE, [])])
def test_ipv6_is_no_way_in_where_the_ipv4_address_is_promised(
    tmp_path: Path, language: str, given: tuple[str, str], expected: list[str]
) -> None:
    anybody = (OFFICE._replace(peer="0.0.0.0/0"), OFFICE._replace(peer="::/0"))
    assert said(tmp_path, language, DUAL + db(*anybody), given) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_says_that_ipv4_is_not_wanted_may_have_forgotten_the_output(
    tmp_path: Path, language: str
) -> None:
    anybody = (OFFICE._replace(peer="0.0.0.0/0"), OFFICE._replace(peer="::/0"))
    refused = Text(
        "associate_public_ip_address = false\nsubnet_id = aws_subnet.back.id\n"
        "vpc_security_group_ids = [aws_security_group.db.id]\n",
        "NetworkInterfaces: [{DeviceIndex: '0', AssociatePublicIpAddress: false, "
        "SubnetId: !Ref BackSubnet, GroupSet: [!GetAtt DbGroup.GroupId]}]",
    )
    launched = made("aws_instance", "db", "EC2::Instance", refused, key_name="ops")
    network = DUAL + group("db", *anybody) + launched
    assert said(tmp_path, language, network, ADDRESS) == ["warning IAC101"]


# ---- a host that is called private ---------------------------------------------------------------

ANYBODY = OFFICE._replace(peer="0.0.0.0/0")
DOOR = group("web", ANYBODY) + host("web", "front", "web", key="ops")
INNER = group("private", ANYBODY) + host("private", "back", "private", key="ops")
LOCAL = PLACE.swap(table("back", ("0.0.0.0/0", NAT)), table("back"))
COMMAND = Text(
    'output "host" {\n  value = "ssh ubuntu@${aws_instance.private.public_ip}"\n}\n',
    "Outputs: {Host: {Value: !Sub 'ssh ubuntu@${Private.PublicIp}'}}\n",
)
PLAIN = Text(
    'output "host" {\n  value = aws_instance.private.public_ip\n}\n',
    "Outputs: {Host: {Value: !GetAtt Private.PublicIp}}\n",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("network", [PLACE, LOCAL], ids=["NAT", "no way out"])
@pytest.mark.parametrize("door", [DOOR, Text("", "")], ids=["beside another", "alone"])
def test_an_output_of_every_attribute_promises_nothing_of_a_host_that_is_called_private(
    tmp_path: Path, language: str, network: Text, door: Text
) -> None:
    plain, command = (
        levels(tmp_path, language, network + door + INNER, each) for each in (PLAIN, COMMAND)
    )
    assert (plain, command[:1]) == ([], ["error IAC101"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "expected"), [("private", []), ("worker", ["error IAC101", "error IAC201"])]
)
def test_an_ipv6_address_without_a_way_out_asks_for_nothing_on_a_host_that_is_called_private(
    tmp_path: Path, language: str, name: str, expected: list[str]
) -> None:
    """Every address of IPv6 is a public one: it may be there for the other hosts only."""
    network = DUAL.swap(table("back", ("0.0.0.0/0", IGW), ("::/0", IGW)), table("back"))
    both = (ANYBODY, ANYBODY._replace(peer="::/0"))
    inner = group(name, *both) + host(name, "back", name, key="ops")
    assert levels(tmp_path, language, network + inner, Text("", "")) == expected
