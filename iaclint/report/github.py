"""
Workflow commands, which GitHub Actions shows as annotations at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from itertools import groupby

from iaclint.finding import Finding, Level, Report
from iaclint.report import Context
from iaclint.report.plain import one_line, one_line_span, repository_path

LIMIT = 10
"""GitHub shows ten annotations of a kind per step and drops the rest without a word."""

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def write(report: Report, context: Context) -> str:
    """A command per finding, ten of each level; the tenth says how many more there are."""
    lines: list[str] = []
    ordered = sorted(report.findings, key=lambda finding: finding.order)
    for _, group in groupby(ordered, key=lambda finding: finding.level):
        members = list(group)
        shown = members[:LIMIT]
        more = len(members) - len(shown)
        for finding in shown:
            last = finding is shown[-1] and more
            lines.append(_command(finding, context, f"+{more} more in the summary" if last else ""))
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding, context: Context, addition: str) -> str:
    span = one_line_span(finding.primary.span, context.sources)
    path = repository_path(span.path, context.sources, context.top)
    properties = {
        "file": path if path is not None else span.path,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column - 1,
        "title": f"{finding.check} {finding.name}",
    }
    message = [finding.message, f"help: {finding.help}" if finding.help else "", addition]
    text = "\n".join(one_line(line) for line in message if line)
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.level]} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
