"""
SARIF 2.1.0 as GitHub code scanning reads it: one run, one result per root cause, the way of the
packet as one code flow, paths relative to the root of the repository.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import msgspec

from iaclint.catalogue import Page
from iaclint.finding import Confidence, Edit, Finding, Hop, Level, Report
from iaclint.report import Context
from iaclint.report import sarif_types as sarif
from iaclint.report.fingerprint import line_hashes
from iaclint.report.plain import one_line, one_line_span, repository_path
from iaclint.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
INFORMATION = "https://pypi.org/project/iaclint/"
LIMIT = 5000
"""GitHub shows no more results than this; more only make the upload larger."""

_TAGS = {"1": "addresses", "2": "routes", "3": "network-acl", "4": "security-group"}
_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}
_PRECISION = {Level.ERROR: "very-high", Level.WARNING: "high", Level.NOTE: "medium"}
_RANK: dict[Confidence, float] = {"high": 100.0, "medium": 60.0, "low": 30.0}


def write(report: Report, context: Context) -> str:
    """
    The report as SARIF. Findings known before (`--diff-base`, `--baseline`) are included, because
    GitHub closes every alert that is missing; suppressed ones are not, because it ignores
    `suppressions` and would open them again.
    """
    encoded = msgspec.json.encode(_log(report, context))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _log(report: Report, context: Context) -> sarif.Log:
    everything = sorted((*report.findings, *report.known_before), key=lambda one: one.order)
    shown = everything[:LIMIT]
    suppressed = report.suppressed if context.sarif_suppressed else ()
    ids = sorted({one.check for one in (*shown, *(each.finding for each in suppressed))})
    hashes = _Hashes(context)
    before = {id(finding) for finding in report.known_before}
    results = [
        msgspec.structs.replace(
            _result(one, ids, context, hashes),
            baseline_state=("unchanged" if id(one) in before else "new") if before else None,
        )
        for one in shown
    ]
    results += [
        msgspec.structs.replace(
            _result(each.finding, ids, context, hashes),
            suppressions=[sarif.Suppression("inSource", _text(each.reason))],
        )
        for each in suppressed
    ]
    return sarif.Log(SCHEMA, "2.1.0", [_run(report, context, ids, results, len(everything))])


def _run(
    report: Report, context: Context, ids: list[str], results: list[sarif.Result], count: int
) -> sarif.Run:
    rules = [_rule(one, context.pages.get(one), _level(one, report)) for one in ids]
    driver = sarif.Driver("iaclint", context.version, context.version, INFORMATION, rules)
    category = context.sarif_category
    return sarif.Run(
        tool=sarif.Tool(driver),
        results=results,
        invocations=[sarif.Invocation(report.complete, _notifications(report, context, count))],
        original_uri_base_ids={
            "%SRCROOT%": sarif.UriBase(sarif.Message("The root of the repository."))
        },
        automation_details=sarif.Automation(f"{category.rstrip('/')}/") if category else None,
    )


def _level(check: str, report: Report) -> Level:
    everything = (*report.findings, *report.known_before)
    return max((one.level for one in everything if one.check == check), default=Level.WARNING)


def _rule(check: str, page: Page | None, level: Level) -> sarif.Rule:
    """The rule, the same whatever was found: GitHub shows it for every alert of the check."""
    if page is None:
        page = Page(check, check.lower(), level, f"{check}.", "", "", "")
    summary = _text(page.summary)[:1000]
    return sarif.Rule(
        id=check,
        name="".join(word.capitalize() for word in page.name.split("-")),
        short_description=sarif.Message(summary),
        full_description=sarif.Message(_text(_prose(page.text) or summary)[:1000]),
        help=sarif.Help(page.markdown, page.markdown),
        help_uri=page.reference or None,
        default_configuration=sarif.Configuration(str(page.level)),
        properties=sarif.RuleProperties(
            ["reachability", *([_TAGS[check[3]]] if check[3:4] in _TAGS else [])],
            _PRECISION[page.level],
            _SEVERITY[page.level],
        ),
    )


def _prose(text: str) -> str:
    """The first paragraph of a page that is no heading."""
    return next((part for part in text.split("\n\n") if not part.startswith("#")), "")


class _Hashes:
    """Line hashes, made once for each file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._files: dict[str, dict[int, str]] = {}

    def of(self, span: Span) -> str | None:
        text = self._context.sources.texts.get(span.path)
        if text is None:
            return None
        if span.path not in self._files:
            self._files[span.path] = line_hashes(text)
        return self._files[span.path].get(span.line)


