"""
Findings that the author accepts, in a comment or in a template's metadata, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from iaclint.comments import Comment, Scan, scan
from iaclint.finding import Edit, Finding, Fix, Label, Level, Suppressed
from iaclint.resource import Resource, Root
from iaclint.source import Sources, Span
from iaclint.value import ListValue, MapValue, Scalar, Value, elements

MARK = "iaclint:"

_DIRECTIVE = re.compile(
    r"""
    iaclint: \s* (?P<kind> ignore (?:-file)? )
    (?: \s* \[ (?P<selectors> [^\]]* ) \] )?
    (?P<rest> .* )
    """,
    re.VERBOSE | re.DOTALL,
)
_REST = re.compile(r"\s*(?:until=(?P<until>\S+))?\s*(?:(?:--|—)\s*(?P<reason>.*))?", re.DOTALL)

Resolve = Callable[[str], Collection[str]]
"""The ids of the checks a selector means; raises `LookupError`, whose text says what is wrong."""

Where = Mapping[str, tuple[Span, ...]]
"""For the address of a resource where its findings can be accepted: its block, its module calls."""


@dataclass(frozen=True, slots=True)
class Places:
    """For each root its files, and where findings on its resources can be accepted."""

    roots: tuple[tuple[frozenset[str], Where], ...] = ()

    def of(self, address: str, path: str) -> tuple[Span, ...]:
        """
        The places for a resource and a finding in that file. Two roots can have the same address:
        only those count that the file belongs to, if it belongs to any.
        """
        mine = [where for files, where in self.roots if path in files]
        every = mine or [where for _, where in self.roots]
        return tuple(dict.fromkeys(span for where in every for span in where.get(address, ())))


@dataclass(frozen=True, slots=True)
class Directive:
    """
    One acceptance. `first` and `last` are the lines of `span.path` it speaks for; 0 for the whole
    file. `error` says why it was not understood. `edit` deletes it, where that is possible.
    """

    span: Span
    selectors: tuple[str, ...]
    first: int
    last: int
    reason: str = ""
    until: date | None = None
    error: str = ""
    edit: Edit | None = None

    def covers(self, span: Span) -> bool:
        """Whether it speaks for what is written there."""
        if span.path != self.span.path:
            return False
        return not self.first or self.first <= span.line <= self.last


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings that stay, findings that are accepted, and what is wrong with the acceptances."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    complaints: tuple[Finding, ...]


def directives(sources: Sources, roots: Iterable[Root] = ()) -> tuple[Directive, ...]:
    """All acceptances in the files that were read and in the metadata of the roots' resources."""
    found = [
        directive
        for path, text in sources.texts.items()
        if MARK in text
        for directive in _in_file(path, text)
    ]
    found += [directive for resource in _resources(roots) for directive in _in_metadata(resource)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.span, one.selectors)))


def places(roots: Iterable[Root]) -> Places:
    """Where findings on each resource of the roots can be accepted."""
    return Places(tuple((frozenset(root.files), _where(root)) for root in roots))


def _where(root: Root) -> Where:
    result: dict[str, tuple[Span, ...]] = {}
    for resource in _resources((root,)):
        own = (resource.span, *resource.callers)
        result[resource.address] = tuple(dict.fromkeys((*result.get(resource.address, ()), *own)))
    return result


def _resources(roots: Iterable[Root]) -> Iterator[Resource]:
    for root in roots:
        for world in root.worlds:
            yield from world.resources


def _in_file(path: str, text: str) -> Iterator[Directive]:
    found = scan(path, text)
    for comment in found.comments:
        parsed = _DIRECTIVE.match(comment.text)
        if parsed is not None:
            yield _placed(_parsed(comment.span, parsed), parsed["kind"], comment, found, text)


def _placed(directive: Directive, kind: str, comment: Comment, found: Scan, text: str) -> Directive:
    edit = Edit(_whole(comment, text), "")
    if kind == "ignore-file":
        return replace(directive, edit=edit)
    line = comment.span.line
    if comment.own_line:
        line = _next_line(comment.span.end_line, found, text)
    last = found.blocks.get(line, line)
    return replace(directive, first=min(comment.span.line, line), last=last, edit=edit)


