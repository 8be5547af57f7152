"""
`iaclint check`: the findings under the paths.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from iaclint import baseline, catalogue, fix, scan, secret
from iaclint.command import given, screen
from iaclint.command.failure import CommandError
from iaclint.finding import Report
from iaclint.report import write
from iaclint.report.plain import plural
from iaclint.scan import LEVELS, UNREAD, Request
from iaclint.source import Sources

ROUNDS = 5
"""How often fixes are applied at most: each round may clear the way for others."""


def run(arguments: Mapping[str, Any]) -> int:
    """Checks, writes what was asked for, and gives the exit code."""
    wanted = screen.outputs(arguments)
    request = given.request(arguments)
    report, sources = _checked(request)
    if arguments.get("diff"):
        return _show_diff(report, sources, request, bool(arguments.get("unsafe_fixes")))
    if arguments.get("fix") or arguments.get("unsafe_fixes"):
        report, sources = _fixed(report, sources, request, bool(arguments.get("unsafe_fixes")))
    if arguments.get("write_baseline"):
        return _write_baseline(Path(arguments["write_baseline"]), report, sources)
    _deliver(arguments, wanted, request, report, sources)
    return exit_code(report, request)


def _checked(request: Request) -> tuple[Report, Sources]:
    sources = Sources()
    return scan.check(request, sources), sources


def _deliver(
    arguments: Mapping[str, Any],
    wanted: list[tuple[str, str]],
    request: Request,
    report: Report,
    sources: Sources,
) -> None:
    pages = catalogue.pages(request.registry.checks)
    report = secret.redacted(report, sources.secrets)
    shown = screen.context(arguments, request, secret.starred(sources), pages)
    for name, place in wanted:
        filed = replace(shown, color=False, width=0, plain=False) if place else shown
        screen.deliver(place, write(name, report, filed))


def exit_code(report: Report, request: Request) -> int:
    """0, 1 for findings that count, 2 when something was not checked and no finding says so."""
    threshold = LEVELS.get(request.settings.fail_on)
    if threshold is not None and any(one.level >= threshold for one in report.findings):
        return 1
    if request.settings.fail_on_undecided and report.undecided:
        return 1
    said = any(one.check in UNREAD for one in (*report.findings, *report.known_before))
    return 0 if report.complete or said else 2


def _show_diff(report: Report, sources: Sources, request: Request, unsafe: bool) -> int:
    patch = fix.plan(report.findings, sources, unsafe)
    sys.stdout.write(fix.unified(patch, sources))
    _tell_refused(patch)
    return exit_code(report, request)


def _fixed(
    report: Report, sources: Sources, request: Request, unsafe: bool
) -> tuple[Report, Sources]:
    """Applies fixes and checks again until there is none left."""
    count = 0
    patch = fix.plan(report.findings, sources, unsafe)
    for _ in range(ROUNDS):
        if not patch.applied:
            break
        fix.write(patch, sources)
        count += len(patch.applied)
        report, sources = _checked(request)
        patch = fix.plan(report.findings, sources, unsafe)
    _tell_refused(patch)
    sys.stderr.write(f"iaclint: {count} fixed\n")
    return report, sources


def _tell_refused(patch: fix.Patch) -> None:
    for finding, why in patch.refused:
        sys.stderr.write(f"iaclint: {finding.check} at {finding.primary.span} not fixed: {why}\n")


def _write_baseline(path: Path, report: Report, sources: Sources) -> int:
    findings = [
        replace(one, message=secret.redacted(one.message, sources.secrets))
        for one in (*report.findings, *report.known_before)
    ]
    try:
        path.write_text(baseline.write(findings), encoding="utf-8")
    except OSError as error:
        raise CommandError(f'cannot write "{path}": {error.strerror}') from error
    sys.stderr.write(f"iaclint: {path} has {plural(len(findings), 'finding')}\n")
    return 0
