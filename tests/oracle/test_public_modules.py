"""
Public modules, installed by the real Terraform from a registry on the loopback, are read as it
reads them. Nobody here wrote them: they are planned, and never applied.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.terraform import load
from tests.oracle.conftest import Bench, folder, read
from tests.oracle.judge import copy
from tests.oracle.registry import Registry, check_out, versions

pytestmark = [pytest.mark.terraform, pytest.mark.slow]

MODULES = (
    "terraform-aws-modules/terraform-aws-vpc",
    "terraform-aws-modules/terraform-aws-security-group",
    "terraform-aws-modules/terraform-aws-ec2-instance",
    "terraform-aws-modules/terraform-aws-key-pair",
    "cloudposse/terraform-aws-dynamic-subnets",
    "cloudposse/terraform-aws-ec2-bastion-server",
    "cloudposse/terraform-aws-security-group",
    "cloudposse/terraform-aws-vpc",
)
MAJORS = 5
"""How many major versions, from the newest back (a 0.x counts as one)."""


def _newest(tags: dict[str, str]) -> list[str]:
    """The newest tag of each major version that Terraform 1 can read, newest first."""
    ordered = sorted(tags, key=lambda version: [int(part) for part in version.split(".")])
    newest = {version.partition(".")[0]: tags[version] for version in ordered}
    return list(newest.values())[::-1][:MAJORS]


def releases() -> list[tuple[Path, str]]:
    """Clone and tag of everything that is judged."""
    clones = folder("IACLINT_ORACLE_MODULES")
    if clones is None:
        return []
    known = Registry(clones, clones)
    found = [known.clone(*name.split("/")) for name in MODULES]
    return [(clone, tag) for clone in found if clone for tag in _newest(versions(clone))]


def _name(value: object) -> str:
    return value.parent.name if isinstance(value, Path) else str(value)


@pytest.mark.skipif(not releases(), reason="IACLINT_ORACLE_MODULES names no clones of modules")
@pytest.mark.parametrize(("clone", "tag"), releases(), ids=_name)
def test_every_example_is_as_terraform_has_it(
    clone: Path, tag: str, bench: Bench, tmp_path: Path
) -> None:
    """Resources, attributes, references and outputs of each example of a release."""
    whole = copy(check_out(clone, tag, bench.kept / "modules"), tmp_path / "work")
    judged_ones = 0
    wrong: list[str] = []
    (tmp_path / "home").mkdir()
    for example in sorted({one.parent for one in (whole / "examples").rglob("*.tf")}):
        try:
            judged, variables = bench.judged(example, tmp_path / "home")
        except pytest.skip.Exception:
            continue
        judged_ones += 1
        found = bench.compared(read(example, variables), judged)
        wrong += [f"{example.name}: {difference}" for difference in found.differences]
    assert not wrong, "\n".join(wrong)
    if not judged_ones:
        pytest.skip("Terraform itself refuses every example")


CALL = """
module "vpc" {
  source         = "terraform-aws-modules/vpc/aws"
  version        = "%s"
  name           = "lab"
  cidr           = "10.0.0.0/16"
  azs            = ["us-east-1a"]
  public_subnets = ["10.0.1.0/24"]
}
"""


@pytest.mark.skipif(not releases(), reason="IACLINT_ORACLE_MODULES names no clones of modules")
@pytest.mark.parametrize("version", ["~> 3.0", "~> 4.0", "~> 5.0", ">= 6.0"])
def test_what_is_in_a_module_names_its_call(version: str, bench: Bench, tmp_path: Path) -> None:
    """Resources of an installed registry module carry the line of the call."""
    (tmp_path / "main.tf").write_text(CALL % version)

    bench.judged(tmp_path, tmp_path)
    (root,) = load([tmp_path], Sources(base=tmp_path), Inputs(cache=False))

    inside = [one for one in root.worlds[0].resources if one.address.startswith("module.vpc.")]
    assert {one.kind for one in inside} >= {"aws_vpc", "aws_subnet", "aws_route_table"}
    assert {str(one.callers[0]) for one in inside} == {"main.tf:2:1"}
    assert "main.tf" not in {one.span.path for one in inside}
    assert not root.problems
