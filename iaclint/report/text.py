"""
The screen: each finding with its source, the way the packet takes, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from iaclint.finding import Finding, FlowVerdict, Hop, Report, Undecided
from iaclint.report import Context, excerpt
from iaclint.report.plain import one_line, plural, wrap
from iaclint.report.style import Style

SHOWN_TARGETS = 10
SHOWN_UNDECIDED = 5


def write(report: Report, context: Context) -> str:
    """All findings, what is undecided or not expected, and the sentence of what was checked."""
    style = Style(context.color, context.plain)
    parts = ["\n".join(_finding(finding, context, style)) for finding in report.findings]
    if report.undecided:
        parts.append("\n".join(_undecided(report.undecided, context, style)))
    if context.verbosity > 0 and (left := _not_expected(report.flows)):
        parts.append("\n".join(line for one in left for line in _lead(*one, context, style)))
    if report.remarks and context.verbosity >= 0:
        parts.append("\n".join(f"note: {one_line(remark)}" for remark in report.remarks))
    parts.append(summary(report))
    return "\n\n".join(parts) + "\n"


def _finding(finding: Finding, context: Context, style: Style) -> Iterator[str]:
    kind = str(finding.level)
    head = style.level(finding.level, f"{kind}[{finding.check}]")
    yield f"{head} {finding.name}: {style.paint(one_line(finding.message), 'bold')}"
    labels = (finding.primary, *finding.related)
    pad, room = excerpt.gutter(labels), context.width
    yield from excerpt.primary(finding.primary, context.sources, pad, style, room, kind)
    for label in finding.related:
        yield from excerpt.related(label, context.sources, pad, style, room)
    for title, lines in _facts(finding, context, style, pad):
        yield from _fact(title, lines, pad, style)


def _facts(
    finding: Finding, context: Context, style: Style, pad: int
) -> Iterator[tuple[str, list[str]]]:
    """The `= title: …` lines under a finding: titles and their lines."""
    room = context.width and context.width - pad - 3
    if finding.trace:
        yield "path", path_lines(finding, style, room and room - 6)
    if context.verbosity > 0:
        yield from (("hop", [_hop_sentence(hop, style)]) for hop in finding.trace)
    if len(finding.targets) > 1:
        yield "targets", _words(_targets(finding, context, style), room and room - 9)
    if context.verbosity > 0 and finding.evidence:
        yield "evidence", [one_line(finding.evidence)]
    for note in finding.notes:
        yield "note", _words(one_line(note), room and room - 6)
    if finding.help or finding.fix:
        yield "help", _words(_help(finding), room and room - 6)
    if context.verbosity > 0:
        yield "docs", [f"iaclint rule {finding.check}"]


def _fact(title: str, lines: list[str], pad: int, style: Style) -> Iterator[str]:
    start = f"{' ' * pad} = {title}: "
    for index, line in enumerate(lines):
        shown = start.replace("=", style.paint("=", "gutter"), 1) if not index else " " * len(start)
        yield shown + line


def _words(text: str, room: int) -> list[str]:
    return list(wrap(text.split(" "), room))


def _help(finding: Finding) -> str:
    fix = finding.fix
    text = one_line(finding.help or (fix.description if fix else ""))
    if fix is None:
        return text
    return f"{text}   [fix available]" if fix.safe else f"{text}   [unsafe fix available]"


def _targets(finding: Finding, context: Context, style: Style) -> str:
    shown = finding.targets if context.verbosity > 0 else finding.targets[:SHOWN_TARGETS]
    more = len(finding.targets) - len(shown)
    text = ", ".join(one_line(target) for target in shown)
    return f"{text} {style.cut} and {more} more (-v shows all)" if more else text


def path_lines(finding: Finding, style: Style, room: int) -> list[str]:
    """The way there and the way back, hop by hop, one line each or wrapped at the arrows."""
    source = one_line(finding.source) or "client"
    target = one_line(finding.targets[0]) if finding.targets else one_line(finding.resource)
    lines: list[str] = []
    for direction, start, end in (("request", source, target), ("reply", target, source)):
        hops = [hop for hop in finding.trace if hop.direction == direction]
        if hops:
            pieces = _path(hops, start, end, style)
            wrapped = list(wrap(pieces, room and room - 2, f" {style.arrow} "))
            lines += [wrapped[0], *("  " + line for line in wrapped[1:])]
    return lines


def _path(hops: list[Hop], start: str, end: str, style: Style) -> list[str]:
    pieces = [start] if hops[0].resource != start else []
    pieces += [f"{one_line(hop.name)} {style.mark(hop.verdict)}" for hop in hops]
    if all(hop.verdict != "block" for hop in hops) and hops[-1].resource != end:
        pieces.append(end)
    return pieces


def _hop_sentence(hop: Hop, style: Style) -> str:
    place = f" ({one_line(str(hop.span))})" if hop.span else ""
    code = f" [{hop.code}]" if hop.code else ""
    name, message = one_line(hop.name), one_line(hop.message)
    return f"{hop.direction} {style.mark(hop.verdict)} {name}: {message}{code}{place}"


def _undecided(undecided: tuple[Undecided, ...], context: Context, style: Style) -> Iterator[str]:
    """What hangs on a missing input, grouped by that input."""
    ordered = sorted(undecided, key=lambda one: (one.because, one.supply, one.service, one.target))
    groups = [
        (key, list(members))
        for key, members in groupby(ordered, key=lambda one: (one.because, one.supply))
    ]
    shown = groups if context.verbosity > 0 else groups[:SHOWN_UNDECIDED]
    for (because, supply), members in shown:
        yield from _undecided_group(one_line(because), one_line(supply), members, context, style)
    if len(groups) > len(shown):
        yield f"{style.cut} and {len(groups) - len(shown)} more reasons (-v shows all)"


def _undecided_group(
    because: str, supply: str, members: list[Undecided], context: Context, style: Style
) -> Iterator[str]:
    names = [_flow(one.service, one.target) for one in members]
    yield from _lead("undecided", names, because, context, style)
    span = next((one.span for one in members if one.span), None)
    if span is not None:
        yield f"  --> {one_line(str(span))}"
    if supply:
        yield f"   = help: supply it with {supply}"


def _not_expected(flows: tuple[FlowVerdict, ...]) -> list[tuple[str, list[str], str]]:
    """Flows that something asks for and that need not work, grouped by what speaks against them."""
    found: dict[str, list[str]] = {}
    for flow in flows:
        if flow.why_not and flow.verdict != "reachable":
            family = " over IPv6" if flow.family == "ipv6" else ""
            name = f"{_flow(flow.service, flow.target)} from {one_line(flow.source)}{family}"
            found.setdefault(one_line(flow.why_not), []).append(name)
    return [("not expected", sorted(names), because) for because, names in sorted(found.items())]


def _lead(
    head: str, flows: list[str], because: str, context: Context, style: Style
) -> Iterator[str]:
    """What is said of flows, wrapped under its own beginning."""
    names = list(dict.fromkeys(flows))
    shown = names if context.verbosity > 0 else names[:3]
    more = f" {style.cut} and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    lead = f"{', '.join(shown)}{more}: because {because}"
    lines = _words(lead, context.width and context.width - len(head) - 2)
    yield f"{style.paint(head, 'open')}: {lines[0]}"
    yield from (" " * (len(head) + 2) + line for line in lines[1:])


def _flow(service: str, target: str) -> str:
    service = one_line(service)
    if not service:
        return one_line(target)
    name = service if "/" in service else service.upper()
    return f"{name} to {one_line(target)}" if target else name


def summary(report: Report) -> str:
    """The last line: what was looked at, what the answers were, what was found."""
    counts = report.summary
    checked = f"{plural(counts.roots, 'root')} ({plural(counts.files, 'file')})"
    answers = ((counts.reachable, "reachable"), (counts.blocked, "blocked"))
    verdicts = [f"{count} {name}" for count, name in (*answers, (counts.undecided, "undecided"))]
    rest = counts.instances - counts.reachable - counts.blocked - counts.undecided
    if rest > 0:
        verdicts.append(f"{rest} not asked about")
    sentences = [
        f"Checked {checked}: {plural(counts.instances, 'instance')}; {', '.join(verdicts)}.",
        found(report) + ".",
    ]
    if counts.suppressed:
        sentences.append(f"{counts.suppressed} suppressed.")
    if report.known_before:
        sentences.append(f"{len(report.known_before)} known before.")
    fixable = sum(finding.fix is not None and finding.fix.safe for finding in report.findings)
    if fixable:
        sentences.append(f"{fixable} fixable with --fix.")
    if not report.complete:
        sentences.append("Part of the input could not be checked.")
    return " ".join(sentences)


def found(report: Report) -> str:
    """`1 error, 2 warnings`, or that there is nothing."""
    counts = report.summary
    named = ((counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note"))
    return ", ".join(plural(count, noun) for count, noun in named if count) or "No findings"
