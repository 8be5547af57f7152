"""
The users of a Client VPN: where they are authorized to go, and where its table leads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.packet.service import SSH
from iaclint.query import overall, paths
from tests.nets import unjudged
from tests.test_trace_between import BOTH, BY_BLOCK, PEERING, VPCS

SOME = 'variable "some" {}\n'
FAR, HALF, ELSEWHERE, UNKNOWN = '"10.1.0.0/16"', '"10.1.1.0/25"', '"10.9.0.0/16"', "var.some"
VPN = """
resource "aws_security_group" "vpn" {
  vpc_id = aws_vpc.a.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_ec2_client_vpn_endpoint" "staff" {
  client_cidr_block  = "10.200.0.0/22"
  vpc_id             = aws_vpc.a.id
  security_group_ids = [aws_security_group.vpn.id]
}
resource "aws_ec2_client_vpn_network_association" "staff" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  subnet_id              = aws_subnet.a.id
}
"""
ENDPOINT = "aws_ec2_client_vpn_endpoint.staff.id"
NOT_ROUTED, NOT_ALLOWED = ("X_CLIENT_VPN_ROUTE",), ("X_CLIENT_VPN_AUTHORIZATION",)


def allowed(block: str) -> str:
    return f"""
resource "aws_ec2_client_vpn_authorization_rule" "staff" {{
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  target_network_cidr    = {block}
  authorize_all_groups   = true
}}
"""


def routed(block: str) -> str:
    return f"""
resource "aws_ec2_client_vpn_route" "staff" {{
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  destination_cidr_block = {block}
  target_vpc_subnet_id   = aws_subnet.a.id
}}
"""


@pytest.mark.parametrize(
    ("parts", "verdict", "codes"),
    [
        (allowed(FAR) + routed(FAR), "reachable", ()),
        # a route to another VPC has to be made
        (allowed(FAR), "blocked", NOT_ROUTED),
        (allowed(FAR) + routed(ELSEWHERE), "blocked", NOT_ROUTED),
        (allowed(FAR) + routed(HALF), "undecided", ()),
        (allowed(FAR) + routed(UNKNOWN), "undecided", ()),
        # and users have to be authorized
        (routed(FAR), "blocked", NOT_ALLOWED),
        (allowed(ELSEWHERE) + routed(FAR), "blocked", NOT_ALLOWED),
        (allowed(HALF) + routed(FAR), "undecided", ()),
        (allowed(UNKNOWN) + routed(FAR), "undecided", ()),
        # perhaps by a rule of which it is not known whose it is
        (allowed(FAR).replace(ENDPOINT, UNKNOWN) + routed(FAR), "undecided", ()),
        (allowed(FAR) + routed(FAR).replace(ENDPOINT, UNKNOWN), "undecided", ()),
    ],
)
def test_users_need_a_rule_and_a_route_to_another_vpc(
    tmp_path: Path, parts: str, verdict: str, codes: tuple[str, ...]
) -> None:
    network = unjudged(tmp_path, {"main.tf": SOME + VPCS + BY_BLOCK + PEERING + BOTH + VPN + parts})
    answers = paths([network], "aws_ec2_client_vpn_endpoint.staff", "aws_instance.app", SSH)
    assert overall(answers) == verdict
    assert tuple(code for one in answers for code in one.reason_codes) == codes


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((PEERING + BOTH, BY_BLOCK.replace("aws_vpc.a.cidr_block", ELSEWHERE)),
         "ENI_SG_RULES_MISMATCH"),
        ((PEERING, BY_BLOCK), "NO_ROUTE_TO_DESTINATION"),
        (("", BY_BLOCK), "DISCONNECTED_VPCS"),
    ],
)  # fmt: skip
def test_what_lies_behind_the_vpn_counts_too(
    tmp_path: Path, more: tuple[str, str], code: str
) -> None:
    text = VPCS + VPN + allowed(FAR) + routed(FAR) + "".join(more)
    network = unjudged(tmp_path, {"main.tf": text})
    (answer,) = paths([network], "aws_ec2_client_vpn_endpoint.staff", "aws_instance.app", SSH)
    assert (answer.verdict, set(answer.reason_codes)) == ("blocked", {code})
    assert [hop.direction for hop in answer.hops[:2]] == ["request", "request"]