def _whole(comment: Comment, text: str) -> Span:
    """What to delete with a comment: its line, or the space before it."""
    span, lines = comment.span, text.split("\n")
    if comment.own_line and not lines[span.end_line - 1][span.end_column - 1 :].strip():
        return Span(span.path, span.line, 1, span.end_line + 1, 1)
    before = lines[span.line - 1][: span.column - 1]
    return replace(span, column=len(before.rstrip()) + 1)


def _next_line(after: int, found: Scan, text: str) -> int:
    """The first line after that is neither empty nor only a comment."""
    comments = {
        number
        for comment in found.comments
        if comment.own_line
        for number in range(comment.span.line, comment.span.end_line + 1)
    }
    lines = text.split("\n")
    for number in range(after + 1, len(lines) + 1):
        if lines[number - 1].strip() and number not in comments:
            return number
    return after


def _parsed(span: Span, parsed: re.Match[str]) -> Directive:
    selectors = tuple(re.findall(r"[\w-]+", parsed["selectors"] or ""))
    error = "" if selectors else "it names no check: write `ignore[IAC201] -- reason`"
    return _finished(Directive(span, selectors, 0, 0, error=error), parsed["rest"])


def _finished(directive: Directive, rest: str) -> Directive:
    """The directive with what stands behind its checks: an end, and a reason."""
    parts = _REST.fullmatch(rest.strip())
    if parts is None:
        return replace(
            directive,
            error=f'"{rest.strip()}" is not understood: write `until=2027-03-01 -- reason`',
        )
    until, error = _date(parts["until"])
    reason = " ".join((parts["reason"] or "").split())
    return replace(directive, reason=reason, until=until, error=directive.error or error)


def _date(text: str | None) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f'"{text}" is not a date: write `until=2027-03-01`'


def _in_metadata(resource: Resource) -> Iterator[Directive]:
    """`Metadata: {iaclint: {ignore: ["IAC201 until=2027-03-01 -- reason"], reason: …}}`."""
    settings = resource.metadata.get("iaclint")
    if not isinstance(settings, MapValue):
        return
    ignored = settings.get("ignore")
    shared = {key: _scalar(settings.get(key)) for key in ("reason", "until")}
    for item in elements(ignored) if ignored is not None else ():
        directive = _metadata_item(item, shared, resource.span)
        lines = (resource.span.line, resource.span.end_line)
        yield replace(directive, first=lines[0], last=lines[1])


def _metadata_item(item: Value, shared: Mapping[str, str], home: Span) -> Directive:
    if isinstance(item, MapValue):
        own = {key: _scalar(item.get(key)) or shared.get(key, "") for key in ("reason", "until")}
        named = item.get("id")
        text, span = _scalar(named), named.span if isinstance(named, Scalar) else item.span
        until, error = _date(own["until"])
        missing = "" if text else "it names no check: write `id: IAC201`"
        return Directive(_in(home, span), _ids(text), 0, 0, own["reason"], until, missing or error)
    text = _scalar(item)
    found = re.match(r"\s*[\w-]+(?:\s*,\s*[\w-]+)*", text)
    if found is None:
        return Directive(home, (), 0, 0, error="it names no check: write `IAC201 -- reason`")
    span = item.span if isinstance(item, (Scalar, ListValue)) else home
    directive = _finished(Directive(_in(home, span), _ids(found[0]), 0, 0), text[found.end() :])
    if directive.until is None and not directive.error:
        until, error = _date(shared.get("until"))
        directive = replace(directive, until=until, error=error)
    return replace(directive, reason=directive.reason or shared.get("reason", ""))


def _in(home: Span, span: Span | None) -> Span:
    """The place of an entry; that of its resource where it is written in another file."""
    return span if span is not None and span.path == home.path else home


def _ids(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w-]+", text))


