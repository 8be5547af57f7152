"""
A whole run: what is found under the paths, checked, and sorted into what is reported and what not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from iaclint import baseline, change, run, secret, suppress
from iaclint.discover import DiscoveryError, Found, discover
from iaclint.expect import Expectation
from iaclint.finding import Finding, Level, Report, Summary, Suppressed, Verdict
from iaclint.globs import matches
from iaclint.intent import Judged
from iaclint.network import Network
from iaclint.packet.service import parse_service
from iaclint.registry import Registry
from iaclint.resource import Inputs, Root
from iaclint.settings import Loaded, Settings
from iaclint.source import Problem, Sources, Span, Unreadable

UNREAD = frozenset(("IAC001", "IAC003"))
"""The checks that say that a part of the input is missing in the answer."""

LEVELS = {"note": Level.NOTE, "warning": Level.WARNING, "error": Level.ERROR}


class NothingToCheck(DiscoveryError):
    """There is no Terraform, template or plan under the paths; the argument says so."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one run is asked to do: the paths, the settings, and the inputs of the roots."""

    paths: tuple[Path, ...]
    registry: Registry
    loaded: Loaded = field(default_factory=lambda: Loaded(Settings()))
    inputs: Inputs = field(default_factory=Inputs)
    diff_base: str = ""
    baseline: Path | None = None
    allow_empty: bool = False
    today: date = field(default_factory=date.today)

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.loaded.settings

    @property
    def active(self) -> frozenset[str]:
        """The ids of the checks that are reported."""
        chosen = self.registry.select(self.settings.select, self.settings.ignore)
        return chosen | self.registry.resolve_all(self.settings.extend_select)


def check(request: Request, sources: Sources) -> Report:
    """
    Everything the run has to say. `sources` holds every file that was read afterwards. Raises
    `DiscoveryError`, `NothingToCheck`, `ChangeError`, `BaselineError`, `UnknownCheck`.
    """
    found = _found(request)
    known = _known(request)
    answer, outcome = _answer(request, found, sources)
    new, before = baseline.split(_ordered(outcome.kept), known)
    return _report(answer, new, before, outcome.suppressed)


def roots(request: Request, sources: Sources) -> list[Root]:
    """The roots under the paths. Raises `DiscoveryError`, `NothingToCheck`."""
    found = _found(request)
    return _loaded(request, found, sources)


def _loaded(request: Request, found: Found, sources: Sources) -> list[Root]:
    loaded = run.load(found.directories, found.templates, sources, request.inputs)
    if found.plans:
        loaded += [_plan(path, sources, request.inputs) for path in found.plans]
    sources.secrets.update(secret.of_roots(loaded))
    wanted = request.settings.roots
    if not wanted:
        return loaded
    chosen = [root for root in loaded if any(_is_root(root, one) for one in wanted)]
    if not chosen:
        known = ", ".join(root.name for root in loaded)
        raise NothingToCheck(f"none of the roots is {' or '.join(wanted)}; there are: {known}")
    return chosen


def _plan(path: Path, sources: Sources, inputs: Inputs) -> Root:
    """The root of a plan; one that cannot be read is a root with a problem."""
    from iaclint import terraform

    try:
        return terraform.load_plan(path, sources, inputs)
    except Unreadable as error:
        name = sources.name(path)
        problem = Problem("IAC001", f"{name} {error}", Span(name, 1))
        return Root(name, "terraform", (), (name,), (problem,))


def _is_root(root: Root, wanted: str) -> bool:
    plain = wanted.removeprefix("./").rstrip("/") or "."
    return matches(root.name, plain) or root.name == plain


def _found(request: Request) -> Found:
    found = discover(request.paths, request.settings.exclude, request.loaded.directory)
    if not found and not request.allow_empty:
        raise NothingToCheck(_nothing(request.paths))
    return found


def _nothing(paths: Sequence[Path]) -> str:
    where = ", ".join(f'"{path}"' for path in paths)
    return f"nothing to check: no Terraform, CloudFormation template or plan under {where}"


def _known(request: Request) -> Counter[str]:
    """How often each fingerprint was there before: in the baseline, and at the base revision."""
    known: Counter[str] = Counter()
    path = request.baseline
    if path is None and request.settings.baseline:
        path = request.loaded.path(request.settings.baseline)
    if path is not None:
        known |= baseline.read(path)
    if request.diff_base:
        known |= _at_base(request)
    return known


def _at_base(request: Request) -> Counter[str]:
    """The findings at the base revision, under the same settings and inputs."""
    with change.tree_at(request.diff_base, request.paths) as tree:
        paths = tuple(moved for path in request.paths if (moved := tree.moved(path)).exists())
        found = discover(paths, request.settings.exclude, tree.moved(request.loaded.directory))
        if not found:
            return Counter()
        # Seen from where the working directory would be, everything has the name it has now.
        try:
            _, outcome = _answer(request, found, Sources(tree.moved(Path.cwd())))
        except NothingToCheck:  # the root that was asked for is new
            return Counter()
    return baseline.fingerprints(outcome.kept)


