"""
Hosts that people mean to log in to and that nobody gets to, though there is an entrance: in both
languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.finding import Finding, Level
from tests.blocks import (
    IGW,
    PCX,
    TGW,
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
from tests.connections import attached, hub, peering, vpn
from tests.nets import written

LANGUAGES = ("terraform", "cloudformation")
HOME = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW))
    + subnet("back", "10.0.2.0/24")
)
SSH = Rule(22, 22, "tcp")
WEB = Rule(443, 443, "tcp")
PING = Rule(-1, -1, "icmp")
OPEN = group("web", SSH, WEB) + host("web", "front", "web", key="ops")
ONLY_SSH = group("web", SSH) + host("web", "front", "web", key="ops")
BASTION = group("bastion", SSH) + host("bastion", "front", "bastion", key="ops")
BALANCER = group("balancer", WEB) + made(
    "aws_lb", "shop", "ElasticLoadBalancingV2::LoadBalancer",
    Text("security_groups = [aws_security_group.balancer.id]\nsubnets = [aws_subnet.front.id]\n",
         "SecurityGroups: [!GetAtt BalancerGroup.GroupId], Subnets: [!Ref FrontSubnet]"),
)  # fmt: skip


def db(*rules: Rule, home: str = "home", place: str = "back", key: str = "ops") -> Text:
    """A host without a public address, with the rules of its group."""
    return group("db", *rules, home=home) + host("db", place, "db", key=key)


def people_use(through: str) -> Text:
    """A database that lets in who has a group."""
    return group("data", Rule(5432, 5432, "tcp", through)) + made(
        "aws_db_instance", "data", "RDS::DBInstance",
        Text("vpc_security_group_ids = [aws_security_group.data.id]\n",
             "VPCSecurityGroups: [!GetAtt DataGroup.GroupId]"),
    )  # fmt: skip


def said(folder: Path, language: str, text: Text) -> list[str]:
    """The levels and ids of what is found, without what is only a note."""
    return shown(written(folder, text.files(language)).findings)


def shown(found: list[Finding]) -> list[str]:
    """Levels and ids; the order in which a stack makes things is not the subject."""
    return sorted(
        f"{one.level.name.lower()} {one.check}"
        for one in found
        if one.level >= Level.WARNING and one.check != "IAC210"
    )


# ---- a rule for the service that nobody can use --------------------------------------------------

INNER = group("app", SSH._replace(peer="web")) + host("app", "back", "app", key="ops")
ONE_TIER = acl("back", Entry("ingress", 100, "allow", 6, 5432, 5432), lets("egress"))
DEEP = subnet("deep", "10.0.3.0/24") + group("shop", SSH) + host("shop", "deep", "shop", key="ops")
FAR = vpc("other", "10.9.0.0/16") + peering()
LATER = subnet("later", "10.0.7.0/24")
TOLD = made(
    "aws_ssm_parameter", "later", "SSM::Parameter", Text('name = "/later"\n', "Name: /later"),
    type="String", value=ref("aws_subnet", "later"),
)  # fmt: skip
LOUD = {
    "for a load balancer": (OPEN + BALANCER + db(SSH._replace(peer="balancer")), ["error IAC410"]),
    "for a block where nothing is": (OPEN + db(SSH._replace(peer="10.0.9.0/24")), ["error IAC410"]),
    "for its own subnet": (OPEN + db(SSH._replace(peer="10.0.2.0/24")), ["error IAC410"]),
    "for their own subnet, in which they only let each other in": (
        OPEN + db(SSH._replace(peer="10.0.2.0/24")) + host("twin", "back", "db", key="ops"),
        ["error IAC410"],
    ),
    "for the subnets in which they only let each other in": (
        OPEN
        + subnet("deep", "10.0.3.0/24")
        + db(SSH._replace(peer="10.0.2.0/24"), SSH._replace(peer="10.0.3.0/24"))
        + host("twin", "deep", "db", key="ops"),
        ["error IAC410"],
    ),
    "for a block that is at neither end of a peering": (
        BASTION + FAR + db(SSH._replace(peer="10.35.0.0/16")),
        ["error IAC410"],
    ),
    "in the wrong protocol": (OPEN + db(Rule(22, 22, "udp", "web")), ["error IAC403"]),
    "on the port of RDP with its digits swapped": (
        BASTION + db(Rule(3398, 3398, "tcp", "bastion")),
        ["error IAC402"],
    ),
    "for RDP in the wrong protocol": (
        BASTION + db(Rule(3389, 3389, "udp", "bastion")),
        ["error IAC403"],
    ),
    "on port 0": (OPEN + db(Rule(0, 0, "tcp", "web")), ["error IAC402"]),
    "for the office, on a host behind a bastion": (
        BASTION + db(SSH._replace(peer="203.0.113.7/32")),
        ["error IAC410"],
    ),
    "for a group that nobody has": (
        BASTION + group("people") + db(SSH._replace(peer="people")),
        ["error IAC410"],
    ),
    "in the wrong protocol, for a host behind the first": (
        OPEN + INNER + db(Rule(22, 22, "udp", "app")),
        ["error IAC403"],
    ),
    "for everybody, behind an ACL": (OPEN + db(SSH) + ONE_TIER, ["error IAC301"]),
    "for the VPC, behind an ACL": (
        OPEN + db(SSH._replace(peer="10.0.0.0/16")) + ONE_TIER,
        ["error IAC301"],
    ),
    "for everybody, from a host that lets nothing out": (
        group("web", SSH, out=()) + host("web", "front", "web", key="ops") + db(SSH),
        ["error IAC411"],
    ),
    "for everybody, on a host with no way to the internet": (
        group("web", SSH, out=(WEB,)) + host("web", "front", "web", key="ops") + DEEP,
        ["error IAC411"],
    ),
    "nowhere, behind a bastion that gets nowhere": (
        BASTION + db(Rule(5432, 5432, "tcp", "bastion")),
        ["error IAC401"],
    ),
    "for an empty subnet, behind a host that is good for nothing else": (
        ONLY_SSH + LATER + db(SSH._replace(peer="10.0.7.0/24")),
        ["warning IAC410"],
    ),
    "for an empty subnet, behind a bastion": (
        BASTION + LATER + db(SSH._replace(peer="10.0.7.0/24")),
        ["warning IAC410"],
    ),
    "with another key pair": (
        BASTION + LATER + db(SSH._replace(peer="10.0.7.0/24"), key="other"),
        ["warning IAC410"],
    ),
    "for an empty subnet, behind a host by which people use a database": (
        ONLY_SSH + people_use("web") + LATER + db(SSH._replace(peer="10.0.7.0/24")),
        ["warning IAC410"],
    ),
    "nowhere, behind a bastion by which people use a database": (
        BASTION + people_use("bastion") + db(Rule(5432, 5432, "tcp", "bastion")),
        ["warning IAC401"],
    ),
    "for the group in which it is alone": (
        BASTION + db(SSH._replace(peer="self")),
        ["error IAC410"],
    ),
    "nowhere, behind a host that is good for nothing else": (
        ONLY_SSH + db(Rule(5432, 5432, "tcp", "web")),
        ["warning IAC401"],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), LOUD.values(), ids=LOUD)
def test_a_rule_by_which_nobody_logs_in(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    assert said(tmp_path, language, HOME + text) == expected


QUIET = {
    "it works": OPEN + db(SSH._replace(peer="web")),
    "by another host": OPEN + INNER + db(SSH._replace(peer="app")),
    "no key pair and no rule": BASTION + db(Rule(5432, 5432, "tcp", "bastion"), key=""),
    "no entrance": group("web", WEB) + host("web", "front", "web") + db(SSH),
    "a key pair, beside a bastion that gets to others": BASTION
    + group("app", SSH._replace(peer="bastion"))
    + host("app", "back", "app", key="ops")
    + db(Rule(5432, 5432, "tcp", "app")),
    "its own subnet, from which another host comes that people get to": OPEN
    + db(SSH._replace(peer="10.0.2.0/24"))
    + group("app", SSH._replace(peer="web"))
    + host("app", "back", "app", key="ops"),
    "its own subnet, with another host that is lost for a reason of its own": OPEN
    + db(SSH._replace(peer="10.0.2.0/24"))
    + group("app", WEB)
    + host("app", "back", "app", key="ops"),
    "an empty subnet is let in": OPEN + LATER + db(SSH._replace(peer="10.0.7.0/24")),
    "one of which others are told": ONLY_SSH + LATER + TOLD + db(SSH._replace(peer="10.0.7.0/24")),
    "a group that is handed to what may be a host": BASTION
    + group("people")
    + db(SSH._replace(peer="people"))
    + Text(
        'module "any" {\n  source = "git::https://example.com/any"\n'
        "  group  = aws_security_group.people.id\n}\n",
        "Any: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: "
        "'https://s3.amazonaws.com/any/any.yaml', Parameters: {Group: !GetAtt "
        "PeopleGroup.GroupId}}}\n",
    ),
    "members of its own group are let in": OPEN + db(SSH._replace(peer="self")),
    "of which there is another": BASTION
    + db(SSH._replace(peer="self"))
    + group("app", SSH._replace(peer="bastion"))
    + host("app", "back", "app", "db", key="ops"),
    "an entrance in a VPC that nothing joins": OPEN
    + vpc("other", "10.9.0.0/16")
    + subnet("far", "10.9.1.0/24", home="other")
    + db(SSH, home="other", place="far"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_host_that_is_reached_or_meant_for_nobody_is_quiet(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, HOME + text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_everybody_is_for_the_internet_where_nobody_comes_in_beside_the_host(
    tmp_path: Path, language: str
) -> None:
    assert said(tmp_path, language, HOME + DEEP) == ["error IAC101", "error IAC203"]
    assert said(tmp_path, language, HOME + OPEN + DEEP) == []


MOVED = "#!/bin/sh\\nsed -i '/Port 22/a Port 2225' /etc/ssh/sshd_config\\nservice sshd restart\\n"
ELSEWHERE = made(
    "aws_instance", "web", "EC2::Instance",
    Text(
        f'vpc_security_group_ids = [aws_security_group.web.id]\nuser_data = "{MOVED}"\n',
        f'SecurityGroupIds: [!GetAtt WebGroup.GroupId], UserData: {{"Fn::Base64": "{MOVED}"}}',
    ),
    subnet_id=ref("aws_subnet", "front"), key_name="ops",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_come_in_on_the_port_to_which_sshd_is_moved(tmp_path: Path, language: str) -> None:
    bastion = HOME + group("web", SSH._replace(first=2225, last=2225)) + ELSEWHERE
    own = db(SSH._replace(peer="10.0.2.0/24"))
    assert said(tmp_path, language, bastion + own) == ["error IAC410"]
    assert said(tmp_path, language, bastion + db(SSH._replace(peer="web"))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_comes_in_on_the_port_from_which_sshd_is_moved(
    tmp_path: Path, language: str
) -> None:
    bastion = HOME + group("web", SSH) + ELSEWHERE
    found = said(tmp_path, language, bastion + db(SSH._replace(peer="10.0.2.0/24")))
    assert "error IAC410" not in found


# ---- connected networks --------------------------------------------------------------------------

AWAY = vpc("other", "10.9.0.0/16") + subnet("far", "10.9.1.0/24", home="other")
ONE_WAY = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + table("front", ("0.0.0.0/0", IGW), ("10.9.0.0/16", PCX))
    + AWAY
    + peering()
)
BACK = table("far", ("10.0.0.0/16", PCX), home="other")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", [SSH, SSH._replace(peer="10.0.0.0/8"), Rule(0, 0, "-1")])
def test_a_peering_with_a_route_on_one_side_strands_the_hosts_of_the_other(
    tmp_path: Path, language: str, rule: Rule
) -> None:
    far = db(rule, home="other", place="far")
    assert said(tmp_path, language, ONE_WAY + OPEN + far) == ["error IAC501"]
    assert said(tmp_path, language, ONE_WAY + OPEN + far + BACK) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_spokes_of_a_hub_are_connected_for_each_other_only_where_there_are_two(
    tmp_path: Path, language: str
) -> None:
    spokes = hub() + attached("home", "front") + attached("other", "far")
    two = HOME + AWAY + spokes + OPEN + db(SSH, home="other", place="far")
    more = vpc("third", "10.8.0.0/16") + subnet("third", "10.8.1.0/24", home="third")
    assert "error IAC501" in said(tmp_path, language, two)
    assert said(tmp_path, language, two + more + attached("third", "third")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_that_is_connected_and_gets_nowhere_is_an_error(
    tmp_path: Path, language: str
) -> None:
    office = HOME + vpn("192.168.0.0/16") + table("back")
    assert said(tmp_path, language, office + db(SSH)) == ["error IAC513"]
    other = SSH._replace(peer="172.20.0.0/16")
    assert said(tmp_path, language, office + db(other)) == ["error IAC505"]


CLIENT_VPN = (
    made(
        "aws_ec2_client_vpn_endpoint", "people", "EC2::ClientVpnEndpoint",
        client_cidr_block="10.200.0.0/22", vpc_id=ref("aws_vpc", "home"),
    )
    + made(
        "aws_ec2_client_vpn_network_association", "people",
        "EC2::ClientVpnTargetNetworkAssociation",
        client_vpn_endpoint_id=ref("aws_ec2_client_vpn_endpoint", "people"),
        subnet_id=ref("aws_subnet", "back"),
    )
    + made(
        "aws_ec2_client_vpn_authorization_rule", "people", "EC2::ClientVpnAuthorizationRule",
        client_vpn_endpoint_id=ref("aws_ec2_client_vpn_endpoint", "people"),
        target_network_cidr="10.0.0.0/16", authorize_all_groups=True,
    )
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_users_of_a_client_vpn_do_not_come_with_their_own_addresses(
    tmp_path: Path, language: str
) -> None:
    own = HOME + CLIENT_VPN + db(SSH._replace(peer="10.200.0.0/22"))
    assert said(tmp_path, language, own) == ["error IAC410"]
    assert said(tmp_path, language, HOME + CLIENT_VPN + db(SSH._replace(peer="10.0.2.0/24"))) == []


def test_who_is_authorized_by_hand_is_not_known(tmp_path: Path) -> None:
    rule = CLIENT_VPN.terraform.index('resource "aws_ec2_client_vpn_authorization_rule"')
    bare = Text(CLIENT_VPN.terraform[:rule], "")
    text = HOME + bare + db(SSH._replace(peer="10.0.2.0/24"))
    note = Text('output "cvpn_authorization" {\n  value = aws_vpc.home.cidr_block\n}\n', "")
    assert said(tmp_path, "terraform", text) == ["error IAC514"]
    assert said(tmp_path, "terraform", text + note) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_vpn_needs_a_route_to_another_vpc_and_none_to_its_own(
    tmp_path: Path, language: str
) -> None:
    both = (
        vpc("home", "10.0.0.0/16")
        + subnet("back", "10.0.2.0/24")
        + table("back", ("10.9.0.0/16", PCX))
        + AWAY
        + peering()
        + BACK
        + CLIENT_VPN
        + made(
            "aws_ec2_client_vpn_authorization_rule", "far", "EC2::ClientVpnAuthorizationRule",
            client_vpn_endpoint_id=ref("aws_ec2_client_vpn_endpoint", "people"),
            target_network_cidr="10.9.0.0/16", authorize_all_groups=True,
        )
    )  # fmt: skip
    route = made(
        "aws_ec2_client_vpn_route", "far", "EC2::ClientVpnRoute",
        client_vpn_endpoint_id=ref("aws_ec2_client_vpn_endpoint", "people"),
        destination_cidr_block="10.9.0.0/16", target_vpc_subnet_id=ref("aws_subnet", "back"),
    )  # fmt: skip
    for rule in (SSH, SSH._replace(peer="10.0.2.0/24")):
        far = db(rule, home="other", place="far")
        assert said(tmp_path, language, both + far) == ["error IAC514"]
        assert said(tmp_path, language, both + far + route) == []


# ---- commands, systems, tunnels ------------------------------------------------------------------


def with_output(folder: Path, language: str, text: Text, command: Text) -> list[str]:
    """What is found where an output has a command."""
    files = text.files(language)
    (name,) = files
    tail = f"Outputs:\n  Way:\n    Value: !Sub '{command.cloudformation}'\n"
    way = f'output "way" {{\n  value = "{command.terraform}"\n}}\n'
    files[name] += way if language == "terraform" else tail
    return shown(written(folder, files).findings)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            Text(
                "ssh -J u@${aws_instance.web.public_ip} u@${aws_instance.db.private_ip}",
                "ssh -J u@${Web.PublicIp} u@${Db.PrivateIp}",
            ),
            ["error IAC401"],
        ),
        (
            Text(
                "ssh -L 9000:${aws_instance.db.private_ip}:3389 u@${aws_instance.web.public_ip}",
                "ssh -L 9000:${Db.PrivateIp}:3389 u@${Web.PublicIp}",
            ),
            ["error IAC401"],
        ),
        (
            Text("ping ${aws_instance.db.private_ip}", "ping ${Db.PrivateIp}"),
            ["error IAC401"],
        ),
        (Text("${aws_instance.db.private_ip}", "${Db.PrivateIp}"), []),
    ],
)
def test_a_command_for_a_private_address_is_a_promise(
    tmp_path: Path, language: str, command: Text, expected: list[str]
) -> None:
    text = HOME + OPEN + INNER + db(Rule(5432, 5432, "tcp", "web"), key="")
    assert with_output(tmp_path, language, text, command) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_ssh_does_not_let_anybody_use_remote_desktop(
    tmp_path: Path, language: str
) -> None:
    image = "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"
    desk = group("desk", SSH._replace(peer="web")) + host(
        "desk", "back", "desk", key="ops", image=image
    )
    assert said(tmp_path, language, HOME + OPEN + desk) == ["error IAC401"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_by_a_vpn_server_needs_no_login_to_it(tmp_path: Path, language: str) -> None:
    server = group("tunnel", Rule(51820, 51820, "udp")) + host("tunnel", "front", "tunnel")
    inside = db(SSH._replace(peer="tunnel"))
    assert said(tmp_path, language, HOME + BASTION + server + inside) == []
    wrong = db(SSH._replace(peer="10.77.0.0/24"))
    assert said(tmp_path, language, HOME + server + wrong) == ["error IAC410"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gateway_of_remote_desktop_is_an_entrance_by_https(tmp_path: Path, language: str) -> None:
    image = "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"
    door = group("door", WEB, Rule(3391, 3391, "udp")) + host(
        "door", "front", "door", key="ops", image=image
    )
    rdp = Rule(3389, 3389, "tcp", "door")

    def desk(rule: Rule) -> Text:
        return group("desk", rule) + host("desk", "back", "desk", key="ops", image=image)

    assert said(tmp_path, language, HOME + door + desk(rdp)) == []
    for wrong in (rdp._replace(protocol="udp"), Rule(3398, 3398, "tcp", "door")):
        (found,) = said(tmp_path, language, HOME + door + desk(wrong))
        assert found.startswith("error IAC40")


# ---- ping ----------------------------------------------------------------------------------------

PINGS = {
    "an ACL that knows no ICMP": (
        db(PING._replace(peer="10.0.0.0/16"))
        + acl("back", Entry("ingress", 100, "allow", 6, 0, 65535), lets("egress")),
        ["error IAC301"],
    ),
    "the reply instead of the request": (db(Rule(0, -1, "icmp", "web")), ["error IAC408"]),
    "everybody, behind an ACL": (
        db(PING) + acl("back", Entry("ingress", 100, "allow", 6, 0, 65535), lets("egress")),
        ["warning IAC301"],
    ),
    "only the size of packets": (db(Rule(3, 4, "icmp")), []),
    "somebody gets an answer": (db(PING._replace(peer="10.0.0.0/16")), []),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), PINGS.values(), ids=PINGS)
def test_a_rule_for_ping_by_which_nobody_gets_an_answer(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    web = group("web", WEB) + host("web", "front", "web")
    assert said(tmp_path, language, HOME + web + text) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_ping_that_serves_another_host_is_no_promise_for_all_that_have_it(
    tmp_path: Path, language: str
) -> None:
    shared = group("all", PING._replace(peer="10.0.0.0/16"), out=())
    out = group("monitor", out=(PING._replace(peer="10.0.0.0/16"),))
    text = HOME + shared + out + host("monitor", "front", "all", "monitor")
    assert said(tmp_path, language, text + host("one", "back", "all")) == []


ALL = Rule(0, 0, "-1")
BOTH = ALL._replace(says="Everything from both VPCs")
THERE, HERE = "10.9.0.0/16", "10.0.0.0/16"
ENDS = {
    "the own VPC, where the other side lets it ping": (
        PING._replace(peer=THERE), PING._replace(peer=THERE), ["error IAC410"],
    ),
    "the own VPC, and the other side says nothing": (
        WEB, PING._replace(peer=THERE), ["warning IAC410"],
    ),
    "the other side": (PING._replace(peer=THERE), PING._replace(peer=HERE), []),
    "everything from the own VPC": (ALL._replace(peer=THERE), ALL._replace(peer=THERE), []),
    "everything from the own VPC, said to be for both": (
        ALL._replace(peer=THERE), BOTH._replace(peer=THERE), ["error IAC410"],
    ),
    "everything from the own VPC, said to be for both, and the other side lets nothing in": (
        WEB, BOTH._replace(peer=THERE), [],
    ),
    "everything from a block of one subnet of the other side": (
        ALL._replace(peer=THERE), ALL._replace(peer="10.0.1.0/24"), [],
    ),
}  # fmt: skip


def far(rule: Rule, name: str = "far") -> Text:
    """A host without a key in the other VPC."""
    return group(name, rule, home="other") + host(name, "far", name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("near", "rule", "expected"), ENDS.values(), ids=ENDS)
def test_a_rule_between_two_ends_that_names_nobody(
    tmp_path: Path, language: str, near: Rule, rule: Rule, expected: list[str]
) -> None:
    web = group("web", near) + host("web", "front", "web")
    assert said(tmp_path, language, ONE_WAY + BACK + web + far(rule)) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "more",
    [
        host("twin", "far", "far"),
        subnet("empty", "10.9.7.0/24", home="other"),
        made("aws_memorydb_subnet_group", "far", "MemoryDB::SubnetGroup",
             subnet_ids=[ref("aws_subnet", "far")]),
    ],
    ids=["another host", "an empty subnet", "something that is no host"],
)  # fmt: skip
def test_a_rule_for_the_own_vpc_is_for_whoever_else_is_there(
    tmp_path: Path, language: str, more: Text
) -> None:
    web = group("web", PING._replace(peer=THERE)) + host("web", "front", "web")
    text = ONE_WAY + BACK + web + far(PING._replace(peer=THERE)) + more
    assert said(tmp_path, language, text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_looks_something_up_in_a_vpc_is_not_there(tmp_path: Path, language: str) -> None:
    looks = Text('data "aws_route_table" "far" {\n  vpc_id = aws_vpc.other.id\n}\n', "")
    web = group("web", PING._replace(peer=THERE)) + host("web", "front", "web")
    text = ONE_WAY + BACK + web + far(PING._replace(peer=THERE)) + looks
    assert said(tmp_path, language, text) == ["error IAC410"]


TWO_WAYS = {
    "everything from the other VPC": (ALL._replace(peer=HERE), ["error IAC501"]),
    "everything from a subnet there": (ALL._replace(peer="10.0.1.0/24"), ["error IAC501"]),
    "everything from everybody": (ALL, []),
    "everything from all private networks": (ALL._replace(peer="10.0.0.0/8"), []),
    "one service": (WEB._replace(peer=HERE), []),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "expected"), TWO_WAYS.values(), ids=TWO_WAYS)
def test_a_peering_with_a_route_on_one_side_serves_no_host_without_a_key(
    tmp_path: Path, language: str, rule: Rule, expected: list[str]
) -> None:
    web = group("web", WEB) + host("web", "front", "web")
    assert said(tmp_path, language, ONE_WAY + web + far(rule)) == expected
    assert said(tmp_path, language, ONE_WAY + BACK + web + far(rule)) == []
    unused = HOME + AWAY + peering()
    assert said(tmp_path, language, unused + web + far(rule)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_transit_gateway_with_a_route_on_one_side_serves_no_host_without_a_key(
    tmp_path: Path, language: str
) -> None:
    spokes = HOME + AWAY + hub() + attached("home", "front") + attached("other", "far")
    out = table("far", (HERE, TGW), home="other")
    web = group("web", WEB) + host("web", "front", "web")
    text = spokes + web + far(ALL._replace(peer=HERE)) + out
    assert said(tmp_path, language, text) == ["error IAC501"]


# ---- the ports of a client whose system is known -------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(1024, 5000, ["error IAC302"]), (32768, 60999, []), (1024, 65535, []), (49152, 65535, [])],
)
def test_replies_to_a_linux_host_need_the_ports_of_linux(
    tmp_path: Path, language: str, first: int, last: int, expected: list[str]
) -> None:
    image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    bastion = group("web", SSH) + host("web", "front", "web", key="ops", image=image)
    replies = acl("back", lets("ingress"), Entry("egress", 100, "allow", 6, first, last))
    text = HOME + bastion + db(SSH._replace(peer="web")) + replies
    assert [one for one in said(tmp_path, language, text) if "error" in one] == expected


# ---- an entrance that may not be there ---------------------------------------------------------


def door(count: str) -> Text:
    """An Instance Connect Endpoint that the group of the host lets in."""
    where = Text(
        f"count = {count}\nsubnet_id = aws_subnet.back.id\n"
        "security_group_ids = [aws_security_group.door.id]\n", ""
    )  # fmt: skip
    own = made("aws_ec2_instance_connect_endpoint", "door", "EC2::InstanceConnectEndpoint", where)
    return own + group("door") + db(SSH._replace(peer="door"))


@pytest.mark.parametrize(
    ("count", "expected"),
    [("1", []), ('var.some == "x" ? 1 : 0', []), ("0", ["warning IAC410"])],
)
def test_who_gets_in_by_an_endpoint_that_may_be_there_is_not_shut_out(
    tmp_path: Path, count: str, expected: list[str]
) -> None:
    text = Text('variable "some" {}\n', "") + HOME + OPEN + door(count)
    assert said(tmp_path, "terraform", text) == expected


@pytest.mark.parametrize(
    ("url", "expected"), [("./inner.yaml", ["error IAC410"]), ("./no.yaml", [])]
)
def test_what_a_nested_stack_does_with_a_group_counts_as_far_as_its_template_is_there(
    tmp_path: Path, url: str, expected: list[str]
) -> None:
    outer = HOME + BASTION + group("people") + db(SSH._replace(peer="people"))
    inside = f"TemplateURL: {url}, Parameters: {{Group: !GetAtt PeopleGroup.GroupId}}"
    call = f"  Inner: {{Type: 'AWS::CloudFormation::Stack', Properties: {{{inside}}}}}\n"
    inner = (
        "Parameters: {Group: {Type: 'AWS::EC2::SecurityGroup::Id'}}\nResources:\n"
        "  Data: {Type: 'AWS::RDS::DBInstance', Properties: {VPCSecurityGroups: [!Ref Group]}}\n"
    )
    files = {"main.yaml": outer.files("cloudformation")["template.yaml"] + call}
    found = written(tmp_path, files | {"inner.yaml": inner}).findings
    assert [one for one in shown(found) if one.startswith("error")] == expected


REPLY = Rule(0, -1, "icmp", "10.0.0.0/16")
ALONE = {
    "the reply instead of the request": (db(REPLY), ["warning IAC408"]),
    "a code that no ping has": (db(Rule(8, 8, "icmp", "10.0.0.0/16")), ["warning IAC408"]),
    "beside the request": (db(REPLY, PING._replace(peer="10.0.0.0/16")), []),
    "the request": (db(PING._replace(peer="10.0.0.0/16")), []),
    "said to be for ping": (db(REPLY._replace(says="ping from inside")), ["error IAC408"]),
    "said to be for replies": (db(REPLY._replace(says="replies to ping")), ["warning IAC408"]),
    "the size of packets": (db(Rule(3, 4, "icmp", "10.0.0.0/16")), []),
    "the reply, for a group": (group("web") + db(REPLY._replace(peer="web")), []),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), ALONE.values(), ids=ALONE)
def test_a_rule_with_another_type_lets_no_ping_in_whoever_is_there(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    """Replies to the host's own pings need no rule. There is no other host."""
    assert said(tmp_path, language, HOME + text) == expected


def test_groups_that_somebody_else_manages_are_not_known(tmp_path: Path) -> None:
    """The host has none in the files, and Terraform is to leave alone what it gets."""
    bare = HOME + BASTION + group("inner", SSH._replace(peer="bastion"))
    kept = Text("lifecycle {\n  ignore_changes = [vpc_security_group_ids]\n}\n", "")
    for only, expected in ((Text("", ""), ["error IAC406"]), (kept, [])):
        back = ref("aws_subnet", "back")
        data = made("aws_instance", "db", "EC2::Instance", only, subnet_id=back, key_name="ops")
        assert said(tmp_path, "terraform", bare + data) == expected
