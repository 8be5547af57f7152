"""Imports go one way, and each third-party package has one door."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PACKAGE = TOP / "iaclint"

LAYERS = (
    ("__init__",),
    ("source", "globs"),
    ("value",),
    ("resource", "toml"),
    ("settings", "comments", "secret"),
    ("packet", "terraform", "cloudformation"),
    ("aws",),
    ("finding", "host"),
    ("network",),
    ("assemble",),
    ("flow", "repair"),
    ("graph", "trace"),
    ("intent",),
    ("check",),
    ("checks",),
    ("explain", "registry", "guide"),
    ("suppress", "baseline", "change", "fix", "discover"),
    ("catalogue",),
    ("report",),
    ("stored",),
    ("join", "query"),
    ("expect",),
    ("drawing", "run"),
    ("drawing_formats",),
    ("scan", "schemas"),
    ("example",),
    ("command",),
    ("cli",),
    ("__main__",),
)
"""A module imports only from rows above its own, and from its own package."""

DOORS = {
    "hcl2": {"terraform"},
    "lark": {"terraform"},
    "cfnlint": {"cloudformation"},
    "yaml": {"cloudformation", "terraform"},
    "networkx": {"graph"},
    "click": {"cli"},
}
"""The only parts that import a third-party package (`yamldecode` is a function of Terraform)."""

OPEN = {"msgspec"}
"""Third-party packages that any layer may use: a library of data, not of a subject."""

RANK = {name: number for number, row in enumerate(LAYERS) for name in row}


def part(path: Path) -> str:
    """The part of the package that a file belongs to: the first name under `iaclint`."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            module = node.module or ""
            yield module
            if module == "iaclint":
                yield from (f"iaclint.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    """The parts of the package that a file imports."""
    names = {name.split(".")[1] for name in imported(path) if name.startswith("iaclint.")}
    return names - {"__version__"}


def files() -> list[Path]:
    """Every module of the package."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(TOP)))
def test_imports_go_one_way(path: Path) -> None:
    """Only from rows above, or from the same part."""
    own = part(path)
    assert own in RANK, f"{own} has no row in LAYERS"
    for name in ours(path) - {own}:
        assert name in RANK, f"{name} has no row in LAYERS"
        assert RANK[name] < RANK[own], f"{own} must not import {name}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(TOP)))
def test_third_party_packages_have_one_door(path: Path) -> None:
    """hcl2, cfnlint, networkx and click each in one part; others are not used."""
    for name in {name.split(".")[0] for name in imported(path)} - {"iaclint"}:
        if name in sys.stdlib_module_names or name in OPEN:
            continue
        assert part(path) in DOORS.get(name, ()), f"{part(path)} must not import {name}"


def test_a_check_imports_one_module() -> None:
    """`iaclint.check` is all that a check needs, and nobody imports a check."""
    found = list((TOP / "checks").rglob("*.py"))
    assert found
    for path in found:
        names = {name for name in imported(path) if name.startswith("iaclint")}
        assert names <= {"iaclint.check"}, path
        rest = {name.split(".")[0] for name in imported(path)} - {"iaclint"}
        assert rest <= sys.stdlib_module_names, path
    assert not [path for path in files() if "checks" in ours(path) and part(path) != "checks"]


def test_there_are_no_rows_for_what_is_not_there() -> None:
    """The table is no wish list."""
    there = {part(path) for path in files()}
    optional = {"graph", "host"}
    assert set(RANK) - there <= optional


def test_a_wrong_import_would_be_noticed(tmp_path: Path) -> None:
    """The reader sees imports inside functions, and names imported from the package."""
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from iaclint import run\n    import iaclint.aws.keys\n", "utf-8")
    assert ours(path) == {"run", "aws"}


def test_the_architecture_names_every_part() -> None:
    """Whoever looks for a module finds its row."""
    text = (TOP / "ARCHITECTURE.md").read_text("utf-8")
    parts = {name for name in RANK if not name.startswith("__")} - {"checks"}
    assert not [name for name in sorted(parts) if f"`{name}`" not in text]
