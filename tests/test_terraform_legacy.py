"""What Terraform 0.11 read is read, and said once to be old; what it refused stays refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.terraform import load
from iaclint.value import MapValue, text

QUOTED = """
resource "aws_subnet" "a" {
  "cidr_block" = "10.0.1.0/24"
  tags {
    "Name"  = "${join("-", list("a", "b"))}"
    "Owner" = "team"
    "kubernetes.io/cluster/x" = "owned"
  }
}
"""

BROKEN = """
variable "block" {
  default =
    "10.0.1.0/24"
}
resource "aws_subnet" "a" {
  cidr_block = "${var.block}"
  tags =

  {
    Name = "a-b"
  }
}
"""


def root(tmp_path: Path, source: str) -> Root:
    """The root of one file."""
    (tmp_path / "main.tf").write_text(source)
    (found,) = load([tmp_path], Sources(base=tmp_path), Inputs(cache=False))
    return found


@pytest.mark.parametrize(("source", "line"), [(QUOTED, 3), (BROKEN, 3)])
def test_old_spellings_are_read_and_said_once(tmp_path: Path, source: str, line: int) -> None:
    """All arguments are there, each where it is written; the file has one remark."""
    found = root(tmp_path, source)

    (subnet,) = found.worlds[0].resources
    assert text(subnet.attributes["cidr_block"]) == "10.0.1.0/24"
    tags = subnet.attributes["tags"]
    named = tags if isinstance(tags, MapValue) else tags.items[0]  # type: ignore[union-attr]
    assert isinstance(named, MapValue) and text(named.items["Name"]) == "a-b"
    (problem,) = found.problems
    assert (problem.check, problem.span.line) == ("IAC002", line)
    assert "0.12 and later refuse" in problem.message


@pytest.mark.parametrize(
    "source",
    [
        'resource "aws_subnet" "a" {\n  "Name with spaces" = [\n    1\n}\n',
        'resource "aws_subnet" "a" {\n  cidr_block = "10.0.0.0/16" "name" = 1\n}\n',
        'resource "aws_subnet" "a" {\n  cidr_block =\n}\n',
        'resource "aws_subnet" "a" {\n  "name"\n}\n',
    ],
)
def test_what_no_version_read_is_an_error(tmp_path: Path, source: str) -> None:
    """It stays what it is: a syntax error."""
    assert [problem.check for problem in root(tmp_path, source).problems] == ["IAC001"]


def test_new_code_is_not_called_old(tmp_path: Path) -> None:
    """Keys of an object may have quotes; in brackets an object may begin on a line of its own."""
    source = 'locals {\n  a = { "Name" = "x" }\n  b = [\n    { "k" = 1 },\n  ]\n}\n'
    assert root(tmp_path, source).problems == ()
