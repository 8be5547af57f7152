"""The example of a check of one's own: what the page shows is run as it stands there."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from iaclint import example
from iaclint.registry import Registry, load

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "custom-check.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    """The one block of the page in a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(text)


def base(directory: Path) -> Path:
    """The network that works, which has SSH open to everybody."""
    directory.mkdir()
    text = (TOP / "fixtures" / "base" / "terraform" / "main.tf").read_text(encoding="utf-8")
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return directory


def run(where: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """iaclint in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-m", "iaclint", *arguments],
        cwd=where,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(TOP), path)))},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_speaks_where_its_examples_say(tmp_path: Path) -> None:
    """Its own examples are run like those of the built-in checks."""
    (tmp_path / "acme_iaclint.py").write_text(shown("python"), encoding="utf-8")
    check = load([tmp_path], plugins=False).find("open-ssh")
    alone = Registry((check,))
    ours = "aws_vpc_security_group_ingress_rule.rdp"
    for changes, loud in ((check.breaks, True), (check.quiet, False)):
        for change in changes:
            findings = example.report(example.files(change), alone)[0].findings
            assert any(found.resource == ours for found in findings) is loud


def test_from_a_directory(tmp_path: Path) -> None:
    """`--checks DIR`, as the page writes it."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "acme_iaclint.py").write_text(shown("python"), encoding="utf-8")
    base(tmp_path / "infra")
    command = shown("sh").split()
    assert command[0] == "iaclint"
    done = run(tmp_path, *command[1:])
    assert "warning[ACME001] open-ssh" in done.stdout, done.stderr
    assert "ACME001" not in run(tmp_path, "infra").stdout
    page = run(tmp_path, "rule", "ACME001", "--checks", "policies").stdout
    assert "We come in through the office or the VPN" in page


def test_from_a_package(tmp_path: Path) -> None:
    """Built by the `pyproject.toml` of the page, and installed beside iaclint."""
    for needed in ("build", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    package = tmp_path / "package"
    package.mkdir()
    (package / "acme_iaclint.py").write_text(shown("python"), encoding="utf-8")
    (package / "pyproject.toml").write_text(shown("toml"), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", str(package)],
        check=True,
        capture_output=True,
    )
    (wheel,) = (package / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    base(tmp_path / "infra")
    done = run(tmp_path, "infra", path=str(tmp_path / "site"))
    assert "warning[ACME001] open-ssh" in done.stdout, done.stderr
