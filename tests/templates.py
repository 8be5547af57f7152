"""CloudFormation templates for tests: text in, what is loaded from it out."""

from __future__ import annotations

from pathlib import Path

from iaclint.cloudformation import load
from iaclint.resource import Inputs, Resource, Root, World
from iaclint.source import Sources
from iaclint.value import Scalar, Value

VPC = "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"


def roots(tmp_path: Path, files: dict[str, str], inputs: Inputs | None = None) -> list[Root]:
    """What is loaded from files; templates among them are those that are named to be read."""
    paths = []
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if not name.endswith(("manifest.json", "params.json", ".toml")):
            paths.append(path)
    return load(paths, Sources(base=tmp_path), inputs or Inputs())


def only(tmp_path: Path, text: str, inputs: Inputs | None = None) -> Root:
    """What is loaded from one template."""
    (root,) = roots(tmp_path, {"t.yaml": text}, inputs)
    return root


def by_address(world: World) -> dict[str, Resource]:
    """The resources of a world."""
    return {resource.address: resource for resource in world.resources}


def plain(value: Value | None) -> object:
    """A value that is known, without its place."""
    assert isinstance(value, Scalar), value
    return value.value


def checks(root: Root) -> list[str]:
    """The ids of what is reported on the way."""
    return [problem.check for problem in root.problems]
