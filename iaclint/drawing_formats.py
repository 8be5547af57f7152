"""
A picture as text: mermaid, DOT, SVG, HTML, JSON. No program is needed to make any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import msgspec

from iaclint.drawing import Box, Line, Picture

_COLORS = {"": "#57606a", "reachable": "#2da44e", "blocked": "#cf222e", "undecided": "#bf8700"}
_COLUMNS = {
    "client": 0,
    "gateway": 1,
    "door": 1,
    "table": 2,
    "subnet": 3,
    "filter": 3,
    "instance": 4,
}
_WIDTH, _HEIGHT, _GAP, _ROW = 190, 34, 70, 56


def write(picture: Picture, output: str) -> str:
    """The picture in one of the formats `mermaid`, `dot`, `svg`, `html`, `json`."""
    return _WRITERS[output](picture)


def mermaid(picture: Picture) -> str:
    """A flow chart, which GitHub and GitLab draw in markdown."""
    lines = ["flowchart LR"]
    for number, (vpc, boxes) in enumerate(picture.groups().items()):
        inner = [f"  {box.id}{_mermaid_box(box)}{_class(box.state)}" for box in boxes]
        lines += [f"  subgraph g{number}[{_quoted(vpc)}]", *inner, "  end"] if vpc else inner
    for line in picture.lines:
        arrow = ("--x" if line.state == "blocked" else "-.->") if line.flow else "---"
        label = f"|{_quoted(line.label)}|" if line.label else ""
        lines.append(f"  {line.start} {arrow}{label} {line.end}")
    lines += [
        f"  classDef {state} stroke:{color},stroke-width:3px"
        for state, color in _COLORS.items()
        if state
    ]
    return "\n".join(lines) + "\n"


def _mermaid_box(box: Box) -> str:
    text = _quoted(box.label)
    shapes = {"client": f"([{text}])", "instance": f"[[{text}]]", "table": f"[/{text}/]"}
    shapes |= {"door": f">{text}]", "filter": f"{{{{{text}}}}}"}
    return shapes.get(box.kind, f"[{text}]")


def _class(state: str) -> str:
    return f":::{state}" if state else ""


def _quoted(text: str) -> str:
    """A label for mermaid: entities stand for what it or HTML would read as markup."""
    table = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return '"' + "".join(table.get(character, character) for character in text) + '"'


def dot(picture: Picture) -> str:
    """Graphviz."""
    lines = ["digraph network {", "  rankdir=LR", "  node [shape=box, style=rounded]"]
    for number, (vpc, boxes) in enumerate(picture.groups().items()):
        inner = [
            f"  {box.id} [label={_dot(box.label)}, color={_dot(_COLORS[box.state])}]"
            for box in boxes
        ]
        if vpc:
            lines += [f"  subgraph cluster_{number} {{", f"  label={_dot(vpc)}", *inner, "  }"]
        else:
            lines += inner
    lines += [
        f"  {line.start} -> {line.end} [label={_dot(line.label)}, "
        f"color={_dot(_COLORS[line.state])}, style={'bold' if line.flow else 'dashed'}]"
        for line in picture.lines
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _dot(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def svg(picture: Picture) -> str:
    """A drawing in columns: clients, gateways, route tables, subnets, instances."""
    places = _places(picture)
    height = max((y for _, y in places.values()), default=0) + _HEIGHT + 20
    width = 20 + (max(_COLUMNS.values()) + 1) * (_WIDTH + _GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">'
    ]
    lines += [_svg_line(line, places) for line in picture.lines]
    lines += [part for box in picture.boxes.values() for part in _svg_box(box, *places[box.id])]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _places(picture: Picture) -> dict[str, tuple[int, int]]:
    rows = dict.fromkeys(_COLUMNS.values(), 0)
    places = {}
    for box in picture.boxes.values():
        column = _COLUMNS[box.kind]
        x = 10 + column * (_WIDTH + _GAP)
        places[box.id] = (x, 10 + rows[column] * _ROW)
        rows[column] += 1
    return places


def _svg_box(box: Box, x: int, y: int) -> Iterator[str]:
    shown = box.label if len(box.label) <= 26 else box.label[:25] + "…"
    title = escape(f"{box.address or box.label} {box.state}".strip())
    yield (
        f'<g><title>{title}</title><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'rx="5" fill="#fff" stroke="{_COLORS[box.state]}" stroke-width="{3 if box.state else 1}"/>'
    )
    yield f'<text x="{x + 8}" y="{y + 21}" fill="#1f2328">{escape(shown)}</text></g>'


def _svg_line(line: Line, places: dict[str, tuple[int, int]]) -> str:
    (x1, y1), (x2, y2) = places[line.start], places[line.end]
    start, end, half = x1 + _WIDTH, x2, _HEIGHT // 2
    dash = "" if line.flow else ' stroke-dasharray="4 3"'
    middle = (start + end) // 2
    return (
        f'<path d="M{start} {y1 + half} C{middle} {y1 + half} {middle} {y2 + half} '
        f'{end} {y2 + half}" fill="none" stroke="{_COLORS[line.state]}" '
        f'stroke-width="{2 if line.flow else 1}"{dash}><title>{escape(line.label)}</title></path>'
    )


def html(picture: Picture) -> str:
    """A page with the drawing, and the flows as a table; it needs nothing else."""
    rows = "\n".join(
        f"<tr><td>{escape(picture.boxes[line.start].label)}<td>"
        f"{escape(picture.boxes[line.end].label)}"
        f'<td style="color:{_COLORS[line.state]}">{escape(line.label)}</tr>'
        for line in picture.lines
        if line.flow
    )
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>iaclint</title>\n'
        "<style>body{font:15px sans-serif;margin:2rem}td,th{text-align:left;padding:.2rem .8rem}"
        f"</style>\n{svg(picture)}<table><tr><th>from<th>to<th>flow</tr>\n{rows}\n</table>\n</html>\n"
    )


def json(picture: Picture) -> str:
    """Nodes and edges."""
    document = {"nodes": list(picture.boxes.values()), "edges": list(picture.lines)}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


_WRITERS = {"mermaid": mermaid, "dot": dot, "svg": svg, "html": html, "json": json}
