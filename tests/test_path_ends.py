"""
The ends of a path: whoever can start a connection, and whatever it can lead to, in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import NotAService, parse_service
from iaclint.query import Path as Answer
from iaclint.query import QueryError, overall, paths
from tests.blocks import (
    ANYONE,
    IGW,
    PCX,
    SSH,
    VGW,
    Rule,
    Text,
    Value,
    group,
    host,
    made,
    ref,
    table,
)
from tests.blocks import vpc as vpc_of
from tests.connections import balancer, endpoint, interface_endpoint, peering, vpn
from tests.nets import terraform, written
from tests.scenarios import BACK, DB, FAR, FRONT, ONE, OPEN, THROUGH_NAT, TWO, WEB
from tests.test_trace_inside import BASE, BY_EICE, BY_VPN, OUT, client_vpn, sg
from tests.test_trace_inside import endpoint as connect_endpoint
from tests.twins import LANGUAGES, base, common

WORLD = (
    FRONT + BACK + WEB + DB + group("web", SSH) + group("db", SSH, Rule(53, 53, "udp"))
    + vpc_of("other", "10.1.0.0/16") + FAR + host("app", "far", "app")
    + group("app", SSH, home="other") + peering()
    + vpn("192.168.0.0/16") + balancer(22) + endpoint("s3", "back")
    + table("front", (ANYONE, IGW), ("10.1.0.0/16", PCX))
    + table("back", ("192.168.0.0/16", VGW), ("10.1.0.0/16", PCX))
    + table("far", ("10.0.0.0/16", PCX), home="other")
)  # fmt: skip
"""A bit of everything: `web` on the internet, `db` private, `app` in a peered VPC."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def asked(text: Text, language: str, folder: Path, question: str) -> list[Answer]:
    """The answers to `FROM -> TO SERVICE`, with the names of Terraform."""
    source, _, target, service = question.split()
    if language == "cloudformation":
        source, target = common(source, {}), common(target, {})
    network = written(folder, text.files(language)).network
    return paths([network], source, target, parse_service(service))


def verdict(text: Text, language: str, folder: Path, question: str) -> str:
    return overall(asked(text, language, folder, question))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("internet", "reachable"),  # through the load balancer
        ("198.51.100.7", "reachable"),
        ("aws_instance.web", "reachable"),
        ("aws_instance.app", "reachable"),
        ("aws_subnet.front", "reachable"),
        ("aws_subnet.far", "reachable"),
        ("10.0.1.0/24", "reachable"),
        ("10.0.1.77", "reachable"),
        ("192.168.0.0/16", "reachable"),
        ("192.168.7.7", "reachable"),
        ("172.16.0.0/12", "blocked"),
        ("aws_lb.lb", "reachable"),
        ("session-manager", "blocked"),
    ],
)
def test_each_kind_of_source(source: str, expected: str, language: str, tmp_path: Path) -> None:
    assert verdict(WORLD, language, tmp_path, f"{source} -> aws_instance.db ssh") == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("aws_instance.web", "internet", "reachable"),
        ("aws_instance.db", "internet", "blocked"),
        ("aws_instance.web", "203.0.113.9", "reachable"),
        ("aws_instance.db", "203.0.113.0/24", "blocked"),
        ("aws_instance.web", "aws_instance.db", "reachable"),
        ("aws_instance.web", "aws_instance.app", "reachable"),
        ("aws_instance.web", "aws_subnet.back", "reachable"),
        ("internet", "aws_subnet.back", "blocked"),
        ("internet", "aws_subnet.front", "reachable"),
        ("aws_instance.web", "10.0.2.0/24", "reachable"),
        ("aws_instance.web", "10.1.1.0/24", "reachable"),
        ("aws_subnet.front", "aws_subnet.back", "reachable"),
        ("aws_instance.web", "10.0.2.77", "undecided"),
        ("aws_instance.web", "10.0.2.1", "blocked"),
        ("aws_instance.db", "192.168.1.9", "reachable"),
        ("aws_instance.web", "192.168.1.9", "blocked"),
        ("aws_instance.app", "192.168.1.9", "blocked"),
        ("internet", "aws_lb.lb", "reachable"),
        ("192.168.1.9", "aws_instance.db", "reachable"),
        ("aws_instance.web", "aws_lb.lb", "undecided"),
        ("aws_instance.db", "aws_vpc_endpoint.s3", "reachable"),
        ("aws_instance.web", "aws_vpc_endpoint.s3", "blocked"),
        ("internet", "aws_vpc_endpoint.s3", "blocked"),
        ("aws_subnet.back", "internet", "blocked"),
    ],
)
def test_each_kind_of_target(
    source: str, target: str, expected: str, language: str, tmp_path: Path
) -> None:
    assert verdict(WORLD, language, tmp_path, f"{source} -> {target} ssh") == expected


