"""
What is reported: findings, the verdict of each flow, and the summary that says what was checked.

The report writers see this module and `source`, and nothing of the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Literal

from iaclint.source import Span


class Level(IntEnum):
    """How sure a finding is to be a defect; ordered, so that `max` and `>=` mean what they say."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


Confidence = Literal["high", "medium", "low"]
Verdict = Literal["reachable", "blocked", "undecided"]
HopVerdict = Literal["allow", "block", "unknown"]


@dataclass(frozen=True, slots=True)
class Label:
    """A place, and what is to be said about it. An empty text marks the place and says nothing."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """
    One thing a packet passes on its way. `name` is the short form shown in the path line
    (`acl (default)`, `sg bastion`), `resource` its address, `code` the reason if it blocks.
    """

    direction: Literal["request", "reply"]
    resource: str
    name: str
    verdict: HopVerdict
    message: str
    span: Span | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """
    A change to a file: the text between two places (1-based line and column, end exclusive)
    becomes `text`. An insertion has both places equal.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that repairs the cause. Safe: it lets nobody in whom the author did not name."""

    description: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One root cause, with everything it affects.

    `resource` is the address of what is to be changed and `primary` the line; `related` are the
    other places that take part in the contradiction, `help` the concrete repair in one sentence.
    `source` names the clients (`internet`, a CIDR, an address). `identity` is what makes two
    findings the same across runs beside check and resource: never a line, never a file name.
    """

    check: str
    name: str
    level: Level
    message: str
    resource: str
    primary: Label
    related: tuple[Label, ...] = ()
    help: str = ""
    confidence: Confidence = "high"
    targets: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    source: str = ""
    reason_codes: tuple[str, ...] = ()
    trace: tuple[Hop, ...] = ()
    fix: Fix | None = None
    evidence: str = ""
    notes: tuple[str, ...] = ()
    identity: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same defect after lines moved and files were renamed."""
        parts = (self.check, self.resource, self.source, self.identity, *sorted(self.services))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def order(self) -> tuple[object, ...]:
        """Level first, then place, then id: the order of every output."""
        return (-self.level, self.primary.span, self.check, self.resource, self.message)


@dataclass(frozen=True, slots=True)
class FlowVerdict:
    """The answer for one client set, one target, one service, one family."""

    source: str
    target: str
    service: str
    family: str
    expected: bool
    evidence: str
    verdict: Verdict
    reason_codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    why_not: str = ""
    """What speaks against it being meant, where it is not expected."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A flow that hangs on something the files do not say, and how to supply it."""

    target: str
    service: str
    because: str
    supply: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that the author accepted, and the reason given."""

    finding: Finding
    reason: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was checked; each instance counts once, by its best verdict."""

    roots: int = 0
    files: int = 0
    instances: int = 0
    reachable: int = 0
    blocked: int = 0
    undecided: int = 0
    suppressed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run has to say. `findings` are sorted; the first is the one to read first."""

    findings: tuple[Finding, ...] = ()
    flows: tuple[FlowVerdict, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    known_before: tuple[Finding, ...] = ()
    summary: Summary = field(default_factory=Summary)
    roots: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """Sentences for the end of the screen: modules not installed, roots that were joined."""
    complete: bool = True
    """False when a part of the input could not be read or a check crashed."""
