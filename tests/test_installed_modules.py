"""Findings inside modules that somebody else wrote."""

import json
from pathlib import Path

from iaclint.finding import Finding
from iaclint.registry import load
from iaclint.scan import Request, check
from iaclint.source import Sources

ROOT = """
module "net" {
  source = "%s"
}
resource "aws_instance" "host" {
  ami                    = "ami-1"
  instance_type          = "t3.nano"
  key_name               = "k"
  subnet_id              = module.net.subnet
  vpc_security_group_ids = [module.net.group]
}
"""

MODULE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "r" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.r.id
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
output "subnet" { value = aws_subnet.s.id }
output "group" { value = aws_security_group.g.id }
"""


def finding(root: Path, source: str, place: str) -> Finding:
    """The only finding of a root whose network is in a module."""
    (root / place).mkdir(parents=True)
    (root / "main.tf").write_text(ROOT % source)
    (root / place / "main.tf").write_text(MODULE)
    if place.startswith(".terraform"):
        known = {"Modules": [{"Key": "net", "Source": source, "Dir": place}]}
        (root / ".terraform" / "modules" / "modules.json").write_text(json.dumps(known))
    found = check(Request((root,), load(plugins=False)), Sources(base=root)).findings
    assert [f.check for f in found] == ["IAC201"]
    return found[0]


def test_a_finding_in_an_installed_module_stands_at_its_call(tmp_path: Path) -> None:
    """The author cannot change the module, so the primary line is the call; no fix is offered."""
    found = finding(tmp_path, "acme/net/aws", ".terraform/modules/net")

    assert (found.primary.span.path, found.primary.span.line) == ("main.tf", 2)
    assert found.resource == "module.net.aws_route_table.r"
    assert found.related[0].span.path == ".terraform/modules/net/main.tf"
    assert found.fix is None


def test_a_finding_in_a_module_of_ones_own_stands_in_the_module(tmp_path: Path) -> None:
    """The call is named among the other places."""
    found = finding(tmp_path, "./net", "net")

    assert found.primary.span.path == "net/main.tf"
    assert any(label.span.path == "main.tf" for label in found.related)
