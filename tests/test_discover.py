"""What is found under the paths, and what is passed over."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from iaclint.discover import DiscoveryError, Found, discover

TEMPLATE = "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n"
PLAN = '{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}'


def lay(top: Path, *names: str, **texts: str) -> None:
    """Files, empty or with the text given for their suffix."""
    by_suffix = {".yaml": TEMPLATE, ".json": PLAN, ".template": TEMPLATE}
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts.get("text", by_suffix.get(path.suffix, "")), "utf-8")


def names(found: Found, top: Path) -> set[str]:
    """Everything found, relative to the top."""
    every = (*found.directories, *found.templates, *found.plans)
    return {path.relative_to(top).as_posix() for path in every}


def test_directories_templates_and_plans_are_found(tmp_path: Path) -> None:
    """In both languages' spellings, at any depth."""
    lay(
        tmp_path,
        "a/main.tf",
        "b/main.tofu",
        "c/main.tf.json",
        "d/e/t.yaml",
        "f/t.template",
        "p.json",
    )
    found = discover([tmp_path])
    assert names(found, tmp_path) == {"a", "b", "c", "d/e/t.yaml", "f/t.template", "p.json"}
    assert [path.name for path in found.plans] == ["p.json"]


@pytest.mark.parametrize(
    "name",
    [
        ".terraform/modules/x/main.tf",
        "node_modules/x/main.tf",
        ".git/main.tf",
        "cdk.out/asset.123/t.yaml",
        ".main.tf",
        "main.tf~",
        "main.tf.bak",
        "README.md",
        "x.tfvars",
    ],
)
def test_what_is_not_written_for_the_project_is_passed_over(name: str, tmp_path: Path) -> None:
    """Caches, editors' leftovers, other files."""
    lay(tmp_path, name)
    assert not discover([tmp_path])


@pytest.mark.parametrize(
    "text",
    ["a: 1\n", "apiVersion: v1\nkind: Service\nResources: 1\n", "- Resources\n", "\x00\xff", ""],
)
def test_other_yaml_is_no_template(text: str, tmp_path: Path) -> None:
    """Thousands of such files lie in any repository."""
    lay(tmp_path, "x.yaml", "x.json", text=text)
    assert not discover([tmp_path])


def test_a_synthesised_cdk_app_is_found(tmp_path: Path) -> None:
    """Its templates, not the bundles of its assets."""
    lay(tmp_path, "cdk.out/App.template.json", text='{"Resources": {"A": {"Type": "AWS::A::B"}}}')
    lay(tmp_path, "cdk.out/asset.1/x.yaml")
    assert names(discover([tmp_path]), tmp_path) == {"cdk.out/App.template.json"}


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ((), {"a", "examples/b", "t.yaml"}),
        (("examples",), {"a", "t.yaml"}),
        (("examples/**",), {"a", "t.yaml"}),
        (("*.yaml",), {"a", "examples/b"}),
        (("a/*.tf",), {"examples/b", "t.yaml"}),
        (("/b",), {"a", "examples/b", "t.yaml"}),
        (("*",), set()),
    ],
)
def test_globs_leave_out(exclude: tuple[str, ...], left: set[str], tmp_path: Path) -> None:
    """Relative to the settings; a directory goes when all its files go."""
    lay(tmp_path, "a/main.tf", "examples/b/main.tf", "t.yaml")
    assert names(discover([tmp_path], exclude, tmp_path), tmp_path) == left


def test_a_named_file_is_taken_whatever_the_globs_say(tmp_path: Path) -> None:
    """Naming it is saying so; a `.tf` file stands for its directory."""
    lay(tmp_path, "a/main.tf", "t.yaml")
    found = discover([tmp_path / "a" / "main.tf", tmp_path / "t.yaml"], ("*",), tmp_path)
    assert names(found, tmp_path) == {"a", "t.yaml"}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("gone", None, "there is no file or directory"),
        ("x.yaml", "a: 1\n", "is neither Terraform, nor a CloudFormation template"),
        ("x.tfvars", "", "--var-file"),
        ("x.tfstate", "{}", "is a state"),
        ("tfplan", "PK\x03\x04", "terraform show -json"),
    ],
)
def test_a_named_file_that_is_nothing_is_refused(
    name: str, text: str | None, words: str, tmp_path: Path
) -> None:
    """With what to do instead."""
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(DiscoveryError, match=words):
        discover([tmp_path / name])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """Neither named nor met on the way: reading it would wait for ever."""
    os.mkfifo(tmp_path / "x.yaml")
    assert not discover([tmp_path])
    with pytest.raises(DiscoveryError):
        discover([tmp_path / "x.yaml"])


def test_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    """A loop ends, and nothing is found twice; a linked file is a file."""
    lay(tmp_path, "a/main.tf", "t.yaml")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "main.tf").symlink_to(tmp_path / "a" / "main.tf")
    (tmp_path / "broken.yaml").symlink_to(tmp_path / "nowhere")
    assert names(discover([tmp_path]), tmp_path) == {"a", "b", "t.yaml"}


def test_the_order_does_not_depend_on_the_arguments(tmp_path: Path) -> None:
    """The same set of paths is the same scan."""
    lay(tmp_path, "a/main.tf", "b/main.tf")
    paths = [tmp_path / "b", tmp_path / "a", tmp_path]
    assert discover(paths) == discover(reversed(paths)) == discover([tmp_path])


def test_twenty_thousand_files_take_seconds(tmp_path: Path) -> None:
    """A tenth of that here; each file costs well under a millisecond."""
    for index in range(2000):
        directory = tmp_path / f"d{index % 50}"
        directory.mkdir(exist_ok=True)
        (directory / f"{index}.yaml").write_text("kind: x\n" * 20, "utf-8")
    started = time.process_time()
    assert not discover([tmp_path])
    assert time.process_time() - started < 2