def test_a_pattern_means_instances_before_everything_else(language: str, tmp_path: Path) -> None:
    found = asked(WORLD, language, tmp_path, "internet -> * ssh")
    names = {"aws_instance.web", "aws_instance.db", "aws_instance.app"}
    assert {common(one.target, {}) for one in found} == {common(one, {}) for one in names}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("ssh", "reachable"),
        ("tcp/22", "reachable"),
        ("udp/53", "reachable"),
        ("rdp", "blocked"),
        ("tcp/5432", "blocked"),
        ("winrm", "blocked"),
        ("icmp", "blocked"),
        ("ip/50", "blocked"),
    ],
)
def test_any_service_can_be_asked_about(
    service: str, expected: str, language: str, tmp_path: Path
) -> None:
    question = f"aws_instance.web -> aws_instance.db {service}"
    assert verdict(WORLD, language, tmp_path, question) == expected


@pytest.mark.parametrize("text", ["telnet", "tcp/0", "tcp/65536", "udp/x", "ip/256", "ip/6", ""])
def test_a_service_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(NotAService):
        parse_service(text)


def test_both_families_are_asked_where_both_ends_have_addresses(
    language: str, tmp_path: Path
) -> None:
    """The base network speaks IPv6 too; an IPv6 range asks about IPv6 alone."""
    file = "main.tf" if language == "terraform" else "template.yaml"
    network = written(tmp_path, {file: base(language, "office")}).network
    bastion = "aws_instance.bastion" if language == "terraform" else "Bastion"
    families = {
        "internet": ["ipv4", "ipv6"],
        "2001:db8::/32": ["ipv6"],
        "203.0.113.0/24": ["ipv4"],
    }
    for source, expected in families.items():
        found = paths([network], source, bastion, parse_service("ssh"))
        assert [one.family for one in found] == expected
        assert {one.verdict for one in found} == {"reachable"}
    out = paths([network], bastion, "internet", parse_service("tcp/443"))
    assert [(one.family, one.verdict) for one in out] == [
        ("ipv4", "reachable"),
        ("ipv6", "blocked" if language == "terraform" else "reachable"),
    ], "Terraform's group has an outbound rule for IPv4 alone, the template's has AWS's own"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("aws_instance.web -> aws_lb.lb ssh", "reachable"),
        ("aws_instance.web -> aws_lb.lb tcp/80", "blocked"),
        ("internet -> aws_lb.lb ssh", "blocked"),
    ],
)
def test_an_internal_load_balancer_is_for_those_inside(
    question: str, expected: str, language: str, tmp_path: Path
) -> None:
    assert verdict(OPEN + balancer(22, internal=True), language, tmp_path, question) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPEN + balancer(22), "reachable"),
        (OPEN + balancer(2222), "blocked"),
        (TWO + group("db") + balancer(22), "blocked"),
        (OPEN + balancer(22, internal=True), "reachable"),
        (OPEN + balancer(2222, internal=True), "blocked"),
        (TWO + group("db") + balancer(22, internal=True), "blocked"),
    ],
)
def test_a_load_balancer_is_a_source(
    text: Text, expected: str, language: str, tmp_path: Path
) -> None:
    """By its address or its name: whoever connects to it."""
    (answer,) = asked(text, language, tmp_path, "aws_lb.lb -> aws_instance.db ssh")
    assert answer.verdict == expected


def test_an_endpoint_is_a_source(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, connect_endpoint(OUT), sg("app", BY_EICE))
    name = "aws_ec2_instance_connect_endpoint.e"
    (answer,) = paths([net.network], name, "app", parse_service("ssh"))
    assert answer.verdict == "reachable"


