"""
Markdown, for the summary of a CI job or a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.finding import Finding, Report
from iaclint.report import Context
from iaclint.report.mermaid import picture
from iaclint.report.plain import one_line, plural
from iaclint.report.style import Style
from iaclint.report.text import path_lines, summary

DETAILED = 50
PICTURES = 10
LARGEST = 900_000
"""GitHub takes a summary of one mebibyte; what is longer is refused as a whole."""

_ICONS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}


def write(report: Report, context: Context) -> str:
    """The summary, a table of the findings, each in detail with its picture, what is undecided."""
    parts = ["## iaclint", _inline(summary(report))]
    if report.findings:
        parts.append("\n".join(_table(report)))
        parts += [
            "\n\n".join(_detail(finding, number < PICTURES))
            for number, finding in enumerate(report.findings[:DETAILED])
        ]
    if len(report.findings) > DETAILED:
        parts.append(f"… and {plural(len(report.findings) - DETAILED, 'finding')} more.")
    if report.undecided:
        parts.append("\n".join(_undecided(report)))
    parts += [_inline(f"Note: {remark}") for remark in report.remarks]
    return "\n\n".join(_within(parts, LARGEST)) + "\n"


def _within(parts: list[str], limit: int) -> Iterator[str]:
    used = 0
    for part in parts:
        used += len(part.encode("utf-8", "backslashreplace")) + 2
        if used > limit:
            yield "… the rest was left out: the summary is too long."
            return
        yield part


def _table(report: Report) -> Iterator[str]:
    yield "| | check | where | what |"
    yield "|---|---|---|---|"
    for finding in report.findings[: DETAILED * 4]:
        yield (
            f"| {_ICONS[str(finding.level)]} | {finding.check} {finding.name} "
            f"| {_code(str(finding.primary.span))} | {_inline(finding.message)} |"
        )


def _detail(finding: Finding, pictured: bool) -> Iterator[str]:
    title = f"{finding.check} {finding.name}: {_html(one_line(finding.resource))}"
    yield f"<details><summary>{_ICONS[str(finding.level)]} {title}</summary>"
    yield _inline(finding.message)
    drawn = picture(finding) if pictured else ""
    if drawn:
        yield f"```mermaid\n{drawn}\n```"
    elif finding.trace:
        lines = [line.replace("`", "'") for line in path_lines(finding, Style(), 0)]
        yield "```text\n" + "\n".join(lines) + "\n```"
    places = [finding.primary, *finding.related]
    yield "\n".join(
        f"- {_code(str(label.span))} {_inline(label.text)}".rstrip() for label in places
    )
    if len(finding.targets) > 1:
        yield "Affected: " + ", ".join(_code(target) for target in finding.targets)
    if finding.help:
        yield f"**Help:** {_inline(finding.help)}"
    yield "</details>"


def _undecided(report: Report) -> Iterator[str]:
    yield "<details><summary>❔ Undecided</summary>\n"
    yield "| flow | because | supply with |"
    yield "|---|---|---|"
    for one in report.undecided[:200]:
        flow = _inline(f"{one.service} to {one.target}")
        supply = _code(one.supply) if one.supply else ""
        yield f"| {flow} | {_inline(one.because)} | {supply} |"
    yield "\n</details>"


def _inline(text: str) -> str:
    """Text in which nothing is markup, also within a table."""
    escaped = re.sub(r"([\\`*_\[\]|~#!@])", r"\\\1", one_line(text))
    return _html(escaped)


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    return "`" + one_line(text).replace("`", "'").replace("|", "\\|") + "`"
