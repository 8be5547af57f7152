"""
From the paths on the command line to directories of Terraform, templates, and plans.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from iaclint.cloudformation import is_template
from iaclint.globs import matches
from iaclint.source import MAXIMUM_BYTES

TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""https://opentofu.org/docs/language/files/ and the page of the same name for Terraform."""

SKIPPED = frozenset(
    {
        *(
            ".git",
            ".hg",
            ".svn",
            ".terraform",
            ".terragrunt-cache",
            "node_modules",
            ".venv",
            "venv",
        ),
        *("__pycache__", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea"),
        *(".aws-sam", ".serverless", "cdktf.out"),
    }
)
"""Directories that hold nothing written for this project, or copies of it."""

_TEMPLATE_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".stack"})
_LARGEST_TEMPLATE = 1024 * 1024
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
_PLAN = re.compile(rb'"(?:planned_values|resource_changes)"')


class DiscoveryError(Exception):
    """A path cannot be checked; the argument says which and why, in words for the user."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to check, each sorted by path."""

    directories: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.directories or self.templates or self.plans)


def discover(paths: Iterable[Path], exclude: Iterable[str] = (), base: Path | None = None) -> Found:
    """
    Everything under the paths. A file that is named is taken for what it is, also where a glob of
    `exclude` (relative to `base`) or its directory's name would leave it out; a `.tf` file stands
    for its directory. Links to directories are not followed. Raises `DiscoveryError`.
    """
    walk = _Walk(tuple(exclude), (base or Path.cwd()).resolve())
    for path in paths:
        if path.is_dir():
            walk.directory(path)
        elif path.is_file():
            walk.named(path)
        elif path.exists():
            raise DiscoveryError(f'"{path}" is neither a file nor a directory')
        else:
            raise DiscoveryError(f'there is no file or directory "{path}"')
    return Found(
        tuple(sorted(walk.directories)), tuple(sorted(walk.templates)), tuple(sorted(walk.plans))
    )


def is_terraform(name: str) -> bool:
    """Whether Terraform or OpenTofu would load a file of that name."""
    return name.endswith(TERRAFORM) and not name.startswith((".", "#")) and not name.endswith("~")


class _Walk:
    """The files found so far."""

    def __init__(self, exclude: tuple[str, ...], base: Path) -> None:
        self._exclude, self._base = exclude, base
        self.directories: dict[Path, None] = {}
        self.templates: dict[Path, None] = {}
        self.plans: dict[Path, None] = {}

    def named(self, path: Path) -> None:
        """A file that was named on the command line."""
        if is_terraform(path.name):
            self.directories[path.parent] = None
        elif not self._candidate(path):
            raise DiscoveryError(f'"{path}" {_what(path)}')

    def directory(self, top: Path) -> None:
        """Everything under a directory."""
        waiting = [top]
        while waiting:
            current = waiting.pop()
            terraform = False
            for entry in _entries(current):
                if entry.is_dir(follow_symlinks=False):
                    if not self._skipped(entry, current):
                        waiting.append(current / entry.name)
                elif is_terraform(entry.name):
                    terraform = terraform or not self._excluded(current / entry.name)
                elif _may_be_template(entry) and not self._excluded(current / entry.name):
                    self._candidate(current / entry.name, walked=True)
            if terraform:
                self.directories[current] = None

    def _skipped(self, entry: os.DirEntry[str], parent: Path) -> bool:
        if entry.name in SKIPPED or (parent.name == "cdk.out" and entry.name.startswith("asset.")):
            return True
        return self._excluded(parent / entry.name)

    def _excluded(self, path: Path) -> bool:
        if not self._exclude:
            return False
        absolute = Path(os.path.normpath(Path.cwd() / path))
        if not absolute.is_relative_to(self._base):
            return False
        relative = absolute.relative_to(self._base).as_posix()
        return any(matches(relative, pattern) for pattern in self._exclude)

    def _candidate(self, path: Path, walked: bool = False) -> bool:
        """Keeps a template or a plan; anything else is none of our business."""
        raw = _content(path)
        if walked and not path.suffix and (b"AWSTemplateFormatVersion" not in raw or b"\0" in raw):
            return False
        if b"Resources" in raw or b"AWSTemplateFormatVersion" in raw:
            if is_template(path.name, raw.decode("utf-8-sig", "replace")):
                self.templates[path] = None
                return True
        elif path.suffix == ".json" and b'"terraform_version"' in raw and _PLAN.search(raw):
            self.plans[path] = None
            return True
        return False


def _entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    """The entries of a directory in the order of their names; none if it cannot be read."""
    try:
        with os.scandir(directory) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    yield from found


def _may_be_template(entry: os.DirEntry[str]) -> bool:
    """By its name; without an extension, by its size as well: those are mostly other things."""
    suffix = PurePath(entry.name).suffix.lower()
    try:
        if not suffix and not entry.name.startswith("."):
            return entry.is_file() and entry.stat().st_size <= _LARGEST_TEMPLATE
        return suffix in _TEMPLATE_SUFFIXES and entry.is_file()
    except OSError:  # a link to itself, or gone by now
        return False


def _content(path: Path) -> bytes:
    """The bytes of a file; none where it cannot be read or is larger than any template."""
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def _what(path: Path) -> str:
    """Why a file that was named cannot be checked, and what to do instead."""
    if _content(path)[:2] == b"PK":
        return "is a saved plan: `terraform show -json FILE > plan.json` makes it readable"
    if path.name.endswith((".tfvars", ".tfvars.json")):
        return "holds values of variables: name the directory, and this file with --var-file"
    if path.suffix == ".tfstate":
        return "is a state, which says what is there and not what will be"
    return "is neither Terraform, nor a CloudFormation template, nor a plan in JSON"
