"""
The pipeline: sources → frontends → one network → traces → findings → report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from iaclint.assemble import assemble
from iaclint.aws.respelled import in_terraform
from iaclint.check import Check
from iaclint.discover import is_terraform
from iaclint.expect import Expectation, Expectations, denied
from iaclint.explain import findings
from iaclint.finding import Finding, FlowVerdict, Label, Level, Undecided
from iaclint.flow import Client, client_of
from iaclint.intent import Judged, judge
from iaclint.join import join
from iaclint.network import Network
from iaclint.packet.prefix import parse_prefix
from iaclint.resource import Guess, Inputs, Root, World
from iaclint.source import Problem, Sources

MOST_PLACES = 3
"""Further places of one mistake that are shown."""


@dataclass(slots=True)
class Answer:
    """Everything that was found out about the roots of a scan, before anything is left out."""

    roots: list[Root] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)


def load(
    directories: Sequence[Path], templates: Sequence[Path], sources: Sources, inputs: Inputs
) -> list[Root]:
    """All roots of a scan. A frontend is imported only when there is something for it."""
    stacks: list[Root] = []
    if templates:
        from iaclint import cloudformation

        stacks = cloudformation.load(templates, sources, inputs)
    if not directories:
        return stacks
    from iaclint import terraform

    made = [in_terraform(stack) for stack in stacks]
    return [*terraform.load(directories, sources, inputs, made), *stacks]


def answer(
    roots: Iterable[Root],
    checks: Sequence[Check],
    clients: Sequence[str],
    expected: Sequence[Expectation] = (),
) -> Answer:
    """The findings and verdicts of every root."""
    result = Answer()
    client, expectations = _client(clients), Expectations(expected)
    for root in join(list(roots)):
        result.roots.append(root)
        result.findings += _problems(root, checks)
        _root(result, root, checks, client, expectations)
    result.findings += expectations.unmatched()
    result.findings = _once(result.findings)
    return result


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One of those that say the same of the same place, in several roots that share a module."""
    said: dict[tuple[object, ...], Finding] = {}
    for each in found:
        key = (each.check, each.level, each.resource, each.primary.span, each.message, each.help)
        said.setdefault(key, each)
    return list(said.values())


def _client(clients: Sequence[str]) -> Client | None:
    return client_of(tuple(parse_prefix(text) for text in clients)) if clients else None


def _root(
    result: Answer,
    root: Root,
    checks: Sequence[Check],
    client: Client | None,
    expectations: Expectations,
) -> None:
    """All worlds of a root: what holds in each is certain, the rest names its world."""
    found: list[tuple[World, list[Finding]]] = []

    def said(world: World) -> tuple[Network, list[Judged], list[Finding]]:
        network = assemble(world, root.library)
        judged = judge(network, client, expectations.flows(network))
        broken = [denied(one, trace) for one, trace in expectations.broken(network)]
        return network, judged, findings(network, judged, checks) + broken

    for number, world in enumerate(root.worlds):
        network, judged, told = said(world)
        certain = said(world.certain)[2] if told and world.certain is not None else told
        found.append((world, guessed(told, certain, world.guesses)))
        if number == 0:
            result.judged += judged
            result.networks.append(network)
    result.findings += merge(found)


def guessed(
    told: Sequence[Finding], certain: Sequence[Finding], guesses: Sequence[Guess]
) -> list[Finding]:
    """What is not found without guesses says on which it hangs, and is no error."""
    levels = {finding.fingerprint: finding.level for finding in certain}
    return [
        finding
        if levels.get(finding.fingerprint, 0) >= finding.level
        else replace(
            finding,
            level=min(finding.level, Level.WARNING),
            message=f"{finding.message}, when {_guess(finding, guesses)}",
        )
        for finding in told
    ]


def _guess(finding: Finding, guesses: Sequence[Guess]) -> str:
    """The guess that a finding hangs on: one about a file that has a part in it, if there is."""
    spans = (label.span for label in (finding.primary, *finding.related))
    files = {span.path for span in (*spans, *(hop.span for hop in finding.trace)) if span}
    about = [each for each in guesses if {each.reader, each.source} <= files]
    about = about or [each for each in guesses if each.source in files] or list(guesses)
    return about[0].says


