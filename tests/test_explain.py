"""From causes to findings: each thing that is wrong is said once, in one order."""

from __future__ import annotations

import pytest

from iaclint import example
from iaclint.finding import Finding, Level
from iaclint.registry import load

REGISTRY = load(plugins=False)


def found(change: str) -> tuple[Finding, ...]:
    """What all checks say about the base network with a change."""
    return example.report(example.files(change), REGISTRY)[0].findings


REFUSED = {
    "protocol of a rule": (
        'resource "aws_vpc_security_group_ingress_rule" "rdp" {\n  ip_protocol = "tpc"\n}',
        "IAC801",
        "aws_instance.desktop",
    ),
    "protocol of a rule in a template": (
        "Resources: \n  Rdp: {Properties: {IpProtocol: rdp}}",
        "IAC801",
        "Desktop",
    ),
    "protocol of an entry": (
        'resource "aws_network_acl_rule" "tcp_in" {\n  protocol = "tpc"\n}',
        "IAC801",
        "aws_instance.bastion",
    ),
    "ports of an entry": (
        'resource "aws_network_acl_rule" "tcp_in" {\n  from_port = 65535\n  to_port = 22\n}',
        "IAC802",
        "aws_instance.bastion",
    ),
    "ports of an outbound entry": (
        'resource "aws_network_acl_rule" "tcp_out" {\n  from_port = 65535\n  to_port = 22\n}',
        "IAC802",
        "aws_instance.bastion",
    ),
}


@pytest.mark.parametrize(("change", "check", "target"), REFUSED.values(), ids=REFUSED)
def test_what_aws_refuses_and_what_that_blocks_is_one_finding(
    change: str, check: str, target: str
) -> None:
    """With the instances that nobody reaches for it."""
    (finding,) = found(change)
    assert finding.check == check
    assert target in finding.targets
    assert any("is blocked" in note for note in finding.notes)


OTHERS = {
    "the refused rule is for another port": (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 443
          to_port   = 443
        }

        resource "aws_vpc_security_group_ingress_rule" "web" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tpc"
          from_port         = 80
          to_port           = 80
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        {"IAC801", "IAC401"},
    ),
    "the refused rule is in another group": (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          count = 0
        }

        resource "aws_vpc_security_group_ingress_rule" "web" {
          security_group_id = aws_security_group.inner.id
          ip_protocol       = "tpc"
          from_port         = 3389
          to_port           = 3389
          cidr_ipv4         = "203.0.113.0/24"
        }
        """,
        {"IAC801", "IAC401"},
    ),
}


@pytest.mark.parametrize(("change", "checks"), OTHERS.values(), ids=OTHERS)
def test_two_mistakes_are_two_findings(change: str, checks: set[str]) -> None:
    """A rule that would not have helped is no reason to be silent about the flow."""
    assert sorted(finding.check for finding in found(change)) == sorted(checks)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ("Rdp: {Properties: {IpProtocol: null}}", Level.ERROR),
        ("DesktopGroup: {Properties: {SecurityGroupEgress: [{}]}}", Level.WARNING),
        ("BastionGroup: {Properties: {SecurityGroupIngress: [{}]}}", Level.WARNING),
    ],
)
def test_a_rule_without_a_protocol_is_the_finding_and_no_flow(change: str, level: Level) -> None:
    """What it is to let through is not written; one that says nothing at all is a leftover."""
    (finding,) = found(f"Resources: \n  {change}")
    assert (finding.check, finding.level) == ("IAC801", level)
    assert "IpProtocol" in finding.message


def test_the_order_is_that_of_the_places_whatever_the_order_of_the_checks() -> None:
    """Worst first, then by file and line; twice the same."""
    change = OTHERS["the refused rule is for another port"][0]
    findings = found(change)
    assert list(findings) == sorted(findings, key=lambda finding: finding.order)
    assert findings == found(change)


TURNED = {
    "terraform": """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          count = 0
        }
        resource "aws_vpc_security_group_egress_rule" "turned" {
          security_group_id = aws_security_group.desktop.id
          cidr_ipv4         = "203.0.113.0/24"
          ip_protocol       = "tcp"
          from_port         = 3389
          to_port           = %s
        }
    """,
    "cloudformation": """
        Resources:
          Rdp: null
          Turned:
            Type: AWS::EC2::SecurityGroupEgress
            Properties:
              GroupId: !Ref DesktopGroup
              IpProtocol: tcp
              FromPort: 3389
              ToPort: %s
              CidrIp: 203.0.113.0/24
    """,
}


@pytest.mark.parametrize("change", TURNED.values(), ids=TURNED)
def test_a_rule_for_the_other_direction_is_shown(change: str) -> None:
    """Its author forgot which way it goes: that is the line to change."""
    (finding,) = (each for each in found(change % 3389) if each.check == "IAC401")
    assert "lets it out, not in" in [label.text for label in finding.related]
    assert "an inbound rule" in finding.help and "urned" in finding.help
    assert finding.fix is None


@pytest.mark.parametrize("change", TURNED.values(), ids=TURNED)
def test_a_rule_that_lets_much_out_is_not_taken_for_one(change: str) -> None:
    """Of a range of ports nobody meant just this service."""
    (finding,) = (each for each in found(change % 4000) if each.check == "IAC401")
    assert "lets it out, not in" not in [label.text for label in finding.related]


ELSEWHERE = {
    "terraform": """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }
        resource "aws_security_group" "other" {
          vpc_id = aws_vpc.other.id
        }
        resource "aws_instance" "bastion" {
          vpc_security_group_ids = [aws_security_group.other.id]
        }
    """,
    "cloudformation": """
        Resources:
          Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
          OtherGroup:
            Type: AWS::EC2::SecurityGroup
            Properties: {GroupDescription: other, VpcId: !Ref Other}
          Bastion:
            Properties:
              NetworkInterfaces: [{DeviceIndex: "0", AssociatePublicIpAddress: true,
                SubnetId: !Ref PublicSubnet, GroupSet: [!Ref OtherGroup]}]
    """,
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_group_of_another_vpc_and_what_it_blocks_is_one_finding(change: str) -> None:
    """What that group lets in does not matter: the instance cannot have it."""
    errors = [each for each in found(change) if each.level is Level.ERROR]
    assert [each.check for each in errors] == ["IAC407"]
