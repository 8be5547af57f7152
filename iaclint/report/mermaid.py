"""
A picture of the way a packet takes, as GitHub and GitLab draw it from text in markdown.
"""

from __future__ import annotations

from iaclint.finding import Finding, Hop
from iaclint.report.plain import one_line

LARGEST = 40
"""Pictures with more hops than this help nobody."""

_CLASSES = {"allow": "pass", "block": "stop", "unknown": "open"}


def picture(finding: Finding) -> str:
    """A flow chart of the trace, blocked hops in red; empty when there is nothing to draw."""
    if not finding.trace or len(finding.trace) > LARGEST:
        return ""
    source = one_line(finding.source) or "client"
    target = finding.targets[0] if finding.targets else finding.resource
    lines = ["flowchart LR", f"  c([{_label(source)}])", f"  t[[{_label(target)}]]"]
    for direction, start, end in (("request", "c", "t"), ("reply", "t", "c")):
        hops = [hop for hop in finding.trace if hop.direction == direction]
        lines += _way(hops, direction, start, end)
    return "\n".join([*lines, *_STYLES])


_STYLES = (
    "  classDef pass stroke:#2da44e",
    "  classDef stop fill:#ffebe9,stroke:#cf222e,stroke-width:3px,color:#82071e",
    "  classDef open stroke:#bf8700,stroke-dasharray:4",
)


def _way(hops: list[Hop], direction: str, start: str, end: str) -> list[str]:
    lines, before = [], start
    arrow = "-.->" if direction == "reply" else "-->"
    for number, hop in enumerate(hops):
        node = f"{direction[:3]}{number}"
        lines.append(f"  {before} {arrow} {node}[{_label(_said(hop))}]:::{_CLASSES[hop.verdict]}")
        before = node
    if hops:
        blocked = any(hop.verdict == "block" for hop in hops)
        lines.append(f"  {before} --x {end}" if blocked else f"  {before} {arrow} {end}")
    return lines


def _said(hop: Hop) -> str:
    return f"{hop.name}: {hop.message}" if hop.verdict == "block" and hop.message else hop.name


def _label(text: str) -> str:
    """A quoted label; entities stand for what mermaid or HTML would read as markup."""
    escaped = one_line(text).replace("#", "#35;").replace("&", "#amp;").replace('"', "#quot;")
    return '"' + escaped.replace("<", "#lt;").replace(">", "#gt;").replace("`", "#96;") + '"'