def _answer(
    request: Request, found: Found, sources: Sources
) -> tuple[run.Answer, suppress.Outcome]:
    """What the engine says, and what of it is reported and what accepted."""
    active = request.active
    loaded = _loaded(request, found, sources)
    checks = [one for one in request.registry.checks if one.id in active]
    answer = run.answer(loaded, checks, request.settings.sources, _expected(request.loaded))
    findings = _chosen(answer.findings, request, active)
    outcome = accepted(findings, answer.roots, sources, request, active)
    return answer, outcome


def _expected(loaded: Loaded) -> list[Expectation]:
    """The expectations of the settings, with named clients replaced by their ranges."""
    return [
        Expectation(
            sources=loaded.settings.client(one.source),
            target=one.to,
            services=tuple(parse_service(name) for name in one.services),
            allow=one.verdict == "allow",
            reason=one.reason,
            span=loaded.span("expect", number),
        )
        for number, one in enumerate(loaded.settings.expect)
    ]


def accepted(
    findings: Sequence[Finding],
    loaded: Sequence[Root],
    sources: Sources,
    request: Request,
    active: Collection[str],
) -> suppress.Outcome:
    """Applies the comments and metadata that accept findings; complaints about them stay."""
    outcome = suppress.apply(
        findings,
        suppress.directives(sources, loaded),
        suppress.places(loaded),
        request.registry.resolve,
        active,
        request.today,
    )
    complaints = _chosen(outcome.complaints, request, active)
    return replace(outcome, kept=(*outcome.kept, *complaints))


def _chosen(
    findings: Iterable[Finding], request: Request, active: Collection[str]
) -> list[Finding]:
    """The findings of the selected checks, each once, with the levels of the settings."""
    levels = {
        one: LEVELS[name]
        for selector, name in request.settings.levels.items()
        for one in request.registry.resolve(selector)
    }
    known = request.registry.by_id
    chosen = dict.fromkeys(
        replace(one, level=levels[one.check]) if one.check in levels else one
        for one in findings
        if one.check in active or one.check not in known
    )
    return [one for one in chosen if not _ignored_here(one, request)]


def _ignored_here(finding: Finding, request: Request) -> bool:
    selectors = request.loaded.ignored_in(finding.primary.span.path)
    return finding.check in request.registry.resolve_all(selectors)


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: one.order))


def _report(
    answer: run.Answer,
    new: tuple[Finding, ...],
    before: tuple[Finding, ...],
    suppressed: tuple[Suppressed, ...],
) -> Report:
    every = answer.roots
    return Report(
        findings=new,
        flows=tuple(run.verdicts(answer.judged)),
        undecided=tuple(run.undecided(answer.judged)),
        suppressed=suppressed,
        known_before=before,
        summary=summary(answer, new, len(suppressed)),
        roots=tuple(root.name for root in every),
        remarks=tuple(dict.fromkeys(note for root in every for note in root.notes)),
        complete=not any(one.check in UNREAD for one in (*new, *before)),
    )


def summary(answer: run.Answer, findings: Sequence[Finding], suppressed: int) -> Summary:
    """What was checked, and how often which answer was given."""
    verdicts = Counter(instance_verdicts(answer.networks, answer.judged))
    levels = Counter(finding.level for finding in findings)
    return Summary(
        roots=len(answer.roots),
        files=len({file for root in answer.roots for file in root.files}),
        instances=sum(len(network.instances) for network in answer.networks),
        reachable=verdicts["reachable"],
        blocked=verdicts["blocked"],
        undecided=verdicts["undecided"],
        suppressed=suppressed,
        errors=levels[Level.ERROR],
        warnings=levels[Level.WARNING],
        notes=levels[Level.NOTE],
    )


def instance_verdicts(networks: Sequence[Network], judged: Iterable[Judged]) -> list[Verdict]:
    """
    The best verdict of each instance over its flows, but blocked where one of them is an error. One
    that nothing is expected of, and that cannot be reached either, has none: it is private by
    design.
    """
    verdicts: dict[int, set[Verdict]] = {
        id(one): set() for network in networks for one in network.instances
    }
    failed: set[int] = set()
    for each in judged:
        verdict = each.trace.verdict
        if each.level is not None or verdict == "reachable":
            verdicts.setdefault(id(each.flow.target), set()).add(verdict)
        if each.level is Level.ERROR and verdict == "blocked":
            failed.add(id(each.flow.target))
    best: tuple[Verdict, ...] = ("reachable", "undecided", "blocked")
    return [
        "blocked" if target in failed else next(one for one in best if one in found)
        for target, found in verdicts.items()
        if found
    ]