def _scalar(value: Value | None) -> str:
    return str(value.value) if isinstance(value, Scalar) and value.value is not None else ""


def apply(
    findings: Sequence[Finding],
    accepted: Sequence[Directive],
    where: Places,
    resolve: Resolve,
    active: Collection[str],
    today: date,
) -> Outcome:
    """
    Sorts findings into those that stay and those that are accepted.

    A directive accepts a finding when it speaks for the finding's place, for the block or a module
    call of its resource, or for every one of its targets. `active` are the ids of the checks that
    ran: an acceptance of another check is not called unused. An expired one accepts nothing.
    """
    meant = {id(one): _meant(one, resolve) for one in accepted}
    valid = [one for one in accepted if not one.error and not _expired(one, today)]
    used: set[tuple[int, str]] = set()
    kept, suppressed = [], []
    for finding in findings:
        fitting = [one for one in valid if finding.check in meant[id(one)][0]]
        by = _accepting(finding, fitting, where)
        used.update((id(one), finding.check) for one in by)
        if by:
            suppressed.append(Suppressed(finding, by[0].reason, by[0].span))
        else:
            kept.append(finding)
    complaints = [
        complaint
        for one in accepted
        for complaint in _complaints(one, *meant[id(one)], used, frozenset(active), today)
    ]
    return Outcome(tuple(kept), tuple(suppressed), tuple(complaints))


def _meant(directive: Directive, resolve: Resolve) -> tuple[frozenset[str], str]:
    """The ids a directive names, and what is wrong with those that mean nothing."""
    ids: set[str] = set()
    for selector in directive.selectors:
        try:
            ids.update(resolve(selector))
        except LookupError as error:
            return frozenset(ids), str(error)
    return frozenset(ids), ""


def _accepting(finding: Finding, fitting: Sequence[Directive], where: Places) -> list[Directive]:
    """The directives that together accept a finding; none if it stays."""
    path = finding.primary.span.path
    own = (finding.primary.span, *where.of(finding.resource, path))
    by = [one for one in fitting if any(one.covers(span) for span in own)]
    if by or not finding.targets:
        return by
    covering = [
        [one for one in fitting if any(one.covers(span) for span in where.of(target, path))]
        for target in finding.targets
    ]
    return [one for group in covering for one in group] if all(covering) else []


def _expired(directive: Directive, today: date) -> bool:
    return directive.until is not None and directive.until < today


def _complaints(
    directive: Directive,
    ids: frozenset[str],
    unknown: str,
    used: set[tuple[int, str]],
    active: frozenset[str],
    today: date,
) -> Iterator[Finding]:
    error = directive.error or unknown
    if error:
        yield _complaint("IAC904", "suppression-not-understood", directive, error)
        return
    if not directive.reason:
        message = f"findings of {_named(directive)} are accepted without a reason"
        yield _complaint(
            "IAC901", "suppression-without-reason", directive, message, "add `-- why` at its end"
        )
    if directive.until is not None and directive.until < today:
        message = f"the acceptance of {_named(directive)} ended on {directive.until}"
        help_text = "repair what it accepted, or give it a later date"
        yield _complaint("IAC903", "suppression-expired", directive, message, help_text)
    elif not any((id(directive), check) in used for check in ids) and ids & active:
        message = f"nothing here is found by {_named(directive)}"
        finding = _complaint("IAC902", "suppression-unused", directive, message, "delete it")
        edits = (directive.edit,) if directive.edit else ()
        fix = Fix("delete the comment", edits, safe=True) if edits else None
        yield replace(finding, fix=fix)


def _named(directive: Directive) -> str:
    return ", ".join(directive.selectors)


def _complaint(
    check: str, name: str, directive: Directive, message: str, help_text: str = ""
) -> Finding:
    return Finding(
        check=check,
        name=name,
        level=Level.WARNING,
        message=message,
        resource="",
        primary=Label(directive.span),
        help=help_text,
        identity=f"{_named(directive)} {directive.until or ''} {directive.reason}",
    )
