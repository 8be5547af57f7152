"""Only what a change brought: baselines, and comparison with another revision."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from iaclint import baseline, registry
from iaclint.change import ChangeError, tree_at
from iaclint.finding import Finding, Label, Level
from iaclint.scan import Request, check
from iaclint.settings import Loaded, Settings
from iaclint.source import Sources, Span

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "example"
A = Finding("IAC201", "x", Level.ERROR, "m", "a", Label(Span("main.tf", 1)))
B = replace(A, resource="b")


def git(top: Path, *arguments: str) -> str:
    """Runs git as nobody in particular, whatever the user's settings say."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "t@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    done = subprocess.run(
        ["git", "-C", str(top), *arguments], check=True, capture_output=True, env=environment
    )
    return done.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the broken example committed."""
    top = tmp_path / "repo"
    shutil.copytree(EXAMPLE, top / "infra")
    git(tmp_path, "init", "-q", str(top))
    git(top, "add", ".")
    git(top, "commit", "-qm", "first")
    return top


def request(top: Path, reference: str = "HEAD") -> Request:
    """A run on `infra` against a revision."""
    return Request((top / "infra",), registry.load(plugins=False), diff_base=reference)


def second_table(top: Path) -> None:
    """Another subnet with the same mistake, and an instance in it."""
    text = (top / "infra" / "bastion.tf").read_text("utf-8").partition('resource "aws_instance"')
    instance = (text[1] + text[2]).replace('"bastion"', '"second"').replace(".public", ".more")
    network = """
    resource "aws_subnet" "more" {
      vpc_id                  = aws_vpc.main.id
      cidr_block              = "10.0.3.0/24"
      map_public_ip_on_launch = true
    }
    resource "aws_route_table" "more" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route_table_association" "more" {
      subnet_id      = aws_subnet.more.id
      route_table_id = aws_route_table.more.id
    }
    """
    (top / "infra" / "more.tf").write_text(instance + network, "utf-8")


def test_what_was_there_at_the_base_is_known(repository: Path) -> None:
    """Nothing changed, nothing new; the finding is still in the full set."""
    report = check(request(repository), Sources())
    assert report.findings == () and len(report.known_before) == 1
    assert report.summary.errors == 0 and report.summary.blocked == 1


def test_only_what_the_change_broke_is_new(repository: Path) -> None:
    """A second blocked instance beside the first."""
    second_table(repository)
    report = check(request(repository), Sources())
    assert [one.resource for one in report.findings] == ["aws_route_table.more"]
    assert [one.resource for one in report.known_before] == ["aws_route_table.public"]


def test_renamed_files_and_moved_lines_are_not_new(repository: Path) -> None:
    """The fingerprint has neither."""
    moved = (repository / "infra" / "network.tf").rename(repository / "infra" / "net.tf")
    moved.write_text("\n\n\n" + moved.read_text("utf-8"), "utf-8")
    assert check(request(repository), Sources()).findings == ()


def test_paths_that_were_not_there_are_all_new(repository: Path) -> None:
    """A new directory has no past."""
    (repository / "infra").rename(repository / "other")
    moved = replace(request(repository), paths=(repository / "other",))
    assert len(check(moved, Sources()).findings) == 1


def test_a_root_that_was_not_there_is_all_new(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when only that root is asked for."""
    monkeypatch.chdir(repository)
    shutil.copytree(repository / "infra", repository / "new")
    chosen = Loaded(Settings(roots=["new"]), repository / "iaclint.toml")
    both = replace(request(repository), paths=(repository,), loaded=chosen)
    assert len(check(both, Sources()).findings) == 1


@pytest.mark.parametrize("where", [".", "infra", ".."])
def test_names_at_the_base_are_those_of_the_working_tree(
    where: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From any directory: the selected root, and ignores by file, mean the same there."""
    monkeypatch.chdir(repository / where)
    name = Sources().name(repository / "infra")
    chosen = Loaded(Settings(roots=[name]), repository / "iaclint.toml")
    base = replace(request(repository), loaded=chosen)
    assert check(base, Sources()).findings == ()
    ignored = Settings(per_file_ignores={"infra/*": ["IAC2"]}, exclude=["other"])
    second_table(repository)
    assert check(replace(base, loaded=replace(chosen, settings=ignored)), Sources()).findings == ()


def test_the_working_tree_is_not_touched(repository: Path) -> None:
    """No file, no index, no stash."""
    second_table(repository)
    before = git(repository, "status", "--porcelain")
    check(request(repository), Sources())
    assert git(repository, "status", "--porcelain") == before


def test_the_tree_is_laid_out_as_it_was(repository: Path) -> None:
    """Contents byte for byte, names of any kind, links only inside, no submodules."""
    (repository / "infra" / "sp ace\n.tf").write_bytes(b"\r\n\x00")
    (repository / "inside").symlink_to("infra")
    (repository / "outside").symlink_to("/etc")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    shutil.rmtree(repository / "infra")
    with tree_at("HEAD", [repository]) as tree:
        there = tree.moved(repository)
        assert (there / "infra" / "sp ace\n.tf").read_bytes() == b"\r\n\x00"
        assert (there / "inside" / "network.tf").is_file()
        assert not (there / "outside").exists()
        where = there
    assert not where.exists()


def test_what_git_does_not_track_and_belongs_to_the_input_is_there(repository: Path) -> None:
    """Installed modules and ignored variable files; nothing else that is untracked."""
    (repository / ".gitignore").write_text("*.tfvars\n", "utf-8")
    (repository / "infra" / "terraform.tfvars").write_text('office = "x"\n', "utf-8")
    (repository / "infra" / ".terraform" / "modules").mkdir(parents=True)
    (repository / "infra" / "new.tf").write_text("", "utf-8")
    with tree_at("HEAD", [repository / "infra"]) as tree:
        there = tree.moved(repository / "infra")
        assert (there / "terraform.tfvars").is_file()
        assert (there / ".terraform" / "modules").is_dir()
        assert not (there / "new.tf").exists()


@pytest.mark.parametrize("reference", ["gone", "--upload-pack=x", "HEAD:infra", ""])
def test_what_is_no_revision_is_refused(reference: str, repository: Path) -> None:
    """With a sentence; nothing that looks like an option reaches git."""
    with pytest.raises(ChangeError), tree_at(reference, [repository]):
        pass


def test_outside_of_a_repository_there_is_no_base(tmp_path: Path) -> None:
    """Said, not guessed."""
    with pytest.raises(ChangeError, match="inside a git repository"), tree_at("HEAD", [tmp_path]):
        pass


def test_a_baseline_is_read_back(tmp_path: Path) -> None:
    """As often as each was found; sorted, whatever the order was."""
    path = tmp_path / "base.json"
    path.write_text(baseline.write([B, A, A]), "utf-8")
    assert baseline.read(path) == Counter({A.fingerprint: 2, B.fingerprint: 1})
    assert baseline.write([B, A, A]) == baseline.write([A, B, A])
    assert [one["resource"] for one in json.loads(path.read_text("utf-8"))["findings"]] == [
        "a",
        "b",
    ]


def test_a_baseline_counts_roots() -> None:
    """The same cause in a third root is new when it was in two."""
    new, old = baseline.split([A, A, A, B], Counter({A.fingerprint: 2}))
    assert (new, old) == ((A, B), (A, A))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 2, "findings": []}', "\x00"])
def test_what_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    """With a sentence that says how to make one."""
    path = tmp_path / "base.json"
    path.write_text(text, "utf-8")
    with pytest.raises(baseline.BaselineError, match="--write-baseline"):
        baseline.read(path)
