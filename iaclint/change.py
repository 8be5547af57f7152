"""
The state of the repository at another revision, laid out in a temporary directory.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from iaclint.settings import git_top

LARGEST = 10_000_000
"""Files larger than this are left out, as no configuration is."""

_IGNORED_INPUTS = ("*.tfvars", "*.tfvars.json")


class ChangeError(Exception):
    """The other revision cannot be had; the argument says why, in words for the user."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file at a revision."""

    mode: str
    name: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of the repository `top` at a revision."""

    top: Path
    copy: Path

    def moved(self, path: Path) -> Path:
        """Where a path of the working tree is, or would be, in the copy."""
        return Path(os.path.normpath(self.copy / os.path.relpath(path.resolve(), self.top)))


@contextmanager
def tree_at(reference: str, paths: Iterable[Path]) -> Iterator[Tree]:
    """
    A copy of the repository that holds the paths at that revision, for as long as the block runs.

    Only git's object store is read: no file of the repository changes, and no filter or hook
    runs. What git does not track and still belongs to the input (installed modules, ignored
    `*.tfvars`) is taken from the working tree. Raises `ChangeError`.
    """
    wanted = [path.resolve() for path in paths]
    tops = {git_top(path) for path in wanted}
    if None in tops or not tops:
        raise ChangeError("--diff-base needs paths inside a git repository")
    if len(tops) > 1:
        raise ChangeError("--diff-base needs all paths in one git repository")
    (top,) = tops
    assert top is not None
    with tempfile.TemporaryDirectory(prefix="iaclint-") as directory:
        copy = Path(directory).resolve() / top.name
        copy.mkdir()
        _lay_out(top, _commit(top, reference), copy)
        _add_untracked(top, copy)
        yield Tree(top, copy)


def _git(top: Path, *arguments: str, feed: bytes = b"") -> bytes:
    command = ["git", "-C", str(top), *arguments]
    # A replace object or a lazily fetched one must not decide what is compared, or reach a network.
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1"}
    try:
        done = subprocess.run(
            command, input=feed, capture_output=True, check=True, env=environment, timeout=300
        )
    except FileNotFoundError as error:
        raise ChangeError("--diff-base needs git, which is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise ChangeError("git did not answer in time") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ChangeError(f"git: {said[-1] if said else 'failed'}") from error
    return done.stdout


def _commit(top: Path, reference: str) -> str:
    """The commit a reference names; a name that looks like an option is no reference."""
    if reference.startswith("-"):
        raise ChangeError(f'"{reference}" is not a revision')
    try:
        found = _git(top, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    except ChangeError as error:
        shallow = "; a shallow clone has only one: fetch more (`fetch-depth: 0`)"
        hint = shallow if (top / ".git" / "shallow").exists() else ""
        raise ChangeError(f'there is no revision "{reference}"{hint}') from error
    return found.decode().strip()


def _lay_out(top: Path, commit: str, copy: Path) -> None:
    blobs = list(_blobs(top, commit))
    regular = [blob for blob in blobs if blob.mode != "120000" and blob.size <= LARGEST]
    links = [blob for blob in blobs if blob.mode == "120000"]
    contents = _contents(top, [blob.name for blob in (*regular, *links)])
    for blob, content in zip((*regular, *links), contents, strict=True):
        target = copy / PurePosixPath(blob.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if blob in links:
            _link(target, content, copy)
        else:
            target.write_bytes(content)


def _blobs(top: Path, commit: str) -> Iterator[Blob]:
    """The files of a commit; submodules are none, and no path leads out of the tree."""
    listing = _git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    for entry in listing.split(b"\0"):
        if not entry:
            continue
        facts, _, raw = entry.partition(b"\t")
        mode, kind, name, size = facts.decode().split()
        path = os.fsdecode(raw)
        if kind == "blob" and ".." not in PurePosixPath(path).parts and not path.startswith("/"):
            yield Blob(mode, name, int(size), path)


def _contents(top: Path, names: list[str]) -> Iterator[bytes]:
    """The contents of blobs, in the order asked for, by one git process."""
    if not names:
        return
    output = _git(top, "cat-file", "--batch", feed="\n".join(names).encode() + b"\n")
    position = 0
    for name in names:
        header_end = output.index(b"\n", position)
        header = output[position:header_end].split()
        if len(header) != 3:
            raise ChangeError(f"git has no object {name}")
        start = header_end + 1
        end = start + int(header[2])
        yield output[start:end]
        position = end + 1


def _link(target: Path, content: bytes, copy: Path) -> None:
    """A symbolic link, if it stays inside the tree."""
    aim = Path(os.path.normpath(target.parent / os.fsdecode(content)))
    if aim.is_relative_to(copy) and not target.exists():
        target.symlink_to(os.fsdecode(content))


def _add_untracked(top: Path, copy: Path) -> None:
    """Installed modules, and variable files that git does not track."""
    for directory, names, _ in os.walk(top):
        if ".terraform" in names:
            there = copy / Path(directory).relative_to(top)
            if there.is_dir() and not (there / ".terraform").exists():
                (there / ".terraform").symlink_to(Path(directory) / ".terraform")
        names[:] = [name for name in names if name not in (".git", ".terraform", "node_modules")]
    listing = _git(top, "ls-files", "--others", "-z", "--", *_IGNORED_INPUTS)
    for raw in listing.split(b"\0"):
        target = copy / os.fsdecode(raw)
        if raw and target.parent.is_dir() and not target.exists():
            target.symlink_to(top / os.fsdecode(raw))