def _result(finding: Finding, ids: list[str], context: Context, hashes: _Hashes) -> sarif.Result:
    fingerprints = {"iaclint/v1": finding.fingerprint}
    line = hashes.of(finding.primary.span)
    if line is not None:
        fingerprints["primaryLocationLineHash"] = line
    return sarif.Result(
        rule_id=finding.check,
        rule_index=ids.index(finding.check),
        level=str(finding.level),
        kind="fail",
        message=sarif.Message(_message(finding)),
        locations=[_location(finding.primary.span, context, text=finding.primary.text)],
        related_locations=[
            _location(label.span, context, number, label.text)
            for number, label in enumerate(finding.related, 1)
        ],
        code_flows=_code_flows(finding, context),
        partial_fingerprints=fingerprints,
        fixes=_fixes(finding, context),
        rank=_RANK[finding.confidence],
        properties=sarif.ResultProperties(
            _text(finding.resource),
            [_text(target) for target in finding.targets],
            list(finding.services),
            list(finding.families),
            list(finding.reason_codes),
            finding.confidence,
        ),
    )


def _message(finding: Finding) -> str:
    """GitHub shows the first sentence as the title of the alert."""
    text = _text(finding.message).rstrip(".") + "."
    help_text = f" To repair: {_text(finding.help).rstrip('.')}." if finding.help else ""
    links = [
        f"[{_bracketed(label.text)}]({number})"
        for number, label in enumerate(finding.related, 1)
        if label.text
    ]
    see = f" See also: {'; '.join(links)}." if links else ""
    return _escaped(text + help_text) + see


def _escaped(text: str) -> str:
    return text.replace("[", "\\[").replace("]", "\\]")


def _bracketed(text: str) -> str:
    return _text(text).replace("[", "(").replace("]", ")")


def _location(
    span: Span, context: Context, number: int | None = None, text: str = ""
) -> sarif.Location:
    line = one_line_span(span, context.sources)
    return sarif.Location(
        physical_location=sarif.PhysicalLocation(_artifact(span.path, context), _region(line)),
        id=number,
        message=sarif.Message(_text(text)) if text else None,
    )


def _artifact(path: str, context: Context) -> sarif.Artifact:
    inside = repository_path(path, context.sources, context.top)
    if inside is None:
        return sarif.Artifact((context.sources.base / path).resolve().as_uri(), None)
    return sarif.Artifact(_uri(inside), "%SRCROOT%")


def _uri(path: str) -> str:
    safe = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/@+=,"
    raw = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in raw)


def _region(span: Span) -> sarif.Region:
    return sarif.Region(span.line, span.column, span.end_line, span.end_column)


def _code_flows(finding: Finding, context: Context) -> list[sarif.CodeFlow]:
    """One flow with one thread, there and back; hops nobody wrote point at the finding."""
    if not finding.trace:
        return []
    steps = []
    for hop in finding.trace:
        span = hop.span or finding.primary.span
        importance = "essential" if hop.verdict == "block" else "important"
        steps.append(sarif.ThreadLocation(_location(span, context, text=_step(hop)), importance))
    return [sarif.CodeFlow([sarif.ThreadFlow(steps)])]


def _step(hop: Hop) -> str:
    verdict = {"allow": "passes", "block": "BLOCKED", "unknown": "not decided"}[hop.verdict]
    said = f": {_text(hop.message)}" if hop.message else ""
    return f"{hop.direction}: {_text(hop.name)} ({verdict}){said}"


def _fixes(finding: Finding, context: Context) -> list[sarif.Fix]:
    if finding.fix is None or not finding.fix.edits:
        return []
    files: dict[str, list[Edit]] = {}
    for edit in finding.fix.edits:
        files.setdefault(edit.span.path, []).append(edit)
    changes = [
        sarif.ArtifactChange(_artifact(path, context), [_replacement(edit) for edit in edits])
        for path, edits in files.items()
    ]
    return [sarif.Fix(sarif.Message(_text(finding.fix.description)), changes)]


def _replacement(edit: Edit) -> sarif.Replacement:
    return sarif.Replacement(
        _region(edit.span),
        sarif.Content(edit.text.encode("utf-8", "backslashreplace").decode())
        if edit.text
        else None,
    )


def _notifications(report: Report, context: Context, count: int) -> list[sarif.Notification]:
    told = [
        sarif.Notification(
            "note",
            sarif.Message(_text(f"{one.service} to {one.target} is undecided: {one.because}")),
            [_location(one.span, context)] if one.span else [],
        )
        for one in report.undecided[:100]
    ]
    told += [sarif.Notification("note", sarif.Message(_text(one))) for one in report.remarks]
    if not report.complete:
        message = "Part of the input could not be read, or a check failed."
        told.append(sarif.Notification("error", sarif.Message(message)))
    if count > LIMIT:
        message = f"{count - LIMIT} more findings were left out."
        told.append(sarif.Notification("warning", sarif.Message(message)))
    return told


def _text(text: str) -> str:
    return one_line(text)
