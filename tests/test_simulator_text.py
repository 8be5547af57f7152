"""
Random networks written as the text of both languages: the frontends deliver what the model says.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from iaclint import run
from iaclint.assemble import assemble
from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from tests.simulator.draft import hcl, template, world
from tests.simulator.generate import Dice, Limits, network
from tests.simulator.judge import Case, disagreements, verdicts
from tests.simulator.render import Style, terraform
from tests.simulator.simulate import CLOUDFORMATION, TERRAFORM
from tests.simulator.stack import cloudformation

STYLES = (Style(), Style("rule", "separate", "separate", "separate", "number"), Style("vpc_rule"))


def only(roots: list[Root]) -> Root:
    (root,) = roots
    assert not root.problems
    assert len(root.worlds) == 1
    return root


@pytest.mark.parametrize("seed", range(6))
def test_terraform_text_means_what_the_model_means(seed: int, tmp_path: Path) -> None:
    net = network(Dice(Random(seed), 0.15))
    drafts = terraform(net, STYLES[seed % len(STYLES)])
    (tmp_path / "main.tf").write_text(hcl(drafts))
    root = only(run.load([tmp_path], [], Sources(), Inputs(cache=False)))
    case = Case(net, assemble(root.worlds[0]), TERRAFORM)
    assert verdicts(case) == verdicts(Case(net, assemble(world(drafts)), TERRAFORM))
    assert disagreements(case) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_template_means_what_the_model_means(seed: int, tmp_path: Path) -> None:
    net = network(Dice(Random(seed), 0.15), Limits(defaults=False))
    drafts = cloudformation(net)
    file = tmp_path / "template.yaml"
    file.write_text(template(drafts))
    root = only(run.load([], [file], Sources(), Inputs()))
    case = Case(net, assemble(root.worlds[0]), CLOUDFORMATION)
    assert verdicts(case) == verdicts(Case(net, assemble(world(drafts)), CLOUDFORMATION))
    assert disagreements(case) == []
