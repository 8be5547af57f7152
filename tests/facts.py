"""
What is made of a few resources beside two VPCs, and what of it is compared.
"""

from __future__ import annotations

from pathlib import Path

from iaclint.network import Network
from iaclint.value import Unknown
from tests.nets import terraform, unjudged

VPC = """
variable "some" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
  %s
}
"""
MAYBE = 'count = var.some == "x" ? 1 : 0'
"""A resource that may not be there."""
UNSURE = 'var.some == "x" ? %s : %s'
"""One of two values."""
TABLE = """
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  %s
}
resource "aws_route_table" "u" { vpc_id = aws_vpc.v.id }
"""


def fact(value: object) -> object:
    """A value to compare with: a question mark for what is not known, the address of a thing."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, tuple):
        return [fact(each) for each in value]
    return getattr(
        value, "address", value if value is None or isinstance(value, bool) else str(value)
    )


def made(folder: Path, text: str, subnet: str = "") -> Network:
    """The network of the text beside two VPCs, one of them with a subnet; it is judged too."""
    return terraform(folder, VPC % subnet, text).network


def bare(folder: Path, *texts: str) -> Network:
    """The network of the texts beside two VPCs, one of them with a subnet."""
    return unjudged(folder, {"main.tf": "\n".join((VPC % "", *texts))})


def stack(folder: Path, text: str) -> Network:
    """The network of a template."""
    return unjudged(folder, {"template.yaml": "Resources:\n" + text})