def merge(found: Sequence[tuple[World, list[Finding]]]) -> list[Finding]:
    """
    A finding of every world stands; one of some worlds says when, and is no error unless the same
    flows are blocked in each of the others by something else.
    """
    merged: dict[str, tuple[Finding, list[str]]] = {}
    for world, findings_ in found:
        for finding in findings_:
            _, worlds = merged.setdefault(finding.fingerprint, (finding, []))
            worlds.append(world.assumption)
    everywhere = len(found)
    return [
        finding
        if len(worlds) >= everywhere
        else replace(
            finding,
            level=finding.level if _always(finding, found) else min(finding.level, Level.WARNING),
            message=f"{finding.message}, when {worlds[0]}",
        )
        for finding, worlds in merged.values()
    ]


def _always(finding: Finding, found: Sequence[tuple[World, list[Finding]]]) -> bool:
    """Whether something as bad blocks the same flows in every world."""
    return bool(finding.targets and finding.services) and all(
        any(_covers(other, finding) for other in findings_) for _, findings_ in found
    )


def _covers(one: Finding, other: Finding) -> bool:
    return (
        one.level >= other.level
        and one.source == other.source
        and all(
            set(mine) >= set(theirs)
            for mine, theirs in (
                (one.targets, other.targets),
                (one.services, other.services),
                (one.families, other.families),
            )
        )
    )


def _problems(root: Root, checks: Sequence[Check]) -> Iterator[Finding]:
    """What is missing once is said once, with the other places that miss it."""
    same: dict[tuple[object, ...], list[Problem]] = {}
    for problem in root.problems:
        once = (problem.message, _scope(problem.span.path)) if problem.check == "IAC002" else ()
        same.setdefault(once or (problem,), []).append(problem)
    for first, *others in same.values():
        labels = [Label(each.span, "and here") for each in others[:MOST_PLACES]]
        if len(others) > MOST_PLACES:
            words = f"and here, and in {len(others) - MOST_PLACES} more places"
            labels[-1] = Label(labels[-1].span, words)
        yield replace(_problem(first, checks), related=tuple(labels))


def _scope(path: str) -> str:
    """Within what a name is declared once: the directory of a module, a template."""
    return str(PurePath(path).parent) if is_terraform(PurePath(path).name) else path


def _problem(problem: Problem, checks: Sequence[Check]) -> Finding:
    check = next((c for c in checks if c.id == problem.check), None)
    return Finding(
        check=problem.check,
        name=check.name if check else "input",
        level=check.level if check else Level.ERROR,
        message=problem.message,
        resource=problem.span.path,
        primary=Label(problem.span),
        help=problem.help,
        identity=problem.message,
    )


def verdicts(judged: Iterable[Judged]) -> list[FlowVerdict]:
    """The flows as the report lists them."""
    return [
        FlowVerdict(
            source=j.flow.client.name,
            target=j.flow.target.address,
            service=j.flow.service.key,
            family=j.flow.family,
            expected=j.level is not None,
            evidence=j.flow.evidence[0].kind if j.flow.evidence else "",
            verdict=j.trace.verdict,
            reason_codes=tuple(dict.fromkeys(b.reason.code for b in j.trace.blockers)),
            unknown=tuple(dict.fromkeys(u.reason for u in j.trace.unknowns)),
            why_not=j.why_not,
        )
        for j in judged
    ]


def undecided(judged: Iterable[Judged]) -> list[Undecided]:
    """What could not be decided, each reason once for a target and service."""
    found: dict[tuple[str, str, str], Undecided] = {}
    for j in judged:
        if j.level is None or j.trace.verdict != "undecided":
            continue
        for unknown in j.trace.unknowns:
            one = Undecided(
                j.flow.target.address,
                j.flow.service.key,
                unknown.reason,
                unknown.supply,
                unknown.span,
            )
            found.setdefault((one.target, one.service, one.because), one)
    return list(found.values())
