"""
`iaclint init`: a settings file that holds what works today.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from iaclint import run as pipeline
from iaclint import scan, settings
from iaclint.command import given
from iaclint.command.failure import CommandError
from iaclint.expect import Expectation, Expectations
from iaclint.network import Network
from iaclint.packet.service import Service
from iaclint.report.plain import plural
from iaclint.source import Sources, Span
from iaclint.toml import to_toml
from iaclint.trace.engine import trace

HEAD = """\
# Settings of iaclint; `iaclint config` prints them all.
#
# Each expectation is a flow that works today, and must go on working: a change that breaks it is an
# error. Delete what is not meant, and add what is; `deny` instead of `allow` forbids a flow. Ranges
# that have a name can be called by it as `from`:
#
#     [clients]
#     office = ["203.0.113.0/24"]

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
    expected = _expectations(answer)
    text = HEAD + "".join(f"\n[[expect]]\n{to_toml(one)}" for one in expected)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f'cannot write "{path}": {error.strerror}') from error
    sys.stdout.write(f"{sources.name(path)} has {plural(len(expected), 'expectation')}\n")
    return 0


def _expectations(answer: pipeline.Answer) -> list[dict[str, Any]]:
    """
    The flows that are meant and work, the services of one pair of ends together: those of which
    the same can be said in a settings file, for whatever has the same names.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for each in answer.judged:
        flow = each.flow
        if each.trace.verdict != "reachable" or each.level is None or flow.through is not None:
            continue
        for source in flow.client.name.split(", "):
            if _holds(answer.networks, source, flow.target.address, flow.service):
                found.setdefault((source, flow.target.address), {})[flow.service.key] = None
    return [
        {"from": source, "to": target, "allow": list(services)}
        for (source, target), services in sorted(found.items())
    ]


def _holds(networks: Sequence[Network], source: str, target: str, service: Service) -> bool:
    """Whether an expectation with these ends finds them, and nothing that does not work."""
    expectation = Expectation((source,), target, (service,), True, "", Span("iaclint.toml", 1))
    expectations = Expectations([expectation])
    flows = [(network, flow) for network in networks for flow in expectations.flows(network)]
    return bool(flows) and all(
        trace(network, flow).verdict == "reachable" for network, flow in flows
    )
