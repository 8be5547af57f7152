"""
Puts the questions of scenarios to the tool.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from iaclint.packet.service import parse_service
from iaclint.query import Path as Answer
from iaclint.query import paths
from tests.nets import unjudged
from tests.scenarios import Row
from tests.twins import common


@cache
def answers(row: Row, language: str) -> tuple[Answer, ...]:
    """What is said about the question of a row in one language."""
    source, _, target, service = row.asked.split()
    ends = (source, target)
    if language == "cloudformation":
        ends = (common(source, {}), common(target, {}))
    with TemporaryDirectory() as folder:
        network = unjudged(Path(folder), row.text.files(language))
    return tuple(paths([network], *ends, parse_service(service)))


def codes(found: tuple[Answer, ...]) -> tuple[str, ...]:
    """Every code once, in the order of the hops."""
    return tuple(dict.fromkeys(code for one in found for code in one.reason_codes))


def spelled(rows: tuple[Row, ...]) -> list[object]:
    """Each row in each of its languages."""
    return [
        pytest.param(row, language, id=f"{row.number}-{index}-{language}")
        for index, row in enumerate(rows)
        for language in row.languages
    ]
