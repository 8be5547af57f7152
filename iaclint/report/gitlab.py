"""
GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import msgspec

from iaclint.finding import Finding, Level, Report
from iaclint.report import Context
from iaclint.report.plain import one_line, repository_path

_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}


class Lines(msgspec.Struct, frozen=True):
    """The line a finding is shown at."""

    begin: int


class Place(msgspec.Struct, frozen=True):
    """The file, relative to the root of the repository, and the line."""

    path: str
    lines: Lines


class Issue(msgspec.Struct, frozen=True):
    """An entry of the report."""

    description: str
    check_name: str
    fingerprint: str
    severity: str
    location: Place


def write(report: Report, context: Context) -> str:
    """All findings, those known before too: GitLab compares two branches by itself."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in sorted((*report.findings, *report.known_before), key=lambda one: one.order):
        issues.append(_issue(finding, context, seen[finding.fingerprint]))
        seen[finding.fingerprint] += 1
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"


def _issue(finding: Finding, context: Context, copy: int) -> Issue:
    span = finding.primary.span
    path = repository_path(span.path, context.sources, context.top) or span.path
    return Issue(
        one_line(finding.message),
        finding.check,
        _unique(finding.fingerprint, copy),
        _SEVERITIES[finding.level],
        Place(one_line(path), Lines(span.line)),
    )


def _unique(fingerprint: str, copy: int) -> str:
    """GitLab drops entries that share a fingerprint; the same cause in two roots does."""
    return sha256(f"{fingerprint} {copy}".encode()).hexdigest() if copy else fingerprint
