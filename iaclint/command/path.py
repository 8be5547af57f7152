"""
`iaclint path FROM TO`: the hops, there and back.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import msgspec

from iaclint import run as pipeline
from iaclint import scan, secret
from iaclint.command import given, screen
from iaclint.command.failure import CommandError
from iaclint.packet.service import NotAService, parse_service
from iaclint.query import Path, QueryError, overall, paths
from iaclint.report import Context
from iaclint.report.json import steps
from iaclint.report.mermaid import picture
from iaclint.report.plain import one_line
from iaclint.report.style import Style
from iaclint.report.text import path_lines
from iaclint.source import Sources

CODES = {"reachable": 0, "blocked": 1, "undecided": 3}


def run(arguments: Mapping[str, Any]) -> int:
    """Prints each answer; the exit code is that of the worst one."""
    try:
        service = parse_service(arguments["service"])
    except NotAService as error:
        raise CommandError(str(error)) from error
    request = given.request(arguments)
    sources = Sources()
    networks = pipeline.answer(scan.roots(request, sources), [], ()).networks
    answers = []
    try:
        for source in request.settings.client(arguments["source"]):
            answers += paths(networks, source, arguments["target"], service)
    except QueryError as error:
        raise CommandError(secret.redacted(str(error), sources.secrets)) from error
    answers = secret.redacted(answers, sources.secrets)
    shown = screen.context(arguments, request, sources, {})
    sys.stdout.write(_written(answers, arguments["output"], shown))
    return CODES[overall(answers)]


def _written(answers: list[Path], output: str, shown: Context) -> str:
    if output == "json":
        entries = [_entry(one) for one in answers]
        return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode() + "\n"
    if output == "markdown":
        return "\n".join(f"```mermaid\n{picture(one.as_finding)}\n```\n" for one in answers)
    style = Style(shown.color, shown.plain)
    between = "\n" if shown.verbosity < 0 else "\n\n"
    return between.join("\n".join(_lines(one, shown, style)) for one in answers) + "\n"


def _lines(one: Path, shown: Context, style: Style) -> list[str]:
    kind = {"reachable": "good", "blocked": "bad", "undecided": "open"}[one.verdict]
    head = f"{one.service} over {one.family} from {one.source} to {one.target}"
    said = f"{one.verdict} {one.only}" if one.only else one.verdict
    lines = [f"{one_line(head)}: {style.paint(said, kind)}"]
    if shown.verbosity < 0:
        return lines
    room = shown.width and shown.width - 2
    lines += [f"  {line}" for line in path_lines(one.as_finding, style, room)]
    for hop in one.hops:
        if shown.verbosity > 0 or hop.verdict != "allow":
            place = f"  --> {hop.span}" if hop.span else ""
            code = f" [{hop.code}]" if hop.code else ""
            lines.append(
                f"  {style.mark(hop.verdict)} {hop.direction} {one_line(hop.name)}: "
                f"{one_line(hop.message)}{code}{one_line(place) and '  ' + one_line(place)}"
            )
    lines += [f"  = help: {one_line(text)}" for text in one.helps]
    for because, supply in one.unknown:
        supplied = f"; supply it with {one_line(supply)}" if supply else ""
        lines.append(f"  = undecided: {one_line(because)}{supplied}")
    return lines


def _entry(one: Path) -> dict[str, Any]:
    return {
        "source": one.source,
        "target": one.target,
        "service": one.service.key,
        "family": one.family,
        "verdict": one.verdict,
        "only": one.only,
        "reason_codes": one.reason_codes,
        "trace": steps(one.hops),
        "unknown": [{"because": because, "supply": supply} for because, supply in one.unknown],
    }
