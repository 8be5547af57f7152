"""
The twins: one network in Terraform and in CloudFormation has one answer.

What AWS itself does differently in the two languages stands in fixtures/twins/README.md, and
nothing else differs.
"""

from __future__ import annotations

import re

import pytest

from iaclint import example
from iaclint.terraform.planrefs import Configuration
from iaclint.trace.model import Reason
from tests.twins import LANGUAGES, REGISTRY, TWINS, Twin, said, twins

ALL = tuple(twins())
SAME = [twin for twin in ALL if not twin.difference]
DIFFERENT = [twin for twin in ALL if twin.difference]
PLANNED = [twin for twin in ALL if twin.plan.exists()]

OTHERWISE = {
    "NO_WAY_OUT": "IAC521 reports it, without a flow of its own",
    "NO_ADDRESS_OUT": "IAC521 reports it, without a flow of its own",
    "ENDPOINT_DNS": "IAC521 reports it, without a flow of its own",
    "NAT_PROTOCOL": "only `iaclint path` asks who gets out",
    "ENDPOINT_PROTOCOL": "only `iaclint path` asks who gets to a service",
    "NO_LISTENER": "only `iaclint path` asks about a port of a load balancer",
    "NOBODY_THERE": "only `iaclint path` asks about an address",
}
"""Reasons that no finding about a flow of a twin can have, and why."""


def by_id(found: list[Twin]) -> list[object]:
    """The twins as parameters, named after their case."""
    return [pytest.param(twin, id=twin.id) for twin in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("twin", by_id(list(ALL)))
def test_a_twin_has_the_answer_that_is_written_down(twin: Twin, language: str) -> None:
    """Every flow with its verdict and reason codes, and every finding."""
    assert twin.answer(language) == twin.expected(language)


@pytest.mark.parametrize("twin", by_id(PLANNED))
def test_a_plan_has_the_answer_of_its_sources(twin: Twin) -> None:
    """What `terraform show -json` prints is the third spelling of the same network."""
    texts = {"plan.json": twin.plan.read_text("utf-8")}
    assert said(texts, twin.names) == twin.expected("terraform")


@pytest.mark.parametrize("twin", by_id([t for t in SAME if t.state == "broken"]))
def test_a_broken_twin_is_loud_and_its_repair_is_quiet(twin: Twin) -> None:
    """A pair is a pair: what the broken one reports, the repaired one does not."""
    repaired = [t for t in ALL if t.case == twin.case and t.state == "repaired"]
    assert twin.expected("terraform").findings
    assert len(repaired) == 1
    assert not repaired[0].expected("terraform").findings


@pytest.mark.parametrize("twin", by_id([t for t in ALL if t.state == "private"]))
def test_what_is_private_on_purpose_is_quiet(twin: Twin) -> None:
    """Nobody is told to open what was closed on purpose."""
    assert not twin.expected("terraform").findings
    assert not twin.expected("cloudformation").findings


@pytest.mark.parametrize("twin", by_id(DIFFERENT))
def test_a_documented_difference_is_one(twin: Twin) -> None:
    """The expected answers differ; a difference that is gone leaves the list."""
    assert twin.expected("terraform") != twin.expected("cloudformation")


def test_the_differences_are_those_of_the_readme() -> None:
    """One row of the table for each, and one case that shows it."""
    text = (TWINS / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    assert sorted(rows) == sorted({twin.difference for twin in DIFFERENT})
    assert len(rows) == len(set(rows))


def test_there_are_enough_twins() -> None:
    """Forty cases at least exist in both languages, and eight as a plan."""
    assert len({twin.case for twin in SAME}) >= 40
    assert len({twin.case for twin in PLANNED}) >= 8
    assert {twin.state for twin in ALL} == {"broken", "repaired", "private"}


def test_every_reason_has_a_twin() -> None:
    """Each reason for which the engine stops a packet is shown in both languages."""
    lines = [line for twin in ALL for line in twin.expected("cloudformation").findings]
    shown = {line.split()[2] for line in lines} & set(Reason.__members__)
    assert set(Reason.__members__) - shown == set(OTHERWISE) | {"PEERING_PENDING"}
    differing = [line for twin in DIFFERENT for line in twin.expected("terraform").findings]
    assert any("PEERING_PENDING" in line for line in differing)


@pytest.mark.parametrize("twin", by_id([t for t in ALL if not t.expected("terraform").flows]))
def test_a_twin_is_no_empty_network(twin: Twin) -> None:
    """Where no flow is asked for, there still is an instance that was looked at."""
    for language in LANGUAGES:
        report, _ = example.report(twin.files(language), REGISTRY)
        assert report.summary.instances


def test_null_that_is_handed_to_a_module_is_not_set_in_a_plan() -> None:
    """Planned as unknown, and made of nothing that could be: the provider decides."""
    written = {"references": ["var.key"]}
    module = {"resources": [{"address": "aws_instance.a", "expressions": {"key_name": written}}]}
    for given, settled in (
        ({"constant_value": None}, True),
        ({"references": ["var.key"]}, True),
        ({"references": ["aws_key_pair.a.key_name", "aws_key_pair.a"]}, False),
        ({"references": ["local.key"]}, False),
    ):
        call = {"module": module, "expressions": {"key": given}}
        found = Configuration({"root_module": {"module_calls": {"m": call}}}, [])
        assert found.is_settled(written, "module.m.aws_instance.a") is settled
