"""
The ends of a path: whoever can start a connection can be asked about.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import RDP, SSH, parse_service
from iaclint.query import QueryError, paths
from tests.nets import terraform
from tests.test_scenarios import ONE, OPEN, THROUGH_NAT, TWO, balancer, group
from tests.test_scenarios import SSH as LET
from tests.test_trace_between import BOTH, BY_BLOCK, PEERING, VPCS
from tests.test_trace_inside import BASE, BY_EICE, BY_VPN, OUT, client_vpn, endpoint, sg

CONNECTED = (VPCS, BY_BLOCK, PEERING, BOTH)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("internet", "blocked"),
        ("aws_instance.bastion", "reachable"),
        ("aws_subnet.a", "reachable"),
        ("10.0.1.0/24", "reachable"),
        ("10.0.1.77", "reachable"),
        ("192.168.0.0/16", "blocked"),
    ],
)
def test_each_kind_of_source_gets_its_answer(tmp_path: Path, source: str, verdict: str) -> None:
    net = terraform(tmp_path, *CONNECTED)
    answers = paths([net.network], source, "aws_instance.app", SSH)
    assert {answer.verdict for answer in answers} == {verdict}


def test_any_port_can_be_asked_about(tmp_path: Path) -> None:
    net = terraform(tmp_path, *CONNECTED)
    for service in (RDP, parse_service("tcp/5432")):
        (answer,) = paths([net.network], "aws_instance.bastion", "aws_instance.app", service)
        assert answer.verdict == "blocked"


def test_an_endpoint_is_a_source(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, endpoint(OUT), sg("app", BY_EICE))
    (answer,) = paths([net.network], "aws_ec2_instance_connect_endpoint.e", "app", SSH)
    assert answer.verdict == "reachable"


def test_a_client_vpn_is_a_source(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, client_vpn("10.0.0.0/16"), BY_VPN)
    (answer,) = paths([net.network], "aws_ec2_client_vpn_endpoint.staff", "app", SSH)
    assert answer.verdict == "reachable"


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    net = terraform(tmp_path, *CONNECTED)
    with pytest.raises(QueryError):
        paths([net.network], "aws_instance.nobody", "aws_instance.app", SSH)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (OPEN + balancer(22), "reachable"),
        (OPEN + balancer(2222), "blocked"),
        (TWO + group("db") + balancer(22), "blocked"),
    ],
)
def test_a_load_balancer_is_a_source(tmp_path: Path, text: str, verdict: str) -> None:
    """By its address or its name: whoever connects to it."""
    net = terraform(tmp_path, text)
    for source in ("aws_lb.l", "l"):
        (answer,) = paths([net.network], source, "db", SSH)
        assert (answer.source, answer.verdict) == ("aws_lb.l", verdict)


def test_a_load_balancer_is_no_way_to_an_instance_it_does_not_serve(tmp_path: Path) -> None:
    net = terraform(tmp_path, OPEN + balancer(22))
    with pytest.raises(QueryError):
        paths([net.network], "aws_lb.l", "web", SSH)


def _with_profile(text: str) -> str:
    given = "iam_instance_profile = aws_iam_instance_profile.p.name"
    return text.replace('instance_type = "t3.micro"', f'instance_type = "t3.micro"\n  {given}')


PROFILE = """
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "r" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
resource "aws_iam_instance_profile" "p" { role = aws_iam_role.r.name }
"""


@pytest.mark.parametrize(
    ("text", "name", "verdict"),
    [
        (THROUGH_NAT, "db", "undecided"),
        (OPEN, "db", "blocked"),
        (ONE + group("web", LET), "web", "undecided"),
        (PROFILE + _with_profile(THROUGH_NAT), "db", "reachable"),
        (PROFILE + _with_profile(OPEN), "db", "blocked"),
    ],
)
def test_session_manager_is_a_source(tmp_path: Path, text: str, name: str, verdict: str) -> None:
    """With a permission and a way out; what the account permits is not known."""
    net = terraform(tmp_path, text)
    (answer,) = paths([net.network], "session-manager", name, SSH)
    assert answer.verdict == verdict
