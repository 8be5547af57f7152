"""What Terraform itself answered for some thousand expressions, we answer too."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.terraform.console import Console

JUDGED = Path(__file__).parent / "terraform_judged"


@lru_cache(maxsize=1)
def console() -> Console:
    """The root the expressions refer to, loaded once."""
    return Console(JUDGED / "root", Sources(), Inputs())


def cases(path: Path) -> list[dict[str, Any]]:
    """The recorded expressions of a file with Terraform's answers."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _simplified(value: Any) -> Any:
    """Our unknowns as the recorder marks them: without the reason."""
    if isinstance(value, dict):
        if isinstance(value.get("unknown"), str):
            return {"unknown": True}
        return {key: _simplified(inner) for key, inner in value.items()}
    return [_simplified(inner) for inner in value] if isinstance(value, list) else value


def disagreement(case: dict[str, Any]) -> str:
    """What we answer where it is not what Terraform answered; empty when it is."""
    answer = console().answer(case["expr"])
    wanted = next(key for key in ("json", "partly", "error") if key in case)
    given = json.loads(answer, parse_float=str)
    if wanted == "error":
        agree = "error" in given
    elif wanted == "json":
        agree = answer == f'{{"value":{case["json"][1:-1]}}}'
    else:
        agree = "value" in given and _simplified(given["value"]) == case["partly"]
    return "" if agree else f"{case['expr']}\n  wanted {case[wanted]}\n  given  {answer}"


@pytest.mark.parametrize("path", sorted(JUDGED.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_judged_expression_has_the_value_terraform_gives_it(path: Path) -> None:
    asked = [case for case in cases(path) if "differs" not in case]
    wrong = [text for text in map(disagreement, asked) if text]
    assert not wrong, "\n".join(wrong)


def test_what_is_said_to_differ_on_purpose_does_differ() -> None:
    said = [case for path in JUDGED.glob("*.jsonl") for case in cases(path) if "differs" in case]
    assert len(said) <= 20
    assert not [case["expr"] for case in said if not disagreement(case)]


def test_at_least_a_thousand_expressions_are_judged() -> None:
    assert sum(len(cases(path)) for path in JUDGED.glob("*.jsonl")) >= 1000
