"""Configurations of this project, applied by the real Terraform, are read as it reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iaclint import run
from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.terraform import load_plan
from tests.oracle.conftest import Bench, folder, read
from tests.oracle.judge import Judgement, copy
from tests.twins import Twin, twins

pytestmark = [pytest.mark.terraform, pytest.mark.slow]

FIXTURES = Path(__file__).parents[2] / "fixtures"


def configurations() -> list[Path]:
    """Every directory of ours with Terraform files that is a root."""
    cases = folder("IACLINT_ORACLE_CASES")
    parts = {"added", "cases"}
    found = {one.parent for one in FIXTURES.rglob("*.tf") if parts.isdisjoint(one.parts)}
    if cases is not None:
        states = ("broken", "fixed", "config")
        found |= {one.parent for one in cases.glob("*/*/*/*.tf") if one.parent.name in states}
    return sorted(found)


def name(value: Path | Twin) -> str:
    """What a test is called."""
    return value.id if isinstance(value, Twin) else "/".join(value.parts[-3:])


def verdicts(root: Root) -> set[tuple[object, ...]]:
    """Who reaches whom in a root."""
    answer = run.answer([root], [], ())
    return {
        (one.source, one.target, one.service, one.family, one.expected, one.verdict)
        for one in run.verdicts(answer.judged)
    }


def planned(judged: Judgement, directory: Path, variables: dict[str, str]) -> Root:
    """Our reading of the plan, in a directory."""
    directory.mkdir(exist_ok=True)
    path = directory / "plan.json"
    path.write_text(json.dumps(judged.plan))
    try:
        return load_plan(path, Sources(base=directory), Inputs(variables=variables, cache=False))
    finally:
        path.unlink()


@pytest.mark.parametrize("given", [*configurations(), *twins()], ids=name)
def test_everything_is_as_terraform_has_it(
    given: Path | Twin, bench: Bench, tmp_path: Path
) -> None:
    """
    Resources, attributes, what is unknown, and after an apply where every reference leads: from
    the sources, from the plan beside them, and from the plan alone; and all three are one network.
    """
    (tmp_path / "home").mkdir()
    work = tmp_path / "work"
    if isinstance(given, Twin):
        work.mkdir()
        for file, text in given.files("terraform").items():
            (work / file).write_text(text)
    else:
        copy(given, work)
    judged, variables = bench.judged(work, tmp_path / "home", apply=True)

    sources = read(work, variables)
    beside = planned(judged, work, variables)
    alone = planned(judged, tmp_path / "alone", variables)

    for root, exact in ((sources, True), (beside, True), (alone, False)):
        found = bench.compared(root, judged, exact)
        assert not found.differences, "\n".join(map(str, found.differences))
        assert found.counts["resources"] == len(judged.resources())
    assert verdicts(sources) == verdicts(beside)
