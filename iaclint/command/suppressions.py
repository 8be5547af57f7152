"""
`iaclint suppressions`: what is accepted, why, and until when.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from iaclint import scan, suppress
from iaclint.command import given
from iaclint.report.plain import one_line, plural
from iaclint.source import Sources
from iaclint.suppress import Directive


def run(arguments: Mapping[str, Any]) -> int:
    """Prints all acceptances under the paths, by place."""
    request = given.request(arguments)
    sources = Sources()
    listed = suppress.directives(sources, scan.roots(request, sources))
    if arguments["output"] == "json":
        encoded = msgspec.json.encode([_entry(one) for one in listed])
        sys.stdout.write(msgspec.json.format(encoded, indent=2).decode() + "\n")
        return 0
    for one in listed:
        sys.stdout.write(f"{_line(one, request.today)}\n")
    sys.stdout.write(f"{plural(len(listed), 'suppression')}.\n")
    return 0


def _line(one: Directive, today: date) -> str:
    until = f" until {one.until}" if one.until else ""
    expired = " (expired)" if one.until and one.until < today else ""
    scope = "" if one.first else " in the whole file"
    why = one_line(one.error or one.reason or "no reason")
    return f"{one_line(str(one.span))}: {', '.join(one.selectors)}{scope}{until}{expired}: {why}"


def _entry(one: Directive) -> dict[str, Any]:
    return {
        "path": one.span.path,
        "line": one.span.line,
        "checks": one.selectors,
        "first_line": one.first or None,
        "last_line": one.last or None,
        "until": one.until,
        "reason": one.reason,
        "error": one.error,
    }