def test_a_client_vpn_is_a_source(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, client_vpn("10.0.0.0/16"), BY_VPN)
    name = "aws_ec2_client_vpn_endpoint.staff"
    (answer,) = paths([net.network], name, "app", parse_service("ssh"))
    assert answer.verdict == "reachable"
    with pytest.raises(QueryError, match="can be FROM of a path, and not TO"):
        paths([net.network], "app", name, parse_service("ssh"))


# ---- ends that are not there -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("internet -> aws_instance.wob ssh", 'did you mean "aws_instance.web"?'),
        ("aws_instance.wbe -> aws_instance.db ssh", 'did you mean "aws_instance.web"?'),
        ("aws_subnet.frnt -> aws_instance.db ssh", 'did you mean "aws_subnet.front"?'),
        ("aws_instance.db -> aws_vpc_endpoint.s33 ssh", 'did you mean "aws_vpc_endpoint.s3"?'),
        ("aws_vpc_endpoint.s3 -> aws_instance.db ssh", "can be TO of a path, and not FROM"),
        ("internet -> zzzzzz ssh", "there are: "),
        ("aws_lb.lb -> aws_instance.web ssh", "are no path through these files"),
        ("internet -> internet ssh", "are no path through these files"),
    ],
)
def test_an_end_that_is_not_there_is_said_with_the_nearest_name(
    question: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(QueryError) as error:
        asked(WORLD, "terraform", tmp_path, question)
    assert said in str(error.value)


# ---- Session Manager -------------------------------------------------------------------------

ROLE, PROFILE = (
    ref("aws_iam_role", "agent", "name"),
    ref("aws_iam_instance_profile", "agent", "name"),
)
MAY = Text(
    """
resource "aws_iam_role" "agent" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "agent" {
  role       = aws_iam_role.agent.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
resource "aws_iam_instance_profile" "agent" { role = aws_iam_role.agent.name }
""",
    """
AgentIamRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {}
    ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
AgentIamInstanceProfile:
  Type: AWS::IAM::InstanceProfile
  Properties: {Roles: [!Ref AgentIamRole]}
""",
)


def managed(text: Text) -> Text:
    """The same, and every instance has a profile for the agent."""
    return MAY + Text(
        text.terraform.replace(
            'instance_type = "t3.micro"',
            f'instance_type = "t3.micro"\n  iam_instance_profile = {PROFILE[0]}',
        ),
        text.cloudformation.replace(
            "InstanceType: t3.micro", f"InstanceType: t3.micro, IamInstanceProfile: {PROFILE[1]}"
        ),
    )


SOME = Text('variable "some" {}\n', "")


def by_endpoints(dns: Value, *rules: Rule) -> Text:
    """A private host, and endpoints for what the agent calls."""
    found = SOME + OPEN + group("api", *rules)
    for service in ("ssm", "ssmmessages"):
        found += interface_endpoint(service, "back", "api", dns)
    return managed(found)


HTTPS = Rule(443, 443, "tcp", "10.0.0.0/16")
ANY_DNS = ("var.some", "!ImportValue Some")


OF_ANY_SERVICE = made(
    "aws_vpc_endpoint", "any", "EC2::VPCEndpoint", vpc_id=ref("aws_vpc", "home"),
    service_name=ANY_DNS, vpc_endpoint_type="Interface", subnet_ids=[ref("aws_subnet", "back")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (by_endpoints(True, HTTPS), "db", "reachable"),
        (OF_ANY_SERVICE + by_endpoints(True, HTTPS), "db", "reachable"),
        (by_endpoints(False, HTTPS), "db", "blocked"),
        (by_endpoints(None, HTTPS), "db", "blocked"),
        (by_endpoints(ANY_DNS, HTTPS), "db", "undecided"),
        (by_endpoints(True, SSH), "db", "blocked"),
        (by_endpoints(ANY_DNS, SSH), "db", "blocked"),
        (THROUGH_NAT, "db", "undecided"),
        (OPEN, "db", "blocked"),
        (ONE + group("web", SSH), "web", "undecided"),
        (managed(THROUGH_NAT), "db", "reachable"),
        (managed(OPEN), "db", "blocked"),
    ],
)
def test_session_manager_is_a_source(
    text: Text, name: str, expected: str, language: str, tmp_path: Path
) -> None:
    """With a permission and a way out; what the account permits is not known."""
    question = f"session-manager -> aws_instance.{name} ssh"
    assert verdict(text, language, tmp_path, question) == expected
