"""
`iaclint init`: a settings file that holds what works today.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from iaclint import run as pipeline
from iaclint import scan, settings
from iaclint.command import given
from iaclint.command.failure import CommandError
from iaclint.intent import Judged
from iaclint.source import Sources
from iaclint.toml import to_toml

HEAD = """\
# Settings of iaclint; `iaclint config` prints them all.
#
# Each expectation is a flow that works today, and must go on working: a change that breaks it is an
# error. Delete what is not meant, and add what is; `deny` instead of `allow` forbids a flow.

fail-on = "error"
"""


def run(arguments: Mapping[str, Any]) -> int:
    """Writes `iaclint.toml` at the root of the repository, or in the first path without one."""
    request = given.request(arguments)
    first = request.paths[0].resolve()
    home = settings.git_top(first) or (first if first.is_dir() else first.parent)
    path = home / "iaclint.toml"
    if path.exists() and not arguments.get("force"):
        raise CommandError(f'"{path}" is there already; --force replaces it')
    sources = Sources()
    answer = pipeline.answer(scan.roots(request, sources), [], request.settings.sources)
    expected = _expectations(answer.judged)
    text = HEAD + "".join(f"\n[[expect]]\n{to_toml(one)}" for one in expected)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f'cannot write "{path}": {error.strerror}') from error
    sys.stdout.write(f"{sources.name(path)} has {len(expected)} expectations\n")
    return 0


def _expectations(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """The flows that work, the services of one pair of ends together."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for each in judged:
        if each.trace.verdict == "reachable":
            for source in each.flow.client.name.split(", "):
                ends = (source, each.flow.target.address)
                found.setdefault(ends, {})[each.flow.service.key] = None
    return [
        {"from": source, "to": target, "allow": list(services)}
        for (source, target), services in sorted(found.items())
    ]
