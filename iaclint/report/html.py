"""
One HTML page that needs nothing else: no script, no font, no request.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from iaclint.finding import Finding, Hop, Label, Report
from iaclint.report import Context
from iaclint.report.excerpt import excerpt, split
from iaclint.report.plain import one_line
from iaclint.report.text import summary

_STYLE = """
:root { color-scheme: light dark; --stop: #cf222e; --pass: #2da44e; --open: #bf8700; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #8884; border-left-width: 5px; border-radius: 4px; margin: 1rem 0;
  padding: .2rem 1rem; }
.error { border-left-color: var(--stop); } .warning { border-left-color: var(--open); }
.note { border-left-color: #0969da; }
h2 { font-size: 1.05rem; } .place { color: #8889; font-size: .85rem; }
pre { overflow-x: auto; padding: .4rem .6rem; background: #8881; margin: .2rem 0; }
mark { background: none; color: inherit; border-bottom: 2px solid var(--stop); }
.way { display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; margin: .4rem 0; padding: 0;
  list-style: none; }
.way li { border: 2px solid #8886; border-radius: 4px; padding: .1rem .5rem; }
.way li + li::before { content: "→"; margin-left: -1.4rem; margin-right: .9rem; }
.way li + li { margin-left: 1.2rem; }
.way .allow { border-color: var(--pass); } .way .unknown { border-color: var(--open); }
.way .block { border-color: var(--stop); background: #cf222e22; font-weight: 600; }
table { border-collapse: collapse; } td, th { border: 1px solid #8884; padding: .2rem .6rem;
  text-align: left; }
""".strip()


def write(report: Report, context: Context) -> str:
    """The report as a page."""
    body = [
        "<h1>iaclint</h1>",
        f"<p>{_text(summary(report))}</p>",
        *(part for finding in report.findings for part in _finding(finding, context)),
        *_undecided(report),
        *(f"<p>Note: {_text(remark)}</p>" for remark in report.remarks),
    ]
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>iaclint</title>\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
    )
    return head + "\n".join(body) + "\n</body>\n</html>\n"


def _finding(finding: Finding, context: Context) -> Iterator[str]:
    kind = str(finding.level)
    yield f'<article class="{kind}" id="{finding.fingerprint[:12]}">'
    title = f"{kind}[{finding.check}] {finding.name}"
    yield f"<h2>{_text(title)}: {_text(finding.message)}</h2>"
    yield from _ways(finding)
    for label in (finding.primary, *finding.related):
        yield from _place(label, context)
    if len(finding.targets) > 1:
        yield f"<p>Affected: {_text(', '.join(finding.targets))}</p>"
    yield from (f"<p>{_text(note)}</p>" for note in finding.notes)
    if finding.help:
        yield f"<p><b>Help:</b> {_text(finding.help)}</p>"
    yield "</article>"


def _ways(finding: Finding) -> Iterator[str]:
    target = finding.targets[0] if finding.targets else finding.resource
    ends = {"request": finding.source or "client", "reply": target}
    for direction, start in ends.items():
        hops = [hop for hop in finding.trace if hop.direction == direction]
        if hops:
            steps = "".join(_hop(hop) for hop in hops)
            yield f'<ol class="way"><li>{_text(start)}</li>{steps}</ol>'


def _hop(hop: Hop) -> str:
    said = escape(one_line(hop.message), quote=True)
    return f'<li class="{hop.verdict}" title="{said}">{_text(hop.name)}</li>'


def _place(label: Label, context: Context) -> Iterator[str]:
    said = f" {_text(label.text)}" if label.text else ""
    yield f'<p><span class="place">{_text(str(label.span))}</span>{said}</p>'
    found = excerpt(context.sources, label.span, 0)
    if found is not None:
        before, rest = split(found.line, found.start)
        marked, after = split(rest, found.length)
        yield f"<pre>{escape(before)}<mark>{escape(marked)}</mark>{escape(after)}</pre>"


def _undecided(report: Report) -> Iterator[str]:
    if not report.undecided:
        return
    yield "<h2>Undecided</h2><table><tr><th>flow<th>because<th>supply with</tr>"
    for one in report.undecided:
        flow = _text(f"{one.service} to {one.target}")
        yield f"<tr><td>{flow}<td>{_text(one.because)}<td><code>{_text(one.supply)}</code></tr>"
    yield "</table>"


def _text(text: str) -> str:
    return escape(one_line(text))
