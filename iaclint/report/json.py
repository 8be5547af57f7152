"""
The JSON report, schema version 1: fields are only ever added.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from iaclint.finding import Edit, Finding, FlowVerdict, Hop, Label, Report, Undecided
from iaclint.report import Context
from iaclint.source import Span

Count = Annotated[int, msgspec.Meta(ge=0)]
Position = Annotated[int, msgspec.Meta(ge=1)]


class Location(msgspec.Struct, frozen=True):
    """A place: 1-based, end exclusive, the path relative to the working directory."""

    path: str
    line: Position
    column: Position
    end_line: Position
    end_column: Position


class RelatedPlace(msgspec.Struct, frozen=True):
    """Another place that takes part in the finding."""

    message: str
    location: Location


class Step(msgspec.Struct, frozen=True):
    """One hop of the packet, counted from 1 in each direction."""

    direction: Literal["request", "reply"]
    hop: Position
    resource: str
    name: str
    verdict: Literal["allow", "block", "unknown"]
    message: str
    location: Location | None
    reason_code: str


class TextEdit(msgspec.Struct, frozen=True):
    """The text from line and column to the end becomes `insert`; both equal is an insertion."""

    path: str
    line: Position
    column: Position
    end_line: Position
    end_column: Position
    insert: str


class Repair(msgspec.Struct, frozen=True):
    """A change that repairs the cause."""

    safe: bool
    description: str
    edits: list[TextEdit]


class Found(msgspec.Struct, frozen=True):
    """A finding: one root cause."""

    id: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2,8}[0-9]{3,4}$")]
    name: str
    level: Literal["error", "warning", "note"]
    confidence: Literal["high", "medium", "low"]
    message: str
    resource: str
    location: Location
    targets: list[str]
    services: list[str]
    families: list[str]
    source: str
    reason_codes: list[str]
    related: list[RelatedPlace]
    trace: list[Step]
    fix: Repair | None
    fingerprint: str
    help: str
    evidence: str
    notes: list[str]
    label: str


class Flow(msgspec.Struct, frozen=True):
    """
    The verdict on one client set, target, service, and family. `why_not` says what speaks against
    it being meant, where it is not expected.
    """

    source: str
    target: str
    service: str
    family: str
    expected: bool
    evidence: str
    verdict: Literal["reachable", "blocked", "undecided"]
    reason_codes: list[str]
    unknown: list[str]
    why_not: str


class Open(msgspec.Struct, frozen=True):
    """A flow that hangs on an input that is missing, and how to supply it."""

    target: str
    service: str
    because: str
    supply: str
    location: Location | None


class Accepted(msgspec.Struct, frozen=True):
    """A finding that a comment accepts, and why."""

    id: str
    resource: str
    fingerprint: str
    reason: str
    location: Location | None


class Counts(msgspec.Struct, frozen=True):
    """What was checked. Each instance counts once, by its best verdict."""

    roots: Count
    files: Count
    instances: Count
    reachable: Count
    blocked: Count
    undecided: Count
    suppressed: Count
    errors: Count
    warnings: Count
    notes: Count


class Document(msgspec.Struct, frozen=True):
    """A report of iaclint."""

    schema_version: Literal[1]
    findings: list[Found]
    flows: list[Flow]
    undecided: list[Open]
    summary: Counts
    suppressed: list[Accepted]
    known_before: list[str]
    roots: list[str]
    remarks: list[str]
    complete: bool
    version: str


def write(report: Report, context: Context) -> str:
    """The report as JSON; the same report always gives the same text."""
    encoded = msgspec.json.encode(document(report, context.version))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document, made from the types above."""
    made = msgspec.json.schema(Document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "iaclint", **made}


def document(report: Report, version: str) -> Document:
    """The report in the shape that is written."""
    return Document(
        schema_version=1,
        findings=[_found(finding) for finding in report.findings],
        flows=[_flow(flow) for flow in report.flows],
        undecided=[_open(one) for one in report.undecided],
        summary=_counts(report),
        suppressed=[
            Accepted(
                one.finding.check,
                _text(one.finding.resource),
                one.finding.fingerprint,
                _text(one.reason),
                location(one.span),
            )
            for one in report.suppressed
        ],
        known_before=[finding.fingerprint for finding in report.known_before],
        roots=[_text(root) for root in report.roots],
        remarks=[_text(remark) for remark in report.remarks],
        complete=report.complete,
        version=version,
    )


def _counts(report: Report) -> Counts:
    return msgspec.convert(report.summary, Counts, from_attributes=True)


def _found(finding: Finding) -> Found:
    place = location(finding.primary.span)
    assert place is not None
    return Found(
        id=finding.check,
        name=finding.name,
        level=str(finding.level),  # type: ignore[arg-type]
        confidence=finding.confidence,
        message=_text(finding.message),
        resource=_text(finding.resource),
        location=place,
        targets=[_text(target) for target in finding.targets],
        services=list(finding.services),
        families=list(finding.families),
        source=_text(finding.source),
        reason_codes=list(finding.reason_codes),
        related=[_related(label) for label in finding.related],
        trace=steps(finding.trace),
        fix=_repair(finding),
        fingerprint=finding.fingerprint,
        help=_text(finding.help),
        evidence=_text(finding.evidence),
        notes=[_text(note) for note in finding.notes],
        label=_text(finding.primary.text),
    )


def _related(label: Label) -> RelatedPlace:
    place = location(label.span)
    assert place is not None
    return RelatedPlace(_text(label.text), place)


def steps(hops: tuple[Hop, ...]) -> list[Step]:
    """The hops, counted in each direction."""
    counted = {"request": 0, "reply": 0}
    result = []
    for hop in hops:
        counted[hop.direction] += 1
        result.append(
            Step(
                hop.direction,
                counted[hop.direction],
                _text(hop.resource),
                _text(hop.name),
                hop.verdict,
                _text(hop.message),
                location(hop.span),
                hop.code,
            )
        )
    return result


def _repair(finding: Finding) -> Repair | None:
    fix = finding.fix
    if fix is None:
        return None
    return Repair(fix.safe, _text(fix.description), [_edit(edit) for edit in fix.edits])


def _edit(edit: Edit) -> TextEdit:
    span = edit.span
    return TextEdit(
        _text(span.path), span.line, span.column, span.end_line, span.end_column, _text(edit.text)
    )


def _flow(flow: FlowVerdict) -> Flow:
    return Flow(
        _text(flow.source),
        _text(flow.target),
        flow.service,
        flow.family,
        flow.expected,
        _text(flow.evidence),
        flow.verdict,
        list(flow.reason_codes),
        [_text(one) for one in flow.unknown],
        _text(flow.why_not),
    )


def _open(one: Undecided) -> Open:
    return Open(
        _text(one.target),
        one.service,
        _text(one.because),
        _text(one.supply),
        location(one.span),
    )


def location(span: Span | None) -> Location | None:
    """A span in the shape of the document."""
    if span is None:
        return None
    return Location(_text(span.path), span.line, span.column, span.end_line, span.end_column)


def _text(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot carry (names that are not UTF-8)."""
    return text.encode("utf-8", "backslashreplace").decode()
