"""What is shipped: the checks go with the package, and nowhere else."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from iaclint import registry

TOP = Path(__file__).parents[1]
LIST = "from iaclint.registry import load; print(*(c.id for c in load(plugins=False).checks))"


def python(code: str, where: Path, **environment: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=where,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source distribution, as an index does."""
    for needed in ("build", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    work = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(work)]
    subprocess.run([*build, "--sdist", str(TOP)], check=True, capture_output=True)
    (archive,) = work.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(work / "source", filter="data")
    (source,) = (work / "source").iterdir()
    subprocess.run([*build, "--wheel", str(source)], check=True, capture_output=True)
    (made,) = work.glob("*.whl")
    return made


def test_the_wheel_has_the_checks_inside_the_package(wheel: Path) -> None:
    """`iaclint/checks/…`, all of them, and no top-level `checks` or `tests`."""
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    written = {path.relative_to(TOP).as_posix() for path in (TOP / "checks").rglob("*.py")}
    assert written
    assert {f"iaclint/{name}" for name in written} <= set(names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"iaclint"}


@pytest.mark.parametrize(
    "name",
    [
        "iaclint/py.typed",
        "iaclint/terraform/known/vpc/main.tf",
        "iaclint/settings.schema.json",
        "iaclint/report/report-v1.schema.json",
        "iaclint/checks/guide/known-hosts.md",
        "iaclint/checks/guide/sections.toml",
    ],
)
def test_the_wheel_has_what_is_no_module(name: str, wheel: Path) -> None:
    """Types and schemas."""
    with zipfile.ZipFile(wheel) as packed:
        assert name in packed.namelist()


def test_an_installed_wheel_has_the_same_checks_as_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    """Also where the working directory has a `checks` package of its own."""
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    (tmp_path / "cwd" / "checks").mkdir(parents=True)
    (tmp_path / "cwd" / "checks" / "__init__.py").write_text(
        "raise SystemExit('foreign')\n", "utf-8"
    )
    installed = python(LIST, tmp_path / "cwd", PYTHONPATH=str(tmp_path / "site"))
    assert installed == python(LIST, TOP)
    place = python("import iaclint; print(iaclint.__file__)", tmp_path / "cwd",
                   PYTHONPATH=str(tmp_path / "site"))  # fmt: skip
    assert str(tmp_path) in place


def test_every_file_under_checks_is_loaded() -> None:
    """A forgotten `__init__.py` in a family would hide its checks."""
    modules = {type(check).__module__ for check in registry.load(plugins=False).checks}
    written = {
        "iaclint." + ".".join(path.relative_to(TOP).with_suffix("").parts)
        for path in (TOP / "checks").rglob("*.py")
        if not path.name.startswith("_")
    }
    assert modules == written


def modules_after(*arguments: str, where: Path = TOP) -> set[str]:
    """The top-level modules that a run imports."""
    code = (
        "import sys, json\nfrom iaclint import cli\n"
        f"sys.argv = ['iaclint', *{list(arguments)!r}]\n"
        "import contextlib, io\n"
        "try:\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        cli.main()\n"
        "except SystemExit:\n    pass\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    return set(json.loads(python(code, where).splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", "--help")])
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """They answer at once: only click is imported."""
    assert not modules_after(*arguments) & {
        "cfnlint",
        "networkx",
        "lark",
        "hcl2",
        "msgspec",
        "yaml",
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_output_that_cannot_be_written_is_a_failure() -> None:
    """Exit code 2 and a sentence: a full disk must not look like findings."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "iaclint", "fixtures/example"],
            cwd=TOP,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "iaclint: cannot write: No space left on device\n"


def test_version_takes_less_than_a_tenth_of_a_second() -> None:
    """Of processor time, over a bare interpreter; the best of three."""

    def cost(code: str) -> float:
        measure = f"import time; {code}; print(time.process_time())"
        return min(float(python(measure, TOP).split()[-1]) for _ in range(3))

    assert cost("from iaclint import cli") - cost("pass") < 0.1


def test_terraform_alone_never_imports_cfn_lint() -> None:
    """It costs most of a second and 65 MB."""
    assert "cfnlint" not in modules_after("fixtures/example")


def test_the_readme_shows_what_is_printed() -> None:
    """The example's first line, and the commands that `.ci/run` runs."""
    text = (TOP / "README.md").read_text("utf-8")
    shown = re.search(r"<!-- example -->\n```text\n(.*?)```", text, re.S)
    golden = (TOP / "tests" / "golden" / "example.txt").read_text("utf-8")
    assert shown is not None
    assert shown[1].replace("fixtures/example/", "infra/") == golden
    assert "<!-- test -->\n```sh\npython3 -m venv" in text
