"""The JSON report keeps its contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs

import iaclint.report.json as writer
from iaclint.finding import Report
from iaclint.report import write
from tests.sample_report import REPORT, accepted, context

SHIPPED = Path(writer.__file__).with_name("report-v1.schema.json")


def made(report: Report) -> dict[str, Any]:
    """The report as JSON, read back."""
    result: dict[str, Any] = json.loads(write("json", report, context()))
    return result


def test_the_report_is_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The whole document, to the letter."""
    golden("report.json", write("json", accepted(), context()))


def test_all_fields_of_the_contract_are_there() -> None:
    """Fields are only ever added to version 1."""
    document = made(REPORT)
    assert document["schema_version"] == 1
    assert set(document) >= {"findings", "flows", "undecided", "summary"}
    finding = document["findings"][0]
    agreed = (
        "id name level confidence message resource location targets services families source "
        "reason_codes related trace fix fingerprint"
    )
    assert set(finding) >= set(agreed.split())
    assert finding["trace"][-1]["hop"] == 2 and finding["trace"][-1]["direction"] == "reply"
    assert finding["fix"]["edits"][0]["line"] == 33 and "insert" in finding["fix"]["edits"][0]
    assert document["summary"] == {
        "roots": 1,
        "files": 4,
        "instances": 3,
        "reachable": 2,
        "blocked": 1,
        "undecided": 0,
        "suppressed": 0,
        "errors": 1,
        "warnings": 0,
        "notes": 0,
    }


def test_reports_fit_the_shipped_schema() -> None:
    """A full and an empty report are valid; a broken one is not."""
    schema = jsonschema_rs.validator_for(json.loads(SHIPPED.read_text("utf-8")))
    schema.validate(made(accepted()))
    schema.validate(made(Report()))
    assert not schema.is_valid({**made(Report()), "schema_version": 2})


def test_the_shipped_schema_is_that_of_the_types() -> None:
    """`python -m iaclint.schemas` writes it."""
    assert json.loads(SHIPPED.read_text("utf-8")) == writer.schema()
