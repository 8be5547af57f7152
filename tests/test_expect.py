"""Flows that the settings declare: they must work, or must not."""

from pathlib import Path

import pytest

from iaclint.finding import Finding
from iaclint.registry import load
from iaclint.scan import Request, check
from iaclint.settings import load as load_settings
from iaclint.source import Sources

NETWORK = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "r" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "198.51.100.0/24"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.r.id
}
resource "aws_security_group" "w" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["198.51.100.0/24"]
  }
}
resource "aws_instance" "jump" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.w.id]
  tags                   = { Name = "jump", Role = "admin" }
}
"""


def findings(tmp_path: Path, settings: str) -> list[Finding]:
    """The findings of the network above under these settings."""
    (tmp_path / "main.tf").write_text(NETWORK)
    (tmp_path / "iaclint.toml").write_text(settings)
    loaded = load_settings(tmp_path / "iaclint.toml")
    request = Request((tmp_path,), load(plugins=False), loaded)
    return list(check(request, Sources(base=tmp_path)).findings)


@pytest.mark.parametrize(
    "target", ["aws_instance.jump", "aws_instance.j*", "tag:Role=admin", "tag:Name=ju*"]
)
def test_a_declared_flow_that_works_is_silent(tmp_path: Path, target: str) -> None:
    """The range is let in and routed to; address, glob and tag name the same instance."""
    settings = f'[[expect]]\nfrom = "198.51.100.0/24"\nto = "{target}"\nallow = "ssh"\n'

    assert findings(tmp_path, settings) == []


def test_a_declared_flow_that_is_blocked_is_an_error_for_its_cause(tmp_path: Path) -> None:
    """No other sign is needed: what is declared is meant."""
    settings = '[[expect]]\nfrom = "192.0.2.0/24"\nto = "aws_instance.jump"\nallow = "ssh"\n'

    found = findings(tmp_path, settings)

    assert {f.check for f in found} == {"IAC410", "IAC201"}
    assert {f.evidence for f in found} == {"declared"}


def test_a_named_client_stands_for_its_ranges(tmp_path: Path) -> None:
    """`from` may be a name of `[clients]`."""
    settings = (
        '[clients]\noffice = ["198.51.100.0/25"]\n'
        '[[expect]]\nfrom = "office"\nto = "aws_instance.jump"\nallow = "ssh"\n'
    )

    assert findings(tmp_path, settings) == []


def test_a_denied_flow_that_works_is_an_error(tmp_path: Path) -> None:
    """The reason of the expectation is part of the message."""
    settings = (
        '[[expect]]\nfrom = "198.51.100.0/24"\nto = "aws_instance.jump"\n'
        'deny = "ssh"\nreason = "only by session manager"\n'
    )

    found = findings(tmp_path, settings)

    assert [f.check for f in found] == ["IAC912"]
    assert "only by session manager" in found[0].message


def test_a_denied_flow_that_is_blocked_is_silent(tmp_path: Path) -> None:
    """RDP is not let in."""
    settings = '[[expect]]\nfrom = "internet"\nto = "aws_instance.jump"\ndeny = "rdp"\n'

    assert findings(tmp_path, settings) == []


@pytest.mark.parametrize(("end", "other"), [("to", "from"), ("from", "to")])
def test_an_expectation_that_matches_nothing_is_an_error(
    tmp_path: Path, end: str, other: str
) -> None:
    """The finding suggests what is there."""
    settings = (
        f'[[expect]]\n{end} = "aws_instance.jmup"\n{other} = "aws_instance.jump"\nallow = "ssh"\n'
    )

    found = findings(tmp_path, settings)

    assert [f.check for f in found] == ["IAC911"]
    assert "aws_instance.jump" in found[0].help
