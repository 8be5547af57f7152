"""Which files of a repository are templates."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from iaclint.cloudformation import is_template
from iaclint.discover import discover
from tests.published import TEMPLATE

# ---- which files are templates ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["indented.yaml", "no-extension"])
def test_templates_in_odd_shape_are_found(tmp_path: Path, name: str) -> None:
    """A document indented as a whole, and a file without extension, are templates as well."""
    text = dedent(TEMPLATE)
    if name == "indented.yaml":
        text = "".join(f"  {line}\n" for line in text.strip().splitlines())
    else:
        text = 'AWSTemplateFormatVersion: "2010-09-09"\n' + text
    (tmp_path / name).write_text(text)
    assert [p.name for p in discover((tmp_path,)).templates] == [name]


def test_files_without_extension_are_read_only_for_the_version_line(tmp_path: Path) -> None:
    """A licence, a Makefile or a program is no template, even if it talks of resources."""
    (tmp_path / "LICENSE").write_text("Resources: all of them\nType: AWS::EC2::VPC\n")
    (tmp_path / "tool").write_bytes(b"\x7fELF\x00AWSTemplateFormatVersion\x00Resources")
    (tmp_path / "README").write_text("Begin with\n\n    AWSTemplateFormatVersion: 2010\n")
    assert not discover((tmp_path,)).templates


def test_nested_resources_make_no_template() -> None:
    """What is indented under another key is part of something else."""
    inner = "spec:\n  Resources:\n    A:\n      Type: AWS::EC2::VPC\n"
    assert not is_template("x.yaml", inner)
    assert is_template("x.yaml", "\n".join("  " + line for line in inner.splitlines()[1:])[2:])


# ---- templates of templates ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variable", "expected"),
    [
        ("board.yaml.template", "${MESH_NAME}", False),
        ("board.yaml.template", "${MeshName}", True),
        ("board.template", "${MESH_NAME}", True),
        ("board.yaml", "${MESH_NAME}", True),
    ],
)
def test_what_envsubst_fills_in_is_no_template_yet(
    name: str, variable: str, expected: bool
) -> None:
    """A file from which another is made, with variables that no template can declare."""
    text = f"Resources:\n  A:\n    Type: AWS::EC2::VPC\n    Description: !Sub '{variable}'\n"
    assert is_template(name, text) is expected
